//! The layers that neural voices are made of, on processors: rows of floats come in, rows of floats
//! go out, computed with the instructions that this machine has. Knows no voice, no model and no
//! file.
//!
//! [`rows`] are what every layer reads and writes: channels in blocks of 16, one row for each moment
//! in time. [`lanes`] is the arithmetic of such blocks, for AVX-512, AVX2 with FMA and NEON, and once
//! without any instructions in particular, which is what tests compare the others with. A layer is
//! written once, as a [`Task`](lanes::Task); which machine runs it is a value, a
//! [`Machine`](lanes::Machine).
//!
//! | layers | modules |
//! |---|---|
//! | convolutions and products of matrices | [`conv`], with fewer products by Toom and Cook's way; [`whole`], in whole numbers; [`product`], what both multiply with; [`depthwise`], each channel by itself; [`double`], two moments of each; [`dot`], a single output |
//! | layers in order, a window at a time | [`net`] |
//! | over time | [`attention`], [`lstm`] |
//! | normalisation | [`norm`], each moment over its channels; [`adain`], each channel over its moments |
//! | number by number | [`bend`] (GELU), [`spline`] (rational-quadratic), [`polar`] (magnitude and phase) |
//! | before and after a decoder | [`source`] and [`pulse`], trains of harmonics; [`spectrum`], spectra with noise |
//! | samples | [`peaks`] |
//!
//! The same input gives the same numbers on the same machine, however it is parted into windows.
//!
//! # An example
//!
//! A convolution with three taps over 40 moments of 32 channels:
//!
//! ```
//! use cuevox_kernels::conv::{Conv, Finish, Scratch, Shape};
//! use cuevox_kernels::lanes::Machine;
//! use cuevox_kernels::rows::{Rows, blocks_of};
//!
//! let shape = Shape::same(32, 32, 3, 1);
//! // The mean of a channel's neighbours in time; four moments are made at once.
//! let conv = Conv::new(shape, 4, &[], |output, input, _tap| if output == input { 1.0 / 3.0 } else { 0.0 });
//! let mut source = Rows::new(blocks_of(32), 0);
//! source.extend_to(40);
//! source.plane_mut(1)[20].0[5] = 3.0;
//! let mut target = Rows::new(blocks_of(32), 0);
//! target.extend_to(40);
//! let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };
//! let sums = (conv.bias(), finish);
//! conv.run(Machine::best(), (&source, &mut target), (0, 40), sums, &mut Scratch::default());
//! for (moment, block) in target.plane(1).iter().enumerate() {
//!     let wanted = if (19..=21).contains(&moment) { 1.0 } else { 0.0 };
//!     assert!((block.0[5] - wanted).abs() < 1e-5);
//! }
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]
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
mod pairs;
pub mod peaks;
pub mod polar;
pub mod product;
pub mod pulse;
pub mod rows;
mod sine;
pub mod source;
pub mod spectrum;
pub mod spline;
mod tanh;
mod toom;
mod turn;
pub mod whole;
