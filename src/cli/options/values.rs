//! In: the value of an option as it is written. Out: the same as a number or a time, within its
//! limits, or what it has to look like. Knows no option's name.

use cuevox::time::Ticks;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A rate against the voice's own pace, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate(pub(crate) u32);

/// Seconds up to an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seconds(pub(crate) f64);

/// Seconds up to half a minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ShortSeconds(pub(crate) f64);

/// A difference of levels; its sign does not count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decibels(pub(crate) f64);

/// An integrated loudness in LUFS; `None` for `off`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Loudness(pub(crate) Option<f64>);

/// How long something lasts; never nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) Ticks);

/// A time on the track's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Ticks);

/// How far something is moved; earlier where it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offset(pub(crate) Ticks);

/// Lines of a file, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lines(pub(crate) RangeInclusive<usize>);

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        match text.parse::<f64>() {
            Ok(rate) if (0.1..=10.0).contains(&rate) => Ok(Rate((rate * 1000.0).round() as u32)),
            _ => Err("a rate is a number from 0.1 to 10; 1 is the voice's own pace".to_owned()),
        }
    }
}

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Seconds, String> {
        match text.trim_end_matches('s').parse::<f64>() {
            Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(Seconds(seconds)),
            _ => Err("that is a number of seconds from 0 to 3600".to_owned()),
        }
    }
}

impl FromStr for ShortSeconds {
    type Err = String;

    fn from_str(text: &str) -> Result<ShortSeconds, String> {
        match text.parse() {
            Ok(Seconds(seconds)) if seconds <= 30.0 => Ok(ShortSeconds(seconds)),
            _ => Err("that is a number of seconds from 0 to 30".to_owned()),
        }
    }
}

impl FromStr for Decibels {
    type Err = String;

    fn from_str(text: &str) -> Result<Decibels, String> {
        let text = text.to_ascii_lowercase();
        match text.trim_end_matches("db").trim().parse::<f64>() {
            Ok(depth) if (0.0..=96.0).contains(&depth.abs()) => Ok(Decibels(depth.abs())),
            _ => Err("that is a number of decibels from 0 to 96".to_owned()),
        }
    }
}

impl FromStr for Loudness {
    type Err = String;

    fn from_str(text: &str) -> Result<Loudness, String> {
        let text = text.to_ascii_lowercase();
        match text.trim_end_matches("lufs").trim().parse::<f64>() {
            _ if text == "off" => Ok(Loudness(None)),
            Ok(lufs) if (-70.0..=-5.0).contains(&lufs) => Ok(Loudness(Some(lufs))),
            _ => Err("a loudness is a number from -70 to -5, or off".to_owned()),
        }
    }
}

impl FromStr for Duration {
    type Err = String;

    /// `90`, `90.5`, `90s`, `1:30`, `1:02:03.25`; digits after the point count exactly.
    fn from_str(text: &str) -> Result<Duration, String> {
        let wrong = || "a duration is a number of seconds, or M:SS, or H:MM:SS, up to 48 hours".to_owned();
        let plain = text.trim_end_matches('s');
        let (whole, fraction) = plain.split_once(['.', ',']).unwrap_or((plain, ""));
        let digits = |part: &str| part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = whole.split(':').collect();
        let sound = parts.iter().all(|part| digits(part) && !part.is_empty());
        if !sound || parts.len() > 3 || !digits(fraction) {
            return Err(wrong());
        }
        let numbers: Vec<i64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        if numbers.iter().skip(1).any(|n| *n > 59) {
            return Err(wrong());
        }
        let seconds = numbers.iter().fold(0, |sum, n| sum * 60 + n);
        let of_ten = 10i64.pow(fraction.len() as u32);
        let part = Ticks::from_secs(fraction.parse::<i64>().unwrap_or(0) as f64 / of_ten as f64);
        let total = Ticks::from_millis(1000) * seconds.min(1 << 30) + part;
        if total > Ticks::ZERO && total <= Ticks::from_millis(48 * 3_600_000) {
            Ok(Duration(total))
        } else {
            Err(wrong())
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    /// As a duration, or 0.
    fn from_str(text: &str) -> Result<Moment, String> {
        let zero = text.trim_end_matches('s');
        if zero.contains('0') && zero.chars().all(|c| matches!(c, '0' | ':' | '.' | ',')) {
            return Ok(Moment(Ticks::ZERO));
        }
        let Duration(time) = text.parse()?;
        Ok(Moment(time))
    }
}

impl FromStr for Offset {
    type Err = String;

    fn from_str(text: &str) -> Result<Offset, String> {
        let wrong = |_| "that is a number of seconds, or M:SS, up to 48 hours, as -2.5".to_owned();
        if let Some(earlier) = text.strip_prefix('-') {
            let Moment(by) = earlier.parse().map_err(wrong)?;
            return Ok(Offset(-by));
        }
        let Moment(by) = text.strip_prefix('+').unwrap_or(text).parse().map_err(wrong)?;
        Ok(Offset(by))
    }
}

impl FromStr for Lines {
    type Err = String;

    /// `7`, `7-9`.
    fn from_str(text: &str) -> Result<Lines, String> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |text: &str| text.trim().parse::<usize>().ok().filter(|line| *line > 0);
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Lines(first..=last)),
            _ => Err("that is a line of the file, from 1, or a range of them, as 12-15".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_people_write_them() {
        let rows = [
            ("90", Some(90_000)),
            ("90s", Some(90_000)),
            ("0.25", Some(250)),
            ("1:30", Some(90_000)),
            ("1:02:03.250", Some(3_723_250)),
            ("48:00:00", Some(172_800_000)),
            ("0", None),
            ("", None),
            ("1:60", None),
            ("-3", None),
            ("1::2", None),
            ("1:2:3:4", None),
            ("nan", None),
            ("48:00:01", None),
            ("99999999999999999999", None),
        ];
        for (text, ms) in rows {
            let duration = text.parse::<Duration>().ok();
            assert_eq!(duration.map(|duration| duration.0), ms.map(Ticks::from_millis), "{text}");
        }
    }

    #[test]
    fn loudness_and_decibels_have_their_ranges() {
        for (text, wanted) in [("-16", Some(-16.0)), ("off", None), ("-23 LUFS", Some(-23.0))] {
            assert_eq!(text.parse(), Ok(Loudness(wanted)));
        }
        for text in ["3", "-71", "loud", "", "nan", "inf"] {
            assert!(text.parse::<Loudness>().is_err(), "{text}");
        }
        for text in ["x", "97", "-97", "nan"] {
            assert!(text.parse::<Decibels>().is_err(), "{text}");
        }
        assert_eq!(("-12".parse(), "12 dB".parse()), (Ok(Decibels(12.0)), Ok(Decibels(12.0))));
        assert!("31".parse::<ShortSeconds>().is_err_and(|why| why.contains("0 to 30")));
    }
}
