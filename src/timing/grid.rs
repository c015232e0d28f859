//! In: pieces, bounds, and what could be reached so far. Out: the choices of each piece: a grid of starts and a list of
//! durations, whole frames of its voice both. Costs nothing and chooses nothing.

use super::{Bounds, Overflow, Passage, Piece, Stamp, cost, shape};
use crate::time::{FrameClock, Ticks};

/// How many durations a piece may choose from in the first, coarse round.
const COARSE_DURATIONS: u64 = 28;

/// How many starts a piece may choose from, about.
const STARTS: i64 = 320;

/// Frames of a coarse step, where the ranges allow it.
const COARSE_STEP: u64 = 3;

/// How a piece follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// It is the first of the track: it has to leave room for its lead-in.
    First {
        /// The earliest start.
        earliest: Ticks,
    },
    /// It goes on in the same utterance: it begins exactly where the one before ends.
    Joined,
    /// A new utterance, so long after the one before at least.
    Free {
        /// The shortest time from the last sound before to its first sound.
        gap: Ticks,
        /// Whether the one before is cut where it leaves no room for this one within its bounds.
        cuts: bool,
    },
}

/// What the solver has to know of one piece.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) link: Link,
    pub(super) clock: FrameClock,
    pub(super) natural: u64,
    pub(super) least: u64,
    pub(super) most: u64,
    /// Frames of a coarse step, common to the pieces of an utterance.
    pub(super) unit: u64,
    pub(super) stamp: Option<Stamp>,
    pub(super) end: Option<Stamp>,
    /// Whether it is cut where it is still heard after its end.
    pub(super) cut_at_end: bool,
    pub(super) pause: Ticks,
    /// Weight of the change of rate from the piece before.
    pub(super) smooth: i64,
}

/// All pieces of the track in one list.
pub(super) fn parts(passages: &[Passage], bounds: &Bounds) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut before: Option<(&Passage, &Piece)> = None;
    for passage in passages {
        let from = all.len();
        for (i, piece) in passage.pieces.iter().enumerate() {
            let link = match (i, before) {
                (0, None) => Link::First { earliest: shape::lead_in_length(passage) },
                (0, Some((earlier, last))) => {
                    let cuts = bounds.overflow == Overflow::Trim && later(last, piece);
                    Link::Free { gap: gap(earlier, passage, bounds), cuts }
                }
                _ => Link::Joined,
            };
            all.push(part(passage, piece, link, before, bounds));
            before = Some((passage, piece));
        }
        let unit = (1..=COARSE_STEP)
            .rev()
            .find(|unit| all[from..].iter().all(|p| p.most / unit * unit >= p.least))
            .unwrap_or(1);
        all[from..].iter_mut().for_each(|p| p.unit = unit);
    }
    all
}

/// Whether `piece` has a window of its own, one that begins after that of the piece before. Lines with one stamp share
/// theirs.
fn later(before: &Piece, piece: &Piece) -> bool {
    piece.stamp.is_some_and(|here| before.stamp.is_none_or(|there| here.at > there.at))
}

fn part(passage: &Passage, piece: &Piece, link: Link, before: Option<(&Passage, &Piece)>, bounds: &Bounds) -> Part {
    let natural = frames(passage, piece).max(1);
    // Every token keeps a frame at least.
    let least = (natural * 1000).div_ceil(u64::from(bounds.max_rate)).max(piece.tokens.len() as u64).min(natural);
    let most = (natural * 1000 / u64::from(bounds.min_rate)).max(natural);
    let length = passage.clock.ticks(natural);
    let smooth = before.map_or(0, |(earlier, last)| {
        let earlier_length = earlier.clock.ticks(frames(earlier, last));
        let silence = match (last.stamp, piece.stamp) {
            (Some(a), Some(b)) => b.at - a.at - earlier_length,
            _ => Ticks::ZERO,
        };
        cost::smoothness_weight(earlier_length, length, earlier.voice == passage.voice, silence)
    });
    let (stamp, end, pause) = (piece.stamp, piece.end, passage.pause);
    let cut_at_end = bounds.overflow == Overflow::Trim && piece.tokens.end == last_sound(passage);
    Part { link, clock: passage.clock, natural, least, most, unit: 1, stamp, end, cut_at_end, pause, smooth }
}

/// Where the last piece of a passage ends.
fn last_sound(passage: &Passage) -> usize {
    passage.pieces.last().map_or(0, |piece| piece.tokens.end)
}

/// Natural frames of a piece.
pub(super) fn frames(passage: &Passage, piece: &Piece) -> u64 {
    passage.tokens[piece.tokens.clone()].iter().map(|t| u64::from(t.frames)).sum()
}

/// The shortest time from the last sound of one utterance to the first of the next: the tail of the one and the lead-in
/// of the other have to fit in.
fn gap(earlier: &Passage, later: &Passage, bounds: &Bounds) -> Ticks {
    bounds.gap.max(shape::shortest_tail(earlier) + shape::ROUNDING + shape::lead_in_length(later))
}

/// The choices of one piece in one round.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) base: Ticks,
    pub(super) step: Ticks,
    pub(super) starts: usize,
    pub(super) durations: Vec<u64>,
    pub(super) lengths: Vec<Ticks>,
    pub(super) stretches: Vec<i64>,
}

