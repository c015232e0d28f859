//! In: the words of an utterance and their language. Out: a [`Border`] for each place between two of them: how good a
//! place it is for a pause. Knows no times, no cues and no voice.
//!
//! Marks tell first. Where there are none, as in automatic captions, the small closed classes of a language tell: an
//! article belongs to what follows it, a conjunction begins something. What a word does stands in one table per
//! language (`classes`); the rules here are the same for all. A parser would know more: where a phrase of content words
//! alone ends. There [`Border::Word`] is said, which claims nothing.

mod classes;
mod fragments;

use crate::lang::Lang;
use crate::text::sentences;
use classes::{Class, Table};
pub use fragments::{FragmentCue, pins};

/// How good a place between two words is for a pause, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Border {
    /// Inside what is one to the ear: after an article or a clitic, inside a number or a name.
    Never,
    /// After a word that leans on what follows (a preposition, an auxiliary, a subject), or before one that leans on what
    /// stands before it.
    Poor,
    /// Between two words of which nothing is known.
    Word,
    /// Where a phrase begins: at a conjunction, a relative pronoun, a preposition, the subject of another clause.
    Phrase,
    /// Where a clause begins: at a comma, or at words that as a rule have one before them.
    Clause,
    /// Where a sentence ends, by its mark.
    Sentence,
}

/// Marks that begin something of its own.
const OPENING: [char; 4] = ['(', '[', '—', '–'];

/// The border before each of `words` but the first: one fewer than there are words.
///
/// The words have their marks with them. They may be as they are written or as they are spoken (`$5`, `five dollars`);
/// one with white space in it counts by its first and its last part.
pub fn borders(words: &[&str], lang: Lang) -> Vec<Border> {
    let table = Table::of(lang);
    let forms: Vec<Form> = words.iter().map(|word| Form::of(word, table)).collect();
    let ends = sentence_ends(words);
    // In a heading capitals name nothing.
    let names = forms.iter().filter(|form| form.capital).count() * 3 <= forms.len() * 2;
    let mut found = Vec::with_capacity(words.len().saturating_sub(1));
    for at in 1..forms.len() {
        let (left, right) = (&forms[at - 1], &forms[at]);
        let next = right.then.or(forms.get(at + 1).map(|form| form.start)).unwrap_or_default();
        let one = (names && left.names() && right.names()) || table.joins(&left.last, &right.first);
        found.push(match () {
            () if ends[at - 1] => Border::Sentence,
            () if ends_clause(words[at - 1]) || words[at].starts_with(OPENING) => Border::Clause,
            () if one => Border::Never,
            () => unmarked(left.end, right.start, next),
        });
    }
    found
}

/// Whether a word says something by itself, unlike an article, a conjunction, a preposition, a pronoun or an auxiliary.
pub fn says_something(word: &str, lang: Lang) -> bool {
    let table = Table::of(lang);
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    let lower = bare.to_lowercase().replace('’', "'");
    let says = |part: &str| {
        let class = table.class(part);
        class == Class::default() || class.any(&[Class::INTERJECTION, Class::NUMBER])
    };
    lower.split_whitespace().flat_map(|part| table.parts(part)).any(says)
}

/// The border between a word that ends as `left` and one that begins as `right`, no mark between them; `next` follows.
fn unmarked(left: Class, right: Class, next: Class) -> Border {
    if left.is(Class::HOLDS) || (left.is(Class::NUMBER) && right.is(Class::NUMBER)) {
        return Border::Never;
    }
    let opener = opener(right, next);
    let leans = left.is(Class::LEANS) || begun(left, right) || (left.is(Class::MAY_LEAN) && opener.is_none());
    // What an article follows was no subject.
    let leans = leans && !(left.is(Class::MAYBE_SUBJECT) && right.is(Class::HOLDS) && !left.is(Class::RELATES));
    match opener {
        _ if leans || right.is(Class::BACK) => Border::Poor,
        _ if left.is(Class::INTERJECTION) => Border::Phrase,
        Some(border) => border,
        None => Border::Word,
    }
}

/// Whether the first of two words begins what the second goes on with: a subject its verb, `that` its subject.
fn begun(left: Class, right: Class) -> bool {
    let other = right.any(&[Class::OPENS, Class::JOINS, Class::INTERJECTION]);
    (left.is(Class::MAYBE_SUBJECT) && right.is(Class::VERB)) || (left.is(Class::RELATES) && !other)
}

/// What a word begins that stands after one with a meaning of its own; `None` where it begins nothing.
fn opener(word: Class, next: Class) -> Option<Border> {
    let certain = word.is(Class::SUBJECT) || (word.is(Class::MAYBE_SUBJECT) && next.is(Class::VERB));
    let goes_on = next.any(&[Class::SUBJECT, Class::MAYBE_SUBJECT, Class::OPENS, Class::SUBORDINATES, Class::MARKS]);
    let phrase = [Class::JOINS, Class::SUBORDINATES, Class::RELATES, Class::MARKS, Class::PLACES];
    match () {
        () if word.any(&[Class::OPENS, Class::INTERJECTION]) => Some(Border::Clause),
        () if word.any(&[Class::JOINS, Class::MARKS, Class::SUBORDINATES]) && goes_on => Some(Border::Clause),
        () if certain || word.any(&phrase) => Some(Border::Phrase),
        () => None,
    }
}

/// What the rules ask of a word.
struct Form {
    /// Its first part in small letters, without marks, the apostrophe of an elision included: `qu'` of `qu'il`.
    first: String,
    last: String,
    start: Class,
    /// The part after the first, where there are several.
    then: Option<Class>,
    end: Class,
    /// Whether it begins with a capital and is not all of capitals.
    capital: bool,
}

impl Form {
    fn of(word: &str, table: &Table) -> Form {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
        let shouted = bare.chars().nth(1).is_some() && !bare.contains(char::is_lowercase);
        let capital = bare.starts_with(char::is_uppercase) && !shouted;
        let lower = bare.to_lowercase().replace('’', "'");
        let parts: Vec<&str> = lower.split_whitespace().flat_map(|part| table.parts(part)).collect();
        let class = |at: usize| parts.get(at).map(|part| table.class(part));
        let text = |part: Option<&&str>| part.map_or(String::new(), |part| (*part).to_owned());
        Form {
            first: text(parts.first()),
            last: text(parts.last()),
            start: class(0).unwrap_or_default(),
            then: class(1),
            end: parts.last().map(|part| table.class(part)).unwrap_or_default(),
            capital,
        }
    }

    /// Whether it may be a part of a name.
    fn names(&self) -> bool {
        self.capital && self.start == Class::default() && self.end == Class::default()
    }
}

/// Whether a sentence ends with each word.
fn sentence_ends(words: &[&str]) -> Vec<bool> {
    let whole = words.join(" ");
    let mut ends = vec![false; words.len()];
    let (mut at, mut word) = (0, 0);
    for sentence in sentences(&whole) {
        while word < words.len() && at + words[word].len() < sentence.end {
            at += words[word].len() + 1;
            word += 1;
        }
        if let Some(end) = ends.get_mut(word) {
            *end = sentence.end < whole.len();
        }
    }
    ends
}

/// Whether a word has a mark after it that parts clauses; one of a sentence does so where it ends none.
pub(super) fn ends_clause(word: &str) -> bool {
    let word = word.trim_end_matches(['"', '\'', '”', '’', '»', ' ', '\u{a0}', '\u{202f}']);
    word.ends_with([',', ';', ':', '—', '–', '…', ')', ']', '!', '?'])
}

#[cfg(test)]
mod tests;
