//! In: a text. Out: its tokens (words, digits, white space, single signs) and what rules ask about the neighbourhood of
//! one. Knows no meaning.

use super::acronym::is_shout;
use super::{Match, Reading};
use crate::lang::{Lang, Region, Tongue};
use crate::text;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a token consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters with their accents.
    Word,
    /// `0` to `9`.
    Digits,
    /// White space.
    Space,
    /// One character that is none of these.
    Sign,
}

/// One token.
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) place: Range<usize>,
    /// Small letters, raised ones brought down; what is compared with tables.
    low: String,
}

/// A text in tokens.
pub(super) struct Text<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) tongue: Tongue,
    /// Most of its words are written in capitals, so capitals say nothing.
    pub(super) shouted: bool,
    /// Where its sentences end, in bytes.
    ends: Vec<usize>,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digits,
        _ if c.is_whitespace() => Kind::Space,
        _ if c.is_alphabetic() || is_combining_mark(c) => Kind::Word,
        _ => Kind::Sign,
    }
}

impl<'a> Text<'a> {
    pub(super) fn new(source: &'a str, tongue: Tongue) -> Text<'a> {
        let mut tokens: Vec<Token<'a>> = Vec::new();
        let mut start = 0;
        let mut chars = source.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let end = at + c.len_utf8();
            let here = kind(c);
            if here != Kind::Sign && chars.peek().is_some_and(|(_, next)| kind(*next) == here) {
                continue;
            }
            let text = &source[start..end];
            let low = if text.is_ascii() {
                text.to_ascii_lowercase()
            } else {
                text.nfkc().collect::<String>().to_lowercase()
            };
            tokens.push(Token { kind: here, text, place: start..end, low: low.replace('’', "'") });
            start = end;
        }
        let ends = text::sentences(source).into_iter().map(|sentence| sentence.end).collect();
        let shouted = shouted(&tokens, tongue.lang);
        Text { tokens, tongue, shouted, ends }
    }

    pub(super) fn french(&self) -> bool {
        self.tongue.lang == Lang::Fr
    }

    pub(super) fn british(&self) -> bool {
        self.tongue.region == Some(Region::British)
    }

    /// The kind of a token; none beyond the end.
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub(super) fn is_digits(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Digits)
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Word)
    }

    pub(super) fn is_space(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Space)
    }

    /// The token as written; empty beyond the end.
    pub(super) fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    /// The token in small letters; empty beyond the end.
    pub(super) fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.low.as_str())
    }

    /// Whether the token is this sign.
    pub(super) fn is(&self, at: usize, sign: &str) -> bool {
        self.text(at) == sign
    }

    /// Whether the token is a dash as it stands between two numbers.
    pub(super) fn is_dash(&self, at: usize) -> bool {
        matches!(self.text(at), "-" | "–" | "‑" | "−" | "‐")
    }

    /// Whether nothing that is said stands directly before the token.
    pub(super) fn fresh(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| !self.is_word(before) && !self.is_digits(before))
    }

    /// Whether white space, an opening sign or nothing stands before the token.
    pub(super) fn opens(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| {
            self.is_space(before)
                || matches!(self.text(before), "(" | "[" | "\"" | "“" | "«" | "'" | "‘" | "—" | "*" | "_" | ":" | "<")
        })
    }

    /// Whether what is said goes on directly at the token.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.is_word(at) || self.is_digits(at)
    }

    /// The token after the white space at `at`, if there is one.
    pub(super) fn past_space(&self, at: usize) -> usize {
        at + usize::from(self.is_space(at))
    }

    /// The place of the word before the token, white space and the point of an abbreviation between them.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        let mut at = at.checked_sub(1)?;
        if self.is_space(at) {
            at = at.checked_sub(1)?;
        }
        if self.is(at, ".") && at > 0 && !self.ends_sentence(at) {
            at -= 1;
        }
        self.is_word(at).then_some(at)
    }

    /// The word before the token in small letters; empty where there is none.
    pub(super) fn word_before(&self, at: usize) -> &str {
        self.before(at).map_or("", |before| self.low(before))
    }

    /// The word after the token at `end - 1`, in small letters; empty where something else follows.
    pub(super) fn word_after(&self, end: usize) -> &str {
        let at = self.past_space(end);
        if self.is_word(at) && at > end { self.low(at) } else { "" }
    }

    /// Whether the token begins with a capital.
    pub(super) fn capital(&self, at: usize) -> bool {
        self.text(at).starts_with(char::is_uppercase)
    }

    /// Whether a sentence or the text ends with this token.
    pub(super) fn ends_sentence(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return true };
        let next = self.ends.partition_point(|end| *end < token.place.end);
        let last = (at + 1..self.tokens.len()).all_within(3, |i| self.is_space(i));
        last || self.ends.get(next) == Some(&token.place.end)
    }

    /// What is said for the tokens `from..to`.
    pub(super) fn reading(&self, from: usize, to: usize, spoken: impl Into<String>) -> Reading {
        let place = self.tokens[from].place.start..self.tokens[to - 1].place.end;
        Reading { place, spoken: spoken.into() }
    }

    /// A match that says this for the tokens `from..to`.
    pub(super) fn says(&self, from: usize, to: usize, spoken: impl Into<String>) -> Option<Match> {
        Some(Match { end: to, readings: vec![self.reading(from, to, spoken)] })
    }
}

/// Looks at a bounded number of items, so that no rule can be slow.
trait AllWithin: Iterator<Item = usize> + ExactSizeIterator + Sized {
    /// Whether there are no more than `most` and all are as asked.
    fn all_within(self, most: usize, asked: impl Fn(usize) -> bool) -> bool {
        self.len() <= most && { self }.all(asked)
    }
}

impl AllWithin for Range<usize> {}

/// Whether most words of two letters and more are in capitals, and some of these are no acronyms.
fn shouted(tokens: &[Token<'_>], lang: Lang) -> bool {
    let words = tokens.iter().filter(|token| token.kind == Kind::Word && token.text.chars().nth(1).is_some());
    let (mut loud, mut sure, mut all) = (0, 0, 0);
    for word in words {
        let capitals = !word.text.chars().any(char::is_lowercase);
        all += 1;
        loud += usize::from(capitals);
        sure += usize::from(capitals && is_shout(word.text, lang));
    }
    loud * 2 > all && (sure >= 2 || (sure == 1 && loud == all))
}
