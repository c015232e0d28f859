//! In: one whole clip at one rate. Out: the same clip at another, exactly as long as the rates say and not delayed.
//! Knows nothing of where the clip goes.
//!
//! The work is rubato's synchronous FFT resampler. Its blocks are driven here by hand, because only so the delay of
//! half an output block is removed exactly and a clip shorter than a block comes out whole.

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler, WindowFunction};

/// Input samples a block holds at least: long enough for a steep filter (more than 0.97 of the band passes).
const BLOCK: usize = 1024;

/// How many samples `samples` samples at rate `from` become at rate `to`, rounded to the nearest; none at rates of zero.
pub fn resampled_len(samples: usize, from: u32, to: u32) -> usize {
    let (count, from) = (samples as u128 * u128::from(to), u128::from(from));
    (count + from / 2).checked_div(from).unwrap_or(0) as usize
}

/// `clip`, mono at `from` Hz, at `to` Hz: [`resampled_len`] samples, the first at the time of the first.
///
/// Rates of zero give silence of no length.
pub fn resample(clip: &[f32], from: u32, to: u32) -> Vec<f32> {
    let wanted = resampled_len(clip.len(), from, to);
    if from == to || wanted == 0 {
        return clip.iter().copied().take(wanted).collect();
    }
    through_blocks(clip, from, to, wanted).unwrap_or_default()
}

fn through_blocks(clip: &[f32], from: u32, to: u32, wanted: usize) -> Option<Vec<f32>> {
    let mut resampler = Fft::<f32>::new_custom(
        from as usize,
        to as usize,
        even_block(from, to),
        1,
        1,
        WindowFunction::BlackmanHarris2,
        FixedSync::Both,
    )
    .ok()?;
    let (block_in, block_out) = (resampler.input_frames_next(), resampler.output_frames_next());
    let delay = resampler.output_delay();
    let mut out = Vec::with_capacity(delay + wanted + block_out);
    let (mut input, mut output) = (vec![0.0; block_in], vec![0.0; block_out]);
    let mut blocks = clip.chunks(block_in);
    while out.len() < delay + wanted {
        let part = blocks.next().unwrap_or_default();
        input[..part.len()].copy_from_slice(part);
        input[part.len()..].fill(0.0);
        let source = InterleavedSlice::new(&input, 1, block_in).ok()?;
        let mut target = InterleavedSlice::new_mut(&mut output, 1, block_out).ok()?;
        resampler.process_into_buffer(&source, &mut target, None).ok()?;
        out.extend_from_slice(&output);
    }
    out.drain(..delay);
    out.truncate(wanted);
    Some(out)
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
}
