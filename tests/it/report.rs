//! The report as the outside relies on it: every field under its name, with values that agree with each other.

use crate::support::{Place, number, spoken};
use serde_json::Value;

/// Every field that is promised, by its path; `[]` is each element of a list.
const PROMISED: &str = "
    version program input notes tracks cost
    input.path input.format input.encoding input.sha256
    tracks[].kind tracks[].output tracks[].cues tracks[].summary
    tracks[].output.path tracks[].output.sample_rate tracks[].output.channels tracks[].output.bits
    tracks[].output.frames tracks[].output.duration_s tracks[].output.lufs tracks[].output.true_peak_db
    tracks[].cues[].index tracks[].cues[].line tracks[].cues[].start tracks[].cues[].end tracks[].cues[].text
    tracks[].cues[].grain tracks[].cues[].end_stated tracks[].cues[].paragraph
    tracks[].cues[].spoken tracks[].cues[].lang tracks[].cues[].speaker tracks[].cues[].voice
    tracks[].cues[].utterance tracks[].cues[].speech_start tracks[].cues[].speech_end tracks[].cues[].natural_s
    tracks[].cues[].spoken_s tracks[].cues[].rate tracks[].cues[].start_error_s tracks[].cues[].overrun_s
    tracks[].cues[].status tracks[].cues[].remark tracks[].cues[].words
    tracks[].cues[].words[].text tracks[].cues[].words[].start tracks[].cues[].words[].end
    tracks[].summary.cues tracks[].summary.spoken tracks[].summary.skipped tracks[].summary.late
    tracks[].summary.hurried tracks[].summary.overrun tracks[].summary.max_rate tracks[].summary.rate_sd
    tracks[].summary.start_error_p50_s tracks[].summary.start_error_p95_s tracks[].summary.start_error_max_s
    tracks[].summary.speech_s
    notes[].level notes[].line notes[].code notes[].message
    cost.wall_s cost.cpu_s cost.realtime_factor cost.peak_bytes";

/// Prose, lines with and without time enough, and one with nothing to say.
const DOCUMENT: &str = "\
A few words about the harbour come first, and they have no time of their own. They are read at leisure.

00:01 The ferry leaves at noon.
00:04 ♪ ♪
00:06 It passes the old fort, the light, the long sandy spit with its huts, and the buoy that nobody has painted since.
00:07 Half an hour later it is out of sight, and the people on the quay have all gone home to their dinners.
00:08 Goodbye, says the last of them, to nobody in particular, and shuts the door of the ticket office behind her.
00:30 The end.
";

fn rendered(options: &[&str]) -> (Place, Value) {
    let place = Place::with(&[("talk.txt", DOCUMENT)]);
    let mut all = vec!["render", "talk.txt", "-q", "--report", "r.json"];
    all.extend(options);
    place.tone(&all).ends_with(0);
    let report = place.json("r.json");
    (place, report)
}

/// Where in `value` the field with this path is missing; a list without elements counts as missing.
fn missing(value: &Value, path: &str) -> Option<String> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let name = first.trim_end_matches("[]");
    let Some(found) = value.get(name) else { return Some(format!("{name} in {value}")) };
    if !first.ends_with("[]") {
        return if rest.is_empty() { None } else { missing(found, rest) };
    }
    match found.as_array().map(Vec::as_slice) {
        None | Some([]) => Some(format!("anything in {name}")),
        Some(all) => all.iter().find_map(|element| missing(element, rest)),
    }
}

/// The promised fields that `report` lacks.
fn lacking(report: &Value) -> Vec<String> {
    // A line with nothing to say has no words.
    let mut said = report.clone();
    for track in said["tracks"].as_array_mut().expect("tracks") {
        track["cues"].as_array_mut().expect("cues").retain(|cue| cue["status"] != "skipped");
    }
    let of = |path: &&str| if path.contains("words[]") { missing(&said, path) } else { missing(report, path) };
    PROMISED.split_whitespace().filter_map(|path| of(&path)).collect()
}

#[test]
fn every_field_of_the_contract_is_there() {
    let (_place, report) = rendered(&[]);
    assert_eq!(lacking(&report), [""; 0]);
    let mut without = report.clone();
    without["tracks"][0]["cues"][0].as_object_mut().expect("an object").remove("remark");
    assert_eq!(lacking(&without).len(), 1, "a field that is missing is found");
}

