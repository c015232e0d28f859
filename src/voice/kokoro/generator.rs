//! In: features and a pitch, point by point; a style. Out: samples. The part of Kokoro behind its
//! decoder, computed by the layers of [`crate::kernels`].
//!
//! Each normalisation takes the mean and the variance of a whole utterance, so a layer is done
//! before the next begins. It is done in windows, which stay near the processor: the window is
//! brought to its style and bent, then convolved, and what comes of it is added to the spread that
//! the next normalisation needs. Weights stay in bytes and are packed layer by layer.

use super::anatomy::{self, Reason};
use super::ending::Ending;
use super::source::Source;
use super::stage::{Stage, Tools};
use crate::kernels::adain::{Bend, Scaling};
use crate::kernels::lanes::{LANES, Machine};
use crate::kernels::rows::{Rows, blocks_of};
use std::sync::{Mutex, PoisonError};

/// What the generator makes sound of.
pub(super) struct Input<'a> {
    /// For each channel a number for each point.
    pub(super) features: &'a [f32],
    /// The pitch in Hz, for each point.
    pub(super) pitch: &'a [f32],
    /// What the voice sounds like.
    pub(super) style: &'a [f32],
}

/// The generator, packed.
pub(super) struct Generator {
    machine: Machine,
    source: Source,
    stages: Vec<Stage>,
    ending: Ending,
    idle: Mutex<Vec<Room>>,
}

/// Memory of a worker, used again from one utterance to the next.
#[derive(Default)]
struct Room {
    spectrum: Rows,
    tools: Tools,
}

impl Generator {
    /// Packs the layers.
    pub(super) fn of(anatomy: &anatomy::Generator<'_>) -> Result<Generator, Reason> {
        let slopes = anatomy.stages.iter().skip(1).map(|stage| stage.slope).chain([anatomy.ending.slope]);
        let stages = anatomy.stages.iter().zip(slopes).map(|(stage, slope)| Stage::of(stage, slope));
        let stages = stages.collect::<Result<Vec<_>, _>>()?;
        let widths = stages.windows(2).all(|pair| pair[0].channels() == pair[1].inputs());
        let ending = Ending::of(&anatomy.ending)?;
        if !widths || stages.last().is_none_or(|last| last.channels() != ending.inputs()) {
            return Err("its stages do not fit each other");
        }
        let source = Source::of(&anatomy.source)?;
        let generator = Generator { machine: Machine::best(), source, stages, ending, idle: Mutex::default() };
        match generator.source.hop() == generator.hop() {
            true => Ok(generator),
            false => Err("its source has another number of samples for each point"),
        }
    }

    /// The instructions it computes with.
    pub(super) fn machine(&self) -> Machine {
        self.machine
    }

    /// Samples for each point.
    pub(super) fn hop(&self) -> usize {
        self.ending.hop() * self.stages.iter().map(Stage::stride).product::<usize>()
    }

    /// How many channels the features have.
    pub(super) fn channels(&self) -> usize {
        self.stages.first().map_or(0, Stage::inputs)
    }

    /// Samples of so many points; `None` where there are not as many features or numbers of the
    /// style as it needs.
    pub(super) fn speak(&self, input: &Input<'_>) -> Option<Vec<f32>> {
        let points = input.pitch.len();
        let spectrum = (self.source.channels(), self.source.moments(points));
        let mut length = points;
        let fits = self.stages.iter().all(|stage| {
            length = stage.moments(length);
            stage.takes(spectrum, length, input.style.len())
        });
        if !fits || input.features.len() != points * self.channels() || points == 0 {
            return (points == 0).then(Vec::new);
        }
        let mut room = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        self.source.spectrum(self.machine, input.pitch, &mut room.spectrum);
        let samples = self.speak_in(&mut room, input.features, input.style);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        Some(samples)
    }

    /// Samples of features and of the spectrum that stands in `room`.
    fn speak_in(&self, room: &mut Room, features: &[f32], style: &[f32]) -> Vec<f32> {
        let Room { spectrum, tools } = room;
        let points = features.len() / self.channels();
        let mut rows = Rows::default();
        fill(&mut rows, features, points);
        let bend = Bend::Leaky(self.stages.first().map_or(1.0, Stage::slope));
        let all = (0, points as isize);
        Scaling::none(rows.planes()).apply(self.machine, (&rows, tools.input()), all, bend);
        for stage in &self.stages {
            stage.run(self.machine, spectrum, style, tools);
        }
        self.ending.run(self.machine, tools)
    }

    /// Magnitudes and then phases of the source, each for all moments.
    #[cfg(test)]
    pub(super) fn spectrum(&self, pitch: &[f32]) -> Vec<f32> {
        let mut rows = Rows::default();
        self.source.spectrum(self.machine, pitch, &mut rows);
        let channel = |c: usize| rows.plane(c / LANES).iter().map(move |block| block.0[c % LANES]);
        (0..self.source.channels()).flat_map(channel).collect()
    }

    /// Computes with other instructions.
    #[cfg(test)]
    pub(super) fn compute_with(&mut self, machine: Machine) {
        self.machine = machine;
    }
}

/// Puts numbers that stand channel by channel into rows.
pub(super) fn fill(rows: &mut Rows, values: &[f32], length: usize) {
    let channels = values.len() / length.max(1);
    rows.remake(blocks_of(channels), length);
    if !channels.is_multiple_of(LANES) {
        rows.plane_mut(channels / LANES).fill(Default::default());
    }
    for (channel, values) in values.chunks_exact(length.max(1)).enumerate() {
        for (row, value) in rows.plane_mut(channel / LANES).iter_mut().zip(values) {
            row.0[channel % LANES] = *value;
        }
    }
}
