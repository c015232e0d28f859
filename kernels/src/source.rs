//! In: a pitch, point by point. Out: harmonics of it, summed; and magnitudes and phases of such a
//! sum. Knows no voice.
//!
//! Phases are summed in f64 and taken modulo a turn before they become f32: what is left of them
//! does not depend on how long an utterance is.

use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::Rows;
use super::sine::sin;
use super::tanh::tanh;

/// A mixture of harmonics.
#[derive(Clone, Debug)]
pub struct Harmonics {
    /// Samples for each point.
    pub hop: usize,
    /// Samples a second.
    pub rate: f32,
    /// How many times the pitch each is, and what its sine is multiplied by in the sum.
    pub each: Vec<(f32, f32)>,
    /// What is added to the sum, before its tangent is taken.
    pub bias: f32,
    /// The pitch in Hz up to which there is nothing but the bias.
    pub silent: f32,
}

impl Harmonics {
    /// Samples of a pitch in Hz: between the middles of two points the phase goes evenly.
    pub fn sound(&self, machine: Machine, pitch: &[f32]) -> Vec<f32> {
        let mut sums = vec![Block::default(); (pitch.len() * self.hop).div_ceil(LANES)];
        let mut turns = vec![0.0; pitch.len()];
        for (number, weight) in &self.each {
            let mut turn = 0.0;
            for (sum, pitch) in turns.iter_mut().zip(pitch) {
                let part = pitch * number / self.rate;
                turn += f64::from(part - part.floor());
                *sum = turn;
            }
            machine.run(Add { of: self, turns: &turns, pitch, weight: *weight, sums: &mut sums });
        }
        machine.run(Bend { bias: self.bias, sums: &mut sums });
        let mut samples: Vec<f32> = sums.iter().flat_map(|block| block.0).collect();
        samples.truncate(pitch.len() * self.hop);
        samples
    }
}

/// Adds a harmonic, `turns` of which are over in the middle of each point.
struct Add<'a> {
    of: &'a Harmonics,
    turns: &'a [f64],
    pitch: &'a [f32],
    weight: f32,
    sums: &'a mut [Block],
}

impl Task for Add<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Add { of, turns, pitch, weight, sums } = self;
        let (hop, last) = (of.hop, turns.len().saturating_sub(1));
        for (number, sum) in sums.iter_mut().enumerate() {
            let (mut angles, mut weights) = (Block::default(), Block::default());
            for lane in 0..LANES {
                let sample = number * LANES + lane;
                let point = (sample / hop).min(last);
                // In whole parts of half a sample, from the middle of the point before.
                let half = 2 * (sample % hop) + 1;
                let (before, after) =
                    if half < hop { (point.saturating_sub(1), point) } else { (point, (point + 1).min(last)) };
                let along = if half < hop { half + hop } else { half - hop } as f64 / 2.0;
                let turn = turns[before] * hop as f64 + (turns[after] - turns[before]) * along;
                angles.0[lane] = ((turn - turn.floor()) * std::f64::consts::TAU) as f32;
                weights.0[lane] = if pitch[point] > of.silent { weight } else { 0.0 };
            }
            let sine = sin(l, l.load(&angles));
            l.store(l.fma(sine, l.load(&weights), l.load(sum)), sum);
        }
    }
}

struct Bend<'a> {
    bias: f32,
    sums: &'a mut [Block],
}

impl Task for Bend<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let bias = l.splat(self.bias);
        for sum in self.sums {
            l.store(tanh(l, l.add(l.load(sum), bias)), sum);
        }
    }
}

/// What takes a sound apart into pieces that overlap, and these into waves.
#[derive(Clone, Debug)]
pub struct Pieces {
    step: usize,
    /// What each sample of a piece adds to the real and the imaginary part of each wave.
    parts: Vec<[[f64; LANES]; 2]>,
    waves: usize,
}

/// Magnitudes below this, at 1 for full scale, are rounding and nothing else: they have no phase.
const NOTHING: f64 = 1e-6;

