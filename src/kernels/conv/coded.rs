//! In: weights of a convolution in a byte each. Out: the convolution with its weights packed, in
//! memory that is used again. Knows no network.
//!
//! Bytes take a quarter of the memory of floats, and in tiles a tenth of what those take, so a
//! network of many layers is kept in bytes, and each layer is packed when its turn comes; that
//! costs as much as some hundred moments of it.

use super::{Conv, Shape, at_least};
use crate::kernels::lanes::{Block, LANES, Lanes, Machine, Task};
use crate::kernels::rows::blocks_of;
use crate::kernels::toom::{NOTHING, Toom};

/// A convolution with its weights in bytes: each stands for (byte - zero) · scale.
pub struct Coded {
    shape: Shape,
    toom: Option<Toom>,
    /// Sixteen outputs beside one another, for each tap, for each input, for each block of outputs.
    bytes: Vec<u8>,
    zeros: Vec<Block>,
    scales: Vec<Block>,
    bias: Vec<Block>,
}

/// A byte and what it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// The byte of output `o` for input `i` at a tap: `bytes[at(o, i, tap)]`.
    pub bytes: &'a [u8],
    /// The byte that stands for zero, for all outputs or for each.
    pub zeros: &'a [u8],
    /// What a difference of 1 stands for, for all outputs or for each.
    pub scales: &'a [f32],
}

/// The one for all, or the one of `at`.
fn one<T: Copy>(of: &[T], at: usize) -> T {
    if of.len() == 1 { of[0] } else { of[at] }
}

impl Coded {
    /// Puts bytes in order. Output `o` is of `shape.outputs`; `at` says where the byte of an
    /// output, an input and a tap is, or that there is none, which stands for zero.
    pub fn new(
        shape: Shape,
        tile: usize,
        bias: &[f32],
        (code, at): (Code<'_>, impl Fn(usize, usize, usize) -> Option<usize>),
    ) -> Coded {
        let planes = blocks_of(shape.outputs);
        let mut coded = Coded {
            shape,
            toom: Toom::new(shape.taps, tile),
            bytes: vec![0; planes * shape.inputs * shape.taps * LANES],
            zeros: vec![NOTHING; planes],
            scales: vec![NOTHING; planes],
            bias: vec![NOTHING; planes],
        };
        for o in 0..shape.outputs {
            let (plane, lane) = (o / LANES, o % LANES);
            let zero = one(code.zeros, o);
            coded.zeros[plane].0[lane] = f32::from(zero);
            coded.scales[plane].0[lane] = one(code.scales, o);
            coded.bias[plane].0[lane] = bias.get(o).copied().unwrap_or(0.0);
            for (i, tap) in (0..shape.inputs).flat_map(|i| (0..shape.taps).map(move |tap| (i, tap))) {
                let to = ((plane * shape.inputs + i) * shape.taps + tap) * LANES + lane;
                coded.bytes[to] = at(o, i, tap).map_or(zero, |at| code.bytes[at]);
            }
        }
        coded
    }

    /// What it is like.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Multiplications and additions for each moment, counted as in a plain convolution.
    pub fn operations(&self) -> usize {
        2 * self.shape.inputs * self.shape.outputs * self.shape.taps
    }
}

impl Conv {
    /// A convolution of nothing, to become one in [`Conv::become_of`].
    pub fn empty() -> Conv {
        Conv::new(Shape::same(0, 0, 1, 1), 1, &[], |_, _, _| 0.0)
    }

    /// Becomes the convolution of these weights.
    pub fn become_of(&mut self, machine: Machine, coded: &Coded) {
        self.shape = coded.shape;
        self.inputs = blocks_of(coded.shape.inputs);
        self.outputs = blocks_of(coded.shape.outputs);
        self.toom.clone_from(&coded.toom);
        self.bias.clone_from(&coded.bias);
        let points = self.toom.as_ref().map_or(coded.shape.taps, Toom::points);
        at_least(&mut self.weights, points * self.outputs * self.inputs * LANES);
        machine.run(Unpack { coded, depth: self.inputs * LANES, weights: &mut self.weights });
    }
}

struct Unpack<'a> {
    coded: &'a Coded,
    /// Inputs, whole blocks of them.
    depth: usize,
    weights: &'a mut [Block],
}

