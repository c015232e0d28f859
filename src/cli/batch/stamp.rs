//! In: what a track is made from, and the files that came of it. Out: whether it is finished already. Renders nothing.
//!
//! Below the folder of tracks, `.cuevox/` holds a small JSON file for each: a SHA-256 over all that decides its bytes (the
//! transcript, the options, the voices' files, media files, the revision of what tracks hold), and size, time and SHA-256 of each
//! file that was written. A file of the same size and time is taken for unchanged; where the time differs, it is read.
//! The stamp is written last, so a killed run leaves none, and its tracks are made again, byte for byte the same.

use crate::cli::names::below;
use cuevox::error::Result;
use cuevox::files::{Artifact, SmallFile};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The folder of stamps, in the folder of tracks.
pub(super) const FOLDER: &str = ".cuevox";

/// What a transcript came to, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Numbers {
    /// Lines in it.
    pub(super) lines: usize,
    /// Lines that are heard.
    pub(super) spoken: usize,
    /// Lines that begin late.
    pub(super) late: usize,
    /// Lines that begin early.
    #[serde(default)]
    pub(super) early: usize,
    /// Lines that are spoken fast.
    pub(super) hurried: usize,
    /// Lines that end past their window.
    pub(super) overrun: usize,
    /// Warnings about it.
    pub(super) warnings: usize,
    /// Seconds of speech.
    pub(super) speech_s: f64,
    /// Seconds of its tracks.
    pub(super) duration_s: f64,
}

/// What is known of a finished track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// The SHA-256 of all that it was made from.
    pub(super) key: String,
    /// The voices that were there to choose from, where speakers were given some of them.
    pub(super) installed: Option<String>,
    /// What came of it.
    pub(super) files: Vec<Product>,
    /// Lines as files.
    #[serde(default)]
    pub(super) lines: Vec<Product>,
    /// The same in numbers.
    pub(super) numbers: Numbers,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Product {
    path: String,
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    sha256: String,
}

fn modified(meta: &fs::Metadata) -> u64 {
    let since = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH).duration_since(UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(super) fn sum(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of a file, in hexadecimal.
pub(super) fn sum_of_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut HashWriter(&mut hash))?;
    let digest: [u8; 32] = hash.finalize().into();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Product {
    /// A file as it is now.
    pub(super) fn of(path: &Path, folder: &Path) -> io::Result<Product> {
        let meta = fs::metadata(path)?;
        let sha256 = sum_of_file(path)?;
        Ok(Product { path: below(path, folder), bytes: meta.len(), modified: modified(&meta), sha256 })
    }

    /// Whether the file is still what was written.
    fn is_there(&self, folder: &Path) -> bool {
        let path = folder.join(&self.path);
        fs::metadata(&path).is_ok_and(|meta| {
            let same = || sum_of_file(&path).is_ok_and(|sum| sum == self.sha256);
            meta.is_file() && meta.len() == self.bytes && (modified(&meta) == self.modified || same())
        })
    }

    /// Where it is, as it would be named from here.
    pub(super) fn path(&self, folder: &Path) -> PathBuf {
        let whole = folder.join(&self.path);
        let here = std::env::current_dir().unwrap_or_default();
        whole.strip_prefix(here).map_or_else(|_| whole.clone(), Path::to_owned)
    }
}

fn place(folder: &Path, id: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("{id}.json"))
}

