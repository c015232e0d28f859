//! In: rows of channels. Out: how each channel is spread over all its moments; the rows brought to
//! a wanted mean and deviation, channel by channel, and bent. Knows no network.
//!
//! This is adaptive instance normalisation (Huang and Belongie, arXiv:1703.06868) in two steps:
//! [`Spread`] gathers mean and variance while rows are made, a window at a time; [`Scaling`] is
//! applied to the rows as the next layer reads them.

use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::{Part, Rows};
use super::sine::sin_squared;

/// Mean and variance of channels over the moments seen so far.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    count: f64,
    means: Vec<[f64; LANES]>,
    /// Sums of the squares of what is off the mean.
    squares: Vec<[f64; LANES]>,
}

/// The same of some moments, to be joined with that of others.
#[derive(Clone, Debug)]
pub struct Portion {
    count: f64,
    /// For each block of channels the means, and the sums of the squares of what is off them.
    planes: Vec<(Block, Block)>,
}

impl Portion {
    /// That of the moments of a part, of which there have to be some.
    pub fn of(machine: Machine, part: &Part<'_>) -> Portion {
        let each = |plane: usize| machine.run(Sums { blocks: part.plane(plane) });
        Portion { count: (part.end() - part.first()) as f64, planes: (0..part.planes()).map(each).collect() }
    }
}

/// What is taken from a channel, what it is multiplied by, and what is added then.
#[derive(Clone, Debug, Default)]
pub struct Scaling {
    middle: Vec<Block>,
    gain: Vec<Block>,
    shift: Vec<Block>,
}

/// What becomes of scaled numbers.
#[derive(Clone, Copy, Debug)]
pub enum Bend<'a> {
    /// Those below zero are multiplied by this, which is at most 1.
    Leaky(f32),
    /// x + sin²(a x) / a (Ziyin, Hartwig and Ueda, arXiv:2006.08195), with the rate a of each
    /// channel.
    Snake(&'a Rates),
}

/// The rates of a [`Bend::Snake`].
#[derive(Clone, Debug)]
pub struct Rates {
    rates: Vec<Block>,
    inverse: Vec<Block>,
}

/// Numbers of channels in blocks; lanes beyond the last are zeros.
pub fn packed(values: impl ExactSizeIterator<Item = f32>) -> Vec<Block> {
    let mut blocks = vec![Block::default(); values.len().div_ceil(LANES)];
    for (i, value) in values.enumerate() {
        blocks[i / LANES].0[i % LANES] = value;
    }
    blocks
}

impl Rates {
    /// For as many channels as there are rates; `inverse` is what the squares are multiplied by.
    pub fn new(rates: &[f32], inverse: &[f32]) -> Rates {
        Rates { rates: packed(rates.iter().copied()), inverse: packed(inverse.iter().copied()) }
    }
}

impl Spread {
    /// Forgets all, for so many blocks of channels.
    pub fn clear(&mut self, planes: usize) {
        self.count = 0.0;
        for all in [&mut self.means, &mut self.squares] {
            all.clear();
            all.resize(planes, [0.0; LANES]);
        }
    }

    /// Adds the moments from `from` to `to`, which have to be there.
    pub fn add(&mut self, machine: Machine, rows: &Rows, (from, to): (isize, isize)) {
        let count = (to - from) as f64;
        if count < 1.0 {
            return;
        }
        let range = (from - rows.first()) as usize..(to - rows.first()) as usize;
        let each = |plane: usize| machine.run(Sums { blocks: &rows.plane(plane)[range.clone()] });
        self.join(&Portion { count, planes: (0..self.means.len()).map(each).collect() });
    }

    /// Adds the moments of a portion. The order in which portions are joined changes the last digits.
    pub fn join(&mut self, Portion { count, planes }: &Portion) {
        let whole = self.count + count;
        for (plane, (sums, squares)) in planes.iter().enumerate() {
            // Two spreads become one: Chan, Golub and LeVeque, Updating formulae, 1979.
            for lane in 0..LANES {
                let off = f64::from(sums.0[lane]) - self.means[plane][lane];
                self.means[plane][lane] += off * count / whole;
                self.squares[plane][lane] += f64::from(squares.0[lane]) + off * off * self.count * count / whole;
            }
        }
        self.count = whole;
    }

    /// What brings the channels to these deviations and means; `epsilon` is added to the variance.
    pub fn to(&self, deviations: &[f32], means: &[f32], epsilon: f32) -> Scaling {
        let gain = |c: usize| {
            let variance = self.squares[c / LANES][c % LANES] / self.count.max(1.0);
            (f64::from(deviations[c]) / (variance + f64::from(epsilon)).sqrt()) as f32
        };
        let channels = deviations.len().min(means.len()).min(self.means.len() * LANES);
        Scaling {
            middle: packed((0..channels).map(|c| self.means[c / LANES][c % LANES] as f32)),
            gain: packed((0..channels).map(gain)),
            shift: packed(means.iter().take(channels).copied()),
        }
    }
}

/// The means of the lanes, and the sums of the squares of what is off them.
struct Sums<'a> {
    blocks: &'a [Block],
}

