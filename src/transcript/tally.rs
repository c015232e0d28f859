//! In: small oddities of a file, each with its line, as its reader comes upon them. Out: one note for each kind, on the
//! first of them, with their number. Knows no format.

use crate::notes::Note;

/// Oddities by their kind.
#[derive(Debug, Default)]
pub(super) struct Tally(Vec<(Note, usize)>);

impl Tally {
    /// One more of this kind; the first decides the line and the words.
    pub(super) fn add(&mut self, note: Note) {
        match self.0.iter_mut().find(|(first, _)| first.code == note.code) {
            Some((_, count)) => *count += 1,
            None => self.0.push((note, 1)),
        }
    }

    /// The notes.
    pub(super) fn notes(self) -> impl Iterator<Item = Note> {
        self.0.into_iter().map(|(mut note, count)| {
            match count {
                1 => {}
                2 => note.message.push_str(" (and so once more)"),
                _ => note.message.push_str(&format!(" (and so {} times more)", count - 1)),
            }
            note
        })
    }
}
