//! In: seconds, milliseconds, sample counts, voice frames. Out: one exact unit of time, [`Ticks`], and the only
//! conversions between them. Knows no clock, no audio and no text.
//!
//! One tick is 1/705,600,000 s, the unit known as a *flick* (Facebook/Oculus, 2018): the shortest unit of time
//! that holds a sample of every common rate (8, 16, 22.05, 24, 44.1, 48, 96, 192 kHz) a whole number of times, so
//! voice frames, track samples and milliseconds add up without rounding.

use std::fmt;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// Ticks per second.
pub const TICKS_PER_SECOND: i64 = 705_600_000;

/// A point or a length of time on the track's own clock, in ticks of 1/705,600,000 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Ticks(pub i64);

impl Ticks {
    /// No time at all; also the beginning of the track.
    pub const ZERO: Ticks = Ticks(0);

    /// `ms` milliseconds, exactly.
    pub const fn from_millis(ms: i64) -> Ticks {
        Ticks(ms * (TICKS_PER_SECOND / 1000))
    }

    /// `seconds`, rounded to the nearest tick. Values that are not finite or do not fit saturate (NaN gives zero).
    pub fn from_secs(seconds: f64) -> Ticks {
        Ticks((seconds * TICKS_PER_SECOND as f64).round() as i64)
    }

    /// In seconds, for people and reports.
    pub fn secs(self) -> f64 {
        self.0 as f64 / TICKS_PER_SECOND as f64
    }

    /// The length of `samples` samples at `rate` Hz, rounded to the nearest tick (exact at common rates).
    pub fn from_samples(samples: u64, rate: u32) -> Ticks {
        let rate = i128::from(rate.max(1));
        Ticks(((i128::from(samples) * i128::from(TICKS_PER_SECOND) + rate / 2) / rate) as i64)
    }

    /// The sample at `rate` Hz nearest to this time; times before the track's beginning give 0.
    pub fn to_samples(self, rate: u32) -> u64 {
        let ticks = i128::from(self.0.max(0)) * i128::from(rate);
        let per_second = i128::from(TICKS_PER_SECOND);
        ((ticks + per_second / 2) / per_second) as u64
    }
}

/// A time that there may be none of, in eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MaybeTicks(i64);

impl MaybeTicks {
    /// What stands for none: no clock shows it.
    const NONE: MaybeTicks = MaybeTicks(i64::MIN);

    /// The time, if there is one.
    pub(crate) fn get(self) -> Option<Ticks> {
        (self != MaybeTicks::NONE).then_some(Ticks(self.0))
    }
}

impl Default for MaybeTicks {
    fn default() -> MaybeTicks {
        MaybeTicks::NONE
    }
}

impl From<Option<Ticks>> for MaybeTicks {
    fn from(time: Option<Ticks>) -> MaybeTicks {
        time.map_or(MaybeTicks::NONE, |time| MaybeTicks(time.0))
    }
}

impl fmt::Display for Ticks {
    /// `M:SS.mmm`, or `H:MM:SS.mmm` from an hour on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_ms = TICKS_PER_SECOND / 1000;
        let sign = if self.0 < 0 { "-" } else { "" };
        let ms = (self.0.abs() + per_ms / 2) / per_ms;
        let (h, m, s, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
        match h {
            0 => write!(f, "{sign}{m}:{s:02}.{ms:03}"),
            _ => write!(f, "{sign}{h}:{m:02}:{s:02}.{ms:03}"),
        }
    }
}

impl Add for Ticks {
    type Output = Ticks;
    fn add(self, other: Ticks) -> Ticks {
        Ticks(self.0 + other.0)
    }
}

impl Sub for Ticks {
    type Output = Ticks;
    fn sub(self, other: Ticks) -> Ticks {
        Ticks(self.0 - other.0)
    }
}

impl Neg for Ticks {
    type Output = Ticks;
    fn neg(self) -> Ticks {
        Ticks(-self.0)
    }
}

impl Mul<i64> for Ticks {
    type Output = Ticks;
    fn mul(self, times: i64) -> Ticks {
        Ticks(self.0 * times)
    }
}

impl AddAssign for Ticks {
    fn add_assign(&mut self, other: Ticks) {
        self.0 += other.0;
    }
}

impl SubAssign for Ticks {
    fn sub_assign(&mut self, other: Ticks) {
        self.0 -= other.0;
    }
}

/// The grain of a voice: it speaks whole frames of `hop` samples at `rate` Hz, never part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameClock {
    /// Samples in a frame.
    pub hop: u32,
    /// Samples per second of the voice's own output.
    pub rate: u32,
}

impl FrameClock {
    /// The length of `frames` frames (exact at common rates).
    pub fn ticks(self, frames: u64) -> Ticks {
        Ticks::from_samples(frames * u64::from(self.hop), self.rate)
    }

    /// A quarter of a frame, or a whole one where that is no whole number of ticks.
    pub fn quarter(self) -> Ticks {
        let frame = self.ticks(1);
        if frame.0 % 4 == 0 { Ticks(frame.0 / 4) } else { frame }
    }

    /// How many whole frames fit into `time`; none into a negative one.
    pub fn frames_in(self, time: Ticks) -> u64 {
        let one = i128::from(self.hop.max(1)) * i128::from(TICKS_PER_SECOND);
        (i128::from(time.0.max(0)) * i128::from(self.rate) / one) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_rates_are_exact() {
        for rate in [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000] {
            assert_eq!(TICKS_PER_SECOND % i64::from(rate), 0, "{rate}");
            for samples in [0, 1, 255, 1_000_003] {
                assert_eq!(Ticks::from_samples(samples, rate).to_samples(rate), samples);
            }
        }
    }

    #[test]
    fn frames_of_a_piper_voice_and_of_kokoro() {
        let piper = FrameClock { hop: 256, rate: 22_050 };
        assert_eq!(piper.ticks(1), Ticks(8_192_000));
        assert_eq!(piper.frames_in(piper.ticks(728)), 728);
        assert_eq!(piper.frames_in(piper.ticks(728) - Ticks(1)), 727);
        assert_eq!(piper.frames_in(Ticks(-5)), 0);
        let kokoro = FrameClock { hop: 600, rate: 24_000 };
        assert_eq!(kokoro.ticks(40), Ticks::from_millis(1000));
    }

    #[test]
    fn times_read_as_people_write_them() {
        let rows = [(17_000, "0:17.000"), (-250, "-0:00.250"), (3_723_004, "1:02:03.004"), (59_999, "0:59.999")];
        for (ms, text) in rows {
            assert_eq!(Ticks::from_millis(ms).to_string(), text);
        }
    }

    #[test]
    fn seconds_that_are_no_numbers_do_no_harm() {
        assert_eq!(Ticks::from_secs(f64::NAN), Ticks::ZERO);
        assert_eq!(Ticks::from_secs(f64::INFINITY), Ticks(i64::MAX));
        assert_eq!(Ticks::from_secs(0.25), Ticks::from_millis(250));
    }
}
