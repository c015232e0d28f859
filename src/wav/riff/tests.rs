//! The chunks of a file, read back by a reader of their own.

use super::*;
use crate::wav::labels::Point;
use std::fs::File;
use std::io::{BufWriter, Cursor, Read};

const LEVEL: Level = Level { lufs: Some(-16.04), true_peak_db: Some(-1.2) };

fn labels() -> Labels {
    let point = |at: u64, text: &str| Point { at, frames: 50, text: text.to_owned() };
    Labels {
        title: "Le café".to_owned(),
        voices: vec!["en_US-joe-medium".to_owned(), "ff_siwis".to_owned()],
        time_reference: 5_000_000_000,
        points: vec![point(10, "Où ?"), point(400, "There!"), point(1 << 40, "too far")],
    }
}

/// The chunks of a RIFF file that fits into memory: names and contents.
fn chunks(bytes: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let (mut at, mut found) = (12, Vec::new());
    while at < bytes.len() {
        let name = bytes[at..at + 4].try_into().expect("four bytes");
        let size = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().expect("four bytes")) as usize;
        found.push((name, bytes[at + 8..at + 8 + size].to_vec()));
        at += 8 + size + size % 2;
    }
    assert_eq!(at, bytes.len());
    found
}

fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

fn written(bits: u16, channels: u16, frames: usize) -> Vec<u8> {
    written_at(44_100, bits, channels, frames)
}

fn written_at(sample_rate: u32, bits: u16, channels: u16, frames: usize) -> Vec<u8> {
    let layout = Layout { sample_rate, bits, channels };
    let mut riff = Riff::begin(Cursor::new(Vec::new()), layout, labels()).expect("begun");
    let count = frames * usize::from(channels);
    match bits {
        32 => riff.floats(&vec![0.5; count]).expect("written"),
        _ => riff.numbers(&vec![-2; count]).expect("written"),
    }
    riff.finish(LEVEL).expect("finished").into_inner()
}

#[test]
fn every_chunk_is_there_and_says_what_it_should() {
    for (bits, channels) in [(16, 1), (16, 2), (24, 1), (24, 2), (32, 1), (32, 2)] {
        let bytes = written(bits, channels, 33);
        assert_eq!(&bytes[..4], b"RIFF");
        assert_eq!(number(&bytes, 4) as u32 as usize, bytes.len() - 8);
        let chunks = chunks(&bytes);
        let names: Vec<String> = chunks.iter().map(|(n, _)| String::from_utf8_lossy(n).into_owned()).collect();
        let fact = if bits == 32 { &["fact"][..] } else { &[] };
        let wanted = [&["JUNK", "bext", "fmt "][..], fact, &["data", "LIST", "cue ", "LIST"]].concat();
        assert_eq!(names, wanted);
        let of = |name: &[u8; 4], nth: usize| &chunks.iter().filter(|(n, _)| n == name).nth(nth).expect("there").1;
        assert_eq!(of(b"data", 0).len(), 33 * usize::from(channels * bits / 8));
        let bext = of(b"bext", 0);
        assert_eq!((&bext[..7], number(bext, 338)), (&b"Le caf?"[..], 5_000_000_000));
        let hundredths = |at: usize| i16::from_le_bytes([bext[at], bext[at + 1]]);
        assert_eq!([346, 412, 414, 416].map(hundredths), [2, -1604, UNKNOWN, -120]);
        assert!(String::from_utf8_lossy(&bext[602..]).starts_with("A=PCM,F=44100,W="));
        let info = String::from_utf8_lossy(of(b"LIST", 0)).into_owned();
        assert!(info.starts_with("INFOINAM") && info.contains("en_US-joe-medium, ff_siwis") && info.contains(PROGRAM));
        let cues = of(b"cue ", 0);
        assert_eq!((cues.len(), number(cues, 0) as u32, number(cues, 8) as u32), (4 + 2 * 24, 2, 10));
        let texts = String::from_utf8_lossy(of(b"LIST", 1)).into_owned();
        assert!(texts.contains("Où ?\0") && texts.contains("There!\0") && !texts.contains("too far"));
    }
}

#[test]
fn a_common_reader_finds_the_samples() {
    for (bits, channels, rate) in [(16, 2, 44_100), (24, 1, 8000), (32, 2, 192_000)] {
        let bytes = written_at(rate, bits, channels, 7);
        let reader = hound::WavReader::new(Cursor::new(bytes)).expect("a WAV file");
        let spec = reader.spec();
        assert_eq!((spec.bits_per_sample, spec.channels, reader.duration()), (bits, channels, 7));
        match bits {
            32 => assert!(reader.into_samples::<f32>().all(|s| s.is_ok_and(|s| s == 0.5))),
            _ => assert!(reader.into_samples::<i32>().all(|s| s.is_ok_and(|s| s == -2))),
        }
    }
}

#[test]
fn beyond_four_gigabytes_the_sizes_have_64_bits() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.wav");
    let layout = Layout { sample_rate: 192_000, bits: 32, channels: 2 };
    let file = BufWriter::new(File::create(&path).expect("a file"));
    let mut riff = Riff::begin(file, layout, labels()).expect("begun");
    let quiet = vec![0.0; 1 << 20];
    let rounds = 1100u64;
    riff.floats(&[0.25, -0.25]).expect("written");
    (0..rounds).for_each(|_| riff.floats(&quiet).expect("stepped over"));
    riff.floats(&[0.5, -0.5]).expect("written");
    riff.finish(LEVEL).expect("finished");

    let mut file = File::open(&path).expect("there");
    let whole = file.metadata().expect("there").len();
    let data = rounds * (4 << 20) + 16;
    let mut head = vec![0; 1000];
    file.read_exact(&mut head).expect("long enough");
    assert_eq!((&head[..4], &head[4..8], &head[12..16]), (&b"RF64"[..], &[0xff; 4][..], &b"ds64"[..]));
    assert_eq!([number(&head, 20), number(&head, 28), number(&head, 36)], [whole - 8, data, data / 8]);
    let at = head.windows(4).position(|name| name == b"data").expect("a data chunk") + 8;
    assert_eq!(&head[at - 4..at], &[0xff; 4]);
    let mut ends = [0; 8];
    assert_eq!(&head[at..at + 8], &[0.25f32.to_le_bytes(), (-0.25f32).to_le_bytes()].concat()[..]);
    file.seek(SeekFrom::Start(at as u64 + data - 8)).expect("sought");
    file.read_exact(&mut ends).expect("long enough");
    assert_eq!(&ends[..], &[0.5f32.to_le_bytes(), (-0.5f32).to_le_bytes()].concat()[..]);
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).expect("read");
    assert!(tail.starts_with(b"LIST") && tail.windows(4).any(|name| name == b"cue "));
}
