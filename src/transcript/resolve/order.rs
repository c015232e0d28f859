//! In: cues as a file gives them, each with its start. Out: the same in order of time and numbered, with a note on
//! everything about their times and texts that a reader of the file should know. Knows no format.

use crate::notes::{Note, Notes};
use crate::time::Ticks;
use crate::transcript::cue::Cue;
use crate::transcript::raw::Raws;

/// Sorts raw cues by their starts (those that start together keep the order of the file); notes those that were not in
/// their places, and those that start before the beginning, which is where they are moved.
pub(super) fn sort(cues: &mut Raws, notes: &mut Notes) {
    let mut latest: Option<(Ticks, usize)> = None;
    for cue in cues.all() {
        if cue.start < Ticks::ZERO {
            let message = format!("{} is before the beginning of the track; this starts there", cue.start);
            notes.push(Note::warning(cue.line(), "before-beginning", message));
            cue.start = Ticks::ZERO;
        }
        match latest {
            Some((before, line)) if cue.start < before => {
                let message = format!("{} stands after {before} (line {line}); it was moved to its place", cue.start);
                notes.push(Note::warning(cue.line(), "unsorted", message));
            }
            _ => latest = Some((cue.start, cue.line())),
        }
    }
    cues.sort();
}

/// Drops ends that are not after their starts, numbers the cues, and notes what was odd.
pub(super) fn settle(cues: &mut [Cue], notes: &mut Notes) {
    drop_backward_ends(cues, notes);
    if !cues.is_sorted_by_key(Cue::start) {
        cues.sort_by_key(Cue::start);
    }
    let mut before: Option<&Cue> = None;
    for cue in cues.iter().filter(|cue| cue.silence().is_none()) {
        if let Some(before) = before {
            note_neighbours(before, cue, notes);
        }
        before = Some(cue);
    }
    for (index, cue) in cues.iter_mut().enumerate() {
        cue.set_index(index + 1);
        if !cue.sayable() && cue.silence().is_none() {
            let message = match cue.text().is_empty() {
                true => "there is no text under this stamp: nothing is said here".to_owned(),
                false => format!("'{}' has no letter or digit: nothing is said here", shortened(cue.text())),
            };
            notes.push(Note::warning(cue.line(), "nothing-to-say", message));
        }
    }
}

fn drop_backward_ends(cues: &mut [Cue], notes: &mut Notes) {
    for cue in cues {
        if let (Some(start), Some(end)) = (cue.start(), cue.end())
            && end <= start
        {
            let message = format!("the end, {end}, is not after the start, {start}; the end is ignored");
            notes.push(Note::warning(cue.line(), "end-before-start", message));
            cue.set_end(None);
        }
    }
}

fn note_neighbours(cue: &Cue, next: &Cue, notes: &mut Notes) {
    let (Some(start), Some(next_start)) = (cue.start(), next.start()) else { return };
    if start == next_start {
        let message = format!("this line starts at {start} as line {} does; they share the time", cue.line());
        notes.push(Note::warning(next.line(), "equal-stamps", message));
    } else if let Some(end) = cue.end()
        && end > next_start
    {
        let message =
            format!("this line ends at {end}, after the next one (line {}) starts at {next_start}", next.line());
        notes.push(Note::warning(cue.line(), "overlap", message));
    }
}

/// At most 20 characters of a text, for a message.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(20) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
