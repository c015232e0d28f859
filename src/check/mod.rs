//! In: a transcript that was read, and what is wanted of its track. Out: findings: what will not be heard as it was meant,
//! as far as the file alone tells, each with its line. Knows no voice, no phonemes and no plan; what the plan makes of
//! a line is told by [`report`](crate::report).
//!
//! | code | level | what |
//! |---|---|---|
//! | `too-short` | warning | a line has no time to be spoken, even at the highest rate |
//! | `tight` | hint | a line has to be hurried, or runs into the silence after it |
//! | `no-end` | hint | a line has no end, where most have one |
//! | `late-beginning` | hint | the first line begins after more than an hour |
//! | `odd-language` | hint | a line is in another language than those around it |
//! | `foreign-language` | warning | the text, or a line, is in a language that no voice speaks |
//! | `other-script`, `long-word` | warning | letters no voice reads; a word that is none |
//! | `repeated` | hint | the same words three times and more, as recognisers write in silence |
//! | `invented` | hint | words that recognisers write where nobody speaks |
//! | `address` | hint | an address that will be spelt |
//! | `not-spoken` | hint | a line that is no speech and is left out |
//! | `unknown-speaker` | warning | a voice was chosen for somebody who is not there |
//! | `similar-speakers` | hint | two names that may be one person |
//!
//! What was odd in reading the file comes first; those codes are of [`transcript`](crate::transcript).

mod lines;
mod pace;
pub(crate) mod remarks;
mod speakers;
mod windows;

use crate::lang::Lang;
use crate::notes::{Level, Note, Notes};
use crate::transcript::{Cue, Sounds, Transcript};
use crate::words::language::languages;

/// What is wanted of the track.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// The language of every line; found line by line where it is `None`.
    pub lang: Option<Lang>,
    /// The highest rate against the voice's own pace.
    pub max_rate: f64,
    /// The voice's own pace in characters a second; that of the default voices where it is `None`.
    pub pace: Option<f64>,
    /// What becomes of sounds and music that the transcript describes.
    pub sounds: Sounds,
    /// Names of speakers that a voice was chosen for.
    pub speakers: Vec<String>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { lang: None, max_rate: 1.3, pace: None, sounds: Sounds::Skip, speakers: Vec::new() }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Lines with a time.
    pub lines: usize,
    /// Sentences without one.
    pub sentences: usize,
    /// How long it would take to say all of it, in seconds, as estimated from the text.
    pub speech_s: f64,
    /// The findings, in the order of their lines; those about the whole file first. Of those that come more often than
    /// a thousand times only the first are told, and how many more there are.
    pub findings: Vec<Note>,
    /// How many warnings and how many hints are not told.
    pub untold: [usize; 2],
}

impl Checked {
    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Level::Warning) + self.untold[0]
    }

    /// How many hints there are.
    pub fn hints(&self) -> usize {
        self.count(Level::Info) + self.untold[1]
    }

    fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|note| note.level == level).count()
    }
}

/// Judges a transcript. Pure: the same transcript and limits give the same findings.
pub fn check(transcript: Transcript, limits: &Limits) -> Checked {
    let Transcript { stamped, prose, notes, .. } = transcript;
    let mut findings = Notes::new(notes);
    let mut speech_s = 0.0;
    for cues in [&stamped, &prose] {
        let langs = languages_of(cues, limits);
        speech_s += windows::judge(cues, |at| pace::seconds(&cues[at], langs[at], limits), limits, &mut findings);
        lines::judge(cues, &langs, limits, &mut findings);
        findings.extend(remarks::on_lines(cues));
    }
    let all = || stamped.iter().chain(&prose);
    findings.extend(remarks::on_speakers(limits.speakers.iter().map(String::as_str), all()));
    speakers::judge(all(), &mut findings);
    let (findings, untold) = findings.finish();
    Checked { lines: stamped.len(), sentences: prose.len(), speech_s, findings, untold }
}

fn languages_of(cues: &[Cue], limits: &Limits) -> Vec<Lang> {
    languages(cues.iter().map(|cue| (cue.unmarked(cue.text()), cue.lang())), limits.lang)
}

#[cfg(test)]
mod tests;
