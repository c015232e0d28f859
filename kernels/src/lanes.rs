//! In: blocks of 16 floats. Out: the same arithmetic on all 16 at once, with the instructions this machine has. Knows
//! neither tensors nor layers.
//!
//! [`Machine`] is chosen at run time; a [`Task`] is written once over [`Lanes`] and compiled for each of them. The plain
//! one needs nothing of the processor, is always there, and is what tests compare the others with. The instructions
//! themselves, and the `unsafe` that they need, are those of the crate `pulp`: nothing here is unsafe, and no type of that
//! crate is public here.

use super::pairs::Pairs;
use super::product::{Job, multiply};
use pulp::Simd;

/// Sixteen floats: one channel each at one moment, or one column each of one row of weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub struct Block(pub [f32; LANES]);

/// How many floats a block holds.
pub const LANES: usize = 16;

/// Arithmetic on blocks, held in registers. Nothing outside this crate implements it.
pub trait Lanes: Pairs {
    /// A block in registers.
    type V: Copy;
    /// How many rows of a product are made at once.
    const ROWS: usize;
    /// How many of them are made where there are no more: half as many.
    const HALF: usize = Self::ROWS / 2;

    /// From memory.
    fn load(self, block: &Block) -> Self::V;
    /// To memory.
    fn store(self, value: Self::V, block: &mut Block);
    /// The same number in all lanes.
    fn splat(self, value: f32) -> Self::V;
    /// a + b
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// a - b
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// a * b
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// a / b
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    /// a * b + c, rounded once where the machine can.
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// The smaller of the two.
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// The larger of the two.
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// A product of matrices, in register tiles that suit the machine.
    fn multiply(self, job: &Job<'_>, out: &mut [Block]);
}

/// Work written over [`Lanes`].
pub trait Task {
    /// What comes of it.
    type Out;
    /// Does it. Has to be `#[inline(always)]`, with all it calls, to be compiled for the machine it runs on.
    fn run<L: Lanes>(self, lanes: L) -> Self::Out;
}

/// The instructions to compute with.
#[derive(Clone, Copy, Debug)]
pub struct Machine(pub(crate) Kind);

/// Kinds of instructions, as far as this processor's family knows them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
}

/// AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(pub(crate) pulp::x86::V3);

/// AVX-512.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(pub(crate) pulp::x86::V4);

/// NEON.
#[cfg(target_arch = "aarch64")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neon(pub(crate) pulp::aarch64::Neon);

impl Machine {
    /// No particular instructions: what the others are compared with.
    pub const PLAIN: Machine = Machine(Kind::Plain);

    /// All that this processor has, the slowest first.
    pub fn all() -> Vec<Machine> {
        let mut all = vec![Kind::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(pulp::x86::V3::try_new().map(|simd| Kind::Avx2(Avx2(simd))));
            all.extend(pulp::x86::V4::try_new().map(|simd| Kind::Avx512(Avx512(simd))));
        }
        #[cfg(target_arch = "aarch64")]
        all.extend(pulp::aarch64::Neon::try_new().map(|simd| Kind::Neon(Neon(simd))));
        all.into_iter().map(Machine).collect()
    }

    /// The fastest that this processor has.
    pub fn best() -> Machine {
        Machine::all().pop().unwrap_or(Machine::PLAIN)
    }

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Plain => "plain",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "AVX2 and FMA",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(_) => "NEON",
        }
    }

    /// Does `task` with these instructions.
    pub fn run<T: Task>(self, task: T) -> T::Out {
        match self.0 {
            Kind::Plain => task.run(Plain),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(lanes) => lanes.0.vectorize(On(task, lanes)),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(lanes) => lanes.0.vectorize(On(task, lanes)),
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(lanes) => lanes.0.vectorize(On(task, lanes)),
        }
    }
}

/// A task and what to do it with, as `pulp` takes it.
pub(crate) struct On<T, L>(pub(crate) T, pub(crate) L);

impl<T: Task, L: Lanes> pulp::NullaryFnOnce for On<T, L> {
    type Output = T::Out;

