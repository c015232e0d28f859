//! In: what a network says of a frame's spectrum, the spectrum of pulses, numbers without pattern. Out: the frame's
//! spectrum. Knows no network and no transform.
//!
//! S = e^lh e^(i pi tanh theta) E + e^ln Z + e^lr e^(i phi), with Z complex Gaussian noise of variance 1 in each part (the
//! vocoder of the Python package hibari-tts 0.2.1, `dsp.py`). The noise is drawn by the method of Box and Muller.

use super::exp::exp;
use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::Rows;
use super::tanh::tanh;
use super::turn::{ln, turned};

/// Levels are no higher than this, in nats.
const MOST: f32 = 7.0;

/// Parts of a turn in which the noise's phases lie, and of 1 in which its lots lie.
const STEPS: f32 = 65_536.0;

/// The spectrum of one frame, in blocks of 16 bins.
pub struct Spectrum<'a> {
    /// lh, theta, ln, lr and phi of all frames, one after another, each beginning with a block of its own.
    pub rows: &'a Rows,
    /// The moment of the frame in them.
    pub moment: isize,
    /// Real and imaginary parts of the pulses' spectrum; empty where there are no pulses.
    pub pulses: [&'a [Block]; 2],
    /// A number without pattern for each bin.
    pub lots: &'a [[u32; LANES]],
}

impl Spectrum<'_> {
    /// Writes real and imaginary parts, as many blocks as there are lots for.
    pub fn run(&self, machine: Machine, real: &mut [Block], imaginary: &mut [Block]) {
        machine.run(Run { spectrum: self, real, imaginary });
    }
}

struct Run<'a, 'b> {
    spectrum: &'a Spectrum<'a>,
    real: &'b mut [Block],
    imaginary: &'b mut [Block],
}

impl Task for Run<'_, '_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Spectrum { rows, moment, pulses, lots } = self.spectrum;
        let planes = rows.planes() / 5;
        let at = (moment - rows.first()) as usize;
        for bin in 0..planes.min(lots.len()) {
            let mut values = [&Block([0.0; LANES]); 5];
            for which in 0..5 {
                values[which] = &rows.plane(which * planes + bin)[at];
            }
            let (noise, free) = (level(l, values[2]), level(l, values[3]));
            let mut angle = Block::default();
            l.store(l.mul(l.load(values[4]), l.splat(0.5 / std::f32::consts::PI)), &mut angle);
            let [cosines, sines] = turned(angle.0);
            let [mut re, mut im] = gaussian(&lots[bin]);
            for lane in 0..LANES {
                re[lane] = re[lane] * noise[lane] + cosines[lane] * free[lane];
                im[lane] = im[lane] * noise[lane] + sines[lane] * free[lane];
            }
            if let (Some(a), Some(b)) = (pulses[0].get(bin), pulses[1].get(bin)) {
                let voiced = level(l, values[0]);
                l.store(l.mul(tanh(l, l.load(values[1])), l.splat(0.5)), &mut angle);
                let [cosines, sines] = turned(angle.0);
                for lane in 0..LANES {
                    let (c, s) = (cosines[lane] * voiced[lane], sines[lane] * voiced[lane]);
                    re[lane] += c * a.0[lane] - s * b.0[lane];
                    im[lane] += s * a.0[lane] + c * b.0[lane];
                }
            }
            (self.real[bin].0, self.imaginary[bin].0) = (re, im);
        }
    }
}

/// What is of this level in nats.
#[inline(always)]
fn level<L: Lanes>(l: L, nats: &Block) -> [f32; LANES] {
    let mut limited = Block::default();
    l.store(l.min(l.load(nats), l.splat(MOST)), &mut limited);
    exp(limited.0)
}

