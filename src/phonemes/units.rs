//! In: the words of a clause. Out: the units that espeak gets, each with its words. Knows what espeak leaves out and
//! what its dictionary joins, and no phoneme.

use super::clauses::{self, Clause};
use super::dialect::Dialect;
use super::phrases::Phrase;
use super::respell;
use std::ops::Range;

/// A word or joined words that espeak gets as one.
pub struct Unit {
    /// Index of the first word.
    pub from: usize,
    /// Index of the word after the last.
    pub to: usize,
    /// What espeak gets.
    pub text: String,
    /// The second word of the dictionary's flags for words that it joins.
    pub flags: Option<u32>,
}

impl Unit {
    /// What espeak gets for these words, which its dictionary does not join.
    pub fn of(words: Range<usize>, text: String) -> Unit {
        Unit { from: words.start, to: words.end, text, flags: None }
    }
}

/// The words of a clause as espeak gets them: what it would not speak left out, what its dictionary joins joined.
pub fn units(dialect: &Dialect, voice: &str, words: &[&str], clause: &Clause) -> Vec<Unit> {
    let keys: Vec<Vec<String>> = words[clause.words.clone()].iter().map(|word| phrase_keys(word)).collect();
    let mut units = Vec::new();
    let mut at = 0;
    while at < keys.len() {
        let from = clause.words.start + at;
        if let Some((spanned, phrase)) = phrase_at(dialect, &keys[at..]) {
            units.push(Unit { from, to: from + spanned, text: phrase.inline, flags: Some(phrase.flags) });
            at += spanned;
            continue;
        }
        let next = words[..clause.words.end].get(from + 1).copied();
        let text = spelt(voice, words[from], next);
        if !text.is_empty() {
            units.push(Unit::of(from..from + 1, text));
        }
        at += 1;
    }
    units
}

/// A word as espeak gets it.
pub fn spelt(voice: &str, word: &str, next: Option<&str>) -> String {
    let text = respell::fold(&clauses::plain(word));
    let parts: Vec<&str> = text.split(' ').collect();
    let respelt = parts.iter().enumerate().map(|(at, part)| {
        let next = parts.get(at + 1).copied().or(next);
        // Among others a capital `A` is a letter that is spelt (`A T M`), alone it may be the article.
        if *part == "A" && parts.len() > 1 && voice.starts_with("en") {
            return "[['eI]]".to_owned();
        }
        respell::respell(voice, part, next).unwrap_or_else(|| (*part).to_owned())
    });
    respelt.collect::<Vec<_>>().join(" ")
}

/// A word's parts as the dictionary writes them: small letters, cut at hyphens; none where the word holds anything
/// that keeps it out of a phrase.
fn phrase_keys(word: &str) -> Vec<String> {
    let bare = word.trim_end_matches(['.', ',', ';', ':', '?', '!', '…']).to_lowercase().replace('’', "'");
    let plain = !bare.is_empty() && bare.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'));
    if plain { bare.split('-').map(str::to_owned).collect() } else { Vec::new() }
}

/// The phrase that begins with the first word of `keys` and ends with the end of one.
fn phrase_at(dialect: &Dialect, keys: &[Vec<String>]) -> Option<(usize, Phrase)> {
    let run: Vec<String> = keys.iter().take_while(|parts| !parts.is_empty()).take(6).flatten().cloned().collect();
    let phrase = dialect.phrase(&run)?;
    let mut left = phrase.words;
    for (at, parts) in keys.iter().enumerate() {
        left = left.checked_sub(parts.len())?;
        if left == 0 {
            return Some((at + 1, phrase));
        }
    }
    None
}

/// The pieces of each unit as one, where there is a piece for each space; else the pieces as they are.
pub fn of_units(units: &[Unit], pieces: Vec<Vec<char>>) -> Vec<Vec<char>> {
    let counts: Vec<usize> = units.iter().map(|unit| unit.text.split(' ').count()).collect();
    if pieces.len() == units.len() || pieces.len() != counts.iter().sum::<usize>() {
        return pieces;
    }
    let mut rest = pieces.into_iter();
    let unit =
        |count: usize| rest.by_ref().take(count).filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(&' ');
    counts.into_iter().map(unit).collect()
}

/// Whether espeak may say parts of neighbouring units in another order or as one (amounts of money, grouped digits),
/// so that equal counts prove nothing.
pub fn reorders(units: &[Unit]) -> bool {
    let digit = |unit: &Unit| unit.text.contains(|c: char| c.is_ascii_digit());
    let money = |unit: &Unit| unit.text.contains(['$', '€', '£', '¥']);
    units.windows(2).any(|pair| (digit(&pair[0]) && digit(&pair[1])) || money(&pair[0]) || money(&pair[1]))
}
