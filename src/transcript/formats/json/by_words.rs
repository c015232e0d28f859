//! In: a text and the times of its words, as speech recognisers give them. Out: the text in lines, cut where sentences
//! end and where somebody else or nobody speaks, each with the times of its words. Knows no format.
//!
//! Recognisers write the words with or without punctuation, and leave some without times (numbers, mostly). A word is
//! found in the text by its letters and digits alone.

use super::record::TimedWord;
use crate::text::{sayable, sentences};
use crate::time::Ticks;
use crate::transcript::pauses::WordTime;
use std::ops::Range;

/// A pause between two words from which on a new line begins, in a text that has no lines of its own.
const PAUSE: Ticks = Ticks::from_millis(800);
/// A line of such a text that is longer, in characters, ends with the next word.
const LONG: usize = 120;

/// A stretch of the text and when it was spoken.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spoken {
    pub text: Range<usize>,
    /// Its first word, as a position in the list of words.
    pub word: usize,
    pub start: Option<Ticks>,
    pub end: Option<Ticks>,
    pub speaker: Option<String>,
}

/// The text in sentences with their times; none where the words are not those of the text, or no sentence but the
/// first has a time.
pub(super) fn by_sentences(text: &str, words: &[TimedWord]) -> Option<Vec<Spoken>> {
    let places = places(text, words)?;
    let ends: Vec<usize> = sentences(text).iter().map(|range| range.end).collect();
    let mut found: Vec<Spoken> = Vec::new();
    let mut from = 0;
    for end in ends {
        let to = from + places[from..].partition_point(|at| *at < end);
        let part = spoken(text, words, &places, from..to, end);
        match found.last_mut() {
            // A sentence whose words have no times cannot stand alone.
            Some(last) if part.start.is_none() => {
                last.text.end = part.text.end;
                last.end = part.end.or(last.end);
            }
            _ => found.push(part),
        }
        from = to;
    }
    (!found.is_empty()).then_some(found)
}

