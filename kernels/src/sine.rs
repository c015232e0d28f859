//! In: numbers. Out: their sines, all lanes at once. Knows no layer.
//!
//! The nearest multiple of pi is taken away in three parts, of which the first two have so few
//! digits that whole multiples of them are exact; what is left lies between -pi / 2 and pi / 2, and
//! a polynomial of degree 9 gives its sine.

use super::lanes::Lanes;

/// 1.5 · 2²³: added to a number below 2²², it leaves no room for a fraction, so the sum is rounded
/// to the nearest whole one.
const ROUNDING: f32 = 12_582_912.0;
/// Pi in three parts: 201 / 64, 2029 / 2²¹, and the rest.
const PI: [f32; 3] = [3.140_625, 9.675_026e-4, 1.509_958e-7];
/// Of x, x³, ..., fitted to the least relative error on -pi / 2 to pi / 2.
const TERMS: [f32; 5] = [1.0, -0.166_666_6, 0.008_333_066, -1.980_960_4e-4, 2.605_780_5e-6];

/// The sine; off by at most 2e-7 for numbers up to 10,000 from 0, apart from what is lost in them
/// by their size.
#[inline(always)]
pub(crate) fn sin<L: Lanes>(l: L, x: L::V) -> L::V {
    let (turns, sine) = reduced(l, x);
    // 1 for even multiples of pi, -1 for odd ones.
    let half = l.mul(turns, l.splat(0.5));
    let odd = l.sub(half, l.sub(l.add(half, l.splat(ROUNDING)), l.splat(ROUNDING)));
    let sign = l.fma(l.mul(odd, odd), l.splat(-8.0), l.splat(1.0));
    l.mul(sine, sign)
}

/// The square of the sine.
#[inline(always)]
pub(crate) fn sin_squared<L: Lanes>(l: L, x: L::V) -> L::V {
    let (_, sine) = reduced(l, x);
    l.mul(sine, sine)
}

/// The cosine of numbers between -2 and 2; off by at most 3e-7.
#[inline(always)]
pub(crate) fn cos_near<L: Lanes>(l: L, x: L::V) -> L::V {
    let half = polynomial(l, l.mul(x, l.splat(0.5)));
    l.fma(l.mul(half, half), l.splat(-2.0), l.splat(1.0))
}

/// The nearest multiple of pi, and the sine of what is beyond it.
#[inline(always)]
fn reduced<L: Lanes>(l: L, x: L::V) -> (L::V, L::V) {
    let rounding = l.splat(ROUNDING);
    let turns = l.sub(l.fma(x, l.splat(std::f32::consts::FRAC_1_PI), rounding), rounding);
    let mut rest = x;
    for part in PI {
        rest = l.fma(turns, l.splat(-part), rest);
    }
    (turns, polynomial(l, rest))
}

#[inline(always)]
fn polynomial<L: Lanes>(l: L, x: L::V) -> L::V {
    let y = l.mul(x, x);
    let mut sum = l.splat(TERMS[4]);
    for i in (1..4).rev() {
        sum = l.fma(sum, y, l.splat(TERMS[i]));
    }
    l.fma(l.mul(x, y), sum, x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Block, Machine, Task};

    struct All(f32);

    impl Task for All {
        type Out = [f32; 3];

        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> [f32; 3] {
            let x = l.splat(self.0);
            let mut blocks = [Block::default(); 3];
            for (block, value) in blocks.iter_mut().zip([sin(l, x), sin_squared(l, x), cos_near(l, x)]) {
                l.store(value, block);
            }
            blocks.map(|block| block.0[7])
        }
    }

    #[test]
    fn sines_are_right_to_a_few_units_in_the_last_place_wherever_they_are_asked_for() {
        for machine in Machine::all() {
            let near = (-6000..=6000).map(|i| i as f32 / 1000.0);
            let far = (-2000..=2000).map(|i| i as f32 * 5.003);
            for x in near.chain(far).chain([1e-30, -0.0, 1e-5]) {
                let [sine, square, cosine] = machine.run(All(x));
                let wanted = f64::from(x).sin();
                let name = machine.name();
                assert!((f64::from(sine) - wanted).abs() < 2e-7, "{name}: sin {x} is {sine}, not {wanted}");
                assert!((f64::from(square) - wanted * wanted).abs() < 3e-7, "{name}: {x} gives {square}");
                let off = (f64::from(cosine) - f64::from(x).cos()).abs();
                assert!(x.abs() > 2.0 || off < 3e-7, "{name}: cos {x} is {cosine}");
            }
        }
    }
}
