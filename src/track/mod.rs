//! In: clips and where each begins; what may lie under them; how loud and how long the track is to be. Out: the track,
//! written, its level measured. Changes the length of no clip.
//!
//! The clips are first laid aside ([`Track::put`]) while their loudness is measured. Then one gain is decided for the whole
//! track, the sum of speech and background goes through it and through a limiter of true peaks, and is written. Where the
//! limiter takes something away, the gain is measured again, so that the loudness is the one that was asked for.

mod crest;
mod mix;
mod spool;
pub mod stems;

use crate::audio::duck::Duck;
use crate::audio::fade::fade_out;
use crate::audio::limiter::Limiter;
use crate::audio::meter::{Level, Meter};
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use crate::progress::{Event, Observer};
use crate::wav::labels::Labels;
use crate::wav::{Layout, SoundFile};
use crest::Crest;
use mix::Mix;
use spool::Spool;
use std::ops::Range;
use std::path::{Path, PathBuf};
use stems::Stem;

/// No true peak of a track is above this, in dBTP (EBU R 128).
pub const CEILING_DB: f64 = -1.0;

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

/// Samples of silence measured at once.
const QUIET: usize = 1 << 14;

/// The part of a second in which a clip that is cut off fades.
const CUT_FADE: u32 = 100;

/// A track in the making: its clips, laid aside.
pub struct Track<'a> {
    master: Master<'a>,
    file: SoundFile,
    spool: Spool,
    meter: Meter,
    crest: Crest,
    /// The first sample that is not measured yet.
    at: u64,
}

/// What a track is to become.
pub struct Master<'a> {
    /// The file; its name says what kind it is.
    pub target: &'a Path,
    /// How samples are stored.
    pub layout: Layout,
    /// How long it is, in samples of one channel, whatever comes.
    pub frames: u64,
    /// Integrated loudness in LUFS; as the voices speak where it is `None`.
    pub loudness: Option<f64>,
    /// What lies under the speech.
    pub background: Option<Background>,
    /// What is written beside the samples.
    pub labels: Labels,
    /// A folder, and what goes into it line by line.
    pub stems: Option<(&'a Path, Vec<Stem>)>,
}

/// Sound that lies under the speech.
#[derive(Clone, Debug)]
pub struct Background {
    /// The media file.
    pub path: PathBuf,
    /// Its own loudness in LUFS; `None` for silence.
    pub lufs: Option<f64>,
    /// How long it is, in samples of the track.
    pub frames: u64,
    /// How it makes room.
    pub duck: Duck,
    /// Where somebody speaks, in samples of the track.
    pub speech: Vec<Range<u64>>,
}

/// What became of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Its length in samples of one channel.
    pub frames: u64,
    /// Its loudness and peak, as it was written.
    pub level: Level,
    /// The one gain it was given, in decibels.
    pub gain_db: f64,
    /// The most the limiter took away, in decibels; 0 where nothing came near the ceiling.
    pub limited_db: f64,
    /// Samples that lay beyond full scale and were cut off.
    pub clipped: u64,
    /// What was odd.
    pub notes: Vec<Note>,
}

