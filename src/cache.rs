//! In: a voice, ids, frames. Out: what the voice says to them, from a folder where it was said before, else from the
//! voice. Knows no track; an entry that cannot be read or is not what was written is as good as none.
//!
//! An entry is a file named after the SHA-256 of all that decides its content: the revision of entries, the processor's
//! instructions, the voice with its engine's revision, ids, frames and seed. It holds the numbers, little-endian, and then the SHA-256 of
//! name and numbers. It appears in one step, so any number of processes share the folder. When the folder grows beyond its limit,
//! the entries that were not read for longest go.

use crate::error::{Error, Kind, Result, Setting, advice};
use crate::files::{folder_of, is_unfinished, remove_idle, write_whole};
use crate::voice::{Said, Voice, heard, predict, speak};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// The revision of entries: raised when they are laid out otherwise, or when the same question
/// has another answer though the voice's engine says the same.
const REVISION: &str = "1";

/// Bytes of the sum at the end of an entry.
const SUM: usize = 32;

/// The part of its limit that a folder is trimmed below it, so that it is not trimmed again at once.
const SPARE: u64 = 10;

/// The age from which an entry that has no name yet belongs to nobody any more: each is written in one go.
const FORGOTTEN: Duration = Duration::from_secs(3600);

/// The file that says that a folder is a cache: nothing else is ever trimmed.
const TAG: &str = "CACHEDIR.TAG";

/// What it says, by the convention of programs that make backups.
const TAG_TEXT: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Utterances spoken by cuevox; it may be removed at any time.\n";

/// A folder of utterances.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    limit: u64,
    /// Bytes added since the folder was last measured.
    added: AtomicU64,
    trimming: Mutex<()>,
    found: AtomicU64,
    missed: AtomicU64,
}

impl Cache {
    /// The cache in this folder, which is made where it is missing; it holds about `limit` bytes at most.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when the folder cannot be written to, or holds something else.
    pub fn open(folder: &Path, limit: u64) -> Result<Cache> {
        let wrong = |what: &str| {
            Error::new(Kind::Output, what).in_file(folder).with_remedy(advice![
                "name another folder with ",
                Setting::Cache,
                ", or use ",
                Setting::Cache,
                " off"
            ])
        };
        let failed = |e: io::Error| wrong("the cache cannot be written").because(e);
        fs::create_dir_all(folder).map_err(failed)?;
        let tag = folder.join(TAG);
        if !tag.is_file() {
            // Another process may just be doing the same.
            if fs::read_dir(folder).map_err(failed)?.flatten().any(|entry| entry.file_name() != TAG) && !tag.is_file() {
                return Err(wrong("this folder is no cache and not empty, and entries of a cache are removed in time"));
            }
            fs::write(&tag, TAG_TEXT).map_err(failed)?;
        }
        let cache = Cache {
            folder: folder.to_owned(),
            limit,
            added: AtomicU64::new(0),
            trimming: Mutex::default(),
            found: AtomicU64::new(0),
            missed: AtomicU64::new(0),
        };
        cache.trim();
        Ok(cache)
    }

    /// How many entries were found, and how many were not, so far.
    pub fn tally(&self) -> (u64, u64) {
        (self.found.load(Ordering::Relaxed), self.missed.load(Ordering::Relaxed))
    }

    /// As [`predict`].
    ///
    /// # Errors
    /// As [`predict`].
    pub fn durations(&self, voice: &dyn Voice, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
        let key = key("durations", voice, ids, &[], seed);
        if let Some(bytes) = self.get(&key).filter(|bytes| bytes.len() == 4 * ids.len()) {
            return Ok(bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect());
        }
        let frames = predict(voice, ids, seed)?;
        self.put(&key, frames.iter().flat_map(|f| f.to_le_bytes()).collect());
        Ok(frames)
    }

    /// As [`heard`].
    ///
    /// # Errors
    /// As [`heard`].
    pub fn heard(&self, voice: &dyn Voice, said: Said<'_>) -> Result<Option<Range<u64>>> {
        let key = key("heard", voice, said.ids, said.frames, said.seed);
        if let Some(bytes) = self.get(&key)
            && let ([start, end], []) = bytes.as_chunks()
        {
            let heard = u64::from_le_bytes(*start)..u64::from_le_bytes(*end);
            return Ok(Some(heard).filter(|heard| !heard.is_empty()));
        }
        let heard = heard(voice, said)?;
        let kept = heard.clone().unwrap_or_default();
        self.put(&key, [kept.start, kept.end].iter().flat_map(|at| at.to_le_bytes()).collect());
        Ok(heard)
    }

