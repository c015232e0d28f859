//! In: bytes. Out: text with `\n` line ends and without control characters, the name of its encoding, and notes on
//! what had to be assumed or left out; or an error where the bytes are no text. Knows no formats.

use super::magic;
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text made of bytes.
#[derive(Debug)]
pub(super) struct Decoded {
    /// Its lines end with `\n`; there is no other control character but the tab.
    pub text: String,
    /// As the Encoding Standard spells it.
    pub encoding: &'static str,
    pub notes: Vec<Note>,
}

/// Makes text of bytes: by a byte order mark, by the zero bytes of UTF-16, as UTF-8, or by guessing.
///
/// # Errors
///
/// Of kind [`Kind::Input`]: there are no bytes, or they are not text.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    if bytes.is_empty() {
        return Err(Error::new(Kind::Input, "the file is empty").help("pass a transcript: text, with or without times"));
    }
    if let Some(known) = magic::recognise(bytes) {
        return Err(Error::new(Kind::Input, format!("this is {}, not a transcript", known.what)).help(known.help));
    }
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(Error::new(Kind::Input, "this text is in UTF-32, which is not read").help("save it as UTF-8"));
    }
    let mut notes = Vec::new();
    let (text, encoding) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) if encoding == UTF_8 => (from_utf8(&bytes[length..]), UTF_8),
        Some((encoding, length)) => (from_utf16(&bytes[length..], encoding, &mut notes), encoding),
        None => match utf16_by_zeros(bytes) {
            Some(encoding) => (from_utf16(bytes, encoding, &mut notes), encoding),
            None => without_mark(bytes, &mut notes),
        },
    };
    let text = one_line_end(&text);
    refuse_noise(&text, bytes)?;
    let text = without_controls(&text, &mut notes);
    if text.trim().is_empty() {
        let error = Error::new(Kind::Input, "there is nothing in the file but white space");
        return Err(error.help("pass a transcript: text, with or without times"));
    }
    note_damage(&text, &mut notes);
    Ok(Decoded { text, encoding: encoding.name(), notes })
}

/// UTF-8, with U+FFFD for what is not.
fn from_utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// UTF-16, with U+FFFD for unpaired surrogates and for half a unit at the end.
fn from_utf16(bytes: &[u8], encoding: &'static Encoding, notes: &mut Vec<Note>) -> String {
    let unit =
        |pair: &[u8; 2]| if encoding == UTF_16BE { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: String =
        char::decode_utf16(pairs.iter().map(unit)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    if !rest.is_empty() {
        let line = one_line_end(&text).matches('\n').count() + 1;
        let message =
            format!("the file ends in the middle of a character ({}); it may have been cut off", encoding.name());
        notes.push(Note::warning(line, "cut-off", message));
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
fn without_mark(bytes: &[u8], notes: &mut Vec<Note>) -> (String, &'static Encoding) {
    if let Ok(text) = str::from_utf8(bytes) {
        return (text.to_owned(), UTF_8);
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
        return (from_utf8(bytes), UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // French and English are what can be spoken: of encodings that fit alike, take theirs.
    let encoding = detector.guess(Some(b"fr"), Utf8Detection::Deny);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let line = line_of(&bytes[..first_bad.unwrap_or(0)]);
    let message =
        format!("this is not UTF-8 and was read as {}; if letters look wrong, save it as UTF-8", encoding.name());
    notes.push(Note::warning(line, "encoding-guessed", message));
    (text.into_owned(), encoding)
}

/// The line, from 1, of the byte after these.
fn line_of(before: &[u8]) -> usize {
    let lone_returns = before.windows(2).filter(|pair| pair[0] == b'\r' && pair[1] != b'\n').count();
    1 + before.iter().filter(|&&byte| byte == b'\n').count() + lone_returns + usize::from(before.ends_with(b"\r"))
}

/// `\n` for every other line end: CRLF, CR, NEL, and the separators of lines and paragraphs of Unicode.
fn one_line_end(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

/// Whether a character has no place in text.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\u{b}' | '\u{c}' | '\u{1b}')
}

/// An error where more than 3 in 100 characters are control characters: text has none, anything packed or compiled
/// has about 11.
fn refuse_noise(text: &str, bytes: &[u8]) -> Result<()> {
    let body = text.trim_end_matches('\0'); // some editors and file systems pad with zeros
    let controls = body.chars().filter(|&c| is_control(c)).count();
    if text.is_empty() || (!body.is_empty() && controls * 100 <= body.chars().count() * 3) {
        return Ok(());
    }
    let line = body.split('\n').position(|line| line.contains(is_control)).map_or(1, |index| index + 1);
    let head: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let what = format!("this does not look like text: it is full of control characters and begins {}", head.join(" "));
    Err(Error::new(Kind::Input, what).at_line(line).help("pass a transcript saved as plain text, best as UTF-8"))
}

/// The text without control characters, terminal colours and invisible marks; pages and vertical tabs become spaces.
fn without_controls(text: &str, notes: &mut Vec<Note>) -> String {
    let (mut kept, mut dropped, mut line, mut first) = (String::with_capacity(text.len()), 0usize, 1usize, 0usize);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => {
                line += 1;
                kept.push(c);
            }
            '\u{b}' | '\u{c}' => kept.push(' '),
            '\u{1b}' => {
                skip_escape(&mut chars);
                dropped += 1;
            }
            _ if is_control(c) => dropped += 1,
            _ if is_invisible(c) => {}
            _ => kept.push(c),
        }
        if dropped == 1 && first == 0 {
            first = line;
        }
    }
    if dropped > 0 {
        let message = format!("control characters were left out: {dropped} of them, the first on this line");
        notes.push(Note::warning(first, "control-characters", message));
    }
    kept
}

/// What follows ESC in a terminal's colour codes (ECMA-48): `[`, parameters, one final byte.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    if chars.next_if_eq(&'[').is_some() {
        while chars.next_if(|c| (' '..='?').contains(c)).is_some() {}
        chars.next_if(|c| ('@'..='~').contains(c));
    }
}

/// Marks that are neither seen nor heard: soft hyphens, zero-width spaces and joins, directions, byte order marks.
pub(super) fn is_invisible(c: char) -> bool {
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
