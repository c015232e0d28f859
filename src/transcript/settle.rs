//! In: raw cues as any format's module gives them. Out: cues: markup removed, what is no speech marked, speakers found,
//! in order of time. The same for every format but for whether a label holds for the cues after it. Knows no format's
//! syntax.

use super::directions::{Directed, Direction, directions};
use super::marks::{Mark, Silence, What, within};
use super::markup::{Stripped, strip};
use super::raw::{Markup, RawCue};
use super::rollup::{Shown, repeated};
use super::speakers::Names;
use super::tally::Tally;
use super::turns::{Turn, Who, turns};
use super::{Cue, order};
use crate::notes::Note;
use crate::time::Ticks;
use std::ops::Range;

/// How precise the start of a second turn is at best that was found by the share of the text before it.
const GUESS: Ticks = Ticks::from_millis(500);

/// How long a line without an end is taken to last for the share of its turns: this much, and so much for each letter.
const AT_LEAST: Ticks = Ticks::from_millis(1000);
const PER_LETTER: Ticks = Ticks::from_millis(80);

/// Makes cues of what a format's module found. `carries` is whether a label holds until another comes.
pub(super) fn settle(mut raw: Vec<RawCue>, carries: bool, notes: &mut Vec<Note>) -> Vec<Cue> {
    order::sort(&mut raw, notes);
    let mut stripped: Vec<Stripped> = raw.iter_mut().map(stripped).collect();
    let shown = raw.iter().zip(&stripped).map(|(r, s)| Shown { start: r.start, end: r.end, text: &s.text });
    let repeated = repeated(&shown.collect::<Vec<_>>());
    let mut names = Names::default();
    for (cue, old) in stripped.iter().zip(&repeated) {
        names.see(cue.text[*old..].trim_start());
    }
    let mut cues = Vec::with_capacity(raw.len());
    let mut speaker: Option<String> = None;
    let later = later_starts(&raw);
    raw.reverse();
    stripped.reverse();
    for (next, old) in later.into_iter().zip(repeated) {
        let (Some(mut cue), Some(text)) = (last(&mut raw), last(&mut stripped)) else { break };
        let (turns, marks) = turns(&text, old, &names);
        if !carries || cue.speaker.is_some() {
            speaker = cue.speaker.take();
        }
        let start = first_word(&text, old, &cue).unwrap_or(cue.start);
        split(Settled { start, cue, text, marks, next }, turns, &mut speaker, &mut cues);
    }
    order::settle(&mut cues, notes);
    tell_silent(&cues, notes);
    cues
}

fn stripped(cue: &mut RawCue) -> Stripped {
    strip(&std::mem::take(&mut cue.text), cue.markup)
}

/// Takes the last of a list, and gives its memory back now and then: a large file is then not held in two shapes.
fn last<T>(list: &mut Vec<T>) -> Option<T> {
    let last = list.pop();
    if list.len().is_multiple_of(1 << 16) {
        list.shrink_to_fit();
    }
    last
}

/// For each cue the first start after its own.
fn later_starts(raw: &[RawCue]) -> Vec<Option<Ticks>> {
    let mut later: Vec<Option<Ticks>> = vec![None; raw.len()];
    for at in (1..raw.len()).rev() {
        later[at - 1] = if raw[at].start > raw[at - 1].start { Some(raw[at].start) } else { later[at] };
    }
    later
}

/// When the first word of a cue is said, where the file says so and that is inside the cue.
fn first_word(text: &Stripped, old: usize, cue: &RawCue) -> Option<Ticks> {
    let word = old + (text.text[old..].len() - text.text[old..].trim_start().len());
    let mut times = text.times().iter().filter(|(at, _)| (old..=word).contains(at)).map(|(_, time)| *time);
    times.rfind(|time| *time > cue.start && cue.end.is_some_and(|end| *time < end))
}

/// A cue whose turns are known.
struct Settled {
    cue: RawCue,
    start: Ticks,
    text: Stripped,
    marks: Vec<Mark>,
    /// When the next one starts.
    next: Option<Ticks>,
}

