//! In: the pitch of each frame, one after another. Out: a train of pulses at that pitch, sample by sample. Knows no spectrum.
//!
//! Every harmonic below 11 kHz has amplitude 1 (see [`cuevox_kernels::pulse`]). Between the middles of two frames the pitch
//! is a straight line; below 40 Hz there are no pulses (the Python package hibari-tts 0.2.1, `dsp.py`).

use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::pulse::{Sixteen, pulses};

/// Samples of a frame, and of a second.
pub(super) const HOP: usize = 300;
pub(super) const RATE: u32 = 24_000;

/// Below this pitch, in Hz, there are no pulses.
const LOWEST: f32 = 40.0;
/// Harmonics reach up to this, in Hz.
const HIGHEST: f32 = 11_000.0;
/// Sixteens of samples of a frame, the last one not full.
const SIXTEENS: usize = HOP.div_ceil(LANES);

/// A train of pulses so far.
#[derive(Default)]
pub(super) struct Pulses {
    /// Where in its turn the fundamental is, from 0 to 1.
    phase: f64,
    /// The pitch of the frame before.
    before: Option<f32>,
}

impl Pulses {
    /// Adds the samples of a frame of this pitch, before one of pitch `next`.
    pub(super) fn frame(&mut self, machine: Machine, pitch: f32, next: f32, samples: &mut Vec<f32>) {
        let before = self.before.replace(pitch).unwrap_or(pitch);
        let end = samples.len() + HOP;
        if before.max(pitch).max(next) <= LOWEST {
            self.phase = (self.phase + HOP as f64 * f64::from(LOWEST) / f64::from(RATE)).fract();
            samples.resize(end, 0.0);
            return;
        }
        let mut all = [Sixteen::default(); SIXTEENS];
        // What each sample is by itself first: only the phase has to wait for that of the sample before.
        let mut steps = [0.0; HOP];
        for (at, step) in steps.iter_mut().enumerate() {
            let along = (at as f32 + 0.5) / HOP as f32 - 0.5;
            let (from, to, part) = if along < 0.0 { (before, pitch, along + 1.0) } else { (pitch, next, along) };
            let exact = from * (1.0 - part) + to * part;
            let sounding = exact.max(LOWEST);
            *step = f64::from(sounding) / f64::from(RATE);
            let harmonics = if exact > LOWEST { (HIGHEST / sounding) as u16 } else { 0 };
            all[at / LANES].harmonics[at % LANES] = f64::from(harmonics) + 0.5;
        }
        for (at, step) in steps.into_iter().enumerate() {
            let phase = self.phase + step;
            self.phase = if phase < 1.0 { phase } else { phase.fract() };
            all[at / LANES].phases[at % LANES] = self.phase;
        }
        pulses(machine, &all, samples);
        samples.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn a_train_is_the_sum_of_its_harmonics_and_silent_where_nothing_is_voiced() {
        let pitches = [0.0, 0.0, 120.0, 130.0, 500.0, 90.0, 20.0, 0.0];
        let (mut pulses, mut samples) = (Pulses::default(), Vec::new());
        for (at, pitch) in pitches.iter().enumerate() {
            pulses.frame(Machine::best(), *pitch, *pitches.get(at + 1).unwrap_or(pitch), &mut samples);
        }
        assert_eq!(samples.len(), pitches.len() * HOP);
        let mut phase = 0.0_f64;
        for (at, sample) in samples.iter().enumerate() {
            let moment = (at as f64 + 0.5) / HOP as f64 - 0.5;
            let (from, part) = (moment.floor(), moment - moment.floor());
            let pitch = |frame: f64| f64::from(pitches[frame.clamp(0.0, 7.0) as usize]);
            let exact = pitch(from) * (1.0 - part) + pitch(from + 1.0) * part;
            phase = (phase + exact.max(40.0) / 24_000.0).fract();
            let count = (11_000.0 / exact.max(40.0)).floor() as usize;
            let near_step = (11_000.0 / exact.max(40.0)).fract();
            let top = (2.0 * (PI * phase).sin()).abs() < 4e-3;
            if (exact - 40.0).abs() < 1e-3 || top || !(1e-3..0.999).contains(&near_step) {
                continue;
            }
            let all = (1..=count).map(|k| (2.0 * PI * phase * k as f64).cos()).sum::<f64>();
            let wanted = if exact > 40.0 { all } else { 0.0 };
            assert!((f64::from(*sample) - wanted).abs() < 2e-3 * (1.0 + wanted.abs()), "{at}: {sample}, not {wanted}");
        }
    }
}
