//! In: passages in the order of the transcript. Out: their plan, with people who talk at once in lanes of their own.
//! Knows no grid and no price.
//!
//! Where the transcript's own windows overlap and the speakers and their voices differ, an utterance goes into a second
//! lane (or a third), and each lane is planned by itself. What may not overlap and lies in different lanes is kept apart
//! by the room each leaves to the other: a later line begins after an earlier one is over, and where lateness has a bound,
//! an earlier one is over before the later one has to begin. The lanes are planned in turn until that holds; a line for
//! which it does not come about goes back into the first lane.

use super::parts::{Laned, Room, gap};
use super::solve::{self, Solved};
use super::{Bounds, Overlap, Passage};
use crate::time::Ticks;
use std::ops::Range;

/// How often the lanes are planned in turn.
const TURNS: usize = 6;

/// How many utterances before one may still be heard when it begins.
const NEAR: usize = 16;

/// Whether the two may be heard at once.
pub(super) fn may_overlap(a: &Passage, b: &Passage, bounds: &Bounds) -> bool {
    if bounds.overlap == Overlap::Never || a.voice == b.voice || a.speaker == b.speaker {
        return false;
    }
    let windows = |p: &Passage| p.pieces.iter().filter_map(|piece| piece.window).collect::<Vec<_>>();
    let there = windows(b);
    windows(a).iter().any(|here| there.iter().any(|other| here.meets(*other)))
}

/// Plans all passages.
pub(super) fn solve(passages: &[Passage], bounds: &Bounds) -> Solved {
    let mut lanes = lanes(passages, bounds);
    loop {
        let solved = in_turn(passages, &lanes, bounds);
        let at_odds = at_odds(passages, &lanes, &solved.times, bounds);
        if at_odds.is_empty() {
            return solved.plan;
        }
        // They go into the first lane, which is in order by itself.
        for passage in at_odds {
            for of_its_line in line(passage, passages) {
                lanes[of_its_line] = 0;
            }
        }
    }
}

/// Whether a passage goes on in a cue that an earlier one began. Both are one line of the transcript: only in one lane
/// does the solver know that what goes on is not said where the beginning was left out.
fn goes_on_in_line(passage: &Passage) -> bool {
    passage.pieces.first().is_some_and(|piece| piece.stamp.is_none())
}

/// The passages of the line that a passage is of.
fn line(i: usize, passages: &[Passage]) -> Range<usize> {
    let from = (0..=i).rev().find(|at| !goes_on_in_line(&passages[*at])).unwrap_or(0);
    let to = (i + 1..passages.len()).find(|at| !goes_on_in_line(&passages[*at])).unwrap_or(passages.len());
    from..to
}

/// The lane of each passage: the first in which nobody is that it may overlap. What goes on in a line stays in its lane.
fn lanes(passages: &[Passage], bounds: &Bounds) -> Vec<usize> {
    let mut lanes: Vec<usize> = Vec::with_capacity(passages.len());
    for (i, passage) in passages.iter().enumerate() {
        if let Some(&begun) = lanes.last().filter(|_| goes_on_in_line(passage)) {
            lanes.push(begun);
            continue;
        }
        let mut taken = Vec::new();
        for j in i.saturating_sub(NEAR)..i {
            if may_overlap(&passages[j], passage, bounds) {
                taken.push(lanes[j]);
            }
        }
        let free = (0..).find(|lane| !taken.contains(lane));
        lanes.push(free.unwrap_or(0));
    }
    lanes
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

fn in_turn(passages: &[Passage], lanes: &[usize], bounds: &Bounds) -> InTurn {
    let count = lanes.iter().max().map_or(1, |last| last + 1);
    let mut times = vec![Times::default(); passages.len()];
    let mut known = vec![false; passages.len()];
    let mut plans: Vec<Option<Solved>> = vec![None; count];
    let mut rooms = vec![Room::default(); passages.len()];
    for turn in 0..TURNS {
        let mut changed = false;
        for (lane, known_plan) in plans.iter_mut().enumerate() {
            let mine: Vec<usize> = (0..passages.len()).filter(|i| lanes[*i] == lane).collect();
            let mut moved = known_plan.is_none();
            for &i in &mine {
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
            note_times(passages, &mine, &plan, &mut times);
            mine.iter().for_each(|i| known[*i] = true);
            *known_plan = Some(plan);
        }
        if !changed || count == 1 {
            break;
        }
    }
    InTurn { plan: woven(passages, lanes, plans), times }
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
        if lanes[j] == lanes[i] || may_overlap(&passages[i], &passages[j], bounds) {
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
fn woven(passages: &[Passage], lanes: &[usize], plans: Vec<Option<Solved>>) -> Solved {
    let plans: Vec<Solved> = plans.into_iter().map(Option::unwrap_or_default).collect();
    let cost = plans.iter().map(|plan| plan.cost).sum();
    let mut at = vec![0; plans.len()];
    let mut chosen = Vec::new();
    for (passage, &lane) in passages.iter().zip(lanes) {
        let to = at[lane] + passage.pieces.len();
        chosen.extend_from_slice(&plans[lane].chosen[at[lane]..to]);
        at[lane] = to;
    }
    Solved { chosen, cost }
}

/// The passages that overlap one of another lane and may not.
fn at_odds(passages: &[Passage], lanes: &[usize], times: &[Times], bounds: &Bounds) -> Vec<usize> {
    let mut found = Vec::new();
    for i in 0..passages.len() {
        for j in i.saturating_sub(NEAR)..i {
            let both_said = times[i].said && times[j].said;
            if lanes[i] == lanes[j] || !both_said || may_overlap(&passages[j], &passages[i], bounds) {
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
