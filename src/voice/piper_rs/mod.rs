//! In: the files of a Piper voice, phoneme ids, frames. Out: speech by the crate `piper-rs`, as long as the frames are.
//!
//! `piper-rs` takes phonemes and a length scale, and gives samples. So that it can be held to a plan as far as that
//! goes, its voices speak without noise in their durations: these are then known beforehand, for any length scale, from
//! one run of our own predictor, and the scale is chosen that gives the planned total. At the voice's own pace each id
//! gets exactly the frames that were planned; where the plan stretches pauses and vowels more than consonants, the
//! ends of the utterance are where they were planned and what is between them is approximately there. The noise of the
//! voice itself is drawn by ONNX Runtime and is another one each time.
//!
//! ONNX Runtime is a shared library, and lies where the variable `ORT_DYLIB_PATH` says.

mod voice;

pub(super) use voice::PiperRs;

use super::encode::Encoded;
use super::graph::Graph;
use super::noise::Seed;
use super::piper::{Config, Piper, encode};
use crate::error::{Error, Kind, Result};
use crate::phonemes::Phoneme;
use crate::time::FrameClock;
use ort::session::Session;
use ort::session::builder::SessionBuilder;
use piper_rs::ModelConfig;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Parts of a frame in which durations are known.
const FINE: u32 = 1024;

/// How long ONNX Runtime may take to load.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the code points begin that stand for ids in what `piper-rs` is given: a plane for private use, as there are
/// phonemes that no single character stands for.
const FIRST: u32 = 0xF_0000;

/// A Piper model as `piper-rs` speaks it.
struct PiperRsModel {
    /// Predicts durations, in parts of a frame and without noise.
    own: Piper,
    model: PathBuf,
    config: Value,
    map: BTreeMap<String, Vec<i32>>,
    length_scale: f32,
    /// One speaks one utterance at a time; there come to be as many as are needed at once.
    idle: Mutex<Vec<piper_rs::Piper>>,
}

fn failed(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Voice, "piper-rs cannot speak").because(cause.to_string())
}

/// Loads ONNX Runtime, once.
fn onnx_runtime() -> Result<()> {
    static LOADED: OnceLock<std::result::Result<(), &str>> = OnceLock::new();
    let wrong = |what: &str| {
        Error::new(Kind::Usage, format!("piper-rs speaks with ONNX Runtime, and {what}"))
            .help("set ORT_DYLIB_PATH to its shared library: the PyPI package onnxruntime holds one")
    };
    let path = std::env::var_os("ORT_DYLIB_PATH").map(PathBuf::from);
    let path = path.ok_or_else(|| wrong("nothing says where that is"))?;
    if !path.is_file() {
        return Err(wrong("it is not where ORT_DYLIB_PATH says").in_file(path));
    }
    let loaded = LOADED.get_or_init(|| {
        // What cannot be loaded makes ort wait for itself, for ever.
        let (done, waited) = std::sync::mpsc::channel();
        let path = path.clone();
        std::thread::spawn(move || {
            let loaded = ort::init_from(path).map(|environment| environment.commit());
            let _ = done.send(loaded.is_ok());
        });
        match waited.recv_timeout(PATIENCE) {
            Ok(true) => Ok(()),
            _ => Err("this file is not it, or not for this machine, or older than 1.24"),
        }
    });
    (*loaded).map_err(|what| wrong(what).in_file(path))
}

/// What stands for an id.
fn letter(id: i32) -> Option<char> {
    char::from_u32(FIRST + u32::try_from(id).ok().filter(|id| *id < 0x1_0000)?)
}

/// The configuration in which a private letter stands for each id, and `piper-rs` reads nothing that it need not.
fn lettered(config: &Config, map: &BTreeMap<String, Vec<i32>>) -> Value {
    let letters = map.values().flatten().filter_map(|id| Some((letter(*id)?.to_string(), json!([id]))));
    let marks = ["^", "_", "$"].iter().map(|mark| ((*mark).to_owned(), json!(map.get(*mark))));
    let scales = &config.inference;
    json!({
        "audio": {"sample_rate": config.audio.sample_rate},
        "espeak": {"voice": config.espeak_voice()},
        "inference": {"noise_scale": scales.noise_scale, "length_scale": scales.length_scale, "noise_w": 0.0},
        "num_speakers": config.speakers(),
        "speaker_id_map": {},
        "phoneme_id_map": letters.chain(marks).collect::<Map<_, _>>(),
    })
}

/// The factor at which ids of these durations, in parts of a frame, come to `total` frames; where no factor does, they
/// come to a little more, and where each has one frame only, to what there is.
fn factor(fine: &[u32], total: u64) -> f64 {
    let frames = |factor: f64| -> u64 { fine.iter().map(|f| frames_at(*f, factor)).sum() };
    let own = frames(1.0).max(1);
    if own == total {
        return 1.0;
    }
    // The smallest factor for at least `frames`, by halving what it can be.
    let least = |wanted: u64| {
        let (mut low, mut high) = (0.0, 2.0 * wanted.max(1) as f64 / own as f64 + 1.0);
        while frames(high) < wanted && high < 1e6 {
            high *= 2.0;
        }
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if frames(middle) < wanted { low = middle } else { high = middle }
        }
        high
    };
    // In the middle of all that give the same, so that no rounding elsewhere matters.
    let from = least(total);
    (from + least(frames(from) + 1)) / 2.0
}

