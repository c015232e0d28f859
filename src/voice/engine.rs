//! What an engine is: a row of the table in `engines`, that loads the voices of a family of models. Knows none of them.

use super::Voice;
use super::backend::Backend;
use super::family::Family;
use super::files::VoiceFiles;
use super::hands::Hands;
use crate::error::Result;
use std::path::Path;
use std::sync::Arc;

/// What a voice has to know beside its files.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The espeak-ng voice, where no configuration says it.
    pub espeak: String,
    /// The sample rate, where no configuration says it.
    pub sample_rate: u32,
}

/// What loads the voices of a family: a row of the table.
pub trait Engine: Send + Sync {
    /// The family whose voices it speaks.
    fn family(&self) -> &'static Family;

    /// The back end that a person names to have this engine and no other of its family.
    fn backend(&self) -> Backend {
        Backend::Own
    }

    /// Part of the fingerprint of its voices: raised whenever one of them comes to sound otherwise than before.
    fn revision(&self) -> &'static str;

    /// Loads the model of these files; on two threads where it is given two hands and that helps.
    ///
    /// # Errors
    /// When a file is missing, damaged, or not of this family.
    fn load(&self, files: &VoiceFiles, facts: &Facts, hands: Hands) -> Result<Arc<dyn Model>>;

    /// The files of a voice that is no voice of the catalogue but a file of the user's, `model`; `None` where the family knows
    /// no such voices.
    fn files_of(&self, model: &Path) -> Option<Result<VoiceFiles>> {
        let _ = model;
        None
    }

    /// What computes its sound, in words for a person, and why, where that is not this crate's own layers. `model` is the
    /// bytes of a model's file.
    ///
    /// # Errors
    /// When that is no model of this family.
    fn computed_by(&self, model: &[u8]) -> Result<String>;
}

/// A loaded model, of which voices are made.
pub trait Model: Send + Sync {
    /// The voice of these files that this model speaks; `speaker` is a name or a number, where it has several.
    ///
    /// # Errors
    /// When there is no such speaker, or a file that is the voice's alone is damaged.
    fn voice(self: Arc<Self>, files: &VoiceFiles, facts: &Facts, speaker: Option<&str>) -> Result<Arc<dyn Voice>>;
}
