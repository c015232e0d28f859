//! In: the bytes of a file. Out: a [`Transcript`]: what is to be said, with the times the file gives, in two lists
//! (lines with stamps, prose without), and notes about what was odd. Pure; knows no files, voices or languages.
//!
//! The stages: `encoding` makes text of bytes, [`Format`] tells by the content what kind of text it is, that format's
//! own module makes raw cues of it, and `settle` makes cues of those, the same way for every format.

mod ass;
mod by_words;
mod clock;
mod cue;
mod data;
mod dialogue;
mod directions;
mod encoding;
mod json;
mod json3;
mod karaoke;
mod lrc;
mod magic;
mod markdown;
mod marks;
mod markup;
mod noise;
mod order;
mod pauses;
mod prose;
mod raw;
mod record;
mod rollup;
mod sbv;
mod settle;
mod shift;
mod speakers;
mod srt;
mod stamp;
mod stamped;
mod tally;
mod timed;
mod tsv;
mod ttml;
mod turns;
mod vtt;

pub use cue::Cue;
pub use directions::{Directed, Direction, SayAs};
use encoding::Decoded;
pub use encoding::NamedEncoding;
pub use marks::{Mark, Silence, Sounds, What};
pub use pauses::{Pace, Pause, Timed, letters};
use raw::{RawCue, Raws};
pub use shift::{Scale, Shift};

use crate::error::{Error, Kind, Result};
use crate::notes::{Note, Notes};
use std::borrow::Cow;

/// What kind of text a transcript is, found by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// SubRip: `.srt`.
    Srt,
    /// WebVTT: `.vtt`.
    Vtt,
    /// Advanced SubStation Alpha and its forerunner: `.ass`, `.ssa`.
    Ass,
    /// YouTube's own: `.sbv`.
    Sbv,
    /// Lyrics with times: `.lrc`.
    Lrc,
    /// Lines that begin with a time, perhaps with prose around them.
    Stamped,
    /// TTML, also known as DFXP and as IMSC.
    Ttml,
    /// The JSON of Whisper's many programs.
    WhisperJson,
    /// YouTube's json3.
    Json3,
    /// JSON in this program's own form, its reports among it.
    Json,
    /// A table with starts and ends: Whisper's TSV, Audacity's labels.
    Tsv,
    /// Sentences and paragraphs without times.
    Prose,
}

/// Whether a text is of a format.
type Knows = fn(&str) -> bool;

impl Format {
    /// Its short name, for reports.
    pub fn name(self) -> &'static str {
        match self {
            Format::Srt => "srt",
            Format::Vtt => "vtt",
            Format::Ass => "ass",
            Format::Sbv => "sbv",
            Format::Lrc => "lrc",
            Format::Stamped => "stamped",
            Format::Ttml => "ttml",
            Format::WhisperJson => "whisper-json",
            Format::Json3 => "json3",
            Format::Json => "json",
            Format::Tsv => "tsv",
            Format::Prose => "prose",
        }
    }

    /// The format of this text: the first whose own module knows it. Those that cannot be mistaken come first.
    fn of(text: &str) -> Format {
        const KNOWN: &[(Format, Knows)] = &[
            (Format::Ttml, ttml::looks_like),
            (Format::Json, data::looks_like),
            (Format::Tsv, tsv::looks_like),
            (Format::Vtt, vtt::is_vtt),
            (Format::Ass, ass::is_ass),
            (Format::Sbv, sbv::is_sbv),
            (Format::Srt, srt::is_srt),
            (Format::Lrc, lrc::is_lrc),
            (Format::Stamped, stamped::is_stamped),
        ];
        KNOWN.iter().find(|(_, knows)| knows(text)).map_or(Format::Prose, |(format, _)| *format)
    }

    /// Reads a text of this format.
    fn parse(self, text: &str) -> Result<Parsed> {
        Ok(match self {
            Format::Srt => srt::parse(text),
            Format::Vtt => vtt::parse(text),
            Format::Ass => ass::parse(text),
            Format::Sbv => sbv::parse(text),
            Format::Lrc => lrc::parse(text),
            Format::Stamped => stamped::parse(text),
            Format::Ttml => ttml::parse(text)?,
            Format::Json | Format::Json3 | Format::WhisperJson => data::parse(text)?,
            Format::Tsv => tsv::parse(text)?,
            Format::Prose => prose::parse(text),
        })
    }

    /// Whether a speaker's label holds for the cues after it, too, until another comes. Where a format has a place of its
    /// own for the speaker of each cue, it holds for its own cue only.
    fn label_carries(self) -> bool {
        matches!(self, Format::Srt | Format::Sbv | Format::Lrc | Format::Stamped)
    }
}

