//! In: a Pronunciation Lexicon of the W3C (<https://www.w3.org/TR/pronunciation-lexicon/>) as text. Out: its entries,
//! each with its line. Knows no word of any language. Of several pronunciations the preferred one counts, else the first.

use super::{Raw, Say};
use crate::error::{Error, Kind, Result};
use crate::lang::Lang;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;

/// What is known of the document so far.
#[derive(Default)]
struct Document {
    /// Its root was a lexicon.
    seen: bool,
    lang: Option<Lang>,
    /// The alphabet of phonemes that name none.
    alphabet: String,
    /// The text of the element that is being read.
    text: String,
    /// The alphabet of the phoneme that is being read, and whether it or the alias is preferred.
    own: (String, bool),
    lexeme: Lexeme,
    /// Spellings that have an entry.
    spelt: HashSet<String>,
    found: Vec<Raw>,
}

/// The lexeme that is being read.
#[derive(Default)]
struct Lexeme {
    line: usize,
    graphemes: Vec<String>,
    /// The pronunciation, and whether it is the preferred one.
    say: Option<(Say, bool)>,
}

fn wrong(line: usize, what: impl Into<String>) -> Error {
    Error::new(Kind::Usage, what).at_line(line)
}

fn broken(line: usize, error: impl Into<quick_xml::Error>) -> Error {
    wrong(line, "this is no XML").because(error.into()).help("mend it, or write TOML or TSV")
}

/// Reads a lexicon.
pub(super) fn read(content: &str) -> Result<Vec<Raw>> {
    let mut reader = Reader::from_str(content);
    let mut document = Document::default();
    let (mut line, mut counted) = (1, 0);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(content.len()).clamp(counted, content.len());
        line += content.as_bytes()[counted..at].iter().filter(|&&byte| byte == b'\n').count();
        counted = at;
        match reader.read_event().map_err(|e| broken(line, e))? {
            Event::Eof => break,
            Event::Start(tag) => document.enter(&tag, line)?,
            Event::Text(text) => document.text.push_str(&text.xml10_content()),
            Event::CData(text) => document.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten().map(String::from);
                let name = reference.into_inner();
                let known = || quick_xml::escape::resolve_html5_entity(&name).map(str::to_owned);
                document.text.push_str(&character.or_else(known).unwrap_or_default());
            }
            Event::End(tag) => document.leave(tag.local_name().as_ref())?,
            _ => {}
        }
    }
    match document.seen {
        true => Ok(document.found),
        false => {
            Err(wrong(1, "this XML is no pronunciation lexicon").help("its root must be <lexicon>, as in PLS 1.0"))
        }
    }
}

impl Document {
    fn enter(&mut self, tag: &BytesStart<'_>, line: usize) -> Result<()> {
        let name = tag.local_name().as_ref().to_owned();
        let (mut lang, mut alphabet, mut prefer) = (None, None, false);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| broken(line, e))?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|e| broken(line, e))?;
            match attribute.key.local_name().as_ref() {
                "lang" => lang = Some(value.into_owned()),
                "alphabet" => alphabet = Some(value.to_lowercase()),
                "prefer" => prefer = value == "true",
                _ => {}
            }
        }
        match name.as_str() {
            "lexicon" => {
                self.seen = true;
                let tag = lang.unwrap_or_default();
                self.lang = match tag.is_empty() {
                    true => None,
                    false => Some(tag.parse().map_err(|e: Error| e.at_line(line))?),
                };
                self.alphabet = alphabet.unwrap_or_else(|| "ipa".to_owned());
            }
            "lexeme" => self.lexeme = Lexeme { line, ..Lexeme::default() },
            "phoneme" | "alias" => self.own = (alphabet.unwrap_or_else(|| self.alphabet.clone()), prefer),
            _ => {}
        }
        self.text.clear();
        Ok(())
    }

    fn leave(&mut self, name: &str) -> Result<()> {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.text.clear();
        match name {
            "grapheme" => self.lexeme.graphemes.push(text),
            "phoneme" if self.own.0 != "ipa" => {
                let what = format!("the alphabet '{}' of this pronunciation is not known", self.own.0);
                return Err(wrong(self.lexeme.line, what).help("use alphabet=\"ipa\", or an <alias>"));
            }
            "phoneme" => self.say(Say::Ipa(text)),
            "alias" => self.say(Say::Like(text)),
            "lexeme" => return self.lexeme(),
            _ => {}
        }
        Ok(())
    }

    fn say(&mut self, say: Say) {
        let prefer = self.own.1;
        if self.lexeme.say.as_ref().is_none_or(|(_, preferred)| prefer && !preferred) {
            self.lexeme.say = Some((say, prefer));
        }
    }

    /// One entry for each spelling.
    fn lexeme(&mut self) -> Result<()> {
        let Lexeme { line, graphemes, say } = std::mem::take(&mut self.lexeme);
        let Some((say, _)) = say.filter(|_| !graphemes.is_empty()) else {
            return Err(
                wrong(line, "this lexeme is not whole").help("it needs a <grapheme>, and a <phoneme> or <alias>")
            );
        };
        for text in graphemes {
            // What was given before stays: a lexicon of this kind may hold a spelling for each of its meanings.
            if self.spelt.insert(text.clone()) {
                let lang = self.lang;
                self.found.push(Raw { line, text, lang, say: say.clone(), inflections: false, case: None });
            }
        }
        Ok(())
    }
}
