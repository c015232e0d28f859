//! In: the manifests, what cargo knows of the dependencies, and the pages of the repository. Out: a failure for each
//! dependency that nothing uses, that may not go into this program or needs a newer compiler than is promised, for each
//! package that is not tested or released with the others, and for each page that leads nowhere. Asks no network: cargo has the dependencies by the time that tests run.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Licences whose works may become part of one under GPL-3.0-or-later.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "GPL-3.0-or-later",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// The most words of the first page.
const MOST_WORDS: usize = 900;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What a command prints.
fn printed(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().expect("it can be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What cargo knows of this build.
fn metadata() -> Value {
    let told = printed(Command::new("rustc").arg("-vV"));
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names the host");
    let options = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host];
    let told = printed(Command::new(env!("CARGO")).args(options));
    serde_json::from_str(&told).expect("JSON")
}

/// The packages that this build is made of, as `cargo metadata` tells of them.
fn packages() -> Vec<Value> {
    match metadata()["packages"].take() {
        Value::Array(packages) if packages.len() > 50 => packages,
        other => panic!("these are not the packages: {other}"),
    }
}

/// Those of them that lie in this repository.
fn members() -> Vec<Value> {
    let mut members = packages();
    members.retain(|package| package["source"].is_null());
    assert!(members.len() > 1, "only {} packages are found here", members.len());
    members
}

/// The files below a folder whose names end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(here) = folders.pop() {
        for entry in fs::read_dir(&here).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let hidden = path.file_name().is_some_and(|name| name == "target" || name == "node_modules");
            if path.is_dir() && !hidden {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether a line of Rust names something in this crate.
fn names(line: &str, krate: &str) -> bool {
    let ends = |c: char| !c.is_alphanumeric() && c != '_' && c != ':';
    line.match_indices(krate).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_none_or(ends);
        before && line[at + krate.len()..].starts_with("::") && !line.trim_start().starts_with("//")
    })
}

/// Whether all of an SPDX expression can be had under licences of the list.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any(&words, &mut at) && at == words.len()
}

/// Alternatives from `at` on, which is then behind them.
fn any(words: &[&str], at: &mut usize) -> bool {
    let mut right = every(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        right |= every(words, at);
    }
    right
}

/// What must hold together from `at` on, which is then behind it.
fn every(words: &[&str], at: &mut usize) -> bool {
    let mut right = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        right &= one(words, at);
    }
    right
}

/// A licence, or an expression in brackets, at `at`, which is then behind it.
fn one(words: &[&str], at: &mut usize) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let right = any(words, at);
        *at += 1;
        return right;
    }
    // An exception permits more, never less.
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    LICENCES.contains(&word)
}

/// A version of Rust as numbers.
fn version(text: &str) -> Vec<u32> {
    let parts = text.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("'{text}' is no version")));
    let mut numbers: Vec<u32> = parts.collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn every_dependency_is_used() {
    let mut count = 0;
    for package in members() {
        let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
        let folder = manifest.parent().expect("a folder");
        let lines = |parts: &[&str]| -> Vec<String> {
            let paths = parts.iter().flat_map(|part| files(&folder.join(part), ".rs"));
            paths.flat_map(|path| read(&path).lines().map(str::to_owned).collect::<Vec<_>>()).collect()
        };
        let (library, rest) = (lines(&["src"]), lines(&["src", "tests", "benches", "examples"]));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = dependency["rename"].as_str().or(dependency["name"].as_str()).expect("a name").replace('-', "_");
            let sources = if dependency["kind"].is_null() { &library } else { &rest };
            let used = sources.iter().any(|line| names(line, &name));
            assert!(used, "nothing in {} uses the dependency '{name}'", package["name"]);
            count += 1;
        }
    }
    assert!(count > 20, "only {count} dependencies were found");
}

