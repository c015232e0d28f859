//! In: the text of a lexicon in TOML or TSV. Out: its entries, each with its line. Knows no word of any language.
//!
//! TOML: a table for each language, `[en]`, `[fr]` or `[all]`, with `word = "respelling"`, `word = "/IPA/"` or
//! `word = { say = "…", ipa = "…", inflections = true, case = false }`. TSV: word, language (may be empty), respelling
//! or `/IPA/`, and perhaps `inflections`, `case` or `nocase`.

use super::{Raw, Say};
use crate::error::{Error, Kind, Result};
use crate::lang::Lang;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// What the way out says for TOML.
const FORM: &str = "write [en], [fr] or [all], and below it lines such as Nguyen = \"/wɪn/\" or \"São Paulo\" = \"sow powloo\", \
                    in quotes what has other letters than a to z";

fn wrong(line: usize, what: impl Into<String>) -> Error {
    Error::new(Kind::Usage, what).at_line(line)
}

/// Sounds between strokes, else a respelling.
fn say(text: &str) -> Say {
    let inside = text.trim().strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    inside.map_or_else(|| Say::Like(text.to_owned()), |ipa| Say::Ipa(ipa.to_owned()))
}

/// A language, or `None` for every one.
fn language(tag: &str, line: usize) -> Result<Option<Lang>> {
    match tag.trim() {
        "" | "*" | "all" => Ok(None),
        tag => tag.parse().map(Some).map_err(|e: Error| e.at_line(line).help("use en, fr or all")),
    }
}

/// Reads a table whose columns are parted by tabs.
pub(super) fn tsv(content: &str) -> Result<Vec<Raw>> {
    let lines = content.lines().enumerate().map(|(i, line)| (i + 1, line));
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(at, line)| row(at, line))
        .collect()
}

fn row(line: usize, text: &str) -> Result<Raw> {
    let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
    let [word, tag, pronunciation, flags @ ..] = cells.as_slice() else {
        return Err(wrong(line, format!("there are {} columns, and three are needed", cells.len()))
            .help("write word, language (en, fr or empty) and respelling or /IPA/, with tabs between them"));
    };
    let mut raw = Raw {
        line,
        text: (*word).to_owned(),
        lang: language(tag, line)?,
        say: say(pronunciation),
        inflections: false,
        case: None,
    };
    for flag in flags.iter().flat_map(|cell| cell.split([' ', ','])).filter(|flag| !flag.is_empty()) {
        match flag {
            "inflections" => raw.inflections = true,
            "case" => raw.case = Some(true),
            "nocase" => raw.case = Some(false),
            other => {
                return Err(wrong(line, format!("'{other}' means nothing in the fourth column"))
                    .help("use inflections, case or nocase"));
            }
        }
    }
    Ok(raw)
}

/// Reads TOML.
pub(super) fn toml(content: &str) -> Result<Vec<Raw>> {
    let line_of = |at: usize| 1 + content.get(..at).map_or(0, |before| before.matches('\n').count());
    let root = DeTable::parse(content).map_err(|e| {
        let line = e.span().map_or(1, |span| line_of(span.start));
        wrong(line, format!("this is no TOML: {}", e.message())).help(FORM)
    })?;
    let mut found: Vec<Raw> = Vec::new();
    for (name, table) in root.get_ref() {
        let line = line_of(name.span().start);
        let DeValue::Table(words) = table.get_ref() else {
            return Err(wrong(line, format!("'{}' stands outside of a language", name.get_ref())).help(FORM));
        };
        let lang = language(name.get_ref(), line)?;
        for (word, value) in words {
            found.push(toml_entry(word, value, lang, line_of(word.span().start))?);
        }
    }
    found.sort_by_key(|raw| raw.line);
    Ok(found)
}

fn toml_entry(
    word: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
    lang: Option<Lang>,
    line: usize,
) -> Result<Raw> {
    let text = word.get_ref().to_string();
    let odd = |name: &str, wants: &str| wrong(line, format!("'{name}' of '{text}' must be {wants}")).help(FORM);
    let mut said = Vec::new();
    let (mut inflections, mut case) = (false, None);
    match value.get_ref() {
        DeValue::String(pronunciation) => said.push(say(pronunciation)),
        DeValue::Table(table) => {
            for (name, value) in table {
                match (name.get_ref().as_ref(), value.get_ref()) {
                    ("say", DeValue::String(text)) => said.push(Say::Like(text.to_string())),
                    ("ipa", DeValue::String(text)) => said.push(Say::Ipa(text.trim().trim_matches('/').to_owned())),
                    ("inflections", DeValue::Boolean(yes)) => inflections = *yes,
                    ("case", DeValue::Boolean(yes)) => case = Some(*yes),
                    (name @ ("say" | "ipa"), _) => return Err(odd(name, "a text in quotes")),
                    (name @ ("inflections" | "case"), _) => return Err(odd(name, "true or false")),
                    (name, _) => {
                        return Err(wrong(line, format!("'{name}' of '{text}' means nothing"))
                            .help("use say, ipa, inflections and case"));
                    }
                }
            }
        }
        _ => return Err(wrong(line, format!("the pronunciation of '{text}' must be a text in quotes")).help(FORM)),
    }
    let (Some(say), None) = (said.pop(), said.pop()) else {
        return Err(wrong(line, format!("'{text}' needs either say or ipa, and not both")).help(FORM));
    };
    Ok(Raw { line, text, lang, say, inflections, case })
}
