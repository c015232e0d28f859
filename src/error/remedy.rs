//! In: nothing. Out: what a person can do about an error, as a value, so that each program says it
//! in its own terms: a command line names its flags, a library its functions. Knows neither.

use std::borrow::Cow;
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// To write the artifact somewhere else.
    AnotherPlace(Artifact),
    /// To free space on the disk, or to write the artifact somewhere else.
    MoreRoom(Artifact),
    /// What this sentence says, in which settings and actions are values.
    Advice(Vec<Word>),
}

/// A part of an advice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Word {
    /// To be said as it stands.
    Text(Cow<'static, str>),
    /// The name of a setting.
    Setting(Setting),
    /// Something to do.
    Action(Action),
}

impl From<&'static str> for Word {
    fn from(text: &'static str) -> Word {
        Word::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Word {
    fn from(text: String) -> Word {
        Word::Text(Cow::Owned(text))
    }
}

impl From<Setting> for Word {
    fn from(setting: Setting) -> Word {
        Word::Setting(setting)
    }
}

impl From<Action> for Word {
    fn from(action: Action) -> Word {
        Word::Action(action)
    }
}

/// The advice that these texts, settings and actions make, one after the other.
macro_rules! advice {
    ($($word:expr),+ $(,)?) => {
        $crate::error::Remedy::Advice(vec![$($crate::error::Word::from($word)),+])
    };
}
pub(crate) use advice;

/// Makes [`Setting`] with what each is called here.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $words:literal,)+) => {
        /// Something that can be asked to be otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Setting {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Setting {
            /// All of them.
            pub const ALL: &'static [Setting] = &[$(Setting::$name,)+];

            /// What it is called where nothing is known of flags.
            fn in_words(self) -> &'static str {
                match self {
                    $(Setting::$name => $words,)+
                }
            }
        }
    };
}

settings! {
    /// Bits of a sample.
    Bits: "bits a sample of",
    /// The folder of spoken utterances.
    Cache: "cache",
    /// Where a part of a track begins.
    From: "beginning of the part",
    /// How many threads share the work.
    Jobs: "threads",
    /// How late a line may begin.
    Lag: "lag",
    /// How early a line may begin.
    Lead: "lead",
    /// A media file whose length the track is to have.
    Match: "media file to match",
    /// The fastest rate.
    MaxRate: "greatest rate",
    /// By how much times are moved.
    Offset: "offset",
    /// That nothing is fetched.
    Offline: "being offline",
    /// What becomes of what does not fit.
    Overflow: "overflow policy",
    /// The fastest rate where a line would else be cut.
    Rush: "rate to rush at",
    /// Samples a second of the track.
    SampleRate: "sample rate",
    /// The folder for lines as files.
    Stems: "folder of lines",
    /// Where a part of a track ends.
    To: "end of the part",
    /// How long the track is.
    Total: "total length",
    /// Who speaks.
    Voice: "voice",
    /// Where voices are kept.
    VoicesDir: "folder of voices",
}

/// Something that can be done beside the work that failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// To look at the list of voices.
    ListVoices,
    /// To install the voice of this id, or what is wrong of it again.
    InstallVoice(String),
    /// To have every byte of the voice of this id checked.
    VerifyVoice(String),
}

impl fmt::Display for Word {
    /// Writes it so that it names no flag and no function.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Word::Text(text) => f.write_str(text),
            Word::Setting(setting) => f.write_str(setting.in_words()),
            Word::Action(Action::ListVoices) => f.write_str("the list of voices"),
            Word::Action(Action::InstallVoice(id)) => write!(f, "an installation of '{id}'"),
            Word::Action(Action::VerifyVoice(id)) => write!(f, "a check of '{id}'"),
        }
    }
}

impl fmt::Display for Remedy {
    /// Writes the remedy as one sentence in the imperative that names no flag and no function.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remedy::Advice(words) => words.iter().try_for_each(|word| write!(f, "{word}")),
            Remedy::AnotherPlace(artifact) => write!(f, "choose another place for the {artifact}"),
            Remedy::MoreRoom(artifact) => {
                write!(f, "make room on the disk, or choose another place for the {artifact}")
            }
        }
    }
}
