//! In: the text of an SRT file, however sloppy. Out: its raw cues. Every line with `START --> END` begins a cue; the text
//! goes on to the next such line, less the number that stands above that. Knows no markup.
//!
//! The format has no specification; what is read is what is found: <https://wiki.videolan.org/SubRip>.

use super::spec::{Parsed, Spec};
use crate::notes::Note;
use crate::transcript::raw::{Markup, RawCue};
use crate::transcript::tally::Tally;
use crate::transcript::text::clock::{Clock, Fraction, clock, range};
use crate::transcript::text::lines::{Line, lines};

/// SubRip.
pub(super) static SPEC: Spec =
    Spec { name: "srt", endings: &["srt"], detect: Some(is_srt), parse: |text| Ok(parse(text)), label_carries: true };

/// Whether this is an SRT file: two times of three numbers and fractions with an arrow between them, and nothing else
/// but a position on that line; or an arrow below the number of a cue.
fn is_srt(text: &str) -> bool {
    let (mut alone, mut with_text, mut number_above) = (0usize, 0usize, false);
    for line in lines(text) {
        let line = line.text.trim_start();
        if !line.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            number_above &= line.is_empty();
            continue;
        }
        match range(line, Fraction::Decimal) {
            Some((start, Some(_), rest)) => {
                let sure = number_above || start.sign.is_some();
                match rest.trim().is_empty() || is_position(rest) {
                    true if sure => alone += 1,
                    true => {}
                    false => with_text += 1,
                }
            }
            Some((start, None, rest)) if rest.is_empty() && start.sign.is_some() => alone += 1,
            _ => number_above = is_number(line),
        }
    }
    alone > 0 && alone >= with_text
}

/// Where on the picture a cue stands: `X1:201 X2:516 Y1:397 Y2:423`, or the settings of WebVTT.
fn is_position(rest: &str) -> bool {
    const NAMES: [&str; 10] = ["X1", "X2", "Y1", "Y2", "line", "position", "size", "align", "vertical", "region"];
    let known = |word: &str| word.split_once(':').is_some_and(|(name, _)| NAMES.contains(&name));
    rest.starts_with(char::is_whitespace) && rest.split_whitespace().all(known)
}

fn is_number(line: &str) -> bool {
    let line = line.trim();
    (1..=9).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a text that [`is_srt`].
fn parse(text: &str) -> Parsed {
    let fraction = fractions(text);
    let mut reader = Reader { fraction, ..Reader::default() };
    for line in lines(text) {
        match range(line.text, fraction) {
            Some((start, end, rest)) => reader.begin(line.number, start, end, rest),
            None => match reader.start_alone(line) {
                Some(start) => reader.begin(line.number, start, None, ""),
                None => reader.text.push(line),
            },
        }
    }
    reader.end(false);
    reader.parsed.notes.extend(reader.tally.notes());
    reader.parsed
}

/// How short fractions are meant in this file. Where some have three digits, those tell: with a leading zero, zeros are
/// not left out before; with a zero at the end, they are not left out behind.
fn fractions(text: &str) -> Fraction {
    let (mut short, mut leads, mut trails) = (false, false, false);
    for line in lines(text) {
        let Some((start, end, _)) = range(line.text, Fraction::Decimal) else { continue };
        for clock in [Some(start), end].into_iter().flatten() {
            short |= matches!(clock.fraction.len(), 1 | 2);
            leads |= clock.fraction.len() == 3 && clock.fraction.starts_with('0');
            trails |= clock.fraction.len() == 3 && clock.fraction.ends_with('0');
        }
    }
    if short && trails && !leads { Fraction::Thousandths } else { Fraction::Decimal }
}

#[derive(Default)]
struct Reader<'a> {
    fraction: Fraction,
    parsed: Parsed,
    /// The lines since the last time.
    text: Vec<Line<'a>>,
    /// The number of the last cue.
    number: Option<u64>,
    tally: Tally,
}

impl<'a> Reader<'a> {
    /// A line with times: the cue before it ends, a new one begins.
    fn begin(&mut self, line: usize, start: Clock<'a>, end: Option<Clock<'a>>, rest: &str) {
        self.end(true);
        self.judge(line, start, end);
        let mut cue = RawCue {
            line,
            start: start.value,
            end: end.map(|end| end.value),
            grain: start.grain,
            markup: Markup::Srt,
            ..RawCue::default()
        };
        if !rest.trim().is_empty() && !is_position(rest) {
            let message = "text stands beside the times of this cue; it was read as the cue's own";
            self.tally.add(Note::info(line, "text-beside-times", message));
            cue.text = rest.trim().to_owned();
        }
        self.parsed.cues.push(cue);
    }

