//! In: clips. Out: about how much of their loudness a limiter will take at some gain, before any is run. Knows no track.
//!
//! A limiter lowers what is near a peak as much as the peak. So clips are cut into windows as long as its look-ahead, and
//! the energy of each is kept by the largest peak of it, of the next, and of those before, whose peaks fade as the gain comes
//! back. That is a table of one length, however long the clips are.

/// Windows in a second.
const WINDOWS: u32 = 100;
/// What is left of a peak after a window, as the gain comes back.
const FADE: f32 = 0.88;
/// Steps in a decibel.
const STEPS: f64 = 4.0;
/// Peaks are kept apart from so many decibels below full scale to so many above.
const RANGE: [f64; 2] = [-80.0, 20.0];
/// By how much less a decibel of gain may give a decibel later.
const EVEN: f64 = 0.15;
const BINS: usize = ((RANGE[1] - RANGE[0]) * STEPS) as usize;

/// The energy of speech by the height of its peaks.
pub(super) struct Crest {
    /// Samples of a window.
    window: usize,
    /// Samples, peak and energy of the window at hand.
    count: usize,
    peak: f32,
    energy: f32,
    /// Peak and energy of the window before it.
    last: (f32, f32),
    faded: f32,
    energies: Vec<f64>,
}

impl Crest {
    /// For clips of `rate` Hz.
    pub(super) fn new(rate: u32) -> Crest {
        let window = (rate / WINDOWS).max(1) as usize;
        Crest { window, count: 0, peak: 0.0, energy: 0.0, last: (0.0, 0.0), faded: 0.0, energies: vec![0.0; BINS] }
    }

    /// Hears the next part of the speech, which goes on until [`Crest::pause`].
    pub(super) fn hear(&mut self, part: &[f32]) {
        let mut rest = part;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.window - self.count));
            self.count += now.len();
            self.peak = now.iter().fold(self.peak, |most, sample| most.max(sample.abs()));
            self.energy += now.iter().map(|sample| sample * sample).sum::<f32>();
            rest = later;
            if self.count == self.window {
                self.turn();
            }
        }
    }

    /// What comes next is another moment: nothing of what was heard so far reaches it.
    pub(super) fn pause(&mut self) {
        self.turn();
        self.turn();
        self.faded = 0.0;
    }

    fn turn(&mut self) {
        let (peak, energy) = self.last;
        self.faded = peak.max(self.peak).max(self.faded * FADE);
        let step = (20.0 * f64::from(self.faded).log10() - RANGE[0]) * STEPS;
        self.energies[(step.max(0.0) as usize).min(BINS - 1)] += f64::from(energy);
        self.last = (self.peak, self.energy);
        (self.count, self.peak, self.energy) = (0, 0.0, 0.0);
    }

    /// How many decibels of loudness are lost where the clips get `gain` and no peak may be above `ceiling`, all in decibels.
    pub(super) fn loss(&self, gain: f64, ceiling: f64) -> f64 {
        let (mut all, mut left) = (0.0, 0.0);
        for (bin, energy) in self.energies.iter().enumerate() {
            let over = RANGE[0] + (bin as f64 + 0.5) / STEPS + gain - ceiling;
            all += energy;
            left += energy * 10f64.powf(-over.max(0.0) / 10.0);
        }
        if left > 0.0 { 10.0 * (all / left).log10() } else { 0.0 }
    }

    /// How much louder the clips become for each decibel of gain around this one, in decibels; more than 0.
    pub(super) fn slope(&self, gain: f64, ceiling: f64) -> f64 {
        (1.0 + self.loss(gain - 0.5, ceiling) - self.loss(gain + 0.5, ceiling)).max(0.25)
    }

    /// Whether that changes little around this gain, as with speech: then it is right nearby too.
    pub(super) fn is_even(&self, gain: f64, ceiling: f64) -> bool {
        (self.slope(gain - 0.5, ceiling) - self.slope(gain + 0.5, ceiling)).abs() < EVEN
    }

    /// The gain with which clips that are to become louder by `more` do so after the limiter; `most` above that, where it
    /// takes more.
    pub(super) fn gain(&self, more: f64, ceiling: f64, most: f64) -> f64 {
        let (mut low, mut high) = (more, more + most);
        for _ in 0..30 {
            let middle = (low + high) / 2.0;
            if middle - self.loss(middle, ceiling) < more {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::limiter::Limiter;

    /// Bursts of noise, some of them louder, with a few sharp peaks.
    fn clips() -> Vec<Vec<f32>> {
        let mut state = 7u64;
        let mut noise = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        };
        let level = |clip: usize, i: usize| if i % 9600 < 400 { 0.9 } else { 0.1 + 0.05 * (clip % 4) as f32 };
        // As in speech, little of it is so high that peaks lie far above the samples.
        let mut smooth = [0.0f32; 2];
        let mut low = move || {
            smooth[0] += 0.3 * (noise() - smooth[0]);
            smooth[1] += 0.3 * (smooth[0] - smooth[1]);
            3.0 * smooth[1]
        };
        (0..8).map(|clip| (0..30_000).map(|i| low() * level(clip, i)).collect()).collect()
    }

    fn hear(crest: &mut Crest) {
        for clip in clips() {
            crest.hear(&clip);
            crest.pause();
        }
    }

    #[test]
    fn what_a_limiter_takes_is_foretold() {
        let mut crest = Crest::new(48_000);
        hear(&mut crest);
        let energy = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
        for gain in [-6.0, 0.0, 3.0, 6.0, 9.0, 12.0] {
            let (mut before, mut after) = (0.0, 0.0);
            for clip in clips() {
                let louder: Vec<f32> = clip.iter().map(|x| x * 10f32.powf(gain as f32 / 20.0)).collect();
                let (mut limiter, mut out) = (Limiter::new(48_000, 1, -1.0), Vec::new());
                limiter.process(&louder, &mut out);
                limiter.finish(&mut out);
                (before, after) = (before + energy(&louder), after + energy(&out));
            }
            let taken = 10.0 * f64::log10(before / after);
            let foretold = crest.loss(gain, -1.0);
            assert!((taken - foretold).abs() < 0.1 + 0.2 * taken, "{gain}: {taken} {foretold}");
        }
    }

    #[test]
    fn the_gain_is_the_one_that_gives_as_much() {
        let mut crest = Crest::new(48_000);
        hear(&mut crest);
        for more in [-3.0, 0.0, 2.0] {
            let gain = crest.gain(more, -1.0, 6.0);
            assert!((gain - crest.loss(gain, -1.0) - more).abs() < 0.01, "{more}: {gain}");
        }
        assert_eq!(crest.gain(100.0, -1.0, 6.0), 106.0);
        assert!((Crest::new(48_000).gain(5.0, -1.0, 6.0) - 5.0).abs() < 1e-6);
    }
}
