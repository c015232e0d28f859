//! In: a directory for data. Out: espeak's English and French data, whole, in a folder of its own there, or in a private
//! one where that directory cannot be written to. Knows files only, nothing of words or phonemes.

use crate::error::{Error, Kind, Result, Setting, advice};
use crate::files::TempFolder;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder's name: the version of the crate whose data it is, the languages, and how it was pruned and sealed.
const FOLDER: &str = "espeak-ng-0.2.0-en-fr-2";

/// What must be there for the folder to count as whole.
const NEEDED: [&str; 7] =
    ["phontab", "phonindex", "intonations", "en_dict", "fr_dict", "lang/gmw/en-US", "lang/roa/fr"];

/// A file with the SHA-256 of all the others: a dictionary with a few bytes overwritten is read without an error, and
/// words come out wrong.
const SEAL: &str = "seal";

/// The data on the disk.
pub(super) struct Data {
    home: PathBuf,
    /// Where they are for this run only, gone with it.
    _private: Option<TempFolder>,
}

impl Data {
    /// The folder that holds them.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }
}

/// Installs the bundled data below `data_dir` unless it is there already. Where nothing can be written there, which is
/// well for a folder of voices that belongs to somebody else, they are put into a temporary folder.
///
/// Whoever comes first prepares a temporary folder beside the final one and renames it, so several processes may do
/// this at once and none sees half an installation. A damaged folder is replaced.
///
/// # Errors
/// [`Kind::Output`] where neither folder can be written.
pub(super) fn install(data_dir: &Path) -> Result<Data> {
    let home = data_dir.join(FOLDER);
    if is_whole(&home) {
        return Ok(Data { home, _private: None });
    }
    let Err(cause) = put(data_dir, &home) else { return Ok(Data { home, _private: None }) };
    private().map_err(|also| {
        Error::new(Kind::Output, "the pronunciation data cannot be installed")
            .in_file(&home)
            .because(format!("{cause}; nor in the folder for temporary files: {also}"))
            .with_remedy(advice!["make room, or name a folder that can be written to with ", Setting::VoicesDir])
    })
}

/// Puts the data into a temporary folder.
fn private() -> io::Result<Data> {
    let folder = TempFolder::named("cuevox-", &std::env::temp_dir())?;
    let home = folder.path().join(FOLDER);
    put(folder.path(), &home)?;
    Ok(Data { home, _private: Some(folder) })
}

fn is_whole(home: &Path) -> bool {
    let sealed = || fs::read(home.join(SEAL)).ok().zip(digest(home).ok()).is_some_and(|(seal, sum)| seal == sum);
    NEEDED.iter().all(|name| home.join(name).is_file()) && sealed()
}

/// The SHA-256 of the names, lengths and bytes of all files, but the seal, in this folder and below.
fn digest(home: &Path) -> io::Result<[u8; 32]> {
    let (mut files, mut folders) = (Vec::new(), vec![home.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false => files.push(entry.path()),
            }
        }
    }
    files.sort();
    let mut sum = Sha256::new();
    for file in files.iter().filter(|file| **file != home.join(SEAL)) {
        let bytes = fs::read(file)?;
        let name = file.strip_prefix(home).unwrap_or(file).to_string_lossy().replace('\\', "/");
        sum.update(format!("{name}\0{}\0", bytes.len()));
        sum.update(bytes);
    }
    Ok(sum.finalize().into())
}

fn put(data_dir: &Path, home: &Path) -> io::Result<()> {
    fs::create_dir_all(data_dir)?;
    let parent = TempFolder::named(".espeak-", data_dir)?;
    let fresh = parent.path().join("data");
    fs::create_dir(&fresh)?;
    espeak_ng::install_bundled_languages(&fresh, &["en", "fr"])?;
    prune(&fresh)?;
    fs::write(fresh.join(SEAL), digest(&fresh)?)?;
    if fs::rename(&fresh, home).is_ok() || is_whole(home) {
        return Ok(());
    }
    match parent.release("data", home) {
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
                scope.spawn(|| assert!(is_whole(install(dir.path()).unwrap().home())));
            }
        });
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "something temporary was left behind");
    }

    #[test]
    fn a_damaged_folder_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let home = install(dir.path()).unwrap().home().to_owned();
        let damages: [fn(&Path) -> io::Result<()>; 4] = [
            |home| fs::remove_file(home.join("fr_dict")),
            |home| fs::write(home.join("lang/gmw/en-US"), ""),
            |home| fs::remove_file(home.join(SEAL)),
            |home| {
                let mut dictionary = fs::read(home.join("en_dict"))?;
                let middle = dictionary.len() / 2;
                dictionary[middle] ^= 1;
                fs::write(home.join("en_dict"), dictionary)
            },
        ];
        for (i, damage) in damages.iter().enumerate() {
            damage(&home).unwrap();
            assert!(!is_whole(&home), "damage {i} is not seen");
            assert_eq!(install(dir.path()).unwrap().home(), home);
            assert!(is_whole(&home), "damage {i} is not mended");
        }
    }

    #[test]
    fn where_nothing_can_be_written_the_data_are_private_and_gone_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let data = install(&file).unwrap();
        let home = data.home().to_owned();
        assert!(is_whole(&home) && !home.starts_with(dir.path()));
        drop(data);
        assert!(!home.exists());
    }
}
