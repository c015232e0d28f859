//! In: pairs of whole numbers. Out: sums of their products, sixteen at once, with the instructions this machine has. Knows
//! neither tensors nor layers.
//!
//! Two numbers of 16 bits stand in one of 32, and both products are added to a sum of 32 bits: where there is
//! AVX-512 VNNI in one instruction, which makes twice as many products as one that multiplies floats. The sums are exact,
//! so every machine makes the same.

#[cfg(target_arch = "aarch64")]
use super::lanes::Neon;
#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512, Kind, On};
use super::lanes::{Block, LANES, Machine, Plain, Task};
use super::whole::{Job, tiles};

/// Pairs of whole numbers for sixteen outputs, pair by pair.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub struct Both(pub [i16; 2 * LANES]);

/// Arithmetic on pairs of whole numbers, with sixteen sums held in registers.
pub trait Pairs: Copy {
    /// Sixteen sums, or pairs.
    type Sums: Copy;
    /// How many rows are multiplied at once.
    const GROUP: usize;

    /// Sums of nothing.
    fn none(self) -> Self::Sums;
    /// The pairs of sixteen outputs, from memory.
    fn pairs(self, weights: &Both) -> Self::Sums;
    /// One pair of whole numbers, in all sixteen lanes.
    fn sixteen(self, pair: i32) -> Self::Sums;
    /// The sums, and to each of them the two products of its pairs.
    fn more(self, pairs: Self::Sums, weights: Self::Sums, sums: Self::Sums) -> Self::Sums;
    /// The sums as floats.
    fn floats(self, sums: Self::Sums) -> Block;
    /// All products of a job.
    fn products(self, job: Job<'_>);
}

#[cfg(target_arch = "x86_64")]
pulp::simd_type! {
    /// AVX-512 with VNNI, as the processors have it that have both.
    struct Vnni {
        sse: "sse", sse2: "sse2", fxsr: "fxsr", sse3: "sse3", ssse3: "ssse3", sse4_1: "sse4.1", sse4_2: "sse4.2",
        popcnt: "popcnt", avx: "avx", avx2: "avx2", bmi1: "bmi1", bmi2: "bmi2", fma: "fma", lzcnt: "lzcnt",
        avx512f: "avx512f", avx512bw: "avx512bw", avx512cd: "avx512cd", avx512dq: "avx512dq", avx512vl: "avx512vl",
        avx512vnni: "avx512vnni",
    }
}

impl Machine {
    /// The name of what it multiplies pairs with, for people.
    pub fn name_for_pairs(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) if Vnni::is_available() => "AVX-512 with VNNI",
            _ => self.name(),
        }
    }

    /// Does a task that multiplies pairs; with VNNI where the machine is one of AVX-512 and has it, for there the compiler
    /// makes one instruction of a product of pairs and what follows it.
    pub(crate) fn run_pairs<T: Task>(self, task: T) -> T::Out {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(lanes) => match Vnni::try_new() {
                Some(vnni) => vnni.vectorize(On(task, lanes)),
                None => self.run(task),
            },
            _ => self.run(task),
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Pairs for Avx512 {
    type Sums = pulp::i32x16;
    const GROUP: usize = 12;

    #[inline(always)]
    fn none(self) -> Self::Sums {
        pulp::cast([0; LANES])
    }
    #[inline(always)]
    fn pairs(self, weights: &Both) -> Self::Sums {
        pulp::cast(weights.0)
    }
    #[inline(always)]
    fn sixteen(self, pair: i32) -> Self::Sums {
        pulp::cast(self.0.avx512f._mm512_set1_epi32(pair))
    }
    #[inline(always)]
    fn more(self, pairs: Self::Sums, weights: Self::Sums, sums: Self::Sums) -> Self::Sums {
        let products = self.0.avx512bw._mm512_madd_epi16(pulp::cast(pairs), pulp::cast(weights));
        pulp::cast(self.0.avx512f._mm512_add_epi32(pulp::cast(sums), products))
    }
    #[inline(always)]
    fn floats(self, sums: Self::Sums) -> Block {
        Block(pulp::cast(self.0.avx512f._mm512_cvtepi32_ps(pulp::cast(sums))))
    }
    #[inline(always)]
    fn products(self, job: Job<'_>) {
        tiles::<Self, 12, 2>(self, job);
    }
}

#[cfg(target_arch = "x86_64")]
impl Pairs for Avx2 {
    type Sums = [pulp::i32x8; 2];
    const GROUP: usize = 6;

    #[inline(always)]
    fn none(self) -> Self::Sums {
        pulp::cast([0; LANES])
    }
    #[inline(always)]
    fn pairs(self, weights: &Both) -> Self::Sums {
        pulp::cast(weights.0)
    }
    #[inline(always)]
    fn sixteen(self, pair: i32) -> Self::Sums {
        [pulp::cast(self.0.avx._mm256_set1_epi32(pair)); 2]
    }
    #[inline(always)]
    fn more(self, pairs: Self::Sums, weights: Self::Sums, sums: Self::Sums) -> Self::Sums {
        let mut out = sums;
        for i in 0..2 {
            let products = self.0.avx2._mm256_madd_epi16(pulp::cast(pairs[i]), pulp::cast(weights[i]));
            out[i] = pulp::cast(self.0.avx2._mm256_add_epi32(pulp::cast(sums[i]), products));
        }
        out
    }
    #[inline(always)]
    fn floats(self, sums: Self::Sums) -> Block {
        Block(pulp::cast([
            self.0.avx._mm256_cvtepi32_ps(pulp::cast(sums[0])),
            self.0.avx._mm256_cvtepi32_ps(pulp::cast(sums[1])),
        ]))
    }
    #[inline(always)]
    fn products(self, job: Job<'_>) {
        tiles::<Self, 6, 1>(self, job);
    }
}

/// Arithmetic on plain arrays, which becomes the machine's instructions where the compiler finds them.
macro_rules! plain {
    ($machine:ty, rows $rows:literal) => {
        impl Pairs for $machine {
            type Sums = [i32; LANES];
            const GROUP: usize = $rows;

            #[inline(always)]
            fn none(self) -> Self::Sums {
                [0; LANES]
            }
            #[inline(always)]
            fn pairs(self, weights: &Both) -> Self::Sums {
                let mut pairs = [0; LANES];
                for lane in 0..LANES {
                    let (first, second) = (i32::from(weights.0[2 * lane]), i32::from(weights.0[2 * lane + 1]));
                    pairs[lane] = first & 0xffff | second << 16;
                }
                pairs
            }
            #[inline(always)]
            fn sixteen(self, pair: i32) -> Self::Sums {
                [pair; LANES]
            }
            #[inline(always)]
            fn more(self, pairs: Self::Sums, weights: Self::Sums, sums: Self::Sums) -> Self::Sums {
                let mut out = sums;
                for lane in 0..LANES {
                    let (a, b) = (pairs[lane], weights[lane]);
                    let products = i32::from(a as i16) * i32::from(b as i16) + (a >> 16) * (b >> 16);
                    out[lane] = out[lane].wrapping_add(products);
                }
                out
            }
            #[inline(always)]
            fn floats(self, sums: Self::Sums) -> Block {
                let mut out = Block::default();
                for lane in 0..LANES {
                    out.0[lane] = sums[lane] as f32;
                }
                out
            }
            #[inline(always)]
            fn products(self, job: Job<'_>) {
                tiles::<Self, $rows, 1>(self, job);
            }
        }
    };
}

plain!(Plain, rows 4);
#[cfg(target_arch = "aarch64")]
plain!(Neon, rows 4);