/// Real and imaginary parts of Gaussian noise with variance 1 each, of a number without pattern for each lane.
#[inline(always)]
fn gaussian(lots: &[u32; LANES]) -> [[f32; LANES]; 2] {
    let (mut size, mut angle) = ([0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        size[lane] = ((lots[lane] >> 16) as f32 + 0.5) / STEPS;
        angle[lane] = (lots[lane] & 0xffff) as f32 / STEPS;
    }
    let logs = ln(size);
    let [mut re, mut im] = turned(angle);
    for lane in 0..LANES {
        let size = (-2.0 * logs[lane]).sqrt();
        re[lane] *= size;
        im[lane] *= size;
    }
    [re, im]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without much pattern.
    fn lot(i: usize) -> u32 {
        let mixed = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 31) as u32
    }

    #[test]
    fn the_noise_is_normal_in_both_parts_and_they_do_not_depend_on_each_other() {
        let (mut sums, count) = ([0.0; 5], 200_000);
        for start in (0..count).step_by(LANES) {
            let [re, im] = gaussian(&std::array::from_fn(|lane| lot(start + lane)));
            for (re, im) in re.into_iter().zip(im) {
                let (re, im) = (f64::from(re), f64::from(im));
                let terms = [re, re * re, re.powi(4), re * im, im * im];
                sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term / f64::from(count as u32));
            }
        }
        for (sum, (wanted, near)) in
            sums.into_iter().zip([(0.0, 0.02), (1.0, 0.02), (3.0, 0.1), (0.0, 0.02), (1.0, 0.02)])
        {
            assert!((sum - wanted).abs() < near, "{sums:?}");
        }
    }

    #[test]
    fn a_spectrum_is_as_the_formula_says_on_every_machine() {
        let (blocks, moments) = (3, 4);
        let value = |which: usize, bin: usize, moment: usize| {
            let unit = f64::from(lot(which * 1000 + bin * 10 + moment)) / 4_294_967_296.0 - 0.5;
            unit * [18.0, 6.0, 18.0, 4.0, 40.0][which]
        };
        let mut rows = Rows::new(5 * blocks, 7);
        rows.extend_to(7 + moments as isize);
        for which in 0..5 {
            for (bin, moment) in (0..blocks * LANES).flat_map(|bin| (0..moments).map(move |moment| (bin, moment))) {
                let plane = rows.plane_mut(which * blocks + bin / LANES);
                plane[moment].0[bin % LANES] = value(which, bin, moment) as f32;
            }
        }
        let part = |salt: usize| -> Vec<Block> {
            let number = |i: usize| (lot(salt + i) % 1000) as f32 / 500.0 - 1.0;
            (0..blocks).map(|b| Block(std::array::from_fn(|lane| number(b * LANES + lane)))).collect()
        };
        let (a, b) = (part(50_000), part(60_000));
        let lots: Vec<[u32; LANES]> = (0..blocks).map(|b| std::array::from_fn(|i| lot(b * LANES + i))).collect();
        for (machine, voiced) in Machine::all().into_iter().flat_map(|machine| [(machine, true), (machine, false)]) {
            for moment in 0..moments {
                let pulses: [&[Block]; 2] = if voiced { [&a, &b] } else { [&[], &[]] };
                let (mut re, mut im) = (vec![Block::default(); blocks], vec![Block::default(); blocks]);
                let spectrum = Spectrum { rows: &rows, moment: 7 + moment as isize, pulses, lots: &lots };
                spectrum.run(machine, &mut re, &mut im);
                for bin in 0..blocks * LANES {
                    let (block, lane) = (bin / LANES, bin % LANES);
                    let level = |which: usize| value(which, bin, moment).min(7.0).exp();
                    let noise = gaussian(&lots[block]).map(|part| f64::from(part[lane]));
                    let (angle, free) = (std::f64::consts::PI * value(1, bin, moment).tanh(), value(4, bin, moment));
                    let [a, b] = [&a, &b].map(|part| if voiced { f64::from(part[block].0[lane]) } else { 0.0 });
                    let wanted = [
                        level(0) * (angle.cos() * a - angle.sin() * b) + level(2) * noise[0] + level(3) * free.cos(),
                        level(0) * (angle.sin() * a + angle.cos() * b) + level(2) * noise[1] + level(3) * free.sin(),
                    ];
                    let size = level(0) + level(2) * 5.0 + level(3);
                    for (got, wanted) in [re[block].0[lane], im[block].0[lane]].into_iter().zip(wanted) {
                        let error = (f64::from(got) - wanted).abs();
                        assert!(error < 6e-6 * size, "{}: {got}, not {wanted}", machine.name());
                    }
                }
            }
        }
    }
}
