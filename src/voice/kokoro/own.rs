//! In: ids; frames for them; a style. Out: frames, level and samples, all by layers of our own.
//! Knows nothing of files.

use super::anatomy::{Anatomy, Reason};
use super::decoder::{self, Decoder, Of, POINTS, Prosody};
use super::generator::{self, Generator};
use super::text::{self, Encoded, Text};
use super::{STYLE_WIDTH, StyleRow};
use crate::voice::articulation::Articulation;
#[cfg(test)]
use cuevox_kernels::lanes::LANES;
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::rows::Rows;
use std::sync::{Mutex, PoisonError};

/// All layers, packed.
pub(super) struct Own {
    machine: Machine,
    text: Text,
    prosody: Prosody,
    decoder: Decoder,
    generator: Generator,
    idle: Mutex<Vec<Room>>,
}

/// Memory of a worker, used again from one utterance to the next.
#[derive(Default)]
struct Room {
    text: text::Room,
    decoder: decoder::Room,
    heard: Rows,
}

/// Is told of each part of the work when it is done, with its multiplications and additions.
pub(super) type Done<'a> = dyn FnMut(&str, usize) + 'a;

impl Own {
    /// Packs the layers of a model with so many samples for each frame.
    pub(super) fn of(anatomy: Anatomy<'_>, hop: u32) -> Result<Own, Reason> {
        let generator = Generator::of(&anatomy.generator)?;
        if POINTS * generator.hop() != hop as usize {
            return Err("the generator does not make as many samples as it should");
        }
        let own = Own {
            machine: Machine::best(),
            text: Text::of(anatomy.text)?,
            prosody: Prosody::of(&anatomy.prosody)?,
            decoder: Decoder::of(anatomy.decoder)?,
            generator,
            idle: Mutex::default(),
        };
        let [melody, words] = own.text.outputs();
        let styles = [own.text.style(), own.prosody.style(), own.decoder.style(), own.generator.style()];
        let fits = (melody, words) == (own.prosody.inputs(), own.decoder.inputs())
            && own.decoder.outputs() == own.generator.channels()
            && styles == [STYLE_WIDTH / 2; 4];
        fits.then_some(own).ok_or("its parts do not fit each other")
    }

    /// The instructions it computes with.
    pub(super) fn machine(&self) -> Machine {
        self.machine
    }

    /// Whether it knows all of these ids, and not too many.
    pub(super) fn knows(&self, ids: &[i32]) -> bool {
        !ids.is_empty() && self.text.knows(ids)
    }

    /// What of ids, all of them known, all else is made of.
    pub(super) fn encode(&self, ids: &[i32], style: &StyleRow) -> Encoded {
        self.with_room(|Room { text, decoder, .. }| {
            let room = (text, &mut decoder.tools.bench.hand.scratch);
            self.text.encode(self.machine, ids, &style[STYLE_WIDTH / 2..], room)
        })
    }

    /// The logarithm of the level at each point that is heard.
    pub(super) fn level(&self, encoded: &Encoded, articulation: &Articulation, style: &StyleRow) -> Vec<f32> {
        let frames = ids_of_frames(&articulation.frames);
        if frames.is_empty() {
            return Vec::new();
        }
        let level = self.with_room(|room| {
            self.prosody.begin(self.machine, &encoded.melody, &frames, &mut room.decoder);
            self.prosody.curve(self.machine, Of::Level, &style[STYLE_WIDTH / 2..], &mut room.decoder)
        });
        articulation.heard.iter().map(|point| level[*point as usize]).collect()
    }

    /// Multiplications and additions for ids.
    pub(super) fn operations_of(&self, ids: &[i32]) -> usize {
        ids.len() * self.text.operations()
    }

    /// Samples of the points that are heard.
    pub(super) fn speak(
        &self,
        encoded: &Encoded,
        articulation: &Articulation,
        style: &StyleRow,
        done: &mut Done<'_>,
    ) -> Vec<f32> {
        let frames = ids_of_frames(&articulation.frames);
        if frames.is_empty() {
            return Vec::new();
        }
        self.with_room(|room| {
            let (sounding, _) = style.split_at(STYLE_WIDTH / 2);
            let [pitch, level] = self.curves(encoded, &frames, style, &mut room.decoder);
            done("pitch and level", frames.len() * self.prosody.operations());
            let input = decoder::Input { words: &encoded.words, frames: &frames, pitch: &pitch, level: &level };
            let features = self.decoder.run(self.machine, input, sounding, &mut room.decoder);
            done("decoder", frames.len() * self.decoder.operations());
            pick(features, &articulation.heard, &mut room.heard);
            let pitch: Vec<f32> = articulation.heard.iter().map(|point| pitch[*point as usize]).collect();
            let input = generator::Input { features: &room.heard, pitch: &pitch, style: sounding };
            self.generator.speak(self.machine, &input, done)
        })
    }

    fn curves(&self, encoded: &Encoded, frames: &[u32], style: &StyleRow, room: &mut decoder::Room) -> [Vec<f32>; 2] {
        self.prosody.begin(self.machine, &encoded.melody, frames, room);
        [Of::Pitch, Of::Level].map(|of| self.prosody.curve(self.machine, of, &style[STYLE_WIDTH / 2..], room))
    }

    /// Features, channel by channel, and the pitch, of all points.
    #[cfg(test)]
    pub(super) fn points(&self, encoded: &Encoded, frames: &[u32], style: &StyleRow) -> (Vec<f32>, Vec<f32>) {
        let frames = ids_of_frames(frames);
        self.with_room(|room| {
            let [pitch, level] = self.curves(encoded, &frames, style, &mut room.decoder);
            let input = decoder::Input { words: &encoded.words, frames: &frames, pitch: &pitch, level: &level };
            let rows = self.decoder.run(self.machine, input, &style[..STYLE_WIDTH / 2], &mut room.decoder);
            let channel = |c: usize| rows.plane(c / LANES).iter().map(move |block| block.0[c % LANES]);
            ((0..self.decoder.outputs()).flat_map(channel).collect(), pitch)
        })
    }

    /// The part that makes sound.
    #[cfg(test)]
    pub(super) fn generator(&self) -> &Generator {
        &self.generator
    }

    /// Computes with other instructions.
    #[cfg(test)]
    pub(super) fn compute_with(&mut self, machine: Machine) {
        self.machine = machine;
    }

    fn with_room<T>(&self, work: impl FnOnce(&mut Room) -> T) -> T {
        let mut room = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let made = work(&mut room);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        made
    }
}

/// For each frame the place of its id.
fn ids_of_frames(frames: &[u32]) -> Vec<u32> {
    let mut all = Vec::with_capacity(frames.iter().sum::<u32>() as usize);
    for (id, count) in frames.iter().enumerate() {
        all.resize(all.len() + *count as usize, id as u32);
    }
    all
}

/// Writes some rows to `target`.
fn pick(source: &Rows, rows: &[u32], target: &mut Rows) {
    target.remake(source.planes(), rows.len());
    for plane in 0..source.planes() {
        let values = source.plane(plane);
        for (block, row) in target.plane_mut(plane).iter_mut().zip(rows) {
            *block = values[*row as usize];
        }
    }
}
