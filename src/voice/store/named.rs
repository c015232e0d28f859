//! In: how a person names a voice: an id of the catalogue, or a file of their own. Out: the files of that voice.

use super::{Store, VoiceFiles};
use crate::error::{Error, Kind, Result};
use crate::progress::Observer;
use crate::voice::catalog::Catalog;
use crate::voice::engines;
use crate::voice::family::Family;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A voice as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoiceRef {
    /// An id of the catalogue, not looked up yet.
    Catalogue(String),
    /// A voice of the user's own: the path of its model's file.
    Own(PathBuf),
    /// A voice without files, that is always there.
    BuiltIn(&'static Family),
}

impl VoiceRef {
    /// What ends in `.onnx` or holds a path separator is a file, anything else an id.
    pub fn parse(text: &str) -> VoiceRef {
        let text = text.trim();
        if let Some(family) = engines::with_built_in(text) {
            return VoiceRef::BuiltIn(family);
        }
        match text.to_ascii_lowercase().ends_with(".onnx") || text.contains(['/', '\\']) {
            true => VoiceRef::Own(PathBuf::from(text)),
            false => VoiceRef::Catalogue(text.to_owned()),
        }
    }

    /// Its files; a voice of the catalogue is installed when it is missing.
    ///
    /// # Errors
    /// As [`Catalog::find`], [`Store::ensure`] and [`own_voice`].
    pub fn ensure(&self, catalog: &Catalog, store: &Store, observer: &dyn Observer) -> Result<VoiceFiles> {
        match self {
            VoiceRef::Catalogue(id) => store.ensure(catalog.find(id)?, observer),
            VoiceRef::Own(model) => own_voice(model),
            VoiceRef::BuiltIn(family) => Ok(built_in(family)),
        }
    }
}

/// The files of a voice outside the store, whose model this is.
///
/// # Errors
/// Of kind `Voice` when it is no model that a voice of one's own can be, or when a file of it is missing.
pub fn own_voice(model: &Path) -> Result<VoiceFiles> {
    engines::files_of(model).unwrap_or_else(|| Err(Error::new(Kind::Voice, "this is no voice").in_file(model)))
}

/// The voice of a family that needs no files.
pub(in crate::voice) fn built_in(family: &'static Family) -> VoiceFiles {
    let id = family.built_in.unwrap_or(family.name).to_owned();
    VoiceFiles { id, family, files: BTreeMap::new(), sums: BTreeMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::tone;

    #[test]
    fn ids_and_paths_are_told_apart() {
        let own = |path: &str| VoiceRef::Own(PathBuf::from(path));
        let rows = [
            ("en_US-joe-medium", VoiceRef::Catalogue("en_US-joe-medium".into())),
            (" ff_siwis ", VoiceRef::Catalogue("ff_siwis".into())),
            ("mine.onnx", own("mine.onnx")),
            ("MINE.ONNX", own("MINE.ONNX")),
            ("folder/mine", own("folder/mine")),
            (r"C:\voices\mine.onnx", own(r"C:\voices\mine.onnx")),
            ("tone", VoiceRef::BuiltIn(&tone::FAMILY)),
        ];
        for (text, meant) in rows {
            assert_eq!(VoiceRef::parse(text), meant, "{text}");
        }
    }
}
