//! In: the samples of a track, part by part. Out: its integrated loudness and its true peak by EBU R 128. Changes
//! nothing.

use ebur128::{EbuR128, Mode};

/// Listens to a signal of one or more channels.
pub struct Meter {
    inner: Option<EbuR128>,
    channels: u32,
}

/// What a meter has heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Integrated loudness in LUFS; `None` for silence.
    pub lufs: Option<f64>,
    /// True peak in dBTP; `None` for silence, and where it was not asked for.
    pub true_peak_db: Option<f64>,
}

impl Level {
    /// The level of the same mono signal in `copies` channels: each channel adds its power (ITU-R BS.1770).
    pub fn copied(self, copies: u16) -> Level {
        let more = 10.0 * f64::from(copies.max(1)).log10();
        Level { lufs: self.lufs.map(|lufs| lufs + more), ..self }
    }
}

impl Meter {
    /// For a mono signal of `rate` Hz; rates the standard does not cover are not measured.
    pub fn new(rate: u32) -> Meter {
        Meter::with(rate, 1, Mode::I | Mode::TRUE_PEAK)
    }

    /// For an interleaved signal of so many channels: left, right, and others as the standard has them.
    pub fn of_channels(rate: u32, channels: u16) -> Meter {
        Meter::with(rate, channels, Mode::I | Mode::TRUE_PEAK)
    }

    /// The same, for the loudness alone, which is cheaper.
    pub fn of_loudness(rate: u32, channels: u16) -> Meter {
        Meter::with(rate, channels, Mode::I)
    }

    fn with(rate: u32, channels: u16, mode: Mode) -> Meter {
        let channels = u32::from(channels.max(1));
        Meter { inner: EbuR128::new(channels, rate, mode | Mode::HISTOGRAM).ok(), channels }
    }

    /// Hears the next samples, interleaved, of whole frames.
    pub fn hear(&mut self, samples: &[f32]) {
        if self.inner.as_mut().is_some_and(|meter| meter.add_frames_f32(samples).is_err()) {
            self.inner = None;
        }
    }

    /// The level of all that was heard.
    pub fn level(&self) -> Level {
        let lufs = self.inner.as_ref().and_then(|m| m.loudness_global().ok()).filter(|l| l.is_finite());
        let peaks = (0..self.channels).filter_map(|c| self.inner.as_ref()?.true_peak(c).ok());
        let peak = peaks.fold(0.0, f64::max);
        Level { lufs, true_peak_db: (peak > 0.0).then(|| 20.0 * peak.log10()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(level: f32) -> Vec<f32> {
        (0..48_000 * 4).map(|i| level * (i as f32 * 997.0 / 48_000.0 * 6.283_185_5).sin()).collect()
    }

    #[test]
    fn a_tone_of_known_level() {
        let mut meter = Meter::new(48_000);
        meter.hear(&tone(0.1));
        let level = meter.level();
        // BS.1770: a 997 Hz sine of 0 dBFS in one channel is -3.01 LKFS, so one at -20 dBFS is -23.01.
        assert!((level.lufs.unwrap_or(0.0) + 23.01).abs() < 0.1, "{level:?}");
        assert!((level.true_peak_db.unwrap_or(0.0) + 20.0).abs() < 0.1, "{level:?}");
    }

    #[test]
    fn two_channels_with_the_same_sound_are_what_a_copy_is_said_to_be() {
        let mut stereo = Meter::of_channels(48_000, 2);
        let mut mono = Meter::of_loudness(48_000, 1);
        let tone = tone(0.1);
        mono.hear(&tone);
        stereo.hear(&tone.iter().flat_map(|s| [*s, *s]).collect::<Vec<_>>());
        let (one, two) = (mono.level().copied(2).lufs.unwrap_or(0.0), stereo.level().lufs.unwrap_or(0.0));
        assert!((one - two).abs() < 0.05 && (two + 20.0).abs() < 0.1, "{one} {two}");
        assert_eq!(mono.level().true_peak_db, None);
        assert_eq!(mono.level().copied(1), mono.level());
    }

    #[test]
    fn silence_has_no_level() {
        let mut meter = Meter::new(48_000);
        meter.hear(&[0.0; 96_000]);
        assert_eq!(meter.level(), Level { lufs: None, true_peak_db: None });
    }
}
