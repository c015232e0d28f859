//! In: the passages of one lane, bounds. Out: what the solver has to know of each piece, in one list. Chooses nothing.

use super::cost::{self, PausePrice};
use super::{Bounds, Fit, Overflow, Passage, Piece, Stamp, need, shape, spread};
use crate::time::{FrameClock, Ticks};

/// Frames of a coarse step, where the ranges allow it.
const COARSE_STEP: u64 = 3;

/// How a piece follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// It is the first of its lane: it has to leave room for its lead-in.
    First {
        /// The earliest start.
        earliest: Ticks,
    },
    /// It goes on in the same utterance: it begins where the one before ends, or after a pause, where the utterance then
    /// has to be spoken as two.
    Seam {
        /// The shortest pause where there is one.
        gap: Ticks,
    },
    /// A new utterance.
    Free {
        /// The shortest time from the last sound before to its first sound.
        gap: Ticks,
    },
}

/// A part of a piece that is said where the rest of it is cut: so many of its frames at the voice's own pace.
pub(super) type Kept = u64;

/// What the solver has to know of one piece.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) link: Link,
    pub(super) clock: FrameClock,
    /// Frames at the voice's own pace.
    pub(super) natural: u64,
    /// Frames at the fastest that it may be spoken: at the greatest rate, or at what it may be rushed to.
    pub(super) least: u64,
    pub(super) most: u64,
    /// Frames of a coarse step, common to the pieces of an utterance.
    pub(super) unit: u64,
    pub(super) stamp: Option<Stamp>,
    pub(super) loose: bool,
    pub(super) wish: Option<Ticks>,
    pub(super) end: Option<Stamp>,
    /// What it may be cut to, ascending, from nothing; empty where it may not.
    pub(super) kept: Vec<Kept>,
    /// The shortest time from the last sound before to its start, where nothing of it is said.
    pub(super) gap_unsaid: Ticks,
    pub(super) pause: PausePrice,
    /// The natural pause before it.
    pub(super) rest: Ticks,
    /// Weight of the change of rate from the piece before.
    pub(super) smooth: i64,
    /// The latest start that lets a stamp be kept that follows; only for a piece without one.
    pub(super) latest: Option<Ticks>,
    /// What other lanes leave to it.
    pub(super) room: Room,
}

/// From when to when a piece may be heard, besides what its stamp says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// The earliest start.
    pub(super) from: Ticks,
    /// The latest end; a piece of which nothing is kept has none.
    pub(super) until: Ticks,
}

impl Default for Room {
    fn default() -> Room {
        Room { from: Ticks(i64::MIN / 4), until: Ticks(i64::MAX / 4) }
    }
}

impl Part {
    /// Frames at which so much of it is said at this rate, in thousandths; one for each token at least is seen to later.
    pub(super) fn frames_at(kept: Kept, rate: u32) -> u64 {
        (kept * 1000).div_ceil(u64::from(rate))
    }

    /// The shortest that it takes.
    pub(super) fn shortest(&self) -> Ticks {
        self.clock.ticks(self.least)
    }

    /// The shortest pause before it, where there is one.
    pub(super) fn gap(&self) -> Ticks {
        match self.link {
            Link::First { .. } => Ticks::ZERO,
            Link::Seam { gap } | Link::Free { gap } => gap,
        }
    }
}

/// A passage of a lane, and what other lanes leave to each of its pieces.
pub(super) struct Laned<'a> {
    pub(super) passage: &'a Passage,
    pub(super) room: Room,
}

/// All pieces of a lane in one list.
pub(super) fn parts(lane: &[Laned<'_>], bounds: &Bounds) -> Vec<Part> {
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
                part.link = Link::Seam { gap: gap(passage, passage, bounds) };
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
    need::allow(&mut all, lane, bounds);
    look_ahead(&mut all, bounds);
    all
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
    let natural = frames(passage, piece).max(1);
    let stamped = piece.stamp.is_some();
    let mut link = Link::First { earliest: shape::lead_in_length(passage) };
    let mut smooth = 0;
    let mut gap_unsaid = Ticks::ZERO;
    if let Some((earlier, last)) = before {
        link = Link::Free { gap: gap(earlier, passage, bounds) };
        gap_unsaid = longest_gap(earlier, bounds);
        let earlier_length = earlier.clock.ticks(frames(earlier, last));
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
        kept: Vec::new(),
        gap_unsaid,
        pause: PausePrice::before_utterance(passage.pause, stamped, passage.goes_on, bounds.fit),
        rest: passage.pause,
        smooth,
        latest: None,
        room: Room::default(),
    }
}

/// Frames at a rate in thousandths: every token keeps a frame at least.
pub(super) fn fastest(natural: u64, tokens: usize, rate: u32) -> u64 {
    Part::frames_at(natural, rate).max(tokens as u64).min(natural)
}

/// Natural frames of a piece.
pub(super) fn frames(passage: &Passage, piece: &Piece) -> u64 {
    passage.tokens[piece.tokens.clone()].iter().map(|t| u64::from(t.frames)).sum()
}

/// The shortest time from the last sound of one utterance to the first of the next: the tail of the one and the lead-in
/// of the other have to fit in.
pub(super) fn gap(earlier: &Passage, later: &Passage, bounds: &Bounds) -> Ticks {
    bounds.gap.max(shape::shortest_tail(earlier) + shape::ROUNDING + shape::lead_in_length(later))
}

/// The shortest time from the last sound of an utterance that is enough for any next one.
fn longest_gap(earlier: &Passage, bounds: &Bounds) -> Ticks {
    bounds.gap.max(shape::shortest_tail(earlier) + shape::ROUNDING + shape::LONGEST_LEAD_IN)
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

/// Whether what does not fit may be hurried beyond the greatest rate.
pub(super) fn may_rush(bounds: &Bounds) -> bool {
    bounds.overflow == Overflow::Hold && bounds.rush > bounds.max_rate
}
