//! In: what is to be said, piece by piece, with its stamps and with the voice's own durations. Out: a [`Plan`]: when
//! each utterance begins and how many frames each of its phonemes gets; or where utterances have to be spoken as two
//! first. Whole numbers only; knows no voice, no audio, no clock and no thread.
//!
//! An utterance is a [`Passage`]; its parts that are planned together are its [`Piece`]s. Starts, ends, rates and pauses
//! of all pieces are chosen together, by least cost (`timing/cost.rs` says what costs what). What is never broken: no
//! piece begins before its stamp less [`Bounds::lead`]; one voice never overlaps itself, and two people only where the
//! transcript has them talk at once; a shortest gap stays between utterances; rates stay within their bounds; nothing is
//! heard past the end of the track; under [`Overflow::Hold`] and [`Overflow::Trim`] no piece begins later than
//! [`Bounds::lag`] after its stamp.

mod arrivals;
mod column;
mod cost;
mod edges;
pub(crate) mod fit;
mod keep;
mod lane;
mod lanes;
mod need;
mod parts;
mod shape;
mod solve;
mod spread;

use crate::error::{Error, Kind, Result, Setting, advice};
use crate::phonemes::inventory::Class;
use crate::time::{FrameClock, Ticks};
use solve::Solved;
use std::ops::Range;

/// When a cue is to begin or to be over, and how precisely that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The moment written in the transcript.
    pub at: Ticks,
    /// The worth of its last digit: a second for `00:17`, which names a moment in [17, 18).
    pub grain: Ticks,
}

/// One token of the voice: how long it would be by itself, and what kind of sound it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Frames the voice would give it.
    pub frames: u32,
    /// Pause, vowel, consonant or mark.
    pub class: Class,
}

/// How well a pause can be borne before a piece that goes on with a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seam {
    /// Badly: between words that belong together, as an article and its noun.
    Poor,
    /// Between two words.
    #[default]
    Word,
    /// Between two phrases, as before a conjunction.
    Phrase,
    /// Between two clauses, as after a comma.
    Clause,
}

/// A part of an utterance that has a rate and a start of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Its tokens: from the first sound of its first word to the first sound of the next piece, or to the last sound of
    /// the utterance.
    pub tokens: Range<usize>,
    /// Which line of the transcript it is of, as a number: only whether two are the same counts. A line's first piece
    /// has its stamp, the others have none.
    pub line: usize,
    /// When it is to begin; `None` for what follows in a cue that has begun already, and in a narration.
    pub stamp: Option<Stamp>,
    /// Whether it is a mere fragment of a phrase: its stamp says where a word was heard, not where a reader begins anew.
    /// It keeps to the same bounds as any piece; within them it costs less to be off.
    pub loose: bool,
    /// When it would best begin, where there is no stamp: the moment a file gives for its first word, or its share of a
    /// long window.
    pub wish: Option<Ticks>,
    /// When its cue is to be over, where the transcript says so.
    pub end: Option<Stamp>,
    /// The window its cue has in the transcript, where both of its ends are stated.
    pub window: Option<Window>,
    /// How well a pause can be borne before it. Of the first piece of an utterance nobody asks.
    pub seam: Seam,
    /// The tokens after which it may be cut: where each of its words ends, but for the last, in order; where it begins its
    /// line, from the first on that says something.
    pub words: Vec<usize>,
}

/// From when to when a cue is to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its stamp.
    pub from: Ticks,
    /// Its stated end.
    pub to: Ticks,
}

/// How long two windows overlap at the least where people talk at once: what is shorter is heard as neither gap nor overlap
/// (120 ms: M. Heldner, *Detection thresholds for gaps, overlaps, and no-gap-no-overlaps*, 2011); it is rounding.
const AT_ONCE: Ticks = Ticks::from_millis(120);

impl Window {
    /// Whether the two share so much time that people are heard to talk at once.
    fn meets(self, other: Window) -> bool {
        self.to.min(other.to) - self.from.max(other.from) >= AT_ONCE
    }
}

