//! In: a planned track. Out: for each of its lines, what was spoken when, word by word, and a verdict. Decides nothing.

use super::{rounded, seconds};
use crate::draft::Draft;
use crate::notes::Note;
use crate::render::PlannedTrack;
use crate::text::sayable;
use crate::time::Ticks;
use crate::timing::{Slot, Span};
use crate::transcript::{Cue, Sounds, What};
use serde::Serialize;

/// From this rate on a line counts as hurried: up to 1.15 nobody minds (Perez 2019).
const HURRIED: f64 = 1.15;

/// How far a line may begin after its stamp before it counts as late, where the stamp is finer than that: viewers accept
/// sound that is 185 ms late (ITU-R BT.1359).
const LATE: Ticks = Ticks::from_millis(200);

/// How far a line may run past its window before it counts as overrun, where the stamps are finer than that.
const OVERRUN: Ticks = Ticks::from_millis(100);

/// How a line kept to its window; the gravest that is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It did.
    Ok,
    /// It began noticeably after its stamp.
    Late,
    /// It was spoken noticeably faster than the voice's own pace.
    Hurried,
    /// It ended noticeably after its window.
    Overrun,
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
    /// How long the voice would speak it by itself.
    pub natural_s: f64,
    /// How long it is spoken.
    pub spoken_s: f64,
    /// Natural against spoken: above 1 is faster than the voice's own pace.
    pub rate: f64,
    /// How far after its stamp it begins.
    pub start_error_s: f64,
    /// How far past its window it ends.
    pub overrun_s: f64,
    /// The verdict.
    pub status: Status,
    /// The verdict in words; empty where all is well.
    pub remark: String,
    /// What of it was left out, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unspoken: Vec<Unspoken>,
    /// Its words.
    pub words: Vec<WordReport>,
    /// Whether it began noticeably late, whatever else.
    #[serde(skip)]
    pub late: bool,
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
            Status::Hurried => "hurried",
            Status::Overrun => "overrun",
        };
        Some(Note::warning(self.line, code, self.remark.clone()))
    }
}

/// What was spoken of one line.
#[derive(Default)]
struct Heard {
    first: Option<(usize, Span)>,
    last: Option<Ticks>,
    natural: Ticks,
    spoken: Ticks,
    voice: Option<String>,
    words: Vec<Option<Span>>,
}

/// The report on each line, in order.
pub(super) fn cues(planned: &PlannedTrack, sample_rate: u32) -> Vec<CueReport> {
    let mut heard: Vec<Heard> =
        planned.words.iter().map(|words| Heard { words: vec![None; words.len()], ..Heard::default() }).collect();
    for (number, (draft, slot)) in planned.drafts.iter().zip(&planned.plan.slots).enumerate() {
        hear(number, draft, slot, &mut heard);
    }
    let windows = windows(&planned.cues);
    let reports = (0..planned.cues.len()).map(|i| cue(planned, i, &heard[i], windows[i], sample_rate));
    reports.collect()
}

/// Notes what one utterance says of which line.
fn hear(number: usize, draft: &Draft, slot: &Slot, heard: &mut [Heard]) {
    for ((part, tokens), span) in draft.pieces.iter().zip(&slot.spans) {
        let here = &mut heard[draft.utterance.parts[*part].cue];
        here.first.get_or_insert((number, *span));
        here.last = Some(span.end);
        here.natural += draft.natural(tokens.clone());
        here.spoken += span.end - span.onset;
        here.voice.get_or_insert_with(|| draft.voice.id().to_owned());
    }
    let clock = draft.voice.clock();
    let mut until = Vec::with_capacity(slot.frames.len() + 1);
    until.push(0u64);
    for frames in &slot.frames {
        until.push(until[until.len() - 1] + u64::from(*frames));
    }
    for ((cue, word), tokens) in draft.utterance.places().into_iter().zip(&draft.words) {
        if tokens.start < tokens.end {
            let at =
                |token: usize| slot.start + clock.ticks(until[token]) - clock.ticks(slot.heard.start) - draft.early();
            heard[cue].words[word] = Some(Span { onset: at(tokens.start), end: at(tokens.end) });
        }
    }
}

