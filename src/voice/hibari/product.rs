//! In: a product as the graph describes it. Out: the same, packed, and run over rows: in whole numbers where its weights are
//! such, otherwise in floats. Knows no layer.

use super::reader::{Linear, Weights};
use cuevox_kernels::bend::gelus;
use cuevox_kernels::conv::{self, Conv, Finish, Shape};
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::norm::Bend;
use cuevox_kernels::rows::{Rows, blocks_of};
use cuevox_kernels::whole::{self, Then, Whole};

/// A product, packed.
pub(super) enum Product {
    /// Weights are whole numbers.
    Whole(Whole),
    /// Weights are floats; a convolution of one tap.
    Floats(Box<Conv>),
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub(super) struct Scratch {
    /// What convolutions need.
    pub(super) conv: conv::Scratch,
    whole: whole::Scratch,
}

impl Scratch {
    /// The memory it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.conv.bytes() + self.whole.bytes()
    }
}

impl Product {
    /// The product as it is.
    pub(super) fn new(linear: &Linear) -> Product {
        Product::laid_out(linear, linear.sizes[1], |o| Some((o, 1.0)))
    }

    /// A product of `outputs` outputs, of which output `o` is the one of `linear`, times the factor, that `place` names, or
    /// zero.
    pub(super) fn laid_out(linear: &Linear, outputs: usize, place: impl Fn(usize) -> Option<(usize, f32)>) -> Product {
        let [inputs, given] = linear.sizes;
        let scaled = |values: &[f32]| -> Vec<f32> {
            let value = |o: usize| place(o).map_or(0.0, |(o, by)| by * values[if values.len() == 1 { 0 } else { o }]);
            (0..outputs).map(value).collect()
        };
        let bias = scaled(&linear.bias);
        match &linear.weights {
            Weights::Whole { bytes, zeros, scales } => {
                let zero = |o: usize| i16::from(zeros[if zeros.len() == 1 { 0 } else { o }]);
                let number =
                    |o: usize, i: usize| place(o).map_or(0, |(o, _)| i16::from(bytes[i * given + o]) - zero(o));
                Product::Whole(Whole::new([inputs, outputs], number, &scaled(scales), &bias))
            }
            Weights::Floats(weights) => {
                let weight = |o: usize, i: usize, _| place(o).map_or(0.0, |(o, by)| weights[i * given + o] * by);
                let conv = Conv::new(Shape::same(inputs, outputs, 1, 1), 1, &bias, weight);
                Product::Floats(Box::new(conv))
            }
        }
    }

    /// How many outputs there are.
    pub(super) fn outputs(&self) -> usize {
        match self {
            Product::Whole(whole) => whole.outputs(),
            Product::Floats(conv) => conv.shape().outputs,
        }
    }

    /// Makes the outputs of the moments from `from` to `to`, which `source` and `target` have. Where they are to be bent,
    /// `target` has no others.
    pub(super) fn run(
        &self,
        machine: Machine,
        (source, target): (&Rows, &mut Rows),
        (from, to): (isize, isize),
        then: Then<'_>,
        scratch: &mut Scratch,
    ) {
        let conv = match self {
            Product::Whole(whole) => {
                return whole.run(machine, (source, target), (from, to), then, &mut scratch.whole);
            }
            Product::Floats(conv) => conv,
        };
        let (residual, accumulate, slope) = match then {
            Then::Store(Bend::Leaky(slope)) => (None, false, slope),
            Then::Store(_) => (None, false, 1.0),
            Then::With(rows) => (Some((rows, 1.0)), false, 1.0),
            Then::Add => (None, true, 1.0),
        };
        let finish = Finish::Store { residual, accumulate, scale: 1.0, slope };
        conv.run(machine, (source, target), (from, to), (conv.bias(), finish), &mut scratch.conv);
        if matches!(then, Then::Store(Bend::Gelu)) {
            gelus(machine, target);
        }
    }

    /// Makes `target` what comes of all rows of `source`, bent.
    pub(super) fn all(&self, machine: Machine, source: &Rows, bend: Bend, target: &mut Rows, scratch: &mut Scratch) {
        target.reshape(blocks_of(self.outputs()), source.first());
        target.lengthen_to(source.end());
        self.run(machine, (source, target), (source.first(), source.end()), Then::Store(bend), scratch);
    }

    /// Adds what comes of all rows of `source` to `target`.
    pub(super) fn add(&self, machine: Machine, source: &Rows, target: &mut Rows, scratch: &mut Scratch) {
        self.run(machine, (source, target), (source.first(), source.end()), Then::Add, scratch);
    }
}
