//! In: the tracked file `voices/measured.json`, made by `benches/voices.py`. Out: how each voice that was measured sounds
//! and what it costs, and by whom it was judged. Knows no voice by itself.

use crate::error::{Error, Kind, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was measured of a voice at its natural pace.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The mean opinion that the judge foretells, 1 (bad) to 5 (excellent).
    pub opinion: f64,
    /// Half of the 95 % interval of that mean over the sentences.
    pub opinion_within: f64,
    /// Processor seconds for a second of speech, by the whole program on one thread.
    pub cost: f64,
}

/// How voices were measured, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurements {
    /// What foretells the opinion, with its version.
    pub judge: String,
    /// What it judged.
    pub sentences: String,
    /// The processor that the cost was measured on.
    pub processor: String,
    /// The month it was measured in, `2026-11`.
    pub measured: String,
    /// By the id of the voice.
    pub voices: BTreeMap<String, Measured>,
}

impl Measurements {
    /// Reads the table.
    ///
    /// # Errors
    /// Of kind `Voice` when it is no JSON of this shape.
    pub(super) fn parse(json: &str) -> Result<Measurements> {
        serde_json::from_str(json)
            .map_err(|e| Error::new(Kind::Voice, "the table of measured voices cannot be read").because(e))
    }

    /// How it was measured, in a sentence for people.
    pub fn method(&self) -> String {
        format!(
            "sounds: opinion from 1 to 5 as foretold by {} for {}; costs: processor seconds for a second of speech, \
             whole job, one thread, {} ({})",
            self.judge, self.sentences, self.processor, self.measured
        )
    }
}
