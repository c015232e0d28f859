//! Folders, globs, manifests and names, as they are found on disk.

use super::*;
use crate::cli::args::{Args, Command};
use clap::Parser;

/// A folder with these files, and `rows` of (input, track) below it, or of (input, what is wrong).
fn gathered(files: &[(&str, &str)], words: &[&str], stdin: &str) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().canonicalize().expect("there");
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let placed =
        |word: &&str| if word.starts_with('-') { (*word).to_owned() } else { format!("{}/{word}", root.display()) };
    let line = ["cuevox", "batch", "-o"].map(str::to_owned).into_iter();
    let line = line.chain([format!("{}/out", root.display())]).chain(words.iter().map(placed));
    let Command::Batch(args) = Args::try_parse_from(line).expect("a command line").command else { panic!("no batch") };
    let stdin = stdin.replace("ROOT", &root.to_string_lossy());
    let mut layers = Layers::new(&args.track, &args.config).expect("no configuration");
    let items = gather(&args, &mut layers, || Ok(stdin.into_bytes())).expect("gathered");
    let told = items.iter().map(|item| match &item.wrong {
        Some(error) => (below(&item.job.input, &root), error.to_string().replace(&format!("{}/", root.display()), "")),
        None => {
            let lang = layers.sets()[item.options].lines.lang.map(|lang| format!(" in {}", lang.lang));
            (below(&item.job.input, &root), below(&item.job.track, &root) + &lang.unwrap_or_default())
        }
    });
    told.collect()
}

fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

const TREE: &[(&str, &str)] = &[
    ("t/b.srt", ""),
    ("t/a.v2.txt", ""),
    ("t/.hidden.txt", ""),
    ("t/film.mp4", ""),
    ("t/batch.jsonl", ""),
    ("t/deep/er/c.vtt", ""),
    ("t/deep/.git/d.txt", ""),
];

#[test]
fn a_folder_is_searched_for_files_of_every_format() {
    for ending in Format::ALL.iter().flat_map(|format| format.endings()) {
        let (name, loud) = (format!("t/a.{ending}"), format!("t/b.{}", ending.to_uppercase()));
        let got = gathered(&[(&name, ""), (&loud, ""), ("t/c.docx", "")], &["t"], "");
        assert_eq!(got, pairs(&[(&name, "out/a.wav"), (&loud, "out/b.wav")]));
    }
}

#[test]
fn folders_and_globs_keep_their_tree() {
    let flat = [("t/a.v2.txt", "out/a.v2.wav"), ("t/b.srt", "out/b.wav")];
    let deep = [("t/a.v2.txt", "out/a.v2.wav"), ("t/b.srt", "out/b.wav"), ("t/deep/er/c.vtt", "out/deep/er/c.wav")];
    assert_eq!(gathered(TREE, &["t"], ""), pairs(&flat));
    assert_eq!(gathered(TREE, &["-r", "t"], ""), pairs(&deep));
    assert_eq!(gathered(TREE, &["t/**/*.vtt"], ""), pairs(&[("t/deep/er/c.vtt", "out/deep/er/c.wav")]));
    assert_eq!(gathered(TREE, &["t/b.srt", "t/b.srt"], ""), pairs(&[("t/b.srt", "out/b.wav")]));
    let flac = gathered(TREE, &["--format=flac", "t/b.srt"], "");
    assert_eq!(flac, pairs(&[("t/b.srt", "out/b.flac")]));
}

#[test]
fn a_folder_within_the_folder_of_tracks_is_no_input() {
    let files = [("a.txt", ""), ("out/reports.json", ""), ("in/b.txt", "")];
    assert_eq!(gathered(&files, &["-r", "."], "").len(), 2);
}

#[test]
fn manifests_and_names_say_where_tracks_go() {
    let manifest = "{\"input\": \"x.srt\", \"output\": \"n/y.flac\", \"options\": {\"lang\": \"fr\"}}\n\n\
                    {\"input\": \"x.srt\", \"output\": \"n/\"}\nb.txt\n{\"input\": 3}\n{\"inputs\": \"x\"}\n{\n";
    let got = gathered(&[("m/list.jsonl", manifest)], &["m/list.jsonl"], "");
    assert_eq!(
        got[..3],
        pairs(&[("m/x.srt", "out/n/y.flac in fr"), ("m/x.srt", "out/n/x.wav"), ("m/b.txt", "out/b.wav")])
    );
    let wrong =
        ["list.jsonl:5: 'input' is not", "list.jsonl:6: 'inputs' means nothing", "list.jsonl:7: this is no line"];
    for ((_, error), part) in got[3..].iter().zip(wrong) {
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(got.len(), 6);
    let named = gathered(TREE, &["-"], "ROOT/t/b.srt\r\n\nROOT/t/*.txt\n");
    assert_eq!(named, pairs(&[("t/b.srt", "out/b.wav"), ("t/a.v2.txt", "out/a.v2.wav")]));
    // Cues of our own, one an object a line, are a transcript.
    let cues = gathered(&[("c.jsonl", "{\"start\": 1, \"text\": \"Hi.\"}\n")], &["c.jsonl"], "");
    assert_eq!(cues, pairs(&[("c.jsonl", "out/c.wav")]));
}

#[test]
fn what_is_wrong_with_one_is_wrong_with_that_one_only() {
    let files = [("a/x.txt", ""), ("b/x.srt", ""), ("b/y.srt", ""), ("empty/x.bin", "")];
    let got = gathered(&files, &["a", "b", "empty", "none*.txt"], "");
    assert_eq!(got[0], ("a/x.txt".to_owned(), "out/x.wav".to_owned()));
    assert_eq!(got[2], ("b/y.srt".to_owned(), "out/y.wav".to_owned()));
    let wrong = [(1, "would both become this file"), (3, "there is no transcript"), (4, "no file has such a name")];
    for (at, part) in wrong {
        assert!(got[at].1.contains(part), "{got:?}");
    }
}

#[test]
fn parts_are_disjoint_and_hold_everything_whatever_else_there_is() {
    let item = |name: &str| Item {
        job: Job {
            input: name.into(),
            track: Path::new("out").join(name),
            report: None,
            stems: None,
            captions: None,
            html: None,
        },
        options: Layers::USUAL,
        wrong: None,
    };
    let items: Vec<Item> = (0..200).map(|i| item(&format!("talk{i}.wav"))).collect();
    let of = |part, of| items.iter().filter(move |item| item.is_of(Shard { part, of }, Path::new("out"))).count();
    let counts: Vec<usize> = (1..=4).map(|part| of(part, 4)).collect();
    assert_eq!(counts.iter().sum::<usize>(), 200);
    assert!(counts.iter().all(|count| (25..75).contains(count)), "{counts:?}");
    assert_eq!(of(1, 1), 200);
}
