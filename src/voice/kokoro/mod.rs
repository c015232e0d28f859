//! In: token ids. Out: Kokoro's own durations for them, and its speech for exactly the durations it
//! is given. Knows nothing of text, lines or windows.
//!
//! Kokoro (<https://huggingface.co/hexgrad/Kokoro-82M>) is one network for all its voices; a voice
//! is a table of styles, 510 rows of 256 floats, of which the row for the number of tokens is
//! given. Its durations are the output of the graph's one `Round` node; it draws no noise.
//!
//! All of it is read from the graph (`anatomy`), packed, and computed by layers of our own in floats
//! (`own`): `text` reads ids, `decoder` makes pitch, level and features of frames, `generator` makes
//! sound of these. rten runs the network as it stands in the file where it is not understood.

mod albert;
mod anatomy;
mod crew;
mod decoder;
mod door;
mod ending;
mod generator;
mod network;
mod own;
mod residual;
mod source;
mod stage;
mod stages;
mod styled;
mod text;
mod voice;

pub(super) use voice::KokoroEngine;

use super::articulation::Articulation;
use super::edges::heard_in_curve;
use super::family::Family;
use super::graph::Graph;
use super::kept::Kept;
use super::role::Role;
use crate::error::{Error, Kind, Result};
use crate::time::FrameClock;
use anatomy::Reason;
use network::Whole;
use own::Own;
pub use stages::{Stage, stages};
use std::ops::Range;
use text::Encoded;

const STYLE_WIDTH: usize = 256;

/// The style of an utterance: the first half is for its sound, the second for what comes before.
type StyleRow = [f32; STYLE_WIDTH];

/// Raised whenever a model of Kokoro's comes to sound otherwise than before.
const REVISION: &str = "4";

/// Models of this kind.
pub(super) static FAMILY: Family =
    Family { name: "kokoro", needs: &[Role::Model, Role::Style], has_speakers: false, parted_by: '_', built_in: None };

/// How many times as fast as by itself it articulates at most: not at all. Hurried through the whole network, `ff_siwis` is
/// misunderstood already at 1.25 times its pace; with what is before the generator made at leisure, no more than a
/// recording that is played faster, and it sounds as well (benches/README.md).
const FASTEST: f32 = 1.0;

/// A voice of Kokoro's: 256 floats for each number of tokens from 1 up.
pub(super) struct Style {
    rows: Vec<f32>,
    /// What was made of ids when their durations were predicted.
    encoded: Kept<Encoded>,
}

impl Style {
    /// Reads little-endian floats, 256 a row.
    pub(super) fn parse(bytes: &[u8]) -> Result<Style> {
        let rows: Vec<f32> = bytes.as_chunks().0.iter().map(|four: &[u8; 4]| f32::from_le_bytes(*four)).collect();
        let whole = bytes.len().is_multiple_of(4 * STYLE_WIDTH) && !rows.is_empty();
        match whole && rows.iter().all(|x| x.is_finite()) {
            true => Ok(Style { rows, encoded: Kept::default() }),
            false => Err(Error::new(Kind::Voice, "the voice's style is damaged")),
        }
    }

    /// The row for so many ids, with one at each end that is no phoneme.
    fn row(&self, ids: usize) -> Result<&StyleRow> {
        let tokens = ids.saturating_sub(2);
        self.rows.as_chunks().0.get(tokens.saturating_sub(1)).ok_or_else(|| {
            Error::new(Kind::Input, format!("an utterance of {tokens} phonemes is longer than this voice can speak"))
        })
    }
}

/// The loaded Kokoro model.
pub(super) struct Kokoro {
    clock: FrameClock,
    speaking: Speaking,
}

/// What speaks.
enum Speaking {
    Own(Box<Own>),
    Network(Box<Whole>),
}

/// Our own layers, or why there are none; `hop` is how many samples a frame has.
fn own_layers(graph: &Graph, durations: &str, hop: u32) -> Result<std::result::Result<Own, Reason>> {
    let walk = graph.walk()?;
    Ok(anatomy::read(&walk, SOUND, durations).and_then(|anatomy| Own::of(anatomy, hop)))
}

/// The value of the samples.
const SOUND: &str = "audio";

