//! In: nothing but the ground. Out: [`RawCue`], what a format's own module makes of a file, with the markup still in
//! it. `settle` makes [`Cue`](super::Cue)s of it, the same way for every format.

use crate::lang::Lang;
use crate::time::Ticks;

/// The language a text's formatting is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Markup {
    /// There is none: every sign stands for itself.
    #[default]
    Plain,
    /// What players make of SRT files: a few tags of HTML, entities, override blocks of ASS.
    Srt,
    /// WebVTT: everything in angle brackets is a tag; entities.
    Vtt,
    /// ASS and SSA: override blocks in braces; `\N`, `\n`, `\h`.
    Ass,
}

/// A cue as its format has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawCue {
    /// The line of the file its text begins on, or its time where there is no text; from 1.
    pub line: usize,
    /// When it starts; where the format gives none, its module says so in a note and takes the end of the one before.
    pub start: Ticks,
    /// When it ends, where the file says so; it may lie before the start, that is found and told later.
    pub end: Option<Ticks>,
    /// How precise the start is.
    pub grain: Ticks,
    /// Its text with its markup, its lines parted by `\n`; white space does not matter.
    pub text: String,
    /// Whether the lines of its text are not lines of the file: line breaks were written as `\n` in JSON, as `<br/>`.
    pub flat: bool,
    /// How the markup is written.
    pub markup: Markup,
    /// Who speaks, where the format has a place for that.
    pub speaker: Option<String>,
    /// Its language, where the format has a place for that.
    pub lang: Option<Lang>,
}
