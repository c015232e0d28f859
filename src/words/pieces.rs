//! In: a text and its readings. Out: its pieces between white space or dashes, each with what is said of it. Knows no
//! language, and does not know which pieces are words.

use super::long;
use super::sounds::{Given, Ipa, Sound};
use super::tidy::tidy;
use crate::lang::Lang;
use crate::text::sayable;
use std::ops::Range;

/// The most characters that are said for one piece, where it can be cut.
const MOST_SAID: usize = 160;

/// A part of the text between white space or dashes.
pub(super) struct Piece<'a> {
    pub(super) place: Range<usize>,
    pub(super) text: &'a str,
    /// What is said of it, tidied.
    pub(super) spoken: String,
    /// Its parts, where one has a pronunciation of its own.
    pub(super) sounds: Vec<Sound>,
}

/// A part of a piece: as written, or with a reading.
struct Atom {
    place: Range<usize>,
    spoken: String,
    read: bool,
    ipa: Option<Ipa>,
    /// Its language, where it is not that of the text.
    lang: Option<Lang>,
}

/// Atoms that have become one.
struct Open {
    place: Range<usize>,
    spoken: String,
    sounds: Vec<Sound>,
}

/// The pieces between white space; a long dash inside a piece is a piece of its own, and one that is longer than any
/// word is several. A reading is never cut.
///
/// `others` are the stretches in the other language, and which one that is.
pub(super) fn pieces<'a>(
    text: &'a str,
    readings: &[Given],
    (others, other): (&[Range<usize>], Lang),
) -> Vec<Piece<'a>> {
    let lang = |place: &Range<usize>| {
        let at = others.partition_point(|stretch| stretch.end <= place.start);
        others.get(at).filter(|stretch| stretch.start <= place.start).map(|_| other)
    };
    let mut found = Vec::new();
    let mut atoms: Vec<Atom> = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut readings = readings.iter().peekable();
    while let Some(&(at, c)) = chars.peek() {
        if let Some(reading) = readings.next_if(|reading| reading.place.start == at) {
            written(text, start..at, others, lang, &mut atoms);
            let (place, spoken, ipa) = (reading.place.clone(), reading.spoken.clone(), reading.ipa.clone());
            let lang = lang(&place);
            atoms.push(Atom { place, spoken, read: true, ipa, lang });
            start = reading.place.end;
            while chars.next_if(|(at, _)| *at < start).is_some() {}
            continue;
        }
        chars.next();
        let end = at + c.len_utf8();
        let twin = text[end..].starts_with('-') || text[..at].ends_with('-');
        let dash = matches!(c, '—' | '―') || (c == '-' && twin);
        if !(dash || c.is_whitespace()) {
            continue;
        }
        written(text, start..at, others, lang, &mut atoms);
        cut(text, &mut atoms, &mut found);
        start = end;
        if dash {
            let spoken = tidy(&text[at..end]);
            found.push(Piece { place: at..end, text: &text[at..end], spoken, sounds: Vec::new() });
        }
    }
    written(text, start..text.len(), others, lang, &mut atoms);
    cut(text, &mut atoms, &mut found);
    found
}

/// Adds what is said as it is written, cut where the language changes.
fn written(
    text: &str,
    place: Range<usize>,
    others: &[Range<usize>],
    lang: impl Fn(&Range<usize>) -> Option<Lang>,
    atoms: &mut Vec<Atom>,
) {
    let from = others.partition_point(|stretch| stretch.end <= place.start);
    let inside = others[from..].iter().take_while(|stretch| stretch.start < place.end);
    let edges = inside.flat_map(|s| [s.start, s.end]).filter(|at| place.contains(at)).chain([place.end]);
    let mut start = place.start;
    for end in edges {
        for part in long::parts(&text[start..end]).into_iter().filter(|part| !part.is_empty()) {
            let place = start + part.start..start + part.end;
            let spoken = tidy(&text[place.clone()]);
            let lang = lang(&place);
            atoms.push(Atom { place, spoken, read: false, ipa: None, lang });
        }
        start = end;
    }
}

/// Makes pieces of the atoms between two spaces: one, or several where they are too long for one.
fn cut<'a>(text: &'a str, atoms: &mut Vec<Atom>, found: &mut Vec<Piece<'a>>) {
    let mut open: Option<Open> = None;
    let mut written = 0;
    for atom in atoms.drain(..) {
        let length = text[atom.place.clone()].chars().count();
        let full = written + length > long::LONGEST && (atom.read || written >= long::LONGEST / 2);
        match &mut open {
            Some(one) if !full && one.spoken.len() + atom.spoken.len() <= MOST_SAID => {
                join(&mut one.spoken, &atom);
                one.place.end = atom.place.end;
                one.sounds.push(sound(atom));
                written += length;
            }
            _ => {
                found.extend(open.take().map(|open| piece(text, open)));
                let (place, spoken) = (atom.place.clone(), atom.spoken.clone());
                open = Some(Open { place, spoken, sounds: vec![sound(atom)] });
                written = length;
            }
        }
    }
    found.extend(open.map(|open| piece(text, open)));
}

fn sound(atom: Atom) -> Sound {
    match (atom.ipa, atom.lang) {
        (Some(ipa), _) => Sound::Ipa(ipa),
        (None, Some(lang)) => Sound::Other(atom.spoken, lang),
        (None, None) => Sound::Spelt(atom.spoken),
    }
}

/// Appends what is said of an atom, with a space where letters would run together that did not belong together.
fn join(spoken: &mut String, atom: &Atom) {
    if spoken.ends_with(' ') && atom.spoken.starts_with([',', '.', ';', ':', '!', '?', ')', '"']) {
        spoken.pop();
    }
    if spoken.ends_with(char::is_alphanumeric) && atom.spoken.starts_with(char::is_alphanumeric) {
        spoken.push(' ');
    }
    spoken.push_str(&atom.spoken);
}

fn piece(text: &str, open: Open) -> Piece<'_> {
    let Open { place, spoken, mut sounds } = open;
    let spaced = spoken.starts_with(' ') || spoken.ends_with(' ') || spoken.contains("  ");
    let spoken = if spaced { spoken.split_whitespace().collect::<Vec<_>>().join(" ") } else { spoken };
    match sounds.iter().any(|sound| !matches!(sound, Sound::Spelt(_))) {
        true => sounds.retain(|sound| match sound {
            Sound::Spelt(text) | Sound::Other(text, _) => sayable(text),
            Sound::Ipa(_) => true,
        }),
        false => sounds.clear(),
    }
    Piece { text: &text[place.clone()], place, spoken, sounds }
}
