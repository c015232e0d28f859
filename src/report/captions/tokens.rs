//! In: a line of the report. Out: what of its text is heard, chunk by chunk, with times in milliseconds. Breaks no lines.

use super::super::cues::{CueReport, WordReport};
use std::ops::Range;

/// What stands between two spaces of a caption, and when it is heard, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) start: i64,
    pub(super) end: i64,
}

/// Seconds as whole milliseconds, which is as precise as captions are.
pub(super) fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

/// The chunks of a line that are heard before `until`. Signs without a word stay with the chunk beside them.
pub(super) fn tokens(cue: &CueReport, until: Option<i64>) -> Vec<Token> {
    let heard = |word: &&WordReport| until.is_none_or(|until| millis(word.start) < until);
    let words: Vec<&WordReport> = cue.words.iter().filter(heard).collect();
    let mut tokens: Vec<Token> = Vec::new();
    // Whether what came last is in the list, which word it ended with, and signs that wait for the next chunk.
    let (mut kept, mut last_word, mut waiting) = (false, None, String::new());
    for place in chunks(&cue.text) {
        let text = visible(cue, place.clone());
        let first = words.partition_point(|word| word.place.end <= place.start);
        let inside = words[first..].iter().take_while(|word| word.place.start < place.end).count();
        if inside == 0 || text.is_empty() {
            let signs = !text.is_empty() && text.chars().all(is_sign);
            match tokens.last_mut() {
                Some(token) if signs && kept => token.text.extend(['\u{a0}'].into_iter().chain(text.chars())),
                None if signs && text.chars().all(opens) => waiting = text + "\u{a0}",
                _ => kept = kept && text.is_empty(),
            }
            continue;
        }
        let (start, end) = (words[first].start, words[first + inside - 1].end);
        let (start, end) = (millis(start), millis(end).min(until.unwrap_or(i64::MAX)));
        match tokens.last_mut().filter(|_| last_word == Some(first)) {
            Some(token) => {
                token.text.push('\u{a0}');
                token.text.push_str(&text);
                token.end = end;
            }
            None => tokens.push(Token { text: std::mem::take(&mut waiting) + &text, start, end }),
        }
        (kept, last_word) = (true, Some(first + inside - 1));
    }
    tokens
}

/// The places of what stands between spaces.
fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split_whitespace().map(move |chunk| {
        let from = chunk.as_ptr() as usize - text.as_ptr() as usize;
        from..from + chunk.len()
    })
}

/// A chunk without the stretches that are not spoken.
fn visible(cue: &CueReport, place: Range<usize>) -> String {
    let silent = |at: usize| cue.silent.iter().any(|range| range.contains(&at));
    let text = cue.text.get(place.clone()).unwrap_or_default();
    text.char_indices().filter(|(at, _)| !silent(place.start + at)).map(|(_, c)| c).collect()
}

/// Whether this sign may stand by itself beside a word, as in French before a question mark.
fn is_sign(c: char) -> bool {
    opens(c) || c.is_ascii_punctuation() || matches!(c, '…' | '»' | '”' | '’')
}

/// Whether this sign belongs to what follows it.
fn opens(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―' | '«' | '“' | '(' | '¿' | '¡')
}
