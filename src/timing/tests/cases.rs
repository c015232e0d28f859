//! Single situations that went wrong once, or that say what a plan is for.

use super::*;

fn onset(settled: &Settled, i: usize) -> Ticks {
    settled.plan.slots[i].spans[0].onset
}

fn rate(settled: &Settled, i: usize) -> f64 {
    let span = settled.plan.slots[i].spans[0];
    natural(&settled.passages[i], 0).secs() / (span.end - span.onset).secs()
}

#[test]
fn a_sentence_that_begins_inside_a_cue_keeps_the_stamp_of_the_next_one() {
    for window in [8, 12, 20, 30, 300] {
        let mut dice = Dice::new(1);
        let first = line(&mut dice, 60, stamp(500), None);
        let begins = Made { tokens: 40, ..Made::default() };
        let goes_on = Made { tokens: 60, stamp: stamp(window * 1000), ..Made::default() };
        let second = passage(&mut dice, PIPER, &[begins, goes_on]);
        let settled = settled(&[first, second], &Bounds::default());
        rules::hold(&settled, &Bounds::default(), "inside");
        let all = settled.passages.iter().zip(&settled.plan.slots);
        let spans = all.flat_map(|(passage, slot)| passage.pieces.iter().zip(&slot.spans));
        let stamped = spans.filter(|(piece, _)| piece.stamp == stamp(window * 1000));
        for (_, span) in stamped {
            let error = span.onset - ms(window * 1000);
            assert!((-ms(100)..=ms(100)).contains(&error), "{window}: {error}");
        }
    }
}

#[test]
fn a_pause_is_left_where_the_stamps_leave_one_and_pace_fills_what_it_can() {
    let mut dice = Dice::new(9);
    let piece = |at: i64| Made { tokens: 60, stamp: stamp(at), end: None, seam: Seam::Word };
    let line = passage(&mut dice, PIPER, &[piece(1000), piece(9000), piece(11_200)]);
    let apart = settled(std::slice::from_ref(&line), &Bounds::default());
    assert_eq!(apart.passages.len(), 2, "{:?}", apart.plan.slots);
    let length = natural(&line, 0).0 / MILLI.0;
    let near = passage(&mut Dice::new(9), PIPER, &[piece(1000), piece(1000 + length * 11 / 10)]);
    let near = settled(&[near], &Bounds::default());
    assert_eq!(near.passages.len(), 1, "a tenth is filled by pace");
}

#[test]
fn two_people_who_talk_at_once_are_heard_at_once() {
    let mut dice = Dice::new(4);
    let long = lasting(&mut dice, 7200, 500, 10_000, 0);
    let first = lasting(&mut dice, 900, 3200, 4300, 1);
    let second = lasting(&mut dice, 900, 6000, 7200, 1);
    let after = lasting(&mut dice, 900, 10_200, 11_500, 1);
    let passages = [long, first, second, after];
    let at_once = settled(&passages, &Bounds::default());
    rules::hold(&at_once, &Bounds::default(), "at once");
    for (i, at) in [500, 3200, 6000, 10_200].into_iter().enumerate() {
        let error = onset(&at_once, i) - ms(at);
        assert!(error.0.abs() <= ms(30).0, "line {i}: {error}");
        assert!((0.95..1.05).contains(&rate(&at_once, i)), "line {i}: {}", rate(&at_once, i));
    }
    let never = Bounds { overlap: Overlap::Never, overflow: Overflow::Push, ..Bounds::default() };
    let in_turn = settled(&passages, &never);
    rules::hold(&in_turn, &never, "in turn");
    assert!(onset(&in_turn, 1) > ms(5000));
}

#[test]
fn one_voice_never_overlaps_itself_whoever_speaks() {
    let mut dice = Dice::new(4);
    let mut passages = [lasting(&mut dice, 7200, 500, 10_000, 0), lasting(&mut dice, 900, 3200, 4300, 1)];
    passages[1].voice = 0;
    let settled = settled(&passages, &Bounds::default());
    rules::hold(&settled, &Bounds::default(), "one voice");
}

#[test]
fn what_would_end_after_the_track_is_hurried_and_only_then_cut() {
    let mut dice = Dice::new(6);
    let passages = [lasting(&mut dice, 2000, 500, 3000, 0), lasting(&mut dice, 2000, 3000, 5000, 0)];
    let natural = natural(&passages[1], 0);
    for overflow in [Overflow::Hold, Overflow::Push, Overflow::Trim] {
        let fits = Bounds { end: Some(ms(3000) + Ticks(natural.0 * 10 / 12)), ..Bounds::of(Fit::Sync, overflow) };
        let settled = settled(&passages, &fits);
        rules::hold(&settled, &fits, "end");
        assert!(settled.plan.slots.iter().all(|slot| slot.cut_from.is_none()), "{overflow:?}");
    }
    let bounds = Bounds { end: Some(ms(4000)), ..Bounds::default() };
    let settled = settled(&passages, &bounds);
    rules::hold(&settled, &bounds, "end");
    let slot = &settled.plan.slots[1];
    assert!(slot.cut_from.is_some() && !slot.heard.is_empty());
}

#[test]
fn a_line_past_the_end_of_the_track_is_not_heard() {
    let mut dice = Dice::new(6);
    let passages = [lasting(&mut dice, 2000, 500, 3000, 0), lasting(&mut dice, 2000, 30_000, 32_000, 0)];
    let bounds = Bounds { end: Some(ms(10_000)), ..Bounds::of(Fit::Sync, Overflow::Push) };
    let settled = settled(&passages, &bounds);
    rules::hold(&settled, &bounds, "past the end");
    assert!(settled.plan.slots[1].heard.is_empty());
    assert_eq!(settled.plan.slots[1].spans[0].cut, natural(&passages[1], 0));
}

