//! Plans under each fit and each policy for what does not fit, held against what these promise.

use super::*;

/// Lines of one piece each, every one with a stamp of its own and some with an end, in so much of their natural time.
pub(super) fn lines(seed: u64, count: u64, low: u64, high: u64) -> Vec<Passage> {
    let mut dice = Dice::new(seed);
    let mut at = ms(500);
    let mut made = Vec::new();
    for _ in 0..count {
        let size = dice.roll(8, 100);
        let mut line = line(&mut dice, size, Some(Stamp { at, grain: MILLI }), None);
        let window = Ticks(natural(&line, 0).0 * dice.roll(low, high) as i64 / 100);
        let end = Stamp { at: at + Ticks(window.0 / 10 * 9), grain: MILLI };
        line.pieces[0].end = if dice.roll(0, 2) == 0 { Some(end) } else { None };
        at += window.max(ms(100));
        made.push(line);
    }
    made
}

#[test]
fn what_is_held_or_trimmed_keeps_every_bound() {
    for overflow in [Overflow::Hold, Overflow::Trim] {
        let (mut cut, mut whole) = (0, 0);
        for seed in 0..300 {
            let passages = lines(seed, 12, 10, 90);
            let bounds = Bounds::of(Fit::Sync, overflow);
            let settled = settled(&passages, &bounds);
            rules::hold(&settled, &bounds, &format!("seed {seed}"));
            let spans = settled.plan.slots.iter().flat_map(|slot| &slot.spans);
            cut += spans.clone().filter(|span| span.cut > Ticks::ZERO).count();
            whole += spans.filter(|span| span.cut == Ticks::ZERO).count();
        }
        assert!(cut > 300 && whole > 300, "{overflow:?}: {cut} cut, {whole} whole");
    }
}

/// The lag that is enough for each line to be said as a whole at this rate, worked out on its own.
fn lag_needed(passages: &[Passage], bounds: &Bounds, rate: u32) -> Ticks {
    let mut free = Ticks::ZERO;
    let mut needed = Ticks::ZERO;
    for (i, passage) in passages.iter().enumerate() {
        let piece = &passage.pieces[0];
        let stamp = piece.stamp.expect("a stamp").at;
        let gap = if i > 0 { edges::gap(&passages[i - 1], passage, bounds) } else { Ticks::ZERO };
        let start = (free + gap).max(stamp);
        needed = needed.max(start - stamp);
        let natural = edges::frames(passage, piece);
        free = start + passage.clock.ticks(parts::fastest(natural, piece.tokens.len(), rate));
    }
    needed
}

#[test]
fn nothing_is_cut_that_could_be_said_within_its_bounds() {
    let mut tight = 0;
    for seed in 0..500 {
        let passages = lines(seed, 12, 60, 110);
        for overflow in [Overflow::Hold, Overflow::Trim] {
            let usual = Bounds::of(Fit::Sync, overflow);
            let rate = if overflow == Overflow::Hold { usual.rush } else { usual.max_rate };
            let needed = lag_needed(&passages, &usual, rate);
            // A little more than is needed, since starts are whole steps of a grid.
            let bounds = Bounds { lag: needed + ms(150), ..usual };
            tight += usize::from(needed > ms(300));
            let settled = settled(&passages, &bounds);
            let cut = settled.plan.slots.iter().filter(|slot| slot.cut_from.is_some()).count();
            assert_eq!(cut, 0, "seed {seed}, {overflow:?}, with a lag of {}", bounds.lag);
        }
    }
    assert!(tight > 200, "{tight}");
}

#[test]
fn nothing_is_rushed_that_could_be_said_at_the_greatest_rate() {
    for seed in 0..300 {
        let passages = lines(seed, 12, 60, 110);
        let usual = Bounds::default();
        let needed = lag_needed(&passages, &usual, usual.max_rate);
        let bounds = Bounds { lag: needed + ms(150), ..usual };
        let settled = settled(&passages, &bounds);
        for (i, (slot, passage)) in settled.plan.slots.iter().zip(&passages).enumerate() {
            let natural = edges::frames(passage, &passage.pieces[0]);
            let least = parts::fastest(natural, passage.pieces[0].tokens.len(), bounds.max_rate);
            let tokens = passage.pieces[0].tokens.clone();
            let spoken: u64 = slot.frames[tokens].iter().map(|f| u64::from(*f)).sum();
            assert!(spoken >= least, "seed {seed}, line {i}: {spoken} frames, {least} would do");
        }
    }
}

