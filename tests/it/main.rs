//! The program as a whole: the built binary and the library, with a voice that makes tones and with real voices.

mod batch;
mod check;
mod commands;
mod configuration;
mod delivery;
mod docs;
mod edges;
mod examples;
mod files;
mod formats;
mod identity;
#[cfg(unix)]
mod interrupt;
mod lexicon;
#[cfg(feature = "piper-rs")]
mod peer;
mod place;
mod policies;
mod real;
mod report;
mod schema;
mod spectrum;
mod subtitles;
mod support;
mod timing;
mod views;
