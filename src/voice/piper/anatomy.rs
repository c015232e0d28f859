//! In: the graph of a Piper voice. Out: its flow and its decoder, layer by layer, and where what they need is made; or
//! why they are not understood. Reads no weights and runs nothing.
//!
//! Nodes are found by what they do and how they hang together, from the sound backwards; names, which differ between
//! exports, are not looked at. Whatever is not exactly as expected makes the whole not understood: the voice is then
//! run as it stands in the file.

use crate::voice::graph::{Convolution, Walk};

/// What is not as it was expected to be.
pub(super) type Reason = &'static str;

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

/// Reads couplings, with one mask for all.
struct Reader<'w, 'a> {
    walk: &'w Walk<'a>,
    mask: &'a str,
}

/// A coupling, the value it reads, and the speaker's features.
type Found<'a> = (Coupling<'a>, &'a str, Option<&'a str>);

impl<'a> Reader<'_, 'a> {
    /// What is multiplied by the mask.
    fn unmasked(&self, value: &str) -> Option<&'a str> {
        masked(self.walk, value).filter(|(mask, _)| *mask == self.mask).map(|(_, value)| value)
    }

    fn coupling(&self, value: &str) -> Read<Found<'a>> {
        const STRANGE: Reason = "a coupling of the flow is not of the known kind";
        let walk = self.walk;
        let Some([kept, changed]) = walk.made_by(value, "Concat") else { return Err(STRANGE) };
        let split = walk.maker(kept).filter(|node| node.op_type.as_deref() == Some("Split")).ok_or(STRANGE)?;
        let [first, second] = split.output.as_slice() else { return Err(STRANGE) };
        let changed = self.unmasked(changed).ok_or(STRANGE)?;
        // Times e to the power of minus zero, where the export kept it.
        let changed = match walk.made_by(changed, "Mul") {
            Some([inner, one]) => {
                let zeros = walk.before(one, "Exp").and_then(|value| walk.before(value, "Neg"));
                zeros.filter(|value| self.zeros(value)).map(|_| inner.as_str()).ok_or(STRANGE)?
            }
            _ => changed,
        };
        let Some([from, taken]) = walk.made_by(changed, "Sub") else { return Err(STRANGE) };
        let after = self.unmasked(taken).and_then(|value| walk.convolution(value, "Conv"));
        let (after, skipped) = after.ok_or(STRANGE)?;
        let skipped = self.unmasked(skipped).ok_or(STRANGE)?;
        let (before, layers, features) = self.layers(skipped)?;
        let (read, conv) = before;
        let halves = walk.int(value, "axis") == Some(1) && kept == first && from == second && read == first;
        let fit = conv.sizes[1] == after.sizes[0] && conv.sizes[0] == after.sizes[1];
        let plain = [conv, after].iter().all(|conv| conv.keeps_length() && conv.sizes[2] == 1);
        if !(halves && fit && plain && self.splits_in_half(split, conv.sizes[1])) {
            return Err(STRANGE);
        }
        let inner = split.input.first().ok_or(STRANGE)?;
        Ok((Coupling { before: conv, layers, after }, inner, features))
    }

    fn splits_in_half(&self, split: &rten_onnx::onnx::NodeProto, half: usize) -> bool {
        let sizes = split.input.get(1).and_then(|name| self.walk.ints(name));
        let axis = split.attribute.iter().find(|a| a.name.as_deref() == Some("axis")).and_then(|a| a.i);
        axis == Some(1) && sizes.is_none_or(|sizes| sizes == [half as i64; 2])
    }

    /// Whether a value is all zeros.
    fn zeros(&self, value: &str) -> bool {
        self.walk.made_by(value, "ConstantOfShape").is_some() && self.walk.fills_with(value) == Some(0.0)
    }

    /// The part of a value from channel to channel.
    fn part(&self, value: &str, (from, to): (usize, usize)) -> Option<&'a str> {
        let inputs = self.walk.made_by(value, "Slice")?;
        let ints = |i: usize| inputs.get(i).and_then(|name: &String| self.walk.ints(name));
        let one = inputs.get(4).is_none_or(|steps| self.walk.ints(steps).is_some_and(|steps| steps == [1]));
        let there = ints(1)? == [from as i64] && ints(3)? == [1] && one;
        (there && *ints(2)?.first()? >= to as i64).then(|| inputs[0].as_str())
    }

    /// The layers whose sum `skipped` is: what the first reads and through which convolution, all of them, and the
    /// speaker's features.
    #[allow(clippy::type_complexity, reason = "it is taken apart where it is made")]
    fn layers(&self, skipped: &str) -> Read<((&'a str, Convolution<'a>), Vec<Gated<'a>>, Option<&'a str>)> {
        const STRANGE: Reason = "the layers of a coupling are not gated ones of the known kind";
        let walk = self.walk;
        let mut ends = Vec::new();
        let mut value = skipped;
        // The sum begins with zeros: zeros + first + second + ... + last.
        while !self.zeros(value) {
            let Some([rest, part]) = walk.made_by(value, "Add") else { return Err(STRANGE) };
            ends.push(part.as_str());
            value = rest;
            if ends.len() > 64 {
                return Err(STRANGE);
            }
        }
        ends.reverse();
        let mut layers: Vec<Gated<'a>> = Vec::new();
        let mut features = None;
        let mut begin: Option<(&str, Convolution<'_>)> = None;
        let mut previous = "";
        for (number, end) in ends.iter().enumerate() {
            let last = number + 1 == ends.len();
            let onward = match last {
                true => Some(*end),
                false => self.skipped_of(end),
            };
            let (onward, gated) = onward.and_then(|value| walk.convolution(value, "Conv")).ok_or(STRANGE)?;
            let width = onward.sizes[1];
            let (gate, input, speaker) = self.gate(gated, width).ok_or(STRANGE)?;
            match begin {
                None => begin = Some(self.first(input).ok_or(STRANGE)?),
                Some(_) => {
                    let before = layers.last().map(|layer| layer.onward).ok_or(STRANGE)?;
                    let follows = self.follows(input, previous, &before, width);
                    follows.then_some(()).ok_or(STRANGE)?;
                }
            }
            let fit = begin.is_some_and(|(_, conv)| conv.sizes[0] == width)
                && gate.sizes[..2] == [2 * width, width]
                && onward.sizes == [if last { width } else { 2 * width }, width, 1]
                && gate.keeps_length()
                && onward.keeps_length();
            fit.then_some(()).ok_or(STRANGE)?;
            previous = input;
            let mut offset = None;
            if let Some((conv, from, value)) = speaker {
                if number > 0 && features != Some(value) {
                    return Err(STRANGE);
                }
                (features, offset) = (Some(value), Some((conv, from)));
            } else if features.is_some() {
                return Err(STRANGE);
            }
            layers.push(Gated { gate, speaker: offset, onward });
        }
        Ok((begin.ok_or(STRANGE)?, layers, features))
    }

    /// What the second half of is skipped to the end.
    fn skipped_of(&self, value: &str) -> Option<&'a str> {
        let inner = self.walk.before(value, "Slice")?;
        let width = self.walk.convolution(inner, "Conv")?.0.sizes[0] / 2;
        self.part(value, (width, 2 * width))
    }

    /// What the first layer reads: a part of the channels, through a convolution.
    fn first(&self, input: &str) -> Option<(&'a str, Convolution<'a>)> {
        self.walk.convolution(self.unmasked(input)?, "Conv").map(|(conv, read)| (read, conv))
    }

    /// Whether `input` is what the layer before read and the first half of what it made, added.
    fn follows(&self, input: &str, previous: &str, before: &Convolution<'_>, width: usize) -> bool {
        let sum = self.unmasked(input).and_then(|value| self.walk.made_by(value, "Add"));
        let Some([a, b]) = sum else { return false };
        let made = self.part(b, (0, width)).and_then(|value| self.walk.convolution(value, "Conv"));
        a == previous && made.is_some_and(|(conv, _)| conv.is(before))
    }

    /// The convolution whose halves are multiplied, tangent and logistic function, what it reads, and what the speaker
    /// adds: a convolution, from which of its outputs on, and the features it reads.
    #[allow(clippy::type_complexity, reason = "it is taken apart where it is made")]
    fn gate(
        &self,
        gated: &str,
        width: usize,
    ) -> Option<(Convolution<'a>, &'a str, Option<(Convolution<'a>, usize, &'a str)>)> {
        let walk = self.walk;
        let [tangent, logistic] = walk.made_by(gated, "Mul")? else { return None };
        let first = self.part(walk.before(tangent, "Tanh")?, (0, width))?;
        let second = self.part(walk.before(logistic, "Sigmoid")?, (width, 2 * width))?;
        let [sum, added] = walk.made_by(first, "Add").filter(|_| first == second)? else { return None };
        let (conv, input) = walk.convolution(sum, "Conv")?;
        if self.zeros(added) {
            return Some((conv, input, None));
        }
        let inputs = walk.made_by(added, "Slice")?;
        let from = usize::try_from(*walk.ints(inputs.get(1)?)?.first()?).ok()?;
        let whole = self.part(added, (from, from + 2 * width))?;
        let (of_speaker, features) = walk.convolution(whole, "Conv")?;
        let fits = of_speaker.sizes[2] == 1 && of_speaker.sizes[0] >= from + 2 * width && of_speaker.keeps_length();
        fits.then_some((conv, input, Some((of_speaker, from, features))))
    }
}
