//! In: espeak's phonemes. Out: the phonemes that misaki would write for them. Knows misaki's letters (its `espeak.py` and
//! `en.py`, version 0.9): one for each diphthong and affricate, a small schwa before syllabic consonants, an American
//! flap as `T`, no length in American English, no palatal glide in English; in French espeak's own symbols without its
//! hyphens. The tables here state those facts.

use crate::phonemes::Phoneme;
use crate::phonemes::inventory::{Class, class};

/// Where a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accent {
    /// English of America.
    American,
    /// English of Britain, and any other.
    British,
    /// French.
    French,
}

/// One rule: symbols of one word, and what is written for them. The first that fits wins.
type Rule = (&'static str, &'static str);

const ENGLISH: [Rule; 26] = [
    ("ʔˌn\u{329}", "tn"),
    ("ʔn\u{329}", "tn"),
    ("ʔn", "tn"),
    ("ʔ", "t"),
    ("aɪ", "I"),
    ("aʊ", "W"),
    ("eɪ", "A"),
    ("ɔɪ", "Y"),
    ("tʃ", "ʧ"),
    ("dʒ", "ʤ"),
    ("l\u{329}", "ᵊl"),
    ("m\u{329}", "ᵊm"),
    ("n\u{329}", "ᵊn"),
    ("ɹ\u{329}", "ᵊɹ"),
    ("\u{329}", ""),
    ("ʲo", "jo"),
    ("ʲə", "jə"),
    ("ʲ", ""),
    ("ɚ", "əɹ"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("c\u{327}", "k"),
    ("ɐ", "ə"),
    ("ɬ", "l"),
    ("\u{303}", ""),
];

const AMERICAN: [Rule; 9] = [
    ("oʊ", "O"),
    ("əʊ", "O"),
    ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"),
    ("ɪə", "iə"),
    ("ɾ", "T"),
    ("ː", ""),
    ("e", "A"),
    ("o", "ɔ"),
];

const BRITISH: [Rule; 8] = [
    ("eə", "ɛː"),
    ("iə", "ɪə"),
    ("əʊ", "Q"),
    ("oʊ", "Q"),
    // The model's British voices have one vowel for TRAP and none of espeak's reduced one.
    ("æ", "a"),
    ("ᵻ", "ɪ"),
    ("e", "A"),
    ("o", "ɔ"),
];

const FRENCH: [Rule; 2] = [("tʃ", "ʧ"), ("dʒ", "ʤ")];

/// Holds everywhere, after the rules of the accent: what espeak writes and the vocabulary lacks or never saw.
const COMMON: [Rule; 9] =
    [("-", ""), ("g", "ɡ"), ("c\u{327}", "ç"), ("ɫ", "l"), ("ɝ", "ɜɹ"), ("ʉ", "u"), ("ʍ", "w"), ("ʀ", "ʁ"), ("ɵ", "ə")];

impl Accent {
    /// The accent that the name of an espeak voice stands for.
    pub fn of(espeak_voice: &str) -> Accent {
        let tag = espeak_voice.to_ascii_lowercase().replace('_', "-");
        match tag.split('-').collect::<Vec<_>>().as_slice() {
            ["fr", ..] => Accent::French,
            ["en", "us", ..] => Accent::American,
            _ => Accent::British,
        }
    }
}

/// The phonemes in misaki's letters, each with the word of the first phoneme it stands for.
pub fn written(phonemes: &[Phoneme], accent: Accent) -> Vec<Phoneme> {
    let mut out = Vec::with_capacity(phonemes.len());
    let mut rest = phonemes;
    while let Some(&first) = rest.first() {
        let (used, letters) = write(rest, accent);
        rest = &rest[used..];
        out.extend(letters.chars().map(|symbol| Phoneme { symbol, word: first.word }));
    }
    out
}

/// What to write for the beginning of `rest`, and how many phonemes that is.
fn write(rest: &[Phoneme], accent: Accent) -> (usize, String) {
    if accent != Accent::French && is_dark(rest) {
        return (2, "ᵊl".to_owned());
    }
    let own: [&[Rule]; 2] = match accent {
        Accent::American => [&AMERICAN, &ENGLISH],
        Accent::British => [&BRITISH, &ENGLISH],
        Accent::French => [&FRENCH, &[]],
    };
    // Longest first, so that a diphthong is not taken apart by the rule for its first half.
    let fits = own.into_iter().chain([&COMMON[..]]).flatten().filter(|(from, _)| begins(rest, from));
    match fits.max_by_key(|(from, _)| from.chars().count()) {
        Some((from, to)) => (from.chars().count(), (*to).to_owned()),
        None => (1, rest[0].symbol.to_string()),
    }
}

fn begins(rest: &[Phoneme], from: &str) -> bool {
    let count = from.chars().count();
    rest.len() >= count && from.chars().zip(rest).all(|(c, p)| c == p.symbol && p.word == rest[0].word)
}

/// Whether `əl` is espeak's one sound for a syllabic l: no vowel of the same word follows.
fn is_dark(rest: &[Phoneme]) -> bool {
    let next = || rest[2..].iter().take_while(|p| p.word == rest[0].word).map(|p| p.symbol);
    begins(rest, "əl")
        && next().find(|c| !matches!(c, 'ˈ' | 'ˌ')).is_none_or(|c| class(c) != Class::Vowel && c != '\u{329}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn espeak_s_phonemes_in_misaki_s_letters() {
        let rows = [
            ("en-us", "lˈɛɾɚ", "lˈɛTəɹ"),
            ("en-us", "tʃˈeɪndʒd", "ʧˈAnʤd"),
            ("en-us", "bˈɑːɾəl", "bˈɑTᵊl"),
            ("en-us", "həlˈoʊ", "həlˈO"),
            ("en-us", "bjˈuːɾɪfəli", "bjˈuTɪfəli"),
            ("en-us", "ɡˈɜːl ˈɜːɹ", "ɡˈɜɹl ˈɜɹ"),
            ("en-us", "nˈaɪntiʲ ˈeɪt", "nˈInti ˈAt"),
            ("en-us", "bˈʌʔn\u{329}", "bˈʌtn"),
            ("en-us", "ðæt ʃiː", "ðæt ʃi"),
            ("en-gb-x-rp", "fˈeə ɐwˈeɪ nˈəʊ", "fˈɛː əwˈA nˈQ"),
            ("en-gb-x-rp", "hˈæpɪ hˈiə kˈɑːɹ", "hˈapɪ hˈɪə kˈɑːɹ"),
            ("fr", "le-z ˈɔ\u{303} dyˈi, ", "lez ˈɔ\u{303} dyˈi, "),
            ("fr", "tʃˈɛk eɪ", "ʧˈɛk eɪ"),
        ];
        for (voice, from, expected) in rows {
            let mut word = 0;
            let phonemes: Vec<Phoneme> = from
                .chars()
                .map(|symbol| {
                    word += usize::from(symbol == ' ');
                    Phoneme { symbol, word: (symbol != ' ').then_some(word) }
                })
                .collect();
            let got: String = written(&phonemes, Accent::of(voice)).iter().map(|phoneme| phoneme.symbol).collect();
            assert_eq!(got, expected, "{voice} {from}");
        }
    }
}
