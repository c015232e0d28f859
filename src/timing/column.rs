//! In: a piece, bounds, and what could be reached so far. Out: the choices of the piece in one round: a grid of starts and
//! a list of lengths, whole frames of its voice both. Costs nothing and chooses nothing.

use super::parts::{Kept, Link, Part};
use super::{Bounds, cost};
use crate::time::Ticks;

/// How many durations a piece may choose from in the first, coarse round.
const COARSE_DURATIONS: u64 = 28;

/// How many words' ends a piece may be cut at in the first round.
const COARSE_CUTS: usize = 12;

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
    pub(super) kept: Kept,
}

/// How long a piece may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) frames: u64,
    pub(super) kept: Kept,
    pub(super) ticks: Ticks,
    /// Against the natural length of what is kept.
    pub(super) stretch: i64,
}

impl Length {
    fn new(part: &Part, frames: u64, kept: Kept) -> Length {
        let ticks = part.clock.ticks(frames);
        let stretch = frames as i64 * cost::NATURAL / kept.max(1) as i64;
        Length { frames, kept, ticks, stretch }
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
    /// How many of the lengths, the first ones, are of the whole piece.
    pub(super) whole: usize,
}

/// The earliest and the latest start of the piece before that can be had, with its lengths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) first: Ticks,
    pub(super) last: Ticks,
    /// The shortest it can be, cut or not.
    pub(super) shortest: Ticks,
    /// The shortest it can be as a whole.
    pub(super) shortest_whole: Ticks,
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

    fn new(starts: Starts, lengths: Vec<Length>, whole: usize) -> Column {
        let Starts { base, last, step } = starts;
        let count = (last - base).0.max(0) / step.0.max(1) + 1;
        Column { base, step, starts: count as usize, lengths, whole }
    }

    /// The choices of the first round: wide and coarse.
    pub(super) fn coarse(part: &Part, before: Option<Reach>, bounds: &Bounds) -> Column {
        let unit = part.unit;
        let low = part.least.div_ceil(unit);
        let high = (part.most / unit).max(low);
        let stride = ((high - low) / COARSE_DURATIONS + 1) as usize;
        let durations = (low..=high).step_by(stride);
        let mut lengths: Vec<Length> = durations.map(|d| Length::new(part, d * unit, part.natural)).collect();
        let whole = lengths.len();
        let every = part.kept.len().div_ceil(COARSE_CUTS).max(1);
        for kept in part.kept.iter().step_by(every) {
            cut_lengths(part, *kept, &mut lengths);
        }
        let step = part.clock.ticks(unit);
        let starts = match (part.link, before) {
            (Link::Seam { .. }, Some(reach)) => seam_starts(part, reach, bounds, step, stride),
            _ => free_starts(part, before, bounds, step),
        };
        Column::new(starts, lengths, whole)
    }

    /// The choices of a later round: within `radius` steps of this grain around what was chosen before.
    pub(super) fn around(part: &Part, choice: Choice, grain: Grain, radius: u64, bounds: &Bounds) -> Column {
        let (step, ticks) = match grain {
            Grain::Frames(step) => (step, part.clock.ticks(step)),
            Grain::Quarters => (1, part.clock.quarter()),
        };
        let mut lengths = Vec::new();
        let is_whole = choice.kept == part.natural;
        if is_whole {
            near(part, choice, step, radius, &mut lengths);
        } else {
            lengths.push(Length::new(part, part.least, part.natural));
        }
        let whole = lengths.len();
        if !is_whole {
            near(part, choice, step, radius, &mut lengths);
        }
        let here = part.kept.partition_point(|kept| *kept < choice.kept);
        let around = here.saturating_sub(2)..(here + 3).min(part.kept.len());
        for kept in &part.kept[around] {
            cut_lengths(part, *kept, &mut lengths);
        }
        Column::new(starts_around(part, choice, ticks, radius, bounds), lengths, whole)
    }
}

/// The lengths of what is kept of a piece that is cut: as fast as it may be spoken, and at the voice's own pace.
fn cut_lengths(part: &Part, kept: Kept, lengths: &mut Vec<Length>) {
    let fastest = (kept * part.least).div_ceil(part.natural);
    lengths.push(Length::new(part, fastest, kept));
    if kept > fastest {
        lengths.push(Length::new(part, kept, kept));
    }
}

/// Lengths near the one that was chosen, of as much of the piece.
fn near(part: &Part, choice: Choice, step: u64, radius: u64, lengths: &mut Vec<Length>) {
    let share = |frames: u64| (frames * choice.kept).div_ceil(part.natural);
    let (least, most) = (share(part.least), share(part.most));
    let below = ((choice.frames - least.min(choice.frames)) / step).min(radius);
    let above = (most.saturating_sub(choice.frames) / step).min(radius);
    let first = choice.frames - below * step;
    for i in 0..=below + above {
        lengths.push(Length::new(part, first + i * step, choice.kept));
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
    let (earliest, after_whole) = match (part.link, before) {
        (Link::First { earliest }, _) => (earliest, earliest),
        (_, Some(reach)) => {
            let gap = if reach.shortest > Ticks::ZERO { part.gap() } else { Ticks::ZERO };
            (reach.first + reach.shortest + gap, reach.first + reach.shortest_whole + part.gap())
        }
        (_, None) => (Ticks::ZERO, Ticks::ZERO),
    };
    let earliest = earliest.max(part.room.from);
    let Some(stamp) = part.stamp else {
        let natural = before.map_or(earliest, |r| r.last + r.longest + part.gap().max(part.rest));
        let last = natural.max(part.latest.unwrap_or(natural)).max(part.wish.unwrap_or(natural));
        return wide(earliest, last.max(earliest), step, STARTS * 4);
    };
    let earliest = earliest.max(stamp.at - bounds.lead);
    let last = earliest.max(stamp.at + bounds.lag).max(after_whole + step);
    let Starts { step, .. } = wide(earliest, last, step, STARTS);
    // The stamp itself is one of them.
    let base =
        if stamp.at >= earliest { stamp.at - step * ((stamp.at - earliest).0 / step.0.max(1)) } else { earliest };
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
    let first = (reach.first + reach.shortest).max(part.room.from);
    let joined = reach.last + reach.longest;
    let (low, high) = match part.stamp {
        Some(stamp) => {
            let low = first.max(stamp.at - bounds.lead);
            let after_whole = reach.first + reach.shortest_whole + part.gap();
            let high = (stamp.at + bounds.lag).max(after_whole + step);
            (low, high.max(low + part.gap() + step * stride as i64))
        }
        None => {
            let first = (reach.first + reach.shortest_whole).max(part.room.from).min(joined);
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
    let high = high.max(base + part.gap());
    Starts { base, last: high.min(base + step * STARTS * 4), step }
}
