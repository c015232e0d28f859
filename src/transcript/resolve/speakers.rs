//! In: lines of the plain text of cues. Out: the labels they begin with that name a speaker, and which of those are to be
//! believed in this file. Knows no times.
//!
//! | how it is written | believed |
//! |---|---|
//! | `>> Name:`, `Speaker 1:`, `[Name]:` | always |
//! | `NAME:` | always, in a file that is not all in capitals |
//! | `Name:`, `Name (quietly):` | where it labels at least two cues of the file |
//! | `[Name] text`, `(NAME) text`, `[Name]` above its text | where it labels at least two cues, or most cues have such a label, and describes no sound |
//! | `[Name]` with nothing after it in its cue | where it is believed otherwise |
//! | a name alone on the line above its text | where it does so twice and the file is not all in capitals, or it is believed otherwise |
//!
//! A name is one to four words that begin with capitals or digits, with particles (`de`, `van`, `the`) between them; no
//! word of [`NO_NAMES`] is one.

use super::noise::{is_capitals, noise};
use std::collections::HashMap;
use std::ops::Range;

/// Words before a colon, or alone on a line, that name nobody.
const NO_NAMES: &[&str] = &[
    "note", "notes", "nb", "ps", "warning", "caution", "attention", "chapter", "part", "section", "step", "tip",
    "tips", "example", "examples", "remember", "source", "sources", "translation", "translated", "subtitles",
    "subtitle", "captions", "sync", "title", "date", "time", "update", "edit", "summary", "conclusion", "introduction",
    "result", "results", "yes", "no", "ok", "okay", "well", "hello", "hi", "hey", "oh", "ah", "so", "but", "and", "or",
    "the", "this", "that", "these", "first", "second", "third", "finally", "also", "remarque", "exemple", "exemples",
    "chapitre", "partie", "étape", "astuce", "traduction", "sous-titres", "titre", "résumé", "oui", "non", "bon",
    "alors", "mais", "et", "http", "https", "bonjour", "salut", "merci", "thanks", "please", "what", "why", "who",
    "where", "when", "how", "it", "he", "she", "they", "we", "you", "i", "there", "here", "fin", "end",
];

/// Small words inside a name.
const PARTICLES: &[&str] = &[
    "de", "du", "des", "la", "le", "d'", "van", "von", "der", "den", "of", "the", "and", "et", "&", "bin", "al", "da",
    "di",
];

/// Words that stand for people in any case and in any language here.
const ROLES: &[&str] =
    &["speaker", "locuteur", "locutrice", "intervenant", "intervenante", "narrator", "narrateur", "voix off"];

/// The longest name, in characters.
const LONGEST: usize = 32;

/// How a label is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// `Name:`
    Colon,
    /// `[Name]` or `(NAME)`, perhaps with a colon.
    Bracket,
    /// On a line of its own.
    Alone,
    /// `[Name]` on a line of its own, and nothing after it in its cue.
    Lone,
}

/// What a line may begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label<'a> {
    pub name: &'a str,
    /// Bytes of the line that are not said.
    pub place: Range<usize>,
    pub kind: Kind,
    /// Whether it stands after `>>`.
    pub certain: bool,
}

/// How a line begins, apart from a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// Like any other.
    Plain,
    /// With the dash of a dialogue.
    Dash,
    /// With `>>`: somebody else speaks.
    Arrows,
}

/// The sign a line begins with, and how many bytes it takes. A dash needs a space after it, or a letter: `-5` and `--`
/// begin no dialogue.
pub(super) fn opening(line: &str) -> (Opening, usize) {
    let rest = line.trim_start_matches('>');
    let arrows = line.len() - rest.len();
    if arrows >= 2 {
        return (Opening::Arrows, line.len() - rest.trim_start().len());
    }
    let Some(rest) = line.strip_prefix(['-', '–', '—', '‐', '−', '―']) else { return (Opening::Plain, 0) };
    let goes_on =
        |c: char| c.is_whitespace() || c.is_alphabetic() || matches!(c, '"' | '¿' | '¡' | '«' | '[' | '(' | '♪' | '\'');
    match rest.chars().next() {
        Some(c) if goes_on(c) || (c == '.' && rest.starts_with("...")) || c == '…' => {
            (Opening::Dash, line.len() - rest.trim_start().len())
        }
        _ => (Opening::Plain, 0),
    }
}

/// The label a line may begin with. `more` is whether another line of the cue follows.
pub(super) fn label(line: &str, more: bool) -> Option<Label<'_>> {
    let (opening, skip) = opening(line);
    let rest = &line[skip..];
    let named = bracketed(rest, more).or_else(|| before_colon(rest));
    // A sound has no colon after its brackets.
    let both = named.is_some_and(|(_, end, kind)| kind == Kind::Bracket && rest[..end].ends_with(':'));
    let certain = opening == Opening::Arrows || both;
    if let Some((name, end, kind)) = named {
        return Some(Label { name, place: 0..skip + end, kind, certain });
    }
    let alone = more && is_name(rest.trim_end()) && !rest.contains(['.', ',']) && rest.split_whitespace().count() <= 3;
    alone.then(|| Label { name: rest.trim(), place: 0..line.len(), kind: Kind::Alone, certain: false })
}

