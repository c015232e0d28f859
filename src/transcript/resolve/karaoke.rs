//! In: the plain texts, looks and times of all cues, in order of time. Out: which of them are one line shown over and over
//! while a highlight moves through its words, how long each such line lasts, and when its words are said. Knows no
//! markup by its name and no speakers.
//!
//! Whisper (`--highlight_words`), stable-ts and programs for short films write a line once for each of its words: the same
//! text, each cue beginning where the last ended, only the underlined or coloured word is another one. Between
//! words that are apart there may be a cue with nothing highlighted.
//!
//! What people really say twice stays twice. A line counts as shown again only where its highlight went on through its
//! words: more than two thirds of them, or all the time there was would not do to say it so often. When the highlight
//! begins anew, so does the line. Where nothing is highlighted, three cues at least must be too short to be said.

use super::markup::Look;
use super::shown::{Shown, TOUCHING, too_short};
use crate::text::sayable;
use crate::time::Ticks;
use crate::transcript::pauses::WordTime;
use std::collections::{BTreeMap, HashSet, VecDeque};

/// How many texts are remembered that may be shown again.
const REMEMBERED: usize = 16;

/// So far may a cue begin before the last one ends: times are rounded.
const ROUNDED: Ticks = Ticks::from_millis(20);

/// A line that is shown more often than this is judged in parts.
const LONGEST: usize = 1 << 10;

/// A line that is shown again after its first cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Until when it is shown.
    pub end: Ticks,
    /// When its words are said, where a highlight tells, in order.
    pub words: Vec<WordTime>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Karaoke {
    /// The places of first cues, and what becomes of each.
    pub held: BTreeMap<usize, Held>,
    /// The places of those that are the same line once more, and how many bytes it has.
    pub again: Vec<(usize, usize)>,
}

/// A cue with a line.
#[derive(Debug)]
struct Picture {
    place: usize,
    start: Ticks,
    end: Ticks,
    looks: Vec<Look>,
}

/// A line and the cues that show it, each as the last one ends.
#[derive(Debug)]
struct Group {
    text: String,
    pictures: Vec<Picture>,
}

/// A line that a highlight goes through once, or not at all.
struct Pass<'a> {
    pictures: &'a [Picture],
    words: Vec<WordTime>,
}

/// Cues as they are seen one after the other.
#[derive(Debug, Default)]
pub(super) struct Lines {
    open: VecDeque<Group>,
    found: Karaoke,
    /// The looks of highlights that surely moved.
    moved: HashSet<u64>,
    /// Where highlights of the same looks move, these are one line as well.
    doubtful: Vec<Doubtful>,
}

/// A line of one word that is shown plain and highlighted.
#[derive(Debug)]
struct Doubtful {
    looks: HashSet<u64>,
    place: usize,
    held: Held,
    again: Vec<(usize, usize)>,
}

impl Lines {
    /// Takes note of the next cue, the one at `place`.
    pub(super) fn see(&mut self, place: usize, cue: &Shown<'_>) {
        let Some(end) = cue.end.filter(|end| *end > cue.start && sayable(cue.text)) else { return };
        let picture = Picture { place, start: cue.start, end, looks: cue.looks.to_vec() };
        let goes_on = |group: &Group| {
            group.text == cue.text
                && group.pictures.len() < LONGEST
                && group.pictures.last().is_some_and(|last| (-ROUNDED..=TOUCHING).contains(&(cue.start - last.end)))
        };
        match self.open.iter_mut().rev().find(|group| goes_on(group)) {
            Some(group) => group.pictures.push(picture),
            None => {
                self.open.push_back(Group { text: cue.text.to_owned(), pictures: vec![picture] });
                if self.open.len() > REMEMBERED
                    && let Some(group) = self.open.pop_front()
                {
                    self.judge(&group);
                }
            }
        }
    }

    /// What was found in all cues.
    pub(super) fn finish(mut self) -> Karaoke {
        while let Some(group) = self.open.pop_front() {
            self.judge(&group);
        }
        for line in self.doubtful {
            if !line.looks.is_disjoint(&self.moved) {
                self.found.held.insert(line.place, line.held);
                self.found.again.extend(line.again);
            }
        }
        self.found
    }

