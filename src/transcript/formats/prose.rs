//! In: lines without stamps. Out: one cue per sentence, each with its paragraph. Knows paragraphs, and lines that an
//! editor has wrapped; marks of Markdown are read by `markdown`, where sentences end is known to `text`.

use super::spec::{Parsed, Spec};
use crate::notes::{Note, Notes};
use crate::text::{ends_sentence, sayable, sentences, starts_lower};
use crate::transcript::cue::{Cue, together};
use crate::transcript::text::lines::{Line, lines};
use crate::transcript::text::markdown::{Plain, Reader, Stands};
use crate::transcript::text::stamp::stamp;

/// Sentences and paragraphs without times. Any text is that, if nothing else knows it.
pub(super) static SPEC: Spec = Spec {
    name: "prose",
    endings: &["txt", "md", "markdown"],
    detect: Some(|_| true),
    parse: |text| Ok(parse(text)),
    label_carries: false,
};

/// A line longer than this, in characters, has not been wrapped by hand: it is a paragraph.
const LONG_LINE: usize = 90;
/// The widest column, in characters, that text is wrapped to.
const WIDEST_COLUMN: usize = 120;

/// Reads a text that is prose throughout.
fn parse(text: &str) -> Parsed {
    let mut notes = Notes::default();
    for line in lines(text).filter(|line| stamp(line.text).is_ok()) {
        let message = "this line begins with a time, but the document does not look stamped; it was read as prose";
        notes.push(Note::info(line.number, "stamp-in-prose", message));
    }
    let prose = cues(lines(text), &mut notes);
    Parsed { prose, notes, ..Parsed::default() }
}

/// The sentences of these lines, in order. What has no letter or digit and no sentence to belong to gets a note.
pub(super) fn cues<'a>(lines: impl Iterator<Item = Line<'a>> + Clone, notes: &mut Notes) -> Vec<Cue> {
    let mut reader = Reader::new(lines.clone());
    let (mut said, mut block) = (Said::default(), Block::default());
    for line in lines {
        let plain = reader.read(line, block.lines.last_mut(), notes);
        match plain.stands {
            Stands::Blank => block.end(&mut said, notes),
            _ => block.add(plain, &mut said, notes),
        }
    }
    block.end(&mut said, notes);
    said.cues
}

/// So many lines tell whether a block was wrapped by hand; no more of them are held at once.
const LINES_HELD: usize = 1 << 10;

/// The lines between two blank ones.
#[derive(Debug, Default)]
struct Block<'a> {
    /// Lines that belong to no paragraph yet. The last may still turn out to be a heading.
    lines: Vec<Plain<'a>>,
    /// Whether its lines were wrapped by hand, once that is decided.
    wrapped: Option<bool>,
    /// The paragraph that the next line may go on with, and its last line.
    open: Option<(Paragraph, Plain<'a>)>,
}

impl<'a> Block<'a> {
    fn add(&mut self, line: Plain<'a>, said: &mut Said, notes: &mut Notes) {
        self.lines.push(line);
        if self.lines.len() > LINES_HELD {
            self.join(LINES_HELD, said, notes);
        }
    }

    /// A blank line, or the end of the document.
    fn end(&mut self, said: &mut Said, notes: &mut Notes) {
        self.join(self.lines.len(), said, notes);
        if let Some((paragraph, _)) = self.open.take() {
            said.take(&paragraph, notes);
        }
        self.wrapped = None;
    }

    /// Makes paragraphs of the first `count` lines.
    fn join(&mut self, count: usize, said: &mut Said, notes: &mut Notes) {
        let wrapped = *self.wrapped.get_or_insert_with(|| is_wrapped(&self.lines));
        for line in self.lines.drain(..count) {
            let mut paragraph = match self.open.take() {
                Some((paragraph, before)) if joins(&before, &line, wrapped) => paragraph,
                Some((paragraph, _)) => {
                    said.take(&paragraph, notes);
                    Paragraph::default()
                }
                None => Paragraph::default(),
            };
            paragraph.add(&line);
            self.open = Some((paragraph, line));
        }
    }
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
    fn take(&mut self, paragraph: &Paragraph, notes: &mut Notes) {
        if !sayable(&paragraph.text) {
            let message = "there is no letter or digit in this paragraph: nothing is said here";
            notes.push(Note::warning(paragraph.line_at(0), "nothing-to-say", message));
            return;
        }
        self.paragraphs += 1;
        for range in sentences(&paragraph.text) {
            let line = paragraph.line_at(range.start);
            let mut cue = Cue::new(line, &paragraph.text[range]).of_paragraph(self.paragraphs);
            cue.set_index(self.cues.len() + 1);
            self.cues.push(cue);
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
