//! In: the phonemes that one language's rules give for its words, and a voice of the other language. Out: the nearest
//! sounds that this voice was trained on. A Piper voice has a number for every symbol, but has only learnt those of its
//! own language: what it makes of the others is noise.
//!
//! The tables are this program's own judgement: the nearest sound of the chart of the International Phonetic Association by
//! place, height and rounding. Where something is written of how speakers of one language take the sounds of the other, it
//! comes first. French in English: listeners of American English take /y œ/ for back vowels (Levy, *Journal of the
//! Acoustical Society of America*, 2009, doi:10.1121/1.3050256); Wikipedia's key to French (`Help:IPA/French`) compares
//! /ɑ̃ ɛ̃/ to *song* and *hang*, /œ ø/ in British English to *bird*, /ɲ/ to *canyon*. English in French: the same key has /œ/
//! in *club*; in Europe [s] stands for /θ/ (Brannen, "The Role of Perception in Differential Substitution", *Canadian Journal
//! of Linguistics*), and likewise /z/ for /ð/; there are one /i/ and one /a/ for two of English, a uvular /ʁ/, and no /h/
//! (<https://pronunciationstudio.com/french-speakers-english-pronunciation-errors/>). For the rest, `-er` as /œʁ/ among it,
//! no source was found.
//!
//! Each symbol of espeak's two languages is in a table or is a sound of both; a test holds them to that. Nothing is left out
//! but /h/, length, and the glide and the hyphen that espeak writes between sounds.

use super::Phoneme;
use super::inventory::{Class, class};
use crate::lang::Lang;
use crate::words::sounds::Sound;

/// Symbols in a row, and what is said for them. The longest that fits counts.
type Rule = (&'static str, &'static str);

/// A nasal consonant where the vowel before it was nasal: of the place of the consonant after it.
const NASAL: char = 'N';

/// Sounds of French that English has none of, in any word.
const ENGLISH_LACKS: [Rule; 13] = [
    ("ɑ\u{303}", "ɑːN"),
    ("ɛ\u{303}", "æN"),
    ("ɔ\u{303}", "ɔːN"),
    ("œ\u{303}", "ʌN"),
    ("y", "uː"),
    ("ø", "ʊ"),
    ("œʁ", "ɜː"),
    ("œ", "ʌ"),
    ("ʁ", "ɹ"),
    ("ʀ", "ɹ"),
    ("ɲ", "nj"),
    ("ʎ", "lj"),
    ("ɥ", "w"),
];

/// What else espeak's French has, as English has it.
const FRENCH_IN_ENGLISH: [Rule; 16] = [
    ("a", "ɑː"),
    ("ɑ", "ɑː"),
    ("e", "eɪ"),
    ("o", "oʊ"),
    ("ɔ", "ɔː"),
    ("i", "iː"),
    ("u", "uː"),
    ("aj", "aɪ"),
    ("ɑj", "aɪ"),
    ("ɛj", "eɪ"),
    ("ej", "eɪ"),
    ("ij", "iː"),
    ("œj", "ɔɪ"),
    ("-", ""),
    ("ʲ", ""),
    ("ː", ""),
];

/// The same where British English differs, whose vowels have no /ɹ/ in them.
const FRENCH_IN_BRITISH: [Rule; 6] =
    [("a", "æ"), ("o", "əʊ"), ("ɔ", "ɒ"), ("ø", "ɜː"), ("œ", "ɜː"), ("ɔ\u{303}", "ɒN")];

/// Sounds of English that French has none of, in any word.
const FRENCH_LACKS: [Rule; 20] = [
    ("θ", "s"),
    ("ð", "z"),
    ("ɹ", "ʁ"),
    ("ɪ", "i"),
    ("ʊ", "u"),
    ("æ", "a"),
    ("ʌ", "œ"),
    ("ɒ", "ɔ"),
    ("ɜː", "œʁ"),
    ("ɜːɹ", "œʁ"),
    ("ɜ", "œ"),
    ("ɚ", "œʁ"),
    ("ɝ", "œʁ"),
    ("ɚɹ", "œʁ"),
    ("ᵻ", "i"),
    ("ɫ", "l"),
    ("ɬ", "l"),
    ("ʔ", "t"),
    ("l\u{329}", "əl"),
    ("n\u{329}", "ən"),
];

/// What else espeak's English has, as French has it.
const ENGLISH_IN_FRENCH: [Rule; 29] = [
    ("ŋ", "nɡ"),
    ("ŋɡ", "nɡ"),
    ("ŋk", "nk"),
    ("ɑːɹ", "aʁ"),
    ("ɑː", "ɔ"),
    ("ɑ", "a"),
    ("ɐ", "a"),
    ("ɔːɹ", "ɔʁ"),
    ("oːɹ", "ɔʁ"),
    ("ɔː", "o"),
    ("oː", "o"),
    ("oʊ", "o"),
    ("əʊ", "o"),
    ("eɪ", "ɛj"),
    ("aɪ", "aj"),
    ("aʊ", "aw"),
    ("ɔɪ", "ɔj"),
    ("eə", "ɛ"),
    ("ɪə", "iə"),
    ("ʔn\u{329}", "tən"),
    ("ʔˌn\u{329}", "tən"),
    ("ɾ", "t"),
    ("x", "k"),
    ("ç", "k"),
    ("c\u{327}", "k"),
    ("h", ""),
    ("\u{329}", ""),
    ("ʲ", ""),
    ("ː", ""),
];

