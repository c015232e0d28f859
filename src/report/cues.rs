//! In: a planned track. Out: each of its lines as the report has it, in seconds and in words. Decides nothing.

use super::{rounded, seconds};
use crate::notes::Note;
use crate::render::PlannedTrack;
use crate::text::sayable;
use crate::time::Ticks;
use crate::transcript::{Cue, Mark, Sounds, What};
use crate::verdict::{Line, Times};
use serde::Serialize;
use std::ops::Range;

/// How a line kept to its window; the gravest that is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It did.
    Ok,
    /// It began noticeably after its stamp.
    Late,
    /// It began noticeably before its stamp.
    Early,
    /// It was spoken noticeably faster than the voice's own pace.
    Hurried,
    /// It ended noticeably after its window.
    Overrun,
    /// Words of it were left out, since there was no time for them.
    Cut,
    /// There was nothing to say.
    Skipped,
}

/// One word of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordReport {
    /// As the transcript has it.
    pub text: String,
    /// Where its first sound begins, in seconds.
    pub start: f64,
    /// Where its last sound ends, in seconds.
    pub end: f64,
    /// Its place in the line's text, in bytes.
    #[serde(skip)]
    pub place: Range<usize>,
}

/// A stretch of a line that is not spoken, although it is text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unspoken {
    /// As the transcript has it.
    pub text: String,
    /// Why, in words.
    pub why: &'static str,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CueReport {
    /// Its number in the track, from 1.
    pub index: usize,
    /// Its line in the file.
    pub line: usize,
    /// Its stamp in seconds.
    pub start: Option<f64>,
    /// The end of its window: the end it was given, or the next stamp.
    pub end: Option<f64>,
    /// How precise its stamp is, in seconds; none in a narration.
    pub grain: Option<f64>,
    /// Whether the transcript gives the end; else it is the next stamp, or nothing.
    pub end_stated: bool,
    /// In a narration, its paragraph, from 1.
    pub paragraph: Option<usize>,
    /// The transcript's own text.
    pub text: String,
    /// What the voice was given.
    pub spoken: String,
    /// Its language.
    pub lang: &'static str,
    /// Who speaks, where the transcript says so.
    pub speaker: Option<String>,
    /// The voice; none for a line that was skipped.
    pub voice: Option<String>,
    /// The number of the utterance it begins in, from 1.
    pub utterance: Option<usize>,
    /// Where its first sound begins.
    pub speech_start: Option<f64>,
    /// Where its last sound ends.
    pub speech_end: Option<f64>,
    /// How long the voice would speak what is heard of it by itself.
    pub natural_s: f64,
    /// How long it is spoken.
    pub spoken_s: f64,
    /// Natural against spoken: above 1 is faster than the voice's own pace.
    pub rate: f64,
    /// How far after its stamp it begins.
    pub start_error_s: f64,
    /// How far past its window it ends.
    pub overrun_s: f64,
    /// How long the voice would speak what was cut of it by itself.
    pub cut_s: f64,
    /// About how many characters there were too many, here and just before, for a line that was late, hurried, cut or past
    /// its window.
    pub excess_chars: usize,
    /// The verdict.
    pub status: Status,
    /// The verdict in words; empty where all is well.
    pub remark: String,
    /// What of it was left out, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unspoken: Vec<Unspoken>,
    /// Its words.
    pub words: Vec<WordReport>,
    /// The places in its text that were left out, in bytes.
    #[serde(skip)]
    pub silent: Vec<Range<usize>>,
    /// Whether it began noticeably late, whatever else.
    #[serde(skip)]
    pub late: bool,
    /// Whether it began noticeably early, whatever else.
    #[serde(skip)]
    pub early: bool,
    /// Whether it was hurried, whatever else.
    #[serde(skip)]
    pub hurried: bool,
    /// Whether it ended noticeably past its window, whatever else.
    #[serde(skip)]
    pub overran: bool,
}

impl CueReport {
    /// A note for a line that missed its window.
    pub(super) fn note(&self) -> Option<Note> {
        let code = match self.status {
            Status::Ok | Status::Skipped => return None,
            Status::Late => "late-start",
            Status::Early => "early-start",
            Status::Hurried => "hurried",
            Status::Cut => "cut",
            Status::Overrun => "overrun",
        };
        Some(Note::warning(self.line, code, self.remark.clone()))
    }
}

