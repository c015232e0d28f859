//! In: where lines are on the track, and which part of it is wanted, as options say. Out: the same
//! for the library. Does nothing.

use super::text;
use super::values::{Duration, Lines, Moment, Offset};
use clap::Args;
use cuevox::error::Result;
use cuevox::render::Excerpt;
use cuevox::transcript::{Scale, Shift};
use serde::Deserialize;

/// Where lines are on the track, and which part of it is rendered.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct PlaceOptions {
    /// Move every stamp by so many seconds, or M:SS; a minus moves them earlier: a line that is
    /// then over before the beginning is left out, and one that has begun begins with the track
    #[arg(long, value_name = "SEC", allow_hyphen_values = true)]
    #[serde(deserialize_with = "text::one")]
    offset: Option<Offset>,

    /// Multiply every time by FROM/TO, two frame rates, as 25:23.976 or 25:24000/1001, before it is
    /// moved
    #[arg(long, value_name = "FROM:TO")]
    #[serde(deserialize_with = "text::one")]
    scale: Option<Scale>,

    /// Render a part of the track, exactly as it is in the whole: from this time on
    #[arg(long, value_name = "TIME", conflicts_with = "line")]
    #[serde(deserialize_with = "text::one")]
    from: Option<Moment>,

    /// The same: up to this time
    #[arg(long, value_name = "TIME", conflicts_with = "line")]
    #[serde(deserialize_with = "text::one")]
    to: Option<Duration>,

    /// The same: while the text on this line of the file is spoken, or on lines N to M
    #[arg(long, value_name = "N|N-M")]
    #[serde(deserialize_with = "text::one")]
    line: Option<Lines>,
}

impl PlaceOptions {
    /// These, and those of `base` where these say nothing. A part is times or lines: where these
    /// have the one, `base` has no say in the other.
    pub(super) fn over(self, base: &PlaceOptions) -> PlaceOptions {
        let times = self.from.is_some() || self.to.is_some();
        let base_line = if times { None } else { base.line.clone() };
        let line = self.line.or(base_line);
        let (base_from, base_to) = if line.is_some() { (None, None) } else { (base.from, base.to) };
        PlaceOptions {
            offset: self.offset.or(base.offset),
            scale: self.scale.or(base.scale),
            from: self.from.or(base_from),
            to: self.to.or(base_to),
            line,
        }
    }

    /// How the times of a transcript become those of its track.
    pub(crate) fn shift(&self) -> Shift {
        let offset = self.offset.map(|offset| offset.0).unwrap_or_default();
        Shift { scale: self.scale.unwrap_or_default(), offset }
    }

    /// The part that is wanted.
    ///
    /// # Errors
    /// Of kind `Usage` for one that ends before it begins.
    pub(crate) fn excerpt(&self) -> Result<Option<Excerpt>> {
        match &self.line {
            Some(Lines(lines)) => Ok(Some(Excerpt::Lines(lines.clone()))),
            None if self.from.is_none() && self.to.is_none() => Ok(None),
            None => {
                let (from, to) = (self.from.map(|from| from.0), self.to.map(|to| to.0));
                Excerpt::between(from, to).map(Some)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Args, Command};
    use clap::Parser;
    use cuevox::time::Ticks;

    fn typed(options: &[&str]) -> Option<PlaceOptions> {
        let words = ["cuevox", "plan", "x"].iter().chain(options);
        match Args::try_parse_from(words).ok()?.command {
            Command::Plan(args) => Some(args.place),
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

    #[test]
    fn a_part_by_times_takes_the_place_of_one_by_lines_and_the_other_way_round() {
        let rows: [(&[&str], &[&str], &[&str]); 4] = [
            (&["--line", "7"], &["--from", "1", "--to", "2"], &["--line", "7"]),
            (&["--to", "2"], &["--line", "7"], &["--to", "2"]),
            (&["--to", "9"], &["--from", "1", "--to", "2"], &["--from", "1", "--to", "9"]),
            (&["--offset", "1"], &["--line", "7"], &["--offset", "1", "--line", "7"]),
        ];
        for (upper, base, wanted) in rows {
            let over = typed(upper).zip(typed(base)).map(|(upper, base)| upper.over(&base));
            assert_eq!(over, typed(wanted), "{upper:?} over {base:?}");
        }
    }
}
