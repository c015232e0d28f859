//! That the program makes today what it made when it was frozen: the files of a table of
//! transcripts and options, bit for bit, with the voice that makes tones, and of a smaller one with
//! the two default voices.
//!
//! `tests/data/identity/rows.tsv` says what is made, `tone.tsv` beside it holds the SHA-256 of each
//! file that came of it. Where what is made is changed on purpose, freeze anew and read what the
//! change of `tone.tsv` says:
//!
//! ```text
//! CUEVOX_IDENTITY=freeze cargo test --test it identity::tones
//! ```
//!
//! The table names the revision of what tracks hold ([`cuevox::render::REVISION`]) that it was
//! frozen with. Whoever has tracks knows by that number whether they are what would be made today,
//! so other sums under the same number are not frozen.
//!
//! Real voices compute with whatever instructions the processor has, so what they make
//! (`real.tsv`) is frozen on the machine at hand, in `target/tmp/identity-real.tsv`: freeze before
//! a change, compare after it, both times with the same build profile. Voices are those of
//! `CUEVOX_VOICES_DIR`; without it they are installed below `target`. `--release` is much quicker.
//!
//! ```text
//! CUEVOX_IDENTITY=freeze cargo test --test it identity::voices -- --ignored
//! cargo test --test it identity::voices -- --ignored
//! ```
//!
//! Of rows that differ, the files are left in `target/tmp/identity/ROW`. Rows that are made at
//! another rate than the voice's go through an FFT that has other last bits with AVX and FMA than
//! without: they are compared where the processor is of the kind they were frozen on.

mod sums;

use crate::support::{Place, Ran, kept};
use cuevox::render::REVISION;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use sums::{replaced, sums_of};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
const FREEZE: &str = "CUEVOX_IDENTITY";

/// What begins the line of a frozen table that says on what kind of processor it was frozen.
const KIND: &str = "# processor: ";

/// What begins the line of a frozen table that says with which revision of what tracks hold.
const REVISED: &str = "# revision: ";

/// What ends the line about a file that was not made before.
const NOVEL: &str = " is new";

/// One thing that is made.
struct Row {
    name: String,
    /// Its samples went through an FFT, whose last bits depend on the processor.
    resampled: bool,
    args: Vec<String>,
    /// Files it needs that none of its arguments names.
    beside: Vec<String>,
}

/// The sums of what was made, by row and file.
type Sums = BTreeMap<(String, String), String>;

/// Sums as they were frozen, and the kind of processor and the revision that was done with.
struct Frozen {
    kind: String,
    revision: String,
    sums: Sums,
}

/// The folder of the transcripts and of the tables.
fn collection() -> PathBuf {
    Path::new(TESTS).join("identity")
}

fn rows(table: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(collection().join(table)).expect("the rows");
    let words = |cell: Option<&str>| -> Vec<String> {
        // An empty cell has no words.
        cell.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap_or_default().to_owned();
        let resampled = match cells.next() {
            Some("everywhere") => false,
            Some("resampled") => true,
            other => panic!("{name}: {other:?} is no place"),
        };
        let (args, beside) = (words(cells.next()), words(cells.next()));
        rows.push(Row { name, resampled, args, beside });
    }
    rows
}

/// The processor, as far as an FFT's last bits depend on it.
fn processor() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx") && std::is_x86_feature_detected!("fma") {
        return "x86_64 with AVX and FMA";
    }
    std::env::consts::ARCH
}

/// A file of the collection of transcripts or of media.
fn source(name: &str) -> Option<PathBuf> {
    let folders = ["identity", "media"];
    let paths = folders.map(|folder| Path::new(TESTS).join(folder).join(name));
    paths.into_iter().find(|path| path.is_file())
}

/// Makes a row, and says what came of it.
fn made(row: &Row, voices: &[&str]) -> (Place, Vec<(String, String)>) {
    let place = Place::with(&[]);
    for name in row.args.iter().chain(&row.beside) {
        if let Some(path) = source(name) {
            place.write(name, &std::fs::read(path).expect("it can be read"));
        }
    }
    let before = place.files();
    let mut args: Vec<&str> = row.args.iter().map(String::as_str).collect();
    let sounds = ["render", "batch"].contains(&args[0]);
    if sounds {
        args.push("-q");
    }
    if sounds && !row.resampled {
        args.extend(["--sample-rate", "22050"]);
    }
    if args[0] == "render" && !args.contains(&"--report") {
        args.extend(["--report", "report.json"]);
    }
    // A check needs no voice.
    if args[0] != "check" {
        args.extend(voices);
    }
    let Ran { code, out, err } = place.run(&args);
    assert!(matches!(code, Some(0 | 1 | 3)), "{}: {code:?} {err}", row.name);
    let mut sums = vec![("exit code".to_owned(), code.unwrap_or_default().to_string())];
    if !out.is_empty() {
        place.write("standard-output", out.as_bytes());
    }
    let folder = place.path("").to_string_lossy().into_owned();
    for name in place.files().into_iter().filter(|name| !before.contains(name)) {
        if !name.contains(".cuevox/") && !name.ends_with("batch.jsonl") {
            let bytes = std::fs::read(place.path(&name)).expect("it was made");
            sums.extend(sums_of(&name, &replaced(&bytes, &folder, "")));
        }
    }
    (place, sums)
}

