//! In: a text. Out: what format it is, and its cues as that format has them, with their markup.
//! Knows the formats by the rows of one table; what varies from one to another is specified in the
//! format's own module.

mod ass;
mod json;
mod lrc;
mod oddities;
mod prose;
mod sbv;
mod spec;
mod srt;
mod stamped;
mod tsv;
mod ttml;
mod vtt;

use super::cue::Cue;
use super::raw::Raws;
use crate::error::Result;
use crate::notes::Note;
use spec::Spec;

/// Makes [`Format`] and the specifications of its variants from one table, so that there is no
/// format without a row and no row without a format.
macro_rules! formats {
    ($($(#[doc = $doc:literal])+ $name:ident: $spec:path,)+) => {
        /// What kind of text a transcript is, found by its content.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Format {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Format {
            /// All of them, in the order in which they are asked whether a text is theirs.
            pub const ALL: &'static [Format] = &[$(Format::$name,)+];

            fn spec(self) -> &'static Spec {
                match self {
                    $(Format::$name => &$spec,)+
                }
            }
        }
    };
}

// Those that cannot be mistaken come first; the last knows any text.
formats! {
    /// TTML, also known as DFXP and as IMSC.
    Ttml: ttml::SPEC,
    /// JSON in this program's own form, its reports among it.
    Json: json::OWN,
    /// The JSON of Whisper's many programs.
    WhisperJson: json::WHISPER,
    /// YouTube's json3.
    Json3: json::JSON3,
    /// A table with starts and ends: Whisper's TSV, Audacity's labels.
    Tsv: tsv::SPEC,
    /// WebVTT: `.vtt`.
    Vtt: vtt::SPEC,
    /// Advanced SubStation Alpha and its forerunner: `.ass`, `.ssa`.
    Ass: ass::SPEC,
    /// YouTube's own: `.sbv`.
    Sbv: sbv::SPEC,
    /// SubRip: `.srt`.
    Srt: srt::SPEC,
    /// Lyrics with times: `.lrc`.
    Lrc: lrc::SPEC,
    /// Lines that begin with a time, perhaps with prose around them.
    Stamped: stamped::SPEC,
    /// Sentences and paragraphs without times.
    Prose: prose::SPEC,
}

impl Format {
    /// Its short name, for reports.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// How the names of its files end, in small letters, without the point. What a file is, its
    /// content says: several formats share `json` and `txt`.
    pub fn endings(self) -> &'static [&'static str] {
        self.spec().endings
    }

    /// Whether a speaker's label holds for the cues after it, too, until another comes.
    pub(super) fn label_carries(self) -> bool {
        self.spec().label_carries
    }

    /// The format of this text: the first that knows it.
    pub(super) fn of(text: &str) -> Format {
        let knows = |format: &&Format| format.spec().detect.is_some_and(|detect| detect(text));
        Format::ALL.iter().find(knows).copied().unwrap_or(Format::Prose)
    }

    /// The format of these specifications.
    fn with(spec: &'static Spec) -> Option<Format> {
        Format::ALL.iter().find(|format| std::ptr::eq(format.spec(), spec)).copied()
    }
}

/// A text as its format has it.
#[derive(Debug)]
pub(super) struct Raw {
    pub format: Format,
    /// What has a time, in the order of the file.
    pub cues: Raws,
    /// What has none.
    pub prose: Vec<Cue>,
    /// What was odd.
    pub notes: Vec<Note>,
}

/// Reads a text as this format, or as what it looks like.
///
/// # Errors
///
/// Of kind [`Kind::Input`](crate::error::Kind::Input): the text breaks the rules of its format
/// where nothing can be guessed.
pub(super) fn parse(text: &str, format: Option<Format>) -> Result<Raw> {
    let format = format.unwrap_or_else(|| Format::of(text));
    let parsed = (format.spec().parse)(text)?;
    let told = parsed.spec.and_then(Format::with);
    let notes = parsed.notes.finish().0;
    Ok(Raw { format: told.unwrap_or(format), cues: parsed.cues, prose: parsed.prose, notes })
}

#[cfg(test)]
mod tests;
