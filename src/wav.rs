//! In: samples, part by part, and what is known of them. Out: a WAV or FLAC file that appears under its name only when it
//! is whole. Knows nothing of what is heard in it.

mod encoder;
mod flac;
pub mod labels;
mod riff;

use crate::audio::meter::Level;
use crate::error::{Artifact, Error, Kind, Result, Setting, advice};
use crate::files::{Cause, Pending, cut_short};
pub use encoder::Encoder;
use labels::Labels;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// How samples are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Layout {
    /// Samples a second.
    pub sample_rate: u32,
    /// 16 or 24 (whole numbers, dithered) or 32 (floats).
    pub bits: u16,
    /// 1 or 2.
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
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Container {
    /// Broadcast WAV; RF64 beyond 4 GiB.
    Wav,
    /// FLAC.
    Flac,
}

impl Container {
    /// Endings of names that promise something else.
    const OTHERS: &[&str] = &[
        "mp3", "mp2", "ogg", "oga", "opus", "m4a", "m4b", "aac", "mp4", "mkv", "mka", "webm", "wma", "aif", "aiff",
        "caf",
    ];

    /// The one a file of this name is, if it can hold samples of this layout.
    ///
    /// # Errors
    /// Of kind [`Usage`](Kind::Usage): floats in FLAC, and names that promise a format that is not written.
    pub fn of(target: &Path, layout: Layout) -> Result<Container> {
        let ending = target.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        let wrong = |what: String, help: &str| Err(Error::new(Kind::Usage, what).in_file(target).help(help));
        match ending.as_str() {
            "flac" if layout.bits == 32 => Err(Error::new(Kind::Usage, "FLAC has no samples of 32 bits (float)")
                .in_file(target)
                .with_remedy(advice!["use ", Setting::Bits, " 16 or 24, or a name in .wav"])),
            "flac" => Ok(Container::Flac),
            other if Container::OTHERS.contains(&other) => {
                wrong(format!("a track cannot be written as .{other}"), "use a name in .wav or .flac")
            }
            _ => Ok(Container::Wav),
        }
    }

    /// The ending of its names.
    pub fn ending(self) -> &'static str {
        match self {
            Container::Wav => "wav",
            Container::Flac => "flac",
        }
    }
}

/// Whether a track could be written there, as far as that can be told before it is.
///
/// # Errors
/// As [`SoundFile::create`].
pub fn check_place(target: &Path, layout: Layout) -> Result<()> {
    Container::of(target, layout)?;
    Pending::create(target, Artifact::Track).map(drop)
}

/// A file of sound in the making: a nameless neighbour of the file it will be.
pub struct SoundFile {
    encoder: Encoder<BufWriter<File>>,
    pending: Pending,
    target: PathBuf,
}

impl SoundFile {
    /// Begins a file that will be `target` and have `frames` samples in each channel; its name says what kind it is.
    /// Folders that are missing are made.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when the place cannot be written to, of kind [`Usage`](Kind::Usage) as
    /// [`Layout::check`] and [`Container::of`].
    pub fn create(target: &Path, layout: Layout, labels: Labels, frames: u64) -> Result<SoundFile> {
        layout.check()?;
        let container = Container::of(target, layout)?;
        let (file, pending) = Pending::create(target, Artifact::Track)?;
        let out = BufWriter::with_capacity(1 << 18, file);
        let encoder = Encoder::begin(out, container, layout, labels, frames).map_err(|e| failed(target, e))?;
        Ok(SoundFile { encoder, pending, target: target.to_owned() })
    }

    /// Writes the next samples, interleaved in `width` channels; one channel is copied to all there are.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output): a full disk.
    pub fn write(&mut self, samples: &[f32], width: u16) -> Result<()> {
        self.encoder.write(samples, width).map_err(|cause| failed(&self.target, cause))
    }

    /// Completes the file and gives it its name, in one step. Returns how many samples lay beyond full scale.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output); then nothing is left.
    pub fn finish(self, level: Level) -> Result<u64> {
        let SoundFile { encoder, pending, target } = self;
        let clipped = encoder.finish(level).map_err(|cause| failed(&target, cause))?;
        pending.finish()?;
        Ok(clipped)
    }
}

