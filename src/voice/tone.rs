//! In: phonemes. Out: durations and tones: a hum for each sound, silence for each pause. No speech: the voice that tests
//! timing, because it is quick and what it says can be measured to the sample.

use super::encode::{Encoded, Token};
use super::engine::{Engine, Facts, Model};
use super::family::Family;
use super::files::VoiceFiles;
use super::hands::Hands;
use super::{Said, Voice};
use crate::error::Result;
use crate::phonemes::Phoneme;
use crate::phonemes::inventory::{Class, class};
use crate::time::FrameClock;
use std::ops::Range;
use std::sync::Arc;

/// A voice without a model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tone;

/// Raised whenever it comes to sound otherwise than before.
const REVISION: &str = "1";

/// Its family, of which it is the only one.
pub(super) static FAMILY: Family =
    Family { name: "tone", needs: &[], has_speakers: false, parted_by: '-', built_in: Some("tone") };

/// The engine of the tone.
pub(super) struct ToneEngine;

impl Engine for ToneEngine {
    fn family(&self) -> &'static Family {
        &FAMILY
    }

    fn revision(&self) -> &'static str {
        REVISION
    }

    fn load(&self, _: &VoiceFiles, _: &Facts, _: Hands) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Tone))
    }

    fn computed_by(&self, _: &[u8]) -> Result<String> {
        Ok("one cosine".to_owned())
    }
}

impl Model for Tone {
    fn voice(self: Arc<Self>, _: &VoiceFiles, _: &Facts, _: Option<&str>) -> Result<Arc<dyn Voice>> {
        Ok(self)
    }
}

const CLOCK: FrameClock = FrameClock { hop: 256, rate: 22_050 };

/// Loudness of its hum; full scale is 1.
const LEVEL: f32 = 0.25;

fn frames_of(class: Class) -> u32 {
    match class {
        Class::Pause => 4,
        Class::Vowel => 9,
        Class::Consonant => 5,
        Class::Mark => 1,
    }
}

fn token(symbol: char, word: Option<usize>) -> Token {
    Token { symbol, word, class: class(symbol) }
}

impl Voice for Tone {
    fn id(&self) -> &str {
        "tone"
    }

    fn fingerprint(&self) -> &str {
        REVISION
    }

    fn clock(&self) -> FrameClock {
        CLOCK
    }

    fn espeak_voice(&self) -> &str {
        "en-us"
    }

    fn most_tokens(&self) -> usize {
        10_000
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        let edge = |symbol| Token { symbol, word: None, class: Class::Pause };
        let mut tokens = vec![edge('^')];
        tokens.extend(phonemes.iter().map(|p| token(p.symbol, p.word)));
        tokens.push(edge('$'));
        let ids = tokens.iter().map(|t| frames_of(t.class) as i32).collect();
        Encoded { ids, tokens, unknown: Vec::new() }
    }

    fn durations(&self, ids: &[i32], _: u64) -> Result<Vec<u32>> {
        Ok(ids.iter().map(|id| id.unsigned_abs().max(1)).collect())
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        let hums = |id: &i32| *id != frames_of(Class::Pause) as i32;
        let (first, last) = (said.ids.iter().position(hums), said.ids.iter().rposition(hums));
        let until = |id: usize| said.frames[..id].iter().map(|f| u64::from(*f)).sum::<u64>() * u64::from(CLOCK.hop);
        Ok(first.zip(last).map(|(first, last)| until(first)..until(last + 1)))
    }

    fn sound(&self, ids: &[i32], frames: &[u32], _: u64) -> Result<Vec<f32>> {
        let hop = CLOCK.hop as usize;
        let mut samples = Vec::with_capacity(frames.iter().map(|f| *f as usize * hop).sum());
        for (id, frames) in ids.iter().zip(frames) {
            // Pauses are silent; the other sounds differ in pitch.
            let pitch = if *id == frames_of(Class::Pause) as i32 { 0.0 } else { 150.0 + 20.0 * *id as f32 };
            let level = if pitch > 0.0 { LEVEL } else { 0.0 };
            let step = pitch / CLOCK.rate as f32 * std::f32::consts::TAU;
            samples.extend((0..*frames as usize * hop).map(|i| level * (i as f32 * step).cos()));
        }
        Ok(samples)
    }
}
