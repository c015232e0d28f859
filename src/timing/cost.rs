//! In: a rate, a start, a pause, an end. Out: what each costs, in thousandths of an opinion point. Decides nothing. What is
//! left out has no price here: `timing/keep.rs` says how little that is.
//!
//! The plan of a track is the one whose cost is least. One point is what a listener takes off a five-point opinion score
//! for one second of speech. The cost is the sum of these terms:
//!
//! | term | what it says | where it is from |
//! |---|---|---|
//! | rate | free near the voice's own pace, dearer and dearer away from it | opinion by playback speed, Perez 2019: .80 2.84, .90 4.14, 1.0 4.64, 1.10 4.37, 1.25 3.45, 1.50 2.24; weighed by the seconds of speech |
//! | smoothness | a change of rate from piece to piece, squared inside an utterance, less between two | the measure that matters most in dubbing, Virkar 2022 |
//! | start | late is cheaper than early; inside the grain of a stamp it is nearly free | sound is noticed 45 ms early and 125 ms late, accepted at 90 and 185 ms, ITU-R BT.1359; a stamp of whole seconds is a moment in [t, t + 1) |
//! | pause | a pause shorter than the natural one, squared | pauses count from 0.3 s, Virkar 2022 |
//! | seam | a pause inside a sentence: the dearer, also each millisecond of it, the more the words around it belong together | a pace of 0.9 is heard as better than a stop between an article and its noun |
//! | overrun | speech past the end its cue was given | the viewer sees the mouth close |
//! | breach | what must not be, where it cannot be helped | - |
//!
//! How much a start weighs against a rate, and a pause inside a sentence against a slower pace, was chosen on thirteen
//! documents (dialogue, audio description, a lecture with and without marks, stamps of whole seconds, words as cues,
//! television, two French dubs, people who talk at once): from there on, starts cost more opinion by rate than they gain.
//! Five others (a French film, a documentary, anime, a telephone talk, audio description), not looked at before, moved the
//! same way.
//!
//! A relaxed fit has prices of its own: late is nearly free for seconds, since a slide stays where it is; the rate and a
//! pause that is too short cost a multiple.
//!
//! All numbers are whole, so that the plan is the same on every machine.

use super::{Fit, Seam, Stamp};
use crate::time::Ticks;

/// One opinion point.
const POINT: i64 = 1000;

/// Stretch is duration against the natural one in ten-thousandths: 10,000 is the voice's own pace, less is faster.
pub(super) const NATURAL: i64 = 10_000;

/// What a rate costs for a second of speech, in thousandths of a point, `x` thousandths away from the voice's own pace:
/// `SCALE x^2 / (1 + BEND x)` with `x` as a part of one. It begins flat, never steps, and becomes a straight line.
#[derive(Clone, Copy, Debug)]
struct Curve {
    scale: i64,
    /// In hundredths.
    bend: i64,
}

/// Faster: through the opinions of Perez 2019 at 1.10 and 1.50 (0.27 and 2.40 points below the natural pace); at 1.25 it
/// has 1.01 where they have 1.19.
const FASTER: Curve = Curve { scale: 49_400, bend: 829 };

/// Slower: half of what they took off at 0.90 and 0.80 (0.50 and 1.80 points), since a judge of synthetic speech takes off
/// nothing: DistillMOS of `en_US-joe-medium` at 0.8, 0.9 and 1.0 is 4.41, 4.39 and 4.35 (25 sentences each, 95 %
/// intervals of 0.05).
const SLOWER: Curve = Curve { scale: 28_100, bend: 125 };

impl Curve {
    fn at(self, x: i64) -> i64 {
        self.scale * x * x / 10 / (100_000 + self.bend * x)
    }
}

/// What a second of speech costs besides that is faster than the greatest rate, and for each thousandth that it is: rushing
/// is for where a line would else be cut or late beyond its bounds.
const RUSH: (i64, i64) = (1_500, 20);

