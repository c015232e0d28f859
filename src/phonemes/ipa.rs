//! In: a pronunciation in IPA as people and dictionaries write it, and the espeak voice it is for. Out: the same symbols
//! as that voice has them: decomposed, the stress before its vowel instead of its syllable, no ties and no dots. Knows
//! habits of writing, and no voice model.

use super::Phoneme;
use super::inventory::{Class, class};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// What stands for another symbol in plain or older writing.
const SAME: [(char, char); 8] =
    [('\'', 'ˈ'), ('’', 'ˈ'), (':', 'ː'), ('g', 'ɡ'), ('ε', 'ɛ'), ('∫', 'ʃ'), ('ǝ', 'ə'), ('ı', 'ɪ')];

/// What says nothing to a voice: ties, borders of syllables, brackets of what may be left out.
const LEFT_OUT: [char; 9] = ['.', '\u{361}', '\u{35c}', '(', ')', '|', '‿', '-', '/'];

/// The parts of words that French leaves the vowel of before another, and their sound.
const ELIDED: [(&str, &str); 9] = [
    ("l'", "l"),
    ("d'", "d"),
    ("j'", "ʒ"),
    ("m'", "m"),
    ("n'", "n"),
    ("s'", "s"),
    ("t'", "t"),
    ("c'", "s"),
    ("qu'", "k"),
];

/// The symbols of `ipa` for this espeak voice.
pub fn symbols(ipa: &str, espeak_voice: &str) -> Vec<char> {
    let r = match espeak_voice.get(..2) {
        Some("fr") => 'ʁ',
        _ => 'ɹ',
    };
    let ipa: Vec<&str> = ipa.split_whitespace().collect();
    let ipa = ipa.join(" ");
    let plain = ipa.nfd().filter(|c| !LEFT_OUT.contains(c)).map(|c| match c {
        'r' => r,
        _ => SAME.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to),
    });
    before_vowels(&plain.collect::<Vec<_>>())
}

/// The same with each mark of stress right before the vowel, or syllabic consonant, that it is for.
fn before_vowels(symbols: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(symbols.len());
    let mut waiting: Option<(usize, char)> = None;
    for (at, &c) in symbols.iter().enumerate() {
        if matches!(c, 'ˈ' | 'ˌ') {
            waiting = Some((out.len(), c));
            continue;
        }
        let nucleus = class(c) == Class::Vowel || symbols.get(at + 1) == Some(&'\u{329}');
        if nucleus && let Some((_, stress)) = waiting.take() {
            out.push(stress);
        } else if c == ' '
            && let Some((from, stress)) = waiting.take()
        {
            out.insert(from, stress);
        }
        out.push(c);
    }
    if let Some((from, stress)) = waiting {
        out.insert(from, stress);
    }
    out
}

/// The sound of a part of a word that the language's spelling rules would spell out.
pub(super) fn elided(part: &str) -> Option<&'static str> {
    let small = part.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    ELIDED.iter().find(|(text, _)| *text == small).map(|(_, sound)| *sound)
}

/// Whether this is the `'s` of an English possessive, with marks after it perhaps.
pub(super) fn is_possessive(part: &str) -> bool {
    let bare = part.trim_end_matches(|c: char| !c.is_alphanumeric());
    matches!(bare, "'s" | "’s" | "'S")
}

/// How that sounds after `symbols`.
pub(super) fn possessive(symbols: &[char]) -> Vec<char> {
    let sound = symbols.iter().rev().find(|c| matches!(class(**c), Class::Vowel | Class::Consonant));
    match sound {
        Some('s' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ') => vec!['ᵻ', 'z'],
        Some('p' | 't' | 'k' | 'f' | 'θ' | 'x') => vec!['s'],
        _ => vec!['z'],
    }
}

/// Puts `spoken` in the place of what `out` has for `words`, or, if it has nothing, after the words before them.
pub(super) fn replace(out: &mut Vec<Phoneme>, words: Range<usize>, spoken: Vec<Phoneme>) {
    let own = |p: &Phoneme| p.word.is_some_and(|word| words.contains(&word));
    let spoken = spoken.into_iter();
    if let (Some(from), Some(last)) = (out.iter().position(own), out.iter().rposition(own)) {
        out.splice(from..=last, spoken);
        return;
    }
    let space = Phoneme { symbol: ' ', word: None };
    match out.iter().rposition(|p| p.word.is_some_and(|other| other < words.start)) {
        Some(before) => out.splice(before + 1..before + 1, std::iter::once(space).chain(spoken)).for_each(drop),
        None if out.is_empty() => out.extend(spoken),
        None => out.splice(0..0, spoken.chain([space])).for_each(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipa_as_people_write_it() {
        let rows = [
            ("en-us", "ˈnjuːtən", "njˈuːtən"),
            ("en-us", "həˈloʊ", "həlˈoʊ"),
            ("en-us", "'bɒtl̩", "bˈɒtl̩"),
            ("en-us", "ˈt͡ʃa.ɪ.nə", "tʃˈaɪnə"),
            ("en-us", "rɪˈgret", "ɹɪɡɹˈet"),
            ("fr", "paˈri", "paʁˈi"),
            ("fr", "bɔ̃ːʒuʁ", "bɔ̃ːʒuʁ"),
            ("fr", "fʁɑ\u{303}s", "fʁɑ\u{303}s"),
            ("en-us", "ˈps ˌst", "ˈps ˌst"),
            ("en-us", " a  b ", "a b"),
        ];
        for (voice, ipa, expected) in rows {
            let expected: String = expected.nfd().collect();
            assert_eq!(symbols(ipa, voice).into_iter().collect::<String>(), expected, "{ipa}");
        }
    }

    #[test]
    fn a_word_without_a_sound_gets_its_place() {
        let phonemes = |list: &[(char, Option<usize>)]| {
            list.iter().map(|&(symbol, word)| Phoneme { symbol, word }).collect::<Vec<_>>()
        };
        let rows = [
            (vec![('a', Some(0)), (' ', None), ('b', Some(1))], 1, "a xy"),
            (vec![('a', Some(0)), (' ', None), ('b', Some(2))], 1, "a xy b"),
            (vec![('b', Some(2))], 1, "xy b"),
            (vec![], 0, "xy"),
            (vec![('a', Some(0)), (' ', Some(0)), ('c', Some(0)), (' ', None), ('b', Some(1))], 0, "xy b"),
        ];
        for (before, word, expected) in rows {
            let mut out = phonemes(&before);
            let spoken = ['x', 'y'].map(|symbol| Phoneme { symbol, word: Some(word) }).to_vec();
            replace(&mut out, word..word + 1, spoken);
            assert_eq!(out.iter().map(|p| p.symbol).collect::<String>(), expected);
        }
    }
}