    /// As [`speak`].
    ///
    /// # Errors
    /// As [`speak`].
    pub fn sound(&self, voice: &dyn Voice, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
        let key = key("sound", voice, ids, frames, seed);
        let samples = frames.iter().map(|f| u64::from(*f)).sum::<u64>() * u64::from(voice.clock().hop);
        if let Some(bytes) = self.get(&key).filter(|bytes| bytes.len() as u64 == 4 * samples) {
            return Ok(bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect());
        }
        let sound = speak(voice, ids, frames, seed)?;
        self.put(&key, sound.iter().flat_map(|s| s.to_le_bytes()).collect());
        Ok(sound)
    }

    fn place(&self, key: &str) -> PathBuf {
        self.folder.join(&key[..2]).join(&key[2..])
    }

    /// The content of an entry. One that is damaged is removed.
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.place(key);
        let content = File::open(&path).ok().and_then(|mut file| {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).ok()?;
            Some((file, bytes))
        });
        let whole = content.and_then(|(file, mut bytes)| {
            let sum = bytes.split_off(bytes.len().saturating_sub(SUM));
            if sum != sum_of(key, &bytes) {
                // Removed or not, it is not used.
                let _ = fs::remove_file(&path);
                return None;
            }
            // What was read last is trimmed last; where the time cannot be set, it is trimmed earlier.
            let _ = file.set_modified(SystemTime::now());
            Some(bytes)
        });
        let count = if whole.is_some() { &self.found } else { &self.missed };
        count.fetch_add(1, Ordering::Relaxed);
        whole
    }

    /// Keeps an entry, if that can be done.
    fn put(&self, key: &str, mut bytes: Vec<u8>) {
        let path = self.place(key);
        bytes.extend(sum_of(key, &bytes));
        let folder = folder_of(&path);
        let written = fs::create_dir_all(folder).and_then(|()| write_whole(&path, &bytes));
        // A cache on a full disk is no reason to give up a track.
        if written.is_ok() {
            let added = self.added.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64;
            if added > self.limit / 10 {
                self.trim();
            }
        }
    }

    /// Brings the folder below its limit, the entries first that were not read for longest.
    pub fn trim(&self) {
        let Ok(_alone) = self.trimming.try_lock().or_else(|e| match e {
            std::sync::TryLockError::Poisoned(poisoned) => Ok(PoisonError::into_inner(poisoned)),
            other => Err(other),
        }) else {
            return;
        };
        self.added.store(0, Ordering::Relaxed);
        let mut entries = self.entries();
        let mut total: u64 = entries.iter().map(|entry| entry.1).sum();
        if total <= self.limit {
            return;
        }
        entries.sort();
        for (_, bytes, path) in entries {
            if total <= self.limit - self.limit / SPARE {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total -= bytes;
            }
        }
    }

    /// Every entry: when it was last read, its bytes, its file. What a killed process left unfinished is removed.
    fn entries(&self) -> Vec<(SystemTime, u64, PathBuf)> {
        let listed = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
        let mut entries = Vec::new();
        for folder in listed(&self.folder).filter(|folder| folder.file_name().len() == 2) {
            for file in listed(&folder.path()) {
                let Ok(meta) = file.metadata() else { continue };
                let read = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                if is_unfinished(&file.file_name()) {
                    remove_idle(&file.path(), FORGOTTEN, SystemTime::now());
                } else if meta.is_file() {
                    entries.push((read, meta.len(), file.path()));
                }
            }
        }
        entries
    }
}

fn sum_of(key: &str, bytes: &[u8]) -> [u8; SUM] {
    Sha256::new().chain_update(key).chain_update(bytes).finalize().into()
}