#[test]
fn a_line_takes_its_own_time_before_it_takes_that_of_the_next_one() {
    let mut dice = Dice::new(8);
    let passages = [lasting(&mut dice, 8100, 1000, 5500, 0), lasting(&mut dice, 1500, 5500, 9000, 0)];
    let settled = settled(&passages, &Bounds::default());
    assert!(rate(&settled, 0) > 1.25, "{}", rate(&settled, 0));
}

#[test]
fn a_window_that_is_too_short_is_kept_by_pace_though_nothing_follows() {
    let mut dice = Dice::new(8);
    let passages = [lasting(&mut dice, 4800, 1000, 5000, 0)];
    let settled = settled(&passages, &Bounds::default());
    let over = settled.plan.slots[0].spans[0].end - ms(5000);
    assert!(over <= ms(300), "{over}");
    let passages = [lasting(&mut dice, 1390, 1000, 2100, 0)];
    let settled = self::settled(&passages, &Bounds::default());
    let over = settled.plan.slots[0].spans[0].end - ms(2100);
    assert!(over <= OVERRUN, "a short one: {over}");
}

#[test]
fn people_do_not_talk_at_once_where_windows_overlap_by_a_few_frames() {
    for (overlap, at_once) in [(10, false), (110, false), (120, true), (500, true)] {
        let mut dice = Dice::new(4);
        let passages = [lasting(&mut dice, 3000, 1000, 2000 + overlap, 0), lasting(&mut dice, 900, 2000, 4000, 1)];
        let settled = settled(&passages, &Bounds::default());
        rules::hold(&settled, &Bounds::default(), "a few frames");
        let over = settled.plan.slots[0].spans[0].end;
        assert_eq!(onset(&settled, 1) < over, at_once, "{overlap} ms");
    }
}

#[test]
fn of_a_line_no_stub_is_left() {
    for end in (1050..2000).step_by(50) {
        let mut dice = Dice::new(6);
        let passages = [lasting(&mut dice, 2000, 1000, 3000, 0)];
        let bounds = Bounds { end: Some(ms(end)), ..Bounds::default() };
        let settled = settled(&passages, &bounds);
        rules::hold(&settled, &bounds, "stub");
        let left = natural(&passages[0], 0) - settled.plan.slots[0].spans[0].cut;
        assert!(left == Ticks::ZERO || left >= ms(300), "{left} left until {end}");
    }
}

#[test]
fn lines_with_room_are_not_hurried_because_their_neighbour_is() {
    let mut dice = Dice::new(8);
    let passages = [
        lasting(&mut dice, 3000, 1000, 6000, 0),
        lasting(&mut dice, 3000, 6000, 8400, 0),
        lasting(&mut dice, 3000, 8400, 14_000, 0),
    ];
    let settled = settled(&passages, &Bounds::default());
    assert!(rate(&settled, 1) > 1.1);
    assert!(rate(&settled, 0) < 1.04, "{}", rate(&settled, 0));
    assert!(rate(&settled, 2) < 1.07, "{}", rate(&settled, 2));
}

#[test]
fn sentences_are_spread_over_a_long_window() {
    let mut dice = Dice::new(8);
    let passages = [
        lasting(&mut dice, 2000, 1000, 21_000, 0),
        line(&mut dice, 60, None, stamp(21_000)),
        line(&mut dice, 60, None, stamp(21_000)),
    ];
    let synced = settled(&passages, &Bounds::default());
    assert!(onset(&synced, 2) < ms(8000));
    let bounds = Bounds::of(Fit::Spread, Overflow::Hold);
    let spread = settled(&passages, &bounds);
    rules::hold(&spread, &bounds, "spread");
    assert!(onset(&spread, 2) > ms(12_000), "{}", onset(&spread, 2));
    let last = spread.plan.slots[2].spans[0].end;
    assert!(last < ms(21_000), "{last}");
}

#[test]
fn a_sentence_that_goes_on_in_the_next_cue_stays_with_it_in_a_long_window() {
    let mut dice = Dice::new(8);
    let goes_on = [
        Made { tokens: 8, end: stamp(12_000), ..Made::default() },
        Made { tokens: 30, stamp: stamp(12_000), ..Made::default() },
    ];
    let passages = [lasting(&mut dice, 2000, 1000, 12_000, 0), passage(&mut dice, PIPER, &goes_on)];
    let bounds = Bounds::of(Fit::Spread, Overflow::Hold);
    let settled = settled(&passages, &bounds);
    rules::hold(&settled, &bounds, "goes on");
    assert_eq!(settled.passages.len(), 2, "it is torn");
    assert!((settled.plan.slots[1].spans[1].onset - ms(12_000)).0.abs() <= ms(100).0);
}

#[test]
fn a_wish_is_granted_where_nothing_is_in_its_way() {
    let mut dice = Dice::new(8);
    let first = Made { tokens: 30, stamp: stamp(1000), end: None, seam: Seam::Word };
    let second = Made { tokens: 30, seam: Seam::Clause, ..Made::default() };
    let mut line = passage(&mut dice, PIPER, &[first, second]);
    let wish = ms(1000) + natural(&line, 0) + ms(700);
    line.pieces[1].wish = Some(wish);
    let settled = settled(&[line], &Bounds::default());
    assert_eq!(settled.passages.len(), 2);
    assert!((onset(&settled, 1) - wish).0.abs() < ms(150).0, "{} for {wish}", onset(&settled, 1));
}