/// Whether a language is the one of an espeak voice.
pub(super) fn is_own(lang: Lang, voice: &str) -> bool {
    voice.starts_with(lang.tag())
}

/// The espeak voice whose rules read words of a language in a line of the other.
pub(super) fn voice(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en-us",
        Lang::Fr => "fr",
    }
}

/// How many words, from the first on, are wholly in a language that is not the voice's, the same for all.
pub(super) fn run(told: &[&[Sound]], espeak_voice: &str) -> usize {
    let of = |sounds: &&[Sound]| {
        let mut langs = sounds.iter().map(|sound| match sound {
            Sound::Other(_, lang) if !is_own(*lang, espeak_voice) => Some(*lang),
            _ => None,
        });
        let first = langs.next()??;
        langs.all(|lang| lang == Some(first)).then_some(first)
    };
    let Some(first) = told.first().and_then(of) else { return 0 };
    told.iter().take_while(|sounds| of(sounds) == Some(first)).count()
}

/// Phonemes of words in `lang` with sounds that a voice of the other language has.
pub(super) fn phonemes(spoken: &[Phoneme], lang: Lang, espeak_voice: &str) -> Vec<Phoneme> {
    let mut out = Vec::with_capacity(spoken.len() + spoken.len() / 4);
    for word in spoken.chunk_by(|a, b| a.word == b.word) {
        let symbols: Vec<char> = word.iter().map(|p| p.symbol).collect();
        let owner = word.first().and_then(|p| p.word);
        out.extend(
            self::symbols(&symbols, lang, espeak_voice).into_iter().map(|symbol| Phoneme { symbol, word: owner }),
        );
    }
    out
}

/// The symbols of one word in `lang`, as the voice has them.
pub(super) fn symbols(symbols: &[char], lang: Lang, espeak_voice: &str) -> Vec<char> {
    let british = espeak_voice.starts_with("en") && !espeak_voice.starts_with("en-us");
    match lang {
        Lang::Fr if british => ended(written(symbols, &[&FRENCH_IN_BRITISH, &ENGLISH_LACKS, &FRENCH_IN_ENGLISH])),
        Lang::Fr => ended(written(symbols, &[&ENGLISH_LACKS, &FRENCH_IN_ENGLISH])),
        Lang::En => written(symbols, &[&FRENCH_LACKS, &ENGLISH_IN_FRENCH]),
    }
}

/// A pronunciation that somebody gave, with the nearest sounds where the voice's language has none of its own.
pub(super) fn told(symbols: &[char], espeak_voice: &str) -> Vec<char> {
    match espeak_voice.starts_with("fr") {
        true => written(symbols, &[&FRENCH_LACKS]),
        false => written(symbols, &[&ENGLISH_LACKS]),
    }
}

/// The symbols with the rules applied, of which earlier lists come first.
fn written(symbols: &[char], rules: &[&[Rule]]) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(symbols.len() * 2);
    let mut at = 0;
    while at < symbols.len() {
        let rest = &symbols[at..];
        let fits = |(from, _): &&Rule| from.chars().enumerate().all(|(i, c)| rest.get(i) == Some(&c));
        let all = rules.iter().copied().flatten().filter(fits).map(|rule| (rule.0.chars().count(), rule.1));
        // `max_by_key` takes the last of equals, and the first list is the one that counts.
        let best = all.rev().max_by_key(|(length, _)| *length);
        match best {
            Some((length, to)) => {
                out.extend(to.chars());
                at += length;
            }
            None => {
                out.push(symbols[at]);
                at += 1;
            }
        }
    }
    nasals(out)
}

/// The same with nasal consonants of the place of what follows them.
fn nasals(symbols: Vec<char>) -> Vec<char> {
    let after = |at: usize| symbols[at + 1..].iter().find(|c| class(**c) != Class::Mark);
    let nasal = |at: usize| match after(at) {
        Some('p' | 'b' | 'm') => 'm',
        Some('k' | 'ɡ') => 'ŋ',
        _ => 'n',
    };
    symbols.iter().enumerate().map(|(at, &c)| if c == NASAL { nasal(at) } else { c }).collect()
}

/// The same with a vowel where English cannot end: `quatre`, `table`.
fn ended(mut symbols: Vec<char>) -> Vec<char> {
    let consonant = |c: char| class(c) == Class::Consonant && !matches!(c, 'j' | 'w' | 'l' | 'ɹ' | 'm' | 'n');
    match symbols.as_slice() {
        [.., before, 'ɹ'] if consonant(*before) => symbols.push('ə'),
        [.., before, 'l'] if consonant(*before) => symbols.insert(symbols.len() - 1, 'ə'),
        _ => {}
    }
    symbols
}

#[cfg(test)]
mod tests;
