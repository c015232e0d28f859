//! In: the lines of a track, their drafts, their plan. Out: a [`Line`] for each: when it is heard, how that keeps to its
//! window, and how much there is too much. Writes no report and plans nothing.

use crate::draft::Draft;
use crate::time::Ticks;
use crate::timing::{Fit, OVERRUN, Plan, Slot, Stamp};
use crate::transcript::Cue;

/// From this rate on a line counts as hurried (Perez 2019: opinion falls from here).
pub const HURRIED: f64 = 1.15;

/// How far after its stamp a line may begin before it counts as late, where the stamp is finer than that: sound 185 ms
/// after its picture is still accepted (ITU-R BT.1359).
pub const LATE: Ticks = Ticks::from_millis(200);

/// How far before its stamp a line may begin before it counts as early: sound 90 ms before its picture is still accepted
/// (ITU-R BT.1359).
pub const EARLY: Ticks = Ticks::from_millis(100);

/// How far a line may be from its window in a relaxed fit before it counts: its slide is still there.
pub const RELAXED: Ticks = Ticks::from_millis(3000);

/// From when to when something is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Where its first sound begins.
    pub onset: Ticks,
    /// Where its last sound ends.
    pub end: Ticks,
}

/// What becomes of one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The end of its window, and how precisely that is known: the end it was given, or the next stamp.
    pub window: Option<Stamp>,
    /// The utterance it begins in, from 0; none where there is nothing to say.
    pub utterance: Option<usize>,
    /// From when to when it is heard; none where nothing of it is.
    pub heard: Option<Times>,
    /// How long the voice would speak it by itself.
    pub natural: Ticks,
    /// How long it is heard.
    pub spoken: Ticks,
    /// How long the voice would speak by itself what is cut of it.
    pub cut: Ticks,
    /// When each of its words is heard; none for a word without a sound, and for one that is cut.
    pub words: Vec<Option<Times>>,
    /// The words that are cut, as positions in the list of words.
    pub lost: Vec<usize>,
    /// How far after its stamp it begins.
    pub error: Ticks,
    /// How far past its window it ends.
    pub past: Ticks,
    /// Natural against planned: above 1 is faster than the voice's own pace.
    pub rate: f64,
    /// Whether it begins noticeably early.
    pub early: bool,
    /// Whether it begins noticeably late.
    pub late: bool,
    /// Whether it ends noticeably past its window, or is cut.
    pub overran: bool,
    /// Whether it is spoken noticeably fast.
    pub hurried: bool,
    /// About how many characters there are too many, here and just before: without them it would begin in time, be over
    /// in time and not be hurried.
    pub excess: usize,
    /// The earlier line that takes most of the time it begins late by, as a position in the list.
    pub pushed_by: Option<usize>,
}

impl Line {
    /// How long the voice would speak by itself what is heard of it.
    pub fn natural_of_heard(&self) -> Ticks {
        self.natural - self.cut
    }

    /// Whether it missed its window.
    pub fn missed(&self) -> bool {
        self.early || self.late || self.overran
    }
}

/// What becomes of each line, in order. `words` are the numbers of words of each.
pub fn lines(cues: &[Cue], words: &[usize], drafts: &[Draft], plan: &Plan, fit: Fit) -> Vec<Line> {
    let windows = windows(cues);
    let empty = |(words, window): (&usize, Option<Stamp>)| Line {
        words: vec![None; *words],
        window,
        rate: 1.0,
        ..Line::default()
    };
    let mut lines: Vec<Line> = words.iter().zip(windows).map(empty).collect();
    for (number, (draft, slot)) in drafts.iter().zip(&plan.slots).enumerate() {
        hear(number, draft, slot, &mut lines);
    }
    for (line, cue) in lines.iter_mut().zip(cues) {
        judge(line, cue, fit);
    }
    for i in 0..lines.len() {
        lines[i].pushed_by = if lines[i].late { pusher(cues, &lines, i) } else { None };
    }
    lines
}

