//! In: phoneme ids. Out: a Piper voice's own durations for them, and its speech for exactly the durations it is given.
//! Knows nothing of text, lines or windows.
//!
//! A Piper voice is a VITS network exported to ONNX (<https://github.com/rhasspy/piper>). Its durations are the output
//! of the graph's one `Ceil` node, in frames of one decoder step; giving other values for that node makes it speak
//! those. Its two `RandomNormalLike` nodes, the first of the duration predictor and the second of the voice itself,
//! are given noise drawn from a seed.
//!
//! Text encoder, durations, flow and decoder are read from the graph (`anatomy`), packed, and computed by layers of our
//! own (`front`, which is `text` and `predictor`; `sounding`, which `build` packs). Where the front is not understood, rten
//! runs it; where the flow or the decoder are not, rten runs all of it.

mod anatomy;
mod build;
mod config;
mod encode;
mod ends;
mod front;
mod predictor;
mod sounding;
mod text;
mod voice;

pub(super) use config::Config;
#[cfg(any(test, feature = "piper-rs"))]
pub(super) use encode::encode;
#[cfg(feature = "piper-rs")]
pub(super) use voice::{Beside, MOST, Speaker};
pub(super) use voice::{OWN, RTEN};

use super::articulation::Articulation;
use super::family::Family;
use super::graph::Graph;
use super::inference::{elements, floats};
use super::kept::Kept;
use super::noise::Seed;
use super::role::Role;
use super::{Said, edges};
use crate::error::{Error, Kind, Result};
use crate::time::{FrameClock, Ticks};
use config::Inference;
use front::{Asked, Front, Inputs, Plan};
use rten::{NodeId, Value};
use sounding::{Sounding, Source};
use std::ops::Range;
use text::Encoded;

/// A loaded Piper model.
pub(super) struct Piper {
    clock: FrameClock,
    scales: [f32; 3],
    /// How many times as fast as by itself it articulates at most; see [`FASTEST`].
    fastest: f32,
    sound: Sound,
}

/// How the sound is made.
enum Sound {
    /// By our own layers, perhaps but for the front.
    Own { sounding: Box<Sounding>, front: Front, kept: Kept<Encoded> },
    /// By the network as it stands in the file.
    Network { inputs: Box<Inputs>, durations: NodeId, channels: usize, noise: NodeId, audio: NodeId },
}

/// How many times as fast as by itself a voice articulates at most; beyond that what it articulates is played faster. Up to
/// here the words of a voice are understood as well as those of a recording that is played faster, and the voice sounds
/// better; at 1.5 times its pace they are not (benches/README.md).
const FASTEST: f32 = 1.3;

/// How long the first id lasts at least, which stands for the beginning of the utterance. By themselves voices give it one
/// to three frames: `en_US-joe-medium` then begins an s or a ch with its first sample, its rise missing.
const LEAD_IN: Ticks = Ticks::from_millis(60);

/// Raised whenever a Piper voice comes to sound otherwise than before.
const REVISION: &str = "4";

/// Models of this kind.
pub(super) static FAMILY: Family =
    Family { name: "piper", needs: &[Role::Model, Role::Config], has_speakers: true, parted_by: '-', built_in: None };

const DURATION_STREAM: u64 = 0;
const VOICE_STREAM: u64 = 1;

/// Our own layers.
type Layers = (Sounding, Plan);

/// Our own layers, or why there are none.
fn own_layers(graph: &Graph, hop: u32) -> Result<std::result::Result<Layers, &'static str>> {
    let walk = graph.walk()?;
    let durations = graph.only_output("Ceil")?;
    let anatomy = match anatomy::read(&walk, "output") {
        Ok(anatomy) => anatomy,
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(Sounding::of(&anatomy).and_then(|sounding| match sounding.hop() == hop as usize {
        true => Ok((sounding, Plan::read(&walk, &anatomy, &durations))),
        false => Err("the decoder does not make as many samples as it should"),
    }))
}

/// What the flow reads of ids, with the frames that the voice would give them by itself, and these frames.
fn predicted(front: &Front, asked: Asked<'_>, seed: Seed) -> Result<(Encoded, Vec<f32>)> {
    let drawn = seed.normal(DURATION_STREAM, 2 * asked.ids.len());
    let (mut encoded, frames) = front.predict(asked, &drawn)?;
    encoded.own = Some((seed, frames.clone()));
    Ok((encoded, frames))
}

