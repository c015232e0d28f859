//! The kernels of the program by themselves, with their tests: they need nothing of the rest of it.

#![forbid(unsafe_code)]

#[path = "../../src/kernels/mod.rs"]
pub mod kernels;
