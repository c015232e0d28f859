//! In: what was chosen for each piece. Out: frames of each token, so that a piece is exactly as long as it was chosen.
//! Chooses nothing about pieces.
//!
//! Shortening is not uniform. Of its natural duration a vowel can give up about 0.6 and a consonant about 0.35 before it
//! stops being itself: one less the quotient of minimal and inherent duration in D. H. Klatt, *Synthesis by rule of
//! segmental durations in English sentences*, 1979. A pause can give up all of it. So frames are taken, and given
//! back, in these proportions; listeners prefer that to even scaling by 40 to 15 (Effendi 2022).

use super::grid::Choice;
use super::{Bounds, Overflow, Passage, Slot, Span, Token, cost};
use crate::phonemes::inventory::Class;
use crate::time::{FrameClock, Ticks};

/// What a sound gives up first, in hundredths of its duration.
fn elasticity(class: Class) -> i64 {
    match class {
        Class::Pause => 100,
        Class::Vowel => 60,
        Class::Consonant | Class::Mark => 35,
    }
}

/// How much is heard at the least before the first sound begins: what rises slowly is below what
/// counts as sound for some milliseconds, and a clip fades in for five.
const LEAD_IN: Ticks = Ticks::from_millis(30);

/// How much is heard after the last sound where there is room, and at the least: sounds die away.
const TAIL: Ticks = Ticks::from_millis(200);
const SHORTEST_TAIL: Ticks = Ticks::from_millis(30);

/// What is cut to less than this, lead-in included, is not heard at all: no sound is known by so little of it.
const SHORTEST_HEARD: Ticks = Ticks::from_millis(150);

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
pub(super) fn slots(passages: &[Passage], chosen: &[Choice], bounds: &Bounds) -> Vec<Slot> {
    let mut rest = chosen;
    let mut choices = Vec::with_capacity(passages.len());
    for passage in passages {
        let (mine, others) = rest.split_at(passage.pieces.len().min(rest.len()));
        choices.push(mine);
        rest = others;
    }
    // Backwards, since what is heard of an utterance ends where the next begins.
    let mut next: Option<Next> = None;
    let mut slots: Vec<Slot> = Vec::with_capacity(passages.len());
    for (passage, mine) in passages.iter().zip(choices).rev() {
        let slot = slot(passage, mine, next, bounds.overflow == Overflow::Trim);
        let onset = slot.spans.first().map_or(slot.start, |span| span.onset);
        let begins = slot.start - ROUNDING;
        next = Some(Next { begins, speech: begins.min(onset - bounds.gap) });
        slots.push(slot);
    }
    slots.reverse();
    slots
}

/// What the utterance that follows leaves to this one.
#[derive(Clone, Copy)]
struct Next {
    /// Nothing may be heard from here on.
    begins: Ticks,
    /// No speech may be heard from here on.
    speech: Ticks,
}

fn slot(passage: &Passage, chosen: &[Choice], next: Option<Next>, trim: bool) -> Slot {
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
        spans.push(Span { onset: at, end, cut: Ticks::ZERO });
        at = end;
        to += choice.frames;
    }
    frames.extend(passage.tokens[last..].iter().map(|t| t.frames));
    let room = next.map_or(TAIL, |next| TAIL.min(next.begins - at - passage.early));
    to += tail(passage).min(clock.frames_in(room));
    let slot = Slot { start, frames, heard: from..to, spans };
    let end = passage.pieces.last().and_then(|piece| piece.end);
    let end = end.filter(|end| cost::past(at, *end) > Ticks::ZERO).map(|end| end.at);
    match next.map(|next| next.speech).into_iter().chain(end).min() {
        Some(limit) if trim && limit < at + passage.early => cut(slot, limit, clock),
        _ => slot,
    }
}

/// The same, heard no longer than until `limit`.
fn cut(mut slot: Slot, limit: Ticks, clock: FrameClock) -> Slot {
    let room = limit - slot.start;
    slot.heard.end = slot.heard.end.min(slot.heard.start + clock.frames_in(room.max(Ticks::ZERO)));
    if room < SHORTEST_HEARD {
        slot.heard.end = slot.heard.start;
        slot.start = slot.start.min(limit).max(Ticks::ZERO);
    }
    let over = slot.start + clock.ticks(slot.heard.end - slot.heard.start);
    for span in &mut slot.spans {
        span.cut = (span.end - over.max(span.onset)).max(Ticks::ZERO);
        span.onset = span.onset.min(over);
        span.end = span.end.min(over);
    }
    slot
}
