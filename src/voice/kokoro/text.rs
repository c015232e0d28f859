//! In: ids, a style. Out: frames of each id, and rows that pitch, level and features are made of.
//! Knows no frames and no sound.

use super::albert::{self, Albert};
use super::anatomy::{self, Reason};
use super::styled::{OfStyle, convolve, lstm, product, same};
use crate::voice::graph::Normal;
use crate::voice::kept::Floats;
use crate::voice::layers::{copy, normal};
use cuevox_kernels::conv::{Coded, Scratch};
use cuevox_kernels::lanes::{Block, LANES, Machine};
use cuevox_kernels::lstm::{self, Lstm};
use cuevox_kernels::norm::{Bend, Norm};
use cuevox_kernels::rows::{Rows, blocks_of};

/// What is made of ids.
#[derive(Default)]
pub(super) struct Encoded {
    /// Frames of each id as the voice would speak it by itself.
    pub(super) frames: Vec<f32>,
    /// What pitch and level are made of, with the style behind it, a row for each id.
    pub(super) melody: Rows,
    /// What features are made of, a row for each id.
    pub(super) words: Rows,
}

impl Floats for Encoded {
    fn floats(&self) -> usize {
        let rows = [&self.melody, &self.words].map(|rows| rows.bytes() / size_of::<f32>());
        self.frames.len() + rows.iter().sum::<usize>()
    }
}

/// All that reads ids, packed.
pub(super) struct Text {
    albert: Albert,
    onward: Coded,
    layers: Vec<Layer>,
    durations: (Lstm, Coded),
    words: Words,
}

/// A layer that remembers, and a normalisation of each moment to a style.
struct Layer {
    remembering: Lstm,
    normal: Normal,
    style: OfStyle,
}

/// Makes what is heard of ids.
struct Words {
    /// A row for each id, and how long it is.
    table: (Vec<f32>, usize),
    layers: Vec<(Coded, Norm, f32)>,
    last: Lstm,
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub(super) struct Room {
    rows: [Rows; 3],
    albert: albert::Room,
    lstm: lstm::Room,
}

impl Text {
    pub(super) fn of(text: anatomy::Text<'_>) -> Result<Text, Reason> {
        let anatomy::Text { albert, onward, layers, durations, words } = text;
        let mut packed = Vec::with_capacity(layers.len());
        for layer in layers {
            let (remembering, style) = (lstm(&layer.remembering)?, OfStyle::read(&layer.linear)?);
            packed.push(Layer { remembering, normal: layer.normal, style });
        }
        let text = Text {
            albert: Albert::of(albert)?,
            onward: product(&onward, None)?,
            layers: packed,
            durations: (lstm(&durations.remembering)?, product(&durations.linear, None)?),
            words: Words::of(words)?,
        };
        match text.onward.shape().outputs.is_multiple_of(LANES) && text.durations.0.inputs().is_multiple_of(LANES) {
            true => Ok(text),
            false => Err("the melody has no whole blocks"),
        }
    }

    /// Whether it knows all of these ids, and has a place for each.
    pub(super) fn knows(&self, ids: &[i32]) -> bool {
        let rows = self.words.table.0.len() / self.words.table.1;
        self.albert.knows(ids) && ids.iter().all(|id| usize::try_from(*id).is_ok_and(|id| id < rows))
    }

    /// Channels of a melody, with the style behind it, and of words.
    pub(super) fn outputs(&self) -> [usize; 2] {
        [self.durations.0.inputs(), self.words.last.outputs()]
    }

    /// How many numbers of a style it reads.
    pub(super) fn style(&self) -> usize {
        self.durations.0.inputs() - self.onward.shape().outputs
    }

    /// Multiplications and additions for each id, counted as in plain convolutions.
    pub(super) fn operations(&self) -> usize {
        let words: usize = self.words.layers.iter().map(|(conv, ..)| conv.operations()).sum();
        let remembering = self.layers.iter().map(|layer| &layer.remembering);
        let lstms: usize = remembering.chain([&self.durations.0, &self.words.last]).map(Lstm::operations).sum();
        self.albert.operations() + self.onward.operations() + lstms + self.durations.1.operations() + words
    }

