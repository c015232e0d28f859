//! Small documents, held against every plan that there is.

use super::lane::{parts, uncut};
use super::parts::{Laned, Link, Part, Room};
use super::*;

fn laned(passages: &[Passage]) -> Vec<Laned<'_>> {
    passages.iter().map(|passage| Laned { passage, room: Room::default() }).collect()
}

/// What a plan comes to: what is left out first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sum {
    left_out: Ticks,
    cost: i64,
}

/// What a plan comes to, worked out from the definition, not by the solver; none where it breaks a bound.
fn sum_of(parts: &[Part], bounds: &Bounds, chosen: &[Choice]) -> Option<Sum> {
    let stretch = |i: usize| chosen[i].frames as i64 * cost::NATURAL / chosen[i].kept.max(1) as i64;
    let ticks = |part: &Part, frames| part.clock.ticks(frames);
    let mut total = 0;
    let mut lost = Vec::new();
    for (i, (part, choice)) in parts.iter().zip(chosen).enumerate() {
        let end = choice.start + ticks(part, choice.frames);
        lost.push((ticks(part, part.natural - choice.kept), choice.kept == 0));
        if choice.frames > 0 {
            total += cost::rate(stretch(i), ticks(part, choice.kept), bounds.fit, bounds.max_rate);
            total += part.end.map_or(0, |e| cost::overrun(end - e.at));
        }
        let late = |s: Stamp| if choice.frames > 0 { cost::start(choice.start, s, bounds.fit) } else { 0 };
        total += part.stamp.map_or(0, late);
        let Some(before) = i.checked_sub(1) else { continue };
        let said = choice.frames > 0 && chosen[before].frames > 0;
        let pause = choice.start - chosen[before].start - ticks(&parts[before], chosen[before].frames);
        let gap = match (chosen[before].frames, choice.frames) {
            (0, _) => Ticks::ZERO,
            (_, 0) => part.gap_unsaid,
            _ => part.gap(),
        };
        let whole = chosen[before].kept == parts[before].natural;
        match part.link {
            Link::Seam { .. } if pause == Ticks::ZERO && whole => {
                total += cost::smoothness(stretch(before), stretch(i), part.smooth);
            }
            _ if pause >= gap => total += if said { part.pause.of(pause) } else { 0 },
            _ => return None,
        }
        if said && matches!(part.link, Link::Free { .. }) {
            total += cost::smoothness_apart(stretch(before), stretch(i), part.smooth);
        } else if said && pause != Ticks::ZERO {
            total += cost::smoothness(stretch(before), stretch(i), part.smooth);
        }
    }
    Some(Sum { left_out: keep::left_out(&lost), cost: total })
}

/// Tries every start and every duration; a pause inside an utterance only where `pauses` says so.
struct Search<'a> {
    parts: &'a [Part],
    bounds: &'a Bounds,
    best: Option<Sum>,
}

impl Search<'_> {
    fn go(&mut self, chosen: &mut Vec<Choice>) {
        let at = chosen.len();
        if at == self.parts.len() {
            let found = sum_of(self.parts, self.bounds, chosen);
            self.best = self.best.into_iter().chain(found).min();
            return;
        }
        let part = &self.parts[at];
        let stamp = part.stamp.expect("every piece has a stamp here");
        let frame = part.clock.ticks(1);
        let mut starts: Vec<Ticks> = (-8..40).map(|i| stamp.at + frame * i).collect();
        if let (Link::Seam { .. }, Some(last)) = (part.link, chosen.last()) {
            let joined = last.start + part.clock.ticks(last.frames);
            starts = (0..24).map(|i| joined + frame * i).collect();
        }
        let bounds = self.bounds;
        let within = |s: &Ticks| (-bounds.lead..=bounds.lag).contains(&(*s - stamp.at)) && s.0 >= frame.0 * 4;
        for start in starts.into_iter().filter(within) {
            for frames in part.least..=part.most {
                chosen.push(Choice { start, frames, kept: part.natural });
                self.go(chosen);
                chosen.pop();
            }
            for kept in part.kept.iter().copied() {
                for frames in kept.least..=kept.natural {
                    chosen.push(Choice { start, frames, kept: kept.natural });
                    self.go(chosen);
                    chosen.pop();
                }
            }
        }
    }
}

