//! In: small things that are odd in a file's records, one at a time. Out: one note for each kind of thing, on the first of
//! them, with their number. Knows no format.

use crate::notes::Note;
use std::collections::BTreeMap;

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
