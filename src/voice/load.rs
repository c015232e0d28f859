//! In: the files of a voice. Out: the loaded voice. A model that several voices or speakers share is loaded once. Knows
//! neither catalogue nor network.

use super::encode::{self, Encoded};
use super::graph::Graph;
use super::hands::Hands;
use super::hibari::{Hibari, HibariVoice};
use super::kokoro::{self, Kokoro, Style};
use super::noise::Seed;
#[cfg(feature = "piper-rs")]
use super::piper::Peer;
use super::piper::{self, Config, Piper};
use super::store::{VoiceFiles, sha256};
use super::{Runtime, Said, Voice, catalog::Engine, edges};
use crate::error::{Error, Kind, Result};
use crate::phonemes::{Alphabet, Phoneme};
use crate::time::FrameClock;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a voice has to know beside its files.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The espeak-ng voice, where no configuration says it.
    pub(super) espeak: String,
    /// The sample rate, where no configuration says it.
    pub(super) sample_rate: u32,
}

/// Models loaded so far, by their files.
#[derive(Default)]
pub(super) struct Models {
    piper: HashMap<PathBuf, (Arc<Speaking>, Arc<Config>, String)>,
    kokoro: HashMap<PathBuf, (Arc<Kokoro>, String)>,
    hibari: HashMap<PathBuf, (Arc<Hibari>, String)>,
}

impl Models {
    /// Loads the voice; `speaker` is a name or a number for voices that have several.
    pub(super) fn voice(
        &mut self,
        files: &VoiceFiles,
        speaker: Option<&str>,
        (facts, runtime): (&Facts, Runtime),
        hands: Hands,
    ) -> Result<Arc<dyn Voice>> {
        match files.engine {
            Engine::Piper => self.piper(files, speaker, runtime, hands),
            Engine::Kokoro => self.kokoro(files, speaker, facts),
            Engine::Hibari => self.hibari(files, speaker, facts),
        }
    }

    fn piper(
        &mut self,
        files: &VoiceFiles,
        speaker: Option<&str>,
        runtime: Runtime,
        hands: Hands,
    ) -> Result<Arc<dyn Voice>> {
        if !self.piper.contains_key(&files.model) {
            let path = needed(files.config.as_deref(), files, "configuration")?;
            let config = Config::parse(&read(path, files)?.0).map_err(|e| e.in_file(path))?;
            let bytes = bytes_of(&files.model, files)?;
            let (sum, graph) = hands.both(|| checked(&bytes, &files.model, files), || Graph::read(&bytes));
            let sum = sum?;
            // The graph holds all of it; both at once would be most of the memory of a whole job.
            drop(bytes);
            let model = graph.and_then(|graph| speaking((&files.model, graph), &config, runtime));
            let model = model.map_err(|e| e.in_file(&files.model))?;
            let sum = format!("{sum}{} {}", runtime.mark(), piper::REVISION);
            self.piper.insert(files.model.clone(), (Arc::new(model), Arc::new(config), sum));
        }
        let (model, config, sum) = &self.piper[&files.model];
        let number = match speaker {
            None => 0,
            Some(name) => config.speaker(name).ok_or_else(|| no_speaker(files, name, config))?,
        };
        let id = speaker.map_or_else(|| files.id.clone(), |name| format!("{}#{name}", files.id));
        let (model, config, sum) = (Arc::clone(model), Arc::clone(config), sum.clone());
        Ok(Arc::new(PiperVoice { id, sum, speaker: number, model, config }))
    }

    fn kokoro(&mut self, files: &VoiceFiles, speaker: Option<&str>, facts: &Facts) -> Result<Arc<dyn Voice>> {
        alone(files, speaker)?;
        if !self.kokoro.contains_key(&files.model) {
            let (bytes, sum) = read(&files.model, files)?;
            let model = Kokoro::load(bytes, facts.sample_rate).map_err(|e| e.in_file(&files.model))?;
            self.kokoro.insert(files.model.clone(), (Arc::new(model), sum));
        }
        let path = needed(files.style.as_deref(), files, "style")?;
        let (bytes, own) = read(path, files)?;
        let style = Style::parse(&bytes).map_err(|e| e.in_file(path))?;
        let (model, sum) = &self.kokoro[&files.model];
        let (model, sum) = (Arc::clone(model), format!("{sum} {own} {}", kokoro::REVISION));
        Ok(Arc::new(KokoroVoice { id: files.id.clone(), sum, espeak: facts.espeak.clone(), model, style }))
    }

    fn hibari(&mut self, files: &VoiceFiles, speaker: Option<&str>, facts: &Facts) -> Result<Arc<dyn Voice>> {
        alone(files, speaker)?;
        if !self.hibari.contains_key(&files.model) {
            let (bytes, sum) = read(&files.model, files)?;
            let graph = Graph::read(&bytes);
            drop(bytes);
            let model = graph.and_then(|graph| Hibari::load(&graph, facts.sample_rate));
            let model = model.map_err(|e| e.in_file(&files.model))?;
            self.hibari.insert(files.model.clone(), (Arc::new(model), sum));
        }
        let (model, sum) = &self.hibari[&files.model];
        Ok(Arc::new(HibariVoice::new((&files.id, &facts.espeak), Arc::clone(model), sum)))
    }
}

/// An error where a speaker is asked for of a voice that has only one.
fn alone(files: &VoiceFiles, speaker: Option<&str>) -> Result<()> {
    match speaker {
        None => Ok(()),
        Some(name) => Err(Error::new(Kind::Voice, format!("the voice '{}' has no speaker '{name}'", files.id))
            .help("name it without a speaker")),
    }
}

