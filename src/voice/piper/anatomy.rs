//! In: the graph of a Piper voice. Out: its flow and its decoder, layer by layer, and where what they need is made; or
//! why they are not understood. Reads no weights and runs nothing.
//!
//! Nodes are found by what they do and how they hang together, from the sound backwards; names, which differ between
//! exports, are not looked at. Whatever is not exactly as expected makes the whole not understood: the voice is then
//! run as it stands in the file.

mod durations;
mod flow;
mod text;

use crate::voice::graph::{Convolution, Walk};
pub(super) use crate::voice::layers::Reason;
pub(super) use durations::{Durations, Separable, Spline};
use flow::Reader;
pub(super) use text::{Layer, Normal, Text};

/// The parts of a voice behind its text encoder.
pub(super) struct Anatomy<'a> {
    /// The value of the means for each id, `[1, channels, ids]`.
    pub(super) means: &'a str,
    /// The value of the logarithms of the deviations for each id.
    pub(super) deviations: &'a str,
    /// The value of the speaker's features, `[1, features, 1]`, where the voice has several speakers.
    pub(super) speaker: Option<&'a str>,
    /// The flow, in the order of computation.
    pub(super) flow: Vec<Flow<'a>>,
    /// The decoder.
    pub(super) decoder: Decoder<'a>,
}

/// A step of the flow.
pub(super) enum Flow<'a> {
    /// The channels change places, the last comes first.
    Flip,
    /// What comes of the first half of the channels is taken from the second.
    Coupling(Coupling<'a>),
}

/// The layers of a coupling.
pub(super) struct Coupling<'a> {
    pub(super) before: Convolution<'a>,
    pub(super) layers: Vec<Gated<'a>>,
    pub(super) after: Convolution<'a>,
}

/// A layer of a coupling: a gate, and what goes on to the next layer and to the end.
pub(super) struct Gated<'a> {
    pub(super) gate: Convolution<'a>,
    /// What the speaker adds to it, and which of its outputs are for this layer.
    pub(super) speaker: Option<(Convolution<'a>, usize)>,
    pub(super) onward: Convolution<'a>,
}

/// The layers of the decoder.
pub(super) struct Decoder<'a> {
    pub(super) first: Convolution<'a>,
    /// What the speaker adds to the first.
    pub(super) speaker: Option<Convolution<'a>>,
    pub(super) stages: Vec<Stage<'a>>,
    /// What numbers below zero are multiplied by before the last.
    pub(super) slope: f32,
    pub(super) last: Convolution<'a>,
}

/// A transposed convolution and the mean of several blocks behind it.
pub(super) struct Stage<'a> {
    /// What numbers below zero are multiplied by before it.
    pub(super) slope: f32,
    pub(super) up: Convolution<'a>,
    pub(super) blocks: Vec<Vec<Residual<'a>>>,
}

/// A step of a block: one or two convolutions, and what came in is added.
pub(super) struct Residual<'a> {
    /// What numbers below zero are multiplied by before each of them.
    pub(super) slope: f32,
    pub(super) layers: Vec<Convolution<'a>>,
}

/// Reads the parts behind `durations` that make `sound`.
pub(super) fn read<'a>(walk: &Walk<'a>, sound: &str) -> Result<Anatomy<'a>, Reason> {
    let (decoder, features, mut speaker) = read_decoder(walk, sound)?;
    let (mask, mut value) = masked(walk, features).ok_or("what the decoder reads is not masked")?;
    let mut flow = Vec::new();
    loop {
        if let Some(inner) = flipped(walk, value) {
            flow.push(Flow::Flip);
            value = inner;
        } else if walk.made_by(value, "Concat").is_some() {
            let (coupling, inner, of_speaker) = Reader { walk, mask }.coupling(value)?;
            flow.push(Flow::Coupling(coupling));
            value = inner;
            if speaker.is_some() != of_speaker.is_some() || speaker.zip(of_speaker).is_some_and(|(a, b)| a != b) {
                return Err("the flow and the decoder do not have the same speaker");
            }
            speaker = speaker.or(of_speaker);
        } else {
            break;
        }
    }
    flow.reverse();
    let (means, deviations) = prior(walk, value).ok_or("the flow does not begin with noise around means")?;
    Ok(Anatomy { means, deviations, speaker, flow, decoder })
}

/// Reads the text encoder that makes the means and the deviations.
pub(super) fn text<'a>(walk: &Walk<'a>, anatomy: &Anatomy<'a>) -> Result<Text<'a>, Reason> {
    text::read(walk, anatomy.means, anatomy.deviations)
}

