//! In: what was chosen for each piece. Out: slots: frames of each token, so that a piece is exactly as long as it was
//! chosen, and what is heard of them. Chooses nothing about pieces.

use super::fit::fit;
use super::grid::Choice;
use super::{Bounds, Overflow, Passage, Slot, Span, Token, cost};
use crate::time::{FrameClock, Ticks};

/// How much of the lead-in is heard: sounds begin a little before their tokens do.
const LEAD_IN: Ticks = Ticks::from_millis(125);

/// How much of the tail is heard where there is room, and at the least: sounds die away.
const TAIL: Ticks = Ticks::from_millis(200);
const SHORTEST_TAIL: Ticks = Ticks::from_millis(45);

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