/// Frames of ids with room before the first sound.
fn with_lead_in(mut frames: Vec<u32>, clock: FrameClock) -> Vec<u32> {
    if let Some(first) = frames.first_mut() {
        *first = (*first).max(clock.frames_in(LEAD_IN) as u32);
    }
    frames
}

/// What makes the sound of a Piper model, for people; and why, where it is not our own layers.
fn computed_by(model: &[u8]) -> Result<String> {
    let graph = Graph::read(model)?;
    Ok(match own_layers(&graph, graph.upsampling("/dec/")?)? {
        Err(reason) => format!("rten, because {reason}"),
        Ok((sounding, plan)) => {
            let machine = sounding.machine().name();
            match plan.left() {
                None => format!("own layers from text to sound, {machine}"),
                Some((part, reason)) => format!("own decoder, {machine}; {part} by rten, because {reason}"),
            }
        }
    })
}

impl Piper {
    /// Loads the model; the configuration is the one beside it.
    pub(super) fn load(graph: Graph, config: &Config) -> Result<Piper> {
        Piper::load_with(graph, config, own_layers)
    }

    /// Loads the model for rten, which computes all of it.
    pub(super) fn load_as_it_stands(graph: Graph, config: &Config) -> Result<Piper> {
        Piper::load_with(graph, config, |_, _| Ok(Err("it is asked for")))
    }

    fn load_with(
        graph: Graph,
        config: &Config,
        layers: impl Fn(&Graph, u32) -> Result<std::result::Result<Layers, &'static str>>,
    ) -> Result<Piper> {
        let durations = graph.only_output("Ceil")?;
        let noise = graph.outputs("RandomNormalLike");
        let clock = FrameClock { hop: graph.upsampling("/dec/")?, rate: config.audio.sample_rate };
        let channels = graph.conv_channels("/dec/conv_pre")?;
        config.check_against(&graph)?;
        let (duration_noise, voice_noise) = match noise.as_slice() {
            [voice] => (None, voice),
            [duration, voice] => (Some(duration.as_str()), voice),
            _ => return Err(Error::new(Kind::Voice, "the model does not draw its noise the way a Piper voice does")),
        };
        let sound = match layers(&graph, clock.hop)? {
            Ok((sounding, plan)) => {
                let front = plan.load(graph, duration_noise, sounding.machine())?;
                Sound::Own { sounding: Box::new(sounding), front, kept: Kept::default() }
            }
            Err(_) => {
                let inputs = Box::new(Inputs::load(graph, duration_noise)?);
                let node = |name: &str| inputs.network().value(name);
                let (durations, noise, audio) = (node(&durations)?, node(voice_noise)?, node("output")?);
                Sound::Network { durations, channels, noise, audio, inputs }
            }
        };
        let Inference { noise_scale, length_scale, noise_w } = config.inference;
        Ok(Piper { clock, scales: [noise_scale, length_scale, noise_w], fastest: FASTEST, sound })
    }

    /// This voice without any noise, that tells durations in so many parts of a frame; `scale` is its own length scale.
    #[cfg(feature = "piper-rs")]
    pub(super) fn in_parts_of_a_frame(mut self, parts: u32, scale: f32) -> Piper {
        self.scales = [0.0, scale * parts as f32, 0.0];
        self
    }

    /// How long one frame is.
    pub(super) fn clock(&self) -> FrameClock {
        self.clock
    }

    /// Frames of each id, as the voice would speak them by itself.
    pub(super) fn predict(&self, ids: &[i32], speaker: i32, seed: Seed) -> Result<Vec<u32>> {
        let asked = Asked { ids, speaker, scales: self.scales };
        let frames = match &self.sound {
            Sound::Own { front, kept, .. } => {
                let (encoded, frames) = predicted(front, asked, seed)?;
                kept.put(speaker, ids, encoded);
                frames
            }
            Sound::Network { inputs, durations, .. } => {
                let drawn = seed.normal(DURATION_STREAM, 2 * ids.len());
                let [frames] = inputs.network().run(inputs.values(asked, Some(&drawn))?, [*durations])?;
                elements(frames)?
            }
        };
        Ok(frames.into_iter().map(|f| f as u32).collect())
    }

