//! In: an utterance as it would be spoken, and something that speaks a part of it. Out: where its first sound begins and
//! its last one ends, from no more than both ends of it. Knows no network.

use crate::error::Result;
use crate::time::{FrameClock, Ticks};
use crate::voice::Said;
use crate::voice::edges::{Levels, heard};
use std::ops::Range;

/// How much of an utterance is spoken before its first word and into it, and before the end of its last word and after.
const BEFORE: Ticks = Ticks::from_millis(120);
const INTO: Ticks = Ticks::from_millis(100);
const LAST: Ticks = Ticks::from_millis(190);
const AFTER: Ticks = Ticks::from_millis(80);

/// From the first sample of the first sound to the one after the last sound's last. `speak` gives the samples of the
/// frames from one to another; as many more as a sound reaches into its neighbours are not right at their edges, which
/// changes when something is heard by no more than the voice's noise does.
pub(super) fn ends(
    said: Said<'_>,
    clock: FrameClock,
    mut speak: impl FnMut(Range<u64>) -> Result<Vec<f32>>,
) -> Result<Option<Range<u64>>> {
    let until = |id: usize| said.frames[..id].iter().map(|f| u64::from(*f)).sum::<u64>();
    let (begin, end, total) = (until(said.words.start), until(said.words.end), until(said.frames.len()));
    let first = begin.saturating_sub(clock.frames_in(BEFORE))..begin + clock.frames_in(INTO);
    let last = end.saturating_sub(clock.frames_in(LAST))..(end + clock.frames_in(AFTER)).min(total);
    if first.end < last.start {
        let both = [speak(first.clone())?, speak(last.clone())?];
        let [a, b] = [0, 1].map(|part| Levels::of(&both[part], clock.rate));
        let loud = Levels::loud(&[&a, &b]);
        let found = loud.and_then(|loud| a.heard(loud).zip(b.heard(loud)));
        let hop = u64::from(clock.hop);
        // Where a part begins or ends with sound, there may be more of it beyond.
        if let Some((a, b)) = found
            && (a.start > 0 || first.start == 0)
            && (b.end < both[1].len() as u64 || last.end == total)
        {
            return Ok(Some(first.start * hop + a.start..(last.start * hop + b.end).min(total * hop)));
        }
    }
    Ok(heard(&speak(0..total)?, clock.rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOCK: FrameClock = FrameClock { hop: 80, rate: 8000 };

    /// What is heard of an utterance of 100 frames of 10 ms, the words from 10 to 80, with sound in this part, and how
    /// many frames were spoken to find it.
    fn found(sound: Range<u64>) -> (Option<Range<u64>>, u64) {
        let frames = [10, 30, 40, 20];
        let said = Said { ids: &[1, 2, 3, 4], frames: &frames, words: &(1..3), seed: 0 };
        let mut spoken = 0;
        let heard = ends(said, CLOCK, |part| {
            spoken += part.end - part.start;
            let sounds = |i: u64| if sound.contains(&(i / 80)) { 0.5 } else { 0.0 };
            Ok((part.start * 80..part.end * 80).map(|i| sounds(i) * if i % 4 < 2 { 1.0 } else { -1.0 }).collect())
        });
        (heard.expect("nothing fails").map(|heard| heard.start / 80..(heard.end + 40) / 80), spoken)
    }

    #[test]
    fn both_ends_are_enough_where_sound_begins_and_ends_in_them() {
        let rows = [
            (10..80, Some(10..80), 47),
            (3..70, Some(3..70), 47),
            (15..84, Some(15..84), 47),
            // It goes on after the last word for longer, begins later, is over before, or there is none.
            (10..95, Some(10..95), 147),
            (30..80, Some(30..80), 147),
            (10..50, Some(10..50), 147),
            (0..0, None, 147),
        ];
        for (sound, wanted, spoken) in rows {
            let (heard, found) = found(sound.clone());
            let near = match (&heard, &wanted) {
                (Some(heard), Some(wanted)) => {
                    heard.start.abs_diff(wanted.start) <= 1 && heard.end.abs_diff(wanted.end) <= 1
                }
                (heard, wanted) => heard == wanted,
            };
            assert!(near && found == spoken, "{sound:?}: {heard:?}, {found} frames spoken");
        }
    }
}
