//! In: rows of channels, and weights that are whole numbers times a factor for each output. Out: the products of rows and
//! weights, with a bias, and bent or added as the layer wants it. Knows no network.
//!
//! The numbers of a moment are brought to whole numbers of 16 bits, by the largest of them: what a number is off by is
//! at most 1 / 65,534 of that, and nothing is lost from there on, so a moment's products do not depend on which
//! others are made beside it.

use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::norm::{Bend, bent};
use super::pairs::Both;
use super::rows::{Rows, blocks_of};

/// Pairs of channels of a block: channel `i` and channel `i` of its second half.
const PAIRS: usize = LANES / 2;

/// A product with its weights packed.
pub struct Whole {
    outputs: usize,
    /// Blocks of inputs.
    depth: usize,
    /// For each block of outputs and each pair of inputs, the weights of both.
    weights: Vec<Both>,
    scales: Vec<Block>,
    bias: Vec<Block>,
    /// The largest whole number that a moment's numbers become.
    most: f32,
}

/// What becomes of the products of some moments.
#[derive(Clone, Copy)]
pub enum Then<'a> {
    /// They are bent, and stored.
    Store(Bend),
    /// These rows are added, and the sums stored.
    With(&'a Rows),
    /// They are added to what is there.
    Add,
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub struct Scratch {
    rows: Vec<i32>,
    scales: Vec<f32>,
}

impl Scratch {
    /// The memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        (self.rows.capacity() + self.scales.capacity()) * 4
    }
}

impl Whole {
    /// Packs `weight(o, i)`, the weight of output `o` for input `i`, of which output `o` has `scales[o]` times as much.
    pub fn new(
        [inputs, outputs]: [usize; 2],
        weight: impl Fn(usize, usize) -> i16,
        scales: &[f32],
        bias: &[f32],
    ) -> Whole {
        let (depth, columns) = (blocks_of(inputs), blocks_of(outputs));
        let mut weights = vec![Both::default(); columns * depth * PAIRS];
        let mut largest = 1i64;
        for o in 0..outputs {
            let mut all = 0;
            for i in 0..inputs {
                let number = weight(o, i);
                let (pair, upper) = (i / LANES * PAIRS + i % PAIRS, i % LANES >= PAIRS);
                let half = i32::from(number.cast_unsigned());
                weights[o / LANES * depth * PAIRS + pair].0[o % LANES] |= if upper { half << 16 } else { half };
                all += i64::from(number).abs();
            }
            largest = largest.max(all);
        }
        let packed = |values: &[f32]| {
            let mut blocks = vec![Block::default(); columns];
            values.iter().enumerate().take(outputs).for_each(|(o, value)| blocks[o / LANES].0[o % LANES] = *value);
            blocks
        };
        // No sum is larger than 32 bits hold.
        let most = (i64::from(i32::MAX) / largest).min(i64::from(i16::MAX)) as f32;
        Whole { outputs, depth, weights, scales: packed(scales), bias: packed(bias), most }
    }

    /// How many outputs there are.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Makes the outputs of the moments from `from` to `to`, which `source` and `target` have.
    pub fn run(
        &self,
        machine: Machine,
        (source, target): (&Rows, &mut Rows),
        (from, to): (isize, isize),
        then: Then<'_>,
        scratch: &mut Scratch,
    ) {
        let moments = usize::try_from(to - from).unwrap_or(0);
        if moments > 0 {
            machine.run_pairs(Run { whole: self, source, target, from, moments, then, scratch });
        }
    }
}

struct Run<'a, 'b> {
    whole: &'a Whole,
    source: &'a Rows,
    target: &'b mut Rows,
    from: isize,
    moments: usize,
    then: Then<'a>,
    scratch: &'b mut Scratch,
}

/// Products to be made, and where they go.
pub struct Job<'a> {
    whole: &'a Whole,
    /// Pairs of whole numbers, in groups of rows: each pair of all rows of a group, one row after the other.
    rows: &'a [i32],
    /// By what the whole numbers of each row are to be multiplied.
    scales: &'a [f32],
    target: &'a mut Rows,
    from: isize,
    moments: usize,
    then: Then<'a>,
}

impl Task for Run<'_, '_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Run { whole, source, target, from, moments, then, scratch } = self;
        let each = whole.depth * PAIRS * L::GROUP;
        let groups = moments.div_ceil(L::GROUP);
        let Scratch { rows, scales } = scratch;
        rows.resize(rows.len().max(groups * each), 0);
        scales.resize(scales.len().max(groups * L::GROUP), 0.0);
        let first = (from - source.first()) as usize;
        for moment in 0..moments {
            let scale = scale(l, whole, source, first + moment);
            scales[moment] = scale / whole.most;
            let by = if scale > 0.0 { whole.most / scale } else { 0.0 };
            let group = &mut rows[moment / L::GROUP * each..][..each];
            for plane in 0..whole.depth {
                let pairs = paired(l, &source.plane(plane)[first + moment], by);
                for pair in 0..PAIRS {
                    group[(plane * PAIRS + pair) * L::GROUP + moment % L::GROUP] = pairs[pair];
                }
            }
        }
        l.products(Job { whole, rows: &rows[..groups * each], scales, target, from, moments, then });
    }
}

