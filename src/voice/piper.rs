//! In: phoneme ids. Out: a Piper voice's own durations for them, and its speech for exactly the durations it is given.
//! Knows nothing of text, lines or windows.
//!
//! A Piper voice is a VITS network exported to ONNX (<https://github.com/rhasspy/piper>). Its durations are the output
//! of the graph's one `Ceil` node, in frames of one decoder step; giving other values for that node makes it speak
//! those. Its two `RandomNormalLike` nodes, the first of the duration predictor and the second of the voice itself,
//! are given noise drawn from a seed.

use super::graph::Graph;
use super::inference::{Network, elements, floats, whole};
use super::noise::Seed;
use crate::error::{Error, Kind, Result};
use crate::time::FrameClock;
use rten::{NodeId, Value, ValueOrView};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the configuration beside a Piper model says, as far as it matters here.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    audio: Audio,
    espeak: Espeak,
    #[serde(default)]
    inference: Inference,
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

#[derive(Clone, Debug, Deserialize)]
struct Audio {
    sample_rate: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct Espeak {
    voice: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
struct Inference {
    noise_scale: f32,
    length_scale: f32,
    noise_w: f32,
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
        if config.num_speakers < 0 {
            return wrong(&format!("says it has {} speakers", config.num_speakers));
        }
        if ["^", "_", "$"].iter().any(|mark| config.phoneme_id_map.get(*mark).is_none_or(Vec::is_empty)) {
            return wrong("lacks ids for the beginning, the end or the pad");
        }
        Ok(config)
    }

    /// Whether it can be that of this model.
    fn check_against(&self, graph: &Graph) -> Result<()> {
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

/// A loaded Piper model.
pub(super) struct Piper {
    network: Network,
    clock: FrameClock,
    scales: [f32; 3],
    channels: usize,
    ids: NodeId,
    lengths: NodeId,
    scale: NodeId,
    speaker: Option<NodeId>,
    durations: NodeId,
    duration_noise: Option<NodeId>,
    voice_noise: NodeId,
    audio: NodeId,
}

const DURATION_STREAM: u64 = 0;
const VOICE_STREAM: u64 = 1;

impl Piper {
    /// Loads the model from the bytes of its file; the configuration is the one beside it.
    pub(super) fn load(bytes: Vec<u8>, config: &Config) -> Result<Piper> {
        let graph = Graph::read(&bytes)?;
        let durations = graph.only_output("Ceil")?;
        let noise = graph.outputs("RandomNormalLike");
        let clock = FrameClock { hop: graph.upsampling("/dec/")?, rate: config.audio.sample_rate };
        let channels = graph.conv_channels("/dec/conv_pre")?;
        let takes_speaker = graph.has_input("sid");
        config.check_against(&graph)?;
        drop(graph);
        let network = Network::load(bytes)?;
        let (duration_noise, voice_noise) = match noise.as_slice() {
            [voice] => (None, voice),
            [duration, voice] => (Some(network.value(duration)?), voice),
            _ => return Err(Error::new(Kind::Voice, "the model does not draw its noise the way a Piper voice does")),
        };
        let Inference { noise_scale, length_scale, noise_w } = config.inference;
        Ok(Piper {
            clock,
            channels,
            scales: [noise_scale, length_scale, noise_w],
            ids: network.value("input")?,
            lengths: network.value("input_lengths")?,
            scale: network.value("scales")?,
            speaker: takes_speaker.then(|| network.value("sid")).transpose()?,
            durations: network.value(&durations)?,
            duration_noise,
            voice_noise: network.value(voice_noise)?,
            audio: network.value("output")?,
            network,
        })
    }

    /// How long one frame is.
    pub(super) fn clock(&self) -> FrameClock {
        self.clock
    }

    fn inputs(&self, ids: &[i32], speaker: i32, seed: Seed) -> Result<Vec<(NodeId, ValueOrView<'static>)>> {
        let count = ids.len();
        let length = i32::try_from(count).map_err(|_| Error::new(Kind::Input, "an utterance is far too long"))?;
        let mut inputs: Vec<(NodeId, ValueOrView<'static>)> = vec![
            (self.ids, whole(&[1, count], ids.to_vec())?.into()),
            (self.lengths, whole(&[1], vec![length])?.into()),
            (self.scale, floats(&[3], self.scales.to_vec())?.into()),
        ];
        if let Some(node) = self.speaker {
            inputs.push((node, whole(&[1], vec![speaker])?.into()));
        }
        if let Some(node) = self.duration_noise {
            inputs.push((node, floats(&[1, 2, count], seed.normal(DURATION_STREAM, 2 * count))?.into()));
        }
        Ok(inputs)
    }

    /// Frames of each id, as the voice would speak them by itself.
    pub(super) fn predict(&self, ids: &[i32], speaker: i32, seed: Seed) -> Result<Vec<u32>> {
        let [frames] = self.network.run(self.inputs(ids, speaker, seed)?, [self.durations])?;
        Ok(elements(frames)?.into_iter().map(|f| f as u32).collect())
    }

    /// Samples at the voice's own rate, `hop` for each of the given frames.
    pub(super) fn speak(&self, ids: &[i32], frames: &[u32], speaker: i32, seed: Seed) -> Result<Vec<f32>> {
        let total: usize = frames.iter().map(|f| *f as usize).sum();
        let planned: Value = floats(&[1, 1, ids.len()], frames.iter().map(|f| *f as f32).collect())?;
        let mut inputs = self.inputs(ids, speaker, seed)?;
        inputs.push((self.durations, planned.into()));
        let noise = seed.normal(VOICE_STREAM, self.channels * total);
        inputs.push((self.voice_noise, floats(&[1, self.channels, total], noise)?.into()));
        let [audio] = self.network.run(inputs, [self.audio])?;
        elements(audio)
    }
}
