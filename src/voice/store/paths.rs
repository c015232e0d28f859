//! In: the environment and a folder of voices. Out: which folder it is, a place in it for unfinished files, and finished
//! files under their names. Knows no voice.

use super::check::unwritable;
use crate::error::{Error, Kind, Result};
use crate::progress::unfinished::Unfinished;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// How the names of folders with unfinished files begin.
pub(super) const PREFIX: &str = ".cuevox-install-";

/// After so long without a change, such a folder belongs to a run that is dead.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// How often a folder that another process takes away meanwhile is made again.
const ATTEMPTS: usize = 3;

/// The folder of voices, see [`Store::default_dir`](super::Store::default_dir).
pub(super) fn choose_dir(asked: Option<OsString>, current: Option<PathBuf>, data: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
        return Ok(PathBuf::from(asked));
    }
    let checkout = current.filter(|at| at.join("Cargo.toml").is_file() && at.join("voices/catalog.json").is_file());
    checkout.or(data).map(|base| base.join("voices")).ok_or_else(|| {
        Error::new(Kind::Voice, "this system names no folder for a program's data")
            .help("give one with --voices-dir or CUEVOX_VOICES_DIR")
    })
}

/// A folder for unfinished files inside the folder of voices, gone with all it holds when this value goes.
pub(super) struct Workspace {
    temp: Option<TempDir>,
    _unfinished: Unfinished,
    path: PathBuf,
    root: PathBuf,
    root_is_new: bool,
    next: usize,
}

impl Workspace {
    /// Makes one in `root`, which is made too where it does not exist; sweeps out what dead runs left.
    pub(super) fn open(root: &Path) -> Result<Workspace> {
        sweep(root, SystemTime::now());
        let root_is_new = !root.exists();
        let temp = with_folder(root, || tempfile::Builder::new().prefix(PREFIX).tempdir_in(root))?;
        let path = temp.path().to_owned();
        let _unfinished = Unfinished::at(&path);
        Ok(Workspace { temp: Some(temp), _unfinished, path, root: root.to_owned(), root_is_new, next: 0 })
    }

    /// A path for a new file or folder in it.
    pub(super) fn fresh(&mut self) -> PathBuf {
        self.next += 1;
        self.path.join(self.next.to_string())
    }

    /// A new empty folder in it.
    pub(super) fn fresh_dir(&mut self) -> Result<PathBuf> {
        let path = self.fresh();
        fs::create_dir(&path).map_err(|e| unwritable(&path, e))?;
        Ok(path)
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        // A program that was just killed may still hold a file for a moment; a later run sweeps what stays.
        if let Some(Err(_)) = self.temp.take().map(TempDir::close) {
            std::thread::sleep(Duration::from_millis(200));
            let _ = fs::remove_dir_all(&self.path);
        }
        if self.root_is_new {
            // Fails where anything was installed, as it should.
            let _ = fs::remove_dir(&self.root);
        }
    }
}

/// Moves a finished file to its name in `root`, in one step.
pub(super) fn place(finished: &Path, root: &Path, name: &str) -> Result<()> {
    let target = root.join(name);
    let folder = target.parent().unwrap_or(root);
    with_folder(folder, || fs::rename(finished, &target))
}

/// Does `work` in `folder`, which is made where it does not exist, again if another process removed it meanwhile.
fn with_folder<T>(folder: &Path, work: impl Fn() -> std::io::Result<T>) -> Result<T> {
    let mut attempt = 1;
    loop {
        match fs::create_dir_all(folder).and_then(|()| work()) {
            Err(e) if e.kind() == ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            done => return done.map_err(|e| unwritable(folder, e)),
        }
    }
}

/// Removes folders of unfinished files that nothing has touched for a day.
pub(super) fn sweep(root: &Path, now: SystemTime) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let idle = || last_change(&entry.path()).and_then(|at| now.duration_since(at).ok());
        if ours && idle().is_some_and(|idle| idle > ABANDONED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// When anything in this folder last changed.
fn last_change(path: &Path) -> Option<SystemTime> {
    let own = fs::symlink_metadata(path).ok()?;
    let inner = if own.is_dir() { fs::read_dir(path).ok() } else { None };
    let inner = inner.into_iter().flatten().flatten().filter_map(|entry| last_change(&entry.path()));
    inner.chain(own.modified().ok()).max()
}

/// Bytes of all files in this folder and below.
pub(super) fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.filter_map(|entry| match entry.file_type().ok()? {
        kind if kind.is_dir() => Some(bytes_in(&entry.path())),
        kind if kind.is_file() => entry.metadata().ok().map(|m| m.len()),
        _ => None,
    });
    sizes.sum()
}
