//! In: a media file by its path: sound in WAV, FLAC, MP3, AAC, ALAC or Vorbis, by itself or in MP4, Matroska or Ogg. Out:
//! its samples, part by part, in one or two channels, and how long it is, to the sample. Knows nothing of what they are
//! for.
//!
//! What an encoder put before the sound and after it is left out: symphonia does that for most formats, `edits` for MP4.
//! Sound that cannot be decoded in the middle of a file becomes silence of the same length, and is told.

mod edits;
mod fold;

use crate::error::{Error, Kind, Result, Setting, advice};
use crate::time::Ticks;
use edits::Edits;
use std::fs::File;
use std::path::{Path, PathBuf};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Fault;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

/// What this program can read, for messages.
const READABLE: &str = "use WAV, FLAC, MP3, AAC, ALAC or Vorbis, by itself or in MP4, Matroska or Ogg";

/// After so many packets in a row that cannot be decoded, the rest is given up.
const MOST_BAD: usize = 500;

/// How many packets at the beginning are tried before a file counts as damaged.
const TRIED: usize = 40;

/// How many parts at the beginning are decoded even where only the length is wanted.
const HEARD: usize = 8;

/// How long something is, in samples of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Samples of one channel; for a film without sound, ticks.
    pub samples: u64,
    /// Samples a second.
    pub rate: u32,
}

impl Length {
    /// The same length in samples of another rate, rounded to the nearest.
    pub fn at_rate(self, rate: u32) -> u64 {
        super::resample::resampled_count(self.samples, self.rate, rate)
    }
}

/// What could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Packets that could not.
    pub packets: usize,
    /// Where the first of them is.
    pub first: Ticks,
    /// Whether the file ends in the middle of something.
    pub ends_early: bool,
}

/// The sound of a media file, on its way out.
pub struct Sound {
    path: PathBuf,
    reader: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    time_base: Option<TimeBase>,
    rate: u32,
    width: u16,
    edits: Edits,
    /// Decoded frames so far, those before the sound included.
    decoded: u64,
    given: u64,
    /// The longest packet so far, in units of the container.
    longest: u64,
    bad_in_a_row: usize,
    damage: Option<Damage>,
    samples: Vec<f32>,
    over: bool,
}

