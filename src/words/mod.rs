//! In: a cue's text and its language. Out: the words as a voice is given them, each with its place in the text; and
//! the language of each of many texts. Knows no phonemes and no voices.
//!
//! [`words`] cuts the text and tidies each word; [`language`] tells the language. Whatever reads more than single
//! words (numbers, dates, abbreviations) belongs between the two steps of [`words`].

pub mod foreign;
pub mod language;
mod long;
mod tidy;
pub mod utterances;
mod years;

use crate::lang::Lang;
use std::ops::Range;

/// One word as a voice is given it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// The bytes of the text it was made of, its punctuation included.
    pub text: Range<usize>,
    /// What is spoken: the word with its punctuation, quotes straight, decoration left out.
    pub spoken: String,
}

/// A part of the text between white space or dashes.
struct Piece<'a> {
    place: Range<usize>,
    text: &'a str,
}

/// The words of `text` in order; their places do not overlap. No letter or digit of the text is lost.
///
/// Every word has a letter or a digit: marks standing alone join the word before them (`Quoi ?`) or, if they open
/// something, the word after (`« Non`); a dash standing alone is spoken as the pause of a comma; a sign standing
/// alone that is a word (`&`) is read in `lang`. Text without letters and digits gives no words.
pub fn words(text: &str, lang: Lang) -> Vec<Word> {
    let mut made = Maker { lang, words: Vec::new(), waiting: None, quote_open: false };
    for piece in pieces(text) {
        made.take(&piece);
    }
    made.finish()
}

/// The pieces between white space; a long dash inside a piece is a piece of its own, and one that is longer than any
/// word is several.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let dash = c == '—' || c == '―' || (c == '-' && (text[at..].starts_with("--") || text[..at].ends_with('-')));
        if !(dash || c.is_whitespace()) {
            continue;
        }
        if start < at {
            let parts = long::parts(&text[start..at]).into_iter().map(|part| start + part.start..start + part.end);
            found.extend(parts.map(|place| Piece { text: &text[place.clone()], place }));
        }
        start = if dash { at } else { (at + c.len_utf8()).min(text.len()) };
        if dash {
            let end = at + c.len_utf8();
            found.push(Piece { place: at..end, text: &text[at..end] });
            start = end;
        }
    }
    found
}

/// What stands before a word and waits for it.
struct Waiting {
    start: usize,
    spoken: String,
}

struct Maker {
    lang: Lang,
    words: Vec<Word>,
    waiting: Option<Waiting>,
    /// Whether a straight quote standing alone would close one.
    quote_open: bool,
}

impl Maker {
    fn take(&mut self, piece: &Piece<'_>) {
        if let Some(sign) = tidy::sign(piece.text, self.lang) {
            return self.wait(piece, &format!("{sign} "));
        }
        let spoken = tidy::tidy(piece.text);
        if spoken.chars().any(char::is_alphanumeric) {
            self.word(piece, &spoken);
        } else if tidy::is_pause(piece.text) {
            self.pause(piece);
        } else if !spoken.is_empty() {
            let opens = match spoken.as_str() {
                "\"" if !piece.text.contains(['«', '»', '“', '”', '„']) => {
                    self.quote_open = !self.quote_open;
                    self.quote_open
                }
                sign if tidy::is_currency(sign) => !self.after_digit(),
                _ => tidy::opens(piece.text),
            };
            if opens { self.wait(piece, &spoken) } else { self.mark(piece, &spoken) }
        }
    }

    fn word(&mut self, piece: &Piece<'_>, spoken: &str) {
        let waiting = self.waiting.take();
        let start = waiting.as_ref().map_or(piece.place.start, |waiting| waiting.start);
        let before = waiting.map_or(String::new(), |waiting| waiting.spoken);
        let last = self.words.last().map(|word| word.spoken.as_str());
        let year = if self.lang == Lang::En && before.is_empty() { years::year(spoken, last) } else { None };
        let spoken = year.unwrap_or_else(|| long::digits(spoken));
        self.words.push(Word { text: start..piece.place.end, spoken: before + &spoken });
    }

    fn after_digit(&self) -> bool {
        self.waiting.is_none() && self.words.last().is_some_and(|word| word.spoken.ends_with(char::is_numeric))
    }

    /// Keeps something for the next word.
    fn wait(&mut self, piece: &Piece<'_>, spoken: &str) {
        let waiting = self.waiting.get_or_insert(Waiting { start: piece.place.start, spoken: String::new() });
        waiting.spoken.push_str(spoken);
    }

    /// Gives a mark to the word before it, or, if there is none, to the one after.
    fn mark(&mut self, piece: &Piece<'_>, spoken: &str) {
        match self.words.last_mut() {
            Some(word) if self.waiting.is_none() => {
                word.spoken.push_str(spoken);
                word.text.end = piece.place.end;
            }
            // Before any word a mark closes nothing; it would be heard as a pause at most.
            _ => {}
        }
    }

    /// Speaks a dash as a comma, unless there is a pause already.
    fn pause(&mut self, piece: &Piece<'_>) {
        if let (Some(word), None) = (self.words.last_mut(), &self.waiting)
            && word.spoken.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | ')' | ']' | '%'))
        {
            word.spoken.push(',');
            word.text.end = piece.place.end;
        }
    }

    /// The words; what still waits joins the last.
    fn finish(mut self) -> Vec<Word> {
        if let (Some(waiting), Some(word)) = (self.waiting.take(), self.words.last_mut()) {
            let rest = waiting.spoken.trim_end();
            if rest.chars().any(char::is_alphabetic) {
                word.spoken.push(' ');
                word.spoken.push_str(rest);
            }
        }
        self.words
    }
}

#[cfg(test)]
mod tests;
