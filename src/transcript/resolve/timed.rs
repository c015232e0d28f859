//! In: a raw cue and its plain text. Out: when its words are said, by the times in its markup and those beside its text;
//! when the first of them is; and the pauses between them. Knows no format but how ASS counts.

use super::markup::Stripped;
use crate::time::Ticks;
use crate::transcript::pauses::{Pause, WordTime, pauses};
use crate::transcript::raw::{Markup, Packed, Raws};

/// When the words of a cue are said, by its markup.
pub(super) fn marked(text: &Stripped, cue: &Packed) -> Vec<WordTime> {
    let from = if cue.markup == Markup::Ass { cue.start } else { Ticks::ZERO };
    text.times().iter().map(|(at, time)| WordTime { at: *at, start: from + *time, end: None }).collect()
}

/// When the words of a cue are said, by what stood beside its text.
pub(super) fn beside(text: &Stripped, raw: &Raws, cue: &Packed) -> Vec<WordTime> {
    let mut words = raw.times(cue).peekable();
    if words.peek().is_none() {
        return Vec::new();
    }
    let Some(places) = Letters::of(raw.text(cue), &text.text) else { return Vec::new() };
    words.filter_map(|word| Some(WordTime { at: places.place(word.at)?, ..word })).collect()
}

/// Where the letters of a raw text are in the plain one, which has the same letters.
struct Letters {
    raw: Vec<usize>,
    plain: Vec<usize>,
}

impl Letters {
    fn of(raw: &str, plain: &str) -> Option<Letters> {
        let places = |text: &str| text.char_indices().filter(|(_, c)| c.is_alphanumeric()).map(|(at, _)| at).collect();
        let letters = Letters { raw: places(raw), plain: places(plain) };
        (letters.raw.len() == letters.plain.len()).then_some(letters)
    }

    /// Where the first letter at or after a byte of the raw text is in the plain one.
    fn place(&self, at: usize) -> Option<usize> {
        self.plain.get(self.raw.partition_point(|letter| *letter < at)).copied()
    }
}

/// The pauses in what is new of a text, which is said from `start` to `end`.
pub(super) fn between(
    text: &str,
    old: usize,
    mut words: Vec<WordTime>,
    start: Ticks,
    end: Option<Ticks>,
) -> Vec<Pause> {
    words.retain(|word| word.at >= old);
    if words.is_empty() {
        return Vec::new();
    }
    let first = old + (text[old..].len() - text[old..].trim_start().len());
    if words.iter().all(|word| word.at > first) {
        words.push(WordTime { at: first, start, end: None });
    }
    pauses(text, words, start, end)
}

/// When the first word of a cue is said, where the file says so and that is inside the cue.
pub(super) fn first_word(text: &str, old: usize, cue: &Packed, words: &[WordTime]) -> Option<Ticks> {
    let word = old + (text[old..].len() - text[old..].trim_start().len());
    let mut times = words.iter().filter(|time| (old..=word).contains(&time.at)).map(|time| time.start);
    times.rfind(|time| *time > cue.start && cue.end().is_some_and(|end| *time < end))
}

#[cfg(test)]
mod tests;
