//! In: blocks of floats. Out: powers of e, and what is made of them, lane by lane. Knows no layer.
//!
//! Written over plain arrays with nothing but additions, products and whole numbers, so that every machine gives the
//! same bits; compiled within a [`Task`](super::lanes::Task), they become its instructions.

use super::lanes::LANES;

/// 1.5 · 2²³: added to a number below 2²², it leaves no room for a fraction, so the sum is rounded to the nearest whole one.
const ROUNDING: f32 = 12_582_912.0;
/// The logarithm of 2 in two parts: the first has so few digits that whole multiples of it are exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// e to the power of each lane, off by at most 2e-7 of itself; below -87 and above 88 that of the bounds.
#[inline(always)]
pub(crate) fn exp(x: [f32; LANES]) -> [f32; LANES] {
    let mut out = x;
    for lane in &mut out {
        let x = lane.clamp(-87.0, 88.0);
        let moved = x * std::f32::consts::LOG2_E + ROUNDING;
        let whole = moved - ROUNDING;
        let rest = (x - whole * LN_2[0]) - whole * LN_2[1];
        // The series of e^x, far enough for |x| <= ln 2 / 2.
        let mut sum = 1.0 / 5040.0;
        for factorial in [720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0] {
            sum = sum * rest + 1.0 / factorial;
        }
        let power = moved.to_bits().wrapping_sub(ROUNDING.to_bits()).wrapping_add(127) << 23;
        *lane = sum * f32::from_bits(power);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Lanes, Machine, Task};

    struct All([f32; LANES]);

    impl Task for All {
        type Out = [f32; LANES];

        #[inline(always)]
        fn run<L: Lanes>(self, _: L) -> [f32; LANES] {
            exp(self.0)
        }
    }

    #[test]
    fn powers_of_e_are_right_everywhere_and_the_same_on_every_machine() {
        for start in -2000..2000 {
            let x: [f32; LANES] = std::array::from_fn(|lane| (start as f32 + lane as f32 / 17.0) / 22.0);
            let powers = Machine::PLAIN.run(All(x));
            for machine in Machine::all() {
                assert_eq!(machine.run(All(x)), powers, "{}", machine.name());
            }
            for (x, power) in x.into_iter().zip(powers) {
                let wanted = f64::from(x.clamp(-87.0, 88.0)).exp();
                assert!((f64::from(power) / wanted - 1.0).abs() < 2e-7, "e^{x} is {power}, not {wanted}");
            }
        }
    }
}
