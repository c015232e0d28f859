//! In: the cues of one sentence, each with its times, its length and the border before it. Out: which of their stamps are
//! worth keeping: the pins. Knows no words, no voice and no plan.
//!
//! Recognisers and programs for short films write a cue for every word, or for two or three. Their stamps say where a word
//! was heard, not where a reader should begin anew: spoken stamp by stamp a sentence falls to pieces. Such fragments are
//! gathered into phrases, and only what begins a phrase is pinned. Cues of ordinary length are pinned, every one.

use super::Border;
use crate::time::Ticks;
use crate::transcript::{Pace, Timed};

/// A cue has no more words than this if it is to be a fragment,
const FEW: usize = 3;
/// and half of those in a row last less than this.
const BRIEF: Ticks = Ticks::from_millis(2000);
/// So many in a row are fragments; two will do if both are single words or last less than [`MOMENT`].
const ROW: usize = 3;
const MOMENT: Ticks = Ticks::from_millis(1000);

/// A pause that is one to the ear (Virkar 2022).
const REAL_PAUSE: Ticks = Ticks::from_millis(300);
/// A pause that parts even what leans on each other.
const LONG_PAUSE: Ticks = Ticks::from_millis(1000);

/// What a phrase must have before the next may begin at a border, in words, or in time.
#[derive(Clone, Copy)]
struct Grown {
    words: usize,
    time: Ticks,
}

/// At a clause, at a phrase, and at an ordinary word. A phrase in speech has five to seven words, or lasts about two
/// seconds; without any sign in the words the drift is bounded all the same.
const AT_CLAUSE: Grown = Grown { words: 3, time: Ticks::from_millis(700) };
const AT_PHRASE: Grown = Grown { words: 5, time: Ticks::from_millis(1750) };
const AT_WORD: Grown = Grown { words: 10, time: Ticks::from_millis(3500) };

/// What is asked of a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FragmentCue {
    /// Its stamp, if it has one.
    pub start: Option<Ticks>,
    /// When it ends, where the transcript says so.
    pub end: Option<Ticks>,
    /// How many words of it belong to the sentence.
    pub words: usize,
    /// How many letters they have for the time they take: [`letters`](crate::transcript::letters).
    pub letters: usize,
    /// The border before its first word; of the first cue it does not matter.
    pub border: Border,
}

impl FragmentCue {
    fn timed(&self) -> Option<Timed> {
        Some(Timed { start: self.start?, end: self.end, letters: self.letters })
    }
}

/// Whether the stamp of each of `cues` is a pin. They stand in order and form one sentence.
///
/// A cue without a stamp is none. Of a row of fragments those are pins: the first with a stamp, those that follow a real
/// pause, and those that begin a clause, or a phrase where the one before has grown long enough.
pub fn pins(cues: &[FragmentCue]) -> Vec<bool> {
    let mut pins: Vec<bool> = cues.iter().map(|cue| cue.start.is_some()).collect();
    let mut from = 0;
    while from < cues.len() {
        let length = cues[from..].iter().take_while(|cue| cue.words <= FEW).count();
        if is_row(cues, from, length) {
            pin_row(cues, from, length, &mut pins);
        }
        from += length.max(1);
    }
    pins
}

/// How long a cue may sound: to its end, and not into the next one.
fn window(cues: &[FragmentCue], at: usize) -> Option<Ticks> {
    let next = cues.get(at + 1).and_then(|next| next.start);
    let until = match (cues[at].end, next) {
        (Some(end), Some(next)) => Some(end.min(next)),
        (end, next) => end.or(next),
    };
    until.zip(cues[at].start).map(|(until, start)| until - start)
}

/// Whether so many cues of few words are a row of fragments.
fn is_row(cues: &[FragmentCue], from: usize, length: usize) -> bool {
    let row = from..from + length;
    let tiny = |at: usize| cues[at].words <= 1 || window(cues, at).is_some_and(|window| window < MOMENT);
    if length < ROW {
        return length == 2 && row.clone().all(tiny);
    }
    // One of them may last long: there is a pause in it, or after it.
    let mut windows: Vec<Ticks> = row.clone().filter_map(|at| window(cues, at)).collect();
    windows.sort_unstable();
    row.clone().all(|at| cues[at].words <= 1) || windows.get(windows.len() / 2).is_none_or(|middle| *middle < BRIEF)
}

/// Leaves of the pins of a row of fragments those that begin a phrase.
fn pin_row(cues: &[FragmentCue], from: usize, length: usize, pins: &mut [bool]) {
    let timed: Vec<Timed> = cues[from..from + length].iter().filter_map(FragmentCue::timed).collect();
    let pace = Pace::of(&timed);
    let mut left: usize = cues[from..from + length].iter().map(|cue| cue.words).sum();
    let (mut words, mut begun): (usize, Option<Ticks>) = (0, None);
    for at in from..from + length {
        let cue = &cues[at];
        if let (Some(start), Some(begun)) = (cue.start, begun) {
            let neighbours = cues[at - 1].timed().zip(cue.timed());
            let pause = neighbours.map_or(Ticks::ZERO, |(before, after)| pace.pause(&before, &after));
            let time = start - begun;
            // Between several words of a cue the pause may be as well as after them.
            let after = cues[at - 1].words == 1 || cues[at - 1].end.is_some_and(|end| start - end >= REAL_PAUSE);
            let grown = |grown: Grown| words >= grown.words || time >= grown.time;
            pins[at] = match cue.border {
                Border::Never | Border::Poor => pause >= LONG_PAUSE && after,
                _ if pause >= REAL_PAUSE => true,
                Border::Word => words >= AT_WORD.words && time >= AT_WORD.time && left > 1,
                Border::Phrase => grown(AT_PHRASE) && left > 1,
                Border::Clause => grown(AT_CLAUSE),
                Border::Sentence => true,
            };
        }
        if pins[at] {
            (words, begun) = (0, cue.start);
        }
        words += cue.words;
        left -= cue.words;
    }
}

