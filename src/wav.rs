//! In: samples, part by part. Out: a WAV file that appears under its name only when it is whole. Knows nothing of what
//! is heard in it.

mod pending;

use crate::audio::dither::Quantizer;
use crate::error::{Error, Kind, Result};
use hound::{SampleFormat, WavSpec, WavWriter};
use pending::{Pending, is_special, plain, unwritable};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// How samples are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Samples a second.
    pub sample_rate: u32,
    /// 16 or 24 (whole numbers, dithered) or 32 (floats).
    pub bits: u16,
    /// 1 or 2; the second is a copy of the first.
    pub channels: u16,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout { sample_rate: 48_000, bits: 16, channels: 1 }
    }
}

impl Layout {
    /// Whether it can be written.
    ///
    /// # Errors
    /// Of kind [`Usage`](Kind::Usage), saying what can be.
    pub fn check(&self) -> Result<()> {
        let wrong = |what: String, help: &str| Err(Error::new(Kind::Usage, what).help(help));
        if !(4000..=384_000).contains(&self.sample_rate) {
            return wrong(format!("a sample rate of {} Hz cannot be written", self.sample_rate), "use 4000 to 384000");
        }
        if ![16, 24, 32].contains(&self.bits) {
            return wrong(format!("samples of {} bits cannot be written", self.bits), "use 16, 24 or 32 (float)");
        }
        if ![1, 2].contains(&self.channels) {
            return wrong(format!("{} channels cannot be written", self.channels), "use 1 or 2");
        }
        Ok(())
    }

    /// The most samples of a channel that a file of this kind holds.
    pub fn most_frames(&self) -> u64 {
        MOST_BYTES * 8 / (u64::from(self.channels) * u64::from(self.bits)).max(1)
    }

    fn spec(&self) -> WavSpec {
        let sample_format = if self.bits == 32 { SampleFormat::Float } else { SampleFormat::Int };
        WavSpec { channels: self.channels, sample_rate: self.sample_rate, bits_per_sample: self.bits, sample_format }
    }
}

/// The most bytes of samples a WAV file of this kind holds: its sizes have 32 bits.
const MOST_BYTES: u64 = u32::MAX as u64 - 4096;

/// Whether a track could be written there, as far as that can be told before it is.
///
/// # Errors
/// As [`WavFile::create`].
pub fn check_place(target: &Path) -> Result<()> {
    Pending::create(target, "track").map(drop)
}

/// A WAV file in the making: a nameless neighbour of the file it will be.
pub struct WavFile {
    writer: WavWriter<BufWriter<File>>,
    pending: Pending,
    target: PathBuf,
    layout: Layout,
    quantizer: Quantizer,
    frames: u64,
}

impl WavFile {
    /// Begins a file that will be `target`. Folders that are missing are made.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when the place cannot be written to.
    pub fn create(target: &Path, layout: Layout) -> Result<WavFile> {
        layout.check()?;
        let (file, pending) = Pending::create(target, "track")?;
        let writer =
            WavWriter::new(BufWriter::with_capacity(1 << 18, file), layout.spec()).map_err(|e| failed(target, e))?;
        let quantizer = Quantizer::new(layout.bits.min(24));
        Ok(WavFile { writer, pending, target: target.to_owned(), layout, quantizer, frames: 0 })
    }

    /// Writes the next samples of the one channel there is.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output): a full disk, or more than a WAV file can hold.
    pub fn write(&mut self, samples: &[f32]) -> Result<()> {
        self.frames += samples.len() as u64;
        if self.frames > self.layout.most_frames() {
            return Err(Error::new(Kind::Output, "the track is longer than a WAV file can hold (4 GiB)")
                .in_file(&self.target)
                .help("use a lower --sample-rate, fewer --bits or one channel"));
        }
        for sample in samples {
            let number = if self.layout.bits == 32 { 0 } else { self.quantizer.quantize(*sample) };
            for _ in 0..self.layout.channels {
                let written = match self.layout.bits {
                    32 => self.writer.write_sample(*sample),
                    _ => self.writer.write_sample(number),
                };
                written.map_err(|e| failed(&self.target, e))?;
            }
        }
        Ok(())
    }