impl Sound {
    /// Opens the sound of a file, to be heard in `width` channels.
    ///
    /// # Errors
    /// Of kind [`Input`](Kind::Input): there is no such file, it is no media file, it has no sound, or none that can be
    /// decoded.
    pub fn open(path: &Path, width: u16) -> Result<Sound> {
        let reader = reader(path)?;
        let Some(track) = sounding(reader.as_ref()) else {
            return Err(wrong(path, "there is no sound in this file").help(READABLE));
        };
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(wrong(path, "this kind of sound cannot be decoded").help(READABLE));
        };
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|e| wrong(path, "this kind of sound cannot be decoded").because(e).help(READABLE))?;
        let Some(rate) = parameters.sample_rate.filter(|rate| (1000..=768_000).contains(rate)) else {
            return Err(wrong(path, "this file does not say at which rate its sound was sampled").help(READABLE));
        };
        let edits = match reader.format_info().short_name {
            "isomp4" => edits::of(path, track.id, rate).unwrap_or_default(),
            _ => Edits::default(),
        };
        Ok(Sound {
            path: path.to_owned(),
            track: track.id,
            time_base: track.time_base,
            decoder,
            reader,
            rate,
            width: width.clamp(1, 2),
            edits,
            decoded: 0,
            given: 0,
            longest: 0,
            bad_in_a_row: 0,
            damage: None,
            samples: Vec::new(),
            over: false,
        })
    }

    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// What could not be decoded so far.
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }

    /// The next samples, interleaved in as many channels as were asked for; none at the end.
    ///
    /// # Errors
    /// Of kind [`Input`](Kind::Input) when the file can no longer be read, or nothing in it can be decoded.
    pub fn part(&mut self) -> Result<Option<&[f32]>> {
        while !self.over {
            if self.given < self.edits.silence {
                let count = (self.edits.silence - self.given).min(1 << 14);
                self.samples.clear();
                self.samples.resize(count as usize * usize::from(self.width), 0.0);
                self.given += count;
                return Ok(Some(&self.samples));
            }
            match self.packet()? {
                Some(packet) => self.decode(&packet)?,
                None => {
                    self.samples.clear();
                    self.over = true;
                }
            }
            if !self.samples.is_empty() {
                return Ok(Some(&self.samples));
            }
        }
        if self.decoded == 0 && self.damage.is_some() {
            return Err(wrong(&self.path, "nothing in this file can be decoded: it is damaged").help("get it again"));
        }
        Ok(None)
    }

    /// How long it is: all of it is read, and decoded only where nothing else tells.
    ///
    /// # Errors
    /// As [`Sound::part`].
    pub fn length(mut self) -> Result<Length> {
        let countable = self.time_base.is_some_and(|base| base.numer.get() == 1 && base.denom.get() == self.rate);
        let mut tried = 0;
        while !self.over {
            // The first packets are decoded in any case: a damaged file should be known for one now.
            if countable && self.decoded > 0 && tried >= HEARD {
                match self.packet()? {
                    Some(packet) => self.count(self.heard_of(&packet)),
                    None => self.over = true,
                }
            } else {
                self.part()?;
                tried += 1;
            }
        }
        Ok(Length { samples: self.given, rate: self.rate })
    }

    /// The next packet of this sound.
    fn packet(&mut self) -> Result<Option<Packet>> {
        loop {
            match self.reader.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => {
                    self.longest = self.longest.max(packet.dur.get());
                    return Ok(Some(packet));
                }
                Ok(Some(_)) => {}
                Ok(None) => return Ok(None),
                Err(Fault::IoError(e)) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
                    return Err(wrong(&self.path, "the file cannot be read to its end").because(e));
                }
                // The end of a file that was cut off, of a chain of streams, or of what can be understood.
                Err(_) => {
                    self.damaged().ends_early = true;
                    return Ok(None);
                }
            }
        }
    }

    fn decode(&mut self, packet: &Packet) -> Result<()> {
        let (width, wanted) = (self.width, usize::from(self.width));
        self.samples.clear();
        match self.decoder.decode(packet) {
            Ok(heard) if heard.spec().rate() == self.rate => {
                fold::fold(&heard, width, &mut self.samples);
                self.bad_in_a_row = 0;
            }
            Ok(_) | Err(Fault::DecodeError(_) | Fault::IoError(_) | Fault::ResetRequired | Fault::Unsupported(_)) => {
                let frames = self.frames_of(packet);
                self.samples.resize(frames as usize * wanted, 0.0);
                self.damaged().packets += 1;
                self.bad_in_a_row += 1;
                if self.bad_in_a_row > MOST_BAD || (self.decoded == 0 && self.bad_in_a_row > TRIED) {
                    self.samples.clear();
                    self.damaged().ends_early = true;
                    self.over = true;
                    return Ok(());
                }
                if self.decoded == 0 {
                    // Nothing was heard yet: it counts for the time only.
                    self.edits.skip = self.edits.skip.saturating_sub(frames);
                    self.given += frames;
                    return Ok(());
                }
            }
            Err(e) => return Err(wrong(&self.path, "this sound cannot be decoded").because(e).help(READABLE)),
        }
        let frames = (self.samples.len() / wanted) as u64;
        let early = self.early(packet, frames);
        let kept = self.count_from(early, frames);
        self.samples.truncate((early + kept) as usize * wanted);
        self.samples.drain(..early as usize * wanted);
        Ok(())
    }

    /// How many frames at the beginning of the next so many come before the sound.
    fn early(&self, packet: &Packet, frames: u64) -> u64 {
        let by_edits = self.edits.skip.saturating_sub(self.decoded);
        // Matroska counts from where the sound begins; what the encoder needs to begin comes before zero.
        let ahead = packet.pts.get().min(0).unsigned_abs();
        let trimmed = packet.trim_start.get() > 0;
        let by_time = if self.given == 0 && !trimmed { self.in_frames(ahead) } else { 0 };
        by_edits.max(by_time).min(frames)
    }

    fn count(&mut self, frames: u64) {
        let early = self.edits.skip.saturating_sub(self.decoded).min(frames);
        self.count_from(early, frames);
    }

    /// Counts so many frames, the first `early` of which are not heard. Returns how many of the rest are.
    fn count_from(&mut self, early: u64, frames: u64) -> u64 {
        self.decoded += frames;
        let left = self.edits.length.map_or(u64::MAX, |length| length.saturating_sub(self.given));
        let kept = (frames - early).min(left);
        self.given += kept;
        self.over |= kept < frames - early;
        kept
    }

    fn frames_of(&self, packet: &Packet) -> u64 {
        // No packet of any of these formats holds more than some seconds.
        self.in_frames(self.heard_of(packet)).min(u64::from(self.rate) * 10)
    }

    /// How much of a packet is heard, in units of the container. Its duration should say so, and for MP3 it does not: what
    /// an encoder padded is still in it (symphonia 0.6.1). All packets of MP3 are as long as the longest.
    fn heard_of(&self, packet: &Packet) -> u64 {
        let padded = packet.trim_start.get().saturating_add(packet.trim_end.get());
        packet.dur.get().min(self.longest.saturating_sub(padded))
    }

    fn in_frames(&self, duration: u64) -> u64 {
        let Some(base) = self.time_base else { return 0 };
        let exact = u128::from(duration) * u128::from(base.numer.get()) * u128::from(self.rate);
        ((exact + u128::from(base.denom.get() / 2)) / u128::from(base.denom.get())) as u64
    }

    fn damaged(&mut self) -> &mut Damage {
        let first = Ticks::from_samples(self.given, self.rate);
        self.damage.get_or_insert(Damage { packets: 0, first, ends_early: false })
    }
}

