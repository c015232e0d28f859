//! In: features and a pitch, point by point; a style. Out: samples. The part of Kokoro behind its
//! decoder, computed by the layers of [`cuevox_kernels`].
//!
//! Each normalisation takes the mean and the variance of a whole utterance, so a layer is done
//! before the next begins. It is done in windows, which stay near the processor: the window is
//! brought to its style and bent, then convolved, and what comes of it is added to the spread that
//! the next normalisation needs. Weights stay in bytes and are packed layer by layer. What lies
//! between layers takes 9 MB for a second of speech, so few utterances are made at a time (`door`),
//! and threads that wait help with the windows of those (`crew`).

use super::anatomy::{self, Reason};
use super::door::Door;
use super::ending::Ending;
use super::own::Done;
use super::source::Source;
use super::stage::{Stage, Tools};
use cuevox_kernels::adain::{Bend, Scaling};
#[cfg(test)]
use cuevox_kernels::lanes::LANES;
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::rows::Rows;

/// What the generator makes sound of.
pub(super) struct Input<'a> {
    /// A row for each point.
    pub(super) features: &'a Rows,
    /// The pitch in Hz, for each point.
    pub(super) pitch: &'a [f32],
    /// What the voice sounds like.
    pub(super) style: &'a [f32],
}

/// The generator, packed.
pub(super) struct Generator {
    source: Source,
    stages: Vec<Stage>,
    ending: Ending,
    /// Its layers take most of the memory there is: there is some for so many points only.
    door: Door<Room>,
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
        let generator = Generator { source, stages, ending, door: Door::default() };
        // How many moments a source has, and a stage makes, goes along lines: two points of them tell all.
        let fits = [1, 2].iter().all(|points| generator.takes(*points));
        match fits && generator.source.hop() == generator.hop() {
            true => Ok(generator),
            false => Err("its source has another number of samples or channels than its stages"),
        }
    }

    /// Whether its stages take the source of so many points, and one style.
    fn takes(&self, points: usize) -> bool {
        let spectrum = (self.source.channels(), self.source.moments(points));
        let mut length = points;
        self.stages.iter().all(|stage| {
            length = stage.moments(length);
            stage.takes(spectrum, length, self.style())
        })
    }

    /// Samples for each point.
    pub(super) fn hop(&self) -> usize {
        self.ending.hop() * self.stages.iter().map(Stage::stride).product::<usize>()
    }

    /// How many channels the features have.
    pub(super) fn channels(&self) -> usize {
        self.stages.first().map_or(0, Stage::inputs)
    }

    /// How many numbers of a style it reads.
    pub(super) fn style(&self) -> usize {
        self.stages.first().map_or(0, Stage::style)
    }

    /// Samples of so many points.
    pub(super) fn speak(&self, machine: Machine, input: &Input<'_>, done: &mut Done<'_>) -> Vec<f32> {
        if input.pitch.is_empty() {
            return Vec::new();
        }
        let source = self.source.sound(machine, input.pitch);
        let mut inside = self.door.enter(input.pitch.len());
        let Room { spectrum, tools } = &mut inside.room;
        self.source.spectrum(machine, &source, spectrum);
        drop(source);
        done("source", 0);
        tools.bench.crew.helped_by(self.door.lent());
        let bend = Bend::Leaky(self.stages.first().map_or(1.0, Stage::slope));
        let (features, all) = (input.features, (0, input.pitch.len() as isize));
        Scaling::none(features.planes()).apply(machine, (features, tools.input()), all, bend);
        let mut points = input.pitch.len();
        for (number, stage) in self.stages.iter().enumerate() {
            stage.run(machine, spectrum, input.style, tools);
            done(&format!("generator, stage {}", number + 1), points * stage.operations());
            points = stage.moments(points);
        }
        let samples = self.ending.run(machine, tools);
        done("ending", points * self.ending.operations());
        inside.leave();
        samples
    }

    /// Works as where so many workers wait.
    #[cfg(test)]
    pub(super) fn make_wait(&self, count: usize) {
        self.door.make_wait(count);
    }

    /// The memory, in bytes, that is kept for those who come.
    #[cfg(test)]
    pub(super) fn kept(&self) -> Vec<usize> {
        self.door.idle(|_, room| room.spectrum.bytes() + room.tools.bytes())
    }

    /// Magnitudes and then phases of the source, each for all moments.
    #[cfg(test)]
    pub(super) fn spectrum(&self, machine: Machine, pitch: &[f32]) -> Vec<f32> {
        let mut rows = Rows::default();
        self.source.spectrum(machine, &self.source.sound(machine, pitch), &mut rows);
        let channel = |c: usize| rows.plane(c / LANES).iter().map(move |block| block.0[c % LANES]);
        (0..self.source.channels()).flat_map(channel).collect()
    }
}
