//! In: the tokens of an utterance, and where its sound lies in their time. Out: a [`Reach`]: which frames have to change
//! places between the tokens at both ends so that the tokens of its words begin and end with its sound. Knows no voice
//! and no plan.
//!
//! What a voice gives to its first and last phonemes is not where they are heard: Kokoro begins up to 0.15 s before its
//! first phoneme's frames, and of its last one's half are silence. The plan is about what is heard. So it is given
//! tokens whose frames are moved, whole ones, over the two borders between words and silence; before the utterance is
//! spoken they are moved back. The plan changes neither lead-in nor tail, so the sound stays where it was planned.

use crate::time::{FrameClock, Ticks};
use crate::timing::Token;
use std::ops::Range;

/// How far a border is moved at most. Beyond that, what was measured is no edge of this utterance: no voice puts more of
/// its silence, or of its sound, to the wrong side; only the closure of a plosive is silence at the beginning of a sound.
const MOST: Ticks = Ticks::from_millis(400);
const CLOSURE: Ticks = Ticks::from_millis(100);

/// Where the sound of an utterance lies against its tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// How long before the first token of its first word its first sound begins; negative where that is later.
    pub head: Ticks,
    /// How long before the end of the last token of its last word its last sound ends; negative where that is later.
    pub tail: Ticks,
}

impl Edges {
    /// The edges of an utterance whose ids have these frames, whose words are these tokens, and of which these samples are
    /// heard.
    pub fn of(frames: &[u32], words: &Range<usize>, heard: &Range<u64>, clock: FrameClock) -> Edges {
        let until = |token: usize| clock.ticks(frames[..token].iter().map(|f| u64::from(*f)).sum());
        let at = |sample: u64| Ticks::from_samples(sample, clock.rate);
        Edges { head: until(words.start) - at(heard.start), tail: until(words.end) - at(heard.end) }
    }
}

/// The tokens of an utterance's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Those of its first piece.
    pub first: Range<usize>,
    /// Those of its last piece; they may be the same.
    pub last: Range<usize>,
}

/// How the tokens of an utterance reach over its sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Frames that tokens have in the plan and not in the voice, by token; they come to nothing in all.
    moved: Vec<(usize, i64)>,
    /// How long before its tokens, as they are planned, each sound is heard.
    pub early: Ticks,
}

impl Reach {
    /// Moves frames between `tokens`, which are the voice's own, where a sound inside the utterance is heard `inner`
    /// before its token. Nothing is moved where nobody knows what is heard.
    pub fn of(tokens: &mut [Token], words: &Words, edges: Option<Edges>, (clock, inner): (FrameClock, Ticks)) -> Reach {
        let mut reach = Reach { moved: Vec::new(), early: inner };
        let Some(Edges { head, tail }) = edges else { return reach };
        let (begin, end) = (words.first.start, words.last.end);
        if begin > 0 {
            let wanted = whole(bounded(head) - inner, clock);
            let moved = match wanted > 0 {
                true => reach.take(tokens, (0..begin).rev(), wanted, begin),
                false => -reach.take(tokens, words.first.clone(), -wanted, begin - 1),
            };
            reach.early = (head - frames(moved, clock)).max(inner - clock.ticks(1)).min(inner + clock.ticks(1));
        }
        if end < tokens.len() {
            let wanted = whole(bounded(tail) - reach.early, clock);
            match wanted > 0 {
                true => reach.take(tokens, words.last.clone().rev(), wanted, end),
                false => reach.take(tokens, end..tokens.len(), -wanted, end - 1),
            };
        }
        reach
    }

    /// Takes up to `wanted` frames from these tokens, one by one until each has one left, and gives them to token `to`.
    /// Returns how many.
    fn take(&mut self, tokens: &mut [Token], from: impl Iterator<Item = usize>, wanted: i64, to: usize) -> i64 {
        let mut taken = 0;
        for token in from {
            let more = (wanted - taken).min(i64::from(tokens[token].frames) - 1);
            if more > 0 && token != to {
                tokens[token].frames -= more as u32;
                self.moved.push((token, -more));
                taken += more;
            }
        }
        if taken > 0 {
            tokens[to].frames += taken as u32;
            self.moved.push((to, taken));
        }
        taken
    }

    /// What the voice is to be given where `planned` are the frames of the plan. One each at least, as many in all.
    pub fn given(&self, planned: &[u32]) -> Vec<u32> {
        let mut frames: Vec<i64> = planned.iter().map(|f| i64::from(*f)).collect();
        for (token, moved) in &self.moved {
            if let Some(frames) = frames.get_mut(*token) {
                *frames -= moved;
            }
        }
        // Where a token was shortened by more than it has of its own, the ones that get frames back get fewer.
        for (token, moved) in &self.moved {
            let missing = frames.get(*token).map_or(0, |frames| 1 - frames);
            if *moved > 0 && missing > 0 {
                frames[*token] = 1;
                self.pay(&mut frames, missing);
            }
        }
        frames.into_iter().map(|frames| frames.max(1) as u32).collect()
    }

    fn pay(&self, frames: &mut [i64], mut missing: i64) {
        for (token, moved) in &self.moved {
            if let Some(frames) = frames.get_mut(*token).filter(|_| *moved < 0) {
                let paid = missing.min(*frames - 1).max(0);
                *frames -= paid;
                missing -= paid;
            }
        }
    }
}

fn bounded(time: Ticks) -> Ticks {
    time.max(-CLOSURE).min(MOST)
}

