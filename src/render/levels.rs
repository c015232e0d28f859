//! In: the voices of a track. Out: for each the gain that makes them all equally loud. A voice is measured once, on a text
//! of its own, and the result is kept beside the voices.
//!
//! It is measured on a fixed text and not on the track, so that a voice with a single short line is levelled as well as
//! one with a thousand, and the same in every track. With a single voice nothing is measured: the gain of the track does.

use super::Studio;
use crate::audio::meter::Meter;
use crate::draft::Draft;
use crate::error::Result;
use crate::files::write_whole;
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
            let ids = voice.encode(&self.phonemizer.phonemize(voice.source(), &words)?).ids;
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
        let Some(mut now) = self.path.parent().map(Kept::open) else { return };
        now.levels.insert(key, lufs);
        let Ok(json) = serde_json::to_vec_pretty(&now.levels) else { return };
        // Kept or not, the level is known now.
        let _ = write_whole(&self.path, &json);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Kind};
    use crate::phonemes::Phoneme;
    use crate::progress::Unwatched;
    use crate::render::Options;
    use crate::time::FrameClock;
    use crate::voice::cast::Cast;
    use crate::voice::catalog::Catalog;
    use crate::voice::encode::Encoded;
    use crate::voice::store::Store;
    use crate::voice::tone::Tone;

    /// The voice that makes tones, louder or quieter, or not at all.
    struct Loud(&'static str, Option<f32>);

    impl Voice for Loud {
        fn id(&self) -> &str {
            self.0
        }
        fn fingerprint(&self) -> &str {
            "2"
        }
        fn clock(&self) -> FrameClock {
            Tone.clock()
        }
        fn espeak_voice(&self) -> &str {
            Tone.espeak_voice()
        }
        fn most_tokens(&self) -> usize {
            Tone.most_tokens()
        }
        fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
            Tone.encode(phonemes)
        }
        fn durations(&self, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
            Tone.durations(ids, seed)
        }
        fn sound(&self, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
            let level = self.1.ok_or_else(|| Error::new(Kind::Voice, "it should not be asked to speak"))?;
            Ok(Tone.sound(ids, frames, seed)?.into_iter().map(|sample| sample * level).collect())
        }
    }

    fn studio(folder: &Path) -> Studio {
        let store = Store::open(folder.to_owned(), true);
        let cast = Cast::new(vec!["tone".parse().expect("a voice")], Catalog::built_in().expect("whole"), store);
        Studio::open(Options::default(), cast, folder).expect("opened")
    }

    /// Drafts of two lines, by these voices.
    fn drafts(studio: &Studio, voices: [Option<Loud>; 2]) -> Vec<Draft> {
        let planned = studio.plan(b"0:01 One line.\n0:05 Another line.\n", &Unwatched).expect("planned");
        let mut drafts: Vec<Draft> = planned.tracks.into_iter().flat_map(|track| track.drafts).collect();
        for (number, (draft, voice)) in drafts.iter_mut().zip(voices).enumerate() {
            if let Some(voice) = voice {
                (draft.voice, draft.voice_number) = (Arc::new(voice), number);
            }
        }
        drafts
    }

    #[test]
    fn voices_come_out_equally_loud_and_are_measured_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let studio = studio(folder.path());
        let pair = |a, b| drafts(&studio, [Some(Loud("a", a)), Some(Loud("b", b))]);
        let gains = studio.voice_gains(&pair(Some(0.1), Some(0.4))).expect("measured");
        assert!((gains[0] / gains[1] - 4.0).abs() < 0.05, "{gains:?}");
        // From now on they are known, and neither speaks for that.
        assert_eq!(studio.voice_gains(&pair(None, None)).expect("known"), gains);
        assert!(folder.path().join(KEPT).is_file());
        std::fs::write(folder.path().join(KEPT), "not JSON").expect("written");
        assert!(studio.voice_gains(&pair(None, None)).is_err());
        assert_eq!(studio.voice_gains(&pair(Some(0.1), Some(0.4))).expect("measured again"), gains);
    }

    #[test]
    fn a_single_voice_is_left_to_the_gain_of_the_track() {
        let folder = tempfile::tempdir().expect("a folder");
        let studio = studio(folder.path());
        assert_eq!(studio.voice_gains(&drafts(&studio, [None, None])).expect("nothing to do"), [1.0]);
        assert!(!folder.path().join(KEPT).exists());
    }
}
