//! In: who should speak what, as a person chose; a line's language and speaker. Out: the voice for it, loaded, and
//! installed first where it is missing. Knows no text.

use super::catalog::{Catalog, Entry};
use super::engine::Facts;
use super::engines::{self, Loading, Models};
use super::files::sha256;
use super::hands::Hands;
use super::store::{Status, Store, VoiceRef, own_voice};
use super::{Backend, Voice};
use crate::error::{Action, Error, Kind, Result, advice};
use crate::lang::Lang;
use crate::progress::Observer;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

/// Which lines a voice is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// All lines that no other choice is for.
    Everyone,
    /// Lines of a language.
    Lang(Lang),
    /// Lines of a speaker.
    Speaker(String),
}

impl fmt::Display for Key {
    /// As it is written before the `=` of a choice; nothing for everyone. A speaker who is called as a language is written
    /// in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Everyone => Ok(()),
            Key::Lang(lang) => write!(f, "{lang}"),
            Key::Speaker(name) => write!(f, "\"{name}\""),
        }
    }
}

/// One choice of a voice: `[KEY=]ID[#SPEAKER]`.
///
/// `KEY` is a language or a speaker's name; `ID` is of the catalogue, or the path of a Piper model of one's own, or
/// `tone`, which is no speech; `#SPEAKER` is a name or a number for models that have several.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// Which lines it is for.
    pub key: Key,
    /// The voice, as it was named.
    pub voice: String,
}

impl FromStr for Choice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Choice> {
        let (key, voice) = match text.split_once('=') {
            None => (Key::Everyone, text),
            Some((key, voice)) => match key.trim().parse() {
                Ok(lang) => (Key::Lang(lang), voice),
                Err(_) => (Key::Speaker(key.trim().to_owned()), voice),
            },
        };
        let voice = voice.trim();
        if voice.is_empty() || matches!(&key, Key::Speaker(name) if name.is_empty()) {
            return Err(Error::new(Kind::Usage, format!("'{text}' does not name a voice"))
                .help("write ID, or en=ID for a language, or NAME=ID for a speaker"));
        }
        Ok(Choice { key, voice: voice.to_owned() })
    }
}

/// The voices of a job.
pub struct Cast {
    choices: Vec<Choice>,
    catalog: Catalog,
    store: Store,
    backend: Backend,
    hands: Hands,
    loaded: Arc<Mutex<Loaded>>,
}

#[derive(Default)]
struct Loaded {
    models: Models,
    voices: HashMap<String, Arc<dyn Voice>>,
    /// Voices that another program has brought, by their ids.
    brought: HashMap<String, Arc<dyn Voice>>,
}

impl Cast {
    /// A cast from these choices, the later before the earlier where two are for the same lines.
    pub fn new(choices: Vec<Choice>, catalog: Catalog, store: Store) -> Cast {
        Cast { choices, catalog, store, backend: Backend::default(), hands: Hands::One, loaded: Arc::default() }
    }

    /// This cast, nothing of it loaded yet, whose voices are computed by `backend` where their family has several.
    pub fn spoken_by(self, backend: Backend) -> Cast {
        Cast { backend, loaded: Arc::default(), ..self }
    }

