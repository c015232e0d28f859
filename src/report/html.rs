//! In: the report on a track, the outline of its sound, and where that sound is. Out: one page of HTML that shows it, with
//! everything it needs inside but, for a long track, the sound. Reads no file; asks for nothing from any network.
//!
//! The lines are a plain table, which needs no script; the script takes its numbers from there, draws them, sorts them and
//! shows as many at once as a browser can bear.

use super::{CueReport, Report, Status, TrackReport};
use crate::audio::peaks::Peaks;
use crate::time::Ticks;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use html_escape::{encode_double_quoted_attribute, encode_text};
use std::fmt::Write;

/// The page around what is shown. `{{name}}` is replaced.
const TEMPLATE: &str = include_str!("page.html");

/// Where a page has its sound from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoundSource {
    /// The file itself, WAV or FLAC.
    Embedded(Vec<u8>),
    /// The way to it from the page's folder, in parts.
    Beside(Vec<String>),
}

/// The page for a track of this report.
pub fn page(report: &Report, track: &TrackReport, peaks: &Peaks, sound: &SoundSource) -> String {
    let length = track.output.as_ref().map_or(0.0, |output| output.duration_s);
    let rate = track.output.as_ref().map_or(1, |output| output.sample_rate);
    let stretch = Ticks::from_samples(peaks.stretch(), rate).secs();
    let outline = STANDARD.encode(peaks.bytes());
    let name = report.input.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut page = String::with_capacity(TEMPLATE.len() + outline.len() + 600 * track.cues.len());
    let mut rest = TEMPLATE;
    while let Some((before, (key, after))) = rest.split_once("{{").and_then(|(b, r)| Some((b, r.split_once("}}")?))) {
        page.push_str(before);
        match key {
            "title" => page.push_str(&encode_text(name)),
            "kind" => page.push_str(track.kind),
            "program" => page.push_str(&encode_text(&report.program)),
            "facts" => facts(track, length, &mut page),
            "sound" => page.push_str(&encode_double_quoted_attribute(&address(sound))),
            "speakers" if track.cues.iter().all(|cue| cue.speaker.is_none()) => page.push_str("nobody"),
            "rows" => track.cues.iter().for_each(|cue| row(cue, &mut page)),
            "notes" => notes(report, &mut page),
            "length" => put(&mut page, format_args!("{length}")),
            "stretch" => put(&mut page, format_args!("{stretch}")),
            "loudest" => put(&mut page, format_args!("{}", peaks.loudest())),
            "outline" => page.push_str(&outline),
            _ => {}
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Writing to a String cannot fail.
fn put(page: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(what);
}

/// What the page's player loads.
fn address(sound: &SoundSource) -> String {
    match sound {
        SoundSource::Embedded(bytes) => {
            let kind = if bytes.starts_with(b"fLaC") { "flac" } else { "wav" };
            format!("data:audio/{kind};base64,{}", STANDARD.encode(bytes))
        }
        // The dot keeps a first part with a colon from being taken for a protocol.
        SoundSource::Beside(parts) => parts.iter().fold(".".to_owned(), |way, part| way + "/" + &percent(part)),
    }
}

/// A part of an address: what is not certain to stand for itself there is written as its bytes (RFC 3986, 2.3).
fn percent(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => put(&mut out, format_args!("%{byte:02X}")),
        }
    }
    out
}

fn facts(track: &TrackReport, length: f64, page: &mut String) {
    let summary = &track.summary;
    let mut fact = |name: &str, value: String| put(page, format_args!("<div><dt>{name}</dt><dd>{value}</dd></div>"));
    fact("length", Ticks::from_secs(length).to_string());
    fact("lines spoken", format!("{} of {}", summary.spoken, summary.cues));
    fact("late", summary.late.to_string());
    fact("early", summary.early.to_string());
    fact("hurried", summary.hurried.to_string());
    fact("past window", (summary.overrun - summary.cut.min(summary.overrun)).to_string());
    fact("cut", summary.cut.to_string());
    fact("fastest", format!("{:.2}\u{d7}", summary.max_rate));
    if track.cues.iter().any(|cue| cue.start.is_some()) {
        let [median, most] = [summary.start_error_p50_s, summary.start_error_max_s].map(|s| format!("{s:.2}"));
        fact("off the stamp, median and worst", format!("{median} s, {most} s"));
    }
    if let Some(lufs) = track.output.as_ref().and_then(|output| output.lufs) {
        fact("loudness", format!("{lufs:.1} LUFS"));
    }
    if let Some(peak) = track.output.as_ref().and_then(|output| output.true_peak_db) {
        fact("true peak", format!("{peak:.1} dBTP"));
    }
}

/// The name of a verdict, as people read it.
fn verdict(cue: &CueReport) -> &'static str {
    match cue.status {
        Status::Ok => "ok",
        Status::Late => "late",
        Status::Early => "early",
        Status::Hurried => "hurried",
        Status::Cut => "cut",
        Status::Overrun => "overrun",
        Status::Skipped => "skipped",
    }
}

