//! In: rows of channels and weights. Out: the convolution of them, finished as the layer wants it, tile by tile of whole
//! multiples of its grain. Knows no network.
//!
//! Weights are packed once, for all machines alike. A tile's outputs depend on the inputs at its own moments only, and
//! tiles stand at whole multiples of their length from moment 0, so it does not matter where a window begins or ends.
//! A transposed convolution of stride s is one with as many taps as windows overlap and s times the outputs.

mod coded;
mod finish;
mod shape;

pub use coded::{Code, Coded};
pub use shape::{Finish, Shape};

use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::product::Job;
use super::rows::{Part, Rows, blocks_of};
use super::toom::{NOTHING, Toom, tiles};
use finish::{Direct, Tiled};
use std::ops::Range;

/// A convolution with its weights packed.
pub struct Conv {
    shape: Shape,
    inputs: usize,
    outputs: usize,
    toom: Option<Toom>,
    weights: Vec<Block>,
    bias: Vec<Block>,
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub struct Scratch {
    rows: Vec<Block>,
    products: Vec<Block>,
    /// Weights in bytes, unpacked.
    panels: Vec<Block>,
    moments: Vec<isize>,
}

impl Scratch {
    /// The memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        (self.rows.capacity() + self.products.capacity() + self.panels.capacity()) * size_of::<Block>()
    }
}

/// How much of the inputs, valued at all points, is worked on at once, in blocks: what stays in the second cache.
const INPUTS_AT_ONCE: usize = 6144;
/// How many products are made before they become outputs, in blocks: what stays in the second cache beside them.
const PRODUCTS_AT_ONCE: usize = 2048;

impl Conv {
    /// Packs weights: `weight(o, i, tap)` is the one of output `o`, of `shape.outputs * shape.stride`, for input `i`.
    /// Neighbouring outputs are made `tile` at a time, if that can be done; otherwise one by one.
    pub fn new(shape: Shape, tile: usize, bias: &[f32], weight: impl Fn(usize, usize, usize) -> f32) -> Conv {
        let toom = Toom::new(shape.taps, tile);
        let inputs = blocks_of(shape.inputs);
        let outputs = blocks_of(shape.outputs) * shape.stride;
        let points = toom.as_ref().map_or(shape.taps, Toom::points);
        let mut weights = vec![NOTHING; points * outputs * inputs * LANES];
        let mut taps = vec![NOTHING; shape.taps];
        // Sixteen outputs at once: each block is written once, and whole.
        for (column, i) in (0..outputs).flat_map(|column| (0..shape.inputs).map(move |i| (column, i))) {
            let (phase, first) = (column / blocks_of(shape.outputs), column % blocks_of(shape.outputs) * LANES);
            if first + LANES > shape.outputs {
                taps.fill(NOTHING);
            }
            for o in first..shape.outputs.min(first + LANES) {
                for (tap, values) in taps.iter_mut().enumerate() {
                    values.0[o - first] = weight(phase * shape.outputs + o, i, tap);
                }
            }
            for point in 0..points {
                match &toom {
                    Some(toom) => {
                        weights[(point * outputs + column) * inputs * LANES + i] = toom.weights(&taps, point);
                    }
                    None => weights[(column * points + point) * inputs * LANES + i] = taps[point],
                }
            }
        }
        let mut packed = vec![NOTHING; blocks_of(shape.outputs)];
        for (o, value) in bias.iter().enumerate().take(shape.outputs) {
            packed[o / LANES].0[o % LANES] = *value;
        }
        Conv { shape, inputs, outputs, toom, weights, bias: packed }
    }

    /// What it is like.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Moments are worked on in whole multiples of this.
    pub fn grain(&self) -> usize {
        self.toom.as_ref().map_or(1, |toom| toom.tile * self.shape.dilation)
    }

    /// How many tiles stand in one another between two multiples of the grain.
    fn phases(&self) -> usize {
        if self.toom.is_some() { self.shape.dilation } else { 1 }
    }

    /// How many moments after an output its last tap is.
    pub fn after(&self) -> isize {
        ((self.shape.taps - 1) * self.shape.dilation) as isize - self.shape.before as isize
    }

    /// The bias, to be given to [`Conv::run`] with what else is to be added to it.
    pub fn bias(&self) -> &[Block] {
        &self.bias
    }

    /// The memory its weights take, in bytes.
    pub fn bytes(&self) -> usize {
        self.weights.len() * size_of::<Block>()
    }

    /// Multiplications and additions for each input moment, counted as in a plain convolution.
    pub fn operations(&self) -> usize {
        2 * self.shape.inputs * self.shape.outputs * self.shape.stride * self.shape.taps
    }

