//! In: what was typed about where lines are on the track, and which part of it is wanted. Out: the same, in types. Does
//! nothing.

use super::sound::duration;
use clap::Args as ClapArgs;
use cuevox::error::Result;
use cuevox::render::Excerpt;
use cuevox::time::Ticks;
use cuevox::transcript::{Scale, Shift};
use std::ops::RangeInclusive;

/// Where lines are on the track, and which part of it is rendered.
#[derive(Debug, ClapArgs)]
pub(crate) struct PlaceOptions {
    /// Move every stamp by so many seconds, or M:SS; a minus moves them earlier: a line that is then over before the
    /// beginning is left out, and one that has begun begins with the track
    #[arg(long, value_name = "SEC", value_parser = offset, allow_hyphen_values = true)]
    offset: Option<Ticks>,

    /// Multiply every time by FROM/TO, two frame rates, as 25:23.976 or 25:24000/1001, before it is moved
    #[arg(long, value_name = "FROM:TO", value_parser = super::args::parsed::<Scale>)]
    scale: Option<Scale>,

    /// Render a part of the track, exactly as it is in the whole: from this time on
    #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "line")]
    from: Option<Ticks>,

    /// The same: up to this time
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "line")]
    to: Option<Ticks>,

    /// The same: while the text on this line of the file is spoken, or on lines N to M
    #[arg(long, value_name = "N|N-M", value_parser = lines)]
    line: Option<Lines>,
}

/// Lines of a file, from 1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lines(RangeInclusive<usize>);

impl PlaceOptions {
    /// How the times of a transcript become those of its track.
    pub(super) fn shift(&self) -> Shift {
        Shift { scale: self.scale.unwrap_or_default(), offset: self.offset.unwrap_or_default() }
    }

    /// The part that is wanted.
    ///
    /// # Errors
    /// Of kind `Usage` for one that ends before it begins.
    pub(super) fn excerpt(&self) -> Result<Option<Excerpt>> {
        match &self.line {
            Some(Lines(lines)) => Ok(Some(Excerpt::Lines(lines.clone()))),
            None if self.from.is_none() && self.to.is_none() => Ok(None),
            None => Excerpt::between(self.from, self.to).map(Some),
        }
    }
}

fn offset(text: &str) -> std::result::Result<Ticks, String> {
    let (earlier, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let by = moment(rest).map_err(|_| "that is a number of seconds, or M:SS, up to 48 hours, as -2.5".to_owned())?;
    Ok(if earlier { -by } else { by })
}

/// A time on the track's clock: as a duration, or 0.
fn moment(text: &str) -> std::result::Result<Ticks, String> {
    let zero = text.trim_end_matches('s');
    let is_zero = zero.contains('0') && zero.chars().all(|c| matches!(c, '0' | ':' | '.' | ','));
    if is_zero { Ok(Ticks::ZERO) } else { duration(text) }
}

fn lines(text: &str) -> std::result::Result<Lines, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.trim().parse::<usize>().ok().filter(|line| *line > 0);
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Lines(first..=last)),
        _ => Err("that is a line of the file, from 1, or a range of them, as 12-15".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::{Args, Command};
    use super::*;
    use clap::Parser;

    fn typed(options: &[&str]) -> Option<PlaceOptions> {
        let words = ["cuevox", "plan", "x"].iter().chain(options);
        match Args::try_parse_from(words).ok()?.command {
            Command::Plan(args) => Some(args.plan.place),
            _ => None,
        }
    }

    #[test]
    fn offsets_have_either_sign_in_either_way_of_writing() {
        let rows: [(&[&str], i64); 6] = [
            (&["--offset", "-2.5"], -2500),
            (&["--offset=-2.5"], -2500),
            (&["--offset", "1:30"], 90_000),
            (&["--offset", "-1:30.5"], -90_500),
            (&["--offset", "+3s"], 3000),
            (&["--offset", "0"], 0),
        ];
        for (options, ms) in rows {
            assert_eq!(typed(options).map(|place| place.shift().offset), Some(Ticks::from_millis(ms)), "{options:?}");
        }
        for wrong in ["", "-", "--strict", "x", "1:75", "--3", "49:00:00"] {
            assert!(typed(&["--offset", wrong]).is_none(), "{wrong}");
        }
    }

    #[test]
    fn parts_are_times_or_lines_and_never_both() {
        let part = |options: &[&str]| typed(options).and_then(|place| place.excerpt().ok());
        let at = |ms: i64| Some(Ticks::from_millis(ms));
        assert_eq!(part(&[]), Some(None));
        assert_eq!(part(&["--line", "7"]), Some(Some(Excerpt::Lines(7..=7))));
        assert_eq!(part(&["--line=7-9"]), Some(Some(Excerpt::Lines(7..=9))));
        assert_eq!(part(&["--from", "0", "--to", "1:02"]), Some(Excerpt::between(at(0), at(62_000)).ok()));
        assert_eq!(part(&["--from", "0:00.5"]), Some(Excerpt::between(at(500), None).ok()));
        let wrong: [&[&str]; 9] = [
            &["--line", "0"],
            &["--line", "9-7"],
            &["--line", "-7"],
            &["--line", "7", "--from", "1"],
            &["--line", "7", "--to", "1"],
            &["--from", "2", "--to", "2"],
            &["--from", "3", "--to", "2"],
            &["--to", "0"],
            &["--scale", "25"],
        ];
        for options in wrong {
            assert_eq!(part(options), None, "{options:?}");
        }
    }
}
