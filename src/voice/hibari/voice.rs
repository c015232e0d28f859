//! In: the file of a hibari voice; phonemes, ids, frames. Out: what the program asks of a voice, answered by a hibari model.
//! Knows no network.

use super::{FAMILY, Hibari, REVISION, computed_by};
use crate::error::Result;
use crate::phonemes::{Alphabet, Phoneme};
use crate::time::FrameClock;
use crate::voice::encode::{Encoded, misaki};
use crate::voice::engine::{Engine, Facts, Model};
use crate::voice::family::Family;
use crate::voice::files::VoiceFiles;
use crate::voice::graph::Graph;
use crate::voice::hands::Hands;
use crate::voice::noise::Seed;
use crate::voice::role::Role;
use crate::voice::{Said, Voice};
use std::ops::Range;
use std::sync::Arc;

/// How many ids such a voice is spoken with at most, those at both ends included; it was trained on no more.
const MOST: usize = 402;

/// The engine of hibari voices.
pub(in crate::voice) struct HibariEngine;

impl Engine for HibariEngine {
    fn family(&self) -> &'static Family {
        &FAMILY
    }

    fn revision(&self) -> &'static str {
        REVISION
    }

    fn load(&self, files: &VoiceFiles, facts: &Facts, _: Hands) -> Result<Arc<dyn Model>> {
        let file = files.read(Role::Model)?;
        let graph = Graph::read(&file.bytes);
        drop(file.bytes);
        let model = graph.and_then(|graph| Hibari::load(&graph, facts.sample_rate));
        let path = files.path(Role::Model)?;
        let model = model.map_err(|e| e.in_file(path))?;
        Ok(Arc::new(HibariModel { model, sum: format!("{} {REVISION}", file.sum) }))
    }

    fn computed_by(&self, model: &[u8]) -> Result<String> {
        computed_by(model)
    }
}

/// A loaded model.
struct HibariModel {
    model: Hibari,
    sum: String,
}

impl Model for HibariModel {
    fn voice(self: Arc<Self>, files: &VoiceFiles, facts: &Facts, _: Option<&str>) -> Result<Arc<dyn Voice>> {
        Ok(Arc::new(HibariVoice { id: files.id.clone(), espeak: facts.espeak.clone(), of: self }))
    }
}

/// A voice of this kind.
struct HibariVoice {
    id: String,
    espeak: String,
    of: Arc<HibariModel>,
}

impl HibariVoice {
    fn seed(&self, ids: &[i32], seed: u64) -> Seed {
        Seed::of(seed, &self.id, 0, ids)
    }
}

impl Voice for HibariVoice {
    fn id(&self) -> &str {
        &self.id
    }

    fn fingerprint(&self) -> &str {
        &self.of.sum
    }

    fn clock(&self) -> FrameClock {
        self.of.model.clock()
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
        misaki(phonemes)
    }

    fn durations(&self, ids: &[i32], _: u64) -> Result<Vec<u32>> {
        self.of.model.predict(ids)
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        self.of.model.heard((said.ids, said.frames))
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
        self.of.model.speak((ids, frames), self.seed(ids, seed), take)
    }
}