/// How large the largest number of a moment is.
#[inline(always)]
fn scale<L: Lanes>(l: L, whole: &Whole, source: &Rows, row: usize) -> f32 {
    let (zero, mut most) = (l.splat(0.0), l.splat(0.0));
    for plane in 0..whole.depth {
        let value = l.load(&source.plane(plane)[row]);
        most = l.max(most, l.max(value, l.sub(zero, value)));
    }
    let mut lanes = Block::default();
    l.store(most, &mut lanes);
    let mut largest = 0.0;
    for lane in 0..LANES {
        largest = if lanes.0[lane] > largest { lanes.0[lane] } else { largest };
    }
    largest
}

/// Numbers times `by`, rounded to whole ones, in pairs.
#[inline(always)]
fn paired<L: Lanes>(l: L, numbers: &Block, by: f32) -> [i32; PAIRS] {
    /// Added to a number below 2^22 it leaves no room for a fraction; what is below it are the whole number's bits.
    const ROUNDING: f32 = 12_582_912.0;
    let mut moved = Block::default();
    l.store(l.add(l.mul(l.load(numbers), l.splat(by)), l.splat(ROUNDING)), &mut moved);
    let mut pairs = [0; PAIRS];
    for pair in 0..PAIRS {
        let [lower, upper] = [moved.0[pair].to_bits(), moved.0[pair + PAIRS].to_bits()];
        pairs[pair] = (lower & 0xffff | upper << 16).cast_signed();
    }
    pairs
}

/// Makes all products, `ROWS` rows and `COLS` blocks of outputs at once.
#[inline(always)]
pub(super) fn tiles<L: Lanes, const ROWS: usize, const COLS: usize>(l: L, job: Job<'_>) {
    let columns = job.whole.scales.len();
    let mut job = job;
    let mut column = 0;
    while column + COLS <= columns {
        groups::<L, ROWS, COLS>(l, &mut job, column);
        column += COLS;
    }
    while column < columns {
        groups::<L, ROWS, 1>(l, &mut job, column);
        column += 1;
    }
}

/// The products of all rows with some blocks of outputs.
#[inline(always)]
fn groups<L: Lanes, const ROWS: usize, const COLS: usize>(l: L, job: &mut Job<'_>, column: usize) {
    let depth = job.whole.depth * PAIRS;
    let mut panels = [&[][..]; COLS];
    for c in 0..COLS {
        panels[c] = &job.whole.weights[(column + c) * depth..][..depth];
    }
    for (group, rows) in job.rows.chunks_exact(depth * ROWS).enumerate() {
        let sums = tile::<L, ROWS, COLS>(l, rows.as_chunks().0, panels);
        let mut floats = [[Block::default(); ROWS]; COLS];
        for c in 0..COLS {
            for row in 0..ROWS {
                floats[c][row] = l.floats(sums[c][row]);
            }
        }
        for c in 0..COLS {
            finish(l, job, &mut floats[c], (column + c, group * ROWS));
        }
    }
}

/// The sums of a group of rows for some blocks of outputs.
#[inline(always)]
fn tile<L: Lanes, const ROWS: usize, const COLS: usize>(
    l: L,
    rows: &[[i32; ROWS]],
    panels: [&[Both]; COLS],
) -> [[L::Sums; ROWS]; COLS] {
    let mut sums = [[l.none(); ROWS]; COLS];
    for (d, rows) in rows.iter().enumerate() {
        let mut weights = [l.none(); COLS];
        for c in 0..COLS {
            weights[c] = l.pairs(&panels[c][d]);
        }
        for row in 0..ROWS {
            let pairs = l.sixteen(rows[row]);
            for c in 0..COLS {
                sums[c][row] = l.more(pairs, weights[c], sums[c][row]);
            }
        }
    }
    sums
}

