//! In: where a file or folder is to be. Out: the folder to make it in and the file to replace, or
//! an error that says what is wrong with the place. Writes nothing.

use crate::error::{Artifact, Error, Kind, Remedy, Result};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What is said of a place that is neither a file nor a folder.
const SPECIAL: &str = "this is a device or a pipe";

/// What caused an error.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The folder that a file or folder of this name is or will be in.
pub(crate) fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether nothing is there, not even a link that leads nowhere.
pub(super) fn is_missing(path: &Path) -> bool {
    let found = path.symlink_metadata();
    !path.as_os_str().is_empty() && found.is_err_and(|e| e.kind() == ErrorKind::NotFound)
}

/// Whether this is there and neither a file nor a folder: a device, a pipe.
pub(super) fn is_special(target: &Path) -> bool {
    target.metadata().is_ok_and(|meta| !meta.is_dir() && !meta.is_file())
}

/// The file to replace: the target itself, or what it leads to.
///
/// # Errors
/// Of kind [`Output`](Kind::Output) when the target is a folder, a device or a pipe, or cannot be a
/// name.
pub(super) fn destination(target: &Path, artifact: Artifact) -> Result<PathBuf> {
    let refused = |e: io::Error| unwritable(target, artifact, e);
    let wrong = |what: String| Error::new(Kind::Output, what).in_file(target);
    match target.metadata() {
        Ok(meta) if meta.is_dir() => {
            Err(wrong(format!("the {artifact} would replace a folder")).help("add a file name"))
        }
        Ok(meta) if !meta.is_file() => {
            let what = format!("{SPECIAL}, and a {artifact} becomes an ordinary file");
            Err(wrong(what).help("name an ordinary file"))
        }
        Ok(_) if target.is_symlink() => target.canonicalize().map_err(refused),
        Err(e) if e.kind() == ErrorKind::NotFound && target.is_symlink() => {
            // A link to what is not there yet: that is what will be.
            let leads_to = target.read_link().map_err(refused)?;
            Ok(target.parent().unwrap_or(Path::new("")).join(leads_to))
        }
        Err(e) if e.kind() == ErrorKind::InvalidFilename => Err(refused(e)),
        // Whatever else is wrong with the place shows when it is written to.
        _ => Ok(target.to_owned()),
    }
}

/// An error about a place that cannot be written to, with the cause a person can do something
/// about.
pub(crate) fn unwritable(target: &Path, artifact: Artifact, cause: io::Error) -> Error {
    let error = Error::new(Kind::Output, format!("the {artifact} cannot be written"));
    let error = match target.ancestors().skip(1).find(|above| above.is_file()) {
        Some(file) => error.because(format!("'{}' is a file, not a folder", file.display())),
        None => error.because(plain(cause)),
    };
    error.in_file(target).with_remedy(Remedy::AnotherPlace(artifact))
}

/// An error about an artifact that was begun and cannot be written to its end, as on a full disk.
pub(crate) fn cut_short(target: &Path, artifact: Artifact, cause: Cause) -> Error {
    Error::new(Kind::Output, format!("the {artifact} cannot be written to its end"))
        .because(cause)
        .in_file(target)
        .with_remedy(Remedy::MoreRoom(artifact))
}

/// The system's own words, without the name of a temporary file, which the crate for these adds and
/// which tells nobody anything.
pub(crate) fn plain(error: io::Error) -> Cause {
    let text = error.to_string();
    match text.split_once(" at path \"") {
        Some((words, _)) => words.into(),
        None => error.into(),
    }
}
