//! In: rows of the last stage. Out: samples. The last convolution and the inverse transform of the
//! generator.

use super::anatomy::{self, Reason};
use super::crew::Hand;
use super::stage::Tools;
use super::styled::{WINDOW, tile};
use cuevox_kernels::conv::{Conv, Finish, Shape};
use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::polar::unfold;
use cuevox_kernels::rows::{Rows, blocks_of};

/// The last layers, packed.
pub(super) struct Ending {
    last: Conv,
    basis: Conv,
    hop: usize,
    window: Vec<f32>,
    gain: f32,
    margin: usize,
}

impl Ending {
    pub(super) fn of(ending: &anatomy::Ending<'_>) -> Result<Ending, Reason> {
        const NO_FLOATS: Reason = "weights are no finite f32";
        let [channels, inputs, taps] = ending.last.sizes;
        let (weights, bias) = ending.last.weights().zip(ending.last.bias(channels)).ok_or(NO_FLOATS)?;
        // Magnitudes and phases begin with a block of channels of their own.
        let half = blocks_of(channels / 2) * LANES;
        let place = |o: usize| (o % half < channels / 2).then_some(o / half * (channels / 2) + o % half);
        let bias: Vec<f32> = (0..2 * half).map(|o| place(o).map_or(0.0, |o| bias[o])).collect();
        let weight = |o: usize, i: usize, tap: usize| place(o).map_or(0.0, |o| weights[(o * inputs + i) * taps + tap]);
        let shape = Shape::same(inputs, 2 * half, taps, ending.last.dilation);
        let last = Conv::new(shape, tile(taps), &bias, weight);
        let width = ending.basis.sizes[2];
        let weights = ending.basis.weights().ok_or(NO_FLOATS)?;
        let weight = |o: usize, i: usize, _| place(i).map_or(0.0, |i| weights[i * width + o]);
        let basis = Conv::new(Shape::same(2 * half, width, 1, 1), 1, &[], weight);
        let (hop, window) = (ending.basis.stride, ending.window.clone());
        Ok(Ending { last, basis, hop, window, gain: ending.gain, margin: ending.margin })
    }

    /// Channels that come in.
    pub(super) fn inputs(&self) -> usize {
        self.last.shape().inputs
    }

    /// Samples for each moment.
    pub(super) fn hop(&self) -> usize {
        self.hop
    }

    /// Multiplications and additions for each moment.
    pub(super) fn operations(&self) -> usize {
        self.last.operations() + self.basis.operations()
    }

    /// Samples of what stands in `tools`: one moment makes none, each further one `hop`.
    pub(super) fn run(&self, machine: Machine, tools: &mut Tools) -> Vec<f32> {
        let (source, bench) = tools.made();
        let length = source.end();
        let mut samples = vec![0.0; self.samples(length)];
        let window = WINDOW.next_multiple_of(self.last.grain());
        let starts: Vec<isize> = (0..length).step_by(window).collect();
        let pieces = bench.crew.share(&mut bench.hand, starts, |hand, _, from| {
            let to = length.min(from + window as isize);
            self.piece(machine, source, (from, to), hand)
        });
        for (number, piece) in pieces.iter().enumerate() {
            let samples = &mut samples[number * window * self.hop..];
            samples.iter_mut().zip(piece).for_each(|(sample, more)| *sample += more);
        }
        for (sample, weight) in samples.iter_mut().zip(&self.window).filter(|(_, w)| **w > f32::MIN_POSITIVE) {
            *sample /= weight;
        }
        samples.truncate(samples.len() - self.margin);
        samples.drain(..self.margin);
        samples.iter_mut().for_each(|sample| *sample *= self.gain);
        samples
    }

    /// Samples that so many moments reach.
    fn samples(&self, moments: isize) -> usize {
        (moments as usize).saturating_sub(1) * self.hop + self.basis.shape().outputs
    }

    /// What the moments from `from` to `to` add to the samples from that of the first on.
    fn piece(
        &self,
        machine: Machine,
        source: &Rows,
        (from, to): (isize, isize),
        Hand { bent: parts, scratch }: &mut Hand,
    ) -> Vec<f32> {
        let width = self.basis.shape().outputs;
        let mut frames = Rows::new(blocks_of(width), from);
        parts.reshape(blocks_of(self.last.shape().outputs), from);
        for rows in [&mut *parts, &mut frames] {
            rows.lengthen_to(to);
        }
        let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };
        let sums = (self.last.bias(), finish);
        self.last.run(machine, (source, parts), (from, to), sums, scratch);
        unfold(machine, parts);
        let sums = (self.basis.bias(), finish);
        self.basis.run(machine, (parts, &mut frames), (from, to), sums, scratch);
        let mut samples = vec![0.0; self.samples(to - from)];
        for plane in 0..frames.planes() {
            let lanes = (width - plane * LANES).min(LANES);
            for (row, block) in frames.plane(plane).iter().enumerate() {
                let at = row * self.hop + plane * LANES;
                let samples = samples[at..at + lanes].iter_mut();
                samples.zip(block.0).for_each(|(sample, value)| *sample += value);
            }
        }
        samples
    }
}
