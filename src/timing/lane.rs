//! In: the passages of one lane, bounds. Out: what the solver has to know of each piece, in one list. Chooses nothing.

use super::cost::{self, PausePrice};
use super::parts::{Laned, Link, Part, Room, fastest};
use super::{Bounds, Fit, Passage, Piece, edges, keep, need, spread};
use crate::time::Ticks;

/// Frames of a coarse step, where the ranges allow it.
const COARSE_STEP: u64 = 3;

/// All pieces of a lane in one list, with what is said of each.
pub(super) fn parts(lane: &[Laned<'_>], bounds: &Bounds) -> Vec<Part> {
    let mut all = uncut(lane, bounds);
    keep::choose(&mut all, bounds);
    look_ahead(&mut all, bounds);
    all
}

/// All pieces of a lane in one list, with what they may be cut to.
pub(super) fn uncut(lane: &[Laned<'_>], bounds: &Bounds) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut before: Option<(&Passage, &Piece)> = None;
    for laned in lane {
        let passage = laned.passage;
        let from = all.len();
        for (i, piece) in passage.pieces.iter().enumerate() {
            let mut part = part(passage, piece, before, bounds);
            part.room = laned.room;
            part.room.until = bounds.end.map_or(part.room.until, |end| part.room.until.min(end));
            if i > 0 {
                part.link = Link::Seam { gap: edges::gap(passage, passage, bounds) };
                part.pause = PausePrice::inside(piece.seam);
            }
            all.push(part);
            before = Some((passage, piece));
        }
        set_unit(&mut all[from..]);
    }
    if bounds.fit == Fit::Spread {
        spread::wish(&mut all);
    }
    set_walls(&mut all, bounds);
    need::allow(&mut all, lane, bounds);
    all
}

fn set_walls(parts: &mut [Part], bounds: &Bounds) {
    let mut last: Option<Ticks> = None;
    for part in parts.iter_mut().filter(|_| bounds.lag_holds()) {
        last = last.max(part.stamp.map(|stamp| stamp.at + bounds.lag));
        part.wall = last.filter(|_| part.stamp.is_some());
    }
}

/// The pieces of an utterance step alike, so that they can meet.
fn set_unit(parts: &mut [Part]) {
    let fits = |unit: &u64| parts.iter().all(|p| p.most / unit * unit >= p.least);
    let unit = (1..=COARSE_STEP).rev().find(fits).unwrap_or(1);
    for part in parts {
        part.unit = unit;
    }
}

fn part(passage: &Passage, piece: &Piece, before: Option<(&Passage, &Piece)>, bounds: &Bounds) -> Part {
    let natural = edges::frames(passage, piece).max(1);
    let stamped = piece.stamp.is_some();
    let mut link = Link::First { earliest: edges::lead_in_length(passage) };
    let mut smooth = 0;
    let mut gap_unsaid = Ticks::ZERO;
    if let Some((earlier, last)) = before {
        link = Link::Free { gap: edges::gap(earlier, passage, bounds) };
        gap_unsaid = edges::longest_gap(earlier, bounds);
        let earlier_length = earlier.clock.ticks(edges::frames(earlier, last));
        let silence = match (last.stamp, piece.stamp) {
            (Some(a), Some(b)) => b.at - a.at - earlier_length,
            _ => Ticks::ZERO,
        };
        let same_voice = earlier.voice == passage.voice;
        let length = passage.clock.ticks(natural);
        smooth = cost::smoothness_weight(earlier_length, length, same_voice, silence);
    }
    Part {
        link,
        clock: passage.clock,
        natural,
        least: fastest(natural, piece.tokens.len(), bounds.max_rate),
        most: (natural * 1000 / u64::from(bounds.min_rate)).max(natural),
        unit: 1,
        stamp: piece.stamp,
        loose: piece.loose,
        wish: piece.wish,
        end: piece.end,
        said: natural,
        kept: Vec::new(),
        earliest: None,
        wall: None,
        gap_unsaid,
        pause: PausePrice::before_utterance(passage.pause, stamped, passage.goes_on, bounds.fit),
        rest: passage.pause,
        smooth,
        latest: None,
        room: Room::default(),
    }
}

/// Tells each piece without a stamp how late it may begin for the next stamp to be kept.
fn look_ahead(parts: &mut [Part], bounds: &Bounds) {
    let mut latest: Option<Ticks> = None;
    for part in parts.iter_mut().rev() {
        latest = match part.stamp {
            Some(stamp) => Some(stamp.at + bounds.lag),
            None => latest.map(|next| next - part.shortest()),
        };
        part.latest = latest.filter(|_| part.stamp.is_none());
    }
}
