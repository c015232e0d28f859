//! In: the samples of a track, part by part. Out: the lowest and the highest sample of each of some thousand stretches, to
//! draw a waveform from. Knows no file and no screen.

/// The most stretches, which is more than any screen is wide, so that one can look closer.
const MOST: u64 = 60_000;

/// The shortest stretch, as a part of a second.
const FINEST: u64 = 100;

/// The outline of a sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Peaks {
    /// Samples of a stretch.
    stretch: u64,
    /// Lowest and highest of each stretch, full scale -1 to 1.
    found: Vec<(f32, f32)>,
    /// Samples of the last stretch that were heard.
    heard: u64,
}

impl Peaks {
    /// For a sound of `frames` samples at `rate` Hz.
    pub fn new(frames: u64, rate: u32) -> Peaks {
        let stretch = frames.div_ceil(MOST).max(u64::from(rate) / FINEST).max(1);
        Peaks { stretch, found: Vec::new(), heard: 0 }
    }

    /// Takes the next samples, of one channel.
    pub fn hear(&mut self, samples: &[f32]) {
        for &sample in samples {
            if self.heard == 0 {
                self.found.push((sample, sample));
            } else if let Some((low, high)) = self.found.last_mut() {
                (*low, *high) = (low.min(sample), high.max(sample));
            }
            self.heard = (self.heard + 1) % self.stretch;
        }
    }

    /// Samples of a stretch.
    pub fn stretch(&self) -> u64 {
        self.stretch
    }

    /// The loudest sample, full scale 1.
    pub fn loudest(&self) -> f32 {
        self.found.iter().fold(0.0, |most, (low, high)| most.max(-low).max(*high))
    }

    /// Lowest and highest in turn, each as a byte: 128 is silence, 1 and 255 are full scale.
    pub fn bytes(&self) -> Vec<u8> {
        let byte = |sample: f32| (128.0 + (sample.clamp(-1.0, 1.0) * 127.0).round()) as u8;
        self.found.iter().flat_map(|(low, high)| [byte(*low), byte(*high)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stretch_has_its_lowest_and_its_highest_sample() {
        let mut peaks = Peaks::new(1000, 400);
        assert_eq!(peaks.stretch(), 4);
        // In parts that do not fall together with the stretches.
        peaks.hear(&[0.0, 0.5, -0.25]);
        peaks.hear(&[0.0, 1.0]);
        peaks.hear(&[2.0, -1.0, 0.0, 0.0]);
        assert_eq!(peaks.bytes(), [96, 192, 1, 255, 128, 128]);
        assert_eq!(peaks.loudest(), 2.0);
    }

    #[test]
    fn a_track_of_two_days_has_no_more_stretches_than_one_of_minutes() {
        let frames = 48 * 3600 * 48_000;
        let peaks = Peaks::new(frames, 48_000);
        assert!(frames / peaks.stretch() <= 60_000 && peaks.stretch() > 480);
        assert_eq!(Peaks::new(0, 0).stretch(), 1);
    }
}
