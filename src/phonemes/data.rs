//! In: a directory for data. Out: espeak's English and French data, whole, in a folder of its own there. Knows files
//! only, nothing of words or phonemes.

use crate::error::{Error, Kind, Result};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder's name: the version of the crate whose data it is, the languages, and how it was pruned.
const FOLDER: &str = "espeak-ng-0.2.0-en-fr-1";

/// What must be there for the folder to count as whole.
const NEEDED: [&str; 7] =
    ["phontab", "phonindex", "intonations", "en_dict", "fr_dict", "lang/gmw/en-US", "lang/roa/fr"];

/// Installs the bundled data below `data_dir` unless it is there already, and says where.
///
/// Whoever comes first prepares a temporary folder beside the final one and renames it, so several processes may do
/// this at once and none sees half an installation. A damaged folder is replaced.
///
/// # Errors
/// [`Kind::Output`] where the folder cannot be written.
pub fn install(data_dir: &Path) -> Result<PathBuf> {
    let home = data_dir.join(FOLDER);
    if is_whole(&home) {
        return Ok(home);
    }
    put(data_dir, &home).map_err(|cause| {
        Error::new(Kind::Output, "the pronunciation data cannot be installed")
            .in_file(&home)
            .because(cause)
            .help("name a data directory that can be written to")
    })?;
    Ok(home)
}

fn is_whole(home: &Path) -> bool {
    NEEDED.iter().all(|name| home.join(name).is_file())
}

fn put(data_dir: &Path, home: &Path) -> io::Result<()> {
    fs::create_dir_all(data_dir)?;
    let parent = tempfile::Builder::new().prefix(".espeak-").tempdir_in(data_dir)?;
    let fresh = parent.path().join("data");
    fs::create_dir(&fresh)?;
    espeak_ng::install_bundled_languages(&fresh, &["en", "fr"])?;
    prune(&fresh)?;
    if fs::rename(&fresh, home).is_ok() || is_whole(home) {
        return Ok(());
    }
    fs::rename(home, parent.path().join("damaged"))?;
    match fs::rename(&fresh, home) {
        Err(_) if is_whole(home) => Ok(()),
        done => done,
    }
}

/// Leaves only what reading English and French aloud takes. The crate walks all of `lang` and reads `phondata`
/// (waveforms for its own synthesiser) at each call, which would cost ten times the translation itself.
fn prune(data: &Path) -> io::Result<()> {
    for name in ["phondata", "phondata-manifest"] {
        remove_if_there(fs::remove_file(data.join(name)))?;
    }
    for name in ["mbrola_ph", "voices"] {
        remove_if_there(fs::remove_dir_all(data.join(name)))?;
    }
    fs::create_dir(data.join("voices"))?;
    for family in fs::read_dir(data.join("lang"))? {
        let family = family?;
        let keep = match family.file_name().to_str() {
            Some("gmw") => "en",
            Some("roa") => "fr",
            _ => "",
        };
        if keep.is_empty() {
            if family.file_type()?.is_dir() {
                fs::remove_dir_all(family.path())?;
            } else {
                fs::remove_file(family.path())?;
            }
            continue;
        }
        for file in fs::read_dir(family.path())? {
            let file = file?;
            let name = file.file_name().to_string_lossy().to_ascii_lowercase();
            if name.split('-').next() != Some(keep) {
                fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}

fn remove_if_there(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_at_once_install_one_whole_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert!(is_whole(&install(dir.path()).unwrap())));
            }
        });
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "something temporary was left behind");
    }

    #[test]
    fn a_damaged_folder_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let home = install(dir.path()).unwrap();
        fs::remove_file(home.join("fr_dict")).unwrap();
        assert!(is_whole(&install(dir.path()).unwrap()));
    }

    #[test]
    fn a_directory_that_cannot_be_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let error = install(&file).unwrap_err();
        assert_eq!(error.kind(), Kind::Output);
        assert!(error.to_string().contains("espeak-ng"), "{error}");
    }
}