    /// Encodes ids, all of them known.
    pub(super) fn encode(
        &self,
        machine: Machine,
        ids: &[i32],
        style: &[f32],
        (room, scratch): (&mut Room, &mut Scratch),
    ) -> Encoded {
        let Room { rows: [one, two, joined], albert, lstm } = room;
        let all: Vec<u32> = (0..ids.len() as u32).collect();
        self.albert.run(machine, ids, two, albert, scratch);
        convolve(machine, &self.onward, two, one, scratch);
        for layer in &self.layers {
            join(one, style, joined);
            layer.remembering.run(machine, (joined, &all), one, lstm, scratch);
            layer.normal_to(style).run(machine, one, Bend::None);
        }
        join(one, style, joined);
        let (remembering, counted) = &self.durations;
        remembering.run(machine, (joined, &all), one, lstm, scratch);
        convolve(machine, counted, one, two, scratch);
        let frames = (0..ids.len()).map(|id| length(two, counted.shape().outputs, id)).collect();
        let mut encoded = Encoded { frames, ..Encoded::default() };
        copy(joined, &mut encoded.melody);
        self.words.run(machine, ids, [one, two], (lstm, scratch));
        copy(one, &mut encoded.words);
        encoded
    }
}

/// Frames of an id: how many of these numbers are far above 0.
fn length(rows: &Rows, channels: usize, id: usize) -> f32 {
    let number = |c: usize| rows.plane(c / LANES)[id].0[c % LANES];
    (0..channels).map(|c| 1.0 / (1.0 + (-number(c)).exp())).sum::<f32>().round_ties_even()
}

/// Writes rows to `target` with a style behind each.
fn join(source: &Rows, style: &[f32], target: &mut Rows) {
    target.remake(source.planes() + blocks_of(style.len()), source.end() as usize);
    for plane in 0..source.planes() {
        target.plane_mut(plane).copy_from_slice(source.plane(plane));
    }
    for (number, style) in style.chunks(LANES).enumerate() {
        let mut block = Block::default();
        block.0[..style.len()].copy_from_slice(style);
        target.plane_mut(source.planes() + number).fill(block);
    }
}

impl Layer {
    /// The normalisation to a style.
    fn normal_to(&self, style: &[f32]) -> Norm {
        let made = self.style.of(style);
        let (gains, shifts) = made.split_at(made.len() / 2);
        let Normal { gain, shift, epsilon } = &self.normal;
        let gained: Vec<f32> = gain.iter().zip(gains).map(|(own, gain)| own * gain).collect();
        let shifted = shift.iter().zip(gains.iter().zip(shifts)).map(|(own, (gain, shift))| own * gain + shift);
        Norm::new(&gained, &shifted.collect::<Vec<f32>>(), *epsilon)
    }
}

impl Words {
    fn of(words: anatomy::Words<'_>) -> Result<Words, Reason> {
        let mut layers = Vec::with_capacity(words.layers.len());
        for (conv, given, slope) in &words.layers {
            layers.push((same(conv, |taps| if taps == 5 { 6 } else { 1 })?, normal(given), *slope));
        }
        match words.table.1.is_multiple_of(LANES) {
            true => Ok(Words { table: words.table, layers, last: lstm(&words.last)? }),
            false => Err("the table of the text encoder has no whole blocks"),
        }
    }

    /// Leaves in the first of both what is heard of ids, a row for each.
    fn run(
        &self,
        machine: Machine,
        ids: &[i32],
        [one, two]: [&mut Rows; 2],
        (room, scratch): (&mut lstm::Room, &mut Scratch),
    ) {
        let (table, width) = &self.table;
        one.remake(blocks_of(*width), ids.len());
        for plane in 0..one.planes() {
            for (block, id) in one.plane_mut(plane).iter_mut().zip(ids) {
                let from = usize::try_from(*id).unwrap_or(0) * width + plane * LANES;
                block.0.copy_from_slice(&table[from..from + LANES]);
            }
        }
        for (conv, normal, slope) in &self.layers {
            convolve(machine, conv, one, two, scratch);
            normal.run(machine, two, Bend::Leaky(*slope));
            std::mem::swap(one, two);
        }
        let all: Vec<u32> = (0..ids.len() as u32).collect();
        self.last.run(machine, (one, &all), two, room, scratch);
        std::mem::swap(one, two);
    }
}
