//! `cuevox check` as scripts and editors use it; and transcripts of structured formats from bytes to a plan, our own
//! report among them.

use crate::support::Place;
use serde_json::Value;

const GOOD: &str = "00:01 The first line is here.\n00:04 The second line follows it.\n";
const HOPELESS: &str = "\
00:01 This line has so many words that nobody could say them all within the single second it was given, not at any pace.
00:02 So this one is late.
";
const CUT_OFF: &str = "{\"text\": \"\", \"segments\": [\n{\"start\": 0.0, \"end\": 2.0, \"text\": \" It was cut";

fn place() -> Place {
    Place::with(&[("good.txt", GOOD), ("hopeless.txt", HOPELESS), ("cut.json", CUT_OFF)])
}

#[test]
fn exit_codes_tell_what_was_found() {
    let rows: [(&[&str], i32); 15] = [
        (&["good.txt"], 0),
        (&["good.txt", "--strict"], 0),
        (&["hopeless.txt"], 0),
        (&["hopeless.txt", "--strict"], 3),
        (&["hopeless.txt", "--strict", "--max-rate", "9", "--pace", "100"], 0),
        (&["cut.json", "good.txt"], 1),
        (&["missing.txt", "hopeless.txt", "--strict"], 1),
        (&["empty.srt"], 1),
        (&["signs.srt"], 1),
        (&["picture.png", "good.txt"], 1),
        (&["."], 1),
        (&["missing.txt"], 1),
        (&["good.txt", "good.txt", "hopeless.txt"], 0),
        (&["good.txt", "--encoding", "utf-88"], 2),
        (&[], 2),
    ];
    let place = place();
    place.write("empty.srt", b"");
    place.write("signs.srt", "1\n00:00:01,000 --> 00:00:02,000\n♪ ...\n".as_bytes());
    place.write("picture.png", b"\x89PNG\r\n\x1a\n....");
    for (args, code) in rows {
        let ran = place.run(&[&["check"], args].concat());
        assert_eq!(ran.code, Some(code), "{args:?}: {ran:?}");
    }
}

#[test]
fn each_finding_is_a_line_that_an_editor_can_jump_to_and_the_others_are_still_checked() {
    let ran = place().run(&["check", "cut.json", "missing.txt", "hopeless.txt"]).ends_with(1);
    let lines: Vec<&str> = ran.out.lines().collect();
    let starts = [
        "cut.json:2: error: the JSON ends at column 48, in segments[0].text, where the closing quote",
        "missing.txt: error: ",
        "hopeless.txt:1: warning: this takes about ",
        "hopeless.txt: stamped, UTF-8, 2 lines, about 0:0",
        "3 files checked, 2 that cannot be read: 1 warning, 0 hints",
    ];
    assert_eq!(lines.len(), starts.len(), "{}", ran.out);
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
    assert!(lines[0].ends_with("[unreadable]") && lines[2].ends_with("[too-short]"), "{}", ran.out);
    assert_eq!(ran.err, "");
}

#[test]
fn the_same_as_json() {
    let ran = place().run(&["check", "--json", "hopeless.txt", "cut.json"]).ends_with(1);
    let all: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(all["summary"], serde_json::json!({"inputs": 2, "unreadable": 1, "warnings": 1, "hints": 0}));
    let (first, second) = (&all["inputs"][0], &all["inputs"][1]);
    assert_eq!((first["format"].as_str(), first["lines"].as_u64()), (Some("stamped"), Some(2)));
    assert!(first["error"].is_null() && first["speech_s"].as_f64().is_some_and(|s| s > 6.0), "{first}");
    let note = &first["notes"][0];
    assert_eq!(
        (note["level"].as_str(), note["line"].as_u64(), note["code"].as_str()),
        (Some("warning"), Some(1), Some("too-short"))
    );
    assert_eq!((second["error"]["line"].as_u64(), second["path"].as_str()), (Some(2), Some("cut.json")));
}

