//! In: an MP4 file and a track of it. Out: which part of the track is to be heard, by its edit list. Decodes nothing.
//!
//! An encoder for AAC begins with 1024 samples or more that are no sound, and pads the end; MP4 says how many by an edit
//! (ISO/IEC 14496-12, 8.6.6), which symphonia does not follow. Only what is used for that is understood here: an empty
//! edit at the beginning, which is silence, and one edit after it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// The largest table of contents that is looked at.
const MOST_BYTES: u64 = 256 << 20;

/// What of a track is heard, in samples of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Edits {
    /// Silence before it.
    pub(super) silence: u64,
    /// What is left out at its beginning.
    pub(super) skip: u64,
    /// How long it is with that silence; to its end where it is none.
    pub(super) length: Option<u64>,
}

/// The edits of the track with this number, whose sound has so many samples a second.
pub(super) fn of(path: &Path, track: u32, rate: u32) -> Option<Edits> {
    let mut file = File::open(path).ok()?;
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut at = 0;
    while at + 8 <= end {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(at)).ok()?;
        file.read_exact(&mut head[..8]).ok()?;
        let mut size = u64::from(u32::from_be_bytes(array(&head, 0)?));
        let mut inside = 8;
        if size == 1 {
            file.read_exact(&mut head[8..]).ok()?;
            (size, inside) = (u64::from_be_bytes(array(&head, 8)?), 16);
        }
        let size = if size == 0 { end - at } else { size };
        if &head[4..8] == b"moov" {
            let count = size.checked_sub(inside).filter(|count| *count <= MOST_BYTES.min(end))?;
            let mut contents = vec![0; count as usize];
            file.read_exact(&mut contents).ok()?;
            return in_contents(&contents, track, rate);
        }
        at = at.checked_add(size.max(8))?;
    }
    None
}

fn in_contents(moov: &[u8], track: u32, rate: u32) -> Option<Edits> {
    let (movie_scale, _) = times(inside(moov, b"mvhd")?)?;
    let trak = boxes(moov).filter(|(kind, _)| kind == b"trak").map(|(_, trak)| trak).find(|trak| {
        let number = inside(trak, b"tkhd").and_then(|head| match head.first()? {
            1 => Some(u32::from_be_bytes(array(head, 20)?)),
            _ => Some(u32::from_be_bytes(array(head, 12)?)),
        });
        number == Some(track)
    })?;
    let (scale, whole) = times(inside(inside(trak, b"mdia")?, b"mdhd")?)?;
    let list = inside(inside(trak, b"edts")?, b"elst")?;
    let edits = entries(list)?;
    let scaled = |time: u64, from: u32| -> u64 {
        let exact = u128::from(time) * u128::from(rate);
        ((exact + u128::from(from / 2)) / u128::from(from.max(1))) as u64
    };
    let empty: u64 = edits.iter().take_while(|edit| edit.1 < 0).map(|edit| edit.0).sum();
    let mut rest = edits.iter().skip_while(|edit| edit.1 < 0);
    let (duration, from) = *rest.next()?;
    let from = u64::try_from(from).ok()?;
    // More edits than one make a film out of parts; it is heard as it was recorded.
    if rest.next().is_some() || scale == 0 || movie_scale == 0 {
        return None;
    }
    let silence = scaled(empty, movie_scale);
    let media = scaled(whole.saturating_sub(from), scale);
    // The edit says it in units of the film, often milliseconds; where it agrees with the track to one of those, the
    // track, which counts samples, is right.
    let edited = scaled(duration, movie_scale);
    let unit = scaled(1, movie_scale) + 1;
    let heard = if duration == 0 || edited.abs_diff(media) <= unit || media < edited { media } else { edited };
    Some(Edits { silence, skip: scaled(from, scale), length: Some(silence + heard) })
}

