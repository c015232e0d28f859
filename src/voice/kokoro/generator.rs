//! In: features and a source's spectrum, point by point; a style. Out: samples. The part of Kokoro behind its decoder,
//! computed by the layers of [`crate::kernels`].
//!
//! Each normalisation takes the mean and the variance of a whole utterance, so a layer is done before the next begins. It
//! is done in windows, which stay near the processor: the window is brought to its style and bent, then convolved, and what
//! comes of it is added to the spread that the next normalisation needs. Weights stay in bytes and are packed layer by layer.

use super::anatomy::{self, Reason};
use super::ending::Ending;
use super::stage::{Stage, Tools};
use crate::kernels::adain::{Bend, Scaling};
use crate::kernels::lanes::{LANES, Machine};
use crate::kernels::rows::{Rows, blocks_of};
use std::sync::{Mutex, PoisonError};

/// What the generator makes sound of.
pub(super) struct Input<'a> {
    /// For each channel a number for each point.
    pub(super) features: &'a [f32],
    /// Magnitudes and then phases of the source, for each a number for each moment.
    pub(super) spectrum: &'a [f32],
    /// What the voice sounds like.
    pub(super) style: &'a [f32],
}

/// The generator, packed.
pub(super) struct Generator {
    machine: Machine,
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
        Ok(Generator { machine: Machine::best(), stages, ending, idle: Mutex::default() })
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

    /// How many moments of the source there are for so many points.
    fn moments(&self, points: usize) -> usize {
        self.stages.iter().fold(points, |points, stage| stage.moments(points))
    }

    /// Samples of so many points; `None` where there are not as many features, moments or numbers of the style as it needs.
    pub(super) fn speak(&self, input: &Input<'_>) -> Option<Vec<f32>> {
        let points = input.features.len() / self.channels();
        let moments = self.moments(points);
        let channels = input.spectrum.len().checked_div(moments)?;
        let mut lengths = self.stages.iter().scan(points, |points, stage| {
            *points = stage.moments(*points);
            Some((stage, *points))
        });
        let fits = input.features.len() == points * self.channels()
            && input.spectrum.len() == moments * channels
            && lengths.all(|(stage, length)| stage.takes((channels, moments), length, input.style.len()));
        if !fits || points == 0 {
            return (points == 0).then(Vec::new);
        }
        let mut room = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let samples = self.speak_in(&mut room, input, (points, moments));
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        Some(samples)
    }

    fn speak_in(&self, room: &mut Room, input: &Input<'_>, (points, moments): (usize, usize)) -> Vec<f32> {
        let Room { spectrum, tools } = room;
        fill(spectrum, input.spectrum, moments);
        let mut features = Rows::default();
        fill(&mut features, input.features, points);
        let bend = Bend::Leaky(self.stages.first().map_or(1.0, Stage::slope));
        let all = (0, points as isize);
        Scaling::none(features.planes()).apply(self.machine, (&features, tools.input()), all, bend);
        for stage in &self.stages {
            stage.run(self.machine, spectrum, input.style, tools);
        }
        self.ending.run(self.machine, tools)
    }

    /// Computes with other instructions.
    #[cfg(test)]
    pub(super) fn compute_with(&mut self, machine: Machine) {
        self.machine = machine;
    }

    /// The memory its weights take, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.stages.iter().map(Stage::bytes).sum()
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
