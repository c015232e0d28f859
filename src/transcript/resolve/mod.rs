//! In: raw cues as any format's module gives them. Out: cues: markup removed, what is no speech marked, speakers found,
//! in order of time. The same for every format but for whether a label holds for the cues after it. Knows no format's
//! syntax.

mod brackets;
mod dialogue;
mod directions;
mod karaoke;
mod markup;
mod noise;
mod order;
mod rollup;
mod shown;
mod speakers;
mod tags;
mod timed;
mod turns;

use super::cue::{Cue, together};
use super::directions::{Directed, Direction};
use super::marks::{Mark, Silence, Sounds, within};
use super::pauses::Pause;
use super::raw::{Markup, Packed, Raws};
use super::tally::Tally;
use crate::notes::{Note, Notes};
use crate::time::Ticks;
use directions::directions;
use markup::{Stripped, strip};
use rollup::{Repeated, Rollup};
use shown::Shown;
use speakers::Names;
use std::ops::Range;
use std::sync::Arc;
use timed::{beside, between, first_word, marked};
use turns::{Turn, Who, turns};

/// How precise the start of a second turn is at best that was found by the share of the text before it.
const GUESS: Ticks = Ticks::from_millis(500);

/// How long a line without an end is taken to last for the share of its turns: this much, and so much for each letter.
const AT_LEAST: Ticks = Ticks::from_millis(1000);
const PER_LETTER: Ticks = Ticks::from_millis(80);

/// So many cues have their texts in one block.
const TOGETHER: usize = 1 << 12;

/// Makes cues of what a format's module found. `carries` is whether a label holds until another comes.
///
/// Markup is taken out of every text twice rather than kept beside it: a large file is not held in two shapes.
pub(super) fn stamped(mut raw: Raws, carries: bool, notes: &mut Vec<Note>) -> Vec<Cue> {
    let mut odd = Notes::default();
    order::sort(&mut raw, &mut odd);
    let (names, mut repeated) = seen(&mut raw);
    let mut cues = Vec::with_capacity(raw.all().len());
    let mut speaker: Option<Arc<str>> = None;
    raw.all().reverse();
    let (mut at, mut apart, mut next) = (0, 0, Next::default());
    while let Some(&cue) = raw.all().last() {
        let later = next.after(raw.all());
        let text = strip(raw.text(&cue), cue.markup);
        let old = repeated.bytes.get(&at).copied().unwrap_or(0);
        let held = repeated.held.remove(&at);
        at += 1;
        let (turns, marks) = turns(&text, old, &names);
        let named = raw.speaker(&cue);
        if !carries || named.is_some() {
            speaker = named;
        }
        let mut words = marked(&text, &cue);
        let start = first_word(&text.text, old, &cue, &words).unwrap_or(cue.start);
        let end = held.as_ref().map(|held| held.end).or(cue.end());
        words.extend(beside(&text, &raw, &cue));
        words.extend(held.iter().flat_map(|held| &held.words));
        let pauses = between(&text.text, old, words, start, end);
        // What shows the same line again is not the next one.
        let later = held.as_ref().map_or(later, |held| later.map(|later| later.max(held.end)));
        split(
            Settled { start, end, cue, text, marks, pauses, next: later },
            turns,
            &mut |who| raw.named(who),
            &mut speaker,
            &mut cues,
        );
        pop(raw.all());
        if cues.len() >= apart + TOGETHER {
            together(&mut cues[apart..]);
            apart = cues.len();
        }
    }
    together(&mut cues[apart..]);
    order::settle(&mut cues, &mut odd);
    notes.extend(odd.finish().0);
    tell_silent(&cues, notes);
    cues
}

/// The names that label cues; and which cues show what was there before.
fn seen(raw: &mut Raws) -> (Names, Repeated) {
    raw.all();
    let (mut names, mut rollup) = (Names::default(), Rollup::default());
    for cue in raw.packed() {
        let text = strip(raw.text(cue), cue.markup);
        rollup.see(Shown { start: cue.start, end: cue.end(), text: &text.text, looks: text.looks() });
        names.see(text.text.trim_start());
    }
    let repeated = rollup.repeated();
    if !repeated.bytes.is_empty() {
        names = Names::default();
        for (at, cue) in raw.packed().iter().enumerate() {
            let text = strip(raw.text(cue), cue.markup).text;
            names.see(text[repeated.bytes.get(&at).copied().unwrap_or(0)..].trim_start());
        }
    }
    (names, repeated)
}