    /// Makes the outputs of the moments from `from`, a multiple of the grain, to `to`, of those inputs in `source`;
    /// inputs that are not there count as zeros. They go to `target`, as far as it has rows for them.
    pub fn run(
        &self,
        machine: Machine,
        (source, target): (&Rows, &mut Rows),
        range: (isize, isize),
        sums: (&[Block], Finish<'_>),
        scratch: &mut Scratch,
    ) {
        self.run_part(machine, (source, &mut target.whole()), range, sums, scratch);
    }

    /// Does as [`Conv::run`] does, where others write the moments that are not in `target`.
    pub fn run_part(
        &self,
        machine: Machine,
        (source, target): (&Rows, &mut Part<'_>),
        (from, to): (isize, isize),
        (bias, finish): (&[Block], Finish<'_>),
        scratch: &mut Scratch,
    ) {
        let moments = usize::try_from(to - from).unwrap_or(0);
        if moments == 0 {
            return;
        }
        let tiles = moments.div_ceil(self.grain()) * self.phases();
        let call = Call { conv: self, coded: None, source, from, bias, finish };
        machine.run(Run { call, tiles, target, scratch });
    }
}

/// One call of [`Conv::run`].
#[derive(Clone, Copy)]
struct Call<'a> {
    conv: &'a Conv,
    /// Where the weights are, if they are not in `conv`.
    coded: Option<&'a Coded>,
    source: &'a Rows,
    from: isize,
    bias: &'a [Block],
    finish: Finish<'a>,
}

struct Run<'a, 'b, 'c> {
    call: Call<'a>,
    tiles: usize,
    target: &'b mut Part<'c>,
    scratch: &'b mut Scratch,
}

impl Task for Run<'_, '_, '_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Run { call, tiles, target, scratch } = self;
        let Some(toom) = &call.conv.toom else { return call.direct(l, tiles, target, scratch) };
        macro_rules! tiled {
            ($(($tile:literal, $points:literal))+) => {
                match (toom.tile, toom.points()) {
                    $(($tile, $points) => call.tiled::<L, $points, $tile>(l, toom, tiles, target, scratch),)+
                    _ => {}
                }
            };
        }
        tiles!(tiled);
    }
}

/// Makes `memory` at least so long.
fn at_least(memory: &mut Vec<Block>, len: usize) {
    if memory.len() < len {
        memory.reserve_exact(len - memory.len());
        memory.resize(len, NOTHING);
    }
}

