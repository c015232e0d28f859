//! In: the report on a track. Out: captions of what is really spoken, when it is really spoken, as WebVTT or SubRip.
//! Reads no transcript: what was skipped, cut or left out is not in the report's words, and so not in the captions.
//!
//! A caption has at most two lines of 42 characters, as the guides of broadcasters and of streaming services have it. It
//! appears with its first sound, and stays until its last, and longer where it would be too short to be read and the next
//! leaves room. Where people talk at once, their captions are shown at once.

mod breaks;
mod tokens;
mod write;

use super::{CueReport, TrackReport};
use std::cmp::Ordering;
use tokens::Token;

/// What kind of file captions go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptionFormat {
    /// WebVTT, as the W3C describes it.
    Vtt,
    /// SubRip, as players read it; nobody ever described it.
    Srt,
}

/// How captions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptionStyle {
    /// The kind of file.
    pub format: CaptionFormat,
    /// Whether each word has its time; WebVTT only.
    pub words: bool,
}

/// The shortest time a caption is shown where the next one allows it, in milliseconds.
const LEAST: i64 = 800;

/// Two frames at 25 a second: between captions, so that the eye sees the change.
const GAP: i64 = 80;

/// Pauses up to here are closed to [`GAP`]: a caption that goes and comes at once flickers.
const CLOSE: i64 = 500;

/// Milliseconds a reader needs for a character, at 20 characters a second.
const READING: i64 = 50;

/// A caption is never shorter than this for the sake of the gap.
const TINY: i64 = 300;

/// From so many milliseconds on two captions are shown at once: the second for less, or the first without the second, only
/// flickers.
const AT_ONCE: i64 = 300;

/// A caption on its way: what it shows, in lines, and from when to when, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
struct Caption {
    start: i64,
    end: i64,
    speaker: Option<String>,
    voice: Option<String>,
    /// Whether somebody else begins to speak here, or had a caption in between.
    change: bool,
    lines: Vec<Vec<Token>>,
}

/// The captions of a track.
pub fn captions(track: &TrackReport, style: CaptionStyle) -> String {
    let until = track.output.as_ref().map(|output| tokens::millis(output.duration_s));
    let mut captions: Vec<Caption> = Vec::new();
    let (mut before, mut reach): (Option<&CueReport>, Option<f64>) = (None, None);
    let mut cues: Vec<&CueReport> = track.cues.iter().filter(|cue| cue.speech_start.is_some()).collect();
    cues.sort_by(|a, b| a.speech_start.partial_cmp(&b.speech_start).unwrap_or(Ordering::Equal));
    for (i, cue) in cues.iter().enumerate() {
        let tokens = tokens::tokens(cue, until);
        if tokens.is_empty() {
            continue;
        }
        let change = cue.speaker.is_some() && before.is_none_or(|before| before.speaker != cue.speaker);
        let at_once =
            cue.speech_start < reach || cues.get(i + 1).is_some_and(|next| next.speech_start < cue.speech_end);
        reach = if cue.speech_end > reach { cue.speech_end } else { reach };
        before = Some(cue);
        let label =
            if style.format == CaptionFormat::Srt { write::label(cue.speaker.as_deref()) } else { String::new() };
        let width = |shown: bool| if shown { label.chars().count() } else { 0 };
        for lines in breaks::split(&tokens, [width(change), width(at_once)]) {
            let shown = lines.concat();
            let (start, end) = (shown.first().map_or(0, |t| t.start), shown.last().map_or(0, |t| t.end));
            let (speaker, voice) = (cue.speaker.clone(), cue.voice.clone());
            captions.push(Caption { start, end, speaker, voice, change: false, lines });
        }
    }
    captions.sort_by_key(|caption| caption.start);
    let mut before: Option<String> = None;
    for caption in &mut captions {
        caption.change = caption.speaker.is_some() && caption.speaker != before;
        before.clone_from(&caption.speaker);
    }
    time(&mut captions, until);
    write::write(&captions, style)
}

/// Where the next caption begins that this one makes room for: not one that another voice says at the same time.
fn next_start(captions: &[Caption], i: usize) -> Option<i64> {
    let caption = &captions[i];
    let waits = |next: &&Caption| {
        let (both, alone) = (caption.end - next.start, next.start - caption.start);
        next.voice == caption.voice || both <= 0 || (both < AT_ONCE && alone >= TINY)
    };
    captions[i + 1..].iter().find(waits).map(|next| next.start)
}

/// Gives each caption its end: as long as it is spoken, and as long as it takes to read it where there is room.
fn time(captions: &mut [Caption], until: Option<i64>) {
    for i in 0..captions.len() {
        let next = next_start(captions, i);
        let caption = &mut captions[i];
        let chars: usize = caption.lines.iter().map(|line| breaks::width(line)).sum();
        let wanted = caption.end.max(caption.start + LEAST).max(caption.start + chars as i64 * READING);
        caption.end = match next {
            None => wanted.min(until.unwrap_or(wanted)),
            Some(next) => {
                let latest = if next - GAP - caption.start < TINY { next } else { next - GAP };
                if next - wanted < CLOSE { latest } else { wanted }
            }
        };
        caption.end = caption.end.max(caption.start + 1);
    }
}

#[cfg(test)]
pub(in crate::report) mod tests;