/// The nearest number of whole frames.
fn whole(time: Ticks, clock: FrameClock) -> i64 {
    let half = Ticks(clock.ticks(1).0 / 2);
    match time < Ticks::ZERO {
        true => -(clock.frames_in(half - time) as i64),
        false => clock.frames_in(half + time) as i64,
    }
}

fn frames(count: i64, clock: FrameClock) -> Ticks {
    let length = clock.ticks(count.unsigned_abs());
    if count < 0 { -length } else { length }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phonemes::inventory::Class;

    /// 25 ms, as Kokoro's.
    const CLOCK: FrameClock = FrameClock { hop: 600, rate: 24_000 };

    const fn ms(time: i64) -> Ticks {
        Ticks::from_millis(time)
    }

    fn tokens(frames: &[u32]) -> Vec<Token> {
        frames.iter().map(|frames| Token { frames: *frames, class: Class::Vowel }).collect()
    }

    fn frames(tokens: &[Token]) -> Vec<u32> {
        tokens.iter().map(|token| token.frames).collect()
    }

    fn words(first: Range<usize>, last: Range<usize>) -> Words {
        Words { first, last }
    }

    /// Head, tail and how early its inner sounds are, in milliseconds; what its tokens come to, and how early they are.
    type Row = ([i64; 3], [u32; 6], i64);

    #[test]
    fn tokens_come_to_reach_over_the_sound() {
        let own = [9, 2, 3, 8, 7, 1];
        let rows: [Row; 11] = [
            ([0, 0, 0], own, 0),
            ([50, 50, 50], own, 50),
            // Sound before its tokens, and silence in the last of them.
            ([100, 125, 0], [5, 6, 3, 3, 12, 1], 0),
            ([120, 175, 50], [6, 5, 3, 3, 12, 1], 45),
            ([113, 12, 0], [4, 7, 3, 7, 8, 1], -12),
            // What the rounding leaves at the beginning goes with the whole utterance.
            ([110, 0, 0], [5, 6, 3, 8, 7, 1], 10),
            // Sound after the tokens that begin it, and beyond those that end it.
            ([-25, -50, 0], [10, 1, 3, 10, 5, 1], 0),
            // No token gives its last frame.
            ([-400, 0, 0], [13, 1, 1, 6, 8, 1], -25),
            ([400, 0, 0], [1, 10, 3, 9, 6, 1], 25),
            ([0, 225, 0], [9, 2, 1, 1, 16, 1], 0),
            // What is farther away than all edges is none.
            ([0, 9000, 0], [9, 1, 1, 1, 17, 1], 0),
        ];
        for ([head, tail, inner], wanted, early) in rows {
            let mut moved = tokens(&own);
            let edges = Some(Edges { head: ms(head), tail: ms(tail) });
            let reach = Reach::of(&mut moved, &words(1..4, 1..4), edges, (CLOCK, ms(inner)));
            let name = format!("head {head}, tail {tail}, inner {inner}");
            assert_eq!(frames(&moved), wanted, "{name}");
            assert_eq!(reach.early, ms(early), "{name}");
            assert_eq!(reach.given(&wanted), own, "{name}: moved back");
        }
    }

    #[test]
    fn what_the_plan_makes_of_them_is_given_in_full_and_one_each_at_least() {
        let mut moved = tokens(&[9, 2, 3, 8, 7, 1]);
        let edges = Some(Edges { head: ms(100), tail: ms(175) });
        let reach = Reach::of(&mut moved, &words(1..3, 3..4), edges, (CLOCK, Ticks::ZERO));
        assert_eq!(frames(&moved), [5, 6, 3, 1, 14, 1]);
        let rows = [
            // Slower, faster, and so fast that the first token has less than what was moved to it.
            ([5, 8, 4, 2, 14, 1], [9, 4, 4, 9, 7, 1]),
            ([5, 5, 2, 1, 14, 1], [9, 1, 2, 8, 7, 1]),
            ([5, 3, 2, 1, 14, 1], [7, 1, 2, 8, 7, 1]),
        ];
        for (planned, given) in rows {
            assert_eq!(reach.given(&planned), given, "{planned:?}");
            assert_eq!(planned.iter().sum::<u32>(), given.iter().sum::<u32>(), "{planned:?}");
        }
    }

    #[test]
    fn nothing_is_moved_where_nothing_is_known_or_there_is_no_silence() {
        let own = [2, 3, 8];
        let edges = Some(Edges { head: ms(100), tail: ms(100) });
        for edges in [None, edges] {
            let mut moved = tokens(&own);
            let reach = Reach::of(&mut moved, &words(0..3, 0..3), edges, (CLOCK, ms(50)));
            assert_eq!((frames(&moved), reach.early), (own.to_vec(), ms(50)));
            assert_eq!(reach.given(&own), own);
        }
    }

    #[test]
    fn edges_are_where_the_words_tokens_are_against_the_sound() {
        // Four tokens of 25 ms frames: words from 0.225 s to 0.55 s.
        let frames = [9, 5, 8, 7];
        let rows = [(5400..13_200, [0, 0]), (4800..12_000, [25, 50]), (6000..13_800, [-25, -25])];
        for (heard, [head, tail]) in rows {
            let found = Edges::of(&frames, &(1..3), &heard, CLOCK);
            assert_eq!(found, Edges { head: ms(head), tail: ms(tail) }, "{heard:?}");
        }
    }
}
