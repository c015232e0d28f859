//! In: text with stamped lines. Out: a cue for each stamp, and the prose around them. Knows how a stamp, its text and
//! prose stand to each other in a document; one line's stamp is read by `stamp`, prose by `prose`.
//!
//! What belongs to a stamp: the text on its line, or the lines under a stamp that stands alone, up to a blank line.
//! Beyond that a document's own habit decides: where most stamps stand alone, text may come after a blank line, and
//! where most of those have several paragraphs, so may more of it. Under a stamp *with* text, a line belongs to it if
//! it goes on in lower case, or if it is short and more stamps follow. All other lines are prose.

use super::prose;
use super::spec::{Parsed, Spec};
use crate::notes::{Note, Notes};
use crate::text::starts_lower;
use crate::time::{TICKS_PER_SECOND, Ticks};
use crate::transcript::raw::{RawCue, Raws};
use crate::transcript::text::lines::{Line, lines};
use crate::transcript::text::stamp::{NoStamp, Stamp, stamp};

/// Lines that begin with a time.
pub(super) static SPEC: Spec = Spec {
    name: "stamped",
    endings: &["txt"],
    detect: Some(is_stamped),
    parse: |text| Ok(parse(text)),
    label_carries: true,
};

/// A line longer than this, in characters, is a paragraph and continues no stamped line unless in lower case.
const LONG_LINE: usize = 120;

/// One line and what it is.
#[derive(Clone, Copy, Debug)]
struct Row<'a> {
    line: Line<'a>,
    kind: RowKind<'a>,
}

#[derive(Clone, Copy, Debug)]
enum RowKind<'a> {
    Blank,
    Stamp(Stamp<'a>),
    /// Text, perhaps after what looks like a stamp but is no time.
    Text {
        impossible: bool,
    },
}

fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    lines(text).map(|line| {
        let kind = match stamp(line.text) {
            _ if line.text.trim().is_empty() => RowKind::Blank,
            Ok(stamp) => RowKind::Stamp(stamp),
            Err(no) => RowKind::Text { impossible: no == NoStamp::Impossible },
        };
        Row { line, kind }
    })
}

/// Whether this text is to be read by its stamps: at least two that can hardly be anything else; or several that
/// could be times of day, if they make up a good part of the lines; or a single sure one with at most one other line.
fn is_stamped(text: &str) -> bool {
    let (mut sure, mut unsure, mut others) = (0usize, 0usize, 0usize);
    for row in rows(text) {
        match row.kind {
            RowKind::Stamp(stamp) if stamp.sure => sure += 1,
            RowKind::Stamp(_) => unsure += 1,
            RowKind::Text { .. } => others += 1,
            RowKind::Blank => {}
        }
    }
    let stamps = sure + unsure;
    sure >= 2 || (stamps >= 2 && stamps * 2 >= others) || (sure == 1 && others <= 1)
}

/// Reads a text that [`is_stamped`].
fn parse(text: &str) -> Parsed {
    // Twice through the text: rows of a large one would take more memory than it.
    let mut reader = Reader::new(Layout::of(rows(text)));
    for (index, row) in rows(text).enumerate() {
        reader.take(index, &row);
    }
    reader.finish()
}

/// How a document sets its stamps.
#[derive(Clone, Copy, Debug, Default)]
struct Layout {
    /// Most stamps stand on a line of their own.
    alone: bool,
    /// Most of those have text after a blank line, too.
    paragraphs: bool,
    /// Where the last stamp is.
    last_stamp: usize,
}

impl Layout {
    fn of<'a>(rows: impl Iterator<Item = Row<'a>>) -> Layout {
        let (mut stamps, mut alone, mut with_more, mut last_stamp) = (0usize, 0usize, 0usize, 0usize);
        // Under a stamp that stands alone: whether there was text, a blank line after it, text again.
        let (mut text, mut gap, mut more) = (false, false, true);
        for (index, row) in rows.enumerate() {
            match row.kind {
                RowKind::Stamp(stamp) => {
                    stamps += 1;
                    alone += usize::from(stamp.text.is_empty());
                    last_stamp = index;
                    (text, gap, more) = (false, false, !stamp.text.is_empty());
                }
                RowKind::Blank => gap = text,
                RowKind::Text { .. } => {
                    with_more += usize::from(gap && !more);
                    more |= gap;
                    text = true;
                }
            }
        }
        Layout { alone: alone * 2 > stamps, paragraphs: alone > 1 && with_more * 2 > alone, last_stamp }
    }
}

/// The stamp that lines can still belong to; its cue is the last one read.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// It stands on a line of its own.
    alone: bool,
    /// There was a blank line since.
    gap: bool,
}

