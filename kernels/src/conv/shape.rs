//! In: numbers. Out: what a convolution is like, and what becomes of its sums, as types. Computes nothing.

use crate::rows::Rows;

/// What a convolution is like, apart from its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that go out.
    pub outputs: usize,
    /// Taps: how many inputs an output is made of, for each pair of channels.
    pub taps: usize,
    /// How far apart the taps are.
    pub dilation: usize,
    /// How many moments before the output the first tap is.
    pub before: usize,
    /// Outputs for each input moment: 1, or the stride of a transposed convolution.
    pub stride: usize,
    /// How many outputs later than moment times stride the outputs of a moment begin, counted backwards.
    pub shift: usize,
}

impl Shape {
    /// A convolution that keeps the number of moments.
    pub fn same(inputs: usize, outputs: usize, taps: usize, dilation: usize) -> Shape {
        Shape { inputs, outputs, taps, dilation, before: (taps - 1) * dilation / 2, stride: 1, shift: 0 }
    }
}

/// What becomes of the sums.
#[derive(Clone, Copy)]
pub enum Finish<'a> {
    /// They are scaled and those below zero multiplied by `slope`, after all that is to be added is added.
    Store {
        /// Rows that are added: what is there where it is above zero, and below zero this many times that.
        residual: Option<(&'a Rows, f32)>,
        /// Whether what is there already is added.
        accumulate: bool,
        /// What the sum is multiplied by.
        scale: f32,
        /// What sums below zero are multiplied by; 1 for none, and not above 1.
        slope: f32,
    },
    /// The hyperbolic tangent of the first half of the channels times the logistic function of the second.
    Gate,
}
