//! In: layers of the graph that depend on the style. Out: the same packed; what a style makes of
//! the spread of their channels. Knows no part of the network.

use super::anatomy::{Reason, Snaking, Styling};
use super::crew::{Crew, Hand};
use crate::voice::graph::{Bytes, Quantised, Recurrent};
use cuevox_kernels::adain::{Bend, Portion, Rates, Scaling, Spread};
use cuevox_kernels::conv::{Code, Coded, Conv, Finish, Scratch, Shape};
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::lstm::{Given, Lstm};
use cuevox_kernels::rows::{Rows, blocks_of};

/// Moments worked on at a time, about: what is bent and not yet convolved stays near the processor.
pub(super) const WINDOW: usize = 480;

pub(super) const NO_BYTES: Reason = "weights are not in bytes as they should be";

/// How many neighbouring outputs to make at a time: as many as there are points for.
pub(super) fn tile(taps: usize) -> usize {
    if taps % 2 == 1 { 15_usize.saturating_sub(taps).clamp(1, 8) } else { 1 }
}

/// What makes gains and shifts of a style.
pub(super) struct OfStyle {
    /// For each number of the style, what it adds to gains and shifts, in bytes.
    weights: Vec<u8>,
    /// The byte that stands for zero, and what a difference of 1 stands for, for each of both.
    codes: Vec<[f32; 2]>,
    /// With the 1 that is added to gains.
    bias: Vec<f32>,
}

impl OfStyle {
    /// Reads it of a product whose gains are less by 1.
    pub(super) fn read(linear: &Quantised<'_>) -> Result<OfStyle, Reason> {
        let outputs = linear.sizes().and_then(|sizes| sizes.last().copied()).ok_or(NO_BYTES)?;
        let (Bytes { bytes, zeros, scales }, mut bias) =
            linear.bytes(outputs).zip(linear.bias(outputs)).ok_or(NO_BYTES)?;
        bias[..outputs / 2].iter_mut().for_each(|gain| *gain += 1.0);
        let code = |o: usize| [f32::from(zeros[o % zeros.len()]), scales[o % scales.len()]];
        Ok(OfStyle { weights: bytes, codes: (0..outputs).map(code).collect(), bias })
    }

    /// Gains, and then as many shifts.
    pub(super) fn of(&self, style: &[f32]) -> Vec<f32> {
        let mut sums = self.bias.clone();
        for (weights, x) in self.weights.chunks_exact(sums.len()).zip(style) {
            for (sum, (byte, [zero, scale])) in sums.iter_mut().zip(weights.iter().zip(&self.codes)) {
                *sum += (f32::from(*byte) - zero) * scale * x;
            }
        }
        sums
    }
}

/// A normalisation to a style.
pub(super) struct Styled {
    linear: OfStyle,
    epsilon: f32,
}

impl Styled {
    pub(super) fn of(styling: &Styling<'_>) -> Result<Styled, Reason> {
        Ok(Styled { linear: OfStyle::read(&styling.linear)?, epsilon: styling.epsilon })
    }

    /// How many numbers a style has.
    pub(super) fn width(&self) -> usize {
        self.linear.weights.len() / self.linear.bias.len().max(1)
    }

