//! In: passages in the order of the transcript. Out: their plan, with people who talk at once in lanes of their own.
//! Knows no grid and no price.
//!
//! Where the transcript's own windows overlap and the speakers and their voices differ, an utterance goes into a second
//! lane (or a third), and each lane is planned by itself. What may not overlap and lies in different lanes is kept apart
//! by the room each leaves to the other: a later line begins after an earlier one is over, and where lateness has a bound,
//! an earlier one is over before the later one has to begin. The lanes are planned in turn until that holds; a line for
//! which it does not come about goes back into the first lane.

use super::column::Choice;
use super::edges::gap;
use super::parts::{Laned, Room};
use super::solve::{self, Solved};
use super::{Bounds, Passage};
use crate::time::Ticks;
use std::collections::{HashMap, HashSet};

/// How often the lanes are planned in turn.
const TURNS: usize = 6;

/// How many utterances before one may still be heard when it begins.
const NEAR: usize = 16;

/// Plans all passages.
pub(super) fn solve(passages: &[Passage], bounds: &Bounds) -> Solved {
    let chains = chains(passages);
    let mut lanes = lanes(passages, &chains, bounds);
    loop {
        let solved = in_turn(passages, &members(&lanes, &chains), &lanes, bounds);
        let at_odds = at_odds(passages, &lanes, &solved.times, bounds);
        if at_odds.is_empty() {
            return solved.plan;
        }
        // They go into the first lane, which is in order by itself.
        let at_odds: HashSet<usize> = at_odds.into_iter().map(|passage| chains[passage]).collect();
        for (lane, chain) in lanes.iter_mut().zip(&chains) {
            if at_odds.contains(chain) {
                *lane = 0;
            }
        }
    }
}

/// The chain of each passage, by the first passage of it: passages go on with one another where a line of the transcript
/// ends one and goes on in the next. They stand side by side in one lane, since only there does the solver know that what
/// goes on is not said where the beginning was left out.
fn chains(passages: &[Passage]) -> Vec<usize> {
    let mut of_line: HashMap<usize, usize> = HashMap::new();
    let mut chains = Vec::with_capacity(passages.len());
    for (i, passage) in passages.iter().enumerate() {
        let goes_on = passage.pieces.first().filter(|piece| piece.stamp.is_none());
        let chain = goes_on.and_then(|piece| of_line.get(&piece.line).copied()).unwrap_or(i);
        chains.push(chain);
        if let Some(last) = passage.pieces.last() {
            of_line.insert(last.line, chain);
        }
    }
    chains
}

/// The lane of each passage: the first in which nobody is that it may overlap, or that of its chain.
fn lanes(passages: &[Passage], chains: &[usize], bounds: &Bounds) -> Vec<usize> {
    let mut lanes: Vec<usize> = Vec::with_capacity(passages.len());
    for (i, passage) in passages.iter().enumerate() {
        if chains[i] < i {
            lanes.push(lanes[chains[i]]);
            continue;
        }
        let mut taken = Vec::new();
        for j in i.saturating_sub(NEAR)..i {
            if passages[j].may_overlap(passage, bounds) {
                taken.push(lanes[j]);
            }
        }
        let free = (0..).find(|lane| !taken.contains(lane));
        lanes.push(free.unwrap_or(0));
    }
    lanes
}

/// The passages of each lane, chain by chain.
fn members(lanes: &[usize], chains: &[usize]) -> Vec<Vec<usize>> {
    let count = lanes.iter().max().map_or(1, |last| last + 1);
    let mut members = vec![Vec::new(); count];
    for (i, lane) in lanes.iter().enumerate() {
        members[*lane].push(i);
    }
    for mine in &mut members {
        mine.sort_by_key(|i| (chains[*i], *i));
    }
    members
}

/// A plan, and where each passage begins and is over in it.
struct InTurn {
    plan: Solved,
    times: Vec<Times>,
}

/// From when to when a passage is spoken; nothing of it may be.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    start: Ticks,
    end: Ticks,
    said: bool,
}

