//! In: text that is meant as JSON. Out: its values one after the other, each with its line and its path, and notes on
//! what JSON (RFC 8259) does not allow and programs write all the same. Builds no tree: a file of any size takes no
//! memory of its own, and no nesting can exhaust the stack. Knows no transcripts.
//!
//! A reader of our own, because of three things that users have and need: `NaN` and `Infinity` as Python writes them,
//! strings with halves of characters in them, and the line of every single value.

mod text;

use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use std::borrow::Cow;
use std::fmt::Write;

/// Deeper than this, no transcript is nested.
const DEEPEST: usize = 256;

/// A value; of a list or an object only its beginning.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    /// As it is written; also `NaN`, `Infinity` and `-Infinity`.
    Number(&'a str),
    Text(Cow<'a, str>),
    /// Its elements follow: [`Json::item`].
    List,
    /// Its members follow: [`Json::key`].
    Object,
}

impl Value<'_> {
    /// What it is, with its article.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List => "a list",
            Value::Object => "an object",
        }
    }
}

/// A list or an object that is being read.
#[derive(Debug)]
struct Open<'a> {
    list: bool,
    /// Something of it has been read.
    begun: bool,
    /// The member that is being read.
    key: Cow<'a, str>,
    /// How many elements or members have begun.
    count: usize,
}

/// Reads JSON value by value.
#[derive(Debug)]
pub(super) struct Json<'a> {
    text: &'a str,
    at: usize,
    /// The line of the byte `counted`, from 1.
    line: usize,
    counted: usize,
    open: Vec<Open<'a>>,
    odd: [Odd; 4],
}

/// Something JSON does not allow: how often, and the line of the first.
#[derive(Clone, Copy, Debug, Default)]
struct Odd {
    count: usize,
    first: usize,
}

/// Positions in [`Json::odd`], and what is said of each.
const TRAILING_COMMA: usize = 0;
const HALF_CHARACTER: usize = 1;
const RAW_CONTROL: usize = 2;
const NO_NUMBER: usize = 3;
const SAID: [(&str, &str); 4] = [
    ("json-comma", "a comma with nothing after it, which JSON does not allow, was passed over"),
    ("json-half-character", "an escape names half a character and will not be spoken"),
    ("json-control", "a line break or a tab stands inside a string, which JSON does not allow; it was read as a space"),
    ("json-nan", "NaN or Infinity, which JSON does not know, was read as no value"),
];

