//! In: nothing but the ground. Out: the types that say how a stretch of a cue's text is to be said,
//! and where a pause is to be. Knows no markup.

use crate::lang::Lang;
use crate::time::Ticks;
use std::ops::Range;

/// How a stretch of a cue's text is to be said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Direction {
    /// Bytes of the cue's text; none for a pause.
    pub place: Range<usize>,
    /// How.
    pub what: Directed,
}

/// How something is to be said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Directed {
    /// There is to be a pause of this length here.
    Pause(Ticks),
    /// With these sounds, in IPA.
    Phonemes(String),
    /// This is said instead.
    Instead(String),
    /// As this kind of thing.
    SayAs(SayAs),
    /// This long, in thousandths of its own length.
    Pace(u32),
    /// In this language.
    Lang(Lang),
}

/// What a text is to be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SayAs {
    /// Letter by letter.
    Characters,
    /// A number.
    Cardinal,
    /// A place in an order.
    Ordinal,
    /// A telephone number: digit by digit.
    Telephone,
    /// Anything that is read like that anyway: dates, times.
    Usual,
}
