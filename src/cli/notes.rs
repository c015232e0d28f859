//! In: what was odd in an input. Out: what is said about it: everything where that was asked for, else the first few of
//! each kind. Knows nothing of what the notes are about.

use super::progress::Say;
use cuevox::notes::{Level, Note};
use std::collections::BTreeMap;
use std::path::Path;

/// How many notes of one kind are said where not all are.
const FEW: usize = 5;

/// Notes on standard error: warnings about the input always, the rest when everything is to be said.
pub(super) fn tell(notes: &[Note], input: &Path, say: Say) {
    for line in lines(notes, input, say == Say::Everything) {
        say.line(&line);
    }
}

fn lines(notes: &[Note], input: &Path, everything: bool) -> Vec<String> {
    let input = input.display();
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for note in notes {
        // The closing line counts these.
        let about_windows = matches!(note.code, "late-start" | "hurried" | "overrun");
        if !everything && (note.level != Level::Warning || about_windows) {
            continue;
        }
        let count = said.entry(note.code).or_default();
        *count += 1;
        if everything || *count <= FEW {
            let line = note.line.map_or_else(String::new, |line| format!("{line}:"));
            let level = if note.level == Level::Warning { "warning" } else { "note" };
            lines.push(format!("{input}:{line} {level}: {}", note.message));
        }
    }
    if !everything {
        let more = said.iter().filter(|(_, count)| **count > FEW);
        lines.extend(more.map(|(code, count)| {
            format!("{input}: warning: {} more like these ({code}); -v and --report tell all", count - FEW)
        }));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_one_kind_is_cut_and_counted() {
        let mut notes: Vec<Note> = (1..=1000).map(|n| Note::warning(n, "equal-stamps", "the same time")).collect();
        notes.push(Note::warning(None, "unsorted", "moved"));
        notes.push(Note::warning(7, "hurried", "fast"));
        notes.push(Note::info(8, "header", "left out"));
        let few = lines(&notes, Path::new("t.txt"), false);
        assert_eq!(few.len(), FEW + 2);
        assert_eq!(few[0], "t.txt:1: warning: the same time");
        assert_eq!(few[FEW], "t.txt: warning: moved");
        assert!(few[FEW + 1].contains("995 more like these (equal-stamps)"), "{}", few[FEW + 1]);
        assert_eq!(lines(&notes, Path::new("t.txt"), true).len(), notes.len());
    }
}