    /// Finds the lines in a group.
    fn judge(&mut self, group: &Group) {
        if group.pictures.len() < 2 {
            return;
        }
        let starts = word_starts(&group.text);
        for pass in passes(group, &starts) {
            let [first, others @ ..] = pass.pictures else { continue };
            let Some(end) = pass.pictures.iter().map(|picture| picture.end).max().filter(|_| !others.is_empty()) else {
                continue;
            };
            let count = pass.pictures.len() as i64;
            let hurried = too_short(Ticks((end - first.start).0 / count), &group.text);
            let spots = pass.words.len();
            let moved = spots >= 2 && (spots * 3 > starts.len() * 2 || hurried);
            let looks = pass.pictures.iter().flat_map(|picture| picture.looks.iter().map(|look| look.sign));
            let again = others.iter().map(|picture| (picture.place, group.text.len()));
            if moved || (count >= 3 && hurried) {
                if moved {
                    self.moved.extend(looks);
                }
                self.found.again.extend(again);
                self.found.held.insert(first.place, Held { end, words: pass.words });
            } else if spots == 1 && starts.len() == 1 {
                self.doubtful.push(Doubtful {
                    looks: looks.collect(),
                    place: first.place,
                    held: Held { end, words: pass.words },
                    again: again.collect(),
                });
            }
        }
    }
}

/// Where the words of a text begin.
fn word_starts(text: &str) -> Vec<usize> {
    text.split_whitespace().map(|word| word.as_ptr() as usize - text.as_ptr() as usize).collect()
}

/// The pictures of a group by the passes of a highlight through its words.
fn passes<'a>(group: &'a Group, starts: &[usize]) -> Vec<Pass<'a>> {
    let pictures = group.pictures.as_slice();
    let mut found = Vec::new();
    let (mut from, mut words): (usize, Vec<WordTime>) = (0, Vec::new());
    // The first of those with no highlight since the last that had one.
    let mut plain = 0;
    for (at, picture) in pictures.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &pictures[before]);
        let unmoved = before.is_some_and(|before| before.looks == picture.looks);
        let Some(spot) = spot(pictures, at).map(|spot| word_of(spot, starts)) else {
            if let Some(last) = words.last_mut().filter(|_| unmoved && plain == at) {
                last.end = Some(picture.end);
                plain = at + 1;
            }
            continue;
        };
        if let Some(last) = words.last().filter(|last| spot <= last.at) {
            // What is plain after the last word stands before the line that begins anew.
            let anew = if starts.last() == Some(&last.at) { plain } else { at };
            found.push(Pass { pictures: &pictures[from..anew], words: std::mem::take(&mut words) });
            from = anew;
        }
        words.push(WordTime { at: spot, start: picture.start, end: Some(picture.end) });
        plain = at + 1;
    }
    found.push(Pass { pictures: &pictures[from..], words });
    found
}

/// What is new in the looks of a picture.
#[derive(Clone, Copy)]
enum Spot {
    /// Something begins to look otherwise there.
    Begins(usize),
    /// What looked otherwise ends there now.
    Ends(usize),
}

/// Where the highlight of a picture is: where its looks are not those of its neighbours; `None` where it has none, or
/// the one of the picture before.
fn spot(pictures: &[Picture], at: usize) -> Option<Spot> {
    let looks = &pictures[at].looks;
    let before = at.checked_sub(1).map(|before| &pictures[before].looks);
    let after = pictures[at + 1..].iter().map(|picture| &picture.looks).find(|after| *after != looks);
    let new_to = |look: &Look, other: Option<&Vec<Look>>| other.is_none_or(|other| !other.contains(look));
    if before.or(after).is_none() || before == Some(looks) {
        return None;
    }
    let new = looks.iter().filter(|look| new_to(look, before) && new_to(look, after));
    let begins = new.clone().filter(|look| !look.closes).map(|look| look.at).min();
    begins.map(Spot::Begins).or_else(|| new.map(|look| look.at).max().map(Spot::Ends))
}

/// Where the word begins that a highlight is on.
fn word_of(spot: Spot, starts: &[usize]) -> usize {
    let at = match spot {
        Spot::Begins(at) => starts.iter().position(|start| *start >= at),
        Spot::Ends(at) => starts.iter().rposition(|start| *start < at),
    };
    // Markup that begins inside the last word is on that word.
    at.and_then(|at| starts.get(at)).or(starts.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
