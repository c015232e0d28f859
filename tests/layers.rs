//! In: the sources of the packages. Out: a failure for each place where they break the rules of the house: a module that
//! imports a later one, a file that does not say what it is for, a library that prints or exits. Knows Rust only as far
//! as its tokens.

mod sources;

use sources::{Token, all, tokens};
use std::collections::BTreeSet;

/// What every module may import, and what imports nothing but itself.
const GROUND: &[&str] = &["time", "error", "notes", "progress", "files", "lang", "text", "audio"];

/// The flow: each may import the ground and what stands before it.
const FLOW: &[&str] = &[
    "transcript", "words", "check", "phonemes", "voice", "timing", "cache", "draft", "verdict", "speech", "wav",
    "track", "render", "report",
];

/// Where the library and the program lie, whose modules have an order.
const MAIN: &str = "src";

/// Where the other packages lie: by cargo's word, they import nothing of the first.
const MEMBERS: &[&str] = &["kernels/src"];

/// The most lines of a file.
const LONGEST: usize = 450;

/// Macros that print, or that stand for something that is not there yet.
const FORBIDDEN: &[&str] = &["print", "println", "eprint", "eprintln", "dbg", "todo", "unimplemented"];

/// A path into the crate that a source names: a top-level module, and what it names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Import {
    line: usize,
    module: String,
    inner: Option<String>,
}

