//! In: the name of a file that will be. Out: a nameless neighbour of it to write to, which gets the name when it is
//! whole; dropped before, nothing of it stays. Knows nothing of what is written.

use crate::error::{Error, Kind, Result};
use crate::progress::unfinished::Unfinished;
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempDir, TempPath};

/// How the names of unfinished files begin.
const PREFIX: &str = ".cuevox-";

/// How they end.
const SUFFIX: &str = ".part";

/// The file in an unfinished folder that is locked as long as somebody works on it.
const LOCK: &str = "lock";

/// A file in the making.
pub(super) struct Pending {
    path: TempPath,
    target: PathBuf,
    folders: NewFolders,
    what: &'static str,
    // Holds the lock until the file has its name or is gone.
    lock: Option<File>,
    // Last, so that it is known as unfinished until it is gone.
    _unfinished: Unfinished,
}

/// Folders that were made for a file; gone again with this value where they are still empty.
pub(crate) struct NewFolders(Vec<PathBuf>);

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // Fails where anything lies in it, as it should.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

impl Pending {
    /// Begins a file that will be `target`; `what` names it in messages: "track", "report". Folders that are missing
    /// are made. A link is followed: what it leads to is replaced, not the link.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) when the place cannot be written to, or is a folder or a device.
    pub(super) fn create(target: &Path, what: &'static str) -> Result<(File, Pending)> {
        let refused = |e: io::Error| unwritable(target, what, e);
        let target = destination(target, what)?;
        let (folder, folders) = beside(&target, what)?;
        let (file, path) = locked(&folder).map_err(refused)?.into_parts();
        let _unfinished = Unfinished::at(&path);
        let lock = file.try_clone().ok();
        Ok((file, Pending { path, target, folders, what, lock, _unfinished }))
    }

    /// Gives the file its name, in one step. Everything has to be written by now.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output); then nothing is left.
    pub(super) fn finish(self) -> Result<()> {
        let Pending { path, target, folders, what, lock, _unfinished } = self;
        path.persist(&target).map_err(|e| {
            let message = format!("the {what} is finished and cannot be given its name");
            Error::new(Kind::Output, message).because(plain(e.error)).in_file(&target)
        })?;
        drop(lock);
        folders.keep();
        Ok(())
    }
}

impl NewFolders {
    /// They stay, whatever is in them.
    pub(crate) fn keep(mut self) {
        self.0.clear();
    }
}

/// The folder a file or folder of this name is or will be in, made where it is missing.
pub(crate) fn beside(target: &Path, what: &str) -> Result<(PathBuf, NewFolders)> {
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folders = NewFolders(folder.ancestors().take_while(|f| is_missing(f)).map(Path::to_owned).collect());
    std::fs::create_dir_all(folder).map_err(|e| unwritable(target, what, e))?;
    Ok((folder.to_owned(), folders))
}

fn is_missing(path: &Path) -> bool {
    !path.as_os_str().is_empty() && std::fs::symlink_metadata(path).is_err_and(|e| e.kind() == ErrorKind::NotFound)
}

/// Whether this is there and neither a file nor a folder: a device, a pipe.
pub(super) fn is_special(target: &Path) -> bool {
    std::fs::metadata(target).is_ok_and(|meta| !meta.is_dir() && !meta.is_file())
}

/// The file to replace: the target itself, or what it leads to.
fn destination(target: &Path, what: &str) -> Result<PathBuf> {
    let wrong = |how: &str, help: &str| Err(Error::new(Kind::Output, how).in_file(target).help(help));
    match std::fs::metadata(target) {
        Ok(meta) if meta.is_dir() => wrong(&format!("the {what} would replace a folder"), "add a file name"),
        Ok(meta) if !meta.is_file() => wrong(
            &format!("this is a device or a pipe, and a {what} becomes an ordinary file"),
            "name an ordinary file",
        ),
        Ok(_) if target.is_symlink() => target.canonicalize().map_err(|e| unwritable(target, what, e)),
        Err(e) if e.kind() == ErrorKind::NotFound && target.is_symlink() => {
            // A link to what is not there yet: that is what will be.
            let leads_to = std::fs::read_link(target).map_err(|e| unwritable(target, what, e))?;
            Ok(target.parent().map_or(leads_to.clone(), |folder| folder.join(&leads_to)))
        }
        Err(e) if e.kind() == ErrorKind::InvalidFilename => Err(unwritable(target, what, e)),
        // Whatever else is wrong with the place shows when it is written to.
        _ => Ok(target.to_owned()),
    }
}

/// An error about a place that cannot be written to, with the cause a person can do something about.
pub(super) fn unwritable(target: &Path, what: &str, cause: io::Error) -> Error {
    let error = Error::new(Kind::Output, format!("the {what} cannot be written")).in_file(target);
    let error = match target.ancestors().skip(1).find(|above| above.is_file()) {
        Some(file) => error.because(format!("'{}' is a file, not a folder", file.display())),
        None => error.because(plain(cause)),
    };
    match what {
        "track" => error.help("choose another place with -o"),
        "report" => error.help("choose another place with --report"),
        "stems" => error.help("choose another place with --stems"),
        "captions" => error.help("choose another place with --captions"),
        "page" => error.help("choose another place with --html"),
        _ => error,
    }
}

/// The system's own words, without the name of a temporary file, which the crate for these adds and which tells nobody
/// anything.
pub(super) fn plain(error: io::Error) -> Box<dyn std::error::Error + Send + Sync> {
    let text = error.to_string();
    match text.split_once(" at path \"") {
        Some((words, _)) => words.into(),
        None => error.into(),
    }
}

