//! In: lines and what became of each in the plan. Out: an error where one of them misses its window, in words. Decides
//! nothing about windows.

use crate::error::{Error, Kind, Result, Setting, advice};
use crate::time::Ticks;
use crate::transcript::Cue;
use crate::verdict::Line;

/// How many lines a message names.
const NAMED: usize = 5;

/// An error that names the lines which miss their windows, where there are any.
pub(super) fn all_fit(cues: &[Cue], lines: &[Line]) -> Result<()> {
    let missed: Vec<(&Cue, &Line)> = cues.iter().zip(lines).filter(|(_, line)| line.missed()).collect();
    let Some((first, _)) = missed.first() else { return Ok(()) };
    let told = missed.iter().take(NAMED).map(|(cue, line)| {
        let how = if line.late {
            format!("would begin {:.2} s late", line.error.secs())
        } else if line.cut > Ticks::ZERO {
            "would not be over where the track ends".to_owned()
        } else if line.early {
            format!("would begin {:.2} s early", -line.error.secs())
        } else {
            format!("would end {:.2} s past its window", line.past.secs())
        };
        format!("line {} {how} (about {} characters too many)", cue.line(), line.excess)
    });
    let mut told = told.collect::<Vec<_>>().join("; ");
    if missed.len() > NAMED {
        told += &format!("; and so would {} more", missed.len() - NAMED);
    }
    let error = Error::new(Kind::Input, format!("there is not enough time for every line: {told}"));
    Err(error.at_line(first.line()).at_cue(first.index()).with_remedy(advice![
        "shorten them, allow a greater ",
        Setting::MaxRate,
        " or ",
        Setting::Lag,
        ", or let ",
        Setting::Overflow,
        " hold, push or trim decide what becomes of them"
    ]))
}
