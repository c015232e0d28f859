//! In: nothing but what cues are made of. Out: [`Spec`], what the program knows of a format, and
//! [`Parsed`], what a format makes of a text. Knows no format.

use crate::error::Result;
use crate::notes::Notes;
use crate::transcript::cue::Cue;
use crate::transcript::raw::Raws;

/// What the program knows of a format.
#[derive(Debug)]
pub(super) struct Spec {
    /// Its short name, for reports: small letters, digits and hyphens.
    pub name: &'static str,
    /// How the names of its files end, in small letters, without the point. Several formats may
    /// share one: what a file is, its content says.
    pub endings: &'static [&'static str],
    /// Whether a text is of this format; `None` where only reading it as one of its family tells.
    pub detect: Option<fn(&str) -> bool>,
    /// Reads a text of this format, whose line ends are all `\n`.
    pub parse: fn(&str) -> Result<Parsed>,
    /// Whether a speaker's label holds for the cues after it, too, until another comes. Where a
    /// format has a place of its own for the speaker of each cue, it holds for its own cue only.
    pub label_carries: bool,
}

/// What a format makes of a text.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// The format, where only reading it tells.
    pub spec: Option<&'static Spec>,
    /// What has a time, in the order of the file.
    pub cues: Raws,
    /// What has none.
    pub prose: Vec<Cue>,
    /// What was odd.
    pub notes: Notes,
}
