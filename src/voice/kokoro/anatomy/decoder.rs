//! In: the values of features, of pitch and of level. Out: the layers that make them of what was
//! made of ids, and how that becomes frames; or why they are not understood. Runs nothing.

use super::residual::{Residual, residual};
use super::{Read, Reason, remembering, turned};
use crate::voice::graph::{Quantised, Recurrent, Walk};

/// Makes features of words, pitch and level: blocks, the first of which reads all three as they
/// are, and the others what was made before them, less of the words, pitch and level.
pub(in crate::voice::kokoro) struct Decoder<'a> {
    /// In the order of computation.
    pub(in crate::voice::kokoro) blocks: Vec<Residual<'a>>,
    /// Makes less of the words.
    pub(in crate::voice::kokoro) less: Quantised<'a>,
    /// What makes one number of pitch, and of level, for each frame.
    pub(in crate::voice::kokoro) halves: [Half; 2],
}

/// A convolution of three taps with stride 2, with zeros beyond both ends.
pub(in crate::voice::kokoro) struct Half {
    pub(in crate::voice::kokoro) taps: [f32; 3],
    pub(in crate::voice::kokoro) bias: f32,
}

/// Makes pitch and level of the melody of each frame.
pub(in crate::voice::kokoro) struct Prosody<'a> {
    pub(in crate::voice::kokoro) shared: Recurrent,
    /// Of pitch, and of level.
    pub(in crate::voice::kokoro) curves: [Curve<'a>; 2],
}

/// Makes one number of each moment: blocks, and a product.
pub(in crate::voice::kokoro) struct Curve<'a> {
    /// In the order of computation.
    pub(in crate::voice::kokoro) blocks: Vec<Residual<'a>>,
    pub(in crate::voice::kokoro) last: Quantised<'a>,
}

/// What the decoder reads.
pub(super) struct Aligned<'a> {
    /// The value of the words of each frame, `[1, channels, frames]`.
    pub(super) words: &'a str,
    /// The values of pitch and of level, `[1, 1, points]`, of which there are two for each frame.
    pub(super) curves: [&'a str; 2],
}

/// The decoder that makes these features.
pub(super) fn read<'a>(walk: &Walk<'a>, features: &'a str, style: &str) -> Read<(Decoder<'a>, Aligned<'a>)> {
    const STRANGE: Reason = "the decoder is not of the known kind";
    let mut value = features;
    let mut blocks = Vec::new();
    let mut tail: Option<[&'a str; 3]> = None;
    let last = loop {
        let (block, input) = residual(walk, value, style).ok_or(STRANGE)?;
        blocks.push(block);
        let joined = walk.made_by(input, "Concat").filter(|_| walk.int(input, "axis") == Some(1));
        match joined.ok_or(STRANGE)? {
            [made, less, pitch, level] if blocks.len() < 64 => {
                if *tail.get_or_insert([less, pitch, level]) != [less, pitch, level] {
                    return Err(STRANGE);
                }
                value = made;
            }
            [words, pitch, level] => break [words.as_str(), pitch, level],
            _ => return Err(STRANGE),
        }
    };
    blocks.reverse();
    let ([less, pitch, level], [words, ..]) = (tail.ok_or(STRANGE)?, last);
    let (less, same) = walk.quantised(less, "ConvInteger").ok_or(STRANGE)?;
    let of_pitch = half(walk, pitch).ok_or(STRANGE)?;
    let of_level = half(walk, level).ok_or(STRANGE)?;
    let decoder = Decoder { blocks, less, halves: [of_pitch.0, of_level.0] };
    let fits = same == words && last == [words, pitch, level] && decoder.fits().is_some();
    fits.then_some((decoder, Aligned { words, curves: [of_pitch.1, of_level.1] })).ok_or(STRANGE)
}

/// What makes one number of two moments, and what it reads.
fn half<'a>(walk: &Walk<'a>, value: &'a str) -> Option<(Half, &'a str)> {
    let (conv, input) = walk.quantised(value, "ConvInteger")?;
    let fits = conv.conv_sizes() == Some([1, 1, 3])
        && (conv.stride(), conv.dilation(), conv.pads()) == (Some(2), Some(1), Some([1, 1]));
    let (taps, bias) = (conv.floats(false)?.try_into().ok()?, *conv.bias(1)?.first()?);
    fits.then_some((Half { taps, bias }, input))
}

