//! In: the folder `src`. Out: its files, and the tokens of one. For the tests of the sources; knows
//! Rust only as far as its tokens.

use std::fs;
use std::path::{Path, PathBuf};

/// A word or a sign of a source, comments and literals left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub line: usize,
    pub text: String,
}

/// The tokens of a source. `::` is one token; every other sign is one by itself.
pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let end = past_silent(&chars, at);
        if end == at {
            let end = past_visible(&chars, at);
            found.push(Token { line, text: chars[at..end].iter().collect() });
            at = end;
        } else {
            line += chars[at..end].iter().filter(|c| **c == '\n').count();
            at = end;
        }
    }
    found
}

/// Where the comment, the literal or the white space that begins at `at` is over; `at` if there is
/// none.
fn past_silent(chars: &[char], at: usize) -> usize {
    let starts = |text: &str| text.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
    let from = |i: usize| chars.get(i).copied().unwrap_or(' ');
    if chars[at].is_whitespace() {
        return at + 1;
    }
    if starts("//") {
        return (at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len());
    }
    if starts("/*") {
        let (mut depth, mut i) = (0, at);
        while i < chars.len() {
            match (chars[i], from(i + 1)) {
                ('/', '*') => (depth, i) = (depth + 1, i + 2),
                ('*', '/') => (depth, i) = (depth - 1, i + 2),
                _ => i += 1,
            }
            if depth == 0 {
                break;
            }
        }
        return i;
    }
    let prefix = chars[at..].iter().take_while(|c| matches!(c, 'b' | 'r' | 'c')).take(2).count();
    let raw = chars[at..at + prefix].contains(&'r');
    let hashes = chars[at + prefix..].iter().take_while(|c| **c == '#').count();
    let quote = at + prefix + hashes;
    if from(quote) == '"' && (raw || hashes == 0) {
        return past_string(chars, quote, raw.then_some(hashes));
    }
    // 'a' and '\n' are literals, 'a without a quote after it is a lifetime.
    if chars[at] == '\'' && (from(at + 1) == '\\' || from(at + 2) == '\'') {
        let close = (at + 3 - usize::from(from(at + 1) != '\\')..chars.len()).find(|i| chars[*i] == '\'');
        return close.map_or(chars.len(), |i| i + 1);
    }
    at
}

/// Where the string whose opening quote is at `quote` is over; a raw one ends with so many hashes.
fn past_string(chars: &[char], quote: usize, raw: Option<usize>) -> usize {
    let mut i = quote + 1;
    while i < chars.len() {
        match (chars[i], raw) {
            ('\\', None) => i += 2,
            ('"', None) => return i + 1,
            ('"', Some(hashes)) if chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes => {
                return i + 1 + hashes;
            }
            _ => i += 1,
        }
    }
    chars.len()
}

/// Where the word or the sign that begins at `at` is over.
fn past_visible(chars: &[char], at: usize) -> usize {
    let word = |c: &char| c.is_alphanumeric() || *c == '_';
    match chars[at] {
        c if word(&c) => at + chars[at..].iter().take_while(|c| word(c)).count(),
        ':' if chars.get(at + 1) == Some(&':') => at + 2,
        _ => at + 1,
    }
}

/// All Rust files below `folder`, by their paths from there.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(here) = folders.pop() {
        for entry in fs::read_dir(&here).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let parts: Vec<_> = path.strip_prefix(folder).expect("it is below").iter().collect();
                let name = parts.iter().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join("/");
                found.push((name, fs::read_to_string(&path).expect("UTF-8")));
            }
        }
    }
    found.sort();
    found
}

/// All files of a package's sources, by their paths below its folder of them: `src`, `kernels/src`.
pub fn all(package: &str) -> Vec<(String, String)> {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(package))
}
