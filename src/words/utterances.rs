//! In: cues with their words and languages. Out: utterances: what is to be spoken in one breath, with one intonation,
//! whichever lines it is spread over. Knows no voice and no durations.
//!
//! A sentence is an utterance, be it a part of a line or spread over several. It ends at a closing mark, and at the end
//! of a line where the transcript leaves a real pause, where the speaker or the language changes, and where a
//! paragraph ends. One that is too long for one breath is cut at a clause.

mod parts;
#[cfg(test)]
mod tests;

use super::Word;
use super::directed::between;
use super::phrases::Border;
use crate::lang::Lang;
use crate::text;
use crate::time::Ticks;
use crate::transcript::Cue;
use std::ops::Range;

/// From this length on a pause between two lines ends the utterance (Virkar 2022: 0.3 s).
const REAL_PAUSE: Ticks = Ticks::from_millis(300);

/// Among so many runs of cues the one is looked for that a cue goes on with: so many people at once.
const AT_ONCE: usize = 4;

/// The most characters of one utterance; a longer one is cut.
const LONGEST: usize = 400;

/// The part of an utterance that belongs to one cue, or to one phrase of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The cue, as a position in the list of cues.
    pub cue: usize,
    /// Its words, as positions in the cue's list of words.
    pub words: Range<usize>,
    /// How good a place for a pause is before it.
    pub border: Border,
    /// Whether its cue is more than a fragment of a phrase, so that it begins on its stamp and not only near it.
    pub pinned: bool,
    /// When the file has its first word begin after a real pause inside the cue.
    pub after_pause: Option<Ticks>,
}

/// What stands before an utterance; how long one would pause there depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// A sentence that was too long goes on.
    Clause,
    /// Another sentence.
    Sentence,
    /// Another paragraph, or nothing.
    Paragraph,
    /// A pause of this length that the transcript asks for.
    Stated(Ticks),
}

impl Before {
    /// The pause a reader makes there: half a breath, a breath, a moment, or what is asked for.
    pub fn pause(self, stamped: bool) -> Ticks {
        Ticks::from_millis(match (self, stamped) {
            (Before::Stated(pause), _) => return pause,
            (Before::Clause, _) => 150,
            (_, true) => 250,
            (Before::Sentence, false) => 450,
            (Before::Paragraph, false) => 900,
        })
    }
}

/// Words that are spoken in one breath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// Its parts, one for each cue it takes words from, in order; none is empty.
    pub parts: Vec<Part>,
    /// Its language.
    pub lang: Lang,
    /// Its speaker, where one is known.
    pub speaker: Option<String>,
    /// What stands before it.
    pub before: Before,
}

impl Utterance {
    /// The two utterances it becomes when it is cut before its part `at` (not 0).
    pub fn cut(mut self, at: usize) -> (Utterance, Utterance) {
        let mut parts = self.parts.split_off(at.clamp(1, self.parts.len()));
        if let Some(first) = parts.first_mut() {
            first.pinned = true;
        }
        let rest = Utterance { parts, lang: self.lang, speaker: self.speaker.clone(), before: Before::Clause };
        (self, rest)
    }

    /// The two utterances it becomes when it is cut at its best place near the middle; `None` for a single word.
    pub fn halve(self, script: Script<'_>) -> Option<(Utterance, Utterance)> {
        let all: Vec<(usize, usize)> = self.places();
        let borders = parts::borders_between(script, &all, self.lang);
        let middle = all.len() as i64 / 2;
        // A clause is worth going a third of the length away from the middle for.
        let badness = |at: &usize| {
            let grade = borders[*at - 1].min(Border::Clause) as i64;
            (*at as i64 - middle).abs() * 3 - grade * all.len() as i64 / Border::Clause as i64
        };
        let at = (1..all.len()).min_by_key(badness)?;
        let of = |places: &[(usize, usize)], before, border| {
            let parts = parts::parts(script, places, self.lang, border);
            Utterance { parts, lang: self.lang, speaker: self.speaker.clone(), before }
        };
        let border = self.parts.first().map_or(Border::Sentence, |part| part.border);
        let first = of(&all[..at], self.before, border);
        Some((first, of(&all[at..], Before::Clause, borders[at - 1])))
    }

    /// With its parts cut where phrases begin inside them, so that a pause may stand there; `None` where none do.
    pub fn refined(&self, script: Script<'_>) -> Option<Utterance> {
        let parts = parts::by_phrases(script, &self.parts, self.lang);
        if parts.len() == self.parts.len() { None } else { Some(Utterance { parts, ..self.clone() }) }
    }

    /// Cue and word of each of its words.
    pub fn places(&self) -> Vec<(usize, usize)> {
        self.parts.iter().flat_map(|p| p.words.clone().map(move |w| (p.cue, w))).collect()
    }
}

/// The lines of a track and what is known of each.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// The lines.
    pub cues: &'a [Cue],
    /// The words of each line, as they are spoken.
    pub words: &'a [Vec<Word>],
}

/// What is asked of a track's utterances.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What is read aloud of each line.
    pub texts: &'a [&'a str],
    /// The language of each line.
    pub langs: &'a [Lang],
    /// The voice of each line, as a number: only whether two are the same counts.
    pub voices: &'a [usize],
    /// Whether people may be heard at once: then what somebody says goes on over what another says in between, where
    /// their windows overlap.
    pub at_once: bool,
}

