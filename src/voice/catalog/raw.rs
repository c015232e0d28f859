//! In: the catalogue as it stands in its file. Out: the same with every reference followed and checked.

use super::{Entry, FileSpec, Measurements, Role, Source, stays_inside};
use crate::error::{Error, Kind, Result};
use crate::lang::Lang;
use crate::voice::engines;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The version of the file's shape that this program reads.
const VERSION: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalog {
    version: u32,
    defaults: BTreeMap<Lang, String>,
    voices: Vec<Voice>,
    files: BTreeMap<String, File>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Voice {
    id: String,
    language: String,
    engine: String,
    espeak: String,
    sample_rate: u32,
    speakers: u32,
    quality: Option<String>,
    gender: Option<String>,
    accent: Option<String>,
    licence: String,
    about: Option<String>,
    files: BTreeMap<Role, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    size: u64,
    sha256: String,
    sources: Vec<Source>,
}

fn wrong(what: String) -> Error {
    Error::new(Kind::Voice, format!("the catalogue of voices is damaged: {what}"))
}

/// Follows every reference of the file.
pub(super) fn build(raw: Catalog) -> Result<super::Catalog> {
    if raw.version != VERSION {
        return Err(wrong(format!("its version is {}, not {VERSION}", raw.version)));
    }
    let specs = specs(raw.files, &raw.voices)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(raw.voices.len());
    for voice in raw.voices {
        if entries.iter().any(|known| known.id.eq_ignore_ascii_case(&voice.id)) {
            return Err(wrong(format!("the voice '{}' stands twice", voice.id)));
        }
        entries.push(entry(voice, &specs)?);
    }
    let mut defaults = BTreeMap::new();
    for (lang, id) in raw.defaults {
        let at = entries.iter().position(|entry| entry.id == id);
        let at = at.ok_or_else(|| wrong(format!("the default voice '{id}' does not stand in it")))?;
        defaults.insert(lang, at);
    }
    Ok(super::Catalog { entries, defaults, measurements: Measurements::default() })
}

fn specs(files: BTreeMap<String, File>, voices: &[Voice]) -> Result<BTreeMap<String, FileSpec>> {
    let checked = files.into_iter().map(|(name, file)| {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if file.sha256.len() != 64 || !file.sha256.bytes().all(hex) {
            return Err(wrong(format!("the SHA-256 of '{name}' is not 64 hexadecimal digits")));
        }
        if !stays_inside(&name) {
            return Err(wrong(format!("the file name '{name}' leaves the folder of voices")));
        }
        let users = voices.iter().filter(|voice| voice.files.values().any(|used| *used == name)).count();
        let File { size, sha256, sources } = file;
        Ok((name.clone(), FileSpec { name, size, sha256, sources, shared: users > 1 }))
    });
    checked.collect()
}

fn entry(voice: Voice, specs: &BTreeMap<String, FileSpec>) -> Result<Entry> {
    let mut files = BTreeMap::new();
    for (role, name) in &voice.files {
        let spec = specs.get(name).ok_or_else(|| wrong(format!("nothing is known of the file '{name}'")))?;
        files.insert(*role, spec.clone());
    }
    let unknown = || wrong(format!("nothing speaks the voice '{}' of the engine '{}'", voice.id, voice.engine));
    let family = engines::family(&voice.engine).ok_or_else(unknown)?;
    if let Some(role) = family.needs.iter().find(|role| !files.contains_key(role)) {
        return Err(wrong(format!("the voice '{}' has no {role:?} file", voice.id)));
    }
    let lang = voice.language.parse().map_err(|e: Error| wrong(format!("of the voice '{}', {e}", voice.id)))?;
    let accent = match voice.accent {
        Some(accent) => accent,
        None => accent_of(&voice.language).ok_or_else(|| wrong(format!("the voice '{}' has no accent", voice.id)))?,
    };
    Ok(Entry {
        id: voice.id,
        language: voice.language,
        family,
        espeak: voice.espeak,
        sample_rate: voice.sample_rate,
        speakers: voice.speakers,
        quality: voice.quality,
        gender: voice.gender,
        accent,
        licence: voice.licence,
        about: voice.about,
        files,
        measured: None,
        lang,
    })
}

/// The accent that a language's country stands for.
fn accent_of(language: &str) -> Option<String> {
    let name = match language {
        "en-US" => "American",
        "en-GB" => "British",
        "fr-FR" => "of France",
        _ => return None,
    };
    Some(name.to_owned())
}
