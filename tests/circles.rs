//! In: the sources of the library. Out: a failure for each circle of files that import each other,
//! so that a file can be read with nothing in mind but what it names, and that with nothing but
//! what that names. Knows Rust only as far as its tokens: what a file imports is what its paths
//! lead to, through the names that other files pass on. Tests may import anything.

mod sources;

use sources::{Token, all, tokens};
use std::collections::{BTreeMap, BTreeSet};

/// Modules in which some files still import each other in a circle.
const ROUND: &[&str] = &["phonemes", "render", "voice", "words"];

/// Modules in which not even a file and the folder it lies in import each other.
const STRAIGHT: &[&str] = &["transcript"];

/// What counts as an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// All but what a file takes from the `mod.rs` of the folders it lies in, which is said there
    /// for all files in them.
    Beside,
    /// A `mod.rs` is a file like any other.
    All,
}

/// A path of modules and items, from the top of the crate.
type Place = Vec<String>;

/// A file, as far as others can tell.
#[derive(Debug, Default)]
struct File {
    /// The paths that it names, as they are written.
    paths: Vec<Place>,
    /// The names that it imports, each with its path.
    names: BTreeMap<String, Place>,
}

/// The module that a file is, from the top of the crate: `a/b.rs` and `a/b/mod.rs` are both `a::b`.
fn module(file: &str) -> Place {
    let parts = file.trim_end_matches(".rs").split('/');
    parts.filter(|part| !["mod", "lib", "main"].contains(part)).map(str::to_owned).collect()
}

/// Whether tokens go on like this from `at`.
fn reads(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(i, word)| tokens.get(at + i).is_some_and(|t| t.text == *word))
}

