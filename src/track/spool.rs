//! In: clips, where each begins and whose it is. Out: the speech of a track, or of one voice in it, read again from any
//! place, as often as it is needed, in as little memory as one clip. Where clips overlap, they add up. Knows no level and no
//! file format.
//!
//! The clips lie one after the other in a file without a name beside the track to be, which is gone with the process,
//! however that ends.

use crate::error::{Error, Result};
use crate::files::{Artifact, Scratch, cut_short, plain};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Clips, one after the other.
pub(super) struct Spool {
    scratch: Scratch,
    target: PathBuf,
    clips: Vec<Clip>,
    stored: u64,
    bytes: Vec<u8>,
}

/// Where a clip is: in the track and in the file, in samples.
#[derive(Clone, Copy, Debug)]
struct Clip {
    start: u64,
    end: u64,
    stored: u64,
    voice: usize,
    /// The end of all clips up to this one.
    reach: u64,
}

/// Adds samples to `sum` from place `at` on. What was added before ends at `known`; it began no later than this does, so
/// there is something to add to up to there, and nothing beyond, where samples stay what they are, bit by bit. Returns the
/// end of all.
pub(super) fn add(sum: &mut [f32], known: usize, at: usize, samples: impl ExactSizeIterator<Item = f32>) -> usize {
    let (end, mut samples) = (at + samples.len(), samples);
    let shared = known.clamp(at, end);
    for (place, sample) in sum[at..shared].iter_mut().zip(&mut samples) {
        *place += sample;
    }
    for (place, sample) in sum[shared..end].iter_mut().zip(samples) {
        *place = sample;
    }
    known.max(end)
}

impl Spool {
    /// An empty one, beside the file `target`.
    pub(super) fn create(target: &Path) -> Result<Spool> {
        let scratch = Scratch::beside(target, Artifact::Track)?;
        let (clips, bytes) = (Vec::new(), Vec::new());
        Ok(Spool { scratch, target: target.to_owned(), clips, stored: 0, bytes })
    }

    /// Adds a clip of a voice, which begins no earlier than the last one.
    pub(super) fn add(&mut self, start: u64, voice: usize, clip: &[f32]) -> Result<()> {
        self.bytes.resize(clip.len() * 4, 0);
        for (to, sample) in self.bytes.as_chunks_mut::<4>().0.iter_mut().zip(clip) {
            *to = sample.to_le_bytes();
        }
        self.scratch.file.write_all(&self.bytes).map_err(|e| self.broken(e))?;
        let end = start + clip.len() as u64;
        let reach = self.clips.last().map_or(end, |last| last.reach.max(end));
        self.clips.push(Clip { start, end, stored: self.stored, voice, reach });
        self.stored += clip.len() as u64;
        Ok(())
    }

    /// The speech from sample `at` on: all of `out`, silence where nobody speaks.
    pub(super) fn read(&mut self, at: u64, out: &mut [f32]) -> Result<()> {
        self.read_of(None, at, out)
    }

    /// What one voice says of it, or all of them, from sample `at` on.
    pub(super) fn read_of(&mut self, voice: Option<usize>, at: u64, out: &mut [f32]) -> Result<()> {
        out.fill(0.0);
        let until = at + out.len() as u64;
        let first = self.clips.partition_point(|clip| clip.reach <= at);
        let mut known = 0;
        for clip in self.clips[first..].iter().take_while(|clip| clip.start < until) {
            let (from, to) = (clip.start.max(at), clip.end.min(until));
            if from >= to || voice.is_some_and(|voice| voice != clip.voice) {
                continue;
            }
            self.bytes.resize((to - from) as usize * 4, 0);
            let place = SeekFrom::Start((clip.stored + from - clip.start) * 4);
            let file = &mut self.scratch.file;
            let read = file.seek(place).and_then(|_| file.read_exact(&mut self.bytes));
            read.map_err(|e| self.broken(e))?;
            let samples = self.bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
            known = add(out, known, (from - at) as usize, samples);
        }
        Ok(())
    }

    /// An error of writing or reading the file, which only the program itself knows: it is one about
    /// the track.
    fn broken(&self, cause: io::Error) -> Error {
        cut_short(&self.target, Artifact::Track, plain(cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_is_read_back_from_any_place_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("new/t.wav");
        let mut spool = Spool::create(&target).expect("begun");
        let mut whole = vec![0.0f32; 5000];
        for (start, count) in [(3, 2), (5, 1), (100, 700), (4000, 300)] {
            let clip: Vec<f32> = (0..count).map(|i| (start + i + 1) as f32).collect();
            whole[start..start + count].copy_from_slice(&clip);
            spool.add(start as u64, 0, &clip).expect("added");
        }
        for (at, count) in [(0, 5000), (0, 4), (4, 2), (799, 2), (800, 10), (3999, 400), (4299, 3), (200, 0)] {
            let mut part = vec![9.0; count];
            spool.read(at as u64, &mut part).expect("read");
            assert_eq!(part, whole[at..at + count], "{count} from {at}");
        }
        drop(spool);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn clips_that_overlap_add_up_and_each_voice_is_still_there_by_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::create(&folder.path().join("t.wav")).expect("begun");
        // A long clip, two short ones within it, one that goes on beyond it, one alone.
        let clips = [(10, 0, 900), (20, 1, 5), (20, 2, 30), (700, 1, 400), (2000, 0, 50)];
        let mut voices = vec![vec![0.0f32; 3000]; 3];
        let mut whole = vec![0.0f32; 3000];
        for (number, (start, voice, count)) in clips.into_iter().enumerate() {
            let clip: Vec<f32> = (0..count).map(|i| (i + 1) as f32 * 0.37 + number as f32).collect();
            voices[voice][start..start + count].copy_from_slice(&clip);
            whole[start..start + count].iter_mut().zip(&clip).for_each(|(sum, sample)| *sum += sample);
            spool.add(start as u64, voice, &clip).expect("added");
        }
        for (at, count) in [(0, 3000), (24, 1), (24, 2), (49, 700), (905, 10), (1090, 20), (2049, 2), (2050, 900)] {
            let mut part = vec![9.0; count];
            for (voice, wanted) in [(None, &whole), (Some(0), &voices[0]), (Some(1), &voices[1]), (Some(2), &voices[2])]
            {
                spool.read_of(voice, at as u64, &mut part).expect("read");
                assert_eq!(part, wanted[at..at + count], "{count} of {voice:?} from {at}");
            }
        }
    }

    #[test]
    fn a_clip_that_stands_alone_is_read_back_bit_by_bit() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::create(&folder.path().join("t.wav")).expect("begun");
        spool.add(1, 0, &[-0.0, 0.5]).expect("added");
        spool.add(2, 1, &[0.25, -0.0]).expect("added");
        let mut part = [9.0; 5];
        spool.read(0, &mut part).expect("read");
        assert_eq!(part.map(f32::to_bits), [0.0, -0.0, 0.75, -0.0, 0.0].map(f32::to_bits));
    }
}
