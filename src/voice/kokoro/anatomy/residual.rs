//! In: a value of the graph. Out: the block of two convolutions that makes it, with what is brought
//! to a style before each and what is added behind both. Knows no part of the network.

use super::styled::{self, FIRST_LAST, Styling};
use super::turned;
use crate::voice::graph::{Quantised, Walk};

/// Two convolutions, of what is brought to a style and made smaller below zero; what they make is
/// added to what came in, and divided.
pub(in crate::voice::kokoro) struct Residual<'a> {
    pub(in crate::voice::kokoro) stylings: [Styling<'a>; 2],
    /// What numbers below zero are multiplied by before each convolution.
    pub(in crate::voice::kokoro) slopes: [f32; 2],
    pub(in crate::voice::kokoro) convs: [Quantised<'a>; 2],
    /// Weights and bias of what makes two moments of each before the first convolution.
    pub(in crate::voice::kokoro) doubling: Option<(Vec<f32>, Vec<f32>)>,
    /// What is made of what came in, before it is added.
    pub(in crate::voice::kokoro) shortcut: Option<Quantised<'a>>,
    /// What the sum is divided by.
    pub(in crate::voice::kokoro) divisor: f32,
}

impl Residual<'_> {
    /// How many channels it reads and makes; `None` where its layers do not fit each other.
    pub(in crate::voice::kokoro) fn channels(&self) -> Option<[usize; 2]> {
        let [first, second] = [&self.convs[0], &self.convs[1]].map(|conv| conv.conv_sizes());
        let ([middle, inputs, _], [outputs, read, _]) = first.zip(second)?;
        let doubled = self.doubling.as_ref().is_none_or(|(_, bias)| bias.len() == inputs);
        let shortcut = match &self.shortcut {
            Some(conv) => conv.conv_sizes() == Some([outputs, inputs, 1]) && conv.keeps_length(),
            None => inputs == outputs && self.doubling.is_none(),
        };
        let fits = self.convs.iter().all(Quantised::keeps_length)
            && (read, shortcut, doubled) == (middle, true, true)
            && self.stylings[0].is_of(inputs)
            && self.stylings[1].is_of(middle);
        fits.then_some([inputs, outputs])
    }
}

/// The block with this style that makes a value, and what it reads; where the moments of that stand
/// first before it is turned for the block, what it was before it was turned.
pub(super) fn residual<'a>(walk: &Walk<'a>, value: &str, style: &str) -> Option<(Residual<'a>, &'a str)> {
    let [sum, divisor] = walk.made_by(value, "Div")? else { return None };
    let [a, b] = walk.made_by(sum, "Add")? else { return None };
    let of_bent = |value: &'a str| {
        walk.quantised(value, "ConvInteger").filter(|(_, input)| walk.made_by(input, "LeakyRelu").is_some())
    };
    let ((second, bent), shortcut) = match (of_bent(a), of_bent(b)) {
        (Some(found), None) => (found, b),
        (None, Some(found)) => (found, a),
        _ => return None,
    };
    let (styling_between, slope_between, middle) = bent_to_style(walk, bent, style)?;
    let (first, read) = walk.quantised(middle, "ConvInteger")?;
    let (doubling, bent) = match walk.doubling(read) {
        Some((weights, bias, bent)) => (Some((weights, bias)), bent),
        None => (None, read),
    };
    let (styling, slope, input) = bent_to_style(walk, bent, style)?;
    let (shortcut, read) = match walk.quantised(shortcut, "ConvInteger") {
        Some((conv, read)) => (Some(conv), read),
        None => (None, shortcut.as_str()),
    };
    let read = match &doubling {
        Some(_) => walk.lengthened(read).filter(|(times, _)| *times == 2.0)?.1,
        None => read,
    };
    let same = read == input || turned(walk, read, &FIRST_LAST) == Some(input);
    let divisor = walk.number(divisor).filter(|divisor| *divisor > 0.0)?;
    let block = Residual {
        stylings: [styling, styling_between],
        slopes: [slope, slope_between],
        convs: [first, second],
        doubling,
        shortcut,
        divisor,
    };
    (same && block.channels().is_some()).then_some((block, input))
}

/// The style that a value is brought to before it is made smaller below zero, how much smaller, and
/// what is brought to it.
fn bent_to_style<'a>(walk: &Walk<'a>, value: &str, style: &str) -> Option<(Styling<'a>, f32, &'a str)> {
    let slope = walk.float(value, "alpha").filter(|slope| (0.0..=1.0).contains(slope))?;
    let (styling, input, same) = styled::styling(walk, walk.before(value, "LeakyRelu")?)?;
    (same == style).then_some((styling, slope, input))
}
