//! In: the speech of a track, laid aside; what lies under it; how loud it is to be. Out: the track, part by part, through one
//! gain and a limiter, and how loud it came out. Knows no file.

use super::crest::Crest;
use super::mix::Mix;
use super::spool::Spool;
use super::{Background, CEILING_DB, linear};
use crate::audio::limiter::Limiter;
use crate::audio::meter::{Level, Meter};
use crate::error::Result;
use crate::notes::Note;
use crate::progress::Observer;
use crate::wav::Layout;

/// How often the gain is measured again at most.
const ROUNDS: usize = 5;

/// How near the loudness has to come to the one that was asked for, in LU.
const NEAR: f64 = 0.05;

/// From so near, in LU, the gain for the loudness that was asked for is known well enough for it not to be measured.
const SURE: f64 = 0.25;

/// From so far away on it is told.
const FAR: f64 = 0.5;

/// The most a track is raised, in decibels: what is quieter than that is no speech.
const MOST_GAIN: f64 = 60.0;

/// The most that is added to the gain for what the limiter is foretold to take, in decibels.
const MOST_LOSS: f64 = 6.0;

/// Where the whole track goes through gain and limiter, as often as it is needed.
pub(super) struct Mastering<'a> {
    pub(super) layout: Layout,
    pub(super) frames: u64,
    /// Integrated loudness in LUFS, where one is asked for.
    pub(super) loudness: Option<f64>,
    pub(super) background: Option<&'a Background>,
    pub(super) spool: &'a mut Spool,
    /// The loudness of the speech by itself, in one channel.
    pub(super) speech: Option<f64>,
    pub(super) crest: Crest,
    pub(super) observer: &'a dyn Observer,
}

/// A track that went through gain and limiter.
#[derive(Clone, Copy)]
pub(super) struct Mastered {
    /// The gain in decibels.
    pub(super) gain: f64,
    /// The most the limiter took away, in decibels.
    pub(super) limited: f64,
    pub(super) level: Level,
}

/// What takes the parts of a track: samples, interleaved in so many channels.
pub(super) type Take<'a> = dyn FnMut(&[f32], u16) -> Result<()> + Send + 'a;

impl Mastering<'_> {
    /// The gain in decibels with which speech is expected to have the loudness that was asked for.
    fn expected(&self) -> Option<f64> {
        let (target, spoken) = self.loudness.zip(self.speech)?;
        let copied = Level { lufs: Some(spoken), true_peak_db: None }.copied(self.layout.channels).lufs;
        Some(capped(self.crest.gain(target - copied.unwrap_or(spoken), CEILING_DB, MOST_LOSS)))
    }

    /// The expected gain, where it is likely to be right to a twentieth of a decibel, so that the track may be written with it.
    pub(super) fn foretold(&self) -> Option<f64> {
        self.expected().filter(|gain| self.background.is_none() && self.crest.is_even(*gain, CEILING_DB))
    }

    /// A loudness that is too far from the one that was asked for.
    pub(super) fn missed(&self, found: Option<f64>) -> Option<f64> {
        self.loudness.zip(found).filter(|(target, found)| (target - found).abs() > NEAR).map(|(_, found)| found)
    }

    /// The gain in decibels that gives the track the loudness that was asked for. `tried` is the loudness that the gain
    /// expected first has given, where that is known.
    pub(super) fn gain(&mut self, mut tried: Option<f64>) -> Result<f64> {
        let Some((target, mut gain)) = self.loudness.zip(self.expected()) else { return Ok(0.0) };
        let mut before: Option<(f64, f64)> = None;
        for _ in 0..ROUNDS {
            let found = if tried.is_some() { tried.take() } else { self.loudness(gain)? };
            let Some(found) = self.missed(found) else { break };
            let earlier = before.replace((gain, found));
            // The more the limiter takes, the less a louder gain gives: as much as it gave the last time.
            let slope = earlier.map_or_else(
                || self.crest.slope(gain, CEILING_DB),
                |(gain_then, then)| ((found - then) / (gain - gain_then)).clamp(0.25, 1.0),
            );
            let next = capped(gain + (target - found) / slope);
            let near = if earlier.is_some() || self.crest.is_even(gain, CEILING_DB) { SURE } else { NEAR };
            let sure = next == gain || (target - found).abs() < near;
            gain = next;
            if sure {
                break;
            }
        }
        Ok(gain)
    }

    /// Hands the whole track on with this gain, in decibels.
    pub(super) fn write(&mut self, gain: f64, take: &mut Take<'_>) -> Result<Mastered> {
        let Layout { sample_rate, channels, .. } = self.layout;
        let mut meter = None;
        let limited = self.run(gain, |samples, width| {
            let make = || (Meter::of_channels(sample_rate, width), channels / width);
            meter.get_or_insert_with(make).0.hear(samples);
            take(samples, width)
        })?;
        let silence = Level { lufs: None, true_peak_db: None };
        let level = meter.map_or(silence, |(meter, copies)| meter.level().copied(copies));
        Ok(Mastered { gain, limited, level })
    }

    /// How loud the track comes out with this gain, in LUFS; `None` for silence.
    fn loudness(&mut self, gain: f64) -> Result<Option<f64>> {
        let Layout { sample_rate, channels, .. } = self.layout;
        let mut meter = None;
        self.run(gain, |samples, width| {
            let make = || (Meter::of_loudness(sample_rate, width), channels / width);
            meter.get_or_insert_with(make).0.hear(samples);
            Ok(())
        })?;
        Ok(meter.and_then(|(meter, copies)| meter.level().copied(copies).lufs))
    }

    /// Sends the whole track through this gain and the limiter to `take`, part by part, with the number of channels; while
    /// one part is taken, the next is made. Returns the most the limiter took away, in decibels.
    fn run(&mut self, gain: f64, mut take: impl FnMut(&[f32], u16) -> Result<()> + Send) -> Result<f64> {
        let Layout { sample_rate, channels, .. } = self.layout;
        let form = (sample_rate, channels, self.frames);
        let mut mix = Mix::open(self.spool, self.background, form, self.speech)?;
        let width = mix.width;
        let mut limiter = Limiter::new(sample_rate, width, CEILING_DB);
        let factor = linear(gain);
        let mut part = Vec::new();
        let mut next = |ready: &mut Vec<f32>| {
            ready.clear();
            let more = mix.part(&mut part)?;
            if !more {
                limiter.finish(ready);
                return Ok(false);
            }
            if gain != 0.0 {
                part.iter_mut().for_each(|sample| *sample = (f64::from(*sample) * factor) as f32);
            }
            limiter.process(&part, ready);
            Ok(true)
        };
        let (mut ready, mut coming) = (Vec::new(), Vec::new());
        let mut more = next(&mut ready)?;
        while more {
            self.observer.keep_going()?;
            let (made, taken) = rayon::join(|| next(&mut coming), || take(&ready, width));
            taken?;
            more = made?;
            std::mem::swap(&mut ready, &mut coming);
        }
        take(&ready, width)?;
        Ok(0.0 - limiter.reduction_db())
    }
}

fn capped(gain: f64) -> f64 {
    gain.clamp(-MOST_GAIN, MOST_GAIN)
}

pub(super) fn missed_loudness(target: Option<f64>, level: Level) -> Option<Note> {
    let (target, found) = target.zip(level.lufs)?;
    let message = format!(
        "the track is at {found:.1} LUFS, not at {target:.1}: louder is not possible below the ceiling of \
         {CEILING_DB} dBTP; use a lower --loudness"
    );
    (found < target - FAR).then(|| Note::warning(None, "loudness", message))
}