/// What makes the sound of a Kokoro model, for people; and why, where it is not our own layers.
fn computed_by(model: &[u8]) -> Result<String> {
    let graph = Graph::read(model)?;
    Ok(match own_layers(&graph, &graph.only_output("Round")?, graph.upsampling("/decoder/")?)? {
        Err(reason) => format!("rten, because {reason}"),
        Ok(own) => format!("own layers from text to sound, in floats, {}", own.machine().name()),
    })
}

impl Kokoro {
    /// Loads the model from the bytes of its file; `rate` is the sample rate the catalogue states
    /// for it, which the file does not hold.
    pub(super) fn load(bytes: Vec<u8>, rate: u32) -> Result<Kokoro> {
        let graph = Graph::read(&bytes)?;
        drop(bytes);
        let (durations, hop) = (graph.only_output("Round")?, graph.upsampling("/decoder/")?);
        let speaking = match own_layers(&graph, &durations, hop)? {
            Ok(own) => Speaking::Own(Box::new(own)),
            Err(_) => Speaking::Network(Box::new(Whole::load(graph, &durations)?)),
        };
        Ok(Kokoro { clock: FrameClock { hop, rate }, speaking })
    }

    /// How long one frame is.
    pub(super) fn clock(&self) -> FrameClock {
        self.clock
    }

    /// Frames of each id, as the voice would speak them by itself.
    pub(super) fn predict(&self, ids: &[i32], style: &Style) -> Result<Vec<u32>> {
        let whole = |frames: &[f32]| frames.iter().map(|f| (*f as u32).max(1)).collect();
        match &self.speaking {
            Speaking::Own(own) => {
                let encoded = encoded(own, ids, style)?;
                let frames = whole(&encoded.frames);
                style.encoded.put(0, ids, encoded);
                Ok(frames)
            }
            Speaking::Network(network) => network.predict(ids, style.row(ids.len())?).map(|frames| whole(&frames)),
        }
    }

    /// From the first sample of the first sound to the one after the last sound's last, as the
    /// network foretells it from ids and frames: of its two curves that the decoder reads one is
    /// the logarithm of the level, with a point for each half of a frame. `None` where it has none,
    /// or it tells nothing.
    pub(super) fn heard(&self, ids: &[i32], frames: &[u32], style: &Style) -> Result<Option<Range<u64>>> {
        let row = style.row(ids.len())?;
        let curve = match &self.speaking {
            Speaking::Own(own) => {
                let encoded = encoded(own, ids, style)?;
                let articulation = Articulation::of(&encoded.frames, frames, FASTEST, decoder::POINTS as u32);
                let curve = own.level(&encoded, &articulation, row);
                style.encoded.put(0, ids, encoded);
                curve
            }
            Speaking::Network(network) => match network.level(ids, frames, row)? {
                Some(curve) => curve,
                None => return Ok(None),
            },
        };
        let total: u32 = frames.iter().sum();
        let whole = f64::from(total) * f64::from(self.clock.hop);
        let sample = |point: f32| (f64::from(point) / curve.len().max(1) as f64 * whole).round() as u64;
        Ok(heard_in_curve(&curve).map(|points| sample(points.start)..sample(points.end)))
    }

    /// Samples at the voice's own rate, `hop` for each of the given frames.
    pub(super) fn speak(&self, ids: &[i32], frames: &[u32], style: &Style) -> Result<Vec<f32>> {
        let row = style.row(ids.len())?;
        match &self.speaking {
            Speaking::Own(own) => {
                let encoded = encoded(own, ids, style)?;
                let articulation = Articulation::of(&encoded.frames, frames, FASTEST, decoder::POINTS as u32);
                Ok(own.speak(&encoded, &articulation, row, &mut |_, _| {}))
            }
            Speaking::Network(network) => network.speak(ids, frames, row),
        }
    }
}

/// What was made of these ids when their durations were predicted, or is made of them now.
fn encoded(own: &Own, ids: &[i32], style: &Style) -> Result<Encoded> {
    if let Some(encoded) = style.encoded.take(0, ids) {
        return Ok(encoded);
    }
    match own.knows(ids) {
        true => Ok(own.encode(ids, style.row(ids.len())?)),
        false => Err(Error::new(Kind::Voice, "the voice's model does not know all ids of the utterance")),
    }
}

#[cfg(test)]
mod tests;
