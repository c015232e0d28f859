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
        let mut all = vec![0; columns * LANES];
        // Input by input, as weights lie in files.
        for i in 0..inputs {
            let (pair, upper) = (i / LANES * PAIRS + i % PAIRS, usize::from(i % LANES >= PAIRS));
            for o in 0..outputs {
                let number = weight(o, i);
                weights[o / LANES * depth * PAIRS + pair].0[o % LANES * 2 + upper] = number;
                all[o] += i64::from(number).abs();
            }
        }
        let largest = all.into_iter().fold(1, i64::max);
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

/// Products to be made, and where they go: public because it stands in a trait that [`Lanes`] is one of, and of no use
/// outside.
#[doc(hidden)]
pub struct Job<'a> {
    whole: &'a Whole,
    /// The rows, and which of them is the first.
    source: &'a Rows,
    first: usize,
    /// Pairs of whole numbers, in groups of rows: for each block of inputs the pairs of all rows of a group, one row after the
    /// other.
    rows: &'a mut [i32],
    /// By what the whole numbers of each row are to be multiplied.
    scales: &'a mut [f32],
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
        let groups = moments.div_ceil(L::GROUP);
        let (pairs, all) = (groups * whole.depth * PAIRS * L::GROUP, groups * L::GROUP);
        let Scratch { rows, scales } = scratch;
        rows.resize(rows.len().max(pairs), 0);
        scales.resize(scales.len().max(all), 0.0);
        let (rows, scales) = (&mut rows[..pairs], &mut scales[..all]);
        let first = (from - source.first()) as usize;
        l.products(Job { whole, source, first, rows, scales, target, from, moments, then });
    }
}

/// Makes whole numbers of all rows, group by group.
#[inline(always)]
fn quantise<L: Lanes, const ROWS: usize>(l: L, job: &mut Job<'_>) {
    let depth = job.whole.depth;
    let groups = job.rows.chunks_exact_mut(depth * PAIRS * ROWS).zip(job.scales.as_chunks_mut::<ROWS>().0);
    for (group, (pairs, scales)) in groups.enumerate() {
        let first = job.first + group * ROWS;
        let count = ROWS.min(job.moments - group * ROWS);
        let by = scale::<L, ROWS>(l, (job.whole.most, depth), (job.source, first, count), scales);
        let pairs = pairs.as_chunks_mut::<PAIRS>().0.as_chunks_mut::<ROWS>().0;
        for plane in 0..depth {
            let (rows, pairs) = (&job.source.plane(plane)[first..first + count], &mut pairs[plane]);
            for row in 0..count {
                pairs[row] = paired(l, &rows[row], by[row]);
            }
        }
    }
}

/// By what the numbers of each row of a group are to be multiplied, so that they become whole; and into `scales`, by what
/// these are.
#[inline(always)]
fn scale<L: Lanes, const ROWS: usize>(
    l: L,
    (whole, depth): (f32, usize),
    (source, first, count): (&Rows, usize, usize),
    scales: &mut [f32; ROWS],
) -> [f32; ROWS] {
    let zero = l.splat(0.0);
    let mut most = [zero; ROWS];
    for plane in 0..depth {
        let rows = &source.plane(plane)[first..first + count];
        match rows.first_chunk::<ROWS>() {
            Some(rows) => {
                for row in 0..ROWS {
                    let value = l.load(&rows[row]);
                    most[row] = l.max(most[row], l.max(value, l.sub(zero, value)));
                }
            }
            None => {
                for row in 0..count {
                    let value = l.load(&rows[row]);
                    most[row] = l.max(most[row], l.max(value, l.sub(zero, value)));
                }
            }
        }
    }
    let mut by = [0.0; ROWS];
    for row in 0..ROWS {
        let mut lanes = Block([0.0; LANES]);
        l.store(most[row], &mut lanes);
        let largest = highest(lanes.0);
        scales[row] = largest / whole;
        by[row] = if largest > 0.0 { whole / largest } else { 0.0 };
    }
    by
}

/// The largest of sixteen numbers; 0 where none is larger.
#[inline(always)]
fn highest(lanes: [f32; LANES]) -> f32 {
    let mut most = lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            most[lane] = if most[lane + half] > most[lane] { most[lane + half] } else { most[lane] };
        }
        half /= 2;
    }
    if most[0] > 0.0 { most[0] } else { 0.0 }
}

