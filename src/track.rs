//! In: clips and where each begins. Out: one track without a gap in it, part by part, with its level measured. Changes
//! neither length nor level of a clip.

use crate::audio::meter::{Level, Meter};
use crate::error::{Error, Kind, Result};
use crate::wav::{Layout, WavFile};
use std::path::Path;

/// Samples of silence written at once.
const QUIET: usize = 1 << 14;

/// A track in the making.
pub struct Track {
    file: WavFile,
    meter: Meter,
    frames: u64,
}

/// What became of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finished {
    /// Its length in samples of one channel.
    pub frames: u64,
    /// Its loudness and peak.
    pub level: Level,
    /// Samples that lay beyond full scale and were cut off.
    pub clipped: u64,
}

impl Track {
    /// Begins a track that will be the file `target`.
    ///
    /// # Errors
    /// As [`WavFile::create`].
    pub fn create(target: &Path, layout: Layout) -> Result<Track> {
        Ok(Track { file: WavFile::create(target, layout)?, meter: Meter::new(layout.sample_rate), frames: 0 })
    }

    /// Puts a clip at sample `start`. Clips come in order and do not overlap.
    ///
    /// # Errors
    /// As [`WavFile::write`]; also when the clip would begin before the end of the last one, which a plan never asks for.
    pub fn put(&mut self, start: u64, clip: &[f32]) -> Result<()> {
        if start < self.frames {
            let message = format!("a clip was planned for sample {start}, where another ends at {}", self.frames);
            return Err(Error::new(Kind::Output, message));
        }
        self.silence_until(start)?;
        self.write(clip)
    }

    /// Completes the track; it is `frames` samples long, or as long as its clips need.
    ///
    /// # Errors
    /// As [`WavFile::finish`].
    pub fn finish(mut self, frames: u64) -> Result<Finished> {
        self.silence_until(frames)?;
        let (frames, level) = (self.frames, self.meter.level());
        Ok(Finished { frames, level, clipped: self.file.finish()? })
    }

    fn silence_until(&mut self, end: u64) -> Result<()> {
        let quiet = [0.0; QUIET];
        while self.frames < end {
            let count = (end - self.frames).min(QUIET as u64) as usize;
            self.write(&quiet[..count])?;
        }
        Ok(())
    }

    fn write(&mut self, samples: &[f32]) -> Result<()> {
        self.meter.hear(samples);
        self.file.write(samples)?;
        self.frames += samples.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_stand_where_they_were_put_and_nowhere_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("t.wav");
        let layout = Layout { sample_rate: 8000, bits: 32, channels: 1 };
        let mut track = Track::create(&target, layout).expect("begun");
        track.put(3, &[0.5, 0.25]).expect("put");
        track.put(5, &[0.125]).expect("put");
        track.put(40_000, &[0.75]).expect("put");
        assert!(track.put(40_000, &[0.1]).is_err());
        let finished = track.finish(50_000).expect("finished");
        assert_eq!((finished.frames, finished.clipped), (50_000, 0));
        let samples: Vec<f32> =
            hound::WavReader::open(&target).expect("a file").samples().map(|s| s.expect("a sample")).collect();
        let sounds: Vec<(usize, f32)> = samples.iter().copied().enumerate().filter(|(_, s)| *s != 0.0).collect();
        assert_eq!(sounds, [(3, 0.5), (4, 0.25), (5, 0.125), (40_000, 0.75)]);
        assert_eq!(samples.len(), 50_000);
    }
}
