//! In: a planned track. Out: its sound, wherever it is wanted: in a file, in memory, block by block, in anything that can be
//! written to. Plans nothing.

use super::{PlannedTrack, Studio};
use crate::audio::meter::Level;
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use crate::progress::Observer;
use crate::track::{Finished, Output};
use crate::wav::labels::Labels;
use crate::wav::{Container, Encoder};
use std::io::{Seek, Write};
use std::path::Path;

/// The sound of a track.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Audio {
    /// Its samples, interleaved; 1 is full scale.
    pub samples: Vec<f32>,
    /// Samples a second in each channel.
    pub sample_rate: u32,
    /// How many channels are interleaved.
    pub channels: u16,
    /// Its loudness and true peak.
    pub level: Level,
    /// What was odd.
    pub notes: Vec<Note>,
}

impl Studio {
    /// Speaks a planned track. All of its sound is in memory then; [`Studio::stream`] needs little, whatever its length.
    ///
    /// # Errors
    /// When a voice fails, when somebody asks to stop.
    pub fn render(&self, track: &PlannedTrack, observer: &dyn Observer) -> Result<Audio> {
        let layout = self.options.layout;
        let mut samples = Vec::new();
        let finished = self.stream(track, observer, &mut |block| {
            samples.extend_from_slice(block);
            Ok(())
        })?;
        let Finished { level, notes, .. } = finished;
        Ok(Audio { samples, sample_rate: layout.sample_rate, channels: layout.channels, level, notes })
    }

    /// Speaks a planned track and hands its sound to `take`, block by block: samples, 1 is full scale, interleaved in the
    /// channels of [`Options::layout`](super::Options::layout). Blocks come when all is spoken, since the gain depends on all
    /// of it; until then it is kept in a nameless file in the system's folder for such.
    ///
    /// # Errors
    /// When a voice fails, when somebody asks to stop; whatever `take` returns ends it.
    pub fn stream(
        &self,
        track: &PlannedTrack,
        observer: &dyn Observer,
        take: &mut (dyn FnMut(&[f32]) -> Result<()> + Send),
    ) -> Result<Finished> {
        let channels = self.options.layout.channels;
        let mut copies = Vec::new();
        let mut part = |samples: &[f32], width: u16| {
            if width == channels {
                return take(samples);
            }
            copies.clear();
            for sample in samples {
                copies.extend(std::iter::repeat_n(*sample, usize::from(channels)));
            }
            take(&copies)
        };
        self.deliver(track, Output::Parts(&mut part), None, observer)
    }

    /// Speaks a planned track and writes it as a WAV or FLAC file to `out`, from where that stands.
    ///
    /// # Errors
    /// When a voice fails, when `out` cannot be written to, when somebody asks to stop; `out` may hold a part of the file
    /// then.
    pub fn write<W: Write + Seek + Send>(
        &self,
        track: &PlannedTrack,
        out: W,
        container: Container,
        observer: &dyn Observer,
    ) -> Result<Finished> {
        let unwritten = |cause| Error::new(Kind::Output, "the track cannot be written").because(cause);
        let frames = self.frames(track)?;
        let encoder = Encoder::begin(out, container, self.options.layout, Labels::default(), frames);
        let mut encoder = encoder.map_err(unwritten)?;
        let mut part = |samples: &[f32], width: u16| encoder.write(samples, width).map_err(unwritten);
        let mut finished = self.deliver(track, Output::Parts(&mut part), None, observer)?;
        finished.clipped = encoder.finish(finished.level).map_err(unwritten)?;
        Ok(finished)
    }

    /// Speaks a planned track and writes it to the file `target`, WAV or FLAC by its name, which is there whole or not at
    /// all.
    ///
    /// # Errors
    /// When a voice fails, when the file cannot be written, when somebody asks to stop.
    pub fn speak(&self, track: &PlannedTrack, target: &Path, observer: &dyn Observer) -> Result<Finished> {
        self.deliver(track, Output::File(target), None, observer)
    }

    /// As [`Studio::speak`], with each line as a file of its own in the folder `stems`.
    ///
    /// # Errors
    /// As [`Studio::speak`], and as [`check_folder`](crate::track::stems::check_folder).
    pub fn speak_with_stems(
        &self,
        track: &PlannedTrack,
        target: &Path,
        stems: Option<&Path>,
        observer: &dyn Observer,
    ) -> Result<Finished> {
        self.deliver(track, Output::File(target), stems, observer)
    }
}
