//! Where lines are on the track, and parts of it: stamps that are moved and scaled, windows and lines that are rendered
//! alone.

use crate::support::{Place, number, spoken};
use serde_json::Value;

const STAMPED: &str = "\
00:01 The first line is here, and it goes on for a while.
00:05 The second line follows it,
00:07 and its sentence goes on in the third.
00:11 The last one ends it.
";

fn plan(place: &Place, name: &str, options: &[&str]) -> Value {
    let ran = place.tone(&[&["plan", name, "--json"], options].concat()).ends_with(0);
    serde_json::from_str(&ran.out).expect("JSON")
}

fn cues(report: &Value) -> &[Value] {
    report["tracks"][0]["cues"].as_array().expect("cues")
}

fn times(report: &Value, field: &str) -> Vec<f64> {
    spoken(&report["tracks"][0]).into_iter().map(|cue| number(&cue[field])).collect()
}

fn lines(report: &Value) -> Vec<u64> {
    cues(report).iter().map(|cue| cue["line"].as_u64().expect("a number")).collect()
}

fn codes(report: &Value) -> Vec<(u64, &str)> {
    let notes = report["notes"].as_array().expect("notes").iter();
    notes.map(|n| (n["line"].as_u64().unwrap_or(0), n["code"].as_str().unwrap_or_default())).collect()
}

#[test]
fn a_part_is_what_it_is_in_the_whole_sample_by_sample() {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    for rate in ["48000", "22050"] {
        let form = ["--loudness", "off", "--bits", "32", "--sample-rate", rate];
        let hz: f64 = rate.parse().expect("a number");
        place.tone(&[&["render", "talk.txt", "-o", "w.wav", "--report", "w.json"], &form[..]].concat()).ends_with(0);
        let (whole, report) = (place.wav("w.wav").mono().to_vec(), place.json("w.json"));
        // Into lines, out of them, between them; alone, in the middle of a sentence, several.
        let rows: [(&[&str], &[u64]); 7] = [
            (&["--from", "0", "--to", "4"], &[1]),
            (&["--from", "1.7", "--to", "8.123"], &[2]),
            (&["--from", "7.9"], &[4]),
            (&["--to", "11.0001"], &[1, 2]),
            (&["--line", "2"], &[2]),
            (&["--line", "3"], &[3]),
            (&["--line", "2-4"], &[2, 3, 4]),
        ];
        for (part, heard) in rows {
            let all = [&["render", "talk.txt", "-o", "p.wav", "--report", "p.json"], &form[..], part].concat();
            place.tone(&all).ends_with(0);
            let (samples, mine) = (place.wav("p.wav").mono().to_vec(), place.json("p.json"));
            let offset = number(&mine["tracks"][0]["part"]["offset_s"]);
            let from = (offset * hz).round() as usize;
            assert!(samples.len() > 1000 && samples[..] == whole[from..from + samples.len()], "{part:?} at {rate}");
            // Its own clock, and the whole's.
            let length = number(&mine["tracks"][0]["output"]["duration_s"]);
            let within = |cue: &&&Value| {
                number(&cue["speech_start"]) < offset + length - 5e-6 && number(&cue["speech_end"]) > offset + 5e-6
            };
            let line = |cue: &&Value| cue["line"].as_u64().expect("one");
            let wanted: Vec<u64> = spoken(&report["tracks"][0]).iter().filter(within).map(line).collect();
            assert_eq!(spoken(&mine["tracks"][0]).iter().map(line).collect::<Vec<_>>(), wanted, "{part:?}");
            assert!(heard.iter().all(|line| wanted.contains(line)), "{part:?}: {wanted:?}");
            assert!(part[0] != "--line" || wanted == heard, "{part:?}: {wanted:?}");
            for cue in cues(&mine) {
                let same = cues(&report).iter().find(|other| other["index"] == cue["index"]).expect("it is there");
                for field in ["speech_start", "speech_end"] {
                    let wanted = (number(&same[field]) - offset).clamp(0.0, length);
                    assert!((number(&cue[field]) - wanted).abs() < 2e-6, "{field} in {part:?}: {cue}");
                }
                assert_eq!((&cue["status"], &cue["rate"]), (&same["status"], &same["rate"]));
            }
            assert!(codes(&mine).iter().all(|(_, code)| *code != "part-level"), "{part:?}");
        }
    }
}

