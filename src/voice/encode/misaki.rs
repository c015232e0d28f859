//! In: phonemes in misaki's letters. Out: the input of a Kokoro 1.0 model, or of a student of one. Knows their vocabulary
//! (`misaki.json`, from Kokoro's configuration).

use super::{Builder, Encoded, Token};
use crate::phonemes::Phoneme;
use crate::phonemes::inventory::{Class, class};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// As many ids as fit between the two at the ends; a longer utterance has to be split.
pub const MISAKI_MAX: usize = 510;

static VOCABULARY: LazyLock<BTreeMap<char, i32>> =
    LazyLock::new(|| serde_json::from_str(include_str!("misaki.json")).unwrap_or_default());

/// Encodes for a Kokoro model: id 0 at both ends, spaces at the edges left out. What the vocabulary lacks is left out
/// and listed in [`Encoded::unknown`]. The result may be longer than the model takes, see [`MISAKI_MAX`].
pub fn misaki(phonemes: &[Phoneme]) -> Encoded {
    let edge = |symbol| Token { symbol, word: None, class: Class::Pause };
    let mut out = Builder::default();
    out.push(&[0], edge('^'));
    for &Phoneme { symbol, word } in trimmed(phonemes) {
        match VOCABULARY.get(&symbol) {
            Some(&id) => out.push(&[id], Token { symbol, word, class: class(symbol) }),
            None => out.miss(symbol),
        }
    }
    out.push(&[0], edge('$'));
    out.finish()
}

fn trimmed(mut phonemes: &[Phoneme]) -> &[Phoneme] {
    while let [Phoneme { symbol: ' ', .. }, rest @ ..] | [rest @ .., Phoneme { symbol: ' ', .. }] = phonemes {
        phonemes = rest;
    }
    phonemes
}