    /// This cast with a voice that is neither of the catalogue nor a file; choices name it by its id.
    pub fn with(self, voice: Arc<dyn Voice>) -> Cast {
        let name = voice.id().to_owned();
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).brought.insert(name, voice);
        self
    }

    /// The same cast, whose voices are loaded with so many threads at most.
    pub fn loaded_by(self, threads: usize) -> Cast {
        Cast { hands: Hands::of(threads), ..self }
    }

    /// A cast from other choices; what either of the two loads, both have.
    pub fn like(&self, choices: Vec<Choice>) -> Cast {
        let (catalog, store, loaded) = (self.catalog.clone(), self.store.clone(), Arc::clone(&self.loaded));
        Cast { choices, catalog, store, backend: self.backend, hands: self.hands, loaded }
    }

    /// What tells the voices of this cast from others: every choice with the SHA-256 of its files, and the defaults. A
    /// voice of the catalogue is known by what its files have to be, a voice of one's own by what they are.
    ///
    /// # Errors
    /// When a voice that was chosen is not there.
    pub fn identity(&self) -> Result<String> {
        let mut known = Vec::new();
        for choice in &self.choices {
            known.push(format!("{}={}", choice.key, self.identity_of(&choice.voice)?));
        }
        for lang in Lang::ALL {
            known.push(format!("{lang}={}", self.identity_of(&self.catalog.default_for(lang)?.id)?));
        }
        Ok(known.join("; ") + self.backend.mark())
    }

    fn identity_of(&self, name: &str) -> Result<String> {
        let brought = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).brought.get(name).cloned();
        if let Some(voice) = brought {
            return Ok(format!("{name} brought {}", voice.fingerprint()));
        }
        let (id, _) = split_speaker(name);
        let (family, sums): (_, Vec<String>) = match VoiceRef::parse(id) {
            VoiceRef::BuiltIn(family) => (family, Vec::new()),
            VoiceRef::Catalogue(id) => {
                let entry = self.catalog.find(&id)?;
                (entry.family, entry.files.values().map(|file| file.sha256.clone()).collect())
            }
            VoiceRef::Own(path) => {
                let files = own_voice(&path)?;
                let sum = |file: &PathBuf| std::fs::read(file).map(|bytes| sha256(&bytes)).map_err(|e| unread(e, file));
                (files.family, files.files.values().map(sum).collect::<Result<_>>()?)
            }
        };
        let revision = engines::engine(family, self.backend)?.revision();
        Ok(format!("{name} {family} {revision} {}", sums.join(" ")))
    }

    /// The ids of the voices that are installed: those that speakers without a voice of their own are given.
    pub fn installed(&self) -> Vec<&str> {
        let entries = self.catalog.entries().iter();
        entries.filter(|entry| self.is_installed(entry)).map(|entry| entry.id.as_str()).collect()
    }

    /// The name of the voice for a line: by its speaker, else by its language, else the one for everyone, else the
    /// default of its language.
    ///
    /// # Errors
    /// When the catalogue has no default for the language.
    pub fn role(&self, lang: Lang, speaker: Option<&str>) -> Result<String> {
        match self.chosen(lang, speaker) {
            Some(voice) => Ok(voice.to_owned()),
            None => Ok(self.catalog.default_for(lang)?.id.clone()),
        }
    }

    /// What was chosen, the later before the earlier where two are for the same lines.
    pub(super) fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// Every voice that can be had.
    pub(super) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Whether a voice is installed, judged by names and sizes.
    pub(super) fn is_installed(&self, entry: &Entry) -> bool {
        self.store.status(entry) == Status::Installed
    }

    /// Names of speakers that a voice was chosen for.
    pub fn speakers(&self) -> impl Iterator<Item = &str> {
        self.choices.iter().filter_map(|c| if let Key::Speaker(name) = &c.key { Some(name.as_str()) } else { None })
    }

    /// The language of a voice of the catalogue.
    pub fn language_of(&self, name: &str) -> Option<Lang> {
        let (id, _) = split_speaker(name);
        self.catalog.find(id).ok().map(|entry| entry.lang())
    }

    /// The voice of this name, loaded; a voice of the catalogue is installed when it is missing.
    ///
    /// # Errors
    /// When there is no such voice, when it cannot be installed, when its files are damaged.
    pub fn voice(&self, name: &str, observer: &dyn Observer) -> Result<Arc<dyn Voice>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(voice) = loaded.brought.get(name).or_else(|| loaded.voices.get(name)) {
            return Ok(Arc::clone(voice));
        }
        let voice = self.load(&mut loaded.models, name, observer)?;
        loaded.voices.insert(name.to_owned(), Arc::clone(&voice));
        Ok(voice)
    }

    fn load(&self, models: &mut Models, name: &str, observer: &dyn Observer) -> Result<Arc<dyn Voice>> {
        let (id, speaker) = split_speaker(name);
        let named = VoiceRef::parse(id);
        let files = named.ensure(&self.catalog, &self.store, observer)?;
        let mut facts = Facts::default();
        if let VoiceRef::Catalogue(id) = &named {
            let entry = self.catalog.find(id)?;
            facts = Facts { espeak: entry.espeak.clone(), sample_rate: entry.sample_rate };
        }
        let loading = Loading { backend: self.backend, hands: self.hands };
        models.voice(&files, &facts, speaker, loading).map_err(|e| damaged(e, &named))
    }
}