#[test]
fn an_encoding_can_be_said() {
    let place = Place::with(&[]);
    place.write("k.txt", b"00:01 \xf1\xe5\xe2\xe5\xf0 and the sea\n");
    let run = |args: &[&str]| place.run(&[&["check", "--json", "k.txt"], args].concat()).ends_with(0).out;
    let encoding = |out: &str| serde_json::from_str::<Value>(out).expect("JSON")["inputs"][0]["encoding"].clone();
    assert_eq!(encoding(&run(&["--encoding", "cp1251"])), "windows-1251");
    assert_eq!(encoding(&run(&["--encoding", "latin1"])), "windows-1252");
    let plan = place.tone(&["plan", "k.txt", "--json", "--encoding", "windows-1251"]).ends_with(0);
    assert!(plan.out.contains("север and the sea"), "{}", plan.out);
    place
        .tone(&["plan", "k.txt", "--encoding", "nonesuch"])
        .ends_with(2)
        .complains(&["no encoding that is read is called 'nonesuch'"]);
}

/// What a plan says of each line, but for the line of the file it stands on.
fn planned(place: &Place, name: &str) -> Vec<Value> {
    let ran = place.tone(&["plan", name, "--json"]).ends_with(0);
    let mut report: Value = serde_json::from_str(&ran.out).expect("JSON");
    place.write("again.json", ran.out.as_bytes());
    let tracks = report["tracks"].as_array_mut().expect("tracks");
    for cue in tracks.iter_mut().flat_map(|track| track["cues"].as_array_mut().expect("cues")) {
        cue.as_object_mut().expect("an object").remove("line");
    }
    tracks.clone()
}

#[test]
fn a_report_can_be_rendered_again_and_gives_the_same_plan() {
    let rows = [
        (
            "talk.txt",
            "First some prose. It has two sentences.\n\nAnd a paragraph more.\n\n00:01 The ferry leaves at noon,\n\
             00:04 as it does every day.\n00:07 - 00:09.5 Goodbye!\n00:12.250 La mer est calme ce matin.\n",
        ),
        (
            "talk.srt",
            "1\n00:00:01,000 --> 00:00:03,000\nANNA: Where is it?\n\n2\n00:00:04,000 --> 00:00:05,000\n[applause]\n\n\
             3\n00:00:06,000 --> 00:00:09,000\nBEN: It is <i>here</i>.\n\n4\n00:00:10,000 --> 00:00:13,000\nANNA: Good.\n",
        ),
        (
            "talk.json",
            r#"{"segments": [{"start": 0.52, "end": 2.5, "text": " The tide."}, {"start": 2.5, "end": 5.1, "text": " It turns."}]}"#,
        ),
        (
            "talk.ttml",
            "<tt xml:lang='fr'><body><div><p begin='1s' end='4s'>La marée monte.</p><p begin='5s'>Et descend.</p></div></body></tt>",
        ),
    ];
    for (name, text) in rows {
        let place = Place::with(&[(name, text)]);
        let first = planned(&place, name);
        let again = planned(&place, "again.json");
        assert_eq!(first, again, "{name}");
    }
}

#[test]
fn structured_formats_become_tracks() {
    let rows = [
        (
            "w.json",
            "whisper-json",
            r#"{"chunks": [{"timestamp": [0.5, 2.0], "text": " One line."}, {"timestamp": [2.0, null], "text": " Another."}]}"#,
        ),
        (
            "y.json3",
            "json3",
            r#"{"events": [{"tStartMs": 500, "dDurationMs": 1500, "segs": [{"utf8": "one line"}]}, {"tStartMs": 2000, "dDurationMs": 900, "segs": [{"utf8": "another"}]}]}"#,
        ),
        ("t.tsv", "tsv", "start\tend\ttext\n500\t2000\tOne line.\n2000\t3000\tAnother.\n"),
        (
            "x.ttml",
            "ttml",
            "<tt><body><div><p begin='0.5s' end='2s'>One line.</p><p begin='2s' end='3s'>Another.</p></div></body></tt>",
        ),
        (
            "o.json",
            "json",
            r#"{"cues": [{"start": 0.5, "end": 2, "text": "One line."}, {"start": "00:02.0", "text": "Another."}]}"#,
        ),
    ];
    for (name, format, text) in rows {
        let place = Place::with(&[(name, text)]);
        place.tone(&["render", name, "-q", "-o", "a.wav", "--report", "r.json"]).ends_with(0);
        let report = place.json("r.json");
        assert_eq!(report["input"]["format"], format, "{name}");
        let starts: Vec<f64> = report["tracks"][0]["cues"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|c| c["speech_start"].as_f64())
            .collect();
        assert!(
            starts.len() == 2 && (starts[0] - 0.5).abs() < 0.2 && (starts[1] - 2.0).abs() < 0.2,
            "{name}: {starts:?}"
        );
        assert!(place.path("a.wav").exists());
    }
}
