//! In: a seed and a count. Out: so many numbers of the standard normal distribution, the same ones every time. Knows no
//! voice.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
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

    /// Numbers of 32 bits by row, for the same use.
    pub(super) fn lots(self, stream: u64) -> Lots {
        let mut rng = ChaCha8Rng::seed_from_u64(self.0);
        rng.set_stream(stream);
        Lots(rng)
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

/// Numbers without pattern, by row: those of a row do not depend on which rows were drawn before.
pub(super) struct Lots(ChaCha8Rng);

/// How many words the rows of a stream are apart; a multiple of what is drawn at once, so nothing is drawn in vain.
const ROW: u64 = 1 << 10;

impl Lots {
    /// Fills `lots` with the first numbers of a row, of which there are at most 1024.
    pub(super) fn draw<const N: usize>(&mut self, row: u64, lots: &mut [[u32; N]]) {
        self.0.set_word_pos(u128::from(row * ROW));
        for each in lots {
            for lot in each {
                *lot = self.0.next_u32();
            }
        }
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
    fn rows_of_lots_are_the_same_in_any_order_and_differ_from_each_other() {
        let draw = |seed: u64, rows: &[u64]| {
            let mut lots = Seed::of(seed, "a", 0, &[1]).lots(0);
            let row = |row: &u64| {
                let mut drawn = [[0; 16]; 38];
                lots.draw(*row, &mut drawn);
                drawn
            };
            rows.iter().map(row).collect::<Vec<_>>()
        };
        let (there, back) = (draw(0, &[0, 1, 2, 700]), draw(0, &[700, 2, 1, 0]));
        for (at, row) in there.iter().enumerate() {
            assert_eq!(*row, back[3 - at]);
            assert!(there.iter().enumerate().all(|(other, drawn)| other == at || drawn[0] != row[0]));
        }
        assert_ne!(draw(1, &[0])[0][0], there[0][0]);
    }

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
