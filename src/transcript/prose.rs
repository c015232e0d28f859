//! In: lines without stamps. Out: one cue per sentence, each with its paragraph. Knows paragraphs, and lines that an
//! editor has wrapped; marks of Markdown are read by `markdown`, where sentences end is known to `text`.

use super::markdown::{Plain, Stands, plain};
use super::{Cue, Line, Parsed, lines};
use crate::notes::Note;
use crate::text::{ends_sentence, sayable, sentences, starts_lower};

/// A line longer than this, in characters, has not been wrapped by hand: it is a paragraph.
const LONG_LINE: usize = 90;
/// The widest column, in characters, that text is wrapped to.
const WIDEST_COLUMN: usize = 120;

/// Reads a text that is prose throughout.
pub(super) fn parse(text: &str) -> Parsed {
    let lines: Vec<Line<'_>> = lines(text).collect();
    let mut notes = Vec::new();
    for line in lines.iter().filter(|line| super::stamp::stamp(line.text).is_ok()) {
        let message = "this line begins with a time, but the document does not look stamped; it was read as prose";
        notes.push(Note::info(line.number, "stamp-in-prose", message));
    }
    let prose = cues(&lines, &mut notes);
    Parsed { prose, notes, ..Parsed::default() }
}

/// The sentences of these lines, in order. What has no letter or digit and no sentence to belong to gets a note.
pub(super) fn cues(lines: &[Line<'_>], notes: &mut Vec<Note>) -> Vec<Cue> {
    let mut cues = Vec::new();
    let mut number = 0;
    for paragraph in paragraphs(&plain(lines, notes)) {
        if !sayable(&paragraph.text) {
            let message = "there is no letter or digit in this paragraph: nothing is said here";
            notes.push(Note::warning(paragraph.line_at(0), "nothing-to-say", message));
            continue;
        }
        number += 1;
        for range in sentences(&paragraph.text) {
            let mut cue = Cue::new(paragraph.line_at(range.start), &paragraph.text[range]).of_paragraph(number);
            cue.set_index(cues.len() + 1);
            cues.push(cue);
        }
    }
    cues
}

/// A paragraph on one line.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    /// Where each line of the file begins in it, and that line's number.
    lines: Vec<(usize, usize)>,
}

impl Paragraph {
    fn add(&mut self, line: &Plain<'_>) {
        // A word that was split at the end of a line stays one word.
        let split = self.text.ends_with('-')
            && self.text.trim_end_matches('-').ends_with(char::is_alphabetic)
            && line.text.starts_with(char::is_lowercase);
        if !self.text.is_empty() && !split {
            self.text.push(' ');
        }
        self.lines.push((self.text.len(), line.number));
        self.text.push_str(line.text.trim());
    }

    /// The line of the file that holds this byte.
    fn line_at(&self, byte: usize) -> usize {
        let after = self.lines.partition_point(|(start, _)| *start <= byte);
        self.lines.get(after.saturating_sub(1)).map_or(1, |(_, number)| *number)
    }
}

fn paragraphs(lines: &[Plain<'_>]) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    for block in lines.split(|line| line.stands == Stands::Blank).filter(|block| !block.is_empty()) {
        let wrapped = is_wrapped(block);
        for (index, line) in block.iter().enumerate() {
            let joins = index > 0 && joins(&block[index - 1], line, wrapped);
            match found.last_mut() {
                Some(paragraph) if joins => paragraph.add(line),
                _ => {
                    let mut paragraph = Paragraph::default();
                    paragraph.add(line);
                    found.push(paragraph);
                }
            }
        }
    }
    found
}

/// Whether a line goes on with the paragraph of the one before.
fn joins(before: &Plain<'_>, line: &Plain<'_>, wrapped: bool) -> bool {
    match (before.stands, line.stands) {
        (_, Stands::Apart | Stands::Alone | Stands::Blank) | (Stands::Alone | Stands::Blank, _) => false,
        (Stands::Apart, Stands::Text) => !ends_sentence(&before.text) || starts_lower(&line.text),
        (Stands::Text, Stands::Text) if wrapped => true,
        (Stands::Text, Stands::Text) => {
            !ends_sentence(&before.text) && length(before) <= LONG_LINE && starts_lower(&line.text)
        }
    }
}

/// Whether the lines of a block were broken at the edge of a column: none is wide, all but the last are about as long
/// as the longest, and at least one breaks inside a sentence.
fn is_wrapped(block: &[Plain<'_>]) -> bool {
    let Some((_, all_but_last)) = block.split_last().filter(|(_, rest)| !rest.is_empty()) else { return false };
    let widest = block.iter().map(length).max().unwrap_or(0);
    widest <= WIDEST_COLUMN
        && all_but_last.iter().all(|line| length(line) * 10 >= widest * 6)
        && all_but_last.iter().any(|line| !ends_sentence(&line.text))
}

fn length(line: &Plain<'_>) -> usize {
    line.text.chars().count()
}