    /// Completes the file and gives it its name, in one step. Returns how many samples lay beyond full scale.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output); then nothing is left.
    pub fn finish(self) -> Result<u64> {
        let WavFile { writer, pending, target, quantizer, .. } = self;
        writer.finalize().map_err(|e| failed(&target, e))?;
        pending.finish()?;
        Ok(quantizer.clipped())
    }
}

fn failed(target: &Path, cause: hound::Error) -> Error {
    Error::new(Kind::Output, "the track cannot be written to its end")
        .because(match cause {
            hound::Error::IoError(e) => plain(e),
            other => other.into(),
        })
        .in_file(target)
        .help("make room on the disk, or choose another place with -o")
}

/// A report in the making: a small file that is there whole or not at all, or a pipe or a device that takes it.
pub struct SmallFile {
    file: File,
    pending: Option<Pending>,
    target: PathBuf,
}

impl SmallFile {
    /// Begins the report that will be `target`, so that a place that cannot be written to is known before the work.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output).
    pub fn create(target: &Path) -> Result<SmallFile> {
        let (file, pending) = if is_special(target) {
            let open = File::options().write(true).open(target);
            (open.map_err(|e| unwritable(target, "report", e))?, None)
        } else {
            let (file, pending) = Pending::create(target, "report")?;
            (file, Some(pending))
        };
        Ok(SmallFile { file, pending, target: target.to_owned() })
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output).
    pub fn finish(mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|e| unwritable(&self.target, "report", e))?;
        self.pending.map_or(Ok(()), Pending::finish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect()
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("deep/track.wav");
        let mut wav = WavFile::create(&target, Layout::default()).expect("begun");
        wav.write(&[0.5; 100]).expect("written");
        assert!(!target.exists());
        wav.finish().expect("finished");
        assert_eq!(names(target.parent().expect("it is in a folder")), ["track.wav"]);
        let mut again = WavFile::create(&target, Layout::default()).expect("begun");
        again.write(&[0.1; 7]).expect("written");
        drop(again);
        assert_eq!(names(target.parent().expect("it is in a folder")), ["track.wav"]);
        assert_eq!(hound::WavReader::open(&target).expect("the first one").duration(), 100);
    }

    #[test]
    fn every_layout_reads_back_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let wave: Vec<f32> = (0..500).map(|i| 0.8 * (i as f32 / 9.0).sin()).collect();
        for bits in [16, 24, 32] {
            for channels in [1, 2] {
                let layout = Layout { sample_rate: 44_100, bits, channels };
                let target = folder.path().join(format!("{bits}-{channels}.wav"));
                let mut wav = WavFile::create(&target, layout).expect("begun");
                wave.chunks(77).for_each(|part| wav.write(part).expect("written"));
                assert_eq!(wav.finish().expect("finished"), 0);
                let mut reader = hound::WavReader::open(&target).expect("a WAV file");
                assert_eq!(reader.spec(), layout.spec());
                let full = if bits == 24 { 8_388_608.0 } else { 32_768.0 };
                let read: Vec<f32> = match bits {
                    32 => reader.samples::<f32>().map(|s| s.expect("a sample")).collect(),
                    _ => reader.samples::<i32>().map(|s| s.expect("a sample") as f32 / full).collect(),
                };
                let step = if bits == 32 { 0.0 } else { 1.6 / full };
                for (i, sample) in read.iter().enumerate() {
                    let wanted = wave[i / usize::from(channels)];
                    assert!(
                        (sample - wanted).abs() <= step,
                        "{bits} bits, {channels} channels, {i}: {sample} {wanted}"
                    );
                }
            }
        }
    }

    #[test]
    fn places_that_cannot_be_written_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "x").expect("written");
        for target in [folder.path().to_owned(), file.join("below.wav")] {
            let error = WavFile::create(&target, Layout::default()).err().expect("it cannot be written");
            assert_eq!(error.kind(), Kind::Output);
            assert!(error.to_string().starts_with(&*target.to_string_lossy()), "{error}");
        }
        for layout in [(0, 16, 1), (48_000, 8, 1), (48_000, 16, 6)] {
            let layout = Layout { sample_rate: layout.0, bits: layout.1, channels: layout.2 };
            assert_eq!(layout.check().err().map(|e| e.kind()), Some(Kind::Usage));
        }
    }
}
