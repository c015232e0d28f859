//! In: lines without stamps. Out: one cue per sentence, each with its paragraph. Knows paragraphs, and lines that an
//! editor has wrapped; marks of Markdown are read by `markdown`, where sentences end is known to `text`.

use super::cue::together;
use super::markdown::{Plain, Reader, Stands};
use super::{Cue, Line, Parsed, lines};
use crate::notes::{Note, Notes};
use crate::text::{ends_sentence, sayable, sentences, starts_lower};

/// A line longer than this, in characters, has not been wrapped by hand: it is a paragraph.
const LONG_LINE: usize = 90;
/// The widest column, in characters, that text is wrapped to.
const WIDEST_COLUMN: usize = 120;

/// Reads a text that is prose throughout.
pub(super) fn parse(text: &str) -> Parsed {
    let mut notes = Notes::default();
    for line in lines(text).filter(|line| super::stamp::stamp(line.text).is_ok()) {
        let message = "this line begins with a time, but the document does not look stamped; it was read as prose";
        notes.push(Note::info(line.number, "stamp-in-prose", message));
    }
    let prose = cues(lines(text), &mut notes);
    Parsed { prose, notes, ..Parsed::default() }
}

/// The sentences of these lines, in order. What has no letter or digit and no sentence to belong to gets a note.
pub(super) fn cues<'a>(lines: impl Iterator<Item = Line<'a>> + Clone, notes: &mut Notes) -> Vec<Cue> {
    let mut reader = Reader::new(lines.clone());
    let (mut said, mut block) = (Said::default(), Vec::new());
    for line in lines {
        let plain = reader.read(line, block.last_mut(), notes);
        match plain.stands {
            Stands::Blank => said.take(&std::mem::take(&mut block), notes),
            _ => block.push(plain),
        }
    }
    said.take(&block, notes);
    said.cues
}

/// So many sentences have their texts in one block of memory.
const TOGETHER: usize = 1 << 12;

/// The sentences so far.
#[derive(Debug, Default)]
struct Said {
    cues: Vec<Cue>,
    paragraphs: usize,
    /// How many have their texts together.
    together: usize,
}

impl Said {
    /// Takes the lines between two blank ones.
    fn take(&mut self, block: &[Plain<'_>], notes: &mut Notes) {
        for paragraph in paragraphs(block) {
            if !sayable(&paragraph.text) {
                let message = "there is no letter or digit in this paragraph: nothing is said here";
                notes.push(Note::warning(paragraph.line_at(0), "nothing-to-say", message));
                continue;
            }
            self.paragraphs += 1;
            for range in sentences(&paragraph.text) {
                let line = paragraph.line_at(range.start);
                let mut cue = Cue::new(line, &paragraph.text[range]).of_paragraph(self.paragraphs);
                cue.set_index(self.cues.len() + 1);
                self.cues.push(cue);
            }
        }
        if self.cues.len() >= self.together + TOGETHER {
            together(&mut self.cues[self.together..]);
            self.together = self.cues.len();
        }
    }
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

/// The paragraphs of lines without a blank one among them.
fn paragraphs(block: &[Plain<'_>]) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
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
