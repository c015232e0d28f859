//! In: utterances. Out: how much of the silence at their edges is heard at the least, and so how near two of them may
//! stand. Knows no plan.

use super::{Bounds, Passage, Piece, Token};
use crate::time::{FrameClock, Ticks};

/// How much is heard at the least before the first sound begins: what rises slowly is below what
/// counts as sound for some milliseconds, and a clip fades in for five.
const LEAD_IN: Ticks = Ticks::from_millis(30);

/// The longest lead-in that is heard of any utterance: whole frames, of 50 ms at the most.
pub(super) const LONGEST_LEAD_IN: Ticks = Ticks::from_millis(80);

/// How much is heard after the last sound at the least.
const SHORTEST_TAIL: Ticks = Ticks::from_millis(30);

/// Silence between the tail and what is heard next. Where a clip begins and how long it is are each rounded to a sample
/// of the track later, to a half of one each way; this is a sample at 4 kHz, the least rate of a track.
pub(super) const ROUNDING: Ticks = Ticks(Ticks::from_millis(1).0 / 4);

/// Frames of the tokens before an utterance's first sound.
pub(super) fn lead_in(passage: &Passage) -> u64 {
    let first = passage.pieces.first().map_or(0, |p| p.tokens.start);
    sum(&passage.tokens[..first])
}

/// Frames of the tokens after its last sound.
pub(super) fn tail(passage: &Passage) -> u64 {
    let last = passage.pieces.last().map_or(passage.tokens.len(), |p| p.tokens.end);
    sum(&passage.tokens[last..])
}

pub(super) fn sum(tokens: &[Token]) -> u64 {
    tokens.iter().map(|t| u64::from(t.frames)).sum()
}

/// Frames of the lead-in that are heard.
pub(super) fn heard_lead_in(passage: &Passage) -> u64 {
    lead_in(passage).min(frames_over(passage.clock, LEAD_IN + passage.early))
}

/// From where an utterance begins to be heard to its first sound.
pub(super) fn lead_in_length(passage: &Passage) -> Ticks {
    passage.clock.ticks(heard_lead_in(passage)) - passage.early
}

/// From its last sound to where it ends to be heard, at the least.
pub(super) fn shortest_tail(passage: &Passage) -> Ticks {
    passage.clock.ticks(tail(passage).min(frames_over(passage.clock, SHORTEST_TAIL - passage.early))) + passage.early
}

/// The fewest whole frames that are no shorter than `time`; none for a negative one.
fn frames_over(clock: FrameClock, time: Ticks) -> u64 {
    let whole = clock.frames_in(time);
    if clock.ticks(whole) < time { whole + 1 } else { whole }
}

/// Natural frames of a piece.
pub(super) fn frames(passage: &Passage, piece: &Piece) -> u64 {
    sum(&passage.tokens[piece.tokens.clone()])
}

/// The shortest time from the last sound of one utterance to the first of the next: the tail of the one and the lead-in
/// of the other have to fit in.
pub(super) fn gap(earlier: &Passage, later: &Passage, bounds: &Bounds) -> Ticks {
    bounds.gap.max(shortest_tail(earlier) + ROUNDING + lead_in_length(later))
}

/// The shortest time from the last sound of an utterance that is enough for any next one.
pub(super) fn longest_gap(earlier: &Passage, bounds: &Bounds) -> Ticks {
    bounds.gap.max(shortest_tail(earlier) + ROUNDING + LONGEST_LEAD_IN)
}
