//! In: samples as floats. Out: whole numbers of a given width, with triangular dither, the same ones every time. Knows
//! no file.
//!
//! Dither is the difference of two uniform draws, one step wide each (triangular, 2 steps peak to peak): the error is
//! then free of distortion and its level does not follow the signal (Lipshitz, Wannamaker and Vanderkooy, 1992).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Turns floats into whole numbers of `bits` bits.
pub struct Quantizer {
    scale: f32,
    draw: ChaCha8Rng,
    clipped: u64,
}

impl Quantizer {
    /// For whole numbers of 2 to 24 bits; the noise depends on nothing but the order of the samples.
    pub fn new(bits: u16) -> Quantizer {
        Quantizer::of_channel(bits, 0)
    }

    /// The same with noise of its own for each channel, so that it does not sit in the middle.
    pub fn of_channel(bits: u16, channel: u64) -> Quantizer {
        let scale = (1i32 << (bits.clamp(2, 24) - 1)) as f32;
        Quantizer { scale, draw: ChaCha8Rng::seed_from_u64(channel), clipped: 0 }
    }

    /// One sample; full scale is -1 to 1, what lies outside is cut off and counted.
    pub fn quantize(&mut self, sample: f32) -> i32 {
        let word = self.draw.next_u64();
        let step = 1.0 / 4_294_967_296.0;
        let noise = (f64::from(word as u32) - f64::from((word >> 32) as u32)) * step;
        let value = f64::from(sample) * f64::from(self.scale) + noise;
        let top = f64::from(self.scale) - 1.0;
        if sample.abs() > 1.0 {
            self.clipped += 1;
        }
        // Rounded half away from zero, as `round` does; that is a call where the processor's instruction is not certain.
        let value = value.clamp(-f64::from(self.scale), top);
        let whole = value as i32;
        let rest = value - f64::from(whole);
        whole + i32::from(rest >= 0.5) - i32::from(rest <= -0.5)
    }

    /// How many samples lay beyond full scale so far.
    pub fn clipped(&self) -> u64 {
        self.clipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_below_one_step_survives_on_average() {
        let mut q = Quantizer::new(16);
        let wanted = 0.3 / 32_768.0;
        let mean = (0..200_000).map(|_| f64::from(q.quantize(wanted))).sum::<f64>() / 200_000.0;
        assert!((mean - 0.3).abs() < 0.01, "{mean}");
    }

    #[test]
    fn full_scale_is_kept_and_what_lies_beyond_is_counted() {
        let mut q = Quantizer::new(24);
        assert_eq!(q.quantize(2.0), (1 << 23) - 1);
        assert_eq!(q.quantize(-2.0), -(1 << 23));
        assert_eq!(q.quantize(f32::NAN), 0);
        assert_eq!(q.clipped(), 2);
    }

    #[test]
    fn the_same_samples_give_the_same_numbers_within_one_and_a_half_steps() {
        let signal = |i: usize| 0.9 * (i as f32 / 50.0).sin();
        let run = || {
            let mut q = Quantizer::new(16);
            (0..1000).map(|i| q.quantize(signal(i))).collect::<Vec<_>>()
        };
        let numbers = run();
        assert_eq!(numbers, run());
        let errors = numbers.iter().enumerate().map(|(i, v)| (*v as f32 - signal(i) * 32_768.0).abs());
        let worst = errors.fold(0.0, f32::max);
        assert!(worst > 0.5 && worst <= 1.51, "{worst}");
    }
}
