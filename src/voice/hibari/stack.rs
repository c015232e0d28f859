//! In: rows of channels, some at a time. Out: what a stack of blocks makes of them, as soon as it can be made. Knows neither
//! text nor sound.
//!
//! Every row is made of the same rows by the same sums wherever a window ends, so windows change no number, and what is
//! needed no more is dropped, so memory does not grow with the number of rows.

use super::reader::{Block, Linear, Normal, Weights};
use crate::kernels::bend::gelus;
use crate::kernels::bytes::{Coded, Product, Sums};
use crate::kernels::conv::{Conv, Finish, Scratch, Shape};
use crate::kernels::depthwise::Depthwise;
use crate::kernels::lanes::{LANES, Machine};
use crate::kernels::norm::{Bend, Norm};
use crate::kernels::rows::{Rows, blocks_of};

/// Blocks, packed.
pub(super) struct Stack {
    width: usize,
    blocks: Vec<Packed>,
}

struct Packed {
    apart: Depthwise,
    norm: Norm,
    products: Products,
}

/// Both products of a block; the factors of its channels are in the second.
enum Products {
    Floats { wide: Box<Conv>, narrow: Box<Conv> },
    Bytes { wide: Box<Product>, narrow: Box<Product> },
}

/// What products are computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Floats, everywhere.
    Floats,
    /// Whole numbers of 8 bits, where the weights are such.
    Bytes,
}

/// One passage through a stack, and its memory.
#[derive(Default)]
pub(super) struct Passage {
    /// What goes into each block, and what comes out of the last.
    rows: Vec<Rows>,
    between: Rows,
    hidden: Rows,
}

/// Memory for products.
#[derive(Default)]
pub(super) struct Work {
    pub(super) scratch: Scratch,
    coded: Coded,
    bent: Coded,
    sums: Sums,
}

impl Numbers {
    /// What is fastest with these instructions.
    pub(super) fn best(machine: Machine) -> Numbers {
        if Product::pays(machine) { Numbers::Bytes } else { Numbers::Floats }
    }
}

/// A product, packed as a convolution of one tap.
pub(super) fn product(linear: &Linear) -> Conv {
    let ([inputs, outputs], weights) = (linear.sizes, linear.floats());
    Conv::new(Shape::same(inputs, outputs, 1, 1), 1, &linear.bias, |o, i, _| weights[i * outputs + o])
}

/// A normalisation, packed.
pub(super) fn normal(given: &Normal) -> Norm {
    Norm::new(&given.gain, &given.shift, given.epsilon)
}

/// A product of whole numbers, of whose outputs each has a factor; none where the weights are floats.
pub(super) fn whole(
    linear: &Linear,
    factor: impl Fn(usize) -> f32,
    place: impl Fn(usize) -> Option<usize>,
    outputs: usize,
) -> Option<Product> {
    let Weights::Whole(weights) = &linear.weights else { return None };
    let [inputs, columns] = linear.sizes;
    let scale = |o: usize| weights.scales[o % weights.scales.len()];
    let value = |o: usize, of: &dyn Fn(usize) -> f32| place(o).map_or(0.0, of);
    let bias: Vec<f32> = (0..outputs).map(|o| value(o, &|o| linear.bias[o] * factor(o))).collect();
    let weight = |i: usize, o: usize| place(o).map_or(0, |o| weights.numbers[i * columns + o]);
    let product = || Product::new(inputs, &bias, |o| value(o, &|o| scale(o) * factor(o)), weight);
    inputs.is_multiple_of(LANES).then(product)?
}

impl Products {
    fn new(block: &Block, numbers: Numbers) -> Products {
        let [inputs, outputs] = block.narrow.sizes;
        let hidden = blocks_of(inputs) * LANES;
        if numbers == Numbers::Bytes && hidden == inputs {
            let wide = whole(&block.wide, |_| 1.0, Some, inputs);
            let narrow = whole(&block.narrow, |o| block.factors[o], Some, outputs);
            if let Some((wide, narrow)) = wide.zip(narrow) {
                return Products::Bytes { wide: Box::new(wide), narrow: Box::new(narrow) };
            }
        }
        let weights = block.narrow.floats();
        let bias: Vec<f32> = block.narrow.bias.iter().zip(&block.factors).map(|(b, factor)| b * factor).collect();
        let weight = |o: usize, i: usize, _| weights[i * outputs + o] * block.factors[o];
        let narrow = Conv::new(Shape::same(inputs, outputs, 1, 1), 1, &bias, weight);
        Products::Floats { wide: Box::new(product(&block.wide)), narrow: Box::new(narrow) }
    }
}

