//! In: speech as samples, or as a curve of its level. Out: where in it the first sound begins and the last one ends.
//! Knows no voice, no token and no track.

use std::ops::Range;

/// How far below the loud parts of an utterance something is still a sound of it, in decibels: quieter than that are the
/// noise of a voice's pauses and the end of what dies away.
const SOUND: f32 = 35.0;

/// The part of what is heard that is louder than its loud level.
const LOUDER: f32 = 0.05;

/// So far below its loudest moment nothing counts when the loud level of an utterance is looked for, in decibels.
const COUNTED: f32 = 50.0;

/// The part of a second whose level is taken at once.
const BLOCK: u32 = 1000;

/// Levels of speech in decibels, block by block of a thousandth of a second, each with the one after it.
pub struct Levels {
    each: Vec<f32>,
    /// Samples of a block.
    block: usize,
}

impl Levels {
    /// The levels of samples at `rate` Hz.
    pub fn of(samples: &[f32], rate: u32) -> Levels {
        let block = (rate / BLOCK).max(1) as usize;
        let power = |part: &[f32]| part.iter().map(|s| s * s).sum::<f32>() / part.len().max(1) as f32;
        let powers: Vec<f32> = samples.chunks(block).map(power).collect();
        let mut each = Vec::with_capacity(powers.len());
        for (at, own) in powers.iter().enumerate() {
            let next = powers.get(at + 1).unwrap_or(own);
            each.push(10.0 * ((own + next) / 2.0 + 1e-12).log10());
        }
        Levels { each, block }
    }

    /// The level of what is loud in all of these; `None` where there is nothing.
    pub fn loud(of: &[&Levels]) -> Option<f32> {
        let all = || of.iter().flat_map(|levels| &levels.each).copied();
        let loudest = all().fold(f32::NEG_INFINITY, f32::max);
        let mut counted: Vec<f32> = all().filter(|level| *level > loudest - COUNTED).collect();
        counted.sort_by(f32::total_cmp);
        let at = (counted.len() as f32 * (1.0 - LOUDER)) as usize;
        counted.get(at.min(counted.len().saturating_sub(1))).copied().filter(|level| *level > -100.0)
    }

    /// From the first sample of the first sound to the one after the last sound's last, where `loud` is the loud level.
    pub fn heard(&self, loud: f32) -> Option<Range<u64>> {
        let sounds = |level: &f32| *level > loud - SOUND;
        let (first, last) = (self.each.iter().position(sounds)?, self.each.iter().rposition(sounds)?);
        Some((first * self.block) as u64..((last + 1) * self.block) as u64)
    }
}

/// From the first sample of the first sound to the one after the last sound's last; `None` for silence.
pub fn heard(samples: &[f32], rate: u32) -> Option<Range<u64>> {
    let levels = Levels::of(samples, rate);
    let heard = levels.heard(Levels::loud(&[&levels])?)?;
    Some(heard.start..heard.end.min(samples.len() as u64))
}

/// How far a curve of the logarithm of a level, in nats of its square root, falls below its loud parts where a sound
/// begins and where it ends. A network's curve is smoother than the sound, which rises in a few milliseconds.
const RISES: f32 = 6.5;
const ENDS: f32 = 7.5;

/// Where a curve that foretells the level of speech has sound: from point to point, in points and parts of one.
pub fn heard_in_curve(curve: &[f32]) -> Option<Range<f32>> {
    let mut sorted = curve.to_vec();
    sorted.sort_by(f32::total_cmp);
    let loud = *sorted.get(sorted.len() * 9 / 10)?;
    let (rises, ends) = (loud - RISES, loud - ENDS);
    let first = curve.iter().position(|level| *level > rises)?;
    let last = curve.iter().rposition(|level| *level > ends)?;
    // Each point is the middle of its part of the utterance; between two the curve is a straight line.
    let crossing = |from: f32, to: f32, level: f32| if from == to { 0.0 } else { (level - from) / (to - from) };
    let before = first.checked_sub(1).map_or(0.0, |at| crossing(curve[at], curve[first], rises) - 1.0);
    let after = curve.get(last + 1).map_or(0.0, |next| crossing(curve[last], *next, ends));
    Some(first as f32 + 0.5 + before..last as f32 + 0.5 + after)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hum of this level in decibels for so many milliseconds, at 8 kHz.
    fn hum(parts: &[(f32, usize)]) -> Vec<f32> {
        let tone = |level: f32, i: usize| 10f32.powf(level / 20.0) * if i.is_multiple_of(4) { -1.0 } else { 1.0 };
        parts.iter().flat_map(|(level, ms)| (0..ms * 8).map(|i| tone(*level, i))).collect()
    }

    #[test]
    fn sound_begins_and_ends_where_it_is_no_longer_far_below_the_loud_parts() {
        type Row<'a> = (&'a [(f32, usize)], Option<[i64; 2]>);
        let rows: [Row<'_>; 6] = [
            (&[(-90.0, 300), (-20.0, 500), (-90.0, 200)], Some([300, 800])),
            (&[(-90.0, 100), (-50.0, 50), (-20.0, 500), (-45.0, 80), (-70.0, 200)], Some([100, 730])),
            (&[(-60.0, 100), (-20.0, 500), (-60.0, 100)], Some([100, 600])),
            // Quiet speech has quiet sounds; one loud click does not hide the others.
            (&[(-90.0, 100), (-60.0, 50), (-40.0, 400), (-90.0, 100)], Some([100, 550])),
            (&[(-90.0, 100), (-45.0, 50), (-20.0, 400), (0.0, 5), (-90.0, 50)], Some([100, 555])),
            (&[(-200.0, 300)], None),
        ];
        for (parts, wanted) in rows {
            let found = heard(&hum(parts), 8000).map(|range| [range.start as i64 / 8, range.end as i64 / 8]);
            let near = match (found, wanted) {
                (Some(found), Some(wanted)) => (0..2).all(|i| (found[i] - wanted[i]).abs() <= 2),
                (found, wanted) => found.is_none() && wanted.is_none(),
            };
            assert!(near, "{parts:?}: {found:?}");
        }
        assert_eq!(heard(&[], 8000), None);
    }

    #[test]
    fn a_curve_is_crossed_between_its_points() {
        let rows: [(&[f32], Option<[f32; 2]>); 4] = [
            (&[-9.0, -9.0, 9.0, 9.0, 9.0, 9.0, -9.0, -9.0], Some([2.139, 5.917])),
            (&[-9.0, 0.0, 9.0, 9.0, 9.0, 5.0, 1.5, -0.5, -9.0], Some([1.778, 6.5])),
            (&[9.0, 9.0, 9.0], Some([0.5, 2.5])),
            (&[], None),
        ];
        for (curve, wanted) in rows {
            let found = heard_in_curve(curve).map(|range| [range.start, range.end]);
            let near = match (found, wanted) {
                (Some(found), Some(wanted)) => (0..2).all(|i| (found[i] - wanted[i]).abs() < 0.01),
                (found, wanted) => found.is_none() && wanted.is_none(),
            };
            assert!(near, "{curve:?}: {found:?}");
        }
    }
}
