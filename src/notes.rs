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