#[test]
fn the_packages_are_tested_and_released_together() {
    let metadata = metadata();
    // Which comes first depends on where the checkout lies.
    let listed = |list: &str| -> BTreeSet<String> {
        metadata[list].as_array().into_iter().flatten().map(Value::to_string).collect()
    };
    let all = listed("workspace_members");
    assert!(all.len() > 1, "{all:?}");
    assert_eq!(listed("workspace_default_members"), all, "commands at the root leave packages out");
    let members = members();
    let own = members.iter().find(|package| package["name"] == "cuevox").expect("the program");
    for package in &members {
        for field in ["version", "edition", "rust_version", "license"] {
            assert_eq!(package[field], own[field], "{field} of {}", package["name"]);
        }
        // What is published needs the version of the others, which are then found by it and not by their path.
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let here = members.iter().find(|member| member["name"] == dependency["name"]);
            let wanted = format!("^{}", own["version"].as_str().expect("a version"));
            assert!(here.is_none() || dependency["req"] == wanted, "{} is not {wanted}", dependency["name"]);
        }
    }
}

#[test]
fn every_dependency_may_be_part_of_this_program() {
    for package in packages() {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(allowed(licence), "{name} has the licence '{licence}'");
        let source = package["source"].as_str().unwrap_or("registry+");
        assert!(source.starts_with("registry+"), "{name} comes from {source}");
    }
}

#[test]
fn no_dependency_needs_a_newer_compiler_than_is_promised() {
    let promised = version(env!("CARGO_PKG_RUST_VERSION"));
    for package in packages() {
        let Some(needed) = package["rust_version"].as_str() else { continue };
        assert!(version(needed) <= promised, "{} needs Rust {needed}", package["name"]);
    }
}

#[test]
fn licences_are_read_as_spdx_has_them() {
    let rows = [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("Proprietary OR (MIT AND Unicode-3.0)", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("(MIT OR Apache-2.0) AND CDDL-1.0", false),
        ("GPL-2.0-only", false),
        ("", false),
    ];
    for (expression, right) in rows {
        assert_eq!(allowed(expression), right, "{expression}");
    }
    for (line, right) in [
        ("use zip::read;", true),
        ("let a = zip::b();", true),
        ("    // zip::read", false),
        ("a.zip(b)", false),
        ("unzip::a", false),
        ("crate::zip::a", false),
    ] {
        assert_eq!(names(line, "zip"), right, "{line}");
    }
}

/// The pages of the repository.
fn pages() -> Vec<PathBuf> {
    let folders = ["docs", "benches", "fuzz", "kernels", ".github"];
    let mut pages: Vec<PathBuf> = folders.iter().flat_map(|folder| files(&root().join(folder), ".md")).collect();
    let top = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
    pages.extend(top.iter().map(|name| root().join(name)));
    pages
}

/// A heading as the part of an address behind `#`.
fn anchor(heading: &str) -> String {
    let small = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = small.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut count = 0;
    for page in pages() {
        let text = read(&page);
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', ' ']).next().unwrap_or_default();
            if target.contains("://") {
                continue;
            }
            let (path, place) = target.split_once('#').unwrap_or((target, ""));
            let path = match path {
                "" => page.clone(),
                _ => page.parent().expect("a folder").join(path),
            };
            assert!(path.exists(), "{}: {target} is not there", page.display());
            let found = place.is_empty() || read(&path).lines().any(|l| l.starts_with('#') && anchor(l) == place);
            assert!(found, "{}: {target} names no heading", page.display());
            count += 1;
        }
    }
    assert!(count > 20, "only {count} links were found");
}

#[test]
fn the_first_page_is_short_and_begins_with_two_commands() {
    let page = read(&root().join("README.md"));
    let words = page.split_whitespace().count();
    assert!(words <= MOST_WORDS, "README.md has {words} words");
    for command in ["    cargo run --release -- render examples/harbour.txt\n", "    cargo test\n"] {
        assert!(page.contains(command), "{command}");
    }
}
