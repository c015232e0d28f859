//! In: samples as floats. Out: whole numbers of a given width, with triangular dither, the same ones every time. Knows
//! no file.
//!
//! Dither is the difference of two uniform draws, one step wide each (triangular, 2 steps peak to peak): the error is
//! then free of distortion and its level does not follow the signal (Lipshitz, Wannamaker and Vanderkooy, 1992).

use cuevox_kernels::lanes::{Lanes, Machine, Task};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Turns floats into whole numbers of `bits` bits.
pub struct Quantizer {
    scale: f32,
    draw: ChaCha8Rng,
    clipped: u64,
    machine: Machine,
    /// What was drawn for the samples at hand, 32 bits for each of two uniform draws.
    words: Vec<u64>,
}

impl Quantizer {
    /// For whole numbers of 2 to 24 bits; the noise depends on nothing but the order of the samples.
    pub fn new(bits: u16) -> Quantizer {
        Quantizer::of_channel(bits, 0)
    }

    /// The same with noise of its own for each channel, so that it does not sit in the middle.
    pub fn of_channel(bits: u16, channel: u64) -> Quantizer {
        let scale = (1i32 << (bits.clamp(2, 24) - 1)) as f32;
        let draw = ChaCha8Rng::seed_from_u64(channel);
        Quantizer { scale, draw, clipped: 0, machine: Machine::best(), words: Vec::new() }
    }

    /// The next samples, appended to `numbers`; full scale is -1 to 1, what lies outside is cut off and counted.
    pub fn quantize(&mut self, samples: &[f32], numbers: &mut Vec<i32>) {
        self.words.clear();
        self.words.extend(samples.iter().map(|_| self.draw.next_u64()));
        let first = numbers.len();
        numbers.resize(first + samples.len(), 0);
        let (words, to) = (&self.words, &mut numbers[first..]);
        self.clipped += self.machine.run(Quantize { samples, words, scale: f64::from(self.scale), to });
    }

    /// How many samples lay beyond full scale so far.
    pub fn clipped(&self) -> u64 {
        self.clipped
    }
}

struct Quantize<'a> {
    samples: &'a [f32],
    words: &'a [u64],
    scale: f64,
    to: &'a mut [i32],
}

impl Task for Quantize<'_> {
    /// How many samples lie beyond full scale.
    type Out = u64;

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) -> u64 {
        let Quantize { samples, words, scale, to } = self;
        let (step, top) = (1.0 / 4_294_967_296.0, scale - 1.0);
        let mut clipped = 0;
        for ((sample, word), to) in samples.iter().zip(words).zip(to) {
            let noise = (f64::from(*word as u32) - f64::from((word >> 32) as u32)) * step;
            let value = f64::from(*sample) * scale + noise;
            clipped += u64::from(sample.abs() > 1.0);
            // Rounded half away from zero, as `round` does; that is a call where the processor's instruction is not certain.
            let value = value.clamp(-scale, top);
            let whole = value as i32;
            let rest = value - f64::from(whole);
            *to = whole + i32::from(rest >= 0.5) - i32::from(rest <= -0.5);
        }
        clipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(q: &mut Quantizer, samples: &[f32]) -> Vec<i32> {
        let mut numbers = Vec::new();
        q.quantize(samples, &mut numbers);
        numbers
    }

    #[test]
    fn a_level_below_one_step_survives_on_average() {
        let numbers = all(&mut Quantizer::new(16), &[0.3 / 32_768.0; 200_000]);
        let mean = numbers.into_iter().map(f64::from).sum::<f64>() / 200_000.0;
        assert!((mean - 0.3).abs() < 0.01, "{mean}");
    }

    #[test]
    fn full_scale_is_kept_and_what_lies_beyond_is_counted() {
        let mut q = Quantizer::new(24);
        assert_eq!(all(&mut q, &[2.0, -2.0, f32::NAN]), [(1 << 23) - 1, -(1 << 23), 0]);
        assert_eq!(q.clipped(), 2);
    }

    #[test]
    fn the_same_samples_give_the_same_numbers_within_one_and_a_half_steps_however_they_are_parted() {
        let signal: Vec<f32> = (0..1000).map(|i| 0.9 * (i as f32 / 50.0).sin()).collect();
        let run = |part: usize| {
            let mut q = Quantizer::new(16);
            signal.chunks(part).flat_map(|part| all(&mut q, part)).collect::<Vec<_>>()
        };
        let numbers = run(1000);
        assert_eq!([run(1), run(7), run(64)], [&numbers; 3].map(Vec::clone));
        let errors = numbers.iter().zip(&signal).map(|(v, sample)| (*v as f32 - sample * 32_768.0).abs());
        let worst = errors.fold(0.0, f32::max);
        assert!(worst > 0.5 && worst <= 1.51, "{worst}");
    }
}