/// Units a second and how many of them, of a movie or media header.
fn times(head: &[u8]) -> Option<(u32, u64)> {
    match head.first()? {
        1 => Some((u32::from_be_bytes(array(head, 20)?), u64::from_be_bytes(array(head, 24)?))),
        _ => Some((u32::from_be_bytes(array(head, 12)?), u64::from(u32::from_be_bytes(array(head, 16)?)))),
    }
}

/// The edits of a list: how long in units of the film, from where in units of the track; from -1 is nothing at all.
fn entries(list: &[u8]) -> Option<Vec<(u64, i64)>> {
    let long = *list.first()? == 1;
    let count = u32::from_be_bytes(array(list, 4)?) as usize;
    let size = if long { 20 } else { 12 };
    let rows = list.get(8..)?.chunks_exact(size).take(count);
    rows.map(|row| match long {
        true => Some((u64::from_be_bytes(array(row, 0)?), i64::from_be_bytes(array(row, 8)?))),
        false => Some((u64::from(u32::from_be_bytes(array(row, 0)?)), i64::from(i32::from_be_bytes(array(row, 4)?)))),
    })
    .collect()
}

/// The boxes in these bytes: kind and contents.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let size = u32::from_be_bytes(array(rest, 0)?) as usize;
        let kind = rest.get(4..8)?;
        let size = if size == 0 { rest.len() } else { size };
        let contents = rest.get(8..size)?;
        rest = &rest[size..];
        Some((kind, contents))
    })
}

fn inside<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|(found, _)| found == kind).map(|(_, contents)| contents)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
        let size = (contents.len() as u32 + 8).to_be_bytes();
        [&size[..], kind, contents].concat()
    }

    fn words(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
    }

    /// A film of 1000 units a second with track 2, of 44,100 units a second and 75,994 long, and these edits.
    fn film(edits: &[(u32, i32)]) -> Vec<u8> {
        let rows: Vec<u32> = edits.iter().flat_map(|(duration, from)| [*duration, *from as u32, 0x1_0000]).collect();
        let list = [words(&[0, edits.len() as u32]), words(&rows)].concat();
        let track = [
            boxed(b"tkhd", &words(&[0, 0, 0, 2, 0, 0])),
            boxed(b"edts", &boxed(b"elst", &list)),
            boxed(b"mdia", &boxed(b"mdhd", &words(&[0, 0, 0, 44_100, 75_994, 0]))),
        ];
        [boxed(b"mvhd", &words(&[0, 0, 0, 1000, 1700, 0])), boxed(b"trak", &track.concat())].concat()
    }

    #[test]
    fn edits_are_followed_to_the_sample_where_the_file_allows() {
        type Row<'a> = (&'a [(u32, i32)], Option<(u64, u64, u64)>);
        let rows: [Row<'_>; 6] = [
            (&[(1700, 1024)], Some((0, 1024, 74_970))),
            (&[(300, -1), (1700, 1024)], Some((13_230, 1024, 13_230 + 74_970))),
            (&[(1000, 1024)], Some((0, 1024, 44_100))),
            (&[(0, 1024)], Some((0, 1024, 74_970))),
            (&[(500, 0), (500, 30_000)], None),
            (&[], None),
        ];
        for (edits, wanted) in rows {
            let found = in_contents(&film(edits), 2, 44_100).map(|e| (e.silence, e.skip, e.length.unwrap_or(0)));
            assert_eq!(found, wanted, "{edits:?}");
        }
        assert_eq!(in_contents(&film(&[(1700, 1024)]), 1, 44_100), None);
    }

    #[test]
    fn bytes_that_are_cut_off_or_overwritten_do_no_harm() {
        let whole = film(&[(300, -1), (1700, 1024)]);
        for end in 0..whole.len() {
            let _ = in_contents(&whole[..end], 2, 44_100);
        }
        for at in 0..whole.len() {
            for value in [0, 1, 127, 255] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                let _ = in_contents(&bytes, 2, 44_100);
            }
        }
    }
}
