//! Plans that were moved, hurried or cut by hand, and what is said of their lines.

use super::*;
use crate::draft::made::{Made, made};
use crate::voice::tone::Tone;
use std::sync::Arc;

const TWO: &str =
    "1\n00:00:01,000 --> 00:00:04,000\nThe tide comes in.\n\n2\n00:00:04,000 --> 00:00:07,000\nIt goes out.\n";

fn drafted(transcript: &str) -> (Made, Plan) {
    let made = made(Arc::new(Tone), transcript);
    let plan = made.plan();
    (made, plan)
}

fn judged(made: &Made, plan: &Plan, fit: Fit) -> Vec<Line> {
    let counts: Vec<usize> = made.words.iter().map(Vec::len).collect();
    lines(&made.cues, &counts, &made.drafts, plan, fit)
}

/// Moves an utterance, sound and all.
fn moved(plan: &Plan, slot: usize, millis: i64) -> Plan {
    let mut plan = plan.clone();
    let by = Ticks::from_millis(millis);
    plan.slots[slot].start += by;
    for span in &mut plan.slots[slot].spans {
        span.onset += by;
        span.end += by;
    }
    plan
}

#[test]
fn a_line_in_its_window_is_blameless() {
    let (made, plan) = drafted(TWO);
    for line in judged(&made, &plan, Fit::Sync) {
        assert!(!line.missed() && !line.hurried && line.excess == 0 && line.pushed_by.is_none(), "{line:?}");
        assert!(line.heard.is_some() && line.lost.is_empty() && line.words.iter().all(Option::is_some));
        assert!((line.rate - 1.0).abs() < 0.02, "{}", line.rate);
    }
}

#[test]
fn early_late_and_past_the_window_are_told_from_where_they_are_noticed() {
    let (made, plan) = drafted(TWO);
    // Milliseconds that the first line is moved by: early, late, past its window.
    let rows = [
        (-250, (true, false, false)),
        (-50, (false, false, false)),
        (60, (false, false, false)),
        (900, (false, true, false)),
        (2600, (false, true, true)),
    ];
    for (millis, blame) in rows {
        let line = &judged(&made, &moved(&plan, 0, millis), Fit::Sync)[0];
        assert_eq!((line.early, line.late, line.overran), blame, "{millis}");
        let near = (line.error - Ticks::from_millis(millis)).0.abs() < Ticks::from_millis(100).0;
        assert!(near, "{millis}: {}", line.error);
        assert_eq!(line.excess > 0, line.late || line.overran, "{millis}: {}", line.excess);
    }
    let relaxed = &judged(&made, &moved(&plan, 0, 900), Fit::Relaxed)[0];
    assert!(!relaxed.late && !relaxed.overran);
}

#[test]
fn of_lines_that_run_into_each_other_the_one_that_needs_most_is_named() {
    let text = "1\n00:00:01,000 --> 00:00:02,000\nSo.\n\n2\n00:00:02,000 --> 00:00:03,000\n\
                The tide that came in yesterday goes out again today.\n\n3\n00:00:03,000 --> 00:00:08,000\nYes.\n";
    let (made, plan) = drafted(text);
    let late = moved(&plan, 2, 2500);
    let lines = judged(&made, &late, Fit::Sync);
    assert!(lines[2].late && lines[2].pushed_by == Some(1), "{:?}", lines[2]);
    // Nobody pushes who is over in time.
    let (made, plan) = drafted(TWO);
    let lines = judged(&made, &moved(&plan, 1, 900), Fit::Sync);
    assert!(lines[1].late && lines[1].pushed_by.is_none());
}

#[test]
fn words_that_are_cut_are_lost_and_counted() {
    let (made, mut plan) = drafted(TWO);
    let draft = &made.drafts[0];
    let from = draft.words[2].start;
    let slot = &mut plan.slots[0];
    let clock = draft.voice.clock();
    let frames = |tokens: std::ops::Range<usize>| -> u64 { slot.frames[tokens].iter().map(|f| u64::from(*f)).sum() };
    let lost = clock.ticks(frames(from..draft.pieces[0].1.end));
    slot.spans[0].end -= lost;
    slot.spans[0].cut = lost;
    slot.cut_from = Some(from);
    let line = &judged(&made, &plan, Fit::Sync)[0];
    assert_eq!((line.lost.as_slice(), line.cut), (&[2, 3][..], lost));
    assert!(line.overran && line.excess > 0 && line.words[2].is_none() && line.words[1].is_some());
}

#[test]
fn a_window_ends_where_it_says_or_with_the_next_later_stamp() {
    let rows = [
        ("00:01 One.\n00:04 Two.\n00:06 Three.\n", [Some(4), Some(6), None]),
        ("00:01 One.\n00:01 Two.\n00:06 Three.\n", [Some(6), Some(6), None]),
        ("00:01 One.\n00:04 Two.\n00:04 Three.\n", [Some(4), None, None]),
    ];
    for (text, ends) in rows {
        let (made, _) = drafted(text);
        let found: Vec<Option<i64>> =
            windows(&made.cues).iter().map(|end| end.map(|end| end.at.secs() as i64)).collect();
        assert_eq!(found, ends, "{text}");
    }
}