/// The bytes of a file of the voice, which have to be the right ones where that is known, and their SHA-256.
fn read(path: &Path, files: &VoiceFiles) -> Result<(Vec<u8>, String)> {
    let bytes = bytes_of(path, files)?;
    let sum = checked(&bytes, path, files)?;
    Ok((bytes, sum))
}

fn bytes_of(path: &Path, files: &VoiceFiles) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| wrong("cannot be read", path, files).because(e).help("check this file"))
}

/// The SHA-256 of a file, which has to be the right one: a model with a few weights overwritten still runs, and speaks noise.
fn checked(bytes: &[u8], path: &Path, files: &VoiceFiles) -> Result<String> {
    let found = sha256(bytes);
    match files.sums.get(path).is_none_or(|sum| found == *sum) {
        true => Ok(found),
        false => Err(wrong("is damaged: this file is not as it was published", path, files)),
    }
}

fn wrong(what: &str, path: &Path, files: &VoiceFiles) -> Error {
    Error::new(Kind::Voice, format!("the voice '{}' {what}", files.id)).in_file(path)
}

fn needed<'a>(path: Option<&'a Path>, files: &VoiceFiles, what: &str) -> Result<&'a Path> {
    path.ok_or_else(|| Error::new(Kind::Voice, format!("the voice '{}' has no {what}", files.id)))
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

/// What speaks a Piper voice.
enum Speaking {
    Own(Box<Piper>),
    #[cfg(feature = "piper-rs")]
    Peer(Box<Peer>),
}

/// The model of this file, whose graph this is.
fn speaking((_file, graph): (&Path, Graph), config: &Config, runtime: Runtime) -> Result<Speaking> {
    match runtime {
        #[cfg(feature = "piper-rs")]
        Runtime::PiperRs => Ok(Speaking::Peer(Box::new(Peer::load(_file, graph, config)?))),
        #[cfg(not(feature = "piper-rs"))]
        Runtime::PiperRs => Err(Runtime::missing()),
        Runtime::Own => Ok(Speaking::Own(Box::new(Piper::load(graph, config)?))),
        Runtime::Rten => Ok(Speaking::Own(Box::new(Piper::load_as_it_stands(graph, config)?))),
    }
}

struct PiperVoice {
    id: String,
    sum: String,
    speaker: i32,
    model: Arc<Speaking>,
    config: Arc<Config>,
}

impl PiperVoice {
    fn seed(&self, ids: &[i32], seed: u64) -> Seed {
        Seed::of(seed, &self.id, self.speaker, ids)
    }
}

impl Voice for PiperVoice {
    fn id(&self) -> &str {
        &self.id
    }

    fn fingerprint(&self) -> &str {
        &self.sum
    }

    fn clock(&self) -> FrameClock {
        match self.model.as_ref() {
            Speaking::Own(model) => model.clock(),
            #[cfg(feature = "piper-rs")]
            Speaking::Peer(model) => model.clock(),
        }
    }

    fn espeak_voice(&self) -> &str {
        self.config.espeak_voice()
    }

    fn most_tokens(&self) -> usize {
        4000
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        match self.model.as_ref() {
            Speaking::Own(_) => encode::piper(phonemes, &self.config.phoneme_id_map),
            #[cfg(feature = "piper-rs")]
            Speaking::Peer(model) => model.encode(phonemes),
        }
    }

    fn durations(&self, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
        match self.model.as_ref() {
            Speaking::Own(model) => {
                let frames = model.predict(ids, self.speaker, self.seed(ids, seed))?;
                Ok(piper::with_lead_in(frames, model.clock()))
            }
            #[cfg(feature = "piper-rs")]
            Speaking::Peer(model) => model.predict(ids, self.speaker),
        }
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        match self.model.as_ref() {
            Speaking::Own(model) => model.heard(said, (self.speaker, self.seed(said.ids, said.seed))),
            #[cfg(feature = "piper-rs")]
            Speaking::Peer(model) => {
                let samples = model.speak(said.ids, said.frames, self.speaker)?;
                Ok(edges::heard(&samples, model.clock().rate))
            }
        }
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
        match self.model.as_ref() {
            Speaking::Own(model) => model.speak(ids, frames, (self.speaker, self.seed(ids, seed)), take),
            #[cfg(feature = "piper-rs")]
            Speaking::Peer(model) => take(&model.speak(ids, frames, self.speaker)?),
        }
    }
}

struct KokoroVoice {
    id: String,
    sum: String,
    espeak: String,
    model: Arc<Kokoro>,
    style: Style,
}

impl Voice for KokoroVoice {
    fn id(&self) -> &str {
        &self.id
    }

    fn fingerprint(&self) -> &str {
        &self.sum
    }

    fn clock(&self) -> FrameClock {
        self.model.clock()
    }

    fn espeak_voice(&self) -> &str {
        &self.espeak
    }

    fn alphabet(&self) -> Alphabet {
        Alphabet::Misaki
    }

    fn most_tokens(&self) -> usize {
        encode::KOKORO_MAX + 2
    }

    /// Kokoro's sounds come before the tokens they belong to: after a pause inside an utterance by 22 to 47 ms (ff_siwis).
    fn early(&self) -> u32 {
        2
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        encode::kokoro(phonemes)
    }

    fn durations(&self, ids: &[i32], _: u64) -> Result<Vec<u32>> {
        self.model.predict(ids, &self.style)
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        match self.model.heard(said.ids, said.frames, &self.style)? {
            Some(heard) => Ok(Some(heard)),
            None => Ok(edges::heard(&self.sound(said.ids, said.frames, said.seed)?, self.clock().rate)),
        }
    }

    fn sound(&self, ids: &[i32], frames: &[u32], _: u64) -> Result<Vec<f32>> {
        self.model.speak(ids, frames, &self.style)
    }
}
