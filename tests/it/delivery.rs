//! How tracks leave the program: their length, their loudness, what lies under them, what they are written as.

use crate::support::{Place, Wav, number};
use std::path::Path;

const STAMPED: &str = "00:01 The first line is here.\n00:04 The second line follows it.\n00:08 And a third.\n";

/// A folder with a transcript and the media files of the library's tests: 20,011 samples at 44,100 Hz.
fn place() -> Place {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    for name in ["tone.mp3", "tone.m4a", "tone.flac", "film.mp4", "silent.mp4", "opus.ogg"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/media").join(name);
        place.write(name, &std::fs::read(path).expect("it is there"));
    }
    place
}

fn codes(report: &serde_json::Value) -> Vec<(u64, String)> {
    let notes = report["notes"].as_array().expect("notes").iter();
    notes.map(|n| (n["line"].as_u64().unwrap_or(0), n["code"].as_str().unwrap_or_default().to_owned())).collect()
}

/// How loud a track is, by a meter of our own.
fn lufs(wav: &Wav) -> f64 {
    let channels = wav.channels.len() as u32;
    let mut meter = ebur128::EbuR128::new(channels, wav.spec.sample_rate, ebur128::Mode::I).expect("a meter");
    let frames: Vec<f32> = (0..wav.mono().len()).flat_map(|i| wav.channels.iter().map(move |c| c[i])).collect();
    meter.add_frames_f32(&frames).expect("heard");
    meter.loudness_global().expect("measured")
}

#[test]
fn the_length_is_the_one_that_was_asked_for_and_what_is_cut_is_told() {
    let place = place();
    let at_48 = |samples: u64, rate: u64| ((samples * 48_000 + rate / 2) / rate) as usize;
    let cut = |lines: &[u64]| lines.iter().map(|l| (*l, "cut".to_owned())).collect::<Vec<_>>();
    let rows: [(&[&str], usize, &[u64]); 6] = [
        (&["--total", "0:20.5"], 984_000, &[]),
        (&["--total", "5"], 240_000, &[2, 3]),
        (&["--match", "tone.mp3"], at_48(20_011, 44_100), &[1, 2, 3]),
        (&["--match", "tone.m4a"], at_48(20_011, 44_100), &[1, 2, 3]),
        (&["--match", "film.mp4"], at_48(20_011, 44_100), &[1, 2, 3]),
        (&["--match", "silent.mp4"], 28_800, &[1, 2, 3]),
    ];
    for (options, frames, lines) in rows {
        let mut all = vec!["render", "talk.txt", "-o", "t.wav", "--report", "r.json"];
        all.extend(options);
        place.tone(&all).ends_with(0);
        assert_eq!(place.wav("t.wav").mono().len(), frames, "{options:?}");
        assert_eq!(codes(&place.json("r.json")), cut(lines), "{options:?}");
    }
}

#[test]
fn the_loudness_is_the_one_that_was_asked_for() {
    let place = place();
    for (options, wanted) in [
        (&["--channels", "1"][..], -16.0),
        (&["--channels", "2"], -16.0),
        (&["--loudness", "-23"], -23.0),
        (&["--loudness", "-20", "--sample-rate", "22050", "--bits", "24"], -20.0),
    ] {
        let mut all = vec!["render", "talk.txt", "-o", "t.wav", "--report", "r.json"];
        all.extend(options);
        place.tone(&all).ends_with(0);
        let found = lufs(&place.wav("t.wav"));
        let report = place.json("r.json");
        let output = &report["tracks"][0]["output"];
        assert!((found - wanted).abs() < 0.2, "{found} {options:?}");
        assert!((number(&output["lufs"]) - found).abs() < 0.2 && number(&output["true_peak_db"]) <= -1.0, "{output}");
    }
    place.tone(&["render", "talk.txt", "-o", "raw.wav", "--loudness", "off", "--bits", "32"]).ends_with(0);
    let peak = place.wav("raw.wav").peak(0.0, 12.0);
    // The tone's own level is 0.25; what lies between its samples comes with the resampling.
    assert!((0.24..0.36).contains(&peak), "{peak}");
}