fn unread(cause: std::io::Error, file: &Path) -> Error {
    Error::new(Kind::Voice, "the voice cannot be read").because(cause).in_file(file).help("check this file")
}

/// An error in a voice's files, with what to do about it.
fn damaged(error: Error, voice: &VoiceRef) -> Error {
    match voice {
        _ if error.way_out().is_some() => error,
        VoiceRef::Catalogue(id) => {
            error.with_remedy(advice![Action::InstallVoice(id.clone()), " fetches what is wrong again"])
        }
        VoiceRef::Own(_) => error.help("get both files of this voice again, the .onnx and the .onnx.json"),
        VoiceRef::BuiltIn(_) => error,
    }
}

/// `ID#SPEAKER` in its parts.
fn split_speaker(name: &str) -> (&str, Option<&str>) {
    match name.split_once('#') {
        Some((id, speaker)) if !speaker.is_empty() => (id, Some(speaker)),
        Some((id, _)) => (id, None),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(choices: &[&str]) -> Cast {
        let choices = choices.iter().map(|c| c.parse().expect("a good choice")).collect();
        let catalog = Catalog::built_in().expect("the catalogue is whole");
        Cast::new(choices, catalog, Store::open(PathBuf::from("nowhere"), true))
    }

    #[test]
    fn the_speaker_comes_before_the_language_and_that_before_everyone() {
        let rows: [(&[&str], Lang, Option<&str>, &str); 7] = [
            (&[], Lang::En, None, "hibari-heart"),
            (&[], Lang::Fr, Some("Anna"), "ff_siwis"),
            (&["af_heart"], Lang::Fr, None, "af_heart"),
            (&["af_heart", "fr=ff_siwis"], Lang::Fr, None, "ff_siwis"),
            (&["fr=ff_siwis", "Anna=bf_emma"], Lang::Fr, Some("Anna"), "bf_emma"),
            (&["Anna=bf_emma"], Lang::En, Some("Ben"), "hibari-heart"),
            (&["en=af_sky", "en=af_heart"], Lang::En, None, "af_heart"),
        ];
        for (choices, lang, speaker, voice) in rows {
            assert_eq!(cast(choices).role(lang, speaker).ok().as_deref(), Some(voice), "{choices:?}");
        }
    }

    #[test]
    fn the_way_out_of_a_damaged_voice_is_one_that_can_be_gone() {
        let error = || Error::new(Kind::Voice, "damaged");
        let says = |voice: &str| damaged(error(), &VoiceRef::parse(voice)).to_string();
        assert_eq!(says("af_heart"), "damaged; an installation of 'af_heart' fetches what is wrong again");
        assert!(says("mine.onnx").contains("both files") && !says("mine.onnx").contains("installation"));
        assert_eq!(damaged(error().help("x"), &VoiceRef::parse("af_heart")).to_string(), "damaged; x");
    }

    #[test]
    fn the_tone_has_no_speakers() {
        let tone = |name: &str| cast(&[]).voice(name, &crate::progress::Unwatched).map(|v| v.id().to_owned());
        assert_eq!(tone("tone#").ok().as_deref(), Some("tone"));
        assert!(tone("tone#3").is_err_and(|e| e.to_string().contains("no speaker '3'")));
    }

    #[test]
    fn a_choice_has_to_name_a_voice() {
        for wrong in ["", "en=", "=af_heart", " = "] {
            assert!(wrong.parse::<Choice>().is_err(), "{wrong:?}");
        }
        assert_eq!(split_speaker("en_GB-vctk-medium#p225"), ("en_GB-vctk-medium", Some("p225")));
        assert_eq!(split_speaker("en_GB-vctk-medium#"), ("en_GB-vctk-medium", None));
    }
}