#[cfg(test)]
mod tests {
    use super::Border::{Clause, Never, Phrase, Poor, Word};
    use super::*;

    /// Start and end in milliseconds (an end of 0 is none), words, letters, border.
    type Row = (i64, i64, usize, usize, Border);

    fn pinned(rows: &[Row]) -> Vec<usize> {
        let cue = |(start, end, words, letters, border): &Row| FragmentCue {
            start: Some(Ticks::from_millis(*start)),
            end: Some(Ticks::from_millis(*end)).filter(|end| *end > Ticks::ZERO),
            words: *words,
            letters: *letters,
            border: *border,
        };
        let cues: Vec<FragmentCue> = rows.iter().map(cue).collect();
        pins(&cues).iter().enumerate().filter(|(_, pin)| **pin).map(|(at, _)| at).collect()
    }

    /// A word each, back to back, as fast as their letters say; `ends` whether their ends are stated.
    fn words(text: &[(&str, Border)], ends: bool) -> Vec<Row> {
        let mut now = 1000;
        let mut rows = Vec::new();
        for (word, border) in text {
            let from = now;
            now += (word.len() as i64 + 2) * 60;
            rows.push((from, if ends { now } else { 0 }, 1, word.len(), *border));
        }
        rows
    }

    const KEEPER: &[(&str, Border)] = &[
        ("When", Never),
        ("the", Poor),
        ("old", Never),
        ("lighthouse", Word),
        ("keeper", Word),
        ("finally", Word),
        ("came", Word),
        ("down", Word),
        ("the", Word),
        ("stairs", Never),
        ("nobody", Word),
        ("was", Word),
        ("there", Poor),
        ("to", Word),
        ("meet", Poor),
        ("him.", Poor),
    ];

    #[test]
    fn a_word_in_each_cue_is_one_phrase_or_a_few() {
        for ends in [true, false] {
            assert_eq!(pinned(&words(KEEPER, ends)), [0, 10], "a long stretch is pinned once more");
            let mut clause = words(KEEPER, ends);
            clause[10].4 = Clause;
            clause[3].4 = Phrase;
            assert_eq!(pinned(&clause), [0, 10], "a phrase of three words is none");
            clause[6].4 = Phrase;
            assert_eq!(pinned(&clause), [0, 6, 10]);
        }
    }

    #[test]
    fn a_real_pause_is_kept_but_not_after_an_article() {
        for ends in [true, false] {
            for (at, pause, kept) in [(4, 400, true), (4, 200, false), (3, 400, true), (2, 400, false), (2, 1200, true)]
            {
                let mut rows = words(KEEPER, ends);
                for row in &mut rows[at..] {
                    row.0 += pause;
                    row.1 += if ends { pause } else { 0 };
                }
                assert_eq!(pinned(&rows).contains(&at), kept, "{pause} ms before {at}, ends {ends}");
            }
        }
    }

    #[test]
    fn steps_that_are_all_alike_are_no_pauses() {
        let even: Vec<Row> = (0..8).map(|at| (at * 900, 0, 1, if at % 2 == 0 { 1 } else { 9 }, Word)).collect();
        assert_eq!(pinned(&even), [0]);
    }

    #[test]
    fn cues_of_ordinary_length_are_all_pinned() {
        let lines = [(0, 2500, 7, 35, Word), (2500, 5000, 8, 40, Poor), (5000, 5600, 1, 6, Never)];
        assert_eq!(pinned(&lines), [0, 1, 2]);
        let short = [(0, 2400, 3, 12, Word), (2400, 5000, 2, 12, Poor), (5000, 8000, 3, 14, Phrase)];
        assert_eq!(pinned(&short), [0, 1, 2]);
        let one = [(0, 900, 2, 10, Word)];
        assert_eq!(pinned(&one), [0]);
    }

    #[test]
    fn two_and_three_words_in_each_cue_are_fragments_too() {
        let three: Vec<Row> =
            (0..6).map(|at| (at * 1200, at * 1200 + 1200, 3, 14, if at == 3 { Phrase } else { Word })).collect();
        assert_eq!(pinned(&three), [0, 3]);
        let mut late = three.clone();
        for row in &mut late[2..] {
            (row.0, row.1) = (row.0 + 1500, row.1 + 1500);
        }
        late[1].1 = late[2].0;
        assert_eq!(pinned(&late), [0, 2]);
        late[2].4 = Poor;
        assert_eq!(pinned(&late), [0, 3], "the pause may be anywhere in the cue before");
        late[1].1 -= 1500;
        assert_eq!(pinned(&late), [0, 2]);
        let two = [(0, 500, 1, 4, Word), (500, 900, 1, 5, Word)];
        assert_eq!(pinned(&two), [0]);
    }

    #[test]
    fn a_cue_without_a_stamp_is_no_pin() {
        let mut cues = vec![FragmentCue { start: None, end: None, words: 1, letters: 3, border: Clause }; 5];
        assert_eq!(pins(&cues), [false; 5]);
        cues[2].start = Some(Ticks::from_millis(5));
        assert_eq!(pins(&cues).iter().filter(|pin| **pin).count(), 1);
        assert_eq!(pins(&[]), [false; 0]);
    }
}
