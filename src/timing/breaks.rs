//! In: passages with their stamps and natural durations. Out: where an utterance must be spoken as two: where the stamps
//! leave a real pause inside it, and where a part of it has to be cut. Plans nothing.

use super::{Bounds, Overflow, Passage, Piece};
use crate::time::Ticks;

/// From this length on a pause counts (Virkar 2022: 0.3 s).
pub const REAL_PAUSE: Ticks = Ticks::from_millis(300);

/// Speech is slowed down to this rate, in thousandths, rather than leaving a pause inside a sentence; below it the
/// opinion of listeners falls fast (Perez 2019).
const SLOWED: i64 = 900;

/// How much later than its stamp a line may be thought to begin, in tenths of the stamp's grain: a stamp of whole
/// seconds is cut, so that a line that seems to leave a pause may only have begun late.
const LATER: i64 = 3;

/// For each passage, the indices of the pieces (never 0) at which it has to be cut.
///
/// A passage is cut where slowing a piece, as far as listeners bear it, and beginning it later, as far as its stamp
/// leaves that open, does not reach the next stamp: a real pause is left. Also where the bounds do not let it be reached,
/// and, if what does not fit is cut, where hurrying a piece does not reach the next stamp in time.
pub fn breaks(passages: &[Passage], bounds: &Bounds) -> Vec<Vec<usize>> {
    passages.iter().map(|p| breaks_of(p, bounds)).collect()
}

fn breaks_of(passage: &Passage, bounds: &Bounds) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut latest: Option<Ticks> = None;
    let mut earliest: Option<Ticks> = None;
    for i in 1..passage.pieces.len() {
        let (piece, next) = (&passage.pieces[i - 1], &passage.pieces[i]);
        let Some(stamp) = next.stamp else { continue };
        let natural = natural(passage, piece);
        let at_rate = |permille: i64| Ticks(natural.0 * 1000 / permille.max(1));
        let wide = piece.stamp.is_some_and(|s| {
            let later = Ticks(s.grain.0 * LATER / 10);
            stamp.at - s.at - natural >= REAL_PAUSE && s.at + later + at_rate(SLOWED) < stamp.at
        });
        let begin_latest = latest.or(piece.stamp.map(|s| s.at + bounds.lag));
        let reached = begin_latest.map(|b| b + at_rate(i64::from(bounds.min_rate)));
        let soonest =
            earliest.or(piece.stamp.map(|s| s.at - bounds.lead)).map(|b| b + at_rate(i64::from(bounds.max_rate)));
        let overfull = bounds.overflow == Overflow::Trim && soonest.is_some_and(|s| s > stamp.at + bounds.lag);
        if wide || overfull || reached.is_some_and(|r| r < stamp.at - bounds.lead) {
            cuts.push(i);
            (latest, earliest) = (None, None);
        } else {
            latest = reached.map(|r| r.min(stamp.at + bounds.lag));
            earliest = soonest.map(|s| s.max(stamp.at - bounds.lead));
        }
    }
    cuts
}

fn natural(passage: &Passage, piece: &Piece) -> Ticks {
    let frames = passage.tokens[piece.tokens.clone()].iter().map(|t| u64::from(t.frames)).sum();
    passage.clock.ticks(frames)
}
