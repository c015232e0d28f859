//! In: samples, part by part, and labels. Out: a Broadcast WAV file in something that can be written and sought in. Knows
//! no names of files.
//!
//! The container is written here, because no crate that is kept up writes what is needed around the samples: room for more than 4 GiB (RF64, EBU Tech 3306), the `bext` chunk (EBU Tech 3285, version 2, with loudness),
//! cue points with the text of each line, and `LIST INFO`. A chunk named `JUNK` keeps the place that `ds64` takes when the
//! file has grown beyond 4 GiB; until then it is plain RIFF.

use super::Layout;
use super::labels::{Labels, PROGRAM};
use crate::audio::meter::Level;
use std::io::{self, Seek, SeekFrom, Write};

/// Bytes of the `ds64` chunk without its table, which is empty.
const DS64: usize = 28;

/// A size that has to be looked up in `ds64`.
const ELSEWHERE: u32 = u32::MAX;

/// What the loudness fields of `bext` hold where nothing was measured.
const UNKNOWN: i16 = 0x7fff;

/// Where in `bext` the loudness is.
const LOUDNESS_IN_BEXT: u64 = 412;

/// A WAV file in the making.
pub(super) struct Riff<W: Write + Seek> {
    out: W,
    layout: Layout,
    labels: Labels,
    bext_at: u64,
    fact_at: Option<u64>,
    data_at: u64,
    data: u64,
    /// Zeros that were not written, only stepped over.
    hole: u64,
    bytes: Vec<u8>,
}

impl<W: Write + Seek> Riff<W> {
    /// Writes everything that comes before the samples.
    pub(super) fn begin(mut out: W, layout: Layout, labels: Labels) -> io::Result<Riff<W>> {
        let mut head: Vec<u8> = Vec::new();
        head.extend(b"RIFF\0\0\0\0WAVE");
        chunk(&mut head, b"JUNK", &[0; DS64]);
        let bext_at = head.len() as u64 + 8;
        chunk(&mut head, b"bext", &bext(layout, &labels));
        chunk(&mut head, b"fmt ", &format(layout));
        let mut fact_at = None;
        if layout.bits == 32 {
            fact_at = Some(head.len() as u64 + 8);
            chunk(&mut head, b"fact", &[0; 4]);
        }
        head.extend(b"data\0\0\0\0");
        out.write_all(&head)?;
        let data_at = head.len() as u64;
        Ok(Riff { out, layout, labels, bext_at, fact_at, data_at, data: 0, hole: 0, bytes: Vec::new() })
    }

    /// Writes whole numbers of the layout's bits, interleaved.
    pub(super) fn numbers(&mut self, samples: &[i32]) -> io::Result<()> {
        match self.layout.bits {
            16 => self.encode(samples, |sample| (*sample as i16).to_le_bytes()),
            _ => self.encode(samples, |sample| {
                let [a, b, c, _] = sample.to_le_bytes();
                [a, b, c]
            }),
        }
    }

    /// Writes floats, interleaved. Silence is stepped over, so that the file takes no room for it where the file system
    /// can do that.
    pub(super) fn floats(&mut self, samples: &[f32]) -> io::Result<()> {
        if samples.iter().all(|s| s.to_bits() == 0) {
            let count = samples.len() as u64 * 4;
            self.hole += count;
            self.data += count;
            return Ok(());
        }
        self.encode(samples, |sample| sample.to_le_bytes())
    }

    fn encode<S, const N: usize>(&mut self, samples: &[S], bytes: impl Fn(&S) -> [u8; N]) -> io::Result<()> {
        self.step_over()?;
        self.bytes.resize(samples.len() * N, 0);
        for (to, sample) in self.bytes.as_chunks_mut().0.iter_mut().zip(samples) {
            *to = bytes(sample);
        }
        self.data += self.bytes.len() as u64;
        self.out.write_all(&self.bytes)
    }

    fn step_over(&mut self) -> io::Result<()> {
        if self.hole > 0 {
            self.out.seek(SeekFrom::Start(self.data_at + self.data))?;
            self.hole = 0;
        }
        Ok(())
    }

    /// Writes what comes after the samples and what is known only now, and hands back what it was written to.
    pub(super) fn finish(mut self, level: Level) -> io::Result<W> {
        self.step_over()?;
        let mut tail = vec![0; (self.data % 2) as usize];
        chunk(&mut tail, b"LIST", &info(&self.labels));
        let (cues, texts) = points(&self.labels);
        if !cues.is_empty() {
            chunk(&mut tail, b"cue ", &cues);
            chunk(&mut tail, b"LIST", &texts);
        }
        self.out.write_all(&tail)?;
        let riff = self.data_at + self.data + tail.len() as u64 - 8;
        let frames = self.data / u64::from(self.layout.channels * self.layout.bits / 8).max(1);
        let (mut riff_size, mut data_size, mut count) = (ELSEWHERE, ELSEWHERE, ELSEWHERE);
        match u32::try_from(riff) {
            Ok(small) if small < ELSEWHERE => {
                (riff_size, data_size, count) = (small, self.data as u32, frames as u32);
            }
            _ => {
                let mut sizes = Vec::with_capacity(DS64);
                [riff, self.data, frames].iter().for_each(|size| sizes.extend(size.to_le_bytes()));
                sizes.extend(0u32.to_le_bytes());
                let mut ds64 = Vec::new();
                chunk(&mut ds64, b"ds64", &sizes);
                self.patch(0, b"RF64")?;
                self.patch(12, &ds64)?;
            }
        }
        self.patch(4, &riff_size.to_le_bytes())?;
        self.patch(self.data_at - 4, &data_size.to_le_bytes())?;
        if let Some(at) = self.fact_at {
            self.patch(at, &count.to_le_bytes())?;
        }
        let [loudness, peak] = [level.lufs, level.true_peak_db].map(|l| l.map_or(UNKNOWN, hundredths).to_le_bytes());
        self.patch(self.bext_at + LOUDNESS_IN_BEXT, &loudness)?;
        self.patch(self.bext_at + LOUDNESS_IN_BEXT + 4, &peak)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.out.seek(SeekFrom::Start(at))?;
        self.out.write_all(bytes)
    }
}

