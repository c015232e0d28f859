//! In: one object of a JSON transcript, whoever wrote it. Out: a [`Record`]: what it says and when, the names of its
//! members being those of all kinds that are read. Knows no kind by itself, and not where the object stands.
//!
//! | members | written by |
//! |---|---|
//! | `start`, `end`, `text`, `words` | openai-whisper, faster-whisper, WhisperX, the API of OpenAI, this program |
//! | `speaker` | WhisperX, insanely-fast-whisper, this program |
//! | `timestamp: [start, end]` | pipelines of transformers, insanely-fast-whisper |
//! | `offsets: {from, to}` in milliseconds, `timestamps: {from, to}` | whisper.cpp |
//! | `duration`, `lang`, `paragraph`, `grain`, `end_stated` | this program |

use super::encoding::is_unheard;
use super::json::{Json, Value};
use super::stamp::stamp;
use crate::error::Result;
use crate::lang::Lang;
use crate::notes::Note;
use crate::time::Ticks;
use std::collections::BTreeMap;

/// How precise a time written as a number is taken to be.
pub(super) const FINE: Ticks = Ticks::from_millis(1);

/// No recording is longer, in seconds: the longest time that `HHH:MM:SS` can show.
const LONGEST: f64 = 3_600_000.0;

/// Members that say nothing of what is to be spoken, as the programs named above write them, and our own report.
const SILENT: &[&str] = &[
    "id",
    "seek",
    "tokens",
    "temperature",
    "avg_logprob",
    "compression_ratio",
    "no_speech_prob",
    "confidence",
    "score",
    "probability",
    "speaker_turn_next",
    "chars",
    "transient",
    "index",
    "line",
    "spoken",
    "voice",
    "utterance",
    "speech_start",
    "speech_end",
    "natural_s",
    "spoken_s",
    "rate",
    "start_error_s",
    "overrun_s",
    "status",
    "remark",
    "type",
    "channel",
    "completed",
    "eos",
];

/// One thing to say, as a JSON object has it.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The line of its text, else of its beginning.
    pub line: usize,
    pub start: Option<Ticks>,
    pub grain: Ticks,
    pub end: Option<Ticks>,
    pub text: String,
    pub speaker: Option<String>,
    pub lang: Option<Lang>,
    pub paragraph: Option<usize>,
    /// Its words with their times, where there are any.
    pub words: Vec<TimedWord>,
}

/// A word and when it was spoken.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TimedWord {
    pub line: usize,
    pub text: String,
    pub start: Option<Ticks>,
    pub end: Option<Ticks>,
    pub speaker: Option<String>,
}

/// What was odd in the records, collected so that a file of a million lines gives a few notes.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    /// What kind of note, about what: how often, and the first line.
    found: BTreeMap<(Oddity, String), (usize, usize)>,
}

/// Kinds of oddities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Oddity {
    /// A member of this name means nothing.
    UnknownKey,
    /// A language that no voice here speaks.
    OtherLanguage,
    /// A record without text.
    Empty,
    /// A time a little before the beginning.
    Negative,
    /// A start that had to be taken from elsewhere.
    NoStart,
    /// A line was cut into its sentences by the times of its words.
    ByWords,
    /// A text without a time, where there is no way to tell when it is spoken.
    NoTime,
    /// A list holds something that is no object.
    NoObject,
    /// A reference to a character that is not known.
    Entity,
    /// A time that is not written as its format says.
    LooseTime,
}

impl Oddities {
    pub(super) fn add(&mut self, oddity: Oddity, about: &str, line: usize) {
        let (count, _) = self.found.entry((oddity, about.chars().take(40).collect())).or_insert((0, line));
        *count += 1;
    }

    /// A note for each kind of thing that was odd.
    pub(super) fn notes(self) -> impl Iterator<Item = Note> {
        self.found.into_iter().map(|((oddity, about), (count, line))| {
            let so_often = if count == 1 { String::new() } else { format!(" ({count} times; this is the first)") };
            let (code, warning, said) = match oddity {
                Oddity::UnknownKey => {
                    ("unknown-key", false, format!("'{about}' means nothing here and was passed over"))
                }
                Oddity::OtherLanguage => {
                    let said = format!("no voice speaks '{about}', only en and fr; the text decides the language");
                    ("other-language", true, said)
                }
                Oddity::Empty => ("empty", false, "there is no text in this; it was passed over".to_owned()),
                Oddity::Negative => {
                    ("negative-time", true, "a time before the beginning was read as the beginning".to_owned())
                }
                Oddity::NoStart => {
                    ("no-start", true, "no start is given; it was taken from the words or the line before".to_owned())
                }
                Oddity::ByWords => {
                    ("by-words", false, "this was cut into its sentences by the times of its words".to_owned())
                }
                Oddity::NoTime => ("no-time", true, "this text has no time and was passed over".to_owned()),
                Oddity::NoObject => ("no-object", true, "this is not an object and was passed over".to_owned()),
                Oddity::Entity => {
                    ("unknown-entity", true, format!("no character is called '&{about};'; it was left out"))
                }
                Oddity::LooseTime => {
                    let said =
                        "this time is not written as TTML says (00:00:17.250 or 17.25s); it was read all the same";
                    ("loose-time", false, said.to_owned())
                }
            };
            let said = said + &so_often;
            if warning { Note::warning(line, code, said) } else { Note::info(line, code, said) }
        })
    }
}

