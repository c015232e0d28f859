//! In: a folder. Out: the same without the unfinished files and folders that killed processes have
//! left in it. Knows nothing of what is in them.
//!
//! Two signs tell that nobody works on something any more: the lock that its maker held is free, or
//! nothing in it has changed for a long time. The second is for what is not locked: files that are
//! written in one go, and folders that other programs write to as well.

use super::folder::LOCK;
use super::is_unfinished;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Removes the unfinished files and folders that processes which were killed have left in this
/// folder, and says how many. Those that somebody is still writing are locked, and stay.
pub fn sweep_stale(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if !is_unfinished(&entry.file_name()) {
            continue;
        }
        if kind.is_dir() {
            count += usize::from(folder_is_removed(&entry.path()));
        } else if kind.is_file() {
            count += usize::from(file_is_removed(&entry.path()));
        }
    }
    count
}

/// Removes an unfinished file that nobody writes any more.
fn file_is_removed(path: &Path) -> bool {
    let Ok(file) = File::options().read(true).write(true).open(path) else { return false };
    match file.try_lock() {
        Ok(()) => fs::remove_file(path).is_ok(),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

/// Removes an unfinished folder that nobody works on any more.
fn folder_is_removed(folder: &Path) -> bool {
    match File::options().read(true).write(true).open(folder.join(LOCK)) {
        Ok(lock) if lock.try_lock().is_ok() => {
            drop(lock);
            fs::remove_dir_all(folder).is_ok()
        }
        // Not locked yet, or never: it is empty then.
        Err(e) if e.kind() == ErrorKind::NotFound => fs::remove_dir(folder).is_ok(),
        _ => false,
    }
}

/// Removes the folders in `folder` whose names begin with `prefix` and in which nothing has changed
/// for longer than `idle` at the time `now`.
pub(crate) fn sweep_idle(folder: &Path, prefix: &str, idle: Duration, now: SystemTime) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(prefix);
        if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_idle(&entry.path(), idle, now);
        }
    }
}

/// Removes this file, or this folder with all that is in it, where nothing of it has changed for
/// longer than `idle` at the time `now`.
pub(crate) fn remove_idle(path: &Path, idle: Duration, now: SystemTime) {
    let since = last_change(path).and_then(|at| now.duration_since(at).ok());
    if since.is_some_and(|since| since > idle) {
        // What cannot be removed now is found again by the next run.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

/// When this file, or anything in this folder, last changed.
fn last_change(path: &Path) -> Option<SystemTime> {
    let own = fs::symlink_metadata(path).ok()?;
    let mut last = own.modified().ok();
    if own.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            last = last.max(last_change(&entry.path()));
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Artifact;
    use crate::files::{Pending, TempFolder};
    use std::io::Write;

    #[test]
    fn what_a_killed_process_left_is_swept_and_what_is_being_written_is_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let left = dir.path().join(".cuevox-abc123.part");
        let others = [dir.path().join("mine.part"), dir.path().join(".cuevox-notes")];
        fs::write(&left, "half").expect("written");
        others.iter().for_each(|other| fs::write(other, "kept").expect("written"));
        let target = dir.path().join("whole.wav");
        let (mut file, pending) = Pending::create(&target, Artifact::Track).expect("begun");
        assert_eq!(sweep_stale(dir.path()), 1);
        assert!(!left.exists() && others.iter().all(|other| other.exists()));
        file.write_all(b"all").expect("written");
        pending.finish().expect("it is still there");
        assert_eq!(fs::read(&target).expect("there"), b"all");
        assert_eq!(sweep_stale(&dir.path().join("missing")), 0);
    }

    #[test]
    fn a_folder_is_swept_when_nobody_works_on_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let left = [dir.path().join(".cuevox-a.part"), dir.path().join(".cuevox-b.part")];
        left.iter().for_each(|folder| fs::create_dir(folder).expect("made"));
        fs::write(left[0].join(LOCK), "").expect("written");
        fs::write(left[0].join("0001.wav"), "half").expect("written");
        let folder = TempFolder::locked(dir.path()).expect("made");
        assert_eq!(sweep_stale(dir.path()), 2);
        assert!(!left.iter().any(|folder| folder.exists()) && folder.path().join(LOCK).exists());
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_has_changed_lately_is_not_idle() {
        let dir = tempfile::tempdir().expect("a folder");
        let inside = dir.path().join("work-1/deep/file");
        fs::create_dir_all(dir.path().join("work-1/deep")).expect("made");
        fs::create_dir_all(dir.path().join("other/deep")).expect("made");
        fs::write(&inside, "half").expect("written");
        fs::write(dir.path().join("work-2"), "a file of somebody").expect("written");
        let hour = Duration::from_secs(3600);
        let sweep = |hours| sweep_idle(dir.path(), "work-", hour, SystemTime::now() + hour * hours);
        sweep(0);
        assert!(inside.exists());
        // The folders are as old as they are; what is in them is not.
        let file = File::options().write(true).open(&inside).expect("opened");
        file.set_modified(SystemTime::now() + hour * 2).expect("set");
        sweep(2);
        assert!(inside.exists());
        sweep(4);
        assert!(!dir.path().join("work-1").exists());
        assert!(dir.path().join("work-2").exists() && dir.path().join("other/deep").exists());
        remove_idle(&dir.path().join("work-2"), hour, SystemTime::now() + hour * 2);
        assert!(!dir.path().join("work-2").exists());
    }
}