/// Takes the last of a list away, and gives its memory back now and then.
fn pop<T>(list: &mut Vec<T>) {
    list.pop();
    if list.len().is_multiple_of(1 << 16) {
        list.shrink_to_fit();
    }
}

/// The first start after that of the cue at hand.
#[derive(Debug, Default)]
struct Next {
    /// How many cues share it, the one at hand included.
    left: usize,
    start: Option<Ticks>,
}

impl Next {
    /// That of the last of `reversed`.
    fn after(&mut self, reversed: &[Packed]) -> Option<Ticks> {
        if self.left == 0 {
            let mut starts = reversed.iter().rev().map(|cue| cue.start);
            let now = starts.next()?;
            let later = starts.position(|start| start > now);
            self.left = later.map_or(reversed.len(), |later| later + 1);
            self.start = later.and_then(|_| reversed.iter().nth_back(self.left)).map(|cue| cue.start);
        }
        self.left -= 1;
        self.start
    }
}

/// A cue whose turns are known.
struct Settled {
    cue: Packed,
    start: Ticks,
    end: Option<Ticks>,
    text: Stripped,
    marks: Vec<Mark>,
    pauses: Vec<Pause>,
    /// When the next one starts.
    next: Option<Ticks>,
}

/// One cue for each turn; they share the time by the length of what is said.
fn split(
    settled: Settled,
    turns: Vec<Turn>,
    named: &mut impl FnMut(&str) -> Arc<str>,
    speaker: &mut Option<Arc<str>>,
    cues: &mut Vec<Cue>,
) {
    let Settled { cue, start, end: stated, text, marks, pauses, next } = settled;
    let given = directions(text.tags(), text.text.len());
    let (mut line, mut read) = (cue.line(), 0);
    let mut parts: Vec<Cue> = Vec::with_capacity(turns.len());
    for turn in &turns {
        let whole = &text.text[turn.place.clone()];
        let from = turn.place.start + (whole.len() - whole.trim_start().len());
        line += if cue.flat { 0 } else { text.text[read..from].matches('\n').count() };
        read = from;
        let place = from..from + whole.trim().len();
        let mut part = part(&text, place.clone(), &marks, &given);
        part.set_pauses(inside(&pauses, &place));
        part.set_line(line);
        part.set_lang(part.lang().or(cue.lang));
        parts.push(part);
    }
    let letters: Vec<i64> = parts.iter().map(|part| 1 + letters(part)).collect();
    let total: i64 = letters.iter().sum();
    let guess = start + AT_LEAST + PER_LETTER * total;
    let end = stated.filter(|end| *end > start).unwrap_or(guess);
    let end = next.filter(|next| *next > start).map_or(end, |next| next.min(end));
    let place =
        |letters: i64| start + Ticks(((end - start).0 as i128 * i128::from(letters) / i128::from(total)) as i64);
    let (count, mut before) = (parts.len(), 0);
    for (at, (mut part, turn)) in parts.into_iter().zip(turns).enumerate() {
        let from = place(before);
        before += letters[at];
        // Only the last ends where the whole does, and as the file has it.
        part.set_end(if at + 1 == count { stated } else { Some(place(before)) });
        let guessed = GUESS.min(Ticks((place(before) - from).0 / 2));
        part.set_start(from, if at > 0 { cue.grain().max(guessed) } else { cue.grain() });
        if at > 0 && part.pauses().iter().any(|pause| pause.from < from) {
            // It is before this turn, of which only later words have times.
            part.set_pauses(part.pauses().iter().filter(|pause| pause.from >= from).copied().collect());
        }
        part.set_turn(at > 0 || turn.who != Who::Same);
        match turn.who {
            Who::Same => {}
            Who::Another => *speaker = None,
            Who::Named(name) => {
                part.set_turn(part.turn() && speaker.as_deref() != Some(&*name));
                *speaker = Some(named(&name));
            }
        }
        part.set_speaker(speaker.clone());
        cues.push(part);
    }
}

/// The pauses before words in `place` other than the first, by their places there.
fn inside(pauses: &[Pause], place: &Range<usize>) -> Vec<Pause> {
    let here = pauses.iter().filter(|pause| place.start < pause.at && pause.at < place.end);
    here.map(|pause| Pause { at: pause.at - place.start, ..*pause }).collect()
}

