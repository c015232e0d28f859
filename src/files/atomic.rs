//! In: the name of a file that will be, and what is in it. Out: the file, under its name only when
//! it is whole; given up before, nothing of it stays. Knows nothing of what is written.

use super::folder::NewFolders;
use super::place::{destination, folder_of, is_special, plain, unwritable};
use super::unfinished::Unfinished;
use super::{PREFIX, SUFFIX};
use crate::error::{Artifact, Error, Kind, Result};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Who may read a file, and write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Whoever may read and write other new files of this user, by the process's umask: what is
    /// made for the user.
    AsUsual,
    /// The user alone: what the program keeps for itself.
    Owner,
}

/// A file with a temporary name, gone with this value.
struct Part {
    path: TempPath,
    // Last, so that the file is known as unfinished until it is gone.
    _unfinished: Unfinished,
}

impl Part {
    /// Makes an empty one in this folder, which is there.
    fn begin(folder: &Path, access: Access) -> io::Result<(File, Part)> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        if access == Access::AsUsual {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let (file, path) = builder.tempfile_in(folder)?.into_parts();
        let _unfinished = Unfinished::at(&path);
        Ok((file, Part { path, _unfinished }))
    }

    /// Makes one that [`sweep_stale`](super::sweep_stale) lets alone: it is locked as long as it is
    /// open. One that was swept between its making and its locking is made again.
    fn locked(folder: &Path) -> io::Result<(File, Part)> {
        loop {
            let (file, part) = Part::begin(folder, Access::AsUsual)?;
            // Where nothing can be locked, nothing is swept either.
            if file.lock().is_err() || part.path.exists() {
                return Ok((file, part));
            }
        }
    }

    /// Gives it this name, in one step. Where that fails, it is gone.
    fn rename(self, target: &Path) -> io::Result<()> {
        let Part { path, _unfinished } = self;
        path.persist(target).map_err(|e| e.error)
    }
}

/// A file of the user's that is being written.
pub(crate) struct Pending {
    part: Part,
    // After the file, which is in them.
    folders: NewFolders,
    place: PathBuf,
    artifact: Artifact,
    // Holds the lock until the file has its name or is gone.
    lock: Option<File>,
}

impl Pending {
    /// Begins a file that will be `target`. Folders that are missing are made. A link is followed:
    /// what it leads to is replaced, not the link.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when the place cannot be written to, or is a folder or a
    /// device.
    pub(crate) fn create(target: &Path, artifact: Artifact) -> Result<(File, Pending)> {
        let refused = |e: io::Error| unwritable(target, artifact, e);
        let place = destination(target, artifact)?;
        let folders = NewFolders::above(&place).map_err(|e| unwritable(&place, artifact, e))?;
        let (file, part) = Part::locked(folder_of(&place)).map_err(refused)?;
        let lock = file.try_clone().ok();
        Ok((file, Pending { part, folders, place, artifact, lock }))
    }

    /// Gives the file its name, in one step. Everything has to be written by now.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output); then nothing is left.
    pub(crate) fn finish(self) -> Result<()> {
        let Pending { part, folders, place, artifact, lock } = self;
        part.rename(&place).map_err(|e| {
            let message = format!("the {artifact} is finished and cannot be given its name");
            Error::new(Kind::Output, message).because(plain(e)).in_file(&place)
        })?;
        drop(lock);
        folders.keep();
        Ok(())
    }
}

/// A file without any name in the folder of a file that will be, gone when it is closed, whatever
/// happens.
pub(crate) struct Scratch {
    /// The file, empty, to be written and read.
    pub(crate) file: File,
    // After the file, which is in them.
    _folders: NewFolders,
}

impl Scratch {
    /// Makes one beside `target`. Folders that are missing are made.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output), about the artifact that `target` is, when the place cannot
    /// be written to.
    pub(crate) fn beside(target: &Path, artifact: Artifact) -> Result<Scratch> {
        let refused = |e: io::Error| unwritable(target, artifact, e);
        let _folders = NewFolders::above(target).map_err(refused)?;
        let file = tempfile::tempfile_in(folder_of(target)).map_err(refused)?;
        Ok(Scratch { file, _folders })
    }
}

/// A report in the making, or another small file that is written at once; or a pipe or a device
/// that takes it.
pub struct SmallFile {
    file: File,
    pending: Option<Pending>,
    target: PathBuf,
    artifact: Artifact,
}