#[test]
fn a_part_s_captions_lines_and_page_go_with_it() {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    let all = [
        "render", "talk.txt", "--line", "2-3", "--captions", "vtt", "--html", "p.html", "--stems", "lines", "--report",
    ];
    place.tone(&[&all[..], &["r.json", "--bits", "32"]].concat()).ends_with(0);
    let (report, list) = (place.json("r.json"), place.json("lines/manifest.json"));
    let wav = place.wav("output/talk.part.wav");
    assert_eq!(codes(&report), [(0, "part-level")]);
    let starts = times(&report, "speech_start");
    assert!(starts[0] < 0.1 && number(&report["tracks"][0]["part"]["offset_s"]) > 4.8, "{starts:?}");
    let captions = std::fs::read_to_string(place.path("output/talk.part.vtt")).expect("captions");
    assert!(captions.contains(&format!("00:00:0{:.3} --> ", starts[1])) && !captions.contains("last"), "{captions}");
    let mut sum = vec![0.0f32; wav.mono().len()];
    for line in list["lines"].as_array().expect("lines") {
        let at = line["start_frame"].as_u64().expect("a number") as usize;
        let samples = place.wav(&format!("lines/{}", line["file"].as_str().expect("a name")));
        sum[at..].iter_mut().zip(samples.mono()).for_each(|(sum, sample)| *sum += sample);
    }
    assert!(sum == wav.mono() && list["lines"].as_array().map(Vec::len) == Some(2));
    let page = std::fs::read_to_string(place.path("p.html")).expect("a page");
    assert!(page.matches("<tr data-a").count() == 2 && page.contains("its sentence goes on"));
}

#[test]
fn parts_that_cannot_be_are_refused_and_empty_ones_told() {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    let rows: [(&[&str], i32, &str); 7] = [
        (&["--from", "3", "--to", "2"], 2, "let --to be later than --from"),
        (&["--from", "3", "--line", "2"], 2, "cannot be used with"),
        (&["--line", "0"], 2, "from 1"),
        (&["--scale", "25"], 2, "FROM:TO"),
        (&["--from", "0", "--to", "0.5"], 1, "nothing is spoken from 0:00.000 to 0:00.500"),
        (&["--from", "0:30"], 1, "use an earlier --from"),
        (&["--line", "9"], 1, "near these: 4"),
    ];
    for (options, code, part) in rows {
        place.tone(&[&["render", "talk.txt"], options].concat()).ends_with(code).complains(&[part]);
    }
    assert_eq!(place.files(), ["talk.txt"]);
}

#[test]
fn stamps_are_moved_and_scaled_and_the_report_can_be_rendered_again() {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    let plain = plan(&place, "talk.txt", &[]);
    assert!(plain["input"]["moved"].is_null());
    let later = plan(&place, "talk.txt", &["--offset", "2.5"]);
    for field in ["start", "speech_start", "speech_end"] {
        for (a, b) in times(&plain, field).iter().zip(times(&later, field)) {
            assert!((b - a - 2.5).abs() < 1e-4, "{field}: {a} {b}");
        }
    }
    // 24 frames a second where there were 25: all is later.
    let slower = plan(&place, "talk.txt", &["--scale", "25:24"]);
    assert_eq!(times(&slower, "start"), [1.041_667, 5.208_333, 7.291_667, 11.458_333]);
    assert_eq!(times(&slower, "grain")[0], 1.041_667);
    let both = ["--scale", "25:23.976", "--offset=-1.5"];
    place.tone(&[&["render", "talk.txt", "-o", "t.wav", "--report", "r.json"], &both[..]].concat()).ends_with(0);
    let moved = place.json("r.json");
    assert_eq!(moved["input"]["moved"], serde_json::json!({"scale": "25:24000/1001", "offset_s": -1.5}));
    assert!(codes(&moved).contains(&(1, "before-beginning")));
    let again = plan(&place, "r.json", &[]);
    assert_eq!(times(&again, "speech_start"), times(&moved, "speech_start"));
    let fewer = plan(&place, "talk.txt", &["--offset", "-6"]);
    let told: Vec<u64> =
        codes(&fewer).into_iter().filter(|(_, code)| *code == "before-beginning").map(|c| c.0).collect();
    assert_eq!((lines(&fewer), told), (vec![2, 3, 4], vec![1, 2]));
}

#[test]
fn lines_of_a_manifest_say_where_and_which() {
    let manifest =
        "{\"input\": \"talk.txt\", \"options\": {\"offset\": -0.5, \"line\": \"3-4\", \"scale\": \"24:25\"}}\n";
    let place = Place::with(&[("talk.txt", STAMPED), ("list.jsonl", manifest)]);
    place.tone(&["batch", "list.jsonl", "-o", "out", "--report", "reports", "--cache", "off"]).ends_with(0);
    let name = place.files().into_iter().find(|name| name.starts_with("reports/")).expect("a report");
    let report = place.json(&name);
    assert_eq!((lines(&report), number(&report["input"]["moved"]["offset_s"])), (vec![3, 4], -0.5));
}
