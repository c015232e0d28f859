//! In: rows of features, the source's spectrum, a style. Out: rows with more moments and fewer
//! channels. A stage of the generator; knows no other part of it.

use super::anatomy::{self, Reason, Snaking};
use super::styled::{Bench, Half, WINDOW, coded};
use cuevox_kernels::adain::Spread;
use cuevox_kernels::conv::{Coded, Conv, Finish, Shape};
use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::rows::{Rows, blocks_of};

/// Neighbouring outputs of a transposed convolution made at a time.
const UP_TILE: usize = 3;

/// A transposed convolution, what comes of the source, and the mean of the blocks behind both.
pub(super) struct Stage {
    /// What numbers below zero are multiplied by before it, and after it.
    slopes: [f32; 2],
    up: Conv,
    reflected: bool,
    noise: Noise,
    noise_block: Vec<Half>,
    blocks: Vec<Vec<Half>>,
}

/// Memory of a worker. A stage finds in `sum` what it reads, and leaves there what it makes.
#[derive(Default)]
pub(super) struct Tools {
    /// What all blocks read.
    x: Rows,
    /// What a block has come to.
    y: Rows,
    /// What is between the two convolutions of a pair.
    between: Rows,
    sum: Rows,
    spreads: [Spread; 3],
    pub(super) bench: Bench,
}

impl Tools {
    /// What the first stage reads.
    pub(super) fn input(&mut self) -> &mut Rows {
        &mut self.sum
    }

    /// What the last stage has made, and what to compute with.
    pub(super) fn made(&mut self) -> (&Rows, &mut Bench) {
        (&self.sum, &mut self.bench)
    }

    /// The memory it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let rows = [&self.x, &self.y, &self.between, &self.sum];
        rows.iter().map(|rows| rows.bytes()).sum::<usize>() + self.bench.bytes()
    }
}

/// A convolution of the source, perhaps with a stride: what it moves by is then one moment of so
/// many times the channels.
struct Noise {
    conv: Coded,
    stride: usize,
    before: usize,
    inputs: usize,
    /// How many moments there have to be, beside whole strides.
    beyond: isize,
}

impl Noise {
    fn of(conv: &crate::voice::graph::Quantised<'_>) -> Result<Noise, Reason> {
        const STRANGE: Reason = "what it makes of its source is not of the known kind";
        let ([outputs, inputs, taps], pads) = conv.conv_sizes().zip(conv.pads()).ok_or(STRANGE)?;
        let stride = conv.stride().filter(|stride| taps.is_multiple_of(*stride)).ok_or(STRANGE)?;
        if conv.dilation() != Some(1) {
            return Err(STRANGE);
        }
        let shape = Shape { before: 0, ..Shape::same(inputs * stride, outputs, taps / stride, 1) };
        let at = |o: usize, i: usize, tap: usize| Some((o * inputs + i % inputs) * taps + tap * stride + i / inputs);
        let beyond = taps as isize - (pads[0] + pads[1]) as isize - stride as isize;
        Ok(Noise { conv: coded(conv, shape, 1, at)?, stride, before: pads[0], inputs, beyond })
    }

    /// Whether so many moments of a source become this many.
    fn makes(&self, moments: usize, length: usize) -> bool {
        (moments as isize - self.beyond).div_euclid(self.stride as isize) == length as isize
    }

    fn run(&self, machine: Machine, source: &Rows, (target, length): (&mut Rows, usize), bench: &mut Bench) {
        target.remake(blocks_of(self.conv.shape().outputs), length);
        let (hand, conv, _) = bench.pack(machine, &self.conv);
        let (grouped, scratch) = (&mut hand.bent, &mut hand.scratch);
        let rows = length + self.conv.shape().taps - 1;
        let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };
        let range = (0, length as isize);
        if self.stride == 1 && self.before == 0 {
            return conv.run(machine, (source, target), range, (conv.bias(), finish), scratch);
        }
        grouped.remake(blocks_of(self.inputs * self.stride), rows);
        let last = grouped.planes() - 1;
        grouped.plane_mut(last).fill(Default::default());
        for channel in 0..self.inputs * self.stride {
            let (from, offset) = (channel % self.inputs, (channel / self.inputs) as isize - self.before as isize);
            let values = source.plane(from / LANES);
            for (row, block) in grouped.plane_mut(channel / LANES).iter_mut().enumerate() {
                let at = usize::try_from((row * self.stride) as isize + offset);
                let value = at.ok().and_then(|at| values.get(at)).map_or(0.0, |block| block.0[from % LANES]);
                block.0[channel % LANES] = value;
            }
        }
        conv.run(machine, (grouped, target), range, (conv.bias(), finish), scratch);
    }
}