fn frames_at(fine: u32, factor: f64) -> u64 {
    ((f64::from(fine) * factor / f64::from(FINE)).ceil() as u64).max(1)
}

impl PiperRsModel {
    /// Loads the voice from this graph, which is that of the file `model`.
    ///
    /// # Errors
    /// When either of the two cannot load it, or there is no ONNX Runtime.
    fn load(model: &Path, graph: Graph, config: &Config) -> Result<PiperRsModel> {
        onnx_runtime()?;
        let length_scale = config.inference.length_scale;
        let own = Piper::load(graph, config)?.in_parts_of_a_frame(FINE, length_scale);
        let first = |(symbol, ids): (&String, &Vec<i32>)| (symbol.clone(), ids.iter().take(1).copied().collect());
        let map: BTreeMap<String, Vec<i32>> = config.phoneme_id_map.iter().map(first).collect();
        let config = lettered(config, &map);
        let peer = PiperRsModel { own, model: model.to_owned(), config, map, length_scale, idle: Mutex::default() };
        let session = peer.session()?;
        peer.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        Ok(peer)
    }

    /// How long one frame is.
    fn clock(&self) -> FrameClock {
        self.own.clock()
    }

    fn session(&self) -> Result<piper_rs::Piper> {
        let one_thread = |builder: SessionBuilder| builder.with_intra_threads(1).map_err(failed);
        let mut builder = one_thread(Session::builder().map_err(failed)?)?;
        let session = builder.commit_from_file(&self.model).map_err(failed)?;
        let config = serde_json::from_value::<ModelConfig>(self.config.clone()).map_err(failed)?;
        Ok(piper_rs::Piper::from_session(session, config))
    }

    /// The ids that `piper-rs` makes of phonemes: as Piper's own, but with no pad after the beginning, and one id for
    /// each symbol.
    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        let mut encoded = encode(phonemes, &self.map);
        if encoded.ids.len() > 2 {
            encoded.ids.remove(1);
            encoded.tokens.remove(1);
        }
        encoded
    }

    /// Durations of each id, in parts of a frame.
    fn fine(&self, ids: &[i32], speaker: i32) -> Result<Vec<u32>> {
        // There is no noise in them: any seed will do.
        self.own.predict(ids, speaker, Seed::of(0, "", speaker, ids))
    }

    /// Frames of each id, as `piper-rs` speaks them at the voice's own pace.
    fn predict(&self, ids: &[i32], speaker: i32) -> Result<Vec<u32>> {
        Ok(self.fine(ids, speaker)?.into_iter().map(|fine| frames_at(fine, 1.0) as u32).collect())
    }

    /// Samples at the voice's own rate, as many as these frames have; how they are shared out among the ids is left to
    /// `piper-rs`. Silence is added at the end, or something taken from it, where no length scale gives the total.
    fn speak(&self, ids: &[i32], frames: &[u32], speaker: i32) -> Result<Vec<f32>> {
        let total: u64 = frames.iter().map(|f| u64::from(*f)).sum();
        // Between the beginning and the end each id has a pad after it, which `piper-rs` puts there itself.
        let said = ids.get(1..ids.len().saturating_sub(1)).unwrap_or_default().chunks_exact(2);
        let text = said.map(|pair| letter(pair[0])).collect::<Option<String>>();
        let text = text.ok_or_else(|| failed("it cannot be given these ids"))?;
        let scale = f64::from(self.length_scale) * factor(&self.fine(ids, speaker)?, total);
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut session = idle.map_or_else(|| self.session(), Ok)?;
        let spoken = session.create(&text, true, Some(speaker.into()), Some(scale as f32), None, None);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        let mut samples = spoken.map_err(failed)?.0;
        samples.resize(total as usize * self.clock().hop as usize, 0.0);
        Ok(samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_gives_the_total_wherever_one_can() {
        let fine: Vec<u32> = (0..80).map(|i| 200 + (i * i * 977) % 9000).collect();
        let frames = |factor: f64| -> u64 { fine.iter().map(|f| frames_at(*f, factor)).sum() };
        let own = frames(1.0);
        assert_eq!(factor(&fine, own), 1.0);
        let mut exact = 0;
        for total in own / 2..own * 2 {
            let got = frames(factor(&fine, total));
            assert!((total..total + 4).contains(&got), "{got} for {total}");
            exact += u64::from(got == total);
        }
        assert!(exact * 10 > (own * 2 - own / 2) * 9, "only {exact} are exact");
    }

    #[test]
    fn odd_durations_have_a_factor_too() {
        for (fine, total) in [(&[1024, 1024][..], 1), (&[0, 0], 7), (&[], 3), (&[1], 100_000), (&[5000], 0)] {
            let found = factor(fine, total);
            assert!(found.is_finite() && found > 0.0, "{fine:?}, {total}: {found}");
        }
    }
}
