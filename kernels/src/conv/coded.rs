//! In: weights of a convolution in a byte each. Out: the convolution with its weights packed, in
//! memory that is used again. Knows no network.
//!
//! Bytes take a quarter of the memory of floats, and in tiles a tenth of what those take, so a
//! network of many layers is kept in bytes. A layer of many moments is packed when its turn comes
//! ([`Conv::become_of`]); one of few moments and many weights is unpacked some outputs at a time,
//! which never leave the second cache ([`Coded::run`]).

use super::{Call, Conv, Finish, Run, Scratch, Shape, at_least};
use crate::lanes::{Block, LANES, Lanes, Machine, Task};
use crate::rows::{Rows, blocks_of};
use crate::toom::{NOTHING, Toom};
use std::ops::Range;

/// How much of the inputs of [`Coded::run`], valued at all points, is worked on at once, in blocks:
/// each time all weights are unpacked.
pub(super) const INPUTS_AT_ONCE: usize = 65_536;
/// How many weights it unpacks at once, in blocks: what stays in the second cache.
pub(super) const WEIGHTS_AT_ONCE: usize = 8192;

/// A convolution with its weights in bytes: each stands for (byte - zero) · scale.
pub struct Coded {
    /// All but its weights.
    conv: Conv,
    /// Sixteen outputs beside one another, for each tap, for each input, for each block of outputs.
    bytes: Vec<u8>,
    zeros: Vec<Block>,
    scales: Vec<Block>,
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
        let conv = Conv {
            shape,
            inputs: blocks_of(shape.inputs),
            outputs: planes,
            toom: Toom::new(shape.taps, tile),
            weights: Vec::new(),
            bias: vec![NOTHING; planes],
        };
        let bytes = vec![0; planes * shape.inputs * shape.taps * LANES];
        let mut coded = Coded { conv, bytes, zeros: vec![NOTHING; planes], scales: vec![NOTHING; planes] };
        for o in 0..shape.outputs {
            let (plane, lane) = (o / LANES, o % LANES);
            let zero = one(code.zeros, o);
            coded.zeros[plane].0[lane] = f32::from(zero);
            coded.scales[plane].0[lane] = one(code.scales, o);
            coded.conv.bias[plane].0[lane] = bias.get(o).copied().unwrap_or(0.0);
            for (i, tap) in (0..shape.inputs).flat_map(|i| (0..shape.taps).map(move |tap| (i, tap))) {
                let to = ((plane * shape.inputs + i) * shape.taps + tap) * LANES + lane;
                coded.bytes[to] = at(o, i, tap).map_or(zero, |at| code.bytes[at]);
            }
        }
        coded
    }

    /// What it is like.
    pub fn shape(&self) -> Shape {
        self.conv.shape
    }

    /// The memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Multiplications and additions for each moment, counted as in a plain convolution.
    pub fn operations(&self) -> usize {
        self.conv.operations()
    }

    /// Makes an output of each moment of `source`, those beyond its ends counting as zeros. They go
    /// to the first planes of `target`, as far as it has rows for them.
    pub fn run(
        &self,
        machine: Machine,
        (source, target): (&Rows, &mut Rows),
        finish: Finish<'_>,
        scratch: &mut Scratch,
    ) {
        let conv = &self.conv;
        let grain = conv.grain() as isize;
        let from = source.first().div_euclid(grain) * grain;
        let tiles = ((source.end() - from) as usize).div_ceil(conv.grain()) * conv.phases();
        let call = Call { conv, coded: Some(self), source, from, bias: &conv.bias, finish };
        if source.first() < source.end() {
            machine.run(Run { call, tiles, target: &mut target.whole(), scratch });
        }
    }

    /// Unpacks the weights of some blocks of outputs to the beginning of `weights`, in the order in
    /// which a convolution of no others has them. `tiled` is how many taps it has, or 0 where it is
    /// not done in tiles: a number that is known when this is compiled, where it can be.
    #[inline(always)]
    pub(super) fn unpack<L: Lanes>(&self, l: L, columns: Range<usize>, tiled: usize, weights: &mut Vec<Block>) {
        let Shape { inputs, taps, .. } = self.conv.shape;
        let (depth, count) = (self.conv.inputs * LANES, columns.len());
        let points = self.conv.toom.as_ref().map_or(taps, Toom::points);
        at_least(weights, points * count * depth);
        let each = inputs * taps * LANES;
        for (number, column) in columns.enumerate() {
            // There are no weights for the lanes beyond the last input.
            for point in 0..points {
                let from = at(self.conv.toom.is_some(), (point, points), (number, count)) * depth;
                weights[from + inputs..from + depth].fill(NOTHING);
            }
            let panel = Panel {
                coded: self,
                bytes: &self.bytes[column * each..(column + 1) * each],
                zero: l.load(&self.zeros[column]),
                scale: l.load(&self.scales[column]),
                place: (number, count),
            };
            let Some(toom) = &self.conv.toom else {
                panel.plain(l, weights);
                continue;
            };
            match tiled {
                2 => panel.valued::<L, 2>(l, toom, weights),
                3 => panel.valued::<L, 3>(l, toom, weights),
                5 => panel.valued::<L, 5>(l, toom, weights),
                7 => panel.valued::<L, 7>(l, toom, weights),
                11 => panel.valued::<L, 11>(l, toom, weights),
                _ => {}
            }
        }
    }
}

