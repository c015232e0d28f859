//! In: a rate, a start, a pause, an end. Out: what each costs, in thousandths of an opinion point. Decides nothing.
//!
//! The plan of a track is the one whose cost is least. The cost is the sum of five terms; one point is what a listener
//! takes off a five-point opinion score for one second of speech.
//!
//! | term | what it says | where it is from |
//! |---|---|---|
//! | rate | free from 0.9 to 1.15, dear above 1.25, beyond reason from 1.4 | opinion by playback speed, Perez 2019: .80 2.84, .90 4.14, 1.0 4.64, 1.10 4.37, 1.25 3.45, 1.50 2.24; weighed by the seconds of speech |
//! | smoothness | a change of rate from piece to piece, squared | the measure that matters most in dubbing, Virkar 2022 |
//! | start | late is cheaper than early; inside the grain of a stamp it is nearly free | sound is noticed 45 ms early and 125 ms late, accepted at 90 and 185 ms, ITU-R BT.1359; a stamp of whole seconds is a moment in [t, t + 1) |
//! | pause | a pause shorter than the natural one, squared | pauses count from 0.3 s, Virkar 2022 |
//! | overrun | speech past the end its cue was given | the viewer sees the mouth close |
//!
//! Where what does not fit is cut, a sixth: a millisecond of speech lost costs more than what haste or delay within the
//! bounds would cost to save it.
//!
//! A relaxed fit has prices of its own: late is nearly free for seconds, since a slide stays where it is; the rate and a
//! pause that is too short cost a multiple.
//!
//! All numbers are whole, so that the plan is the same on every machine.

use super::{Fit, OVERRUN as UNNOTICED, Stamp};
use crate::time::Ticks;

/// One opinion point.
const POINT: i64 = 1000;

/// Stretch is duration against the natural one in ten-thousandths: 10,000 is the voice's own pace, less is faster.
pub(super) const NATURAL: i64 = 10_000;

/// Rate in thousandths and its cost in thousandths of a point for a second of speech; straight lines in between.
const RATE: [(i64, i64); 14] = [
    (400, 20_000),
    (700, 3_000),
    (800, 1_100),
    (860, 330),
    (900, 120),
    (950, 35),
    (1000, 0),
    (1050, 25),
    (1100, 130),
    (1115, 300),
    (1150, 1_500),
    (1250, 2_200),
    (1400, 4_000),
    (2500, 60_000),
];

/// Milliseconds before the stamp and their cost, for a stamp given to the millisecond.
const EARLY: [(i64, i64); 4] = [(0, 0), (45, 300), (90, 1_200), (1000, 40_000)];

/// Milliseconds after the moment that was given and their cost.
const LATE: [(i64, i64); 5] = [(0, 0), (45, 60), (100, 450), (185, 1_600), (1000, 14_000)];

/// Milliseconds into the grain of a stamp (its last digit's worth) and their cost, for a grain of a second.
const INSIDE: [(i64, i64); 5] = [(0, 0), (150, 80), (250, 240), (320, 1_000), (1000, 18_000)];

/// Milliseconds after the stamp and their cost in a relaxed fit.
const LATE_RELAXED: [(i64, i64); 5] = [(0, 0), (1000, 50), (3000, 400), (10_000, 5_000), (20_000, 20_000)];

/// How many times as dear a relaxed fit makes another rate than the voice's own, and a pause that is too short.
const CALM_RATE: i64 = 3;
const CALM_PAUSE: i64 = 8;

/// What a cut costs, and for each millisecond of it.
const CUT: (i64, i64) = (5_000, 120);

/// Milliseconds past a given end and their cost.
const OVERRUN: [(i64, i64); 3] = [(0, 0), (300, 250), (1000, 2_000)];

/// A polyline through `points` at `x`; beyond its last point it goes on as steep.
fn polyline(points: &[(i64, i64)], x: i64) -> i64 {
    let x = x.max(points[0].0);
    let last = points.len() - 1;
    let i = points.partition_point(|p| p.0 <= x).clamp(1, last);
    let ((x0, y0), (x1, y1)) = (points[i - 1], points[i]);
    y0 + (y1 - y0) * (x - x0) / (x1 - x0)
}

fn millis(time: Ticks) -> i64 {
    time.0 / Ticks::from_millis(1).0
}

