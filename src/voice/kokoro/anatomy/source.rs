//! In: the value of the source's spectrum. Out: what it is made of a pitch with: harmonics, their
//! mixture, a transform; or nothing, where it is not as expected. Runs nothing.

use crate::voice::graph::Walk;

/// A sum of harmonics of a pitch, taken apart into magnitudes and phases again (arXiv:2203.02395,
/// as in Kokoro).
#[derive(Clone, Debug, PartialEq)]
pub(in crate::voice::kokoro) struct Source<'a> {
    /// The value of the pitch in Hz, `[1, 1, points]`.
    pub(in crate::voice::kokoro) pitch: &'a str,
    /// Samples for each point.
    pub(in crate::voice::kokoro) hop: usize,
    /// Samples a second.
    pub(in crate::voice::kokoro) rate: f32,
    /// How many times the pitch each harmonic is.
    pub(in crate::voice::kokoro) harmonics: Vec<f32>,
    /// What the sines are multiplied by.
    pub(in crate::voice::kokoro) level: f32,
    /// The pitch in Hz up to which there is none.
    pub(in crate::voice::kokoro) silent: f32,
    /// What each harmonic is multiplied by in their sum, and what is added, before the tangent.
    pub(in crate::voice::kokoro) weights: Vec<f32>,
    pub(in crate::voice::kokoro) bias: f32,
    /// What a piece is multiplied by before it is transformed.
    pub(in crate::voice::kokoro) window: Vec<f32>,
    /// Samples from a piece to the next.
    pub(in crate::voice::kokoro) step: usize,
}

/// The source of a spectrum.
pub(super) fn read<'a>(walk: &Walk<'a>, spectrum: &'a str) -> Option<Source<'a>> {
    let [magnitude, phase] = walk.made_by(spectrum, "Concat")? else { return None };
    let [real, _] = walk.made_by(walk.before(magnitude, "Sqrt")?, "Add")? else { return None };
    let parts = walk.through(real, &["Pow", "Gather"])?;
    let transform = walk.before(parts, "Transpose")?;
    let angle = walk.made_by(walk.made_by(phase, "Where")?.get(2)?, "Atan")?.first()?;
    let [over, under] = walk.made_by(angle, "Div")? else { return None };
    let of_it = [over, under].iter().all(|part| walk.before(part, "Gather") == Some(parts));
    let inputs = walk.made_by(transform, "STFT")?;
    let step = usize::try_from(walk.whole(inputs.get(1)?)?).ok().filter(|step| *step > 0)?;
    let window = walk.floats(inputs.get(2)?)?;
    let padded = walk.before(&inputs[0], "Reshape")?;
    let pads = walk.ints(walk.made_by(padded, "Pad")?.get(1)?)?;
    let margin = window.len() as i64 / 2;
    let mixed = walk.through(padded, &["Pad", "Reshape", "Squeeze", "Transpose", "Tanh"])?;
    let (bias, product) = walk.parted(mixed, "Add", |name| walk.is_constant(name))?;
    let [sines, weights] = walk.made_by(product, "MatMul")? else { return None };
    let [loud, mask] = walk.made_by(sines, "Mul")? else { return None };
    let [heard, silent] = walk.made_by(walk.before(mask, "Cast")?, "Greater")? else { return None };
    let (level, sine) = walk.parted(loud, "Mul", |name| walk.is_constant(name))?;
    let raised = walk.through(sine, &["Sin", "Transpose"])?;
    let (turns, hop) = phases(walk, raised)?;
    let [whole, fraction] = walk.made_by(turns, "Sub")? else { return None };
    let (rate, multiple) = walk.parted(whole, "Div", |name| walk.is_constant(name))?;
    let (harmonics, pitch) = walk.parted(multiple, "Mul", |name| walk.is_constant(name))?;
    let (harmonics, weights) = (walk.floats(harmonics)?, walk.floats(weights)?);
    let (times, points) = walk.lengthened(pitch)?;
    let fits = of_it
        && pads == [0, 0, margin, 0, 0, margin]
        && walk.text(padded, "mode") == Some("reflect")
        && walk.before(fraction, "Floor") == Some(whole)
        && walk.before(heard, "Transpose") == Some(pitch)
        && times == hop as f32
        && harmonics.len() == weights.len()
        && window.len().is_multiple_of(2)
        && hop.is_multiple_of(step);
    fits.then_some(())?;
    Some(Source {
        pitch: points,
        hop,
        rate: walk.number(rate)?,
        harmonics,
        level: walk.number(level)?,
        silent: walk.number(silent)?,
        weights,
        bias: walk.number(bias)?,
        window,
        step,
    })
}

/// What is summed point by point to make phases of it, and how many samples there are for each
/// point.
fn phases<'a>(walk: &Walk<'a>, raised: &str) -> Option<(&'a str, usize)> {
    let times = scale(walk, raised)?;
    let hop = (times.fract() == 0.0 && (2.0..=65_536.0).contains(&times)).then_some(times as usize)?;
    let mut value = walk.through(raised, &["Resize", "Transpose"])?;
    let mut factor = 1.0;
    while walk.made_by(value, "Mul").is_some() {
        let (number, rest) = walk.parted(value, "Mul", |name| walk.is_constant(name))?;
        factor *= walk.number(number)?;
        value = rest;
    }
    let turn = std::f32::consts::TAU * times;
    let whole = walk.through(value, &["CumSum", "Transpose"])?;
    let times = scale(walk, whole)?;
    let centred = |value: &str| walk.text(value, "coordinate_transformation_mode") == Some("half_pixel");
    let fits = (factor / turn - 1.0).abs() < 1e-6
        && (times * hop as f32 - 1.0).abs() < 1e-6
        && centred(whole)
        && centred(raised)
        && walk.whole(walk.made_by(value, "CumSum")?.get(1)?) == Some(1)
        && walk.int(value, "exclusive").unwrap_or(0) == 0
        && walk.int(value, "reverse").unwrap_or(0) == 0;
    fits.then_some((walk.before(whole, "Resize")?, hop))
}

/// How many times as long a value is made in time, along lines.
fn scale(walk: &Walk<'_>, value: &str) -> Option<f32> {
    let scales = walk.floats(walk.made_by(value, "Resize")?.get(2)?)?;
    match scales.as_slice() {
        [1.0, 1.0, times] if walk.text(value, "mode") == Some("linear") => Some(*times),
        _ => None,
    }
}