/// Reads the object that was just entered.
///
/// # Errors
/// A member has a value of the wrong kind, or a time that cannot be; or this is no JSON.
pub(super) fn record(json: &mut Json<'_>, odd: &mut Oddities) -> Result<Record> {
    let mut found = Record { line: json.line(), grain: FINE, ..Record::default() };
    let (mut length, mut grain, mut end_stated, mut by_offsets, mut reported) = (None, None, true, false, false);
    while let Some(key) = json.key()? {
        match &*key {
            "start" | "start_time" => set_start(&mut found, time(json, odd)?),
            "end" | "end_time" => found.end = time(json, odd)?.map(|(end, _)| end),
            "duration" | "dur" => length = time(json, odd)?.map(|(length, _)| length),
            "timestamp" => pair(json, &mut found, odd)?,
            "offsets" => {
                from_to(json, &mut found, 0.001, odd)?;
                by_offsets = true;
            }
            "timestamps" if !by_offsets => from_to(json, &mut found, 1.0, odd)?,
            "text" => {
                found.text = text(json)?;
                found.line = json.line();
            }
            "speaker" | "speaker_id" => found.speaker = name(json)?,
            "lang" | "language" => found.lang = language(json, odd)?,
            "words" => found.words = words(json, odd)?,
            "paragraph" => found.paragraph = count(json)?,
            "grain" => grain = time(json, odd)?.map(|(grain, _)| grain.max(Ticks(1))),
            "end_stated" => end_stated = truth(json)?,
            other => {
                reported |= other == "speech_start";
                if !SILENT.contains(&other) && other != "timestamps" {
                    let line = json.line();
                    odd.add(Oddity::UnknownKey, other, line);
                }
                json.skip()?;
            }
        }
    }
    if found.end.is_none() {
        found.end = found.start.zip(length).map(|(start, length)| start + length);
    }
    if !end_stated {
        found.end = None;
    }
    if reported {
        // The words of our own report have the times of the speech that was made, not of the transcript.
        found.words.clear();
    }
    found.grain = grain.unwrap_or(found.grain);
    Ok(found)
}

fn set_start(found: &mut Record, time: Option<(Ticks, Ticks)>) {
    if let Some((start, grain)) = time {
        (found.start, found.grain) = (Some(start), grain);
    }
}

/// `[start, end]`; either may be null.
fn pair(json: &mut Json<'_>, found: &mut Record, odd: &mut Oddities) -> Result<()> {
    match json.value()? {
        Value::List => {}
        Value::Null => return Ok(()),
        other => return Err(json.wanted("a list of two times", other.name())),
    }
    let mut at = 0;
    while json.item()? {
        match at {
            0 => set_start(found, time(json, odd)?),
            1 => found.end = time(json, odd)?.map(|(end, _)| end),
            _ => json.skip()?,
        }
        at += 1;
    }
    Ok(())
}

/// `{"from": start, "to": end}`, numbers in units of so many seconds.
fn from_to(json: &mut Json<'_>, found: &mut Record, unit: f64, odd: &mut Oddities) -> Result<()> {
    match json.value()? {
        Value::Object => {}
        Value::Null => return Ok(()),
        other => return Err(json.wanted("an object with 'from' and 'to'", other.name())),
    }
    while let Some(key) = json.key()? {
        match &*key {
            "from" => set_start(found, time_in(json, unit, odd)?),
            "to" => found.end = time_in(json, unit, odd)?.map(|(end, _)| end),
            _ => json.skip()?,
        }
    }
    Ok(())
}

/// The words of a record. What is no object, and words without text, are passed over.
pub(super) fn words(json: &mut Json<'_>, odd: &mut Oddities) -> Result<Vec<TimedWord>> {
    let mut words = Vec::new();
    match json.value()? {
        Value::List => {}
        Value::Null => return Ok(words),
        other => return Err(json.wanted("a list of words", other.name())),
    }
    while json.item()? {
        let value = json.value()?;
        if value != Value::Object {
            json.pass(&value)?;
            continue;
        }
        let mut word = TimedWord { line: json.line(), ..TimedWord::default() };
        while let Some(key) = json.key()? {
            match &*key {
                "word" | "text" => word.text = text(json)?,
                "start" => word.start = time(json, odd)?.map(|(at, _)| at),
                "end" => word.end = time(json, odd)?.map(|(at, _)| at),
                "speaker" => word.speaker = name(json)?,
                _ => json.skip()?,
            }
        }
        if !word.text.is_empty() {
            words.push(word);
        }
    }
    Ok(words)
}

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
fn name(json: &mut Json<'_>) -> Result<Option<String>> {
    let name = match json.value()? {
        Value::Text(text) => one_line(&text),
        Value::Number(number) => number.to_owned(),
        Value::Null => return Ok(None),
        other => return Err(json.wanted("a speaker's name", other.name())),
    };
    Ok(Some(name).filter(|name| !name.is_empty() && name != "?"))
}

fn truth(json: &mut Json<'_>) -> Result<bool> {
    match json.value()? {
        Value::Bool(truth) => Ok(truth),
        Value::Null => Ok(true),
        other => Err(json.wanted("true or false", other.name())),
    }
}

fn count(json: &mut Json<'_>) -> Result<Option<usize>> {
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

fn time(json: &mut Json<'_>, odd: &mut Oddities) -> Result<Option<(Ticks, Ticks)>> {
    time_in(json, 1.0, odd)
}

/// A time and how precise it is: a number of units of so many seconds, or a string with a stamp or with seconds. Null,
/// NaN and Infinity are none.
fn time_in(json: &mut Json<'_>, unit: f64, odd: &mut Oddities) -> Result<Option<(Ticks, Ticks)>> {
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
