//! In: token ids. Out: Kokoro's own durations for them, and its speech for exactly the durations it
//! is given. Knows nothing of text, lines or windows.
//!
//! Kokoro (<https://huggingface.co/hexgrad/Kokoro-82M>) is one network for all its voices; a voice
//! is a table of styles, 510 rows of 256 floats, of which the row for the number of tokens is
//! given. Its durations are the output of the graph's one `Round` node; it draws no noise.
//!
//! The generator, which is nearly all of the work, is read from the graph (`anatomy`), packed, and
//! computed by layers of our own (`generator`); rten runs what is before it, and all of it where
//! the generator is not understood.

mod anatomy;
mod ending;
mod generator;
mod source;
mod stage;
mod styled;

use super::articulation::Articulation;
use super::edges::heard_in_curve;
use super::graph::Graph;
use super::inference::{Network, elements, floats, whole};
use super::kept::Kept;
use crate::error::{Error, Kind, Result};
use crate::time::FrameClock;
use anatomy::Reason;
use generator::{Generator, Input};
use rten::{NodeId, ValueOrView};
use std::ops::Range;

const STYLE_WIDTH: usize = 256;

/// Part of the fingerprint of its voices: raised whenever a model of Kokoro's comes to sound
/// otherwise than before.
pub(super) const REVISION: &str = "3";

/// How many times as fast as by itself it articulates at most: not at all. Hurried through the whole network, `ff_siwis` is
/// misunderstood already at 1.25 times its pace; with what is before the generator made at leisure, no more than a
/// recording that is played faster, and it sounds as well (benches/README.md).
const FASTEST: f32 = 1.0;

/// Points of the decoder for each frame.
const POINTS: u32 = 2;

/// A voice of Kokoro's: 256 floats for each number of tokens from 1 up.
pub(super) struct Style {
    rows: Vec<f32>,
    /// Frames of each id that it was predicted to speak by itself.
    own: Kept<Vec<f32>>,
}

impl Style {
    /// Reads little-endian floats, 256 a row.
    pub(super) fn parse(bytes: &[u8]) -> Result<Style> {
        let rows: Vec<f32> = bytes.as_chunks().0.iter().map(|four: &[u8; 4]| f32::from_le_bytes(*four)).collect();
        let whole = bytes.len().is_multiple_of(4 * STYLE_WIDTH) && !rows.is_empty();
        match whole && rows.iter().all(|x| x.is_finite()) {
            true => Ok(Style { rows, own: Kept::default() }),
            false => Err(Error::new(Kind::Voice, "the voice's style is damaged")),
        }
    }

    fn row(&self, tokens: usize) -> Result<Vec<f32>> {
        let at = tokens.saturating_sub(1) * STYLE_WIDTH;
        self.rows.get(at..at + STYLE_WIDTH).map(<[f32]>::to_vec).ok_or_else(|| {
            Error::new(Kind::Input, format!("an utterance of {tokens} phonemes is longer than this voice can speak"))
        })
    }
}

/// The loaded Kokoro model.
pub(super) struct Kokoro {
    network: Network,
    clock: FrameClock,
    tokens: NodeId,
    style: NodeId,
    speed: NodeId,
    durations: NodeId,
    /// The level of the speech, foretold point by point; none where the graph does not have it
    /// where it is looked for.
    level: Option<NodeId>,
    sound: Sound,
}

/// How the sound is made.
enum Sound {
    /// By our own generator, of these values.
    Own { generator: Box<Generator>, features: NodeId, pitch: NodeId },
    /// By the network as it stands in the file.
    Network { audio: NodeId },
}

/// The generator, and the values that it reads.
struct Own {
    generator: Generator,
    features: String,
    pitch: String,
}

/// Our own generator, or why there is none.
fn own_layers(graph: &Graph, hop: u32) -> Result<std::result::Result<Own, Reason>> {
    let walk = graph.walk()?;
    let read = anatomy::read(&walk, SOUND).and_then(|anatomy| {
        let (features, pitch) = (anatomy.features.to_owned(), anatomy.source.pitch.to_owned());
        Ok(Own { generator: Generator::of(&anatomy)?, features, pitch })
    });
    // The decoder makes two points of a frame.
    Ok(read.and_then(|own| match POINTS as usize * own.generator.hop() == hop as usize {
        true => Ok(own),
        false => Err("the generator does not make as many samples as it should"),
    }))
}

/// The value of the samples.
const SOUND: &str = "audio";

/// What makes the sound of a Kokoro model, for people; and why, where it is not our own layers.
/// `model` is its file.
///
/// # Errors
/// When it is no ONNX model, or has no decoder at all.
pub fn path_of(model: &[u8]) -> Result<String> {
    let graph = Graph::read(model)?;
    Ok(match own_layers(&graph, graph.upsampling("/decoder/")?)? {
        Err(reason) => format!("rten, because {reason}"),
        Ok(own) => {
            let machine = own.generator.machine().name();
            format!("own generator, {machine}, which is 19 of 20 operations; what is before it by rten")
        }
    })
}

impl Kokoro {
    /// Loads the model from the bytes of its file; `rate` is the sample rate the catalogue states
    /// for it, which the file does not hold.
    pub(super) fn load(bytes: Vec<u8>, rate: u32) -> Result<Kokoro> {
        let graph = Graph::read(&bytes)?;
        drop(bytes);
        Kokoro::load_with(graph, rate, own_layers)
    }