/// Numbers times `by`, rounded to whole ones, in pairs.
#[inline(always)]
fn paired<L: Lanes>(l: L, numbers: &Block, by: f32) -> [i32; PAIRS] {
    /// Added to a number below 2^22 it leaves no room for a fraction; what is below it are the whole number's bits.
    const ROUNDING: f32 = 12_582_912.0;
    let mut moved = Block([0.0; LANES]);
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
pub(crate) fn tiles<L: Lanes, const ROWS: usize, const COLS: usize>(l: L, job: Job<'_>) {
    let columns = job.whole.scales.len();
    let mut job = job;
    quantise::<L, ROWS>(l, &mut job);
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
    for group in 0..job.rows.len() / (depth * ROWS) {
        let rows = &job.rows[group * depth * ROWS..][..depth * ROWS];
        let sums = tile::<L, ROWS, COLS>(l, rows.as_chunks().0.as_chunks().0, panels);
        // Copied one by one, or the sums would stay in memory while they are made.
        let mut floats = [[Block([0.0; LANES]); ROWS]; COLS];
        for c in 0..COLS {
            for row in 0..ROWS {
                floats[c][row] = l.floats(sums[c][row]);
            }
        }
        for c in 0..COLS {
            finish(l, job, &floats[c], (column + c, group * ROWS));
        }
    }
}

/// The sums of a group of rows for some blocks of outputs.
#[inline(always)]
fn tile<L: Lanes, const ROWS: usize, const COLS: usize>(
    l: L,
    rows: &[[[i32; PAIRS]; ROWS]],
    panels: [&[Both]; COLS],
) -> [[L::Sums; ROWS]; COLS] {
    let mut sums = [[l.none(); ROWS]; COLS];
    for (d, rows) in rows.iter().enumerate() {
        let mut all = [&[][..]; COLS];
        for c in 0..COLS {
            all[c] = &panels[c][d * PAIRS..(d + 1) * PAIRS];
        }
        for pair in 0..PAIRS {
            let mut weights = [l.none(); COLS];
            for c in 0..COLS {
                weights[c] = l.pairs(&all[c][pair]);
            }
            for row in 0..ROWS {
                let pairs = l.sixteen(rows[row][pair]);
                for c in 0..COLS {
                    sums[c][row] = l.more(pairs, weights[c], sums[c][row]);
                }
            }
        }
    }
    sums
}

/// Makes outputs of the sums of a group of rows, for a block of outputs, and stores them.
#[inline(always)]
fn finish<L: Lanes>(l: L, job: &mut Job<'_>, sums: &[Block], (column, first): (usize, usize)) {
    let output = [l.load(&job.whole.scales[column]), l.load(&job.whole.bias[column])];
    let count = sums.len().min(job.moments - first);
    let (sums, scales) = (&sums[..count], &job.scales[first..first + count]);
    let at = (job.from - job.target.first()) as usize + first;
    let target = &mut job.target.plane_mut(column)[at..at + count];
    match job.then {
        Then::Store(bend) => {
            for row in 0..count {
                l.store(bent(l, bend, product(l, &sums[row], scales[row], output)), &mut target[row]);
            }
        }
        Then::With(others) => {
            let others = &others.plane(column)[(job.from - others.first()) as usize + first..][..count];
            for row in 0..count {
                let sum = l.add(product(l, &sums[row], scales[row], output), l.load(&others[row]));
                l.store(sum, &mut target[row]);
            }
        }
        Then::Add => {
            for row in 0..count {
                let sum = l.add(product(l, &sums[row], scales[row], output), l.load(&target[row]));
                l.store(sum, &mut target[row]);
            }
        }
    }
}

/// The product that a sum of whole numbers stands for.
#[inline(always)]
fn product<L: Lanes>(l: L, sum: &Block, by: f32, [scale, bias]: [L::V; 2]) -> L::V {
    l.fma(l.mul(l.load(sum), l.splat(by)), scale, bias)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gelu::tests::unit;

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
                let wanted = run(Machine::PLAIN, then, &[3, 40]);
                for (o, t) in (0..outputs).flat_map(|o| (3..40).map(move |t| (o, t))) {
                    let product: f64 =
                        (0..inputs).map(|i| f64::from(number(o, i) * large) * f64::from(value(i, t))).sum();
                    let plain = product * f64::from(scales[o]) + f64::from(bias[o]);
                    let near = (0..inputs).map(|i| f64::from(value(i, t).abs())).fold(0.0, f64::max)
                        * f64::from(scales[o])
                        * f64::from(large).powi(2)
                        * 0.05;
                    let plain = match kind {
                        1 => f64::from(unit(Machine::PLAIN, plain as f32)),
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
