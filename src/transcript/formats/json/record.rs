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

use super::reader::{Json, Value};
use super::values::{count, language, name, text, time, time_in, truth};
use crate::error::Result;
use crate::lang::Lang;
use crate::time::Ticks;
use crate::transcript::formats::oddities::{Oddities, Oddity};
use crate::transcript::text::stamp::FINE;

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
