//! In: phonemes, ids, frames. Out: what the program asks of a voice, answered by a hibari model. Knows no network.

use super::{Hibari, REVISION};
use crate::error::Result;
use crate::phonemes::{Alphabet, Phoneme};
use crate::time::FrameClock;
use crate::voice::encode::{self, Encoded};
use crate::voice::noise::Seed;
use crate::voice::{Said, Voice};
use std::ops::Range;
use std::sync::Arc;

/// How many ids such a voice is spoken with at most, those at both ends included; it was trained on no more.
const MOST: usize = 402;

/// A voice of this kind.
pub(in crate::voice) struct HibariVoice {
    id: String,
    sum: String,
    espeak: String,
    model: Arc<Hibari>,
}

impl HibariVoice {
    /// The voice `id` of this model, whose file has the SHA-256 `sum`; `espeak` names the voice of espeak-ng whose
    /// phonemes it knows.
    pub(in crate::voice) fn new((id, espeak): (&str, &str), model: Arc<Hibari>, sum: &str) -> HibariVoice {
        let sum = format!("{sum} {REVISION}");
        HibariVoice { id: id.to_owned(), sum, espeak: espeak.to_owned(), model }
    }

    fn seed(&self, ids: &[i32], seed: u64) -> Seed {
        Seed::of(seed, &self.id, 0, ids)
    }
}

impl Voice for HibariVoice {
    fn id(&self) -> &str {
        &self.id
    }

    fn fingerprint(&self) -> &str {
        &self.sum
    }

    fn clock(&self) -> FrameClock {
        self.model.clock()
    }

    fn espeak_voice(&self) -> &str {
        &self.espeak
    }

    fn alphabet(&self) -> Alphabet {
        Alphabet::Misaki
    }

    fn most_tokens(&self) -> usize {
        MOST
    }

    /// Its sounds come before the tokens they belong to: after a pause inside an utterance by 17 to 64 ms, 28 as a rule.
    fn early(&self) -> u32 {
        2
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        encode::kokoro(phonemes)
    }

    fn durations(&self, ids: &[i32], _: u64) -> Result<Vec<u32>> {
        self.model.predict(ids)
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        self.model.heard((said.ids, said.frames))
    }

    fn sound(&self, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
        let mut samples = Vec::new();
        self.stream(ids, frames, seed, &mut |more| {
            samples.extend_from_slice(more);
            Ok(())
        })?;
        Ok(samples)
    }

    fn stream(&self, ids: &[i32], frames: &[u32], seed: u64, take: &mut dyn FnMut(&[f32]) -> Result<()>) -> Result<()> {
        self.model.speak((ids, frames), self.seed(ids, seed), take)
    }
}