/// The name of an entry. Lengths stand before lists, so that no two different questions are the same bytes.
fn key(what: &str, voice: &dyn Voice, ids: &[i32], frames: &[u32], seed: u64) -> String {
    let mut hash = Sha256::new();
    for text in [what, REVISION, &instructions(), voice.id(), voice.fingerprint()] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hash.update(seed.to_le_bytes());
    hash.update((ids.len() as u64).to_le_bytes());
    ids.iter().for_each(|id| hash.update(id.to_le_bytes()));
    frames.iter().for_each(|count| hash.update(count.to_le_bytes()));
    let digest: [u8; SUM] = hash.finalize().into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The processor's instructions, as far as sums may come out differently with others.
fn instructions() -> String {
    #[cfg(target_arch = "x86_64")]
    let more = [is_x86_feature_detected!("fma"), is_x86_feature_detected!("avx2"), is_x86_feature_detected!("avx512f")];
    #[cfg(not(target_arch = "x86_64"))]
    let more = [false; 3];
    format!("{} {more:?}", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::tone::Tone;

    const IDS: [i32; 4] = [1, 5, 9, 2];

    fn files(folder: &Path) -> Vec<PathBuf> {
        let cache = Cache::open(folder, u64::MAX).expect("a cache");
        cache.entries().into_iter().map(|entry| entry.2).collect()
    }

    #[test]
    fn what_was_spoken_is_found_again_and_nothing_else_is() {
        let dir = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(&dir.path().join("c"), 1 << 30).expect("a cache");
        let frames = cache.durations(&Tone, &IDS, 0).expect("durations");
        assert_eq!(frames, predict(&Tone, &IDS, 0).expect("durations"));
        let sound = cache.sound(&Tone, &IDS, &frames, 0).expect("sound");
        assert_eq!(sound, speak(&Tone, &IDS, &frames, 0).expect("sound"));
        assert_eq!(cache.tally(), (0, 2));
        assert_eq!(cache.durations(&Tone, &IDS, 0).expect("durations"), frames);
        assert_eq!(cache.sound(&Tone, &IDS, &frames, 0).expect("sound"), sound);
        assert_eq!(cache.tally(), (2, 2));
        let longer: Vec<u32> = frames.iter().map(|f| f + 1).collect();
        cache.sound(&Tone, &IDS, &longer, 0).expect("sound");
        cache.sound(&Tone, &IDS, &frames, 1).expect("sound");
        cache.sound(&Tone, &[1, 5, 9, 3], &frames, 0).expect("sound");
        assert_eq!(cache.tally(), (2, 5));
    }

    #[test]
    fn a_damaged_entry_is_spoken_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("c");
        let cache = Cache::open(&folder, 1 << 30).expect("a cache");
        let good = cache.durations(&Tone, &IDS, 0).expect("durations");
        let path = files(&folder).remove(0);
        let bytes = fs::read(&path).expect("an entry");
        let mut flipped = bytes.clone();
        flipped[3] ^= 1;
        for bad in [&flipped[..], &bytes[..bytes.len() - 1], &bytes[..7], &[]] {
            fs::write(&path, bad).expect("damaged");
            assert_eq!(cache.durations(&Tone, &IDS, 0).expect("durations"), good);
            assert_eq!(fs::read(&path).expect("written anew"), bytes);
        }
        assert_eq!(cache.tally(), (0, 5));
        // An entry under another's name is none either.
        cache.durations(&Tone, &IDS, 7).expect("durations");
        let other = files(&folder).into_iter().find(|file| *file != path).expect("another");
        fs::copy(&path, &other).expect("copied");
        cache.durations(&Tone, &IDS, 7).expect("durations");
        assert_eq!(cache.tally(), (0, 7));
    }

    #[test]
    fn the_entries_read_last_are_kept() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("c");
        let cache = Cache::open(&folder, 1 << 30).expect("a cache");
        (0..20).for_each(|seed| drop(cache.durations(&Tone, &IDS, seed)));
        let size = fs::metadata(&files(&folder)[0]).expect("an entry").len();
        for file in files(&folder) {
            let old = SystemTime::now() - Duration::from_secs(1000);
            File::options().write(true).open(file).and_then(|f| f.set_modified(old)).expect("aged");
        }
        (0..5).for_each(|seed| drop(cache.durations(&Tone, &IDS, seed)));
        let small = Cache::open(&folder, 10 * size).expect("a cache");
        assert_eq!(files(&folder).len(), 9);
        (0..5).for_each(|seed| drop(small.durations(&Tone, &IDS, seed)));
        assert_eq!(small.tally(), (5, 0));
    }

    #[test]
    fn a_folder_with_something_else_in_it_is_no_cache() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("letter"), "x").expect("written");
        let error = Cache::open(dir.path(), 100).expect_err("it is not empty");
        assert!(error.to_string().contains("use cache off"), "{error}");
    }
}
