//! In: phonemes. Out: the ids a voice takes. Knows no text.
pub mod encode;
