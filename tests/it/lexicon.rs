//! In: lexicons, and lines with directions in them. Out: whether what is spoken follows them.

use super::support::Place;
use serde_json::Value;

/// The report on the plan of a transcript.
#[track_caller]
fn planned(place: &Place, args: &[&str]) -> Value {
    let mut all = vec!["plan", "t.txt", "--lang", "en", "--json"];
    all.extend(args);
    serde_json::from_str(&place.tone(&all).ends_with(0).out).expect("JSON")
}

fn cue(report: &Value, at: usize) -> &Value {
    &report["tracks"][0]["cues"][at]
}

fn seconds(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// How long the first sentence of a text is spoken.
fn spoken_for(text: &str) -> f64 {
    let report = planned(&Place::with(&[("t.txt", text)]), &[]);
    seconds(&cue(&report, 0)["natural_s"])
}

#[test]
fn a_lexicon_says_how_words_are_pronounced() {
    let toml = "[en]\nnginx = \"engine x\"\nNguyen = \"/wɪn/\"\nnever = \"nevah\"\nHum = \"/hʌʘm/\"\n";
    let place =
        Place::with(&[("t.txt", "0:01 Ms Nguyen runs nginx.\n0:04 Hum.\n"), ("l.toml", toml), ("bad.tsv", "a\ten\n")]);
    let report = planned(&place, &["--lexicon", "l.toml"]);
    assert_eq!(cue(&report, 0)["spoken"], "Ms Nguyen runs engine x.");
    let words = cue(&report, 0)["words"].as_array().expect("words").clone();
    assert_eq!(words.len(), 4, "{words:?}");
    assert_eq!((&words[1]["text"], &words[3]["text"]), (&"Nguyen".into(), &"nginx.".into()));
    let plain = planned(&place, &[]);
    assert_ne!(words[1]["end"], cue(&plain, 0)["words"][1]["end"], "the sounds are other ones");
    let notes = report["notes"].to_string();
    assert!(notes.contains("1 of 4 entries") && notes.contains("'never' (l.toml:4)"), "{notes}");
    let complaints = ["bad.tsv:1: there are 2 columns", "write word, language"];
    place.tone(&["plan", "t.txt", "--lexicon", "bad.tsv"]).ends_with(2).complains(&complaints);
    place.tone(&["plan", "t.txt", "--lexicon", "none.toml"]).ends_with(2).complains(&["none.toml: this lexicon"]);
}

#[test]
fn a_pause_that_is_asked_for_is_made() {
    let gap = |text: &str, before: usize| {
        let report = planned(&Place::with(&[("t.txt", text)]), &[]);
        let words = report["tracks"][0]["cues"].as_array().expect("cues").iter();
        let words: Vec<Value> = words.flat_map(|cue| cue["words"].as_array().expect("words").clone()).collect();
        seconds(&words[before]["start"]) - seconds(&words[before - 1]["end"])
    };
    let rows = [
        ("One two [pause 2s] three four.", 2, 2.0),
        ("One two. <break time=\"1500ms\"/> Three four.", 2, 1.5),
        ("One two.\n\n[pause 3s]\n\nThree four.", 2, 3.0),
        ("0:01 One two [pause 2s] three four.\n0:20 Five.", 2, 2.0),
    ];
    for (text, before, length) in rows {
        let found = gap(text, before);
        assert!((found - length).abs() < 0.3, "{text}: {found}");
    }
    assert!(gap("One two three four.", 2) < 0.2);
}

#[test]
fn pace_and_sounds_change_how_long_it_takes() {
    let plain = spoken_for("One two three four.");
    let slow = spoken_for("<prosody rate=\"50%\">One two three four.</prosody>");
    let stressed = spoken_for("One <emphasis level=\"strong\">two</emphasis> three four.");
    assert!((slow / plain - 2.0).abs() < 0.25, "{plain} {slow}");
    assert!(stressed > plain && stressed < slow, "{plain} {stressed} {slow}");
    assert!(spoken_for("My [[tuːtuːtuːtuːtuː]].") > spoken_for("My [[tuː]].") + 0.2);
    let place = Place::with(&[(
        "t.txt",
        "Call <say-as interpret-as=\"characters\">it</say-as> <sub alias=\"water\">H2O</sub>.",
    )]);
    assert_eq!(cue(&planned(&place, &[]), 0)["spoken"], "Call I T water.");
}

#[test]
fn words_of_the_other_language_are_marked_or_found() {
    let text = "0:01 He sang [fr: 71 fois] and she said “Je ne regrette rien” to all.\n\
                0:09 He sang [en: 71 fois] and she said [en: “Je ne regrette rien”] to all.\n";
    let place = Place::with(&[("t.txt", text)]);
    let report = planned(&place, &[]);
    let said = "He sang soixante et onze fois and she said \"Je ne regrette rien\" to all.";
    assert_eq!(cue(&report, 0)["spoken"], said);
    assert_eq!(cue(&report, 0)["text"], "He sang 71 fois and she said “Je ne regrette rien” to all.");
    assert_eq!(cue(&report, 1)["spoken"], said.replace("soixante et onze", "seventy-one"));
    let words = |at: usize| cue(&report, at)["words"].as_array().expect("words").len();
    assert_eq!((words(0), words(1)), (13, 13));
    let sounds = |at: usize| seconds(&cue(&report, at)["natural_s"]);
    assert!((sounds(0) - sounds(1)).abs() > 0.05, "the sounds are other ones");
    let found: Vec<&Value> =
        report["notes"].as_array().expect("notes").iter().filter(|note| note["code"] == "other-words").collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0]["message"].as_str().is_some_and(|m| m.starts_with("'Je ne regrette rien' is read as French;")));
}
