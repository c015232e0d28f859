//! In: a seed and a count. Out: so many numbers of the standard normal distribution, the same ones every time. Knows no
//! voice.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use sha2::{Digest, Sha256};

/// What the noise of one utterance grows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The seed of what is spoken: it depends on nothing else, neither on the place in the document nor on the number
    /// of threads.
    pub fn of(user: u64, voice: &str, speaker: i32, ids: &[i32]) -> Seed {
        let mut hash = Sha256::new();
        hash.update(user.to_le_bytes());
        hash.update(voice.as_bytes());
        hash.update([0]);
        hash.update(speaker.to_le_bytes());
        for id in ids {
            hash.update(id.to_le_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        Seed(digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte)))
    }

    /// Numbers one after the other; `stream` tells apart the several draws of one utterance.
    pub(super) fn numbers(self, stream: u64) -> Normal {
        let mut rng = ChaCha8Rng::seed_from_u64(self.0);
        rng.set_stream(stream);
        Normal(rng)
    }

    /// The first `count` numbers of a stream.
    pub(super) fn normal(self, stream: u64, count: usize) -> Vec<f32> {
        self.numbers(stream).take(count).collect()
    }
}

/// A stream of noise without end.
pub(super) struct Normal(ChaCha8Rng);

impl Iterator for Normal {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        Some(StandardNormal.sample(&mut self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_normal_repeatable_and_different_for_each_use() {
        let seed = Seed::of(0, "a", 0, &[1, 2, 3]);
        let noise = seed.normal(0, 100_000);
        let mean = noise.iter().sum::<f32>() / noise.len() as f32;
        let variance = noise.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / noise.len() as f32;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        assert_eq!(noise[..50], seed.normal(0, 50));
        assert_ne!(noise[..50], seed.normal(1, 50));
        for other in [Seed::of(1, "a", 0, &[1, 2, 3]), Seed::of(0, "b", 0, &[1, 2, 3]), Seed::of(0, "a", 0, &[1, 2])] {
            assert_ne!(other.normal(0, 4), noise[..4]);
        }
    }
}