/// The end of each line's window, and how precisely it is known.
fn windows(cues: &[Cue]) -> Vec<Option<(Ticks, Ticks)>> {
    let mut windows = vec![None; cues.len()];
    let mut next: Option<(Ticks, Ticks)> = None;
    for (i, cue) in cues.iter().enumerate().rev() {
        let later = next.filter(|(at, _)| cue.start.is_some_and(|start| start < *at));
        windows[i] = cue.end.map(|end| (end, cue.grain)).or(later);
        // Lines with one stamp share the window that follows them all.
        if let Some(start) = cue.start.filter(|start| next.is_none_or(|(at, _)| *start < at)) {
            next = Some((start, cue.grain));
        }
    }
    windows
}

fn cue(planned: &PlannedTrack, i: usize, heard: &Heard, window: Option<(Ticks, Ticks)>, sample_rate: u32) -> CueReport {
    let cue = &planned.cues[i];
    let on_sample = |t: Ticks| Ticks::from_samples(t.to_samples(sample_rate), sample_rate);
    let onset = heard.first.map(|(_, span)| on_sample(span.onset));
    let end = heard.last.map(on_sample);
    let error = onset.zip(cue.start).map_or(Ticks::ZERO, |(onset, start)| onset - start);
    let past = end.zip(window).map_or(Ticks::ZERO, |(end, (window, _))| (end - window).max(Ticks::ZERO));
    let rate = if heard.spoken > Ticks::ZERO { heard.natural.secs() / heard.spoken.secs() } else { 1.0 };
    let late = error > LATE.max(cue.grain);
    let overran = window.is_some_and(|(_, grain)| past > OVERRUN.max(grain));
    let hurried = rate > HURRIED;
    let status = match (onset, late, overran, hurried) {
        (None, ..) => Status::Skipped,
        (_, true, ..) => Status::Late,
        (_, _, true, _) => Status::Overrun,
        (_, _, _, true) => Status::Hurried,
        _ => Status::Ok,
    };
    let words = planned.words[i].iter().zip(&heard.words).filter_map(|(word, span)| {
        let span = (*span)?;
        let text = cue.text.get(word.text.clone())?.to_owned();
        Some(WordReport { text, start: seconds(on_sample(span.onset)), end: seconds(on_sample(span.end)) })
    });
    let spoken: Vec<&str> = planned.words[i].iter().map(|w| w.spoken.as_str()).collect();
    CueReport {
        index: cue.index,
        line: cue.line,
        start: cue.start.map(seconds),
        end: window.filter(|_| cue.start.is_some()).map(|(end, _)| seconds(end)),
        grain: cue.start.map(|_| seconds(cue.grain)),
        end_stated: cue.end.is_some(),
        paragraph: Some(cue.paragraph).filter(|_| cue.start.is_none()),
        text: cue.text.clone(),
        spoken: spoken.join(" "),
        lang: planned.langs[i].tag(),
        speaker: cue.speaker.clone(),
        voice: heard.voice.clone(),
        utterance: heard.first.map(|(number, _)| number + 1),
        speech_start: onset.map(seconds),
        speech_end: end.map(seconds),
        natural_s: seconds(heard.natural),
        spoken_s: seconds(heard.spoken),
        rate: rounded(rate),
        start_error_s: seconds(error),
        overrun_s: seconds(past),
        status,
        remark: remark(
            (status, skipped(cue, planned.sounds)),
            late.then_some(error),
            overran.then_some(past),
            hurried.then_some(rate),
        ),
        unspoken: unspoken(cue, planned.sounds),
        words: words.collect(),
        late,
        hurried,
        overran,
    }
}

/// The stretches of a line that were left out.
fn unspoken(cue: &Cue, sounds: Sounds) -> Vec<Unspoken> {
    let left_out = cue.marks.iter().filter_map(|mark| {
        let What::Silent(why) = mark.what;
        let text = cue.text.get(mark.place.clone()).filter(|text| sayable(text))?;
        sounds.leave_out(why).then(|| Unspoken { text: text.to_owned(), why: why.words() })
    });
    left_out.collect()
}

/// Why a line was skipped.
fn skipped(cue: &Cue, sounds: Sounds) -> String {
    match cue.silence().filter(|why| sounds.leave_out(*why)) {
        Some(why) => format!("nothing to say: it {}", why.words()),
        None => "nothing to say".to_owned(),
    }
}

fn remark((status, skipped): (Status, String), late: Option<Ticks>, past: Option<Ticks>, rate: Option<f64>) -> String {
    if status == Status::Skipped {
        return skipped;
    }
    let late = late.map(|by| format!("begins {:.2} s after its stamp", by.secs()));
    let past = past.map(|by| format!("ends {:.2} s past its window", by.secs()));
    let rate = rate.map(|rate| format!("spoken at {rate:.2} of the voice's pace"));
    [late, past, rate].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