    /// A start without arrow and end, right below a number that has a blank line above it.
    fn start_alone(&self, line: Line<'a>) -> Option<Clock<'a>> {
        let above = self.text.split_last().filter(|(last, _)| is_number(last.text));
        let below_number = above.is_some_and(|(_, rest)| rest.last().is_none_or(|blank| blank.text.trim().is_empty()));
        let (start, rest) = clock(line.text.trim(), self.fraction).filter(|_| below_number)?;
        (rest.is_empty() && start.fields == 3 && start.sign.is_some()).then_some(start)
    }

    fn judge(&mut self, line: usize, start: Clock<'a>, end: Option<Clock<'a>>) {
        if end.is_none() {
            let message = "this cue has no end; its window lasts until the next cue begins";
            self.tally.add(Note::warning(line, "no-end", message));
        }
        let mut clocks = [Some(start), end].into_iter().flatten();
        if clocks.any(|c| c.sloppy || c.sign != Some(',') || c.fraction.len() != 3 || c.fields != 3) {
            let short = match self.fraction {
                Fraction::Decimal => "",
                Fraction::Thousandths => {
                    "; short fractions are thousandths without their zeros, as others in this file show"
                }
            };
            let message =
                format!("a time is not written as SRT has it, HH:MM:SS,mmm; it was read as {}{short}", start.value);
            self.tally.add(Note::info(line, "sloppy-time", message));
        }
    }

    /// The cue before ends with the lines there are; the number of the next is taken from them where one follows.
    fn end(&mut self, follows: bool) {
        if follows {
            self.take_number();
        }
        let lines = std::mem::take(&mut self.text);
        let said: Vec<&Line<'_>> = lines.iter().filter(|line| !line.text.trim().is_empty()).collect();
        let (Some(first), Some(last)) = (said.first(), said.last()) else { return };
        let Some(cue) = self.parsed.cues.last_mut() else {
            let message = "there is text above the first cue; it is in no cue and is not spoken";
            self.tally.add(Note::warning(first.number, "text-before-cues", message));
            return;
        };
        if lines.iter().any(|l| l.text.trim().is_empty() && first.number < l.number && l.number < last.number) {
            let message = "there is a blank line inside this cue; what follows it was read as the cue's own";
            self.tally.add(Note::info(first.number, "blank-line-in-cue", message));
        }
        if cue.text.is_empty() {
            cue.line = first.number;
        }
        for line in said {
            if looks_like_times(line.text) {
                let message =
                    "this may have been meant as the times of a cue, but they cannot be read; it is spoken as text";
                self.tally.add(Note::warning(line.number, "unreadable-times", message));
            }
            if !cue.text.is_empty() {
                cue.text.push('\n');
            }
            cue.text.push_str(line.text);
        }
    }

    /// Takes the number of the next cue off the end of the lines: one right above the times, or the very one that is due
    /// with blank lines between.
    fn take_number(&mut self) {
        let due = self.number.map_or(1, |number| number + 1);
        let Some(at) = self.text.iter().rposition(|line| !line.text.trim().is_empty()) else {
            return self.missed(due);
        };
        let (line, blanks) = (self.text[at], self.text.len() - 1 - at);
        let number = line.text.trim().parse::<u64>().ok().filter(|_| is_number(line.text));
        // Text of digits in a file without numbers stays text.
        let numbered = self.number.is_some() || self.parsed.cues.is_empty();
        let set_apart = at == 0 || self.text[at - 1].text.trim().is_empty();
        match number {
            Some(number) if number == due || (blanks == 0 && (numbered || set_apart)) => {
                if number != due {
                    let message =
                        format!("this cue has the number {number} where {due} is due; numbers are not needed");
                    let odd = self.number.is_some() || !(0..=1).contains(&number);
                    if odd {
                        self.tally.add(Note::info(line.number, "wrong-number", message));
                    }
                }
                self.number = Some(number);
                self.text.truncate(at);
            }
            _ => self.missed(due),
        }
    }

    /// The next cue has no number: those after it may count it or not.
    fn missed(&mut self, due: u64) {
        if self.number.is_some() {
            let line = self.text.last().map_or(1, |line| line.number + 1);
            let message = "this cue has no number; numbers are not needed";
            self.tally.add(Note::info(line, "no-number", message));
            self.number = Some(due);
        }
    }
}

/// Whether a line of text has an arrow after something like a time.
fn looks_like_times(text: &str) -> bool {
    text.split_once("-->").is_some_and(|(before, after)| {
        let timely = |part: &str| part.contains(':') && part.chars().any(|c| c.is_ascii_digit());
        timely(before) || clock(after.trim_start(), Fraction::Decimal).is_some()
    })
}