#[test]
fn a_background_is_heard_where_nobody_speaks_and_hardly_where_somebody_does() {
    let place = place();
    let options = ["--background", "tone.flac", "--duck", "40", "--duck-attack", "0.1", "--total", "10"];
    let run = |jobs: &str, name: &str, extra: &[&str]| {
        let mut all = vec!["render", "talk.txt", "-o", name, "--channels", "2", "--jobs", jobs];
        all.extend(options);
        all.extend(extra);
        place.tone(&all).ends_with(0);
    };
    run("1", "one.wav", &[]);
    run("2", "two.wav", &[]);
    assert_eq!(place.sha256("one.wav"), place.sha256("two.wav"));
    let wav = place.wav("one.wav");
    // The file lasts 0.45 s; the first line begins at 1 s.
    assert!(wav.peak(0.05, 0.4) > 0.02 && wav.peak(0.5, 0.9) < 1e-4);
    assert!(wav.channels[0] != wav.channels[1]);
    run("1", "mono.wav", &["--loudness", "off"]);
    assert!(place.wav("mono.wav").peak(0.05, 0.4) > 0.02);
}

#[test]
fn flac_by_name_holds_the_same_as_wav() {
    let place = place();
    for name in ["t.wav", "t.flac"] {
        place.tone(&["render", "talk.txt", "-o", name, "--bits", "24"]).ends_with(0);
    }
    let mut sound = cuevox::audio::media::Sound::open(&place.path("t.flac"), 1).expect("a FLAC file");
    let mut samples = Vec::new();
    while let Some(part) = sound.part().expect("it can be decoded") {
        samples.extend_from_slice(part);
    }
    assert!(samples == place.wav("t.wav").mono());
}

#[test]
fn every_line_becomes_a_file_and_all_together_the_track() {
    let mixed = format!("Some prose comes first. It is read by itself.\n\n{STAMPED}");
    let place = Place::with(&[("talk.txt", &mixed)]);
    let run = || place.tone(&["render", "talk.txt", "-o", "t.wav", "--bits", "32", "--stems", "lines"]);
    run().ends_with(0);
    run().ends_with(0);
    let list = place.json("lines/manifest.json");
    let whole = place.wav("t.wav");
    let mut sum = vec![0.0; whole.mono().len()];
    let lines = list["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 3);
    for line in lines {
        let stem = place.wav(&format!("lines/{}", line["file"].as_str().expect("a name")));
        let start = (number(&line["start"]) * 48_000.0).round() as usize;
        assert!((number(&line["duration"]) * 48_000.0 - stem.mono().len() as f64).abs() < 0.01);
        sum[start..start + stem.mono().len()].copy_from_slice(stem.mono());
        assert_eq!((line["voice"].as_str(), line["lang"].as_str()), (Some("tone"), Some("en")));
    }
    assert!(sum == whole.mono());
    assert!(place.files().iter().any(|file| file == "lines.narration/0001.wav"), "{:?}", place.files());
    place.write("lines/mine.txt", b"x");
    run().ends_with(1).complains(&["lines: this folder holds files that are no lines of an earlier run"]);
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_spoken() {
    let place = place();
    let before = place.files();
    let rows: [(&[&str], i32, &str); 10] = [
        (&["--match", "missing.mp4"], 1, "missing.mp4: there is no such media file"),
        (&["--background", "opus.ogg"], 1, "opus.ogg: this kind of sound cannot be decoded"),
        (&["--background", "silent.mp4"], 1, "silent.mp4: there is no sound in this file"),
        (&["--background", "talk.txt"], 1, "talk.txt: this is no media file that can be read"),
        (&["-o", "t.flac", "--bits", "32"], 2, "FLAC has no samples of 32 bits"),
        (&["-o", "t.mp3"], 2, "cannot be written as .mp3"),
        (&["--background", "tone.flac", "-o", "./tone.flac"], 2, "would replace a media file"),
        (&["--total", "0"], 2, "a duration is"),
        (&["--loudness", "5"], 2, "a loudness is"),
        (&["--stems", "talk.txt"], 1, "talk.txt: this is a file"),
    ];
    for (options, code, says) in rows {
        let mut all = vec!["render", "talk.txt"];
        all.extend(options);
        place.tone(&all).ends_with(code).complains(&[says]);
        assert_eq!(place.files(), before, "{options:?}");
    }
}
