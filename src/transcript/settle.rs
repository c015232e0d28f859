//! In: raw cues as any format's module gives them. Out: cues: markup removed, what is no speech marked, speakers found,
//! in order of time. The same for every format but for the rules it is told. Knows no format's syntax.

use super::raw::RawCue;
use super::{Cue, Format, order};
use crate::notes::Note;

/// Makes cues of what a format's module found.
pub(super) fn settle(raw: Vec<RawCue>, _format: Format, notes: &mut Vec<Note>) -> Vec<Cue> {
    let mut cues: Vec<Cue> = raw.into_iter().map(plain).collect();
    order::settle(&mut cues, notes);
    cues
}

fn plain(raw: RawCue) -> Cue {
    Cue {
        line: raw.line,
        start: Some(raw.start),
        end: raw.end,
        grain: raw.grain,
        text: raw.text.replace('\n', " "),
        speaker: raw.speaker,
        lang: raw.lang,
        ..Cue::default()
    }
}
