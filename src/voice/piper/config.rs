//! In: the JSON beside a Piper model. Out: what it says, checked. Runs nothing.

use crate::error::{Error, Kind, Result};
use crate::lang::Lang;
use crate::voice::graph::Graph;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the configuration beside a Piper model says, as far as it matters here.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    pub(in crate::voice) audio: Audio,
    espeak: Espeak,
    #[serde(default)]
    pub(in crate::voice) inference: Inference,
    /// Ids of each phoneme.
    pub phoneme_id_map: BTreeMap<String, Vec<i32>>,
    #[serde(default)]
    phoneme_type: Option<String>,
    #[serde(default = "one")]
    num_speakers: i32,
    /// Numbers of the speakers by name.
    #[serde(default)]
    pub speaker_id_map: BTreeMap<String, i32>,
}

/// What it says of the sound.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::voice) struct Audio {
    pub(in crate::voice) sample_rate: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct Espeak {
    voice: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::voice) struct Inference {
    pub(in crate::voice) noise_scale: f32,
    pub(in crate::voice) length_scale: f32,
    pub(in crate::voice) noise_w: f32,
}

impl Default for Inference {
    /// The values Piper itself falls back to.
    fn default() -> Inference {
        Inference { noise_scale: 0.667, length_scale: 1.0, noise_w: 0.8 }
    }
}

fn one() -> i32 {
    1
}

impl Config {
    /// Reads and checks the JSON beside a model.
    pub fn parse(bytes: &[u8]) -> Result<Config> {
        let config: Config = serde_json::from_slice(bytes).map_err(|e| {
            Error::new(Kind::Voice, "the voice's configuration is damaged or not Piper's").because(e.to_string())
        })?;
        let wrong = |what: &str| Err(Error::new(Kind::Voice, format!("the voice's configuration {what}")));
        let scale = config.inference.length_scale;
        match config.phoneme_type.as_deref() {
            None | Some("espeak") => {}
            Some(other) => return wrong(&format!("wants phonemes of the kind '{other}', not espeak's")),
        }
        if !(4000..=384_000).contains(&config.audio.sample_rate) {
            return wrong(&format!("has a sample rate of {} Hz", config.audio.sample_rate));
        }
        if !(scale.is_finite() && (0.1..=10.0).contains(&scale)) {
            return wrong(&format!("has a length scale of {scale}"));
        }
        let Inference { noise_scale, noise_w, .. } = config.inference;
        if let Some(noise) = [noise_scale, noise_w].iter().find(|noise| !(0.0..=10.0).contains(*noise)) {
            return wrong(&format!("has a noise scale of {noise}"));
        }
        if config.espeak.voice.parse::<Lang>().is_err() {
            let voice = &config.espeak.voice;
            return wrong(&format!("is for the espeak voice '{voice}', and only English and French can be spoken"));
        }
        if config.num_speakers < 0 {
            return wrong(&format!("says it has {} speakers", config.num_speakers));
        }
        if ["^", "_", "$"].iter().any(|mark| config.phoneme_id_map.get(*mark).is_none_or(Vec::is_empty)) {
            return wrong("lacks ids for the beginning, the end or the pad");
        }
        Ok(config)
    }

    /// Whether it can be that of this model.
    pub(super) fn check_against(&self, graph: &Graph) -> Result<()> {
        let wrong = |what: String| {
            Err(Error::new(Kind::Voice, format!("the configuration beside this model is not its own: it {what}")))
        };
        if let Some(known) = graph.table_len("input") {
            let ids = self.phoneme_id_map.iter().flat_map(|(phoneme, ids)| ids.iter().map(move |id| (phoneme, id)));
            let mut strange = ids.filter(|(_, id)| !(0..known).contains(&i64::from(**id)));
            if let Some((phoneme, id)) = strange.next() {
                return wrong(format!("gives '{phoneme}' the number {id}, and the model knows 0 to {}", known - 1));
            }
        }
        let speakers = if graph.has_input("sid") { graph.table_len("sid") } else { Some(1) };
        match speakers.filter(|known| i64::from(self.speakers()) > *known) {
            Some(known) => wrong(format!("has {} speakers, and the model {known}", self.speakers())),
            None => Ok(()),
        }
    }

    /// The espeak-ng voice whose phonemes the model was trained on.
    pub fn espeak_voice(&self) -> &str {
        &self.espeak.voice
    }

    /// How many speakers there are, at least 1.
    pub fn speakers(&self) -> i32 {
        self.num_speakers.max(1)
    }

    /// The number of a speaker, by name or by number.
    pub fn speaker(&self, name: &str) -> Option<i32> {
        let by_name = self.speaker_id_map.get(name).copied();
        by_name.or_else(|| name.parse().ok()).filter(|id| (0..self.speakers()).contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn config() -> Value {
        json!({
            "audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"}, "num_speakers": 1,
            "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
            "phoneme_id_map": {"^": [1], "_": [0], "$": [2], "a": [14]}
        })
    }

    #[test]
    fn a_damaged_configuration_is_refused_with_the_reason() {
        let rows = [
            ("/audio", json!(null), "damaged or not Piper's"),
            ("/audio/sample_rate", json!(1), "sample rate of 1 Hz"),
            ("/espeak/voice", json!("de"), "only English and French"),
            ("/espeak/voice", json!("../../etc/passwd"), "only English and French"),
            ("/espeak/voice", json!(""), "only English and French"),
            ("/num_speakers", json!(-3), "-3 speakers"),
            ("/num_speakers", json!(1_000_000_000_000_u64), "damaged or not Piper's"),
            ("/inference/length_scale", json!(0), "length scale of 0"),
            ("/inference/noise_w", json!(1e38), "noise scale of 1"),
            ("/inference/noise_scale", json!(-1), "noise scale of -1"),
            ("/phoneme_id_map", json!({}), "lacks ids"),
            ("/phoneme_id_map/a", json!([9_999_999_999_u64]), "damaged or not Piper's"),
            ("/phoneme_id_map/a", json!(["x"]), "damaged or not Piper's"),
        ];
        let parse = |config: &Value| Config::parse(config.to_string().as_bytes());
        assert!(parse(&config()).is_ok());
        for (place, value, reason) in rows {
            let mut damaged = config();
            *damaged.pointer_mut(place).expect("it is there") = value;
            let error = parse(&damaged).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(error.contains(reason), "{place}: {error}");
        }
        for bytes in [&b""[..], b"[]", b"{}", b"text", b"\xff\xfe\x00", &b"[".repeat(100_000)] {
            assert!(Config::parse(bytes).is_err_and(|e| e.kind() == Kind::Voice));
        }
    }
}
