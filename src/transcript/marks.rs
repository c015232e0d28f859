//! In: nothing but the ground. Out: the types that say which stretches of a cue's text are not simply read aloud, and
//! why. Knows no format.

use serde::Serialize;
use std::ops::Range;

/// A stretch of a cue's text that is not simply read aloud.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Bytes of the cue's text; empty where something was left out of the text altogether.
    pub place: Range<usize>,
    /// What it is.
    pub what: What,
}

/// Those of `marks`, which are in order and do not overlap, that have a byte of `place`.
pub(super) fn within<'a>(marks: &'a [Mark], place: &Range<usize>) -> impl Iterator<Item = &'a Mark> {
    let end = place.end;
    let from = marks.partition_point(|mark| mark.place.end <= place.start);
    marks[from..].iter().take_while(move |mark| mark.place.start < end)
}

/// What becomes of a marked stretch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum What {
    /// It is not spoken.
    Silent(Silence),
}

/// Why a stretch is not spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Silence {
    /// It describes a sound: `[applause]`, `(door closes)`.
    Sound,
    /// It stands between signs of music: it is sung or played.
    Music,
    /// It says who speaks: `ANNA:`.
    Label,
    /// It stood there before, and was spoken then.
    Repeated,
    /// It says how to read the letters below it, which are spoken themselves.
    Ruby,
    /// It is a picture made of lines, not text.
    Drawing,
}

impl Silence {
    /// The reason in words, for a report.
    pub fn words(self) -> &'static str {
        match self {
            Silence::Sound => "describes a sound",
            Silence::Music => "is music",
            Silence::Label => "says who speaks",
            Silence::Repeated => "repeats what was there before",
            Silence::Ruby => "only helps to read the letters beside it",
            Silence::Drawing => "is a drawing",
        }
    }
}

/// What becomes of sounds and music that the transcript describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Sounds {
    /// They are left out.
    #[default]
    Skip,
    /// They are read aloud like anything else.
    Speak,
}

impl Sounds {
    /// Whether a stretch that is silent for this reason is left out.
    pub fn leave_out(self, why: Silence) -> bool {
        self == Sounds::Skip || !matches!(why, Silence::Sound | Silence::Music)
    }
}
