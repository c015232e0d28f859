//! In: rows of logarithms of magnitudes and of numbers whose sines are phases. Out: real and
//! imaginary parts in their places. Knows no transform.

use super::exp::exp;
use super::lanes::{Block, Lanes, Machine, Task};
use super::rows::Rows;
use super::sine::{cos_near, sin};

/// Makes real parts of the first half of the blocks of channels, and imaginary parts of the second:
/// of m and p there, e to the power of m times the cosine and the sine of sin p. Lanes that hold 0
/// in both become 1 and 0.
pub fn unfold(machine: Machine, rows: &mut Rows) {
    let half = rows.planes() / 2;
    for plane in 0..half {
        let magnitudes = rows.plane(plane).to_vec();
        let mut real = magnitudes;
        machine.run(Unfold { real: &mut real, imaginary: rows.plane_mut(half + plane) });
        rows.plane_mut(plane).copy_from_slice(&real);
    }
}

struct Unfold<'a> {
    real: &'a mut [Block],
    imaginary: &'a mut [Block],
}

impl Task for Unfold<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        for (real, imaginary) in self.real.iter_mut().zip(self.imaginary) {
            let magnitude = l.load(&Block(exp(real.0)));
            let phase = sin(l, l.load(imaginary));
            l.store(l.mul(magnitude, cos_near(l, phase)), real);
            l.store(l.mul(magnitude, sin(l, phase)), imaginary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_number_they_describe() {
        for machine in Machine::all() {
            let mut rows = Rows::new(4, 3);
            rows.extend_to(40);
            let value = |plane: usize, at: usize| ((plane * 7 + at * 3) % 19) as f32 / 4.0 - 2.0;
            for (plane, at) in (0..4).flat_map(|plane| (0..37).map(move |at| (plane, at))) {
                rows.plane_mut(plane)[at].0 = [value(plane, at); 16];
            }
            unfold(machine, &mut rows);
            for (plane, at) in (0..2).flat_map(|plane| (0..37).map(move |at| (plane, at))) {
                let (m, p) = (f64::from(value(plane, at)).exp(), f64::from(value(plane + 2, at)).sin());
                for (found, wanted) in [(plane, m * p.cos()), (plane + 2, m * p.sin())] {
                    let found = f64::from(rows.plane(found)[at].0[9]);
                    assert!((found - wanted).abs() < 3e-6, "{}: {found}, not {wanted}", machine.name());
                }
            }
        }
    }
}
