//! In: the plain texts and times of all cues, in order of time. Out: how much of the beginning of each was there before.
//! Knows no markup and no speakers.
//!
//! Live captions and the exports of video sites roll up: a cue shows the line before once more above the new one, and
//! between two such cues there may be one of 10 ms that shows nothing new. A file counts as rolling up when that happens
//! at least twice and in a fifth of its pairs of neighbours; only then is what a cue begins with compared with what the
//! cue before ended with. In any file a cue with the times and the text of another is that one once more, and so are
//! those that show a text picture by picture, and those of a line through whose words a highlight moves (`karaoke`).

use super::karaoke::{Held, Lines};
use super::shown::{Shown, TOUCHING, too_short};
use crate::time::Ticks;
use std::collections::{BTreeMap, HashSet, VecDeque};

/// A cue that is shorter than this, and too short for its words or with markup of its own, is a single picture of a moving
/// text where the same text follows.
const PICTURE: Ticks = Ticks::from_millis(300);

/// So many words in a row are no chance.
const NO_CHANCE: usize = 3;

/// How many texts are remembered in the search for moving ones.
const REMEMBERED: usize = 16;

/// Which cues show what was there before.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    /// The places of those that begin with it, in order, and how many bytes of each that is.
    pub bytes: BTreeMap<usize, usize>,
    /// The places of lines that are shown again word by word, and until when.
    pub held: BTreeMap<usize, Held>,
}

/// Cues as they are seen one after the other.
#[derive(Debug, Default)]
pub(super) struct Rollup {
    /// How many were seen.
    seen: usize,
    before: Option<(Ticks, Option<Ticks>, String)>,
    /// Pairs of neighbours that look like text that moves up or grows.
    signs: usize,
    /// What neighbours have in common: the place of the second, and how many of its bytes.
    overlaps: Vec<(usize, usize)>,
    /// The same of cues that are another one once more, or the next picture of it.
    again: Vec<(usize, usize)>,
    /// The texts and ends of those that start now.
    start: Option<Ticks>,
    now: HashSet<(String, Option<Ticks>)>,
    /// The last brief ones, and their ends.
    brief: VecDeque<(String, Ticks)>,
    lines: Lines,
}

impl Rollup {
    /// Takes note of the next cue.
    pub(super) fn see(&mut self, cue: Shown<'_>) {
        let at = self.seen;
        self.seen += 1;
        self.lines.see(at, &cue);
        if self.once_more(&cue) {
            self.again.push((at, cue.text.len()));
        }
        if let Some((start, end, text)) = &self.before {
            let overlap = overlap(&Shown { start: *start, end: *end, text, looks: &[] }, &cue);
            self.signs += usize::from(overlap.rolls);
            if overlap.bytes > 0 {
                self.overlaps.push((at, overlap.bytes));
            }
        }
        let mut text = self.before.take().map(|(.., text)| text).unwrap_or_default();
        text.clear();
        text.push_str(cue.text);
        self.before = Some((cue.start, cue.end, text));
    }

    /// Whether it is another one once more, or the next picture of it.
    fn once_more(&mut self, cue: &Shown<'_>) -> bool {
        if cue.text.is_empty() {
            return false;
        }
        if self.start != Some(cue.start) {
            self.start = Some(cue.start);
            self.now.clear();
        }
        let same = !self.now.insert((cue.text.to_owned(), cue.end));
        let length = cue.end.map(|end| end - cue.start);
        // A word that is said again has a cue as short; it has no looks, and time enough.
        let picture = |length: Ticks| length <= PICTURE && (!cue.looks.is_empty() || too_short(length, cue.text));
        let brief = cue.end.filter(|_| length.is_some_and(picture));
        let touches = |(text, end): &(String, Ticks)| text == cue.text && (cue.start - *end).0.abs() <= PICTURE.0 / 4;
        let moving = brief.is_some() && self.brief.iter().any(touches);
        if let Some(end) = brief {
            self.brief.push_back((cue.text.to_owned(), end));
            if self.brief.len() > REMEMBERED {
                self.brief.pop_front();
            }
        }
        same || moving
    }

    /// What of them was there before.
    pub(super) fn repeated(self) -> Repeated {
        let karaoke = self.lines.finish();
        let mut bytes: BTreeMap<usize, usize> = self.again.into_iter().collect();
        // A line whose highlight begins anew is no picture of the one before.
        bytes.retain(|at, _| karaoke.held.get(at).is_none_or(|held| held.words.len() < 2));
        bytes.extend(karaoke.again);
        if self.signs >= 2 && self.signs * 5 >= self.seen.saturating_sub(1) {
            for (at, overlap) in self.overlaps {
                let known = bytes.entry(at).or_default();
                *known = overlap.max(*known);
            }
        }
        Repeated { bytes, held: karaoke.held }
    }
}

/// What two neighbours have in common: the end of the first, the beginning of the second.
#[derive(Clone, Copy, Debug, Default)]
struct Overlap {
    /// How many bytes of the second.
    bytes: usize,
    /// Whether it looks like text that moves up or grows.
    rolls: bool,
}

