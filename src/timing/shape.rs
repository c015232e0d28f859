//! In: what was chosen for each piece. Out: frames of each token, so that a piece is exactly as long as it was chosen.
//! Chooses nothing about pieces.
//!
//! Shortening is not uniform. Of its natural duration a vowel can give up about 0.6 and a consonant about 0.35 before it
//! stops being itself: one less the quotient of minimal and inherent duration in D. H. Klatt, *Synthesis by rule of
//! segmental durations in English sentences*, 1979. A pause can give up all of it. So frames are taken, and given
//! back, in these proportions; listeners prefer that to even scaling by 40 to 15 (Effendi 2022).

use super::grid::Choice;
use super::{Passage, Slot, Span, Token};
use crate::phonemes::inventory::Class;
use crate::time::Ticks;

/// What a sound gives up first, in hundredths of its duration.
fn elasticity(class: Class) -> i64 {
    match class {
        Class::Pause => 100,
        Class::Vowel => 60,
        Class::Consonant | Class::Mark => 35,
    }
}

/// How much of the lead-in is heard: sounds begin a little before their tokens do.
const LEAD_IN: Ticks = Ticks::from_millis(125);

/// How much of the tail is heard where there is room, and at the least: sounds die away.
const TAIL: Ticks = Ticks::from_millis(200);
const SHORTEST_TAIL: Ticks = Ticks::from_millis(45);

/// Silence between the tail and what is heard next. Where a clip begins and how long it is are each rounded to a sample
/// of the track later, to a half of one each way; this is a sample at 4 kHz, the least rate of a track.
pub(super) const ROUNDING: Ticks = Ticks(Ticks::from_millis(1).0 / 4);

/// Frames of the tokens before an utterance's first sound.
fn lead_in(passage: &Passage) -> u64 {
    let first = passage.pieces.first().map_or(0, |p| p.tokens.start);
    sum(&passage.tokens[..first])
}

/// Frames of the tokens after its last sound.
fn tail(passage: &Passage) -> u64 {
    let last = passage.pieces.last().map_or(passage.tokens.len(), |p| p.tokens.end);
    sum(&passage.tokens[last..])
}

fn sum(tokens: &[Token]) -> u64 {
    tokens.iter().map(|t| u64::from(t.frames)).sum()
}

/// Frames of the lead-in that are heard.
fn heard_lead_in(passage: &Passage) -> u64 {
    lead_in(passage).min(passage.clock.frames_in(LEAD_IN))
}

/// From where an utterance begins to be heard to its first sound.
pub(super) fn lead_in_length(passage: &Passage) -> Ticks {
    passage.clock.ticks(heard_lead_in(passage)) - passage.early
}

/// From its last sound to where it ends to be heard, at the least.
pub(super) fn shortest_tail(passage: &Passage) -> Ticks {
    passage.clock.ticks(tail(passage).min(passage.clock.frames_in(SHORTEST_TAIL) + 1)) + passage.early
}

/// Frames of these tokens, exactly `wanted` in all; one each at least, so that fewer than the tokens cannot be had.
pub(super) fn fit(tokens: &[Token], wanted: u64) -> Vec<u32> {
    let wanted = wanted.max(tokens.len() as u64);
    // How far to go, in 1/2^16 of what the elasticities allow: sought by halving, then the rest is rounded along the
    // running sum.
    let sum = |reach: i64| tokens.iter().map(|t| scaled(*t, reach)).sum::<i64>();
    let target = (wanted as i64) << 16;
    let (mut low, mut high) = (-(64 << 16), 64 << 16);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if sum(middle) <= target { low = middle } else { high = middle }
    }
    let mut frames = Vec::with_capacity(tokens.len());
    let (mut ideal, mut given) = (0i64, 0i64);
    for token in tokens {
        ideal += scaled(*token, low);
        let upto = (ideal + (1 << 15)) >> 16;
        frames.push((upto - given).max(1) as u32);
        given = upto.max(given + 1);
    }
    settle(tokens, &mut frames, wanted);
    frames
}

/// A token's duration in 1/2^16 of a frame, `reach` / 2^16 of its elasticity away from its natural one.
fn scaled(token: Token, reach: i64) -> i64 {
    let natural = i64::from(token.frames);
    let change = (natural * elasticity(token.class) * reach) / 100;
    ((natural << 16) + change).max(1 << 16)
}

/// Takes or gives single frames until the sum is exact, the longest of the most elastic sounds first.
fn settle(tokens: &[Token], frames: &mut [u32], wanted: u64) {
    let mut sum: u64 = frames.iter().map(|f| u64::from(*f)).sum();
    while sum != wanted && !frames.is_empty() {
        let more = sum < wanted;
        let weight = |i: &usize| i64::from(frames[*i]) * elasticity(tokens[*i].class);
        let candidates = (0..frames.len()).filter(|i| more || frames[*i] > 1);
        let Some(at) = candidates.max_by_key(|i| (weight(i), std::cmp::Reverse(*i))) else { return };
        if more {
            frames[at] += 1;
            sum += 1;
        } else {
            frames[at] -= 1;
            sum -= 1;
        }
    }
}

/// The slots of a plan, one for each passage.
pub(super) fn slots(passages: &[Passage], chosen: &[Choice]) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(passages.len());
    let mut from = 0;
    for (i, passage) in passages.iter().enumerate() {
        let mine = &chosen[from..from + passage.pieces.len()];
        from += passage.pieces.len();
        let next = passages.get(i + 1).zip(chosen.get(from)).map(|(p, c)| c.start - lead_in_length(p));
        slots.push(slot(passage, mine, next));
    }
    slots
}

fn slot(passage: &Passage, chosen: &[Choice], next: Option<Ticks>) -> Slot {
    let clock = passage.clock;
    let (first, last) = match passage.pieces.as_slice() {
        [first, .., last] => (first.tokens.start, last.tokens.end),
        [only] => (only.tokens.start, only.tokens.end),
        [] => (0, 0),
    };
    // Lead-in and tail are spoken as the voice would and heard in part: a voice that is hurried into its first sound
    // swallows it.
    let mut frames: Vec<u32> = passage.tokens[..first].iter().map(|t| t.frames).collect();
    let from = lead_in(passage) - heard_lead_in(passage);
    let mut at = chosen.first().map_or(Ticks::ZERO, |c| c.start);
    let start = at - lead_in_length(passage);
    let mut to = lead_in(passage);
    let mut spans = Vec::with_capacity(chosen.len());
    for (piece, choice) in passage.pieces.iter().zip(chosen) {
        frames.extend(fit(&passage.tokens[piece.tokens.clone()], choice.frames));
        let end = at + clock.ticks(choice.frames);
        spans.push(Span { onset: at, end });
        at = end;
        to += choice.frames;
    }
    frames.extend(passage.tokens[last..].iter().map(|t| t.frames));
    let room = next.map_or(TAIL, |n| TAIL.min(n - at - passage.early - ROUNDING));
    to += tail(passage).min(clock.frames_in(room));
    Slot { start, frames, heard: from..to, spans }
}