impl Call<'_> {
    /// How many rows to work on at once, of `rows` rows of `depth` blocks at `points` points: as many each time.
    #[inline(always)]
    fn batch<L: Lanes>(&self, rows: usize, depth: usize, points: usize) -> usize {
        let blocks = if self.coded.is_some() { coded::INPUTS_AT_ONCE } else { INPUTS_AT_ONCE };
        let most = (blocks / (points * depth * L::ROWS)).max(1) * L::ROWS;
        rows.div_ceil(rows.div_ceil(most).max(1)).next_multiple_of(L::HALF)
    }

    /// The blocks of outputs to work on at once, with so many products and blocks of weights for each: ranges that follow
    /// one another, and as many as far beyond in the second half, for a gate.
    fn columns(&self, products: usize, weights: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let halves = self.halves();
        let count = self.conv.outputs / halves;
        let most = if self.coded.is_some() { coded::WEIGHTS_AT_ONCE / weights } else { count };
        // Two blocks are multiplied at once.
        let step = (PRODUCTS_AT_ONCE / (products * halves)).min(most).max(1).next_multiple_of(2).min(count);
        (0..count).step_by(step).map(move |from| from..(from + step).min(count))
    }

    /// Into how many parts the outputs fall that are needed together.
    #[inline(always)]
    fn halves(&self) -> usize {
        if matches!(self.finish, Finish::Gate) { 2 } else { 1 }
    }

    /// Packed weights, how many blocks of outputs they are for at each point, and which of these is the first of `columns`.
    /// `tiled` is as in [`Coded::unpack`].
    #[inline(always)]
    fn weights<'b, L: Lanes>(
        &self,
        l: L,
        (columns, tiled): (&Range<usize>, usize),
        panels: &'b mut Vec<Block>,
    ) -> (&'b [Block], usize, usize)
    where
        Self: 'b,
    {
        match self.coded {
            None => (&self.conv.weights, self.conv.outputs, columns.start),
            Some(coded) => {
                coded.unpack(l, columns.clone(), tiled, panels);
                (panels, columns.len(), 0)
            }
        }
    }

    /// Lists the first moments of some tiles.
    fn moments(&self, tiles: Range<usize>, moments: &mut Vec<isize>) {
        let phases = self.conv.phases();
        moments.clear();
        moments.extend(tiles.map(|tile| self.from + (tile / phases * self.conv.grain() + tile % phases) as isize));
    }

    #[inline(always)]
    fn tiled<L: Lanes, const P: usize, const T: usize>(
        &self,
        l: L,
        toom: &Toom,
        tiles: usize,
        target: &mut Part<'_>,
        Scratch { rows, products, panels, moments }: &mut Scratch,
    ) {
        let (depth, outputs) = (self.conv.inputs, self.conv.outputs);
        let batch = self.batch::<L>(tiles, depth, P);
        at_least(rows, P * depth * batch);
        for start in (0..tiles).step_by(batch) {
            self.moments(start..(start + batch).min(tiles), moments);
            let height = moments.len().next_multiple_of(L::HALF);
            let each_in = height * depth;
            let rows = &mut rows[..P * each_in];
            for plane in 0..depth {
                let source = self.source.plane(plane);
                for (group, moments) in moments.chunks(L::ROWS).enumerate() {
                    for (row, moment) in moments.iter().enumerate() {
                        let at = moment - self.conv.shape.before as isize - self.source.first();
                        let values = toom.value(l, self.inputs::<L, P>(l, source, at));
                        let to = place::<L>(height, depth, (group, plane)) + row;
                        for p in 0..P {
                            l.store(values[p], &mut rows[p * each_in + to]);
                        }
                    }
                }
            }
            for columns in self.columns(P * height, P * depth * LANES) {
                let each = columns.len() * height;
                let all = each * self.halves();
                at_least(products, P * all);
                let (weights, count, first) = self.weights(l, (&columns, P + 1 - T), panels);
                for (p, (products, rows)) in products.chunks_exact_mut(all).zip(rows.chunks_exact(each_in)).enumerate()
                {
                    for (half, products) in products.chunks_exact_mut(each).enumerate() {
                        let from = p * count + half * outputs / 2 + first;
                        let weights = &weights[from * depth * LANES..(from + columns.len()) * depth * LANES];
                        l.multiply(&Job { rows, weights, depth }, products);
                    }
                }
                let sums = Tiled::<P> { toom, products, each: all, rows: height };
                self.finish::<L, T>(l, (moments, columns), sums, target);
            }
        }
    }

    /// The inputs of a tile that begins at row `at` of `source`.
    #[inline(always)]
    fn inputs<L: Lanes, const P: usize>(&self, l: L, source: &[Block], at: isize) -> [L::V; P] {
        let dilation = self.conv.shape.dilation;
        let mut inputs = [l.splat(0.0); P];
        match usize::try_from(at).ok().and_then(|at| source.get(at..at + (P - 1) * dilation + 1)) {
            Some(inside) => {
                for i in 0..P {
                    inputs[i] = l.load(&inside[i * dilation]);
                }
            }
            None => {
                for i in 0..P {
                    inputs[i] = l.load(there(source, at + (i * dilation) as isize));
                }
            }
        }
        inputs
    }

    #[inline(always)]
    fn direct<L: Lanes>(
        &self,
        l: L,
        tiles: usize,
        target: &mut Part<'_>,
        Scratch { rows, products, panels, moments }: &mut Scratch,
    ) {
        let Shape { taps, dilation, before, .. } = self.conv.shape;
        let (depth, outputs) = (self.conv.inputs * taps, self.conv.outputs);
        let batch = self.batch::<L>(tiles, depth, 1);
        at_least(rows, depth * batch);
        for start in (0..tiles).step_by(batch) {
            self.moments(start..(start + batch).min(tiles), moments);
            let height = moments.len().next_multiple_of(L::HALF);
            let rows = &mut rows[..height * depth];
            for d in 0..depth {
                let source = self.source.plane(d % self.conv.inputs);
                let from = (d / self.conv.inputs * dilation) as isize - before as isize - self.source.first();
                for (group, moments) in moments.chunks(L::ROWS).enumerate() {
                    let to = place::<L>(height, depth, (group, d));
                    for (moment, row) in moments.iter().zip(&mut rows[to..]) {
                        *row = *there(source, moment + from);
                    }
                }
            }
            for columns in self.columns(height, depth * LANES) {
                let each = columns.len() * height;
                at_least(products, each * self.halves());
                let (weights, _, first) = self.weights(l, (&columns, 0), panels);
                let products = &mut products[..each * self.halves()];
                for (half, products) in products.chunks_exact_mut(each).enumerate() {
                    let from = half * outputs / 2 + first;
                    let weights = &weights[from * depth * LANES..(from + columns.len()) * depth * LANES];
                    l.multiply(&Job { rows, weights, depth }, products);
                }
                let sums = Direct { products, rows: height };
                self.finish::<L, 1>(l, (moments, columns), sums, target);
            }
        }
    }
}

/// Where block `d` of the first row of a group stands, of rows of `depth` blocks; the last group may be half a one.
#[inline(always)]
fn place<L: Lanes>(height: usize, depth: usize, (group, d): (usize, usize)) -> usize {
    group * L::ROWS * depth + d * (height - group * L::ROWS).min(L::ROWS)
}

/// A row, or zeros where there is none. (A negative number becomes one that is beyond all rows.)
#[inline(always)]
fn there(rows: &[Block], at: isize) -> &Block {
    rows.get(at as usize).unwrap_or(&NOTHING)
}

#[cfg(test)]
mod tests;
