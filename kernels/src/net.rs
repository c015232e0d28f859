//! In: layers and what they are made of; rows of channels, a few at a time. Out: the rows that come of them, as soon as
//! they can be. Knows no voice.
//!
//! Every layer keeps to whole multiples of its grain and makes as much as its inputs allow; what is needed no more is
//! dropped. So memory depends on the layers and not on the length of what is spoken, and how many rows come at a time
//! changes no number.

use super::conv::{Conv, Finish, Scratch};
use super::lanes::{Block, Machine};
use super::rows::Rows;

/// The number of a tensor: what a layer reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor(usize);

/// A layer: a convolution and what becomes of it.
pub struct Layer {
    /// The convolution.
    pub conv: Conv,
    /// What it reads.
    pub from: Tensor,
    /// What it writes. Of several layers that write the same, each but the first adds to it, in their order.
    pub to: Tensor,
    /// What becomes of the sums.
    pub then: Then,
}

impl Layer {
    /// What is added to its sums.
    fn added(&self) -> Option<Tensor> {
        match self.then {
            Then::Store { residual, .. } => residual.map(|(tensor, _)| tensor),
            Then::Gate => None,
        }
    }
}

/// What becomes of a layer's sums; see [`Finish`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Then {
    /// Something is added, then they are scaled, then those below zero made smaller.
    Store {
        /// What is added, and how many times as much of it where it is below zero.
        residual: Option<(Tensor, f32)>,
        /// What they are multiplied by.
        scale: f32,
        /// What those below zero are multiplied by.
        slope: f32,
    },
    /// Tangent times logistic function.
    Gate,
}

impl Then {
    /// Stored as they are.
    pub const PLAIN: Then = Then::Store { residual: None, scale: 1.0, slope: 1.0 };

    /// Those below zero are multiplied by `slope`.
    pub fn leaky(slope: f32) -> Then {
        Then::Store { residual: None, scale: 1.0, slope }
    }
}

/// Takes what was made: the rows of each tensor that is asked for, and up to which moment all of them are made for good.
/// Says up to which it needs them no longer.
pub type Take<'a> = dyn FnMut(&[&Rows], isize) -> isize + 'a;

/// Layers in order, in stages that take so many rows at a time that what lies between them stays near the processor.
#[derive(Default)]
pub struct Net {
    layers: Vec<Layer>,
    /// For each tensor: blocks of channels, rows for each row that comes in, rows of zeros before the first.
    tensors: Vec<Kind>,
    /// The first layer of each stage, and how many rows it takes at a time.
    stages: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Kind {
    planes: usize,
    stride: usize,
}

impl Net {
    /// A tensor of so many blocks of channels, with so many rows for each row of what comes in.
    pub fn tensor(&mut self, planes: usize, stride: usize) -> Tensor {
        self.tensors.push(Kind { planes, stride });
        Tensor(self.tensors.len() - 1)
    }

    /// Begins a stage, whose first layer takes so many rows at a time.
    pub fn stage(&mut self, rows: usize) {
        self.stages.push((self.layers.len(), rows));
    }

    /// Adds a layer; what it reads has to be written by then.
    pub fn layer(&mut self, conv: Conv, from: Tensor, to: Tensor, then: Then) {
        if self.stages.is_empty() {
            self.stage(usize::MAX / 8);
        }
        self.layers.push(Layer { conv, from, to, then });
    }

    /// Its layers.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Readies `run` for `total` rows of input. `added` are numbers added to the bias of some layers.
    pub fn begin(&self, run: &mut Run, total: usize, added: &[(usize, Vec<Block>)]) {
        (run.total, run.taken) = (total as isize, 0);
        run.done.clear();
        run.done.resize(self.layers.len(), 0);
        run.rows.resize_with(self.tensors.len(), Rows::default);
        for (rows, kind) in run.rows.iter_mut().zip(&self.tensors) {
            if rows.planes() != kind.planes {
                *rows = Rows::new(kind.planes, 0);
            }
            rows.clear(0);
        }
        run.bias.clear();
        run.bias.extend(self.layers.iter().map(|layer| layer.conv.bias().to_vec()));
        for (layer, more) in added {
            for (bias, more) in run.bias[*layer].iter_mut().zip(more) {
                bias.0.iter_mut().zip(more.0).for_each(|(bias, more)| *bias += more);
            }
        }
    }

    /// Makes all that can be made of the rows that are there, and lets `take` have those of the tensors `outs`, which have
    /// equally many rows for each row that comes in.
    pub fn advance(&self, machine: Machine, run: &mut Run, outs: &[Tensor], take: &mut Take<'_>) {
        self.pump(machine, run, 0, outs, take);
    }

