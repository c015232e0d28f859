//! Plans under each fit and each policy for what does not fit, held against what these promise.

use super::*;

const MILLI: Ticks = Ticks::from_millis(1);

/// Lines of one piece each, every one with a stamp of its own and some with an end, in so much of their natural time.
fn lines(seed: u64, count: u64, low: u64, high: u64) -> Vec<Passage> {
    let mut dice = Dice::new(seed);
    let mut at = Ticks::from_millis(500);
    let line = |_| {
        let (size, stamp) = (dice.roll(8, 100), Stamp { at, grain: MILLI });
        let mut made = passage(&mut dice, PIPER, &[(size, Some(stamp), None)]);
        let window = Ticks(natural(&made, 0).0 * dice.roll(low, high) as i64 / 100);
        made.pieces[0].end =
            (dice.roll(0, 2) == 0).then_some(Stamp { at: at + Ticks(window.0 / 10 * 9), grain: MILLI });
        at += window.max(Ticks::from_millis(100));
        made
    };
    (0..count).map(line).collect()
}

fn planned_end(slot: &Slot) -> Ticks {
    slot.spans.last().map_or(Ticks::ZERO, |span| span.end + span.cut)
}

#[test]
fn what_is_trimmed_keeps_every_window() {
    let (mut cut, mut whole) = (0, 0);
    for seed in 0..500 {
        let passages = lines(seed, 12, 30, 130);
        let bounds = Bounds::of(Fit::Sync, Overflow::Trim);
        let plan = must_plan(&passages, &bounds);
        hold_to_the_rules(&passages, &bounds, &plan, &format!("seed {seed}"));
        for (i, (slot, passage)) in plan.slots.iter().zip(&passages).enumerate() {
            let (piece, span) = (&passage.pieces[0], slot.spans[0]);
            let error = span.onset - piece.stamp.expect("a stamp").at;
            let name = format!("seed {seed}, line {i}");
            assert!(slot.heard.is_empty() || (-bounds.lead..=bounds.lag).contains(&error), "{name}: {error}");
            if let Some(end) = piece.end {
                assert!(span.end <= end.at + OVERRUN, "{name}: heard until {}, to end at {}", span.end, end.at);
            }
            cut += usize::from(span.cut > Ticks::ZERO);
            whole += usize::from(span.cut == Ticks::ZERO);
        }
    }
    assert!(cut > 1000 && whole > 1000, "{cut} cut, {whole} whole");
}

#[test]
fn nothing_is_trimmed_that_could_be_spoken_in_time() {
    for seed in 0..500 {
        let passages = lines(seed, 12, 30, 130);
        let bounds = Bounds::of(Fit::Sync, Overflow::Trim);
        let plan = must_plan(&passages, &bounds);
        for (i, (slot, passage)) in plan.slots.iter().zip(&passages).enumerate() {
            let piece = &passage.pieces[0];
            let natural = grid::frames(passage, piece);
            let least = (natural * 1000).div_ceil(u64::from(bounds.max_rate)).max(piece.tokens.len() as u64);
            let spoken: u64 = slot.frames[piece.tokens.clone()].iter().map(|f| u64::from(*f)).sum();
            // To the frame, but for what one quarter of a frame of the start is worth.
            assert!(slot.spans[0].cut == Ticks::ZERO || spoken <= least.min(natural) + 1, "seed {seed}, line {i}");
        }
    }
}

#[test]
fn lines_that_share_a_stamp_are_not_trimmed_for_each_other() {
    let stamp = Some(Stamp { at: Ticks::from_millis(1000), grain: MILLI });
    let mut dice = Dice::new(3);
    let passages: Vec<Passage> = (0..3).map(|_| passage(&mut dice, PIPER, &[(60, stamp, None)])).collect();
    let plan = must_plan(&passages, &Bounds::of(Fit::Sync, Overflow::Trim));
    assert!(plan.slots.iter().flat_map(|s| &s.spans).all(|span| span.cut == Ticks::ZERO), "{plan:?}");
}

#[test]
fn a_sentence_over_lines_is_cut_in_two_where_its_first_line_cannot_be_over_in_time() {
    let mut dice = Dice::new(9);
    let stamp = |s: i64| Some(Stamp { at: Ticks::from_millis(s), grain: MILLI });
    let line = passage(&mut dice, PIPER, &[(100, stamp(1000), None), (20, stamp(1500), None), (20, stamp(2400), None)]);
    let breaks = |overflow| breaks::breaks(std::slice::from_ref(&line), &Bounds::of(Fit::Sync, overflow));
    assert_eq!(breaks(Overflow::Trim), vec![vec![1]]);
    assert_eq!(breaks(Overflow::Push), vec![Vec::<usize>::new()]);
}

#[test]
fn a_relaxed_plan_keeps_pace_pauses_and_order_where_a_synchronous_one_keeps_stamps() {
    let far = |plan: &Plan, passages: &[Passage]| -> (i64, i64, i64) {
        let mut sums = (0, 0, 0);
        for (i, (slot, passage)) in plan.slots.iter().zip(passages).enumerate() {
            let spoken = planned_end(slot) - slot.spans[0].onset;
            let stamp = passage.pieces[0].stamp.expect("a stamp");
            sums.0 += (spoken - natural(passage, 0)).0.abs() * 1000 / natural(passage, 0).0;
            sums.1 += (slot.spans[0].onset - stamp.at).0.abs() / MILLI.0;
            let pause = i.checked_sub(1).map_or(passage.pause, |b| slot.spans[0].onset - planned_end(&plan.slots[b]));
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
            let plan = must_plan(&passages, &bounds);
            hold_to_the_rules(&passages, &bounds, &plan, &format!("seed {seed}"));
            let sums = far(&plan, &passages);
            *all = (all.0 + sums.0, all.1 + sums.1, all.2 + sums.2);
        }
    }
    let [sync, relaxed] = all;
    assert!(relaxed.0 * 2 < sync.0, "rates: {relaxed:?} against {sync:?}");
    assert!(relaxed.2 * 2 < sync.2, "pauses: {relaxed:?} against {sync:?}");
    assert!(sync.1 * 2 < relaxed.1, "starts: {relaxed:?} against {sync:?}");
}
