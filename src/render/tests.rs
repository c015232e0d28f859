//! Every input that ever broke the program, from bytes to a finished track.

use super::*;
use crate::progress::Unwatched;
use crate::voice::catalog::Catalog;
use crate::voice::store::Store;
use std::fs;

mod outputs;
mod overlap;

const CRASHES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/crashes");

fn studio(data: &Path) -> Studio {
    let tone = "tone".parse().expect("a choice");
    let cast = Cast::new(vec![tone], Catalog::built_in().expect("whole"), Store::open(data.to_owned(), true));
    let layout = Layout { sample_rate: 8000, ..Layout::default() };
    Studio::open(Options { layout, ..Options::default() }, cast, data).expect("opened")
}

/// What becomes of a transcript: for each track whether it is there, or why there is none.
fn made(studio: &Studio, bytes: &[u8], target: &Path) -> Result<Vec<Note>> {
    let planned = studio.plan(bytes, &Unwatched)?;
    assert!(!planned.tracks.is_empty(), "neither a track nor an error");
    for track in &planned.tracks {
        let finished = studio.speak(track, target, &Unwatched)?;
        assert!(finished.frames > 0 && target.is_file());
    }
    Ok(planned.notes)
}

#[test]
fn what_ever_broke_it_gives_a_track_or_an_error_that_says_where() {
    let dir = tempfile::tempdir().expect("a folder");
    let studio = studio(dir.path());
    let mut count = 0;
    for entry in fs::read_dir(CRASHES).expect("the folder is there") {
        let path = entry.expect("readable").path();
        let bytes = fs::read(&path).expect("readable");
        if let Err(error) = made(&studio, &bytes, &dir.path().join("t.wav")) {
            let whole_file = ["is empty", "white space"].iter().any(|part| error.what().contains(part));
            assert!(error.line().is_some() || whole_file, "{}: {error}", path.display());
            assert!(error.way_out().is_some(), "{}: {error}", path.display());
        }
        count += 1;
    }
    assert!(count > 20, "{count}");
}

#[test]
fn what_is_odd_is_said_and_what_cannot_be_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let studio = studio(dir.path());
    let rows: [(&str, std::result::Result<&[&str], &str>); 10] = [
        ("0:01 One.\n0:03 Two.\n", Ok(&[])),
        ("0:05 One.\n0:03 Two.\n0:03 Three.\n", Ok(&["unsorted", "unsorted", "equal-stamps"])),
        ("0:01 One.\n0:03\n0:05 ...\n", Ok(&["nothing-to-say", "nothing-to-say"])),
        ("0:01 One.\n0:03 你好\n", Ok(&["other-script"])),
        ("Call 99999999999999999999 now.\n", Ok(&[])),
        ("99:59:58 One.\n99:59:59 Two.\n", Err("the track would last 99:59:59")),
        ("", Err("empty")),
        ("0:01 😀\n", Err("not one letter or digit")),
        ("\0\0\0\u{1}\u{2}", Err("")),
        ("0:01 हिन्दी\n", Ok(&["other-script"])),
    ];
    for (text, expected) in rows {
        let made = made(&studio, text.as_bytes(), &dir.path().join("t.wav"));
        match (made, expected) {
            (Ok(notes), Ok(codes)) => assert_eq!(notes.iter().map(|n| n.code).collect::<Vec<_>>(), codes, "{text:?}"),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{text:?}: {error}"),
            (made, _) => panic!("{text:?}: {:?}", made.map(|notes| notes.len())),
        }
    }
}

#[test]
fn numbers_are_read_as_the_language_and_region_asked_for_read_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = [
        ("fr", "Il a 71 ans.", "Il a soixante et onze ans."),
        ("fr-CH", "Il a 81 ans.", "Il a huitante et un ans."),
        ("fr-BE", "Il a 81 ans.", "Il a quatre-vingt-un ans."),
        ("en-US", "On 1/2/2020 it rained.", "On January second, twenty twenty it rained."),
        ("en-GB", "On 1/2/2020 it rained.", "On the first of February twenty twenty it rained."),
    ];
    for (tag, text, said) in rows {
        let mut studio = studio(dir.path());
        studio.options.lang = Some(tag.parse().expect("a tag"));
        let planned = studio.plan(text.as_bytes(), &Unwatched).expect("planned");
        let words: Vec<&str> = planned.tracks[0].words[0].iter().map(|word| word.spoken.as_str()).collect();
        assert_eq!(words.join(" "), said, "{tag}");
    }
}

#[test]
fn threads_beyond_reason_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    for jobs in [0, MOST_JOBS + 1, usize::MAX] {
        let cast = Cast::new(Vec::new(), Catalog::built_in().expect("whole"), Store::open(dir.path().into(), true));
        let opened = Studio::open(Options { jobs: Some(jobs), ..Options::default() }, cast, dir.path());
        assert_eq!(opened.err().map(|e| e.kind()), Some(Kind::Usage), "{jobs}");
    }
}