fn halves(block: &[Snaking<'_>]) -> Result<Vec<Half>, Reason> {
    block.iter().map(Half::of).collect()
}

impl Stage {
    /// Packs a stage; what it makes is for a layer before which numbers below zero are multiplied
    /// by `slope`.
    pub(super) fn of(stage: &anatomy::Stage<'_>, slope: f32) -> Result<Stage, Reason> {
        let [inputs, outputs, width] = stage.up.sizes;
        let by = stage.up.stride;
        let (taps, shift) = (width / by, stage.up.pads[0] - usize::from(stage.reflected));
        let values = stage.up.weights().zip(stage.up.bias(outputs));
        let (weights, bias) = values.ok_or("weights are no finite f32")?;
        let shape = Shape { inputs, outputs, taps, dilation: 1, before: taps - 1, stride: by, shift };
        let weight = |o: usize, i: usize, tap: usize| {
            weights[(i * outputs + o % outputs) * width + o / outputs + (taps - 1 - tap) * by]
        };
        Ok(Stage {
            slopes: [stage.slope, slope],
            up: Conv::new(shape, UP_TILE, &bias, weight),
            reflected: stage.reflected,
            noise: Noise::of(&stage.noise)?,
            noise_block: halves(&stage.noise_block)?,
            blocks: stage.blocks.iter().map(|block| halves(block)).collect::<Result<_, _>>()?,
        })
    }

    /// Channels that come in.
    pub(super) fn inputs(&self) -> usize {
        self.up.shape().inputs
    }

    /// Channels that go out.
    pub(super) fn channels(&self) -> usize {
        self.up.shape().outputs
    }

    /// Moments for each moment that comes in.
    pub(super) fn stride(&self) -> usize {
        self.up.shape().stride
    }

    /// How many moments it makes of so many.
    pub(super) fn moments(&self, moments: usize) -> usize {
        moments * self.stride() + usize::from(self.reflected)
    }

    /// What numbers below zero have to be multiplied by before it.
    pub(super) fn slope(&self) -> f32 {
        self.slopes[0]
    }

    /// How many numbers of a style it reads.
    pub(super) fn style(&self) -> usize {
        self.noise_block.first().map_or(0, |half| half.styled.width())
    }

    /// Multiplications and additions for each moment that comes in.
    pub(super) fn operations(&self) -> usize {
        let halves = self.blocks.iter().chain([&self.noise_block]).flatten();
        let each = self.noise.conv.operations() + halves.map(|half| half.conv.operations()).sum::<usize>();
        self.up.operations() + self.stride() * each
    }

    /// Whether it can take a source of so many channels and moments, and so many numbers of a
    /// style, to make `length` moments.
    pub(super) fn takes(&self, (channels, moments): (usize, usize), length: usize, style: usize) -> bool {
        let all = self.blocks.iter().chain([&self.noise_block]).flatten();
        let mut widths = all.map(|half| half.styled.width());
        self.noise.inputs == channels && self.noise.makes(moments, length) && widths.all(|width| width == style)
    }

    /// Makes its moments of what stands in `tools`.
    pub(super) fn run(&self, machine: Machine, spectrum: &Rows, style: &[f32], tools: &mut Tools) {
        let length = self.moments(tools.sum.end() as usize);
        let planes = blocks_of(self.channels());
        self.noise.run(machine, spectrum, (&mut tools.x, length), &mut tools.bench);
        let Tools { x, y, between, sum, spreads, bench } = tools;
        bench.gather(machine, x, &mut spreads[0]);
        for rows in [&mut *y, &mut *between] {
            rows.remake(planes, length);
        }
        let block = Block { machine, style };
        block.run(&self.noise_block, (&*x, y), (between, None), spreads, bench);
        self.raise(machine, (sum, x, y), bench);
        bench.gather(machine, x, &mut spreads[0]);
        sum.remake(planes, length);
        let scale = 1.0 / self.blocks.len() as f32;
        for (number, halves) in self.blocks.iter().enumerate() {
            let is_last = number + 1 == self.blocks.len();
            let (scale, slope) = if is_last { (scale, self.slopes[1]) } else { (1.0, 1.0) };
            if number == 0 && !is_last {
                block.run(halves, (&*x, y), (between, None), spreads, bench);
                std::mem::swap(y, sum);
            } else {
                let into = Into { target: &mut *sum, accumulate: number > 0, scale, slope };
                block.run(halves, (&*x, y), (between, Some(into)), spreads, bench);
            }
        }
    }

    /// Raises what it reads, and adds what came of the source.
    fn raise(&self, machine: Machine, (source, target, added): (&Rows, &mut Rows, &Rows), bench: &mut Bench) {
        let (up, Shape { stride, shift, .. }) = (&self.up, self.up.shape());
        let end = (source.end() * stride as isize + shift as isize + stride as isize) / stride as isize;
        let finish = Finish::Store { residual: Some((added, 1.0)), accumulate: false, scale: 1.0, slope: 1.0 };
        let window = WINDOW.div_ceil(stride).next_multiple_of(up.grain());
        bench.crew.share(&mut bench.hand, target.parts(window * stride, shift), |hand, at, mut part| {
            let from = (at * window) as isize;
            let range = (from, end.min(from + window as isize));
            up.run_part(machine, (source, &mut part), range, (up.bias(), finish), &mut hand.scratch);
        });
        if self.reflected {
            for plane in 0..target.planes() {
                let (rows, added) = (target.plane_mut(plane), added.plane(plane));
                let from = if rows.len() > 2 { 2 } else { rows.len() - 1 };
                for lane in 0..LANES {
                    rows[0].0[lane] = added[0].0[lane] + (rows[from].0[lane] - added[from].0[lane]);
                }
            }
        }
    }
}

/// Runs blocks with one style.
struct Block<'a> {
    machine: Machine,
    style: &'a [f32],
}

