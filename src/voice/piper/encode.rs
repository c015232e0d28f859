//! In: phonemes and a Piper voice's map of ids. Out: its input, as `phonemes_to_ids` of piper-tts 1.8 makes it:
//! beginning, pad, then each phoneme followed by a pad, end.

use crate::phonemes::Phoneme;
use crate::phonemes::inventory::{Class, class};
use crate::voice::encode::{Builder, Encoded, Token};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// What stands in for a symbol that a voice's map lacks: the same letter by another code point, or the nearest sounds
/// of the IPA chart that older or smaller maps do have.
const STAND_INS: [(char, &str); 12] = [
    ('ɡ', "g"),
    ('g', "ɡ"),
    ('ɚ', "əɹ"),
    ('ɝ', "ɜɹ"),
    ('ᵻ', "ɪ"),
    ('ɐ', "ə"),
    ('ɾ', "t"),
    ('ʔ', "t"),
    ('ɹ', "r"),
    ('ɬ', "l"),
    ('ɫ', "l"),
    ('ˑ', "ː"),
];

/// Encodes for a Piper voice with this `phoneme_id_map`. A pad has the word and class of the phoneme before it.
///
/// A symbol that is missing from the map is written as one composed code point (NFC) with the mark after it, or with
/// the stand-in for it, where the map has those; else it is left out and listed in [`Encoded::unknown`].
pub(in crate::voice) fn encode(phonemes: &[Phoneme], map: &BTreeMap<String, Vec<i32>>) -> Encoded {
    let mut out = Builder::default();
    let edge = |symbol| Token { symbol, word: None, class: Class::Pause };
    let pad = map.get("_").map_or(&[][..], Vec::as_slice);
    out.push(map.get("^").map_or(&[], Vec::as_slice), edge('^'));
    out.push(pad, edge('_'));
    let mut rest = phonemes;
    while let Some((&first, after)) = rest.split_first() {
        let (found, used) = find(first.symbol, after.first().map(|next| next.symbol), map);
        rest = &rest[used..];
        if found.is_empty() {
            out.miss(first.symbol);
        }
        for (symbol, ids) in found {
            let token = Token { symbol, word: first.word, class: class(symbol) };
            out.push(ids, token);
            out.push(pad, Token { symbol: '_', ..token });
        }
    }
    out.push(map.get("$").map_or(&[], Vec::as_slice), edge('$'));
    out.finish()
}

/// What to write for `symbol`, and how many phonemes that uses up: 2 where it takes the mark `next` along.
fn find(symbol: char, next: Option<char>, map: &BTreeMap<String, Vec<i32>>) -> (Vec<(char, &[i32])>, usize) {
    let get = |symbol: char| Some((symbol, map.get(symbol.encode_utf8(&mut [0; 4]) as &str)?.as_slice()));
    if let Some(mark) = next.filter(|&mark| class(mark) == Class::Mark && get(mark).is_none()) {
        let mut composed = [symbol, mark].into_iter().nfc();
        if let (Some(one), None) = (composed.next(), composed.next())
            && let Some(found) = get(one)
        {
            return (vec![found], 2);
        }
    }
    if let Some(found) = get(symbol) {
        return (vec![found], 1);
    }
    let stand_in = STAND_INS.iter().find(|(missing, _)| *missing == symbol).map_or("", |(_, instead)| instead);
    (stand_in.chars().map(get).collect::<Option<Vec<_>>>().unwrap_or_default(), 1)
}
