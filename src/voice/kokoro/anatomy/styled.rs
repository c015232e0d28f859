//! In: a value of the graph. Out: the adaptive instance normalisation that makes it, its style's
//! layer, and what bends it before a convolution. Knows no part of the network.

use super::turned;
use crate::voice::graph::{Quantised, Walk};

/// An adaptive instance normalisation: (1 + gain) · (x - mean) / deviation + shift, of which the
/// style makes gains and shifts.
pub(in crate::voice::kokoro) struct Styling<'a> {
    /// The product that makes gains and then shifts of the style.
    pub(in crate::voice::kokoro) linear: Quantised<'a>,
    /// What is added to the variance.
    pub(in crate::voice::kokoro) epsilon: f32,
}

/// A convolution of what is brought to a style and then bent by x + sin²(a x) / a.
pub(in crate::voice::kokoro) struct Snaking<'a> {
    pub(in crate::voice::kokoro) styling: Styling<'a>,
    pub(in crate::voice::kokoro) rates: Vec<f32>,
    pub(in crate::voice::kokoro) inverse: Vec<f32>,
    pub(in crate::voice::kokoro) conv: Quantised<'a>,
}

impl Snaking<'_> {
    /// Whether all of it is for so many channels.
    pub(in crate::voice::kokoro) fn is_of(&self, channels: usize) -> bool {
        let [rates, inverse] = [&self.rates, &self.inverse].map(Vec::len);
        let sizes = self.conv.conv_sizes().is_some_and(|[outputs, inputs, _]| [outputs, inputs] == [channels; 2]);
        sizes && self.conv.keeps_length() && self.styling.is_of(channels) && [rates, inverse] == [channels; 2]
    }
}

impl Styling<'_> {
    /// Whether it is for so many channels.
    pub(in crate::voice::kokoro) fn is_of(&self, channels: usize) -> bool {
        self.linear.sizes().is_some_and(|sizes| sizes.len() == 2 && sizes[1] == 2 * channels)
    }
}

/// Moments, which stand first, become the last.
pub(super) const FIRST_LAST: [i64; 3] = [1, 2, 0];

/// The normalisation that makes a value, what it reads, and its style. What it reads has its
/// moments last, or first where it is turned only after it was brought to mean 0.
pub(super) fn styling<'a>(walk: &Walk<'a>, value: &str) -> Option<(Styling<'a>, &'a str, &'a str)> {
    let (scaled, shift) = walk.parted(value, "Add", |name| walk.made_by(name, "Mul").is_some())?;
    let (normal, gain) = walk.parted(scaled, "Mul", |name| walk.made_by(name, "Div").is_some())?;
    let (one, gain) = walk.parted(gain, "Add", |name| walk.is_constant(name))?;
    let (linear, style) = gains_and_shifts(walk, [gain, shift])?;
    let [off, deviation] = walk.made_by(normal, "Div")? else { return None };
    let (epsilon, variance) = walk.parted(walk.before(deviation, "Sqrt")?, "Add", |name| walk.is_constant(name))?;
    let both = turned(walk, off, &FIRST_LAST).zip(turned(walk, variance, &FIRST_LAST));
    let ((off, variance), axis) = both.map_or(((off.as_str(), variance), 2), |both| (both, 0));
    let [input, mean] = walk.made_by(off, "Sub")? else { return None };
    let square = walk.made_by(mean_over(walk, variance, axis)?, "Mul")?;
    let fits = walk.number(one) == Some(1.0)
        && mean_over(walk, mean, axis) == Some(input.as_str())
        && square.iter().all(|name| name == off);
    let epsilon = walk.number(epsilon).filter(|epsilon| *epsilon > 0.0)?;
    fits.then_some((Styling { linear, epsilon }, input.as_str(), style))
}

/// The product of a style that makes gains, before 1 is added, and shifts; and the style.
pub(super) fn gains_and_shifts<'a>(walk: &Walk<'a>, [gain, shift]: [&str; 2]) -> Option<(Quantised<'a>, &'a str)> {
    let split = walk.maker(gain).filter(|node| node.op_type.as_deref() == Some("Split"))?;
    let halves = split.output.as_slice() == [gain, shift] && walk.int(gain, "axis") == Some(1);
    let sizes = walk.ints(split.input.get(1)?)?;
    let made = walk.quantised(walk.before(split.input.first()?, "Unsqueeze")?, "MatMulInteger")?;
    (halves && matches!(sizes.as_slice(), [a, b] if a == b)).then_some(made)
}

/// What a value is the mean of, over one of its three sizes.
fn mean_over<'a>(walk: &Walk<'a>, value: &str, axis: i64) -> Option<&'a str> {
    let [input, axes] = walk.made_by(value, "ReduceMean")? else { return None };
    (walk.ints(axes)? == [axis] && walk.int(value, "keepdims") != Some(0)).then_some(input.as_str())
}

/// The convolution that makes a value with what is done before it, what that reads, and its style.
pub(super) fn snaking<'a>(walk: &Walk<'a>, value: &'a str) -> Option<(Snaking<'a>, &'a str, &'a str)> {
    let (conv, bent) = walk.quantised(value, "ConvInteger")?;
    let (wave, x) = walk.parted(bent, "Add", |name| walk.made_by(name, "Mul").is_some_and(|_| is_wave(walk, name)))?;
    let (inverse, square) = walk.parted(wave, "Mul", |name| walk.is_constant(name))?;
    let [sine, two] = walk.made_by(square, "Pow")? else { return None };
    let (rates, same) = walk.parted(walk.before(sine, "Sin")?, "Mul", |name| walk.is_constant(name))?;
    let (rates, inverse) = (walk.floats(rates)?, walk.floats(inverse)?);
    let (styling, input, style) = styling(walk, x)?;
    let fits = same == x && walk.number(two) == Some(2.0);
    fits.then_some((Snaking { styling, rates, inverse, conv }, input, style))
}

/// Whether a value is a constant times a power.
fn is_wave(walk: &Walk<'_>, value: &str) -> bool {
    let square = walk.parted(value, "Mul", |name| walk.is_constant(name));
    square.is_some_and(|(_, square)| walk.made_by(square, "Pow").is_some())
}
