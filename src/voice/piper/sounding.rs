//! In: means and deviations for each id, how it is articulated, noise. Out: samples, window by window. The part of
//! a Piper voice behind its text encoder, computed by the layers of [`cuevox_kernels`].

use super::anatomy::{Anatomy, Reason};
use super::build::{Built, FLOW_FRAMES, Part, build};
use crate::voice::articulation::Articulation;
use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::net::Run;
use cuevox_kernels::rows::Rows;
use std::sync::{Mutex, PoisonError};

/// How many frames go in at a time, at most.
const WINDOW: usize = FLOW_FRAMES;

/// The flow and the decoder of a voice.
pub(super) struct Sounding {
    built: Built,
    machine: Machine,
    idle: Mutex<Vec<Runs>>,
    window: usize,
}

/// The memory of both nets.
#[derive(Default)]
struct Runs {
    flow: Run,
    decoder: Run,
}

/// What the sound grows from.
pub(super) struct Source<'a> {
    /// For each channel the mean of each id.
    pub(super) means: &'a [f32],
    /// For each channel the logarithm of the deviation of each id.
    pub(super) deviations: &'a [f32],
    /// The speaker's features, where there are several.
    pub(super) speaker: &'a [f32],
    /// How many frames of each id are made, and which of them are heard.
    pub(super) articulation: &'a Articulation,
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
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|runs| runs.flow.bytes() + runs.decoder.bytes())
            .sum()
    }

    /// How many channels the means have.
    pub(super) fn channels(&self) -> usize {
        self.built.inputs.len()
    }

    /// Whether these are features for all that the speaker adds.
    pub(super) fn takes(&self, features: usize) -> bool {
        let parts = [&self.built.flow, &self.built.decoder];
        parts.iter().flat_map(|part| &part.speaker).all(|of| of.features() == features)
    }

    /// Speaks; `take` gets the samples as they are made. What `take` returns ends it early where it is an error.
    pub(super) fn speak<E>(
        &self,
        source: &Source<'_>,
        noise: &mut dyn Iterator<Item = f32>,
        mut take: impl FnMut(&[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut runs = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let spoken = self.speak_with(&mut runs, source, noise, &mut take);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(runs);
        spoken
    }

    fn speak_with<E>(
        &self,
        Runs { flow, decoder }: &mut Runs,
        source: &Source<'_>,
        noise: &mut dyn Iterator<Item = f32>,
        take: &mut impl FnMut(&[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let Built { latents, last, dot, hop, .. } = &self.built;
        let Articulation { frames, heard } = source.articulation;
        let total: usize = frames.iter().map(|f| *f as usize).sum();
        begin(&self.built.flow, flow, total, source.speaker);
        begin(&self.built.decoder, decoder, heard.len(), source.speaker);
        let spoken = (0..frames.len()).flat_map(|id| std::iter::repeat_n(id, frames[id] as usize));
        let mut coming = spoken.enumerate().peekable();
        let mut around = Around::of(source, self.built.inputs.len());
        let mut samples: Vec<f32> = Vec::new();
        let (mut made, mut picked): (isize, usize) = (0, 0);
        let end = (heard.len() * hop) as isize;
        // Windows of like size: with few frames in the last, all weights would be read for little.
        let window = total.div_ceil(total.div_ceil(self.window).max(1));
        while coming.peek().is_some() {
            for (frame, id) in coming.by_ref().take(window) {
                self.draw(flow, frame, around.of_id(source, id), noise);
            }
            self.built.flow.net.advance(self.machine, flow, latents, &mut |rows, ready| {
                let there = picked + heard[picked..].partition_point(|frame| (*frame as isize) < ready);
                self.pick(rows, decoder, &heard[picked..there], picked);
                picked = there;
                self.built.decoder.net.advance(self.machine, decoder, &[*last], &mut |rows, ready| {
                    let there = if ready == end { end } else { ready - dot.reach() };
                    if there > made {
                        dot.run(self.machine, rows[0], (made, there), &mut samples);
                        made = there;
                    }
                    made - dot.reach()
                });
                heard.get(picked).map_or(ready, |frame| ready.min(*frame as isize))
            });
            if !samples.is_empty() {
                take(&samples)?;
                samples.clear();
            }
        }
        Ok(())
    }

    /// Draws what goes into the flow for a frame.
    fn draw(&self, flow: &mut Run, frame: usize, around: &Around, noise: &mut dyn Iterator<Item = f32>) {
        for (channel, ((tensor, place), number)) in self.built.inputs.iter().zip(noise).enumerate() {
            let rows = flow.rows(*tensor);
            rows.extend_to(frame as isize + 1);
            let row = (frame as isize - rows.first()) as usize;
            let value = around.means[channel] + number * around.deviations[channel] * around.noise_scale;
            rows.plane_mut(place / LANES)[row].0[place % LANES] = value;
        }
    }

    /// Gives the decoder these frames of what the flow has made; the first is to be its frame `at`.
    fn pick(&self, made: &[&Rows], decoder: &mut Run, heard: &[u32], at: usize) {
        for (from, entry) in made.iter().zip(&self.built.entries) {
            let to = decoder.rows(*entry);
            to.lengthen_to((at + heard.len()) as isize);
            let first = (at as isize - to.first()) as usize;
            for plane in 0..from.planes() {
                let (from, base) = (from.plane(plane), from.first());
                for (block, frame) in to.plane_mut(plane)[first..].iter_mut().zip(heard) {
                    *block = from[(*frame as isize - base) as usize];
                }
            }
        }
    }
}

/// Readies a net for so many frames.
fn begin(part: &Part, run: &mut Run, total: usize, speaker: &[f32]) {
    let added: Vec<_> = part.speaker.iter().map(|of| of.added(speaker)).collect();
    part.net.begin(run, total, &added);
}

/// What the noise of an id lies around.
struct Around {
    id: Option<usize>,
    means: Vec<f32>,
    deviations: Vec<f32>,
    noise_scale: f32,
}

impl Around {
    fn of(source: &Source<'_>, channels: usize) -> Around {
        let zeros = vec![0.0; channels];
        Around { id: None, means: zeros.clone(), deviations: zeros, noise_scale: source.noise_scale }
    }

    /// That of this id.
    fn of_id(&mut self, source: &Source<'_>, id: usize) -> &Around {
        if self.id != Some(id) {
            self.id = Some(id);
            let ids = source.articulation.frames.len();
            for channel in 0..self.means.len() {
                self.means[channel] = source.means[channel * ids + id];
                self.deviations[channel] = source.deviations[channel * ids + id].exp();
            }
        }
        self
    }
}
