//! In: when words are said, as a file tells. Out: the real pauses between them, and how fast words follow each other.
//! Knows no format and no language.
//!
//! Where a file says when each word ends, what lies between is the pause. Mostly it does not, or lets each word last
//! until the next begins; then a pause is what a word leaves of the time to the next, at the pace of its neighbours.
//! Times that were made up from the length of a line, even or in proportion to the letters, tell of no pause.

use crate::time::Ticks;

/// A pause that is one to the ear (Virkar 2022).
const REAL_PAUSE: Ticks = Ticks::from_millis(300);

/// The letters that a word takes beside its own: its beginning and end are not said in no time.
const BESIDE: i64 = 2;

/// A digit takes as long as so many letters.
const DIGIT: usize = 4;

/// So many steps that are all alike are no chance, and so far they may differ, in hundredths.
const NO_CHANCE: usize = 3;
const ALIKE: i64 = 110;

/// Times this far outside a line are not those of its words.
const OUTSIDE: Ticks = Ticks::from_millis(500);

/// A silence inside a cue, between two of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pause {
    /// Where the word after it begins, as a byte of the cue's text.
    pub at: usize,
    /// When the word before it has ended; an estimate where the file does not say.
    pub from: Ticks,
    /// When the word after it begins.
    pub until: Ticks,
}

/// When a word is said, as far as a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordTime {
    /// Where it begins, as a byte of the text.
    pub at: usize,
    pub start: Ticks,
    pub end: Option<Ticks>,
}

/// One or several words that follow each other in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// When the first of them begins.
    pub start: Ticks,
    /// When the last of them ends, where the transcript says so.
    pub end: Option<Ticks>,
    /// How many letters they have; digits count as several.
    pub letters: usize,
}

/// How many letters a text has for the time it takes to say it.
pub fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| if c.is_numeric() { DIGIT } else { 1 }).sum()
}

/// How fast words follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From one start to the next, for each letter; the middle one of all.
    letter: Ticks,
    /// From one start to the next; the middle one of all.
    step: Ticks,
    /// Whether the times may have been heard, and not made up from a length.
    heard: bool,
}

impl Pace {
    /// The pace of words that are in order.
    pub fn of(words: &[Timed]) -> Pace {
        let steps: Vec<(Ticks, i64)> =
            words.windows(2).map(|pair| (pair[1].start - pair[0].start, pair[0].letters as i64)).collect();
        let each = |beside: i64| steps.iter().map(move |(step, letters)| step.0 / (letters + beside).max(1));
        let even = alike(steps.iter().map(|(step, _)| step.0));
        let made_up = even || (0..=BESIDE).any(|beside| alike(each(beside)));
        let step = middle(steps.iter().map(|(step, _)| *step).collect());
        Pace { letter: middle(each(BESIDE).map(Ticks).collect()), step, heard: !made_up }
    }

    /// The silence between two neighbours: what is stated, or what the first leaves of the time to the second.
    pub fn pause(&self, before: &Timed, after: &Timed) -> Ticks {
        let step = after.start - before.start;
        let stated = before.end.map_or(Ticks::ZERO, |end| after.start - end);
        if stated >= REAL_PAUSE {
            return stated;
        }
        let left = step - self.letter * (before.letters as i64 + BESIDE);
        let stands_out = self.heard && step.0 * 2 >= self.step.0 * 3;
        stated.max(if stands_out { left } else { Ticks::ZERO })
    }
}

/// Whether numbers are all about the same, too many of them for chance.
fn alike(numbers: impl Iterator<Item = i64> + Clone) -> bool {
    let (least, most) = (numbers.clone().min().unwrap_or(0), numbers.clone().max().unwrap_or(0));
    numbers.count() >= NO_CHANCE && most * 100 <= least * ALIKE
}

/// The middle one, the lower of two.
fn middle(mut times: Vec<Ticks>) -> Ticks {
    times.sort_unstable();
    let at = times.len().saturating_sub(1) / 2;
    times.get(at).copied().unwrap_or(Ticks::ZERO)
}

/// The real pauses inside a text that is said from `start` to `end`, by the times of its words, which may be in any
/// order. Where one lies outside, or a later word is said before an earlier one, none is believed.
pub(super) fn pauses(text: &str, mut words: Vec<WordTime>, start: Ticks, end: Option<Ticks>) -> Vec<Pause> {
    words.iter_mut().for_each(|word| word.at = word_after(text, word.at));
    words.sort_by_key(|word| (word.at, word.start));
    let words = joined(text, &words);
    let from = start - OUTSIDE;
    let inside = |time: Ticks| time >= from && end.is_none_or(|end| time <= end + OUTSIDE);
    if words.len() < 2 || !words.iter().all(|word| inside(word.start)) || !words.is_sorted_by_key(|word| word.start) {
        return Vec::new();
    }
    let until = words.iter().skip(1).map(|word| word.at).chain([text.len()]);
    let timed: Vec<Timed> = words
        .iter()
        .zip(until)
        .map(|(word, until)| Timed { start: word.start, end: word.end, letters: letters(&text[word.at..until]) })
        .collect();
    let pace = Pace::of(&timed);
    let mut found = Vec::new();
    for (pair, word) in timed.windows(2).zip(&words[1..]) {
        let length = pace.pause(&pair[0], &pair[1]);
        if length >= REAL_PAUSE {
            found.push(Pause { at: word.at, from: word.start - length, until: word.start });
        }
    }
    found
}

