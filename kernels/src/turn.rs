//! In: blocks of floats. Out: sines, cosines and logarithms, lane by lane. Knows no layer.
//!
//! Angles are in turns: 1 is once around. Written as `exp` is: plain arrays, the same bits on every machine.

use super::lanes::LANES;

/// 1.5 · 2²³, see `exp`.
const ROUNDING: f32 = 12_582_912.0;

/// Cosine and sine of each lane, an angle in turns; off by at most 1e-6, besides what the angle itself is rounded by.
#[inline(always)]
pub(crate) fn turned(angle: [f32; LANES]) -> [[f32; LANES]; 2] {
    let (mut cosines, mut sines) = (angle, angle);
    for (cosine, sine) in cosines.iter_mut().zip(&mut sines) {
        // Half the angle is at most a quarter of a turn; with c and s of that, it is c² - s² and 2cs of the whole.
        let rest = *sine - ((*sine + ROUNDING) - ROUNDING);
        let half = rest * std::f32::consts::PI;
        let y = half * half;
        // The series of both, far enough for |half| <= pi / 2.
        let mut s = -1.0 / 39_916_800.0;
        for factorial in [362_880.0, -5040.0, 120.0, -6.0, 1.0] {
            s = s * y + 1.0 / factorial;
        }
        let mut c = 1.0 / 479_001_600.0;
        for factorial in [-3_628_800.0, 40_320.0, -720.0, 24.0, -2.0, 1.0] {
            c = c * y + 1.0 / factorial;
        }
        let s = s * half;
        *cosine = 1.0 - 2.0 * s * s;
        *sine = 2.0 * s * c;
    }
    [cosines, sines]
}

/// The natural logarithm of each lane, a number from 1e-30 up; off by at most 3e-7, or that part of it.
#[inline(always)]
pub(crate) fn ln(x: [f32; LANES]) -> [f32; LANES] {
    let mut out = x;
    for lane in &mut out {
        // x = 2^k m, with m from 2/3 to 4/3; then ln m = 2 artanh((m - 1) / (m + 1)).
        const LOW: u32 = 0x3f2a_aaab;
        let bits = lane.to_bits().wrapping_sub(LOW);
        let power = (bits.cast_signed() >> 23) as f32;
        let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(LOW));
        let s = (m - 1.0) / (m + 1.0);
        let y = s * s;
        let mut sum = 1.0 / 11.0;
        for odd in [9.0, 7.0, 5.0, 3.0, 1.0] {
            sum = sum * y + 1.0 / odd;
        }
        *lane = power * std::f32::consts::LN_2 + 2.0 * s * sum;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Lanes, Machine, Task};

    struct All([f32; LANES]);

    impl Task for All {
        type Out = [[f32; LANES]; 3];

        #[inline(always)]
        fn run<L: Lanes>(self, _: L) -> [[f32; LANES]; 3] {
            let [cosines, sines] = turned(self.0);
            [cosines, sines, ln(self.0.map(|x| x.abs().max(1e-30)))]
        }
    }

    #[test]
    fn sines_and_logarithms_are_right_everywhere_and_the_same_on_every_machine() {
        for start in -3000..3000 {
            let x: [f32; LANES] = std::array::from_fn(|lane| (start as f32 + lane as f32 / 19.0) / 370.0);
            let plain = Machine::PLAIN.run(All(x));
            for machine in Machine::all() {
                assert_eq!(machine.run(All(x)), plain, "{}", machine.name());
            }
            for (lane, x) in x.into_iter().enumerate() {
                let (sine, cosine) = (f64::from(x) * std::f64::consts::TAU).sin_cos();
                let log = f64::from(x.abs().max(1e-30)).ln();
                for (got, wanted) in [(plain[0][lane], cosine), (plain[1][lane], sine), (plain[2][lane], log)] {
                    let near = 1e-6 * wanted.abs().max(1.0);
                    assert!((f64::from(got) - wanted).abs() < near, "{x} gives {got}, not {wanted}");
                }
            }
        }
        let ends = ln(std::array::from_fn(|i| [1e-30, 1.0, 6.0e4, 1e30][i % 4]));
        for (got, wanted) in ends.into_iter().zip([-69.077_55, 0.0, 11.002_1, 69.077_55]) {
            assert!((got - wanted).abs() < 1e-4, "{got}, not {wanted}");
        }
    }
}
