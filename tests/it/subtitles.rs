//! Subtitle files from bytes to the report: who speaks, what is left out, and when.

use crate::support::Place;
use serde_json::Value;

const SRT: &str = "\
1
00:00:01,000 --> 00:00:03,000
ANNA: The ferry leaves at noon.

2
00:00:03,500 --> 00:00:06,500
- Does it?
- BEN: [laughs] <i>It does.</i>

3
00:00:07,000 --> 00:00:08,000
(door closes)
";

const ROLL_UP: &str = "\
WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
 
the<00:00:00.320><c> tide</c><00:00:00.640><c> comes</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
the tide comes
 

00:00:02.010 --> 00:00:04.000 align:start position:0%
the tide comes
in<00:00:02.500><c> and</c><00:00:02.700><c> goes</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
in and goes
 

00:00:04.010 --> 00:00:06.000 align:start position:0%
in and goes
out<00:00:04.500><c> again</c>
";

/// The plan of a file, its cues, and the codes of its notes.
fn planned(name: &str, text: &str, options: &[&str]) -> (Vec<Value>, Vec<String>) {
    let place = Place::with(&[(name, text)]);
    let mut all = vec!["plan", name, "--json"];
    all.extend(options);
    let ran = place.tone(&all);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    let codes =
        report["notes"].as_array().expect("notes").iter().map(|note| note["code"].as_str().unwrap_or("").to_owned());
    (report["tracks"][0]["cues"].as_array().expect("cues").clone(), codes.collect())
}

fn texts<'a>(cues: &'a [Value], field: &str) -> Vec<&'a str> {
    cues.iter().map(|cue| cue[field].as_str().unwrap_or("-")).collect()
}

#[test]
fn labels_and_sounds_are_not_spoken_and_the_report_says_why() {
    let (cues, codes) = planned("talk.srt", SRT, &[]);
    assert_eq!(texts(&cues, "speaker"), ["ANNA", "-", "BEN", "BEN"]);
    assert_eq!(
        texts(&cues, "text"),
        ["ANNA: The ferry leaves at noon.", "- Does it?", "- BEN: [laughs] It does.", "(door closes)"]
    );
    assert_eq!(texts(&cues, "spoken"), ["The ferry leaves at noon.", "Does it?", "It does.", ""]);
    assert_eq!(texts(&cues, "remark")[3], "nothing to say: it describes a sound");
    assert_eq!(cues[3]["status"], "skipped");
    let unspoken = &cues[2]["unspoken"];
    assert_eq!((unspoken[0]["text"].as_str(), unspoken[0]["why"].as_str()), (Some("- BEN:"), Some("says who speaks")));
    assert_eq!(
        (unspoken[1]["text"].as_str(), unspoken[1]["why"].as_str()),
        (Some("[laughs]"), Some("describes a sound"))
    );
    assert!(codes.contains(&"sound".to_owned()), "{codes:?}");
}

#[test]
fn sounds_are_spoken_where_that_is_asked_for() {
    let (cues, _) = planned("talk.srt", SRT, &["--sounds", "speak"]);
    assert_eq!(texts(&cues, "spoken")[3], "(door closes)");
    assert_eq!(cues[3]["status"], "ok");
}

#[test]
fn each_word_of_captions_that_roll_up_is_spoken_once() {
    let (cues, codes) = planned("site.vtt", ROLL_UP, &[]);
    let spoken: Vec<&str> = texts(&cues, "spoken").into_iter().filter(|text| !text.is_empty()).collect();
    assert_eq!(spoken.join(" "), "the tide comes in and goes out again");
    assert_eq!(cues[2]["start"].as_f64(), Some(2.01));
    assert_eq!(cues.iter().filter(|cue| cue["status"] == "skipped").count(), 2);
    assert!(codes.contains(&"repeated".to_owned()), "{codes:?}");
}

#[test]
fn every_subtitle_format_gives_a_track() {
    let files = [
        ("a.srt", SRT),
        ("b.vtt", ROLL_UP),
        ("c.ass", "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,Anna,0,0,0,,{\\i1}The tide\\Ncomes in.\n"),
        ("d.sbv", "0:00:01.000,0:00:02.500\nThe tide comes in.\n"),
        ("e.lrc", "[ti:Tide]\n[00:01.00]The tide\n[00:02.00]comes in.\n"),
    ];
    let place = Place::with(&files);
    for (name, _) in files {
        let ran = place.tone(&["render", name, "-o", "t.wav", "--report", "r.json", "--quiet"]);
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.err);
        let report = place.json("r.json");
        let format = name.rsplit('.').next().expect("an ending");
        assert_eq!(report["input"]["format"], format, "{name}");
        assert!(report["tracks"][0]["summary"]["spoken"].as_u64() > Some(0), "{name}");
    }
}