/// The text in lines: cut at the ends of sentences, at pauses, where the speaker changes, and where a line grows long;
/// none where the words are not those of the text.
pub(super) fn by_pauses(text: &str, words: &[TimedWord]) -> Option<Vec<Spoken>> {
    let places = places(text, words)?;
    let starts: Vec<usize> = sentences(text).iter().map(|range| range.start).collect();
    let mut found = Vec::new();
    let mut from = 0;
    for to in 1..=words.len() {
        let cut = words.get(to).is_none_or(|word| {
            let before = &words[to - 1];
            let pause = word.start.zip(before.end).is_some_and(|(start, end)| start - end >= PAUSE);
            let sentence =
                starts.partition_point(|at| *at <= places[to]) > starts.partition_point(|at| *at <= places[to - 1]);
            let long = places[to] - places[from] > LONG;
            word.start.is_some() && (pause || sentence || long || word.speaker != before.speaker)
        });
        if cut {
            let end = places.get(to).copied().unwrap_or(text.len());
            found.push(spoken(text, words, &places, from..to, end));
            from = to;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// When the words of a text are said; none where they are not those of the text.
pub(super) fn word_times(text: &str, words: &[TimedWord]) -> Vec<WordTime> {
    let Some(places) = places(text, words) else { return Vec::new() };
    let time = |(at, word): (usize, &TimedWord)| Some(WordTime { at, start: word.start?, end: word.end });
    places.into_iter().zip(words).filter_map(time).collect()
}

/// What the words `of` say, whose text ends at `end`.
fn spoken(text: &str, words: &[TimedWord], places: &[usize], of: Range<usize>, end: usize) -> Spoken {
    let start = if of.start == 0 { 0 } else { places.get(of.start).copied().unwrap_or(end).min(end) };
    let start = start + (text[start..end].len() - text[start..end].trim_start().len());
    let end = start + text[start..end].trim_end().len();
    let here = &words[of.clone()];
    let mut by_speaker: Vec<(&str, usize)> = Vec::new();
    for name in here.iter().filter_map(|word| word.speaker.as_deref()) {
        match by_speaker.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => by_speaker.push((name, 1)),
        }
    }
    // The first of those with the most words.
    let speaker = by_speaker.iter().rev().max_by_key(|(_, count)| *count).map(|(name, _)| (*name).to_owned());
    Spoken {
        text: start..end,
        word: of.start,
        start: here.iter().find_map(|word| word.start),
        end: here.iter().rev().find_map(|word| word.end),
        speaker,
    }
}

/// Where each word begins in the text, with the marks before it; none if one of them is not there.
fn places(text: &str, words: &[TimedWord]) -> Option<Vec<usize>> {
    let mut letters = text.char_indices().filter(|(_, c)| c.is_alphanumeric());
    let mut places = Vec::with_capacity(words.len());
    let mut before = 0;
    for word in words {
        let mut at = None;
        for letter in word.text.chars().filter(|c| c.is_alphanumeric()) {
            let (here, found) = letters.next()?;
            if !found.to_lowercase().eq(letter.to_lowercase()) {
                return None;
            }
            at.get_or_insert(here);
            before = before.max(here);
        }
        // A word of marks only stands where the one before it ends.
        places.push(at.map_or(before, |at| opening(text, at)));
    }
    letters.next().is_none().then_some(places).filter(|_| sayable(text))
}

/// Where the marks begin that stand before the letter at `at` and belong to it: quotes, brackets, signs, and quotes that
/// are set apart by a space.
fn opening(text: &str, at: usize) -> usize {
    let word = |before: &str| {
        before
            .rfind(char::is_whitespace)
            .map_or(0, |space| space + before[space..].chars().next().map_or(1, char::len_utf8))
    };
    let mut start = word(&text[..at]);
    loop {
        let before = text[..start].trim_end();
        let mark = word(before);
        if mark == before.len()
            || !before[mark..].chars().all(|c| matches!(c, '«' | '‹' | '“' | '„' | '(' | '[' | '¿' | '¡'))
        {
            return start;
        }
        start = mark;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(rows: &[(&str, f64, f64, &str)]) -> Vec<TimedWord> {
        let time = |at: f64| Some(Ticks::from_secs(at)).filter(|_| at >= 0.0);
        let speaker = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        let word = |(text, start, end, name): &(&str, f64, f64, &str)| TimedWord {
            line: 1,
            text: (*text).to_owned(),
            start: time(*start),
            end: time(*end),
            speaker: speaker(name),
        };
        rows.iter().map(word).collect()
    }

    fn shown(text: &str, spoken: Option<Vec<Spoken>>) -> Vec<String> {
        let time = |at: Option<Ticks>| at.map_or("?".to_owned(), |at| at.secs().to_string());
        let one = |part: &Spoken| {
            let name = part.speaker.as_deref().unwrap_or("");
            format!("{}-{} {name}|{}", time(part.start), time(part.end), &text[part.text.clone()])
        };
        spoken.unwrap_or_default().iter().map(one).collect()
    }

    #[test]
    fn sentences_have_the_times_of_their_words() {
        let text = "Hello, you. In 2014 it began! « Oui ? »";
        let there = words(&[
            (" hello", 1.0, 1.5, ""),
            ("you", 1.5, 2.0, ""),
            ("In", 3.0, 3.1, ""),
            ("2014", -1.0, -1.0, ""),
            ("it", 4.0, 4.1, ""),
            ("began", 4.2, 4.9, ""),
            ("Oui", 6.0, 6.5, ""),
        ]);
        let found = shown(text, by_sentences(text, &there));
        assert_eq!(found, ["1-2 |Hello, you.", "3-4.9 |In 2014 it began!", "6-6.5 |« Oui ? »"]);
    }

    #[test]
    fn words_of_another_text_cut_nothing() {
        let there = words(&[("Hello", 1.0, 1.5, ""), ("you", 1.5, 2.0, "")]);
        for text in ["Hello, me. Bye.", "Hello", "Hello, you there", ""] {
            assert_eq!(by_sentences(text, &there), None, "{text}");
            assert_eq!(by_pauses(text, &there), None, "{text}");
        }
    }

    #[test]
    fn a_sentence_without_times_joins_the_one_before_and_the_most_frequent_speaker_has_it() {
        let text = "One two. Three. Four five six.";
        let there = words(&[
            ("One", 1.0, 1.2, "A"),
            ("two", 1.3, 1.6, "B"),
            ("Three", -1.0, -1.0, ""),
            ("Four", 3.0, 3.2, "A"),
            ("five", 3.3, 3.4, "B"),
            ("six", 3.5, 3.8, "B"),
        ]);
        assert_eq!(shown(text, by_sentences(text, &there)), ["1-1.6 A|One two. Three.", "3-3.8 B|Four five six."]);
    }

    #[test]
    fn a_text_without_lines_is_cut_at_pauses_sentences_and_speakers() {
        let text = "one two three, four. five (six) seven";
        let there = words(&[
            ("one", 1.0, 1.2, "A"),
            ("two", 1.3, 1.6, "A"),
            ("three", 3.0, 3.3, "A"),
            ("four", 3.4, 3.6, "A"),
            ("five", 3.7, 3.9, "A"),
            ("six", 4.0, 4.2, "B"),
            ("seven", 4.3, 4.6, "B"),
        ]);
        let found = shown(text, by_pauses(text, &there));
        assert_eq!(found, ["1-1.6 A|one two", "3-3.6 A|three, four.", "3.7-3.9 A|five", "4-4.6 B|(six) seven"]);
        let many: Vec<(&str, f64, f64, &str)> = (0..60).map(|i| ("word", f64::from(i), f64::from(i), "")).collect();
        let many: Vec<_> = many.into_iter().map(|(w, s, e, n)| (w, s / 10.0, e / 10.0, n)).collect();
        let text = vec!["word"; 60].join(" ");
        let lines = by_pauses(&text, &words(&many)).unwrap_or_default();
        assert!(lines.len() == 3 && lines.iter().all(|line| line.text.len() <= LONG + 10), "{lines:?}");
    }
}