/// How long a media file is: its sound, or, for a film without any, its pictures.
///
/// # Errors
/// Of kind [`Input`](Kind::Input), as [`Sound::open`]; also where a film does not say how long it is.
pub fn length(path: &Path) -> Result<Length> {
    let reader = reader(path)?;
    if sounding(reader.as_ref()).is_some() {
        return Sound::open(path, 1)?.length();
    }
    let info = reader.media_info();
    let of_file = info.time_base.zip(info.duration);
    let of_tracks = reader.tracks().iter().filter_map(|track| track.time_base.zip(track.duration));
    let longest = of_tracks.chain(of_file).filter_map(|(base, duration)| {
        let ticks = u128::from(duration.get()) * u128::from(base.numer.get()) * crate::time::TICKS_PER_SECOND as u128;
        u64::try_from(ticks / u128::from(base.denom.get())).ok()
    });
    match longest.max().filter(|ticks| *ticks > 0) {
        Some(samples) => Ok(Length { samples, rate: crate::time::TICKS_PER_SECOND as u32 }),
        None => Err(wrong(path, "this file does not say how long it is")
            .with_remedy(advice!["give the length with ", Setting::Total])),
    }
}

/// The track that is heard: the default one, else the first with sound.
fn sounding(reader: &dyn FormatReader) -> Option<&Track> {
    reader.default_track(TrackType::Audio).or_else(|| reader.first_track(TrackType::Audio))
}

fn reader(path: &Path) -> Result<Box<dyn FormatReader>> {
    if path.is_dir() {
        return Err(wrong(path, "this is a folder, not a media file").help("name a file in it"));
    }
    let file = File::open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => wrong(path, "there is no such media file").help("check the path"),
        _ => wrong(path, "the media file cannot be opened").because(e),
    })?;
    if !file.metadata().is_ok_and(|meta| meta.is_file()) {
        return Err(wrong(path, "this is a device or a pipe, and it is read more than once").help("name a file"));
    }
    let mut hint = Hint::new();
    if let Some(ending) = path.extension().and_then(|e| e.to_str()) {
        hint.with_extension(ending);
    }
    let stream = MediaSourceStream::new(Box::new(file), Default::default());
    symphonia::default::get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|e| wrong(path, "this is no media file that can be read, or it is damaged").because(e).help(READABLE))
}

fn wrong(path: &Path, what: &str) -> Error {
    Error::new(Kind::Input, what).in_file(path)
}

#[cfg(test)]
mod tests;
