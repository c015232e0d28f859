//! The command line as scripts hold on to it: exit codes, what is said on which stream, the commands about voices.

use crate::support::Place;
use serde_json::Value;

const GOOD: &str = "00:01 The first line is here.\n00:04 The second line follows it.\n";

/// Far more words than a second holds.
const HOPELESS: &str = "\
00:01 This line has so many words that nobody could say them all within the single second it was given, not at any pace.
00:02 And neither could anybody say this one, which has about as many of them, before the third line has to begin.
00:03 So this one is late.
";

#[test]
fn exit_codes_are_those_of_the_contract() {
    let rows: [(&[&str], i32); 23] = [
        (&["render", "good.txt"], 0),
        (&["render", "good.txt", "--strict"], 0),
        (&["render", "hopeless.txt"], 0),
        (&["render", "hopeless.txt", "--strict"], 3),
        (&["render", "hopeless.txt", "good.txt", "--strict"], 3),
        (&["render", "hopeless.txt", "missing.txt", "--strict"], 1),
        (&["plan", "hopeless.txt", "--strict"], 3),
        (&["plan", "hopeless.txt"], 0),
        (&["plan", "missing.txt"], 1),
        (&["render", "."], 1),
        (&["render", "sub"], 1),
        (&["render", "empty.srt"], 1),
        (&["render", "blank.txt"], 1),
        (&["render", "signs.srt"], 1),
        (&["render", "cut.json"], 1),
        (&["render", "picture.png"], 1),
        (&["render", "cut.json", "good.txt"], 1),
        (&["plan", "empty.srt"], 1),
        (&["render", "good.txt", "--no-such-option"], 2),
        (&["render", "good.txt", "sub/good.txt"], 2),
        (&["render", "good.txt", "--min-rate", "1.2"], 2),
        (&["render", "good.txt", "--jobs", "0"], 2),
        (&["render", "good.txt", "--engine", "onnx"], 2),
    ];
    let place = Place::with(&[("good.txt", GOOD), ("sub/good.txt", GOOD), ("hopeless.txt", HOPELESS)]);
    place.write("empty.srt", b"");
    place.write("blank.txt", b" \n\n");
    place.write("signs.srt", "1\n00:00:01,000 --> 00:00:02,000\n♪ ...\n".as_bytes());
    place.write("cut.json", b"{\"segments\": [{\"start\": 0.0, \"text\": \"It was cut");
    place.write("picture.png", b"\x89PNG\r\n\x1a\n....");
    for (args, code) in rows {
        let ran = place.tone(args);
        assert_eq!(ran.code, Some(code), "{args:?}: {ran:?}");
        assert_eq!(ran.err.contains("error: "), matches!(code, 1 | 2), "{args:?}: {ran:?}");
    }
    for (args, code) in [(&["--help"][..], 0), (&["--version"], 0), (&[], 2), (&["sing"], 2), (&["render"], 2)] {
        place.run(args).ends_with(code);
    }
}

