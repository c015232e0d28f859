//! In: the pieces of a lane. Out: which of them may be rushed, and which may be cut: those that stand in a run of lines for
//! which there is not enough time. Chooses nothing; a piece that may be cut need not be.
//!
//! Everything is begun as soon as it may and spoken as fast as it may. Where a line then begins too late, or ends too
//! late, each line since the last one that began with time to spare is a part of the trouble. Time is linear in the
//! pieces.

use super::parts::{Kept, Laned, Link, Part, fastest};
use super::{Bounds, Passage, Piece, edges};
use crate::time::Ticks;

/// How near to a bound is too near: starts and lengths are whole steps of a grid, and what is
/// left out keeps a longer gap.
const MARGIN: Ticks = Ticks::from_millis(200);

/// Of what is shorter than this at the beginning of a line nobody would know what it was: it is left out as a whole.
const STUB: Ticks = Ticks::from_millis(300);

/// Lets those pieces be rushed and cut that may have to be.
pub(super) fn allow(parts: &mut [Part], lane: &[Laned<'_>], bounds: &Bounds) {
    if bounds.may_rush() {
        let crowded = crowded(parts, bounds);
        let pieces = lane.iter().flat_map(|laned| laned.passage.pieces.iter());
        for ((part, piece), _) in parts.iter_mut().zip(pieces).zip(crowded).filter(|(_, in_it)| *in_it) {
            part.least = fastest(part.natural, piece.tokens.len(), bounds.rush);
        }
    }
    let mut crowded = crowded(parts, bounds);
    // What is cut is cut to the end of its cue.
    for i in 1..parts.len() {
        crowded[i] |= crowded[i - 1] && parts[i].stamp.is_none();
    }
    let pieces = lane.iter().flat_map(|laned| laned.passage.pieces.iter().map(|p| (laned.passage, p)));
    for ((part, (passage, piece)), _) in parts.iter_mut().zip(pieces).zip(crowded).filter(|(_, in_it)| *in_it) {
        part.kept = kept(passage, piece, part.least);
    }
}

/// What a piece may be cut to that takes `least` frames at the fastest: nothing, or its words up to one of them. Of a line
/// more than a stub is left.
fn kept(passage: &Passage, piece: &Piece, least: u64) -> Vec<Kept> {
    let mut all = vec![Kept::default()];
    let natural = edges::frames(passage, piece).max(1);
    let mut sum = 0;
    let mut at = piece.tokens.start;
    for &end in &piece.words {
        sum += edges::sum(&passage.tokens[at..end]);
        at = end;
        let tokens = (end - piece.tokens.start) as u64;
        if piece.stamp.is_none() || passage.clock.ticks(sum) >= STUB {
            all.push(Kept { natural: sum, least: (sum * least).div_ceil(natural).max(tokens).min(sum) });
        }
    }
    all
}

/// Which pieces stand where there is not enough time.
fn crowded(parts: &[Part], bounds: &Bounds) -> Vec<bool> {
    let mut crowded = vec![false; parts.len()];
    // Where the run of lines began that follow each other without time to spare.
    let mut run = 0;
    let mut free = Ticks::ZERO;
    let mut last_stamp = Ticks::ZERO;
    for (i, part) in parts.iter().enumerate() {
        let mut start = match part.link {
            Link::First { earliest } => earliest,
            Link::Free { gap } => free + gap,
            Link::Seam { .. } => free,
        };
        let lowest = part.stamp.map_or(part.room.from, |stamp| part.room.from.max(stamp.at - bounds.lead));
        if start <= lowest {
            start = lowest;
            run = i;
        }
        if let Some(stamp) = part.stamp.filter(|_| bounds.lag_holds()) {
            let latest = (stamp.at + bounds.lag).max(lowest);
            // A line after a later one may have no place at all.
            crowded[i] |= stamp.at < last_stamp && start > latest;
            last_stamp = last_stamp.max(stamp.at);
            if start + MARGIN > latest && i > run {
                crowded[run..i].fill(true);
                run = i - 1;
            }
            start = start.min(latest);
        }
        free = start + part.shortest();
        if free + MARGIN > part.room.until {
            crowded[run..=i].fill(true);
            run = i;
            free = free.min(part.room.until).max(start);
        }
    }
    crowded
}
