//! In: floats. Out: convolutions of them and what else a voice's decoder is made of, with the instructions that this
//! machine has. Knows no voice and no model.
//!
//! [`lanes`] is the arithmetic of 16 floats, for each kind of processor and once without any of its particular
//! instructions; `product` multiplies matrices with it, `toom` saves products, [`conv`] is both as a layer, and
//! [`dot`] is the last layer, and [`net`]
//! runs layers window by window.

pub mod conv;
pub mod dot;
pub mod lanes;
pub mod net;
pub mod product;
pub mod rows;
mod tanh;
mod toom;
