//! In: numbers. Out: their hyperbolic tangents and logistic functions, all lanes at once. Knows no layer.
//!
//! The tangent is a quotient of two polynomials of degree 9 and 8, fitted to the least relative error on -9 to 9 (2e-8,
//! less than f32 can hold; what is left is rounding).

use super::lanes::Lanes;

/// The hyperbolic tangent; off by at most 4e-7.
#[inline(always)]
pub(crate) fn tanh<L: Lanes>(l: L, x: L::V) -> L::V {
    // Beyond 9 it is 1 in f32.
    let nine = l.splat(9.0);
    let x = l.max(l.sub(l.splat(0.0), nine), l.min(nine, x));
    let y = l.mul(x, x);
    let (mut over, mut under) = (l.splat(OVER[4]), l.splat(UNDER[4]));
    for i in (0..4).rev() {
        over = l.fma(over, y, l.splat(OVER[i]));
        under = l.fma(under, y, l.splat(UNDER[i]));
    }
    l.div(l.mul(x, over), under)
}

/// The logistic function, 1 / (1 + e^-x), off by at most 2e-7.
#[inline(always)]
pub(crate) fn sigmoid<L: Lanes>(l: L, x: L::V) -> L::V {
    let half = l.splat(0.5);
    l.fma(half, tanh(l, l.mul(half, x)), half)
}

/// Of 1, x², x⁴, x⁶, x⁸ over the line; all of it times x.
const OVER: [f32; 5] = [1.0, 0.133_810_33, 0.003_495_595, 2.060_912_4e-5, 1.335_459_8e-8];
/// The same below the line.
const UNDER: [f32; 5] = [1.0, 0.467_143_48, 0.025_877_014, 3.285_643e-4, 7.776_557_7e-7];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Block, Machine, Task};

    struct Both(f32);

    impl Task for Both {
        type Out = [f32; 2];

        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> [f32; 2] {
            let (mut a, mut b) = (Block::default(), Block::default());
            l.store(tanh(l, l.splat(self.0)), &mut a);
            l.store(sigmoid(l, l.splat(self.0)), &mut b);
            [a.0[0], b.0[15]]
        }
    }

    #[test]
    fn both_are_right_to_a_few_units_in_the_last_place_everywhere() {
        for machine in Machine::all() {
            for x in (-4000..=4000).map(|i| i as f32 / 250.0).chain([1e-30, -1e30, 1e30, 5e-8]) {
                let wanted = [f64::from(x).tanh(), 1.0 / (1.0 + (-f64::from(x)).exp())];
                for (got, wanted) in machine.run(Both(x)).into_iter().zip(wanted) {
                    let error = (f64::from(got) - wanted).abs();
                    assert!(error < 4e-7, "{}: {x} gives {got}, not {wanted}", machine.name());
                }
            }
        }
    }
}