fn hundredths(value: f64) -> i16 {
    (value * 100.0).round().clamp(-9999.0, 9999.0) as i16
}

/// Appends a chunk, and a byte more where its size is odd.
fn chunk(out: &mut Vec<u8>, name: &[u8; 4], contents: &[u8]) {
    out.extend(name);
    out.extend((contents.len() as u32).to_le_bytes());
    out.extend(contents);
    if contents.len() % 2 == 1 {
        out.push(0);
    }
}

fn format(layout: Layout) -> Vec<u8> {
    let frame = layout.channels * (layout.bits / 8);
    let mut bytes = Vec::new();
    bytes.extend(if layout.bits == 32 { 3u16 } else { 1 }.to_le_bytes());
    bytes.extend(layout.channels.to_le_bytes());
    bytes.extend(layout.sample_rate.to_le_bytes());
    bytes.extend((layout.sample_rate * u32::from(frame)).to_le_bytes());
    bytes.extend(frame.to_le_bytes());
    bytes.extend(layout.bits.to_le_bytes());
    if layout.bits == 32 {
        bytes.extend(0u16.to_le_bytes());
    }
    bytes
}

/// The broadcast extension. Its date and time stay empty: the same input gives the same bytes.
fn bext(layout: Layout, labels: &Labels) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut field = |text: &str, size: usize| {
        let ascii: Vec<u8> =
            text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c as u8 } else { b'?' }).collect();
        bytes.extend(ascii.into_iter().chain(std::iter::repeat(0)).take(size));
    };
    match labels.title.as_str() {
        "" => field(&format!("Synthetic speech: {}", labels.voices.join(", ")), 256),
        title => field(title, 256),
    }
    field("cuevox", 32);
    field("", 32 + 10 + 8);
    bytes.extend(labels.time_reference.to_le_bytes());
    bytes.extend(2u16.to_le_bytes());
    bytes.extend([0; 64]);
    bytes.extend([UNKNOWN; 5].iter().flat_map(|field| field.to_le_bytes()));
    bytes.extend([0; 180]);
    let mode = if layout.channels == 1 { "mono" } else { "stereo" };
    let history = format!("A=PCM,F={},W={},M={mode},T={PROGRAM}\r\n", layout.sample_rate, layout.bits);
    bytes.extend(history.as_bytes());
    // Not all readers know that a chunk of odd size is followed by a byte more.
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// Title, voices and program (`LIST INFO`), in UTF-8.
fn info(labels: &Labels) -> Vec<u8> {
    let mut bytes = b"INFO".to_vec();
    let voices = labels.voices.join(", ");
    let rows = [(b"INAM", labels.title.as_str()), (b"IART", voices.as_str()), (b"ISFT", PROGRAM)];
    for (name, text) in rows.into_iter().filter(|(_, text)| !text.is_empty()) {
        chunk(&mut bytes, name, &ended(text));
    }
    bytes
}

fn ended(text: &str) -> Vec<u8> {
    text.bytes().filter(|byte| *byte != 0).chain([0]).collect()
}

/// The cue points, and the list of their texts and lengths. Their positions have 32 bits; what lies beyond has none.
fn points(labels: &Labels) -> (Vec<u8>, Vec<u8>) {
    let reachable: Vec<_> =
        labels.points.iter().filter_map(|point| Some((u32::try_from(point.at).ok()?, point))).collect();
    if reachable.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut cues = (reachable.len() as u32).to_le_bytes().to_vec();
    let mut texts = b"adtl".to_vec();
    for (id, (at, point)) in (1u32..).zip(reachable) {
        for field in [id, at, u32::from_le_bytes(*b"data"), 0, 0, at] {
            cues.extend(field.to_le_bytes());
        }
        chunk(&mut texts, b"labl", &[&id.to_le_bytes()[..], &ended(&point.text)].concat());
        let frames = u32::try_from(point.frames).unwrap_or(u32::MAX);
        // Purpose "rgn ", no country, language and dialect, and the code page of UTF-8.
        let utf8 = 65_001u32 << 16;
        let fields = [id, frames, u32::from_le_bytes(*b"rgn "), 0, utf8];
        chunk(&mut texts, b"ltxt", &fields.iter().flat_map(|field| field.to_le_bytes()).collect::<Vec<_>>());
    }
    (cues, texts)
}

#[cfg(test)]
mod tests;
