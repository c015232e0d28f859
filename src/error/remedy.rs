//! In: nothing. Out: what a person can do about an error, as a value, so that each program says it
//! in its own terms: a command line names its flags, a library its functions. Knows neither.

use std::fmt;

/// A kind of file or folder that is made for the user, where the user wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Artifact {
    /// The track: a WAV or FLAC file.
    Track,
    /// The report, JSON; also other small files that say what a run has made.
    Report,
    /// The folder with a file for each line.
    Stems,
    /// Captions in WebVTT or SubRip.
    Captions,
    /// A page in HTML.
    Page,
}

impl Artifact {
    /// Its name in messages, which fits after "the" and "a".
    pub fn name(self) -> &'static str {
        match self {
            Artifact::Track => "track",
            Artifact::Report => "report",
            Artifact::Stems => "stems",
            Artifact::Captions => "captions",
            Artifact::Page => "page",
        }
    }
}

impl fmt::Display for Artifact {
    /// Writes its name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What would help against an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// To write the artifact somewhere else.
    AnotherPlace(Artifact),
    /// To free space on the disk, or to write the artifact somewhere else.
    MoreRoom(Artifact),
}

impl fmt::Display for Remedy {
    /// Writes the remedy as one sentence in the imperative that names no flag and no function.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remedy::AnotherPlace(artifact) => write!(f, "choose another place for the {artifact}"),
            Remedy::MoreRoom(artifact) => {
                write!(f, "make room on the disk, or choose another place for the {artifact}")
            }
        }
    }
}