    fn pump(&self, machine: Machine, run: &mut Run, stage: usize, outs: &[Tensor], take: &mut Take<'_>) {
        let Some((first, most)) = self.stages.get(stage) else {
            let ready = outs.iter().map(|out| self.ready(run, *out, self.layers.len())).min().unwrap_or(0);
            let rows: Vec<&Rows> = outs.iter().map(|out| &run.rows[out.0]).collect();
            run.taken = take(&rows, ready);
            return;
        };
        let end = self.stages.get(stage + 1).map_or(self.layers.len(), |(next, _)| *next);
        loop {
            let mut moved = false;
            for layer in *first..end {
                // All that read what the first reads go as far as it does.
                let limit = match layer {
                    layer if layer == *first => run.done[layer] + (*most).max(self.layers[layer].conv.grain()) as isize,
                    layer if self.layers[layer].from == self.layers[*first].from => run.done[*first],
                    _ => isize::MAX,
                };
                moved |= self.step(machine, run, layer, limit);
            }
            self.pump(machine, run, stage + 1, outs, take);
            if !moved {
                return;
            }
            self.tidy(run, (*first, end), outs);
        }
    }

    /// How many rows of a tensor there are for good before `layer` adds to it: all that the layers before have made.
    fn ready(&self, run: &Run, tensor: Tensor, layer: usize) -> isize {
        let writer = self.layers[..layer].iter().rposition(|before| before.to == tensor);
        writer.map_or(run.rows[tensor.0].end(), |writer| self.made(run, writer))
    }

    /// Up to where a layer has written.
    fn made(&self, run: &Run, layer: usize) -> isize {
        let shape = self.layers[layer].conv.shape();
        let total = run.total * self.tensors[self.layers[layer].to.0].stride as isize;
        (run.done[layer] * shape.stride as isize - shape.shift as isize).clamp(0, total)
    }

    /// Lets a layer make what it can, up to row `limit` of its input; says whether it made anything.
    fn step(&self, machine: Machine, run: &mut Run, number: usize, limit: isize) -> bool {
        let layer = &self.layers[number];
        let (conv, shape) = (&layer.conv, layer.conv.shape());
        let total = run.total * self.tensors[layer.from.0].stride as isize;
        let (grain, stride, shift) = (conv.grain() as isize, shape.stride as isize, shape.shift as isize);
        let whole = |moment: isize| moment / grain * grain;
        let end = (total * stride + shift + stride - 1) / stride;
        let there = self.ready(run, layer.from, number);
        let mut to = if there >= total { end } else { whole(there - conv.after()).max(0) };
        let first_to_write = !self.layers[..number].iter().any(|before| before.to == layer.to);
        let limits = [(!first_to_write).then_some(layer.to), layer.added()];
        for tensor in limits.into_iter().flatten() {
            let there = self.ready(run, tensor, number);
            if there < run.total * self.tensors[tensor.0].stride as isize {
                to = to.min(whole(there));
            }
        }
        let from = run.done[number];
        if limit < end {
            to = to.min(whole(limit));
        }
        if to <= from {
            return false;
        }
        run.done[number] = to;
        let made = self.made(run, number);
        let mut target = std::mem::take(&mut run.rows[layer.to.0]);
        if first_to_write {
            target.lengthen_to(made);
        }
        let finish = match layer.then {
            Then::Store { residual, scale, slope } => Finish::Store {
                residual: residual.map(|(tensor, by)| (&run.rows[tensor.0], by)),
                accumulate: !first_to_write,
                scale,
                slope,
            },
            Then::Gate => Finish::Gate,
        };
        let rows = (&run.rows[layer.from.0], &mut target);
        conv.run(machine, rows, (from, to), (&run.bias[number], finish), &mut run.scratch);
        run.rows[layer.to.0] = target;
        true
    }

    /// Drops the rows that no layer reads any more, of what the layers of a stage read.
    fn tidy(&self, run: &mut Run, (first, end): (usize, usize), outs: &[Tensor]) {
        let read = self.layers[first..end].iter().flat_map(|layer| [Some(layer.from), layer.added()]).flatten();
        for read in read.chain(outs.iter().copied()) {
            let needed = self.layers.iter().enumerate().filter_map(|(number, layer)| {
                let done = run.done[number];
                let residual = layer.added() == Some(read);
                let reads = (layer.from == read).then(|| done - layer.conv.shape().before as isize);
                let writes = (layer.to == read).then(|| self.made(run, number));
                [reads, residual.then_some(done), writes].into_iter().flatten().min()
            });
            let taken = outs.contains(&read).then_some(run.taken);
            let needed = needed.chain(taken).min().unwrap_or(isize::MAX);
            run.rows[read.0].drop_before(needed);
        }
    }
}

/// One run through a net, and its memory, to be used again for the next.
#[derive(Default)]
pub struct Run {
    rows: Vec<Rows>,
    /// For each layer, up to which row of its input it has worked.
    done: Vec<isize>,
    bias: Vec<Vec<Block>>,
    total: isize,
    taken: isize,
    scratch: Scratch,
}

impl Run {
    /// Rows of a tensor that no layer writes, to be added to.
    pub fn rows(&mut self, tensor: Tensor) -> &mut Rows {
        &mut self.rows[tensor.0]
    }

    /// The memory all rows take at present, in bytes.
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(Rows::bytes).sum::<usize>() + self.scratch.bytes()
    }
}
