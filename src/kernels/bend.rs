//! In: rows of channels. Out: the same, each number bent by itself. Knows no network.

use super::gelu::gelu;
use super::lanes::{Lanes, Machine, Task};
use super::rows::Rows;

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
