//! In: the family of a voice, the back end that is asked for, the voice's files. Out: the loaded voice. One table has a row
//! for each engine there is; nothing else lists them. A model that several voices or speakers share is loaded once.

use super::backend::Backend;
use super::engine::{Engine, Facts, Model};
use super::family::Family;
use super::files::VoiceFiles;
use super::hands::Hands;
use super::role::Role;
use super::{Voice, hibari, kokoro, piper, tone};
use crate::error::{Error, Kind, Result};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every engine, the one that a family is spoken by as a rule before its others.
static ENGINES: &[&dyn Engine] = &[
    &piper::OWN,
    &piper::RTEN,
    #[cfg(feature = "piper-rs")]
    &super::piper_rs::PiperRs,
    &kokoro::KokoroEngine,
    &hibari::HibariEngine,
    &tone::ToneEngine,
];

/// The family of this name.
pub(super) fn family(name: &str) -> Option<&'static Family> {
    ENGINES.iter().map(|engine| engine.family()).find(|family| family.name == name)
}

/// The family whose one voice has this id and needs no files.
pub(super) fn with_built_in(id: &str) -> Option<&'static Family> {
    ENGINES.iter().map(|engine| engine.family()).find(|family| family.built_in == Some(id))
}

/// What the engines make of a file of the user's: the first that knows such voices decides.
pub(super) fn files_of(model: &Path) -> Option<Result<VoiceFiles>> {
    ENGINES.iter().find_map(|engine| engine.files_of(model))
}

/// The engine for a family: that with this back end, or its only one, which does not ask.
///
/// # Errors
/// When the family has several, and this build has none with the back end.
pub(super) fn engine(family: &Family, backend: Backend) -> Result<&'static dyn Engine> {
    let of_family = || ENGINES.iter().filter(|engine| engine.family() == family);
    if let Some(engine) = of_family().find(|engine| engine.backend() == backend) {
        return Ok(*engine);
    }
    match of_family().collect::<Vec<_>>().as_slice() {
        [only] => Ok(**only),
        _ => Err(Backend::missing()),
    }
}

/// The engine that speaks a family's voices where nobody asks for another.
///
/// # Errors
/// When this build has none.
pub fn usual(family: &Family) -> Result<&'static dyn Engine> {
    engine(family, Backend::default())
}

/// How voices are loaded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loading {
    pub(super) backend: Backend,
    pub(super) hands: Hands,
}

/// Models loaded so far, by their files.
#[derive(Default)]
pub(super) struct Models(HashMap<PathBuf, Arc<dyn Model>>);

impl Models {
    /// Loads the voice; `speaker` is a name or a number for voices that have several.
    pub(super) fn voice(
        &mut self,
        files: &VoiceFiles,
        facts: &Facts,
        speaker: Option<&str>,
        loading: Loading,
    ) -> Result<Arc<dyn Voice>> {
        if let Some(name) = speaker.filter(|_| !files.family.has_speakers) {
            return Err(Error::new(Kind::Voice, format!("the voice '{}' has no speaker '{name}'", files.id))
                .help("name it without a speaker"));
        }
        let shared = files.files.get(&Role::Model).cloned().unwrap_or_else(|| PathBuf::from(&files.id));
        let model = match self.0.get(&shared) {
            Some(model) => Arc::clone(model),
            None => {
                let model = engine(files.family, loading.backend)?.load(files, facts, loading.hands)?;
                self.0.insert(shared, Arc::clone(&model));
                model
            }
        };
        model.voice(files, facts, speaker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rows_are_told_apart_by_family_and_back_end() {
        let rows: BTreeSet<String> =
            ENGINES.iter().map(|engine| format!("{} {:?}", engine.family(), engine.backend())).collect();
        assert_eq!(rows.len(), ENGINES.len());
        for engine in ENGINES {
            let family = engine.family();
            assert_eq!(super::family(family.name), Some(family));
            assert!(!engine.revision().is_empty(), "{family}");
            assert!(usual(family).is_ok_and(|usual| usual.backend() == Backend::Own), "{family}");
        }
    }

    #[test]
    fn a_family_with_one_engine_does_not_ask_for_a_back_end() {
        assert!(engine(&kokoro::FAMILY, Backend::Rten).is_ok_and(|found| found.family() == &kokoro::FAMILY));
        assert!(engine(&piper::FAMILY, Backend::Rten).is_ok_and(|found| found.backend() == Backend::Rten));
        assert_eq!(engine(&piper::FAMILY, Backend::PiperRs).is_ok(), cfg!(feature = "piper-rs"));
    }

    #[test]
    fn a_person_is_the_second_part_of_an_id() {
        let rows = [(&kokoro::FAMILY, "af_heart", "heart"), (&hibari::FAMILY, "hibari-heart", "heart")];
        for (family, id, person) in rows {
            assert_eq!(family.person(id), person);
        }
        assert_eq!(piper::FAMILY.person("en_US-joe-medium"), "joe");
        assert_eq!(piper::FAMILY.person("mine"), "mine");
    }
}