impl SmallFile {
    /// Begins the file that will be `target`, so that a place that cannot be written to is known
    /// before the work. Folders that are missing are made. Errors call the file what `artifact`
    /// says it is.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output).
    pub fn create(target: &Path, artifact: Artifact) -> Result<SmallFile> {
        let (file, pending) = if is_special(target) {
            let open = File::options().write(true).open(target);
            (open.map_err(|e| unwritable(target, artifact, e))?, None)
        } else {
            let (file, pending) = Pending::create(target, artifact)?;
            (file, Some(pending))
        };
        Ok(SmallFile { file, pending, target: target.to_owned(), artifact })
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output); then nothing is left of a file.
    pub fn finish(mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|e| unwritable(&self.target, self.artifact, e))?;
        self.pending.map_or(Ok(()), Pending::finish)
    }
}

/// Writes a file that the program keeps for itself, which nobody else may read, in place of the one
/// that is there. Its folder has to be there. Its temporary file is not locked, since it is written
/// in one go.
///
/// # Errors
/// When it cannot be written; then the one that was there stays.
pub(crate) fn write_whole(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let (mut file, part) = Part::begin(folder_of(target), Access::Owner)?;
    file.write_all(bytes)?;
    part.rename(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(target: &Path) -> String {
        Pending::create(target, Artifact::Track).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn places_that_cannot_be_are_refused_in_words_that_help() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("file");
        std::fs::write(&file, "x").expect("written");
        let rows = [
            (dir.path().to_owned(), "would replace a folder".to_owned()),
            (file.join("a/b.wav"), format!("'{}' is a file, not a folder", file.display())),
        ];
        for (target, part) in rows {
            let error = says(&target);
            assert!(error.starts_with(&*target.to_string_lossy()), "{error}");
            assert!(error.contains(&part) && !error.contains(".part"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_stays_a_device_and_a_name_too_long_is_refused_at_once() {
        assert!(says(Path::new("/dev/null")).contains("a device or a pipe"));
        assert!(is_special(Path::new("/dev/null")));
        let dir = tempfile::tempdir().expect("a folder");
        let long = dir.path().join("x".repeat(300));
        assert!(says(&long).contains("the track cannot be written"), "{}", says(&long));
        assert!(!is_special(&long) && !is_special(dir.path()));
        let device = SmallFile::create(Path::new("/dev/null"), Artifact::Report).expect("begun");
        device.finish(b"x").expect("taken");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed() {
        let dir = tempfile::tempdir().expect("a folder");
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        std::fs::write(&real, "old").expect("written");
        std::os::unix::fs::symlink("real", &link).expect("linked");
        let begun = || SmallFile::create(&link, Artifact::Report).expect("begun");
        begun().finish(b"new").expect("finished");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&real).ok().as_deref(), Some("new"));
        std::fs::remove_file(&real).expect("removed");
        begun().finish(b"").expect("finished");
        assert!(link.is_symlink() && real.is_file());
    }

    #[cfg(unix)]
    #[test]
    fn the_name_of_a_temporary_file_is_kept_out_of_messages() {
        let folder = tempfile::tempdir().expect("a folder").path().to_owned();
        let error = Part::begin(&folder, Access::AsUsual).err().expect("the folder is gone");
        assert!(error.to_string().contains(".part"), "{error}");
        let plain = plain(error).to_string();
        assert!(!plain.is_empty() && !plain.contains(".part"), "{plain}");
    }

    #[cfg(unix)]
    #[test]
    fn what_the_program_keeps_for_itself_is_read_by_nobody_else() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a folder");
        let (own, users) = (dir.path().join("own"), dir.path().join("users"));
        write_whole(&own, b"old").expect("written");
        write_whole(&own, b"new").expect("written");
        SmallFile::create(&users, Artifact::Page).expect("begun").finish(b"page").expect("written");
        let plain = dir.path().join("plain");
        std::fs::write(&plain, "").expect("written");
        let mode = |path: &Path| path.metadata().map(|meta| meta.permissions().mode() & 0o777).ok();
        assert_eq!((mode(&own), mode(&users)), (Some(0o600), mode(&plain)));
        assert_eq!(std::fs::read(&own).ok().as_deref(), Some(&b"new"[..]));
        for place in [dir.path(), &dir.path().join("missing/file")] {
            assert!(write_whole(place, b"").is_err(), "{}", place.display());
        }
        assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 3);
    }

    #[test]
    fn what_is_given_up_leaves_neither_file_nor_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let target = dir.path().join("a/b/c.wav");
        drop(Pending::create(&target, Artifact::Track).expect("begun"));
        assert!(!dir.path().join("a").exists());
        let mut scratch = Scratch::beside(&target, Artifact::Track).expect("made");
        scratch.file.write_all(b"much").expect("written");
        assert_eq!(std::fs::read_dir(dir.path().join("a/b")).expect("a folder").count(), 0);
        drop(scratch);
        assert!(!dir.path().join("a").exists());
        let (_, pending) = Pending::create(&target, Artifact::Track).expect("begun");
        pending.finish().expect("finished");
        assert!(target.exists());
    }
}
