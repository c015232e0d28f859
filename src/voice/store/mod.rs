//! In: an entry of the catalogue. Out: its files on this machine: whether they are there, where, whether they are whole;
//! put there from the sources the catalogue names, or taken away. Knows no engine and prints nothing.
//!
//! [`Store::status`] and [`Store::files`] look at names and sizes only and are cheap; [`Store::verify`] and
//! [`Store::install`] read every byte.

mod archive;
mod check;
mod child;
#[cfg(feature = "download")]
mod http;
mod install;
mod named;
mod package;
mod paths;
mod reach;
mod web;

pub use install::{Installed, Served};
pub use named::{VoiceRef, own_voice};
pub use reach::Reach;

use super::catalog::{Catalog, Entry, FileSpec};
pub use super::files::VoiceFiles;
use crate::error::{Action, Error, Kind, Remedy, Result, Setting, advice};
use crate::progress::Observer;
use std::path::{Path, PathBuf};

/// A folder that holds voices, or will.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
    offline: bool,
    reach: Reach,
}

/// How much of a voice is there, judged by names and sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing that is its own.
    Missing,
    /// Some of its files.
    Partial,
    /// A file of it has another size than it must have.
    Damaged,
    /// All of it.
    Installed,
}

/// What is known of one file after reading all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCheck {
    /// Where it lies or should.
    pub path: PathBuf,
    /// Bytes it must have.
    pub size: u64,
    /// What was found.
    pub found: Found,
}

/// What was found where a file should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The right file.
    Right,
    /// None.
    Nothing,
    /// One of another size.
    OtherSize(u64),
    /// One of the right size with another SHA-256.
    OtherContent(String),
}

/// What a removal took away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Files that are gone.
    pub files: Vec<PathBuf>,
    /// Bytes they had.
    pub bytes: u64,
    /// Files that stay because other voices need them, with the ids of those.
    pub kept: Vec<(PathBuf, Vec<String>)>,
}

impl Store {
    /// The voices in `dir`, which need not exist yet. An `offline` store never asks the network.
    pub fn open(dir: PathBuf, offline: bool) -> Store {
        Store::with_reach(dir, offline, Reach::from_env())
    }

    /// The same with another reach than the environment's.
    pub fn with_reach(dir: PathBuf, offline: bool, reach: Reach) -> Store {
        Store { dir, offline, reach }
    }

    /// The folder of voices: what `CUEVOX_VOICES_DIR` says; else `voices` of the checkout of this program that is the
    /// current folder; else `voices` in the platform's folder for a program's own data.
    ///
    /// # Errors
    /// Of kind `Voice` when the platform names no such folder.
    pub fn default_dir() -> Result<PathBuf> {
        let data = directories::ProjectDirs::from("", "", "cuevox").map(|dirs| dirs.data_local_dir().to_owned());
        paths::choose_dir(std::env::var_os("CUEVOX_VOICES_DIR"), std::env::current_dir().ok(), data)
    }

    /// The folder of this store.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether it never asks the network.
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// What it can reach.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Where a file of the catalogue lies or will.
    pub fn path(&self, spec: &FileSpec) -> PathBuf {
        spec.name.split('/').fold(self.dir.clone(), |path, part| path.join(part))
    }

    /// How much of the voice is there.
    pub fn status(&self, entry: &Entry) -> Status {
        let of = |spec: &FileSpec| (self.size_there(spec), spec.size, spec.shared);
        let files: Vec<(Option<u64>, u64, bool)> = entry.files.values().map(of).collect();
        let own_is_there = files.iter().any(|(there, _, shared)| there.is_some() && !shared);
        if files.iter().all(|(there, size, _)| *there == Some(*size)) {
            Status::Installed
        } else if !own_is_there {
            Status::Missing
        } else if files.iter().any(|(there, size, _)| there.is_some_and(|there| there != *size)) {
            Status::Damaged
        } else {
            Status::Partial
        }
    }

    /// Bytes that an installation of the voice would fetch, judged by sizes.
    pub fn missing_bytes(&self, entry: &Entry) -> u64 {
        let missing = entry.files.values().filter(|spec| self.size_there(spec) != Some(spec.size));
        missing.map(|spec| spec.size).sum()
    }

    /// The voice's files.
    ///
    /// # Errors
    /// Of kind `Voice` when one is missing or has another size than it must have; says how to install it.
    pub fn files(&self, entry: &Entry) -> Result<VoiceFiles> {
        for spec in entry.files.values() {
            match self.size_there(spec) {
                None => return Err(self.not_installed(entry)),
                Some(there) if there != spec.size => return Err(self.damaged(entry, spec, there)),
                Some(_) => {}
            }
        }
        let files = entry.files.iter().map(|(role, spec)| (*role, self.path(spec))).collect();
        let sums = entry.files.iter().map(|(role, spec)| (*role, spec.sha256.clone())).collect();
        Ok(VoiceFiles { id: entry.id.clone(), family: entry.family, files, sums })
    }

    /// The voice's files; what is missing or has a wrong size is installed first.
    ///
    /// # Errors
    /// As [`Store::files`] when the store is offline, else as [`Store::install`].
    pub fn ensure(&self, entry: &Entry, observer: &dyn Observer) -> Result<VoiceFiles> {
        if !self.offline && self.status(entry) != Status::Installed {
            self.install(entry, observer)?;
        }
        self.files(entry)
    }