/// Reads the duration predictor behind the text encoder.
pub(super) fn durations<'a>(
    walk: &Walk<'a>,
    value: &str,
    (text, features): (&Text<'a>, Option<&str>),
) -> Result<Durations<'a>, Reason> {
    durations::read(walk, value, (text, features))
}

type Read<T> = Result<T, Reason>;

/// The decoder, the value it reads, and the speaker's features.
fn read_decoder<'a>(walk: &Walk<'a>, sound: &str) -> Read<(Decoder<'a>, &'a str, Option<&'a str>)> {
    let squashed = ["Unsqueeze", "Squeeze", "Reshape"].iter().find_map(|op| walk.before(sound, op));
    let tanh = squashed.and_then(|value| walk.before(value, "Tanh")).ok_or("the sound is not a Tanh")?;
    let (last, value) = walk.convolution(tanh, "Conv").ok_or("the last layer is no plain convolution")?;
    if !last.keeps_length() || last.sizes[0] != 1 {
        return Err("the last layer does not make one sample for each input");
    }
    let (slope, mut value) = leaky(walk, value).ok_or("there is no LeakyRelu before the last layer")?;
    let mut stages = Vec::new();
    while let Some([sum, count]) = walk.made_by(value, "Div") {
        let (blocks, raised) = read_blocks(walk, sum)?;
        if walk.floats(count).is_none_or(|count| count != [blocks.len() as f32]) {
            return Err("blocks are summed and not divided by their number");
        }
        let (up, before) = walk.convolution(raised, "ConvTranspose").ok_or("blocks begin with no ConvTranspose")?;
        let reach = up.sizes[2].checked_sub(up.stride).ok_or("a ConvTranspose leaves gaps")?;
        if up.dilation != 1 || up.pads != [reach / 2; 2] || reach % 2 == 1 {
            return Err("a ConvTranspose does not multiply the length by its stride");
        }
        let (slope, before) = leaky(walk, before).ok_or("there is no LeakyRelu before a ConvTranspose")?;
        stages.push(Stage { slope, up, blocks });
        value = before;
    }
    stages.reverse();
    if stages.is_empty() {
        return Err("the decoder has no stages");
    }
    let (first, speaker) = match walk.made_by(value, "Add") {
        Some([a, b]) => (a.as_str(), Some(b.as_str())),
        _ => (value, None),
    };
    let plain = |value| walk.convolution(value, "Conv").filter(|(conv, _)| conv.keeps_length());
    let (first, features) = plain(first).ok_or("the first layer is no plain convolution")?;
    let speaker = match speaker {
        None => None,
        Some(value) => Some(plain(value).filter(|(c, _)| c.sizes[2] == 1).ok_or("what is added first is no speaker")?),
    };
    let decoder = Decoder { first, speaker: speaker.map(|(conv, _)| conv), stages, slope, last };
    check_channels(&decoder)?;
    Ok((decoder, features, speaker.map(|(_, features)| features)))
}

/// Whether what each layer makes is what the next reads.
fn check_channels(decoder: &Decoder<'_>) -> Read<()> {
    let mut channels = decoder.first.sizes[0];
    let mut fit = decoder.speaker.is_none_or(|conv| conv.sizes[0] == channels);
    for stage in &decoder.stages {
        fit &= stage.up.sizes[0] == channels;
        channels = stage.up.sizes[1];
        let mut layers = stage.blocks.iter().flatten().flat_map(|residual| &residual.layers);
        fit &= layers.all(|conv| conv.sizes[..2] == [channels; 2]);
    }
    match fit && decoder.last.sizes[1] == channels {
        true => Ok(()),
        false => Err("the channels of neighbouring layers do not fit"),
    }
}

/// The blocks of a sum, and the value they all begin with.
fn read_blocks<'a>(walk: &Walk<'a>, sum: &str) -> Read<(Vec<Vec<Residual<'a>>>, &'a str)> {
    let is_conv = |value: &String| walk.made_by(value, "Conv").is_some();
    let mut open: Vec<&str> = vec![sum];
    let mut ends: Vec<&[String]> = Vec::new();
    while let Some(value) = open.pop() {
        let inputs = walk.made_by(value, "Add").ok_or("a block does not end with a sum")?;
        match inputs.iter().any(is_conv) {
            true => ends.push(inputs),
            false => open.extend(inputs.iter().map(String::as_str)),
        }
        if ends.len() + open.len() > 64 {
            return Err("there are too many blocks");
        }
    }
    ends.reverse();
    let mut blocks = Vec::new();
    let mut begin: Option<&str> = None;
    for mut inputs in ends {
        let mut steps = Vec::new();
        let start = loop {
            let (step, before) = read_residual(walk, inputs)?;
            steps.push(step);
            match walk.made_by(before, "Add") {
                Some(inner) if steps.len() < 64 => inputs = inner,
                _ => break before,
            }
        };
        steps.reverse();
        blocks.push(steps);
        if *begin.get_or_insert(start) != start {
            return Err("blocks of one stage do not begin with the same");
        }
    }
    Ok((blocks, begin.ok_or("a stage has no blocks")?))
}

