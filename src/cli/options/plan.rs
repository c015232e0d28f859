//! In: what options say about who speaks, and when. Out: the same for the library. Does nothing.

use super::policy::{FitName, OverflowName, OverlapName, SoundsName};
use super::text;
use super::values::{Rate, Seconds};
use clap::Args;
use cuevox::lang::Tongue;
use cuevox::time::Ticks;
use cuevox::timing::{Bounds, Fit, Overflow, Overlap};
use cuevox::transcript::{NamedEncoding, Sounds};
use cuevox::voice::cast::Choice;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// How the transcript is read, and by whom: what decides about every line by itself.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct LineOptions {
    /// A voice; KEY is a language or a speaker's name, without it every line; #N is one speaker of
    /// several
    #[arg(long = "voice", value_name = "[KEY=]ID[#N]")]
    #[serde(rename = "voice", deserialize_with = "text::list")]
    pub(crate) voices: Vec<Choice>,

    /// The language of every line, en or fr, and how numbers and dates are read: en-GB, fr-BE,
    /// fr-CH [default: found line by line, read as the voice's country does]
    #[arg(long, value_name = "TAG")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) lang: Option<Tongue>,

    /// The encoding of the transcript, as utf-8 or windows-1252 [default: found]
    #[arg(long, value_name = "NAME")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) encoding: Option<NamedEncoding>,

    /// What becomes of sounds and music that the transcript describes: [applause], (door closes), ♪
    /// lyrics ♪ [default: skip]
    #[arg(long, value_enum, value_name = "speak|skip", hide_possible_values = true)]
    #[serde(deserialize_with = "text::one")]
    sounds: Option<SoundsName>,

    /// The fastest a line may be spoken, against the voice's own pace [default: 1.3; relaxed 1.1]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(deserialize_with = "text::one")]
    pub(crate) max_rate: Option<Rate>,
}

/// What decides when lines are spoken.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct PlanOptions {
    /// Pronunciations, as TOML, TSV or W3C PLS; of the same word in several files the last one
    /// counts
    #[arg(long = "lexicon", value_name = "FILE")]
    #[serde(rename = "lexicon", deserialize_with = "text::list")]
    pub(crate) lexicons: Vec<PathBuf>,

    /// What comes first: the stamps (for dubbing), the voice's own pace and pauses (for narration
    /// over slides), or the stamps with the sentences of a long window spread over it [default:
    /// sync]
    #[arg(long, value_enum, value_name = "sync|relaxed|spread", hide_possible_values = true)]
    #[serde(deserialize_with = "text::one")]
    fit: Option<FitName>,

    /// Lines for which there is no time: hold to --lag (hurry them up to --rush, then cut them
    /// where a word ends), push the next ones back without end, trim them before the next line
    /// begins, or fail and make no track [default: hold]
    #[arg(long, value_enum, value_name = "hold|push|trim|fail", hide_possible_values = true)]
    #[serde(deserialize_with = "text::one")]
    overflow: Option<OverflowName>,

    /// Whether people may be heard at once: where their windows overlap in the transcript, or never
    /// [default: speakers]
    #[arg(long, value_enum, value_name = "speakers|never", hide_possible_values = true)]
    #[serde(deserialize_with = "text::one")]
    overlap: Option<OverlapName>,

    /// The slowest a line may be spoken, against the voice's own pace [default: 0.8; relaxed 0.9]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(deserialize_with = "text::one")]
    min_rate: Option<Rate>,

    /// The fastest a line may be spoken where else words of it would be cut, or a line begin later
    /// than --lag [default: 1.5]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(deserialize_with = "text::one")]
    rush: Option<Rate>,

    /// How long before its stamp a line may begin [default: 0.1]
    #[arg(long, value_name = "SEC", allow_negative_numbers = true)]
    #[serde(deserialize_with = "text::one")]
    lead: Option<Seconds>,

    /// How long after its stamp a line may begin; with --overflow push as long as that can be
    /// helped [default: 2; relaxed 10; trim 0.2]
    #[arg(long, value_name = "SEC", allow_negative_numbers = true)]
    #[serde(deserialize_with = "text::one")]
    lag: Option<Seconds>,

    /// What the voices' variety grows from; the same number gives the same track [default: 0]
    #[arg(long, value_name = "N")]
    #[serde(deserialize_with = "text::one")]
    pub(super) seed: Option<u64>,
}

/// Two lists, one after the other.
fn joined<T: Clone>(first: &[T], second: Vec<T>) -> Vec<T> {
    let mut all = first.to_vec();
    all.extend(second);
    all
}

impl LineOptions {
    /// These, and those of `base` where these say nothing; voices come after those of `base`.
    pub(super) fn over(self, base: &LineOptions) -> LineOptions {
        LineOptions {
            voices: joined(&base.voices, self.voices),
            lang: self.lang.or(base.lang),
            encoding: self.encoding.or(base.encoding),
            sounds: self.sounds.or(base.sounds),
            max_rate: self.max_rate.or(base.max_rate),
        }
    }

    /// What becomes of described sounds.
    pub(crate) fn sounds(&self) -> Sounds {
        self.sounds.map(Sounds::from).unwrap_or_default()
    }
}

impl PlanOptions {
    /// These, and those of `base` where these say nothing; lexicons come after those of `base`.
    pub(super) fn over(self, base: &PlanOptions) -> PlanOptions {
        PlanOptions {
            lexicons: joined(&base.lexicons, self.lexicons),
            fit: self.fit.or(base.fit),
            overflow: self.overflow.or(base.overflow),
            overlap: self.overlap.or(base.overlap),
            min_rate: self.min_rate.or(base.min_rate),
            rush: self.rush.or(base.rush),
            lead: self.lead.or(base.lead),
            lag: self.lag.or(base.lag),
            seed: self.seed.or(base.seed),
        }
    }

    /// What the plan must keep to; `max_rate` is that of the lines.
    pub(super) fn bounds(&self, max_rate: Option<Rate>) -> Bounds {
        let fit = self.fit.map(Fit::from).unwrap_or_default();
        let overflow = self.overflow.map(Overflow::from).unwrap_or_default();
        let usual = Bounds::of(fit, overflow);
        let rate = |rate: Option<Rate>, usual: u32| rate.map_or(usual, |rate| rate.0);
        let time = |time: Option<Seconds>, usual: Ticks| time.map_or(usual, |time| Ticks::from_secs(time.0));
        Bounds {
            min_rate: rate(self.min_rate, usual.min_rate),
            max_rate: rate(max_rate, usual.max_rate),
            rush: rate(self.rush, usual.rush),
            overlap: self.overlap.map(Overlap::from).unwrap_or_default(),
            lead: time(self.lead, usual.lead),
            lag: time(self.lag, usual.lag),
            ..usual
        }
    }

    /// Names files to read from `base`.
    pub(super) fn read_from(&mut self, base: &Path) {
        for lexicon in &mut self.lexicons {
            *lexicon = base.join(&*lexicon);
        }
    }
}
