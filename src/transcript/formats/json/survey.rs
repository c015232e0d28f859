//! In: text. Out: whether it is meant as JSON; and whose it is, by the members of its outermost object. Reads no records.

use super::reader::{Json, Value};
use crate::error::{Error, Kind, Result};

/// How a JSON transcript is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// YouTube's events.
    Events,
    /// This program's own form.
    Own,
    /// This program's report.
    Report,
    /// A list of records is this member.
    Records(&'static str),
    /// There are no records, but this member has the words.
    Words(&'static str),
    /// There is a text and nothing else.
    TextOnly,
    /// A list of records.
    List,
    /// One record after the other.
    Lines,
}

/// Whether a text is meant as JSON. `[00:17]`, `[Music]` and `{y:i}` begin other kinds of files.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.trim_start();
    let after = |open: char| text.strip_prefix(open).map(str::trim_start);
    let object = |rest: &str| rest.starts_with(['"', '\'', '}']);
    match (after('{'), after('[')) {
        (Some(rest), _) => object(rest) || rest.is_empty(),
        (_, Some(rest)) => rest.strip_prefix('{').is_some_and(|rest| object(rest.trim_start())) || rest == "]",
        _ => false,
    }
}

/// What is known of the outermost object.
#[derive(Debug, Default)]
struct Members {
    names: Vec<String>,
    /// Lists with at least one object in them.
    lists: Vec<String>,
    text: bool,
    time: bool,
}

/// Whose JSON this is. Reads it to the end, so that it is known to be whole.
///
/// # Errors
/// It is no JSON, it is cut off, or it is of no kind that is read.
pub(super) fn survey(text: &str) -> Result<Shape> {
    let json = &mut Json::new(text);
    let value = json.value()?;
    if value != Value::Object {
        json.pass(&value)?;
        return if json.more() { Err(trailing(json)) } else { Ok(Shape::List) };
    }
    let members = members(json)?;
    let record = members.text && members.time;
    if json.more() || record {
        while json.more() {
            if !record {
                return Err(trailing(json));
            }
            json.skip()?;
        }
        return Ok(Shape::Lines);
    }
    shape(&members).ok_or_else(|| unknown(&members))
}

fn members(json: &mut Json<'_>) -> Result<Members> {
    let mut members = Members::default();
    while let Some(name) = json.key()? {
        let value = json.value()?;
        members.text |= name == "text" && matches!(value, Value::Text(_));
        members.time |= matches!(&*name, "start" | "timestamp" | "offsets");
        if value == Value::List {
            let mut objects = false;
            while json.item()? {
                let item = json.value()?;
                objects |= item == Value::Object;
                json.pass(&item)?;
            }
            if objects {
                members.lists.push(name.to_string());
            }
        } else {
            json.pass(&value)?;
        }
        members.names.push(name.into_owned());
    }
    Ok(members)
}

fn shape(members: &Members) -> Option<Shape> {
    let filled = |name: &str| members.lists.iter().any(|list| list == name);
    let there = |name: &str| members.names.iter().any(|member| member == name);
    // Words have times of their own: `segments` without any would be an empty transcript.
    for name in ["segments", "transcription", "speakers", "chunks"] {
        if filled(name) {
            return Some(Shape::Records(name));
        }
    }
    for name in ["words", "word_segments"] {
        if filled(name) {
            return Some(Shape::Words(name));
        }
    }
    match () {
        () if there("tracks") => Some(Shape::Report),
        () if there("cues") => Some(Shape::Own),
        () if there("events") => Some(Shape::Events),
        () if members.text => Some(Shape::TextOnly),
        () => ["segments", "transcription", "chunks"].into_iter().find(|name| there(name)).map(Shape::Records),
    }
}

fn trailing(json: &mut Json<'_>) -> Error {
    json.error("something follows after the end of the JSON").help("keep one transcript in a file")
}

fn unknown(members: &Members) -> Error {
    let names: Vec<String> = members.names.iter().take(6).map(|name| format!("'{name}'")).collect();
    let there = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    let what = format!("this JSON is no transcript of a kind that is read: there is {there} in it");
    Error::new(Kind::Input, what).at_line(1).help(
        "pass Whisper's JSON (segments, transcription, chunks or words), YouTube's json3 (events), or an object with cues",
    )
}
