//! What lies in the folder after a run: tracks and reports under their names, in the form that was asked for, and
//! nothing unfinished.

use crate::support::Place;

const STAMPED: &str = "00:01 The first line is here.\n00:04 The second line follows it.\n00:08 And a third.\n";
const PROSE: &str = "The harbour is quiet today. Nobody expects the boat before noon.\n";

/// Prose before stamped lines, as in a page copied from a video.
fn mixed() -> String {
    let prose = "This talk is about a harbour and the people who live beside it. It was recorded in the spring.\n\n";
    format!("{prose}{STAMPED}")
}

#[test]
fn tracks_have_the_names_of_the_contract() {
    let mixed = mixed();
    let rows: [(&str, &[&str], &[&str]); 6] = [
        (STAMPED, &[], &["output/talk.wav"]),
        (PROSE, &[], &["output/talk.wav"]),
        (&mixed, &[], &["output/talk.narration.wav", "output/talk.wav"]),
        (&mixed, &["-o", "deep/new.wav"], &["deep/new.narration.wav", "deep/new.wav"]),
        (STAMPED, &["-o", "folder/"], &["folder/talk.wav"]),
        (STAMPED, &["--report", "r.json"], &["output/talk.wav", "r.json"]),
    ];
    for (text, options, expected) in rows {
        let place = Place::with(&[("talk.txt", text)]);
        let mut all = vec!["render", "talk.txt"];
        all.extend(options);
        place.tone(&all).ends_with(0);
        let mut files = expected.to_vec();
        files.push("talk.txt");
        files.sort_unstable();
        assert_eq!(place.files(), files, "{options:?}");
    }
}

#[test]
fn several_inputs_go_to_one_folder_and_a_bad_one_keeps_none_from_it() {
    let place = Place::with(&[("a.txt", STAMPED), ("b.txt", "... !\n"), ("c.txt", PROSE)]);
    place.write("d.txt", b"\x00\x01\x02\x00\xff\xfe\x00\x9c\x00\x00");
    let inputs = ["a.txt", "b.txt", "missing.txt", "d.txt", "c.txt"];
    let mut all = vec!["render", "-o", "out", "--report", "reports/"];
    all.extend(inputs);
    let ran = place.tone(&all).ends_with(1);
    let ran = ran.complains(&["b.txt:1: ", "missing.txt: there is no such file", "d.txt:1: "]);
    assert_eq!(ran.err.matches("error: ").count(), 3, "{}", ran.err);
    let made = ["a.txt", "b.txt", "c.txt", "d.txt", "out/a.wav", "out/c.wav", "reports/a.json", "reports/c.json"];
    assert_eq!(place.files(), made);
}

#[test]
fn every_layout_holds_the_same_sound() {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    let run = |bits: &str, channels: &str| {
        let name = format!("{bits}-{channels}.wav");
        // As the voice speaks: two channels of one loudness are quieter each than one.
        let options = ["--sample-rate", "44100", "--bits", bits, "--channels", channels, "--loudness", "off"];
        let mut all = vec!["render", "talk.txt", "-q", "-o", &name];
        all.extend(options);
        place.tone(&all).ends_with(0);
        let wav = place.wav(&name);
        assert_eq!((wav.spec.sample_rate, wav.spec.bits_per_sample.to_string()), (44_100, bits.to_owned()));
        assert_eq!((wav.spec.channels.to_string(), wav.channels.len().to_string()), (channels.into(), channels.into()));
        assert_eq!(wav.spec.sample_format == hound::SampleFormat::Float, bits == "32");
        wav
    };
    let exact = run("32", "1");
    for (bits, step) in [("16", 1.0 / 32_768.0), ("24", 1.0 / 8_388_608.0), ("32", 0.0)] {
        let wav = run(bits, "2");
        assert_eq!(wav.channels[0], wav.channels[1]);
        assert_eq!(wav.mono().len(), exact.mono().len());
        // Rounding and triangular dither: a step and a half; 32 bits can tell no more than that of 24 apart.
        let worst = wav.mono().iter().zip(exact.mono()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= 1.51 * step + f32::EPSILON / 4.0, "{bits} bits: {worst}");
    }
}

#[test]
fn nothing_unfinished_is_left_after_an_error() {
    let rows: [(&[&str], i32, &str); 6] = [
        (&["-o", "file/below.wav"], 1, "file/below.wav"),
        (&["-o", "folder"], 0, ""),
        (&["--report", "file/below.json"], 1, "file/below.json"),
        (&["--bits", "8"], 2, "8 bits"),
        (&["--sample-rate", "1000"], 2, "1000 Hz"),
        (&["-o", "talk.txt"], 2, "would replace the transcript"),
    ];
    for (options, code, says) in rows {
        let place = Place::with(&[("talk.txt", STAMPED), ("file", "a file"), ("folder/kept", "kept")]);
        let mut all = vec!["render", "talk.txt"];
        all.extend(options);
        place.tone(&all).ends_with(code).complains(&[says]);
        let whole = ["file", "folder/kept", "folder/talk.wav", "output/talk.wav", "talk.txt"];
        let others: Vec<String> = place.files().into_iter().filter(|f| !whole.contains(&f.as_str())).collect();
        assert_eq!(others, [""; 0], "{options:?}");
        assert_eq!(std::fs::read_to_string(place.path("talk.txt")).expect("it is still there"), STAMPED);
    }
}

#[test]
fn a_track_that_cannot_be_finished_leaves_the_older_one() {
    let place = Place::with(&[("talk.txt", STAMPED), ("bad.txt", "??? ...\n")]);
    place.tone(&["render", "talk.txt", "-o", "out.wav"]).ends_with(0);
    let before = place.sha256("out.wav");
    place.tone(&["render", "bad.txt", "-o", "out.wav"]).ends_with(1);
    assert_eq!(place.sha256("out.wav"), before);
}

#[test]
fn standard_input_is_an_input() {
    use std::io::Write;
    let place = Place::with(&[]);
    let folder = crate::support::kept("tone");
    let mut command = place.command(&["render", "-", "-q", "--voice", "tone", "--voices-dir"]);
    let mut child = command.arg(folder).stdin(std::process::Stdio::piped()).spawn().expect("started");
    child.stdin.take().expect("a pipe").write_all(STAMPED.as_bytes()).expect("written");
    assert!(child.wait().expect("ended").success());
    assert_eq!(place.files(), ["output/stdin.wav"]);
}