#[test]
fn one_line_s_excess_costs_no_more_than_its_neighbours() {
    for seed in 0..100 {
        let mut passages = lines(seed, 30, 100, 120);
        let here = settled(&passages, &Bounds::default());
        // The third line becomes five times as long.
        let tokens: Vec<Token> = passages[2].tokens.clone();
        let piece = passages[2].pieces[0].clone();
        let body = tokens[piece.tokens.clone()].repeat(5);
        let end = piece.tokens.start + body.len();
        let mut all = tokens[..piece.tokens.start].to_vec();
        all.extend(body);
        all.extend_from_slice(&tokens[piece.tokens.end..]);
        passages[2].tokens = all;
        passages[2].pieces[0].tokens = piece.tokens.start..end;
        passages[2].pieces[0].words = (piece.tokens.start + 4..end).step_by(4).collect();
        let there = settled(&passages, &Bounds::default());
        rules::hold(&there, &Bounds::default(), &format!("seed {seed}"));
        let late = |settled: &Settled, i: usize| {
            settled.plan.slots[i].spans[0].onset - settled.passages[i].pieces[0].stamp.expect("a stamp").at
        };
        for i in 12..30 {
            let more = late(&there, i) - late(&here, i);
            assert!(more <= ms(60), "seed {seed}: line {i} begins {more} later");
        }
        let cut: Vec<usize> = (0..30).filter(|i| there.plan.slots[*i].cut_from.is_some()).collect();
        assert!(cut.iter().all(|i| (1..6).contains(i)), "seed {seed}: {cut:?}");
    }
}

#[test]
fn a_relaxed_plan_keeps_pace_pauses_and_order_where_a_synchronous_one_keeps_stamps() {
    let far = |plan: &Plan, passages: &[Passage]| -> (i64, i64, i64) {
        let mut sums = (0, 0, 0);
        for (i, (slot, passage)) in plan.slots.iter().zip(passages).enumerate() {
            let spoken = slot.spans[0].end - slot.spans[0].onset;
            let stamp = passage.pieces[0].stamp.expect("a stamp");
            sums.0 += (spoken - natural(passage, 0)).0.abs() * 1000 / natural(passage, 0).0;
            sums.1 += (slot.spans[0].onset - stamp.at).0.abs() / MILLI.0;
            let before = i.checked_sub(1).map(|before| plan.slots[before].spans[0].end);
            let pause = before.map_or(passage.pause, |end| slot.spans[0].onset - end);
            sums.2 += (passage.pause - pause).0.max(0) / MILLI.0;
        }
        sums
    };
    let mut all = [(0, 0, 0); 2];
    for seed in 0..300 {
        let mut passages = lines(seed, 15, 85, 120);
        passages.iter_mut().for_each(|passage| passage.pieces[0].end = None);
        for (fit, all) in [Fit::Sync, Fit::Relaxed].into_iter().zip(&mut all) {
            let bounds = Bounds::of(fit, Overflow::Push);
            let settled = settled(&passages, &bounds);
            rules::hold(&settled, &bounds, &format!("seed {seed}"));
            let sums = far(&settled.plan, &passages);
            *all = (all.0 + sums.0, all.1 + sums.1, all.2 + sums.2);
        }
    }
    let [sync, relaxed] = all;
    assert!(relaxed.0 * 2 < sync.0, "rates: {relaxed:?} against {sync:?}");
    assert!(relaxed.2 * 2 < sync.2, "pauses: {relaxed:?} against {sync:?}");
    assert!(sync.1 * 2 < relaxed.1, "starts: {relaxed:?} against {sync:?}");
}
