//! In: the pieces of a lane. Out: when each sentence would best begin that has no stamp of its own, where the window of its
//! cue is longer than its speech. Chooses nothing.

use super::parts::{Link, Part};
use crate::time::Ticks;

/// Gives the sentences of each cue their share of its window: between them, and after the last, the same pause.
pub(super) fn wish(parts: &mut [Part]) {
    let mut from = 0;
    while from < parts.len() {
        let length = 1 + parts[from + 1..].iter().take_while(|part| part.stamp.is_none()).count();
        let after = parts.get(from + length);
        let next = after.and_then(|part| part.stamp).map(|stamp| stamp.at);
        let goes_on = after.is_some_and(|part| matches!(part.link, Link::Seam { .. }));
        let mut count = length;
        let mut until = next;
        if let Some(next) = next.filter(|_| goes_on) {
            (count, until) = stay(&mut parts[from..from + length], next);
        }
        share(&mut parts[from..from + count], until);
        from += length;
    }
}

/// Lets the last sentence of a cue be over at `next`, where it goes on in the cue that follows. Returns how many pieces are
/// before it, and when it begins.
fn stay(parts: &mut [Part], next: Ticks) -> (usize, Option<Ticks>) {
    let begins = |part: &Part| part.stamp.is_none() && matches!(part.link, Link::Free { .. });
    let Some(at) = parts.iter().rposition(begins) else { return (parts.len(), Some(next)) };
    let length = parts[at..].iter().map(|part| part.clock.ticks(part.natural).0).sum();
    let begin = next - Ticks(length);
    parts[at].wish = Some(begin);
    (at, Some(begin))
}

/// Spreads the sentences of one cue, the first of which has its stamp, over the time to its end or to the next stamp.
fn share(parts: &mut [Part], next: Option<Ticks>) {
    let Some(stamp) = parts[0].stamp else { return };
    let stated = parts.iter().filter_map(|part| part.end).map(|end| end.at).next_back();
    let until = match (stated, next) {
        (Some(stated), Some(next)) => stated.min(next),
        (stated, next) => match stated.or(next) {
            Some(until) => until,
            None => return,
        },
    };
    let natural = |part: &Part| part.clock.ticks(part.natural);
    let speech: i64 = parts.iter().map(|part| natural(part).0).sum();
    let sentences = 1 + parts[1..].iter().filter(|part| matches!(part.link, Link::Free { .. })).count();
    let pause = Ticks(((until - stamp.at).0 - speech) / sentences as i64);
    let mut at = stamp.at;
    for part in parts.iter_mut() {
        if part.stamp.is_none() && matches!(part.link, Link::Free { .. }) && pause > part.rest {
            at += pause;
            part.wish = Some(at);
        }
        at += natural(part);
    }
}
