//! Many transcripts in one run: what is made, what is left alone, and that a killed run leaves nothing half done.

use crate::support::{Place, Ran, kept};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const STAMPED: &str = "00:01 The first line is here.\n00:04 The second line follows it.\n00:08 And a third.\n";
const PROSE: &str = "The harbour is quiet today. Nobody expects the boat before noon.\n";

fn batch(place: &Place, args: &[&str]) -> Ran {
    let mut all = vec!["batch", "--cache", "cache"];
    all.extend(args);
    place.tone(&all)
}

/// What is in a folder of tracks, without the stamps.
fn made(place: &Place, folder: &str) -> Vec<String> {
    let files = place.files().into_iter().filter_map(|file| file.strip_prefix(folder).map(str::to_owned));
    files.filter(|file| !file.starts_with("/.cuevox/")).collect()
}

fn list(place: &Place, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(place.path(name)).expect("a list");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn statuses(place: &Place, name: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    list(place, name).iter().map(|line| (text(&line["input"]), text(&line["status"]))).collect()
}

fn all_of(status: &str, statuses: &[(String, String)]) -> bool {
    statuses.iter().all(|(_, s)| s == status)
}

#[test]
fn a_bad_file_stops_no_other_and_the_tree_is_kept() {
    let place = Place::with(&[("in/a.txt", STAMPED), ("in/deep/b.md", PROSE), ("in/bad.srt", "... !\n")]);
    let ran = batch(&place, &["in", "-r", "-o", "out", "--report", "reports"]).ends_with(1);
    let ran = ran.complains(&["error: in/bad.srt:1: ", "failed: in/bad.srt", "rendered  2 ", "out/batch.jsonl"]);
    assert_eq!(ran.err.matches("error: ").count(), 1, "{}", ran.err);
    assert_eq!(made(&place, "out"), ["/a.wav", "/batch.jsonl", "/deep/b.wav"]);
    assert_eq!(made(&place, "reports"), ["/a.json", "/deep/b.json"]);
    let list = list(&place, "out/batch.jsonl");
    assert_eq!(list.len(), 3);
    assert!(list[1]["error"].as_str().is_some_and(|e| e.contains("in/bad.srt:1")), "{}", list[1]);
    assert_eq!((&list[0]["lines"], &list[0]["outputs"][1]), (&Value::from(3), &Value::from("reports/a.json")));
    let again = batch(&place, &["in", "-r", "-o", "out", "--report", "reports", "-q"]).ends_with(1);
    assert_eq!(again.err.lines().count(), 1, "{}", again.err);
    let status: Vec<String> = statuses(&place, "out/batch.jsonl").into_iter().map(|(_, status)| status).collect();
    assert_eq!(status, ["unchanged", "failed", "unchanged"]);
    // The same bytes as by itself.
    place.tone(&["render", "in/a.txt", "-q", "-o", "alone.wav"]).ends_with(0);
    assert_eq!(place.sha256("out/a.wav"), place.sha256("alone.wav"));
}

#[test]
fn what_stands_beside_a_track_keeps_the_tree_and_is_finished_with_it() {
    let place = Place::with(&[("in/a.txt", STAMPED), ("in/deep/b.md", PROSE), ("in/bad.srt", "... !\n")]);
    let beside =
        ["--captions", "subs", "--caption-words", "--html", "pages", "--stems", "lines", "--report", "reports"];
    let run = || {
        let mut all = vec!["in", "-r", "-o", "out", "-q"];
        all.extend(beside);
        batch(&place, &all).ends_with(1);
        statuses(&place, "out/batch.jsonl").into_iter().map(|(_, status)| status).collect::<Vec<_>>()
    };
    assert_eq!(run(), ["done", "failed", "done"]);
    let lines = ["/a/0001.wav", "/a/0002.wav", "/a/0003.wav", "/a/manifest.json"];
    assert_eq!(made(&place, "lines")[..4], lines);
    assert_eq!(made(&place, "subs"), ["/a.vtt", "/deep/b.vtt"]);
    assert_eq!(made(&place, "pages"), ["/a.html", "/deep/b.html"]);
    assert_eq!(made(&place, "reports"), ["/a.json", "/deep/b.json"]);
    let vtt = std::fs::read_to_string(place.path("subs/a.vtt")).expect("captions");
    assert!(vtt.contains("The <00:00:01.") && vtt.contains("third"), "{vtt}");
    let first = &list(&place, "out/batch.jsonl")[0]["outputs"];
    assert_eq!(
        *first,
        serde_json::json!(["out/a.wav", "subs/a.vtt", "pages/a.html", "lines/a/manifest.json", "reports/a.json"])
    );
    let hashes = || ["out/a.wav", "subs/a.vtt", "pages/a.html", "lines/a/0002.wav"].map(|name| place.sha256(name));
    let before = hashes();
    assert_eq!(run(), ["unchanged", "failed", "unchanged"]);
    for (gone, expected) in [
        ("subs/a.vtt", ["done", "failed", "unchanged"]),
        ("pages/deep/b.html", ["unchanged", "failed", "done"]),
        ("lines/a/0002.wav", ["done", "failed", "unchanged"]),
        ("lines/a/manifest.json", ["failed", "failed", "unchanged"]),
    ] {
        std::fs::remove_file(place.path(gone)).expect("removed");
        assert_eq!(run(), expected, "{gone}");
        assert!(expected[0] == "failed" || hashes() == before, "{gone}");
    }
    // The same as by themselves.
    place.tone(&["render", "in/a.txt", "-q", "-o", "alone/a.wav", "--captions", "vtt", "--caption-words"]).ends_with(0);
    assert_eq!(place.sha256("subs/a.vtt"), place.sha256("alone/a.vtt"));
    let rows: [&[&str]; 3] =
        [&["--captions", "x.srt"], &["--html", "x.html"], &["--captions", "srt", "--caption-words"]];
    for wrong in rows {
        let mut all = vec!["in", "-o", "other"];
        all.extend(wrong);
        batch(&place, &all).ends_with(2);
    }
    assert!(!place.path("other").exists());
}

#[test]
fn results_among_the_transcripts_are_no_transcripts() {
    let place = Place::with(&[("a.txt", STAMPED), ("deep/b.md", PROSE), ("same/c.txt", PROSE), ("same/c.vtt", "")]);
    let beside = ["--captions", "vtt", "--report", "reports", "--html", "deep", "--stems", "lines"];
    for expected in [["done", "done", "failed", "failed"], ["unchanged", "unchanged", "failed", "failed"]] {
        let mut all = vec![".", "-r", "-o", ".", "-q"];
        all.extend(beside);
        let ran = batch(&place, &all).ends_with(1);
        let mut found: Vec<String> = statuses(&place, "batch.jsonl").into_iter().map(|(_, status)| status).collect();
        found.sort_by_key(|status| status == "failed");
        assert_eq!(found, expected, "{}", ran.err);
    }
    assert_eq!(std::fs::read(place.path("same/c.vtt")).expect("still there"), b"");
}

#[test]
fn what_is_finished_is_known_by_all_that_it_is_made_of() {
    let place = Place::with(&[("in/a.txt", STAMPED), ("in/b.txt", PROSE)]);
    let run = |args: &[&str]| {
        let mut all = vec!["in", "-o", "out", "-q"];
        all.extend(args);
        batch(&place, &all).ends_with(0);
        statuses(&place, "out/batch.jsonl").into_iter().map(|(_, status)| status).collect::<Vec<_>>()
    };
    assert_eq!(run(&[]), ["done", "done"]);
    let before = std::fs::metadata(place.path("out/a.wav")).and_then(|m| m.modified()).expect("a time");
    assert_eq!(run(&["--jobs", "1"]), ["unchanged", "unchanged"]);
    assert_eq!(std::fs::metadata(place.path("out/a.wav")).and_then(|m| m.modified()).expect("a time"), before);
    assert_eq!(run(&["--force"]), ["done", "done"]);
    assert_eq!(run(&["--max-rate", "1.1"]), ["done", "done"]);
    assert_eq!(run(&["--max-rate", "1.1"]), ["unchanged", "unchanged"]);
    place.write("in/a.txt", STAMPED.replace("third", "fourth").as_bytes());
    assert_eq!(run(&["--max-rate", "1.1"]), ["done", "unchanged"]);
    place.write("out/b.wav", b"not a track any more");
    assert_eq!(run(&["--max-rate", "1.1"]), ["unchanged", "done"]);
    std::fs::remove_file(place.path("out/a.wav")).expect("removed");
    assert_eq!(run(&["--max-rate", "1.1"]), ["done", "unchanged"]);
    place.write("words.tsv", b"line\ten\tlyne\nboat\ten\tbote\nnoon\ten\tnoone\n");
    assert_eq!(run(&["--lexicon", "words.tsv"]), ["done", "done"]);
    assert_eq!(run(&["--lexicon", "words.tsv"]), ["unchanged", "unchanged"]);
    place.write("words.tsv", b"line\ten\tlean\nboat\ten\tbote\nnoon\ten\tnoone\n");
    assert_eq!(run(&["--lexicon", "words.tsv"]), ["done", "done"]);
}

#[test]
fn a_changed_line_is_all_that_is_spoken_anew() {
    let place = Place::with(&[("a.txt", STAMPED)]);
    let summary = |folder: &str| {
        let ran = batch(&place, &["a.txt", "-o", folder, "--json", "-q"]).ends_with(0);
        let last: Value = serde_json::from_str(ran.out.lines().last().expect("a line")).expect("JSON");
        let number = |name: &str| last["summary"][name].as_u64().expect("a number");
        (number("cache_found"), number("cache_missed"))
    };
    // Durations, edges and sound of three lines.
    assert_eq!(summary("one"), (0, 9));
    assert_eq!(summary("two"), (9, 0));
    assert_eq!(place.sha256("one/a.wav"), place.sha256("two/a.wav"));
    place.write("a.txt", STAMPED.replace("third", "fourth").as_bytes());
    assert_eq!(summary("three"), (6, 3));
    place.tone(&["batch", "a.txt", "-o", "four", "-q", "--cache", "off"]).ends_with(0);
    assert_eq!(place.sha256("three/a.wav"), place.sha256("four/a.wav"));
}

#[test]
fn a_manifest_gives_each_line_its_own_name_and_options() {
    let manifest = "{\"input\": \"a.txt\", \"output\": \"x/loud.flac\", \"options\": {\"loudness\": -12}}\n\
                    {\"input\": \"a.txt\", \"output\": \"low\", \"options\": {\"sample_rate\": 16000}}\n\
                    {\"input\": \"a.txt\", \"output\": \"c/\", \"options\": {\"captions\": \"vtt\", \"caption_words\": true, \
                    \"lexicon\": \"words.tsv\", \"stems\": \"lines\"}}\n\
                    {\"input\": \"gone.txt\"}\n{\"input\": \"a.txt\", \"options\": {\"loudnes\": -3}}\n{\"input\": \"a.txt\", \"options\": {\"lang\": \"xx\"}}\n";
    let words = "line\ten\tlyne\n";
    let place = Place::with(&[("m/a.txt", STAMPED), ("m/list.jsonl", manifest), ("m/words.tsv", words)]);
    let ran = batch(&place, &["m/list.jsonl", "-o", "out", "--sample-rate", "44100"]).ends_with(1);
    ran.complains(&[
        "m/gone.txt: there is no such file",
        "options of this line make no sense",
        "did you mean 'loudness'?",
    ]);
    assert_eq!(made(&place, "out"), ["/batch.jsonl", "/c/a.vtt", "/c/a.wav", "/low.wav", "/x/loud.flac"]);
    assert_eq!(made(&place, "lines").len(), 4);
    assert_eq!(place.wav("out/low.wav").spec.sample_rate, 16_000);
    assert_eq!(statuses(&place, "out/batch.jsonl").len(), 6);
}

#[test]
fn what_is_cut_off_is_told_even_where_nothing_else_is() {
    let place = Place::with(&[("a.txt", STAMPED)]);
    let ran = batch(&place, &["a.txt", "-o", "out", "--total", "8.2"]).ends_with(0);
    ran.complains(&["a.txt:3: warning: not heard: there is no time for it"]);
}

#[test]
fn parts_together_are_everything() {
    let names: Vec<String> = (0..9).map(|i| format!("in/t{i}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), PROSE)).collect();
    let place = Place::with(&files);
    let mut seen = Vec::new();
    for part in 1..=3 {
        batch(&place, &["in", "-o", "out", "-q", "--shard", &format!("{part}/3")]).ends_with(0);
        seen.extend(statuses(&place, &format!("out/batch.{part}-of-3.jsonl")).into_iter().map(|(input, _)| input));
    }
    seen.sort();
    assert_eq!(seen, names);
    batch(&place, &["in", "-o", "out", "-q"]).ends_with(0);
    assert!(all_of("unchanged", &statuses(&place, "out/batch.jsonl")));
    batch(&place, &["in", "--shard", "4/3"]).ends_with(2);
}

/// Files of which one is long, so that a run takes a while.
fn many() -> Place {
    let place = Place::with(&[]);
    for i in 0..12 {
        let lines = if i == 3 { 150 } else { 10 };
        let line = |k: usize| format!("{:02}:{:02} Line {k} of talk {i} is spoken here.\n", k / 15, k % 15 * 4);
        place.write(&format!("in/t{i:02}.txt"), (0..lines).map(line).collect::<String>().as_bytes());
    }
    place
}

fn started(place: &Place, out: &str, cache: &str) -> std::process::Child {
    let lines = format!("{out}/lines");
    let options = ["-q", "-o", out, "--stems", &lines, "--cache", cache, "--voice", "tone", "--voices-dir"];
    let mut command = place.command(&["batch", "in"]);
    command.args(options);
    command.arg(kept("tone")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started")
}

fn same_as_whole(place: &Place, folder: &str) -> usize {
    let whole = |file: &String| file.ends_with(".wav") && !file.contains(".part/");
    let tracks: Vec<String> = made(place, folder).into_iter().filter(whole).collect();
    for track in &tracks {
        assert_eq!(place.sha256(&format!("{folder}{track}")), place.sha256(&format!("whole{track}")), "{track}");
    }
    tracks.len()
}

#[test]
fn a_killed_run_leaves_no_partial_track_and_the_next_one_gives_the_same_bytes() {
    let place = many();
    place.tone(&["batch", "in", "-o", "whole", "--stems", "whole/lines", "-q", "--cache", "off"]).ends_with(0);
    let all = same_as_whole(&place, "whole");
    assert!(all > 12 + 150, "{all}");
    for round in 0..4 {
        let mut child = started(&place, "out", "killed");
        let since = Instant::now();
        // At one moment or another after the first unfinished file of this run is there.
        let begun =
            || place.files().iter().any(|f| f.starts_with("out/") && (f.ends_with(".part") || f.ends_with(".lock")));
        while !begun() && since.elapsed() < Duration::from_secs(20) && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(37 * round));
        child.kill().expect("killed");
        child.wait().expect("ended");
        same_as_whole(&place, "out");
    }
    place.write("out/.cuevox-left12.part", b"what a killed run leaves");
    batch(&place, &["in", "-o", "out", "-q", "--stems", "out/lines"]).ends_with(0);
    assert_eq!(same_as_whole(&place, "out"), all);
    let left: Vec<String> =
        place.files().into_iter().filter(|f| f.starts_with("out/") && f.contains(".cuevox-")).collect();
    assert_eq!(left, [""; 0]);
    assert!(!place.files().iter().any(|f| f.ends_with(".lock")), "{:?}", place.files());
}

#[test]
fn two_runs_on_one_folder_do_not_spoil_each_others_work() {
    let place = many();
    place.tone(&["batch", "in", "-o", "whole", "--stems", "whole/lines", "-q", "--cache", "off"]).ends_with(0);
    let all = same_as_whole(&place, "whole");
    assert!(all > 12 + 150, "{all}");
    let mut two = [started(&place, "out", "shared"), started(&place, "out", "shared")];
    for child in &mut two {
        assert!(child.wait().expect("ended").success());
    }
    assert_eq!(same_as_whole(&place, "out"), all);
    assert!(
        !Path::new(&place.path("out/.cuevox"))
            .read_dir()
            .expect("stamps")
            .flatten()
            .any(|e| { e.file_name().to_string_lossy().ends_with(".lock") })
    );
}
