//! In: interleaved samples, part by part. Out: the gain of each frame with which no true peak is above a ceiling. Changes no
//! sample and keeps none but those it still has to look at.
//!
//! The peaks between samples are found at four times the rate (ITU-R BS.1770, annex 2), with a longer filter than a meter's
//! and with a meter's own, for what lies near half the rate shows differently in each. The gain is
//! the least that any peak of the look-ahead needs, let go slowly, then smoothed over the look-ahead: so it has fallen
//! where the peak is and never jumps. All channels have one gain.

use cuevox_kernels::lanes::Machine;
use cuevox_kernels::peaks::largest;
use std::collections::VecDeque;

/// Taps of the interpolator on either side of a sample.
const HALF: usize = 12;

/// The rates from which on meters look for peaks at twice the rate only, and at none but the samples (libebur128).
const TWICE: u32 = 96_000;
const ONCE: u32 = 192_000;

/// The time in seconds in which the gain falls before a peak. About a period of the lowest voices: what is shorter follows the
/// waveform and distorts it, what is longer lowers more than the peak.
const LOOK_AHEAD: f64 = 0.01;

/// The time constant in seconds with which the gain comes back: soon, so that little speech is lowered for a peak.
const RELEASE: f64 = 0.04;

/// How far below the ceiling peaks are kept, in decibels: other meters have other filters, and dither comes after.
const MARGIN_DB: f64 = 0.12;

/// Frames whose peaks are looked for at once.
const AT_ONCE: usize = 1024;

/// From here on the gain counts as come back.
const NEARLY_ONE: f64 = 1.0 - 1e-4;

/// The taps of an interpolator for one point between two samples.
type Taps = [f32; 2 * HALF];

/// The most points that are looked at between two samples.
const POINTS: usize = 6;

/// Frames in a row that have one gain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// By what their samples are to be multiplied; 1 where they pass as they are.
    pub gain: f64,
    /// How many there are.
    pub frames: usize,
}

/// The gain along a signal, found with look-ahead: as many frames as were heard have a gain in the end.
pub struct Curve {
    width: usize,
    ceiling: f32,
    /// Each gives the value at some point between two samples.
    taps: [Taps; POINTS],
    /// Below this no peak between samples can reach the ceiling.
    harmless: f32,
    /// Samples of each channel, from `HALF - 1` before the first whose peak is not known yet.
    recent: Vec<Vec<f32>>,
    /// Frames that were heard and have no gain yet.
    owed: usize,
    /// The largest peak between the frame before and the next.
    before: f32,
    /// Peaks of the frames at hand.
    peaks: Vec<f32>,
    machine: Machine,
    least: SlidingMin,
    keep: f64,
    gain: f64,
    smooth: [Average; 2],
    /// Gains still to come that belong to before the first sample.
    early: usize,
    reduced: f64,
}

impl Curve {
    /// For frames of `width` samples at `rate` Hz, and a ceiling in dBTP.
    pub fn new(rate: u32, width: u16, ceiling_db: f64) -> Curve {
        let window = ((f64::from(rate) * LOOK_AHEAD) as usize).max(4);
        let halves = [window / 2, window - window / 2 + 1];
        let taps = interpolators(rate);
        let most = taps.iter().map(|t| t.iter().map(|c| c.abs()).sum::<f32>()).fold(1.0, f32::max);
        let ceiling = 10f64.powf((ceiling_db - MARGIN_DB) / 20.0) as f32;
        let width = usize::from(width.max(1));
        Curve {
            width,
            ceiling,
            taps,
            harmless: ceiling / most,
            recent: vec![vec![0.0; HALF - 1]; width],
            owed: 0,
            before: 0.0,
            peaks: Vec::new(),
            machine: Machine::best(),
            least: SlidingMin::new(window),
            keep: 1.0 - (-1.0 / (RELEASE * f64::from(rate.max(1)))).exp(),
            gain: 1.0,
            smooth: halves.map(Average::new),
            early: window - 1,
            reduced: 1.0,
        }
    }

    /// Hears the next samples, of whole frames, and appends the gains that are known by that.
    pub fn hear(&mut self, samples: &[f32], out: &mut Vec<Run>) {
        self.owed += samples.len() / self.width;
        self.push(samples, out);
    }

    /// Appends the gains that are still missing.
    pub fn finish(&mut self, out: &mut Vec<Run>) {
        let silence = vec![0.0; self.width];
        while self.owed > 0 {
            self.push(&silence, out);
        }
    }