/// Where the item that begins at `at` is over: behind its semicolon or its last brace.
fn past_item(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(at) {
        match token.text.as_str() {
            ";" if depth == 0 => return i + 1,
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 && token.text == "}" {
            return i + 1;
        }
    }
    tokens.len()
}

/// The tokens without what only tests are made of, and the names of the modules that only tests
/// have.
fn without_tests(tokens: &[Token]) -> (Vec<Token>, Vec<String>) {
    let (mut kept, mut tests, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        if reads(tokens, at, &["#", "[", "cfg", "(", "test", ")", "]"]) {
            let item = at + 7;
            if reads(tokens, item, &["mod"]) && reads(tokens, item + 2, &[";"]) {
                tests.push(tokens[item + 1].text.clone());
            }
            at = past_item(tokens, item);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    (kept, tests)
}

/// The paths of a `use` that goes on at `at` behind `before`, each with the name it is known by
/// from then on; and where that is over.
fn used(tokens: &[Token], at: usize, before: &[String], found: &mut Vec<(String, Place)>) -> usize {
    let (mut path, mut i) = (before.to_vec(), at);
    while let Some(token) = tokens.get(i) {
        match token.text.as_str() {
            "::" => {}
            "{" => {
                while !reads(tokens, i, &["}"]) && i < tokens.len() {
                    i = used(tokens, i + 1, &path, found);
                }
                return i + 1;
            }
            "as" => {
                found.push((tokens[i + 1].text.clone(), path));
                return i + 2;
            }
            "," | "}" | ";" => break,
            "self" if path.len() > before.len() || !before.is_empty() => {}
            word => path.push(word.to_owned()),
        }
        i += 1;
    }
    if path.len() > before.len() || reads(tokens, i.saturating_sub(1), &["self"]) {
        found.push((path.last().cloned().unwrap_or_default(), path));
    }
    i
}

/// What a file names. `children` are the modules that lie right below it.
fn file(tokens: &[Token], children: &BTreeSet<String>) -> File {
    let (mut found, mut at) = (File::default(), 0);
    let begins = |i: usize| {
        let word = tokens[i].text.as_str();
        let relative = ["crate", "super", "self"].contains(&word) || children.contains(word);
        // `pub(in crate::a)` says who may see, not what is seen.
        let inside = i > 0 && ["::", "in"].contains(&tokens[i - 1].text.as_str());
        relative && !inside && reads(tokens, i + 1, &["::"])
    };
    while at < tokens.len() {
        if tokens[at].text == "use" {
            let mut all = Vec::new();
            at = used(tokens, at + 1, &[], &mut all);
            found.paths.extend(all.iter().map(|(_, path)| path.clone()));
            found.names.extend(all);
        } else if begins(at) {
            let mut path = vec![tokens[at].text.clone()];
            while reads(tokens, at + 1, &["::"]) && at + 2 < tokens.len() {
                path.push(tokens[at + 2].text.clone());
                at += 2;
            }
            found.paths.push(path);
            at += 1;
        } else {
            at += 1;
        }
    }
    found
}

/// All files by their modules, without those that only tests have.
fn files(sources: &[(String, String)]) -> BTreeMap<Place, File> {
    let mut tests: Vec<Place> = Vec::new();
    let mut kept: BTreeMap<Place, Vec<Token>> = BTreeMap::new();
    for (name, source) in sources {
        let (tokens, only) = without_tests(&tokens(source));
        let here = module(name);
        tests.extend(only.into_iter().map(|test| [here.as_slice(), &[test]].concat()));
        // The program has a top of its own.
        if name != "main.rs" {
            kept.insert(here, tokens);
        }
    }
    kept.retain(|place, _| !tests.iter().any(|test| place.starts_with(test)));
    let below = |place: &Place| -> BTreeSet<String> {
        let inside = kept.keys().filter(|other| other.len() == place.len() + 1 && other.starts_with(place));
        inside.filter_map(|other| other.last().cloned()).collect()
    };
    kept.iter().map(|(place, tokens)| (place.clone(), file(tokens, &below(place)))).collect()
}

/// The file that a path leads to which stands in the module `from`; `None` where it leads out of
/// the crate.
fn target(files: &BTreeMap<Place, File>, from: &Place, path: &[String], depth: usize) -> Option<Place> {
    let mut rest = path.iter().peekable();
    let mut here = match rest.peek()?.as_str() {
        "crate" => Place::new(),
        "self" | "super" => from.clone(),
        first if files.contains_key(&[from.as_slice(), &[first.to_owned()]].concat()) => from.clone(),
        _ => return None,
    };
    for word in rest {
        match word.as_str() {
            "crate" | "self" => continue,
            "super" => {
                here.pop()?;
                continue;
            }
            _ => {}
        }
        let inner = [here.as_slice(), std::slice::from_ref(word)].concat();
        if files.contains_key(&inner) {
            here = inner;
            continue;
        }
        // An item of this file, or a name that it has from elsewhere.
        let passed_on = files.get(&here)?.names.get(word).filter(|_| depth < 8);
        match passed_on {
            Some(path) => here = target(files, &here, path, depth + 1)?,
            None => break,
        }
        if here.last() != Some(word) {
            break;
        }
    }
    files.contains_key(&here).then_some(here)
}

/// The files that import each other in circles, in groups, each as its modules.
fn circles(sources: &[(String, String)], count: Count) -> Vec<Vec<String>> {
    let files = files(sources);
    let mut imports: BTreeMap<&Place, BTreeSet<Place>> = BTreeMap::new();
    for (place, file) in &files {
        let all = file.paths.iter().filter_map(|path| target(&files, place, path, 0));
        let counts = |other: &Place| match count {
            Count::Beside => !place.starts_with(other),
            Count::All => other != place && !other.is_empty(),
        };
        imports.insert(place, all.filter(counts).collect());
    }
    let reached = |from: &Place| -> BTreeSet<Place> {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(place) = next.pop() {
            for other in imports.get(&place).into_iter().flatten() {
                if seen.insert(other.clone()) {
                    next.push(other.clone());
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&Place, BTreeSet<Place>> = files.keys().map(|place| (place, reached(place))).collect();
    let (mut found, mut told) = (Vec::new(), BTreeSet::new());
    for place in files.keys().filter(|place| reach[place].contains(*place)) {
        let group: Vec<&Place> = reach[place].iter().filter(|other| reach[other].contains(place)).collect();
        if told.insert(group[0].clone()) {
            found.push(group.iter().map(|place| place.join("::")).collect());
        }
    }
    found
}

/// Whether one of these files is of this module at the top of the crate.
fn is_of(group: &[String], top: &str) -> bool {
    group.iter().any(|place| place.split("::").next() == Some(top))
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let found = circles(&all("src"), Count::Beside);
    let round = |group: &&Vec<String>| !ROUND.iter().any(|top| is_of(group, top));
    let novel: Vec<_> = found.iter().filter(round).collect();
    assert!(novel.is_empty(), "these import each other: {novel:?}");
    let gone: Vec<_> = ROUND.iter().filter(|top| !found.iter().any(|group| is_of(group, top))).collect();
    assert!(gone.is_empty(), "there is no circle in {gone:?} any more: take it off ROUND");
}

#[test]
fn no_file_of_a_straight_module_and_its_folder_import_each_other() {
    let found = circles(&all("src"), Count::All);
    for top in STRAIGHT.iter().copied() {
        let round: Vec<_> = found.iter().filter(|group| is_of(group, top)).collect();
        assert!(round.is_empty(), "these import each other: {round:?}");
    }
}

#[test]
fn circles_are_found_and_nothing_else() {
    let rows: [(&[(&str, &str)], &str); 9] = [
        (&[("a/mod.rs", "mod b; mod c;"), ("a/b.rs", "use super::c::C;"), ("a/c.rs", "use super::b::B;")], "a::b a::c"),
        (&[("a/mod.rs", "mod b; use b::B;"), ("a/b.rs", "use super::A;")], "a a::b"),
        (&[("a/mod.rs", "mod b; fn f() { b::g() }"), ("a/b.rs", "fn g() { crate::a::f() }")], "a a::b"),
        // Through a name that the folder passes on, through braces, under another name.
        (
            &[("a/mod.rs", "mod b; mod c; use b::B;"), ("a/b.rs", "use super::c;"), ("a/c.rs", "use super::B;")],
            "a::b a::c",
        ),
        (
            &[
                ("a/mod.rs", "mod b; mod c;"),
                ("a/b.rs", "use crate::{x::X, a::{c::{self, D}, d}};"),
                ("a/c.rs", "use super::b::B as C;"),
            ],
            "a::b a::c",
        ),
        (&[("a/mod.rs", "mod b; mod c;"), ("a/b.rs", "use super::c::C;"), ("a/c.rs", "use super::d; use std::b;")], ""),
        (&[("a.rs", "use crate::b::B;"), ("b.rs", "//! crate::a\npub(in crate::a) struct B; // crate::a::A\n")], ""),
        (&[("a.rs", "use crate::b::B;"), ("b.rs", "#[cfg(test)]\nmod tests { use crate::a; }\nstruct B;")], ""),
        (&[("a.rs", "use crate::b::B;"), ("b.rs", "#[cfg(test)]\nmod t;\nstruct B;"), ("b/t.rs", "use crate::a;")], ""),
    ];
    for (sources, wanted) in rows {
        let sources: Vec<_> = sources.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let found: Vec<String> = circles(&sources, Count::All).iter().map(|group| group.join(" ")).collect();
        assert_eq!(found.join(", "), wanted, "{sources:?}");
        let beside = circles(&sources, Count::Beside).len();
        assert_eq!(beside, usize::from(!wanted.is_empty() && !wanted.starts_with("a ")), "{sources:?}");
    }
}