/// A file without a name of its own yet, with the permissions a new file has.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// A temporary file that [`sweep_stale`] lets alone: it is locked as long as it is open. One that was swept between its
/// making and its locking is made again.
fn locked(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = temporary(folder)?;
        // Where nothing can be locked, nothing is swept either.
        if file.as_file().lock().is_err() || file.path().exists() {
            return Ok(file);
        }
    }
}

/// An unfinished folder, gone with this value; [`sweep_stale`] lets it alone until then.
pub(crate) struct TempFolder {
    // Closed first, since what is open cannot be removed everywhere.
    _lock: File,
    dir: TempDir,
}

impl TempFolder {
    /// A new one in this folder. One that was swept between its making and its locking is made again.
    pub(crate) fn within(folder: &Path) -> io::Result<TempFolder> {
        loop {
            let dir = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempdir_in(folder)?;
            let lock = dir.path().join(LOCK);
            match File::create_new(&lock) {
                // Where nothing can be locked, nothing is swept either.
                Ok(file) if file.lock().is_err() || lock.exists() => return Ok(TempFolder { _lock: file, dir }),
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// Removes an unfinished folder that nobody works on any more.
fn swept(folder: &Path) -> bool {
    match File::options().read(true).write(true).open(folder.join(LOCK)) {
        Ok(lock) if lock.try_lock().is_ok() => {
            drop(lock);
            std::fs::remove_dir_all(folder).is_ok()
        }
        // Not locked yet, or never: it is empty then.
        Err(e) if e.kind() == ErrorKind::NotFound => std::fs::remove_dir(folder).is_ok(),
        _ => false,
    }
}

/// Removes the unfinished files and folders that processes which were killed have left in this folder, and says how many.
/// Those that somebody is still writing are locked, and stay.
pub fn sweep_stale(folder: &Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        let kind = entry.file_type();
        if ours && kind.as_ref().is_ok_and(|kind| kind.is_dir()) {
            count += usize::from(swept(&entry.path()));
            continue;
        }
        if !ours || !kind.is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = File::options().read(true).write(true).open(entry.path()) else { continue };
        match file.try_lock() {
            Ok(()) => count += usize::from(std::fs::remove_file(entry.path()).is_ok()),
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn says(target: &Path) -> String {
        Pending::create(target, "track").err().map(|e| e.to_string()).unwrap_or_default()
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
            assert!(error.starts_with(&*target.to_string_lossy()) && error.contains(&part), "{error}");
            assert!(!error.contains(".part"), "{error}");
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
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed() {
        let dir = tempfile::tempdir().expect("a folder");
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        std::fs::write(&real, "old").expect("written");
        std::os::unix::fs::symlink("real", &link).expect("linked");
        let (mut file, pending) = Pending::create(&link, "report").expect("begun");
        file.write_all(b"new").expect("written");
        pending.finish().expect("finished");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&real).ok().as_deref(), Some("new"));
        std::fs::remove_file(&real).expect("removed");
        Pending::create(&link, "report").expect("begun").1.finish().expect("finished");
        assert!(link.is_symlink() && real.is_file());
    }

    #[cfg(unix)]
    #[test]
    fn the_name_of_a_temporary_file_is_kept_out_of_messages() {
        let folder = tempfile::tempdir().expect("a folder").path().to_owned();
        let error = temporary(&folder).expect_err("the folder is gone");
        assert!(error.to_string().contains(".part"), "{error}");
        let plain = plain(error).to_string();
        assert!(!plain.is_empty() && !plain.contains(".part"), "{plain}");
    }

    #[test]
    fn what_a_killed_process_left_is_swept_and_what_is_being_written_is_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let left = dir.path().join(".cuevox-abc123.part");
        let others = [dir.path().join("mine.part"), dir.path().join(".cuevox-notes")];
        std::fs::write(&left, "half").expect("written");
        others.iter().for_each(|other| std::fs::write(other, "kept").expect("written"));
        let target = dir.path().join("whole.wav");
        let (mut file, pending) = Pending::create(&target, "track").expect("begun");
        assert_eq!(sweep_stale(dir.path()), 1);
        assert!(!left.exists() && others.iter().all(|other| other.exists()));
        file.write_all(b"all").expect("written");
        pending.finish().expect("it is still there");
        assert_eq!(std::fs::read(&target).expect("there"), b"all");
        assert_eq!(sweep_stale(&dir.path().join("missing")), 0);
    }

    #[test]
    fn a_folder_is_swept_when_nobody_works_on_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let left = [dir.path().join(".cuevox-a.part"), dir.path().join(".cuevox-b.part")];
        left.iter().for_each(|folder| std::fs::create_dir(folder).expect("made"));
        std::fs::write(left[0].join(LOCK), "").expect("written");
        std::fs::write(left[0].join("0001.wav"), "half").expect("written");
        let folder = TempFolder::within(dir.path()).expect("made");
        assert_eq!(sweep_stale(dir.path()), 2);
        assert!(!left.iter().any(|folder| folder.exists()) && folder.path().join(LOCK).exists());
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_given_up_leaves_neither_file_nor_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let target = dir.path().join("a/b/c.wav");
        drop(Pending::create(&target, "track").expect("begun"));
        assert!(!dir.path().join("a").exists());
        let (_, pending) = Pending::create(&target, "track").expect("begun");
        pending.finish().expect("finished");
        assert!(target.exists());
    }
}