/// One cue for each turn; they share the time by the length of what is said.
fn split(settled: Settled, turns: Vec<Turn>, speaker: &mut Option<String>, cues: &mut Vec<Cue>) {
    let Settled { cue, start, text, marks, next } = settled;
    let given = directions(text.tags(), text.text.len());
    let (mut line, mut read) = (cue.line, 0);
    let mut parts: Vec<Cue> = Vec::with_capacity(turns.len());
    for turn in &turns {
        let whole = &text.text[turn.place.clone()];
        let from = turn.place.start + (whole.len() - whole.trim_start().len());
        line += if cue.flat { 0 } else { text.text[read..from].matches('\n').count() };
        read = from;
        let part = part(&text, from..from + whole.trim().len(), &marks, &given);
        parts.push(Cue { line, grain: cue.grain, lang: part.lang.or(cue.lang), ..part });
    }
    let letters: Vec<i64> = parts.iter().map(|part| 1 + letters(part)).collect();
    let total: i64 = letters.iter().sum();
    let guess = start + AT_LEAST + PER_LETTER * total;
    let end = cue.end.filter(|end| *end > start).unwrap_or(guess);
    let end = next.filter(|next| *next > start).map_or(end, |next| next.min(end));
    let place =
        |letters: i64| start + Ticks(((end - start).0 as i128 * i128::from(letters) / i128::from(total)) as i64);
    let (count, mut before) = (parts.len(), 0);
    for (at, (mut part, turn)) in parts.into_iter().zip(turns).enumerate() {
        let from = place(before);
        before += letters[at];
        part.start = Some(from);
        // Only the last ends where the whole does, and as the file has it.
        part.end = if at + 1 == count { cue.end } else { Some(place(before)) };
        if at > 0 {
            let length = place(before) - from;
            part.grain = cue.grain.max(GUESS.min(Ticks(length.0 / 2)));
        }
        part.turn = at > 0 || turn.who != Who::Same;
        match turn.who {
            Who::Same => {}
            Who::Another => *speaker = None,
            Who::Named(name) => {
                part.turn &= speaker.as_ref() != Some(&name);
                *speaker = Some(name);
            }
        }
        part.speaker.clone_from(speaker);
        cues.push(part);
    }
}

/// How many letters and digits of a cue are said.
fn letters(cue: &Cue) -> i64 {
    cue.aloud(super::Sounds::Skip).chars().filter(|c| c.is_alphanumeric()).count() as i64
}

/// Makes a language that holds for all that a cue says that of the cue.
fn whole(mut cue: Cue) -> Cue {
    let says = |place: Range<usize>| cue.text.get(place).is_some_and(crate::text::sayable);
    let all = |d: &Direction| !says(0..d.place.start) && !says(d.place.end..cue.text.len());
    let stated = cue.directions.iter().rev().find_map(|d| match d.what {
        Directed::Lang(lang) if all(d) => Some(lang),
        _ => None,
    });
    cue.directions.retain(|d| !(stated.is_some() && matches!(d.what, Directed::Lang(_)) && all(d)));
    cue.lang = stated.or(cue.lang);
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
    let directions = given.map(|d| Direction { place: inside(d), what: d.what.clone() }).collect();
    whole(Cue { text: text.text[from..to].replace('\n', " "), marks, directions, ..Cue::default() })
}

/// Takes the directions out of the text of sentences; a pause that stands alone is that of the sentence after it.
pub(super) fn direct(prose: &mut Vec<Cue>) {
    let mut waiting: Vec<Direction> = Vec::new();
    prose.retain_mut(|cue| {
        if cue.text.contains(['[', '<']) {
            let stripped = strip(&cue.text, Markup::Plain);
            cue.directions = directions(stripped.tags(), stripped.text.len());
            if !cue.directions.is_empty() {
                cue.text = stripped.text;
                *cue = whole(std::mem::take(cue));
            }
        }
        if !cue.directions.is_empty() && !cue.sayable() {
            waiting.extend(std::mem::take(&mut cue.directions).into_iter().map(|d| Direction { place: 0..0, ..d }));
            return false;
        }
        cue.directions.splice(0..0, waiting.drain(..)).for_each(drop);
        true
    });
    prose.iter_mut().enumerate().for_each(|(at, cue)| cue.index = at + 1);
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
        tally.add(Note::info(cue.line, code, format!("this {} and is not spoken{hint}", why.words())));
    }
    notes.extend(tally.notes());
}

impl Cue {
    /// Why nothing of it is said, where marks are the reason.
    pub fn silence(&self) -> Option<Silence> {
        let first = self.marks.iter().map(|mark| match mark.what {
            What::Silent(why) => why,
        });
        let grave = first.min_by_key(|why| *why == Silence::Label)?;
        (!crate::text::sayable(&self.aloud(super::Sounds::Skip))).then_some(grave)
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
