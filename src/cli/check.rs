//! In: `check` and its options. Out: what is wrong with transcripts, a line for each finding, or all of it as JSON.
//! Loads no voice and speaks nothing.

use super::args::CheckArgs;
use super::exit::Exit;
use super::remedy::told;
use super::{names, print_out, printable, render};
use cuevox::check::{Checked, Limits, check};
use cuevox::error::{Error, Kind, Result};
use cuevox::notes::{Level, Note};
use cuevox::time::Ticks;
use cuevox::transcript::{self, Format};
use cuevox::voice::cast::Key;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

/// Everything that was found in all inputs, as JSON.
#[derive(Serialize)]
struct Findings<'a> {
    version: u32,
    program: &'static str,
    inputs: Vec<OneInput<'a>>,
    summary: Summary,
}

/// What was found in one input; an error and nothing else where it cannot be read.
#[derive(Serialize)]
struct OneInput<'a> {
    path: String,
    format: Option<&'static str>,
    encoding: Option<&'static str>,
    lines: usize,
    sentences: usize,
    speech_s: f64,
    notes: &'a [Note],
    error: Option<Complaint>,
}

/// Why an input cannot be read.
#[derive(Serialize)]
struct Complaint {
    line: Option<usize>,
    message: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Summary {
    inputs: usize,
    unreadable: usize,
    warnings: usize,
    hints: usize,
}

/// How many bytes of findings are printed together.
const AT_ONCE: usize = 1 << 16;

/// The fastest a line may be spoken where nothing else is said.
const MAX_RATE: f64 = 1.3;

type Judged = Result<(Format, &'static str, Checked)>;

pub(super) fn run(args: &CheckArgs) -> Result<Exit> {
    let limits = Limits {
        lang: args.lines.lang.map(|tongue| tongue.lang),
        max_rate: args.lines.max_rate.map_or(MAX_RATE, |rate| f64::from(rate.0) / 1000.0),
        pace: args.pace,
        sounds: args.lines.sounds(),
        speakers: args.lines.voices.iter().filter_map(|choice| speaker(&choice.key)).collect(),
    };
    let mut summary = Summary::default();
    let mut all: Vec<Judged> = Vec::new();
    for input in &args.inputs {
        let judged = one(input, args, &limits);
        summary.add(&judged);
        if args.json {
            all.push(judged);
        } else {
            say(input, &judged, print_out)?;
        }
    }
    if args.json {
        print_out(&as_json(args, &all, summary)?)?;
    } else {
        print_out(&(closing(summary) + "\n"))?;
    }
    Ok(match summary {
        Summary { unreadable: 1.., .. } => Exit::Failed,
        Summary { warnings, hints, .. } if args.strict && warnings + hints > 0 => Exit::Missed,
        _ => Exit::Done,
    })
}

fn speaker(key: &Key) -> Option<String> {
    match key {
        Key::Speaker(name) => Some(name.clone()),
        _ => None,
    }
}

fn one(input: &Path, args: &CheckArgs, limits: &Limits) -> Judged {
    let bytes = names::read(input).map_err(|e| render::placed(e, input))?;
    let transcript = transcript::read_owned(bytes, args.lines.encoding).map_err(|e| render::placed(e, input))?;
    let (format, encoding) = (transcript.format, transcript.encoding);
    Ok((format, encoding, check(transcript, limits)))
}

impl Summary {
    fn add(&mut self, judged: &Judged) {
        self.inputs += 1;
        match judged {
            Ok((.., checked)) => {
                self.warnings += checked.warnings();
                self.hints += checked.hints();
            }
            Err(_) => self.unreadable += 1,
        }
    }
}

/// `FILE:LINE: level: message [code]` for each finding, and a line about the file.
fn say(input: &Path, judged: &Judged, mut print: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let name = printable(&names::called(input).to_string_lossy());
    let (format, encoding, checked) = match judged {
        Ok(judged) => judged,
        Err(error) => {
            // The place stands at the front, as for any other finding.
            let line = error.line().map_or_else(String::new, |line| format!("{line}:"));
            let said = printable(&format!("{name}:{line} error: {} [unreadable]", without_place(error)));
            return print(&(said + "\n"));
        }
    };
    let mut text = String::new();
    for note in &checked.findings {
        let line = note.line.map_or_else(String::new, |line| format!("{line}:"));
        let level = if note.level == Level::Warning { "warning" } else { "hint" };
        let _ = writeln!(text, "{}", printable(&format!("{name}:{line} {level}: {} [{}]", note.message, note.code)));
        // A million findings are not held once more as text.
        if text.len() > AT_ONCE {
            print(&text)?;
            text.clear();
        }
    }
    let mut about = format!("{name}: {}, {encoding}", format.name());
    for (count, one, many) in [(checked.lines, "line", "lines"), (checked.sentences, "sentence", "sentences")] {
        if count > 0 {
            let _ = write!(about, ", {count} {}", if count == 1 { one } else { many });
        }
    }
    let _ = writeln!(text, "{about}, about {} of speech", Ticks::from_secs(checked.speech_s.round()));
    print(&text)
}

/// An error in words, without the file and the line it begins with.
fn without_place(error: &Error) -> String {
    let said = told(error);
    let place = match (error.file(), error.line()) {
        (Some(file), Some(line)) => format!("{}:{line}: ", file.display()),
        (Some(file), None) => format!("{}: ", file.display()),
        (None, Some(line)) => format!("line {line}: "),
        (None, None) => String::new(),
    };
    said.strip_prefix(&place).unwrap_or(&said).to_owned()
}

fn closing(summary: Summary) -> String {
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let unreadable = match summary.unreadable {
        0 => String::new(),
        count => format!(", {count} that cannot be read"),
    };
    format!(
        "{} checked{unreadable}: {}, {}",
        count(summary.inputs, "file"),
        count(summary.warnings, "warning"),
        count(summary.hints, "hint")
    )
}

fn as_json(args: &CheckArgs, all: &[Judged], summary: Summary) -> Result<String> {
    let inputs = args.inputs.iter().zip(all).map(|(path, judged)| {
        let error = judged.as_ref().err().map(|e| Complaint { line: e.line(), message: without_place(e) });
        let read = judged.as_ref().ok();
        OneInput {
            path: path.to_string_lossy().into_owned(),
            format: read.map(|(format, ..)| format.name()),
            encoding: read.map(|(_, encoding, _)| *encoding),
            lines: read.map_or(0, |(.., checked)| checked.lines),
            sentences: read.map_or(0, |(.., checked)| checked.sentences),
            speech_s: read.map_or(0.0, |(.., checked)| (checked.speech_s * 10.0).round() / 10.0),
            notes: read.map_or(&[], |(.., checked)| &checked.findings),
            error,
        }
    });
    let program = concat!("cuevox ", env!("CARGO_PKG_VERSION"));
    let findings = Findings { version: 1, program, inputs: inputs.collect(), summary };
    serde_json::to_string_pretty(&findings)
        .map(|json| json + "\n")
        .map_err(|e| Error::new(Kind::Output, "the findings cannot be printed").because(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_finding_and_one_for_the_file() {
        let findings =
            vec![Note::warning(3, "too-short", "no time"), Note::info(None, "unknown-speaker", "who is\nthat")];
        let checked = Checked { lines: 1, sentences: 2, speech_s: 65.4, findings, untold: [0, 0] };
        let judged = Ok((Format::Stamped, "UTF-8", checked));
        let wanted = "a.txt:3: warning: no time [too-short]\na.txt: hint: who is\\nthat [unknown-speaker]\n\
                      a.txt: stamped, UTF-8, 1 line, 2 sentences, about 1:05.000 of speech\n";
        let said = |judged: &Judged| {
            let mut said = String::new();
            say(Path::new("a.txt"), judged, |text| {
                said.push_str(text);
                Ok(())
            })
            .expect("nothing stands in the way");
            said
        };
        assert_eq!(said(&judged), wanted);
        let error = Err(Error::new(Kind::Input, "cut off").in_file("a.txt").at_line(7).help("write it again"));
        assert_eq!(said(&error), "a.txt:7: error: cut off; write it again [unreadable]\n");
        let mut summary = Summary::default();
        [judged, error].iter().for_each(|judged| summary.add(judged));
        assert_eq!(summary, Summary { inputs: 2, unreadable: 1, warnings: 1, hints: 1 });
        assert_eq!(closing(summary), "2 files checked, 1 that cannot be read: 1 warning, 1 hint");
    }
}
