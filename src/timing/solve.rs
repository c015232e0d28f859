//! In: the pieces of a track. Out: the start and the duration of each that together cost least. Knows no frames of single
//! tokens.
//!
//! The track is a chain: what a piece costs depends on its own start and duration and on those of the piece before. So
//! the least cost over all plans is found by dynamic programming over the pieces, each with a grid of starts and a list
//! of durations: first wide and coarse, then around the plan found, finer and finer down to single frames (and quarters of
//! frames between utterances), until nothing gets better. Time is linear in the number of pieces; memory too, but only by what is remembered every
//! [`STRETCH`] pieces, from which the rest is worked out again on the way back.

use super::grid::{self, Choice, Column, Grain, Link, Part, Reach};
use super::{Bounds, Fit, Passage, cost};
use crate::error::{Error, Kind, Result};
use crate::time::Ticks;

/// Pieces between two remembered columns.
const STRETCH: usize = 256;

/// Steps to either side in a finer round.
const RADIUS: u64 = 8;

/// Rounds at most after the first.
const ROUNDS: usize = 14;

/// No plan leads here.
const NEVER: i64 = i64::MAX / 4;

/// What beginning outside the bounds costs, where it cannot be helped, and for each millisecond of it.
const OUTSIDE: (i64, i64) = (50_000, 200);

/// Finds the plan that costs least, a choice for each piece in order, and its cost.
pub(super) fn solve(passages: &[Passage], bounds: &Bounds) -> Result<(Vec<Choice>, i64)> {
    check(bounds)?;
    let parts = grid::parts(passages, bounds);
    let coarse = |i: usize, reach: Option<Reach>| Column::coarse(&parts[i], reach, bounds);
    let (mut chosen, mut cost) = round(&parts, bounds, &coarse, i64::MAX).unwrap_or_default();
    let widest = parts.iter().map(|p| (p.most - p.least) / 28 + p.unit).max().unwrap_or(1);
    let mut grain = Grain::Frames(widest.div_ceil(RADIUS / 2).max(1));
    for _ in 0..ROUNDS {
        let near = |i: usize, _: Option<Reach>| Column::around(&parts[i], chosen[i], grain, RADIUS, bounds);
        let better = round(&parts, bounds, &near, cost);
        let settled = better.is_none();
        (chosen, cost) = better.unwrap_or((chosen, cost));
        grain = match (grain, settled) {
            (Grain::Quarters, true) => break,
            (Grain::Quarters, false) => Grain::Quarters,
            (Grain::Frames(1), true) => Grain::Quarters,
            (Grain::Frames(step), _) => Grain::Frames(step.div_ceil(3)),
        };
    }
    Ok((chosen, cost))
}

fn check(bounds: &Bounds) -> Result<()> {
    let rates = (100..=1000).contains(&bounds.min_rate) && (1000..=10_000).contains(&bounds.max_rate);
    let times =
        [bounds.lead, bounds.lag, bounds.gap].iter().all(|t| (0..=Ticks::from_millis(3_600_000).0).contains(&t.0));
    match (rates, times) {
        (true, true) => Ok(()),
        (false, _) => Err(Error::new(Kind::Usage, "the rates do not enclose the voice's own pace")
            .help("give a least rate of 0.1 to 1 and a greatest of 1 to 10")),
        _ => Err(Error::new(Kind::Usage, "lead, lag and gap have to be between nothing and an hour")),
    }
}

/// The plan of a track without any stamp: everything at the voice's own pace, with its natural pauses.
pub(super) fn at_own_pace(passages: &[Passage], bounds: &Bounds) -> Vec<Choice> {
    let mut chosen = Vec::new();
    let mut at = Ticks::ZERO;
    for part in grid::parts(passages, bounds) {
        match part.link {
            Link::First { earliest } => at = earliest,
            Link::Free { gap, .. } => at += gap.max(part.pause),
            Link::Joined => {}
        }
        chosen.push(Choice { start: at, frames: part.natural });
        at += part.clock.ticks(part.natural);
    }
    chosen
}

/// The least costs of a column's choices: by start, then by duration.
type Costs = Vec<i64>;

