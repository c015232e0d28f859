//! In: what was chosen for each piece. Out: slots: frames of each token, so that a piece is exactly as long as it was
//! chosen, and what is heard of them. Chooses nothing about pieces.

use super::column::Choice;
use super::fit::fit;
use super::{Bounds, Passage, Slot, Span, Token, lanes, parts};
use crate::time::{FrameClock, Ticks};

/// How much is heard at the least before the first sound begins: what rises slowly is below what
/// counts as sound for some milliseconds, and a clip fades in for five.
const LEAD_IN: Ticks = Ticks::from_millis(30);

/// The longest lead-in that is heard of any utterance: whole frames, of 50 ms at the most.
pub(super) const LONGEST_LEAD_IN: Ticks = Ticks::from_millis(80);

/// How much is heard after the last sound where there is room, and at the least: sounds die away.
const TAIL: Ticks = Ticks::from_millis(200);
const SHORTEST_TAIL: Ticks = Ticks::from_millis(30);

/// How much is heard after the last word of what is cut, to fade in.
const TAIL_OF_CUT: Ticks = Ticks::from_millis(25);

/// No utterance begins so late.
const FAR: Ticks = Ticks(i64::MAX / 4);

/// Among so many utterances after one those are looked for that it may overlap; those after them it may not.
const NEAR: usize = 16;

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

/// The pieces of each passage before which it has to be spoken as two: a pause stands there, or what is before is cut.
pub(super) fn splits(passages: &[Passage], chosen: &[Choice]) -> Vec<Vec<usize>> {
    let mut all = Vec::with_capacity(passages.len());
    for (passage, mine) in passages.iter().zip(by_passage(passages, chosen)) {
        let mut splits = Vec::new();
        for i in 1..mine.len() {
            let (before, here) = (mine[i - 1], mine[i]);
            let is_cut = before.kept < parts::frames(passage, &passage.pieces[i - 1]).max(1);
            if is_cut || before.start + passage.clock.ticks(before.frames) != here.start {
                splits.push(i);
            }
        }
        all.push(splits);
    }
    all
}

/// When the last of it is over.
pub(super) fn over(passages: &[Passage], chosen: &[Choice]) -> Ticks {
    let last = passages.iter().zip(by_passage(passages, chosen)).next_back();
    let end = |clock: FrameClock, choice: &Choice| choice.start + clock.ticks(choice.frames);
    last.and_then(|(passage, mine)| mine.last().map(|c| end(passage.clock, c))).unwrap_or_default()
}

/// How late the line is that begins latest after its stamp, of those that are heard.
pub(super) fn latest(passages: &[Passage], chosen: &[Choice]) -> Ticks {
    let pieces = passages.iter().flat_map(|passage| &passage.pieces);
    let said = pieces.zip(chosen).filter(|(_, choice)| choice.frames > 0);
    let late = said.filter_map(|(piece, choice)| Some(choice.start - piece.stamp?.at));
    late.max().unwrap_or_default()
}

/// Leaves out what begins later than `lag` after its stamp.
pub(super) fn leave_out(passages: &[Passage], chosen: &mut [Choice], lag: Ticks) {
    let pieces = passages.iter().flat_map(|passage| &passage.pieces);
    let mut left_out = false;
    for (piece, choice) in pieces.zip(chosen) {
        left_out = match piece.stamp {
            Some(stamp) => choice.start - stamp.at > lag,
            // What goes on in a line goes with its beginning.
            None => left_out,
        };
        if left_out {
            choice.frames = 0;
            choice.kept = 0;
        }
    }
}

/// The choices of each passage.
fn by_passage<'a>(passages: &[Passage], chosen: &'a [Choice]) -> Vec<&'a [Choice]> {
    let mut rest = chosen;
    let mut choices = Vec::with_capacity(passages.len());
    for passage in passages {
        let (mine, others) = rest.split_at(passage.pieces.len().min(rest.len()));
        choices.push(mine);
        rest = others;
    }
    choices
}