/// Everything a transcript says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// What kind of text it is.
    pub format: Format,
    /// The name of its encoding, as the Encoding Standard spells it: `UTF-8`, `UTF-16LE`, `windows-1252`.
    pub encoding: &'static str,
    /// The lines that have a time, in order of their starts.
    pub stamped: Vec<Cue>,
    /// The sentences that have none, in the order of the file.
    pub prose: Vec<Cue>,
    /// What was odd, in the order of the lines.
    pub notes: Vec<Note>,
}

/// What a format makes of a text.
#[derive(Debug, Default)]
struct Parsed {
    /// The format, where only reading it tells.
    format: Option<Format>,
    /// What has a time, in the order of the file.
    cues: Raws,
    /// What has none.
    prose: Vec<Cue>,
    notes: Notes,
}

/// One line of the text, without its end.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    /// From 1.
    number: usize,
    text: &'a str,
}

/// The lines of a text whose line ends are all `\n`.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> + Clone {
    text.split('\n').enumerate().map(|(index, text)| Line { number: index + 1, text: text.trim_end() })
}

/// Reads a transcript.
///
/// # Errors
///
/// Of kind [`Kind::Input`], without the file's name (which this function does not know): the bytes are not text, or
/// there is nothing in them to say.
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
    let Decoded { text, encoding, notes } = encoding::decode(bytes, encoding)?;
    settled(parsed(&text, format, notes)?, encoding)
}

/// The same, of bytes that are given back as soon as they are not needed any more.
///
/// # Errors
///
/// As [`read`].
pub fn read_owned(bytes: Vec<u8>, encoding: Option<NamedEncoding>) -> Result<Transcript> {
    let Decoded { text, encoding, notes } = encoding::decode(&bytes, encoding)?;
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

/// A text as its format has it.
struct Raw {
    format: Format,
    cues: Raws,
    prose: Vec<Cue>,
    notes: Vec<Note>,
}

/// What a format makes of a text; `notes` are those on its encoding.
fn parsed(text: &str, format: Option<Format>, mut notes: Vec<Note>) -> Result<Raw> {
    let format = format.unwrap_or_else(|| Format::of(text));
    let parsed = format.parse(text)?;
    notes.extend(parsed.notes.finish().0);
    Ok(Raw { format: parsed.format.unwrap_or(format), cues: parsed.cues, prose: parsed.prose, notes })
}

fn settled(raw: Raw, encoding: &'static str) -> Result<Transcript> {
    let Raw { format, cues, mut prose, mut notes } = raw;
    // What directs is no part of a text any more when labels are marked in it.
    settle::direct(&mut prose);
    dialogue::dialogue(&mut prose);
    let stamped = settle::settle(cues, format.label_carries(), &mut notes);
    if !stamped.iter().chain(&prose).any(Cue::sayable) {
        let line = stamped.first().map(Cue::line).or(notes.iter().find_map(|note| note.line));
        let error = Error::new(Kind::Input, "there is nothing in it that can be said, not one letter or digit")
            .help("check that this is the transcript you mean");
        return Err(error.at_line(line.unwrap_or(1)));
    }
    notes.sort_by_key(|note| note.line);
    Ok(Transcript { format, encoding, stamped, prose, notes })
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
