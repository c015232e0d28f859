//! In: token ids. Out: a hibari voice's own durations for them, and its speech for exactly the durations it is given. Knows
//! nothing of text, lines or windows.
//!
//! A hibari voice (<https://pypi.org/project/hibari-tts/>) is a small student of one voice of Kokoro's: it takes the same
//! ids. Its network makes five spectra of each frame of 12.5 ms, of which a vocoder makes sound. All of it is computed by
//! layers of our own: `anatomy` reads them from the graph, `front` makes durations of ids, `sounding` makes spectra,
//! `vocoder` samples.
//!
//! The graph counts durations in units of 25 ms, but only pitch and level are made in these; the rest is made frame by
//! frame, so durations are whole frames here.

mod anatomy;
mod front;
mod product;
mod pulses;
mod reader;
mod sounding;
mod stack;
mod text;
mod vocoder;
mod voice;

pub(super) use voice::HibariEngine;

use super::articulation::Articulation;
use super::edges::heard_in_curve;
use super::family::Family;
use super::graph::Graph;
use super::kept::Kept;
use super::noise::Seed;
use super::role::Role;
use crate::error::{Error, Kind, Result};
use crate::time::FrameClock;
use cuevox_kernels::lanes::Machine;
use front::{Encoded, Front};
use sounding::{Sounding, Source, total};
use std::ops::Range;

/// Raised whenever a model of this kind comes to sound otherwise than before.
const REVISION: &str = "3";

/// Models of this kind.
pub(super) static FAMILY: Family =
    Family { name: "hibari", needs: &[Role::Model], has_speakers: false, parted_by: '-', built_in: None };

/// How fast an utterance may be for a voice to articulate as fast as [`FASTEST`], and from when on it articulates no faster
/// than by itself.
const HURRIED: [f32; 2] = [1.3, 1.5];

/// How many times as fast as by itself a voice articulates at most, in utterances that are hurried less and more; beyond it
/// frames are blended of those that are articulated. Up to 1.15 its words are understood as told to hurry, and it sounds
/// better so; at 1.3 and at 1.5 they are not (benches/README.md).
const FASTEST: [f32; 2] = [1.15, 1.0];

/// A loaded model.
pub(super) struct Hibari {
    front: Front,
    sounding: Sounding,
    /// How many times as fast as by itself it articulates at most; see [`FASTEST`].
    fastest: [f32; 2],
    kept: Kept<Encoded>,
}

/// What makes the sound of a hibari model, for people: there is no other way to speak it.
fn computed_by(model: &[u8]) -> Result<String> {
    let voice = Hibari::load(&Graph::read(model)?, pulses::RATE)?;
    Ok(format!("own layers from text to sound, {}", voice.sounding.machine().name_for_pairs()))
}

impl Hibari {
    /// Loads the model; `rate` is the sample rate the catalogue states for it, which the file does not hold.
    pub(super) fn load(graph: &Graph, rate: u32) -> Result<Hibari> {
        Hibari::load_for(graph, rate, Machine::best())
    }

    fn load_for(graph: &Graph, rate: u32, machine: Machine) -> Result<Hibari> {
        let durations = anatomy::durations(graph)?;
        let walk = graph.walk()?;
        let strange =
            |reason: &str| Error::new(Kind::Voice, format!("this is no voice of the kind expected: {reason}"));
        if rate != pulses::RATE {
            return Err(strange("its sample rate is another"));
        }
        let anatomy = anatomy::read(&walk, &durations).map_err(strange)?;
        let front = Front::new(&anatomy).map_err(strange)?;
        let sounding = Sounding::new(&anatomy, machine).map_err(strange)?;
        Ok(Hibari { front, sounding, fastest: FASTEST, kept: Kept::default() })
    }

    /// How long one frame is.
    pub(super) fn clock(&self) -> FrameClock {
        FrameClock { hop: pulses::HOP as u32, rate: pulses::RATE }
    }

    /// Frames of each id, as the voice would speak them by itself.
    pub(super) fn predict(&self, ids: &[i32]) -> Result<Vec<u32>> {
        self.check(ids, ids.len())?;
        let encoded = self.front.run(self.sounding.machine(), ids);
        let frames = encoded.frames.iter().map(|frames| *frames as u32).collect();
        self.kept.put(0, ids, encoded);
        Ok(frames)
    }

    /// Samples at the voice's own rate, [`pulses::HOP`] for each of the given frames; `take` gets them as they are made.
    pub(super) fn speak(
        &self,
        (ids, frames): (&[i32], &[u32]),
        seed: Seed,
        take: &mut dyn FnMut(&[f32]) -> Result<()>,
    ) -> Result<()> {
        self.check(ids, frames.len())?;
        let encoded = self.encoded(ids);
        let articulation = self.articulation(&encoded, frames);
        let heard = articulation.places(frames);
        let source = Source { encoded: &encoded, frames: &articulation.frames, heard: &heard };
        self.sounding.speak(&source, seed, take)
    }

    /// From the first sample of the first sound to the one after the last sound's last, as the network foretells it from
    /// ids and frames; `None` where there is none. No sound is made for it.
    pub(super) fn heard(&self, (ids, frames): (&[i32], &[u32])) -> Result<Option<Range<u64>>> {
        self.check(ids, frames.len())?;
        let encoded = self.encoded(ids);
        let articulation = self.articulation(&encoded, frames);
        let heard = articulation.places(frames);
        let source = Source { encoded: &encoded, frames: &articulation.frames, heard: &heard };
        let levels = self.sounding.levels(&source);
        self.kept.put(0, ids, encoded);
        let sample = |frame: f32| (f64::from(frame) * pulses::HOP as f64).round() as u64;
        Ok(heard_in_curve(&levels).map(|frames| sample(frames.start)..sample(frames.end)))
    }

    /// How frames are articulated that are asked for what was encoded.
    fn articulation(&self, encoded: &Encoded, asked: &[u32]) -> Articulation {
        let rate = encoded.frames.iter().sum::<f32>() / total(asked).max(1) as f32;
        let [slow, fast] = HURRIED;
        let share = ((rate - slow) / (fast - slow)).clamp(0.0, 1.0);
        let [most, least] = self.fastest;
        Articulation::of(&encoded.frames, asked, most + (least - most) * share, 1)
    }

    fn encoded(&self, ids: &[i32]) -> Encoded {
        self.kept.take(0, ids).unwrap_or_else(|| self.front.run(self.sounding.machine(), ids))
    }

    fn check(&self, ids: &[i32], count: usize) -> Result<()> {
        match self.front.knows(ids) && ids.len() == count && count > 0 {
            true => Ok(()),
            false => Err(Error::new(Kind::Voice, "the model does not know all of these ids")),
        }
    }
}

#[cfg(test)]
mod tests;
