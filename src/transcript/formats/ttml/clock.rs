//! In: a time expression of TTML and the document's parameters of time. Out: the time, and how precise it is. Knows no
//! elements. The forms are those of Timed Text Markup Language 2 (W3C 2018), section 12.3.

use crate::time::{TICKS_PER_SECOND, Ticks};

/// The longest time in seconds: as for a stamp, a thousand hours.
const LONGEST: f64 = 3_600_000.0;

/// How the document counts time: the `ttp` attributes of its root.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clock {
    /// Frames a second, the multiplier included.
    rate: f64,
    /// Frames a second as timecodes count them.
    nominal: f64,
    subframes: f64,
    ticks: f64,
    drop: Drop,
    /// Times are timecodes: hours count frames, not seconds.
    smpte: bool,
}

/// Which frame numbers a timecode leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drop {
    None,
    /// Two every minute but the tenth.
    Ntsc,
    /// Four every other minute but the twentieth.
    Pal,
}

impl Clock {
    /// The clock of a root with these attributes, looked up by their local names.
    pub(super) fn of(attribute: impl Fn(&str) -> Option<String>) -> Clock {
        let number = |name: &str| {
            let value = attribute(name)?.trim().parse::<f64>().ok()?;
            Some(value).filter(|value| value.is_finite() && *value > 0.0)
        };
        let nominal = number("frameRate");
        let multiplier = attribute("frameRateMultiplier").and_then(|pair| {
            let mut parts = pair.split([' ', ':']).filter_map(|part| part.trim().parse::<f64>().ok());
            let (over, under) = (parts.next()?, parts.next().unwrap_or(1.0));
            Some(over / under).filter(|ratio| ratio.is_finite() && *ratio > 0.0)
        });
        let subframes = number("subFrameRate").unwrap_or(1.0);
        let rate = nominal.unwrap_or(30.0) * multiplier.unwrap_or(1.0);
        // Without a tick rate a tick is a subframe where there are frames, else a second.
        let ticks = number("tickRate").or(nominal.map(|_| rate * subframes)).unwrap_or(1.0);
        let drop = match attribute("dropMode").as_deref() {
            Some("dropNTSC") => Drop::Ntsc,
            Some("dropPAL") => Drop::Pal,
            _ => Drop::None,
        };
        let smpte = attribute("timeBase").as_deref() == Some("smpte");
        Clock { rate, nominal: nominal.unwrap_or(30.0), subframes, ticks, drop, smpte }
    }

    /// The time that `text` names, how precise it is, and whether it is written as TTML wants it; nothing if it is none.
    pub(super) fn time(&self, text: &str) -> Option<(Ticks, Ticks, bool)> {
        let text = text.trim();
        let (seconds, grain, strict) = match text.contains(':') {
            true => self.clock_time(text)?,
            false => self.offset(text)?,
        };
        let grain = Ticks::from_secs(grain.min(1.0)).max(Ticks(1)).min(Ticks(TICKS_PER_SECOND));
        (0.0..LONGEST).contains(&seconds).then(|| (Ticks::from_secs(seconds), grain, strict))
    }

    /// `hours:minutes:seconds`, with a fraction or with frames and subframes; leniently also `minutes:seconds` and a
    /// comma.
    fn clock_time(&self, text: &str) -> Option<(f64, f64, bool)> {
        let parts: Vec<&str> = text.split([':', ';']).collect();
        let (hours, minutes, seconds, frames) = match parts[..] {
            [hours, minutes, seconds, frames] => (hours, minutes, seconds, Some(frames)),
            [hours, minutes, seconds] => (hours, minutes, seconds, None),
            [minutes, seconds] => ("0", minutes, seconds, None),
            _ => return None,
        };
        let strict = parts.len() > 2 && hours.len() >= 2 && !text.contains(',');
        let (whole, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, ""));
        let [hours, minutes, whole] = [hours, minutes, whole].map(digits);
        let (hours, minutes, whole) = (hours?, minutes?, whole?);
        if minutes > 59.0 || whole > 60.0 || (frames.is_some() && !fraction.is_empty()) {
            return None;
        }
        let Some(frames) = frames else {
            let part = if fraction.is_empty() { 0.0 } else { digits(fraction)? / power(fraction.len()) };
            let seconds = hours * 3600.0 + minutes * 60.0 + whole + part;
            return Some((seconds, 1.0 / power(fraction.len()), strict));
        };
        let (frames, subframes) = frames.split_once('.').unwrap_or((frames, "0"));
        let frames = digits(frames)? + digits(subframes)? / self.subframes;
        let seconds = hours * 3600.0 + minutes * 60.0 + whole;
        let grain = 1.0 / self.rate;
        if !self.smpte {
            return Some((seconds + frames / self.rate, grain, strict));
        }
        let all_minutes = hours * 60.0 + minutes;
        let dropped = match self.drop {
            Drop::None => 0.0,
            Drop::Ntsc => 2.0 * (all_minutes - (all_minutes / 10.0).floor()),
            Drop::Pal => 4.0 * ((all_minutes / 2.0).floor() - (all_minutes / 20.0).floor()),
        };
        Some(((seconds * self.nominal + frames - dropped) / self.rate, grain, strict))
    }

    /// A number and its unit: `h`, `m`, `s`, `ms`, `f`, `t`; leniently without one, as seconds.
    fn offset(&self, text: &str) -> Option<(f64, f64, bool)> {
        let at = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
        let (number, unit) = text.split_at(at);
        let unit = match unit.trim() {
            "h" => 3600.0,
            "m" => 60.0,
            "s" | "" => 1.0,
            "ms" => 0.001,
            "f" => 1.0 / self.rate,
            "t" => 1.0 / self.ticks,
            _ => return None,
        };
        let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let part = if fraction.is_empty() { 0.0 } else { digits(fraction)? / power(fraction.len()) };
        let strict = at < text.len() && !number.contains(',');
        Some(((digits(whole)? + part) * unit, unit / power(fraction.len()), strict))
    }
}

