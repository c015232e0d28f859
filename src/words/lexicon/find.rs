//! In: a lexicon and a text. Out: where the lexicon's words stand in it. Knows whole words, capitals, apostrophes and
//! the endings of inflected forms; says nothing about pronunciation.
//!
//! From left to right; of several entries at a place the one of most tokens counts, then the one written like the text,
//! then the one of the text's language, then that of the later file.

use super::{Entry, Lexicon};
use crate::lang::Lang;
use std::cmp::Reverse;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Endings inside a word that make another form of it.
const ENGLISH: [&str; 5] = ["s", "es", "ed", "d", "ing"];
const FRENCH: [&str; 2] = ["s", "x"];

/// The ending of a possessive; it may follow any English word.
const POSSESSIVE: &str = "'s";

/// An entry in a text.
pub(super) struct Found {
    pub(super) place: Range<usize>,
    /// Its number in the lexicon.
    pub(super) entry: usize,
    /// What was added to the entry's own form: nothing, or one of the endings.
    pub(super) ending: &'static str,
}

/// A run of letters and digits, a run of white space as one blank, or a sign.
pub(super) struct Token {
    pub(super) place: Range<usize>,
    /// Composed (NFC), apostrophes straight.
    pub(super) text: String,
    word: bool,
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for (at, c) in text.char_indices() {
        let place = at..at + c.len_utf8();
        let word = c.is_alphanumeric() || is_combining_mark(c);
        match found.last_mut() {
            Some(last) if word && last.word => {
                last.place.end = place.end;
                last.text.push(c);
            }
            Some(last) if c.is_whitespace() && last.text == " " => last.place.end = place.end,
            _ => {
                let plain = match c {
                    '’' | 'ʼ' | '‘' => '\'',
                    '‐' | '‑' => '-',
                    _ if c.is_whitespace() => ' ',
                    _ => c,
                };
                found.push(Token { place, text: plain.to_string(), word });
            }
        }
    }
    for token in found.iter_mut().filter(|token| !token.text.is_ascii()) {
        token.text = token.text.nfc().collect();
    }
    found
}

/// The entries found in `text`, in order and without overlap.
pub(super) fn find(lexicon: &Lexicon, text: &str, lang: Lang) -> Vec<Found> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match if begins(&tokens, at, lang) { best(lexicon, &tokens, at, lang) } else { None } {
            Some((entry, ending, end)) => {
                let place = tokens[at].place.start..tokens[end - 1].place.end;
                found.push(Found { place, entry, ending });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a word can begin at this token: in English not after an apostrophe inside a word.
fn begins(tokens: &[Token], at: usize, lang: Lang) -> bool {
    let inside = |at: usize| at >= 2 && tokens[at - 1].text == "'" && tokens[at - 2].word;
    tokens[at].text != " " && !(lang == Lang::En && tokens[at].word && inside(at))
}

/// The best entry at a token: its number, its ending, and the token after it.
fn best(lexicon: &Lexicon, tokens: &[Token], at: usize, lang: Lang) -> Option<(usize, &'static str, usize)> {
    let first = tokens[at].text.to_lowercase();
    let stems = endings(lang).iter().filter_map(|ending| first.strip_suffix(ending));
    let numbers = std::iter::once(first.as_str()).chain(stems).filter_map(|key| lexicon.by_first.get(key)).flatten();
    let fits = numbers.filter_map(|&number| {
        let entry = &lexicon.entries[number];
        let (ending, end) = fits(entry, tokens, at, lang)?;
        Some((number, ending, end, exact(entry, &tokens[at..])))
    });
    fits.max_by_key(|&(number, ending, end, exact)| {
        let entry = &lexicon.entries[number];
        (end - at, exact, ending.is_empty(), entry.lang.is_some(), entry.file, Reverse(number))
    })
    .map(|(number, ending, end, _)| (number, ending, end))
}

fn endings(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::En => &ENGLISH,
        Lang::Fr => &FRENCH,
    }
}

fn exact(entry: &Entry, tokens: &[Token]) -> bool {
    entry.tokens.iter().zip(tokens).all(|(own, token)| *own == token.text)
}

/// Whether an entry stands here; its ending there, and the token after both.
fn fits(entry: &Entry, tokens: &[Token], at: usize, lang: Lang) -> Option<(&'static str, usize)> {
    let same = |own: &str, text: &str| match entry.any_case {
        true => own == text || own.to_lowercase() == text.to_lowercase(),
        false => own == text,
    };
    let end = at + entry.tokens.len();
    let here = tokens.get(at..end)?;
    let (last_own, own) = entry.tokens.split_last()?;
    let (last, rest) = here.split_last()?;
    if entry.lang.is_some_and(|its| its != lang) || !own.iter().zip(rest).all(|(own, token)| same(own, &token.text)) {
        return None;
    }
    let inner = || {
        let fitting = endings(lang).iter().find(|ending| {
            let stem = last.text.strip_suffix(**ending);
            last.word && stem.is_some_and(|stem| same(last_own, stem))
        });
        fitting.filter(|_| entry.inflections).copied()
    };
    let ending = if same(last_own, &last.text) { "" } else { inner()? };
    match (tokens.get(end), tokens.get(end + 1)) {
        (Some(mark), Some(next)) if last.word && mark.text == "'" && next.word => {
            let possessive = lang == Lang::En && ending.is_empty() && next.text.eq_ignore_ascii_case("s");
            possessive.then_some((POSSESSIVE, end + 2))
        }
        _ => Some((ending, end)),
    }
}
