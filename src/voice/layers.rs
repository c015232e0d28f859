//! In: layers as a graph describes them. Out: the same, packed for [`cuevox_kernels`], and run over rows. What voices of
//! several kinds need of it; knows none of them.

use super::graph::{Convolution, Normal};
use cuevox_kernels::conv::{Conv, Finish, Scratch, Shape};
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::norm::Norm;
use cuevox_kernels::rows::{Rows, blocks_of};

/// What is not as it was expected to be.
pub(super) type Reason = &'static str;

/// Why weights are not taken.
pub(super) const NO_FLOATS: Reason = "weights are no finite f32";

/// Neighbouring outputs made at a time where a layer has three taps; more of them would cost too much memory for what they save.
const TILE: usize = 4;

/// Weights and bias of a convolution.
pub(super) fn values(conv: &Convolution<'_>, outputs: usize) -> Result<(Vec<f32>, Vec<f32>), Reason> {
    conv.weights().zip(conv.bias(outputs)).ok_or(NO_FLOATS)
}

/// A convolution, packed.
pub(super) fn conv(given: &Convolution<'_>) -> Result<Conv, Reason> {
    let [outputs, inputs, taps] = given.sizes;
    let (weights, bias) = values(given, outputs)?;
    let shape = Shape::same(inputs, outputs, taps, given.dilation);
    let tile = if taps == 3 { TILE } else { 1 };
    Ok(Conv::new(shape, tile, &bias, |o, i, tap| weights[(o * inputs + i) * taps + tap]))
}

/// A normalisation, packed.
pub(super) fn normal(given: &Normal) -> Norm {
    Norm::new(&given.gain, &given.shift, given.epsilon)
}

/// Makes `to` what `from` is.
pub(super) fn copy(from: &Rows, to: &mut Rows) {
    to.reshape(from.planes(), from.first());
    to.lengthen_to(from.end());
    for plane in 0..from.planes() {
        to.plane_mut(plane).copy_from_slice(from.plane(plane));
    }
}

/// Runs a convolution over all rows of `source`; what comes of it below zero is multiplied by `slope`.
pub(super) fn convolve(
    machine: Machine,
    conv: &Conv,
    source: &Rows,
    slope: f32,
    target: &mut Rows,
    room: &mut Scratch,
) {
    target.reshape(blocks_of(conv.shape().outputs), source.first());
    target.lengthen_to(source.end());
    let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope };
    conv.run(machine, (source, target), (source.first(), source.end()), (conv.bias(), finish), room);
}

/// Adds what a convolution makes of `source` to `target`.
pub(super) fn add(machine: Machine, conv: &Conv, source: &Rows, target: &mut Rows, scratch: &mut Scratch) {
    let finish = Finish::Store { residual: None, accumulate: true, scale: 1.0, slope: 1.0 };
    conv.run(machine, (source, target), (source.first(), source.end()), (conv.bias(), finish), scratch);
}
