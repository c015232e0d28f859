//! In: a graph and values of it. Out: the small patterns that a hibari voice is made of, with their numbers: products,
//! normalisations, bends, blocks. Knows no voice as a whole.

pub(super) use crate::voice::graph::TURNED;
use crate::voice::graph::{Bytes, Normal, Walk};

/// The weights of a product, and what is added to it.
#[derive(PartialEq)]
pub(super) struct Linear {
    /// Inputs and outputs.
    pub(super) sizes: [usize; 2],
    pub(super) weights: Weights,
    pub(super) bias: Vec<f32>,
}

/// Weights of a product: for each input, one for each output.
#[derive(PartialEq)]
pub(super) enum Weights {
    Floats(Vec<f32>),
    /// Whole numbers, as bytes; which of them stands for 0, and what 1 stands for, for all outputs or for each.
    Whole {
        bytes: Vec<u8>,
        zeros: Vec<u8>,
        scales: Vec<f32>,
    },
}

/// A block as in "A ConvNet for the 2020s" (Liu et al. 2022): a convolution of each channel by itself, a normalisation, two
/// products with a bend between them, a factor for each channel; and what came in is added.
pub(super) struct Block {
    pub(super) taps: usize,
    pub(super) dilation: usize,
    /// Taps for each channel.
    pub(super) apart: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) norm: Normal,
    pub(super) wide: Linear,
    pub(super) narrow: Linear,
    pub(super) factors: Vec<f32>,
}

impl Block {
    /// Whether it is one of so many channels.
    pub(super) fn fits(&self, width: usize) -> bool {
        [&self.bias, &self.norm.gain, &self.factors].iter().all(|each| each.len() == width)
            && self.wide.sizes[0] == width
            && self.narrow.sizes == [self.wide.sizes[1], width]
    }
}

/// Reads patterns.
pub(super) struct Reader<'w, 'a> {
    pub(super) walk: &'w Walk<'a>,
}

impl<'a> Reader<'_, 'a> {
    /// The product, with its bias, that makes a value, and what it reads.
    pub(super) fn linear(&self, value: &str) -> Option<(Linear, &'a str)> {
        let walk = self.walk;
        let (bias, product) = walk.parted(value, "Add", |name| walk.is_constant(name))?;
        let bias = walk.floats(bias)?;
        let (weights, sizes, input) = match walk.quantised(product, "MatMulInteger") {
            Some((weights, input)) => {
                let Bytes { bytes, zeros, scales } = weights.bytes(bias.len())?;
                (Weights::Whole { bytes, zeros, scales }, weights.sizes()?, input)
            }
            None => {
                let [input, weights] = walk.made_by(product, "MatMul")? else { return None };
                (Weights::Floats(walk.floats(weights)?), walk.sizes(weights)?, input.as_str())
            }
        };
        let sizes: [usize; 2] = sizes.try_into().ok()?;
        (sizes[1] == bias.len()).then_some((Linear { sizes, weights, bias }, input))
    }

    /// Whether a value is a product with its bias.
    pub(super) fn is_linear(&self, value: &str) -> bool {
        let made = |product: &str| ["Mul", "MatMul"].iter().any(|op| self.walk.made_by(product, op).is_some());
        let parted = self.walk.parted(value, "Add", |name| self.walk.is_constant(name));
        parted.is_some_and(|(_, product)| made(product))
    }

    /// What a value is the Gaussian error linear unit of: x (1 + erf(x / √2)) / 2.
    pub(super) fn gelu(&self, value: &str) -> Option<&'a str> {
        let walk = self.walk;
        let constant = |name: &str| walk.is_constant(name);
        let inner = |sum: &str| {
            let (one, error) = walk.parted(sum, "Add", constant)?;
            let (root, x) = self.scaled(walk.before(error, "Erf")?, "Div")?;
            (walk.number(one) == Some(1.0) && (root - std::f32::consts::SQRT_2).abs() < 1e-5).then_some(x)
        };
        let (half, product) = walk.parted(value, "Mul", constant)?;
        let (sum, x) = walk.parted(product, "Mul", |side| inner(side).is_some())?;
        (walk.number(half) == Some(0.5) && inner(sum) == Some(x)).then_some(x)
    }

    /// What a value is made of by a node of kind `op` with one number, and that number.
    pub(super) fn scaled(&self, value: &str, op: &str) -> Option<(f32, &'a str)> {
        let [input, by] = self.walk.made_by(value, op)? else { return None };
        Some((self.walk.number(by)?, input))
    }

    /// The blocks that a value has gone through, the first one first, and what went in.
    pub(super) fn blocks(&self, mut value: &'a str) -> (Vec<Block>, &'a str) {
        let mut blocks = Vec::new();
        while let Some((block, before)) = self.block(value) {
            blocks.push(block);
            value = before;
        }
        blocks.reverse();
        (blocks, value)
    }

    /// The block that makes a value, `[1, channels, moments]`, and what it reads.
    fn block(&self, value: &str) -> Option<(Block, &'a str)> {
        let walk = self.walk;
        let turned = |value: &str| walk.before(value, "Transpose").filter(|_| walk.list(value, "perm") == Some(TURNED));
        let factored = |side: &str| walk.parted(turned(side)?, "Mul", |name| walk.is_constant(name));
        let (branch, input) = walk.parted(value, "Add", |side| factored(side).is_some())?;
        let (factors, made) = factored(branch)?;
        let (narrow, bent) = self.linear(made)?;
        let (wide, normal) = self.linear(self.gelu(bent)?)?;
        let (norm, moments) = walk.normal(normal)?;
        let (conv, same) = walk.depthwise(turned(moments)?)?;
        let (apart, bias) = (conv.weights()?, conv.bias(conv.sizes[0])?);
        let (taps, dilation) = (conv.sizes[2], conv.dilation);
        let block = Block { taps, dilation, apart, bias, norm, wide, narrow, factors: walk.floats(factors)? };
        (same == input && conv.keeps_length()).then_some((block, input))
    }
}
