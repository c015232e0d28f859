//! In: the environment and a folder of voices. Out: which folder it is, a place in it for unfinished files, and finished
//! files under their names. Knows no voice.

use super::check::unwritable;
use crate::error::{Error, Kind, Result, Setting, advice};
use crate::files::{NewFolders, TempFolder, folder_of, in_folder, sweep_idle};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How the names of folders with unfinished files begin.
pub(super) const PREFIX: &str = ".cuevox-install-";

/// After so long without a change, such a folder belongs to a run that is dead.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// The folder of voices, see [`Store::default_dir`](super::Store::default_dir).
pub(super) fn choose_dir(asked: Option<OsString>, current: Option<PathBuf>, data: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
        return Ok(PathBuf::from(asked));
    }
    let checkout = current.filter(|at| at.join("Cargo.toml").is_file() && at.join("voices/catalog.json").is_file());
    checkout.or(data).map(|base| base.join("voices")).ok_or_else(|| {
        Error::new(Kind::Voice, "this system names no folder for a program's data").with_remedy(advice![
            "give one with ",
            Setting::VoicesDir,
            " or CUEVOX_VOICES_DIR"
        ])
    })
}

/// A folder for unfinished files inside the folder of voices, gone with all it holds when this value goes.
pub(super) struct Workspace {
    temp: TempFolder,
    // After the temporary folder, which is in it.
    _root: NewFolders,
    next: usize,
}

impl Workspace {
    /// Makes one in `root`, which is made too where it does not exist; sweeps out what dead runs left.
    pub(super) fn open(root: &Path) -> Result<Workspace> {
        sweep(root, SystemTime::now());
        let _root = NewFolders::only(root);
        let temp = in_folder(root, || TempFolder::named(PREFIX, root));
        let temp = temp.map_err(|e| unwritable(root, e))?;
        Ok(Workspace { temp, _root, next: 0 })
    }

    /// A path for a new file or folder in it.
    pub(super) fn fresh(&mut self) -> PathBuf {
        self.next += 1;
        self.temp.path().join(self.next.to_string())
    }

    /// A new empty folder in it.
    pub(super) fn fresh_dir(&mut self) -> Result<PathBuf> {
        let path = self.fresh();
        fs::create_dir(&path).map_err(|e| unwritable(&path, e))?;
        Ok(path)
    }
}

/// Moves a finished file to its name in `root`, in one step.
pub(super) fn place(finished: &Path, root: &Path, name: &str) -> Result<()> {
    let target = root.join(name);
    let folder = folder_of(&target);
    in_folder(folder, || fs::rename(finished, &target)).map_err(|e| unwritable(folder, e))
}

/// Removes folders of unfinished files that nothing has touched for a day.
pub(super) fn sweep(root: &Path, now: SystemTime) {
    sweep_idle(root, PREFIX, ABANDONED, now);
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
