//! In: text that begins as JSON does. Out: whose JSON it is, and its cues. Knows the shapes in which the records stand;
//! what a single one says is read by `record`, json3 by `json3`.
//!
//! | whose | by its |
//! |---|---|
//! | this program's own form and its reports | `cues`, `tracks` |
//! | openai-whisper, faster-whisper, WhisperX, the API of OpenAI (`verbose_json`) | `segments` |
//! | the API of OpenAI, words only; WhisperX, likewise | `words` beside `text`; `word_segments` |
//! | whisper.cpp | `transcription` |
//! | pipelines of transformers, insanely-fast-whisper | `chunks`, `speakers` |
//! | YouTube | `events` |
//! | the API of OpenAI, `json` | `text` alone |
//! | any of these, bare | a list of records, or one record a line |

mod by_words;
mod gathered;
mod json3;
mod reader;
mod record;
mod survey;
mod values;

use super::oddities::Oddity;
use super::spec::{Parsed, Spec};
use crate::error::Result;
use crate::lang::Lang;
use gathered::Gathered;
use reader::{Json, Value};
use survey::{Shape, looks_like, survey};

/// This program's own form, its reports among it. It stands for all JSON until it is read.
pub(super) static OWN: Spec =
    Spec { name: "json", endings: &["json", "jsonl"], detect: Some(looks_like), parse, label_carries: false };

/// What Whisper's many programs write.
pub(super) static WHISPER: Spec =
    Spec { name: "whisper-json", endings: &["json"], detect: None, parse, label_carries: false };

/// YouTube's json3.
pub(super) static JSON3: Spec =
    Spec { name: "json3", endings: &["json3", "json"], detect: None, parse, label_carries: false };

/// Reads JSON whose records have times or texts.
///
/// # Errors
/// It is no JSON, it ends too early, it is of no known kind, or a value in it is of the wrong kind.
fn parse(text: &str) -> Result<Parsed> {
    let shape = survey(text)?;
    let json = &mut Json::new(text);
    let mut gathered = Gathered::default();
    let spec = match shape {
        Shape::Events => {
            with_members(json, "events", &mut gathered, json3::events)?;
            &JSON3
        }
        Shape::Own => {
            let lang = with_members(json, "cues", &mut gathered, |json, all| list(json, true, all))?.lang;
            gathered.default_language(lang);
            &OWN
        }
        Shape::Report => {
            with_members(json, "tracks", &mut gathered, tracks)?;
            &OWN
        }
        Shape::Records(member) => {
            with_members(json, member, &mut gathered, |json, all| list(json, false, all))?;
            &WHISPER
        }
        Shape::Words(member) => {
            let beside = with_members(json, member, &mut gathered, |json, all| {
                all.words.extend(record::words(json, &mut all.odd)?);
                Ok(())
            })?;
            gathered.words_only(&beside.text);
            &WHISPER
        }
        Shape::TextOnly => {
            let beside = with_members(json, "", &mut gathered, |json, _| json.skip())?;
            gathered.prose(&beside.text, beside.line);
            &WHISPER
        }
        Shape::List => {
            list(json, true, &mut gathered)?;
            &OWN
        }
        Shape::Lines => {
            while json.more() {
                let value = json.value()?;
                one(json, &value, true, &mut gathered)?;
            }
            &OWN
        }
    };
    let mut parsed = gathered.finish();
    parsed.notes.extend(json.notes());
    parsed.spec = Some(spec);
    Ok(parsed)
}

/// What stands beside the records and matters.
#[derive(Default)]
struct Beside {
    /// The language that is stated for all.
    lang: Option<Lang>,
    text: String,
    /// The line of the text.
    line: usize,
}

/// Reads the object that `json` begins with: its member `wanted` by `read`, and what matters beside it.
fn with_members(
    json: &mut Json<'_>,
    wanted: &str,
    all: &mut Gathered,
    mut read: impl FnMut(&mut Json<'_>, &mut Gathered) -> Result<()>,
) -> Result<Beside> {
    let mut beside = Beside { line: 1, ..Beside::default() };
    json.value()?;
    while let Some(key) = json.key()? {
        match &*key {
            key if key == wanted => read(json, all)?,
            "lang" | "language" => beside.lang = values::language(json, &mut all.odd)?,
            "text" => match json.value()? {
                Value::Text(text) => (beside.text, beside.line) = (text.into_owned(), json.line()),
                other => json.pass(&other)?,
            },
            _ => json.skip()?,
        }
    }
    Ok(beside)
}

/// The tracks of a report.
fn tracks(json: &mut Json<'_>, all: &mut Gathered) -> Result<()> {
    let value = json.value()?;
    if value != Value::List {
        return Err(json.wanted("a list of tracks", value.name()));
    }
    while json.item()? {
        let value = json.value()?;
        if value != Value::Object {
            return Err(json.wanted("a track", value.name()));
        }
        while let Some(key) = json.key()? {
            if key == "cues" { list(json, true, all)? } else { json.skip()? }
        }
    }
    Ok(())
}

/// A list of records, or null. Our `own` lists hold nothing else.
fn list(json: &mut Json<'_>, own: bool, all: &mut Gathered) -> Result<()> {
    match json.value()? {
        Value::List => {}
        Value::Null => return Ok(()),
        other => return Err(json.wanted("a list", other.name())),
    }
    while json.item()? {
        let value = json.value()?;
        one(json, &value, own, all)?;
    }
    Ok(())
}

fn one(json: &mut Json<'_>, value: &Value<'_>, own: bool, all: &mut Gathered) -> Result<()> {
    if *value == Value::Object {
        let record = record::record(json, &mut all.odd)?;
        all.take(record, own);
        return Ok(());
    }
    if own {
        return Err(json.wanted("an object with 'start' and 'text'", value.name()));
    }
    let line = json.line();
    all.odd.add(Oddity::NoObject, "", line);
    json.pass(value)
}

#[cfg(test)]
mod tests;
