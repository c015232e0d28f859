//! In: the anatomy of a Piper voice. Out: its flow and its decoder as two nets of packed layers. Runs nothing.

use super::anatomy::{Anatomy, Coupling, Decoder, Flow, Reason, Residual, Stage};
use crate::voice::graph::Convolution;
use crate::voice::layers::values;
use cuevox_kernels::conv::{Conv, Shape};
use cuevox_kernels::dot::Dot;
use cuevox_kernels::lanes::{Block, LANES};
use cuevox_kernels::net::{Net, Tensor, Then};
use cuevox_kernels::rows::blocks_of;

/// Frames the flow takes at a time: the more, the less often its weights, which are many, come from memory.
pub(super) const FLOW_FRAMES: usize = 512;
/// Rows the blocks of a stage take at a time, times their blocks of channels: what lies between them stays near.
const BLOCK_ROWS: usize = 2304;
/// Rows a transposed convolution takes at a time; as with the flow, its weights are many.
const UP_ROWS: usize = 240;
/// Neighbouring outputs made at a time in the flow; more of them would take more memory and no less time.
const FLOW_TILE: usize = 6;

/// The nets of a voice behind its text encoder, and what goes in and out of them.
pub(super) struct Built {
    pub(super) flow: Part,
    /// Where each channel of the noise around the means goes: tensor of the flow, and channel.
    pub(super) inputs: Vec<(Tensor, usize)>,
    /// What the flow makes.
    pub(super) latents: Vec<Tensor>,
    pub(super) decoder: Part,
    /// Where each of the flow's tensors goes.
    pub(super) entries: Vec<Tensor>,
    /// What the last layer reads.
    pub(super) last: Tensor,
    pub(super) dot: Dot,
    /// Samples for each frame.
    pub(super) hop: usize,
}

/// A net, and what the speaker adds to its layers.
#[derive(Default)]
pub(super) struct Part {
    pub(super) net: Net,
    pub(super) speaker: Vec<OfSpeaker>,
}

/// What the speaker adds to a layer.
pub(super) struct OfSpeaker {
    layer: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
    /// How many outputs stand together, before others begin a new block.
    together: usize,
}

impl OfSpeaker {
    /// Reads all that the speaker adds to a layer.
    pub(super) fn read(layer: usize, conv: &Convolution<'_>) -> Result<OfSpeaker, Reason> {
        let (weights, bias) = values(conv, conv.sizes[0])?;
        let together = bias.len();
        Ok(OfSpeaker { layer, weights, bias, together })
    }

    /// The layer's number, and what is added to its bias for these features.
    pub(super) fn added(&self, features: &[f32]) -> (usize, Vec<Block>) {
        let parts = self.bias.len() / self.together;
        let each = blocks_of(self.together);
        let mut added = vec![Block::default(); parts * each];
        for (o, (bias, weights)) in self.bias.iter().zip(self.weights.chunks_exact(features.len())).enumerate() {
            let at = o / self.together * each * LANES + o % self.together;
            let sum: f32 = weights.iter().zip(features).map(|(w, x)| w * x).sum();
            added[at / LANES].0[at % LANES] = bias + sum;
        }
        (self.layer, added)
    }

    /// How many features it reads.
    pub(super) fn features(&self) -> usize {
        self.weights.len() / self.bias.len().max(1)
    }
}

/// How many neighbouring outputs of a decoder's layer to make at a time, where such a tile is compiled: as many as there are
/// points for.
fn tile(taps: usize, inputs: usize) -> usize {
    match taps {
        // Few taps save little; with many channels more points cost more memory than they save work.
        2 => [5, 3][usize::from(inputs > 128)],
        _ if taps % 2 == 1 => 15_usize.saturating_sub(taps).clamp(1, 8),
        _ => 15_usize.saturating_sub(taps).clamp(1, 5),
    }
}

