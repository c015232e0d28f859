//! Configuration files: which one is read, what it counts against, what is said of one that makes
//! no sense.

use crate::support::{Place, Ran, kept};
use serde_json::Value;

const TALK: &str = "00:01 The first line is here.\n00:04 The second line follows it.\n";

/// Runs a command without any option that names a voice.
fn run(place: &Place, args: &[&str]) -> Ran {
    let folder = kept("tone");
    let mut all = args.to_vec();
    all.extend(["--voices-dir", folder.to_str().expect("UTF-8"), "--offline"]);
    place.run(&all)
}

fn rate(place: &Place, name: &str) -> u32 {
    place.wav(name).spec.sample_rate
}

#[test]
fn what_is_typed_counts_before_the_nearest_file_and_that_before_the_default() {
    let place = Place::with(&[
        ("cuevox.toml", "voice = \"tone\"\nsample_rate = 16000\nbits = 24\n"),
        ("a/deep/talk.txt", TALK),
        ("b/talk.txt", TALK),
        ("b/cuevox.toml", "voice = [\"tone\"]\nsample-rate = 22_050\n"),
    ]);
    let spec = |name: &str| (place.wav(name).spec.sample_rate, place.wav(name).spec.bits_per_sample);
    let ran = run(&place, &["render", "a/deep/talk.txt"]).ends_with(0);
    assert_eq!(spec("output/talk.wav"), (16_000, 24));
    assert_eq!(ran.err.matches("configuration: cuevox.toml").count(), 1, "{}", ran.err);
    // The nearest alone: its bits are the default ones.
    let ran = run(&place, &["render", "b/talk.txt", "-q"]).ends_with(0);
    assert_eq!((spec("output/talk.wav"), ran.err.as_str()), ((22_050, 16), ""));
    run(&place, &["render", "b/talk.txt", "--sample-rate", "44100", "-q"]).ends_with(0);
    assert_eq!(spec("output/talk.wav"), (44_100, 16));
    run(&place, &["render", "b/talk.txt", "--config", "cuevox.toml", "-q"]).ends_with(0);
    assert_eq!(spec("output/talk.wav"), (16_000, 24));
    run(&place, &["render", "b/talk.txt", "--no-config", "--voice", "tone", "-q"]).ends_with(0);
    assert_eq!(spec("output/talk.wav"), (48_000, 16));
    // Inputs have each their own.
    place.write("a/other.txt", TALK.as_bytes());
    let ran = run(&place, &["render", "a/other.txt", "b/talk.txt", "-o", "both"]).ends_with(0);
    assert_eq!((spec("both/other.wav"), spec("both/talk.wav")), ((16_000, 24), (22_050, 16)));
    assert_eq!(ran.err.matches("configuration: ").count(), 2, "{}", ran.err);
    run(&place, &["render", "b/talk.txt", "--config", "cuevox.toml", "--no-config"]).ends_with(2);
}

#[test]
fn a_plan_reads_it_as_well_and_says_so_beside_the_table() {
    let place = Place::with(&[("t/talk.txt", TALK), ("t/cuevox.toml", "voice = \"tone\"\noffset = 2.5\nbits = 24\n")]);
    let ran = run(&place, &["plan", "t/talk.txt", "--json"]).ends_with(0);
    let plan: Value = serde_json::from_str(&ran.out).expect("nothing else on standard output");
    assert_eq!(plan["tracks"][0]["cues"][0]["start"], 3.5);
    assert_eq!(ran.err.lines().next(), Some("configuration: t/cuevox.toml"));
    let ran = run(&place, &["plan", "t/talk.txt", "--json", "--offset", "0", "-q"]).ends_with(0);
    let plan: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((&plan["tracks"][0]["cues"][0]["start"], ran.err.as_str()), (&Value::from(1.0), ""));
}

