//! In: samples. Out: samples, or what can be measured of them. Knows no voice, no plan and no file.

pub mod dither;
pub mod fade;
pub mod meter;
pub mod resample;
