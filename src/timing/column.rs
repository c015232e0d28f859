//! In: a piece, bounds, and what could be reached so far. Out: the choices of the piece in one round: a grid of starts and
//! a list of lengths, whole frames of its voice both. Costs nothing and chooses nothing.

use super::parts::{Link, Part};
use super::{Bounds, cost};
use crate::time::Ticks;

/// How many durations a piece may choose from in the first, coarse round.
const COARSE_DURATIONS: u64 = 28;

/// How many starts a piece with a stamp may choose from, about; one without has four times as many.
const STARTS: i64 = 320;

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
    /// Frames that are heard.
    pub(super) frames: u64,
    /// Frames at the voice's own pace of what is said of it: less than all of them where it is cut.
    pub(super) kept: u64,
}

/// How long a piece may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) frames: u64,
    pub(super) ticks: Ticks,
    /// Against the natural length of what is said.
    pub(super) stretch: i64,
}

impl Length {
    fn new(part: &Part, frames: u64) -> Length {
        let stretch = frames as i64 * cost::NATURAL / part.said.max(1) as i64;
        Length { frames, ticks: part.clock.ticks(frames), stretch }
    }

    /// Whether nothing is said.
    pub(super) fn is_nothing(self) -> bool {
        self.frames == 0
    }
}

/// The choices of one piece in one round.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) base: Ticks,
    pub(super) step: Ticks,
    pub(super) starts: usize,
    pub(super) lengths: Vec<Length>,
    /// Whether the piece is said as a whole.
    pub(super) whole: bool,
}

/// The earliest and the latest start of the piece before that can be had, with its lengths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) first: Ticks,
    pub(super) last: Ticks,
    pub(super) shortest: Ticks,
    pub(super) longest: Ticks,
    /// A start of its grid.
    pub(super) base: Ticks,
}

/// A range of starts.
struct Starts {
    base: Ticks,
    last: Ticks,
    step: Ticks,
}

impl Column {
    pub(super) fn start(&self, k: usize) -> Ticks {
        self.base + self.step * k as i64
    }

    fn new(starts: Starts, lengths: Vec<Length>, whole: bool) -> Column {
        let Starts { base, last, step } = starts;
        let count = (last - base).0.max(0) / step.0.max(1) + 1;
        Column { base, step, starts: count as usize, lengths, whole }
    }

    /// The choices of the first round: wide and coarse.
    pub(super) fn coarse(part: &Part, before: Option<Reach>, bounds: &Bounds) -> Column {
        let unit = part.unit;
        // Where time is short, the shortest is one of them.
        let from = if part.earliest.is_some() { part.least % unit } else { 0 };
        let low = (part.least - from).div_ceil(unit);
        let high = ((part.most - from) / unit).max(low);
        let stride = ((high - low) / COARSE_DURATIONS + 1) as usize;
        let durations = (low..=high).step_by(stride);
        let lengths: Vec<Length> = durations.map(|d| Length::new(part, from + d * unit)).collect();
        let step = part.clock.ticks(unit);
        let starts = match (part.link, before) {
            (Link::Seam { .. }, Some(reach)) => seam_starts(part, reach, bounds, step, stride),
            _ => free_starts(part, before, bounds, step),
        };
        Column::new(starts, lengths, part.is_whole())
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
        let lengths = (0..=below + above).map(|i| Length::new(part, first + i * step)).collect();
        Column::new(starts_around(part, choice, ticks, radius, bounds), lengths, part.is_whole())
    }
}

fn starts_around(part: &Part, choice: Choice, ticks: Ticks, radius: u64, bounds: &Bounds) -> Starts {
    let steps = |room: Ticks| (room.0.max(0) / ticks.0.max(1)).min(radius as i64);
    let (mut before, mut after) = (radius as i64, radius as i64);
    if let Some(stamp) = part.stamp {
        before = before.min(steps(choice.start - stamp.at + bounds.lead));
        if bounds.lag_holds() || !matches!(part.link, Link::Seam { .. }) {
            after = after.min(steps(stamp.at + bounds.lag - choice.start));
        }
    }
    let earliest = match part.link {
        Link::First { earliest } => earliest,
        Link::Free { .. } | Link::Seam { .. } => Ticks::ZERO,
    };
    before = before.min(steps(choice.start - earliest.max(part.room.from)));
    Starts { base: choice.start - ticks * before, last: choice.start + ticks * after, step: ticks }
}

