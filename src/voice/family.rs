//! What the voices of a family of models are made of, and how they are named. Knows no model.

use super::role::Role;
use serde::{Serialize, Serializer};
use std::fmt;

/// A family of models: what a voice of it is made of and how such a voice is named.
#[derive(Debug)]
pub struct Family {
    /// Its name in the catalogue.
    pub name: &'static str,
    /// The files without which none of its voices speaks.
    pub needs: &'static [Role],
    /// Whether one model of it may hold several speakers.
    pub has_speakers: bool,
    /// What parts an id: whose voice it is stands second.
    pub parted_by: char,
    /// The id of its one voice, where that needs no files.
    pub built_in: Option<&'static str>,
}

impl Family {
    /// Whose voice an id names: `heart` for `af_heart`.
    pub(super) fn person<'a>(&self, id: &'a str) -> &'a str {
        id.split(self.parted_by).nth(1).unwrap_or(id)
    }
}

impl PartialEq for Family {
    fn eq(&self, other: &Family) -> bool {
        self.name == other.name
    }
}

impl Eq for Family {}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}
