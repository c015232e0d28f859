//! In: the values of the means and deviations. Out: the text encoder that makes them, layer by layer; or why it is not
//! understood. Knows neither durations nor sound.
//!
//! It is a transformer whose attention knows relative positions (Shaw et al. 2018, as in VITS): table, then layers of
//! attention and of two convolutions, each added to what came in and normalised, then one convolution for both values.

use super::{Read, Reason, masked};
use crate::voice::graph::{Convolution, Walk};

const STRANGE: Reason = "the text encoder is not of the known kind";

/// The layers of a text encoder.
pub(in crate::voice::piper) struct Text<'a> {
    /// The value behind its last layer, `[1, channels, ids]`.
    pub(in crate::voice::piper) hidden: &'a str,
    /// The mask of all its values: ones, `[1, 1, ids]`.
    pub(in crate::voice::piper) mask: &'a str,
    /// The constant of a row for each id, and what its numbers are multiplied by.
    pub(in crate::voice::piper) table: (&'a str, f32),
    pub(in crate::voice::piper) layers: Vec<Layer<'a>>,
    /// What makes means and deviations.
    pub(in crate::voice::piper) last: Convolution<'a>,
}

/// A layer: attention, and two convolutions with nothing below zero between them.
pub(in crate::voice::piper) struct Layer<'a> {
    pub(in crate::voice::piper) heads: usize,
    /// Query, key and value.
    pub(in crate::voice::piper) attended: [Convolution<'a>; 3],
    /// What is learnt for distances, the constants for keys and for values, `[1, distances, channels of a head]`.
    pub(in crate::voice::piper) distances: [&'a str; 2],
    pub(in crate::voice::piper) onward: Convolution<'a>,
    pub(in crate::voice::piper) norm: Normal<'a>,
    pub(in crate::voice::piper) wide: Convolution<'a>,
    pub(in crate::voice::piper) narrow: Convolution<'a>,
    pub(in crate::voice::piper) norm_after: Normal<'a>,
}

/// A normalisation over channels: the constants of its gains and shifts, and what is added to the variance.
#[derive(Clone, Copy)]
pub(in crate::voice::piper) struct Normal<'a> {
    pub(in crate::voice::piper) gain: &'a str,
    pub(in crate::voice::piper) shift: &'a str,
    pub(in crate::voice::piper) epsilon: f32,
}

/// Reads the text encoder.
pub(in crate::voice::piper) fn read<'a>(walk: &Walk<'a>, means: &str, deviations: &str) -> Read<Text<'a>> {
    let split = walk.maker(means).filter(|node| node.op_type.as_deref() == Some("Split")).ok_or(STRANGE)?;
    let halves = matches!(split.output.as_slice(), [a, b] if a == means && b == deviations);
    let both = split.input.first().filter(|_| halves && walk.int(means, "axis") == Some(1)).ok_or(STRANGE)?;
    let (mask, made) = masked(walk, both).ok_or(STRANGE)?;
    let (last, hidden) = plain(walk, made).ok_or(STRANGE)?;
    let (same, mut value) = masked(walk, hidden).ok_or(STRANGE)?;
    let reader = Reader { walk, mask };
    let mut layers = Vec::new();
    let table = loop {
        if let Some(table) = reader.table(value) {
            break table;
        }
        let (layer, before) = reader.layer(value).ok_or(STRANGE)?;
        layers.push(layer);
        value = before;
        if layers.len() > 64 {
            return Err(STRANGE);
        }
    };
    layers.reverse();
    let text = Text { hidden, mask, table, layers, last };
    let width = text.last.sizes[1];
    let fit = same == mask && walk.sizes(table.0).is_some_and(|sizes| sizes.len() == 2 && sizes[1] == width);
    match fit && text.layers.iter().all(|layer| layer.fits(walk, width)) {
        true => Ok(text),
        false => Err(STRANGE),
    }
}

/// The convolution of one tap that makes a value, and what it reads.
pub(super) fn plain<'a>(walk: &Walk<'a>, value: &str) -> Option<(Convolution<'a>, &'a str)> {
    walk.convolution(value, "Conv").filter(|(conv, _)| conv.sizes[2] == 1 && conv.keeps_length())
}