/// How many letters and digits of a cue are said.
fn letters(cue: &Cue) -> i64 {
    cue.aloud(Sounds::Skip).chars().filter(|c| c.is_alphanumeric()).count() as i64
}

/// Makes a language that holds for all that a cue says that of the cue.
fn whole(mut cue: Cue) -> Cue {
    let says = |place: Range<usize>| cue.text().get(place).is_some_and(crate::text::sayable);
    let all = |d: &Direction| !says(0..d.place.start) && !says(d.place.end..cue.text().len());
    let stated = cue.directions().iter().rev().find_map(|d| match d.what {
        Directed::Lang(lang) if all(d) => Some(lang),
        _ => None,
    });
    if stated.is_some() {
        let others = |d: &&Direction| !(matches!(d.what, Directed::Lang(_)) && all(d));
        let others = cue.directions().iter().filter(others).cloned().collect();
        cue.set_directions(others);
        cue.set_lang(stated);
    }
    cue
}

/// The text of one turn, and what of it is marked.
fn part(text: &Stripped, place: Range<usize>, marks: &[Mark], given: &[Direction]) -> Cue {
    let Range { start: from, end: to } = place;
    let clipped = |mark: &Mark| Mark {
        place: mark.place.start.max(from) - from..mark.place.end.clamp(from, to) - from,
        what: mark.what.clone(),
    };
    let marks = match from == to {
        true => marks.iter().filter(|mark| mark.place.is_empty()).map(clipped).collect(),
        false => within(marks, &(from..to)).map(clipped).collect(),
    };
    let given = given.iter().filter(|d| match d.place.is_empty() {
        true => (from..=to).contains(&d.place.start),
        false => d.place.start < to && d.place.end > from,
    });
    let inside = |d: &Direction| d.place.start.max(from) - from..d.place.end.min(to) - from;
    let mut cue = Cue::new(0, text.text[from..to].replace('\n', " "));
    cue.set_marks(marks);
    cue.set_directions(given.map(|d| Direction { place: inside(d), what: d.what.clone() }).collect());
    whole(cue)
}

/// Finds in sentences without times what directs and who speaks.
pub(super) fn prose(cues: &mut Vec<Cue>) {
    // What directs is no part of a text any more when labels are marked in it.
    direct(cues);
    dialogue::dialogue(cues);
}

/// Takes the directions out of the text of sentences; a pause that stands alone is that of the sentence after it.
fn direct(prose: &mut Vec<Cue>) {
    let mut waiting: Vec<Direction> = Vec::new();
    prose.retain_mut(|cue| {
        if cue.text().contains(['[', '<']) {
            let stripped = strip(cue.text(), Markup::Plain);
            cue.set_directions(directions(stripped.tags(), stripped.text.len()));
            if !cue.directions().is_empty() {
                cue.set_text(stripped.text);
                *cue = whole(std::mem::take(cue));
            }
        }
        let own = cue.directions().iter().cloned();
        if !cue.directions().is_empty() && !cue.sayable() {
            waiting.extend(own.map(|d| Direction { place: 0..0, ..d }));
            return false;
        }
        let all: Vec<Direction> = waiting.drain(..).chain(own).collect();
        cue.set_directions(all);
        true
    });
    prose.iter_mut().enumerate().for_each(|(at, cue)| cue.set_index(at + 1));
    prose.chunks_mut(TOGETHER).for_each(together);
}

/// One note for each reason why cues are wholly silent.
fn tell_silent(cues: &[Cue], notes: &mut Vec<Note>) {
    let mut tally = Tally::default();
    for cue in cues {
        let Some(why) = cue.silence() else { continue };
        let (code, hint) = match why {
            Silence::Sound => ("sound", "; --sounds speak has it read"),
            Silence::Music => ("music", "; --sounds speak has it read"),
            Silence::Label => ("label-alone", ""),
            Silence::Repeated => ("repeated", ""),
            Silence::Ruby => ("ruby", ""),
            Silence::Drawing => ("drawing", ""),
        };
        tally.add(Note::info(cue.line(), code, format!("this {} and is not spoken{hint}", why.words())));
    }
    notes.extend(tally.notes());
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
