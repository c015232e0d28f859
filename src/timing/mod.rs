//! In: what is to be said, piece by piece, with its stamps and with the voice's own durations. Out: a [`Plan`]: when
//! each utterance begins and how many frames each of its phonemes gets. Whole numbers only; knows no voice, no audio, no
//! clock and no thread.
//!
//! An utterance is a [`Passage`]; its parts that belong to different cues are its [`Piece`]s. Starts, ends and rates of
//! all pieces are chosen together, by least cost (`timing/cost.rs` says what costs what). What is never broken: speech
//! does not overlap, a shortest gap stays between utterances, rates stay within their bounds, and starts within theirs
//! for as long as that is possible at all.

pub mod breaks;
mod cost;
pub(crate) mod fit;
mod grid;
mod shape;
mod solve;

use crate::error::Result;
use crate::phonemes::inventory::Class;
use crate::time::{FrameClock, Ticks};
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

/// A part of an utterance that belongs to one cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its tokens: from the first sound of its first word to the first sound of the next piece, or to the last sound of
    /// the utterance.
    pub tokens: Range<usize>,
    /// When it is to begin; `None` for what follows in a cue that has begun already, and in a narration.
    pub stamp: Option<Stamp>,
    /// When its cue is to be over, where the transcript says so.
    pub end: Option<Stamp>,
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
    /// How long before its tokens each sound is heard.
    pub early: Ticks,
    /// Which voice speaks it, as a number: only whether two are the same counts.
    pub voice: usize,
}

/// What a track is for, and so what its lines are to keep to first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fit {
    /// Dubbing: the stamps.
    #[default]
    Sync,
    /// Narration over slides: the voice's own pace and its pauses. Lines may begin seconds late.
    Relaxed,
}

/// What becomes of speech for which there is no time, however it is planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// Later lines begin late, and the track recovers as fast as smoothness allows.
    #[default]
    Push,
    /// It is cut, with a fade, where its window ends.
    Trim,
    /// There is no track.
    Fail,
}

/// What a plan must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What comes first.
    pub fit: Fit,
    /// What becomes of speech for which there is no time.
    pub overflow: Overflow,
    /// The slowest rate against the voice's own pace, in thousandths.
    pub min_rate: u32,
    /// The fastest rate, in thousandths.
    pub max_rate: u32,
    /// How long before its stamp a piece may begin.
    pub lead: Ticks,
    /// How long after its stamp a piece may begin, as long as that is possible at all.
    pub lag: Ticks,
    /// The shortest silence between two utterances.
    pub gap: Ticks,
}

impl Bounds {
    /// The bounds that go with a fit and a policy where nobody asks for others.
    pub fn of(fit: Fit, overflow: Overflow) -> Bounds {
        let (min_rate, max_rate, lag) = match (fit, overflow) {
            (Fit::Relaxed, _) => (900, 1100, 10_000),
            // What is cut is cut where the window ends, not two seconds later.
            (Fit::Sync, Overflow::Trim) => (800, 1300, 200),
            (Fit::Sync, _) => (800, 1300, 2000),
        };
        let (lead, lag, gap) = (Ticks::from_millis(100), Ticks::from_millis(lag), Ticks::from_millis(60));
        Bounds { fit, overflow, min_rate, max_rate, lead, lag, gap }
    }
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds::of(Fit::default(), Overflow::default())
    }
}

/// How far past the end it was given, give or take the precision of that, a line may run unnoticed.
pub const OVERRUN: Ticks = Ticks::from_millis(100);

/// From when to when something is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where its first sound begins.
    pub onset: Ticks,
    /// Where its last sound ends.
    pub end: Ticks,
    /// How much more of it there would have been, had it not been cut.
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

/// Plans a track.
///
/// # Errors
/// Of kind [`Usage`](crate::error::Kind::Usage) when the bounds contradict themselves.
pub fn plan(passages: &[Passage], bounds: &Bounds) -> Result<Plan> {
    let stamped = passages.iter().any(|p| p.pieces.iter().any(|piece| piece.stamp.is_some()));
    let (chosen, cost) =
        if stamped { solve::solve(passages, bounds)? } else { (solve::at_own_pace(passages, bounds), 0) };
    let slots = shape::slots(passages, &chosen, bounds);
    Ok(Plan { slots, cost })
}

#[cfg(test)]
mod tests;