/// The most taps of a tile.
const TAPS: usize = 12;

impl Task for Unpack<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Unpack { coded, depth, weights } = self;
        let Shape { inputs, taps, .. } = coded.shape;
        let outputs = blocks_of(coded.shape.outputs);
        let mut columns = coded.bytes.chunks_exact((inputs * taps * LANES).max(1));
        for column in 0..outputs {
            let Some(bytes) = columns.next() else { return };
            let (zero, scale) = (coded.zeros[column].0, coded.scales[column].0);
            // There are no weights for the lanes beyond the last input.
            let points = coded.toom.as_ref().map_or(taps, Toom::points);
            for point in 0..points {
                let from = at(coded.toom.is_some(), (point, points), (column, outputs)) * depth;
                weights[from + inputs..from + depth].fill(NOTHING);
            }
            for (i, bytes) in bytes.chunks_exact(taps * LANES).enumerate() {
                match &coded.toom {
                    None => {
                        for (tap, bytes) in bytes.as_chunks::<LANES>().0.iter().enumerate() {
                            let block = &mut weights[at(false, (tap, taps), (column, outputs)) * depth + i];
                            for lane in 0..LANES {
                                block.0[lane] = (f32::from(bytes[lane]) - zero[lane]) * scale[lane];
                            }
                        }
                    }
                    Some(toom) => {
                        let mut values = [NOTHING; TAPS];
                        for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<LANES>().0) {
                            for lane in 0..LANES {
                                value.0[lane] = f32::from(bytes[lane]) - zero[lane];
                            }
                        }
                        let values = &values[..taps.min(TAPS)];
                        for pair in 0..=toom.pairs {
                            let both = toom.weights_of_pair(values, pair, &scale);
                            let [a, b] = toom.points_of_pair(pair);
                            weights[at(true, (a, points), (column, outputs)) * depth + i] = both[0];
                            weights[at(true, (b, points), (column, outputs)) * depth + i] = both[1];
                        }
                    }
                }
            }
        }
    }
}

/// Which panel of inputs belongs to a point and a block of outputs.
#[inline(always)]
fn at(tiled: bool, (point, points): (usize, usize), (column, columns): (usize, usize)) -> usize {
    if tiled { point * columns + column } else { column * points + point }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_in_bytes_become_those_of_the_floats_they_stand_for() {
        let bytes: Vec<u8> = (0..40_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let each: (Vec<u8>, Vec<f32>) = (0..50).map(|o| (o as u8 * 3, 0.001 + o as f32 * 1e-4)).unzip();
        let mut conv = Conv::empty();
        for (shape, tile) in [
            (Shape::same(40, 24, 3, 2), 8),
            (Shape::same(20, 33, 7, 1), 8),
            (Shape::same(16, 16, 11, 1), 4),
            (Shape::same(33, 50, 3, 1), 1),
        ] {
            for (zeros, scales) in [(&[77][..], &[0.01][..]), (&each.0, &each.1)] {
                let at = |o: usize, i: usize, tap: usize| (o * shape.inputs + i) * shape.taps + tap;
                let code = Code { bytes: &bytes, zeros, scales };
                let bias: Vec<f32> = (0..shape.outputs).map(|o| o as f32).collect();
                let coded = Coded::new(shape, tile, &bias, (code, |o, i, tap| Some(at(o, i, tap))));
                let weight = |o: usize, i: usize, tap: usize| {
                    (f32::from(bytes[at(o, i, tap)]) - f32::from(one(zeros, o))) * one(scales, o)
                };
                let wanted = Conv::new(shape, tile, &bias, weight);
                let most = wanted.weights.iter().flat_map(|b| b.0).fold(0.0, |a: f32, b| a.max(b.abs()));
                for machine in Machine::all() {
                    conv.become_of(machine, &coded);
                    assert_eq!((conv.shape, &conv.bias), (wanted.shape, &wanted.bias));
                    for (a, b) in conv.weights.iter().zip(&wanted.weights) {
                        let off = a.0.iter().zip(b.0).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                        assert!(off < 1e-6 * most, "{shape:?}, {}: {a:?}, not {b:?}", machine.name());
                    }
                }
            }
        }
    }
}