/// Packs all layers.
pub(super) fn build(anatomy: &Anatomy<'_>) -> Result<Built, Reason> {
    let decoder = &anatomy.decoder;
    let channels = decoder.first.sizes[1];
    if channels % 2 == 1 {
        return Err("the flow's channels have no halves");
    }
    let half = |net: &mut Net| net.tensor(blocks_of(channels / 2), 1);
    let mut net = Net::default();
    let halves = [half(&mut net), half(&mut net)];
    let inputs: Vec<(Tensor, usize)> = (0..channels).map(|c| (halves[c * 2 / channels], c % (channels / 2))).collect();
    let mut build = Build { net, speaker: Vec::new(), order: inputs.clone() };
    build.net.stage(FLOW_FRAMES);
    for step in &anatomy.flow {
        match step {
            Flow::Flip => build.order.reverse(),
            Flow::Coupling(coupling) => build.coupling(coupling)?,
        }
    }
    let mut latents: Vec<Tensor> = build.order.iter().map(|(tensor, _)| *tensor).collect();
    latents.dedup();
    let flow = build.take();
    let entries: Vec<Tensor> = latents.iter().map(|_| half(&mut build.net)).collect();
    for (tensor, _) in &mut build.order {
        let number = latents.iter().position(|latent| latent == tensor);
        *tensor = entries[number.ok_or("the flow's channels are lost")?];
    }
    let (last, dot, hop) = build.decoder(decoder, &entries)?;
    Ok(Built { flow, inputs, latents, decoder: build.take(), entries, last, dot, hop })
}

struct Build {
    net: Net,
    speaker: Vec<OfSpeaker>,
    /// Where each channel of the flow is by now.
    order: Vec<(Tensor, usize)>,
}

impl Build {
    /// What was built so far; another net begins.
    fn take(&mut self) -> Part {
        Part { net: std::mem::take(&mut self.net), speaker: std::mem::take(&mut self.speaker) }
    }

    /// The one tensor that half of the channels are in, and their places in it.
    fn half(&self, first: bool) -> Result<(Tensor, Vec<usize>), Reason> {
        let (one, other) = self.order.split_at(self.order.len() / 2);
        let half = if first { one } else { other };
        let same = half.iter().all(|(tensor, _)| *tensor == half[0].0);
        same.then(|| (half[0].0, half.iter().map(|(_, channel)| *channel).collect()))
            .ok_or("the halves of the flow's channels are mixed")
    }

    fn coupling(&mut self, coupling: &Coupling<'_>) -> Result<(), Reason> {
        let (read, places) = self.half(true)?;
        let (changed, targets) = self.half(false)?;
        let [width, half, _] = coupling.before.sizes;
        if half != places.len() {
            return Err("a coupling does not read half of the channels");
        }
        let hidden = |net: &mut Net| net.tensor(blocks_of(width), 1);
        let mut input = hidden(&mut self.net);
        // From channels to their places, for the weights are asked for by place.
        let mut channel_at = vec![0; half];
        places.iter().enumerate().for_each(|(channel, place)| channel_at[*place] = channel);
        let (weights, bias) = values(&coupling.before, width)?;
        let shape = Shape::same(half, width, 1, 1);
        let conv = Conv::new(shape, 1, &bias, |o, i, _| weights[o * half + channel_at[i]]);
        self.net.layer(conv, read, input, Then::PLAIN);
        let (after, bias) = values(&coupling.after, half)?;
        let mut target_at = vec![0; half];
        targets.iter().enumerate().for_each(|(channel, place)| target_at[*place] = channel);
        let made = self.net.tensor(blocks_of(half), 1);
        for (number, layer) in coupling.layers.iter().enumerate() {
            let gated = hidden(&mut self.net);
            self.gate(&layer.gate, layer.speaker, width, (input, gated))?;
            let (weights, given) = values(&layer.onward, layer.onward.sizes[0])?;
            let is_last = number + 1 == coupling.layers.len();
            if !is_last {
                let conv =
                    Conv::new(Shape::same(width, width, 1, 1), 1, &given[..width], |o, i, _| weights[o * width + i]);
                let next = hidden(&mut self.net);
                let then = Then::Store { residual: Some((input, 1.0)), scale: 1.0, slope: 1.0 };
                self.net.layer(conv, gated, next, then);
                input = next;
            }
            // What the layers skip is summed, and the sum multiplied; here it is multiplied, into fewer channels, and summed.
            let from = if is_last { 0 } else { width };
            let skip = product(&after, &weights[from * width..][..width * width], width);
            let skip_bias = product(&after, &given[from..][..width], width);
            let first = |channel: usize| if number == 0 { bias[channel] } else { 0.0 };
            let sums: Vec<f32> = target_at.iter().map(|channel| -first(*channel) - skip_bias[*channel]).collect();
            let weight = |o: usize, i: usize, _| -skip[target_at[o] * width + i];
            let conv = Conv::new(Shape::same(width, half, 1, 1), 1, &sums, weight);
            let residual = (number == 0).then_some((changed, 1.0));
            self.net.layer(conv, gated, made, Then::Store { residual, scale: 1.0, slope: 1.0 });
        }
        let from = self.order.len() / 2;
        self.order[from..].iter_mut().for_each(|(tensor, _)| *tensor = made);
        Ok(())
    }

