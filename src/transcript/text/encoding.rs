//! In: bytes. Out: text with `\n` line ends and without control characters, the name of its encoding, and notes on
//! what had to be assumed or left out; or an error where the bytes are no text. Knows no formats.
//!
//! Bytes that are clean UTF-8 with plain line ends are borrowed as they are: a large file is then held once.

mod named;

use super::magic;
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

pub use named::NamedEncoding;

/// Text made of bytes.
#[derive(Debug)]
pub(in crate::transcript) struct Decoded<'a> {
    /// Its lines end with `\n`; there is no other control character but the tab.
    pub text: Cow<'a, str>,
    /// As the Encoding Standard spells it.
    pub encoding: &'static str,
    pub notes: Vec<Note>,
}

/// Makes text of bytes: by a byte order mark, as it was `stated`, by the zero bytes of UTF-16, as UTF-8, or by guessing.
///
/// # Errors
///
/// Of kind [`Kind::Input`]: there are no bytes, or they are not text.
pub(in crate::transcript) fn decode(bytes: &[u8], stated: Option<NamedEncoding>) -> Result<Decoded<'_>> {
    if bytes.is_empty() {
        return Err(Error::new(Kind::Input, "the file is empty").help("pass a transcript: text, with or without times"));
    }
    if u32::try_from(bytes.len()).is_err() {
        let error = Error::new(Kind::Input, "this file has more than four gigabytes");
        return Err(error.help("pass a transcript, in several files if it is that large"));
    }
    if let Some(known) = magic::recognise(bytes) {
        return Err(Error::new(Kind::Input, format!("this is {}, not a transcript", known.what)).help(known.help));
    }
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(Error::new(Kind::Input, "this text is in UTF-32, which is not read").help("save it as UTF-8"));
    }
    let mut notes = Vec::new();
    let stated = stated.map(|named| named.0);
    let (text, encoding) = match (Encoding::for_bom(bytes), stated) {
        (Some((encoding, length)), stated) => {
            if let Some(stated) = stated.filter(|stated| *stated != encoding) {
                let message = format!(
                    "a mark at the beginning says {}, so it was not read as {}",
                    encoding.name(),
                    stated.name()
                );
                notes.push(Note::warning(1, "encoding-stated", message));
            }
            (as_stated(&bytes[length..], encoding, &mut notes), encoding)
        }
        (None, Some(stated)) => (as_stated(bytes, stated, &mut notes), stated),
        (None, None) => match utf16_by_zeros(bytes) {
            Some(encoding) => (from_utf16(bytes, encoding, &mut notes).into(), encoding),
            None => without_mark(bytes, &mut notes),
        },
    };
    refuse_noise(&text, bytes)?;
    let text = cleaned(text, &mut notes);
    if text.trim().is_empty() {
        let error = Error::new(Kind::Input, "there is nothing in the file but white space");
        return Err(error.help("pass a transcript: text, with or without times"));
    }
    note_damage(&text, &mut notes);
    Ok(Decoded { text, encoding: encoding.name(), notes })
}

/// Text in a known encoding, with U+FFFD for what is not.
fn as_stated<'a>(bytes: &'a [u8], encoding: &'static Encoding, notes: &mut Vec<Note>) -> Cow<'a, str> {
    match encoding {
        _ if encoding == UTF_8 => String::from_utf8_lossy(bytes),
        _ if encoding == UTF_16LE || encoding == UTF_16BE => from_utf16(bytes, encoding, notes).into(),
        _ => encoding.decode_without_bom_handling(bytes).0,
    }
}

