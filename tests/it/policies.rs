//! Documents that hold more than there is time for, under each policy and each fit, with the voice that makes tones.

use crate::support::{Place, check_silence, check_times, number, spoken};
use serde_json::Value;

/// The first line has two seconds for seven; the sentence over lines 3 to 5 has four for six.
const OVERFULL: &str = "\
00:01.000 This line has a very great deal more to say than the two seconds it was given by whoever wrote the stamps.
00:03.000 Short one.
00:05.000 And here a sentence that begins in this line and goes on
00:06.000 much too long in the line that follows, so that nothing fits any more at all,
00:07.500 and ends here.
00:18.000 Done.
";

/// The report and the place of a run.
fn run(options: &[&str], code: i32) -> (Place, Value) {
    let place = Place::with(&[("talk.txt", OVERFULL)]);
    let mut all = vec!["render", "talk.txt", "-q", "--bits", "32", "--sample-rate", "22050", "--report", "r.json"];
    all.extend(options);
    place.tone(&all).ends_with(code);
    let report = place.json("r.json");
    (place, report)
}

fn cues(report: &Value) -> Vec<&Value> {
    report["tracks"][0]["cues"].as_array().expect("cues").iter().collect()
}

#[test]
fn what_pushes_a_line_is_named_by_its_number_where_all_stand_on_one_line() {
    let long = "The harbour master counted every boat that came in, and wrote all of their names down in a book.";
    let text = format!(
        r#"{{"cues": [{{"start": 0, "end": 2, "text": "{long}"}}, {{"start": 2, "end": 4, "text": "Then it rained."}}]}}"#
    );
    let place = Place::with(&[("one.json", &text)]);
    let options = ["render", "one.json", "-q", "--overflow", "push", "--lag", "0.1", "--report", "r.json"];
    place.tone(&options).ends_with(0);
    let report = place.json("r.json");
    let remark = cues(&report)[1]["remark"].as_str().expect("a remark");
    assert!(remark.contains("because cue 1 takes so long"), "{remark}");
}

#[test]
fn what_does_not_fit_pushes_later_lines_and_is_said() {
    let (_, report) = run(&["--overflow", "push"], 0);
    check_times(&report["tracks"][0]);
    let cues = cues(&report);
    assert_eq!(cues[1]["status"], "late");
    let remark = cues[1]["remark"].as_str().expect("a remark");
    assert!(remark.contains("because line 1 takes so long"), "{remark}");
    assert!(remark.contains("characters too many"), "{remark}");
    assert!(number(&cues[0]["excess_chars"]) > 20.0, "{}", cues[0]);
    assert!(number(&cues[0]["rate"]) > 1.25 && cues[0]["cut_s"] == 0.0, "{}", cues[0]);
    assert_eq!(cues[5]["status"], "ok", "the track has recovered: {}", cues[5]);
    let (_, again) = run(&["--overflow", "push", "--strict"], 3);
    assert_eq!(again["tracks"], report["tracks"]);
}

#[test]
fn what_does_not_fit_is_cut_where_a_word_ends() {
    let (place, report) = run(&["--overflow", "trim", "--strict"], 3);
    let track = &report["tracks"][0];
    check_times(track);
    let wav = place.wav("output/talk.wav");
    check_silence(&wav, track, 0.0251, 0.0);
    let cut: Vec<&Value> = cues(&report).into_iter().filter(|cue| number(&cue["cut_s"]) > 0.0).collect();
    assert_eq!(number(&track["summary"]["cut"]), cut.len() as f64);
    assert_eq!(cut.iter().map(|cue| number(&cue["index"])).collect::<Vec<_>>(), [1.0, 3.0, 4.0]);
    for cue in cut {
        let (end, window) = (number(&cue["speech_end"]), number(&cue["end"]));
        // The next line begins up to 0.2 s after its stamp.
        assert!(end <= window + 0.2 && end > window - 1.0, "{cue}");
        assert!(wav.peak(end + 0.0245, end + 0.03) < 0.05, "no fade: {cue}");
        assert_eq!(cue["status"], "cut");
        assert!(cue["remark"].as_str().expect("a remark").starts_with("cut: there is no time for '"), "{cue}");
        let lost = cue["unspoken"][0]["text"].as_str().expect("what was left out");
        assert!(cue["text"].as_str().expect("text").ends_with(lost), "{cue}");
        let words = cue["words"].as_array().expect("words").len();
        assert!(words < cue["text"].as_str().expect("text").split(' ').count(), "{cue}");
    }
    for cue in cues(&report) {
        assert!((-0.1001..=0.2001).contains(&number(&cue["start_error_s"])), "{cue}");
    }
}

