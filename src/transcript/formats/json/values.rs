//! In: JSON before a value. Out: the value as a text, a name, a language, a time. Knows no members.

use super::reader::{Json, Value};
use crate::error::Result;
use crate::lang::Lang;
use crate::time::Ticks;
use crate::transcript::formats::oddities::{Oddities, Oddity};
use crate::transcript::text::encoding::is_unheard;
use crate::transcript::text::stamp::{FINE, stamp};

/// No recording is longer, in seconds: the longest time that `HHH:MM:SS` can show.
const LONGEST: f64 = 3_600_000.0;

/// The next value as text, its lines parted by `\n`, without what is not heard; null is none.
pub(super) fn text(json: &mut Json<'_>) -> Result<String> {
    match json.value()? {
        Value::Text(text) => Ok(heard(text.trim())),
        Value::Null => Ok(String::new()),
        other => Err(json.wanted("a string", other.name())),
    }
}

/// Text without control characters and invisible marks; every kind of line end is `\n`.
pub(super) fn heard(text: &str) -> String {
    let ended = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    ended.chars().filter(|c| !is_unheard(*c)).collect()
}

fn one_line(text: &str) -> String {
    heard(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A speaker: a string, or a number as some programs count them; `?` is whisper.cpp's word for nobody.
pub(super) fn name(json: &mut Json<'_>) -> Result<Option<String>> {
    let name = match json.value()? {
        Value::Text(text) => one_line(&text),
        Value::Number(number) => number.to_owned(),
        Value::Null => return Ok(None),
        other => return Err(json.wanted("a speaker's name", other.name())),
    };
    Ok(Some(name).filter(|name| !name.is_empty() && name != "?"))
}

pub(super) fn truth(json: &mut Json<'_>) -> Result<bool> {
    match json.value()? {
        Value::Bool(truth) => Ok(truth),
        Value::Null => Ok(true),
        other => Err(json.wanted("true or false", other.name())),
    }
}

pub(super) fn count(json: &mut Json<'_>) -> Result<Option<usize>> {
    match json.value()? {
        Value::Null => Ok(None),
        Value::Number(number) => match number.parse() {
            Ok(count) => Ok(Some(count)),
            Err(_) => Err(json.wanted("a whole number from 0 on", number)),
        },
        other => Err(json.wanted("a whole number from 0 on", other.name())),
    }
}

/// A language that can be spoken; one that cannot is odd.
pub(super) fn language(json: &mut Json<'_>, odd: &mut Oddities) -> Result<Option<Lang>> {
    let tag = match json.value()? {
        Value::Text(tag) => one_line(&tag),
        Value::Null => return Ok(None),
        other => return Err(json.wanted("a language such as \"en\"", other.name())),
    };
    let known = match tag.to_ascii_lowercase().as_str() {
        "english" => Some(Lang::En),
        "french" => Some(Lang::Fr),
        tag => tag.parse().ok(),
    };
    if known.is_none() && !tag.is_empty() {
        let line = json.line();
        odd.add(Oddity::OtherLanguage, &tag, line);
    }
    Ok(known)
}

pub(super) fn time(json: &mut Json<'_>, odd: &mut Oddities) -> Result<Option<(Ticks, Ticks)>> {
    time_in(json, 1.0, odd)
}

/// A time and how precise it is: a number of units of so many seconds, or a string with a stamp or with seconds. Null,
/// NaN and Infinity are none.
pub(super) fn time_in(json: &mut Json<'_>, unit: f64, odd: &mut Oddities) -> Result<Option<(Ticks, Ticks)>> {
    const WANTED: &str = "a time, in seconds or as \"00:17.250\"";
    let seconds = match json.value()? {
        Value::Null => return Ok(None),
        Value::Number(number) => seconds(number).map(|seconds| seconds * unit),
        Value::Text(text) => match stamp(text.trim()) {
            Ok(stamp) if stamp.text.is_empty() && stamp.end.is_none() => return Ok(Some((stamp.start, stamp.grain))),
            _ => match text.trim().trim_end_matches('s').trim_end().parse::<f64>() {
                Ok(seconds) => Some(seconds),
                Err(_) => return Err(json.wanted(WANTED, &format!("'{}'", one_line(&text)))),
            },
        },
        other => return Err(json.wanted(WANTED, other.name())),
    };
    let Some(seconds) = seconds.filter(|seconds| !seconds.is_nan()) else { return Ok(None) };
    if (-1.0..0.0).contains(&seconds) {
        let line = json.line();
        odd.add(Oddity::Negative, "", line);
        return Ok(Some((Ticks::ZERO, FINE)));
    }
    if !(0.0..LONGEST).contains(&seconds) {
        let (place, limit) = (json.place(), LONGEST / 3600.0);
        let what = match seconds < 0.0 {
            true => format!("{place} is {seconds:.3} s, a time before the beginning"),
            false => format!("{place} is {seconds:e} s, and no transcript is longer than {limit} hours"),
        };
        return Err(json.error(what).help("correct it; times that are numbers are in seconds here"));
    }
    Ok(Some((Ticks::from_secs(seconds), FINE)))
}

/// A number as JSON writes it; `NaN` and `Infinity` are none, and one too large to hold is endless.
fn seconds(number: &str) -> Option<f64> {
    match number.trim_start_matches('-') {
        "NaN" | "Infinity" => None,
        _ => number.parse().ok(),
    }
}
