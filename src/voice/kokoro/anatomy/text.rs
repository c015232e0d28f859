//! In: the values of durations and of what frames are made of. Out: the layers that make them of
//! ids; or why they are not understood. Runs nothing.

use super::albert::{self, Albert};
use super::styled::{FIRST_LAST, gains_and_shifts};
use super::{Read, remembering, turned};
use crate::voice::graph::{Normal, Quantised, Recurrent, TURNED, Walk};

/// Moments and utterances change places.
const MOMENTS_FIRST: [i64; 3] = [1, 0, 2];

/// What is made of ids.
pub(in crate::voice::kokoro) struct Text<'a> {
    /// Makes the words' sense of ids.
    pub(in crate::voice::kokoro) albert: Albert<'a>,
    /// Makes a melody of that.
    pub(in crate::voice::kokoro) onward: Quantised<'a>,
    /// Layers of the melody, in the order of computation; each reads the style, too.
    pub(in crate::voice::kokoro) layers: Vec<Styled<'a>>,
    pub(in crate::voice::kokoro) durations: Durations<'a>,
    /// Makes what is heard of the ids.
    pub(in crate::voice::kokoro) words: Words<'a>,
}

/// A layer that remembers, and a normalisation of each moment to a style.
pub(in crate::voice::kokoro) struct Styled<'a> {
    pub(in crate::voice::kokoro) remembering: Recurrent,
    pub(in crate::voice::kokoro) normal: Normal,
    /// Makes gains, less 1, and shifts of the style.
    pub(in crate::voice::kokoro) linear: Quantised<'a>,
}

/// Makes durations of melody and style: each is the sum of what is between 0 and 1.
pub(in crate::voice::kokoro) struct Durations<'a> {
    pub(in crate::voice::kokoro) remembering: Recurrent,
    pub(in crate::voice::kokoro) linear: Quantised<'a>,
}

/// Convolutions of a table's rows, and a layer that remembers.
pub(in crate::voice::kokoro) struct Words<'a> {
    /// A row for each id, and how long it is.
    pub(in crate::voice::kokoro) table: (Vec<f32>, usize),
    /// In the order of computation, each with what numbers below zero are multiplied by behind it.
    pub(in crate::voice::kokoro) layers: Vec<(Quantised<'a>, Normal, f32)>,
    pub(in crate::voice::kokoro) last: Recurrent,
}

/// The layers that make these durations, this melody, `[1, ids, channels]`, and these words,
/// `[1, channels, ids]`.
pub(super) fn read<'a>(
    walk: &Walk<'a>,
    (durations, melody, words): (&'a str, &'a str, &'a str),
    style: &str,
) -> Read<Text<'a>> {
    let (durations, same) = counted(walk, durations).ok_or("the durations are not made in the known way")?;
    if same != melody {
        return Err("durations and melody are not made of the same");
    }
    let strange = "the melody is not made in the known way";
    let (layers, value) = layers(walk, melody, style).ok_or(strange)?;
    let (onward, value) = walk.quantised(value, "MatMulInteger").ok_or(strange)?;
    let albert = albert::read(walk, value)?;
    let words = self::words(walk, words).ok_or("the text encoder is not of the known kind")?;
    let text = Text { albert, onward, layers, durations, words };
    text.fits().map(|()| text).ok_or("the layers that read ids do not fit each other")
}

/// What makes these durations, and the melody that it reads.
fn counted<'a>(walk: &Walk<'a>, durations: &str) -> Option<(Durations<'a>, &'a str)> {
    let [whole, speed] = walk.made_by(walk.before(durations, "Round")?, "Div")? else { return None };
    let [shares, axes] = walk.made_by(whole, "ReduceSum")? else { return None };
    let (linear, value) = walk.quantised(walk.before(shares, "Sigmoid")?, "MatMulInteger")?;
    let (remembering, read) = remembering(walk, turned(walk, value, &MOMENTS_FIRST)?)?;
    let fits = speed == "speed" && walk.ints(axes)? == [-1] && walk.int(whole, "keepdims") == Some(0);
    fits.then_some((Durations { remembering, linear }, turned(walk, read, &MOMENTS_FIRST)?))
}