/// The normalisation over channels that makes a value, and what it normalises, both `[1, channels, ids]`.
pub(super) fn normal<'a>(walk: &Walk<'a>, value: &str) -> Option<(Normal<'a>, &'a str)> {
    const TURNED: &[i64] = &[0, 2, 1];
    let constant = |name: &str| walk.is_constant(name);
    let sum = walk.before(value, "Transpose").filter(|_| walk.list(value, "perm") == Some(TURNED))?;
    let (shift, product) = walk.parted(sum, "Add", constant)?;
    let (gain, quotient) = walk.parted(product, "Mul", constant)?;
    let [off, deviation] = walk.made_by(quotient, "Div")? else { return None };
    let [turned, mean] = walk.made_by(off, "Sub")? else { return None };
    let (epsilon, variance) = walk.parted(walk.before(deviation, "Sqrt")?, "Add", constant)?;
    let mean_of = |value: &str| {
        let over_channels = walk.list(value, "axes") == Some(&[-1]) && walk.int(value, "keepdims") != Some(0);
        walk.before(value, "ReduceMean").filter(|_| over_channels)
    };
    let [squared, two] = walk.made_by(mean_of(variance)?, "Pow")? else { return None };
    let input = walk.before(turned, "Transpose").filter(|_| walk.list(turned, "perm") == Some(TURNED))?;
    let same = mean_of(mean)? == turned && squared == off && walk.number(two)? == 2.0;
    same.then_some((Normal { gain, shift, epsilon: walk.number(epsilon)? }, input))
}

impl Normal<'_> {
    /// Whether it is one of so many channels.
    pub(super) fn fits(&self, walk: &Walk<'_>, width: usize) -> bool {
        [self.gain, self.shift].iter().all(|name| walk.sizes(name).is_some_and(|sizes| sizes == [width]))
    }
}

impl Layer<'_> {
    fn fits(&self, walk: &Walk<'_>, width: usize) -> bool {
        let each = width / self.heads.max(1);
        let one = |conv: &Convolution<'_>| conv.sizes[..2] == [width; 2];
        let sizes = self.distances.map(|name| walk.sizes(name));
        let learnt = sizes.iter().all(|sizes| match sizes.as_deref() {
            Some([1, distances, of]) => distances % 2 == 1 && *of == each,
            _ => false,
        });
        self.heads * each == width
            && self.attended.iter().all(one)
            && one(&self.onward)
            && (learnt && sizes[0] == sizes[1])
            && (self.wide.sizes[1] == width && self.narrow.sizes[..2] == [width, self.wide.sizes[0]])
            && [self.norm, self.norm_after].iter().all(|norm| norm.fits(walk, width))
    }
}

/// What attention is made of: heads, query, key and value, what they read, and the two constants.
type Attended<'a> = (usize, [Convolution<'a>; 3], &'a str, [&'a str; 2]);

struct Reader<'w, 'a> {
    walk: &'w Walk<'a>,
    mask: &'a str,
}

