//! That the examples do what they say, with the voice that makes tones.

use crate::support::Place;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The folder that the examples are in, built: where only these tests are asked for, nobody has.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let deps = std::env::current_exe().expect("this test has a path");
        let profile = deps.ancestors().nth(2).expect("it lies below target").to_owned();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--examples"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo is there").success());
        profile.join("examples")
    })
}

/// Runs an example in a place, with its voices there.
fn run(name: &str, args: &[&str], place: &Place) -> Output {
    let mut command = Command::new(built().join(name));
    command.args(args).current_dir(place.path("")).env("CUEVOX_VOICES_DIR", place.path("voices"));
    let output = command.output().expect("it was built");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    output
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const TIDE: &[(&str, &str)] =
    &[("t.txt", "00:01 The tide comes in.\n00:04 The tide goes out, and nobody sees it.\n00:20 So.\n")];

#[test]
fn a_file_becomes_a_track() {
    let place = Place::with(TIDE);
    run("dub", &["t.txt", "t.wav", "tone"], &place);
    let track = hound::WavReader::open(place.path("t.wav")).expect("a track");
    assert!(track.duration() > 20 * track.spec().sample_rate);
}

#[test]
fn lines_become_samples() {
    let place = Place::with(&[]);
    let printed = printed(&run("samples", &["tone"], &place));
    assert!(printed.contains("at 48000 Hz") && !printed.contains("peak 0.00"), "{printed}");
}

#[test]
fn a_plan_is_read_and_its_lines_are_changed() {
    let place =
        Place::with(&[("h.srt", "1\n00:00:01,000 --> 00:00:02,000\nThe tide comes in and goes out again, always.\n")]);
    let output = run("fit", &["h.srt", "tone"], &place);
    let plan: serde_json::Value = serde_json::from_str(&printed(&output)).expect("JSON");
    assert_eq!(plan["cues"].as_array().map(Vec::len), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let rates: Vec<f64> = told.split([' ', ',', '\n']).filter_map(|word| word.parse().ok()).collect();
    assert!(rates.len() == 2 && rates[1] < rates[0], "{told}");
}

#[test]
fn a_voice_of_ones_own_speaks() {
    let place = Place::with(&[]);
    run("voice", &["drum.wav"], &place);
    let mut track = hound::WavReader::open(place.path("drum.wav")).expect("a track");
    assert!(track.samples::<i32>().any(|sample| sample.expect("a sample").abs() > 1000));
}

#[test]
fn it_is_stopped_when_enough_was_heard() {
    let place = Place::with(TIDE);
    let printed = printed(&run("watch", &["t.txt", "tone"], &place));
    assert!(printed.contains("speaking") && printed.contains("stopped after 5."), "{printed}");
}
