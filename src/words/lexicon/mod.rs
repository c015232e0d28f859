//! In: files of pronunciations (TOML, TSV, W3C PLS). Out: a [`Lexicon`], which finds its words in a text and says what is
//! given for them. Knows no voice: whether one has the sounds of an entry is found out when they are spoken.
//!
//! `file` and `pls` read the formats, `find` finds entries in a text, `inflect` says their inflected forms.

mod file;
mod find;
mod inflect;
mod pls;
#[cfg(test)]
mod tests;

use super::sounds::Given;
use super::tidy::tidy;
use crate::error::{Error, Kind, Result};
use crate::lang::{Lang, Tongue};
use crate::notes::Note;
use crate::text::sayable;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How many words a note names.
const NAMED: usize = 8;

/// Words with their pronunciations.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    entries: Vec<Entry>,
    /// Entries by their first token in small letters.
    by_first: HashMap<String, Vec<usize>>,
}

/// What is said for a word.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Say {
    /// It is read like this text.
    Like(String),
    /// These are its sounds.
    Ipa(String),
}

/// One word, or several that follow one another.
#[derive(Clone, Debug)]
struct Entry {
    /// As it was written.
    text: String,
    tokens: Vec<String>,
    lang: Option<Lang>,
    say: Say,
    inflections: bool,
    any_case: bool,
    /// The file and the line.
    from: Arc<str>,
    /// The number of its file, from 0.
    file: usize,
}

/// An entry as a file has it.
#[derive(Debug)]
struct Raw {
    line: usize,
    text: String,
    lang: Option<Lang>,
    say: Say,
    inflections: bool,
    /// Whether case matters; where it is not said, it does for a word with a capital.
    case: Option<bool>,
}

impl Lexicon {
    /// Adds what the file called `name` holds. Of the same word in two files the later one counts.
    ///
    /// The format is told by the content: XML is PLS, a tab in the first line that holds anything is TSV, all else TOML.
    ///
    /// # Errors
    /// Of kind [`Kind::Usage`], with file and line: what is no such file, an entry that says nothing, one given twice.
    pub fn add(&mut self, name: &str, content: &str) -> Result<()> {
        let content = content.trim_start_matches('\u{feff}');
        let first = content.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let raw = match first {
            None => Ok(Vec::new()),
            Some(line) if line.starts_with('<') => pls::read(content),
            Some(line) if line.contains('\t') && !line.contains('=') => file::tsv(content),
            Some(_) => file::toml(content),
        };
        let file = self.entries.last().map_or(0, |entry| entry.file + 1);
        let mut seen = HashMap::new();
        for raw in raw.map_err(|e| e.in_file(name))? {
            let entry = entry(raw, name, file, &mut seen).map_err(|e| e.in_file(name))?;
            if let Some(first) = entry.tokens.first() {
                self.by_first.entry(first.to_lowercase()).or_default().push(self.entries.len());
            }
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is given for words of `text`, in order and without overlap, respellings read by `read`; each entry that was
    /// used is put into `used`.
    pub fn given(
        &self,
        text: &str,
        tongue: Tongue,
        used: &mut BTreeSet<usize>,
        read: impl Fn(&str) -> String,
    ) -> Vec<Given> {
        if self.is_empty() {
            return Vec::new();
        }
        let found = find::find(self, text, tongue.lang);
        let given = found.into_iter().map(|found| {
            used.insert(found.entry);
            let entry = &self.entries[found.entry];
            let written = &text[found.place.clone()];
            let (spoken, ipa) = inflect::said(&entry.say, found.ending, tongue.lang, &entry.from);
            Given { spoken: spoken.map_or_else(|| tidy(written), |say| read(&say)), ipa, place: found.place }
        });
        given.collect()
    }

    /// A note on the entries that were not used; a warning where none was.
    pub fn unused(&self, used: &BTreeSet<usize>) -> Option<Note> {
        let idle: Vec<&Entry> =
            self.entries.iter().enumerate().filter(|(i, _)| !used.contains(i)).map(|e| e.1).collect();
        if idle.is_empty() {
            return None;
        }
        let named: Vec<String> = idle.iter().take(NAMED).map(|e| format!("'{}' ({})", e.text, e.from)).collect();
        let more = if idle.len() > NAMED { format!(" and {} more", idle.len() - NAMED) } else { String::new() };
        let list = named.join(", ") + &more;
        let (all, count) = (self.entries.len(), idle.len());
        let message = match all == count {
            true => format!("no entry of the lexicon was used: {list}; check spelling, capitals and language"),
            false => format!("{count} of {all} entries of the lexicon were not used here: {list}"),
        };
        let code = "lexicon-unused";
        Some(if all == count { Note::warning(None, code, message) } else { Note::info(None, code, message) })
    }
}

/// Where a word was given before in the same file.
type Seen = HashMap<(String, Option<Lang>), usize>;

fn entry(raw: Raw, name: &str, file: usize, seen: &mut Seen) -> Result<Entry> {
    let wrong = |what: String| Error::new(Kind::Usage, what).at_line(raw.line);
    let text = raw.text.trim().to_owned();
    let tokens: Vec<String> = find::tokens(&text).into_iter().map(|token| token.text).collect();
    if !sayable(&text) {
        return Err(wrong(format!("the word '{text}' has no letter or digit")).help("write the word as transcripts do"));
    }
    let key = (tokens.concat(), raw.lang);
    if let Some(line) = seen.insert(key, raw.line) {
        return Err(wrong(format!("'{text}' is given twice, before in line {line}")).help("take one of them out"));
    }
    let say = match raw.say {
        Say::Ipa(ipa) => {
            let ipa = ipa.trim().to_owned();
            if let Some(odd) = ipa.chars().find(|c| !is_ipa(*c)) {
                return Err(wrong(format!("'{odd}' in the pronunciation of '{text}' is no sign of the IPA"))
                    .help("write sounds in IPA, as /ˈnjuːtən/, or a respelling without strokes"));
            }
            Say::Ipa(ipa)
        }
        Say::Like(say) => Say::Like(say.trim().to_owned()),
    };
    let (Say::Ipa(given) | Say::Like(given)) = &say;
    if !sayable(given) {
        return Err(
            wrong(format!("there is nothing to say for '{text}'")).help("give a respelling, or sounds as /IPA/")
        );
    }
    Ok(Entry {
        any_case: !raw.case.unwrap_or(text.chars().any(char::is_uppercase)),
        from: Arc::from(format!("{name}:{}", raw.line)),
        text,
        tokens,
        lang: raw.lang,
        say,
        inflections: raw.inflections,
        file,
    })
}

/// Whether a sign may stand in a pronunciation; capitals and digits belong to other alphabets.
pub(crate) fn is_ipa(c: char) -> bool {
    let aids = [' ', '.', '\'', ':', '-', '(', ')', '|', '‿', '\u{361}', '\u{35c}'];
    aids.contains(&c)
        || (c.is_ascii() && c.is_ascii_lowercase())
        || (!c.is_ascii() && !c.is_control() && !c.is_numeric())
}
