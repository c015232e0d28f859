//! In: clips and where each begins; what may lie under them; how loud and how long the track is to be. Out: the track,
//! written, its level measured. Changes the length of no clip.
//!
//! The clips are first laid aside ([`Track::put`]) while the loudness of their sum is measured. Then one gain is decided for
//! the whole track, the sum of speech and background goes through it and through a limiter of true peaks, and is written. What the
//! limiter will take is foretold (`crest`); where the loudness is then not the one that was asked for, the gain is corrected
//! and the track written again.

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
    /// The sum of all clips from there on: what the next clip may still add to.
    sum: Vec<f32>,
    /// Where the last clip begins.
    last: u64,
}

/// What a voice says, and when.
#[derive(Clone, Debug)]
pub struct Clip {
    /// Its first sample in the track.
    pub start: u64,
    /// Whose it is, as a number: clips of one voice do not overlap.
    pub voice: usize,
    /// Its sound.
    pub samples: Vec<f32>,
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
    /// Where somebody speaks, in samples from its beginning.
    pub speech: Vec<Range<u64>>,
    /// The sample of it that the track begins with: 0 but for a part of one.
    pub from: u64,
    /// The sample of it that the whole track ends with.
    pub until: u64,
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
        Ok(Track { master, file, spool, meter, crest, at: 0, sum: Vec::new(), last: 0 })
    }

    /// Puts a clip in its place. Clips come in order of their beginnings; where they overlap, they add up. What lies beyond
    /// the end of the track is left out, with a short fade before the cut.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when it cannot be laid aside, and when it would begin before the last one.
    pub fn put(&mut self, clip: Clip) -> Result<()> {
        let Clip { start, voice, mut samples } = clip;
        if start < self.last {
            let message = format!("a clip for sample {start} comes after one for sample {}", self.last);
            return Err(Error::new(Kind::Output, message));
        }
        self.last = start;
        end_at(&mut samples, self.master.frames.saturating_sub(start), self.master.layout.sample_rate);
        if !samples.is_empty() {
            self.measure_until(start);
            self.spool.add(start, voice, &samples)?;
            let known = self.sum.len();
            self.sum.resize(known.max(samples.len()), 0.0);
            spool::add(&mut self.sum, known, 0, samples.into_iter());
        }
        Ok(())
    }

    /// Completes the track: levelled, mixed, limited and written.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when it cannot be written, of kind [`Input`](Kind::Input) when the background can
    /// no longer be read, and when somebody asks to stop.
    pub fn finish(mut self, observer: &dyn Observer) -> Result<Finished> {
        self.measure_until(self.master.frames);
        let Track { master, mut file, mut spool, meter, crest, .. } = self;
        let sample_rate = master.layout.sample_rate;
        observer.event(Event::Mixing { seconds: master.frames as f64 / f64::from(sample_rate.max(1)) });
        let speech = meter.level().lufs;
        let mut desk = Desk { master: &master, spool: &mut spool, speech, crest, observer };
        let mut made = None;
        if let Some(gain) = desk.foretold() {
            let (limited, level) = desk.write(gain, &mut file)?;
            made = Some((gain, limited, level));
        }
        let tried = made.and_then(|(_, _, level)| desk.missed(level.lufs));
        let (gain, limited, level) = match made {
            Some(made) if tried.is_none() => made,
            before => {
                if before.is_some() {
                    drop(file);
                    file = SoundFile::create(master.target, master.layout, master.labels.clone(), master.frames)?;
                }
                let gain = desk.gain(tried)?;
                let (limited, level) = desk.write(gain, &mut file)?;
                (gain, limited, level)
            }
        };
        let stems = match &master.stems {
            Some((folder, stems)) => {
                let Master { target, layout, frames, .. } = master;
                let begins = master.labels.time_reference;
                let whole = stems::Whole { target, layout, frames, begins, gain: linear(gain) };
                Some(stems::write((folder, stems), &mut spool, &whole, observer)?)
            }
            None => None,
        };
        observer.keep_going()?;
        let clipped = file.finish(level)?;
        stems.map_or(Ok(()), stems::Folder::finish)?;
        let notes = missed_loudness(master.loudness, level).into_iter().collect();
        Ok(Finished { frames: master.frames, level, gain_db: gain, limited_db: limited, clipped, notes })
    }

    /// Measures the sum of the clips, and the silence after them, up to a sample that no later clip begins before.
    fn measure_until(&mut self, end: u64) {
        let sounding = self.sum.len().min(end.saturating_sub(self.at) as usize);
        if sounding > 0 {
            let part = &self.sum[..sounding];
            self.meter.hear(part);
            self.crest.hear(part);
            self.sum.drain(..sounding);
            self.at += sounding as u64;
            if self.sum.is_empty() {
                self.crest.pause();
            }
        }
        let quiet = [0.0; QUIET];
        while self.at < end {
            let count = (end - self.at).min(QUIET as u64);
            self.meter.hear(&quiet[..count as usize]);
            self.at += count;
        }
    }
}

/// Cuts a clip off, with a short fade, where the end of a track leaves it no more than `room` samples.
pub(crate) fn end_at(samples: &mut Vec<f32>, room: u64, rate: u32) {
    if (samples.len() as u64) > room {
        samples.truncate(room as usize);
        fade_out(samples, (rate / CUT_FADE) as usize);
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
    /// The gain in decibels with which speech is expected to have the loudness that was asked for.
    fn expected(&self) -> Option<f64> {
        let (target, spoken) = self.master.loudness.zip(self.speech)?;
        let copied = Level { lufs: Some(spoken), true_peak_db: None }.copied(self.master.layout.channels).lufs;
        Some(capped(self.crest.gain(target - copied.unwrap_or(spoken), CEILING_DB, MOST_LOSS)))
    }

    /// The same, where it is likely to be right to a twentieth of a decibel, so that the track may be written with it.
    fn foretold(&self) -> Option<f64> {
        self.expected().filter(|gain| self.master.background.is_none() && self.crest.is_even(*gain, CEILING_DB))
    }

    /// A loudness that is too far from the one that was asked for.
    fn missed(&self, found: Option<f64>) -> Option<f64> {
        self.master.loudness.zip(found).filter(|(target, found)| (target - found).abs() > NEAR).map(|(_, found)| found)
    }

    /// The gain in decibels that gives the track the loudness that was asked for. `tried` is the loudness that the gain
    /// expected first has given, where that is known.
    fn gain(&mut self, mut tried: Option<f64>) -> Result<f64> {
        let Some((target, mut gain)) = self.master.loudness.zip(self.expected()) else { return Ok(0.0) };
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

    /// Writes the whole track with this gain. Returns the most the limiter took away, in decibels, and the level.
    fn write(&mut self, gain: f64, file: &mut SoundFile) -> Result<(f64, Level)> {
        let Layout { sample_rate, channels, .. } = self.master.layout;
        let mut meter = None;
        let limited = self.run(gain, |samples, width| {
            let make = || (Meter::of_channels(sample_rate, width), channels / width);
            meter.get_or_insert_with(make).0.hear(samples);
            file.write(samples, width)
        })?;
        let silence = Level { lufs: None, true_peak_db: None };
        Ok((limited, meter.map_or(silence, |(meter, copies)| meter.level().copied(copies))))
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

fn capped(gain: f64) -> f64 {
    gain.clamp(-MOST_GAIN, MOST_GAIN)
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