fn row(cue: &CueReport, page: &mut String) {
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let time = |value: Option<f64>| value.map_or_else(|| "\u{2013}".to_owned(), |s| Ticks::from_secs(s).to_string());
    let said = cue.speech_start.is_some();
    let (rate, off) = match said {
        // No minus before a zero.
        true => (format!("{:.2}", cue.rate), format!("{:+.2}", cue.start_error_s).replace("-0.00", "+0.00")),
        false => ("\u{2013}".to_owned(), "\u{2013}".to_owned()),
    };
    let off = if cue.start.is_some() { off } else { "\u{2013}".to_owned() };
    let (verdict, line) = (verdict(cue), cue.line);
    put(page, format_args!("<tr data-a=\"{}\" data-b=\"{}\" ", number(cue.start), number(cue.end)));
    put(page, format_args!("data-s=\"{}\" data-e=\"{}\" ", number(cue.speech_start), number(cue.speech_end)));
    put(page, format_args!("data-n=\"{}\" data-r=\"{}\" data-v=\"{verdict}\">", cue.index, cue.rate));
    put(page, format_args!("<td><button class=\"go\" type=\"button\" aria-label=\"Hear line {line}\"></button></td>"));
    put(page, format_args!("<th scope=\"row\">{line}</th><td class=\"num\">{}</td>", time(cue.start)));
    put(
        page,
        format_args!(
            "<td class=\"num\">{}</td><td class=\"num\">{}</td>",
            time(cue.speech_start),
            time(cue.speech_end)
        ),
    );
    put(page, format_args!("<td class=\"num\">{off}</td><td class=\"num rate\">{rate}</td>"));
    put(page, format_args!("<td><span class=\"verdict {verdict}\">{verdict}</span></td>"));
    put(page, format_args!("<td>{}</td>", encode_text(cue.speaker.as_deref().unwrap_or_default())));
    put(page, format_args!("<td class=\"text\"><span lang=\"{}\">{}</span>", cue.lang, encode_text(&cue.text)));
    if !cue.remark.is_empty() {
        put(page, format_args!("<small>{}</small>", encode_text(&cue.remark)));
    }
    page.push_str("</td></tr>\n");
}

/// What was odd, but for what stands beside its line already.
fn notes(report: &Report, page: &mut String) {
    let beside: Vec<&str> = report.tracks.iter().flat_map(|t| &t.cues).map(|cue| cue.remark.as_str()).collect();
    let beside: std::collections::HashSet<&str> = beside.into_iter().collect();
    for note in report.notes.iter().filter(|note| !beside.contains(note.message.as_str())) {
        let place = note.line.map_or_else(String::new, |line| format!("line {line}: "));
        put(page, format_args!("<li>{place}{}</li>\n", encode_text(&note.message)));
    }
}

#[cfg(test)]
mod tests;
