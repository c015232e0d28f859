//! In: clips and where each begins; what may lie under them; how loud and how long the track is to be. Out: the track,
//! written, its level measured. Changes the length of no clip.
//!
//! The clips are first laid aside ([`Track::put`]) while the loudness of their sum is measured. Then one gain is decided for
//! the whole track, the sum of speech and background goes through it and through a limiter of true peaks, and is written. What the
//! limiter will take is foretold (`crest`); where the loudness is then not the one that was asked for, the gain is corrected
//! and the track written again.

mod crest;
mod mastering;
mod mix;
mod spool;
pub mod stems;

use crate::audio::duck::Duck;
use crate::audio::fade::fade_out;
use crate::audio::meter::{Level, Meter};
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use crate::progress::{Event, Observer};
use crate::wav::labels::Labels;
use crate::wav::{Layout, SoundFile};
use crest::Crest;
use mastering::{Mastered, Mastering, missed_loudness};
use spool::Spool;
use std::ops::Range;
use std::path::{Path, PathBuf};
use stems::Stem;

/// No true peak of a track is above this, in dBTP (EBU R 128).
pub const CEILING_DB: f64 = -1.0;

/// Samples of silence measured at once.
const QUIET: usize = 1 << 14;

/// The part of a second in which a clip that is cut off fades.
const CUT_FADE: u32 = 100;

/// A track in the making: its clips, laid aside.
pub struct Track<'a> {
    master: Master<'a>,
    /// Of a track that goes to a file: the file.
    file: Option<SoundFile>,
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
    /// Where it goes.
    pub output: Output<'a>,
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

/// Where a track goes.
pub enum Output<'a> {
    /// To a file, WAV or FLAC by its name, which is there whole or not at all.
    File(&'a Path),
    /// To a function, part by part: samples, 1 is full scale, interleaved in so many channels: as many as the layout has,
    /// or one that stands for all of them.
    Parts(&'a mut (dyn FnMut(&[f32], u16) -> Result<()> + Send + 'a)),
}

impl Output<'_> {
    /// The file that it goes to.
    fn path(&self) -> Option<&Path> {
        match self {
            Output::File(target) => Some(target),
            Output::Parts(_) => None,
        }
    }
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
        let (layout, frames) = (master.layout, master.frames);
        layout.check()?;
        if let Some((folder, _)) = &master.stems {
            stems::check_folder(folder)?;
        }
        let begin = |target| SoundFile::create(target, layout, master.labels.clone(), frames);
        let file = master.output.path().map(begin).transpose()?;
        let scratch = std::env::temp_dir().join("track");
        let spool = Spool::create(master.output.path().unwrap_or(&scratch))?;
        let meter = Meter::of_loudness(layout.sample_rate, 1);
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
        let Track { master, file, mut spool, meter, crest, .. } = self;
        let Master { output, layout, frames, loudness, background, labels, stems } = master;
        observer.event(Event::Mixing { seconds: frames as f64 / f64::from(layout.sample_rate.max(1)) });
        let target = output.path().map_or_else(|| PathBuf::from("track.wav"), Path::to_owned);
        let (speech, background) = (meter.level().lufs, background.as_ref());
        let spool = &mut spool;
        let mut mastering = Mastering { layout, frames, loudness, background, spool, speech, crest, observer };
        let (made, file) = match (output, file) {
            (Output::File(target), Some(file)) => {
                let again = || SoundFile::create(target, layout, labels.clone(), frames);
                let (made, file) = into_file(&mut mastering, file, again)?;
                (made, Some(file))
            }
            (Output::File(_), None) => return Err(Error::new(Kind::Output, "the track was not begun")),
            (Output::Parts(take), _) => {
                // What was handed on cannot be taken back, so the gain is settled first.
                let gain = mastering.gain(None)?;
                (mastering.write(gain, take)?, None)
            }
        };
        let stems = match &stems {
            Some((folder, stems)) => {
                let (begins, gain) = (labels.time_reference, linear(made.gain));
                let whole = stems::Whole { target: &target, layout, frames, begins, gain };
                Some(stems::write((folder, stems), mastering.spool, &whole, observer)?)
            }
            None => None,
        };
        observer.keep_going()?;
        let clipped = file.map_or(Ok(0), |file| file.finish(made.level))?;
        stems.map_or(Ok(()), stems::Folder::finish)?;
        let notes = missed_loudness(loudness, made.level).into_iter().collect();
        let Mastered { gain, limited, level } = made;
        Ok(Finished { frames, level, gain_db: gain, limited_db: limited, clipped, notes })
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

/// Writes a track to a file: at once with the gain that is foretold, and once more, to a file that `again` begins, where
/// the loudness is then not the one that was asked for.
fn into_file(
    mastering: &mut Mastering<'_>,
    mut file: SoundFile,
    again: impl Fn() -> Result<SoundFile>,
) -> Result<(Mastered, SoundFile)> {
    let mut tried = None;
    if let Some(gain) = mastering.foretold() {
        let made = mastering.write(gain, &mut |samples, width| file.write(samples, width))?;
        tried = mastering.missed(made.level.lufs);
        if tried.is_none() {
            return Ok((made, file));
        }
        drop(file);
        file = again()?;
    }
    let gain = mastering.gain(tried)?;
    let made = mastering.write(gain, &mut |samples, width| file.write(samples, width))?;
    Ok((made, file))
}

fn linear(decibels: f64) -> f64 {
    10f64.powf(decibels / 20.0)
}

#[cfg(test)]
mod tests;