impl Decoder<'_> {
    /// Whether the blocks fit each other, and only the last makes two moments of each.
    fn fits(&self) -> Option<()> {
        let (last, before) = self.blocks.split_last()?;
        let [less, words, 1] = self.less.conv_sizes()? else { return None };
        let mut inputs = words + 2;
        for block in &self.blocks {
            let [read, made] = block.channels()?;
            (read == inputs).then_some(())?;
            inputs = made + less + 2;
        }
        let once = before.iter().all(|block| block.doubling.is_none()) && last.doubling.is_some();
        (once && self.less.keeps_length()).then_some(())
    }
}

/// What makes these two curves, and the value of the melody of each frame, `[1, channels, frames]`.
pub(super) fn prosody<'a>(walk: &Walk<'a>, curves: [&'a str; 2], style: &str) -> Read<(Prosody<'a>, &'a str)> {
    const STRANGE: Reason = "pitch and level are not made in the known way";
    let (pitch, shared) = curve(walk, curves[0], style).ok_or(STRANGE)?;
    let (level, same) = curve(walk, curves[1], style).ok_or(STRANGE)?;
    let (remembering, read) = remembering(walk, shared).ok_or(STRANGE)?;
    let melody = turned(walk, read, &[2, 0, 1]).ok_or(STRANGE)?;
    let made = 2 * remembering.channels;
    let prosody = Prosody { shared: remembering, curves: [pitch, level] };
    let fits = same == shared && prosody.curves.iter().all(|curve| curve.fits(made).is_some());
    fits.then_some((prosody, melody)).ok_or(STRANGE)
}

/// What makes a curve, and what that reads.
fn curve<'a>(walk: &Walk<'a>, value: &'a str, style: &str) -> Option<(Curve<'a>, &'a str)> {
    let made = walk.through(value, &["Unsqueeze", "Reshape", "Squeeze"])?;
    let (last, mut value) = walk.quantised(made, "ConvInteger")?;
    let mut blocks = Vec::new();
    while let Some((block, input)) = residual(walk, value, style).filter(|_| blocks.len() < 64) {
        blocks.push(block);
        value = input;
    }
    blocks.reverse();
    Some((Curve { blocks, last }, value))
}

impl Curve<'_> {
    /// Whether the layers fit each other, so many channels come in, and one block makes two moments
    /// of each.
    fn fits(&self, inputs: usize) -> Option<()> {
        let mut width = inputs;
        for block in &self.blocks {
            let [read, made] = block.channels()?;
            (read == width).then_some(())?;
            width = made;
        }
        let doubled = self.blocks.iter().filter(|block| block.doubling.is_some()).count();
        (doubled == 1 && self.last.conv_sizes()? == [1, width, 1] && self.last.keeps_length()).then_some(())
    }
}

/// What of each id is spread over its frames in a value, and the value that says over which.
pub(super) fn spread<'a>(walk: &Walk<'a>, value: &str) -> Option<(&'a str, &'a str)> {
    // With the first operand turned, where its ids stand first.
    let int = |name: &str| walk.int(value, name).unwrap_or(0);
    let inputs = match walk.made_by(value, "FusedMatMul") {
        Some(inputs) => {
            let plain = int("transA") == 1
                && ["transB", "transBatchA", "transBatchB"].iter().all(|name| int(name) == 0)
                && walk.float(value, "alpha").unwrap_or(1.0) == 1.0;
            plain.then_some(inputs)?
        }
        None => walk.made_by(value, "MatMul")?,
    };
    let [of_ids, frames] = inputs else { return None };
    Some((of_ids, frames))
}

/// Whether a value is 1 for each id at each of its frames, as many as `durations` has, one at least,
/// and 0 elsewhere.
pub(super) fn counts(walk: &Walk<'_>, value: &str, durations: &str) -> bool {
    let frames = || {
        let [from, before] = walk.made_by(walk.before(value, "Cast")?, "And")? else { return None };
        let [since, first] = walk.made_by(from, "GreaterOrEqual")? else { return None };
        let [frame, last] = walk.made_by(before, "Less")? else { return None };
        let [_, begun] = walk.made_by(walk.before(first, "Unsqueeze")?, "Concat")? else { return None };
        let (begun, ended) = (walk.through(begun, &["Cast", "Slice"])?, walk.before(last, "Unsqueeze")?);
        let clipped = walk.through(ended, &["CumSum", "Gather", "Cast"])?;
        let [counted, least, ..] = walk.made_by(clipped, "Clip")? else { return None };
        let fits = begun == ended
            && walk.before(since, "Cast") == Some(frame)
            && walk.made_by(walk.before(frame, "Unsqueeze")?, "Range").is_some()
            && walk.number(least) == Some(1.0);
        fits.then_some(counted)
    };
    frames().is_some_and(|counted| counted == durations)
}