/// Milliseconds before the stamp and their cost, for a stamp given to the millisecond.
const EARLY: [(i64, i64); 4] = [(0, 0), (45, 450), (90, 1_800), (1000, 60_000)];

/// Milliseconds after the moment that was given and their cost.
const LATE: [(i64, i64); 5] = [(0, 0), (45, 90), (100, 675), (185, 2_400), (1000, 21_000)];

/// Milliseconds into the grain of a stamp (its last digit's worth) and their cost, for a grain of a second.
const INSIDE: [(i64, i64); 5] = [(0, 0), (150, 120), (300, 900), (500, 4_500), (1000, 22_500)];

/// Milliseconds after the stamp and their cost in a relaxed fit.
const LATE_RELAXED: [(i64, i64); 5] = [(0, 0), (1000, 50), (3000, 400), (10_000, 5_000), (20_000, 20_000)];

/// Milliseconds away from the moment that is wished for and their cost, for what has no stamp.
const WISH: [(i64, i64); 4] = [(0, 0), (100, 40), (300, 600), (1000, 4_000)];

/// How many times as dear a relaxed fit makes another rate than the voice's own, and a pause that is too short.
const CALM_RATE: i64 = 3;
const CALM_PAUSE: i64 = 8;

/// What beginning after the latest start costs where lateness has no bound, and for each millisecond of it.
const PUSHED: (i64, i64) = (50_000, 200);

/// What must not be, and for each millisecond of it.
const BREACH: (i64, i64) = (1_000_000_000, 1_000_000);

/// No plan leads here.
pub(super) const NEVER: i64 = i64::MAX / 4;

/// From how many milliseconds on a breach is as bad as any other, so that the costs of any track can be added up.
const WORST: i64 = 100_000;

/// Milliseconds past a given end and their cost: little up to a tenth of a second, from where on a line counts as past its
/// window, and then as steep as makes a short line faster rather than later.
const OVERRUN: [(i64, i64); 4] = [(0, 0), (50, 50), (90, 220), (1000, 9_775)];

/// What a pause inside a sentence costs, by what it parts: where it is badly borne first.
const SEAM: [i64; 4] = [3_000, 1_200, 350, 100];

/// From how many milliseconds on a pause inside a sentence costs by its length.
const SEAM_FREE: i64 = 150;

/// How much each further millisecond costs, in the same order: a second is borne between two clauses, not in a phrase.
const SEAM_LENGTH: [i64; 4] = [4, 3, 2, 1];

/// A polyline through `points` at `x`; beyond its last point it goes on as steep.
fn polyline(points: &[(i64, i64)], x: i64) -> i64 {
    let x = x.max(points[0].0);
    let last = points.len() - 1;
    let i = points.partition_point(|p| p.0 <= x).clamp(1, last);
    let ((x0, y0), (x1, y1)) = (points[i - 1], points[i]);
    y0 + (y1 - y0) * (x - x0) / (x1 - x0)
}

/// The cost of speaking `length`'s worth of speech at this stretch; from `fastest` (in thousandths) on it is rushed.
pub(super) fn rate(stretch: i64, length: Ticks, fit: Fit, fastest: u32) -> i64 {
    let permille = NATURAL * 1000 / stretch.max(1);
    let times = if fit == Fit::Relaxed { CALM_RATE } else { 1 };
    let away = permille - 1000;
    let mut cost = if away > 0 { FASTER.at(away) } else { SLOWER.at(-away) } * times;
    // A piece of few frames is a little faster than the bound where its frames are whole.
    let rushed = permille - i64::from(fastest) * 21 / 20;
    if rushed > 0 {
        cost += RUSH.0 + RUSH.1 * rushed;
    }
    cost * millis(length).max(300) / 1000
}