/// Makes outputs of the sums of a group of rows, for a block of outputs, and stores them.
#[inline(always)]
fn finish<L: Lanes>(l: L, job: &mut Job<'_>, sums: &mut [Block], (column, first): (usize, usize)) {
    let (scale, bias) = (l.load(&job.whole.scales[column]), l.load(&job.whole.bias[column]));
    let count = sums.len().min(job.moments - first);
    for (sum, by) in sums.iter_mut().zip(&job.scales[first..]) {
        l.store(l.fma(l.mul(l.load(sum), l.splat(*by)), scale, bias), sum);
    }
    let at = (job.from - job.target.first()) as usize + first;
    let target = &mut job.target.plane_mut(column)[at..at + count];
    match job.then {
        Then::Store(Bend::None) => target.copy_from_slice(&sums[..count]),
        Then::Store(bend) => {
            for (sum, to) in sums.iter().zip(target) {
                l.store(bent(l, bend, l.load(sum)), to);
            }
        }
        Then::With(others) => {
            let others = &others.plane(column)[(job.from - others.first()) as usize + first..];
            for ((sum, other), to) in sums.iter().zip(others).zip(target) {
                l.store(l.add(l.load(sum), l.load(other)), to);
            }
        }
        Then::Add => {
            for (sum, to) in sums.iter().zip(target) {
                l.store(l.add(l.load(sum), l.load(to)), to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::gelu::tests::unit;
    use super::*;

    /// A whole number without much pattern, from -127 to 127.
    fn number(o: usize, i: usize) -> i16 {
        let mixed = ((o * 977 + i) as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29) % 255) as i16 - 127
    }

    fn rows(planes: usize, (from, to): (isize, isize), value: impl Fn(usize, isize) -> f32) -> Rows {
        let mut rows = Rows::new(planes, from);
        rows.extend_to(to);
        for (c, t) in (0..planes * LANES).flat_map(|c| (from..to).map(move |t| (c, t))) {
            rows.plane_mut(c / LANES)[(t - from) as usize].0[c % LANES] = value(c, t);
        }
        rows
    }

    #[test]
    fn products_are_those_of_the_floats_and_the_same_on_every_machine_and_in_every_part() {
        for ([inputs, outputs], large) in [([48, 40], 1), ([32, 16], 1), ([256, 48], 200), ([20, 33], 1)] {
            let scales: Vec<f32> = (0..outputs).map(|o| 0.001 + o as f32 * 1e-5).collect();
            let bias: Vec<f32> = (0..outputs).map(|o| o as f32 / 7.0 - 2.0).collect();
            let whole = Whole::new([inputs, outputs], |o, i| number(o, i) * large, &scales, &bias);
            let value = |c: usize, t: isize| {
                if c < inputs && t != 5 { f32::from(number(t as usize, c)) * 10f32.powi(t as i32 % 4 - 2) } else { 0.0 }
            };
            let source = rows(blocks_of(inputs), (3, 40), value);
            let others = rows(blocks_of(outputs), (2, 50), |c, t| (c as f32 + t as f32) / 9.0);
            let run = |machine: Machine, then: Then<'_>, parts: &[isize]| {
                let mut target = rows(blocks_of(outputs), (3, 40), |c, _| c as f32);
                let mut scratch = Scratch::default();
                for part in parts.windows(2) {
                    whole.run(machine, (&source, &mut target), (part[0], part[1]), then, &mut scratch);
                }
                target
            };
            for (kind, then) in [Then::Store(Bend::None), Then::Store(Bend::Gelu), Then::With(&others), Then::Add]
                .into_iter()
                .enumerate()
            {
                let wanted = run(Machine::Plain, then, &[3, 40]);
                for (o, t) in (0..outputs).flat_map(|o| (3..40).map(move |t| (o, t))) {
                    let product: f64 =
                        (0..inputs).map(|i| f64::from(number(o, i) * large) * f64::from(value(i, t))).sum();
                    let plain = product * f64::from(scales[o]) + f64::from(bias[o]);
                    let near = (0..inputs).map(|i| f64::from(value(i, t).abs())).fold(0.0, f64::max)
                        * f64::from(scales[o])
                        * f64::from(large).powi(2)
                        * 0.05;
                    let plain = match kind {
                        1 => f64::from(unit(Machine::Plain, plain as f32)),
                        2 => plain + f64::from((o as f32 + t as f32) / 9.0),
                        3 => plain + o as f64,
                        _ => plain,
                    };
                    let got = f64::from(wanted.plane(o / LANES)[t as usize - 3].0[o % LANES]);
                    assert!((got - plain).abs() < near + 1e-5, "{o} {t}: {got}, not {plain} ({near})");
                }
                for machine in Machine::all() {
                    for parts in [&[3, 40][..], &[3, 4, 17, 18, 40]] {
                        let made = run(machine, then, parts);
                        let off = furthest(&made, &wanted);
                        assert!(off < 2e-6, "{}, {kind}: off by {off}", machine.name());
                        assert!(
                            machine.name() == "plain" || parts.len() == 2 || same(&made, &run(machine, then, &[3, 40]))
                        );
                    }
                }
            }
        }
    }

    /// How far apart they are at most, as a part of the largest number of the second.
    fn furthest(a: &Rows, b: &Rows) -> f32 {
        let (mut most, mut off) = (1.0_f32, 0.0_f32);
        for (a, b) in (0..b.planes()).flat_map(|plane| a.plane(plane).iter().zip(b.plane(plane))) {
            for (a, b) in a.0.into_iter().zip(b.0) {
                (most, off) = (most.max(b.abs()), off.max((a - b).abs()));
            }
        }
        off / most
    }

    fn same(a: &Rows, b: &Rows) -> bool {
        (0..a.planes()).all(|plane| a.plane(plane) == b.plane(plane))
    }
}
