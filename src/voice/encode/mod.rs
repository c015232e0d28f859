//! In: phonemes of an utterance. Out: the ids of a voice's input, one token for each, with the word and the kind of
//! sound it stands for. Pure functions; they know no model and no text.

mod misaki;
#[cfg(test)]
mod tests;

pub use misaki::{MISAKI_MAX, misaki};

use crate::phonemes::inventory::Class;
use std::collections::BTreeMap;

/// An utterance as a voice takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The ids, those at both ends included.
    pub ids: Vec<i32>,
    /// What each id stands for; as many as ids.
    pub tokens: Vec<Token>,
    /// Symbols the voice has no id for and that were left out, each with how often, in the order of their code points.
    pub unknown: Vec<(char, usize)>,
}

/// What one id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The symbol in the voice's alphabet; `_` for a pad, `^` and `$` for the beginning and the end.
    pub symbol: char,
    /// The index of the word it belongs to, as with a [`Phoneme`](crate::phonemes::Phoneme).
    pub word: Option<usize>,
    /// The kind of sound; a pad has that of the symbol before it.
    pub class: Class,
}

/// Gathers ids with their tokens.
#[derive(Default)]
pub(super) struct Builder {
    ids: Vec<i32>,
    tokens: Vec<Token>,
    unknown: BTreeMap<char, usize>,
}

impl Builder {
    pub(super) fn push(&mut self, ids: &[i32], token: Token) {
        self.ids.extend_from_slice(ids);
        self.tokens.extend(ids.iter().map(|_| token));
    }

    pub(super) fn miss(&mut self, symbol: char) {
        *self.unknown.entry(symbol).or_default() += 1;
    }

    pub(super) fn finish(self) -> Encoded {
        Encoded { ids: self.ids, tokens: self.tokens, unknown: self.unknown.into_iter().collect() }
    }
}