/// The cost of going from one stretch to the next inside an utterance. A step of a tenth of the pace costs half a point.
pub(super) fn smoothness(from: i64, to: i64, weight: i64) -> i64 {
    let step = from - to;
    POINT * step * step / 2_000_000 * weight / 16
}

/// The cost of going from one stretch to the next between utterances: squared up to a twentieth of the pace, from there on
/// as steep, so that a line with room is not hurried because its neighbour has to be.
pub(super) fn smoothness_apart(from: i64, to: i64, weight: i64) -> i64 {
    let step = (from - to).abs();
    let near = step.min(500);
    POINT * near * (2 * step - near) / 8_000_000 * weight / 16
}

/// How much the change of rate between two pieces weighs, in sixteenths: less when they are short, when another voice
/// speaks, when there is a long silence between them.
pub(super) fn smoothness_weight(a: Ticks, b: Ticks, same_voice: bool, silence: Ticks) -> i64 {
    let shorter = millis(a.min(b)).clamp(200, 1600) / 100;
    let shorter = shorter.min(16);
    let voice = if same_voice { 4 } else { 1 };
    // After ten seconds nobody remembers the pace.
    let pause = match millis(silence) {
        ..=3000 => 4,
        3001..=10_000 => 2,
        _ => 0,
    };
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

/// The cost of beginning at `start` what is wished for at `wish`.
pub(super) fn wish(start: Ticks, wish: Ticks) -> i64 {
    polyline(&WISH, millis(start - wish).abs())
}

/// What pauses cost before a piece: nothing from [`PausePrice::natural`] to [`PausePrice::free`] milliseconds, by the
/// square of what is missing below, by length above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PausePrice {
    /// What any pause costs.
    pub(super) any: i64,
    /// The natural pause, in milliseconds.
    pub(super) natural: i64,
    /// How many times as dear a pause is that is too short.
    pub(super) short: i64,
    /// The longest pause that does not cost by its length, in milliseconds.
    pub(super) free: i64,
    /// What each further millisecond costs.
    pub(super) longer: i64,
}

impl PausePrice {
    /// The price of pauses before a piece that begins an utterance. A long one costs where nothing is stamped, and inside a
    /// sentence.
    pub(super) fn before_utterance(natural: Ticks, stamped: bool, goes_on: Option<Seam>, fit: Fit) -> PausePrice {
        let natural = millis(natural);
        let short = if fit == Fit::Relaxed { CALM_PAUSE } else { 1 };
        let unstamped = PausePrice { any: 0, natural, short, free: natural, longer: 1 };
        match goes_on {
            Some(seam) => PausePrice { short, ..PausePrice::inside(seam) },
            None if stamped || fit == Fit::Spread => PausePrice { longer: 0, ..unstamped },
            None => unstamped,
        }
    }

    /// The price of a pause inside a sentence.
    pub(super) fn inside(seam: Seam) -> PausePrice {
        let free = if seam == Seam::Clause { 2 * SEAM_FREE } else { SEAM_FREE };
        PausePrice { any: SEAM[seam as usize], natural: SEAM_FREE, short: 1, free, longer: SEAM_LENGTH[seam as usize] }
    }

    /// The cost of a pause.
    pub(super) fn of(&self, pause: Ticks) -> i64 {
        let pause = millis(pause);
        let missing = (self.natural - pause).max(0);
        let longer = (pause - self.free).max(0);
        self.any + missing * missing / 500 * self.short + longer * self.longer
    }

    /// From which pause on a longer one costs as much as before for each millisecond.
    pub(super) fn even_from(&self) -> Ticks {
        Ticks::from_millis(self.natural.max(self.free))
    }
}

/// The cost of ending `past` after the end that was given.
pub(super) fn overrun(past: Ticks) -> i64 {
    polyline(&OVERRUN, millis(past))
}

/// The cost of what must not be, so far beyond its bound.
pub(super) fn breach(by: Ticks) -> i64 {
    if by > Ticks::ZERO { BREACH.0 + BREACH.1 * millis(by).min(WORST) } else { 0 }
}

