//! In: samples at one rate, as a whole clip or part by part. Out: the same at another, exactly as long as the rates say
//! and not delayed. Knows nothing of where they go.
//!
//! The work is rubato's synchronous FFT resampler. Its blocks are driven here by hand, because only so the delay of
//! half an output block is removed exactly and a clip shorter than a block comes out whole.

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler, WindowFunction};

/// Input samples a block holds at least: long enough for a steep filter (more than 0.97 of the band passes).
const BLOCK: usize = 1024;

/// How many samples `samples` samples at rate `from` become at rate `to`, rounded to the nearest; none at rates of zero.
pub fn resampled_len(samples: usize, from: u32, to: u32) -> usize {
    resampled_count(samples as u64, from, to) as usize
}

/// The same for more samples than memory holds.
pub fn resampled_count(samples: u64, from: u32, to: u32) -> u64 {
    let (count, from) = (u128::from(samples) * u128::from(to), u128::from(from));
    (count + from / 2).checked_div(from).unwrap_or(0) as u64
}

/// `clip`, mono at `from` Hz, at `to` Hz: [`resampled_len`] samples, the first at the time of the first.
///
/// Rates of zero give silence of no length.
pub fn resample(clip: &[f32], from: u32, to: u32) -> Vec<f32> {
    let mut out = Vec::with_capacity(resampled_len(clip.len(), from, to) + 4 * BLOCK);
    if let Some(mut stream) = Stream::new(from, to) {
        stream.push(clip, &mut out);
        stream.finish(&mut out);
    }
    out
}

/// A mono signal on its way from one rate to another.
pub struct Stream {
    from: u32,
    to: u32,
    /// None where the rates are the same.
    blocks: Option<Blocks>,
    taken: u64,
    given: u64,
}

struct Blocks {
    inner: Fft<f32>,
    input: Vec<f32>,
    filled: usize,
    output: Vec<f32>,
    /// Samples of the delay that are still to come.
    delay: usize,
}

impl Stream {
    /// From `from` Hz to `to` Hz; none where one of them is zero or nothing can be had between them.
    pub fn new(from: u32, to: u32) -> Option<Stream> {
        let blocks = match from {
            _ if from == 0 || to == 0 => return None,
            _ if from == to => None,
            _ => Some(Blocks::new(from, to)?),
        };
        Some(Stream { from, to, blocks, taken: 0, given: 0 })
    }

    /// Takes the next samples and appends those that are ready to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        let before = out.len();
        match &mut self.blocks {
            None => out.extend_from_slice(samples),
            Some(blocks) => blocks.push(samples, out),
        }
        self.given += (out.len() - before) as u64;
    }

    /// Appends the rest: then as many samples have come out as [`resampled_count`] says.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let wanted = resampled_count(self.taken, self.from, self.to);
        let silence = [0.0; BLOCK];
        while self.given < wanted {
            let before = out.len();
            match &mut self.blocks {
                None => return,
                Some(blocks) => blocks.push(&silence, out),
            }
            self.given += (out.len() - before) as u64;
        }
        out.truncate(out.len() - ((self.given - wanted) as usize).min(out.len()));
        self.given = wanted;
    }
}

impl Blocks {
    fn new(from: u32, to: u32) -> Option<Blocks> {
        let block = even_block(from, to);
        let window = WindowFunction::BlackmanHarris2;
        let inner = Fft::new_custom(from as usize, to as usize, block, 1, 1, window, FixedSync::Both).ok()?;
        let (input, output) = (vec![0.0; inner.input_frames_next()], vec![0.0; inner.output_frames_next()]);
        let delay = inner.output_delay();
        Some(Blocks { inner, input, filled: 0, output, delay })
    }

    fn push(&mut self, mut samples: &[f32], out: &mut Vec<f32>) {
        while !samples.is_empty() {
            let count = samples.len().min(self.input.len() - self.filled);
            let (now, later) = samples.split_at(count);
            self.input[self.filled..self.filled + count].copy_from_slice(now);
            self.filled += count;
            samples = later;
            if self.filled == self.input.len() {
                self.filled = 0;
                self.turn();
                let late = self.delay.min(self.output.len());
                self.delay -= late;
                out.extend_from_slice(&self.output[late..]);
            }
        }
    }