#[test]
fn files_and_folders_are_named_from_where_it_lies() {
    let config = "voice = \"tone\"\nlexicon = \"words.tsv\"\nreport = \"reports\"\nstems = \"lines\"\ncaptions = \"vtt\"\n\
                  caption_words = true\nhtml = \"pages/\"\n";
    let place = Place::with(&[("t/in/talk.txt", TALK), ("t/cuevox.toml", config), ("t/words.tsv", "line\ten\tlyne\n")]);
    run(&place, &["render", "t/in/talk.txt", "-q"]).ends_with(0);
    let files = place.files();
    for file in
        ["output/talk.vtt", "t/reports/talk.json", "t/lines/talk/0001.wav", "t/pages/talk.html", "output/talk.wav"]
    {
        assert!(files.iter().any(|made| made == file), "{file}: {files:?}");
    }
    let text = std::fs::read_to_string(place.path("output/talk.vtt")).expect("captions");
    assert!(text.contains("<00:00:01."), "{text}");
    // A batch puts it all in the same places, and knows by what it was made.
    let batch = |status: &str| {
        run(&place, &["batch", "t/in", "-o", "out", "-q", "--cache", "off"]).ends_with(0);
        let list = std::fs::read_to_string(place.path("out/batch.jsonl")).expect("a list");
        let lines: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let found: Vec<&Value> = lines.iter().map(|line| &line["status"]).collect();
        assert_eq!(found, [status]);
    };
    std::fs::remove_file(place.path("t/reports/talk.json")).expect("there");
    batch("done");
    assert!(place.files().iter().any(|file| file == "t/reports/talk.json"), "{:?}", place.files());
    batch("unchanged");
    place.write("t/cuevox.toml", config.replace("caption_words = true\n", "").as_bytes());
    batch("done");
    place.write("t/cuevox.toml", format!("# a comment\n{}", config.replace("caption_words = true\n", "")).as_bytes());
    batch("unchanged");
    place.write("t/words.tsv", b"line\ten\tlean\n");
    batch("done");
}

#[test]
fn a_batch_gives_each_transcript_the_nearest_and_a_line_of_a_manifest_counts_before_it() {
    let manifest = "{\"input\": \"a/x.txt\"}\n{\"input\": \"b/y.txt\"}\n\
                    {\"input\": \"b/z.txt\", \"options\": {\"sample_rate\": 44100}}\n";
    let place = Place::with(&[
        ("a/x.txt", TALK),
        ("b/y.txt", TALK),
        ("b/z.txt", TALK),
        ("list.jsonl", manifest),
        ("b/cuevox.toml", "sample_rate = 16000\nlag = 1\n"),
    ]);
    place.tone(&["batch", "list.jsonl", "-o", "out", "--sample-rate", "22050", "--cache", "off"]).ends_with(0);
    let rates = ["out/x.wav", "out/y.wav", "out/z.wav"].map(|name| rate(&place, name));
    assert_eq!(rates, [22_050, 22_050, 44_100]);
    place.tone(&["batch", "list.jsonl", "-o", "out", "--cache", "off", "-q"]).ends_with(0);
    let rates = ["out/x.wav", "out/y.wav", "out/z.wav"].map(|name| rate(&place, name));
    assert_eq!(rates, [48_000, 16_000, 44_100]);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place_before_anything_is_done() {
    let rows = [
        ("loudnes = -3\n", "t/cuevox.toml:1: 'loudnes' is no option of a configuration file; did you mean 'loudness'?"),
        ("\nmax_rate = \"fast\"\n", "t/cuevox.toml:2: invalid value 'fast' for 'max-rate': a rate is a number"),
        ("overflow = \"tirm\"\n", "t/cuevox.toml:1: invalid value 'tirm' for 'overflow': did you mean 'trim'?"),
        ("bits = 12\n", "t/cuevox.toml: samples of 12 bits cannot be written"),
        ("voice = tone\n", "t/cuevox.toml:1: this is no TOML"),
        ("report = \"r.json\"\n", "t/cuevox.toml: 'report' names a folder"),
    ];
    for (config, wanted) in rows {
        let place = Place::with(&[("t/talk.txt", TALK), ("t/cuevox.toml", config)]);
        for args in [&["render", "t/talk.txt"][..], &["plan", "t/talk.txt"], &["batch", "t", "-o", "out"]] {
            let ran = run(&place, args).ends_with(2).complains(&[wanted]);
            assert_eq!(ran.err.matches("error: ").count(), 1, "{}", ran.err);
        }
        assert_eq!(place.files(), ["t/cuevox.toml", "t/talk.txt"]);
    }
    let place = Place::with(&[("talk.txt", TALK)]);
    let ran = run(&place, &["render", "talk.txt", "--config", "gone.toml"]).ends_with(2);
    ran.complains(&["gone.toml: this configuration file cannot be read"]);
    run(&place, &["render", "talk.txt", "--caption-words"]).ends_with(2).complains(&["--captions"]);
}
