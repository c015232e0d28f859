//! In: the graph of a Kokoro model. Out: all its layers and how they hang together; or why it is
//! not understood. Runs nothing.
//!
//! Nodes are found by what they do and how they hang together, from the sound backwards; names are
//! not looked at. Whatever is not exactly as expected makes the whole not understood: rten runs it
//! then as it stands in the file.

mod albert;
mod decoder;
mod generator;
mod residual;
mod source;
mod styled;
mod text;

use crate::voice::graph::{Recurrent, Walk};
pub(super) use crate::voice::layers::Reason;
pub(super) use albert::{Albert, Turn};
pub(super) use decoder::{Curve, Decoder, Half, Prosody};
pub(super) use generator::{Ending, Generator, Stage};
pub(super) use residual::Residual;
pub(super) use source::Source;
pub(super) use styled::{Snaking, Styling};
pub(super) use text::{Text, Words};

type Read<T> = Result<T, Reason>;

/// The layers of a model.
pub(super) struct Anatomy<'a> {
    /// Makes durations, and what the others are made of, of ids.
    pub(super) text: Text<'a>,
    /// Makes pitch and level.
    pub(super) prosody: Prosody<'a>,
    /// Makes features of words, pitch and level.
    pub(super) decoder: Decoder<'a>,
    /// Makes sound of features and pitch.
    pub(super) generator: Generator<'a>,
}

/// Reads the layers that make `sound`; `durations` are the frames of each id.
pub(super) fn read<'a>(walk: &Walk<'a>, sound: &'a str, durations: &'a str) -> Read<Anatomy<'a>> {
    let generator = generator::read(walk, sound)?;
    // The first half of a voice's style is for the sound, the second for all that comes before.
    let halves = walk.maker(generator.style).filter(|_| walk.before(generator.style, "Split") == Some("style"));
    let Some([sounding, speaking]) = halves.map(|node| node.output.as_slice()) else {
        return Err("its style is not a half of the model's");
    };
    if generator.style != sounding {
        return Err("its style is not the first half of the model's");
    }
    let (decoder, aligned) = decoder::read(walk, generator.features, sounding)?;
    if aligned.curves[0] != generator.source.pitch {
        return Err("the decoder and the source do not read the same pitch");
    }
    let (prosody, melody) = decoder::prosody(walk, aligned.curves, speaking)?;
    const STRANGE: Reason = "what is made of ids does not become frames in the known way";
    let (words, frames) = decoder::spread(walk, aligned.words).ok_or(STRANGE)?;
    let (melody, same) = decoder::spread(walk, melody).ok_or(STRANGE)?;
    if frames != same || !decoder::counts(walk, frames, durations) {
        return Err(STRANGE);
    }
    let text = text::read(walk, (durations, melody, words), speaking)?;
    Ok(Anatomy { text, prosody, decoder, generator })
}

/// The layer that remembers and makes a value, `[moments, 1, channels]` of both directions, and what
/// it reads, as it stands.
fn remembering<'a>(walk: &Walk<'a>, value: &str) -> Option<(Recurrent, &'a str)> {
    let [apart, shape] = walk.made_by(value, "Reshape")? else { return None };
    let made = walk.before(apart, "Transpose").filter(|_| walk.list(apart, "perm") == Some(&[0, 2, 1, 3]))?;
    walk.recurrent(made).filter(|_| walk.ints(shape).is_some_and(|shape| shape == [0, 0, -1]))
}

/// What a value is made of by a transposition with these axes.
fn turned<'a>(walk: &Walk<'a>, value: &str, axes: &[i64]) -> Option<&'a str> {
    walk.before(value, "Transpose").filter(|_| walk.list(value, "perm") == Some(axes))
}
