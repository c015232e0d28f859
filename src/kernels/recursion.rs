//! In: samples. Out: the energy of what two sections of second order, one after the other, make of them. Knows no rate and
//! no loudness.
//!
//! A recursion waits for its last result at every sample. Here eight samples are made at once, of the eight that come in
//! and of the state before them: all three depend on each other linearly, so their factors are found once, by trying
//! (the block state recursion of Burrus 1972, "Block realization of digital filters"). Plain arrays, in the same order
//! everywhere, so every machine finds the same bits.

use super::lanes::{Lanes, Machine, Task};

/// Samples that are made at once.
pub const AT_ONCE: usize = 8;

/// Numbers that a state consists of: two for each section.
pub const STATE: usize = 4;

/// A section: its factors b0, b1, b2 of what comes in and a1, a2 of what came out.
pub type Section = [f64; 5];

/// Two sections, as factors for eight samples at once.
pub struct Recursion {
    /// What each sample that comes in adds to each that comes out, and each number of the state before them.
    out: [[f64; AT_ONCE]; AT_ONCE + STATE],
    /// What both add to each number of the state after them.
    state: [[f64; STATE]; AT_ONCE + STATE],
}

impl Recursion {
    /// Tries what each input and each number of the state leads to.
    pub fn new(sections: [Section; 2]) -> Recursion {
        let mut made = Recursion { out: Default::default(), state: Default::default() };
        for which in 0..AT_ONCE + STATE {
            let mut state = [0.0; STATE];
            if which >= AT_ONCE {
                state[which - AT_ONCE] = 1.0;
            }
            for at in 0..AT_ONCE {
                let input = if at == which { 1.0 } else { 0.0 };
                made.out[which][at] = step(&sections, &mut state, input);
            }
            made.state[which] = state;
        }
        made
    }

    /// Passes samples through, from `state` on, which becomes the one after them, and adds the squares of what comes out to
    /// `sums`, lane by lane.
    pub fn energies(
        &self,
        machine: Machine,
        samples: &[[f32; AT_ONCE]],
        state: &mut [f64; STATE],
        sums: &mut [f64; AT_ONCE],
    ) {
        machine.run(Energies { recursion: self, samples, state, sums });
    }
}

/// One sample through both sections, in the transposed direct form II.
fn step(sections: &[Section; 2], state: &mut [f64; STATE], input: f64) -> f64 {
    let mut x = input;
    for ([b0, b1, b2, a1, a2], state) in sections.iter().zip(state.as_chunks_mut::<2>().0) {
        let y = b0 * x + state[0];
        *state = [b1 * x - a1 * y + state[1], b2 * x - a2 * y];
        x = y;
    }
    x
}

struct Energies<'a> {
    recursion: &'a Recursion,
    samples: &'a [[f32; AT_ONCE]],
    state: &'a mut [f64; STATE],
    sums: &'a mut [f64; AT_ONCE],
}

impl Task for Energies<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Recursion { out: to_out, state: to_state } = self.recursion;
        let (mut state, mut sums) = (*self.state, *self.sums);
        for samples in self.samples {
            let (mut out, mut next) = ([0.0; AT_ONCE], [0.0; STATE]);
            for which in 0..AT_ONCE {
                let sample = f64::from(samples[which]);
                for lane in 0..AT_ONCE {
                    out[lane] += sample * to_out[which][lane];
                }
                for lane in 0..STATE {
                    next[lane] += sample * to_state[which][lane];
                }
            }
            // The state last: it is what the next eight wait for.
            for which in 0..STATE {
                for lane in 0..STATE {
                    next[lane] += state[which] * to_state[AT_ONCE + which][lane];
                }
                for lane in 0..AT_ONCE {
                    out[lane] += state[which] * to_out[AT_ONCE + which][lane];
                }
            }
            state = next;
            for lane in 0..AT_ONCE {
                sums[lane] += out[lane] * out[lane];
            }
        }
        (*self.state, *self.sums) = (state, sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_at_once_are_as_one_by_one_and_the_same_on_every_machine() {
        let sections = [[1.5, -2.7, 1.2, -1.69, 0.732], [1.0, -2.0, 1.0, -1.99, 0.9901]];
        let recursion = Recursion::new(sections);
        let samples: Vec<f32> = (0..4000).map(|i| ((i * 7919) % 1013) as f32 / 500.0 - 1.0).collect();
        let groups = samples.as_chunks().0;
        let run = |machine: Machine, parts: &[usize]| {
            let (mut state, mut sums) = ([0.0; STATE], [0.0; AT_ONCE]);
            for part in parts.windows(2) {
                recursion.energies(machine, &groups[part[0]..part[1]], &mut state, &mut sums);
            }
            (state, sums)
        };
        let (mut state, mut wanted) = ([0.0; STATE], [0.0; AT_ONCE]);
        for (at, sample) in samples.iter().enumerate() {
            wanted[at % AT_ONCE] += step(&sections, &mut state, f64::from(*sample)).powi(2);
        }
        let found = run(Machine::Plain, &[0, 500]);
        for (found, wanted) in found.1.iter().zip(&wanted).chain(found.0.iter().zip(&state)) {
            assert!((found - wanted).abs() < 1e-9 * wanted.abs().max(1.0), "{found}, not {wanted}");
        }
        for machine in Machine::all() {
            assert_eq!(run(machine, &[0, 500]), found, "{}", machine.name());
            assert_eq!(run(machine, &[0, 1, 77, 500]), found, "{}", machine.name());
        }
    }
}