    /// From the first sample of its first sound to the one after its last sound's last, as [`Piper::speak`] would speak it;
    /// own layers compute no more of it than its ends.
    pub(super) fn heard(&self, said: Said<'_>, (speaker, seed): (i32, Seed)) -> Result<Option<Range<u64>>> {
        let Sound::Own { sounding, front, kept } = &self.sound else {
            let mut samples = Vec::new();
            let mut take = |more: &[f32]| {
                samples.extend_from_slice(more);
                Ok(())
            };
            self.speak(said.ids, said.frames, (speaker, seed), &mut take)?;
            return Ok(edges::heard(&samples, self.clock.rate));
        };
        let encoded = self.encoded((front, kept), said.ids, (speaker, seed))?;
        self.check(sounding, &encoded, (said.ids, said.frames))?;
        let whole = self.articulation(&encoded, said.frames);
        let heard = ends::ends(said, self.clock, |part| {
            let (part, first) = whole.part(part);
            let mut noise = seed.numbers(VOICE_STREAM).skip(first as usize * sounding.channels());
            let mut samples = Vec::new();
            sounding.speak(&self.source(&encoded, &part), &mut noise, |more| {
                samples.extend_from_slice(more);
                Ok(())
            })?;
            Ok(samples)
        });
        kept.put(speaker, said.ids, encoded);
        heard
    }

    fn encoded(
        &self,
        (front, kept): (&Front, &Kept<Encoded>),
        ids: &[i32],
        (speaker, seed): (i32, Seed),
    ) -> Result<Encoded> {
        let known = kept.take(speaker, ids);
        if let Some(encoded) = known.filter(|known| known.own.as_ref().is_some_and(|(of, _)| *of == seed)) {
            return Ok(encoded);
        }
        Ok(predicted(front, Asked { ids, speaker, scales: self.scales }, seed)?.0)
    }

    /// How frames are articulated that are asked for what was encoded.
    fn articulation(&self, encoded: &Encoded, asked: &[u32]) -> Articulation {
        match &encoded.own {
            Some((_, own)) => Articulation::of(own, asked, self.fastest, 1),
            None => Articulation::plain(asked, 1),
        }
    }

    fn source<'a>(&self, encoded: &'a Encoded, articulation: &'a Articulation) -> Source<'a> {
        let Encoded { means, deviations, speaker, .. } = encoded;
        Source { means, deviations, speaker, articulation, noise_scale: self.scales[0] }
    }

    fn check(&self, sounding: &Sounding, encoded: &Encoded, (ids, frames): (&[i32], &[u32])) -> Result<()> {
        let wanted = sounding.channels() * ids.len();
        let fit = [encoded.means.len(), encoded.deviations.len()] == [wanted; 2];
        match fit && sounding.takes(encoded.speaker.len()) && frames.len() == ids.len() {
            true => Ok(()),
            false => Err(Error::new(Kind::Voice, "the voice's encoder does not give what its decoder reads")),
        }
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
            Sound::Own { sounding, front, kept } => {
                let encoded = self.encoded((front, kept), ids, (speaker, seed))?;
                self.check(sounding, &encoded, (ids, frames))?;
                let articulation = self.articulation(&encoded, frames);
                sounding.speak(&self.source(&encoded, &articulation), &mut seed.numbers(VOICE_STREAM), take)
            }
            Sound::Network { inputs, durations, channels, noise, audio } => {
                let total: usize = frames.iter().map(|f| *f as usize).sum();
                let planned: Value = floats(&[1, 1, ids.len()], frames.iter().map(|f| *f as f32).collect())?;
                let mut values = inputs.values(Asked { ids, speaker, scales: self.scales }, None)?;
                values.push((*durations, planned.into()));
                // Noise is drawn frame by frame, and the network takes it channel by channel.
                let drawn = seed.normal(VOICE_STREAM, channels * total);
                let turned = (0..channels * total).map(|i| drawn[i % total * channels + i / total]).collect();
                values.push((*noise, floats(&[1, *channels, total], turned)?.into()));
                let [audio] = inputs.network().run(values, [*audio])?;
                take(&elements(audio)?)
            }
        }
    }
}

#[cfg(test)]
mod tests;
