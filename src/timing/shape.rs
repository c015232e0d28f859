//! In: what was chosen for each piece. Out: slots: frames of each token, so that a piece is exactly as long as it was
//! chosen, and what is heard of them. Chooses nothing about pieces.

use super::column::Choice;
use super::edges::{ROUNDING, frames, heard_lead_in, lead_in, lead_in_length, sum, tail};
use super::fit::fit;
use super::{Bounds, Passage, Slot, Span, Token};
use crate::time::{FrameClock, Ticks};
use std::collections::HashSet;

/// How much is heard after the last sound where there is room: sounds die away.
const TAIL: Ticks = Ticks::from_millis(200);

/// How much is heard after the last word of what is cut, to fade in.
const TAIL_OF_CUT: Ticks = Ticks::from_millis(25);

/// No utterance begins so late.
const FAR: Ticks = Ticks(i64::MAX / 4);

/// Among so many utterances after one those are looked for that it may overlap; those after them it may not.
const NEAR: usize = 16;

/// The pieces of each passage before which it has to be spoken as two: a pause stands there, or what is before is cut.
pub(super) fn splits(passages: &[Passage], chosen: &[Choice]) -> Vec<Vec<usize>> {
    let mut all = Vec::with_capacity(passages.len());
    for (passage, mine) in passages.iter().zip(by_passage(passages, chosen)) {
        let mut splits = Vec::new();
        for i in 1..mine.len() {
            let (before, here) = (mine[i - 1], mine[i]);
            let is_cut = before.kept < frames(passage, &passage.pieces[i - 1]).max(1);
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
    let mut left_out = HashSet::new();
    for (piece, choice) in pieces.zip(chosen) {
        let late = piece.stamp.is_some_and(|stamp| choice.start - stamp.at > lag);
        // What goes on in a line goes with its beginning.
        if late || (piece.stamp.is_none() && left_out.contains(&piece.line)) {
            left_out.insert(piece.line);
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
    let mut in_time: Vec<usize> = (0..passages.len()).collect();
    in_time.sort_by_key(|i| choices[*i].first().map(|choice| choice.start));
    let mut slots: Vec<Option<Slot>> = vec![None; passages.len()];
    // Backwards, since what is heard of an utterance ends where the next begins; those that were looked at, with where
    // they begin to be heard.
    let mut later: Vec<(usize, Ticks)> = Vec::with_capacity(passages.len());
    let mut first_of_far = FAR;
    for i in in_time.into_iter().rev() {
        let mut until = first_of_far;
        for &(other, begins) in later.iter().rev().take(NEAR) {
            if !passages[i].may_overlap(&passages[other], bounds) {
                until = until.min(begins);
            }
        }
        let slot = slot(&passages[i], choices[i], until);
        later.push((i, if slot.heard.is_empty() { FAR } else { slot.start - ROUNDING }));
        if let Some(left) = later.len().checked_sub(NEAR + 1) {
            first_of_far = first_of_far.min(later[left].1);
        }
        slots[i] = Some(slot);
    }
    slots.into_iter().flatten().collect()
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
