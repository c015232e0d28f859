//! In: floats. Out: convolutions of them and what else a voice's decoder is made of, with the instructions that this
//! machine has. Knows no voice and no model.
//!
//! [`lanes`] is the arithmetic of 16 floats, for each kind of processor and once without any of its particular
//! instructions; `product` multiplies matrices with it, `toom` saves products, [`pairs`] and [`whole`] multiply whole numbers, [`conv`] is both as a layer, and
//! [`dot`] is the last layer, and [`net`] runs layers window by window; [`norm`], [`attention`],
//! [`depthwise`], [`bend`] and [`spline`] are what stands before a decoder, [`spectrum`] what stands behind one that makes
//! spectra, [`peaks`] looks between samples, and [`recursion`] filters them. [`adain`] brings whole channels to a style, [`sine`] bends them, [`polar`] makes
//! numbers of magnitudes and phases, and [`source`] is what a voice of harmonics begins with, [`pulse`] another. [`lstm`]
//! remembers, and [`double`] makes two moments of each.

// Loops over indices: iterators of arrays and closures are functions of their own, which a build with many units compiles
// without the machine's instructions.
#![allow(clippy::needless_range_loop)]

pub mod adain;
pub mod attention;
pub mod bend;
pub mod conv;
pub mod depthwise;
pub mod dot;
pub mod double;
mod exp;
mod gelu;
pub mod lanes;
pub mod lstm;
pub mod net;
pub mod norm;
pub mod pairs;
pub mod peaks;
pub mod polar;
pub mod product;
pub mod pulse;
pub mod recursion;
pub mod rows;
pub mod sine;
pub mod source;
pub mod spectrum;
pub mod spline;
mod tanh;
mod toom;
mod turn;
pub mod whole;
