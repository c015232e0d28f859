//! In: captions with their lines and times. Out: the text of a WebVTT or SubRip file. Decides nothing but how to write it.

use super::{Caption, CaptionFormat, CaptionStyle};
use std::fmt::Write;

/// Invisible, and of no width: it parts signs that a player would take for a tag.
const NOTHING: char = '\u{200b}';

/// The captions as the text of a file.
pub(super) fn write(captions: &[Caption], style: CaptionStyle) -> String {
    let mut text = if style.format == CaptionFormat::Vtt { "WEBVTT\n\n".to_owned() } else { String::new() };
    for (i, caption) in captions.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", i + 1);
        let _ = writeln!(text, "{} --> {}", stamp(caption.start, style.format), stamp(caption.end, style.format));
        match style.format {
            CaptionFormat::Vtt => vtt(caption, style.words, &mut text),
            CaptionFormat::Srt => srt(caption, &mut text),
        }
        text.push('\n');
    }
    text
}

/// What stands before a speaker's first words in SubRip, which has no other place for it.
pub(super) fn label(speaker: Option<&str>) -> String {
    speaker.map_or_else(String::new, |name| plain(&one_line(name)) + ": ")
}

fn vtt(caption: &Caption, words: bool, text: &mut String) {
    if let Some(speaker) = &caption.speaker {
        let _ = write!(text, "<v {}>", escaped(&one_line(speaker)));
    }
    let mut last = caption.start;
    for line in &caption.lines {
        for (i, token) in line.iter().enumerate() {
            if i > 0 {
                text.push(' ');
            }
            if words && token.start > last && token.start < caption.end {
                let _ = write!(text, "<{}>", stamp(token.start, CaptionFormat::Vtt));
                last = token.start;
            }
            text.push_str(&escaped(&token.text));
        }
        text.push('\n');
    }
}

fn srt(caption: &Caption, text: &mut String) {
    if caption.change {
        text.push_str(&label(caption.speaker.as_deref()));
    }
    for line in &caption.lines {
        let shown: Vec<&str> = line.iter().map(|token| token.text.as_str()).collect();
        text.push_str(&plain(&shown.join(" ")));
        text.push('\n');
    }
}

fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As WebVTT wants it (3.5 of its description).
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// As SubRip has it, which knows no escapes: what players would take for a tag, an override block or an arrow is parted by
/// a sign that nobody sees.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        let next = rest.peek().copied().unwrap_or(' ');
        let tag = (c == '<' && (next.is_ascii_alphabetic() || next == '/')) || (c == '{' && next == '\\');
        if tag || (c == '-' && next == '>') {
            out.push(NOTHING);
        }
    }
    out
}

/// `HH:MM:SS.mmm`, with a comma in SubRip.
fn stamp(ms: i64, format: CaptionFormat) -> String {
    let point = if format == CaptionFormat::Vtt { '.' } else { ',' };
    format!("{:02}:{:02}:{:02}{point}{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}