#[test]
fn what_the_report_says_agrees_with_itself() {
    let (place, report) = rendered(&[]);
    assert_eq!(report["version"], 1);
    assert_eq!(report["program"], concat!("cuevox ", env!("CARGO_PKG_VERSION")));
    assert_eq!(report["input"]["path"], "talk.txt");
    assert_eq!(report["input"]["encoding"], "UTF-8");
    assert_eq!(report["input"]["sha256"].as_str(), Some(place.sha256("talk.txt").as_str()));
    let tracks = report["tracks"].as_array().expect("tracks");
    let kinds: Vec<&Value> = tracks.iter().map(|t| &t["kind"]).collect();
    assert_eq!(kinds, ["stamped", "narration"]);
    for track in tracks {
        let (cues, summary) = (track["cues"].as_array().expect("cues"), &track["summary"]);
        let spoken = spoken(track);
        let statuses = ["ok", "late", "early", "hurried", "overrun", "cut", "skipped"];
        assert!(cues.iter().all(|c| statuses.iter().any(|s| c["status"] == *s)));
        assert_eq!(number(&summary["cues"]), cues.len() as f64);
        assert_eq!(number(&summary["spoken"]), spoken.len() as f64);
        assert_eq!(number(&summary["skipped"]), (cues.len() - spoken.len()) as f64);
        let seconds: f64 = spoken.iter().map(|c| number(&c["spoken_s"])).sum();
        assert!((number(&summary["speech_s"]) - seconds).abs() < 1e-4);
        let fastest = spoken.iter().map(|c| number(&c["rate"])).fold(0.0, f64::max);
        assert_eq!(number(&summary["max_rate"]), fastest);
        for cue in cues {
            assert_eq!(cue["speech_start"].is_null(), cue["status"] == "skipped", "{cue}");
            assert_eq!(cue["remark"] == "", cue["status"] == "ok", "{cue}");
            assert_eq!(cue["start"].is_null(), track["kind"] == "narration", "{cue}");
            let line = number(&cue["line"]) as usize;
            let text = cue["text"].as_str().expect("a text");
            assert!(DOCUMENT.lines().nth(line - 1).is_some_and(|l| l.contains(text)), "{cue}");
        }
    }
    let words: Vec<&str> = tracks[0]["cues"][0]["words"]
        .as_array()
        .map(|words| words.iter().filter_map(|w| w["text"].as_str()).collect())
        .unwrap_or_default();
    assert_eq!(words, ["The", "ferry", "leaves", "at", "noon."]);
    let notes = report["notes"].as_array().expect("notes");
    let missed =
        notes.iter().filter(|n| n["level"] == "warning" && (n["code"] == "late-start" || n["code"] == "overrun"));
    assert!(missed.count() >= 1, "{notes:?}");
}

#[test]
fn a_plan_is_the_report_of_what_would_be_rendered() {
    let (place, report) = rendered(&[]);
    let ran = place.tone(&["plan", "talk.txt", "--json"]).ends_with(0);
    let plan: Value = serde_json::from_str(&ran.out).expect("JSON");
    for part in ["version", "program", "input", "notes"] {
        assert_eq!(plan[part], report[part], "{part}");
    }
    let pairs = plan["tracks"].as_array().into_iter().flatten().zip(report["tracks"].as_array().into_iter().flatten());
    assert_eq!(pairs.clone().count(), 2);
    for (planned, rendered) in pairs {
        assert!(planned.get("output").is_none());
        assert_eq!(planned["cues"], rendered["cues"]);
        assert_eq!(planned["summary"], rendered["summary"]);
    }
    assert_eq!(place.files(), ["output/talk.narration.wav", "output/talk.wav", "r.json", "talk.txt"]);
}

#[test]
fn a_plan_for_people_has_a_line_for_each_line() {
    let place = Place::with(&[("talk.txt", DOCUMENT)]);
    let ran = place.tone(&["plan", "talk.txt"]).ends_with(0);
    for text in ["The ferry leaves at noon.", "nothing to say", "0:30.", "5 spoken", "1 skipped", "narration: "] {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
    assert_eq!(place.files(), ["talk.txt"]);
}
