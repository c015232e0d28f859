//! In: phoneme ids. Out: a Piper voice's own durations for them, and its speech for exactly the durations it is given.
//! Knows nothing of text, lines or windows.
//!
//! A Piper voice is a VITS network exported to ONNX (<https://github.com/rhasspy/piper>). Its durations are the output
//! of the graph's one `Ceil` node, in frames of one decoder step; giving other values for that node makes it speak
//! those. Its two `RandomNormalLike` nodes, the first of the duration predictor and the second of the voice itself,
//! are given noise drawn from a seed.
//!
//! The text encoder and the duration predictor are run by rten. What is behind them, the flow and the decoder, which is
//! nearly all of the work, is read from the graph (`anatomy`), packed (`build`) and computed by layers of our own
//! (`sounding`); where the graph is not understood, rten runs all of it.

mod anatomy;
mod build;
mod config;
mod kept;
#[cfg(feature = "piper-rs")]
mod peer;
mod sounding;

pub use config::Config;
#[cfg(feature = "piper-rs")]
pub(super) use peer::Peer;

use super::graph::Graph;
use super::inference::{Network, elements, floats, whole};
use super::noise::Seed;
use crate::error::{Error, Kind, Result};
use crate::time::FrameClock;
use config::Inference;
use kept::{Encoded, Kept};
use rten::{NodeId, Value, ValueOrView};
use sounding::{Sounding, Source};

/// A loaded Piper model.
pub(super) struct Piper {
    network: Network,
    clock: FrameClock,
    scales: [f32; 3],
    ids: NodeId,
    lengths: NodeId,
    scale: NodeId,
    speaker: Option<NodeId>,
    durations: NodeId,
    duration_noise: Option<NodeId>,
    sound: Sound,
}

/// How the sound is made.
enum Sound {
    /// By our own layers, from these values of the network.
    Own { sounding: Box<Sounding>, values: Values, kept: Kept },
    /// By the network as it stands in the file.
    Network { channels: usize, noise: NodeId, audio: NodeId },
}

/// What our own layers need of the network.
struct Values {
    means: NodeId,
    deviations: NodeId,
    speaker: Option<NodeId>,
}

const DURATION_STREAM: u64 = 0;
const VOICE_STREAM: u64 = 1;

/// The values that rten has to make for our own layers.
struct Wanted {
    means: String,
    deviations: String,
    speaker: Option<String>,
}

/// Our own layers, or why there are none.
fn own_layers(graph: &Graph, hop: u32) -> Result<std::result::Result<(Sounding, Wanted), &'static str>> {
    let walk = graph.walk()?;
    Ok(Sounding::read(&walk, "output").and_then(|(sounding, anatomy)| {
        let wanted = Wanted {
            means: anatomy.means.to_owned(),
            deviations: anatomy.deviations.to_owned(),
            speaker: anatomy.speaker.map(str::to_owned),
        };
        match sounding.hop() == hop as usize {
            true => Ok((sounding, wanted)),
            false => Err("the decoder does not make as many samples as it should"),
        }
    }))
}

/// What makes the sound of a Piper model, for people; and why, where it is not our own layers. `model` is its file.
///
/// # Errors
/// When it is no ONNX model, or has no decoder at all.
pub fn path_of(model: &[u8]) -> Result<String> {
    let graph = Graph::read(model)?;
    Ok(match own_layers(&graph, graph.upsampling("/dec/")?)? {
        Ok((sounding, _)) => format!("own decoder, {}", sounding.machine().name()),
        Err(reason) => format!("rten, because {reason}"),
    })
}

impl Piper {
    /// Loads the model from the bytes of its file; the configuration is the one beside it.
    pub(super) fn load(bytes: Vec<u8>, config: &Config) -> Result<Piper> {
        Piper::load_with(bytes, config, own_layers)
    }

    /// The same, and all of it is left to rten.
    pub(super) fn load_as_it_stands(bytes: Vec<u8>, config: &Config) -> Result<Piper> {
        Piper::load_with(bytes, config, |_, _| Ok(Err("it is asked for")))
    }

    fn load_with(
        bytes: Vec<u8>,
        config: &Config,
        layers: impl Fn(&Graph, u32) -> Result<std::result::Result<(Sounding, Wanted), &'static str>>,
    ) -> Result<Piper> {
        let mut graph = Graph::read(&bytes)?;
        // The graph holds all of it; both at once would be most of the memory of a whole job.
        drop(bytes);
        let durations = graph.only_output("Ceil")?;
        let noise = graph.outputs("RandomNormalLike");
        let clock = FrameClock { hop: graph.upsampling("/dec/")?, rate: config.audio.sample_rate };
        let channels = graph.conv_channels("/dec/conv_pre")?;
        let takes_speaker = graph.has_input("sid");
        config.check_against(&graph)?;
        let (duration_noise, voice_noise) = match noise.as_slice() {
            [voice] => (None, voice),
            [duration, voice] => (Some(duration), voice),
            _ => return Err(Error::new(Kind::Voice, "the model does not draw its noise the way a Piper voice does")),
        };
        let (network, sound) = match layers(&graph, clock.hop)? {
            Ok((sounding, wanted)) => {
                let speaker = wanted.speaker.as_deref();
                let outputs = [durations.as_str(), &wanted.means, &wanted.deviations].into_iter().chain(speaker);
                graph.cut_to(&outputs.collect::<Vec<_>>());
                let bytes = graph.write()?;
                drop(graph);
                let network = Network::load(bytes)?;
                let values = Values {
                    means: network.value(&wanted.means)?,
                    deviations: network.value(&wanted.deviations)?,
                    speaker: speaker.map(|name| network.value(name)).transpose()?,
                };
                let sound = Sound::Own { sounding: Box::new(sounding), values, kept: Kept::default() };
                (network, sound)
            }
            Err(_) => {
                let bytes = graph.write()?;
                drop(graph);
                let network = Network::load(bytes)?;
                let (noise, audio) = (network.value(voice_noise)?, network.value("output")?);
                (network, Sound::Network { channels, noise, audio })
            }
        };
        let Inference { noise_scale, length_scale, noise_w } = config.inference;
        Ok(Piper {
            clock,
            scales: [noise_scale, length_scale, noise_w],
            ids: network.value("input")?,
            lengths: network.value("input_lengths")?,
            scale: network.value("scales")?,
            speaker: takes_speaker.then(|| network.value("sid")).transpose()?,
            durations: network.value(&durations)?,
            duration_noise: duration_noise.map(|name| network.value(name)).transpose()?,
            sound,
            network,
        })
    }