/// `[Name]`, `[Name]:`, `(NAME)`: the name and where the label is over.
fn bracketed(text: &str, more: bool) -> Option<(&str, usize, Kind)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let end = text.find(close)?;
    let name = text[1..end].trim();
    let after = &text[end + 1..];
    let colon = after.trim_start().starts_with(':');
    let said = if colon { after.trim_start().len() - 1 } else { after.len() };
    let good = is_name(name) && (close == ']' || is_capitals(name)) && noise_named(name).is_none();
    let lone = !colon && after.trim().is_empty();
    let kind = if lone && !more { Kind::Lone } else { Kind::Bracket };
    // Alone on its line it may as well be a sound, and is one where a word of sounds is in it.
    (good && !(lone && (close == ')' || describes(name)))).then(|| (name, text.len() - said, kind))
}

/// Whether what stands in square brackets describes a sound even in the middle of a line.
fn describes(name: &str) -> bool {
    !noise(&format!("a [{name}] b"), 0).is_empty()
}

/// A name that describes a sound wherever it stands.
fn noise_named(name: &str) -> Option<()> {
    noise(&format!("a ({name}) b"), 0).first().map(|_| ())
}

/// `Name:` or `Name (quietly):`: the name and where the label is over.
fn before_colon(text: &str) -> Option<(&str, usize, Kind)> {
    let limit = text.char_indices().nth(LONGEST * 2).map_or(text.len(), |(at, _)| at);
    let colon = text[..limit].find(':')?;
    let after = &text[colon + 1..];
    let (name, aside) = match text[..colon].split_once('(') {
        Some((name, aside)) => (name.trim(), aside.trim_end().ends_with(')')),
        None => match text[..colon].split_once('[') {
            Some((name, aside)) => (name.trim(), aside.trim_end().ends_with(']')),
            None => (text[..colon].trim(), true),
        },
    };
    let apart = after.is_empty() || after.starts_with(char::is_whitespace);
    let close = is_capitals(name) && after.starts_with(char::is_alphabetic);
    (aside && is_name(name) && (apart || close)).then_some((name, colon + 1, Kind::Colon))
}

/// Whether a text has the shape of a name.
pub(super) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let small = text.to_lowercase();
    if ROLES.iter().any(|role| small == *role || small.strip_prefix(role).is_some_and(is_number_of_a_speaker)) {
        return true;
    }
    let fits = |(at, word): (usize, &&str)| {
        let inner = at > 0 && at + 1 < words.len();
        let letters =
            word.chars().all(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '.' | '_' | '#' | '&'));
        let begins = word.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || c == '#');
        letters && (begins || (inner && PARTICLES.contains(word)) || word.starts_with("d'") || word.starts_with("d’"))
    };
    (1..=4).contains(&words.len())
        && text.chars().count() <= LONGEST
        && text.starts_with(char::is_uppercase)
        && words.iter().enumerate().all(fits)
        && !words.iter().any(|word| NO_NAMES.contains(&word.to_lowercase().trim_end_matches('.')))
}

/// ` 1`, `_00`, ` A`.
fn is_number_of_a_speaker(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '_', '#', '-']);
    rest.len() <= 3 && !rest.is_empty() && rest.chars().all(char::is_alphanumeric)
}

/// Which names of a file are believed.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Each name with how many cues it labels with a colon, in brackets, alone on a line, as a cue of its own.
    counts: HashMap<String, [usize; 4]>,
    /// Cues with letters, and those of them without a small one.
    cues: (usize, usize),
    /// Cues that begin with a name in brackets.
    bracketed: usize,
}

impl Names {
    /// Takes note of a cue and of the labels its lines may begin with.
    pub(super) fn see(&mut self, text: &str) {
        if text.chars().any(char::is_alphabetic) {
            self.cues.0 += 1;
            self.cues.1 += usize::from(is_capitals(text));
        }
        let mut rest = text;
        loop {
            let (line, more) = rest.split_once('\n').map_or((rest, None), |(line, more)| (line, Some(more)));
            if let Some(label) = label(line, more.is_some()) {
                let first = rest.len() == text.len();
                self.bracketed += usize::from(first && label.kind == Kind::Bracket);
                if label.kind != Kind::Alone || first {
                    let counts = self.counts.entry(label.name.to_owned()).or_default();
                    counts[label.kind as usize] += 1;
                }
            }
            match more {
                Some(more) => rest = more,
                None => return,
            }
        }
    }

    /// Whether this label names a speaker.
    pub(super) fn believe(&self, label: &Label<'_>) -> bool {
        let [colon, bracket, alone, lone] = self.counts.get(label.name).copied().unwrap_or_default();
        let shouted = self.cues.1 * 2 > self.cues.0;
        let small = label.name.to_lowercase();
        let role = ROLES
            .iter()
            .any(|role| small.strip_prefix(role).is_some_and(|r| r.is_empty() || is_number_of_a_speaker(r)));
        match label.kind {
            _ if label.certain || role => true,
            Kind::Colon => colon >= 2 || bracket > 0 || lone > 0 || alone >= 2 || (is_capitals(label.name) && !shouted),
            // Brackets are not spoken either way; in most cues they are names.
            Kind::Bracket => bracket >= 2 || colon > 0 || lone > 0 || self.bracketed >= 2.max(self.cues.0.div_ceil(2)),
            Kind::Lone => colon > 0 || bracket > 0 || alone >= 2,
            Kind::Alone => colon > 0 || bracket >= 2 || (alone >= 2 && !shouted),
        }
    }
}

#[cfg(test)]
mod tests;