fn failed(target: &Path, cause: Cause) -> Error {
    cut_short(target, Artifact::Track, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: Level = Level { lufs: None, true_peak_db: None };

    fn begun(target: &Path) -> SoundFile {
        SoundFile::create(target, Layout::default(), Labels::default(), 100).expect("begun")
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect()
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("deep/track.wav");
        let mut wav = begun(&target);
        wav.write(&[0.5; 100], 1).expect("written");
        assert!(!target.exists());
        wav.finish(LEVEL).expect("finished");
        assert_eq!(names(target.parent().expect("it is in a folder")), ["track.wav"]);
        let mut again = begun(&target);
        again.write(&[0.1; 7], 1).expect("written");
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
                let mut wav = SoundFile::create(&target, layout, Labels::default(), 500).expect("begun");
                wave.chunks(77).for_each(|part| wav.write(part, 1).expect("written"));
                assert_eq!(wav.finish(LEVEL).expect("finished"), 0);
                let mut reader = hound::WavReader::open(&target).expect("a WAV file");
                let spec = reader.spec();
                assert_eq!((spec.sample_rate, spec.bits_per_sample, spec.channels), (44_100, bits, channels));
                assert_eq!(spec.sample_format == hound::SampleFormat::Float, bits == 32);
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
            let error = SoundFile::create(&target, Layout::default(), Labels::default(), 0)
                .err()
                .expect("it cannot be written");
            assert_eq!(error.kind(), Kind::Output);
            assert!(error.to_string().starts_with(&*target.to_string_lossy()), "{error}");
        }
        for layout in [(0, 16, 1), (48_000, 8, 1), (48_000, 16, 6)] {
            let layout = Layout { sample_rate: layout.0, bits: layout.1, channels: layout.2 };
            assert_eq!(layout.check().err().map(|e| e.kind()), Some(Kind::Usage));
        }
    }

    #[test]
    fn flac_reads_back_as_it_was_written_with_its_tags() {
        let folder = tempfile::tempdir().expect("a folder");
        let wave: Vec<f32> = (0..20_001).map(|i| 0.8 * (i as f32 / 9.0).sin()).collect();
        let points = vec![labels::Point { at: 17_000, frames: 50, text: "Où ?".to_owned() }];
        let labels = Labels { title: "Talk".to_owned(), voices: vec!["joe".to_owned()], time_reference: 0, points };
        for (bits, width, channels) in [(16, 1, 1), (24, 1, 2), (24, 2, 2)] {
            let layout = Layout { sample_rate: 48_000, bits, channels };
            let target = folder.path().join("x.flac");
            let samples: Vec<f32> = wave.iter().flat_map(|s| [*s, -*s].into_iter().take(usize::from(width))).collect();
            let mut flac = SoundFile::create(&target, layout, labels.clone(), 20_001).expect("begun");
            samples.chunks(770).for_each(|part| flac.write(part, width).expect("written"));
            assert_eq!(flac.finish(LEVEL).expect("finished"), 0);
            let mut sound = crate::audio::media::Sound::open(&target, channels).expect("a FLAC file");
            let mut read = Vec::new();
            while let Some(part) = sound.part().expect("it can be decoded") {
                read.extend_from_slice(part);
            }
            assert_eq!((read.len(), sound.rate()), (20_001 * usize::from(channels), 48_000));
            let step = 1.6 / if bits == 24 { 8_388_608.0 } else { 32_768.0 };
            for (i, sample) in read.iter().enumerate() {
                let wanted = samples[i * usize::from(width) / usize::from(channels)];
                assert!((sample - wanted).abs() <= step, "{bits} bits, {channels} channels, {i}: {sample} {wanted}");
            }
            let bytes = std::fs::read(&target).expect("there");
            for tag in ["TITLE=Talk", "ARTIST=joe", "CHAPTER001=00:00:00.354", "CHAPTER001NAME=Où ?"] {
                assert!(bytes.windows(tag.len()).any(|part| part == tag.as_bytes()), "{tag}");
            }
        }
    }

    #[test]
    fn a_name_that_promises_another_format_is_refused() {
        let float = Layout { bits: 32, ..Layout::default() };
        let rows = [
            ("a.wav", Layout::default(), Some(Container::Wav)),
            ("a.FLAC", Layout::default(), Some(Container::Flac)),
            ("a", Layout::default(), Some(Container::Wav)),
            ("a.v2", float, Some(Container::Wav)),
            ("a.flac", float, None),
            ("a.mp3", Layout::default(), None),
        ];
        for (name, layout, wanted) in rows {
            let found = Container::of(Path::new(name), layout);
            assert_eq!(found.as_ref().ok(), wanted.as_ref(), "{name}");
            assert!(found.is_ok() || found.is_err_and(|e| e.kind() == Kind::Usage && e.way_out().is_some()));
        }
    }
}
