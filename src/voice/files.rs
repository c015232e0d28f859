//! In: where the files of a voice lie, by what each is to it. Out: their bytes, which have to be the right ones where that is
//! known. Knows no engine.

use super::family::Family;
use super::role::Role;
use crate::error::{Error, Kind, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The files a voice is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceFiles {
    /// The voice's id, or the stem of a user's own file.
    pub id: String,
    /// The family of models that it is of.
    pub family: &'static Family,
    /// Where each lies.
    pub files: BTreeMap<Role, PathBuf>,
    /// The SHA-256 each of them must have; none for a user's own.
    pub sums: BTreeMap<Role, String>,
}

/// A file that was read, and found right.
pub(super) struct Whole {
    /// All of it.
    pub(super) bytes: Vec<u8>,
    /// Its SHA-256.
    pub(super) sum: String,
}

impl VoiceFiles {
    /// Where the file lies.
    ///
    /// # Errors
    /// Of kind `Voice` when the voice has none of the kind.
    pub fn path(&self, role: Role) -> Result<&Path> {
        self.files
            .get(&role)
            .map(PathBuf::as_path)
            .ok_or_else(|| Error::new(Kind::Voice, format!("the voice '{}' has no {}", self.id, role.in_words())))
    }

    /// The bytes of a file, which has to be the right one.
    pub(super) fn read(&self, role: Role) -> Result<Whole> {
        let bytes = self.bytes(role)?;
        let sum = self.checked(role, &bytes)?;
        Ok(Whole { bytes, sum })
    }

    /// The bytes of a file, whatever they are.
    pub(super) fn bytes(&self, role: Role) -> Result<Vec<u8>> {
        let path = self.path(role)?;
        std::fs::read(path).map_err(|e| self.wrong("cannot be read", path).because(e).help("check this file"))
    }

    /// The SHA-256 of a file, which has to be the right one: a model with a few weights overwritten still runs, and speaks
    /// noise.
    pub(super) fn checked(&self, role: Role, bytes: &[u8]) -> Result<String> {
        let found = sha256(bytes);
        if self.sums.get(&role).is_some_and(|sum| found != *sum) {
            return Err(self.wrong("is damaged: this file is not as it was published", self.path(role)?));
        }
        Ok(found)
    }

    fn wrong(&self, what: &str, path: &Path) -> Error {
        Error::new(Kind::Voice, format!("the voice '{}' {what}", self.id)).in_file(path)
    }
}

/// The SHA-256 of these bytes, likewise.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
