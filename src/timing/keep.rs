//! In: the pieces of a lane, with what each may be cut to. Out: how much is said of each, and the earliest start that lets
//! all of that be said. Knows no price: as little is left out as the bounds allow.
//!
//! What is left out is counted in the time that the voice would take for it, a line that is cut for [`CUT`] more and one of
//! which nothing is heard for [`UNHEARD`] more still, since a whole sentence is worth more than another word of a broken
//! one. That sum is the least that there is. Whoever widens a bound has every plan that there was before, and so never a
//! greater sum.
//!
//! Only one thing that a piece does counts for those after it: when it is over, the earlier the better. So of all that
//! may be kept up to a piece those ways are remembered for which no other is over as early with as little left out.
//! They are few, since all of them end within the time from the earliest to the latest start of the next line.

use super::Bounds;
use super::cost::PausePrice;
use super::parts::{Kept, Link, Part};
use crate::time::Ticks;

/// What it counts that something is cut of a line, besides what is cut.
pub(super) const CUT: Ticks = Ticks::from_millis(400);

/// What it counts that nothing of a line is heard, besides that.
pub(super) const UNHEARD: Ticks = Ticks::from_millis(600);

/// What a start too late and a sound too long count, where they cannot be helped.
const BREACH: Ticks = Ticks::from_millis(100_000_000);

/// How many ways are remembered at most; with the usual bounds there are fewer.
const MOST: usize = 2048;

/// What of a piece is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Nothing,
    Some,
    All,
}

/// A way up to the end of a piece.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// When its sound is over; where nothing of it is said, when it would begin.
    over: Ticks,
    /// What is left out so far.
    loss: Ticks,
    said: Said,
    /// The way up to the piece before, as a position among those remembered.
    from: u32,
    /// What is said of the piece, as a position in [`Part::kept`]; one past its end for all of it.
    kept: u32,
}

/// Decides what is kept of each piece, where some may be cut, and notes for those how early they can begin.
pub(super) fn choose(parts: &mut [Part], bounds: &Bounds) {
    if parts.iter().all(|part| part.kept.is_empty()) {
        return;
    }
    let short: Vec<bool> = (0..parts.len()).map(|i| may_be_cut(parts, i)).collect();
    for (part, _) in parts.iter_mut().zip(&short).filter(|(_, short)| **short) {
        part.unit = 1;
    }
    let kept = least_loss(parts, bounds);
    let mut before: Option<(Ticks, Said)> = None;
    for i in 0..parts.len() {
        let (start, over) = place(parts, i, before, kept[i], bounds);
        before = Some((over, said(&parts[i], kept[i])));
        if short[i] {
            parts[i].earliest = Some(start);
        }
    }
    let mut after_nothing = false;
    for (part, kept) in parts.iter_mut().zip(kept) {
        part.keep(kept);
        // There is no pause beside what is not said.
        if kept.natural == 0 || after_nothing {
            part.pause = PausePrice::default();
        }
        after_nothing = kept.natural == 0;
    }
}

/// Whether a piece, or another of its utterance, may be cut: their starts and lengths are to meet.
fn may_be_cut(parts: &[Part], i: usize) -> bool {
    let joined = |part: &Part| matches!(part.link, Link::Seam { .. });
    let first = (0..=i).rev().find(|at| !joined(&parts[*at])).unwrap_or(0);
    let count = 1 + parts[first + 1..].iter().take_while(|part| joined(part)).count();
    parts[first..first + count].iter().any(|part| !part.kept.is_empty())
}

/// What is kept of each piece where the sum of what is left out is least.
fn least_loss(parts: &[Part], bounds: &Bounds) -> Vec<Kept> {
    let mut all: Vec<Vec<(u32, u32)>> = Vec::with_capacity(parts.len());
    let mut ways: Vec<Way> = Vec::new();
    for i in 0..parts.len() {
        let next = ways_over(parts, i, &ways, bounds);
        all.push(next.iter().map(|way| (way.from, way.kept)).collect());
        ways = next;
    }
    let mut at = (0..ways.len()).min_by_key(|at| (ways[*at].loss, ways[*at].over)).unwrap_or(0);
    let mut kept = Vec::with_capacity(parts.len());
    for (ways, part) in all.iter().zip(parts.iter()).rev() {
        let (from, here) = ways[at];
        kept.push(part.kept.get(here as usize).copied().unwrap_or(part.all()));
        at = from as usize;
    }
    kept.reverse();
    kept
}

/// The ways over a piece that are worth remembering.
fn ways_over(parts: &[Part], i: usize, ways: &[Way], bounds: &Bounds) -> Vec<Way> {
    let part = &parts[i];
    let mut found = Vec::new();
    let origins = ways.iter().enumerate().map(|(from, way)| (from as u32, Some(*way)));
    let first = [(0, None)];
    let origins: Vec<(u32, Option<Way>)> = if i == 0 { first.to_vec() } else { origins.collect() };
    for (from, way) in origins {
        let before = way.map(|way| (way.over, way.said));
        let mut add = |at: usize, kept: Kept| {
            let (start, over) = place(parts, i, before, kept, bounds);
            let loss = way.map_or(Ticks::ZERO, |way| way.loss) + loss(part, before, kept, (start, over), bounds);
            found.push(Way { over, loss, said: said(part, kept), from, kept: at as u32 });
        };
        // What is cut is cut to the end of its line.
        let cut = is_cut_before(part, before) && !part.kept.is_empty();
        if !cut {
            add(part.kept.len(), part.all());
        }
        let count = if cut { 1 } else { part.kept.len() };
        for (at, kept) in part.kept.iter().take(count).enumerate() {
            add(at, *kept);
        }
    }
    worth(found)
}