/// Where the best way to each choice comes from: start and duration of the piece before.
type Origins = Vec<(u32, u32)>;

/// One round: the best plan among the choices that `columns` gives, and its cost, if that is less than `most`.
fn round(
    parts: &[Part],
    bounds: &Bounds,
    columns: &dyn Fn(usize, Option<Reach>) -> Column,
    most: i64,
) -> Option<(Vec<Choice>, i64)> {
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
    let best = (0..costs.len()).min_by_key(|at| costs[*at]).filter(|at| costs[*at] < most)?;
    Some((trace(parts, &grids, &remembered, best, bounds), costs[best]))
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
            chosen.push(choice(&grids[i], at));
            let (k, j) = origins[i - from - 1][at];
            at = k as usize * grids[i - 1].durations.len() + j as usize;
        }
        if stretch == 0 {
            chosen.push(choice(&grids[0], at));
        }
    }
    chosen.reverse();
    chosen
}

fn choice(column: &Column, at: usize) -> Choice {
    let count = column.durations.len();
    Choice { start: column.start(at / count), frames: column.durations[at % count] }
}

/// The starts that some plan leads to.
fn reach(column: &Column, costs: &Costs) -> Reach {
    let count = column.durations.len();
    let reached = |k: &usize| costs[k * count..(k + 1) * count].iter().any(|c| *c < NEVER);
    let first = (0..column.starts).find(reached).unwrap_or(0);
    let last = (0..column.starts).rev().find(reached).unwrap_or(0);
    Reach {
        first: column.start(first),
        last: column.start(last),
        shortest: column.lengths.first().copied().unwrap_or_default(),
        longest: column.lengths.last().copied().unwrap_or_default(),
    }
}

/// What each choice of a piece costs by itself.
fn own_costs(part: &Part, column: &Column, bounds: &Bounds) -> Costs {
    let natural = part.clock.ticks(part.natural);
    let rates: Vec<i64> = column.stretches.iter().map(|s| cost::rate(*s, natural, bounds.fit)).collect();
    let mut costs = Costs::with_capacity(column.starts * rates.len());
    for k in 0..column.starts {
        let start = column.start(k);
        let begin =
            part.stamp.map_or(0, |stamp| cost::start(start, stamp, bounds.fit) + outside(start - stamp.at, bounds));
        for (length, rate) in column.lengths.iter().zip(&rates) {
            let over = part.end.map_or(0, |end| {
                let past = start + *length - end.at;
                let cut = if part.cut_at_end { cost::cut(cost::past(start + *length, end)) } else { 0 };
                cost::overrun(past) + cut
            });
            costs.push(begin + rate + over);
        }
    }
    costs
}

fn outside(error: Ticks, bounds: &Bounds) -> i64 {
    let by = (-bounds.lead - error).max(error - bounds.lag);
    if by > Ticks::ZERO { OUTSIDE.0 + OUTSIDE.1 * (by.0 / Ticks::from_millis(1).0) } else { 0 }
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
    let arrivals = Arrivals::new(part, before, costs, bounds.fit);
    let count = column.durations.len();
    let mut arriving = vec![(NEVER, 0u32); before.durations.len()];
    let smooth: Vec<i64> = column
        .stretches
        .iter()
        .flat_map(|to| before.stretches.iter().map(|from| cost::smoothness(*from, *to, part.smooth)))
        .collect();
    for k in 0..column.starts {
        arrivals.at(column.start(k), &mut arriving);
        for (j, changes) in smooth.chunks_exact(arriving.len()).enumerate() {
            let (mut least, mut from) = (NEVER, 0);
            for (i, (change, (cost, _))) in changes.iter().zip(&arriving).enumerate() {
                if cost + change < least {
                    (least, from) = (cost + change, i);
                }
            }
            let here = &mut total[k * count + j];
            *here = if least < NEVER { *here + least } else { NEVER };
            if let Some(origins) = origins.as_deref_mut() {
                origins.push((arriving[from].1, from as u32));
            }
        }
    }
    total
}

