//! In: cues with their words and languages. Out: utterances: what is to be spoken in one breath, with one intonation,
//! whichever lines it is spread over. Knows no voice and no durations.
//!
//! A sentence is an utterance, be it a part of a line or spread over several. It ends at a closing mark, and at the end
//! of a line where the transcript leaves a real pause, where the speaker or the language changes, and where a
//! paragraph ends. One that is too long for one breath is cut at a clause.

use super::Word;
use super::directed::between;
use crate::lang::Lang;
use crate::text;
use crate::time::Ticks;
use crate::transcript::Cue;
use std::ops::Range;

/// From this length on a pause between two lines ends the utterance (Virkar 2022: 0.3 s).
const REAL_PAUSE: Ticks = Ticks::from_millis(300);

/// The most characters of one utterance; a longer one is cut.
const LONGEST: usize = 400;

/// The part of an utterance that belongs to one cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The cue, as a position in the list of cues.
    pub cue: usize,
    /// Its words, as positions in the cue's list of words.
    pub words: Range<usize>,
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
        let parts = self.parts.split_off(at.clamp(1, self.parts.len()));
        let rest = Utterance { parts, lang: self.lang, speaker: self.speaker.clone(), before: Before::Clause };
        (self, rest)
    }

    /// The two utterances it becomes when it is cut at its best place near the middle; `None` for a single word.
    pub fn halve(self, words: &[Vec<Word>]) -> Option<(Utterance, Utterance)> {
        let all: Vec<(usize, usize)> = self.places();
        let middle = all.len() as i64 / 2;
        let badness =
            |i: &usize| (*i as i64 - middle).abs() * 3 - i64::from(ends_clause(words, all[*i - 1])) * all.len() as i64;
        let at = (1..all.len()).min_by_key(badness)?;
        let (first, second) = (in_parts(&all[..at]), in_parts(&all[at..]));
        let rest = Utterance { parts: second, lang: self.lang, speaker: self.speaker.clone(), before: Before::Clause };
        Some((Utterance { parts: first, ..self }, rest))
    }

    /// Cue and word of each of its words.
    pub fn places(&self) -> Vec<(usize, usize)> {
        self.parts.iter().flat_map(|p| p.words.clone().map(move |w| (p.cue, w))).collect()
    }
}

fn ends_clause(words: &[Vec<Word>], (cue, word): (usize, usize)) -> bool {
    words[cue][word].spoken.ends_with([',', ';', ':', '—'])
}

/// Consecutive places as parts.
fn in_parts(places: &[(usize, usize)]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for &(cue, word) in places {
        match parts.last_mut() {
            Some(part) if part.cue == cue => part.words.end = word + 1,
            _ => parts.push(Part { cue, words: word..word + 1 }),
        }
    }
    parts
}

/// The utterances of a list of cues, in order. `texts` (what is read aloud of each), `words` and `langs` have an entry
/// for each cue; cues without words are passed over.
pub fn utterances(cues: &[Cue], texts: &[&str], words: &[Vec<Word>], langs: &[Lang]) -> Vec<Utterance> {
    let mut out = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    for i in (0..cues.len()).filter(|i| !words[*i].is_empty()) {
        if run.last().is_some_and(|&last| parted(cues, langs, last, i)) {
            sentences(&run, (cues, texts), words, langs, &mut out);
            run.clear();
        }
        run.push(i);
    }
    sentences(&run, (cues, texts), words, langs, &mut out);
    out
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
fn sentences(
    run: &[usize],
    (cues, texts): (&[Cue], &[&str]),
    words: &[Vec<Word>],
    langs: &[Lang],
    out: &mut Vec<Utterance>,
) {
    let Some(&first) = run.first() else { return };
    let mut joined = String::new();
    let mut places: Vec<(usize, (usize, usize))> = Vec::new();
    for &cue in run {
        let offset = joined.len();
        places.extend(words[cue].iter().enumerate().map(|(w, word)| (offset + word.text.start, (cue, w))));
        joined.push_str(texts[cue]);
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
        if to > from {
            let sentence: Vec<(usize, usize)> = places[from..to].iter().map(|(_, place)| *place).collect();
            let mut left = sentence.as_slice();
            while !left.is_empty() {
                let last = out.last().and_then(|last| last.places().last().copied());
                let stated = asked(words, last, left[0]);
                let length = 1 + left.windows(2).take_while(|w| asked(words, Some(w[0]), w[1]).is_none()).count();
                let (now, later) = left.split_at(length);
                left = later;
                let whole = Utterance {
                    parts: in_parts(now),
                    lang: langs[first],
                    speaker: cues[first].speaker().map(str::to_owned),
                    before: stated.map_or(before, Before::Stated),
                };
                breaths(whole, words, out);
                before = Before::Sentence;
            }
        }
        from = to;
    }
}

/// The pause that is asked for before a word.
fn asked(words: &[Vec<Word>], before: Option<(usize, usize)>, (cue, word): (usize, usize)) -> Option<Ticks> {
    between(before.map(|(cue, word)| &words[cue][word]), &words[cue][word])
}

/// Cuts an utterance until no part of it is too long.
fn breaths(utterance: Utterance, words: &[Vec<Word>], out: &mut Vec<Utterance>) {
    let length: usize = utterance.places().iter().map(|(c, w)| words[*c][*w].spoken.chars().count() + 1).sum();
    if length <= LONGEST {
        out.push(utterance);
        return;
    }
    let whole = utterance.clone();
    match utterance.halve(words) {
        Some((first, second)) => {
            breaths(first, words, out);
            breaths(second, words, out);
        }
        None => out.push(whole),
    }
}