/// The slots of a plan, one for each passage.
pub(super) fn slots(passages: &[Passage], chosen: &[Choice], bounds: &Bounds) -> Vec<Slot> {
    let choices = by_passage(passages, chosen);
    // Backwards, since what is heard of an utterance ends where the next begins.
    let mut slots: Vec<Slot> = Vec::with_capacity(passages.len());
    let mut begins: Vec<Ticks> = Vec::with_capacity(passages.len());
    let mut first_of_far = FAR;
    for i in (0..passages.len()).rev() {
        let mut until = first_of_far;
        for (back, begins) in begins.iter().rev().take(NEAR).enumerate() {
            if !lanes::may_overlap(&passages[i], &passages[i + 1 + back], bounds) {
                until = until.min(*begins);
            }
        }
        let slot = slot(&passages[i], choices[i], until);
        begins.push(if slot.heard.is_empty() { FAR } else { slot.start - ROUNDING });
        if let Some(left) = begins.len().checked_sub(NEAR + 1) {
            first_of_far = first_of_far.min(begins[left]);
        }
        slots.push(slot);
    }
    slots.reverse();
    slots
}

/// One utterance, of which nothing may be heard from `until` on.
fn slot(passage: &Passage, chosen: &[Choice], until: Ticks) -> Slot {
    let clock = passage.clock;
    let first = passage.pieces.first().map_or(0, |piece| piece.tokens.start);
    let last = passage.pieces.last().map_or(0, |piece| piece.tokens.end);
    // Lead-in and tail are spoken as the voice would and heard in part: a voice that is hurried into its first sound
    // swallows it.
    let natural = |tokens: &[Token]| -> Vec<u32> { tokens.iter().map(|t| t.frames).collect() };
    let mut frames = natural(&passage.tokens[..first]);
    let mut cut_from = None;
    for (piece, choice) in passage.pieces.iter().zip(chosen) {
        let tokens = &passage.tokens[piece.tokens.clone()];
        let kept = kept_tokens(tokens, choice.kept);
        if kept > 0 {
            frames.extend(fit(&tokens[..kept], choice.frames));
        }
        if kept < tokens.len() {
            frames.extend(natural(&tokens[kept..]));
            cut_from = Some(piece.tokens.start + kept);
        }
    }
    frames.extend(natural(&passage.tokens[last..]));
    let begin = chosen.first().map_or(Ticks::ZERO, |c| c.start);
    let over = begin + clock.ticks(chosen.iter().map(|c| c.frames).sum());
    let from = lead_in(passage) - heard_lead_in(passage);
    // The last token ends a little after the last sound does.
    let room = TAIL.min(until - over) - passage.early;
    let mut to = lead_in(passage) + chosen.iter().map(|c| c.frames).sum::<u64>();
    let after = if cut_from.is_some() { clock.frames_in(TAIL_OF_CUT.min(room)) } else { clock.frames_in(room) };
    to += tail(passage).min(after);
    let silent = cut_from.is_some_and(|token| token <= first);
    let heard = if silent { from..from } else { from..to };
    let spans = spans(passage, &frames, begin, cut_from);
    Slot { start: begin - lead_in_length(passage), frames, heard, cut_from, spans }
}

/// How many tokens have so many natural frames in all.
fn kept_tokens(tokens: &[Token], kept: u64) -> usize {
    let mut sum = 0;
    for (i, token) in tokens.iter().enumerate() {
        if sum >= kept {
            return i;
        }
        sum += u64::from(token.frames);
    }
    tokens.len()
}

/// Where each piece of an utterance is heard that begins at `begin`.
fn spans(passage: &Passage, frames: &[u32], begin: Ticks, cut_from: Option<usize>) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = begin;
    for piece in &passage.pieces {
        let tokens = piece.tokens.clone();
        let heard_to = cut_from.map_or(tokens.end, |token| token.clamp(tokens.start, tokens.end));
        let heard = frames[tokens.start..heard_to].iter().map(|f| u64::from(*f)).sum();
        let end = at + passage.clock.ticks(heard);
        let cut = passage.clock.ticks(sum(&passage.tokens[heard_to..tokens.end]));
        spans.push(Span { onset: at, end, cut });
        at = end;
    }
    spans
}
