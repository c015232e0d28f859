//! In: what the choices of one piece cost at least. Out: the cheapest way from them to a start of the next piece. Knows two
//! pieces and nothing else.

use super::column::Column;
use super::cost::{self, NEVER};
use super::parts::{Link, Part};
use crate::time::Ticks;

/// The cheapest way to a start of a piece: what it costs, and where the piece before begins in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) cost: i64,
    pub(super) start: u32,
}

impl Way {
    const NONE: Way = Way { cost: NEVER, start: 0 };

    fn or(self, other: Way) -> Way {
        if other.cost < self.cost { other } else { self }
    }
}

/// The ways from the choices of one piece to a start of the next.
pub(super) struct Arrivals<'a> {
    part: &'a Part,
    before: &'a Column,
    costs: &'a [i64],
    /// For each start and length of the piece before: the start up to it that is best for a long pause.
    best: Vec<u32>,
}

impl<'a> Arrivals<'a> {
    pub(super) fn new(part: &'a Part, before: &'a Column, costs: &'a [i64]) -> Arrivals<'a> {
        let mut arrivals = Arrivals { part, before, costs, best: Vec::new() };
        arrivals.best = arrivals.best_so_far();
        arrivals
    }

    /// A long pause costs as much more for each millisecond, wherever the piece before begins: what that costs is less
    /// the later it does.
    fn best_so_far(&self) -> Vec<u32> {
        let count = self.before.lengths.len();
        let mut best: Vec<u32> = Vec::with_capacity(self.costs.len());
        let worth = |k: usize, j: usize| self.cost(k, j) - self.saved(self.before.start(k));
        for at in 0..self.costs.len() {
            let (k, j) = (at / count, at % count);
            let mut here = k as u32;
            if k > 0 {
                let earlier = best[at - count];
                if self.costs[at] >= NEVER || worth(earlier as usize, j) <= worth(k, j) {
                    here = earlier;
                }
            }
            best.push(here);
        }
        best
    }

    fn saved(&self, start: Ticks) -> i64 {
        self.part.pause.longer * cost::millis(start - self.before.base)
    }

    /// For each length of the piece before, the cheapest way that lets the next begin at `start`. What is not said keeps
    /// the gap that whatever follows it may need, and none is needed after it.
    pub(super) fn at(&self, start: Ticks, said: bool, ways: &mut [Way]) {
        for (j, (way, length)) in ways.iter_mut().zip(&self.before.lengths).enumerate() {
            let begin = start - length.ticks;
            let apart = |gap: Ticks| match (length.is_nothing(), said) {
                (true, _) => Ticks::ZERO,
                (false, true) => gap,
                (false, false) => self.part.gap_unsaid,
            };
            *way = match self.part.link {
                Link::First { .. } => Way::NONE,
                Link::Free { gap } => self.after_pause(begin, j, apart(gap)),
                Link::Seam { gap } => {
                    let split = self.after_pause(begin, j, apart(gap));
                    if said && self.before.whole { split.or(self.joined(begin, j)) } else { split }
                }
            };
        }
    }

    fn cost(&self, k: usize, j: usize) -> i64 {
        self.costs[k * self.before.lengths.len() + j]
    }

    /// The piece before began at `begin`, to the tick.
    fn joined(&self, begin: Ticks, j: usize) -> Way {
        let from = (begin - self.before.base).0;
        let step = self.before.step.0.max(1);
        let k = from / step;
        if from < 0 || from % step != 0 || k >= self.before.starts as i64 {
            return Way::NONE;
        }
        Way { cost: self.cost(k as usize, j), start: k as u32 }
    }

    /// The piece before began at `begin` less the pause, whatever pause is best.
    fn after_pause(&self, begin: Ticks, j: usize, gap: Ticks) -> Way {
        let price = &self.part.pause;
        let step = self.before.step.0.max(1);
        let last = self.before.starts as i64 - 1;
        let index = |pause: Ticks| (begin - pause - self.before.base).0.div_euclid(step).min(last);
        let mut best = Way::NONE;
        let mut consider = |k: usize| {
            let cost = self.cost(k, j);
            if cost < NEVER {
                let cost = cost + price.of(begin - self.before.start(k));
                best = best.or(Way { cost, start: k as u32 });
            }
        };
        // Short pauses cost each in its own way: try each.
        let nearest = index(gap);
        let far = index(price.even_from().max(gap)).max(-1);
        for k in far + 1..=nearest {
            consider(k as usize);
        }
        if far >= 0 {
            consider(self.best[far as usize * self.before.lengths.len() + j] as usize);
        }
        best
    }
}
