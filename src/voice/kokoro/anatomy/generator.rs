//! In: the value of the sound. Out: the generator that makes it, layer by layer, and the values it
//! reads; or why it is not understood. Reads no weights of layers and runs nothing.

use super::source::{self, Source};
use super::styled::{self, Snaking};
use super::{Read, Reason};
use crate::voice::graph::{Convolution, Quantised, Walk};

/// The part behind the decoder: an iSTFTNet (arXiv:2203.02395) with a harmonic source.
pub(in crate::voice::kokoro) struct Generator<'a> {
    /// The value that it makes sound of, `[1, channels, points]`.
    pub(in crate::voice::kokoro) features: &'a str,
    /// The value of the style.
    pub(in crate::voice::kokoro) style: &'a str,
    /// The value of the source's magnitudes and phases, `[1, channels, moments]`.
    #[cfg(test)]
    pub(in crate::voice::kokoro) spectrum: &'a str,
    pub(in crate::voice::kokoro) source: Source<'a>,
    /// In the order of computation.
    pub(in crate::voice::kokoro) stages: Vec<Stage<'a>>,
    pub(in crate::voice::kokoro) ending: Ending<'a>,
}

/// A transposed convolution, what comes of the source, and the mean of several blocks behind both.
pub(in crate::voice::kokoro) struct Stage<'a> {
    /// What numbers below zero are multiplied by before it.
    pub(in crate::voice::kokoro) slope: f32,
    pub(in crate::voice::kokoro) up: Convolution<'a>,
    /// Whether the second of its moments is put once more before the first.
    pub(in crate::voice::kokoro) reflected: bool,
    pub(in crate::voice::kokoro) noise: Quantised<'a>,
    pub(in crate::voice::kokoro) noise_block: Vec<Snaking<'a>>,
    pub(in crate::voice::kokoro) blocks: Vec<Vec<Snaking<'a>>>,
}

/// The last convolution and the inverse transform.
pub(in crate::voice::kokoro) struct Ending<'a> {
    /// What numbers below zero are multiplied by before it.
    pub(in crate::voice::kokoro) slope: f32,
    /// Its outputs are logarithms of magnitudes and then what the sine of is a phase, as many.
    pub(in crate::voice::kokoro) last: Convolution<'a>,
    /// The real parts and the imaginary parts become samples that overlap.
    pub(in crate::voice::kokoro) basis: Convolution<'a>,
    /// What the first samples are divided by, where it is above zero.
    pub(in crate::voice::kokoro) window: Vec<f32>,
    pub(in crate::voice::kokoro) gain: f32,
    /// How many samples are left out at each end.
    pub(in crate::voice::kokoro) margin: usize,
}

/// Reads the generator that makes `sound`.
pub(super) fn read<'a>(walk: &Walk<'a>, sound: &'a str) -> Read<Generator<'a>> {
    let (ending, mut value) = ending(walk, sound).ok_or("the inverse transform at its end is not of the known kind")?;
    let mut reader = Reader { walk, style: None, spectrum: None };
    let mut stages = Vec::new();
    while let Some(sum) = reader.mean(value) {
        let (stage, input) = reader.stage(sum)?;
        stages.push(stage);
        value = input;
    }
    stages.reverse();
    let (Some(style), Some(spectrum), false) = (reader.style, reader.spectrum, stages.is_empty()) else {
        return Err("its stages are not of the known kind");
    };
    let source = source::read(walk, spectrum).ok_or("its source is not of the known kind")?;
    Ok(Generator {
        features: value,
        style,
        #[cfg(test)]
        spectrum,
        source,
        stages,
        ending,
    })
}

