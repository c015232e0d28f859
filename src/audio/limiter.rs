//! In: interleaved samples, part by part. Out: as many samples, with no true peak above a ceiling. Knows neither
//! loudness nor what is heard.
//!
//! The gain along the way is that of a [`Curve`]. Below the ceiling samples pass unchanged, bit by bit.

use super::curve::{Curve, Run};

/// A limiter of true peaks with look-ahead. What it gives out is not delayed.
pub struct Limiter {
    width: usize,
    curve: Curve,
    runs: Vec<Run>,
    /// Samples that wait for their gain.
    waiting: Vec<f32>,
}

impl Limiter {
    /// For frames of `width` samples at `rate` Hz, and a ceiling in dBTP.
    pub fn new(rate: u32, width: u16, ceiling_db: f64) -> Limiter {
        let curve = Curve::new(rate, width, ceiling_db);
        Limiter { width: usize::from(width.max(1)), curve, runs: Vec::new(), waiting: Vec::new() }
    }

    /// Takes the next samples, of whole frames, and appends those that are ready to `out`.
    pub fn process(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.waiting.extend_from_slice(samples);
        self.curve.hear(samples, &mut self.runs);
        self.let_go(out);
    }

    /// Appends what is still waiting; then as many samples have come out as went in.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        self.curve.finish(&mut self.runs);
        self.let_go(out);
    }

    /// The least gain there was, in decibels: 0 where nothing was limited.
    pub fn reduction_db(&self) -> f64 {
        self.curve.reduction_db()
    }

    fn let_go(&mut self, out: &mut Vec<f32>) {
        let frames: usize = self.runs.iter().map(|run| run.frames).sum();
        let (ready, first) = ((frames * self.width).min(self.waiting.len()), out.len());
        out.extend(self.waiting.drain(..ready));
        let mut rest = &mut out[first..];
        for run in self.runs.drain(..) {
            let (now, later) = rest.split_at_mut((run.frames * self.width).min(rest.len()));
            if run.gain < 1.0 {
                now.iter_mut().for_each(|sample| *sample = limited(*sample, run.gain));
            }
            rest = later;
        }
    }
}

/// A sample with the gain that a [`Curve`] has for it.
pub fn limited(sample: f32, gain: f64) -> f32 {
    if gain < 1.0 { (f64::from(sample) * gain) as f32 } else { sample }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::meter::Meter;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    fn limit(samples: &[f32], rate: u32, width: u16) -> (Vec<f32>, f64) {
        let mut limiter = Limiter::new(rate, width, -1.0);
        let mut out = Vec::new();
        for part in samples.chunks(usize::from(width) * 777) {
            limiter.process(part, &mut out);
        }
        limiter.finish(&mut out);
        (out, limiter.reduction_db())
    }

    fn true_peak(samples: &[f32], rate: u32, width: u16) -> f64 {
        let mut meter = Meter::of_channels(rate, width);
        meter.hear(samples);
        meter.level().true_peak_db.unwrap_or(-200.0)
    }

    fn noise(count: usize, level: f32) -> Vec<f32> {
        let mut draw = ChaCha8Rng::seed_from_u64(1);
        (0..count).map(|_| level * ((draw.next_u32() as f32 / u32::MAX as f32) * 2.0 - 1.0)).collect()
    }

    #[test]
    fn nothing_passes_the_ceiling_whatever_comes() {
        let wave = |period: f32, phase: f32, level: f32| -> Vec<f32> {
            (0..40_000).map(|i| level * (i as f32 / period * 6.283_185_5 + phase).sin()).collect()
        };
        let mut clicks = vec![0.0f32; 40_000];
        (0..40_000).step_by(997).for_each(|i| clicks[i] = if i % 2 == 0 { 3.0 } else { -3.0 });
        let square: Vec<f32> = (0..40_000).map(|i| if i / 50 % 2 == 0 { 2.0 } else { -2.0 }).collect();
        let mut burst = vec![0.0f32; 10_000];
        burst.extend(wave(4.0, 0.785, 4.0));
        // A quarter of the rate at 45 degrees: its samples are 3 dB below its peaks.
        let rows = [
            ("inter-sample", wave(4.0, 0.785, 1.2)),
            ("low", wave(400.0, 0.0, 8.0)),
            ("odd", wave(2.7, 0.3, 1.5)),
            ("noise", noise(40_000, 3.0)),
            ("clicks", clicks),
            ("square", square),
            ("burst", burst),
        ];
        for (name, samples) in rows {
            for rate in [22_050, 48_000, 96_000] {
                for width in [1, 2] {
                    let other = |i: usize| -0.7 * samples[(i + 100) % samples.len()];
                    let both = samples.iter().enumerate().flat_map(|(i, s)| [*s, other(i)]);
                    let samples = if width == 1 { samples.clone() } else { both.collect() };
                    let (out, reduction) = limit(&samples, rate, width);
                    assert_eq!(out.len(), samples.len(), "{name}");
                    let peak = true_peak(&out, rate, width);
                    assert!(peak <= -1.0, "{name} at {rate}, {width} channels: {peak}");
                    assert!(reduction < -1.0, "{name}: {reduction}");
                }
            }
        }
    }

    #[test]
    fn what_is_below_the_ceiling_passes_bit_by_bit() {
        for (level, width) in [(0.05, 1), (0.6, 1), (0.6, 2)] {
            let tone: Vec<f32> = (0..30_000).map(|i| level * (i as f32 / 40.0).sin()).collect();
            let (out, reduction) = limit(&tone, 48_000, width);
            assert_eq!((out == tone, reduction), (true, 0.0), "{level}");
        }
        assert!(limit(&[], 48_000, 2).0.is_empty());
        assert_eq!(limit(&[0.25], 48_000, 1).0, [0.25]);
    }

    #[test]
    fn the_gain_falls_before_a_peak_comes_back_and_never_jumps() {
        let mut tone: Vec<f32> = (0..96_000).map(|i| 0.2 * (i as f32 / 40.0).sin()).collect();
        (40_000..40_200).for_each(|i| tone[i] *= 10.0);
        let (out, _) = limit(&tone, 48_000, 1);
        let gains: Vec<f32> =
            out.iter().zip(&tone).map(|(o, t)| if t.abs() > 0.05 { o / t } else { f32::NAN }).collect();
        assert!(gains[..39_500].iter().all(|g| g.is_nan() || *g == 1.0));
        assert!(gains[85_000..].iter().all(|g| g.is_nan() || *g == 1.0));
        let known: Vec<f32> = gains.iter().copied().filter(|g| !g.is_nan()).collect();
        let jump = known.windows(2).map(|pair| (pair[0] - pair[1]).abs()).fold(0.0, f32::max);
        // Between two known gains lie up to a dozen samples around a zero of the tone.
        assert!(jump < 0.16, "{jump}");
        let least = known.iter().copied().fold(1.0, f32::min);
        assert!((0.42..0.46).contains(&least), "{least}");
    }
}
