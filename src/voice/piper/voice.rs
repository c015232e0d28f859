//! In: the files of a Piper voice; phonemes, ids, frames. Out: what the program asks of a voice, answered by a Piper model.
//! Knows no network.

use super::encode::encode;
use super::{Config, FAMILY, Piper, REVISION, computed_by, with_lead_in};
use crate::error::{Action, Error, Kind, Result, advice};
use crate::phonemes::Phoneme;
use crate::time::FrameClock;
use crate::voice::backend::Backend;
use crate::voice::encode::Encoded;
use crate::voice::engine::{Engine, Facts, Model};
use crate::voice::family::Family;
use crate::voice::files::VoiceFiles;
use crate::voice::graph::Graph;
use crate::voice::hands::Hands;
use crate::voice::noise::Seed;
use crate::voice::role::Role;
use crate::voice::{Said, Voice};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many ids such a voice is spoken with at most.
pub(in crate::voice) const MOST: usize = 4000;

/// Piper voices, by layers of this crate.
pub(in crate::voice) static OWN: PiperEngine = PiperEngine { backend: Backend::Own, load: Piper::load };

/// Piper voices, by rten as their networks stand in the file.
pub(in crate::voice) static RTEN: PiperEngine = PiperEngine { backend: Backend::Rten, load: Piper::load_as_it_stands };

/// The engine of Piper voices.
pub(in crate::voice) struct PiperEngine {
    backend: Backend,
    load: fn(Graph, &Config) -> Result<Piper>,
}

impl Engine for PiperEngine {
    fn family(&self) -> &'static Family {
        &FAMILY
    }

    fn backend(&self) -> Backend {
        self.backend
    }

    fn revision(&self) -> &'static str {
        REVISION
    }

    fn load(&self, files: &VoiceFiles, _: &Facts, hands: Hands) -> Result<Arc<dyn Model>> {
        let beside = Beside::load(files, hands)?;
        let model = (self.load)(beside.graph, &beside.config).map_err(|e| e.in_file(&beside.model))?;
        let sum = format!("{}{} {REVISION}", beside.sum, self.backend.mark());
        Ok(Arc::new(PiperModel { model, config: beside.config, sum }))
    }

    fn files_of(&self, model: &Path) -> Option<Result<VoiceFiles>> {
        Some(files_of(model))
    }

    fn computed_by(&self, model: &[u8]) -> Result<String> {
        computed_by(model)
    }
}

/// The files of a Piper voice, read.
pub(in crate::voice) struct Beside {
    /// The network.
    pub(in crate::voice) graph: Graph,
    /// The file it is from.
    pub(in crate::voice) model: PathBuf,
    /// The SHA-256 of that file.
    pub(in crate::voice) sum: String,
    /// The configuration beside it.
    pub(in crate::voice) config: Config,
}

impl Beside {
    /// Reads the files of a voice.
    ///
    /// # Errors
    /// When one of them is missing, damaged, or no file of a Piper voice.
    pub(in crate::voice) fn load(files: &VoiceFiles, hands: Hands) -> Result<Beside> {
        let config = files.read(Role::Config)?.bytes;
        let config = Config::parse(&config).map_err(|e| e.in_file(files.files[&Role::Config].clone()))?;
        let bytes = files.bytes(Role::Model)?;
        let model = files.path(Role::Model)?.to_owned();
        let (sum, graph) = hands.both(|| files.checked(Role::Model, &bytes), || Graph::read(&bytes));
        let sum = sum?;
        // The graph holds all of it; both at once would be most of the memory of a whole job.
        drop(bytes);
        let graph = graph.map_err(|e| e.in_file(&model))?;
        Ok(Beside { graph, model, sum, config })
    }
}

/// A speaker of a Piper voice.
pub(in crate::voice) struct Speaker {
    /// The id of the voice, with the speaker's name where one was named.
    pub(in crate::voice) id: String,
    /// The number that the network is given.
    pub(in crate::voice) number: i32,
}

impl Speaker {
    /// The speaker of this name or number; the first where none is named.
    ///
    /// # Errors
    /// Of kind `Voice`, with names that are like it, where there is none.
    pub(in crate::voice) fn find(files: &VoiceFiles, config: &Config, name: Option<&str>) -> Result<Speaker> {
        let Some(name) = name else { return Ok(Speaker { id: files.id.clone(), number: 0 }) };
        let number = config.speaker(name).ok_or_else(|| no_speaker(files, name, config))?;
        Ok(Speaker { id: format!("{}#{name}", files.id), number })
    }
}

