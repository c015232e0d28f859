//! In: a table whose columns are parted by tabs: starts, ends, texts. Out: raw cues. Knows Whisper's table, which has a
//! header and counts milliseconds, and Audacity's labels, which have none and count seconds.
//!
//! Whether times are milliseconds or seconds is seen from how they are written (a fraction means seconds, a colon a
//! stamp), and where they are whole numbers, from what could have been said in that time.

use super::spec::{Parsed, Spec};
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use crate::time::{TICKS_PER_SECOND, Ticks};
use crate::transcript::raw::RawCue;
use crate::transcript::text::lines::{Line, lines};
use crate::transcript::text::stamp::{FINE, stamp};

/// A table with starts and ends.
pub(super) static SPEC: Spec =
    Spec { name: "tsv", endings: &["tsv"], detect: Some(looks_like), parse, label_carries: false };

/// Nobody says more characters in a second: whole numbers that would mean that are seconds, not milliseconds.
const FASTEST: f64 = 100.0;

/// The longest time, in seconds: as for a stamp, a thousand hours.
const LONGEST: f64 = 3_600_000.0;

/// Which column holds what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    start: usize,
    end: Option<usize>,
    text: usize,
    speaker: Option<usize>,
    /// The first line is a header.
    header: bool,
}

/// What a time in a cell is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Seconds,
    Milliseconds,
}

/// Whether a text is such a table: by its header, or because nearly every line begins with two numbers.
fn looks_like(text: &str) -> bool {
    let mut filled = lines(text).filter(|line| !line.text.trim().is_empty());
    let Some(first) = filled.next() else { return false };
    if header(first.text).is_some() {
        return true;
    }
    let (mut rows, mut others) = (0usize, 0usize);
    // Audacity writes frequencies below a label.
    let labels = std::iter::once(first).chain(filled).filter(|line| !line.text.starts_with("\\\t"));
    for line in labels.take(200) {
        let mut cells = line.text.split('\t');
        let row = [cells.next(), cells.next()].iter().all(|cell| cell.is_some_and(|cell| number(cell).is_some()));
        if row && cells.next().is_some() { rows += 1 } else { others += 1 }
    }
    rows > others * 9
}

/// The columns of a header: it names a start and a text.
fn header(line: &str) -> Option<Columns> {
    let names: Vec<String> = line.split('\t').map(|name| name.trim().trim_matches('"').to_lowercase()).collect();
    let column = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
    Some(Columns {
        start: column(&["start", "start_time", "begin", "from"])?,
        end: column(&["end", "end_time", "stop", "to"]),
        text: column(&["text", "transcript", "sentence"])?,
        speaker: column(&["speaker", "name"]),
        header: true,
    })
}

/// Reads a text that [`looks_like`] such a table.
///
/// # Errors
/// A start is no time.
fn parse(text: &str) -> Result<Parsed> {
    let mut filled = lines(text).filter(|line| !line.text.trim().is_empty()).peekable();
    let unheaded = Columns { start: 0, end: Some(1), text: 2, speaker: None, header: false };
    let columns = filled.peek().and_then(|line| header(line.text)).unwrap_or(unheaded);
    let unit = unit(text, columns);
    let mut parsed = Parsed::default();
    for line in filled.skip(usize::from(columns.header)) {
        if let Some(cue) = row(line, columns, unit, &mut parsed)? {
            parsed.cues.push(cue);
        }
    }
    if unit == Unit::Seconds && columns.header && !text.contains(['.', ',', ':']) {
        let message =
            "the times are whole numbers and were read as seconds: as milliseconds they would leave no time to speak";
        parsed.notes.push(Note::warning(1, "seconds", message));
    }
    Ok(parsed)
}

fn row(line: Line<'_>, columns: Columns, unit: Unit, parsed: &mut Parsed) -> Result<Option<RawCue>> {
    let cells: Vec<&str> = line.text.split('\t').collect();
    let cell = |column: usize| cells.get(column).map(|cell| cell.trim());
    let start = cell(columns.start).unwrap_or_default();
    let Some((start, grain)) = time(start, unit) else {
        // A second line of a text, or a line of frequencies below a label of Audacity.
        let (Some(last), None) = (parsed.cues.last_mut(), cell(1)) else {
            if line.text.starts_with("\\\t") {
                return Ok(None);
            }
            let what = format!("'{}' is no time in the column of starts", start.chars().take(40).collect::<String>());
            let help =
                "write seconds, milliseconds as a whole number, or a stamp such as 00:17.250; part columns by tabs";
            return Err(Error::new(Kind::Input, what).at_line(line.number).help(help));
        };
        parsed.notes.push(Note::info(
            line.number,
            "continued",
            "this line has no times and was added to the one before",
        ));
        last.text.push('\n');
        last.text.push_str(line.text.trim());
        return Ok(None);
    };
    let end = columns.end.and_then(cell).and_then(|end| time(end, unit)).map(|(end, _)| end);
    // Tabs beyond the last column are the text's own.
    let others = [Some(columns.start), columns.end, columns.speaker];
    let last = others.iter().flatten().all(|column| *column < columns.text);
    let text = match cells.get(columns.text..) {
        Some(rest) if last => rest.join(" "),
        Some([text, ..]) => (*text).to_owned(),
        _ => String::new(),
    };
    let speaker = columns.speaker.and_then(cell).filter(|name| !name.is_empty()).map(str::to_owned);
    Ok(Some(RawCue { line: line.number, start, end, grain, text: unquoted(&text), speaker, ..RawCue::default() }))
}

