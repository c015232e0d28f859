//! In: the text words of an utterance. Out: its clauses, each with the mark that closes it. Knows punctuation, and no
//! pronunciation.
//!
//! Follows what espeak-ng's reader does and piper-tts makes of it, with three departures, each of which keeps a false
//! sentence end or a lost pause out of the speech: a full stop after a title or an initial (`Dr. Smith`, `J. Brown`)
//! ends nothing; dots of omission make a pause (espeak runs the words on both sides together); and the stronger of
//! two marks (`?!`) closes the clause.

use std::ops::Range;

/// A run of words that is translated on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Which words it spans.
    pub words: Range<usize>,
    /// The mark that closes it; none where the text just ends.
    pub mark: Option<char>,
    /// The word the mark is attached to.
    pub mark_word: usize,
}

/// What stands before a name or a number and is shortened with a full stop.
const TITLES: [&str; 22] = [
    "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "st", "ste", "mt", "lt", "col", "capt", "gen", "sgt", "m", "mm",
    "mme", "mmes", "mlle", "mlles", "me",
];

/// Splits `words` into clauses, in order and without gaps.
pub fn split(words: &[&str]) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for at in 0..words.len() {
        let Some(mark) = closing_mark(words, at) else { continue };
        // A mark set off by a space (`Vraiment ?`) belongs to what came before it.
        let bare = !words[start..=at].iter().any(|word| is_spoken(word));
        match clauses.last_mut() {
            Some(Clause { words, .. }) if bare => words.end = at + 1,
            _ => clauses.push(Clause { words: start..at + 1, mark: Some(mark), mark_word: at }),
        }
        start = at + 1;
    }
    if start < words.len() {
        match clauses.last_mut() {
            Some(last) if !words[start..].iter().any(|word| is_spoken(word)) => last.words.end = words.len(),
            _ => clauses.push(Clause { words: start..words.len(), mark: None, mark_word: words.len() - 1 }),
        }
    }
    clauses
}

/// Whether a word has letters or digits.
pub fn is_spoken(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}

/// The mark with which the clause ends after this word, if it does.
fn closing_mark(words: &[&str], at: usize) -> Option<char> {
    let bare = words[at].trim_end_matches(is_closing);
    let next = words[at + 1..].iter().find(|word| is_spoken(word)).copied();
    match bare.chars().next_back()? {
        '—' | '–' if bare.chars().count() == 1 => next.map(|_| ';'),
        '…' => Some(after_omission(next)),
        '.' if bare.ends_with("..") => Some(after_omission(next)),
        '.' => (!is_shortened(bare, next)).then_some('.'),
        '?' | '？' => Some('?'),
        '!' if bare.trim_end_matches('!').ends_with('?') => Some('?'),
        '!' | '！' => Some('!'),
        mark @ (',' | ';' | ':') => Some(mark),
        _ => None,
    }
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '}')
}

fn begins_small(word: &str) -> bool {
    word.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
}

fn after_omission(next: Option<&str>) -> char {
    if next.is_some() { ';' } else { '.' }
}

/// Whether a full stop only shortens its word: before a small letter, after a title, after an initial.
fn is_shortened(word: &str, next: Option<&str>) -> bool {
    let Some(next) = next else { return false };
    if begins_small(next) {
        return true;
    }
    let stem = word.trim_end_matches('.').trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut letters = stem.chars();
    let initial = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase() && c != 'I');
    initial || TITLES.contains(&stem.to_lowercase().as_str())
}

/// The text of one word for espeak, inside a clause: without the marks that clause splitting has dealt with and
/// without what espeak would take for an order (`[[`, control characters). Empty where nothing would be spoken.
pub fn plain(word: &str) -> String {
    let unquoted = word.trim_end_matches(is_closing);
    let bare = unquoted.trim_end_matches(['.', ',', ';', ':', '?', '!', '…', '？', '！', '—', '–']);
    if !is_spoken(bare) && !bare.contains(|c| SPOKEN_SIGNS.contains(c)) {
        return String::new();
    }
    let mut text = String::with_capacity(bare.len());
    // A word may be several by now: a year, a sign read out.
    for part in bare.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        let kept = part.chars().filter(|&c| !c.is_control() && !matches!(c, '[' | ']' | '{' | '}'));
        text.extend(kept.map(|c| if matches!(c, '’' | 'ʼ') { '\'' } else { c }));
    }
    if bare.len() < unquoted.len() && bare.contains('.') && !bare.contains(|c: char| c.is_ascii_digit()) {
        text.push('.');
    }
    text
}

/// Signs that espeak reads aloud even when they stand alone.
const SPOKEN_SIGNS: &str = "%$€£¥&+=@#°§×÷<>/\\~^|";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_and_their_marks() {
        let rows = [
            ("Stop the car, now!", "3, 1!"),
            ("and then, without a word, she left", "2, 3, 2"),
            ("Vraiment ? Oui.", "2? 1."),
            ("dit : « Je reviendrai demain. »", "2: 5."),
            ("Dr. Smith met J. Brown. Later", "5. 1"),
            ("The U.S. team", "3"),
            ("Version 3.5 is out.", "4."),
            ("\"No.\" Then left.", "1. 2."),
            ("Well... I think so...", "1; 3."),
            ("came — too late — home.", "2; 3; 1."),
            ("What?! No!? Yes.", "1? 1? 1."),
            ("one. two three", "3"),
            ("\"", "1"),
            ("?", "1?"),
            ("", ""),
        ];
        for (text, expected) in rows {
            let words: Vec<&str> = text.split_whitespace().collect();
            let clauses = split(&words);
            let shown: Vec<String> = clauses
                .iter()
                .map(|c| format!("{}{}", c.words.len(), c.mark.map_or(String::new(), String::from)))
                .collect();
            assert_eq!(shown.join(" "), expected, "{text}");
            let mut at = 0;
            for clause in &clauses {
                assert_eq!(clause.words.start, at, "{text}");
                at = clause.words.end;
            }
            assert_eq!(at, words.len(), "{text}");
        }
    }

    #[test]
    fn words_for_espeak() {
        let rows = [
            ("began,", "began"),
            ("«Oui»", "«Oui"),
            ("U.S.", "U.S."),
            ("3.5.", "3.5"),
            ("[[h@]]", "h@"),
            ("l’été…", "l'été"),
            ("neighbours'", "neighbours"),
            ("a\u{1}+3s", "a+3s"),
            ("nineteen  ninety-eight.", "nineteen ninety-eight"),
        ];
        for (word, expected) in rows {
            assert_eq!(plain(word), expected, "{word}");
        }
    }
}
