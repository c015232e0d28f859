//! cuevox.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
pub mod audio;
pub mod error;
pub mod lang;
pub mod notes;
pub mod phonemes;
pub mod progress;
pub mod text;
pub mod time;
pub mod voice;