/// Whether words of the same line were left out before a piece.
fn is_cut_before(part: &Part, before: Option<(Ticks, Said)>) -> bool {
    part.stamp.is_none() && before.is_some_and(|(_, said)| said != Said::All)
}

fn said(part: &Part, kept: Kept) -> Said {
    match kept.natural {
        0 => Said::Nothing,
        kept if kept < part.natural => Said::Some,
        _ => Said::All,
    }
}

/// What is left out where so much is kept of a piece, with what stands outside its bounds.
fn loss(
    part: &Part,
    before: Option<(Ticks, Said)>,
    kept: Kept,
    (start, over): (Ticks, Ticks),
    bounds: &Bounds,
) -> Ticks {
    let mut loss = part.clock.ticks(part.natural - kept.natural);
    if kept.natural < part.natural && !is_cut_before(part, before) {
        loss += CUT;
        let begins = part.stamp.is_some() || before.is_none();
        loss += if begins && kept.natural == 0 { UNHEARD } else { Ticks::ZERO };
    }
    let latest = if kept.natural == 0 { part.wall } else { part.latest_start(bounds) };
    loss += latest.map_or(Ticks::ZERO, |latest| breach(start - latest));
    loss + if kept.natural > 0 { breach(over - part.room.until) } else { Ticks::ZERO }
}

fn breach(by: Ticks) -> Ticks {
    if by > Ticks::ZERO { BREACH } else { Ticks::ZERO }
}

/// The earliest start of a piece of which so much is kept, and when it is then over.
fn place(parts: &[Part], i: usize, before: Option<(Ticks, Said)>, kept: Kept, bounds: &Bounds) -> (Ticks, Ticks) {
    let part = &parts[i];
    let lowest = part.stamp.map_or(part.room.from, |stamp| part.room.from.max(stamp.at - bounds.lead));
    let start = match (part.link, before) {
        (Link::First { earliest }, _) => earliest.max(lowest),
        (_, None) => lowest.max(Ticks::ZERO),
        // What is not said is nowhere too early.
        (_, Some((over, Said::Nothing))) if kept.natural == 0 => over,
        (_, Some((over, _))) if kept.natural == 0 => over + part.gap_unsaid,
        (_, Some((over, Said::Nothing))) => over.max(lowest),
        (Link::Seam { .. }, Some((over, Said::All))) => joined(&parts[i - 1], part, over, lowest),
        (_, Some((over, _))) => (over + part.gap()).max(lowest),
    };
    // The pieces of an utterance have one grid.
    let start = match (part.link, before) {
        (Link::Seam { .. }, Some((over, _))) => over + up(start - over, part.clock.ticks(part.unit)),
        _ => start,
    };
    (start, start + part.clock.ticks(kept.least))
}

/// The earliest start of a piece that goes on with one that is said as a whole: where that is over, or so many steps
/// later by which it can be slower, or after a pause.
fn joined(earlier: &Part, part: &Part, over: Ticks, lowest: Ticks) -> Ticks {
    let wait = up(lowest - over, part.clock.ticks(part.unit));
    let slower = earlier.clock.ticks(earlier.most - earlier.least);
    if wait <= slower { over + wait } else { (over + part.gap()).max(lowest) }
}

/// The fewest whole steps that are no shorter than a time; none for a negative one.
fn up(time: Ticks, step: Ticks) -> Ticks {
    let (time, step) = (time.0.max(0), step.0.max(1));
    Ticks((time + step - 1) / step * step)
}

/// The ways of which no other is over as early with as little left out, of each kind that what follows tells apart.
fn worth(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_by_key(|way| (way.said, way.over, way.loss));
    let mut kept: Vec<Way> = Vec::new();
    for way in ways {
        let better = kept.last().is_none_or(|last| last.said != way.said || way.loss < last.loss);
        if better {
            kept.push(way);
        }
    }
    if kept.len() > MOST {
        let every = kept.len().div_ceil(MOST);
        let last = kept.len() - 1;
        // The first of a kind is over earliest, the last has least left out.
        let at_edge: Vec<bool> = (0..kept.len())
            .map(|i| i == 0 || i == last || kept[i - 1].said != kept[i].said || kept[i + 1].said != kept[i].said)
            .collect();
        let mut at = 0;
        kept.retain(|_| {
            at += 1;
            at_edge[at - 1] || (at - 1) % every == 0
        });
    }
    kept
}

/// What is left out in all, as [`choose`] counts it.
#[cfg(test)]
pub(super) fn left_out(lines: &[(Ticks, bool)]) -> Ticks {
    let mut sum = Ticks::ZERO;
    for (lost, unheard) in lines {
        if *lost > Ticks::ZERO {
            sum += *lost + CUT + if *unheard { UNHEARD } else { Ticks::ZERO };
        }
    }
    sum
}
