//! In: passages with their stamps and natural durations. Out: where the stamps leave a real pause inside an utterance,
//! so that it must be spoken as two. Plans nothing.

use super::{Bounds, Passage, Piece};
use crate::time::Ticks;

/// From this length on a pause counts (Virkar 2022: 0.3 s).
pub const REAL_PAUSE: Ticks = Ticks::from_millis(300);

/// A pause is left rather than slowing speech below this rate, in thousandths.
const SLOWED: i64 = 870;

/// For each passage, the indices of the pieces (never 0) at which it has to be cut.
///
/// A passage is cut where the time to the next stamp exceeds the piece's natural length by a real pause and could only
/// be filled by slowing it noticeably, and where it could not be filled at the slowest rate allowed.
pub fn breaks(passages: &[Passage], bounds: &Bounds) -> Vec<Vec<usize>> {
    passages.iter().map(|p| breaks_of(p, bounds)).collect()
}

fn breaks_of(passage: &Passage, bounds: &Bounds) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut latest: Option<Ticks> = None;
    for i in 1..passage.pieces.len() {
        let (piece, next) = (&passage.pieces[i - 1], &passage.pieces[i]);
        let Some(stamp) = next.stamp else { continue };
        let natural = natural(passage, piece);
        let begin = piece.stamp.map(|s| s.at);
        let slack = begin.map(|b| stamp.at - b - natural);
        let wide = slack.is_some_and(|s| s >= REAL_PAUSE)
            && begin.is_some_and(|b| natural.0 * 1000 < SLOWED * (stamp.at - b).0);
        let slowest = Ticks(natural.0 * 1000 / i64::from(bounds.min_rate.max(1)));
        let begin_latest = latest.or(begin.map(|b| b + bounds.lag));
        let reached = begin_latest.map(|b| b + slowest);
        if wide || reached.is_some_and(|r| r < stamp.at - bounds.lead) {
            cuts.push(i);
            latest = None;
        } else {
            latest = reached.map(|r| r.min(stamp.at + bounds.lag));
        }
    }
    cuts
}

fn natural(passage: &Passage, piece: &Piece) -> Ticks {
    let frames = passage.tokens[piece.tokens.clone()].iter().map(|t| u64::from(t.frames)).sum();
    passage.clock.ticks(frames)
}