/// The report on each line of what is rendered, in order.
pub(super) fn cues(planned: &PlannedTrack, sample_rate: u32) -> Vec<CueReport> {
    let held = (0..planned.cues.len()).filter(|i| planned.holds(*i, sample_rate));
    held.map(|i| cue(planned, i, sample_rate)).collect()
}

/// The clock of what is rendered.
struct TrackClock {
    rate: u32,
    /// Its samples on the clock of the whole track.
    window: Range<u64>,
}

impl TrackClock {
    /// A time of the whole track on this clock, to the sample; its beginning or its end for what lies beyond it.
    fn at(&self, time: Ticks) -> Ticks {
        let sample = time.to_samples(self.rate).clamp(self.window.start, self.window.end);
        Ticks::from_samples(sample - self.window.start, self.rate)
    }

    /// A time of the transcript on this clock; its beginning for what lies before it.
    fn stamp(&self, time: Ticks) -> Ticks {
        match self.window.start {
            0 => time,
            start => (time - Ticks::from_samples(start, self.rate)).max(Ticks::ZERO),
        }
    }

    /// Whether anything of this lies within it.
    fn hears(&self, times: &Times) -> bool {
        times.onset.to_samples(self.rate) < self.window.end && times.end.to_samples(self.rate) > self.window.start
    }
}

fn cue(planned: &PlannedTrack, i: usize, sample_rate: u32) -> CueReport {
    let (cue, line) = (&planned.cues[i], &planned.lines[i]);
    let on_sample = |t: Ticks| Ticks::from_samples(t.to_samples(sample_rate), sample_rate);
    let clock = TrackClock { rate: sample_rate, window: planned.window_at(sample_rate) };
    let onset = line.heard.map(|heard| on_sample(heard.onset));
    let end = line.heard.map(|heard| on_sample(heard.end));
    let error = onset.zip(cue.start()).map_or(Ticks::ZERO, |(onset, start)| onset - start);
    let past = end.zip(line.window).map_or(Ticks::ZERO, |(end, window)| (end - window.at).max(Ticks::ZERO));
    let words = planned.words[i].iter().zip(&line.words).filter_map(|(word, times)| {
        let times = times.filter(|times| !planned.is_part() || clock.hears(times))?;
        let text = cue.text().get(word.text.clone())?.to_owned();
        let (start, end) = (seconds(clock.at(times.onset)), seconds(clock.at(times.end)));
        Some(WordReport { text, start, end, place: word.text.clone() })
    });
    let spoken: Vec<&str> = planned.words[i].iter().map(|w| w.spoken.as_str()).collect();
    let lost = lost(planned, i);
    let not_heard = lost.iter().map(|text| Unspoken { text: text.clone(), why: NO_TIME });
    let pushed_by = line.pushed_by.map(|by| named_beside(&planned.cues[by], cue));
    CueReport {
        index: cue.index(),
        line: cue.line(),
        start: cue.start().map(|start| seconds(clock.stamp(start))),
        end: line.window.filter(|_| cue.start().is_some()).map(|window| seconds(clock.stamp(window.at))),
        grain: cue.start().map(|_| seconds(cue.grain())),
        end_stated: cue.end().is_some(),
        paragraph: Some(cue.paragraph()).filter(|_| cue.start().is_none()),
        text: cue.text().to_owned(),
        spoken: spoken.join(" "),
        lang: planned.langs[i].tag(),
        speaker: cue.speaker().map(str::to_owned),
        voice: line.utterance.map(|number| planned.drafts[number].voice.id().to_owned()),
        utterance: line.utterance.map(|number| number + 1),
        speech_start: onset.map(|onset| seconds(clock.at(onset))),
        speech_end: end.map(|end| seconds(clock.at(end))),
        natural_s: seconds(line.natural_of_heard()),
        spoken_s: seconds(line.spoken),
        rate: rounded(line.rate),
        start_error_s: seconds(error),
        overrun_s: seconds(past),
        cut_s: seconds(line.cut),
        excess_chars: line.excess,
        status: status(line),
        remark: remark(line, &lost, pushed_by.as_deref(), || skipped(cue, planned.sounds)),
        unspoken: unspoken(cue, planned.sounds).chain(not_heard).collect(),
        words: words.collect(),
        silent: silent(cue, planned.sounds).map(|mark| mark.place.clone()).collect(),
        late: line.late,
        early: line.early,
        hurried: line.hurried,
        overran: line.overran,
    }
}

