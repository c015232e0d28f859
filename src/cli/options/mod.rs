//! In: options of a track as they are typed, as a line of a manifest has them, as a configuration
//! file has them. Out: the same in types, each declared once for all three, and one set of them
//! over another. Renders nothing.
//!
//! What counts is, in this order: a line of a manifest, the command line, the configuration file,
//! the default. Voices and lexicons are lists: each of these adds to the one after it, and of two
//! that are for the same, the one that stands before in this order counts.

mod beside;
mod config;
mod layers;
mod place;
mod plan;
mod policy;
mod reader;
mod sound;
mod text;
mod values;

pub(crate) use beside::{BesideOptions, is_beside_track};
pub(crate) use config::ConfigOptions;
pub(crate) use layers::{Layers, LineOfManifest};
pub(crate) use place::PlaceOptions;
pub(crate) use plan::{LineOptions, PlanOptions};
pub(crate) use reader::{Holder, Reader};
pub(crate) use sound::{LayoutOptions, LengthOptions, SoundOptions};

use clap::Args;
use cuevox::error::Result;
use cuevox::render::{Delivery, LOUDNESS, Options};
use cuevox::wav::Layout;
use cuevox::words::lexicon::Lexicon;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that decides what a track holds, and what is written beside it.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TrackOptions {
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) lines: LineOptions,

    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) place: PlaceOptions,

    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) plan: PlanOptions,

    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) length: LengthOptions,

    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) layout: LayoutOptions,

    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) sound: SoundOptions,

    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) beside: BesideOptions,
}

impl TrackOptions {
    /// These options, and those of `base` where these say nothing.
    pub(crate) fn over(self, base: &TrackOptions) -> TrackOptions {
        TrackOptions {
            lines: self.lines.over(&base.lines),
            place: self.place.over(&base.place),
            plan: self.plan.over(&base.plan),
            length: self.length.over(&base.length),
            layout: self.layout.over(&base.layout),
            sound: self.sound.over(&base.sound),
            beside: self.beside.over(&base.beside),
        }
    }

    /// These for the library, which shares the work among `jobs` threads; the lexicon is what its
    /// files say.
    ///
    /// # Errors
    /// Of kind `Usage` when a part ends before it begins.
    pub(crate) fn options(&self, lexicon: Lexicon, jobs: Option<usize>) -> Result<Options> {
        Ok(Options {
            lang: self.lines.lang,
            encoding: self.lines.encoding,
            shift: self.place.shift(),
            excerpt: self.place.excerpt()?,
            sounds: self.lines.sounds(),
            lexicon: Arc::new(lexicon),
            bounds: self.plan.bounds(self.lines.max_rate),
            layout: self.layout(),
            seed: self.plan.seed.unwrap_or(0),
            jobs,
            delivery: self.delivery(),
        })
    }

    /// How samples are stored.
    pub(crate) fn layout(&self) -> Layout {
        self.layout.layout()
    }

    /// How the track leaves the program.
    fn delivery(&self) -> Delivery {
        Delivery {
            loudness: self.sound.loudness.map_or(Some(LOUDNESS), |loudness| loudness.0),
            background: self.sound.background.clone(),
            duck: self.sound.duck(),
            extent: self.length.extent(),
        }
    }

    /// The media files that it is made with.
    pub(crate) fn media(&self) -> impl Iterator<Item = &PathBuf> {
        self.sound.background.iter().chain(&self.length.match_media)
    }

    /// Names files to read from `base`.
    pub(crate) fn read_from(&mut self, base: &Path) {
        self.plan.read_from(base);
        for media in self.sound.background.iter_mut().chain(&mut self.length.match_media) {
            *media = base.join(&*media);
        }
    }
}

#[cfg(test)]
mod tests;
