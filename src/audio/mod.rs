//! In: samples, or the media files they are in. Out: samples, or what can be measured of them. Knows no voice, no plan and
//! no track.

mod between;
pub mod curve;
pub mod dither;
pub mod duck;
pub mod fade;
pub mod limiter;
pub mod media;
pub mod meter;
pub mod peaks;
pub mod resample;
