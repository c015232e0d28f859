//! In: rows of channels and the weights of a single output. Out: its samples. Knows no layer before it.

use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::norm::total;
use super::rows::{Rows, blocks_of};
use super::tanh::tanh;
use super::toom::NOTHING;

/// A convolution with one output, and the hyperbolic tangent of it.
pub struct Dot {
    taps: usize,
    weights: Vec<Block>,
    bias: f32,
}

impl Dot {
    /// Packs weights: `weight(i, tap)` is the one of input `i`.
    pub fn new((inputs, taps): (usize, usize), bias: f32, weight: impl Fn(usize, usize) -> f32) -> Dot {
        let mut weights = vec![NOTHING; blocks_of(inputs) * taps];
        for (i, tap) in (0..inputs).flat_map(|i| (0..taps).map(move |tap| (i, tap))) {
            weights[i / LANES * taps + tap].0[i % LANES] = weight(i, tap);
        }
        Dot { taps, weights, bias }
    }

    /// How many moments before and after a sample its taps reach.
    pub fn reach(&self) -> isize {
        (self.taps / 2) as isize
    }

    /// Adds the samples from moment `from` to `to` to those in `samples`; rows that are not there count as zeros.
    pub fn run(&self, machine: Machine, rows: &Rows, (from, to): (isize, isize), samples: &mut Vec<f32>) {
        machine.run(Run { dot: self, rows, from, to, samples });
    }
}

struct Run<'a> {
    dot: &'a Dot,
    rows: &'a Rows,
    from: isize,
    to: isize,
    samples: &'a mut Vec<f32>,
}

impl Task for Run<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Run { dot, rows, from, to, samples } = self;
        let taps = dot.taps;
        let mut sums = NOTHING;
        for start in (from..to).step_by(LANES) {
            for (n, out) in sums.0.iter_mut().enumerate() {
                let at = start + n as isize - dot.reach() - rows.first();
                let mut sum = l.splat(0.0);
                for (plane, weights) in dot.weights.chunks_exact(taps).enumerate() {
                    let rows = rows.plane(plane);
                    match rows.get(at as usize..(at as usize).saturating_add(taps)) {
                        Some(rows) => {
                            for (row, weight) in rows.iter().zip(weights) {
                                sum = l.fma(l.load(row), l.load(weight), sum);
                            }
                        }
                        None => {
                            for (tap, weight) in weights.iter().enumerate() {
                                let row = rows.get((at + tap as isize) as usize).unwrap_or(&NOTHING);
                                sum = l.fma(l.load(row), l.load(weight), sum);
                            }
                        }
                    }
                }
                *out = total(l, sum) + dot.bias;
            }
            l.store(tanh(l, l.load(&sums)), &mut sums);
            let count = ((to - start) as usize).min(LANES);
            samples.extend_from_slice(&sums.0[..count]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_the_tangents_of_the_sums_on_every_machine_and_wherever_a_call_begins() {
        let mut rows = Rows::new(2, -2);
        rows.extend_to(100);
        for plane in 0..2 {
            for (i, block) in rows.plane_mut(plane).iter_mut().enumerate() {
                block.0 = std::array::from_fn(|lane| ((i * 31 + lane * 7 + plane * 3) % 17) as f32 / 8.0 - 1.0);
            }
        }
        let weight = |i: usize, tap: usize| ((i * 5 + tap * 3) % 7) as f32 / 20.0 - 0.15;
        let dot = Dot::new((32, 7), 0.1, weight);
        for machine in Machine::all() {
            let mut whole = Vec::new();
            dot.run(machine, &rows, (0, 100), &mut whole);
            let mut parts = Vec::new();
            for range in [(0, 16), (16, 17), (17, 51), (51, 100)] {
                dot.run(machine, &rows, range, &mut parts);
            }
            assert_eq!(whole, parts);
            for (t, sample) in whole.iter().enumerate() {
                let value = |i: usize, tap: usize| {
                    let row = rows.plane(i / 16).get((t + tap + 2).wrapping_sub(3));
                    row.map_or(0.0, |row| row.0[i % 16]) * weight(i, tap)
                };
                let sum: f32 = (0..32).flat_map(|i| (0..7).map(move |tap| value(i, tap))).sum();
                assert!((sample - (sum + 0.1).tanh()).abs() < 2e-6, "{t}: {sample}");
            }
        }
    }
}
