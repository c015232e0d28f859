//! In: the text of an LRC file, lyrics with times. Out: a raw cue for each time, in order. A line may have several times;
//! words may have their own inside the line; `[offset:…]` shifts them all. Knows no markup.
//!
//! The format is that of <https://en.wikipedia.org/wiki/LRC_(file_format)>, with the enhanced times of words.

use super::spec::{Parsed, Spec};
use crate::notes::Note;
use crate::time::{TICKS_PER_SECOND, Ticks};
use crate::transcript::pauses::WordTime;
use crate::transcript::raw::RawCue;
use crate::transcript::tally::Tally;
use crate::transcript::text::clock::{Clock, Fraction, clock};
use crate::transcript::text::lines::lines;

/// Lyrics with times.
pub(super) static SPEC: Spec =
    Spec { name: "lrc", endings: &["lrc"], detect: Some(is_lrc), parse: |text| Ok(parse(text)), label_carries: true };

/// The names of what a file says about itself.
const ABOUT: [&str; 12] = ["ti", "ar", "al", "au", "by", "re", "ve", "offset", "length", "lr", "id", "la"];

/// `[mm:ss.xx]` at the beginning of a text, and what follows it.
fn stamp(text: &str, open: char, close: char) -> Option<(Clock<'_>, &str)> {
    let (mut time, rest) = clock(text.strip_prefix(open)?.trim_start(), Fraction::Decimal)?;
    let rest = rest.trim_start().strip_prefix(close)?;
    if time.fields == 3 && time.fraction.is_empty() {
        // `[mm:ss:xx]`: some write the hundredths after a colon.
        let seconds = time.value.0 / TICKS_PER_SECOND;
        let (minutes, whole, hundredths) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        time.value = Ticks::from_millis((minutes * 60 + whole) * 1000 + hundredths * 10);
        time.grain = Ticks::from_millis(10);
    }
    Some((time, rest))
}

/// `[ti:…]` and the like: name and value.
fn about(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.trim().strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    let name = name.trim().to_ascii_lowercase();
    ABOUT.contains(&name.as_str()).then(|| (name, value.trim()))
}

/// Whether this is an LRC file: lines that begin with `[mm:ss.xx]`, and something that only lyrics have: what the file
/// says about itself, several times on a line, times of words; or no line at all without a time.
fn is_lrc(text: &str) -> bool {
    let (mut stamps, mut marks, mut others) = (0usize, 0usize, 0usize);
    for line in lines(text).filter(|line| !line.text.trim().is_empty()) {
        let line = line.text.trim_start();
        match stamp(line, '[', ']') {
            Some((time, rest)) if time.fields == 2 && (2..=3).contains(&time.fraction.len()) => {
                stamps += 1;
                let word = rest.find('<').and_then(|at| stamp(&rest[at..], '<', '>'));
                marks += usize::from(word.is_some() || stamp(rest.trim_start(), '[', ']').is_some());
            }
            Some(_) => stamps += 1,
            None if about(line).is_some() => marks += 1,
            None => others += 1,
        }
        if others > stamps + marks + 20 {
            return false;
        }
    }
    stamps > 0 && marks > 0 && others <= stamps
}

/// Reads a text that [`is_lrc`].
fn parse(text: &str) -> Parsed {
    let (mut parsed, mut tally, mut offset) = (Parsed::default(), Tally::default(), Ticks::ZERO);
    let mut cues: Vec<RawCue> = Vec::new();
    for line in lines(text) {
        let mut rest = line.text.trim_start();
        if let Some((name, value)) = about(rest) {
            if name == "offset" {
                offset = shift(value, line.number, &mut tally);
            }
            continue;
        }
        let from = cues.len();
        while let Some((time, after)) = stamp(rest, '[', ']') {
            let (start, grain) = (time.value, time.grain);
            cues.push(RawCue { line: line.number, start, grain, ..RawCue::default() });
            rest = after.trim_start();
        }
        let (words, times) = without_times(rest);
        if let [one] = &mut cues[from..] {
            (one.text, one.times) = (words, times);
        } else if from < cues.len() {
            // Of a line that is sung several times, its words have the times of one.
            cues[from..].iter_mut().for_each(|cue| cue.text.clone_from(&words));
        } else if !words.trim().is_empty() {
            let message = "this line has no time and is not spoken";
            tally.add(Note::warning(line.number, "line-without-time", message));
        }
    }
    for cue in &mut cues {
        // A positive offset makes lyrics appear sooner.
        cue.start = (cue.start - offset).max(Ticks::ZERO);
        cue.times.iter_mut().for_each(|word| word.start -= offset);
    }
    cues.sort_by_key(|cue| cue.start);
    end_at_empty_ones(&mut cues);
    parsed.cues = cues.into();
    parsed.notes.extend(tally.notes());
    parsed
}

/// The offset in milliseconds.
fn shift(value: &str, line: usize, tally: &mut Tally) -> Ticks {
    let value = value.trim_start_matches('+');
    match value.parse::<i64>() {
        Ok(ms) if ms.abs() < 86_400_000 => Ticks::from_millis(ms),
        _ => {
            let message = format!("the offset '{value}' is no number of milliseconds within a day; it is ignored");
            tally.add(Note::warning(line, "odd-offset", message));
            Ticks::ZERO
        }
    }
}

/// The text without the times of its words, and those times.
fn without_times(text: &str) -> (String, Vec<WordTime>) {
    let (mut words, mut times, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
    while let Some(at) = rest.find(['<', '[']) {
        words.push_str(&rest[..at]);
        rest = &rest[at..];
        let timed = stamp(rest, '<', '>').or_else(|| stamp(rest, '[', ']'));
        match timed {
            Some((time, after)) => {
                times.push(WordTime { at: words.len(), start: time.value, end: None });
                rest = after;
            }
            None => {
                words.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    words.push_str(rest);
    (words, times)
}

/// A time without text clears the screen: it ends the line before it and is no cue.
fn end_at_empty_ones(cues: &mut Vec<RawCue>) {
    for i in 1..cues.len() {
        if cues[i].text.trim().is_empty() && cues[i - 1].start < cues[i].start {
            cues[i - 1].end = Some(cues[i].start);
        }
    }
    cues.retain(|cue| !cue.text.trim().is_empty());
}
