//! In: the bytes of a file. Out: a [`Transcript`]: what is to be said, with the times the file
//! gives, in two lists (lines with stamps, prose without), and notes about what was odd. Pure;
//! knows no files, voices or languages.
//!
//! The stages: `text` makes text of bytes, `formats` tells by the content which [`Format`] it is
//! and makes raw cues of it, each format by its own module and its row in one table, and `resolve`
//! makes cues of those, the same way for every format.

mod cue;
mod directions;
mod formats;
mod marks;
mod pauses;
mod raw;
mod resolve;
mod shift;
mod tally;
mod text;

pub use cue::Cue;
pub use directions::{Directed, Direction, SayAs};
pub use formats::Format;
use formats::Raw;
pub use marks::{Mark, Silence, Sounds, What};
pub use pauses::{Pace, Pause, Timed, letters};
pub use shift::{Scale, Shift};
pub use text::encoding::NamedEncoding;
use text::encoding::{Decoded, decode};

use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use std::borrow::Cow;

/// Everything a transcript says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// What kind of text it is.
    pub format: Format,
    /// The name of its encoding, as the Encoding Standard spells it: `UTF-8`, `UTF-16LE`,
    /// `windows-1252`.
    pub encoding: &'static str,
    /// The lines that have a time, in order of their starts.
    pub stamped: Vec<Cue>,
    /// The sentences that have none, in the order of the file.
    pub prose: Vec<Cue>,
    /// What was odd, in the order of the lines.
    pub notes: Vec<Note>,
}

impl Transcript {
    /// A transcript of these cues, as a program has them that reads no file; in any order. Those with a start are its
    /// stamped lines, the others its prose. Cues without a line of a file have their place in this list for one, from 1.
    ///
    /// # Errors
    ///
    /// Of kind [`Kind::Input`], when there is nothing in them to say, or when one is to be over before it begins.
    pub fn of(cues: Vec<Cue>) -> Result<Transcript> {
        let (mut stamped, mut prose) = (Vec::new(), Vec::new());
        for (i, mut cue) in cues.into_iter().enumerate() {
            if cue.line() == 0 {
                cue.set_line(i + 1);
            }
            if cue.start().zip(cue.end()).is_some_and(|(start, end)| end < start) {
                let error = Error::new(Kind::Input, "this cue is to be over before it begins");
                return Err(error.at_line(cue.line()).help("let its end be no earlier than its start"));
            }
            match cue.start() {
                Some(_) => stamped.push(cue),
                None => prose.push(cue.of_paragraph(1)),
            }
        }
        stamped.sort_by_key(Cue::start);
        for list in [&mut stamped, &mut prose] {
            for (i, cue) in list.iter_mut().enumerate() {
                cue.set_index(i + 1);
            }
        }
        sayable(&stamped, &prose, &[])?;
        Ok(Transcript { format: Format::Json, encoding: "UTF-8", stamped, prose, notes: Vec::new() })
    }
}

/// Reads a transcript.
///
/// # Errors
///
/// Of kind [`Kind::Input`], without the file's name (which this function does not know): the bytes
/// are not text, or there is nothing in them to say.
pub fn read(bytes: &[u8]) -> Result<Transcript> {
    read_as(bytes, None)
}

/// Reads a transcript of this format, whatever its content looks like.
///
/// # Errors
///
/// As [`read`].
pub fn read_as(bytes: &[u8], format: Option<Format>) -> Result<Transcript> {
    read_with(bytes, format, None)
}

/// Reads a transcript of this format and in this encoding; what is not given is found.
///
/// # Errors
///
/// As [`read`].
pub fn read_with(bytes: &[u8], format: Option<Format>, encoding: Option<NamedEncoding>) -> Result<Transcript> {
    let Decoded { text, encoding, notes } = decode(bytes, encoding)?;
    settled(parsed(&text, format, notes)?, encoding)
}

/// The same, of bytes that are given back as soon as they are not needed any more.
///
/// # Errors
///
/// As [`read`].
pub fn read_owned(bytes: Vec<u8>, encoding: Option<NamedEncoding>) -> Result<Transcript> {
    let Decoded { text, encoding, notes } = decode(&bytes, encoding)?;
    let raw = match text {
        Cow::Borrowed(text) => {
            let raw = parsed(text, None, notes)?;
            drop(bytes);
            raw
        }
        Cow::Owned(text) => {
            drop(bytes);
            parsed(&text, None, notes)?
        }
    };
    settled(raw, encoding)
}

/// What a format makes of a text, after the `notes` on its encoding.
fn parsed(text: &str, format: Option<Format>, mut notes: Vec<Note>) -> Result<Raw> {
    let raw = formats::parse(text, format)?;
    notes.extend(raw.notes);
    Ok(Raw { notes, ..raw })
}

fn settled(raw: Raw, encoding: &'static str) -> Result<Transcript> {
    let Raw { format, cues, mut prose, mut notes } = raw;
    resolve::prose(&mut prose);
    let stamped = resolve::stamped(cues, format.label_carries(), &mut notes);
    sayable(&stamped, &prose, &notes)?;
    notes.sort_by_key(|note| note.line);
    Ok(Transcript { format, encoding, stamped, prose, notes })
}

/// An error where nothing in a transcript can be said.
fn sayable(stamped: &[Cue], prose: &[Cue], notes: &[Note]) -> Result<()> {
    if stamped.iter().chain(prose).any(Cue::sayable) {
        return Ok(());
    }
    let line = stamped.first().map(Cue::line).or(notes.iter().find_map(|note| note.line));
    let error = Error::new(Kind::Input, "there is nothing in it that can be said, not one letter or digit")
        .help("check that this is the transcript you mean");
    Err(error.at_line(line.unwrap_or(1)))
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
