//! Plans of generated documents, held against their rules, and against exhaustive search where that is possible.

mod cases;
mod generated;
mod optimal;
mod policies;
mod rules;

use super::column::Choice;
use super::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const PIPER: FrameClock = FrameClock { hop: 256, rate: 22_050 };
const KOKORO: FrameClock = FrameClock { hop: 600, rate: 24_000 };
const MILLI: Ticks = Ticks::from_millis(1);

struct Dice(ChaCha8Rng);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from `low` to `high`.
    fn roll(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.next_u64() % (high - low + 1)
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(0, of.len() as u64 - 1) as usize]
    }
}

fn ms(millis: i64) -> Ticks {
    Ticks::from_millis(millis)
}

/// A stamp to the millisecond.
fn stamp(millis: i64) -> Option<Stamp> {
    Some(Stamp { at: ms(millis), grain: MILLI })
}

fn tokens(dice: &mut Dice, count: u64) -> Vec<Token> {
    let classes = [Class::Vowel, Class::Consonant, Class::Mark, Class::Consonant, Class::Pause];
    (0..count).map(|_| Token { frames: dice.roll(1, 5) as u32, class: dice.pick(&classes) }).collect()
}

/// A piece to be: how many tokens, and what else is known of it.
#[derive(Clone, Copy, Default)]
struct Made {
    tokens: u64,
    stamp: Option<Stamp>,
    end: Option<Stamp>,
    seam: Seam,
}

/// An utterance of these pieces, with lead-in and tail. A word has about four tokens.
fn passage(dice: &mut Dice, clock: FrameClock, pieces: &[Made]) -> Passage {
    let mut all = vec![Token { frames: dice.roll(1, 12) as u32, class: Class::Pause }];
    let mut list = Vec::new();
    for made in pieces {
        let from = all.len();
        all.extend(tokens(dice, made.tokens));
        let window = made.stamp.zip(made.end).filter(|(from, to)| from.at < to.at);
        list.push(Piece {
            tokens: from..all.len(),
            stamp: made.stamp,
            end: made.end,
            window: window.map(|(from, to)| Window { from: from.at, to: to.at }),
            seam: made.seam,
            words: (from + 4..all.len()).step_by(4).collect(),
            ..Piece::default()
        });
    }
    all.extend([Token { frames: 6, class: Class::Pause }; 2]);
    let early = clock.ticks(if clock == KOKORO { 2 } else { 0 });
    let voice = usize::from(clock == KOKORO);
    Passage { clock, tokens: all, pieces: list, pause: ms(250), goes_on: None, early, voice, speaker: voice }
}

/// An utterance of one piece.
fn line(dice: &mut Dice, tokens: u64, stamp: Option<Stamp>, end: Option<Stamp>) -> Passage {
    passage(dice, PIPER, &[Made { tokens, stamp, end, seam: Seam::Word }])
}

/// A line that takes about so long at the voice's own pace, of the voice `voice`.
fn lasting(dice: &mut Dice, millis: i64, from: i64, to: i64, voice: usize) -> Passage {
    let tokens = millis * 22_050 / 256 / 1000 / 3;
    let mut made = line(dice, tokens.max(2) as u64, stamp(from), stamp(to));
    (made.voice, made.speaker) = (voice, voice);
    made
}

fn natural(passage: &Passage, i: usize) -> Ticks {
    passage.clock.ticks(edges::frames(passage, &passage.pieces[i]))
}

/// What a plan leaves out in all: time, and lines.
fn left_out(passages: &[Passage], chosen: &[Choice]) -> Ticks {
    let pieces = passages.iter().flat_map(|passage| passage.pieces.iter().map(move |piece| (passage, piece)));
    let mut lines: Vec<(Ticks, bool)> = Vec::new();
    for ((passage, piece), choice) in pieces.zip(chosen) {
        let lost = passage.clock.ticks(edges::frames(passage, piece) - choice.kept);
        match lines.last_mut().filter(|_| piece.stamp.is_none()) {
            Some(line) => line.0 += lost,
            None => lines.push((lost, choice.kept == 0)),
        }
    }
    keep::left_out(&lines)
}

/// A plan, and the passages it is for: those that were asked about, spoken as two where the plan wants that.
struct Settled {
    passages: Vec<Passage>,
    plan: Plan,
}

/// Plans as the pipeline does: what is spoken as two is measured anew, which here changes nothing.
fn settled(passages: &[Passage], bounds: &Bounds) -> Settled {
    let mut passages = passages.to_vec();
    loop {
        let splits = match plan(&passages, bounds) {
            Ok(Outcome::Whole(plan)) => return Settled { passages, plan },
            Ok(Outcome::Split(splits)) => splits,
            Err(error) => panic!("{error}"),
        };
        assert!(splits.iter().any(|pieces| !pieces.is_empty()));
        let each = passages.iter().zip(&splits);
        passages = each.flat_map(|(passage, pieces)| split(passage, pieces)).collect();
        passages.sort_by_key(|passage| passage.pieces[0].line);
    }
}

/// A passage spoken as several: each part with the lead-in and the tail of the whole.
fn split(passage: &Passage, pieces: &[usize]) -> Vec<Passage> {
    let first = passage.pieces[0].tokens.start;
    let last = passage.pieces[passage.pieces.len() - 1].tokens.end;
    let mut borders = vec![0];
    borders.extend(pieces);
    borders.push(passage.pieces.len());
    let mut parts = Vec::new();
    for pair in borders.windows(2) {
        let mine = &passage.pieces[pair[0]..pair[1]];
        let (from, to) = (mine[0].tokens.start, mine[mine.len() - 1].tokens.end);
        let mut tokens = passage.tokens[..first].to_vec();
        tokens.extend_from_slice(&passage.tokens[from..to]);
        tokens.extend_from_slice(&passage.tokens[last..]);
        let moved = |token: usize| token - from + first;
        let pieces = mine.iter().map(|piece| Piece {
            tokens: moved(piece.tokens.start)..moved(piece.tokens.end),
            words: piece.words.iter().map(|token| moved(*token)).collect(),
            ..piece.clone()
        });
        let goes_on = if pair[0] > 0 { Some(mine[0].seam) } else { passage.goes_on };
        let pieces = pieces.collect();
        parts.push(Passage { tokens, pieces, goes_on, ..passage.clone() });
    }
    parts
}

#[test]
fn bounds_that_contradict_themselves_are_refused() {
    let passages = generated::document(1, 2, 100);
    let wrong = [
        Bounds { min_rate: 1100, ..Bounds::default() },
        Bounds { max_rate: 900, ..Bounds::default() },
        Bounds { rush: 900, ..Bounds::default() },
        Bounds { min_rate: 0, ..Bounds::default() },
        Bounds { lag: Ticks(-1), ..Bounds::default() },
    ];
    for bounds in wrong {
        assert!(plan(&passages, &bounds).is_err(), "{bounds:?}");
    }
}