fn power(digits: usize) -> f64 {
    10f64.powi(i32::try_from(digits.min(12)).unwrap_or(12))
}

fn digits(text: &str) -> Option<f64> {
    let fine = !text.is_empty() && text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(attributes: &'static [(&'static str, &'static str)]) -> Clock {
        Clock::of(|name| attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn every_form_of_a_time() {
        type Row<'a> = (&'static [(&'static str, &'static str)], &'a str, Option<(f64, f64)>);
        let ntsc: &[_] = &[
            ("frameRate", "30"),
            ("frameRateMultiplier", "1000 1001"),
            ("timeBase", "smpte"),
            ("dropMode", "dropNTSC"),
        ];
        let rows: &[Row<'_>] = &[
            (&[], "00:00:17.250", Some((17.25, 0.001))),
            (&[], "01:02:03", Some((3723.0, 1.0))),
            (&[], "101:00:00.5", Some((363_600.5, 0.1))),
            (&[], "12.5s", Some((12.5, 0.1))),
            (&[], "1500ms", Some((1.5, 0.001))),
            (&[], "1.5h", Some((5400.0, 1.0))),
            (&[], "2m", Some((120.0, 1.0))),
            (&[("frameRate", "25")], "00:00:01:05", Some((1.2, 0.04))),
            (&[("frameRate", "25")], "50f", Some((2.0, 0.04))),
            (&[("frameRate", "25"), ("subFrameRate", "2")], "00:00:01:05.1", Some((1.22, 0.04))),
            (&[("frameRate", "24"), ("frameRateMultiplier", "1000 1001")], "24f", Some((1.001, 0.041_708))),
            (&[("frameRate", "24"), ("frameRateMultiplier", "1000:1001")], "24f", Some((1.001, 0.041_708))),
            (&[("tickRate", "10000000")], "15000000t", Some((1.5, 1e-7))),
            (&[("frameRate", "25"), ("subFrameRate", "4")], "100t", Some((1.0, 0.01))),
            (&[], "3t", Some((3.0, 1.0))),
            (ntsc, "00:10:00:00", Some((600.0, 0.033_366))),
            (ntsc, "00:01:00:02", Some((60.06, 0.033_366))),
            (&[("frameRate", "25"), ("timeBase", "smpte")], "10:00:00:00", Some((36_000.0, 0.04))),
            (&[], "soon", None),
            (&[], "00:61:00", None),
            (&[], "00:00:99", None),
            (&[], "-1s", None),
            (&[], "1e9s", None),
            (&[], "99999h", None),
            (&[], "", None),
            (&[], "1:2:3:4:5", None),
        ];
        for (attributes, text, wanted) in rows {
            let found = clock(attributes).time(text).map(|(time, grain, _)| (time.secs(), grain.secs()));
            let near = |a: f64, b: f64| (a - b).abs() < 1e-3;
            let same = match (found, *wanted) {
                (Some((time, grain)), Some((t, g))) => near(time, t) && near(grain, g),
                (found, wanted) => found.is_none() && wanted.is_none(),
            };
            assert!(same, "{text} {attributes:?}: {found:?}");
        }
    }

    #[test]
    fn sloppy_forms_are_read_and_told() {
        for (text, seconds) in
            [("0:17", 17.0), ("00:17.5", 17.5), ("00:00:17,250", 17.25), ("1:00:00", 3600.0), ("12.5", 12.5)]
        {
            let found = clock(&[]).time(text).map(|(time, _, strict)| (time.secs(), strict));
            assert_eq!(found, Some((seconds, false)), "{text}");
        }
    }
}
