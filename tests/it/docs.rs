//! The pages of the repository beside the program: no option in them that no command has, and no command or option that
//! they leave out.

use crate::support::Place;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Options in the pages that are those of other programs: cargo's, pip's, our scripts' and peers'.
const FOREIGN: &[&str] = &[
    "--bench", "--features", "--install", "--lib", "--list", "--open", "--path", "--release", "--test", "--workspace",
];

/// Options that need no word of their own.
const PLAIN: &[&str] = &["--help", "--version"];

/// Every option in a text: two hyphens and a name in small letters, at the beginning of a word.
fn options(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("--") {
        let begins = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '-');
        let name: String = text[at + 2..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        if begins && name.starts_with(|c: char| c.is_ascii_lowercase()) {
            found.insert(format!("--{}", name.trim_end_matches('-')));
        }
    }
    found
}

#[test]
fn the_pages_know_the_options_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    pages.extend(fs::read_dir(root.join("docs")).expect("docs").map(|entry| entry.expect("an entry").path()));
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    let text: String = pages.iter().map(|path| fs::read_to_string(path).expect("UTF-8")).collect();
    let place = Place::with(&[]);
    let commands = ["", "render", "batch", "plan", "check", "voices", "voices list", "voices sample", "voices show"];
    let mut known = BTreeSet::new();
    for command in commands {
        let mut all: Vec<&str> = command.split_whitespace().collect();
        all.push("--help");
        known.extend(options(&place.run(&all).ends_with(0).out));
    }
    let told = options(&text);
    let novel: Vec<&String> =
        told.iter().filter(|name| !known.contains(*name) && !FOREIGN.contains(&name.as_str())).collect();
    assert!(novel.is_empty(), "no command has {novel:?}");
    let untold: Vec<&String> =
        known.iter().filter(|name| !told.contains(*name) && !PLAIN.contains(&name.as_str())).collect();
    assert!(untold.is_empty(), "no page tells of {untold:?}");
}

#[test]
fn options_are_found_in_a_text() {
    let text = "`--lag SEC`, --caption-words; a--b, -- and --- and `--fit sync|relaxed`.";
    let found: Vec<String> = options(text).into_iter().collect();
    assert_eq!(found, ["--caption-words", "--fit", "--lag"]);
}