    /// One block through the resampler. Its buffers are as long as it asked for, so there is nothing to go wrong; silence
    /// would come out if there were.
    fn turn(&mut self) {
        let (count_in, count_out) = (self.input.len(), self.output.len());
        let source = InterleavedSlice::new(&self.input, 1, count_in);
        let target = InterleavedSlice::new_mut(&mut self.output, 1, count_out);
        let done = match (source, target) {
            (Ok(source), Ok(mut target)) => self.inner.process_into_buffer(&source, &mut target, None).is_ok(),
            _ => false,
        };
        if !done {
            self.output.fill(0.0);
        }
    }
}

/// A block size whose half is a whole number of samples on both sides, so that the delay is too.
fn even_block(from: u32, to: u32) -> usize {
    let unit = (from / gcd(from, to)) as usize;
    let units = BLOCK.div_ceil(unit).next_multiple_of(2);
    units * unit
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [u32; 6] = [16_000, 22_050, 24_000, 44_100, 48_000, 96_000];

    fn peak(samples: &[f32]) -> usize {
        (0..samples.len()).max_by(|a, b| samples[*a].abs().total_cmp(&samples[*b].abs())).unwrap_or(0)
    }

    #[test]
    fn an_impulse_stays_where_it_was_to_one_sample() {
        for from in RATES {
            for to in RATES {
                for (len, at) in [(1, 0), (40, 20), (700, 3), (5000, 4990), (30_000, 12_345)] {
                    let mut clip = vec![0.0; len];
                    clip[at] = 1.0;
                    let out = resample(&clip, from, to);
                    assert_eq!(out.len(), resampled_len(len, from, to));
                    if out.len() > 20 {
                        let expected = at as f64 * f64::from(to) / f64::from(from);
                        let found = peak(&out) as f64;
                        assert!(
                            (found - expected).abs() <= 1.0,
                            "{from} to {to}: {at} of {len}: {found} not {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_tone_keeps_its_level_and_its_phase() {
        for (from, to) in [(22_050, 48_000), (24_000, 48_000), (16_000, 44_100), (44_100, 16_000)] {
            let tone = |rate: u32, n: usize| (0..n).map(move |i| (i as f32 / rate as f32 * 1000.0 * 6.283_185_5).sin());
            let clip: Vec<f32> = tone(from, from as usize).collect();
            let out = resample(&clip, from, to);
            let wanted: Vec<f32> = tone(to, to as usize).collect();
            let middle = to as usize / 4..to as usize * 3 / 4;
            let worst = out[middle.clone()].iter().zip(&wanted[middle]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 2e-3, "{from} to {to}: {worst}");
        }
    }

    #[test]
    fn odd_rates_and_nothing_at_all_do_no_harm() {
        assert!(resample(&[], 22_050, 48_000).is_empty());
        assert!(resample(&[0.5; 10], 0, 48_000).is_empty());
        assert!(resample(&[0.5; 10], 48_000, 0).is_empty());
        assert_eq!(resample(&[0.5; 12_345], 22_050, 12_345).len(), resampled_len(12_345, 22_050, 12_345));
    }

    #[test]
    fn in_parts_it_is_the_same_as_in_one() {
        let clip: Vec<f32> = (0..50_001).map(|i| (i as f32 / 20.0).sin() * (i as f32 / 900.0).cos()).collect();
        for (from, to) in [(44_100, 48_000), (48_000, 48_000), (8000, 44_100), (96_000, 22_050)] {
            let whole = resample(&clip, from, to);
            let mut stream = Stream::new(from, to).expect("rates that can be");
            let mut parts = Vec::new();
            clip.chunks(331).for_each(|part| stream.push(part, &mut parts));
            stream.finish(&mut parts);
            assert_eq!(parts.len() as u64, resampled_count(50_001, from, to));
            assert!(parts == whole, "{from} to {to}");
        }
    }
}
