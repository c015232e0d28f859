//! In: cues as a file gives them, each with its start. Out: the same in order of time and numbered, with a note on
//! everything about their times and texts that a reader of the file should know. Knows no format.

use super::Cue;
use crate::notes::Note;
use crate::time::Ticks;

/// Sorts the cues by their starts (those that start together keep the order of the file), drops ends that are not
/// after their starts, numbers the cues, and notes what was odd.
pub(super) fn settle(cues: &mut [Cue], notes: &mut Vec<Note>) {
    note_unsorted(cues, notes);
    cues.sort_by_key(|cue| cue.start);
    drop_backward_ends(cues, notes);
    for pair in cues.windows(2) {
        note_neighbours(&pair[0], &pair[1], notes);
    }
    for (index, cue) in cues.iter_mut().enumerate() {
        cue.index = index + 1;
        if !cue.sayable() {
            let message = match cue.text.is_empty() {
                true => "there is no text under this stamp: nothing is said here".to_owned(),
                false => format!("'{}' has no letter or digit: nothing is said here", shortened(&cue.text)),
            };
            notes.push(Note::warning(cue.line, "nothing-to-say", message));
        }
    }
}

fn note_unsorted(cues: &[Cue], notes: &mut Vec<Note>) {
    let mut latest: Option<(Ticks, usize)> = None;
    for cue in cues {
        let Some(start) = cue.start else { continue };
        match latest {
            Some((before, line)) if start < before => {
                let message = format!("{start} stands after {before} (line {line}); it was moved to its place");
                notes.push(Note::warning(cue.line, "unsorted", message));
            }
            _ => latest = Some((start, cue.line)),
        }
    }
}

fn drop_backward_ends(cues: &mut [Cue], notes: &mut Vec<Note>) {
    for cue in cues {
        if let (Some(start), Some(end)) = (cue.start, cue.end)
            && end <= start
        {
            let message = format!("the end, {end}, is not after the start, {start}; the end is ignored");
            notes.push(Note::warning(cue.line, "end-before-start", message));
            cue.end = None;
        }
    }
}

fn note_neighbours(cue: &Cue, next: &Cue, notes: &mut Vec<Note>) {
    let (Some(start), Some(next_start)) = (cue.start, next.start) else { return };
    if start == next_start {
        let message = format!("this line starts at {start} as line {} does; they share the time", cue.line);
        notes.push(Note::warning(next.line, "equal-stamps", message));
    } else if let Some(end) = cue.end
        && end > next_start
    {
        let message =
            format!("this line ends at {end}, after the next one (line {}) starts at {next_start}", next.line);
        notes.push(Note::warning(cue.line, "overlap", message));
    }
}

/// At most 20 characters of a text, for a message.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(20) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