/// Where what a block makes goes.
struct Into<'a> {
    target: &'a mut Rows,
    accumulate: bool,
    scale: f32,
    slope: f32,
}

impl Block<'_> {
    /// Runs a block on `x`, whose spread is the first; what it makes goes to `into`, or stays in
    /// `y`.
    fn run(
        &self,
        halves: &[Half],
        (x, y): (&Rows, &mut Rows),
        (between, mut into): (&mut Rows, Option<Into<'_>>),
        [of_x, of_y, of_between]: &mut [Spread; 3],
        bench: &mut Bench,
    ) {
        let (machine, style) = (self.machine, self.style);
        let plain = |residual, accumulate| Finish::Store { residual, accumulate, scale: 1.0, slope: 1.0 };
        let (pairs, _) = halves.as_chunks::<2>();
        for (number, [first, second]) in pairs.iter().enumerate() {
            let is_first = number == 0;
            let (source, spread) = if is_first { (x, &*of_x) } else { (&*y, &*of_y) };
            first.run(machine, (source, spread, style), (between, plain(None, false)), of_between, bench);
            let from = (&*between, &*of_between, style);
            match into.as_mut().filter(|_| number + 1 == pairs.len()) {
                Some(Into { target, accumulate, scale, slope }) => {
                    let residual = Some((if is_first { x } else { &*y }, 1.0));
                    let finish = Finish::Store { residual, accumulate: *accumulate, scale: *scale, slope: *slope };
                    second.run(machine, from, (target, finish), of_y, bench);
                }
                None if is_first => second.run(machine, from, (y, plain(Some((x, 1.0)), false)), of_y, bench),
                None => second.run(machine, from, (y, plain(None, true)), of_y, bench),
            }
        }
    }
}