/// UTF-16, with U+FFFD for unpaired surrogates and for half a unit at the end.
fn from_utf16(bytes: &[u8], encoding: &'static Encoding, notes: &mut Vec<Note>) -> String {
    let unit =
        |pair: &[u8; 2]| if encoding == UTF_16BE { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len() + pairs.len() / 8);
    text.extend(char::decode_utf16(pairs.iter().map(unit)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    if !rest.is_empty() {
        let message =
            format!("the file ends in the middle of a character ({}); it may have been cut off", encoding.name());
        notes.push(Note::warning(line_of(text.as_bytes()), "cut-off", message));
    }
    text
}

/// UTF-16 without a mark: nearly every other byte of Latin text is zero.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(1 << 14)].as_chunks::<2>();
    let zeros = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let (most, hardly_any) = (pairs.len() * 6 / 10, pairs.len() / 20);
    match pairs.len() {
        0 | 1 => None,
        _ if second > most && first <= hardly_any => Some(UTF_16LE),
        _ if first > most && second <= hardly_any => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8 if it is, or if it is but for a few bytes; else an older encoding, guessed.
fn without_mark<'a>(bytes: &'a [u8], notes: &mut Vec<Note>) -> (Cow<'a, str>, &'static Encoding) {
    if let Ok(text) = str::from_utf8(bytes) {
        return (text.into(), UTF_8);
    }
    let (mut good, mut bad, mut at, mut first_bad) = (0usize, 0usize, 0usize, None);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            bad += 1;
            first_bad.get_or_insert(at);
            at += chunk.invalid().len();
        }
    }
    if good > bad {
        return (String::from_utf8_lossy(bytes), UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // French and English are what can be spoken: of encodings that fit alike, take theirs.
    let encoding = detector.guess(Some(b"fr"), Utf8Detection::Deny);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let line = line_of(&bytes[..first_bad.unwrap_or(0)]);
    let message = format!(
        "this is not UTF-8 and was read as {}; if letters look wrong, name it with --encoding",
        encoding.name()
    );
    notes.push(Note::warning(line, "encoding-guessed", message));
    (text, encoding)
}

/// The line, from 1, of the byte after these.
fn line_of(before: &[u8]) -> usize {
    let lone_returns = before.windows(2).filter(|pair| pair[0] == b'\r' && pair[1] != b'\n').count();
    1 + before.iter().filter(|&&byte| byte == b'\n').count() + lone_returns + usize::from(before.ends_with(b"\r"))
}

/// Whether a character has no place in text.
pub(in crate::transcript) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\u{85}' | '\t' | '\u{b}' | '\u{c}' | '\u{1b}')
}

/// An error where more than 3 in 100 characters are control characters: text has none, anything packed or compiled
/// has about 11.
fn refuse_noise(text: &str, bytes: &[u8]) -> Result<()> {
    let body = text.trim_end_matches('\0'); // some editors and file systems pad with zeros
    let controls = body.chars().filter(|&c| is_control(c)).count();
    if text.is_empty() || (!body.is_empty() && controls * 100 <= body.chars().count() * 3) {
        return Ok(());
    }
    let line = body.find(is_control).map_or(1, |at| line_of(&body.as_bytes()[..at]));
    let head: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let what = format!("this does not look like text: it is full of control characters and begins {}", head.join(" "));
    Err(Error::new(Kind::Input, what).at_line(line).help("pass a transcript saved as plain text, best as UTF-8"))
}

/// The text with `\n` for every other line end (CRLF, CR, NEL, and the separators of lines and paragraphs of Unicode) and
/// without control characters, terminal colours and invisible marks; pages and vertical tabs become spaces.
fn cleaned<'a>(text: Cow<'a, str>, notes: &mut Vec<Note>) -> Cow<'a, str> {
    let clean =
        |c: char| matches!(c, '\n' | '\t' | ' '..='~') || !(c.is_control() || is_invisible(c) || is_line_end(c));
    let Some(from) = text.find(|c| !clean(c)) else { return text };
    let mut kept = String::with_capacity(text.len());
    kept.push_str(&text[..from]);
    let (mut dropped, mut first) = (0usize, None);
    let mut chars = text[from..].chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                kept.push('\n');
            }
            _ if is_line_end(c) => kept.push('\n'),
            '\u{b}' | '\u{c}' => kept.push(' '),
            '\u{1b}' => {
                skip_escape(&mut chars);
                dropped += 1;
            }
            _ if is_control(c) => dropped += 1,
            _ if is_invisible(c) => {}
            _ => kept.push(c),
        }
        if dropped > 0 {
            first.get_or_insert(kept.len());
        }
    }
    if let Some(first) = first {
        let message = format!("control characters were left out: {dropped} of them, the first on this line");
        notes.push(Note::warning(line_of(&kept.as_bytes()[..first]), "control-characters", message));
    }
    kept.into()
}

/// The line ends of Unicode besides `\n` and `\r`.
fn is_line_end(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What follows ESC in a terminal's colour codes (ECMA-48): `[`, parameters, one final byte.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    if chars.next_if_eq(&'[').is_some() {
        while chars.next_if(|c| (' '..='?').contains(c)).is_some() {}
        chars.next_if(|c| ('@'..='~').contains(c));
    }
}

/// Whether a character is neither seen nor heard, line ends and tabs apart.
pub(in crate::transcript) fn is_unheard(c: char) -> bool {
    is_control(c) || is_invisible(c)
}

/// Marks that are neither seen nor heard: soft hyphens, zero-width spaces and joins, directions, byte order marks.
pub(in crate::transcript) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A note on characters that could not be decoded, by this program or by whoever wrote the file.
fn note_damage(text: &str, notes: &mut Vec<Note>) {
    let count = text.matches(char::REPLACEMENT_CHARACTER).count();
    if count > 0 {
        let line = text.split('\n').position(|line| line.contains(char::REPLACEMENT_CHARACTER)).map(|index| index + 1);
        let message = format!("characters are damaged and will not be spoken: {count} of them, the first on this line");
        notes.push(Note::warning(line, "damaged-text", message));
    }
}

#[cfg(test)]
mod tests;