fn no_speaker(files: &VoiceFiles, name: &str, config: &Config) -> Error {
    let error = Error::new(Kind::Voice, format!("the voice '{}' has no speaker '{name}'", files.id));
    if config.speakers() == 1 {
        return error.help("it has only one: name it without a speaker");
    }
    let mut names: Vec<&str> = config.speaker_id_map.keys().map(String::as_str).collect();
    names.sort_by(|a, b| strsim::jaro(name, b).total_cmp(&strsim::jaro(name, a)));
    names.truncate(3);
    let near = if names.is_empty() { String::new() } else { format!(", or a name such as {}", names.join(", ")) };
    error.help(format!("use a number from 0 to {}{near}", config.speakers() - 1))
}

/// A loaded model, with what lies beside it.
struct PiperModel {
    model: Piper,
    config: Config,
    sum: String,
}

impl Model for PiperModel {
    fn voice(self: Arc<Self>, files: &VoiceFiles, _: &Facts, speaker: Option<&str>) -> Result<Arc<dyn Voice>> {
        let speaker = Speaker::find(files, &self.config, speaker)?;
        Ok(Arc::new(PiperVoice { speaker, of: self }))
    }
}

/// A voice of this kind.
struct PiperVoice {
    speaker: Speaker,
    of: Arc<PiperModel>,
}

impl PiperVoice {
    fn seed(&self, ids: &[i32], seed: u64) -> Seed {
        Seed::of(seed, &self.speaker.id, self.speaker.number, ids)
    }
}

impl Voice for PiperVoice {
    fn id(&self) -> &str {
        &self.speaker.id
    }

    fn fingerprint(&self) -> &str {
        &self.of.sum
    }

    fn clock(&self) -> FrameClock {
        self.of.model.clock()
    }

    fn espeak_voice(&self) -> &str {
        self.of.config.espeak_voice()
    }

    fn most_tokens(&self) -> usize {
        MOST
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        encode(phonemes, &self.of.config.phoneme_id_map)
    }

    fn durations(&self, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
        let frames = self.of.model.predict(ids, self.speaker.number, self.seed(ids, seed))?;
        Ok(with_lead_in(frames, self.of.model.clock()))
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        self.of.model.heard(said, (self.speaker.number, self.seed(said.ids, said.seed)))
    }

    fn sound(&self, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
        let mut samples = Vec::new();
        self.stream(ids, frames, seed, &mut |more| {
            samples.extend_from_slice(more);
            Ok(())
        })?;
        Ok(samples)
    }

    fn stream(&self, ids: &[i32], frames: &[u32], seed: u64, take: &mut dyn FnMut(&[f32]) -> Result<()>) -> Result<()> {
        self.of.model.speak(ids, frames, (self.speaker.number, self.seed(ids, seed)), take)
    }
}

/// The files of a Piper voice outside the store: `x.onnx`, and `x.onnx.json` beside it. Its id is `x`.
///
/// # Errors
/// Of kind `Voice` when one of the two is not there.
fn files_of(model: &Path) -> Result<VoiceFiles> {
    let error = |what: &str, path: &Path| Error::new(Kind::Voice, what).in_file(path);
    let id = model.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if !model.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx")) {
        return Err(error("this is no voice", model).with_remedy(advice![
            "a voice of your own is a file that ends in .onnx; ",
            Action::ListVoices,
            " shows the others"
        ]));
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
    let files = BTreeMap::from([(Role::Model, model.to_owned()), (Role::Config, config)]);
    Ok(VoiceFiles { id, family: &FAMILY, files, sums: BTreeMap::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_of_ones_own_needs_both_its_files() {
        let dir = tempfile::tempdir().expect("a folder");
        let model = dir.path().join("x.onnx");
        let says = |path: &Path| files_of(path).map_err(|e| e.to_string());
        assert!(says(&dir.path().join("x")).is_err_and(|e| e.contains("this is no voice")));
        assert!(says(&model).is_err_and(|e| e.contains("no such file")));
        std::fs::write(&model, "m").expect("written");
        assert!(says(&model).is_err_and(|e| e.contains("x.onnx.json: the configuration")));
        std::fs::write(dir.path().join("x.onnx.json"), "{}").expect("written");
        let files = files_of(&model).expect("both are there");
        assert_eq!((files.id.as_str(), &files.files[&Role::Config]), ("x", &dir.path().join("x.onnx.json")));
    }
}