/// The cost of beginning so far after the latest start, where lateness has no bound.
pub(super) fn pushed(by: Ticks) -> i64 {
    if by > Ticks::ZERO { PUSHED.0 + PUSHED.1 * millis(by) } else { 0 }
}

pub(super) fn millis(time: Ticks) -> i64 {
    time.0 / Ticks::from_millis(1).0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Ticks = Ticks::from_millis(1000);

    #[test]
    fn polylines_meet_their_points_and_go_on_as_steep() {
        assert_eq!(polyline(&LATE, 0), 0);
        assert_eq!(polyline(&LATE, 100), 675);
        assert_eq!(polyline(&EARLY, 20), 200);
        assert_eq!(polyline(&OVERRUN, 2000), 20_275);
    }

    #[test]
    fn the_curves_of_rates_have_no_step_and_no_dip() {
        for curve in [FASTER, SLOWER] {
            let values: Vec<i64> = (0..60).map(|i| curve.at(i * 25)).collect();
            let slopes: Vec<i64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert!(slopes.windows(2).all(|pair| pair[1] + 2 >= pair[0]), "{slopes:?}");
            assert!(slopes.windows(2).all(|pair| pair[1] - pair[0] < 70), "{slopes:?}");
        }
        let opinions = [(100, 270), (250, 1_190), (500, 2_400)];
        assert!(opinions.iter().all(|(x, lost)| (FASTER.at(*x) - lost).abs() <= lost / 6));
        assert_eq!((SLOWER.at(100), SLOWER.at(200)), (249, 899));
    }

    #[test]
    fn beyond_the_greatest_rate_it_is_dearer() {
        let at = |permille: i64| rate(NATURAL * 1000 / permille, SECOND, Fit::Sync, 1300);
        assert_eq!(at(1000), 0);
        assert!(at(1400) > FASTER.at(400) + RUSH.0 && (at(1300) - FASTER.at(300)).abs() <= 5);
    }

    #[test]
    fn late_is_cheaper_than_early_and_a_grain_makes_it_nearly_free() {
        let fine = Stamp { at: Ticks::from_millis(5000), grain: Ticks::from_millis(1) };
        let coarse = Stamp { at: fine.at, grain: SECOND };
        let cost = |ms: i64, stamp| start(Ticks::from_millis(5000 + ms), stamp, Fit::Sync);
        assert!(cost(-60, fine) > 3 * cost(60, fine));
        assert!(cost(200, coarse) < cost(200, fine) / 5 && cost(200, fine) > 900);
        assert_eq!(cost(0, fine), 0);
        assert!(cost(1500, coarse) > cost(1000, coarse));
    }

    #[test]
    fn a_line_with_room_is_pulled_no_harder_by_a_neighbour_that_is_further_off() {
        let pull = |step: i64| smoothness_apart(0, step + 100, 16) - smoothness_apart(0, step, 16);
        assert!(pull(600) > pull(100));
        assert!((pull(600) - pull(3000)).abs() <= 1, "{} {}", pull(600), pull(3000));
    }

    #[test]
    fn a_pause_is_dearer_the_more_the_words_around_it_belong_together() {
        let at = |seam, ms| PausePrice::inside(seam).of(Ticks::from_millis(ms));
        assert!(at(Seam::Poor, 300) > at(Seam::Word, 300));
        assert!(at(Seam::Word, 300) > at(Seam::Phrase, 300));
        assert!(at(Seam::Phrase, 300) > at(Seam::Clause, 300));
        assert!(at(Seam::Clause, 1500) > at(Seam::Clause, 500));
        let longer = |seam| at(seam, 1000) - at(seam, 500);
        assert!(longer(Seam::Poor) > longer(Seam::Phrase) && longer(Seam::Phrase) > longer(Seam::Clause));
    }
}