impl Pieces {
    /// Pieces that are multiplied by `window`, each `step` samples after the one before; `None`
    /// where that makes more waves than a block holds.
    pub fn new(window: &[f32], step: usize) -> Option<Pieces> {
        let waves = window.len() / 2 + 1;
        let part = |k: usize, wave: usize| {
            let (sine, cosine) =
                (std::f64::consts::TAU * (k * wave % window.len()) as f64 / window.len() as f64).sin_cos();
            // At half the rate, too, the imaginary part of what is real is 0.
            let sine = if 2 * wave == window.len() { 0.0 } else { sine };
            [f64::from(window[k]) * cosine, -f64::from(window[k]) * sine]
        };
        let parts = (0..window.len()).map(|k| {
            let mut both = [[0.0; LANES]; 2];
            for wave in 0..waves {
                let [real, imaginary] = part(k, wave);
                (both[0][wave], both[1][wave]) = (real, imaginary);
            }
            both
        });
        (waves <= LANES && waves > 1 && step > 0).then(|| Pieces { step, parts: parts.collect(), waves })
    }

    /// Channels of a spectrum.
    pub fn channels(&self) -> usize {
        2 * self.waves
    }

    /// Magnitudes of all waves and then their phases, for each piece of the sound, which is
    /// reflected at both ends.
    pub fn spectrum(&self, machine: Machine, samples: &[f32], rows: &mut Rows) {
        let pieces = samples.len() / self.step + 1;
        rows.remake(self.channels().div_ceil(LANES), pieces);
        let margin = self.parts.len() / 2;
        let last = samples.len().saturating_sub(1);
        let reflected = |at: isize| {
            let at = at.unsigned_abs();
            samples.get(if at > last { (2 * last).saturating_sub(at) } else { at }).copied().unwrap_or(0.0)
        };
        let mut piece = vec![0.0; self.parts.len()];
        for number in 0..pieces {
            let from = (number * self.step) as isize - margin as isize;
            for (k, sample) in piece.iter_mut().enumerate() {
                *sample = reflected(from + k as isize);
            }
            let both = machine.run(Take { parts: &self.parts, piece: &piece });
            for (first, values) in [(0, both[0]), (self.waves, both[1])] {
                for wave in 0..self.waves {
                    let channel = first + wave;
                    rows.plane_mut(channel / LANES)[number].0[channel % LANES] = values[wave];
                }
            }
            for channel in self.channels()..rows.planes() * LANES {
                rows.plane_mut(channel / LANES)[number].0[channel % LANES] = 0.0;
            }
        }
    }
}

/// Magnitudes and phases of a piece.
struct Take<'a> {
    parts: &'a [[[f64; LANES]; 2]],
    piece: &'a [f32],
}

impl Task for Take<'_> {
    type Out = [[f32; LANES]; 2];

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) -> [[f32; LANES]; 2] {
        let (mut real, mut imaginary) = ([0.0; LANES], [0.0; LANES]);
        for (parts, sample) in self.parts.iter().zip(self.piece) {
            let sample = f64::from(*sample);
            for wave in 0..LANES {
                real[wave] += parts[0][wave] * sample;
                imaginary[wave] += parts[1][wave] * sample;
            }
        }
        let (mut magnitudes, mut phases) = ([0.0; LANES], [0.0; LANES]);
        for wave in 0..LANES {
            let magnitude = (real[wave] * real[wave] + imaginary[wave] * imaginary[wave]).sqrt();
            magnitudes[wave] = magnitude as f32;
            let there = if magnitude > NOTHING { 1.0 } else { 0.0 };
            phases[wave] = phase(real[wave] as f32, imaginary[wave] as f32) * there;
        }
        [magnitudes, phases]
    }
}

/// Of x, x³, ..., fitted to the arc tangent from 0 to 1 (least relative error, 2e-8).
const TERMS: [f32; 9] = [
    1.0, -0.333_331_53, 0.199_937_73, -0.142_110_56, 0.106_660_046, -0.075_522_13, 0.043_211_85, -0.016_367_922,
    0.002_920_690_2,
];