/// The bytes of a block of outputs.
struct Panel<'a, V> {
    coded: &'a Coded,
    bytes: &'a [u8],
    zero: V,
    scale: V,
    /// Which of how many blocks of outputs it is.
    place: (usize, usize),
}

impl<V: Copy> Panel<'_, V> {
    /// What sixteen bytes stand for, before they are scaled.
    #[inline(always)]
    fn value<L: Lanes<V = V>>(&self, l: L, bytes: &[u8; LANES]) -> V {
        let mut block = NOTHING;
        for lane in 0..LANES {
            block.0[lane] = f32::from(bytes[lane]);
        }
        l.sub(l.load(&block), self.zero)
    }

    #[inline(always)]
    fn plain<L: Lanes<V = V>>(&self, l: L, weights: &mut [Block]) {
        let (taps, depth) = (self.coded.conv.shape.taps, self.coded.conv.inputs * LANES);
        for (number, bytes) in self.bytes.as_chunks::<LANES>().0.iter().enumerate() {
            let to = at(false, (number % taps, taps), self.place) * depth + number / taps;
            l.store(l.mul(self.value(l, bytes), self.scale), &mut weights[to]);
        }
    }

    #[inline(always)]
    fn valued<L: Lanes<V = V>, const T: usize>(&self, l: L, toom: &Toom, weights: &mut [Block]) {
        let (points, depth) = (toom.points(), self.coded.conv.inputs * LANES);
        for (i, bytes) in self.bytes.as_chunks::<LANES>().0.as_chunks::<T>().0.iter().enumerate() {
            let mut taps = [self.zero; T];
            for tap in 0..T {
                taps[tap] = self.value(l, &bytes[tap]);
            }
            for pair in 0..=toom.pairs {
                let both = toom.weights_of_pair(l, &taps, pair, self.scale);
                let [a, b] = toom.points_of_pair(pair);
                l.store(both[0], &mut weights[at(true, (a, points), self.place) * depth + i]);
                l.store(both[1], &mut weights[at(true, (b, points), self.place) * depth + i]);
            }
        }
    }
}

impl Conv {
    /// A convolution of nothing, to become one in [`Conv::become_of`].
    pub fn empty() -> Conv {
        Conv::new(Shape::same(0, 0, 1, 1), 1, &[], |_, _, _| 0.0)
    }

    /// Becomes the convolution of these weights.
    pub fn become_of(&mut self, machine: Machine, coded: &Coded) {
        let Conv { shape, inputs, outputs, toom, bias, .. } = &coded.conv;
        (self.shape, self.inputs, self.outputs) = (*shape, *inputs, *outputs);
        self.toom.clone_from(toom);
        self.bias.clone_from(bias);
        machine.run(Unpack { coded, weights: &mut self.weights });
    }
}

struct Unpack<'a> {
    coded: &'a Coded,
    weights: &'a mut Vec<Block>,
}

impl Task for Unpack<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let conv = &self.coded.conv;
        let tiled = if conv.toom.is_some() { conv.shape.taps } else { 0 };
        self.coded.unpack(l, 0..conv.outputs, tiled, self.weights);
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
                    run_alike(machine, &coded, &conv);
                    for (a, b) in conv.weights.iter().zip(&wanted.weights) {
                        let off = a.0.iter().zip(b.0).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                        assert!(off < 1e-6 * most, "{shape:?}, {}: {a:?}, not {b:?}", machine.name());
                    }
                }
            }
        }
    }

    /// Unpacked some outputs at a time, the weights give what they give when they are all packed.
    fn run_alike(machine: Machine, coded: &Coded, conv: &Conv) {
        let shape = coded.shape();
        let mut source = Rows::new(blocks_of(shape.inputs), 0);
        source.extend_to(53);
        for (c, t) in (0..shape.inputs).flat_map(|c| (0..53).map(move |t| (c, t))) {
            source.plane_mut(c / LANES)[t].0[c % LANES] = ((c * 7 + t * 13) % 29) as f32 / 14.0 - 1.0;
        }
        let mut both = [Rows::default(), Rows::default()];
        for rows in &mut both {
            rows.remake(blocks_of(shape.outputs) + 1, 53);
        }
        let [one, other] = &mut both;
        let finish = Finish::Store { residual: None, accumulate: false, scale: 0.5, slope: 0.2 };
        coded.run(machine, (&source, one), finish, &mut Scratch::default());
        conv.run(machine, (&source, other), (0, 53), (conv.bias(), finish), &mut Scratch::default());
        for plane in 0..=blocks_of(shape.outputs) {
            assert_eq!(one.plane(plane), other.plane(plane), "{shape:?}, {}", machine.name());
        }
    }
}