/// The step that ends in the sum of these two, and what it adds to.
fn read_residual<'a>(walk: &Walk<'a>, inputs: &'a [String]) -> Read<(Residual<'a>, &'a str)> {
    const STRANGE: Reason = "a block is neither of the first nor of the second kind";
    let [a, b] = inputs else { return Err(STRANGE) };
    let (a, b) = (a.as_str(), b.as_str());
    let plain = |value| walk.convolution(value, "Conv").filter(|(conv, _)| conv.keeps_length());
    let (end, residual) = if walk.made_by(a, "Conv").is_some() { (a, b) } else { (b, a) };
    let (conv, inner) = plain(end).ok_or(STRANGE)?;
    let (slope, inner) = leaky(walk, inner).ok_or(STRANGE)?;
    if inner == residual {
        return Ok((Residual { slope, layers: vec![conv] }, residual));
    }
    let (first, inner) = plain(inner).ok_or(STRANGE)?;
    match leaky(walk, inner) {
        Some((same, inner)) if inner == residual && same == slope => {
            Ok((Residual { slope, layers: vec![first, conv] }, residual))
        }
        _ => Err(STRANGE),
    }
}

/// The slope below zero and the input of a LeakyRelu.
fn leaky<'a>(walk: &Walk<'a>, value: &str) -> Option<(f32, &'a str)> {
    let before = walk.before(value, "LeakyRelu")?;
    let slope = walk.float(value, "alpha").unwrap_or(0.01);
    (slope > 1e-3 && slope <= 1.0).then_some((slope, before))
}

/// The mask and the value that are multiplied. A mask is made by a cast of a comparison.
fn masked<'a>(walk: &Walk<'a>, value: &str) -> Option<(&'a str, &'a str)> {
    let [a, b] = walk.made_by(value, "Mul")? else { return None };
    let is_mask = |value: &str| {
        let raised = walk.before(value, "Unsqueeze").unwrap_or(value);
        let compared = walk.before(raised, "Cast").map(|value| walk.before(value, "Unsqueeze").unwrap_or(value));
        compared.is_some_and(|value| walk.made_by(value, "Less").is_some())
    };
    match (is_mask(a), is_mask(b)) {
        (false, true) => Some((b, a)),
        (true, false) => Some((a, b)),
        _ => None,
    }
}

/// What is turned round along the channels.
fn flipped<'a>(walk: &Walk<'a>, value: &str) -> Option<&'a str> {
    let [inner, starts, ends, axes, steps] = walk.made_by(value, "Slice")? else { return None };
    let whole = walk.ints(starts)? == [-1] && walk.ints(ends)?.iter().all(|end| *end < -(1 << 30));
    (whole && walk.ints(axes)? == [1] && walk.ints(steps)? == [-1]).then_some(inner)
}

/// The means and the deviations of the noise that the flow begins with.
fn prior<'a>(walk: &Walk<'a>, value: &str) -> Option<(&'a str, &'a str)> {
    let [a, b] = walk.made_by(value, "Add")? else { return None };
    let spread = |value: &str| {
        let [_, right] = walk.made_by(walk.before(value, "Transpose")?, "MatMul")? else { return None };
        walk.before(right, "Transpose")
    };
    let (means, noise) = spread(a).map(|means| (means, b)).or_else(|| spread(b).map(|means| (means, a)))?;
    let mut factors = vec![noise.as_str()];
    let (mut drawn, mut deviations, mut scales) = (0, None, 0);
    while let Some(value) = factors.pop() {
        if let Some(inputs) = walk.made_by(value, "Mul") {
            factors.extend(inputs.iter().map(String::as_str));
        } else if walk.made_by(value, "RandomNormalLike").is_some() {
            drawn += 1;
        } else if let Some(inner) = walk.before(value, "Exp") {
            if deviations.replace(spread(inner)?).is_some() {
                return None;
            }
        } else {
            // The first of the three scales a Piper voice takes: how much of the noise there is.
            let [scales_in, index] = walk.made_by(value, "Gather")? else { return None };
            (scales_in == "scales" && walk.ints(index)? == [0]).then_some(())?;
            scales += 1;
        }
    }
    (drawn == 1 && scales == 1).then_some((means, deviations?))
}