#[test]
fn a_run_that_goes_well_says_one_line_and_a_quiet_one_nothing() {
    let place = Place::with(&[("good.txt", GOOD)]);
    let ran = place.tone(&["render", "good.txt"]).ends_with(0);
    assert_eq!((ran.out.as_str(), ran.err.lines().count()), ("", 1), "{ran:?}");
    assert!(ran.err.starts_with("output/good.wav: ") || ran.err.starts_with("output\\good.wav: "), "{ran:?}");
    let ran = place.tone(&["render", "good.txt", "-q"]).ends_with(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    let ran = place.tone(&["render", "missing.txt", "-q"]).ends_with(1);
    assert_eq!((ran.out.as_str(), ran.err.lines().count()), ("", 1), "{ran:?}");
}

#[test]
fn hurried_and_late_lines_are_named_where_everything_is_asked_for() {
    let place = Place::with(&[("hopeless.txt", HOPELESS)]);
    let ran = place.tone(&["render", "hopeless.txt", "--overflow", "push", "-v"]).ends_with(0);
    assert!(ran.err.contains("hopeless.txt:3: warning: begins "), "{}", ran.err);
    let ran = place.tone(&["render", "hopeless.txt", "--overflow", "push"]).ends_with(0);
    assert!(ran.err.contains(" late") && !ran.err.contains("warning: "), "{}", ran.err);
}

#[test]
fn completions_are_for_the_shell_that_was_named() {
    let place = Place::with(&[]);
    for (shell, sign) in [("bash", "complete -F _cuevox"), ("zsh", "#compdef cuevox"), ("fish", "complete -c cuevox")] {
        let ran = place.run(&["completions", shell]).ends_with(0);
        for word in [sign, "render", "plan", "voices", "max-rate"] {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
        assert_eq!(ran.err, "");
    }
    place.run(&["completions", "abacus"]).ends_with(2);
}

#[test]
fn the_manual_has_a_page_for_the_program_and_for_each_command() {
    let place = Place::with(&[]);
    for (args, parts) in [
        (&["man"][..], [".TH cuevox 1", "cuevox\\-render(1)", "Exit codes"]),
        (&["man", "render"], [".TH cuevox-render 1", "\\-\\-captions", "\\-\\-max\\-rate"]),
    ] {
        let ran = place.run(args).ends_with(0);
        assert!(parts.iter().all(|part| ran.out.contains(part)), "{}", ran.out);
    }
    place.run(&["man", "rendr"]).ends_with(2).complains(&["did you mean 'render'?"]);
}

#[test]
fn what_is_mistyped_is_answered_with_the_nearest() {
    let place = Place::with(&[("good.txt", GOOD)]);
    let rows: [(&[&str], &str); 7] = [
        (&["rendr", "good.txt"], "'render'"),
        (&["render", "good.txt", "--caption", "a.vtt"], "'--captions'"),
        (&["render", "good.txt", "--fit", "relaxd"], "'relaxed'"),
        (&["render", "good.txt", "--overflow", "tirm"], "'trim'"),
        (&["render", "good.txt", "--captions", "a.sub"], "'a.srt'"),
        (&["render", "good.txt", "--html", "a.htlm"], "'a.html'"),
        (&["completions", "bahs"], "'bash'"),
    ];
    for (args, nearest) in rows {
        place.run(args).ends_with(2).complains(&[nearest]);
    }
    assert_eq!(place.files(), ["good.txt"]);
}

#[test]
fn voices_are_listed_and_shown() {
    let place = Place::with(&[]);
    let list = place.run(&["voices", "list", "--voices-dir", "none"]).ends_with(0);
    for id in ["hibari-heart", "en_US-joe-medium", "ff_siwis", "fr_FR-siwis-medium"] {
        assert!(list.out.lines().any(|line| line.starts_with(id)), "{id}: {}", list.out);
    }
    let french = place.run(&["voices", "list", "--lang", "fr", "--json", "--voices-dir", "none"]).ends_with(0);
    let french: Value = serde_json::from_str(&french.out).expect("JSON");
    let french = french.as_array().expect("a list");
    assert!(french.iter().all(|v| v["language"].as_str().is_some_and(|l| l.starts_with("fr"))));
    let defaults: Vec<&Value> = french.iter().filter(|v| v["default"] == true).map(|v| &v["id"]).collect();
    assert_eq!(defaults, ["ff_siwis"]);
    let none = place.run(&["voices", "list", "--installed", "--json", "--voices-dir", "none"]).ends_with(0);
    assert_eq!(serde_json::from_str::<Value>(&none.out).ok(), Some(Value::Array(Vec::new())));

    let shown = place.run(&["voices", "show", "en_us-JOE-medium", "--voices-dir", "none"]).ends_with(0);
    assert!(["CC0", "22050 Hz", "not installed"].iter().all(|part| shown.out.contains(part)), "{}", shown.out);
    let shown = place.run(&["voices", "show", "ff_siwis", "--json", "--voices-dir", "none"]).ends_with(0);
    let shown: Value = serde_json::from_str(&shown.out).expect("JSON");
    assert_eq!((&shown["engine"], &shown["sample_rate"]), (&Value::from("kokoro"), &Value::from(24_000)));
    assert_eq!(shown["files"].as_array().map(Vec::len), Some(2));
    assert_eq!(place.files(), [""; 0]);
}

#[test]
fn voices_are_heard_side_by_side_and_one_that_is_none_does_not_stop_the_others() {
    let place = Place::with(&[]);
    let common = ["--voices-dir", "none", "--offline", "-q", "-o", "heard"];
    let one = [&["voices", "sample", "tone", "--text", "00:01 Does it hum?"][..], &common].concat();
    let heard = |place: &Place| -> Vec<String> {
        place.files().into_iter().filter(|file| file.starts_with("heard/")).collect()
    };
    place.run(&one).ends_with(0);
    assert_eq!(heard(&place), ["heard/tone.wav"]);
    let wav = place.wav("heard/tone.wav");
    assert!(wav.peak(0.0, 1.0) > 0.05, "nothing is heard");
    let two = [&["voices", "sample", "tone", "no_such", "tone#"][..], &common].concat();
    place.run(&two).ends_with(1).complains(&["no_such"]);
    assert_eq!(heard(&place), ["heard/tone-.wav", "heard/tone.wav", "heard/voices.html"]);
    let page = std::fs::read_to_string(place.path("heard/voices.html")).expect("a page");
    assert!(page.contains("src=\"tone-.wav\"") && !page.contains("no_such"), "{page}");
    let none = [&["voices", "sample", "no_such"][..], &["--voices-dir", "none", "--offline", "-o", "other"]].concat();
    place.run(&none).ends_with(1).complains(&["no_such"]);
    assert!(!place.path("other").exists(), "an empty folder is left");
    let twice = [&["voices", "sample", "tone", "tone"][..], &common].concat();
    place.run(&twice).ends_with(2).complains(&["'tone' is named twice"]);
    let silent = [&["voices", "sample", "tone", "--text", "…"][..], &common].concat();
    place.run(&silent).ends_with(2).complains(&["nothing in --text"]);
}

#[test]
fn a_voice_that_is_mistyped_is_answered_with_the_nearest() {
    let place = Place::with(&[("good.txt", GOOD)]);
    let rows: [&[&str]; 5] = [
        &["voices", "show", "en_US-jo-medium"],
        &["voices", "install", "en_US-jo-medium"],
        &["voices", "verify", "en_US-jo-medium"],
        &["voices", "remove", "en_US-jo-medium"],
        &["render", "good.txt", "--voice", "en_US-jo-medium"],
    ];
    for row in rows {
        let mut args = row.to_vec();
        args.extend(["--voices-dir", "none", "--offline"]);
        place.run(&args).ends_with(1).complains(&["en_US-jo-medium", "did you mean", "en_US-joe-medium"]);
    }
}

#[test]
fn without_the_network_a_missing_voice_is_named_with_the_way_to_it() {
    let rows = [("en", "hibari-heart"), ("fr", "ff_siwis")];
    for (lang, id) in rows {
        let place = Place::with(&[("good.txt", GOOD)]);
        let args = ["render", "good.txt", "--lang", lang, "--offline", "--voices-dir", "none"];
        let install = format!("cuevox voices install {id}");
        place.run(&args).ends_with(1).complains(&[id, "not installed", &install, "--offline", " MB"]);
        let left: Vec<String> = place.files().into_iter().filter(|f| !f.starts_with("none/espeak-ng-")).collect();
        assert_eq!(left, ["good.txt"]);
    }
}

#[test]
fn voices_that_are_no_voices_are_errors() {
    let place = Place::with(&[("good.txt", GOOD), ("own.onnx", "no network"), ("own.onnx.json", "{}")]);
    let rows = [("./own.onnx", "own.onnx.json"), ("./other.onnx", "other.onnx"), ("./good.txt", "good.txt")];
    for (voice, named) in rows {
        let args = ["render", "good.txt", "--voice", voice, "--offline", "--voices-dir", "none"];
        place.run(&args).ends_with(1).complains(&["error: ", named]);
    }
}