#[derive(Debug)]
struct Reader<'a> {
    layout: Layout,
    cues: Raws,
    open: Option<Open>,
    prose: Vec<Line<'a>>,
    notes: Notes,
    /// Lines that only say their stamp in words: how many, and the first.
    spelt_out: (usize, usize),
}

impl<'a> Reader<'a> {
    fn new(layout: Layout) -> Reader<'a> {
        let (cues, prose, notes) = (Raws::default(), Vec::new(), Notes::default());
        Reader { layout, cues, open: None, prose, notes, spelt_out: (0, 0) }
    }

    fn take(&mut self, index: usize, row: &Row<'a>) {
        let line = row.line;
        match row.kind {
            RowKind::Stamp(stamp) => {
                self.cues.push(cue(line.number, stamp));
                self.open = Some(Open { alone: stamp.text.is_empty(), gap: false });
                self.part_prose(line);
            }
            RowKind::Blank => {
                if let Some(open) = &mut self.open {
                    open.gap = true;
                }
                self.part_prose(line);
            }
            RowKind::Text { impossible } => {
                if impossible {
                    let message = "this begins like a stamp, but no clock shows such a time; it was read as text";
                    self.notes.push(Note::warning(line.number, "impossible-stamp", message));
                }
                self.text(index, line);
            }
        }
    }

    /// Notes that prose ends here: one empty line is enough between its paragraphs.
    fn part_prose(&mut self, line: Line<'a>) {
        if self.prose.last().is_some_and(|last| !last.text.trim().is_empty()) {
            self.prose.push(Line { text: "", ..line });
        }
    }

    /// Gives a line of text to the open stamp or to the prose.
    fn text(&mut self, index: usize, line: Line<'a>) {
        let belongs = self.belongs(index, line.text);
        let (Some(open), Some(cue), true) = (&mut self.open, self.cues.last_mut(), belongs) else {
            self.open = None;
            self.prose.push(line);
            return;
        };
        let text = line.text.trim();
        if open.alone && cue.text.is_empty() && spells_out(text, cue.start) {
            let (count, first) = self.spelt_out;
            self.spelt_out = (count + 1, if count == 0 { line.number } else { first });
            return;
        }
        if !open.alone || (open.gap && !cue.text.is_empty()) {
            let message = format!("this line has no stamp and was added to the one before (line {})", cue.line);
            self.notes.push(Note::info(line.number, "continued", message));
        }
        if cue.text.is_empty() {
            cue.line = line.number;
        } else {
            cue.text.push('\n');
        }
        cue.text.push_str(text);
        open.gap = false;
    }

    fn belongs(&self, index: usize, text: &str) -> bool {
        let (Some(open), Some(cue)) = (self.open, self.cues.last()) else { return false };
        match (open.alone, open.gap) {
            (true, false) => true,
            (true, true) if cue.text.is_empty() => self.layout.alone,
            (true, true) => self.layout.paragraphs,
            (false, true) => false,
            (false, false) => {
                starts_lower(text) || (index < self.layout.last_stamp && text.chars().count() <= LONG_LINE)
            }
        }
    }

    fn finish(mut self) -> Parsed {
        if let (count @ 1.., first) = self.spelt_out {
            let message = format!("lines that only repeat their stamp in words were left out: {count}, first this one");
            self.notes.push(Note::info(first, "spelt-out-stamp", message));
        }
        let prose = prose::cues(self.prose.iter().copied(), &mut self.notes);
        Parsed { cues: self.cues, prose, notes: self.notes, ..Parsed::default() }
    }
}

fn cue(line: usize, stamp: Stamp<'_>) -> RawCue {
    let text = stamp.text.to_owned();
    RawCue { line, start: stamp.start, end: stamp.end, grain: stamp.grain, text, ..RawCue::default() }
}

/// Whether a line only says its stamp in words, as the transcripts of video sites do for screen readers: `1 minute,
/// 17 seconds`, `1 minute et 17 secondes`.
fn spells_out(text: &str, start: Ticks) -> bool {
    let (mut total, mut count, mut words) = (0i64, None::<i64>, 0);
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        let unit = match word.to_lowercase().as_str() {
            "hour" | "hours" | "heure" | "heures" => 3600,
            "minute" | "minutes" => 60,
            "second" | "seconds" | "seconde" | "secondes" => 1,
            "and" | "et" if count.is_none() => continue,
            _ => match (word.parse::<u16>(), count) {
                (Ok(number), None) => {
                    count = Some(i64::from(number));
                    continue;
                }
                _ => return false,
            },
        };
        let Some(number) = count.take() else { return false };
        total += number * unit;
        words += 1;
    }
    words > 0 && count.is_none() && total == start.0 / TICKS_PER_SECOND
}
