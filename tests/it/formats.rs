//! The formats that the program has, against what lies beside it: samples of each in
//! `tests/data/formats`, the table in
//! `docs/formats.md`, the list in `docs/report.schema.json`. A format that one of them leaves out fails here.

use cuevox::transcript::{Cue, Format, Sounds, read, read_as};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What lies in a folder, in order.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

/// The last part of a path.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The samples of a format.
fn samples(format: Format) -> Vec<PathBuf> {
    inside(&root().join("tests/data/formats").join(format.name()))
}

fn names() -> BTreeSet<String> {
    Format::ALL.iter().map(|format| format.name().to_owned()).collect()
}

#[test]
fn each_format_is_known_by_its_samples() {
    let folders: BTreeSet<String> = inside(&root().join("tests/data/formats")).iter().map(|path| name(path)).collect();
    assert_eq!(folders, names());
    for format in Format::ALL.iter().copied() {
        assert!(!samples(format).is_empty(), "there is no sample of '{}'", format.name());
        for path in samples(format) {
            let bytes = fs::read(&path).expect("it can be read");
            let found = read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(found.format, format, "{}", path.display());
            let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            assert!(format.endings().contains(&ending.as_str()), "{}", path.display());
        }
    }
}

/// Reads bytes as a format; what comes of it is in order, whatever they are.
fn sound(bytes: &[u8], format: Format, what: &Path) {
    let transcript = match read_as(bytes, Some(format)) {
        Ok(transcript) => transcript,
        Err(error) => {
            let place = format!("{} as {}: {error}", what.display(), format.name());
            assert!(error.way_out().is_some(), "{place}");
            return;
        }
    };
    let place = format!("{} as {}", what.display(), format.name());
    assert!(transcript.stamped.is_sorted_by_key(Cue::start), "{place}");
    for cue in transcript.stamped.iter().chain(&transcript.prose) {
        assert!(!cue.text().contains(['\n', '\r']) && cue.text().trim() == cue.text(), "{cue:?} in {place}");
        let inside = |mark: &cuevox::transcript::Mark| cue.text().get(mark.place.clone()).is_some();
        assert!(cue.marks().iter().all(inside), "{cue:?} in {place}");
        assert_eq!(cue.aloud(Sounds::Skip).len(), cue.text().len(), "{cue:?} in {place}");
    }
}

#[test]
fn every_format_reads_or_refuses_whatever_there_is_of_the_others() {
    let mut paths = inside(&root().join("tests/data/crashes"));
    let crashes = paths.len();
    paths.extend(Format::ALL.iter().copied().flat_map(samples));
    for (at, path) in paths.iter().enumerate() {
        let bytes = fs::read(path).expect("it can be read");
        for format in Format::ALL.iter().copied() {
            sound(&bytes, format, path);
            // Samples are short: they are cut off at every byte as well.
            let cuts = if at < crashes { 0 } else { bytes.len() };
            for cut in 0..cuts {
                sound(&bytes[..cut], format, path);
            }
        }
    }
}

/// The rows of the table of formats in a page: names, and the endings of their files.
fn told(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", name, endings, ..] = cells[..] else { continue };
        let Some(name) = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) else { continue };
        let endings = endings.split(", ").map(|ending| ending.trim_matches('`').trim_start_matches('.').to_owned());
        found.insert(name.to_owned(), endings.collect());
    }
    found
}

#[test]
fn the_page_of_formats_has_the_table_of_the_program() {
    let page = fs::read_to_string(root().join("docs/formats.md")).expect("the page");
    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for format in Format::ALL {
        let endings = format.endings().iter().map(|ending| (*ending).to_owned());
        wanted.insert(format.name().to_owned(), endings.collect());
    }
    assert_eq!(told(&page), wanted);
}

#[test]
fn the_schema_of_reports_has_every_format() {
    let text = fs::read_to_string(root().join("docs/report.schema.json")).expect("the schema");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let listed = schema["$defs"]["input"]["properties"]["format"]["enum"].as_array().expect("a list");
    let listed: BTreeSet<String> = listed.iter().map(|name| name.as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(listed, names());
}