fn in_turn(passages: &[Passage], members: &[Vec<usize>], lanes: &[usize], bounds: &Bounds) -> InTurn {
    let count = members.len();
    let mut times = vec![Times::default(); passages.len()];
    let mut known = vec![false; passages.len()];
    let mut plans: Vec<Option<Solved>> = vec![None; count];
    let mut rooms = vec![Room::default(); passages.len()];
    for turn in 0..TURNS {
        let mut changed = false;
        for (mine, known_plan) in members.iter().zip(&mut plans) {
            let mut moved = known_plan.is_none();
            for &i in mine {
                let room = room(i, passages, lanes, &Known { times: &times, known: &known }, bounds);
                // A later turn only ever takes room away, so that there is an end to it.
                let room = if turn == 0 { room } else { narrower(room, rooms[i]) };
                moved |= room != rooms[i];
                rooms[i] = room;
            }
            if !moved {
                continue;
            }
            changed = true;
            let laned: Vec<Laned<'_>> =
                mine.iter().map(|i| Laned { passage: &passages[*i], room: rooms[*i] }).collect();
            let plan = solve::solve(&laned, bounds);
            note_times(passages, mine, &plan, &mut times);
            mine.iter().for_each(|i| known[*i] = true);
            *known_plan = Some(plan);
        }
        if !changed || count == 1 {
            break;
        }
    }
    InTurn { plan: woven(passages, members, plans), times }
}

fn narrower(a: Room, b: Room) -> Room {
    Room { from: a.from.max(b.from), until: a.until.min(b.until) }
}

/// What is known of the passages of other lanes.
struct Known<'a> {
    times: &'a [Times],
    known: &'a [bool],
}

/// What the other lanes leave to a passage.
fn room(i: usize, passages: &[Passage], lanes: &[usize], others: &Known<'_>, bounds: &Bounds) -> Room {
    let mut room = Room::default();
    let near = i.saturating_sub(NEAR)..(i + NEAR + 1).min(passages.len());
    for j in near {
        if lanes[j] == lanes[i] || passages[i].may_overlap(&passages[j], bounds) {
            continue;
        }
        if j < i {
            if others.known[j] && others.times[j].said {
                room.from = room.from.max(others.times[j].end + gap(&passages[j], &passages[i], bounds));
            }
        } else if bounds.lag_holds()
            && let Some(stamp) = passages[j].pieces.first().and_then(|piece| piece.stamp)
        {
            let latest = stamp.at + bounds.lag - gap(&passages[i], &passages[j], bounds);
            room.until = room.until.min(latest);
        }
    }
    room
}

fn note_times(passages: &[Passage], lane: &[usize], plan: &Solved, times: &mut [Times]) {
    let mut at = 0;
    for &i in lane {
        let mine = &plan.chosen[at..at + passages[i].pieces.len()];
        at += mine.len();
        let clock = passages[i].clock;
        times[i] = Times {
            start: mine.first().map_or(Ticks::ZERO, |choice| choice.start),
            end: mine.iter().map(|c| c.start + clock.ticks(c.frames)).max().unwrap_or_default(),
            said: mine.iter().any(|choice| choice.frames > 0),
        };
    }
}

/// The plans of all lanes as one, in the order of the passages.
fn woven(passages: &[Passage], members: &[Vec<usize>], plans: Vec<Option<Solved>>) -> Solved {
    let mut cost = 0;
    let mut by_passage: Vec<Vec<Choice>> = vec![Vec::new(); passages.len()];
    for (mine, plan) in members.iter().zip(plans) {
        let plan = plan.unwrap_or_default();
        cost += plan.cost;
        let mut rest = plan.chosen.into_iter();
        for &i in mine {
            by_passage[i] = rest.by_ref().take(passages[i].pieces.len()).collect();
        }
    }
    Solved { chosen: by_passage.concat(), cost }
}

/// The passages that overlap one of another lane and may not.
fn at_odds(passages: &[Passage], lanes: &[usize], times: &[Times], bounds: &Bounds) -> Vec<usize> {
    let mut found = Vec::new();
    for i in 0..passages.len() {
        for j in i.saturating_sub(NEAR)..i {
            let both_said = times[i].said && times[j].said;
            if lanes[i] == lanes[j] || !both_said || passages[j].may_overlap(&passages[i], bounds) {
                continue;
            }
            let gap = gap(&passages[j], &passages[i], bounds);
            if times[i].start < times[j].end + gap {
                found.extend([j, i]);
            }
        }
    }
    found
}
