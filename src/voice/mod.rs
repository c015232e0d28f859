//! In: phonemes; then durations for them. Out: the voice's own durations; then speech of exactly the durations given.
//! Knows neither cues nor windows nor the track.
//!
//! [`catalog`] says which voices there are, [`store`] has them on disk, [`cast`] says who speaks what and loads them, [`roles`]
//! gives voices to speakers for whom none was chosen,
//! [`encode`] turns phonemes into a voice's ids. Behind the trait [`Voice`] stand Piper's models ([`piper`]), spoken by
//! this crate or by another ([`Backend`]), Kokoro's, hibari's, and [`tone`], which makes no speech but can be measured;
//! [`engines`] has the table of them.

mod articulation;
mod backend;
pub mod cast;
pub mod catalog;
pub mod edges;
pub mod encode;
pub mod engine;
pub mod engines;
pub mod family;
mod files;
mod graph;
mod hands;
pub mod hibari;
mod inference;
mod kept;
pub mod kokoro;
mod layers;
mod noise;
pub mod piper;
#[cfg(feature = "piper-rs")]
mod piper_rs;
mod role;
pub mod roles;
pub mod store;
pub mod tone;

use crate::error::{Error, Kind, Result};
use crate::phonemes::{Alphabet, Phoneme, Source};
use crate::time::FrameClock;
pub use backend::Backend;
use encode::Encoded;
use std::ops::Range;

/// An utterance as a voice would speak it.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The voice's ids.
    pub ids: &'a [i32],
    /// Frames of each.
    pub frames: &'a [u32],
    /// The ids from the first sound of its first word to the last sound of its last.
    pub words: &'a Range<usize>,
    /// What the voice's noise grows from.
    pub seed: u64,
}

/// A voice that says how long it would speak, and speaks exactly as long as it is told.
pub trait Voice: Send + Sync {
    /// Its id, with the speaker's where it has several.
    fn id(&self) -> &str;

    /// What tells its model from every other: of two voices with the same, each speaks as the other does.
    fn fingerprint(&self) -> &str;

    /// Its grain: samples a frame, and samples a second.
    fn clock(&self) -> FrameClock;

    /// The espeak-ng voice of its language and accent.
    fn espeak_voice(&self) -> &str;

    /// The letters of the phonemes it was trained on.
    fn alphabet(&self) -> Alphabet {
        Alphabet::Espeak
    }

    /// Where its phonemes come from.
    fn source(&self) -> Source<'_> {
        Source { espeak_voice: self.espeak_voice(), alphabet: self.alphabet() }
    }

    /// How many tokens it can speak in one breath.
    fn most_tokens(&self) -> usize;

    /// How many frames before its tokens the sounds inside an utterance are heard, as measured; 0 where the two agree.
    fn early(&self) -> u32 {
        0
    }

    /// Its ids for these phonemes.
    fn encode(&self, phonemes: &[Phoneme]) -> Encoded;

    /// Frames of each id as it would speak them by itself. Use [`predict`], which checks them.
    ///
    /// # Errors
    /// When the model cannot be run on these ids.
    fn durations(&self, ids: &[i32], seed: u64) -> Result<Vec<u32>>;

    /// From the first sample of its first sound to the one after its last sound's last, of those that it would speak;
    /// `None` for silence. Use [`heard`], which checks it. A voice that can tell without speaking all of it should.
    ///
    /// # Errors
    /// When the model cannot be run on these ids.
    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        Ok(edges::heard(&self.sound(said.ids, said.frames, said.seed)?, self.clock().rate))
    }

    /// Mono samples at its own rate for these frames. Use [`speak`], which checks them.
    ///
    /// # Errors
    /// When the model cannot be run on these ids.
    fn sound(&self, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>>;

    /// Mono samples as [`Voice::sound`] gives them, handed to `take` as they are made: all at once, where the voice cannot do
    /// better.
    ///
    /// # Errors
    /// As [`Voice::sound`], and whatever `take` returns, which ends it.
    fn stream(&self, ids: &[i32], frames: &[u32], seed: u64, take: &mut dyn FnMut(&[f32]) -> Result<()>) -> Result<()> {
        take(&self.sound(ids, frames, seed)?)
    }
}

/// Frames of each id, as `voice` would speak them by itself: one each at least. The same ids and seed give the same.
///
/// # Errors
/// Of kind [`Voice`](Kind::Voice) when the model cannot be run, or does not give a duration for each id.
pub fn predict(voice: &dyn Voice, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
    let frames = voice.durations(ids, seed)?;
    let most = u64::from(voice.clock().rate) * 3600 / u64::from(voice.clock().hop.max(1));
    let sane = frames.len() == ids.len() && frames.iter().map(|f| u64::from(*f)).sum::<u64>() < most;
    match sane {
        true => Ok(frames.into_iter().map(|f| f.max(1)).collect()),
        false => Err(broken(voice, "predicts durations that make no sense")),
    }
}

/// From the first sample of the first sound of an utterance to the one after its last sound's last (`voice/edges.rs` says
/// what a sound is); `None` where nothing of it is heard.
///
/// # Errors
/// Of kind [`Voice`](Kind::Voice) when the model cannot be run.
pub fn heard(voice: &dyn Voice, said: Said<'_>) -> Result<Option<Range<u64>>> {
    let whole = said.frames.iter().map(|f| u64::from(*f)).sum::<u64>() * u64::from(voice.clock().hop);
    Ok(voice.heard(said)?.filter(|heard| heard.start < heard.end && heard.end <= whole))
}

/// Mono samples at the voice's own rate, exactly [`FrameClock::hop`] for each of the frames. The same ids, frames and
/// seed give the same.
///
/// # Errors
/// Of kind [`Voice`](Kind::Voice) when the model cannot be run, or speaks longer or shorter than it was told, or gives
/// samples that are no numbers.
pub fn speak(voice: &dyn Voice, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
    let samples = voice.sound(ids, frames, seed)?;
    let wanted = frames.iter().map(|f| u64::from(*f)).sum::<u64>() * u64::from(voice.clock().hop);
    if samples.len() as u64 != wanted {
        return Err(broken(voice, &format!("speaks {} samples where {wanted} were planned", samples.len())));
    }
    if samples.iter().any(|s| !s.is_finite()) {
        return Err(broken(voice, "gives samples that are no numbers"));
    }
    Ok(samples)
}

fn broken(voice: &dyn Voice, how: &str) -> Error {
    Error::new(Kind::Voice, format!("the voice '{}' {how}", voice.id()))
        .help("its files may be damaged: get them again, with `cuevox voices install` if it is of the catalogue")
}