impl Stamp {
    /// The stamp of a track that is finished as it would be now, with all of `wanted` among its files.
    pub(super) fn find(
        folder: &Path,
        id: &str,
        key: &str,
        wanted: &[&Path],
        installed: impl Fn() -> String,
    ) -> Option<Stamp> {
        let stamp: Stamp = serde_json::from_slice(&fs::read(place(folder, id)).ok()?).ok()?;
        let has = |path: &&Path| stamp.files.iter().any(|file| file.path == below(path, folder));
        let same_voices = || stamp.installed.as_ref().is_none_or(|then| *then == installed());
        let whole = stamp.key == key && wanted.iter().all(has) && same_voices();
        (whole && stamp.files.iter().chain(&stamp.lines).all(|file| file.is_there(folder))).then_some(stamp)
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(super) fn keep(&self, folder: &Path, id: &str) -> Result<()> {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        SmallFile::create(&place(folder, id), Artifact::Report)?.finish(&bytes)
    }
}

/// Every file that stamps in this folder of tracks tell of.
pub(super) fn made(folder: &Path) -> Vec<PathBuf> {
    let stamps = fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
    let read = |entry: fs::DirEntry| serde_json::from_slice::<Stamp>(&fs::read(entry.path()).ok()?).ok();
    stamps.filter_map(read).flat_map(|stamp| stamp.files).map(|file| folder.join(file.path)).collect()
}

/// The right to make a track; nobody else has it until this is dropped.
pub(super) struct Claim {
    locked: Option<(PathBuf, File)>,
}

impl Claim {
    /// The right, unless another process has it. Where nothing can be locked, everybody has it: two processes then make
    /// the same track, one after the other.
    pub(super) fn take(folder: &Path, id: &str) -> Option<Claim> {
        let path = folder.join(FOLDER).join(format!("{id}.lock"));
        loop {
            let opened = File::options().create(true).truncate(false).write(true).open(&path);
            let Ok(file) = opened else { return Some(Claim { locked: None }) };
            match file.try_lock() {
                // Whoever had it before may have removed the file while it was being opened here.
                Ok(()) if !path.exists() => {}
                Ok(()) => return Some(Claim { locked: Some((path, file)) }),
                Err(fs::TryLockError::WouldBlock) => return None,
                Err(fs::TryLockError::Error(_)) => return Some(Claim { locked: None }),
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.locked {
            // Left behind, it is an empty file that the next run locks again.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamped() -> (tempfile::TempDir, Stamp) {
        let dir = tempfile::tempdir().expect("a folder");
        let track = dir.path().join("a/talk.wav");
        fs::create_dir_all(dir.path().join("a")).expect("made");
        fs::write(&track, "samples").expect("written");
        let files = vec![Product::of(&track, dir.path()).expect("there")];
        let (lines, installed) = (Vec::new(), Some("x".into()));
        let stamp = Stamp { key: "k".into(), installed, files, lines, numbers: Numbers::default() };
        stamp.keep(dir.path(), "1").expect("kept");
        (dir, stamp)
    }

    #[test]
    fn a_track_is_finished_as_long_as_nothing_about_it_has_changed() {
        let (dir, stamp) = stamped();
        let (folder, track) = (dir.path(), dir.path().join("a/talk.wav"));
        let find = |id: &str, key: &str, voices: &str| Stamp::find(folder, id, key, &[&track], || voices.to_owned());
        assert_eq!(find("1", "k", "x"), Some(stamp));
        assert_eq!((find("1", "other", "x"), find("1", "k", "x y"), find("2", "k", "x")), (None, None, None));
        let report = folder.join("r.json");
        assert_eq!(Stamp::find(folder, "1", "k", &[&track, &report], || "x".to_owned()), None);
        // Touched, it is read; changed, it is not what was made, though as long.
        fs::write(&track, "samples").expect("written");
        assert!(find("1", "k", "x").is_some());
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&track, "SAMPLES").expect("written");
        assert_eq!(find("1", "k", "x"), None);
        fs::remove_file(&track).expect("removed");
        assert_eq!(find("1", "k", "x"), None);
    }

    #[test]
    fn a_damaged_stamp_is_none() {
        let (dir, _) = stamped();
        fs::write(place(dir.path(), "1"), "{\"key\":\"k\"").expect("written");
        assert_eq!(Stamp::find(dir.path(), "1", "k", &[], || "x".to_owned()), None);
    }

    #[test]
    fn one_at_a_time_makes_a_track() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join(FOLDER)).expect("made");
        let claim = Claim::take(dir.path(), "1").expect("nobody has it");
        assert!(Claim::take(dir.path(), "1").is_none());
        assert!(Claim::take(dir.path(), "2").is_some());
        drop(claim);
        assert!(Claim::take(dir.path(), "1").is_some());
        assert_eq!(fs::read_dir(dir.path().join(FOLDER)).expect("a folder").count(), 0);
    }
}
