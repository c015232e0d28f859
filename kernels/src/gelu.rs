//! In: numbers. Out: what the Gaussian error linear unit makes of them, all lanes at once. Knows no layer.
//!
//! x (1 + erf(x / √2)) / 2, where erf(x / √2) is a quotient of two polynomials of degree 11 and 10, fitted to the least
//! error on -5.65 to 5.65 (2e-8, less than f32 can hold; what is left is rounding).

use super::lanes::Lanes;

/// Beyond this the error function of x / √2 is 1 in f32.
const ONE: f32 = 5.65;

/// The Gaussian error linear unit; off by at most 3e-7, or that part of the number.
#[inline(always)]
pub(crate) fn gelu<L: Lanes>(l: L, x: L::V) -> L::V {
    let near = l.max(l.splat(-ONE), l.min(l.splat(ONE), x));
    let y = l.mul(near, near);
    let (mut over, mut under) = (l.splat(OVER[5]), l.splat(UNDER[5]));
    for i in (0..5).rev() {
        over = l.fma(over, y, l.splat(OVER[i]));
        under = l.fma(under, y, l.splat(UNDER[i]));
    }
    let half = l.mul(x, l.splat(0.5));
    l.fma(half, l.div(l.mul(near, over), under), half)
}

/// Of 1, x², x⁴ to x¹⁰ over the line; all of it times x.
const OVER: [f32; 6] = [0.797_884_4, 0.069_304_824, 0.009_447_008, 3.530_835e-4, 1.272_625_5e-5, 4.371_217e-8];
/// The same below the line.
const UNDER: [f32; 6] = [1.0, 0.253_526_33, 0.029_096_423, 1.928_302_6e-3, 7.590_077e-5, 1.172_233_2e-6];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::lanes::{Block, LANES, Machine, Task};

    struct One(f32);

    impl Task for One {
        type Out = f32;

        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> f32 {
            let mut out = Block::default();
            l.store(gelu(l, l.splat(self.0)), &mut out);
            out.0[LANES - 1]
        }
    }

    /// The unit of one number.
    pub(crate) fn unit(machine: Machine, x: f32) -> f32 {
        machine.run(One(x))
    }

    #[test]
    fn the_unit_is_right_everywhere_on_every_machine() {
        for machine in Machine::all() {
            for x in (-9000..=9000).map(|i| i as f32 / 900.0).chain([1e-30, -1e30, 1e30, 5e-8]) {
                let wanted = f64::from(x) * (1.0 + erf(f64::from(x) / 2f64.sqrt())) / 2.0;
                let (got, near) = (unit(machine, x), 3e-7 * f64::from(x.abs()).max(1.0));
                assert!((f64::from(got) - wanted).abs() < near, "{}: {x} gives {got}, not {wanted}", machine.name());
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
