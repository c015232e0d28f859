//! In: rows of channels. Out: the same, each number bent by itself. Knows no network.

use super::gelu::gelu;
use super::lanes::{Lanes, Machine, Task};
use super::rows::Rows;
use super::tanh::sigmoid;

/// Bends all numbers by the Gaussian error linear unit.
pub fn gelus(machine: Machine, rows: &mut Rows) {
    machine.run(Gelus { rows });
}

struct Gelus<'a> {
    rows: &'a mut Rows,
}

impl Task for Gelus<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        for plane in 0..self.rows.planes() {
            for block in self.rows.plane_mut(plane) {
                l.store(gelu(l, l.load(block)), block);
            }
        }
    }
}

/// Bends all numbers by what comes near that unit: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2
/// (Hendrycks and Gimpel, arXiv:1606.08415).
pub fn tanh_gelus(machine: Machine, rows: &mut Rows) {
    machine.run(TanhGelus { rows });
}

struct TanhGelus<'a> {
    rows: &'a mut Rows,
}

impl Task for TanhGelus<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        // (1 + tanh x) / 2 is the logistic function of 2x.
        let root = 2.0 * (2.0 * std::f32::consts::FRAC_1_PI).sqrt();
        for plane in 0..self.rows.planes() {
            for block in self.rows.plane_mut(plane) {
                let x = l.load(block);
                let inner = l.fma(l.mul(x, x), l.splat(0.044_715 * root), l.splat(root));
                l.store(l.mul(x, sigmoid(l, l.mul(x, inner))), block);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::LANES;

    #[test]
    fn what_comes_near_the_unit_is_as_the_formula_says_on_every_machine() {
        for machine in Machine::all() {
            let mut rows = Rows::new(2, 0);
            rows.extend_to(300);
            let value = |plane: usize, t: usize, lane: usize| (t * 32 + plane * LANES + lane) as f32 / 800.0 - 6.0;
            for (plane, t) in (0..2).flat_map(|plane| (0..300).map(move |t| (plane, t))) {
                rows.plane_mut(plane)[t].0 = std::array::from_fn(|lane| value(plane, t, lane));
            }
            tanh_gelus(machine, &mut rows);
            for (plane, t) in (0..2).flat_map(|plane| (0..300).map(move |t| (plane, t))) {
                for (lane, got) in rows.plane(plane)[t].0.iter().enumerate() {
                    let x = f64::from(value(plane, t, lane));
                    let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x);
                    let wanted = x * (1.0 + inner.tanh()) / 2.0;
                    assert!((f64::from(*got) - wanted).abs() < 2e-6, "{}: {x} gives {got}", machine.name());
                }
            }
        }
    }
}