#[test]
fn what_is_held_begins_no_later_than_the_lag_and_is_cut_only_where_that_needs_it() {
    for lag in ["2", "0.5"] {
        let (_, report) = run(&["--lag", lag], 0);
        let late: f64 = lag.parse().expect("a number");
        for cue in cues(&report) {
            assert!((-0.1001..=late + 0.0001).contains(&number(&cue["start_error_s"])), "{cue}");
            assert!(number(&cue["rate"]) < 1.53, "{cue}");
        }
        let cut: Vec<&Value> = cues(&report).into_iter().filter(|cue| cue["status"] == "cut").collect();
        assert!(!cut.is_empty() && cut.iter().all(|cue| !cue["unspoken"].as_array().expect("texts").is_empty()));
    }
    let (_, report) = run(&["--lag", "60", "--rush", "3"], 0);
    assert!(cues(&report).iter().all(|cue| cue["status"] != "cut"), "there is time for all of it");
}

#[test]
fn where_lines_do_not_fit_there_is_no_track_if_that_is_asked() {
    let place = Place::with(&[("full.txt", OVERFULL), ("fits.txt", "00:01 All is well.\n00:05 Still.\n")]);
    let ran = place.tone(&["render", "full.txt", "fits.txt", "-q", "--overflow", "fail"]).ends_with(1);
    ran.complains(&["full.txt:1:", "line 2 would begin", "characters too many", "--max-rate"]);
    assert_eq!(place.files(), ["fits.txt", "full.txt", "output/fits.wav"]);
    place.tone(&["plan", "full.txt", "--overflow", "fail"]).ends_with(1);
}

#[test]
fn a_relaxed_track_keeps_the_pace_and_lets_starts_slip() {
    let (_, report) = run(&["--fit", "relaxed"], 0);
    let track = &report["tracks"][0];
    check_times(track);
    for cue in spoken(track) {
        assert!((0.89..=1.11).contains(&number(&cue["rate"])), "{cue}");
        assert!(number(&cue["start_error_s"]) > -0.1001, "{cue}");
    }
    let last = spoken(track)[5];
    assert!(number(&last["start_error_s"]) > 0.2, "at its pace it cannot begin in time: {last}");
    let pause = number(&spoken(track)[1]["speech_start"]) - number(&spoken(track)[0]["speech_end"]);
    assert!(pause > 0.15, "the pause between sentences is kept: {pause}");
}

#[test]
fn the_plan_is_what_is_spoken_and_says_who_is_late() {
    let place = Place::with(&[("talk.txt", OVERFULL)]);
    let planned = place.tone(&["plan", "talk.txt", "--json", "-q"]).ends_with(0);
    let planned: Value = serde_json::from_str(&planned.out).expect("JSON");
    place.tone(&["render", "talk.txt", "-q", "--report", "r.json"]).ends_with(0);
    let mut rendered = place.json("r.json");
    rendered["tracks"][0].as_object_mut().expect("a track").remove("output");
    assert_eq!(planned["tracks"], rendered["tracks"]);
    let table = place.tone(&["plan", "talk.txt", "-q"]).ends_with(0).out;
    assert!(table.contains("begins ") && table.contains("characters too many up to here"), "{table}");
    assert!(table.contains('▸'), "{table}");
}
