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
pub(super) fn exp(x: [f32; LANES]) -> [f32; LANES] {
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

/// x · (1 + erf(x / √2)) / 2, the Gaussian error linear unit; off by at most 3e-7.
///
/// erf by formula 7.1.26 of Abramowitz and Stegun, Handbook of Mathematical Functions.
#[inline(always)]
pub(super) fn gelu(x: [f32; LANES]) -> [f32; LANES] {
    const TERMS: [f32; 5] = [1.061_405_4, -1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6];
    let (mut scaled, mut squared) = (x, x);
    for lane in 0..LANES {
        scaled[lane] = x[lane].abs() * std::f32::consts::FRAC_1_SQRT_2;
        squared[lane] = -scaled[lane] * scaled[lane];
    }
    let fall = exp(squared);
    let mut out = x;
    for lane in 0..LANES {
        let t = 1.0 / (1.0 + 0.327_591_1 * scaled[lane]);
        let mut sum = 0.0;
        for term in TERMS {
            sum = (sum + term) * t;
        }
        let beyond = sum * fall[lane];
        let share = if x[lane] < 0.0 { beyond } else { 2.0 - beyond };
        out[lane] *= 0.5 * share;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::lanes::{Lanes, Machine, Task};
    use super::*;

    struct Both([f32; LANES]);

    impl Task for Both {
        type Out = [[f32; LANES]; 2];

        #[inline(always)]
        fn run<L: Lanes>(self, _: L) -> [[f32; LANES]; 2] {
            [exp(self.0), gelu(self.0)]
        }
    }

    #[test]
    fn powers_of_e_are_right_everywhere_and_the_same_on_every_machine() {
        for start in -2000..2000 {
            let x: [f32; LANES] = std::array::from_fn(|lane| (start as f32 + lane as f32 / 17.0) / 22.0);
            let [powers, units] = Machine::Plain.run(Both(x));
            for machine in Machine::all() {
                assert_eq!(machine.run(Both(x)), [powers, units], "{}", machine.name());
            }
            for (x, (power, unit)) in x.into_iter().zip(powers.into_iter().zip(units)) {
                let wanted = f64::from(x.clamp(-87.0, 88.0)).exp();
                assert!((f64::from(power) / wanted - 1.0).abs() < 2e-7, "e^{x} is {power}, not {wanted}");
                let wanted = f64::from(x) * (1.0 + erf(f64::from(x) / 2f64.sqrt())) / 2.0;
                let near = 3e-7 * f64::from(x.abs()).max(1.0);
                assert!((f64::from(unit) - wanted).abs() < near, "{x} gives {unit}, not {wanted}");
            }
        }
    }

    /// erf by its series, or by the continued fraction of its complement where that is slow.
    fn erf(x: f64) -> f64 {
        if x.abs() > 3.0 {
            let y = x.abs();
            let fraction = (1..200).rev().fold(0.0, |rest, k| f64::from(k) / 2.0 / (y + rest));
            return x.signum() * (1.0 - (-y * y).exp() / (y + fraction) / std::f64::consts::PI.sqrt());
        }
        let (mut term, mut sum) = (x, x);
        for n in 1..100 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    }
}