/// Notes what one utterance says of which line.
fn hear(number: usize, draft: &Draft, slot: &Slot, lines: &mut [Line]) {
    for ((part, tokens), span) in draft.pieces.iter().zip(&slot.spans) {
        let part = &draft.utterance.parts[*part];
        let line = &mut lines[part.cue];
        line.utterance.get_or_insert(number);
        line.natural += draft.natural(tokens.clone());
        line.spoken += span.end - span.onset;
        line.cut += span.cut;
        if span.onset < span.end {
            let onset = line.heard.map_or(span.onset, |heard| heard.onset);
            line.heard = Some(Times { onset, end: span.end });
        }
    }
    let clock = draft.voice.clock();
    let mut until = Vec::with_capacity(slot.frames.len() + 1);
    until.push(0u64);
    for frames in &slot.frames {
        until.push(until[until.len() - 1] + u64::from(*frames));
    }
    let begin = slot.start - clock.ticks(slot.heard.start) - draft.early();
    for ((cue, word), tokens) in draft.utterance.places().into_iter().zip(&draft.words) {
        if tokens.start >= tokens.end {
            continue;
        }
        if slot.cut_from.is_some_and(|token| tokens.end > token) {
            lines[cue].lost.push(word);
        } else {
            let [onset, end] = [tokens.start, tokens.end].map(|token| begin + clock.ticks(until[token]));
            lines[cue].words[word] = Some(Times { onset, end });
        }
    }
    for (part, _) in &draft.pieces {
        end_with_sound(&mut lines[draft.utterance.parts[*part].cue]);
    }
}

/// A line whose sentence goes on in the next is over with its last word, not where the next line begins.
fn end_with_sound(line: &mut Line) {
    let last = line.words.iter().flatten().map(|word| word.end).max();
    if let (Some(heard), Some(last)) = (&mut line.heard, last) {
        heard.end = heard.end.min(last);
    }
}

/// The end of each line's window, and how precisely it is known.
fn windows(cues: &[Cue]) -> Vec<Option<Stamp>> {
    let mut windows = vec![None; cues.len()];
    // The stamp of the lines that were looked at last, and the one after it: lines with one stamp share the window that
    // follows them all.
    let (mut here, mut next): (Option<Stamp>, Option<Stamp>) = (None, None);
    for (i, cue) in cues.iter().enumerate().rev() {
        let stamp = |at| Stamp { at, grain: cue.grain() };
        if let Some(start) = cue.start() {
            if here.is_none_or(|here| start < here.at) {
                (next, here) = (here, Some(stamp(start)));
            }
            windows[i] = next;
        }
        windows[i] = cue.end().map(stamp).or(windows[i]);
    }
    windows
}

/// Fills in how a line keeps to its window.
fn judge(line: &mut Line, cue: &Cue, fit: Fit) {
    let (late, overrun) = if fit == Fit::Relaxed { (RELAXED, RELAXED) } else { (LATE, OVERRUN) };
    if line.spoken > Ticks::ZERO {
        line.rate = line.natural_of_heard().secs() / line.spoken.secs();
    }
    let after = |a: Ticks, b: Ticks| (a - b).max(Ticks::ZERO);
    line.error = line.heard.zip(cue.start()).map_or(Ticks::ZERO, |(heard, start)| heard.onset - start);
    line.past = line.heard.zip(line.window).map_or(Ticks::ZERO, |(heard, window)| after(heard.end, window.at));
    let late_by = after(line.error, late.max(cue.grain()));
    let past_by = line.window.map_or(Ticks::ZERO, |window| after(line.past, overrun.max(window.grain)));
    line.early = line.error < -EARLY;
    line.late = late_by > Ticks::ZERO;
    line.overran = past_by > Ticks::ZERO || line.cut > Ticks::ZERO;
    line.hurried = line.rate > HURRIED;
    let haste = if line.hurried { line.natural_of_heard().secs() / HURRIED - line.spoken.secs() } else { 0.0 };
    let too_much = late_by.max(past_by).secs() + line.cut.secs() + haste;
    let pace = line.natural.secs() / cue.text().chars().count().max(1) as f64;
    line.excess = if too_much > 0.0 && pace > 0.0 { (too_much / pace).ceil() as usize } else { 0 };
}

/// Of the lines that run into each other up to line `late`, the one that needs most beyond its window.
fn pusher(cues: &[Cue], lines: &[Line], late: usize) -> Option<usize> {
    let beyond = |i: &usize| {
        let window = lines[*i].window.zip(cues[*i].start()).map_or(Ticks::ZERO, |(end, start)| end.at - start);
        lines[*i].natural - window
    };
    let run = (0..late).rev().take_while(|i| lines[*i].past > Ticks::ZERO || lines[*i].heard.is_none());
    run.filter(|i| beyond(i) > Ticks::ZERO).max_by_key(beyond)
}

#[cfg(test)]
mod tests;