    #[inline(always)]
    fn call(self) -> T::Out {
        self.0.run(self.1)
    }
}

/// Lanes of a processor: a block is `$n` registers `$v`, and products are made `$rows` rows by `$cols` blocks at once.
macro_rules! wide {
    ($machine:ty, $v:ty, [$($i:literal)+], $n:literal, rows $rows:literal, cols $cols:literal) => {
        impl Lanes for $machine {
            type V = [$v; $n];
            const ROWS: usize = $rows;

            #[inline(always)]
            fn load(self, block: &Block) -> Self::V {
                pulp::cast(block.0)
            }
            #[inline(always)]
            fn store(self, value: Self::V, block: &mut Block) {
                block.0 = pulp::cast(value);
            }
            #[inline(always)]
            fn splat(self, value: f32) -> Self::V {
                [self.0.splat_f32s(value); $n]
            }
            #[inline(always)]
            fn add(self, a: Self::V, b: Self::V) -> Self::V {
                [$(self.0.add_f32s(a[$i], b[$i])),+]
            }
            #[inline(always)]
            fn sub(self, a: Self::V, b: Self::V) -> Self::V {
                [$(self.0.sub_f32s(a[$i], b[$i])),+]
            }
            #[inline(always)]
            fn mul(self, a: Self::V, b: Self::V) -> Self::V {
                [$(self.0.mul_f32s(a[$i], b[$i])),+]
            }
            #[inline(always)]
            fn div(self, a: Self::V, b: Self::V) -> Self::V {
                [$(self.0.div_f32s(a[$i], b[$i])),+]
            }
            #[inline(always)]
            fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
                [$(self.0.mul_add_f32s(a[$i], b[$i], c[$i])),+]
            }
            #[inline(always)]
            fn min(self, a: Self::V, b: Self::V) -> Self::V {
                [$(self.0.min_f32s(a[$i], b[$i])),+]
            }
            #[inline(always)]
            fn max(self, a: Self::V, b: Self::V) -> Self::V {
                [$(self.0.max_f32s(a[$i], b[$i])),+]
            }
            #[inline(always)]
            fn multiply(self, job: &Job<'_>, out: &mut [Block]) {
                multiply::<Self, $rows, { $rows / 2 }, $cols>(self, job, out);
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
wide!(Avx512, pulp::f32x16, [0], 1, rows 12, cols 2);
#[cfg(target_arch = "x86_64")]
wide!(Avx2, pulp::f32x8, [0 1], 2, rows 6, cols 1);
#[cfg(target_arch = "aarch64")]
wide!(Neon, pulp::f32x4, [0 1 2 3], 4, rows 6, cols 1);

/// Lanes without particular instructions.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

#[inline(always)]
fn each(a: [f32; LANES], b: [f32; LANES], f: impl Fn(f32, f32) -> f32) -> [f32; LANES] {
    let mut out = a;
    for (out, b) in out.iter_mut().zip(b) {
        *out = f(*out, b);
    }
    out
}

impl Lanes for Plain {
    type V = [f32; LANES];
    const ROWS: usize = 4;

    #[inline(always)]
    fn load(self, block: &Block) -> Self::V {
        block.0
    }
    #[inline(always)]
    fn store(self, value: Self::V, block: &mut Block) {
        block.0 = value;
    }
    #[inline(always)]
    fn splat(self, value: f32) -> Self::V {
        [value; LANES]
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        each(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        each(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        each(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, a: Self::V, b: Self::V) -> Self::V {
        each(a, b, |a, b| a / b)
    }
    #[inline(always)]
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        each(each(a, b, |a, b| a * b), c, |ab, c| ab + c)
    }
    #[inline(always)]
    fn min(self, a: Self::V, b: Self::V) -> Self::V {
        each(a, b, |a, b| if b < a { b } else { a })
    }
    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        each(a, b, |a, b| if b > a { b } else { a })
    }
    #[inline(always)]
    fn multiply(self, job: &Job<'_>, out: &mut [Block]) {
        multiply::<Self, 4, 2, 1>(self, job, out);
    }
}