impl<'a> Reader<'_, 'a> {
    fn unmasked(&self, value: &str) -> Option<&'a str> {
        masked(self.walk, value).filter(|(mask, _)| *mask == self.mask).map(|(_, value)| value)
    }

    /// The table of which this is a row for each id, and what its numbers are multiplied by.
    fn table(&self, value: &str) -> Option<(&'a str, f32)> {
        let mut value = self.unmasked(value)?;
        while let Some(inner) = self.unmasked(value) {
            value = inner;
        }
        let turned = self.walk.before(value, "Transpose")?;
        let (scale, rows) = self.walk.parted(turned, "Mul", |name| self.walk.is_constant(name))?;
        let [table, ids] = self.walk.made_by(rows, "Gather")? else { return None };
        (ids == "input" && self.walk.int(rows, "axis").unwrap_or(0) == 0)
            .then_some((table.as_str(), self.walk.number(scale)?))
    }

    /// The layer that makes a value, and what it reads.
    fn layer(&self, value: &str) -> Option<(Layer<'a>, &'a str)> {
        let walk = self.walk;
        let (norm_after, sum) = normal(walk, value)?;
        let (bent, middle) = walk.parted(sum, "Add", |value| self.unmasked(value).is_some())?;
        let (narrow, inner) = self.padded(self.unmasked(bent)?)?;
        let above = walk.before(self.unmasked(inner)?, "Relu")?;
        let (wide, inner) = self.padded(above)?;
        let (norm, sum) = normal(walk, middle).filter(|_| self.unmasked(inner) == Some(middle))?;
        let (made, before) = walk.parted(sum, "Add", |value| walk.made_by(value, "Conv").is_some())?;
        let (onward, attention) = plain(walk, made)?;
        let (heads, attended, read, distances) = self.attention(attention)?;
        let layer = Layer { heads, attended, distances, onward, norm, wide, narrow, norm_after };
        (read == before).then_some((layer, before))
    }

    /// A convolution that makes a value as long as what it reads, whether it is padded by itself or by a node of its own.
    fn padded(&self, value: &str) -> Option<(Convolution<'a>, &'a str)> {
        let (conv, input) = self.walk.convolution(value, "Conv")?;
        if conv.keeps_length() {
            return Some((conv, input));
        }
        let [inner, pads, ..] = self.walk.made_by(input, "Pad")? else { return None };
        let each = (conv.sizes[2] as i64 - 1) / 2;
        let fits = conv.sizes[2] % 2 == 1
            && (conv.stride, conv.dilation, conv.pads) == (1, 1, [0, 0])
            && self.walk.ints(pads)? == [0, 0, each, 0, 0, each];
        fits.then_some((conv, inner))
    }

    /// The attention that makes a value.
    fn attention(&self, value: &'a str) -> Option<Attended<'a>> {
        const SKEWED: &[&str] = &["Slice", "Reshape", "Pad", "Reshape", "Pad"];
        let walk = self.walk;
        let sum = walk.through(value, &["Reshape", "Transpose"])?;
        let near = |value: &str| {
            let weights = walk.made_by(value, "MatMul").and_then(|inputs| inputs.first());
            weights.is_some_and(|weights| walk.made_by(weights, "Slice").is_some())
        };
        let (close, far) = walk.parted(sum, "Add", near)?;
        let [shares, values] = walk.made_by(far, "MatMul")? else { return None };
        let [skewed, learnt] = walk.made_by(close, "MatMul")? else { return None };
        let of_values = walk.through(learnt, &["Unsqueeze", "Slice", "Pad"])?;
        let scores = walk.before(shares, "Softmax").filter(|_| walk.int(shares, "axis") == Some(-1))?;
        let [hidden, _, scores] = walk.made_by(scores, "Where")? else { return None };
        let known = walk.made_by(hidden, "Equal").is_some() && walk.through(skewed, SKEWED)? == shares;
        let (skewed, products) = walk.parted(scores, "Add", |value| walk.made_by(value, "Slice").is_some())?;
        let [queries, keys] = walk.made_by(products, "MatMul")? else { return None };
        let [again, turned] = walk.made_by(walk.through(skewed, SKEWED)?, "MatMul")? else { return None };
        let of_keys = walk.through(turned, &["Transpose", "Unsqueeze", "Slice", "Pad"])?;
        let [asked, scale] = walk.made_by(queries, "Div")? else { return None };
        let (query, from, heads, width) = self.heads(walk.before(asked, "Transpose")?)?;
        let (key, from_key, ..) = self.heads(keys)?;
        let (value, from_value, ..) = self.heads(walk.before(values, "Transpose")?)?;
        let root = (walk.number(scale)? - (width as f32).sqrt()).abs() < 1e-4;
        let fits = known && again == queries && root && [from_key, from_value] == [from; 2];
        fits.then_some((heads, [query, key, value], from, [of_keys, of_values]))
    }

    /// A convolution whose channels are taken apart into heads, what it reads, how many there are and how wide.
    fn heads(&self, value: &str) -> Option<(Convolution<'a>, &'a str, usize, usize)> {
        let [made, shape] = self.walk.made_by(value, "Reshape")? else { return None };
        let (conv, from) = plain(self.walk, made)?;
        let [_, heads, width, _] = self.walk.made_by(shape, "Concat")? else { return None };
        let one = |name: &str| usize::try_from(*self.walk.ints(name)?.first()?).ok();
        let (heads, width) = (one(heads)?, one(width)?);
        (heads.checked_mul(width)? == conv.sizes[0]).then_some((conv, from, heads, width))
    }
}