/// The end of the generator and what it reads, before numbers below zero are made smaller.
fn ending<'a>(walk: &Walk<'a>, sound: &'a str) -> Option<(Ending<'a>, &'a str)> {
    let cut = walk.through(sound, &["Gather", "Reshape", "Gather"])?;
    let end = *walk.ints(walk.made_by(cut, "Slice")?.get(2)?)?.first()?;
    let begun = walk.before(cut, "Slice")?;
    let margin = *walk.ints(walk.made_by(begun, "Slice")?.get(1)?)?.first()?;
    let (factor, value) = walk.parted(walk.before(begun, "Slice")?, "Mul", |name| walk.is_constant(name))?;
    let scattered = walk.before(value, "Unsqueeze")?;
    let window = walk.before(walk.made_by(scattered, "ScatterND")?.get(2)?, "Reshape")?;
    let window = walk.through(walk.made_by(window, "Div")?.get(1)?, &["Gather", "Slice"])?;
    let overlapped = walk.through(scattered, &["ScatterND", "Squeeze"])?;
    let (basis, parts) = walk.convolution(overlapped, "ConvTranspose")?;
    let [real, imaginary] = walk.made_by(parts, "Concat")? else { return None };
    let is = |op: &'static str| move |name: &str| walk.made_by(name, op).is_some();
    let (power, cosine) = walk.parted(real, "Mul", is("Exp"))?;
    let (same, sine) = walk.parted(imaginary, "Mul", is("Exp"))?;
    let phase = walk.before(sine, "Sin").filter(|phase| walk.before(cosine, "Cos") == Some(*phase))?;
    let (magnitude, phase) = (walk.before(power, "Exp")?, walk.before(phase, "Sin")?);
    let made = walk.before(magnitude, "Slice")?;
    let (last, input) = walk.convolution(made, "Conv")?;
    let [channels, _, taps] = basis.sizes;
    let from = |value: &str| Some(*walk.ints(walk.made_by(value, "Slice")?.get(1)?)?.first()?);
    let fits = same == power
        && walk.before(phase, "Slice") == Some(made)
        && from(magnitude)? == 0
        && from(phase)? == channels as i64 / 2
        && channels.is_multiple_of(2)
        && last.sizes[0] == channels
        && last.keeps_length()
        && basis.sizes[1] == 1
        && basis.pads == [0; 2]
        && taps.is_multiple_of(basis.stride)
        && end == -margin;
    let margin = usize::try_from(margin).ok().filter(|margin| 2 * margin == taps)?;
    let slope = walk.float(input, "alpha").filter(|slope| (0.0..=1.0).contains(slope))?;
    let (window, gain) = (walk.floats(window)?, walk.number(factor)?);
    fits.then_some(())?;
    Some((Ending { slope, last, basis, window, gain, margin }, walk.before(input, "LeakyRelu")?))
}

/// Reads stages, with one style and one source for all.
struct Reader<'w, 'a> {
    walk: &'w Walk<'a>,
    style: Option<&'a str>,
    spectrum: Option<&'a str>,
}

/// Takes the first, and whether the next are the same.
fn agrees<'a>(known: &mut Option<&'a str>, value: &'a str) -> bool {
    *known.get_or_insert(value) == value
}