impl<'a> Json<'a> {
    pub(super) fn new(text: &'a str) -> Json<'a> {
        Json { text, at: 0, line: 1, counted: 0, open: Vec::new(), odd: [Odd::default(); 4] }
    }

    /// The line of what was read last, from 1.
    pub(super) fn line(&mut self) -> usize {
        // What ends with a line's last character is still on that line.
        let to = self.at.max(self.counted);
        self.line += self.text.as_bytes()[self.counted..to].iter().filter(|&&byte| byte == b'\n').count();
        self.counted = to;
        self.line
    }

    /// The next value; a list or an object is then open.
    ///
    /// # Errors
    /// Of kind [`Kind::Input`], with line, column and path: this is no JSON, or it ends here.
    pub(super) fn value(&mut self) -> Result<Value<'a>> {
        self.skip_space();
        let rest = &self.text[self.at..];
        let literal = |word: &str| rest.starts_with(word);
        match rest.as_bytes().first() {
            Some(b'{') => self.enter(false),
            Some(b'[') => self.enter(true),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') if !literal("-Infinity") => self.number(),
            _ if literal("null") => Ok(self.word("null", Value::Null)),
            _ if literal("true") => Ok(self.word("true", Value::Bool(true))),
            _ if literal("false") => Ok(self.word("false", Value::Bool(false))),
            _ if literal("NaN") => Ok(self.no_number("NaN")),
            _ if literal("Infinity") => Ok(self.no_number("Infinity")),
            _ if literal("-Infinity") => Ok(self.no_number("-Infinity")),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// The name of the next member of the object that is open; at its end, nothing, and it is closed.
    ///
    /// # Errors
    /// As [`Json::value`].
    pub(super) fn key(&mut self) -> Result<Option<Cow<'a, str>>> {
        if !self.goes_on('}')? {
            return Ok(None);
        }
        if !self.text[self.at..].starts_with('"') {
            return Err(self.unexpected("a name in double quotes or '}'"));
        }
        let key = self.string()?;
        self.skip_space();
        if !self.text[self.at..].starts_with(':') {
            return Err(self.unexpected("':' after a name"));
        }
        self.at += 1;
        if let Some(open) = self.open.last_mut() {
            open.key = key.clone();
        }
        Ok(Some(key))
    }

    /// Whether the list that is open has another element; at its end it is closed.
    ///
    /// # Errors
    /// As [`Json::value`].
    pub(super) fn item(&mut self) -> Result<bool> {
        self.goes_on(']')
    }

    /// Passes over what belongs to `value`, which was read last: the rest of it if it is a list or an object.
    ///
    /// # Errors
    /// As [`Json::value`].
    pub(super) fn pass(&mut self, value: &Value<'_>) -> Result<()> {
        if !matches!(value, Value::List | Value::Object) {
            return Ok(());
        }
        let depth = self.open.len() - 1;
        while let Some(list) = self.open.last().map(|open| open.list).filter(|_| self.open.len() > depth) {
            if if list { self.item()? } else { self.key()?.is_some() } {
                self.value()?;
            }
        }
        Ok(())
    }

    /// Passes over the next value.
    ///
    /// # Errors
    /// As [`Json::value`].
    pub(super) fn skip(&mut self) -> Result<()> {
        let value = self.value()?;
        self.pass(&value)
    }

    /// Whether anything but white space follows.
    pub(super) fn more(&mut self) -> bool {
        self.skip_space();
        self.at < self.text.len()
    }

    /// An error about what was read last: what was wanted there instead.
    pub(super) fn wanted(&mut self, wanted: &str, found: &str) -> Error {
        let place = self.place();
        self.error(format!("{place} should be {wanted} and is {found}")).help("correct it there")
    }

    /// An error about what was read last.
    pub(super) fn error(&mut self, what: impl Into<String>) -> Error {
        let line = self.line();
        Error::new(Kind::Input, what).at_line(line)
    }

    /// Notes on what was let pass, one for each kind.
    pub(super) fn notes(&self) -> Vec<Note> {
        let odd = self.odd.iter().zip(SAID).filter(|(odd, _)| odd.count > 0);
        let note = |(odd, (code, said)): (&Odd, (&'static str, &str))| match odd.count {
            1 => Note::warning(odd.first, code, said),
            count => Note::warning(odd.first, code, format!("{said} ({count} times; this is the first)")),
        };
        odd.map(note).collect()
    }

    /// The path of what was read last: `segments[3].text`.
    pub(super) fn place(&self) -> String {
        let mut path = String::new();
        for open in &self.open {
            let _ = match (open.list, path.is_empty()) {
                _ if open.count == 0 || (!open.list && open.key.is_empty()) => continue,
                (true, _) => write!(path, "[{}]", open.count - 1),
                (false, true) => write!(path, "{}", shortened(&open.key)),
                (false, false) => write!(path, ".{}", shortened(&open.key)),
            };
        }
        if path.is_empty() { "the JSON".to_owned() } else { path }
    }

    fn enter(&mut self, list: bool) -> Result<Value<'a>> {
        if self.open.len() >= DEEPEST {
            let place: String = self.place().chars().take(60).collect();
            return Err(self
                .error(format!("lists and objects are nested more than {DEEPEST} deep here ({place}…)"))
                .help("check that this is the transcript you mean"));
        }
        self.at += 1;
        self.open.push(Open { list, begun: false, key: Cow::Borrowed(""), count: 0 });
        Ok(if list { Value::List } else { Value::Object })
    }

    /// Whether another element or member follows before `close`.
    fn goes_on(&mut self, close: char) -> Result<bool> {
        self.skip_space();
        let begun = self.open.last().is_none_or(|open| open.begun);
        if begun && self.text[self.at..].starts_with(',') {
            self.at += 1;
            self.skip_space();
            if self.text[self.at..].starts_with(close) {
                self.note(TRAILING_COMMA);
            }
        } else if begun && self.at < self.text.len() && !self.text[self.at..].starts_with(close) {
            return Err(self.unexpected(&format!("',' or '{close}'")));
        }
        if self.text[self.at..].starts_with(close) {
            self.at += 1;
            self.open.pop();
            return Ok(false);
        }
        if self.at >= self.text.len() {
            return Err(self.unexpected(&format!("'{close}'")));
        }
        if let Some(open) = self.open.last_mut() {
            (open.begun, open.key) = (true, Cow::Borrowed(""));
            open.count += 1;
        }
        Ok(true)
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Value<'a> {
        self.at += word.len();
        value
    }

    fn no_number(&mut self, word: &'static str) -> Value<'a> {
        self.at += word.len();
        self.note(NO_NUMBER);
        Value::Number(word)
    }

    fn number(&mut self) -> Result<Value<'a>> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let number = &rest[..end];
        if number.parse::<f64>().is_err() || number.ends_with('.') {
            return Err(self.unexpected("a number"));
        }
        self.at += end;
        Ok(Value::Number(number))
    }

    fn note(&mut self, kind: usize) {
        let line = self.line();
        let odd = &mut self.odd[kind];
        odd.count += 1;
        if odd.count == 1 {
            odd.first = line;
        }
    }

    /// An error where something else was expected, or where the file ends.
    fn unexpected(&mut self, expected: &str) -> Error {
        let line = self.line();
        let before = &self.text[..self.at];
        let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
        let place = self.place();
        let rest = &self.text[self.at..];
        let error = |what| Error::new(Kind::Input, what).at_line(line);
        let Some(found) = rest.chars().next() else {
            let what =
                format!("the JSON ends at column {column}, in {place}, where {expected} should follow; it is cut off");
            return error(what).help("write it again: whatever wrote it was probably interrupted");
        };
        let what = format!("this is no JSON: {expected} is expected at column {column} (in {place}), not '{found}'");
        let python = rest.starts_with('\'') || ["None", "True", "False"].iter().any(|word| rest.starts_with(word));
        error(what).help(match python {
            true => "write it with Python's json.dump; this is how Python prints its own values",
            false => "correct it there, or write it again",
        })
    }
}

/// At most 40 characters of a name.
fn shortened(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(40) {
        Some((at, _)) => Cow::Owned(format!("{}…", &name[..at])),
        None => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests;