    /// How long one frame is.
    pub(super) fn clock(&self) -> FrameClock {
        self.clock
    }

    fn inputs(&self, ids: &[i32], speaker: i32) -> Result<Vec<(NodeId, ValueOrView<'static>)>> {
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
        Ok(inputs)
    }

    /// Frames of each id, as the voice would speak them by itself.
    pub(super) fn predict(&self, ids: &[i32], speaker: i32, seed: Seed) -> Result<Vec<u32>> {
        let mut inputs = self.inputs(ids, speaker)?;
        if let Some(node) = self.duration_noise {
            let noise = seed.normal(DURATION_STREAM, 2 * ids.len());
            inputs.push((node, floats(&[1, 2, ids.len()], noise)?.into()));
        }
        let frames = match &self.sound {
            Sound::Own { values, kept, .. } => {
                let (encoded, frames) = self.encode(inputs, values, Some(self.durations))?;
                kept.put(speaker, ids, encoded);
                frames
            }
            Sound::Network { .. } => {
                let [frames] = self.network.run(inputs, [self.durations])?;
                elements(frames)?
            }
        };
        Ok(frames.into_iter().map(|f| f as u32).collect())
    }

    /// What our own layers need, and the values of `also`.
    fn encode(
        &self,
        inputs: Vec<(NodeId, ValueOrView<'static>)>,
        values: &Values,
        also: Option<NodeId>,
    ) -> Result<(Encoded, Vec<f32>)> {
        let (means, deviations) = (values.means, values.deviations);
        let mut more = Vec::new();
        let mut speaker = Vec::new();
        let [means, deviations] = match (values.speaker, also) {
            (None, None) => self.network.run(inputs, [means, deviations])?,
            (None, Some(also)) => {
                let [means, deviations, value] = self.network.run(inputs, [means, deviations, also])?;
                more = elements(value)?;
                [means, deviations]
            }
            (Some(features), None) => {
                let [means, deviations, value] = self.network.run(inputs, [means, deviations, features])?;
                speaker = elements(value)?;
                [means, deviations]
            }
            (Some(features), Some(also)) => {
                let [means, deviations, a, b] = self.network.run(inputs, [means, deviations, features, also])?;
                (speaker, more) = (elements(a)?, elements(b)?);
                [means, deviations]
            }
        };
        Ok((Encoded { means: elements(means)?, deviations: elements(deviations)?, speaker }, more))
    }

    /// Samples at the voice's own rate, `hop` for each of the given frames; `take` gets them as they are made.
    pub(super) fn speak(
        &self,
        ids: &[i32],
        frames: &[u32],
        (speaker, seed): (i32, Seed),
        take: &mut dyn FnMut(&[f32]) -> Result<()>,
    ) -> Result<()> {
        match &self.sound {
            Sound::Own { sounding, values, kept } => {
                let Encoded { means, deviations, speaker } = match kept.take(speaker, ids) {
                    Some(encoded) => encoded,
                    None => self.encode(self.inputs(ids, speaker)?, values, None)?.0,
                };
                let wanted = sounding.channels() * ids.len();
                let fit = [means.len(), deviations.len()] == [wanted; 2] && sounding.takes(speaker.len());
                if !fit || frames.len() != ids.len() {
                    return Err(Error::new(Kind::Voice, "the voice's encoder does not give what its decoder reads"));
                }
                let noise_scale = self.scales[0];
                let source = Source { means: &means, deviations: &deviations, speaker: &speaker, frames, noise_scale };
                sounding.speak(&source, &mut seed.numbers(VOICE_STREAM), take)
            }
            Sound::Network { channels, noise, audio } => {
                let total: usize = frames.iter().map(|f| *f as usize).sum();
                let planned: Value = floats(&[1, 1, ids.len()], frames.iter().map(|f| *f as f32).collect())?;
                let mut inputs = self.inputs(ids, speaker)?;
                inputs.push((self.durations, planned.into()));
                // Noise is drawn frame by frame, and the network takes it channel by channel.
                let drawn = seed.normal(VOICE_STREAM, channels * total);
                let turned = (0..channels * total).map(|i| drawn[i % total * channels + i / total]).collect();
                inputs.push((*noise, floats(&[1, *channels, total], turned)?.into()));
                let [audio] = self.network.run(inputs, [*audio])?;
                take(&elements(audio)?)
            }
        }
    }
}

#[cfg(test)]
mod tests;
