//! In: nothing. Out: how fast convolutions of the shapes a medium Piper voice has are, on every kind of instructions
//! that this machine has, in tiles and without them. An item is an operation, counted as in a plain convolution, so
//! that Gitem/s are GFLOP/s and tiles can pass the processor's own peak.
//!
//! `cargo bench --bench kernels`

use cuevox_kernels::conv::{Conv, Finish, Scratch, Shape};
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::rows::{Rows, blocks_of};
use divan::Bencher;
use divan::counter::ItemsCount;
use std::fmt;

/// A convolution, the outputs of a tile, and what computes it.
struct Case {
    name: &'static str,
    shape: Shape,
    tile: usize,
    moments: isize,
    machine: Machine,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tiles = if self.tile > 1 { format!("tiles of {}", self.tile) } else { "no tiles".to_owned() };
        write!(f, "{}: {}, {tiles}", self.name, self.machine.name())
    }
}

fn cases() -> Vec<Case> {
    let up =
        |inputs, outputs, stride| Shape { inputs, outputs, taps: 2, dilation: 1, before: 1, stride, shift: stride / 2 };
    let shapes = [
        ("flow, 192 to 384, 5 taps", Shape::same(192, 384, 5, 1), 6, 288),
        ("raised 256 to 128, by 8", up(256, 128, 8), 3, 240),
        ("128 channels, 7 taps", Shape::same(128, 128, 7, 3), 8, 288),
        ("raised 128 to 64, by 8", up(128, 64, 8), 5, 240),
        ("64 channels, 7 taps", Shape::same(64, 64, 7, 3), 8, 576),
        ("raised 64 to 32, by 4", up(64, 32, 4), 5, 240),
        ("32 channels, 7 taps", Shape::same(32, 32, 7, 3), 8, 1152),
    ];
    // The plain twin is for tests, and far slower.
    let machines = || Machine::all().into_iter().rev().filter(|m| m.name() != Machine::PLAIN.name());
    let cases = shapes.into_iter().flat_map(|(name, shape, tile, moments)| {
        machines().flat_map(move |machine| [tile, 1].map(|tile| Case { name, shape, tile, moments, machine }))
    });
    cases.collect()
}

#[divan::bench(args = cases(), sample_count = 30, sample_size = 1)]
fn convolution(bencher: Bencher<'_, '_>, case: &Case) {
    let Case { shape, tile, moments, machine, .. } = *case;
    let conv = Conv::new(shape, tile, &[], |o, i, tap| ((o * 7 + i * 3 + tap) % 11) as f32 * 0.1 - 0.5);
    let mut source = Rows::new(blocks_of(shape.inputs), 0);
    source.extend_to(moments);
    let mut target = Rows::new(blocks_of(shape.outputs), 0);
    target.extend_to(moments * shape.stride as isize);
    let mut scratch = Scratch::default();
    let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 0.1 };
    let operations = conv.operations() * moments as usize;
    bencher.counter(ItemsCount::new(operations)).bench_local(|| {
        conv.run(machine, (&source, &mut target), (0, moments), (conv.bias(), finish), &mut scratch);
    });
}

fn main() {
    divan::main();
}
