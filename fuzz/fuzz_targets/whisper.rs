//! Any bytes, read as this format whatever they look like.
#![no_main]

mod common;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| common::check(bytes, Some(cuevox::transcript::Format::WhisperJson)));