    /// The least gain there was, in decibels: 0 where nothing was lowered.
    pub fn reduction_db(&self) -> f64 {
        20.0 * self.reduced.log10()
    }

    fn push(&mut self, samples: &[f32], out: &mut Vec<Run>) {
        for part in samples.chunks(AT_ONCE * self.width) {
            self.find(part);
            let peaks = std::mem::take(&mut self.peaks);
            let mut rest = &peaks[..];
            while let Some(peak) = rest.first() {
                let calm = if self.rests() { self.harmless(rest) } else { 0 };
                if calm == 0 {
                    self.frame(*peak, out);
                } else {
                    self.pass(calm, out);
                }
                rest = &rest[calm.max(1)..];
            }
            self.peaks = peaks;
        }
    }

    /// Finds the peaks of all frames that can be known with these samples.
    fn find(&mut self, samples: &[f32]) {
        let Curve { width, taps, recent, peaks, machine, harmless, .. } = self;
        peaks.clear();
        let mut of_channel = Vec::new();
        for (number, channel) in recent.iter_mut().enumerate() {
            match *width {
                1 => channel.extend_from_slice(samples),
                width => channel.extend(samples.iter().skip(number).step_by(width)),
            }
            of_channel.clear();
            largest(*machine, taps, (channel, HALF - 1), *harmless, &mut of_channel);
            channel.drain(..of_channel.len());
            if number == 0 {
                std::mem::swap(peaks, &mut of_channel);
            } else {
                peaks.iter_mut().zip(&of_channel).for_each(|(most, peak)| *most = most.max(*peak));
            }
        }
    }

    /// Whether nothing of what was before lowers anything that comes.
    fn rests(&self) -> bool {
        (self.gain, self.early) == (1.0, 0)
            && self.before <= self.ceiling
            && self.smooth.iter().all(|average| average.nonzero == 0)
            && self.least.candidates.front().is_some_and(|(_, least)| *least == 1.0)
    }

    /// How many of these peaks are below the ceiling, up to the first that is not.
    fn harmless(&self, peaks: &[f32]) -> usize {
        peaks.iter().position(|peak| *peak > self.ceiling).unwrap_or(peaks.len())
    }

    /// Lets so many frames pass while it rests: as [`Curve::frame`] would, without asking for each of them.
    fn pass(&mut self, frames: usize, out: &mut Vec<Run>) {
        self.before = 0.0;
        self.least.skip(frames);
        self.owe(Run { gain: 1.0, frames }, out);
    }

    /// Takes the largest peak between a frame and the next.
    fn frame(&mut self, peak: f32, out: &mut Vec<Run>) {
        let highest = peak.max(self.before);
        self.before = peak;
        let needed = if highest > self.ceiling { f64::from(self.ceiling) / f64::from(highest) } else { 1.0 };
        self.give(needed, out);
    }

    /// Takes the gain the next frame needs at most, and gives out the gain of the frame that is known by that.
    fn give(&mut self, needed: f64, out: &mut Vec<Run>) {
        let least = self.least.push(needed);
        let back = self.gain + (1.0 - self.gain) * self.keep;
        self.gain = if back > NEARLY_ONE { 1.0 } else { back }.min(least);
        let first = self.smooth[0].push(1.0 - self.gain);
        let gain = 1.0 - self.smooth[1].push(first);
        if self.early > 0 {
            self.early -= 1;
            return;
        }
        self.reduced = self.reduced.min(gain);
        self.owe(Run { gain, frames: 1 }, out);
    }

    /// Gives out a run, or as much of it as there are frames for.
    fn owe(&mut self, run: Run, out: &mut Vec<Run>) {
        let frames = run.frames.min(self.owed);
        self.owed -= frames;
        if frames > 0 {
            out.push(Run { frames, ..run });
        }
    }
}

/// The points at which peaks are looked for: every quarter of a sample, under a Blackman window; and where and how a meter
/// looks (libebur128: 49 taps under a Hann window, at four times the rate or twice).
fn interpolators(rate: u32) -> [Taps; POINTS] {
    let blackman =
        |x: f64| 0.42 + 0.5 * (x * std::f64::consts::PI).cos() + 0.08 * (2.0 * x * std::f64::consts::PI).cos();
    let hann = |x: f64| 0.5 + 0.5 * (x * std::f64::consts::PI).cos();
    let own = [0.25, 0.5, 0.75].map(|phase| interpolator(phase, HALF as f64, blackman));
    let meters = match rate {
        0..TWICE => [0.25, 0.5, 0.75].map(|phase| interpolator(phase, 6.0, hann)).to_vec(),
        TWICE..ONCE => vec![interpolator(0.5, 12.0, hann)],
        _ => Vec::new(),
    };
    // Where there are fewer points, the sums of the others are zero.
    let mut all = [[0.0; 2 * HALF]; POINTS];
    all.iter_mut().zip(own.into_iter().chain(meters)).for_each(|(place, taps)| *place = taps);
    all
}