impl Task for Sums<'_> {
    type Out = (Block, Block);

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> (Block, Block) {
        let (fours, rest) = self.blocks.as_chunks::<4>();
        let mut sums = [l.splat(0.0); 4];
        for four in fours {
            for i in 0..4 {
                sums[i] = l.add(sums[i], l.load(&four[i]));
            }
        }
        for block in rest {
            sums[0] = l.add(sums[0], l.load(block));
        }
        let sum = l.add(l.add(sums[0], sums[1]), l.add(sums[2], sums[3]));
        let mean = l.div(sum, l.splat(self.blocks.len() as f32));
        let mut squares = [l.splat(0.0); 4];
        for four in fours {
            for i in 0..4 {
                let off = l.sub(l.load(&four[i]), mean);
                squares[i] = l.fma(off, off, squares[i]);
            }
        }
        for block in rest {
            let off = l.sub(l.load(block), mean);
            squares[0] = l.fma(off, off, squares[0]);
        }
        let (mut means, mut all) = (Block::default(), Block::default());
        l.store(mean, &mut means);
        l.store(l.add(l.add(squares[0], squares[1]), l.add(squares[2], squares[3])), &mut all);
        (means, all)
    }
}

impl Scaling {
    /// Leaves so many blocks of channels as they are.
    pub fn none(planes: usize) -> Scaling {
        let zeros = vec![Block::default(); planes];
        Scaling { middle: zeros.clone(), gain: vec![Block([1.0; LANES]); planes], shift: zeros }
    }

    /// Writes the moments from `from` to `to` of `source`, as far as it has them, scaled and bent;
    /// they are then all that is in `target`.
    pub fn apply(
        &self,
        machine: Machine,
        (source, target): (&Rows, &mut Rows),
        (from, to): (isize, isize),
        bend: Bend<'_>,
    ) {
        let (from, to) = (from.max(source.first()), to.min(source.end()));
        target.reshape(source.planes(), from);
        target.lengthen_to(to);
        if from < to {
            let range = (from - source.first()) as usize..(to - source.first()) as usize;
            for plane in 0..source.planes() {
                let (source, target) = (&source.plane(plane)[range.clone()], target.plane_mut(plane));
                machine.run(Apply { scaling: self, plane, source, target, bend });
            }
        }
    }
}

struct Apply<'a> {
    scaling: &'a Scaling,
    plane: usize,
    source: &'a [Block],
    target: &'a mut [Block],
    bend: Bend<'a>,
}

impl Task for Apply<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Apply { scaling, plane, source, target, bend } = self;
        let (middle, gain) = (l.load(&scaling.middle[plane]), l.load(&scaling.gain[plane]));
        let shift = l.load(&scaling.shift[plane]);
        match bend {
            Bend::Leaky(slope) => {
                let slope = l.splat(slope);
                for (from, to) in source.iter().zip(target) {
                    let x = l.fma(l.sub(l.load(from), middle), gain, shift);
                    l.store(l.max(x, l.mul(x, slope)), to);
                }
            }
            Bend::Snake(Rates { rates, inverse }) => {
                let (rate, inverse) = (l.load(&rates[plane]), l.load(&inverse[plane]));
                for (from, to) in source.iter().zip(target) {
                    let x = l.fma(l.sub(l.load(from), middle), gain, shift);
                    l.store(l.fma(sin_squared(l, l.mul(x, rate)), inverse, x), to);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNELS: usize = 40;
    const MOMENTS: isize = 203;

    fn value(c: usize, t: isize) -> f32 {
        ((c * 31 + t as usize * (17 + c % 5)) % 23) as f32 / 9.0 + c as f32 * 0.5
    }

    fn rows() -> Rows {
        let mut rows = Rows::new(3, 0);
        rows.extend_to(MOMENTS);
        for (c, t) in (0..CHANNELS).flat_map(|c| (0..MOMENTS).map(move |t| (c, t))) {
            rows.plane_mut(c / LANES)[t as usize].0[c % LANES] = value(c, t);
        }
        rows
    }

    #[test]
    fn channels_come_to_the_wanted_mean_and_deviation_and_are_bent_in_windows_of_any_length() {
        let rows = rows();
        let (deviations, means): (Vec<f32>, Vec<f32>) =
            (0..CHANNELS).map(|c| (0.5 + c as f32 / 20.0, 1.0 - c as f32 / 10.0)).unzip();
        let rates: Vec<f32> = (0..CHANNELS).map(|c| 0.3 + c as f32 / 15.0).collect();
        let inverse: Vec<f32> = rates.iter().map(|rate| 1.0 / rate).collect();
        let snake = Rates::new(&rates, &inverse);
        for (machine, window) in Machine::all().into_iter().flat_map(|machine| [(machine, 64), (machine, 203)]) {
            let mut spread = Spread::default();
            spread.clear(3);
            for from in (0..MOMENTS).step_by(window as usize) {
                spread.add(machine, &rows, (from, (from + window).min(MOMENTS)));
            }
            let scaling = spread.to(&deviations, &means, 1e-5);
            for bend in [Bend::Leaky(0.2), Bend::Snake(&snake)] {
                let mut target = Rows::new(3, 0);
                scaling.apply(machine, (&rows, &mut target), (-5, 90), bend);
                assert_eq!((target.first(), target.end()), (0, 90));
                for c in 0..CHANNELS {
                    let all: Vec<f64> = (0..MOMENTS).map(|t| f64::from(value(c, t))).collect();
                    let mean = all.iter().sum::<f64>() / all.len() as f64;
                    let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;
                    for t in 0..90 {
                        let x = (all[t] - mean) / (variance + 1e-5).sqrt() * f64::from(deviations[c]);
                        let x = x + f64::from(means[c]);
                        let rate = f64::from(rates[c]);
                        let wanted = match bend {
                            Bend::Leaky(slope) => x.max(x * f64::from(slope)),
                            Bend::Snake(_) => x + (x * rate).sin().powi(2) / rate,
                        };
                        let got = f64::from(target.plane(c / LANES)[t].0[c % LANES]);
                        assert!((got - wanted).abs() < 5e-5, "{}, {c}, {t}: {got}, not {wanted}", machine.name());
                    }
                }
            }
        }
    }
}
