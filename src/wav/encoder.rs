//! In: samples, part by part, and what is known of them. Out: the bytes of a WAV or FLAC file, in whatever can be written to
//! and be sought in. Knows no place and no name.

use super::flac::Flac;
use super::labels::Labels;
use super::riff::Riff;
use super::{Container, Layout};
use crate::audio::dither::Quantizer;
use crate::audio::meter::Level;
use crate::files::{Cause, plain};
use std::io::{Seek, Write};

/// Makes a WAV or FLAC file of samples.
pub struct Encoder<W: Write + Seek> {
    writer: Writer<W>,
    layout: Layout,
    /// One for each channel that is not a copy.
    quantizers: [Quantizer; 2],
    numbers: Vec<i32>,
    copies: Vec<f32>,
}

enum Writer<W: Write + Seek> {
    Wav(Riff<W>),
    Flac(Box<Flac<W>>),
}

impl<W: Write + Seek> Encoder<W> {
    /// Begins a file that will have `frames` samples in each channel.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn begin(
        out: W,
        container: Container,
        layout: Layout,
        labels: Labels,
        frames: u64,
    ) -> Result<Encoder<W>, Cause> {
        let writer = match container {
            Container::Wav => Writer::Wav(Riff::begin(out, layout, labels).map_err(plain)?),
            Container::Flac => Writer::Flac(Box::new(Flac::begin(out, layout, &labels, frames).map_err(unpacked)?)),
        };
        let quantizers = [0, 1].map(|channel| Quantizer::of_channel(layout.bits.min(24), channel));
        Ok(Encoder { writer, layout, quantizers, numbers: Vec::new(), copies: Vec::new() })
    }

    /// Writes the next samples, interleaved in `width` channels; one channel is copied to all there are.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, samples: &[f32], width: u16) -> Result<(), Cause> {
        let copies = if width == 1 { usize::from(self.layout.channels) } else { 1 };
        match (&mut self.writer, self.layout.bits) {
            (Writer::Wav(riff), 32) if copies == 1 => riff.floats(samples).map_err(plain),
            (Writer::Wav(riff), 32) => {
                self.copies.clear();
                self.copies.extend(samples.iter().flat_map(|s| [*s, *s]));
                riff.floats(&self.copies).map_err(plain)
            }
            (writer, _) => {
                quantize(&mut self.quantizers, (samples, width), copies, &mut self.numbers);
                match writer {
                    Writer::Wav(riff) => riff.numbers(&self.numbers).map_err(plain),
                    Writer::Flac(flac) => flac.numbers(&self.numbers).map_err(unpacked),
                }
            }
        }
    }

    /// Completes the file. Returns how many samples lay beyond full scale.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self, level: Level) -> Result<u64, Cause> {
        match self.writer {
            Writer::Wav(riff) => riff.finish(level).map(drop).map_err(plain)?,
            Writer::Flac(flac) => flac.finish().map_err(unpacked)?,
        }
        Ok(self.quantizers.iter().map(Quantizer::clipped).sum())
    }
}

/// Makes `numbers` those of interleaved samples in `width` channels, each number so many times.
fn quantize(quantizers: &mut [Quantizer; 2], (samples, width): (&[f32], u16), copies: usize, numbers: &mut Vec<i32>) {
    numbers.clear();
    if (width, copies) == (1, 1) {
        return quantizers[0].quantize(samples, numbers);
    }
    let mut channels = [Vec::new(), Vec::new()];
    let width = usize::from(width).clamp(1, channels.len());
    for (number, made) in channels.iter_mut().enumerate().take(width) {
        let channel: Vec<f32> = samples.iter().skip(number).step_by(width).copied().collect();
        quantizers[number].quantize(&channel, made);
    }
    for frame in 0..samples.len() / width {
        for made in &channels[..width] {
            numbers.extend(std::iter::repeat_n(made[frame], copies));
        }
    }
}

fn unpacked(error: flac_codec::Error) -> Cause {
    match error {
        flac_codec::Error::Io(e) => plain(e),
        other => other.to_string().into(),
    }
}