    fn load_with(
        mut graph: Graph,
        rate: u32,
        layers: impl Fn(&Graph, u32) -> Result<std::result::Result<Own, Reason>>,
    ) -> Result<Kokoro> {
        let durations = graph.only_output("Round")?;
        let hop = graph.upsampling("/decoder/")?;
        let level = graph.made_by_part("/N_proj/");
        let own = layers(&graph, hop)?.ok();
        if let Some(Own { features, pitch, .. }) = &own {
            let wanted = [&durations, features, pitch].into_iter().chain(&level);
            graph.cut(&[], &wanted.map(String::as_str).collect::<Vec<_>>());
        }
        graph.mend();
        let bytes = graph.write()?;
        drop(graph);
        let network = Network::load(bytes)?;
        Ok(Kokoro {
            clock: FrameClock { hop, rate },
            tokens: network.value("tokens")?,
            style: network.value("style")?,
            speed: network.value("speed")?,
            durations: network.value(&durations)?,
            level: level.map(|name| network.value(&name)).transpose()?,
            sound: match own {
                Some(Own { generator, features, pitch }) => Sound::Own {
                    generator: Box::new(generator),
                    features: network.value(&features)?,
                    pitch: network.value(&pitch)?,
                },
                None => Sound::Network { audio: network.value(SOUND)? },
            },
            network,
        })
    }

    /// How long one frame is.
    pub(super) fn clock(&self) -> FrameClock {
        self.clock
    }

    fn inputs(&self, ids: &[i32], style: &Style) -> Result<Vec<(NodeId, ValueOrView<'static>)>> {
        Ok(vec![
            (self.tokens, whole(&[1, ids.len()], ids.to_vec())?.into()),
            (self.style, floats(&[1, STYLE_WIDTH], style.row(ids.len().saturating_sub(2))?)?.into()),
            (self.speed, floats(&[1], vec![1.0])?.into()),
        ])
    }

    /// Frames of each id, as the voice would speak them by itself.
    pub(super) fn predict(&self, ids: &[i32], style: &Style) -> Result<Vec<u32>> {
        let own = self.own_frames(ids, style)?;
        let frames = own.iter().map(|f| (*f as u32).max(1)).collect();
        style.own.put(0, ids, own);
        Ok(frames)
    }

    fn own_frames(&self, ids: &[i32], style: &Style) -> Result<Vec<f32>> {
        let [frames] = self.network.run(self.inputs(ids, style)?, [self.durations])?;
        elements(frames)
    }

    /// How frames are articulated that are asked for these ids.
    fn articulation(&self, ids: &[i32], frames: &[u32], style: &Style) -> Result<Articulation> {
        if matches!(self.sound, Sound::Network { .. }) {
            return Ok(Articulation::plain(frames, POINTS));
        }
        let own = match style.own.take(0, ids) {
            Some(own) => own,
            None => self.own_frames(ids, style)?,
        };
        let articulation = Articulation::of(&own, frames, FASTEST, POINTS);
        style.own.put(0, ids, own);
        Ok(articulation)
    }

    /// From the first sample of the first sound to the one after the last sound's last, as the
    /// network foretells it from ids and frames: of its two curves that the decoder reads one is
    /// the logarithm of the level, with a point for each half of a frame. `None` where it has none,
    /// or it tells nothing.
    pub(super) fn heard(&self, ids: &[i32], frames: &[u32], style: &Style) -> Result<Option<Range<u64>>> {
        let Some(level) = self.level else { return Ok(None) };
        let Articulation { frames: made, heard } = self.articulation(ids, frames, style)?;
        let [curve] = self.network.run(self.planned(ids, &made, style)?, [level])?;
        let curve = picked(&elements(curve)?, &heard, &made)?;
        let total: u32 = frames.iter().sum();
        let whole = f64::from(total) * f64::from(self.clock.hop);
        let sample = |point: f32| (f64::from(point) / curve.len().max(1) as f64 * whole).round() as u64;
        Ok(heard_in_curve(&curve).map(|points| sample(points.start)..sample(points.end)))
    }

    fn planned(&self, ids: &[i32], frames: &[u32], style: &Style) -> Result<Vec<(NodeId, ValueOrView<'static>)>> {
        let mut inputs = self.inputs(ids, style)?;
        let planned = floats(&[1, ids.len()], frames.iter().map(|f| *f as f32).collect())?;
        inputs.push((self.durations, planned.into()));
        Ok(inputs)
    }

    /// Samples at the voice's own rate, `hop` for each of the given frames.
    pub(super) fn speak(&self, ids: &[i32], frames: &[u32], style: &Style) -> Result<Vec<f32>> {
        let Articulation { frames: made, heard } = self.articulation(ids, frames, style)?;
        let inputs = self.planned(ids, &made, style)?;
        match &self.sound {
            Sound::Own { generator, features, pitch } => {
                let [features, pitch] = self.network.run(inputs, [*features, *pitch])?;
                let features = picked(&elements(features)?, &heard, &made)?;
                let pitch = picked(&elements(pitch)?, &heard, &made)?;
                let style = style.row(ids.len().saturating_sub(2))?;
                let input = Input { features: &features, pitch: &pitch, style: &style[..STYLE_WIDTH / 2] };
                generator.speak(&input).ok_or_else(|| {
                    Error::new(Kind::Voice, "the voice's decoder does not give what its generator reads")
                })
            }
            Sound::Network { audio } => {
                let [audio] = self.network.run(inputs, [*audio])?;
                elements(audio)
            }
        }
    }
}

/// Of rows of points that were made for these frames, the points that are heard.
fn picked(rows: &[f32], heard: &[u32], made: &[u32]) -> Result<Vec<f32>> {
    let points = (made.iter().sum::<u32>() * POINTS) as usize;
    if points == 0 || !rows.len().is_multiple_of(points) {
        return Err(Error::new(Kind::Voice, "the voice's decoder makes another number of points than it should"));
    }
    let mut out = Vec::with_capacity(rows.len() / points * heard.len());
    for row in rows.chunks_exact(points) {
        out.extend(heard.iter().map(|point| row[*point as usize]));
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
