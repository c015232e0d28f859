//! In: the files of a Kokoro voice; phonemes, ids, frames. Out: what the program asks of a voice, answered by a Kokoro model.
//! Knows no network.

use super::{FAMILY, Kokoro, REVISION, Style, computed_by};
use crate::error::Result;
use crate::phonemes::{Alphabet, Phoneme};
use crate::time::FrameClock;
use crate::voice::encode::{Encoded, MISAKI_MAX, misaki};
use crate::voice::engine::{Engine, Facts, Model};
use crate::voice::family::Family;
use crate::voice::files::VoiceFiles;
use crate::voice::hands::Hands;
use crate::voice::role::Role;
use crate::voice::{Said, Voice, edges};
use std::ops::Range;
use std::sync::Arc;

/// The engine of Kokoro's voices.
pub(in crate::voice) struct KokoroEngine;

impl Engine for KokoroEngine {
    fn family(&self) -> &'static Family {
        &FAMILY
    }

    fn revision(&self) -> &'static str {
        REVISION
    }

    fn load(&self, files: &VoiceFiles, facts: &Facts, _: Hands) -> Result<Arc<dyn Model>> {
        let file = files.read(Role::Model)?;
        let path = files.path(Role::Model)?;
        let model = Kokoro::load(file.bytes, facts.sample_rate).map_err(|e| e.in_file(path))?;
        Ok(Arc::new(KokoroModel { model, sum: file.sum }))
    }

    fn computed_by(&self, model: &[u8]) -> Result<String> {
        computed_by(model)
    }
}

/// The one model of all voices.
struct KokoroModel {
    model: Kokoro,
    sum: String,
}

impl Model for KokoroModel {
    fn voice(self: Arc<Self>, files: &VoiceFiles, facts: &Facts, _: Option<&str>) -> Result<Arc<dyn Voice>> {
        let file = files.read(Role::Style)?;
        let path = files.path(Role::Style)?;
        let style = Style::parse(&file.bytes).map_err(|e| e.in_file(path))?;
        let sum = format!("{} {} {REVISION}", self.sum, file.sum);
        Ok(Arc::new(KokoroVoice { id: files.id.clone(), sum, espeak: facts.espeak.clone(), style, of: self }))
    }
}

/// A voice of this kind.
struct KokoroVoice {
    id: String,
    sum: String,
    espeak: String,
    style: Style,
    of: Arc<KokoroModel>,
}

impl Voice for KokoroVoice {
    fn id(&self) -> &str {
        &self.id
    }

    fn fingerprint(&self) -> &str {
        &self.sum
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
        MISAKI_MAX + 2
    }

    /// Kokoro's sounds come before the tokens they belong to: after a pause inside an utterance by 22 to 47 ms (ff_siwis).
    fn early(&self) -> u32 {
        2
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        misaki(phonemes)
    }

    fn durations(&self, ids: &[i32], _: u64) -> Result<Vec<u32>> {
        self.of.model.predict(ids, &self.style)
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        match self.of.model.heard(said.ids, said.frames, &self.style)? {
            Some(heard) => Ok(Some(heard)),
            None => Ok(edges::heard(&self.sound(said.ids, said.frames, said.seed)?, self.clock().rate)),
        }
    }

    fn sound(&self, ids: &[i32], frames: &[u32], _: u64) -> Result<Vec<f32>> {
        self.of.model.speak(ids, frames, &self.style)
    }
}