    /// Installs the voice: every file of it that is missing or not what it must be, to the last byte, is fetched.
    /// Nothing is left behind when that fails or is interrupted.
    ///
    /// # Errors
    /// Of kind `Network` when no source can give a file, of kind `Voice` when something is missing and the store is
    /// offline, of kind `Output` when the folder cannot be written, and `Interrupted`.
    pub fn install(&self, entry: &Entry, observer: &dyn Observer) -> Result<Installed> {
        install::Session::new(self, observer).voice(entry)
    }

    /// Installs several voices; a package that holds files of more than one is downloaded once. Voices that were
    /// finished before an error stay.
    ///
    /// # Errors
    /// As [`Store::install`].
    pub fn install_all(&self, entries: &[&Entry], observer: &dyn Observer) -> Result<Vec<Installed>> {
        let mut session = install::Session::new(self, observer);
        entries.iter().map(|entry| session.voice(entry)).collect()
    }

    /// Reads every byte of the voice's files and compares them with the catalogue.
    ///
    /// # Errors
    /// Of kind `Voice` when a file is there but cannot be read, and `Interrupted`.
    pub fn verify(&self, entry: &Entry, observer: &dyn Observer) -> Result<Vec<FileCheck>> {
        let check = |spec: &FileSpec| -> Result<FileCheck> {
            let path = self.path(spec);
            let found = match self.size_there(spec) {
                None => Found::Nothing,
                Some(size) if size != spec.size => Found::OtherSize(size),
                Some(_) => match check::sha256_of(&path, observer)? {
                    sum if sum == spec.sha256 => Found::Right,
                    sum => Found::OtherContent(sum),
                },
            };
            Ok(FileCheck { path, size: spec.size, found })
        };
        entry.files.values().map(check).collect()
    }

    /// Removes the voice's files, but none that another voice of `catalog` needs of which anything is there.
    ///
    /// # Errors
    /// Of kind `Voice` when nothing of it is there, of kind `Output` when a file cannot be removed.
    pub fn remove(&self, entry: &Entry, catalog: &Catalog) -> Result<Removed> {
        if self.status(entry) == Status::Missing {
            return Err(Error::new(Kind::Voice, format!("the voice '{}' is not installed", entry.id))
                .in_file(&self.dir)
                .with_remedy(advice![Action::ListVoices, " shows which are"]));
        }
        let mut removed = Removed::default();
        for spec in entry.files.values() {
            let Some(size) = self.size_there(spec) else { continue };
            let path = self.path(spec);
            let users = self.other_users(entry, spec, catalog);
            if !users.is_empty() {
                removed.kept.push((path, users));
                continue;
            }
            std::fs::remove_file(&path)
                .map_err(|e| Error::new(Kind::Output, "this file cannot be removed").in_file(&path).because(e))?;
            if let Some(folder) = path.parent().filter(|folder| *folder != self.dir) {
                // Fails where something else lies in it, as it should.
                let _ = std::fs::remove_dir(folder);
            }
            removed.files.push(path);
            removed.bytes += size;
        }
        Ok(removed)
    }

    /// Ids of other voices that need this file and have files of their own here.
    fn other_users(&self, entry: &Entry, spec: &FileSpec, catalog: &Catalog) -> Vec<String> {
        let uses = |other: &&Entry| other.id != entry.id && other.files.values().any(|file| file.name == spec.name);
        let others = catalog.entries().iter().filter(uses);
        others.filter(|other| self.status(other) != Status::Missing).map(|other| other.id.clone()).collect()
    }

    fn size_there(&self, spec: &FileSpec) -> Option<u64> {
        std::fs::metadata(self.path(spec)).ok().filter(|meta| meta.is_file()).map(|meta| meta.len())
    }

    fn not_installed(&self, entry: &Entry) -> Error {
        let (id, bytes) = (&entry.id, self.missing_bytes(entry));
        let lacking = entry.files.values().filter(|spec| self.size_there(spec) != Some(spec.size));
        let names: Vec<&str> = lacking.map(|spec| spec.name.as_str()).collect();
        let mut words = vec!["run ".into(), Action::InstallVoice(id.clone()).into()];
        if self.offline {
            words.extend([" without ".into(), Setting::Offline.into()]);
        }
        let size = size(bytes);
        words.push(format!(" ({size}), or copy {} into this folder", names.join(" and ")).into());
        Error::new(Kind::Voice, format!("the voice '{id}' is not installed"))
            .in_file(&self.dir)
            .with_remedy(Remedy::Advice(words))
    }

    fn damaged(&self, entry: &Entry, spec: &FileSpec, there: u64) -> Error {
        let id = &entry.id;
        let what = format!("the voice '{id}' is damaged: this file has {there} bytes, not {}", spec.size);
        Error::new(Kind::Voice, what).in_file(self.path(spec)).with_remedy(advice![
            Action::VerifyVoice(id.clone()),
            " tells more, ",
            Action::InstallVoice(id.clone()),
            " repairs it"
        ])
    }
}

/// A number of bytes for a person.
fn size(bytes: u64) -> String {
    match bytes {
        0..100_000 => format!("{bytes} bytes"),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests;
