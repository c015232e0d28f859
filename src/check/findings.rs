//! In: findings as they are made. Out: the same, of each kind no more than can be read, and how many were left out. A
//! large file with something wrong in every line is not held once more as complaints.

use crate::notes::{Level, Note};

/// So many findings of a kind are told; of the others their number.
const MOST: usize = 1000;

/// Findings, in the order in which they came.
pub(super) struct Findings {
    notes: Vec<Note>,
    /// Of each kind its level and how many there were.
    counts: Vec<(&'static str, Level, usize)>,
}

impl Findings {
    /// Those of a file, to begin with.
    pub(super) fn new(notes: Vec<Note>) -> Findings {
        Findings { notes, counts: Vec::new() }
    }

    /// One more.
    pub(super) fn push(&mut self, note: Note) {
        let same = |(code, level, _): &&mut (&str, Level, usize)| *code == note.code && *level == note.level;
        let count = match self.counts.iter_mut().find(same) {
            Some((.., count)) => count,
            None => {
                self.counts.push((note.code, note.level, 0));
                &mut self.counts.last_mut().expect("it was just put there").2
            }
        };
        *count += 1;
        if *count <= MOST {
            self.notes.push(note);
        }
    }

    /// Those that are told, by their lines and none twice; and how many warnings and hints are not.
    pub(super) fn finish(mut self) -> (Vec<Note>, [usize; 2]) {
        let mut untold = [0, 0];
        for (code, level, count) in self.counts {
            let beyond = count.saturating_sub(MOST);
            if beyond > 0 {
                untold[usize::from(level == Level::Info)] += beyond;
                let message = format!("there are {beyond} more like this than the first {MOST}");
                self.notes.push(Note { level, line: None, code, message });
            }
        }
        self.notes.sort_by_key(|note| note.line);
        self.notes.dedup();
        (self.notes, untold)
    }
}

impl Extend<Note> for Findings {
    fn extend<T: IntoIterator<Item = Note>>(&mut self, notes: T) {
        notes.into_iter().for_each(|note| self.push(note));
    }
}
