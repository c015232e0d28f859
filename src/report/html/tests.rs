//! In: lines of a report, made up. Out: whether the page shows them, and nothing of them as a part of itself.

use super::super::captions::tests::{cue, track};
use super::super::{Input, Report};
use super::*;
use crate::notes::Note;

fn report(path: &str, notes: Vec<Note>) -> Report {
    let (format, encoding, sha256) = ("srt".into(), "UTF-8".into(), String::new());
    let input = Input { path: path.into(), format, encoding, sha256, moved: None };
    Report { version: 1, program: "cuevox".into(), input, tracks: Vec::new(), notes, cost: None }
}

fn shown(text: &str, sound: &SoundSource) -> String {
    let mut line = cue(1.0, text);
    line.speaker = Some("A \"<b>\"".to_owned());
    let track = track(vec![line], 2.0);
    let mut peaks = Peaks::new(96_000, 48_000);
    peaks.hear(&[0.5; 96_000]);
    page(&report("in/<talk>.srt", vec![Note::warning(3, "odd", "a <note> & more")]), &track, &peaks, sound)
}

#[test]
fn nothing_a_transcript_says_becomes_a_part_of_the_page() {
    let evil = "</script><script>alert(1)</script> {{rows}} \"' onload=x & <img src=x onerror=y>";
    let page = shown(evil, &SoundSource::Beside(vec!["t.wav".into()]));
    assert_eq!(page.matches("<script").count(), TEMPLATE.matches("<script").count());
    assert_eq!(page.matches("<tr ").count(), 1);
    assert!(!page.contains("<img") && !page.contains("<talk>") && !page.contains("<b>\"") && !page.contains("<note>"));
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)") && page.contains("{{rows}}"));
    assert!(page.contains("<title>&lt;talk&gt;.srt") && page.contains("line 3: a &lt;note&gt; &amp; more"));
}

#[test]
fn every_place_in_the_template_is_filled() {
    let page = shown("Hello.", &SoundSource::Embedded(b"RIFF".to_vec()));
    assert!(!page.contains("{{") && !page.contains("}}"));
    assert_eq!(page.matches("data:audio/wav;base64,UklGRg==").count(), 1);
    for foreign in ["http://", "https://", "src=\"//", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn sound_beside_the_page_is_named_as_an_address() {
    let rows: [(&[&str], &str); 3] = [
        (&["t.wav"], "./t.wav"),
        (&["..", "a b", "50% é?.flac"], "./../a%20b/50%25%20%C3%A9%3F.flac"),
        (&["c:d.wav"], "./c%3Ad.wav"),
    ];
    for (parts, wanted) in rows {
        assert_eq!(address(&SoundSource::Beside(parts.iter().map(|p| (*p).to_owned()).collect())), wanted);
    }
    assert!(address(&SoundSource::Embedded(b"fLaC".to_vec())).starts_with("data:audio/flac;"));
}

#[test]
fn a_line_is_shown_with_its_numbers_and_its_verdict() {
    let mut late = cue(1.0, "Too late.");
    (late.start, late.start_error_s, late.rate) = (Some(0.5), 0.5, 1.254);
    (late.status, late.remark) = (Status::Late, "begins 0.50 s after its stamp".to_owned());
    let mut page = String::new();
    row(&late, &mut page);
    for part in ["data-a=\"0.5\"", "data-s=\"1\"", "+0.50", "1.25", "verdict late", "0:00.500", "<small>begins 0.50 s"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let mut skipped = cue(1.0, "\u{266a}");
    (skipped.speech_start, skipped.speech_end, skipped.status) = (None, None, Status::Skipped);
    page.clear();
    row(&skipped, &mut page);
    assert!(page.contains("data-s=\"\"") && page.contains("\u{2013}") && !page.contains("+0.00"), "{page}");
}
