//! In: the pieces of a lane. Out: the start and the length of each that together cost least. Knows no frames of single
//! tokens.
//!
//! A lane is a chain: what a piece costs depends on its own start and length and on those of the piece before. So the
//! least cost over all plans is found by dynamic programming over the pieces, each with a grid of starts and a list of
//! lengths: first wide and coarse, then around the plan found, finer and finer down to single frames (and quarters of
//! frames between utterances), until nothing gets better. Time is linear in the number of pieces; memory too, but only by
//! what is remembered every [`STRETCH`] pieces, from which the rest is worked out again on the way back.

use super::arrivals::{Arrivals, Way};
use super::column::{Choice, Column, Grain, Length, Reach};
use super::cost::NEVER;
use super::lane::parts;
use super::parts::{Laned, Link, Part, Room};
use super::{Bounds, Passage, cost};
use crate::time::Ticks;

/// Pieces between two remembered columns.
const STRETCH: usize = 256;

/// Steps to either side in a finer round.
const RADIUS: u64 = 8;

/// Rounds at most after the first.
const ROUNDS: usize = 14;

/// The plan of a lane, or of a track: a choice for each piece in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Solved {
    pub(super) chosen: Vec<Choice>,
    pub(super) cost: i64,
}

/// Finds the plan of a lane that costs least.
pub(super) fn solve(lane: &[Laned<'_>], bounds: &Bounds) -> Solved {
    let parts = parts(lane, bounds);
    let coarse = |i: usize, reach: Option<Reach>| Column::coarse(&parts[i], reach, bounds);
    let mut best = round(&parts, bounds, &coarse, i64::MAX).unwrap_or_default();
    let widest = parts.iter().map(|p| (p.most - p.least) / 28 + p.unit).max().unwrap_or(1);
    let mut grain = Grain::Frames(widest.div_ceil(RADIUS / 2).max(1));
    for _ in 0..ROUNDS {
        let near = |i: usize, _: Option<Reach>| Column::around(&parts[i], best.chosen[i], grain, RADIUS, bounds);
        let better = round(&parts, bounds, &near, best.cost);
        let settled = better.is_none();
        best = better.unwrap_or(best);
        grain = match (grain, settled) {
            (Grain::Quarters, true) => break,
            (Grain::Quarters, false) => Grain::Quarters,
            (Grain::Frames(1), true) => Grain::Quarters,
            (Grain::Frames(step), _) => Grain::Frames(step.div_ceil(3)),
        };
    }
    best
}

/// The plan of a track without any stamp: everything at the voice's own pace, with its natural pauses.
pub(super) fn at_own_pace(passages: &[Passage], bounds: &Bounds) -> Vec<Choice> {
    let all: Vec<Laned<'_>> = passages.iter().map(|passage| Laned { passage, room: Room::default() }).collect();
    let mut chosen = Vec::new();
    let mut at = Ticks::ZERO;
    for part in parts(&all, bounds) {
        match part.link {
            Link::First { earliest } => at = earliest,
            Link::Free { gap } => at += gap.max(part.rest),
            Link::Seam { .. } => {}
        }
        chosen.push(Choice { start: at, frames: part.natural, kept: part.natural });
        at += part.clock.ticks(part.natural);
    }
    chosen
}

/// The least costs of a column's choices: by start, then by length.
type Costs = Vec<i64>;

/// Where the best way to each choice comes from: start and length of the piece before.
type Origins = Vec<(u32, u32)>;

/// One round: the best plan among the choices that `columns` gives, if it costs less than `most`.
fn round(
    parts: &[Part],
    bounds: &Bounds,
    columns: &dyn Fn(usize, Option<Reach>) -> Column,
    most: i64,
) -> Option<Solved> {
    let mut grids: Vec<Column> = Vec::with_capacity(parts.len());
    let mut remembered: Vec<Costs> = Vec::new();
    let mut costs = Costs::new();
    for (i, part) in parts.iter().enumerate() {
        let reach = i.checked_sub(1).map(|before| reach(&grids[before], &costs));
        let column = columns(i, reach);
        costs = match i.checked_sub(1) {
            None => own_costs(part, &column, bounds),
            Some(before) => step(part, &grids[before], &costs, &column, bounds, None),
        };
        grids.push(column);
        if i % STRETCH == 0 {
            remembered.push(costs.clone());
        }
    }
    let best = (0..costs.len()).min_by_key(|at| costs[*at]).filter(|at| costs[*at] < most.min(NEVER))?;
    let chosen = trace(parts, &grids, &remembered, best, bounds);
    Some(Solved { chosen, cost: costs[best] })
}

/// Walks back from the best choice of the last piece, working out again where each came from.
fn trace(parts: &[Part], grids: &[Column], remembered: &[Costs], best: usize, bounds: &Bounds) -> Vec<Choice> {
    let mut chosen = Vec::with_capacity(parts.len());
    let mut at = best;
    for (stretch, first) in remembered.iter().enumerate().rev() {
        let from = stretch * STRETCH;
        let to = (from + STRETCH).min(parts.len() - 1);
        let mut costs = first.clone();
        let mut origins: Vec<Origins> = Vec::with_capacity(to - from);
        for i in from + 1..=to {
            let mut origin = Origins::new();
            costs = step(&parts[i], &grids[i - 1], &costs, &grids[i], bounds, Some(&mut origin));
            origins.push(origin);
        }
        for i in (from + 1..=to).rev() {
            chosen.push(choice(&parts[i], &grids[i], at));
            let (k, j) = origins[i - from - 1][at];
            at = k as usize * grids[i - 1].lengths.len() + j as usize;
        }
        if stretch == 0 {
            chosen.push(choice(&parts[0], &grids[0], at));
        }
    }
    chosen.reverse();
    chosen
}

fn choice(part: &Part, column: &Column, at: usize) -> Choice {
    let count = column.lengths.len();
    Choice { start: column.start(at / count), frames: column.lengths[at % count].frames, kept: part.said }
}

/// The starts that some plan leads to.
fn reach(column: &Column, costs: &Costs) -> Reach {
    let count = column.lengths.len();
    let reached = |k: &usize| costs[k * count..(k + 1) * count].iter().any(|c| *c < NEVER);
    let first = (0..column.starts).find(reached).unwrap_or(0);
    let last = (0..column.starts).rev().find(reached).unwrap_or(0);
    let lengths = column.lengths.iter().map(|length| length.ticks);
    Reach {
        first: column.start(first),
        last: column.start(last),
        shortest: lengths.clone().min().unwrap_or_default(),
        longest: lengths.max().unwrap_or_default(),
        base: column.base,
    }
}

/// What each choice of a piece costs by itself.
fn own_costs(part: &Part, column: &Column, bounds: &Bounds) -> Costs {
    let by_length: Vec<i64> = column.lengths.iter().map(|length| length_cost(part, length, bounds)).collect();
    let mut costs = Costs::with_capacity(column.starts * by_length.len());
    for k in 0..column.starts {
        let start = column.start(k);
        let begin = start_cost(part, start, bounds);
        for (length, cost) in column.lengths.iter().zip(&by_length) {
            costs.push(begin + cost + end_cost(part, start, length));
        }
    }
    costs
}

fn length_cost(part: &Part, length: &Length, bounds: &Bounds) -> i64 {
    if length.is_nothing() {
        return 0;
    }
    cost::rate(length.stretch, part.clock.ticks(part.said), bounds.fit, bounds.max_rate)
}

fn start_cost(part: &Part, start: Ticks, bounds: &Bounds) -> i64 {
    if part.said == 0 {
        return part.wall.map_or(0, |wall| cost::breach(start - wall));
    }
    let mut cost = cost::breach(part.room.from - start);
    if let Some(stamp) = part.stamp {
        let late = start - stamp.at - bounds.lag;
        cost += cost::breach(stamp.at - bounds.lead - start);
        cost += if part.loose { cost::wish(start, stamp.at) } else { cost::start(start, stamp, bounds.fit) };
        cost += if bounds.lag_holds() { cost::breach(late) } else { cost::pushed(late) };
    } else if let Some(wish) = part.wish {
        cost += cost::wish(start, wish);
    }
    cost
}

fn end_cost(part: &Part, start: Ticks, length: &Length) -> i64 {
    if length.is_nothing() {
        return 0;
    }
    let end = start + length.ticks;
    cost::breach(end - part.room.until) + part.end.map_or(0, |stated| cost::overrun(end - stated.at))
}

/// From the least costs of one piece's choices to those of the next.
fn step(
    part: &Part,
    before: &Column,
    costs: &Costs,
    column: &Column,
    bounds: &Bounds,
    mut origins: Option<&mut Origins>,
) -> Costs {
    let mut total = own_costs(part, column, bounds);
    let arrivals = Arrivals::new(part, before, costs);
    let count = column.lengths.len();
    let mut said = vec![Way { cost: NEVER, start: 0 }; before.lengths.len()];
    let mut unsaid = said.clone();
    let changes = changes(part, before, column);
    let some_unsaid = column.lengths.iter().any(|length| length.is_nothing());
    for k in 0..column.starts {
        arrivals.at(column.start(k), true, &mut said);
        if some_unsaid {
            arrivals.at(column.start(k), false, &mut unsaid);
        }
        for (j, changes) in changes.chunks_exact(before.lengths.len()).enumerate() {
            let ways = if column.lengths[j].is_nothing() { &unsaid } else { &said };
            let (mut least, mut from) = (NEVER, 0);
            for (i, (change, way)) in changes.iter().zip(ways).enumerate() {
                if way.cost + change < least {
                    (least, from) = (way.cost + change, i);
                }
            }
            let here = &mut total[k * count + j];
            *here = if least < NEVER { *here + least } else { NEVER };
            if let Some(origins) = origins.as_deref_mut() {
                origins.push((ways[from].start, from as u32));
            }
        }
    }
    total
}

/// What the change of rate costs from each length of the piece before to each of this one.
fn changes(part: &Part, before: &Column, column: &Column) -> Vec<i64> {
    let mut changes = Vec::with_capacity(before.lengths.len() * column.lengths.len());
    for to in &column.lengths {
        for from in &before.lengths {
            let nothing = to.is_nothing() || from.is_nothing();
            changes.push(match part.link {
                _ if nothing => 0,
                Link::Seam { .. } => cost::smoothness(from.stretch, to.stretch, part.smooth),
                _ => cost::smoothness_apart(from.stretch, to.stretch, part.smooth),
            });
        }
    }
    changes
}