impl<'a> Track<'a> {
    /// Begins a track.
    ///
    /// # Errors
    /// As [`SoundFile::create`] and [`stems::check_folder`].
    pub fn create(master: Master<'a>) -> Result<Track<'a>> {
        let Master { target, layout, frames, .. } = master;
        if let Some((folder, _)) = &master.stems {
            stems::check_folder(folder)?;
        }
        let file = SoundFile::create(target, layout, master.labels.clone(), frames)?;
        let (spool, meter) = (Spool::create(target)?, Meter::of_loudness(layout.sample_rate, 1));
        let crest = Crest::new(layout.sample_rate);
        Ok(Track { master, file, spool, meter, crest, at: 0 })
    }

    /// Puts a clip at sample `start`. Clips come in order and do not overlap. What lies beyond the end of the track is
    /// left out, with a short fade before the cut.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when it cannot be laid aside, and when it would begin before the end of the last
    /// one, which a plan never asks for.
    pub fn put(&mut self, start: u64, mut clip: Vec<f32>) -> Result<()> {
        if start < self.at {
            let message = format!("a clip was planned for sample {start}, where another ends at {}", self.at);
            return Err(Error::new(Kind::Output, message));
        }
        let room = self.master.frames.saturating_sub(start);
        if (clip.len() as u64) > room {
            clip.truncate(room as usize);
            fade_out(&mut clip, (self.master.layout.sample_rate / CUT_FADE) as usize);
        }
        self.silence_until(start.min(self.master.frames));
        if !clip.is_empty() {
            self.meter.hear(&clip);
            self.crest.hear(&clip);
            self.spool.add(start, &clip)?;
            self.at += clip.len() as u64;
        }
        Ok(())
    }

    /// Completes the track: levelled, mixed, limited and written.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when it cannot be written, of kind [`Input`](Kind::Input) when the background can
    /// no longer be read, and when somebody asks to stop.
    pub fn finish(mut self, observer: &dyn Observer) -> Result<Finished> {
        self.silence_until(self.master.frames);
        let Track { master, mut file, mut spool, meter, crest, .. } = self;
        let Layout { sample_rate, channels, .. } = master.layout;
        observer.event(Event::Mixing { seconds: master.frames as f64 / f64::from(sample_rate.max(1)) });
        let speech = meter.level().lufs;
        let mut desk = Desk { master: &master, spool: &mut spool, speech, crest, observer };
        let gain = desk.gain()?;
        let mut meter = None;
        let limited = desk.run(gain, |samples, width| {
            let make = || (Meter::of_channels(sample_rate, width), channels / width);
            meter.get_or_insert_with(make).0.hear(samples);
            file.write(samples, width)
        })?;
        let silence = Level { lufs: None, true_peak_db: None };
        let level = meter.map_or(silence, |(meter, copies)| meter.level().copied(copies));
        let stems = match &master.stems {
            Some((folder, stems)) => {
                let whole = (master.target, master.layout, master.frames);
                Some(stems::write((folder, stems), &mut spool, whole, linear(gain), observer)?)
            }
            None => None,
        };
        observer.keep_going()?;
        let clipped = file.finish(level)?;
        stems.map_or(Ok(()), stems::Folder::finish)?;
        let notes = missed_loudness(master.loudness, level).into_iter().collect();
        Ok(Finished { frames: master.frames, level, gain_db: gain, limited_db: limited, clipped, notes })
    }

    fn silence_until(&mut self, end: u64) {
        let quiet = [0.0; QUIET];
        while self.at < end {
            let count = (end - self.at).min(QUIET as u64);
            self.meter.hear(&quiet[..count as usize]);
            self.at += count;
        }
    }
}

/// Where the whole track goes through gain and limiter, as often as it is needed.
struct Desk<'a> {
    master: &'a Master<'a>,
    spool: &'a mut Spool,
    /// The loudness of the speech by itself, in one channel.
    speech: Option<f64>,
    crest: Crest,
    observer: &'a dyn Observer,
}

impl Desk<'_> {
    /// The gain in decibels that gives the track the loudness that was asked for.
    fn gain(&mut self) -> Result<f64> {
        let Some((target, spoken)) = self.master.loudness.zip(self.speech) else { return Ok(0.0) };
        let channels = self.master.layout.channels;
        let capped = |gain: f64| gain.clamp(-MOST_GAIN, MOST_GAIN);
        let copied = Level { lufs: Some(spoken), true_peak_db: None }.copied(channels).lufs;
        let mut gain = capped(self.crest.gain(target - copied.unwrap_or(spoken), CEILING_DB, MOST_LOSS));
        let mut before: Option<(f64, f64)> = None;
        for _ in 0..ROUNDS {
            let Some(found) = self.loudness(gain)?.filter(|found| (target - found).abs() > NEAR) else { break };
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

    /// How loud the track comes out with this gain, in LUFS; `None` for silence.
    fn loudness(&mut self, gain: f64) -> Result<Option<f64>> {
        let Layout { sample_rate, channels, .. } = self.master.layout;
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
        let Layout { sample_rate, channels, .. } = self.master.layout;
        let form = (sample_rate, channels, self.master.frames);
        let mut mix = Mix::open(self.spool, self.master.background.as_ref(), form, self.speech)?;
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

fn linear(decibels: f64) -> f64 {
    10f64.powf(decibels / 20.0)
}

fn missed_loudness(target: Option<f64>, level: Level) -> Option<Note> {
    let (target, found) = target.zip(level.lufs)?;
    let message = format!(
        "the track is at {found:.1} LUFS, not at {target:.1}: louder is not possible below the ceiling of \
         {CEILING_DB} dBTP; use a lower --loudness"
    );
    (found < target - FAR).then(|| Note::warning(None, "loudness", message))
}

#[cfg(test)]
mod tests;