    /// What brings channels that are spread like this to a style.
    pub(super) fn scaling(&self, spread: &Spread, style: &[f32]) -> Scaling {
        let sums = self.linear.of(style);
        let (gains, shifts) = sums.split_at(sums.len() / 2);
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

/// Packs a product; `bias` is added where it has none of its own.
pub(super) fn product(linear: &Quantised<'_>, bias: Option<&[f32]>) -> Result<Coded, Reason> {
    let sizes = linear.sizes().ok_or(NO_BYTES)?;
    let [inputs, outputs] = sizes[..] else { return Err(NO_BYTES) };
    let own = linear.bias(outputs).ok_or(NO_BYTES)?;
    let bytes = linear.bytes(outputs).ok_or(NO_BYTES)?;
    let code = Code { bytes: &bytes.bytes, zeros: &bytes.zeros, scales: &bytes.scales };
    let at = |o: usize, i: usize, _: usize| Some(i * outputs + o);
    Ok(Coded::new(Shape::same(inputs, outputs, 1, 1), 1, bias.unwrap_or(&own), (code, at)))
}

/// Packs a layer that remembers.
pub(super) fn lstm(given: &Recurrent) -> Result<Lstm, Reason> {
    let side = |number: usize| {
        let side = &given.sides[number];
        let [input, recurrent] = [&side.input, &side.recurrent].map(|bytes| Code {
            bytes: &bytes.bytes,
            zeros: &bytes.zeros,
            scales: &bytes.scales,
        });
        Given { input, recurrent, bias: &side.bias }
    };
    Lstm::new(given.inputs, given.channels, [side(0), side(1)]).ok_or("a layer that remembers has no whole blocks")
}

/// Makes a row of `target` of each of `source`.
pub(super) fn convolve(machine: Machine, coded: &Coded, source: &Rows, target: &mut Rows, scratch: &mut Scratch) {
    target.remake(blocks_of(coded.shape().outputs), source.end() as usize);
    coded.run(machine, (source, target), PLAIN, scratch);
}

/// What a convolution makes is stored as it is.
pub(super) const PLAIN: Finish<'_> = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };

/// What a convolution makes is added to what is there.
pub(super) const ADDED: Finish<'_> = Finish::Store { residual: None, accumulate: true, scale: 1.0, slope: 1.0 };

/// A convolution of what is brought to a style and bent.
pub(super) struct Half {
    pub(super) styled: Styled,
    rates: Rates,
    pub(super) conv: Coded,
}

/// What a worker packs and bends in, and who helps it.
#[derive(Default)]
pub(super) struct Bench {
    pub(super) hand: Hand,
    conv: Option<Conv>,
    pub(super) crew: Crew,
}

impl Bench {
    /// A convolution with its weights packed.
    pub(super) fn pack(&mut self, machine: Machine, coded: &Coded) -> (&mut Hand, &Conv, &mut Crew) {
        let conv = self.conv.get_or_insert_with(Conv::empty);
        conv.become_of(machine, coded);
        (&mut self.hand, conv, &mut self.crew)
    }

    /// Adds all moments of rows to a spread.
    pub(super) fn gather(&mut self, machine: Machine, rows: &mut Rows, spread: &mut Spread) {
        spread.clear(rows.planes());
        let work = rows.parts(WINDOW, 0);
        let portions = self.crew.share(&mut self.hand, work, |_, _, part| Portion::of(machine, &part));
        portions.iter().for_each(|portion| spread.join(portion));
    }

    /// The memory it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.hand.bytes() + self.conv.as_ref().map_or(0, Conv::bytes) + self.crew.bytes()
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
    let (hand, conv, crew) = bench.pack(machine, coded);
    let window = WINDOW.next_multiple_of(conv.grain());
    gathered.clear(target.planes());
    let portions = crew.share(hand, target.parts(window, 0), |Hand { bent, scratch }, _, mut part| {
        let (from, to) = (part.first(), part.end());
        let reach = (from - conv.shape().before as isize, from + window as isize + conv.after());
        scaling.apply(machine, (source, &mut *bent), reach, bend);
        conv.run_part(machine, (bent, &mut part), (from, to), (conv.bias(), finish), scratch);
        Portion::of(machine, &part)
    });
    portions.iter().for_each(|portion| gathered.join(portion));
}

/// Adds all moments of rows to a spread.
pub(super) fn gather(machine: Machine, rows: &Rows, spread: &mut Spread) {
    spread.clear(rows.planes());
    for from in (0..rows.end()).step_by(WINDOW) {
        spread.add(machine, rows, (from, (from + WINDOW as isize).min(rows.end())));
    }
}
