//! In: phonemes. Out: what a voice model takes. Knows no text and no time.

pub mod encode;