/// The ways from the choices of one piece to a start of the next.
struct Arrivals<'a> {
    part: &'a Part,
    before: &'a Column,
    costs: &'a Costs,
    fit: Fit,
    /// For each start and duration of the piece before: the start up to it that costs least.
    least: Vec<u32>,
}

impl Arrivals<'_> {
    fn new<'a>(part: &'a Part, before: &'a Column, costs: &'a Costs, fit: Fit) -> Arrivals<'a> {
        let count = before.durations.len();
        let mut least: Vec<u32> = Vec::new();
        if part.link != Link::Joined {
            least.reserve(costs.len());
            for at in 0..costs.len() {
                let here = (at / count) as u32;
                let best = at.checked_sub(count).map_or(here, |b| {
                    let earlier = least[b];
                    if costs[at] < costs[earlier as usize * count + at % count] { here } else { earlier }
                });
                least.push(best);
            }
        }
        Arrivals { part, before, costs, fit, least }
    }

    /// For each duration of the piece before, the least cost of a plan that lets the next begin at `start`, and the
    /// start of the piece before in it.
    fn at(&self, start: Ticks, arriving: &mut [(i64, u32)]) {
        for (j, (arrival, length)) in arriving.iter_mut().zip(&self.before.lengths).enumerate() {
            *arrival = match self.part.link {
                Link::Free { gap, cuts } => {
                    let whole = self.free(start - *length, j, gap);
                    if cuts { whole.min(self.cut(start - *length, j, gap)) } else { whole }
                }
                _ => self.joined(start - *length, j),
            };
        }
    }

    fn cost(&self, k: usize, j: usize) -> i64 {
        self.costs[k * self.before.durations.len() + j]
    }

    /// The piece before began at `begin`, to the tick.
    fn joined(&self, begin: Ticks, j: usize) -> (i64, u32) {
        let (from, step) = ((begin - self.before.base).0, self.before.step.0.max(1));
        let k = from / step;
        let fits = from >= 0 && from % step == 0 && k < self.before.starts as i64;
        if fits { (self.cost(k as usize, j), k as u32) } else { (NEVER, 0) }
    }

    /// The piece before began after `begin` less the gap and is not heard to its end.
    fn cut(&self, begin: Ticks, j: usize, gap: Ticks) -> (i64, u32) {
        let step = self.before.step.0.max(1);
        let first = ((begin - gap - self.before.base).0.div_euclid(step) + 1).max(0);
        let lost = |k: usize| self.before.start(k) + gap - begin;
        let ways = (first as usize..self.before.starts).map(|k| (self.cost(k, j) + cost::cut(lost(k)), k as u32));
        ways.min().map_or((NEVER, 0), |(cost, k)| if cost < NEVER { (cost, k) } else { (NEVER, 0) })
    }

    /// The piece before began at `begin` less the pause, whatever pause is best.
    fn free(&self, begin: Ticks, j: usize, gap: Ticks) -> (i64, u32) {
        let step = self.before.step.0.max(1);
        let index =
            |pause: Ticks| (begin - pause - self.before.base).0.div_euclid(step).min(self.before.starts as i64 - 1);
        let stamped = self.part.stamp.is_some();
        let (natural, shortest) = (self.part.pause.max(gap), gap);
        let mut best = (NEVER, 0);
        let nearest = index(shortest);
        // Pauses shorter than the natural one cost, and so do longer ones where nothing is stamped: try each.
        let far = if stamped { index(natural) } else { index(natural + natural) };
        for k in far.max(-1) + 1..=nearest {
            let pause = begin - self.before.start(k as usize);
            let cost = self.cost(k as usize, j) + cost::pause(pause, self.part.pause, stamped, self.fit);
            if cost < best.0 {
                best = (cost, k as u32);
            }
        }
        if far >= 0 {
            let k = self.least[far as usize * self.before.durations.len() + j] as usize;
            let pause = begin - self.before.start(k);
            let cost = self.cost(k, j) + cost::pause(pause, self.part.pause, stamped, self.fit);
            if cost < best.0 {
                best = (cost, k as u32);
            }
        }
        best
    }
}
