//! In: the text of a WebVTT file. Out: its raw cues. Blocks stand between empty lines: the header, comments, styles and
//! regions say nothing; a block with `START --> END` in its first or second line is a cue. Knows no markup.
//!
//! The format is that of <https://www.w3.org/TR/webvtt1/>; `X-TIMESTAMP-MAP` is that of RFC 8216, 3.5.

use super::spec::{Parsed, Spec};
use crate::lang::Lang;
use crate::notes::Note;
use crate::time::{TICKS_PER_SECOND, Ticks};
use crate::transcript::raw::{Markup, RawCue};
use crate::transcript::tally::Tally;
use crate::transcript::text::clock::{Clock, Fraction, clock, range};

/// WebVTT.
pub(super) static SPEC: Spec =
    Spec { name: "vtt", endings: &["vtt"], detect: Some(is_vtt), parse: |text| Ok(parse(text)), label_carries: false };

/// Ticks of the clock that `MPEGTS` counts on, per second.
const MPEG: i64 = 90_000;

/// Whether this is a WebVTT file: it says so at its beginning.
fn is_vtt(text: &str) -> bool {
    is_header(text.trim_start())
}

fn is_header(line: &str) -> bool {
    line.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// What the lines at hand belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    /// Nothing: what comes may begin anything.
    #[default]
    Nothing,
    /// The header, or a comment, a style, a region: all of it is passed over.
    Silent,
    /// The text of the last cue.
    Cue,
    /// A cue whose times cannot be read.
    Lost,
    /// Lines that may be the name of a cue: from the first of them on.
    Name(usize),
}

#[derive(Default)]
struct Reader {
    parsed: Parsed,
    within: Within,
    tally: Tally,
    lang: Option<Lang>,
    /// How much later each cue is than it says, by the map of times above it against the first such map.
    later: Ticks,
    first_map: Option<Ticks>,
    header: bool,
}

/// Reads a text that [`is_vtt`].
fn parse(text: &str) -> Parsed {
    let mut reader = Reader::default();
    for (index, line) in text.split('\n').enumerate() {
        reader.take(index + 1, line);
    }
    reader.leave();
    reader.parsed.notes.extend(reader.tally.notes());
    reader.parsed
}

impl Reader {
    fn take(&mut self, number: usize, line: &str) {
        // In a comment or a style only the arrow itself begins a cue.
        let may = self.within != Within::Silent || self.header || line.contains("-->");
        if let Some((start, end, _)) = range(line, Fraction::Decimal).filter(|_| may) {
            return self.times(number, start, end);
        }
        if line.contains("-->") && self.within != Within::Silent && (self.within != Within::Cue || is_timely(line)) {
            let message = "the times of this cue cannot be read; it is not spoken";
            self.tally.add(Note::warning(number, "unreadable-times", message));
            self.within = Within::Lost;
            return;
        }
        match (self.within, line) {
            (Within::Cue, "") => self.within = Within::Nothing,
            (_, "") => self.leave(),
            (Within::Cue, _) => self.text(number, line),
            (Within::Silent, _) if self.header => self.head(number, line),
            (Within::Silent | Within::Lost, _) => {}
            (Within::Name(_), _) => {}
            (Within::Nothing, _) => self.block(number, line),
        }
    }

    /// The block at hand is over.
    fn leave(&mut self) {
        if let Within::Name(line) = self.within {
            let message = "these lines are in no cue and are not spoken: a cue's text ends at the first empty line";
            self.tally.add(Note::warning(line, "text-outside-cues", message));
        }
        (self.within, self.header) = (Within::Nothing, false);
    }

    /// The first line of a block that has no times in it.
    fn block(&mut self, number: usize, line: &str) {
        let word = line.split_whitespace().next().unwrap_or_default();
        let empty = self.parsed.cues.last().is_some_and(|cue| cue.text.trim().is_empty());
        self.header = is_header(line);
        self.within = match word {
            _ if self.header => Within::Silent,
            "NOTE" | "STYLE" | "REGION" => Within::Silent,
            "" => Within::Nothing,
            _ if empty && self.parsed.cues.last().is_some_and(|cue| cue.line + 2 == number) && !is_name(line) => {
                let message = "there is an empty line between the times of this cue and its text";
                self.tally.add(Note::info(number, "empty-line-in-cue", message));
                self.text(number, line);
                Within::Cue
            }
            _ => Within::Name(number),
        };
    }

    /// A line of the header: `Language: en`, `X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000`.
    fn head(&mut self, number: usize, line: &str) {
        if let Some(tag) = line.strip_prefix("Language:") {
            self.lang = tag.trim().parse().ok();
        } else if let Some(map) = line.strip_prefix("X-TIMESTAMP-MAP=") {
            let Some(offset) = offset(map) else {
                let message = "this map of times cannot be read and is ignored";
                return self.tally.add(Note::warning(number, "timestamp-map", message));
            };
            let first = *self.first_map.get_or_insert(offset);
            self.later = offset - first;
            if self.later != Ticks::ZERO {
                let message = format!("by the map of times here, what follows is {} later than it says", self.later);
                self.tally.add(Note::info(number, "timestamp-map", message));
            }
        }
    }

    /// A line with times: a cue begins.
    fn times(&mut self, number: usize, start: Clock<'_>, end: Option<Clock<'_>>) {
        (self.within, self.header) = (Within::Cue, false);
        if end.is_none() {
            let message = "this cue has no end that can be read; its window lasts until the next cue begins";
            self.tally.add(Note::warning(number, "no-end", message));
        }
        if [Some(start), end].iter().flatten().any(|c| c.sloppy || c.sign != Some('.') || c.fraction.len() != 3) {
            let value = start.value;
            let message = format!("a time is not written as WebVTT has it, HH:MM:SS.mmm; it was read as {value}");
            self.tally.add(Note::info(number, "sloppy-time", message));
        }
        self.parsed.cues.push(RawCue {
            line: number,
            start: start.value + self.later,
            end: end.map(|end| end.value + self.later),
            grain: start.grain,
            markup: Markup::Vtt,
            lang: self.lang,
            ..RawCue::default()
        });
    }

    /// A line of the text of the last cue.
    fn text(&mut self, number: usize, line: &str) {
        let Some(cue) = self.parsed.cues.last_mut() else { return };
        if !cue.text.is_empty() {
            cue.text.push('\n');
        } else if line.trim().is_empty() {
            return;
        } else {
            cue.line = number;
        }
        cue.text.push_str(line);
    }
}

/// Whether there is something like a time before the arrow of a line.
fn is_timely(line: &str) -> bool {
    let before = line.split("-->").next().unwrap_or_default();
    before.contains(':') && before.contains(|c: char| c.is_ascii_digit())
}

/// Whether a line looks like the name of a cue rather than like its text.
fn is_name(line: &str) -> bool {
    !line.trim().contains(char::is_whitespace) && line.chars().any(|c| c.is_ascii_digit())
}

/// What a map of times adds to a time to give one on the clock of the stream.
fn offset(map: &str) -> Option<Ticks> {
    let (mut local, mut mpeg) = (None, None);
    for part in map.split(',') {
        match part.trim().split_once(':')? {
            ("LOCAL", time) => local = clock(time, Fraction::Decimal).map(|(Clock { value, .. }, _)| value),
            ("MPEGTS", count) => mpeg = count.trim().parse::<i64>().ok().filter(|count| (0..1 << 40).contains(count)),
            _ => {}
        }
    }
    Some(Ticks(mpeg? * (TICKS_PER_SECOND / MPEG)) - local?)
}