fn overlap(a: &Shown<'_>, b: &Shown<'_>) -> Overlap {
    let apart = a.end.is_some_and(|end| b.start - end > TOUCHING);
    if apart || a.text.is_empty() || b.text.is_empty() {
        return Overlap::default();
    }
    let first: Vec<&str> = a.text.split_whitespace().collect();
    let second: Vec<(usize, &str)> = words(b.text);
    let words_of_second: Vec<&str> = second.iter().map(|(_, word)| *word).collect();
    for count in borders(&words_of_second, &first) {
        let end = second[count - 1].0 + second[count - 1].1.len();
        let (all_of_first, all_of_second) = (count == first.len(), count == second.len());
        let whole_lines = all_of_second || b.text[end..].starts_with('\n');
        if all_of_first || whole_lines || count >= NO_CHANCE {
            let rolls = (all_of_first || whole_lines) && !(all_of_first && all_of_second);
            return Overlap { bytes: end, rolls };
        }
    }
    Overlap::default()
}

/// The words of a text and where they begin.
fn words(text: &str) -> Vec<(usize, &str)> {
    let from = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|word| (from(word), word)).collect()
}

/// The lengths, longest first, of the beginnings of `second` that are ends of `first` (Knuth, Morris, Pratt 1977).
fn borders(second: &[&str], first: &[&str]) -> Vec<usize> {
    let mut fail = vec![0usize; second.len() + 1];
    for at in 1..second.len() {
        let mut length = fail[at];
        while length > 0 && second[at] != second[length] {
            length = fail[length];
        }
        fail[at + 1] = if second[at] == second[length] { length + 1 } else { 0 };
    }
    let mut matched = 0;
    for word in &first[first.len().saturating_sub(second.len())..] {
        while matched > 0 && (matched == second.len() || second[matched] != *word) {
            matched = fail[matched];
        }
        matched += usize::from(second[matched] == *word);
    }
    let mut found = Vec::new();
    while matched > 0 {
        found.push(matched);
        matched = fail[matched];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is new in each cue, given as milliseconds and text.
    fn new<'a>(cues: &[(i64, i64, &'a str)]) -> Vec<&'a str> {
        let shown = |(start, end, text): &(i64, i64, &'a str)| Shown {
            start: Ticks::from_millis(*start),
            end: Some(Ticks::from_millis(*end)),
            text,
            looks: &[],
        };
        let mut rollup = Rollup::default();
        cues.iter().map(shown).for_each(|cue| rollup.see(cue));
        let repeated = rollup.repeated().bytes;
        let new =
            |(at, (_, _, text)): (usize, &(i64, i64, &'a str))| text[repeated.get(&at).copied().unwrap_or(0)..].trim();
        cues.iter().enumerate().map(new).collect()
    }

    #[test]
    fn captions_that_roll_up_say_each_word_once() {
        let video_site = [
            (0, 2000, "hello there"),
            (2000, 2010, "hello there"),
            (2010, 4000, "hello there\nhow are you"),
            (4000, 4010, "how are you"),
            (4010, 6000, "how are you\nhow are you"),
            (6000, 6010, "how are you"),
        ];
        assert_eq!(new(&video_site), ["hello there", "", "how are you", "", "how are you", ""]);
        let growing =
            [(0, 500, "so"), (500, 900, "so what"), (900, 1500, "so what is it"), (1500, 2000, "what is it\nno")];
        assert_eq!(new(&growing), ["so", "what", "is it", "no"]);
        let three_lines = [(0, 1, "a\nb\nc"), (1, 2, "b\nc\nd"), (2, 3, "c\nd\ne"), (3, 4, "x"), (4, 5, "y")];
        assert_eq!(new(&three_lines), ["a\nb\nc", "d", "e", "x", "y"]);
    }

    #[test]
    fn people_may_repeat_themselves() {
        let answers = [(0, 900, "No."), (1000, 1900, "No."), (2000, 2900, "No. I said no."), (3000, 3900, "Why?")];
        assert_eq!(new(&answers), ["No.", "No.", "No. I said no.", "Why?"]);
        let far = [(0, 900, "a b"), (5000, 5900, "a b\nc d"), (9000, 9900, "c d\ne f")];
        assert_eq!(new(&far), ["a b", "a b\nc d", "c d\ne f"]);
    }

    #[test]
    fn the_same_cue_twice_is_one_and_so_is_a_moving_text() {
        let layers = [(0, 900, "Sign"), (0, 900, "Sign"), (0, 800, "Sign"), (900, 2000, "x")];
        assert_eq!(new(&layers), ["Sign", "", "Sign", "x"]);
        let moving = [(0, 40, "Sign"), (40, 80, "Sign"), (40, 3000, "Said."), (80, 120, "Sign"), (5000, 5040, "Sign")];
        assert_eq!(new(&moving), ["Sign", "", "Said.", "", "Sign"]);
    }

    #[test]
    fn long_texts_of_one_word_take_no_great_time() {
        let text = "a ".repeat(50_000);
        let cue = |at: i64| (at, at + 1, text.as_str());
        let begun = std::time::Instant::now();
        new(&[cue(0), cue(1), cue(2), cue(3)]);
        assert!(begun.elapsed().as_secs() < 5);
    }
}