/// What a source imports from the top of the crate, by `crate::` or by `super::` often enough. `depth` is how many
/// modules deep the file is: 1 for `src/a.rs`.
fn imports(tokens: &[Token], depth: usize) -> Vec<Import> {
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
    let mut found = Vec::new();
    // Modules written out inside the file, each with the number of braces that were open before it.
    let (mut inline, mut braces): (Vec<usize>, usize) = (Vec::new(), 0);
    let mut at = 0;
    while at < tokens.len() {
        match text(at) {
            "mod" if text(at + 2) == "{" => inline.push(braces),
            "{" => braces += 1,
            "}" => {
                braces = braces.saturating_sub(1);
                inline.pop_if(|before| *before == braces);
            }
            "crate" if text(at + 1) == "::" => named(tokens, at + 2, &mut found),
            "super" if at == 0 || text(at - 1) != "::" => {
                let mut ups = 0;
                while text(at + 2 * ups) == "super" && text(at + 2 * ups + 1) == "::" {
                    ups += 1;
                }
                if ups == depth + inline.len() {
                    named(tokens, at + 2 * ups, &mut found);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The modules that are named at `at`, where a path into the crate goes on: one, or several in braces.
fn named(tokens: &[Token], at: usize, found: &mut Vec<Import>) {
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
    let mut one = |i: usize| {
        let inner = (text(i + 1) == "::").then(|| text(i + 2).to_owned());
        found.push(Import { line: tokens[i].line, module: text(i).to_owned(), inner });
    };
    if text(at) != "{" {
        return one(at);
    }
    let (mut depth, mut i) = (0, at);
    while i < tokens.len() {
        match text(i) {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && matches!(text(i - 1), "{" | ",") => one(i),
            _ => {}
        }
        if depth == 0 {
            return;
        }
        i += 1;
    }
}

/// Whether `module` may import this; if not, why.
fn verdict(module: &str, import: &Import) -> Result<(), String> {
    let place = |name: &str| FLOW.iter().position(|m| *m == name);
    let to = import.module.as_str();
    if to == module || GROUND.contains(&to) {
        return Ok(());
    }
    match (place(module), place(to)) {
        _ if GROUND.contains(&module) => Err(format!("'{module}' is ground and may not import '{to}'")),
        (None, _) => Err(format!("'{module}' has no place in the order of the modules")),
        (_, None) => Err(format!("'{to}', which it imports, has no place in the order of the modules")),
        _ if module == "timing" && !(to == "phonemes" && import.inner.as_deref() == Some("inventory")) => {
            Err(format!("'timing' may import the ground and phonemes::inventory, not '{to}'"))
        }
        (Some(from), Some(to_place)) if to_place > from => {
            Err(format!("'{module}' may not import '{to}', a later one"))
        }
        _ => Ok(()),
    }
}

/// What breaks the rules in the source of `file`, a path below the sources of a package with `/` between its parts.
fn faults(package: &str, file: &str, source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let program = package == MAIN && (file == "main.rs" || file.starts_with("cli/"));
    let mut faults: Vec<(usize, String)> = Vec::new();
    if !source.starts_with("//!") {
        faults.push((1, "does not open with what the file is for (//!)".to_owned()));
    }
    let lines = source.lines().count();
    if lines > LONGEST {
        faults.push((lines, format!("has {lines} lines, more than {LONGEST}")));
    }
    for (i, token) in tokens.iter().enumerate() {
        let next = |n: usize| tokens.get(i + n).map_or("", |t| t.text.as_str());
        let word = token.text.as_str();
        if word == "unsafe" {
            faults.push((token.line, "is unsafe".to_owned()));
        }
        if !program && FORBIDDEN.contains(&word) && next(1) == "!" {
            faults.push((token.line, format!("calls {word}!, which the library does not")));
        }
        if !program && word == "process" && next(1) == "::" && next(2) == "exit" {
            faults.push((token.line, "leaves the program, which the library does not".to_owned()));
        }
    }
    let parts: Vec<&str> = file.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").collect();
    for import in imports(&tokens, parts.len()) {
        let judged = match parts[0] {
            "lib" => Ok(()),
            _ if package != MAIN => Ok(()),
            _ if program && import.module == "cli" => Ok(()),
            _ if program => Err(format!("'{}' is not of the public crate", import.module)),
            module => verdict(module, &import),
        };
        faults.extend(judged.err().map(|why| (import.line, why)));
    }
    faults.into_iter().map(|(line, why)| format!("{package}/{file}:{line}: {why}")).collect()
}

#[test]
fn the_sources_keep_the_rules() {
    let mut found = Vec::new();
    for (package, least) in [(MAIN, 50)].into_iter().chain(MEMBERS.iter().map(|member| (*member, 20))) {
        let files = all(package);
        assert!(files.len() > least, "only {} sources were found in {package}", files.len());
        found.extend(files.iter().flat_map(|(name, source)| faults(package, name, source)));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_module_has_a_place_in_the_order_and_every_place_a_module() {
    let files = all(MAIN);
    let tops = files.iter().map(|(name, _)| name.split(['/', '.']).next().unwrap_or_default());
    let there: BTreeSet<&str> = tops.filter(|top| !["lib", "main", "cli"].contains(top)).collect();
    let placed: BTreeSet<&str> = GROUND.iter().chain(FLOW).copied().collect();
    assert_eq!(there, placed);
}

#[test]
fn each_rule_can_be_broken() {
    let rows = [
        ("words/mod.rs", "//! a\nuse crate::voice::Voice;", 2, "'words' may not import 'voice', a later one"),
        ("words/tidy.rs", "//! a\nuse super::super::voice;", 2, "'words' may not import 'voice'"),
        ("speech.rs", "//! a\nuse super::render::Studio;", 2, "'speech' may not import 'render'"),
        ("wav.rs", "//! a\n\nuse crate::{error::{Error, Kind}, track::Track};", 3, "'wav' may not import 'track'"),
        ("draft.rs", "//! a\nfn f() { crate::render::g() }", 2, "'draft' may not import 'render'"),
        ("draft.rs", "//! a\nmod tests {\n use super::super::report::X; }", 3, "'draft' may not import 'report'"),
        ("files/atomic.rs", "//! a\nuse crate::wav::Layout;", 2, "'files' is ground and may not import 'wav'"),
        ("time.rs", "//! a\nuse crate::wav;", 2, "'time' is ground and may not import 'wav'"),
        ("timing/grid.rs", "//! a\nuse crate::phonemes::Phonemizer;", 2, "'timing' may import the ground and"),
        ("timing/mod.rs", "//! a\nuse crate::transcript::Cue;", 2, "'timing' may import the ground and"),
        ("novel.rs", "//! a\nuse crate::wav;", 2, "'novel' has no place"),
        ("wav.rs", "//! a\nuse crate::novel;", 2, "'novel', which it imports, has no place"),
        ("cli/mod.rs", "//! a\nuse crate::wav;", 2, "'wav' is not of the public crate"),
        ("wav.rs", "use crate::error;", 1, "does not open with what the file is for"),
        ("wav.rs", "//! a\nfn f() { unsafe {} }", 2, "is unsafe"),
        ("wav.rs", "//! a\nfn f() { println!(\"x\") }", 2, "calls println!"),
        ("wav.rs", "//! a\nfn f() { todo!() }", 2, "calls todo!"),
        ("wav.rs", "//! a\nfn f() { std::process::exit(1) }", 2, "leaves the program"),
        ("wav.rs", &format!("//! a\n{}", "\n".repeat(LONGEST)), LONGEST + 1, "lines, more than"),
    ];
    for (file, source, line, why) in rows {
        let found = faults(MAIN, file, source);
        let wanted = format!("{MAIN}/{file}:{line}: ");
        assert!(found.len() == 1 && found[0].starts_with(&wanted) && found[0].contains(why), "{source:?}: {found:?}");
    }
    let rows = [
        ("rows.rs", "use super::lanes;", "does not open with what the file is for"),
        ("rows.rs", "//! a\nfn f() { unsafe {} }", "is unsafe"),
        // What prints in the first package does not in another.
        ("main.rs", "//! a\nfn f() { println!(\"x\") }", "calls println!"),
        ("rows.rs", &"//! a\n".repeat(LONGEST + 1), "lines, more than"),
    ];
    for (file, source, why) in rows {
        let found = faults(MEMBERS[0], file, source);
        assert!(
            found.len() == 1 && found[0].starts_with(MEMBERS[0]) && found[0].contains(why),
            "{source:?}: {found:?}"
        );
    }
}

#[test]
fn what_keeps_the_rules_passes() {
    let rows = [
        (
            "words/mod.rs",
            "//! a\nuse crate::transcript::Cue;\nuse crate::{error::Error, lang::Lang};\nuse super::text;",
        ),
        ("words/tests.rs", "//! a\nuse super::*;\nuse super::super::words::Word;"),
        ("wav.rs", "//! a [`Track`](crate::track::Track) // use crate::track;\n/* crate::track /* */ println!() */"),
        ("wav.rs", "//! a\nconst A: &str = \"crate::track \\\" unsafe\"; const B: &str = r#\"\"crate::track\"\"#;"),
        ("wav.rs", "//! a\nfn f<'a>(c: &'a char) { *c == '\"' || *c == '\\'' || *c == '\\u{22}'; crate::audio::g() }"),
        ("timing/shape.rs", "//! a\nuse crate::phonemes::inventory::Class;\nuse super::grid::Choice;"),
        ("report/mod.rs", "//! a\nuse crate::render::Planned;"),
        (
            "cli/plan.rs",
            "//! a\nuse super::exit::Exit;\nuse crate::cli::args;\nuse cuevox::wav;\nfn f() { println!() }",
        ),
        ("lib.rs", "//! a\n#![forbid(unsafe_code)]\npub mod wav;"),
    ];
    for (file, source) in rows {
        assert_eq!(faults(MAIN, file, source), [""; 0], "{source:?}");
    }
    assert_eq!(faults(MEMBERS[0], "conv/coded.rs", "//! a\nuse crate::rows::Rows;"), [""; 0]);
}