#[test]
fn on_small_cases_nothing_is_cheaper_than_the_plan() {
    let (mut compared, mut cut) = (0, 0);
    for seed in 0..90 {
        let mut dice = Dice::new(seed);
        // Every third document is too tight, and what does not fit is cut.
        let overflow = if seed % 3 == 2 { Overflow::Hold } else { Overflow::Push };
        let squeeze = if overflow == Overflow::Hold { 30 } else { 100 };
        let bounds = Bounds { lag: ms(250), lead: ms(60), ..Bounds::of(Fit::Sync, overflow) };
        let mut at = ms(dice.roll(300, 900) as i64);
        let grain = ms(dice.pick(&[1, 1000]));
        let together = dice.roll(1, 2);
        let mut passages: Vec<Passage> = Vec::new();
        for i in 0..2 + seed % 2 {
            let made = line(&mut dice, 4, Some(Stamp { at, grain }), None);
            let mut made = Passage { clock: KOKORO, early: KOKORO.ticks(2), ..made };
            made.pieces[0].words = vec![made.pieces[0].tokens.start + 2];
            at += Ticks(natural(&made, 0).0 * dice.roll(90, 115) as i64 * squeeze / 10_000);
            if i > 0 && together == 2 {
                join(&mut passages, made);
            } else {
                passages.push(made);
            }
        }
        let parts = uncut(&laned(&passages), &bounds);
        let mut search = Search { parts: &parts, bounds: &bounds, best: None };
        search.go(&mut Vec::new());
        let Some(best) = search.best else { continue };
        compared += 1;
        let solved = lanes::solve(&passages, &bounds);
        let left_out = left_out(&passages, &solved.chosen);
        assert!(left_out <= best.left_out, "seed {seed}: {left_out} left out where {} would do", best.left_out);
        // Starts of the plan are no whole frames, so that more may be kept, at a price.
        let cost = if left_out < best.left_out { 0 } else { solved.cost };
        assert!(cost <= best.cost + 4 + best.cost / 50, "seed {seed}: {cost} where {} can be had", best.cost);
        cut += usize::from(left_out > Ticks::ZERO);
    }
    assert!(compared > 45 && cut > 5, "{compared}, of which {cut} are cut");
}

/// Makes the first piece of `next` a further piece of the last passage.
fn join(passages: &mut [Passage], next: Passage) {
    let Some(last) = passages.last_mut() else { return };
    let tail = last.pieces.last().map_or(0, |p| p.tokens.end);
    last.tokens.truncate(tail);
    let from = next.pieces[0].tokens.start;
    let shift = |i: usize| i - from + tail;
    let piece = Piece {
        tokens: shift(next.pieces[0].tokens.start)..shift(next.pieces[0].tokens.end),
        words: next.pieces[0].words.iter().map(|token| shift(*token)).collect(),
        seam: Seam::Phrase,
        ..next.pieces[0].clone()
    };
    last.tokens.extend_from_slice(&next.tokens[from..]);
    last.pieces.push(piece);
}

/// Utterances begin within their bounds whenever that is possible, without a bound to lateness, too: the earliest starts
/// that are possible, everything at its greatest rate, are worked out here on their own.
#[test]
fn starts_stay_within_their_bounds_whenever_a_plan_exists() {
    let mut outside = 0;
    for seed in 0..1500 {
        let mut dice = Dice::new(seed);
        let lag = ms(dice.roll(50, 1500) as i64);
        let bounds = Bounds { lag, ..Bounds::of(Fit::Sync, Overflow::Push) };
        let mut at = ms(500);
        let mut passages = Vec::new();
        for _ in 0..20 {
            let size = dice.roll(3, 100);
            let made = line(&mut dice, size, Some(Stamp { at, grain: MILLI }), None);
            at += Ticks(natural(&made, 0).0 * dice.roll(65, 130) as i64 / 100);
            passages.push(made);
        }
        let settled = settled(&passages, &bounds);
        let mut earliest = Ticks::ZERO;
        for (i, (slot, part)) in settled.plan.slots.iter().zip(&parts(&laned(&passages), &bounds)).enumerate() {
            let stamp = part.stamp.expect("every line has a stamp here");
            let gap = if let Link::Free { gap, .. } = part.link { gap } else { Ticks::ZERO };
            earliest = (earliest + gap).max(stamp.at - bounds.lead);
            let error = slot.spans[0].onset - stamp.at;
            let allowed = bounds.lag.max(earliest - stamp.at);
            assert!(error <= allowed + PIPER.ticks(4), "seed {seed}, line {i}: {error} late, {allowed} would do");
            outside += usize::from(allowed > bounds.lag);
            earliest += PIPER.ticks(part.least);
        }
    }
    assert!(outside > 500, "too few documents are overfull to prove anything: {outside}");
}
