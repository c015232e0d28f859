//! In: means and deviations for each id, how many frames each takes, a seed. Out: samples, window by window. The part of
//! a Piper voice behind its text encoder, computed by the layers of [`crate::kernels`].

use super::anatomy::{Anatomy, Reason};
use super::build::{Built, FLOW_FRAMES, build};
use crate::kernels::lanes::{LANES, Machine};
use crate::kernels::net::Run;
use crate::kernels::rows::Rows;
use std::sync::{Mutex, PoisonError};

/// How many frames go in at a time, at most.
const WINDOW: usize = FLOW_FRAMES;

/// The flow and the decoder of a voice.
pub(super) struct Sounding {
    built: Built,
    machine: Machine,
    idle: Mutex<Vec<Run>>,
    window: usize,
}

/// What the sound grows from.
pub(super) struct Source<'a> {
    /// For each channel the mean of each id.
    pub(super) means: &'a [f32],
    /// For each channel the logarithm of the deviation of each id.
    pub(super) deviations: &'a [f32],
    /// The speaker's features, where there are several.
    pub(super) speaker: &'a [f32],
    /// How many frames each id takes.
    pub(super) frames: &'a [u32],
    /// How much noise there is.
    pub(super) noise_scale: f32,
}

impl Sounding {
    /// Packs what makes the sound.
    pub(super) fn of(anatomy: &Anatomy<'_>) -> Result<Sounding, Reason> {
        Ok(Sounding { built: build(anatomy)?, machine: Machine::best(), idle: Mutex::default(), window: WINDOW })
    }

    /// Samples for each frame.
    pub(super) fn hop(&self) -> usize {
        self.built.hop
    }

    /// The instructions it computes with.
    pub(super) fn machine(&self) -> Machine {
        self.machine
    }

    /// Computes with other instructions, and so many frames at a time.
    #[cfg(test)]
    pub(super) fn compute_with(&mut self, machine: Machine, window: usize) {
        (self.machine, self.window) = (machine, window);
    }

    /// The memory that its runs take at present, in bytes.
    #[cfg(test)]
    pub(super) fn run_bytes(&self) -> usize {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Run::bytes).sum()
    }

    /// How many channels the means have.
    pub(super) fn channels(&self) -> usize {
        self.built.inputs.len()
    }

    /// Whether these are features for all that the speaker adds.
    pub(super) fn takes(&self, features: usize) -> bool {
        self.built.speaker.iter().all(|of| of.features() == features)
    }

    /// Speaks; `take` gets the samples as they are made. What `take` returns ends it early where it is an error.
    pub(super) fn speak<E>(
        &self,
        source: &Source<'_>,
        noise: &mut dyn Iterator<Item = f32>,
        mut take: impl FnMut(&[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut run = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let spoken = self.speak_with(&mut run, source, noise, &mut take);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(run);
        spoken
    }

    fn speak_with<E>(
        &self,
        run: &mut Run,
        source: &Source<'_>,
        noise: &mut dyn Iterator<Item = f32>,
        take: &mut impl FnMut(&[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let Built { net, inputs, last, dot, speaker, hop } = &self.built;
        let total: usize = source.frames.iter().map(|f| *f as usize).sum();
        let added: Vec<_> = speaker.iter().map(|of| of.added(source.speaker)).collect();
        net.begin(run, total, &added);
        let ids = source.frames.len();
        let spoken = (0..ids).flat_map(|id| std::iter::repeat_n(id, source.frames[id] as usize));
        let mut frames = spoken.enumerate().peekable();
        let mut current = None;
        let (mut means, mut deviations) = (vec![0.0; inputs.len()], vec![0.0; inputs.len()]);
        let mut samples: Vec<f32> = Vec::new();
        let mut made: isize = 0;
        let end = (total * hop) as isize;
        // Windows of like size: with few frames in the last, all weights would be read for little.
        let window = total.div_ceil(total.div_ceil(self.window).max(1));
        while frames.peek().is_some() {
            for (frame, id) in frames.by_ref().take(window) {
                if current != Some(id) {
                    current = Some(id);
                    let of_id = |values: &[f32], channel: usize| values[channel * ids + id];
                    means.iter_mut().enumerate().for_each(|(c, mean)| *mean = of_id(source.means, c));
                    let deviation = |c: usize| of_id(source.deviations, c).exp();
                    deviations.iter_mut().enumerate().for_each(|(c, value)| *value = deviation(c));
                }
                for (channel, ((tensor, place), number)) in inputs.iter().zip(&mut *noise).enumerate() {
                    let rows = run.rows(*tensor);
                    rows.extend_to(frame as isize + 1);
                    let row = (frame as isize - rows.first()) as usize;
                    let value = means[channel] + number * deviations[channel] * source.noise_scale;
                    rows.plane_mut(place / LANES)[row].0[place % LANES] = value;
                }
            }
            net.advance(self.machine, run, *last, &mut |rows: &Rows, ready| {
                let there = if ready == end { end } else { ready - dot.reach() };
                if there > made {
                    dot.run(self.machine, rows, (made, there), &mut samples);
                    made = there;
                }
                made - dot.reach()
            });
            if !samples.is_empty() {
                take(&samples)?;
                samples.clear();
            }
        }
        Ok(())
    }
}