/// Makes all rows. What differs from `frozen` is left in `target`.
fn made_of(rows: &[Row], voices: &[&str], frozen: Option<&Frozen>) -> Sums {
    let (all, next) = (Mutex::new(Sums::new()), Mutex::new(rows.iter()));
    let work = || {
        loop {
            let Some(row) = next.lock().expect("nobody panicked").next() else { return };
            let (place, sums) = made(row, voices);
            let mut differs = false;
            let mut all = all.lock().expect("nobody panicked");
            for (file, sum) in sums {
                let key = (row.name.clone(), file);
                differs |= frozen.is_some_and(|frozen| frozen.sums.get(&key) != Some(&sum));
                all.insert(key, sum);
            }
            if differs {
                keep(&place, &row.name);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    all.into_inner().expect("nobody panicked")
}

/// Leaves what was made where a person can look at it.
fn keep(place: &Place, row: &str) {
    for name in place.files() {
        let to = kept("identity").join(row).join(&name);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(place.path(&name), to).expect("copied");
    }
}

fn frozen(path: &Path) -> Option<Frozen> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut frozen = Frozen { kind: String::new(), revision: String::new(), sums: Sums::new() };
    for line in text.lines() {
        if let Some(kind) = line.strip_prefix(KIND) {
            frozen.kind = kind.to_owned();
        } else if let Some(revision) = line.strip_prefix(REVISED) {
            frozen.revision = revision.to_owned();
        } else if !line.starts_with('#') {
            let cells: Vec<&str> = line.split('\t').collect();
            let [row, file, sum] = cells[..] else { panic!("{line:?} is no row, file and sum") };
            frozen.sums.insert((row.to_owned(), file.to_owned()), sum.to_owned());
        }
    }
    Some(frozen)
}

fn freeze(path: &Path, sums: &Sums) {
    let by = "# Written by tests/it/identity.rs, which says how: row, file, SHA-256.";
    let mut text = format!("{by}\n{KIND}{}\n{REVISED}{REVISION}\n", processor());
    for ((row, file), sum) in sums {
        text += &format!("{row}\t{file}\t{sum}\n");
    }
    std::fs::write(path, text).expect("written");
}

/// Why these sums are not frozen, where what was frozen before has the same revision and others.
fn refusal(before: &Frozen, made: &Sums, revision: u32) -> Option<String> {
    let found = differences(&before.sums, made);
    // What is made of new rows is no change of what tracks hold.
    let changed: Vec<&String> = found.iter().filter(|line| !line.ends_with(NOVEL)).collect();
    if changed.is_empty() || before.revision != revision.to_string() {
        return None;
    }
    let first = changed[0];
    let rest = changed.len();
    Some(format!("{rest} files changed, as {first}: raise render::REVISION, which is {revision}, and freeze again"))
}

/// What is not as it was frozen, a line for each file.
fn differences(frozen: &Sums, made: &Sums) -> Vec<String> {
    let mut found = Vec::new();
    for (key @ (row, file), was) in frozen {
        match made.get(key) {
            Some(is) if is == was => {}
            Some(_) if file != "exit code" => found.push(format!("{row}: {file} differs")),
            Some(is) => found.push(format!("{row}: the exit code is {is} and was {was}")),
            None => found.push(format!("{row}: {file} is not made any more")),
        }
    }
    let new = made.keys().filter(|key| !frozen.contains_key(*key));
    found.extend(new.map(|(row, file)| format!("{row}: {file}{NOVEL}")));
    found.sort();
    found
}

/// Freezes what is made of a table, where that is asked; else holds it against what was frozen.
fn hold(table: &str, path: &Path, voices: &[&str]) {
    let mut rows = rows(table);
    // What real voices make has the revisions of their engines, too, and is nobody else's.
    let guarded = path.starts_with(collection());
    if std::env::var_os(FREEZE).is_some_and(|value| value == "freeze") {
        let sums = made_of(&rows, voices, None);
        if let Some(before) = frozen(path).filter(|_| guarded)
            && let Some(why) = refusal(&before, &sums, REVISION)
        {
            panic!("{why}");
        }
        freeze(path, &sums);
        return;
    }
    let Some(mut frozen) = frozen(path) else {
        panic!("there is no {}: set {FREEZE}=freeze on a commit that is right", path.display())
    };
    let revision = REVISION.to_string();
    assert!(!guarded || frozen.revision == revision, "render::REVISION is {revision}: freeze {} anew", path.display());
    if frozen.kind != processor() {
        rows.retain(|row| !row.resampled);
        frozen.sums.retain(|(name, _), _| rows.iter().any(|row| row.name == *name));
    }
    let _ = std::fs::remove_dir_all(kept("identity"));
    let found = differences(&frozen.sums, &made_of(&rows, voices, Some(&frozen)));
    assert!(
        found.is_empty(),
        "{} files are not as they were frozen in {}:\n{}",
        found.len(),
        path.display(),
        found.join("\n")
    );
}

#[test]
fn tones_are_what_they_were() {
    let folder = kept("identity-voices");
    // How loud a voice is was perhaps measured by another build.
    let _ = std::fs::remove_file(folder.join("levels.json"));
    let voices = ["--voice", "tone", "--voices-dir", folder.to_str().expect("UTF-8")];
    hold("rows.tsv", &collection().join("tone.tsv"), &voices);
}

#[test]
#[ignore = "what real voices make is frozen on the machine at hand: the head of this file says how"]
fn voices_are_what_they_were() {
    let given = std::env::var_os("CUEVOX_VOICES_DIR").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| crate::real::voices().to_owned());
    let folder = folder.to_str().expect("UTF-8");
    let voices = ["--voice", "en=hibari-heart", "--voice", "fr=ff_siwis", "--voices-dir", folder];
    hold("real.tsv", &kept("identity-real.tsv"), &voices);
}

#[test]
fn every_difference_is_told() {
    let sums = |rows: &[(&str, &str)]| -> Sums {
        let key = |file: &str| ("row".to_owned(), file.to_owned());
        rows.iter().map(|(file, sum)| (key(file), (*sum).to_owned())).collect()
    };
    let was = sums(&[("a", "1"), ("b", "1"), ("exit code", "0")]);
    assert!(differences(&was, &was).is_empty());
    let found = differences(&was, &sums(&[("a", "2"), ("c", "1"), ("exit code", "3")]));
    let exit = "row: the exit code is 3 and was 0";
    let wanted = ["row: a differs", "row: b is not made any more", "row: c is new", exit];
    assert_eq!(found, wanted);
}

#[test]
fn other_sums_are_frozen_under_another_revision_only() {
    let sums = |rows: &[(&str, &str)]| -> Sums {
        rows.iter().map(|(file, sum)| (("row".to_owned(), (*file).to_owned()), (*sum).to_owned())).collect()
    };
    let revision = "7".to_owned();
    let before = Frozen { kind: String::new(), revision, sums: sums(&[("a", "1"), ("b", "1")]) };
    type Row<'a> = (&'a [(&'a str, &'a str)], u32, bool);
    let rows: [Row<'_>; 5] = [
        (&[("a", "1"), ("b", "1")], 7, false),
        (&[("a", "1"), ("b", "1"), ("c", "1")], 7, false),
        (&[("a", "2"), ("b", "1")], 7, true),
        (&[("a", "1")], 7, true),
        (&[("a", "2"), ("b", "1")], 8, false),
    ];
    for (made, revision, refused) in rows {
        let why = refusal(&before, &sums(made), revision);
        assert_eq!(why.is_some(), refused, "{made:?} {revision}");
        assert!(why.is_none_or(|why| why.contains("raise render::REVISION, which is 7")), "{made:?}");
    }
}

#[test]
fn the_collection_holds_every_format_and_every_row_is_of_it() {
    let mut names = BTreeMap::new();
    let rows = rows("rows.tsv");
    for row in &rows {
        assert!(names.insert(&row.name, ()).is_none(), "{} stands twice", row.name);
        assert!(row.args.iter().any(|arg| source(arg).is_some()), "{} is of nothing", row.name);
    }
    let mut formats: BTreeMap<&str, usize> = BTreeMap::new();
    for name in std::fs::read_dir(collection()).expect("the collection") {
        let path = name.expect("a name").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let table = ["rows.tsv", "real.tsv", "tone.tsv"].contains(&name.as_str());
        if table || name.starts_with("names.") || name == "some.jsonl" {
            continue;
        }
        assert!(rows.iter().any(|row| row.args.contains(&name)), "nothing is made of {name}");
        let bytes = std::fs::read(&path).expect("it can be read");
        let read = cuevox::transcript::read(&bytes);
        let transcript = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        *formats.entry(transcript.format.name()).or_default() += 1;
    }
    assert!(formats.len() == 12 && formats.values().all(|count| *count >= 2), "{formats:?}");
    assert!(formats.values().sum::<usize>() >= 40, "{formats:?}");
}