/// A text without the quotes that spreadsheets put around it.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) if inner.replace("\"\"", "").find('"').is_none() => inner.replace("\"\"", "\""),
        _ => text.to_owned(),
    }
}

/// What whole numbers are: milliseconds where there is a header, unless nobody could speak that fast.
fn unit(text: &str, columns: Columns) -> Unit {
    let (mut time, mut letters) = (0.0, 0usize);
    for line in lines(text).skip(usize::from(columns.header)) {
        let cells: Vec<&str> = line.text.split('\t').collect();
        let value = |column: usize| cells.get(column).and_then(|cell| number(cell));
        let Some(start) = value(columns.start) else { continue };
        if start.fract() != 0.0 || cells.get(columns.start).is_some_and(|cell| cell.contains('.')) {
            return Unit::Seconds;
        }
        if let Some(end) = columns.end.and_then(value) {
            time += (end - start).max(0.0);
            letters += cells.get(columns.text).map_or(0, |text| text.chars().count());
        }
    }
    let too_fast = time > 0.0 && letters as f64 > FASTEST * time / 1000.0;
    if too_fast { Unit::Seconds } else { Unit::Milliseconds }
}

/// A number that could be a time, with a comma or a point.
fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    let digits = cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    cell.replace(',', ".").parse().ok().filter(|_| digits)
}

/// The time in a cell and how precise it is.
fn time(cell: &str, unit: Unit) -> Option<(Ticks, Ticks)> {
    if let Ok(stamp) = stamp(cell) {
        return Some((stamp.start, stamp.grain)).filter(|_| stamp.text.is_empty() && stamp.end.is_none());
    }
    let (number, whole) = (number(cell)?, !cell.contains(['.', ',']));
    let seconds = if unit == Unit::Milliseconds { number / 1000.0 } else { number };
    let grain = if unit == Unit::Seconds && whole { Ticks(TICKS_PER_SECOND) } else { FINE };
    Some((Ticks::from_secs(seconds), grain)).filter(|_| seconds < LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        assert!(looks_like(text), "{text}");
        let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let end = |cue: &RawCue| cue.end.map_or(String::new(), |end| end.to_string());
        let name = |cue: &RawCue| cue.speaker.as_ref().map_or(String::new(), |name| format!("{name}: "));
        parsed
            .cues
            .unpacked()
            .iter()
            .map(|c| format!("{} {}-{} {}{}", c.line, c.start, end(c), name(c), c.text))
            .collect()
    }

    #[test]
    fn tables_as_programs_write_them() {
        let rows: &[(&str, &str, &[&str])] = &[
            (
                "whisper",
                "start\tend\ttext\n0\t4200\tThe tide comes in.\n4200\t9000\tIt goes\tout.\n",
                &["2 0:00.000-0:04.200 The tide comes in.", "3 0:04.200-0:09.000 It goes out."],
            ),
            (
                "seconds with fractions",
                "start\tend\ttext\n0.0\t4.2\tThe tide.\n4,2\t9\tOut.\n",
                &["2 0:00.000-0:04.200 The tide.", "3 0:04.200-0:09.000 Out."],
            ),
            (
                "whole seconds",
                "start\tend\ttext\n0\t4\tThe tide comes in.\n4\t9\tIt goes out.\n",
                &["2 0:00.000-0:04.000 The tide comes in.", "3 0:04.000-0:09.000 It goes out."],
            ),
            (
                "stamps, other order, speaker, quotes",
                "Speaker\tText\tStart\tEnd\nAnna\t\"She said \"\"no\"\".\"\t00:01:02.5\t00:01:04\n\tYes\t62\t\n",
                &["2 1:02.500-1:04.000 Anna: She said \"no\".", "3 0:00.062- Yes"],
            ),
            (
                "Audacity",
                "0.000000\t1.500000\tHello there\n\\\t100.0\t200.0\n1.500000\t2.000000\tBye\n2.5\t2.5\tEnd\n",
                &["1 0:00.000-0:01.500 Hello there", "3 0:01.500-0:02.000 Bye", "4 0:02.500-0:02.500 End"],
            ),
            ("a text on two lines", "start\tend\ttext\n0\t4200\tOne\ntwo.\n", &["2 0:00.000-0:04.200 One\ntwo."]),
        ];
        for (what, text, cues) in rows {
            assert_eq!(shown(text), *cues, "{what}");
        }
    }

    #[test]
    fn whole_seconds_are_told_and_wrong_times_are_errors() {
        let notes = parse("start\tend\ttext\n0\t4\tThe tide comes in\n").map(|parsed| parsed.notes).unwrap_or_default();
        assert_eq!(notes.finish().0.iter().map(|note| note.code).collect::<Vec<_>>(), ["seconds"]);
        let error = parse("start\tend\ttext\n0\t4\tThe tide\nsoon\t9\tx\n").map(|_| ()).unwrap_err();
        assert!(error.to_string().starts_with("line 3: 'soon' is no time in the column of starts"), "{error}");
    }

    #[test]
    fn other_texts_are_no_tables() {
        for text in ["", "Hello\tyou", "start of the text\tend", "12 14 people", "0:17\t0:22\tHi", "1\t2", "1\tx\ty"] {
            assert!(!looks_like(text), "{text}");
        }
    }
}