/// An utterance: what is spoken in one breath, with one intonation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The grain of its voice.
    pub clock: FrameClock,
    /// All its tokens. Those before the first piece are its lead-in, those after the last its tail.
    pub tokens: Vec<Token>,
    /// Its pieces, in order, each beginning where the one before ends; at least one.
    pub pieces: Vec<Piece>,
    /// The pause it would naturally have before it.
    pub pause: Ticks,
    /// How well a pause can be borne before it, where it goes on with the sentence of the passage before.
    pub goes_on: Option<Seam>,
    /// How long before its tokens each sound is heard.
    pub early: Ticks,
    /// Which voice speaks it, as a number: only whether two are the same counts.
    pub voice: usize,
    /// Who speaks it, as a number: only whether two are the same counts.
    pub speaker: usize,
}

impl Passage {
    /// Whether both may be heard at once.
    fn may_overlap(&self, other: &Passage, bounds: &Bounds) -> bool {
        if bounds.overlap == Overlap::Never || self.voice == other.voice || self.speaker == other.speaker {
            return false;
        }
        let windows = |of: &Passage| of.pieces.iter().filter_map(|piece| piece.window).collect::<Vec<_>>();
        let there = windows(other);
        windows(self).iter().any(|here| there.iter().any(|window| here.meets(*window)))
    }
}

/// What a track is for, and so what its lines are to keep to first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Fit {
    /// Dubbing: the stamps.
    #[default]
    Sync,
    /// Narration over slides: the voice's own pace and its pauses. Lines may begin seconds late.
    Relaxed,
    /// The stamps; the sentences of a cue are spread over a window that is much longer than they are.
    Spread,
}

/// What becomes of speech for which there is no time, however it is planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Overflow {
    /// No line begins later than [`Bounds::lag`]: lines are hurried up to [`Bounds::rush`] where that needs it, and what
    /// still does not fit is cut where a word ends.
    #[default]
    Hold,
    /// Later lines begin late, and the track recovers as fast as smoothness allows. Nothing is cut but by the track's end.
    Push,
    /// It is cut where a word ends before the next line begins, within [`Bounds::lag`] of its stamp.
    Trim,
    /// There is no track.
    Fail,
}

/// Whether people may be heard at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Overlap {
    /// Where their windows overlap in the transcript and they have different voices.
    #[default]
    Speakers,
    /// Never.
    Never,
}

/// What a plan must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Bounds {
    /// What comes first.
    pub fit: Fit,
    /// What becomes of speech for which there is no time.
    pub overflow: Overflow,
    /// Whether people may be heard at once.
    pub overlap: Overlap,
    /// The slowest rate against the voice's own pace, in thousandths.
    pub min_rate: u32,
    /// The fastest rate, in thousandths.
    pub max_rate: u32,
    /// The fastest rate where a line would else be cut or begin later than `lag`, in thousandths.
    pub rush: u32,
    /// How long before its stamp a piece may begin.
    pub lead: Ticks,
    /// How long after its stamp a piece may begin; under [`Overflow::Push`] as long as that is possible at all.
    pub lag: Ticks,
    /// The shortest silence between two utterances.
    pub gap: Ticks,
    /// Where the track ends, where that is given: nothing is heard from there on.
    pub end: Option<Ticks>,
}

impl Bounds {
    /// The bounds that go with a fit and a policy where nobody asks for others.
    pub fn of(fit: Fit, overflow: Overflow) -> Bounds {
        let (min_rate, max_rate, lag) = match (fit, overflow) {
            (Fit::Relaxed, _) => (900, 1100, 10_000),
            // What is cut is cut where the next line is to begin, not two seconds later.
            (_, Overflow::Trim) => (800, 1300, 200),
            (_, _) => (800, 1300, 2000),
        };
        Bounds {
            fit,
            overflow,
            overlap: Overlap::default(),
            min_rate,
            max_rate,
            rush: 1500,
            lead: Ticks::from_millis(100),
            lag: Ticks::from_millis(lag),
            gap: Ticks::from_millis(60),
            end: None,
        }
    }

    /// Whether a piece may under no circumstances begin later than `lag` after its stamp.
    fn lag_holds(&self) -> bool {
        matches!(self.overflow, Overflow::Hold | Overflow::Trim)
    }

    /// Whether what does not fit may be hurried beyond the greatest rate.
    fn may_rush(&self) -> bool {
        self.overflow == Overflow::Hold && self.rush > self.max_rate
    }

