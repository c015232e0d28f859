//! In: what went wrong, where, why. Out: one error type with a kind, a place, a cause and a way out. Knows no exit
//! code (that is the program's business) and prints nothing.

mod remedy;

pub(crate) use remedy::advice;
pub use remedy::{Action, Artifact, Remedy, Setting, Word};

use std::fmt;
use std::path::{Path, PathBuf};

/// What a fallible function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of thing went wrong; a caller decides by it what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The input cannot be read or understood.
    Input,
    /// A voice is missing, unknown or damaged.
    Voice,
    /// Something had to be fetched and could not be.
    Network,
    /// The result cannot be written.
    Output,
    /// An option asks for something that cannot be.
    Usage,
    /// Somebody asked to stop.
    Interrupted,
    /// This crate, or one it uses, failed in a way it should not: nothing that was asked for is at fault.
    Bug,
}

/// An error: what, where, why, and what to do about it.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    what: String,
    file: Option<PathBuf>,
    line: Option<usize>,
    cue: Option<usize>,
    help: Option<String>,
    remedy: Option<Remedy>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind`; `what` is one sentence without a full stop.
    pub fn new(kind: Kind, what: impl Into<String>) -> Error {
        let (what, file, line, cue) = (what.into(), None, None, None);
        Error(Box::new(Inner { kind, what, file, line, cue, help: None, remedy: None, cause: None }))
    }

    /// Somebody asked to stop.
    pub fn interrupted() -> Error {
        Error::new(Kind::Interrupted, "interrupted")
    }

    /// The same error, in this file.
    pub fn in_file(mut self, file: impl AsRef<Path>) -> Error {
        self.0.file.get_or_insert_with(|| file.as_ref().to_owned());
        self
    }

    /// The same error, at this 1-based line.
    pub fn at_line(mut self, line: usize) -> Error {
        self.0.line.get_or_insert(line);
        self
    }

    /// The same error, at this 1-based cue.
    pub fn at_cue(mut self, cue: usize) -> Error {
        self.0.cue.get_or_insert(cue);
        self
    }

    /// The same error, with a way out: one sentence in the imperative.
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.0.help = Some(help.into());
        self.0.remedy = None;
        self
    }

    /// This error, with a typed way out, which takes the place of one in words.
    pub fn with_remedy(mut self, remedy: Remedy) -> Error {
        self.0.help = Some(remedy.to_string());
        self.0.remedy = Some(remedy);
        self
    }

    /// The same error, with what caused it.
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.0.cause = Some(cause.into());
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What went wrong, without place, cause and help.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// What to do about it, where that is known.
    pub fn way_out(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The way out as a value, for a program that says it in its own terms; `None` where it is known
    /// in words only.
    pub fn remedy(&self) -> Option<&Remedy> {
        self.0.remedy.as_ref()
    }

    /// The error in one line without its way out: `FILE:LINE: cue N: what: cause`.
    pub fn without_way_out(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| self.fmt_fault(f))
    }

    /// The file it is about, where there is one.
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// The 1-based line of the input, where there is one.
    pub fn line(&self) -> Option<usize> {
        self.0.line
    }

    /// Writes place, what and causes.
    fn fmt_fault(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.file, self.0.line) {
            (Some(file), Some(line)) => write!(f, "{}:{line}: ", file.display())?,
            (Some(file), None) => write!(f, "{}: ", file.display())?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        if let Some(cue) = self.0.cue {
            write!(f, "cue {cue}: ")?;
        }
        write!(f, "{}", self.0.what)?;
        let mut cause: Option<&(dyn std::error::Error + 'static)> = self.0.cause.as_deref().map(|c| c as _);
        while let Some(inner) = cause {
            write!(f, ": {inner}")?;
            cause = inner.source();
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    /// `FILE:LINE: cue N: what: cause; help`, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_fault(f)?;
        match &self.0.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|c| c as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_where_why_and_what_to_do() {
        let error = Error::new(Kind::Input, "this is not text")
            .in_file("talk.txt")
            .at_line(3)
            .at_cue(2)
            .because(std::io::Error::other("byte 0 at 17"))
            .help("save it as UTF-8");
        assert_eq!(error.to_string(), "talk.txt:3: cue 2: this is not text: byte 0 at 17; save it as UTF-8");
        assert_eq!(error.kind(), Kind::Input);
    }

    #[test]
    fn the_way_out_that_was_named_last_stays_in_words_or_as_a_value() {
        let error = Error::new(Kind::Output, "it is full").in_file("p.html").help("try again");
        assert_eq!((error.remedy(), error.way_out()), (None, Some("try again")));
        let error = error.with_remedy(Remedy::AnotherPlace(Artifact::Page));
        assert_eq!(error.remedy(), Some(&Remedy::AnotherPlace(Artifact::Page)));
        assert_eq!(error.to_string(), "p.html: it is full; choose another place for the page");
        assert_eq!(error.without_way_out().to_string(), "p.html: it is full");
        let error = error.help("use the other disk");
        assert_eq!((error.remedy(), error.way_out()), (None, Some("use the other disk")));
    }

    #[test]
    fn the_first_place_named_stays() {
        let error = Error::new(Kind::Voice, "damaged").in_file("inner").in_file("outer").at_line(1).at_line(9);
        assert_eq!(error.to_string(), "inner:1: damaged");
        assert_eq!((error.file(), error.line()), (Some(Path::new("inner")), Some(1)));
    }
}