/// The angle of a number with these two parts, from -pi to pi; off by at most 5e-7.
#[inline(always)]
fn phase(real: f32, imaginary: f32) -> f32 {
    let (x, y) = (real.abs(), imaginary.abs());
    let (small, large) = if y > x { (x, y) } else { (y, x) };
    let ratio = small / if large > 0.0 { large } else { 1.0 };
    let square = ratio * ratio;
    let mut sum = TERMS[8];
    for i in (0..8).rev() {
        sum = sum * square + TERMS[i];
    }
    let angle = sum * ratio;
    let angle = if y > x { std::f32::consts::FRAC_PI_2 - angle } else { angle };
    let angle = if real < 0.0 { std::f32::consts::PI - angle } else { angle };
    if imaginary < 0.0 { -angle } else { angle }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harmonics() -> Harmonics {
        let each = vec![(1.0, 0.05), (2.0, -0.03), (3.0, 0.02)];
        Harmonics { hop: 300, rate: 24_000.0, each, bias: -0.03, silent: 10.0 }
    }

    #[test]
    fn a_sound_has_the_harmonics_of_its_pitch_and_none_where_there_is_no_pitch() {
        let pitch: Vec<f32> = (0..40).map(|i| if i % 13 > 8 { 0.0 } else { 120.0 + 9.0 * i as f32 }).collect();
        let of = harmonics();
        for machine in Machine::all() {
            let samples = of.sound(machine, &pitch);
            assert_eq!(samples.len(), 40 * 300);
            for (at, sample) in samples.iter().enumerate() {
                // The phase in the middle of a point is the sum of the turns up to it, and goes
                // evenly between two.
                let x = ((at as f64 + 0.5) / 300.0 - 0.5).clamp(0.0, 39.0);
                let turns = |point: usize| pitch[..=point].iter().map(|p| f64::from(*p) / 80.0).sum::<f64>();
                let (i, along) = (x as usize, x.fract());
                let turn = turns(i) + (turns((i + 1).min(39)) - turns(i)) * along;
                let sum: f64 = of
                    .each
                    .iter()
                    .map(|(n, w)| f64::from(*w) * (turn * f64::from(*n) * std::f64::consts::TAU).sin())
                    .sum();
                let sum = if pitch[at / 300] > 10.0 { sum } else { 0.0 };
                let wanted = (sum + f64::from(of.bias)).tanh();
                assert!((f64::from(*sample) - wanted).abs() < 3e-6, "{}, {at}: {sample}, not {wanted}", machine.name());
            }
        }
    }

    #[test]
    fn a_spectrum_is_that_of_each_piece_and_nothing_has_no_phase() {
        let window: Vec<f32> = (0..20).map(|k| 0.5 - 0.5 * (std::f32::consts::TAU * k as f32 / 20.0).cos()).collect();
        let pieces = Pieces::new(&window, 5).expect("eleven waves");
        assert_eq!(pieces.channels(), 22);
        let samples: Vec<f32> =
            (0..400).map(|i| if i < 200 { (i * i % 37) as f32 / 40.0 - 0.4 } else { -0.03 }).collect();
        for machine in Machine::all() {
            let mut rows = Rows::default();
            pieces.spectrum(machine, &samples, &mut rows);
            assert_eq!(rows.end(), 81);
            let value = |channel: usize, at: usize| f64::from(rows.plane(channel / 16)[at].0[channel % 16]);
            for (at, wave) in (0..81).flat_map(|at| (0..11).map(move |wave| (at, wave))) {
                let (mut real, mut imaginary) = (0.0, 0.0);
                for k in 0..20 {
                    let sample = (at as isize * 5 + k - 10).unsigned_abs();
                    let sample = f64::from(samples[if sample > 399 { 798 - sample } else { sample }])
                        * f64::from(window[k as usize]);
                    let (sine, cosine) = (std::f64::consts::TAU * k as f64 * wave as f64 / 20.0).sin_cos();
                    real += sample * cosine;
                    imaginary -= sample * sine;
                }
                let magnitude = real.hypot(imaginary);
                assert!((value(wave, at) - magnitude).abs() < 1e-6);
                if magnitude > 1e-3 {
                    let turn = (value(11 + wave, at) - imaginary.atan2(real)).abs();
                    let turn = turn.min(std::f64::consts::TAU - turn);
                    assert!(turn < 1e-4, "{}, {at}, {wave}: {turn}", machine.name());
                }
            }
            // Where all is the same, only the first two waves are there: a negative number, and
            // half of it turned round.
            assert!((2..11).all(|wave| value(11 + wave, 60) == 0.0));
            assert!((value(11, 60) - std::f64::consts::PI).abs() < 1e-6 && value(12, 60).abs() < 1e-6);
        }
    }

    #[test]
    fn phases_are_those_of_the_arc_tangent_all_round() {
        for i in -1000_i32..=1000 {
            let angle = f64::from(i) * std::f64::consts::PI / 1000.0;
            let (sine, cosine) = angle.sin_cos();
            let off = (f64::from(phase(cosine as f32 * 3.0, sine as f32 * 3.0)) - angle).abs();
            assert!(off < 6e-7 || i.abs() == 1000, "{angle}: off by {off}");
        }
        let rows = [(0.0, 0.0, 0.0), (-1.0, 0.0, std::f32::consts::PI), (-1.0, -0.0, std::f32::consts::PI)];
        assert!(rows.iter().all(|(real, imaginary, angle)| phase(*real, *imaginary) == *angle));
    }
}
