//! In: rows of channels and a few weights for each. Out: the convolution of each channel by itself. Knows no network.

use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::{Rows, blocks_of};

/// A convolution of each channel by itself that keeps the number of moments.
pub struct Depthwise {
    taps: usize,
    dilation: usize,
    weights: Vec<Block>,
    bias: Vec<Block>,
}

impl Depthwise {
    /// Packs `taps` weights for each channel, one channel after the other, and as many biases as there are channels.
    pub fn new(taps: usize, dilation: usize, weights: &[f32], bias: &[f32]) -> Depthwise {
        let planes = blocks_of(bias.len());
        let mut packed = vec![Block::default(); planes * (taps + 1)];
        let (biases, rest) = packed.split_at_mut(planes);
        for (c, (bias, weights)) in bias.iter().zip(weights.chunks_exact(taps)).enumerate() {
            biases[c / LANES].0[c % LANES] = *bias;
            weights.iter().enumerate().for_each(|(tap, w)| rest[c / LANES * taps + tap].0[c % LANES] = *w);
        }
        let weights = packed.split_off(planes);
        Depthwise { taps, dilation, weights, bias: packed }
    }

    /// Writes what comes of all rows of `source` to `target`; rows that are not there count as zeros.
    pub fn run(&self, machine: Machine, source: &Rows, target: &mut Rows) {
        self.run_part(machine, source, target, (source.first(), source.end()));
    }

    /// Writes what comes of the moments from `from` to `to`, and no others, to `target`.
    pub fn run_part(&self, machine: Machine, source: &Rows, target: &mut Rows, (from, to): (isize, isize)) {
        target.reshape(self.bias.len(), from);
        target.lengthen_to(to);
        machine.run(Run { conv: self, source, target });
    }

    /// How many moments before and after an output its taps reach.
    pub fn reach(&self) -> isize {
        ((self.taps - 1) * self.dilation / 2) as isize
    }
}

struct Run<'a> {
    conv: &'a Depthwise,
    source: &'a Rows,
    target: &'a mut Rows,
}

impl Task for Run<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Depthwise { taps, dilation, weights, bias } = self.conv;
        let first = self.target.first() - self.source.first() - self.conv.reach();
        let width = (taps - 1) * dilation + 1;
        for (plane, (weights, bias)) in weights.chunks_exact(*taps).zip(bias).enumerate() {
            let source = self.source.plane(plane);
            for (moment, to) in self.target.plane_mut(plane).iter_mut().enumerate() {
                let at = first + moment as isize;
                let mut sum = l.load(bias);
                match usize::try_from(at).ok().and_then(|at| source.get(at..at + width)) {
                    Some(inside) => {
                        for (tap, weight) in weights.iter().enumerate() {
                            sum = l.fma(l.load(&inside[tap * dilation]), l.load(weight), sum);
                        }
                    }
                    None => {
                        for (tap, weight) in weights.iter().enumerate() {
                            let at = at + (tap * dilation) as isize;
                            if let Some(row) = usize::try_from(at).ok().and_then(|at| source.get(at)) {
                                sum = l.fma(l.load(row), l.load(weight), sum);
                            }
                        }
                    }
                }
                l.store(sum, to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_is_convolved_by_itself_on_every_machine() {
        let (channels, count) = (20, 40);
        let value = |c: usize, t: usize| ((c * 7 + t * 5) % 19) as f32 / 6.0 - 1.0;
        for (taps, dilation) in [(3, 1), (3, 9), (5, 2)] {
            let weight = |c: usize, tap: usize| ((c * 3 + tap * 11) % 13) as f32 / 9.0 - 0.5;
            let weights: Vec<f32> = (0..channels * taps).map(|i| weight(i / taps, i % taps)).collect();
            let bias: Vec<f32> = (0..channels).map(|c| c as f32 / 10.0).collect();
            let conv = Depthwise::new(taps, dilation, &weights, &bias);
            let mut source = Rows::new(blocks_of(channels), 0);
            source.extend_to(count);
            for (c, t) in (0..channels).flat_map(|c| (0..count as usize).map(move |t| (c, t))) {
                source.plane_mut(c / LANES)[t].0[c % LANES] = value(c, t);
            }
            for machine in Machine::all() {
                let mut target = Rows::new(blocks_of(channels), 0);
                for (from, to) in [(0, count), (0, 1), (11, 23), (23, 40)] {
                    conv.run_part(machine, &source, &mut target, (from, to));
                    let part: Vec<Block> = target.plane(1).to_vec();
                    conv.run(machine, &source, &mut target);
                    assert_eq!(part, target.plane(1)[from as usize..to as usize], "{}", machine.name());
                }
                for (c, t) in (0..channels).flat_map(|c| (0..count as usize).map(move |t| (c, t))) {
                    let mut wanted = bias[c];
                    for tap in 0..taps {
                        let at = (t + tap * dilation).checked_sub((taps - 1) * dilation / 2);
                        let at = at.filter(|at| *at < count as usize);
                        wanted += at.map_or(0.0, |at| value(c, at) * weight(c, tap));
                    }
                    let got = target.plane(c / LANES)[t].0[c % LANES];
                    assert!((got - wanted).abs() < 1e-5, "{}: {got}, not {wanted}", machine.name());
                }
            }
        }
    }
}
