//! In: what stands between angle brackets in a text. Out: [`Tag`], whether it is one of SSML
//! (<https://www.w3.org/TR/speech-synthesis11/>), and what its attributes say. Knows no text around
//! it and not what a tag asks for.

use crate::lang::Lang;
use crate::time::Ticks;

/// The longest pause that is made.
const LONGEST_PAUSE: Ticks = Ticks::from_millis(60_000);

/// So many tags before an end are looked at for its beginning.
const MOST: usize = 200;

/// How far the end of a tag without attributes is looked for, in characters.
const NEAR: usize = 2000;

/// A tag that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// Where it stood, as a byte of the plain text.
    pub at: usize,
    /// Its name in lower case, without its classes.
    pub name: String,
    /// What follows the name: attributes, or the annotation of WebVTT.
    pub rest: String,
    /// Whether it closes one of its name.
    pub closes: bool,
}

/// The first characters of a text.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

/// The language that a `lang` tag names, as SSML has it or as WebVTT.
pub(super) fn lang_of(rest: &str) -> Option<Lang> {
    attribute(rest, "xml:lang").or_else(|| attribute(rest, "lang")).unwrap_or(rest.trim()).parse().ok()
}

/// A length as people write it: `0.5s`, `500 ms`, `0,5 s`.
pub(super) fn length(text: &str) -> Option<Ticks> {
    let text = text.trim().to_lowercase().replace(',', ".");
    let number = text.trim_end_matches(|c: char| c.is_alphabetic());
    let millis = match text[number.len()..].trim() {
        "ms" => 1.0,
        "s" | "sec" => 1000.0,
        _ => return None,
    };
    let value = number.trim().parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0)?;
    Some(Ticks::from_secs(value * millis / 1000.0).min(LONGEST_PAUSE))
}

/// The value of an attribute in `name="value"` pairs.
pub(super) fn attribute<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(at) = rest[from..].find(name) {
        let start = from + at;
        from = start + name.len();
        let free = rest[..start].chars().next_back().is_none_or(|c| c.is_whitespace());
        let Some(value) = rest[from..].trim_start().strip_prefix('=').map(str::trim_start).filter(|_| free) else {
            continue;
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        return value[1..].split(quote).next();
    }
    None
}

/// Whether what stands between angle brackets in a text without markup is SSML nevertheless;
/// `after` follows it.
pub(super) fn is_ssml(name: &str, rest: &str, closes: bool, open: &[Tag], after: &str) -> bool {
    let has = |attribute_name| attribute(rest, attribute_name).is_some();
    let inside = |other: &str| open.iter().any(|tag| tag.name == other);
    if matches!(name, "s" | "p" | "mark") && inside("speak") {
        return true;
    }
    if closes {
        return open.iter().rev().take(MOST).any(|tag| tag.name == name && !tag.closes);
    }
    let near = || beginning(after, NEAR);
    match name {
        "break" => rest.trim() == "/" || has("time") || has("strength"),
        "phoneme" => has("ph"),
        "sub" => has("alias"),
        "say-as" => has("interpret-as"),
        "prosody" => has("rate") || has("pitch") || has("volume"),
        "emphasis" => has("level") || near().contains("</emphasis>"),
        "lang" => lang_of(rest).is_some(),
        "speak" => near().contains("</speak>"),
        _ => false,
    }
}