impl Stack {
    /// Packs blocks of `width` channels.
    pub(super) fn new(blocks: &[Block], width: usize, numbers: Numbers) -> Stack {
        let packed = blocks.iter().map(|block| Packed {
            apart: Depthwise::new(block.taps, block.dilation, &block.apart, &block.bias),
            norm: normal(&block.norm),
            products: Products::new(block, numbers),
        });
        Stack { width, blocks: packed.collect() }
    }

    /// Readies `passage`, with no rows in it.
    pub(super) fn begin(&self, passage: &mut Passage) {
        passage.rows.resize_with(self.blocks.len() + 1, Rows::default);
        for rows in &mut passage.rows {
            rows.reshape(blocks_of(self.width), 0);
        }
    }

    /// Makes all that can be made of the rows that are there, of `total` that will be.
    pub(super) fn advance(&self, machine: Machine, passage: &mut Passage, total: isize, work: &mut Work) {
        let Passage { rows, between, hidden } = passage;
        for (number, block) in self.blocks.iter().enumerate() {
            let [source, target] = &mut rows[number..number + 2] else { return };
            let reach = block.apart.reach();
            let from = target.end();
            let to = if source.end() >= total { total } else { source.end() - reach };
            if to <= from {
                continue;
            }
            block.apart.run_part(machine, source, between, (from, to));
            block.norm.run(machine, between, Bend::None);
            target.lengthen_to(to);
            block.products.run(machine, [between, hidden], (source, target), work);
            source.drop_before(to - reach);
        }
    }
}

impl Products {
    /// Writes what comes of `between` to the same moments of `target`; what is there in `source` is added.
    fn run(
        &self,
        machine: Machine,
        [between, hidden]: [&mut Rows; 2],
        (source, target): (&Rows, &mut Rows),
        work: &mut Work,
    ) {
        let (from, to) = (between.first(), between.end());
        match self {
            Products::Floats { wide, narrow } => {
                hidden.reshape(blocks_of(wide.shape().outputs), from);
                hidden.lengthen_to(to);
                let plain = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };
                wide.run(machine, (between, hidden), (from, to), (wide.bias(), plain), &mut work.scratch);
                gelus(machine, hidden);
                let added = Finish::Store { residual: Some((source, 1.0)), accumulate: false, scale: 1.0, slope: 1.0 };
                narrow.run(machine, (hidden, target), (from, to), (narrow.bias(), added), &mut work.scratch);
            }
            Products::Bytes { wide, narrow } => {
                let Work { coded, bent, sums, .. } = work;
                coded.code(machine, between);
                wide.bend(machine, coded, sums, bent);
                narrow.store(machine, (bent, sums), (from, Some(source)), target);
            }
        }
    }
}

impl Work {
    /// Writes what a product of whole numbers makes of all rows of `source` to `target`.
    pub(super) fn store(&mut self, machine: Machine, product: &Product, source: &Rows, target: &mut Rows) {
        target.reshape(product.planes(), source.first());
        target.lengthen_to(source.end());
        self.coded.code(machine, source);
        product.store(machine, (&self.coded, &mut self.sums), (source.first(), None), target);
    }

    /// The memory it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.scratch.bytes() + self.coded.bytes() + self.bent.bytes() + self.sums.bytes()
    }
}

impl Passage {
    /// What goes in: rows are added to it.
    pub(super) fn input(&mut self) -> &mut Rows {
        &mut self.rows[0]
    }

    /// What has come out: rows that are done with are dropped from it.
    pub(super) fn output(&mut self) -> &mut Rows {
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    /// The memory it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.rows.iter().chain([&self.between, &self.hidden]).map(Rows::bytes).sum()
    }
}