/// The layers that make a melody and join it to the style, and what the first of them makes it of.
fn layers<'a>(walk: &Walk<'a>, melody: &str, style: &str) -> Option<(Vec<Styled<'a>>, &'a str)> {
    let mut layers = Vec::new();
    let mut joined = melody;
    loop {
        let [value, wide] = walk.made_by(joined, "Concat").filter(|_| walk.int(joined, "axis") == Some(2))? else {
            return None;
        };
        if walk.before(wide, "Expand") != Some(style) || layers.len() > 64 {
            return None;
        }
        let Some((layer, before)) = styled(walk, value, style) else {
            layers.reverse();
            return Some((layers, value));
        };
        layers.push(layer);
        joined = before;
    }
}

/// The layer that makes a value, `[1, ids, channels]`, and what it reads.
fn styled<'a>(walk: &Walk<'a>, value: &str, style: &str) -> Option<(Styled<'a>, &'a str)> {
    let (scaled, shift) = walk.parted(value, "Add", |name| walk.made_by(name, "Mul").is_some())?;
    let (normal, gain) = walk.parted(scaled, "Mul", |name| walk.made_by(name, "LayerNormalization").is_some())?;
    let (one, gain) = walk.parted(turned(walk, gain, TURNED)?, "Add", |name| walk.is_constant(name))?;
    let (linear, same) = gains_and_shifts(walk, [gain, turned(walk, shift, TURNED)?])?;
    let (normal, made) = walk.normal(normal)?;
    let (remembering, read) = remembering(walk, turned(walk, made, &MOMENTS_FIRST)?)?;
    let fits = same == style && walk.number(one) == Some(1.0);
    fits.then_some((Styled { remembering, normal, linear }, turned(walk, read, &MOMENTS_FIRST)?))
}

/// What makes these words of ids.
fn words<'a>(walk: &Walk<'a>, words: &str) -> Option<Words<'a>> {
    let (last, read) = remembering(walk, turned(walk, words, &FIRST_LAST)?)?;
    let mut bent = turned(walk, read, &MOMENTS_FIRST)?;
    let mut layers = Vec::new();
    loop {
        let slope = walk.float(bent, "alpha").filter(|slope| (0.0..=1.0).contains(slope))?;
        let normal = walk.before(bent, "LeakyRelu")?;
        // What the last of them makes is not turned back.
        let (normal, made) = walk.normal(turned(walk, normal, TURNED).unwrap_or(normal))?;
        let (conv, input) = walk.quantised(turned(walk, made, TURNED)?, "ConvInteger")?;
        layers.push((conv, normal, slope));
        if let Some((table, width, ids)) = turned(walk, input, TURNED).and_then(|rows| walk.table(rows)) {
            layers.reverse();
            return (ids == "tokens").then_some(Words { table: (table, width), layers, last });
        }
        bent = input;
        (layers.len() < 64).then_some(())?;
    }
}

impl Text<'_> {
    fn fits(&self) -> Option<()> {
        let [sense, melody] = self.onward.sizes()?[..] else { return None };
        let style = self.durations.remembering.inputs.checked_sub(melody)?;
        let reads = |layer: &Recurrent| layer.inputs == melody + style;
        let styled = |layer: &Styled<'_>| {
            reads(&layer.remembering)
                && 2 * layer.remembering.channels == melody
                && layer.normal.gain.len() == melody
                && layer.linear.sizes().is_some_and(|sizes| sizes == [style, 2 * melody])
        };
        let words = &self.words;
        let mut width = words.table.1;
        for (conv, normal, _) in &words.layers {
            let [outputs, inputs, _] = conv.conv_sizes()?;
            (inputs == width && conv.keeps_length() && normal.gain.len() == outputs).then_some(())?;
            width = outputs;
        }
        let counted = self.durations.linear.sizes()?;
        let fits = sense == self.albert.width()
            && reads(&self.durations.remembering)
            && self.layers.iter().all(styled)
            && matches!(counted[..], [read, _] if read == 2 * self.durations.remembering.channels)
            && words.last.inputs == width;
        fits.then_some(())
    }
}