    fn check(&self) -> Result<()> {
        let wrong = |what: &str, help: &str| Err(Error::new(Kind::Usage, what).help(help));
        let enclosed = (100..=1000).contains(&self.min_rate) && (1000..=10_000).contains(&self.max_rate);
        if !enclosed {
            return wrong(
                "the rates do not enclose the voice's own pace",
                "give a least rate of 0.1 to 1 and a greatest of 1 to 10",
            );
        }
        if !(1000..=10_000).contains(&self.rush) {
            return Err(Error::new(Kind::Usage, "that is no rate to rush at").with_remedy(advice![
                "give a ",
                Setting::Rush,
                " of 1 to 10"
            ]));
        }
        for time in [self.lead, self.lag, self.gap] {
            if time < Ticks::ZERO || time > Ticks::from_millis(3_600_000) {
                return Err(Error::new(Kind::Usage, "lead, lag and gap have to be between nothing and an hour")
                    .with_remedy(advice!["give other seconds for ", Setting::Lead, " or ", Setting::Lag]));
            }
        }
        Ok(())
    }
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds::of(Fit::default(), Overflow::default())
    }
}

/// How far past the end it was given, give or take the precision of that, a line may run unnoticed.
pub const OVERRUN: Ticks = Ticks::from_millis(100);

/// How often a plan is made again for less lateness, and for how much less.
const RETRIES: usize = 3;
const NARROWER: Ticks = Ticks::from_millis(5);

/// From when to when something is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where its first sound begins.
    pub onset: Ticks,
    /// Where its last sound ends.
    pub end: Ticks,
    /// How long what is cut of it would take at the voice's own pace.
    pub cut: Ticks,
}

/// One utterance in the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Where it begins to be heard, a little before its first sound.
    pub start: Ticks,
    /// Frames of each of its tokens.
    pub frames: Vec<u32>,
    /// Which of these frames, counted from the utterance's first, are heard; the others are the silence before and after
    /// that the voice needs and the track does not, and what was cut. There may be none.
    pub heard: Range<u64>,
    /// The first token that is cut, where one is.
    pub cut_from: Option<usize>,
    /// Where each of its pieces is heard.
    pub spans: Vec<Span>,
}

/// The whole track, planned: a slot for each passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the passages.
    pub slots: Vec<Slot>,
    /// What the plan costs, in thousandths of an opinion point.
    pub cost: i64,
}

/// What planning comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A plan.
    Whole(Plan),
    /// No plan yet: for each passage, the pieces (never 0, in order) before which it has to be cut in two, each part to
    /// be measured anew by its voice. At least one passage has some.
    Split(Vec<Vec<usize>>),
}

/// Plans a track, or says which utterances have to be spoken as two first: where the stamps leave a pause inside them,
/// or do not let all of them be said.
///
/// # Errors
/// Of kind [`Usage`](crate::error::Kind::Usage) when the bounds contradict themselves.
pub fn plan(passages: &[Passage], bounds: &Bounds) -> Result<Outcome> {
    bounds.check()?;
    let stamped = passages.iter().any(|p| p.pieces.iter().any(|piece| piece.stamp.is_some()));
    if !stamped {
        let chosen = solve::at_own_pace(passages, bounds);
        let over = shape::over(passages, &chosen);
        if bounds.end.is_none_or(|end| over <= end) {
            let slots = shape::slots(passages, &chosen, bounds);
            return Ok(Outcome::Whole(Plan { slots, cost: 0 }));
        }
    }
    let solved = within_lag(passages, bounds);
    let splits = shape::splits(passages, &solved.chosen);
    if splits.iter().any(|pieces| !pieces.is_empty()) {
        return Ok(Outcome::Split(splits));
    }
    let slots = shape::slots(passages, &solved.chosen, bounds);
    Ok(Outcome::Whole(Plan { slots, cost: solved.cost }))
}

/// The plan that costs least. Starts are steps of a grid: where a line comes out a little later than it may, everything is
/// planned for a little less; what is late all the same is left out.
fn within_lag(passages: &[Passage], bounds: &Bounds) -> Solved {
    let mut inner = *bounds;
    let mut solved = lanes::solve(passages, &inner);
    for _ in 0..RETRIES {
        let late = shape::latest(passages, &solved.chosen) - bounds.lag;
        if !bounds.lag_holds() || late <= Ticks::ZERO {
            return solved;
        }
        inner.lag = (inner.lag - late - NARROWER).max(Ticks::ZERO);
        solved = lanes::solve(passages, &inner);
    }
    shape::leave_out(passages, &mut solved.chosen, bounds.lag);
    solved
}

#[cfg(test)]
mod tests;
