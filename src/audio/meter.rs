//! In: the samples of a track, part by part. Out: its integrated loudness and its true peak by EBU R 128. Changes
//! nothing.

use ebur128::{EbuR128, Mode};

/// Listens to a mono signal.
pub struct Meter(Option<EbuR128>);

/// What a meter has heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Integrated loudness in LUFS; `None` for silence.
    pub lufs: Option<f64>,
    /// True peak in dBTP; `None` for silence.
    pub true_peak_db: Option<f64>,
}

impl Meter {
    /// For a signal of `rate` Hz; rates the standard does not cover are not measured.
    pub fn new(rate: u32) -> Meter {
        Meter(EbuR128::new(1, rate, Mode::I | Mode::TRUE_PEAK | Mode::HISTOGRAM).ok())
    }

    /// Hears the next samples.
    pub fn hear(&mut self, samples: &[f32]) {
        if self.0.as_mut().is_some_and(|meter| meter.add_frames_f32(samples).is_err()) {
            self.0 = None;
        }
    }

    /// The level of all that was heard.
    pub fn level(&self) -> Level {
        let lufs = self.0.as_ref().and_then(|m| m.loudness_global().ok()).filter(|l| l.is_finite());
        let peak = self.0.as_ref().and_then(|m| m.true_peak(0).ok()).filter(|p| *p > 0.0);
        Level { lufs, true_peak_db: peak.map(|p| 20.0 * p.log10()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_of_known_level() {
        let mut meter = Meter::new(48_000);
        let tone: Vec<f32> = (0..48_000 * 4).map(|i| 0.1 * (i as f32 * 997.0 / 48_000.0 * 6.283_185_5).sin()).collect();
        meter.hear(&tone);
        let level = meter.level();
        // BS.1770: a 997 Hz sine of 0 dBFS in one channel is -3.01 LKFS, so one at -20 dBFS is -23.01.
        assert!((level.lufs.unwrap_or(0.0) + 23.01).abs() < 0.1, "{level:?}");
        assert!((level.true_peak_db.unwrap_or(0.0) + 20.0).abs() < 0.1, "{level:?}");
    }

    #[test]
    fn silence_has_no_level() {
        let mut meter = Meter::new(48_000);
        meter.hear(&[0.0; 96_000]);
        assert_eq!(meter.level(), Level { lufs: None, true_peak_db: None });
    }
}
