//! In: a voice of one's own. Out: a track that it speaks. What a voice has to do is to say how long it would take for each
//! sound, and then to take exactly as long as it is told; this one beats a drum.
//!
//! ```text
//! cargo run --release --example voice -- drum.wav
//! ```

use cuevox::phonemes::Phoneme;
use cuevox::phonemes::inventory::{Class, class};
use cuevox::progress::Unwatched;
use cuevox::time::FrameClock;
use cuevox::voice::encode::{Encoded, Token};
use cuevox::{Studio, Voice};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

/// Frames of 10 ms.
const CLOCK: FrameClock = FrameClock { hop: 160, rate: 16_000 };

/// A stroke for each vowel.
struct Drum;

impl Voice for Drum {
    fn id(&self) -> &str {
        "drum"
    }

    fn fingerprint(&self) -> &str {
        "drum 1"
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
        for &Phoneme { symbol, word } in phonemes {
            tokens.push(Token { symbol, word, class: class(symbol) });
        }
        tokens.push(edge('$'));
        let ids = tokens.iter().map(|token| i32::from(token.class == Class::Vowel)).collect();
        Encoded { ids, tokens, unknown: Vec::new() }
    }

    fn durations(&self, ids: &[i32], _: u64) -> cuevox::Result<Vec<u32>> {
        Ok(ids.iter().map(|id| if *id == 1 { 10 } else { 5 }).collect())
    }

    fn sound(&self, ids: &[i32], frames: &[u32], _: u64) -> cuevox::Result<Vec<f32>> {
        let mut samples = Vec::new();
        for (id, frames) in ids.iter().zip(frames) {
            for at in 0..*frames * CLOCK.hop {
                let seconds = at as f32 / CLOCK.rate as f32;
                let stroke = (-30.0 * seconds).exp() * (std::f32::consts::TAU * 110.0 * seconds).sin();
                samples.push(0.5 * stroke * *id as f32);
            }
        }
        Ok(samples)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::args().nth(1).ok_or("name the file the track is to be")?;
    let studio = Studio::builder().bring(Arc::new(Drum)).voice("drum").build()?;
    let planned = studio.plan(b"00:01 The tide comes in.\n00:04 The tide goes out.\n", &Unwatched)?;
    for track in &planned.tracks {
        studio.speak(track, Path::new(&target), &Unwatched)?;
    }
    println!("{target}");
    Ok(())
}
