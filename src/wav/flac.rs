//! In: whole numbers, part by part, and labels. Out: a FLAC file with a seek table, tags and a chapter for each line. Knows
//! no names of files.
//!
//! Chapters are tags as players read them, `CHAPTER001=00:00:17.020` and `CHAPTER001NAME=text`.

use super::Layout;
use super::labels::{Labels, PROGRAM};
use crate::time::Ticks;
use flac_codec::Error;
use flac_codec::encode::{FlacSampleWriter, Options};
use std::io::{Seek, Write};

/// The most bytes of chapters: a block of metadata holds 16 MiB.
const MOST_CHAPTERS: usize = 12 << 20;

/// A FLAC file in the making.
pub(super) struct Flac<W: Write + Seek>(FlacSampleWriter<W>);

impl<W: Write + Seek> Flac<W> {
    /// Begins a file of so many samples in each channel; no more and no fewer may come.
    pub(super) fn begin(out: W, layout: Layout, labels: &Labels, frames: u64) -> Result<Flac<W>, Error> {
        let mut options = Options::default().tag("ENCODER", PROGRAM);
        if !labels.title.is_empty() {
            options = options.tag("TITLE", &labels.title);
        }
        for voice in &labels.voices {
            options = options.tag("ARTIST", voice);
        }
        let mut room = MOST_CHAPTERS;
        for (number, point) in (1..).zip(&labels.points) {
            let Some(left) = room.checked_sub(point.text.len() + 64) else { break };
            room = left;
            let ms = (Ticks::from_samples(point.at, layout.sample_rate).secs() * 1000.0).round() as u64;
            let (h, m, s, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
            options = options.tag(&format!("CHAPTER{number:03}"), format!("{h:02}:{m:02}:{s:02}.{ms:03}"));
            options = options.tag(&format!("CHAPTER{number:03}NAME"), &point.text);
        }
        let total = (frames > 0).then_some(frames * u64::from(layout.channels));
        let channels = layout.channels.min(2) as u8;
        FlacSampleWriter::new(out, options, layout.sample_rate, u32::from(layout.bits), channels, total).map(Flac)
    }

    /// Writes whole numbers of the layout's bits, interleaved.
    pub(super) fn numbers(&mut self, samples: &[i32]) -> Result<(), Error> {
        self.0.write(samples)
    }

    /// Writes what is known only now.
    pub(super) fn finish(self) -> Result<(), Error> {
        self.0.finalize()
    }
}
