//! What the solver has to know of one piece, and how a piece follows the one before it. Chooses nothing.

use super::cost::PausePrice;
use super::{Bounds, Passage, Stamp};
use crate::time::{FrameClock, Ticks};

/// How a piece follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// It is the first of its lane: it has to leave room for its lead-in.
    First {
        /// The earliest start.
        earliest: Ticks,
    },
    /// It goes on in the same utterance: it begins where the one before ends, or after a pause, where the utterance then
    /// has to be spoken as two.
    Seam {
        /// The shortest pause where there is one.
        gap: Ticks,
    },
    /// A new utterance.
    Free {
        /// The shortest time from the last sound before to its first sound.
        gap: Ticks,
    },
}

/// What is said of a piece where the rest of it is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Its frames at the voice's own pace.
    pub(super) natural: u64,
    /// Its frames at the fastest that it may be spoken.
    pub(super) least: u64,
}

/// What the solver has to know of one piece.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) link: Link,
    pub(super) clock: FrameClock,
    /// Frames at the voice's own pace.
    pub(super) natural: u64,
    /// Frames of what is said at the fastest that it may be spoken: at the greatest rate, or at what it may be rushed to.
    pub(super) least: u64,
    /// Frames of what is said at the slowest.
    pub(super) most: u64,
    /// Frames of a coarse step, common to the pieces of an utterance.
    pub(super) unit: u64,
    pub(super) stamp: Option<Stamp>,
    pub(super) loose: bool,
    pub(super) wish: Option<Ticks>,
    pub(super) end: Option<Stamp>,
    /// Frames at the voice's own pace of what is said of it: less than all of them where it is cut.
    pub(super) said: u64,
    /// What it may be cut to, ascending, from nothing; empty where it may not.
    pub(super) kept: Vec<Kept>,
    /// The earliest start that lets everything be said that is kept; only where there is not enough time.
    pub(super) earliest: Option<Ticks>,
    /// When what stands before it is to be over, where nothing of it is said: the latest start of it, and of every
    /// line before it, where stamps are out of order.
    pub(super) wall: Option<Ticks>,
    /// The shortest time from the last sound before to its start, where nothing of it is said.
    pub(super) gap_unsaid: Ticks,
    pub(super) pause: PausePrice,
    /// The natural pause before it.
    pub(super) rest: Ticks,
    /// Weight of the change of rate from the piece before.
    pub(super) smooth: i64,
    /// The latest start that lets a stamp be kept that follows; only for a piece without one.
    pub(super) latest: Option<Ticks>,
    /// What other lanes leave to it.
    pub(super) room: Room,
}

/// From when to when a piece may be heard, besides what its stamp says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// The earliest start.
    pub(super) from: Ticks,
    /// The latest end; a piece of which nothing is kept has none.
    pub(super) until: Ticks,
}

impl Default for Room {
    fn default() -> Room {
        Room { from: Ticks(i64::MIN / 4), until: Ticks(i64::MAX / 4) }
    }
}

impl Part {
    /// Frames at which so much of it is said at this rate, in thousandths; one for each token at least is seen to later.
    pub(super) fn frames_at(kept: u64, rate: u32) -> u64 {
        (kept * 1000).div_ceil(u64::from(rate))
    }

    /// All of it.
    pub(super) fn all(&self) -> Kept {
        Kept { natural: self.natural, least: self.least }
    }

    /// Only so much of it is said.
    pub(super) fn keep(&mut self, kept: Kept) {
        if kept.natural < self.natural {
            (self.least, self.most) = (kept.least, (kept.natural * self.most / self.natural).max(kept.least));
        }
        self.said = kept.natural;
    }

    /// Whether all of it is said.
    pub(super) fn is_whole(&self) -> bool {
        self.said == self.natural
    }

    /// The latest start that keeps its stamp, where lateness has a bound.
    pub(super) fn latest_start(&self, bounds: &Bounds) -> Option<Ticks> {
        self.stamp.filter(|_| bounds.lag_holds()).map(|stamp| stamp.at + bounds.lag)
    }

    /// The shortest that it takes.
    pub(super) fn shortest(&self) -> Ticks {
        self.clock.ticks(self.least)
    }

    /// The shortest pause before it, where there is one.
    pub(super) fn gap(&self) -> Ticks {
        match self.link {
            Link::First { .. } => Ticks::ZERO,
            Link::Seam { gap } | Link::Free { gap } => gap,
        }
    }

    /// That pause, or the longer one that is kept before what is not said.
    pub(super) fn gap_of_said(&self) -> Ticks {
        if self.said > 0 { self.gap() } else { self.gap_unsaid }
    }
}

/// A passage of a lane, and what other lanes leave to each of its pieces.
pub(super) struct Laned<'a> {
    pub(super) passage: &'a Passage,
    pub(super) room: Room,
}

/// Frames at a rate in thousandths: every token keeps a frame at least.
pub(super) fn fastest(natural: u64, tokens: usize, rate: u32) -> u64 {
    Part::frames_at(natural, rate).max(tokens as u64).min(natural)
}
