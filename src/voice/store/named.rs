//! In: how a person names a voice: an id of the catalogue, or a file of their own. Out: the files of that voice.

use super::{Store, VoiceFiles};
use crate::error::{Error, Kind, Result};
use crate::progress::Observer;
use crate::voice::catalog::{Catalog, Engine};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A voice as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VoiceRef {
    /// An id of the catalogue, not looked up yet.
    Catalogue(String),
    /// A Piper voice of the user's own: the path of its ONNX file.
    Own(PathBuf),
}

impl VoiceRef {
    /// What ends in `.onnx` or holds a path separator is a file, anything else an id.
    pub fn parse(text: &str) -> VoiceRef {
        let text = text.trim();
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
        }
    }
}

/// The files of a Piper voice outside the store: `x.onnx`, and `x.onnx.json` beside it. Its id is `x`.
///
/// # Errors
/// Of kind `Voice` when one of the two is not there.
pub fn own_voice(model: &Path) -> Result<VoiceFiles> {
    let error = |what: &str, path: &Path| Error::new(Kind::Voice, what).in_file(path);
    let id = model.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if !model.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx")) {
        return Err(error("this is no voice", model)
            .help("a voice of your own is a file that ends in .onnx; `cuevox voices list` shows the others"));
    }
    if !model.is_file() {
        return Err(error("there is no such file", model).help("check the path of the voice"));
    }
    let mut config = OsString::from(model);
    config.push(".json");
    let config = PathBuf::from(config);
    if !config.is_file() {
        return Err(error("the configuration of this Piper voice is missing", &config)
            .help("put the JSON file that came with the .onnx file beside it, under this name"));
    }
    let (model, config) = (model.to_owned(), Some(config));
    Ok(VoiceFiles { id, engine: Engine::Piper, model, config, style: None, sums: BTreeMap::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ];
        for (text, meant) in rows {
            assert_eq!(VoiceRef::parse(text), meant, "{text}");
        }
    }

    #[test]
    fn a_voice_of_ones_own_needs_both_its_files() {
        let dir = tempfile::tempdir().expect("a folder");
        let model = dir.path().join("x.onnx");
        let says = |path: &Path| own_voice(path).map_err(|e| e.to_string());
        assert!(says(&dir.path().join("x")).is_err_and(|e| e.contains("this is no voice")));
        assert!(says(&model).is_err_and(|e| e.contains("no such file")));
        std::fs::write(&model, "m").expect("written");
        assert!(says(&model).is_err_and(|e| e.contains("x.onnx.json: the configuration")));
        std::fs::write(dir.path().join("x.onnx.json"), "{}").expect("written");
        let files = own_voice(&model).expect("both are there");
        assert_eq!((files.id.as_str(), files.config), ("x", Some(dir.path().join("x.onnx.json"))));
    }
}
