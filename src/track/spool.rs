//! In: clips and where each begins. Out: the speech of a track, read again from any place, as often as it is needed, in as
//! little memory as one clip. Knows no level and no file format.
//!
//! The clips lie one after the other in a file without a name beside the track to be, which is gone with the process,
//! however that ends.

use crate::error::Result;
use crate::wav::{NewFolders, nameless, spooling};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Clips, one after the other.
pub(super) struct Spool {
    file: File,
    target: PathBuf,
    clips: Vec<Clip>,
    stored: u64,
    bytes: Vec<u8>,
    // Last, so that the file in them is gone before they go.
    _folders: NewFolders,
}

/// Where a clip is: in the track and in the file, in samples.
#[derive(Clone, Copy, Debug)]
struct Clip {
    start: u64,
    end: u64,
    stored: u64,
}

impl Spool {
    /// An empty one, beside the file `target`.
    pub(super) fn create(target: &Path) -> Result<Spool> {
        let (file, _folders) = nameless(target)?;
        Ok(Spool { file, target: target.to_owned(), clips: Vec::new(), stored: 0, bytes: Vec::new(), _folders })
    }

    /// Adds a clip, which begins after the end of the last one.
    pub(super) fn add(&mut self, start: u64, clip: &[f32]) -> Result<()> {
        self.bytes.clear();
        self.bytes.extend(clip.iter().flat_map(|sample| sample.to_le_bytes()));
        self.file.write_all(&self.bytes).map_err(|e| spooling(&self.target, e))?;
        self.clips.push(Clip { start, end: start + clip.len() as u64, stored: self.stored });
        self.stored += clip.len() as u64;
        Ok(())
    }

    /// The speech from sample `at` on: all of `out`, silence where nobody speaks.
    pub(super) fn read(&mut self, at: u64, out: &mut [f32]) -> Result<()> {
        out.fill(0.0);
        let until = at + out.len() as u64;
        let first = self.clips.partition_point(|clip| clip.end <= at);
        for clip in self.clips[first..].iter().take_while(|clip| clip.start < until) {
            let (from, to) = (clip.start.max(at), clip.end.min(until));
            self.bytes.resize((to - from) as usize * 4, 0);
            let place = SeekFrom::Start((clip.stored + from - clip.start) * 4);
            let read = self.file.seek(place).and_then(|_| self.file.read_exact(&mut self.bytes));
            read.map_err(|e| spooling(&self.target, e))?;
            let samples = out[(from - at) as usize..].iter_mut().zip(self.bytes.as_chunks::<4>().0);
            samples.for_each(|(sample, bytes)| *sample = f32::from_le_bytes(*bytes));
        }
        Ok(())
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
            spool.add(start as u64, &clip).expect("added");
        }
        for (at, count) in [(0, 5000), (0, 4), (4, 2), (799, 2), (800, 10), (3999, 400), (4299, 3), (200, 0)] {
            let mut part = vec![9.0; count];
            spool.read(at as u64, &mut part).expect("read");
            assert_eq!(part, whole[at..at + count], "{count} from {at}");
        }
        drop(spool);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
