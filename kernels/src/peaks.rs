//! In: samples, and the taps of interpolators. Out: for each sample the largest magnitude that it or any interpolator has
//! there. Knows no rate and no ceiling.

use super::lanes::{Block, LANES, Lanes, Machine, Task};

/// Adds to `out` the largest magnitude at each sample from number `before` on for which the taps find all their samples:
/// that of the sample itself and of each sum of `taps` and as many samples, `before` of them earlier than it.
///
/// Where no sample around is larger than `harmless`, 0 stands for whatever there would be.
pub fn largest<const TAPS: usize, const SETS: usize>(
    machine: Machine,
    taps: &[[f32; TAPS]; SETS],
    (samples, before): (&[f32], usize),
    harmless: f32,
    out: &mut Vec<f32>,
) {
    machine.run(Largest { taps, samples, before, harmless, out });
}

struct Largest<'a, const TAPS: usize, const SETS: usize> {
    taps: &'a [[f32; TAPS]; SETS],
    samples: &'a [f32],
    before: usize,
    harmless: f32,
    out: &'a mut Vec<f32>,
}

impl<const TAPS: usize, const SETS: usize> Task for Largest<'_, TAPS, SETS> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Largest { taps, samples, before, harmless, out } = self;
        let count = (samples.len() + 1).saturating_sub(TAPS);
        for start in (0..count).step_by(LANES) {
            let around = &samples[start..samples.len().min(start + LANES + TAPS - 1)];
            let here = LANES.min(count - start);
            if highest_of(l, around) <= harmless {
                out.resize(out.len() + here, 0.0);
                continue;
            }
            let zero = l.splat(0.0);
            let middle = l.load(&sixteen(around, before));
            let mut most = l.max(middle, l.sub(zero, middle));
            let mut sums = [zero; SETS];
            for k in 0..TAPS {
                let samples = l.load(&sixteen(around, k));
                for n in 0..SETS {
                    sums[n] = l.fma(samples, l.splat(taps[n][k]), sums[n]);
                }
            }
            for n in 0..SETS {
                most = l.max(most, l.max(sums[n], l.sub(zero, sums[n])));
            }
            let mut found = Block::default();
            l.store(most, &mut found);
            out.extend_from_slice(&found.0[..here]);
        }
    }
}

/// The largest magnitude of all samples; 0 where there are none.
pub fn highest(machine: Machine, samples: &[f32]) -> f32 {
    machine.run(Highest(samples))
}

struct Highest<'a>(&'a [f32]);

impl Task for Highest<'_> {
    type Out = f32;

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> f32 {
        highest_of(l, self.0)
    }
}

#[inline(always)]
fn highest_of<L: Lanes>(l: L, samples: &[f32]) -> f32 {
    let (zero, mut most) = (l.splat(0.0), l.splat(0.0));
    let (blocks, rest) = samples.as_chunks::<LANES>();
    for block in blocks {
        let value = l.load(&Block(*block));
        most = l.max(most, l.max(value, l.sub(zero, value)));
    }
    let value = l.load(&sixteen(rest, 0));
    most = l.max(most, l.max(value, l.sub(zero, value)));
    let mut lanes = Block::default();
    l.store(most, &mut lanes);
    let mut largest = 0.0;
    for lane in 0..LANES {
        largest = if lanes.0[lane] > largest { lanes.0[lane] } else { largest };
    }
    largest
}

/// Sixteen samples from number `from` on; zeros where there are none.
#[inline(always)]
fn sixteen(samples: &[f32], from: usize) -> Block {
    if let Some(all) = samples.get(from..).and_then(|rest| rest.first_chunk()) {
        return Block(*all);
    }
    let mut block = Block::default();
    for (i, sample) in samples.iter().skip(from).enumerate() {
        block.0[i] = *sample;
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_of_a_sample_and_its_sums_is_found_on_every_machine() {
        let taps = [[0.5, -0.25, 1.5, 0.125], [-1.0, 0.75, 0.0, 2.0]];
        for count in [0, 3, 4, 19, 20, 100] {
            let samples: Vec<f32> = (0..count).map(|i| ((i * 7919) % 101) as f32 / 50.0 - 1.0).collect();
            let wanted: Vec<f32> = samples
                .windows(4)
                .map(|around| {
                    let sum = |taps: &[f32; 4]| taps.iter().zip(around).map(|(t, x)| t * x).sum::<f32>().abs();
                    around[1].abs().max(sum(&taps[0])).max(sum(&taps[1]))
                })
                .collect();
            for machine in Machine::all() {
                let mut out = vec![9.0];
                largest(machine, &taps, (&samples, 1), 0.0, &mut out);
                assert_eq!((out.len(), out[0]), (wanted.len() + 1, 9.0));
                assert!(out[1..].iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-6), "{}", machine.name());
                let quiet = samples.iter().fold(0.0f32, |most, x| most.max(x.abs()));
                assert_eq!(highest(machine, &samples), quiet, "{}", machine.name());
                largest(machine, &taps, (&samples, 1), quiet, &mut out);
                assert!(out[wanted.len() + 1..].iter().all(|x| *x == 0.0) && out.len() == 2 * wanted.len() + 1);
            }
        }
    }
}