impl<'a> Reader<'_, 'a> {
    /// What a value is the mean of: values of blocks, the first first. `None` where it is none.
    fn mean(&self, value: &str) -> Option<Vec<&'a str>> {
        let [sum, count] = self.walk.made_by(value, "Div")? else { return None };
        let count = self.walk.number(count).filter(|n| n.fract() == 0.0 && (1.0..=16.0).contains(n))?;
        let mut value = sum.as_str();
        let mut all = Vec::new();
        for _ in 1..count as usize {
            let [rest, last] = self.walk.made_by(value, "Add")? else { return None };
            all.push(last.as_str());
            value = rest;
        }
        all.push(value);
        all.reverse();
        Some(all)
    }

    /// A stage whose blocks make these values, and what it reads, before numbers below zero are
    /// made smaller.
    fn stage(&mut self, made: Vec<&'a str>) -> Read<(Stage<'a>, &'a str)> {
        const STRANGE: Reason = "a stage of the generator is not of the known kind";
        let walk = self.walk;
        let mut blocks = Vec::new();
        let mut input = None;
        for value in made {
            let (block, from) = self.block(value)?;
            blocks.push(block);
            if *input.get_or_insert(from) != from {
                return Err("the blocks of a stage do not read the same");
            }
        }
        let raised = |name: &str| ["ConvTranspose", "Pad"].iter().any(|op| walk.made_by(name, op).is_some());
        let (up, noise) = input.and_then(|value| walk.parted(value, "Add", raised)).ok_or(STRANGE)?;
        let (noise_block, noise) = self.block(noise)?;
        let (noise, spectrum) = walk.quantised(noise, "ConvInteger").ok_or(STRANGE)?;
        if !agrees(&mut self.spectrum, spectrum) {
            return Err("the stages do not have one source");
        }
        let (up, reflected) = match self.reflected(up) {
            Some(up) => (up, true),
            None => (up, false),
        };
        let (up, bent) = walk.convolution(up, "ConvTranspose").ok_or(STRANGE)?;
        let slope = walk.float(bent, "alpha").filter(|slope| (0.0..=1.0).contains(slope)).ok_or(STRANGE)?;
        let value = walk.before(bent, "LeakyRelu").ok_or(STRANGE)?;
        let [_, channels, width] = up.sizes;
        let whole =
            up.dilation == 1 && width == 2 * up.stride && 2 * up.pads[0] == up.stride && up.pads[0] == up.pads[1];
        let alike = blocks.iter().chain([&noise_block]).flatten().all(|half| half.is_of(channels));
        match whole && alike && noise.conv_sizes().is_some_and(|[outputs, _, _]| outputs == channels) {
            true => Ok((Stage { slope, up, reflected, noise, noise_block, blocks }, value)),
            false => Err(STRANGE),
        }
    }

    /// What is reflected by one moment before its first.
    fn reflected(&self, value: &str) -> Option<&'a str> {
        let inputs = self.walk.made_by(value, "Pad")?;
        let pads = self.walk.ints(inputs.get(1)?)?;
        let reflects = self.walk.text(value, "mode") == Some("reflect");
        (reflects && pads == [0, 0, 1, 0, 0, 0]).then(|| inputs[0].as_str())
    }

    /// A block that makes a value: pairs of convolutions, of which each adds to what came before
    /// it; and what it reads.
    fn block(&mut self, value: &'a str) -> Read<(Vec<Snaking<'a>>, &'a str)> {
        const STRANGE: Reason = "a block of the generator is not of the known kind";
        let walk = self.walk;
        let convolved = |name: &'a str| walk.quantised(name, "ConvInteger").is_some();
        let mut value = value;
        let mut halves = Vec::new();
        while let Some([a, b]) = walk.made_by(value, "Add") {
            let (made, before) = match (convolved(a), convolved(b)) {
                (true, false) => (a.as_str(), b.as_str()),
                (false, true) => (b.as_str(), a.as_str()),
                // The first that adds to the value of a convolution: that of a pair reads what the
                // other makes.
                (true, true) => self.later(a, b).ok_or(STRANGE)?,
                (false, false) => break,
            };
            let (second, middle, style) = styled::snaking(walk, made).ok_or(STRANGE)?;
            let (first, input, same) = styled::snaking(walk, middle).ok_or(STRANGE)?;
            if input != before || style != same || !agrees(&mut self.style, style) || halves.len() > 64 {
                return Err(STRANGE);
            }
            halves.extend([second, first]);
            value = before;
        }
        halves.reverse();
        if halves.is_empty() { Err(STRANGE) } else { Ok((halves, value)) }
    }

    /// Of two convolutions that of a pair, and the other.
    fn later(&self, a: &'a str, b: &'a str) -> Option<(&'a str, &'a str)> {
        let pair = |value: &'a str| {
            let (_, middle, _) = styled::snaking(self.walk, value)?;
            styled::snaking(self.walk, middle).map(|(_, input, _)| input)
        };
        match (pair(a) == Some(b), pair(b) == Some(a)) {
            (true, false) => Some((a, b)),
            (false, true) => Some((b, a)),
            _ => None,
        }
    }
}
