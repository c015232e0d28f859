//! In: rows of channels. Out: the same, each moment brought to mean 0 and deviation 1 over its channels, then scaled and
//! shifted channel by channel, and bent. Knows no network.

use super::gelu::gelu;
use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::{Rows, blocks_of};

/// Normalises the channels of each moment.
pub struct Norm {
    channels: usize,
    gain: Vec<Block>,
    shift: Vec<Block>,
    epsilon: f32,
}

/// What becomes of normalised numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bend {
    /// They stay as they are.
    None,
    /// Those below zero are multiplied by this, which is at most 1.
    Leaky(f32),
    /// The Gaussian error linear unit.
    Gelu,
}

impl Norm {
    /// For as many channels as there are gains and shifts; `epsilon` is added to the variance.
    pub fn new(gain: &[f32], shift: &[f32], epsilon: f32) -> Norm {
        let packed = |values: &[f32]| {
            let mut blocks = vec![Block::default(); blocks_of(values.len())];
            values.iter().enumerate().for_each(|(i, value)| blocks[i / LANES].0[i % LANES] = *value);
            blocks
        };
        Norm { channels: gain.len(), gain: packed(gain), shift: packed(shift), epsilon }
    }

    /// Normalises all rows in their place. Lanes beyond the last channel become zeros.
    pub fn run(&self, machine: Machine, rows: &mut Rows, bend: Bend) {
        machine.run(Run { norm: self, rows, bend });
    }

    /// The same, and adds what comes of it to `onto`, which has as many rows.
    pub fn run_onto(&self, machine: Machine, rows: &mut Rows, bend: Bend, onto: &mut Rows) {
        self.run(machine, rows, bend);
        for plane in 0..self.gain.len() {
            for (to, from) in onto.plane_mut(plane).iter_mut().zip(rows.plane(plane)) {
                to.0.iter_mut().zip(from.0).for_each(|(to, from)| *to += from);
            }
        }
    }
}

struct Run<'a> {
    norm: &'a Norm,
    rows: &'a mut Rows,
    bend: Bend,
}

impl Task for Run<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Run { norm, rows, bend } = self;
        let count = 1.0 / norm.channels as f32;
        let planes = norm.gain.len();
        let spare = planes * LANES - norm.channels;
        let moments = (rows.end() - rows.first()) as usize;
        for moment in 0..moments {
            let mut sum = l.splat(0.0);
            for plane in 0..planes {
                sum = l.add(sum, l.load(&rows.plane(plane)[moment]));
            }
            let mean = total(l, sum) * count;
            let middle = l.splat(mean);
            let mut sum = l.splat(0.0);
            for plane in 0..planes {
                let off = l.sub(l.load(&rows.plane(plane)[moment]), middle);
                sum = l.fma(off, off, sum);
            }
            // Lanes beyond the last channel hold zeros and lie as far from the mean as zero does.
            let variance = (total(l, sum) - spare as f32 * mean * mean) * count;
            let scale = l.splat(1.0 / (variance.max(0.0) + norm.epsilon).sqrt());
            for plane in 0..planes {
                let block = &mut rows.plane_mut(plane)[moment];
                let off = l.mul(l.sub(l.load(block), middle), scale);
                let normal = l.fma(off, l.load(&norm.gain[plane]), l.load(&norm.shift[plane]));
                l.store(bent(l, bend, normal), block);
            }
        }
    }
}

/// Numbers, bent.
#[inline(always)]
pub(crate) fn bent<L: Lanes>(l: L, bend: Bend, value: L::V) -> L::V {
    match bend {
        Bend::None => value,
        Bend::Leaky(slope) => l.max(value, l.mul(value, l.splat(slope))),
        Bend::Gelu => gelu(l, value),
    }
}

/// The sum of all lanes, always in the same order.
#[inline(always)]
pub(crate) fn total<L: Lanes>(l: L, value: L::V) -> f32 {
    let mut lanes = Block::default();
    l.store(value, &mut lanes);
    let mut sums = [0.0; 4];
    for four in lanes.0.as_chunks::<4>().0 {
        for (sum, lane) in sums.iter_mut().zip(four) {
            *sum += lane;
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gelu::tests::unit;

    #[test]
    fn every_moment_is_brought_to_the_wanted_mean_and_deviation_on_every_machine() {
        let bends = [(32, Bend::None), (24, Bend::None), (24, Bend::Leaky(0.2)), (192, Bend::Gelu), (5, Bend::Gelu)];
        for (channels, bend) in bends {
            let gain: Vec<f32> = (0..channels).map(|c| 0.5 + (c % 7) as f32 / 10.0).collect();
            let shift: Vec<f32> = (0..channels).map(|c| (c % 5) as f32 / 4.0 - 0.5).collect();
            let norm = Norm::new(&gain, &shift, 1e-5);
            let value = |c: usize, t: usize| ((c * 31 + t * 17) % 23) as f32 / 9.0 - 1.0 + t as f32 / 10.0;
            for machine in Machine::all() {
                let mut rows = Rows::new(blocks_of(channels), 0);
                rows.extend_to(20);
                for (c, t) in (0..channels).flat_map(|c| (0..20).map(move |t| (c, t))) {
                    rows.plane_mut(c / LANES)[t].0[c % LANES] = value(c, t);
                }
                norm.run(machine, &mut rows, bend);
                for t in 0..20 {
                    let all: Vec<f64> = (0..channels).map(|c| f64::from(value(c, t))).collect();
                    let mean = all.iter().sum::<f64>() / channels as f64;
                    let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / channels as f64;
                    for (c, x) in all.iter().enumerate() {
                        let plain = (x - mean) / (variance + 1e-5).sqrt() * f64::from(gain[c]) + f64::from(shift[c]);
                        let wanted = match bend {
                            Bend::None => plain,
                            Bend::Leaky(slope) => plain.max(plain * f64::from(slope)),
                            Bend::Gelu => f64::from(unit(machine, plain as f32)),
                        };
                        let got = f64::from(rows.plane(c / LANES)[t].0[c % LANES]);
                        assert!((got - wanted).abs() < 3e-6, "{}: {got}, not {wanted}", machine.name());
                    }
                    for beyond in channels..blocks_of(channels) * LANES {
                        assert_eq!(rows.plane(beyond / LANES)[t].0[beyond % LANES], 0.0);
                    }
                }
            }
        }
    }
}
