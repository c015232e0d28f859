//! In: the voices of a track. Out: for each the gain that makes them all equally loud. A voice is measured once, on a text
//! of its own, and the result is kept beside the voices.
//!
//! It is measured on a fixed text and not on the track, so that a voice with a single short line is levelled as well as
//! one with a thousand, and the same in every track. With a single voice nothing is measured: the gain of the track does.

use super::Studio;
use crate::audio::meter::Meter;
use crate::draft::Draft;
use crate::error::Result;
use crate::voice::{Voice, predict, speak};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file that keeps what was measured, in the folder of voices.
const KEPT: &str = "levels.json";

/// Where every voice is brought to, in LUFS: the target level of EBU R 128. The track's own gain comes after.
const COMMON: f64 = -23.0;

/// The most a voice is raised or lowered, in decibels.
const MOST: f64 = 30.0;

/// What voices are measured on.
const ENGLISH: &str = "The birch canoe slid on the smooth planks. Rice is often served in round bowls. \
                       The juice of lemons makes fine punch.";
const FRENCH: &str = "Le bateau glisse sur l'eau calme du port. La soupe est servie dans de grands bols. \
                      Il fait beau ce matin, et tout le monde est dehors.";

impl Studio {
    /// The gain of each voice of these drafts, by its number: all 1 where there is but one, or where levels are to stay
    /// as they are.
    pub(super) fn voice_gains(&self, drafts: &[Draft]) -> Result<Vec<f32>> {
        let mut voices: BTreeMap<usize, &Arc<dyn Voice>> = BTreeMap::new();
        for draft in drafts {
            voices.entry(draft.voice_number).or_insert(&draft.voice);
        }
        let count = voices.keys().next_back().map_or(0, |last| last + 1);
        let mut gains = vec![1.0; count];
        if voices.len() < 2 || self.options.delivery.loudness.is_none() {
            return Ok(gains);
        }
        let kept = Kept::open(&self.folder);
        for (number, voice) in voices {
            let key = format!("{} {}", voice.id(), voice.fingerprint());
            let lufs = match kept.levels.get(&key) {
                Some(lufs) => *lufs,
                None => {
                    let measured = self.measured(voice.as_ref())?;
                    kept.keep(key, measured);
                    measured
                }
            };
            let raise = lufs.map_or(0.0, |lufs| (COMMON - lufs).clamp(-MOST, MOST));
            gains[number] = 10f64.powf(raise / 20.0) as f32;
        }
        Ok(gains)
    }

    /// How loud the voice is by itself, to a hundredth of a LU, so that it is the same read from a file; `None` for
    /// silence.
    fn measured(&self, voice: &dyn Voice) -> Result<Option<f64>> {
        let text = if voice.espeak_voice().starts_with("fr") { FRENCH } else { ENGLISH };
        let mut meter = Meter::of_loudness(voice.clock().rate, 1);
        for sentence in text.split_inclusive(". ") {
            let words: Vec<&str> = sentence.split_whitespace().collect();
            let ids = voice.encode(&self.phonemizer.phonemize(voice.espeak_voice(), &words)?).ids;
            let frames = predict(voice, &ids, 0)?;
            meter.hear(&speak(voice, &ids, &frames, 0)?);
        }
        Ok(meter.level().lufs.map(|lufs| (lufs * 100.0).round() / 100.0))
    }
}

/// Levels that were measured before. A file that cannot be read or written costs a new measurement and nothing else.
struct Kept {
    path: PathBuf,
    levels: BTreeMap<String, Option<f64>>,
}

impl Kept {
    fn open(folder: &Path) -> Kept {
        let path = folder.join(KEPT);
        let levels = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Kept { path, levels }
    }

    /// Adds a level to the file as it is now, in one step.
    fn keep(&self, key: String, lufs: Option<f64>) {
        let now = self.path.parent().map(Kept::open);
        let (Some(mut now), Some(folder)) = (now, self.path.parent()) else { return };
        now.levels.insert(key, lufs);
        let written = || -> std::io::Result<()> {
            let file = tempfile::Builder::new().prefix(".cuevox-").suffix(".part").tempfile_in(folder)?;
            fs::write(file.path(), serde_json::to_vec_pretty(&now.levels)?)?;
            file.persist(&self.path).map(drop).map_err(|e| e.error)
        };
        // Kept or not, the level is known now.
        let _ = written();
    }
}
