//! In: what was made of ids, and of which id each frame is. Out: pitch and level, point by point,
//! and the features that the generator makes sound of. Knows neither ids nor sound.

use super::anatomy::{self, Reason};
use super::residual::{Residual, Tools};
use super::styled::{convolve, gather, lstm, same};
use cuevox_kernels::adain::Spread;
use cuevox_kernels::conv::Coded;
use cuevox_kernels::lanes::{Block, LANES, Machine};
use cuevox_kernels::lstm::{self, Lstm};
use cuevox_kernels::rows::{Rows, blocks_of};

/// Points for each frame.
pub(super) const POINTS: usize = 2;

/// Makes pitch and level of a melody, packed.
pub(super) struct Prosody {
    shared: Lstm,
    curves: [Curve; 2],
}

struct Curve {
    blocks: Vec<Residual>,
    last: Coded,
}

/// One of both.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// In Hz.
    Pitch,
    /// The logarithm of the level.
    Level,
}

/// Makes features of words, pitch and level, packed.
pub(super) struct Decoder {
    blocks: Vec<Residual>,
    less: Coded,
    halves: [anatomy::Half; 2],
}

/// Memory of a worker, used again from one utterance to the next.
#[derive(Default)]
pub(super) struct Room {
    shared: Rows,
    /// What a block reads, and what it makes.
    rows: [Rows; 2],
    less: Rows,
    spread: Spread,
    lstm: lstm::Room,
    pub(super) tools: Tools,
}

/// What a decoder makes features of.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    /// A row for each id.
    pub(super) words: &'a Rows,
    /// The id of each frame, by its place.
    pub(super) frames: &'a [u32],
    /// A number for each point.
    pub(super) pitch: &'a [f32],
    pub(super) level: &'a [f32],
}

impl Prosody {
    pub(super) fn of(prosody: &anatomy::Prosody<'_>) -> Result<Prosody, Reason> {
        let curve = |curve: &anatomy::Curve<'_>| -> Result<Curve, Reason> {
            Ok(Curve { blocks: Residual::all(&curve.blocks)?, last: same(&curve.last, |_| 1)? })
        };
        let [pitch, level] = &prosody.curves;
        Ok(Prosody { shared: lstm(&prosody.shared)?, curves: [curve(pitch)?, curve(level)?] })
    }

    /// How many channels a melody has, with the style behind it.
    pub(super) fn inputs(&self) -> usize {
        self.shared.inputs()
    }

    /// How many numbers of a style it reads.
    pub(super) fn style(&self) -> usize {
        self.curves[0].blocks.first().map_or(0, Residual::style)
    }

    /// Multiplications and additions for each frame, the layer that remembers left out.
    pub(super) fn operations(&self) -> usize {
        let mut sum = 0;
        for curve in &self.curves {
            let mut stride = 1;
            for block in &curve.blocks {
                sum += stride * block.operations();
                stride *= block.stride();
            }
            sum += stride * curve.last.operations();
        }
        sum
    }

    /// Readies `room` for curves of a melody, which has a row for each id; `frames` has the id of
    /// each frame, by its place.
    pub(super) fn begin(&self, machine: Machine, melody: &Rows, frames: &[u32], room: &mut Room) {
        let Room { shared, lstm, tools, .. } = room;
        self.shared.run(machine, (melody, frames), shared, lstm, &mut tools.bench.hand.scratch);
    }

    /// One curve, [`POINTS`] numbers for each frame.
    pub(super) fn curve(&self, machine: Machine, of: Of, style: &[f32], room: &mut Room) -> Vec<f32> {
        let Curve { blocks, last } = &self.curves[of as usize];
        let Room { shared, rows: [one, other], spread, tools, .. } = room;
        gather(machine, shared, spread);
        for (number, block) in blocks.iter().enumerate() {
            let source = if number == 0 { &*shared } else { &*one };
            other.remake(blocks_of(block.outputs()), source.end() as usize * block.stride());
            block.run(machine, (source, style), other, spread, tools);
            std::mem::swap(one, other);
        }
        convolve(machine, last, one, other, &mut tools.bench.hand.scratch);
        other.plane(0).iter().map(|block| block.0[0]).collect()
    }
}

impl Decoder {
    pub(super) fn of(decoder: anatomy::Decoder<'_>) -> Result<Decoder, Reason> {
        let (blocks, less) = (Residual::all(&decoder.blocks)?, same(&decoder.less, |_| 1)?);
        let mut widths = vec![less.shape().outputs, less.shape().inputs];
        widths.extend(blocks.iter().map(Residual::outputs));
        if widths.iter().any(|width| !width.is_multiple_of(LANES)) {
            return Err("the decoder's channels are no whole blocks");
        }
        Ok(Decoder { blocks, less, halves: decoder.halves })
    }

    /// How many channels the words have.
    pub(super) fn inputs(&self) -> usize {
        self.less.shape().inputs
    }

    /// How many channels the features have.
    pub(super) fn outputs(&self) -> usize {
        self.blocks.last().map_or(0, Residual::outputs)
    }

    /// How many numbers of a style it reads.
    pub(super) fn style(&self) -> usize {
        self.blocks.first().map_or(0, Residual::style)
    }

    /// Multiplications and additions for each frame.
    pub(super) fn operations(&self) -> usize {
        self.blocks.iter().map(Residual::operations).sum()
    }

    /// Features, [`POINTS`] rows for each frame.
    pub(super) fn run<'a>(&self, machine: Machine, input: Input<'_>, style: &[f32], room: &'a mut Room) -> &'a Rows {
        let Room { rows: [one, other], less, spread, tools, .. } = room;
        convolve(machine, &self.less, input.words, less, &mut tools.bench.hand.scratch);
        let curves = [self.halves[0].of(input.pitch), self.halves[1].of(input.level)];
        let count = input.frames.len();
        one.remake(input.words.planes() + 1, count);
        join((input.words, input.frames), &curves, (one, 0));
        gather(machine, one, spread);
        for (number, block) in self.blocks.iter().enumerate() {
            let planes = blocks_of(block.outputs());
            if number + 1 == self.blocks.len() {
                other.remake(planes, count * block.stride());
            } else {
                other.remake(planes + less.planes() + 1, count);
                join((less, input.frames), &curves, (other, planes));
            }
            block.run(machine, (one, style), other, spread, tools);
            std::mem::swap(one, other);
        }
        one
    }
}

/// Writes the rows of the ids to all frames, from a plane on, and the curves behind them.
fn join((source, frames): (&Rows, &[u32]), curves: &[Vec<f32>; 2], (target, first): (&mut Rows, usize)) {
    for plane in 0..source.planes() {
        let rows = source.plane(plane);
        for (block, id) in target.plane_mut(first + plane).iter_mut().zip(frames) {
            *block = rows[*id as usize];
        }
    }
    let last = target.plane_mut(first + source.planes());
    for (block, (pitch, level)) in last.iter_mut().zip(curves[0].iter().zip(&curves[1])) {
        *block = Block::default();
        (block.0[0], block.0[1]) = (*pitch, *level);
    }
}

impl anatomy::Half {
    /// A number for each frame.
    fn of(&self, points: &[f32]) -> Vec<f32> {
        let value = |at: usize| at.checked_sub(1).and_then(|at| points.get(at)).copied().unwrap_or(0.0);
        let sum = |at: usize| (0..3).map(|tap| self.taps[tap] * value(at + tap)).sum::<f32>() + self.bias;
        (0..points.len()).step_by(POINTS).map(sum).collect()
    }
}
