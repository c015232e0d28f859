//! What a plan may never break, checked from the slots alone.

use super::*;
use crate::audio::resample::resampled_len;
use std::collections::HashSet;

/// Rates of tracks.
const RATES: [u32; 7] = [4000, 8000, 16_000, 22_050, 44_100, 48_000, 192_000];

/// Holds a plan to everything that it promises.
pub(super) fn hold(settled: &Settled, bounds: &Bounds, name: &str) {
    let Settled { passages, plan } = settled;
    assert_eq!(plan.slots.len(), passages.len(), "{name}");
    for (i, (slot, passage)) in plan.slots.iter().zip(passages).enumerate() {
        let name = format!("{name}, passage {i}");
        frames(slot, passage, bounds, &name);
        starts(slot, passage, bounds, &name);
        cuts(slot, passage, bounds, &name);
        if let Some(end) = bounds.end {
            let over = slot.spans.iter().filter(|span| span.onset < span.end).map(|span| span.end).max();
            assert!(over.is_none_or(|over| over <= end), "{name}: heard until {over:?}, past {end}");
        }
    }
    cut_to_the_end(settled, name);
    for i in 0..passages.len() {
        for j in 0..i {
            if !passages[j].may_overlap(&passages[i], bounds) {
                apart(
                    (&passages[j], &plan.slots[j]),
                    (&passages[i], &plan.slots[i]),
                    bounds,
                    &format!("{name}, {j} and {i}"),
                );
            }
        }
    }
}

/// Every token has a frame, and what is heard is what is said.
fn frames(slot: &Slot, passage: &Passage, bounds: &Bounds, name: &str) {
    assert_eq!(slot.frames.len(), passage.tokens.len(), "{name}");
    assert!(slot.frames.iter().all(|f| *f > 0), "{name}");
    assert!(slot.heard.end <= slot.frames.iter().map(|f| u64::from(*f)).sum(), "{name}");
    let lead: u64 = slot.frames[..passage.pieces[0].tokens.start].iter().map(|f| u64::from(*f)).sum();
    let clock = passage.clock;
    let mut at = slot.start + clock.ticks(lead - slot.heard.start) - passage.early;
    assert_eq!(slot.spans.len(), passage.pieces.len(), "{name}");
    for (piece, span) in passage.pieces.iter().zip(&slot.spans) {
        let to = slot.cut_from.map_or(piece.tokens.end, |t| t.clamp(piece.tokens.start, piece.tokens.end));
        let spoken: u64 = slot.frames[piece.tokens.start..to].iter().map(|f| u64::from(*f)).sum();
        assert_eq!(span.onset, at, "{name}");
        at += clock.ticks(spoken);
        assert_eq!(span.end, at, "{name}");
        let kept: u64 = passage.tokens[piece.tokens.start..to].iter().map(|t| u64::from(t.frames)).sum();
        let fastest = if bounds.overflow == Overflow::Hold { bounds.rush } else { bounds.max_rate };
        let least = kept * 1000 / u64::from(fastest.max(bounds.max_rate));
        assert!(spoken + 1 >= least.min(kept), "{name}: {spoken} frames of {kept} are too fast");
        let most = (kept * 1000).div_ceil(u64::from(bounds.min_rate)) + 1;
        assert!(spoken <= most.max((to - piece.tokens.start) as u64), "{name}: {spoken} of {kept}: too slow");
    }
    let heard_to = slot.start + clock.ticks(slot.heard.end - slot.heard.start);
    assert!(slot.heard.is_empty() || heard_to >= at, "{name}");
}

/// No piece begins outside its bounds.
fn starts(slot: &Slot, passage: &Passage, bounds: &Bounds, name: &str) {
    for (piece, span) in passage.pieces.iter().zip(&slot.spans) {
        let Some(stamp) = piece.stamp.filter(|_| span.onset < span.end) else { continue };
        let error = span.onset - stamp.at;
        assert!(error >= -bounds.lead, "{name}: {error} early");
        assert!(!bounds.lag_holds() || error <= bounds.lag, "{name}: {error} late");
    }
}

/// Only what may be cut is, at the end of a word, and it is told.
fn cuts(slot: &Slot, passage: &Passage, bounds: &Bounds, name: &str) {
    let cut = slot.spans.iter().any(|span| span.cut > Ticks::ZERO);
    assert_eq!(cut, slot.cut_from.is_some(), "{name}");
    let Some(token) = slot.cut_from else { return };
    assert!(bounds.lag_holds() || bounds.end.is_some(), "{name}: cut");
    let last = &passage.pieces[passage.pieces.len() - 1];
    assert!(token == last.tokens.start || last.words.contains(&token), "{name}: cut inside a word");
}

/// Nothing of a line is said after words of it were left out.
fn cut_to_the_end(settled: &Settled, name: &str) {
    let mut cut = HashSet::new();
    for (passage, slot) in settled.passages.iter().zip(&settled.plan.slots) {
        for (piece, span) in passage.pieces.iter().zip(&slot.spans) {
            let goes_on = piece.stamp.is_none() && span.onset < span.end;
            assert!(!goes_on || !cut.contains(&piece.line), "{name}: goes on after a cut");
            if span.cut > Ticks::ZERO {
                cut.insert(piece.line);
            }
        }
    }
}

/// A passage with its slot.
type Spoken<'a> = (&'a Passage, &'a Slot);

/// Two utterances do not sound at once, in samples of any track, and a gap is between their speech.
fn apart(a: Spoken<'_>, b: Spoken<'_>, bounds: &Bounds, name: &str) {
    if a.1.heard.is_empty() || b.1.heard.is_empty() {
        return;
    }
    let (a, b) = if a.1.start <= b.1.start { (a, b) } else { (b, a) };
    for rate in RATES {
        let frames = a.1.heard.end - a.1.heard.start;
        let length = resampled_len((frames * u64::from(a.0.clock.hop)) as usize, a.0.clock.rate, rate);
        let over = a.1.start.to_samples(rate) + length as u64;
        let begins = b.1.start.to_samples(rate);
        assert!(begins >= over, "{name}: at {rate} Hz one begins at sample {begins}, the other ends at {over}");
    }
    let over = a.1.spans.iter().map(|span| span.end).max().unwrap_or_default();
    let onset = b.1.spans[0].onset;
    assert!(onset >= over + bounds.gap, "{name}: {onset} is too near to {over}");
}
