//! In: the text of an ASS or SSA file. Out: a raw cue for each `Dialogue:` line, in order of time. Styles, comments,
//! fonts and pictures say nothing. Knows no markup.
//!
//! The format is that of <http://www.tcax.org/docs/ass-specs.htm>; columns stand where the `Format:` line puts them.

use super::spec::{Parsed, Spec};
use crate::notes::Note;
use crate::transcript::raw::{Markup, RawCue};
use crate::transcript::tally::Tally;
use crate::transcript::text::clock::{Fraction, clock};
use crate::transcript::text::lines::{Line, lines};

/// Advanced SubStation Alpha and its forerunner.
pub(super) static SPEC: Spec = Spec {
    name: "ass",
    endings: &["ass", "ssa"],
    detect: Some(is_ass),
    parse: |text| Ok(parse(text)),
    label_carries: false,
};

/// How the columns of an event stand where no line says so.
const COLUMNS: &str = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";

/// Whether this is an ASS or SSA file: it has a section of theirs, or events alone.
fn is_ass(text: &str) -> bool {
    lines(text).find(|line| !line.text.is_empty() && !line.text.starts_with(';')).is_some_and(|line| {
        let section = line.text.trim().to_ascii_lowercase();
        matches!(section.as_str(), "[script info]" | "[events]")
            || section.ends_with("styles]")
            || event(line.text).is_some()
    })
}

/// What follows `Dialogue:` where that begins the line and a number and a comma come next.
fn event(line: &str) -> Option<&str> {
    let rest = after(line, "Dialogue")?;
    let (layer, _) = rest.split_once(',')?;
    let layer = layer.trim().trim_start_matches("Marked=");
    (!layer.is_empty() && layer.bytes().all(|b| b.is_ascii_digit())).then_some(rest)
}

/// What follows `NAME:` at the beginning of a line.
fn after<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (first, rest) = line.split_once(':')?;
    first.trim().eq_ignore_ascii_case(name).then_some(rest.trim_start())
}

/// Where the columns of an event stand that matter here.
struct Columns {
    count: usize,
    start: usize,
    end: usize,
    name: Option<usize>,
}

impl Columns {
    /// The text is the last column wherever it is named, as every player has it.
    fn of(format: &str) -> Option<Columns> {
        let names: Vec<String> = format.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        let at = |wanted: &str| names.iter().position(|name| name == wanted);
        Some(Columns {
            count: names.len(),
            start: at("start")?,
            end: at("end")?,
            name: at("name").or_else(|| at("actor")),
        })
    }

    /// The columns of the default form.
    fn standard() -> Columns {
        Columns::of(COLUMNS).unwrap_or(Columns { count: 10, start: 1, end: 2, name: Some(4) })
    }
}

/// Reads a text that [`is_ass`].
fn parse(text: &str) -> Parsed {
    let (mut parsed, mut tally, mut columns) = (Parsed::default(), Tally::default(), Columns::standard());
    let mut in_events = true;
    for line in lines(text) {
        if line.text.starts_with('[') && line.text.ends_with(']') {
            in_events = line.text.eq_ignore_ascii_case("[events]");
        } else if !in_events && event(line.text).is_none() {
            note_timer(line, &mut tally);
        } else if let Some(format) = after(line.text, "Format") {
            match Columns::of(format) {
                Some(found) => columns = found,
                None => {
                    let message = "this line names no columns Start and End; the usual order is taken";
                    tally.add(Note::warning(line.number, "odd-format-line", message));
                }
            }
        } else if let Some(rest) = after(line.text, "Dialogue") {
            match dialogue(line.number, rest, &columns, &mut tally) {
                Some(cue) => parsed.cues.push(cue),
                None => {
                    let message = "this event has too few columns or times that cannot be read; it is not spoken";
                    tally.add(Note::warning(line.number, "unreadable-event", message));
                }
            }
        } else if after(line.text, "Comment").is_some() {
            tally.add(Note::info(line.number, "comment", "this line is a comment and is not spoken"));
        }
    }
    // Players sort events too; their order in the file means nothing.
    parsed.cues.sort();
    parsed.notes.extend(tally.notes());
    parsed
}

/// Says so where the clock of a file is meant to run at another speed, which hardly any player heeds.
fn note_timer(line: Line<'_>, tally: &mut Tally) {
    let speed = after(line.text, "Timer").and_then(|speed| speed.trim().replace(',', ".").parse::<f64>().ok());
    if speed.is_some_and(|speed| (speed - 100.0).abs() > 1e-6) {
        let message = "the speed that 'Timer' asks for is ignored: times are read as they are written";
        tally.add(Note::warning(line.number, "timer", message));
    }
}

fn dialogue(number: usize, rest: &str, columns: &Columns, tally: &mut Tally) -> Option<RawCue> {
    let fields: Vec<&str> = rest.splitn(columns.count, ',').collect();
    let text = fields.get(columns.count.checked_sub(1)?)?;
    let (start, odd_start) = clock(fields.get(columns.start)?.trim(), Fraction::Decimal)?;
    let (end, odd_end) = clock(fields.get(columns.end)?.trim(), Fraction::Decimal)?;
    if !odd_start.is_empty() || !odd_end.is_empty() || start.fields != 3 || end.fields != 3 {
        let message = format!("a time is not written as ASS has it, H:MM:SS.cc; it was read as {}", start.value);
        tally.add(Note::info(number, "sloppy-time", message));
    }
    let name = columns.name.and_then(|at| fields.get(at)).map(|name| name.trim()).filter(|name| !name.is_empty());
    Some(RawCue {
        flat: true,
        line: number,
        start: start.value,
        end: Some(end.value),
        grain: start.grain,
        text: (*text).to_owned(),
        markup: Markup::Ass,
        speaker: name.map(str::to_owned),
        lang: None,
        times: Vec::new(),
    })
}
