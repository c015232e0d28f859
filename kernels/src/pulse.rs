//! In: where a train of pulses is in its turn, and how many harmonics it has, sample by sample. Out: the samples. Knows no
//! pitch.
//!
//! The sum of cos(k t) for k from 1 to K is sin((K + 1/2) t) / (2 sin(t / 2)) - 1/2, the kernel of Dirichlet.

use super::lanes::{LANES, Lanes, Machine, Task};
use super::turn::turned;

/// 1.5 · 2⁵²: added to a number below 2⁵¹, it leaves no room for a fraction.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

/// So near to the top of a pulse, as twice the sine of half its angle, it is as high as there.
const TOP: f32 = 2e-3;

/// Sixteen samples: where each is in its turn, from 0 to 1, and its harmonics and a half; no harmonics for silence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sixteen {
    /// From 0 to 1.
    pub phases: [f64; LANES],
    /// How many harmonics there are, and a half; 0.5 for silence.
    pub harmonics: [f64; LANES],
}

/// Appends the samples, each off by at most 2e-6 of the height of its pulse over the sine of half its angle.
pub fn pulses(machine: Machine, given: &[Sixteen], samples: &mut Vec<f32>) {
    machine.run(Run { given, samples });
}

struct Run<'a> {
    given: &'a [Sixteen],
    samples: &'a mut Vec<f32>,
}

impl Task for Run<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        for given in self.given {
            let (mut whole, mut many) = ([0.0; LANES], [0.0; LANES]);
            for lane in 0..LANES {
                // From -1/2 to 1/2: a turn more changes the sign over the line and under it.
                let phase = given.phases[lane] - ((given.phases[lane] + ROUNDING) - ROUNDING);
                let turns = phase * given.harmonics[lane];
                whole[lane] = (phase * 0.5) as f32;
                many[lane] = (turns - ((turns + ROUNDING) - ROUNDING)) as f32;
            }
            let ([_, under], [_, over]) = (turned(whole), turned(many));
            let mut out = [0.0; LANES];
            for lane in 0..LANES {
                let half = 2.0 * under[lane];
                let sum = over[lane] / half;
                let top = given.harmonics[lane] as f32;
                out[lane] = if half.abs() > TOP { sum } else { top } - 0.5;
            }
            self.samples.extend_from_slice(&out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_is_the_sum_of_its_harmonics_on_every_machine() {
        for machine in Machine::all() {
            for (count, start) in [0, 1, 7, 40, 250].into_iter().flat_map(|c| (0..400).map(move |s| (c, s))) {
                let phases = std::array::from_fn(|lane| f64::from(start * 16 + lane as i32) / 6400.0);
                let given = Sixteen { phases, harmonics: [f64::from(count) + 0.5; LANES] };
                let mut samples = Vec::new();
                pulses(machine, &[given], &mut samples);
                for (phase, sample) in phases.into_iter().zip(samples) {
                    let angle = std::f64::consts::TAU * phase;
                    let wanted = (1..=count).map(|k| (angle * f64::from(k)).cos()).sum::<f64>();
                    let near = 2e-6 / (angle / 2.0).sin().abs().max(1e-3) * (1.0 + f64::from(count));
                    let off = (f64::from(sample) - wanted).abs();
                    assert!(off < near + f64::from(count).powi(3) * 1e-6, "{count}, {phase}: {sample}, not {wanted}");
                }
            }
        }
    }
}