/// A sinc under a window that reaches `half` samples to either side, for the point `phase` after the sample in the middle.
fn interpolator(phase: f64, half: f64, window: impl Fn(f64) -> f64) -> Taps {
    let mut taps = [0.0; 2 * HALF];
    for (i, tap) in taps.iter_mut().enumerate() {
        let x = i as f64 - (HALF - 1) as f64 - phase;
        let angle = std::f64::consts::PI * x;
        if x.abs() < half {
            *tap = (angle.sin() / angle * window(x / half)) as f32;
        }
    }
    taps
}

/// The least of the last so many values.
struct SlidingMin {
    window: usize,
    at: usize,
    /// Values that may still become the least, each with its position; increasing.
    candidates: VecDeque<(usize, f64)>,
}

impl SlidingMin {
    fn new(window: usize) -> SlidingMin {
        SlidingMin { window, at: 0, candidates: VecDeque::new() }
    }

    fn push(&mut self, value: f64) -> f64 {
        // Mostly all of them are 1, and no value is larger.
        if value == 1.0
            && let (1, Some((at, 1.0))) = (self.candidates.len(), self.candidates.front_mut())
        {
            *at = self.at;
            self.at += 1;
            return 1.0;
        }
        while self.candidates.pop_back_if(|(_, last)| *last >= value).is_some() {}
        self.candidates.push_back((self.at, value));
        self.at += 1;
        while self.candidates.pop_front_if(|(at, _)| *at + self.window < self.at).is_some() {}
        self.candidates.front().map_or(value, |(_, least)| *least)
    }
}

impl SlidingMin {
    /// Pushes 1 so many times, where no value is larger.
    fn skip(&mut self, count: usize) {
        self.at += count;
        self.candidates.clear();
        self.candidates.push_back((self.at - 1, 1.0));
    }
}

/// The mean of the last so many values, exactly zero when all of them are.
struct Average {
    values: Vec<f64>,
    /// Which is the oldest.
    oldest: usize,
    sum: f64,
    /// What each value counts.
    share: f64,
    nonzero: usize,
}

impl Average {
    fn new(length: usize) -> Average {
        let length = length.max(1);
        Average { values: vec![0.0; length], oldest: 0, sum: 0.0, share: 1.0 / length as f64, nonzero: 0 }
    }

    fn push(&mut self, value: f64) -> f64 {
        let old = std::mem::replace(&mut self.values[self.oldest], value);
        self.oldest = if self.oldest + 1 == self.values.len() { 0 } else { self.oldest + 1 };
        self.nonzero = self.nonzero + usize::from(value != 0.0) - usize::from(old != 0.0);
        self.sum = if self.nonzero == 0 { 0.0 } else { self.sum + value - old };
        self.sum * self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    #[test]
    fn what_passes_while_it_rests_has_the_gains_it_would_have_if_each_frame_were_asked_for() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for width in [1, 2] {
            let loud = |i: usize| if i / 3000 % 4 == 1 || i.is_multiple_of(9001) { 1.4 } else { 0.3 };
            let samples: Vec<f32> =
                (0..60_000).map(|i| loud(i) * (rng.next_u32() as f32 / u32::MAX as f32 * 2.0 - 1.0)).collect();
            let run = |asks: bool| {
                let mut curve = Curve::new(48_000, width, -1.0);
                let mut out = Vec::new();
                for part in samples.chunks(1222) {
                    if asks {
                        curve.owed += part.len() / usize::from(width);
                        curve.find(part);
                        std::mem::take(&mut curve.peaks).into_iter().for_each(|peak| curve.frame(peak, &mut out));
                    } else {
                        curve.hear(part, &mut out);
                    }
                }
                curve.finish(&mut out);
                let gains: Vec<f64> = out.iter().flat_map(|run| std::iter::repeat_n(run.gain, run.frames)).collect();
                (gains, curve.reduction_db())
            };
            let (quick, slow) = (run(false), run(true));
            assert_eq!(quick.0.len(), samples.len() / usize::from(width));
            assert!(quick == slow && quick.1 < -1.0, "{width}");
        }
    }
}
