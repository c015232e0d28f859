//! In: rows of channels. Out: rows with two moments for each. Knows no network.

use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::{Rows, blocks_of};

/// Taps of a [`Doubling`].
const TAPS: usize = 3;

/// A transposed convolution of each channel by itself, with three taps and stride 2: a moment's own
/// tap makes the first of its two, and the first moment's last tap and the next one's first the
/// other.
pub struct Doubling {
    weights: Vec<[Block; TAPS]>,
    bias: Vec<Block>,
}

impl Doubling {
    /// Packs three weights for each channel, one channel after the other, and as many biases as
    /// there are channels.
    pub fn new(weights: &[f32], bias: &[f32]) -> Doubling {
        let planes = blocks_of(bias.len());
        let mut packed =
            Doubling { weights: vec![[Block::default(); TAPS]; planes], bias: vec![Block::default(); planes] };
        for (c, (bias, weights)) in bias.iter().zip(weights.as_chunks::<TAPS>().0).enumerate() {
            packed.bias[c / LANES].0[c % LANES] = *bias;
            for tap in 0..TAPS {
                packed.weights[c / LANES][tap].0[c % LANES] = weights[tap];
            }
        }
        packed
    }

    /// Makes `target` of all rows of `source`, the first of which is of moment 0.
    pub fn run(&self, machine: Machine, source: &Rows, target: &mut Rows) {
        target.remake(self.bias.len(), 2 * source.end() as usize);
        machine.run(Run { doubling: self, source, target });
    }
}

struct Run<'a> {
    doubling: &'a Doubling,
    source: &'a Rows,
    target: &'a mut Rows,
}

impl Task for Run<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Run { doubling, source, target } = self;
        for (plane, (weights, bias)) in doubling.weights.iter().zip(&doubling.bias).enumerate() {
            let (source, bias) = (source.plane(plane), l.load(bias));
            let [before, own, after] = [l.load(&weights[0]), l.load(&weights[1]), l.load(&weights[2])];
            for (moment, [even, odd]) in target.plane_mut(plane).as_chunks_mut::<2>().0.iter_mut().enumerate() {
                let here = l.load(&source[moment]);
                let next = l.load(source.get(moment + 1).unwrap_or(&Block::default()));
                l.store(l.fma(here, own, bias), even);
                l.store(l.fma(next, before, l.fma(here, after, bias)), odd);
            }
        }
    }
}

/// Writes each row of the first planes of `source` twice, to as many of `target`, which has twice as
/// many rows.
pub fn repeat((source, planes): (&Rows, usize), target: &mut Rows) {
    for plane in 0..planes {
        let pairs = target.plane_mut(plane).as_chunks_mut::<2>().0;
        for (row, pair) in source.plane(plane).iter().zip(pairs) {
            *pair = [*row; 2];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_gets_two_moments_for_each_on_every_machine() {
        let channels = 20;
        let value = |c: usize, t: usize| ((c * 7 + t * 5) % 19) as f32 / 6.0 - 1.0;
        let weights: Vec<f32> = (0..channels * TAPS).map(|i| ((i * 11) % 13) as f32 / 9.0 - 0.5).collect();
        let bias: Vec<f32> = (0..channels).map(|c| c as f32 / 10.0).collect();
        let doubling = Doubling::new(&weights, &bias);
        for (count, machine) in [1, 2, 9].into_iter().flat_map(|n| Machine::all().into_iter().map(move |m| (n, m))) {
            let mut source = Rows::new(blocks_of(channels), 0);
            source.extend_to(count as isize);
            for (c, t) in (0..channels).flat_map(|c| (0..count).map(move |t| (c, t))) {
                source.plane_mut(c / LANES)[t].0[c % LANES] = value(c, t);
            }
            let (mut target, mut twice) = (Rows::default(), Rows::default());
            doubling.run(machine, &source, &mut target);
            twice.remake(3, 2 * count);
            repeat((&source, 2), &mut twice);
            assert_eq!((target.planes(), target.end()), (2, 2 * count as isize));
            for (c, to) in (0..channels).flat_map(|c| (0..2 * count).map(move |to| (c, to))) {
                // Moment t adds its tap k to what is at 2t - 1 + k.
                let of = |k: usize| (to + 1).checked_sub(k).filter(|at| at % 2 == 0 && at / 2 < count);
                let sum = |k: usize| of(k).map_or(0.0, |at| value(c, at / 2) * weights[c * TAPS + k]);
                let wanted = bias[c] + sum(0) + sum(1) + sum(2);
                let got = target.plane(c / LANES)[to].0[c % LANES];
                assert!((got - wanted).abs() < 1e-6, "{}, {c}, {to}: {got}, not {wanted}", machine.name());
                assert_eq!(twice.plane(c / LANES)[to].0[c % LANES], value(c, to / 2));
            }
        }
    }
}
