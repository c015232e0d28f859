//! Captions and pages as the program writes them: where they are, and that they agree with the report.

use crate::support::{Place, number, spoken};
use serde_json::Value;

const DIALOGUE: &str = "\
1
00:00:01,000 --> 00:00:04,000
ANNA: The ferry leaves at noon, <i>doesn't it</i>?

2
00:00:05,000 --> 00:00:06,000
[applause]

3
00:00:07,000 --> 00:00:15,000
BRUNO: It passes the old fort, the light, the long sandy spit with its huts, and the buoy that nobody has painted since.

4
00:00:16,000 --> 00:00:18,000
ANNA: Fish & chips (laughs) for two.
";

const MIXED: &str =
    "A few words about the harbour come first.\n\n00:01 The ferry leaves at noon.\n00:04 It is on time.\n";

/// Starts, ends and texts of WebVTT captions.
fn captions(vtt: &str) -> Vec<(f64, f64, String)> {
    assert!(vtt.starts_with("WEBVTT\n\n"), "{vtt}");
    let seconds =
        |stamp: &str| stamp.split(':').fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().expect("a number"));
    let blocks = vtt.trim_end().split("\n\n").skip(1);
    let one = |block: &str| {
        let mut lines = block.lines().skip(1);
        let (start, end) = lines.next().and_then(|line| line.split_once(" --> ")).expect("times");
        (seconds(start), seconds(end), lines.collect::<Vec<_>>().join("\n"))
    };
    blocks.map(one).collect()
}

fn text(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn captions_are_what_is_spoken_when_it_is_spoken() {
    let place = Place::with(&[("talk.srt", DIALOGUE)]);
    place.tone(&["render", "talk.srt", "-q", "--report", "r.json", "--captions", "c.vtt"]).ends_with(0);
    let found = captions(&text(&place, "c.vtt"));
    let texts: Vec<&str> = found.iter().map(|(.., text)| text.as_str()).collect();
    assert_eq!(texts[0], "<v ANNA>The ferry leaves at noon, doesn't it?");
    assert_eq!(texts.last().map(|t| t.replace('\u{a0}', " ")).as_deref(), Some("<v ANNA>Fish &amp; chips for two."));
    assert!(found.len() > 3 && !texts.iter().any(|t| t.contains("applause") || t.contains("laughs")), "{texts:?}");
    let report = place.json("r.json");
    let words: Vec<&Value> =
        spoken(&report["tracks"][0]).iter().flat_map(|c| c["words"].as_array().expect("words")).collect();
    for (i, (start, end, text)) in found.iter().enumerate() {
        assert!(
            words.iter().any(|word| (number(&word["start"]) - start).abs() < 0.001),
            "nothing begins at {start}: {text}"
        );
        assert!(end > start && found.get(i + 1).is_none_or(|next| next.0 >= *end), "{text} until {end}");
        assert!(
            text.lines().all(|line| line
                .trim_start_matches("<v ANNA>")
                .trim_start_matches("<v BRUNO>")
                .chars()
                .count()
                <= 42)
        );
    }
}

#[test]
fn words_have_stamps_on_request_and_srt_names_who_begins_to_speak() {
    let place = Place::with(&[("talk.srt", DIALOGUE)]);
    place.tone(&["render", "talk.srt", "-q", "-o", "o/t.wav", "--captions", "vtt", "--caption-words"]).ends_with(0);
    assert!(text(&place, "o/t.vtt").contains("<v ANNA>The <00:00:01."), "{}", text(&place, "o/t.vtt"));
    place.tone(&["render", "talk.srt", "-q", "-o", "o/t.wav", "--captions", "s.srt"]).ends_with(0);
    let srt = text(&place, "s.srt");
    assert_eq!((srt.matches("ANNA: ").count(), srt.matches("BRUNO: ").count()), (2, 1), "{srt}");
    let bad = ["render", "talk.srt", "--captions", "s.srt", "--caption-words"];
    place.tone(&bad).ends_with(2).complains(&["no times for words", "s.vtt"]);
}

#[test]
fn a_narration_and_several_inputs_have_files_of_their_own() {
    let place = Place::with(&[("a.txt", MIXED), ("b.srt", DIALOGUE)]);
    place.tone(&["render", "a.txt", "b.srt", "-q", "-o", "o", "--captions", "c", "--html", "h/"]).ends_with(0);
    let files = place.files();
    for name in ["c/a.vtt", "c/a.narration.vtt", "c/b.vtt", "h/a.html", "h/a.narration.html", "h/b.html"] {
        assert!(files.iter().any(|file| file == name), "{name} is not in {files:?}");
    }
    assert!(!files.iter().any(|file| file == "c/b.narration.vtt"));
    assert!(text(&place, "c/a.narration.vtt").contains("A few words about the harbour"));
    assert!(!text(&place, "c/a.vtt").contains("A few words"));
}

#[test]
fn a_page_holds_its_sound_or_knows_the_way_to_it() {
    let place = Place::with(&[("talk.srt", DIALOGUE)]);
    place.tone(&["render", "talk.srt", "-q", "-o", "o/t.flac", "--html", "t.html"]).ends_with(0);
    let page = text(&place, "t.html");
    assert!(page.contains("src=\"data:audio/flac;base64,") && page.matches("<tr data-a").count() == 4);
    let long = ["render", "talk.srt", "-q", "-o", "o/a b.wav", "--html", "h/t.html", "--total", "4:00"];
    place.tone(&long).ends_with(0);
    assert!(text(&place, "h/t.html").contains("src=\"./../o/a%20b.wav\""));
}

#[test]
fn captions_and_pages_are_the_same_on_every_run() {
    let place = Place::with(&[("talk.srt", DIALOGUE)]);
    for (jobs, folder) in [("1", "a"), ("2", "b")] {
        let (vtt, html) = (format!("{folder}.vtt"), format!("{folder}.html"));
        place.tone(&["render", "talk.srt", "-q", "--jobs", jobs, "--captions", &vtt, "--html", &html]).ends_with(0);
    }
    assert_eq!((place.sha256("a.vtt"), place.sha256("a.html")), (place.sha256("b.vtt"), place.sha256("b.html")));
}

#[test]
fn a_place_that_cannot_be_written_to_is_known_before_the_work() {
    let place = Place::with(&[("talk.srt", DIALOGUE), ("file", "x")]);
    for (option, name) in [("--captions", "file/c.vtt"), ("--html", "file/p.html")] {
        place.tone(&["render", "talk.srt", option, name]).ends_with(1).complains(&[name, "is a file", option]);
        assert!(!place.path("output/talk.wav").exists());
    }
}