/// Why words of a line that is cut are not heard.
const NO_TIME: &str = "there is no time for it";

/// The stretches of a line that are cut, as the transcript has them.
fn lost(planned: &PlannedTrack, i: usize) -> Vec<String> {
    let (words, text) = (&planned.words[i], planned.cues[i].text());
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let mut last: Option<usize> = None;
    for &word in &planned.lines[i].lost {
        let place = words[word].text.clone();
        match stretches.last_mut() {
            Some(stretch) if last.is_some_and(|last| last + 1 == word) => stretch.end = place.end,
            _ => stretches.push(place),
        }
        last = Some(word);
    }
    stretches.into_iter().filter_map(|place| text.get(place).map(str::to_owned)).collect()
}

/// The stretches of a line that are no speech and were left out.
fn unspoken(cue: &Cue, sounds: Sounds) -> impl Iterator<Item = Unspoken> {
    silent(cue, sounds).filter_map(|mark| {
        let What::Silent(why) = mark.what;
        let text = cue.text().get(mark.place.clone()).filter(|text| sayable(text))?;
        Some(Unspoken { text: text.to_owned(), why: why.words() })
    })
}

/// The marks of what is not spoken in a line.
fn silent(cue: &Cue, sounds: Sounds) -> impl Iterator<Item = &Mark> {
    cue.marks().iter().filter(move |mark| {
        let What::Silent(why) = mark.what;
        sounds.leave_out(why)
    })
}

/// Why a line was skipped.
fn skipped(cue: &Cue, sounds: Sounds) -> String {
    match cue.silence().filter(|why| sounds.leave_out(*why)) {
        Some(why) => format!("nothing to say: it {}", why.words()),
        None => "nothing to say".to_owned(),
    }
}

fn status(line: &Line) -> Status {
    if line.utterance.is_none() {
        Status::Skipped
    } else if line.cut > Ticks::ZERO {
        Status::Cut
    } else if line.late {
        Status::Late
    } else if line.early {
        Status::Early
    } else if line.overran {
        Status::Overrun
    } else if line.hurried {
        Status::Hurried
    } else {
        Status::Ok
    }
}

/// A cue, for somebody who looks at another one: its line in the file, or its number where both stand on one line.
fn named_beside(cue: &Cue, other: &Cue) -> String {
    if cue.line() == other.line() { format!("cue {}", cue.index()) } else { format!("line {}", cue.line()) }
}

/// The verdict in words. `lost` is what is cut of it, `pushed_by` the name of the cue that takes its time.
fn remark(line: &Line, lost: &[String], pushed_by: Option<&str>, skipped: impl Fn() -> String) -> String {
    if line.utterance.is_none() {
        return skipped();
    }
    let mut parts = Vec::new();
    if line.late {
        let why = pushed_by.map_or(String::new(), |by| format!(" because {by} takes so long"));
        parts.push(format!("begins {:.2} s after its stamp{why}", line.error.secs()));
    }
    if line.early {
        parts.push(format!("begins {:.2} s before its stamp", -line.error.secs()));
    }
    if line.heard.is_none() {
        parts.push("not heard: there is no time for it".to_owned());
    } else if line.cut > Ticks::ZERO {
        parts.push(format!("cut: there is no time for '{}'", lost.join("', '")));
    } else if line.overran {
        parts.push(format!("ends {:.2} s past its window", line.past.secs()));
    }
    if line.hurried {
        parts.push(format!("spoken at {:.2} of the voice's pace", line.rate));
    }
    if line.excess > 0 {
        let unit = if line.excess == 1 { "character" } else { "characters" };
        let place = if line.late { " up to here" } else { "" };
        parts.push(format!("about {} {unit} too many{place}", line.excess));
    }
    parts.join(", ")
}