    /// A gate: both halves of its outputs begin with a block of their own.
    fn gate(
        &mut self,
        gate: &Convolution<'_>,
        speaker: Option<(Convolution<'_>, usize)>,
        width: usize,
        (from, to): (Tensor, Tensor),
    ) -> Result<(), Reason> {
        let taps = gate.sizes[2];
        let (weights, given) = values(gate, 2 * width)?;
        let padded = blocks_of(width) * LANES;
        let shape = Shape { dilation: gate.dilation, ..Shape::same(width, 2 * padded, taps, gate.dilation) };
        let place = |o: usize| (o % padded < width).then_some(o / padded * width + o % padded);
        let bias: Vec<f32> = (0..2 * padded).map(|o| place(o).map_or(0.0, |o| given[o])).collect();
        let weight = |o: usize, i: usize, tap: usize| place(o).map_or(0.0, |o| weights[(o * width + i) * taps + tap]);
        self.net.layer(Conv::new(shape, FLOW_TILE, &bias, weight), from, to, Then::Gate);
        if let Some((conv, at)) = speaker {
            let features = conv.sizes[1];
            let (weights, bias) = values(&conv, conv.sizes[0])?;
            self.speaker.push(OfSpeaker {
                layer: self.net.layers().len() - 1,
                weights: weights[at * features..(at + 2 * width) * features].to_vec(),
                bias: bias[at..at + 2 * width].to_vec(),
                together: width,
            });
        }
        Ok(())
    }

    /// The decoder: what its last layer reads, that layer, and samples for each frame.
    fn decoder(&mut self, decoder: &Decoder<'_>, tensors: &[Tensor]) -> Result<(Tensor, Dot, usize), Reason> {
        let [outputs, inputs, taps] = decoder.first.sizes;
        let (weights, bias) = values(&decoder.first, outputs)?;
        let mut value = self.net.tensor(blocks_of(outputs), 1);
        let slope = decoder.stages.first().map_or(1.0, |stage| stage.slope);
        self.net.stage(FLOW_FRAMES);
        // The channels are in two tensors, so the layer is two, of which the second adds to the first.
        for (number, tensor) in tensors.iter().enumerate() {
            let mut channel_at = vec![None; inputs];
            let mine = self.order.iter().enumerate().filter(|(_, (of, _))| of == tensor);
            mine.for_each(|(channel, (_, place))| channel_at[*place] = Some(channel));
            let shape = Shape::same(inputs / tensors.len(), outputs, taps, decoder.first.dilation);
            let weight = |o: usize, i: usize, tap: usize| {
                channel_at[i].map_or(0.0, |channel: usize| weights[(o * inputs + channel) * taps + tap])
            };
            let is_last = number + 1 == tensors.len();
            let conv = Conv::new(shape, tile(taps, inputs), if number == 0 { &bias } else { &[] }, weight);
            self.net.layer(conv, *tensor, value, Then::leaky(if is_last { slope } else { 1.0 }));
        }
        if let Some(conv) = &decoder.speaker {
            self.speaker.push(OfSpeaker::read(self.net.layers().len() - 1, conv)?);
        }
        let mut stride = 1;
        for (number, stage) in decoder.stages.iter().enumerate() {
            if number > 0 {
                self.net.stage(UP_ROWS);
            }
            let next = decoder.stages.get(number + 1).map_or(decoder.slope, |next| next.slope);
            stride *= stage.up.stride;
            value = self.stage(stage, value, stride, next)?;
        }
        let last = &decoder.last;
        let taps = last.sizes[2];
        let (weights, bias) = values(last, 1)?;
        let dot = Dot::new((last.sizes[1], taps), bias[0], |i, tap| weights[i * taps + tap]);
        if last.dilation != 1 {
            return Err("the last layer is dilated");
        }
        Ok((value, dot, stride))
    }

    /// A stage of the decoder; gives what it makes. Tensors hold what is left after those below zero are made smaller,
    /// which can be undone.
    fn stage(&mut self, stage: &Stage<'_>, input: Tensor, stride: usize, slope: f32) -> Result<Tensor, Reason> {
        let [inputs, outputs, width] = stage.up.sizes;
        let by = stage.up.stride;
        let taps = width.div_ceil(by);
        let (weights, bias) = values(&stage.up, outputs)?;
        let shape = Shape { inputs, outputs, taps, dilation: 1, before: taps - 1, stride: by, shift: stage.up.pads[0] };
        let weight = |o: usize, i: usize, tap: usize| {
            let at = o / outputs + (taps - 1 - tap) * by;
            if at < width { weights[(i * outputs + o % outputs) * width + at] } else { 0.0 }
        };
        let raised = self.net.tensor(blocks_of(outputs), stride);
        // All blocks of a stage begin alike, with the same slope; checked below.
        let first = stage.blocks.iter().flatten().next().map_or(1.0, |residual| residual.slope);
        if stage.blocks.iter().flatten().any(|residual| residual.slope != first) {
            return Err("blocks of one stage do not treat numbers below zero alike");
        }
        self.net.layer(Conv::new(shape, tile(taps, inputs), &bias, weight), input, raised, Then::leaky(first));
        let made = self.net.tensor(blocks_of(outputs), stride);
        self.net.stage(BLOCK_ROWS / blocks_of(outputs));
        // Those that reach least far come first: each adds to what the ones before it have made.
        let reach = |block: &&Vec<Residual<'_>>| -> usize {
            block.iter().flat_map(|r| &r.layers).map(|conv| (conv.sizes[2] - 1) * conv.dilation).sum()
        };
        let mut blocks: Vec<&Vec<Residual<'_>>> = stage.blocks.iter().collect();
        blocks.sort_by_key(reach);
        for (number, block) in blocks.iter().enumerate() {
            let is_last = number + 1 == blocks.len();
            let finish = if is_last { (1.0 / blocks.len() as f32, slope) } else { (1.0, 1.0) };
            self.block(block, (raised, made), (outputs, stride), finish)?;
        }
        Ok(made)
    }