/// How fine a round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grain {
    /// Starts and durations in steps of so many frames.
    Frames(u64),
    /// Starts in quarters of a frame, durations in whole ones.
    Quarters,
}

/// What was chosen for one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) start: Ticks,
    pub(super) frames: u64,
}

/// The earliest and the latest start of the piece before that can be had, with its shortest and longest duration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) first: Ticks,
    pub(super) last: Ticks,
    pub(super) shortest: Ticks,
    pub(super) longest: Ticks,
}

impl Column {
    pub(super) fn start(&self, k: usize) -> Ticks {
        self.base + self.step * k as i64
    }

    fn new(part: &Part, base: Ticks, step: Ticks, starts: i64, durations: Vec<u64>) -> Column {
        let lengths = durations.iter().map(|d| part.clock.ticks(*d)).collect();
        let stretches = durations.iter().map(|d| *d as i64 * cost::NATURAL / part.natural as i64).collect();
        Column { base, step, starts: starts.max(1) as usize, durations, lengths, stretches }
    }

    /// The choices of the first round: wide and coarse.
    pub(super) fn coarse(part: &Part, before: Option<Reach>, bounds: &Bounds) -> Column {
        let unit = part.unit;
        let (low, high) = (part.least.div_ceil(unit), part.most / unit);
        let stride = ((high - low.min(high)) / COARSE_DURATIONS + 1) as usize;
        let durations: Vec<u64> = (low..=high.max(low)).step_by(stride).map(|d| d * unit).collect();
        let step = part.clock.ticks(unit);
        let (base, last) = match (part.link, before) {
            (Link::Joined, Some(reach)) => joined_window(part, reach, bounds, step * stride as i64, step),
            (_, before) => free_window(part, before, bounds, step),
        };
        // Only a whole-frame grid ties joined pieces together; a free start may stand on a wider one.
        Column::new(part, base, step, (last - base).0 / step.0.max(1) + 1, durations)
    }

    /// The choices of a later round: within `radius` steps of this grain around what was chosen before.
    pub(super) fn around(part: &Part, choice: Choice, grain: Grain, radius: u64, bounds: &Bounds) -> Column {
        let (step, ticks) = match grain {
            Grain::Frames(step) => (step, part.clock.ticks(step)),
            Grain::Quarters => (1, part.clock.quarter()),
        };
        let below = ((choice.frames - part.least.min(choice.frames)) / step).min(radius);
        let above = (part.most.saturating_sub(choice.frames) / step).min(radius);
        let first = choice.frames - below * step;
        let durations: Vec<u64> = (0..=below + above).map(|i| first + i * step).collect();
        let radius = radius as i64;
        let (mut before, mut after) = (radius, radius);
        if let (Some(stamp), Link::First { .. } | Link::Free { .. }) = (part.stamp, part.link) {
            before = before.min(((choice.start - stamp.at + bounds.lead).0 / ticks.0.max(1)).max(0));
            after = after.min(((stamp.at + bounds.lag - choice.start).0 / ticks.0.max(1)).max(0));
        }
        if let Link::First { earliest: room } | Link::Free { gap: room, .. } = part.link {
            before = before.min((choice.start - room).0.max(0) / ticks.0.max(1));
        }
        Column::new(part, choice.start - ticks * before, ticks, before + after + 1, durations)
    }
}

/// First and last start of a piece that begins an utterance. Where its stamp cannot be kept within the bounds, the
/// earliest start there is stays the only one.
fn free_window(part: &Part, before: Option<Reach>, bounds: &Bounds, step: Ticks) -> (Ticks, Ticks) {
    let (gap, earliest) = match part.link {
        Link::First { earliest } => (Ticks::ZERO, earliest),
        Link::Free { gap, .. } => (gap, gap),
        Link::Joined => (Ticks::ZERO, Ticks::ZERO),
    };
    let cuts = matches!(part.link, Link::Free { cuts: true, .. });
    let free_from = before.filter(|_| !cuts).map_or(earliest, |r| r.first + r.shortest + gap);
    let Some(stamp) = part.stamp else {
        let slack = before.map_or(Ticks::ZERO, |r| r.last + r.longest + gap.max(part.pause));
        return (free_from, slack.max(free_from).min(free_from + step * STARTS * 4));
    };
    let earliest = free_from.max(stamp.at - bounds.lead);
    let base =
        if stamp.at >= earliest { stamp.at - step * ((stamp.at - earliest).0 / step.0.max(1)) } else { earliest };
    (base, earliest.max(stamp.at + bounds.lag).min(base + step * STARTS))
}

/// First and last start of a piece that goes on in an utterance: what can be reached, as near to its bounds as can be.
fn joined_window(part: &Part, reach: Reach, bounds: &Bounds, stride: Ticks, step: Ticks) -> (Ticks, Ticks) {
    let (first, last) = (reach.first + reach.shortest, reach.last + reach.longest);
    let Some(stamp) = part.stamp else { return (first, last.min(first + step * STARTS * 4)) };
    let low = (stamp.at - bounds.lead - stride).min(last - stride).max(first);
    let high = (stamp.at + bounds.lag + stride).max(first + stride).min(last);
    let base = first + step * ((low - first).0 / step.0.max(1));
    (base, high.max(base).min(base + step * STARTS))
}