/// The cost of speaking `natural` frames' worth of speech, `length` long, at this stretch.
pub(super) fn rate(stretch: i64, length: Ticks, fit: Fit) -> i64 {
    let permille = NATURAL * 1000 / stretch.max(1);
    let times = if fit == Fit::Relaxed { CALM_RATE } else { 1 };
    polyline(&RATE, permille) * millis(length).max(300) / 1000 * times
}

/// The cost of going from one stretch to the next. A step of a tenth of the pace costs half a point.
pub(super) fn smoothness(from: i64, to: i64, weight: i64) -> i64 {
    let step = from - to;
    POINT * step * step / 2_000_000 * weight / 16
}

/// How much the change of rate between two pieces weighs, in sixteenths: less when they are short, when another voice
/// speaks, when there is a long silence between them.
pub(super) fn smoothness_weight(a: Ticks, b: Ticks, same_voice: bool, silence: Ticks) -> i64 {
    let shorter = millis(a.min(b)).clamp(200, 1600) / 100;
    let shorter = shorter.min(16);
    let voice = if same_voice { 4 } else { 1 };
    let pause = if silence > Ticks::from_millis(3000) { 2 } else { 4 };
    (shorter * voice * pause / 16).max(1)
}

/// The cost of beginning at `start` a piece that has this stamp.
pub(super) fn start(start: Ticks, stamp: Stamp, fit: Fit) -> i64 {
    let error = millis(start - stamp.at);
    if error < 0 {
        return polyline(&EARLY, -error);
    }
    if fit == Fit::Relaxed {
        return polyline(&LATE_RELAXED, error);
    }
    let grain = millis(stamp.grain).clamp(1, 1000);
    let inside = polyline(&INSIDE, (error.min(grain)) * 1000 / grain) * grain / 1000;
    inside + polyline(&LATE, (error - grain).max(0))
}

/// The cost of a pause where `natural` would be the natural one. A longer pause costs only where nothing is stamped.
pub(super) fn pause(pause: Ticks, natural: Ticks, stamped: bool, fit: Fit) -> i64 {
    let missing = millis(natural - pause);
    if missing >= 0 {
        let times = if fit == Fit::Relaxed { CALM_PAUSE } else { 1 };
        missing * missing / 500 * times
    } else if stamped {
        0
    } else {
        -missing
    }
}

/// The cost of ending `past` after the end that was given.
pub(super) fn overrun(past: Ticks) -> i64 {
    polyline(&OVERRUN, millis(past))
}

/// The cost of leaving out so much speech.
pub(super) fn cut(lost: Ticks) -> i64 {
    if lost > Ticks::ZERO { CUT.0 + CUT.1 * millis(lost) } else { 0 }
}

/// How much of a piece that is over at `over` has to be cut, so that it is not heard past the end it was given.
pub(super) fn past(over: Ticks, end: Stamp) -> Ticks {
    let past = over - end.at;
    if past > UNNOTICED.max(end.grain) { past } else { Ticks::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polylines_meet_their_points_and_go_on_as_steep() {
        assert_eq!(polyline(&LATE, 0), 0);
        assert_eq!(polyline(&LATE, 100), 450);
        assert_eq!(polyline(&EARLY, 20), 133);
        assert_eq!(polyline(&OVERRUN, 2000), 4_500);
        assert_eq!(polyline(&RATE, 100), 20_000);
    }

    #[test]
    fn rates_are_free_in_the_middle_and_dear_outside() {
        let second = Ticks::from_millis(1000);
        let at = |permille: i64| rate(NATURAL * 1000 / permille, second, Fit::Sync);
        assert_eq!(at(1000), 0);
        assert!(at(900) < 150 && at(1100) < 150);
        assert!(at(1250) > 1_300 && at(1400) > 3_900 && at(800) > 900);
    }

    #[test]
    fn late_is_cheaper_than_early_and_a_grain_makes_it_nearly_free() {
        let fine = Stamp { at: Ticks::from_millis(5000), grain: Ticks::from_millis(1) };
        let coarse = Stamp { at: fine.at, grain: Ticks::from_millis(1000) };
        let cost = |ms: i64, stamp| start(Ticks::from_millis(5000 + ms), stamp, Fit::Sync);
        assert!(cost(-60, fine) > 3 * cost(60, fine));
        assert!(cost(200, coarse) < 200 && cost(200, fine) > 900);
        assert_eq!(cost(0, fine), 0);
        assert!(cost(1500, coarse) > cost(1000, coarse));
    }
}
