//! cuevox.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
pub mod audio;
pub mod draft;
pub mod error;
pub mod lang;
pub mod notes;
pub mod phonemes;
pub mod progress;
pub mod render;
pub mod report;
pub mod speech;
pub mod text;
pub mod time;
pub mod timing;
pub mod track;
pub mod transcript;
pub mod voice;
pub mod wav;
pub mod words;
