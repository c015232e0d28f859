//! In: what the stages are doing. Out: the same, told to whoever watches, and the watcher's wish to stop. Knows no
//! terminal; the library works the same whether anybody watches or not.

use crate::error::{Error, Result};

/// Something that is happening.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// A voice is about to be installed.
    Installing {
        /// The voice's id.
        id: &'a str,
        /// Bytes of all its missing files.
        bytes: u64,
        /// Its licence.
        licence: &'a str,
    },
    /// A source of a file is being tried, in words for a person.
    Source(&'a str),
    /// `done` of `total` bytes of the file at hand have arrived; the total is unknown where it is `None`.
    Bytes {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: Option<u64>,
    },
    /// A voice is installed and its files are what they should be.
    Installed(&'a str),
    /// So many utterances are about to be measured: how long the voices would speak them by themselves.
    Measuring {
        /// How many.
        utterances: usize,
    },
    /// One utterance is measured.
    Measured,
    /// The starts and rates of so many pieces are about to be chosen.
    Planning {
        /// How many.
        pieces: usize,
    },
    /// They are chosen.
    Planned,
    /// So many utterances, with so many seconds of speech in all, are about to be spoken.
    Speaking {
        /// How many.
        utterances: usize,
        /// How much, in seconds.
        seconds: f64,
    },
    /// One utterance is spoken: so many seconds of speech.
    Spoken(f64),
    /// Everything is spoken; so many seconds of track are levelled, mixed and written.
    Mixing {
        /// How much, in seconds.
        seconds: f64,
    },
}

/// Whoever watches a long job. Called from several threads at once.
pub trait Observer: Sync {
    /// Something happened.
    fn event(&self, event: Event<'_>);

    /// Whether the job should stop at the next opportunity.
    fn interrupted(&self) -> bool {
        false
    }

    /// An error of kind [`Interrupted`](crate::error::Kind::Interrupted) when the job should stop.
    fn keep_going(&self) -> Result<()> {
        if self.interrupted() { Err(Error::interrupted()) } else { Ok(()) }
    }
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Observer for Unwatched {
    fn event(&self, _: Event<'_>) {}
}
