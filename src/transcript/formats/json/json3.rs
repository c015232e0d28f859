//! In: the events of YouTube's json3. Out: raw cues, each word once. Knows nothing of the rest of the file.
//!
//! An event has a start and a duration in milliseconds and `segs`, pieces of text with offsets. Captions made by a
//! machine stand in a window (`wWinId`) that rolls up: an event is still to be seen while the next is spoken, and what
//! only scrolls it (`aAppend` with a line break) says nothing. So in such a window a line ends, at the latest, where
//! the next begins.

use super::gathered::Gathered;
use super::reader::{Json, Value};
use super::values::heard;
use crate::error::Result;
use crate::time::Ticks;
use crate::transcript::formats::oddities::Oddity;
use crate::transcript::pauses::WordTime;
use crate::transcript::raw::RawCue;
use crate::transcript::text::stamp::FINE;

/// The longest that a line of a rolling window lasts after its last word has begun.
const LAST_WORD: Ticks = Ticks::from_millis(1000);

/// One event.
#[derive(Debug, Default)]
struct Event {
    line: usize,
    start: Option<Ticks>,
    length: Option<Ticks>,
    text: String,
    /// Where its words begin in the text, and when, after its start, where words have offsets.
    words: Vec<(usize, Ticks)>,
    window: Option<i64>,
}

/// Reads the list of events that is the next value.
///
/// # Errors
/// A value is of the wrong kind, or this is no JSON.
pub(super) fn events(json: &mut Json<'_>, all: &mut Gathered) -> Result<()> {
    let value = json.value()?;
    if value != Value::List {
        return Err(json.wanted("a list of events", value.name()));
    }
    // The window of the last cue.
    let mut open: Option<i64> = None;
    while json.item()? {
        let value = json.value()?;
        if value != Value::Object {
            let line = json.line();
            all.odd.add(Oddity::NoObject, "", line);
            json.pass(&value)?;
            continue;
        }
        let event = event(json, all)?;
        if !event.text.trim().is_empty() {
            let window = event.window;
            take(event, open, all);
            open = window;
        }
    }
    Ok(())
}

/// Makes a cue of an event with a text; `open` is the window of the cue before.
fn take(event: Event, open: Option<i64>, all: &mut Gathered) {
    let Some(start) = event.start else { return all.odd.add(Oddity::NoTime, "", event.line) };
    if let (true, Some(last)) = (event.window.is_some() && event.window == open, all.cues.last_mut()) {
        // What is still to be seen above this line has been spoken before it.
        last.end = last.end.map(|end| end.min(start.max(last.start)));
    }
    let end = event.length.map(|length| start + length);
    let end = end.map(|end| event.words.last().map_or(end, |(_, last)| end.min(start + *last + LAST_WORD)));
    let text = event.text.trim().to_owned();
    let cut = event.text.len() - event.text.trim_start().len();
    let time = |(at, after): &(usize, Ticks)| {
        let at = at.checked_sub(cut).filter(|at| *at < text.len())?;
        Some(WordTime { at, start: start + *after, end: None })
    };
    let times = event.words.iter().filter_map(time).collect();
    all.cues.push(RawCue { line: event.line, start, end, grain: FINE, text, flat: true, times, ..RawCue::default() });
}

fn event(json: &mut Json<'_>, all: &mut Gathered) -> Result<Event> {
    let mut event = Event { line: json.line(), ..Event::default() };
    while let Some(key) = json.key()? {
        match &*key {
            "tStartMs" => event.start = millis(json)?.map(Ticks::from_millis),
            "dDurationMs" => event.length = millis(json)?.map(Ticks::from_millis),
            "wWinId" => event.window = millis(json)?,
            "segs" => segs(json, &mut event)?,
            "aAppend" | "id" | "wpWinPosId" | "wsWinStyleId" | "wWinStyleId" | "pPenId" | "uState" => json.skip()?,
            other => {
                let line = json.line();
                all.odd.add(Oddity::UnknownKey, other, line);
                json.skip()?;
            }
        }
    }
    Ok(event)
}

fn segs(json: &mut Json<'_>, event: &mut Event) -> Result<()> {
    match json.value()? {
        Value::List => {}
        Value::Null => return Ok(()),
        other => return Err(json.wanted("a list of pieces of text", other.name())),
    }
    while json.item()? {
        let value = json.value()?;
        if value != Value::Object {
            return Err(json.wanted("an object with 'utf8'", value.name()));
        }
        let (mut text, mut offset) = (String::new(), None);
        while let Some(key) = json.key()? {
            match &*key {
                "utf8" => match json.value()? {
                    Value::Text(piece) => text = heard(&piece),
                    Value::Null => {}
                    other => return Err(json.wanted("a string", other.name())),
                },
                "tOffsetMs" => offset = millis(json)?,
                _ => json.skip()?,
            }
        }
        if !text.trim().is_empty() && event.text.trim().is_empty() {
            event.line = json.line();
        }
        if let Some(offset) = offset.filter(|_| !text.trim().is_empty()) {
            event.words.push((event.text.len(), Ticks::from_millis(offset)));
        }
        event.text.push_str(&text);
    }
    Ok(())
}

/// The next value as whole milliseconds, at most a thousand hours of them; null is none.
fn millis(json: &mut Json<'_>) -> Result<Option<i64>> {
    const WANTED: &str = "a number of milliseconds from 0 to 3600000000";
    match json.value()? {
        Value::Null => Ok(None),
        Value::Number(number) => match number.parse::<f64>() {
            Ok(ms) if (0.0..=3.6e9).contains(&ms) => Ok(Some(ms.round() as i64)),
            _ => Err(json.wanted(WANTED, number)),
        },
        // Some tools that pass json3 on write numbers as strings.
        Value::Text(text) => match text.trim().parse::<u32>() {
            Ok(ms) => Ok(Some(i64::from(ms))),
            Err(_) => Err(json.wanted(WANTED, &format!("'{}'", heard(&text)))),
        },
        other => Err(json.wanted(WANTED, other.name())),
    }
}
