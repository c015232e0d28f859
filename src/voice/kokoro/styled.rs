//! In: layers of the graph that depend on the style. Out: the same packed; what a style makes of
//! the spread of their channels. Knows no part of the network.

use super::anatomy::{Reason, Snaking, Styling};
use crate::kernels::adain::{Bend, Rates, Scaling, Spread};
use crate::kernels::conv::{Code, Coded, Conv, Finish, Scratch, Shape};
use crate::kernels::lanes::Machine;
use crate::kernels::rows::Rows;
use crate::voice::graph::Quantised;

/// Moments worked on at a time, about: what is bent and not yet convolved stays near the processor.
const WINDOW: usize = 480;

const NO_BYTES: Reason = "weights are not in bytes as they should be";

/// How many neighbouring outputs to make at a time: as many as there are points for.
pub(super) fn tile(taps: usize) -> usize {
    if taps % 2 == 1 { 15_usize.saturating_sub(taps).clamp(1, 8) } else { 1 }
}

/// A normalisation to a style.
pub(super) struct Styled {
    /// For each number of the style, what it adds to gains and shifts.
    weights: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Styled {
    pub(super) fn of(styling: &Styling<'_>) -> Result<Styled, Reason> {
        let outputs = styling.linear.sizes().and_then(|sizes| sizes.last().copied()).ok_or(NO_BYTES)?;
        let values = styling.linear.floats(true).zip(styling.linear.bias(outputs));
        let (weights, bias) = values.ok_or(NO_BYTES)?;
        Ok(Styled { weights, bias, epsilon: styling.epsilon })
    }

    /// How many numbers a style has.
    pub(super) fn width(&self) -> usize {
        self.weights.len() / self.bias.len().max(1)
    }

    /// What brings channels that are spread like this to a style.
    pub(super) fn scaling(&self, spread: &Spread, style: &[f32]) -> Scaling {
        let mut sums = self.bias.clone();
        for (weights, x) in self.weights.chunks_exact(sums.len()).zip(style) {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * x);
        }
        let (gains, shifts) = sums.split_at_mut(self.bias.len() / 2);
        gains.iter_mut().for_each(|gain| *gain += 1.0);
        spread.to(gains, shifts, self.epsilon)
    }
}

/// Packs a convolution that keeps the number of moments.
pub(super) fn same(conv: &Quantised<'_>, tile: impl Fn(usize) -> usize) -> Result<Coded, Reason> {
    let ([outputs, inputs, taps], dilation) = conv.conv_sizes().zip(conv.dilation()).ok_or(NO_BYTES)?;
    let shape = Shape::same(inputs, outputs, taps, dilation);
    let at = |o: usize, i: usize, tap: usize| Some((o * inputs + i) * taps + tap);
    coded(conv, shape, tile(taps), at)
}

/// Packs a convolution of this shape, whose weights are found by `at`.
pub(super) fn coded(
    conv: &Quantised<'_>,
    shape: Shape,
    tile: usize,
    at: impl Fn(usize, usize, usize) -> Option<usize>,
) -> Result<Coded, Reason> {
    let (bytes, bias) = conv.bytes(shape.outputs).zip(conv.bias(shape.outputs)).ok_or(NO_BYTES)?;
    let code = Code { bytes: &bytes.bytes, zeros: &bytes.zeros, scales: &bytes.scales };
    Ok(Coded::new(shape, tile, &bias, (code, at)))
}

/// A convolution of what is brought to a style and bent.
pub(super) struct Half {
    pub(super) styled: Styled,
    rates: Rates,
    pub(super) conv: Coded,
}

/// What a worker packs and bends in.
#[derive(Default)]
pub(super) struct Bench {
    pub(super) bent: Rows,
    pub(super) conv: Option<Conv>,
    pub(super) scratch: Scratch,
}

impl Bench {
    /// A convolution with its weights packed.
    pub(super) fn pack(&mut self, machine: Machine, coded: &Coded) -> (&mut Rows, &Conv, &mut Scratch) {
        let conv = self.conv.get_or_insert_with(Conv::empty);
        conv.become_of(machine, coded);
        (&mut self.bent, conv, &mut self.scratch)
    }
}

impl Half {
    pub(super) fn of(snaking: &Snaking<'_>) -> Result<Half, Reason> {
        Ok(Half {
            styled: Styled::of(&snaking.styling)?,
            rates: Rates::new(&snaking.rates, &snaking.inverse),
            conv: same(&snaking.conv, tile)?,
        })
    }

    /// Convolves all of `source`, whose spread this is, into `target`; what is there then is added
    /// to `gathered`.
    pub(super) fn run(
        &self,
        machine: Machine,
        (source, spread, style): (&Rows, &Spread, &[f32]),
        (target, finish): (&mut Rows, Finish<'_>),
        gathered: &mut Spread,
        bench: &mut Bench,
    ) {
        let scaling = self.styled.scaling(spread, style);
        styled_conv(
            machine,
            (source, &scaling, Bend::Snake(&self.rates)),
            &self.conv,
            (target, finish),
            gathered,
            bench,
        );
    }
}

/// Scales, bends and convolves all of `source` into `target`, window by window; what is there then
/// is added to `gathered`.
pub(super) fn styled_conv(
    machine: Machine,
    (source, scaling, bend): (&Rows, &Scaling, Bend<'_>),
    coded: &Coded,
    (target, finish): (&mut Rows, Finish<'_>),
    gathered: &mut Spread,
    bench: &mut Bench,
) {
    let (bent, conv, scratch) = bench.pack(machine, coded);
    let (grain, length) = (conv.grain(), source.end());
    let window = WINDOW.next_multiple_of(grain) as isize;
    gathered.clear(target.planes());
    for from in (0..length).step_by(window as usize) {
        let to = (from + window).min(length);
        let reach = (from - coded.shape().before as isize, from + window + conv.after());
        scaling.apply(machine, (source, bent), reach, bend);
        conv.run(machine, (bent, target), (from, to), (conv.bias(), finish), scratch);
        gathered.add(machine, target, (from, to));
    }
}

/// Adds all moments of rows to a spread.
pub(super) fn gather(machine: Machine, rows: &Rows, spread: &mut Spread) {
    spread.clear(rows.planes());
    for from in (0..rows.end()).step_by(WINDOW) {
        spread.add(machine, rows, (from, (from + WINDOW as isize).min(rows.end())));
    }
}
