//! In: the text of an SBV file, as YouTube writes it. Out: its raw cues. A line `H:MM:SS.mmm,H:MM:SS.mmm` begins a cue,
//! an empty line ends it. Knows no markup but `[br]`.

use super::spec::{Parsed, Spec};
use crate::notes::Note;
use crate::transcript::raw::{Markup, RawCue};
use crate::transcript::tally::Tally;
use crate::transcript::text::clock::{Clock, Fraction, clock};
use crate::transcript::text::lines::lines;

/// YouTube's own subtitles.
pub(super) static SPEC: Spec =
    Spec { name: "sbv", endings: &["sbv"], detect: Some(is_sbv), parse: |text| Ok(parse(text)), label_carries: true };

/// Two times with a comma between them, and nothing else on the line.
fn times(line: &str) -> Option<(Clock<'_>, Clock<'_>)> {
    // A comma before three digits and a colon parts the times; it begins no fraction.
    let (first, second) = line.trim().split_once(',')?;
    let (start, rest) = clock(first, Fraction::Decimal)?;
    let (end, after) = clock(second.trim_start(), Fraction::Decimal)?;
    (rest.trim().is_empty() && after.is_empty()).then_some((start, end))
}

/// Whether a line was meant to be times, though they cannot be read: `0:00:13.f89,0:00:15.489`.
fn like_times(line: &str) -> bool {
    let timely = |part: &str| part.contains(':') && part.starts_with(|c: char| c.is_ascii_digit());
    let pair = line.split_once(',').is_some_and(|(start, end)| timely(start) && timely(end));
    pair && !line.contains(char::is_whitespace)
}

/// Whether this is an SBV file: its first line that is not empty, and no other, decides.
fn is_sbv(text: &str) -> bool {
    let first = lines(text).find(|line| !line.text.is_empty());
    first.and_then(|line| times(line.text)).is_some_and(|(start, end)| start.fields == 3 && end.fields == 3)
}

/// Reads a text that [`is_sbv`].
fn parse(text: &str) -> Parsed {
    let (mut parsed, mut tally, mut gap, mut lost) = (Parsed::default(), Tally::default(), false, false);
    for line in lines(text) {
        if let Some((start, end)) = times(line.text) {
            if [start, end].iter().any(|c| c.sloppy || c.fraction.len() != 3 || c.fields != 3) {
                let message =
                    format!("a time is not written as SBV has it, H:MM:SS.mmm; it was read as {}", start.value);
                tally.add(Note::info(line.number, "sloppy-time", message));
            }
            parsed.cues.push(RawCue {
                line: line.number,
                start: start.value,
                end: Some(end.value),
                grain: start.grain,
                markup: Markup::Srt,
                ..RawCue::default()
            });
            (gap, lost) = (false, false);
        } else if line.text.trim().is_empty() {
            gap = true;
        } else if lost || like_times(line.text.trim()) {
            if !lost {
                let message = "the times of this cue cannot be read; it is not spoken";
                tally.add(Note::warning(line.number, "unreadable-times", message));
            }
            lost = true;
        } else if let Some(cue) = parsed.cues.last_mut() {
            match cue.text.is_empty() {
                true => cue.line = line.number,
                false => cue.text.push('\n'),
            }
            if gap && !cue.text.is_empty() {
                let message = "there is a blank line inside this cue; what follows it was read as the cue's own";
                tally.add(Note::info(line.number, "blank-line-in-cue", message));
            }
            cue.text.push_str(&line.text.replace("[br]", "\n"));
            gap = false;
        }
    }
    parsed.notes.extend(tally.notes());
    parsed
}