/// Where the word begins that is at `at` or after it.
fn word_after(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    text.len() - rest.trim_start().len()
}

/// Words in order, each once: of several times before one word the last is its own, and those before end the word
/// before; so does a time after the last word.
fn joined(text: &str, words: &[WordTime]) -> Vec<WordTime> {
    let mut joined: Vec<WordTime> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        if word.at < text.len() && words.get(at + 1).is_none_or(|next| next.at > word.at) {
            joined.push(*word);
        } else if let Some(before) = joined.last_mut().filter(|before| before.start <= word.start) {
            before.end = Some(before.end.map_or(word.start, |end| end.min(word.start)));
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: i64) -> Ticks {
        Ticks::from_millis(ms)
    }

    /// The words and the pauses.
    type Row<'a> = (&'a [(usize, i64, i64)], &'a [&'a str]);

    /// The pauses as `byte:from-until`, of words given by their place, start and end (0: none).
    fn shown(text: &str, words: &[(usize, i64, i64)]) -> Vec<String> {
        let word = |(at, start, end): &(usize, i64, i64)| WordTime {
            at: *at,
            start: ms(*start),
            end: Some(ms(*end)).filter(|end| *end > Ticks::ZERO),
        };
        let found = pauses(text, words.iter().map(word).collect(), ms(0), Some(ms(20_000)));
        found.iter().map(|p| format!("{}:{}-{}", p.at, p.from.0 / ms(1).0, p.until.0 / ms(1).0)).collect()
    }

    #[test]
    fn pauses_that_are_stated_and_those_that_words_leave() {
        let text = "so welcome back everyone today we go";
        let rows: [Row<'_>; 5] = [
            (&[(0, 1000, 1200), (3, 1600, 2000), (11, 2100, 2400)], &["3:1200-1600"]),
            // Only starts: "everyone" lasts 1100 ms where 650 are its share.
            (
                &[
                    (0, 1200, 0),
                    (2, 1400, 0),
                    (10, 1800, 0),
                    (15, 2130, 0),
                    (24, 3230, 0),
                    (30, 3560, 0),
                    (33, 3700, 0),
                ],
                &["25:2601-3230"],
            ),
            // The same, each word lasting until the next.
            (
                &[
                    (0, 1200, 1400),
                    (3, 1400, 1800),
                    (11, 1800, 2130),
                    (16, 2130, 3230),
                    (25, 3230, 3560),
                    (31, 3560, 3700),
                ],
                &["25:2630-3230"],
            ),
            // A time before white space ends a word.
            (
                &[(0, 1000, 0), (2, 1200, 0), (3, 2000, 0), (10, 2400, 0), (11, 2450, 0), (36, 9000, 0)],
                &["3:1200-2000"],
            ),
            (&[(0, 1000, 0)], &[]),
        ];
        for (words, wanted) in rows {
            assert_eq!(shown(text, words), wanted, "{words:?}");
        }
    }

    #[test]
    fn times_that_were_made_up_tell_of_no_pause() {
        let text = "I internationalise a b considerably";
        let rows: [&[(usize, i64, i64)]; 5] = [
            // Even; by letters; all the same; backwards; of another line.
            &[(0, 0, 0), (2, 1000, 0), (19, 2000, 0), (21, 3000, 0), (23, 4000, 0)],
            &[(0, 0, 0), (2, 200, 0), (19, 3400, 0), (21, 3600, 0), (23, 3800, 0)],
            &[(0, 0, 0), (2, 0, 0), (19, 0, 0), (21, 0, 0), (23, 0, 0)],
            &[(0, 0, 0), (2, 2000, 0), (19, 1000, 0), (21, 4000, 0), (23, 8000, 0)],
            &[(0, 0, 0), (2, 200, 0), (19, 1000, 0), (21, 24_000, 0)],
        ];
        for words in rows {
            assert_eq!(shown(text, words), [""; 0], "{words:?}");
        }
        assert_eq!(shown(text, &[(0, 0, 0), (2, 200, 0), (19, 1000, 0), (21, 4000, 0), (23, 4100, 0)]).len(), 1);
    }
}