    fn block(
        &mut self,
        block: &[Residual<'_>],
        (from, to): (Tensor, Tensor),
        (channels, stride): (usize, usize),
        (scale, slope): (f32, f32),
    ) -> Result<(), Reason> {
        let mut value = from;
        for (number, residual) in block.iter().enumerate() {
            let mut input = value;
            for (layer, given) in residual.layers.iter().enumerate() {
                let (weights, bias) = values(given, channels)?;
                let taps = given.sizes[2];
                let shape = Shape::same(channels, channels, taps, given.dilation);
                let weight = |o: usize, i: usize, tap: usize| weights[(o * channels + i) * taps + tap];
                let conv = Conv::new(shape, tile(taps, channels), &bias, weight);
                let added = Some((value, 1.0 / residual.slope));
                let ends_step = layer + 1 == residual.layers.len();
                let ends_block = ends_step && number + 1 == block.len();
                let target = if ends_block { to } else { self.net.tensor(blocks_of(channels), stride) };
                let then = match (ends_step, ends_block) {
                    (false, _) => Then::leaky(residual.slope),
                    (true, false) => Then::Store { residual: added, scale: 1.0, slope: residual.slope },
                    (true, true) => Then::Store { residual: added, scale, slope },
                };
                self.net.layer(conv, input, target, then);
                input = target;
            }
            value = input;
        }
        Ok(())
    }
}

/// The product of two matrices, row by row; `width` is how many columns the first and rows the second has.
fn product(a: &[f32], b: &[f32], width: usize) -> Vec<f32> {
    let columns = b.len() / width;
    let mut out = vec![0.0; a.len() / width * columns];
    for (out, a) in out.chunks_exact_mut(columns).zip(a.chunks_exact(width)) {
        for (a, b) in a.iter().zip(b.chunks_exact(columns)) {
            out.iter_mut().zip(b).for_each(|(out, b)| *out += a * b);
        }
    }
    out
}