/// The utterances of a list of cues, in order of their first words. Texts, words and languages have an entry for each cue;
/// cues without words are passed over.
pub fn utterances(script: Script<'_>, asked: Asked<'_>) -> Vec<Utterance> {
    let mut out = Vec::new();
    for run in runs(script, asked) {
        sentences(&run, script, asked, &mut out);
    }
    out.sort_by_key(|utterance| utterance.parts.first().map(|part| (part.cue, part.words.start)));
    out
}

/// Cues over which a sentence may go on, in order of the first of each run.
fn runs(script: Script<'_>, asked: Asked<'_>) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for i in (0..script.cues.len()).filter(|i| !script.words[*i].is_empty()) {
        let open = runs.len().saturating_sub(if asked.at_once { AT_ONCE } else { 1 });
        let goes_on = |run: &usize| {
            let last = runs[*run][runs[*run].len() - 1];
            let mut between = (last + 1..i).filter(|other| !script.words[*other].is_empty());
            !parted(script.cues, asked.langs, last, i) && between.all(|other| is_aside(script.cues, asked, last, other))
        };
        let found = (open..runs.len()).rev().find(goes_on);
        match found {
            Some(run) => runs[run].push(i),
            None => runs.push(vec![i]),
        }
    }
    runs
}

/// Whether somebody else says `other` while `cue` goes on, and can be heard beside it: one voice says one thing at a time.
fn is_aside(cues: &[Cue], asked: Asked<'_>, cue: usize, other: usize) -> bool {
    let speaking = cues[cue].end().zip(cues[other].start()).is_some_and(|(end, start)| start < end);
    speaking && cues[cue].speaker() != cues[other].speaker() && asked.voices[cue] != asked.voices[other]
}

/// Whether no utterance can go on from cue `a` to cue `b`.
fn parted(cues: &[Cue], langs: &[Lang], a: usize, b: usize) -> bool {
    let (before, after) = (&cues[a], &cues[b]);
    let pause = before.end().zip(after.start()).map(|(end, start)| start - end);
    // Equal stamps, or stamps out of step with the ends, tell nothing about a pause.
    pause.is_some_and(|p| p >= REAL_PAUSE)
        || before.speaker() != after.speaker()
        || after.turn()
        || langs[a] != langs[b]
        || before.paragraph() != after.paragraph()
}

/// Cuts a run of cues at the ends of sentences.
fn sentences(run: &[usize], script: Script<'_>, asked: Asked<'_>, out: &mut Vec<Utterance>) {
    let Some(&first) = run.first() else { return };
    let cues = script.cues;
    let mut joined = String::new();
    let mut places: Vec<(usize, (usize, usize))> = Vec::new();
    for &cue in run {
        let offset = joined.len();
        let words = script.words[cue].iter().enumerate();
        places.extend(words.map(|(w, word)| (offset + word.text.start, (cue, w))));
        joined.push_str(asked.texts[cue]);
        joined.push(' ');
    }
    let ends = text::sentences(&joined).into_iter().map(|sentence| sentence.end);
    let mut before = match out.last() {
        Some(last) if cues[first].paragraph() == last.parts.last().map_or(0, |p| cues[p.cue].paragraph()) => {
            Before::Sentence
        }
        _ => Before::Paragraph,
    };
    let mut from = 0;
    for end in ends.chain([usize::MAX]) {
        let to = from + places[from..].partition_point(|(offset, _)| *offset < end);
        let sentence: Vec<(usize, usize)> = places[from..to].iter().map(|(_, place)| *place).collect();
        from = to;
        let mut left = sentence.as_slice();
        while !left.is_empty() {
            let last = out.last().and_then(|last| last.places().last().copied());
            let stated = pause_asked(script.words, last, left[0]);
            let goes_on = |w: &&[(usize, usize)]| pause_asked(script.words, Some(w[0]), w[1]).is_none();
            let length = 1 + left.windows(2).take_while(goes_on).count();
            let (now, later) = left.split_at(length);
            left = later;
            let lang = asked.langs[first];
            let whole = Utterance {
                parts: parts::parts(script, now, lang, Border::Sentence),
                lang,
                speaker: cues[first].speaker().map(str::to_owned),
                before: stated.map_or(before, Before::Stated),
            };
            breaths(whole, script, out);
            before = Before::Sentence;
        }
    }
}

/// The pause that is asked for before a word.
fn pause_asked(words: &[Vec<Word>], before: Option<(usize, usize)>, (cue, word): (usize, usize)) -> Option<Ticks> {
    between(before.map(|(cue, word)| &words[cue][word]), &words[cue][word])
}

/// Cuts an utterance until no part of it is too long.
fn breaths(utterance: Utterance, script: Script<'_>, out: &mut Vec<Utterance>) {
    let spoken = |(cue, word): &(usize, usize)| script.words[*cue][*word].spoken.chars().count() + 1;
    let length: usize = utterance.places().iter().map(spoken).sum();
    if length <= LONGEST {
        out.push(utterance);
        return;
    }
    let whole = utterance.clone();
    match utterance.halve(script) {
        Some((first, second)) => {
            breaths(first, script, out);
            breaths(second, script, out);
        }
        None => out.push(whole),
    }
}