/// Starts of a piece that begins an utterance. Where its stamp cannot be kept within the bounds, the earliest start there is
/// stays the only one.
fn free_starts(part: &Part, before: Option<Reach>, bounds: &Bounds, step: Ticks) -> Starts {
    let earliest = match (part.link, before) {
        (Link::First { earliest }, _) => earliest,
        (_, Some(reach)) => {
            let gap = if reach.shortest > Ticks::ZERO { part.gap_of_said() } else { Ticks::ZERO };
            reach.first + reach.shortest + gap
        }
        (_, None) => Ticks::ZERO,
    };
    let soonest = earliest;
    let room = if part.said > 0 { part.room.from } else { earliest };
    let earliest = earliest.max(room).max(part.earliest.unwrap_or(Ticks::ZERO));
    let Some(stamp) = part.stamp else {
        let natural = before.map_or(earliest, |r| r.last + r.longest + part.gap().max(part.rest));
        let last = natural.max(part.latest.unwrap_or(natural)).max(part.wish.unwrap_or(natural));
        return wide(earliest, last.max(earliest), step, STARTS * 4);
    };
    let earliest = if part.said > 0 { earliest.max(stamp.at - bounds.lead) } else { earliest };
    let latest = if part.said > 0 { stamp.at + bounds.lag } else { part.wall.unwrap_or(stamp.at + bounds.lag) };
    let last = earliest.max(latest).max(soonest + step);
    let Starts { step, .. } = wide(earliest, last, step, STARTS);
    // The stamp itself is one of them; where time is short, the earliest.
    let aligned = stamp.at >= earliest && part.earliest.is_none();
    let base = if aligned { stamp.at - step * ((stamp.at - earliest).0 / step.0.max(1)) } else { earliest };
    Starts { base, last, step }
}

/// Starts from `base` to `last`, in steps so wide that there are no more than `most` of them.
fn wide(base: Ticks, last: Ticks, step: Ticks, most: i64) -> Starts {
    let times = (last - base).0 / (step.0.max(1) * most) + 1;
    Starts { base, last, step: step * times }
}

/// Starts of a piece that goes on in an utterance: on the grid of the piece before, so that it can begin exactly where
/// that one ends.
fn seam_starts(part: &Part, reach: Reach, bounds: &Bounds, step: Ticks, stride: usize) -> Starts {
    let soonest = reach.first + reach.shortest;
    let soonest = if part.said > 0 { soonest.max(part.room.from) } else { soonest };
    let first = soonest.max(part.earliest.unwrap_or(soonest));
    let joined = reach.last + reach.longest;
    let (low, high) = match part.stamp {
        Some(stamp) => {
            let low = if part.said > 0 { first.max(stamp.at - bounds.lead) } else { first };
            let high = (stamp.at + bounds.lag).max(reach.first + reach.shortest + part.gap_of_said() + step);
            (low, high.max(low + part.gap_of_said() + step * stride as i64))
        }
        None => {
            let first = first.min(joined);
            (first, joined.max(part.latest.unwrap_or(joined)).max(part.wish.unwrap_or(joined)))
        }
    };
    let above = (low - reach.base).0;
    let base = reach.base + step * (above.div_euclid(step.0) + i64::from(above.rem_euclid(step.0) > 0));
    if let Some(stamp) = part.stamp.filter(|_| bounds.lag_holds()) {
        let latest = stamp.at + bounds.lag;
        if bounds.lead + bounds.lag < step || (base > latest && first <= latest) {
            // Bounds so narrow lie between two starts of that grid: after a pause they can be kept.
            return free_starts(part, Some(reach), bounds, step);
        }
    }
    let high = high.max(base + part.gap_of_said());
    Starts { base, last: high.min(base + step * STARTS * 4), step }
}
