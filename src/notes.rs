//! In: something worth telling that is no error. Out: a [`Note`], returned as data beside the result it is about.
//! Knows nothing of terminals: the library never prints.

use serde::Serialize;

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know; the result is what was asked for.
    Info,
    /// The result differs from what was asked for, or the input from what its format says.
    Warning,
}

/// One remark about an input, with the place it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Note {
    /// How much it matters.
    pub level: Level,
    /// The 1-based line of the input, where there is one.
    pub line: Option<usize>,
    /// A stable short name of the kind of remark, for scripts: `late-start`, `unsorted`.
    pub code: &'static str,
    /// One sentence for a person.
    pub message: String,
}

impl Note {
    /// A remark that the result is still what was asked for.
    pub fn info(line: impl Into<Option<usize>>, code: &'static str, message: impl Into<String>) -> Note {
        Note { level: Level::Info, line: line.into(), code, message: message.into() }
    }

    /// A remark that something is not as it was asked for.
    pub fn warning(line: impl Into<Option<usize>>, code: &'static str, message: impl Into<String>) -> Note {
        Note { level: Level::Warning, line: line.into(), code, message: message.into() }
    }
}

/// What came of something, with what is worth telling of how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted<T> {
    /// What came of it.
    pub value: T,
    /// What is worth telling.
    pub notes: Vec<Note>,
}

impl<T> Noted<T> {
    /// What came of it, with these notes.
    pub fn new(value: T, notes: Vec<Note>) -> Noted<T> {
        Noted { value, notes }
    }

    /// The value by itself; its notes join those that are gathered already.
    pub fn noted_in(self, gathered: &mut Vec<Note>) -> T {
        gathered.extend(self.notes);
        self.value
    }
}

/// So many notes of a kind are told; of the others their number.
const MOST: usize = 1000;

/// Notes as they are made, of each kind no more than can be read: a large file with something odd in every line is not
/// held once more as remarks.
#[derive(Debug, Default)]
pub struct Notes {
    notes: Vec<Note>,
    /// Of each kind its level and how many there were.
    counts: Vec<(&'static str, Level, usize)>,
}

impl Notes {
    /// Those that there are, to begin with; all of them are told.
    pub fn new(notes: Vec<Note>) -> Notes {
        Notes { notes, counts: Vec::new() }
    }

    /// One more.
    pub fn push(&mut self, note: Note) {
        let same = |(code, level, _): &(&str, Level, usize)| *code == note.code && *level == note.level;
        let kind = self.counts.iter().position(same).unwrap_or(self.counts.len());
        if kind == self.counts.len() {
            self.counts.push((note.code, note.level, 0));
        }
        self.counts[kind].2 += 1;
        if self.counts[kind].2 <= MOST {
            self.notes.push(note);
        }
    }

    /// Those that are told, by their lines and none twice; and how many warnings and hints are not.
    pub fn finish(mut self) -> (Vec<Note>, [usize; 2]) {
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

impl Extend<Note> for Notes {
    fn extend<T: IntoIterator<Item = Note>>(&mut self, notes: T) {
        notes.into_iter().for_each(|note| self.push(note));
    }
}

impl FromIterator<Note> for Notes {
    fn from_iter<T: IntoIterator<Item = Note>>(notes: T) -> Notes {
        let mut all = Notes::default();
        all.extend(notes);
        all
    }
}
