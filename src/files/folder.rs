//! In: where a folder is to be. Out: a temporary folder, gone when it is dropped, whose contents
//! get their names when they are whole; folders that are gone again where nothing came of them.
//! Knows nothing of what is in them.

use super::place::{folder_of, is_missing};
use super::unfinished::Unfinished;
use super::{PREFIX, SUFFIX};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// The file in a temporary folder that is locked as long as somebody works on it.
pub(super) const LOCK: &str = "lock";

/// What is called so in a temporary folder had the name that something finished has now.
const REPLACED: &str = "old";

/// How often a folder that another process takes away meanwhile is made again.
const ATTEMPTS: usize = 3;

/// How long a program that was just killed may still hold a file of a temporary folder.
const LAST_BREATH: Duration = Duration::from_millis(200);

/// Folders that were made for something; gone again with this value where they are still empty.
#[derive(Debug, Default)]
pub struct NewFolders {
    /// In the order of their making, so that none comes before the one it is in.
    made: Vec<PathBuf>,
}

impl NewFolders {
    /// This folder, if it is missing so far; those above it are to stay, whatever comes of it.
    /// Makes nothing.
    pub fn only(folder: &Path) -> NewFolders {
        NewFolders { made: if is_missing(folder) { vec![folder.to_owned()] } else { Vec::new() } }
    }

    /// Makes the folder that a file or folder of this name is to be in, and those above that are
    /// missing.
    ///
    /// # Errors
    /// When it cannot be made; then none is left.
    pub(crate) fn above(target: &Path) -> io::Result<NewFolders> {
        let mut folders = NewFolders::default();
        folders.make(folder_of(target))?;
        Ok(folders)
    }

    /// Makes a folder, and those above it that are missing, and takes them in.
    ///
    /// # Errors
    /// When it cannot be made; those above it that could be made are taken in all the same.
    pub fn make(&mut self, folder: &Path) -> io::Result<()> {
        let first = self.made.len();
        for above in folder.ancestors() {
            if !is_missing(above) {
                break;
            }
            self.made.insert(first, above.to_owned());
        }
        fs::create_dir_all(folder)
    }

    /// Lets them stay, whatever is in them.
    pub(crate) fn keep(mut self) {
        self.made.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Fails where anything lies in it, as it should.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A folder with a temporary name, gone with this value and with all that is in it.
#[derive(Debug)]
pub(crate) struct TempFolder {
    dir: Option<TempDir>,
    path: PathBuf,
    lock: Option<File>,
    // Last, so that the folder is known as unfinished until it is gone.
    _unfinished: Unfinished,
}

impl TempFolder {
    /// Makes one in `folder`, its name beginning with `prefix`. It is not locked:
    /// [`sweep_idle`](super::sweep_idle) removes it where nothing in it has changed for long.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn named(prefix: &str, folder: &Path) -> io::Result<TempFolder> {
        tempfile::Builder::new().prefix(prefix).tempdir_in(folder).map(TempFolder::of)
    }

    /// Makes one in `folder` that [`sweep_stale`](super::sweep_stale) lets alone until it is gone.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn locked(folder: &Path) -> io::Result<TempFolder> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        // One that is swept between its making and its locking is made again.
        loop {
            let mut made = builder.tempdir_in(folder).map(TempFolder::of)?;
            let lock = made.path.join(LOCK);
            match File::create_new(&lock) {
                // Where nothing can be locked, nothing is swept either.
                Ok(file) if file.lock().is_err() || lock.exists() => {
                    made.lock = Some(file);
                    return Ok(made);
                }
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
    }

    fn of(dir: TempDir) -> TempFolder {
        let path = dir.path().to_owned();
        let _unfinished = Unfinished::at(&path);
        TempFolder { dir: Some(dir), path, lock: None, _unfinished }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves what is called `name` in it to `target`, in the place of whatever is there.
    ///
    /// # Errors
    /// When it cannot be moved; then what was there is there again.
    pub(crate) fn release(&self, name: &str, target: &Path) -> io::Result<()> {
        let replaced = self.path.join(REPLACED);
        let replaces = !is_missing(target);
        if replaces {
            fs::rename(target, &replaced)?;
        }
        let moved = fs::rename(self.path.join(name), target);
        if moved.is_err() && replaces {
            // Where even that fails, the first error says enough.
            let _ = fs::rename(&replaced, target);
        }
        moved
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // Closed first, since what is open cannot be removed everywhere.
        self.lock = None;
        if let Some(Err(e)) = self.dir.take().map(TempDir::close)
            && e.kind() != ErrorKind::NotFound
        {
            // A program that was killed may not be gone yet; where it takes longer, a later run
            // sweeps what stays.
            std::thread::sleep(LAST_BREATH);
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Does `work` in `folder`, which is made where it is missing, again if another process removed it
/// meanwhile.
///
/// # Errors
/// Those of making the folder and of the work.
pub(crate) fn in_folder<T>(folder: &Path, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    let mut attempt = 1;
    loop {
        match fs::create_dir_all(folder).and_then(|()| work()) {
            Err(e) if e.kind() == ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_folders_are_gone_where_they_are_empty() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("old")).expect("made");
        let mut made = NewFolders::default();
        for folder in ["a/b", "a/c", "old/d", "e/f", "old"] {
            made.make(&at(folder)).expect("made");
        }
        fs::write(at("e/kept"), "").expect("written");
        drop(made);
        let there = ["a", "a/b", "e", "e/f", "old", "old/d"].map(|name| at(name).exists());
        assert_eq!(there, [false, false, true, false, true, false]);
        NewFolders::above(&at("g/h/file")).expect("made").keep();
        assert!(at("g/h").is_dir());
        let only = NewFolders::only(&at("i/j"));
        fs::create_dir_all(at("i/j")).expect("made");
        drop((only, NewFolders::only(&at("old"))));
        assert_eq!(["i", "i/j", "old"].map(|name| at(name).exists()), [true, false, true]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let long = dir.path().join("new").join("x".repeat(300)).join("file");
        assert!(NewFolders::above(&long).is_err());
        assert!(!dir.path().join("new").exists());
    }

    #[test]
    fn what_is_released_replaces_what_was_there_and_else_that_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let target = dir.path().join("target");
        let holds = || fs::read_to_string(target.join("file")).unwrap_or_default();
        for text in ["first", "second"] {
            let temp = TempFolder::named("work-", dir.path()).expect("made");
            fs::create_dir(temp.path().join("made")).expect("made");
            fs::write(temp.path().join("made/file"), text).expect("written");
            temp.release("made", &target).expect("released");
            assert_eq!(holds(), text);
            assert!(temp.release("made", &target).is_err(), "it is there no more");
            assert_eq!(holds(), text);
        }
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn work_is_done_again_in_a_folder_that_was_taken_away() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("a/b");
        for (failures, is_done) in [(ATTEMPTS - 1, true), (ATTEMPTS, false)] {
            let calls = std::cell::Cell::new(0);
            let done = in_folder(&folder, || {
                calls.set(calls.get() + 1);
                if calls.get() > failures {
                    return Ok(());
                }
                fs::remove_dir(&folder)?;
                fs::write(folder.join("file"), "")
            });
            assert_eq!(done.is_ok(), is_done, "{done:?}");
        }
    }
}
