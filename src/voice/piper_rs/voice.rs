//! In: the files of a Piper voice; phonemes, ids, frames. Out: what the program asks of a voice, answered by `piper-rs`.
//! Knows no network.

use super::PiperRsModel;
use crate::error::Result;
use crate::phonemes::Phoneme;
use crate::time::FrameClock;
use crate::voice::backend::Backend;
use crate::voice::encode::Encoded;
use crate::voice::engine::{Engine, Facts, Model};
use crate::voice::family::Family;
use crate::voice::files::VoiceFiles;
use crate::voice::hands::Hands;
use crate::voice::piper::{Beside, Config, FAMILY, MOST, Speaker};
use crate::voice::{Said, Voice, edges};
use std::ops::Range;
use std::sync::Arc;

/// Raised whenever a voice spoken by `piper-rs` comes to sound otherwise than before.
const REVISION: &str = "4";

/// Piper voices, by the crate `piper-rs`.
pub(in crate::voice) struct PiperRs;

impl Engine for PiperRs {
    fn family(&self) -> &'static Family {
        &FAMILY
    }

    fn backend(&self) -> Backend {
        Backend::PiperRs
    }

    fn revision(&self) -> &'static str {
        REVISION
    }

    fn load(&self, files: &VoiceFiles, _: &Facts, hands: Hands) -> Result<Arc<dyn Model>> {
        let Beside { graph, model: path, sum, config } = Beside::load(files, hands)?;
        let model = PiperRsModel::load(&path, graph, &config).map_err(|e| e.in_file(&path))?;
        let sum = format!("{sum}{} {REVISION}", self.backend().mark());
        Ok(Arc::new(Loaded { model, config, sum }))
    }

    fn computed_by(&self, _: &[u8]) -> Result<String> {
        Ok("piper-rs".to_owned())
    }
}

/// A loaded model, with what lies beside it.
struct Loaded {
    model: PiperRsModel,
    config: Config,
    sum: String,
}

impl Model for Loaded {
    fn voice(self: Arc<Self>, files: &VoiceFiles, _: &Facts, speaker: Option<&str>) -> Result<Arc<dyn Voice>> {
        let speaker = Speaker::find(files, &self.config, speaker)?;
        Ok(Arc::new(PiperRsVoice { speaker, of: self }))
    }
}

/// A voice spoken by `piper-rs`.
struct PiperRsVoice {
    speaker: Speaker,
    of: Arc<Loaded>,
}

impl Voice for PiperRsVoice {
    fn id(&self) -> &str {
        &self.speaker.id
    }

    fn fingerprint(&self) -> &str {
        &self.of.sum
    }

    fn clock(&self) -> FrameClock {
        self.of.model.clock()
    }

    fn espeak_voice(&self) -> &str {
        self.of.config.espeak_voice()
    }

    fn most_tokens(&self) -> usize {
        MOST
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        self.of.model.encode(phonemes)
    }

    fn durations(&self, ids: &[i32], _: u64) -> Result<Vec<u32>> {
        self.of.model.predict(ids, self.speaker.number)
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        let samples = self.of.model.speak(said.ids, said.frames, self.speaker.number)?;
        Ok(edges::heard(&samples, self.clock().rate))
    }

    fn sound(&self, ids: &[i32], frames: &[u32], _: u64) -> Result<Vec<f32>> {
        self.of.model.speak(ids, frames, self.speaker.number)
    }
}
