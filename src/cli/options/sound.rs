//! In: what options say about the sound of a track. Out: the same for the library. Does nothing.

use super::text;
use super::values::{Decibels, Duration, Loudness, ShortSeconds};
use clap::Args;
use cuevox::audio::duck::Duck;
use cuevox::render::Extent;
use cuevox::time::Ticks;
use cuevox::wav::Layout;
use serde::Deserialize;
use std::path::PathBuf;

/// How long the track is.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct LengthOptions {
    /// The track's exact length: seconds, M:SS or H:MM:SS, with a fraction if wanted
    #[arg(long, value_name = "DURATION", conflicts_with = "match_media")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) total: Option<Duration>,

    /// Make the track exactly as long as this media file
    #[arg(long = "match", value_name = "MEDIA")]
    #[serde(rename = "match", deserialize_with = "text::one")]
    pub(crate) match_media: Option<PathBuf>,
}

/// How samples are stored.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct LayoutOptions {
    /// Samples a second [default: 48000]
    #[arg(long, value_name = "HZ")]
    #[serde(deserialize_with = "text::one")]
    sample_rate: Option<u32>,

    /// Bits of a sample: 16, 24 or 32 (float) [default: 16]
    #[arg(long, value_name = "16|24|32")]
    #[serde(deserialize_with = "text::one")]
    bits: Option<u16>,

    /// Channels: 1 or 2 [default: 1]
    #[arg(long, value_name = "1|2")]
    #[serde(deserialize_with = "text::one")]
    channels: Option<u16>,
}

/// How loud the track is, and what lies under it.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct SoundOptions {
    /// Lay the sound of this media file under the speech
    #[arg(long, value_name = "MEDIA")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) background: Option<PathBuf>,

    /// How far the background goes down under the speech, in decibels [default: 20]
    #[arg(long, value_name = "DB")]
    #[serde(deserialize_with = "text::one")]
    duck: Option<Decibels>,

    /// How long it takes the background to go down before a line [default: 0.3]
    #[arg(long, value_name = "SEC")]
    #[serde(deserialize_with = "text::one")]
    duck_attack: Option<ShortSeconds>,

    /// How long the background stays down after a line [default: 0.4]
    #[arg(long, value_name = "SEC")]
    #[serde(deserialize_with = "text::one")]
    duck_hold: Option<ShortSeconds>,

    /// How long it takes the background to come up again [default: 0.9]
    #[arg(long, value_name = "SEC")]
    #[serde(deserialize_with = "text::one")]
    duck_release: Option<ShortSeconds>,

    /// Integrated loudness by EBU R 128, -70 to -5, or off: as the voices speak [default: -16]
    #[arg(long, value_name = "LUFS|off", allow_hyphen_values = true)]
    #[serde(deserialize_with = "text::one")]
    pub(super) loudness: Option<Loudness>,
}

impl LengthOptions {
    /// These, or those of `base` where these say nothing.
    pub(super) fn over(self, base: &LengthOptions) -> LengthOptions {
        if self.total.is_some() || self.match_media.is_some() { self } else { base.clone() }
    }

    /// How long the track is.
    pub(super) fn extent(&self) -> Extent {
        match (self.total, &self.match_media) {
            (Some(Duration(total)), _) => Extent::Total(total),
            (None, Some(media)) => Extent::Match(media.clone()),
            (None, None) => Extent::Own,
        }
    }
}

impl LayoutOptions {
    /// These, and those of `base` where these say nothing.
    pub(super) fn over(self, base: &LayoutOptions) -> LayoutOptions {
        LayoutOptions {
            sample_rate: self.sample_rate.or(base.sample_rate),
            bits: self.bits.or(base.bits),
            channels: self.channels.or(base.channels),
        }
    }

    /// How samples are stored.
    pub(super) fn layout(&self) -> Layout {
        let usual = Layout::default();
        Layout {
            sample_rate: self.sample_rate.unwrap_or(usual.sample_rate),
            bits: self.bits.unwrap_or(usual.bits),
            channels: self.channels.unwrap_or(usual.channels),
        }
    }
}

impl SoundOptions {
    /// These, and those of `base` where these say nothing.
    pub(super) fn over(self, base: &SoundOptions) -> SoundOptions {
        SoundOptions {
            background: self.background.or_else(|| base.background.clone()),
            duck: self.duck.or(base.duck),
            duck_attack: self.duck_attack.or(base.duck_attack),
            duck_hold: self.duck_hold.or(base.duck_hold),
            duck_release: self.duck_release.or(base.duck_release),
            loudness: self.loudness.or(base.loudness),
        }
    }

    /// How what lies under the speech makes room for it.
    pub(super) fn duck(&self) -> Duck {
        let usual = Duck::default();
        let time = |seconds: Option<ShortSeconds>, usual: Ticks| seconds.map_or(usual, |s| Ticks::from_secs(s.0));
        Duck {
            depth_db: self.duck.map_or(usual.depth_db, |duck| duck.0),
            attack: time(self.duck_attack, usual.attack),
            hold: time(self.duck_hold, usual.hold),
            release: time(self.duck_release, usual.release),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cli::args::Args;
    use clap::Parser;

    #[test]
    fn a_loudness_is_negative_and_a_length_is_one() {
        let parsed = Args::try_parse_from(["cuevox", "render", "x", "--loudness", "-23", "--duck", "12"]);
        assert!(parsed.is_ok());
        let both = Args::try_parse_from(["cuevox", "render", "x", "--total", "9", "--match", "m.mp4"]);
        assert!(both.is_err());
    }
}
