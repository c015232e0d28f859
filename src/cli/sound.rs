//! In: what was typed about the sound of a track. Out: the same, in types. Does nothing.

use super::args::seconds;
use clap::Args as ClapArgs;
use cuevox::audio::duck::Duck;
use cuevox::render::{Delivery, Extent};
use cuevox::time::Ticks;
use std::path::PathBuf;

/// How long the track is.
#[derive(Debug, ClapArgs)]
pub(crate) struct LengthOptions {
    /// The track's exact length: seconds, M:SS or H:MM:SS, with a fraction if wanted
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "match_media")]
    pub(crate) total: Option<Ticks>,

    /// Make the track exactly as long as this media file
    #[arg(long = "match", value_name = "MEDIA")]
    pub(crate) match_media: Option<PathBuf>,
}

/// How loud and how long the track is, and what lies under it.
#[derive(Debug, ClapArgs)]
pub(crate) struct SoundOptions {
    #[command(flatten)]
    pub(crate) length: LengthOptions,

    /// Lay the sound of this media file under the speech
    #[arg(long, value_name = "MEDIA")]
    pub(crate) background: Option<PathBuf>,

    /// How far the background goes down under the speech, in decibels
    #[arg(long, value_name = "DB", default_value = "20", value_parser = decibels)]
    pub(crate) duck: f64,

    /// How long it takes the background to go down before a line
    #[arg(long, value_name = "SEC", default_value = "0.3", value_parser = short)]
    pub(crate) duck_attack: f64,

    /// How long the background stays down after a line
    #[arg(long, value_name = "SEC", default_value = "0.4", value_parser = short)]
    pub(crate) duck_hold: f64,

    /// How long it takes the background to come up again
    #[arg(long, value_name = "SEC", default_value = "0.9", value_parser = short)]
    pub(crate) duck_release: f64,

    /// Integrated loudness by EBU R 128, -70 to -5, or off: as the voices speak
    #[arg(long, value_name = "LUFS|off", default_value = "-16", value_parser = loudness, allow_hyphen_values = true)]
    pub(crate) loudness: Loudness,
}

/// A loudness, or none: a name of its own, because clap takes an option in an option for something else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Loudness(pub(crate) Option<f64>);

impl LengthOptions {
    /// How long the track is, as these options say.
    pub(super) fn extent(&self) -> Extent {
        match (&self.total, &self.match_media) {
            (Some(total), _) => Extent::Total(*total),
            (None, Some(media)) => Extent::Match(media.clone()),
            (None, None) => Extent::Own,
        }
    }
}

impl SoundOptions {
    /// How the track leaves the program, as these options say.
    pub(super) fn delivery(&self) -> Delivery {
        let duck = Duck {
            depth_db: self.duck,
            attack: Ticks::from_secs(self.duck_attack),
            hold: Ticks::from_secs(self.duck_hold),
            release: Ticks::from_secs(self.duck_release),
        };
        let extent = self.length.extent();
        Delivery { loudness: self.loudness.0, background: self.background.clone(), duck, extent }
    }
}

fn short(text: &str) -> Result<f64, String> {
    match seconds(text) {
        Ok(seconds) if seconds <= 30.0 => Ok(seconds),
        _ => Err("that is a number of seconds from 0 to 30".to_owned()),
    }
}

fn decibels(text: &str) -> Result<f64, String> {
    let text = text.to_ascii_lowercase();
    match text.trim_end_matches("db").trim().parse::<f64>() {
        Ok(depth) if (0.0..=96.0).contains(&depth.abs()) => Ok(depth.abs()),
        _ => Err("that is a number of decibels from 0 to 96".to_owned()),
    }
}

fn loudness(text: &str) -> Result<Loudness, String> {
    let text = text.to_ascii_lowercase();
    match text.trim_end_matches("lufs").trim().parse::<f64>() {
        _ if text == "off" => Ok(Loudness(None)),
        Ok(lufs) if (-70.0..=-5.0).contains(&lufs) => Ok(Loudness(Some(lufs))),
        _ => Err("a loudness is a number from -70 to -5, or off".to_owned()),
    }
}

/// `90`, `90.5`, `90s`, `1:30`, `1:02:03.25`; digits after the point count exactly.
pub(super) fn duration(text: &str) -> Result<Ticks, String> {
    let wrong = || "a duration is a number of seconds, or M:SS, or H:MM:SS, up to 48 hours".to_owned();
    let (whole, fraction) =
        text.trim_end_matches('s').split_once(['.', ',']).unwrap_or((text.trim_end_matches('s'), ""));
    let digits = |part: &str| part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = whole.split(':').collect();
    let sound = parts.iter().all(|part| digits(part) && !part.is_empty()) && parts.len() <= 3 && digits(fraction);
    let numbers: Vec<i64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    if !sound || numbers.iter().skip(1).any(|n| *n > 59) {
        return Err(wrong());
    }
    let seconds = numbers.iter().fold(0, |sum, n| sum * 60 + n);
    let of_ten = 10i64.pow(fraction.len() as u32);
    let part = Ticks::from_secs(fraction.parse::<i64>().unwrap_or(0) as f64 / of_ten as f64);
    match Ticks::from_millis(1000) * seconds.min(1 << 30) + part {
        total if total > Ticks::ZERO && total <= Ticks::from_millis(48 * 3_600_000) => Ok(total),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::Args;
    use super::*;
    use clap::Parser;

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
            assert_eq!(duration(text).ok(), ms.map(Ticks::from_millis), "{text}");
        }
    }

    #[test]
    fn loudness_and_decibels_have_their_ranges() {
        for (text, wanted) in [("-16", Some(Some(-16.0))), ("off", Some(None)), ("-23 LUFS", Some(Some(-23.0)))] {
            assert_eq!(loudness(text).ok().map(|l| l.0), wanted);
        }
        for text in ["3", "-71", "loud", "", "nan", "inf"] {
            assert!(loudness(text).is_err() && decibels("x").is_err() && decibels("97").is_err(), "{text}");
        }
        assert_eq!(
            (decibels("-12"), decibels("12 dB"), short("31")),
            (Ok(12.0), Ok(12.0), Err(short("x").unwrap_err()))
        );
        let parsed = Args::try_parse_from(["cuevox", "render", "x", "--loudness", "-23", "--duck", "12"]);
        assert!(parsed.is_ok());
        let both = Args::try_parse_from(["cuevox", "render", "x", "--total", "9", "--match", "m.mp4"]);
        assert!(both.is_err());
    }
}
