//! In: where a file or folder is to be, and what is in it. Out: the file or folder, there whole or
//! not at all; nothing of it after an error, after Ctrl-C, and after a while where a process was
//! killed. Knows nothing of what is written.
//!
//! Whatever is being made lies beside its target under a temporary name and gets its own by a
//! rename, which a file system does in one step. `atomic` has the files, `folder` the folders,
//! `place` the checks and errors of places. What a destructor cannot remove is known to
//! [`unfinished`], for the handler of a signal, and what no handler can, as after SIGKILL, is
//! removed by a later run with `stale`. Nothing is forced onto the disk here: after a power cut a
//! file may be missing or empty. A download is, before it is renamed (see
//! [`Store`](crate::voice::store::Store)).

mod atomic;
mod folder;
mod place;
mod stale;
pub mod unfinished;

pub use crate::error::Artifact;
pub use atomic::SmallFile;
pub(crate) use atomic::{Pending, Scratch, write_whole};
pub use folder::NewFolders;
pub(crate) use folder::{TempFolder, in_folder};
pub(crate) use place::{Cause, cut_short, folder_of, plain, unwritable};
pub use stale::sweep_stale;
pub(crate) use stale::{remove_idle, sweep_idle};

use std::ffi::OsStr;

/// How temporary names begin.
const PREFIX: &str = ".cuevox-";

/// How temporary names end.
const SUFFIX: &str = ".part";

/// Whether a file or folder has a temporary name.
pub(crate) fn is_unfinished(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX))
}
