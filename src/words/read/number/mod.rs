//! In: digits, grouped and with decimals, as tokens. Out: what they are worth ([`Figure`]) and how they are said. Knows
//! how each language writes numbers; what a number counts is the business of other rules.

mod en;
mod fr;

use super::gender::is_feminine;
use super::token::Text;
use crate::lang::Tongue;
use crate::lang::{Lang, Region};

/// From so many digits on a number is said digit by digit: nobody follows it otherwise.
const DIGITS: usize = 16;

/// A number as written.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    /// The token after it.
    pub(super) end: usize,
    /// The digits before the decimal mark.
    pub(super) whole: String,
    /// The digits after it.
    pub(super) part: Option<String>,
}

impl Figure {
    /// The value of its whole part, where that can be counted.
    pub(super) fn value(&self) -> Option<u64> {
        if self.whole.len() < DIGITS { self.whole.parse().ok() } else { None }
    }

    /// Its value where it is whole.
    pub(super) fn integer(&self) -> Option<u64> {
        self.value().filter(|_| self.part.is_none())
    }

    /// Whether a noun after it is in the singular.
    pub(super) fn is_one(&self, lang: Lang) -> bool {
        match lang {
            Lang::En => self.part.is_none() && self.whole == "1",
            Lang::Fr => self.value().is_some_and(|value| value < 2),
        }
    }

    /// It in words.
    pub(super) fn say(&self, tongue: Tongue, feminine: bool) -> String {
        let whole = integer(&self.whole, tongue, feminine && self.part.is_none());
        let Some(part) = &self.part else { return whole };
        match tongue.lang {
            Lang::En => format!("{whole} point {}", one_by_one(part, tongue.lang)),
            Lang::Fr => format!("{whole} virgule {}", french_part(part, tongue)),
        }
    }
}

/// The decimals in French: as a number up to three digits, zeros before it said.
fn french_part(part: &str, tongue: Tongue) -> String {
    let rest = part.trim_start_matches('0');
    if part.len() > 3 || rest.is_empty() {
        return one_by_one(part, tongue.lang);
    }
    "zéro ".repeat(part.len() - rest.len()) + &integer(rest, tongue, false)
}

/// Digits before a decimal mark in words; those no number begins with (`007`), and very many, one by one.
pub(super) fn integer(digits: &str, tongue: Tongue, feminine: bool) -> String {
    match digits.parse::<u64>() {
        Ok(number) if digits.len() < DIGITS && (digits.len() == 1 || !digits.starts_with('0')) => {
            cardinal(number, tongue, feminine)
        }
        _ => one_by_one(digits, tongue.lang),
    }
}

/// `number` in words.
pub(super) fn cardinal(number: u64, tongue: Tongue, feminine: bool) -> String {
    match tongue.lang {
        Lang::En => en::cardinal(number, tongue.region == Some(Region::British)),
        Lang::Fr => fr::cardinal(number, tongue.region, feminine),
    }
}

/// The ordinal of `number`.
pub(super) fn ordinal(number: u64, tongue: Tongue, feminine: bool) -> String {
    match tongue.lang {
        Lang::En => en::ordinal(number, tongue.region == Some(Region::British)),
        Lang::Fr => fr::ordinal(number, tongue.region, feminine),
    }
}

/// A year in words.
pub(super) fn year(number: u64, tongue: Tongue) -> String {
    match tongue.lang {
        Lang::En => en::year(number, tongue.region == Some(Region::British)),
        Lang::Fr => fr::cardinal(number, tongue.region, false),
    }
}

/// The plural of an English number in words.
pub(super) fn plural(words: &str) -> String {
    en::plural(words)
}

/// Digits one by one.
pub(super) fn one_by_one(digits: &str, lang: Lang) -> String {
    let tongue = Tongue::of(lang);
    let each = digits.bytes().filter(u8::is_ascii_digit).map(|digit| cardinal(u64::from(digit - b'0'), tongue, false));
    each.collect::<Vec<_>>().join(" ")
}

/// The number that begins with the digits at `at`.
pub(super) fn figure(text: &Text<'_>, at: usize) -> Option<Figure> {
    if !text.is_digits(at) {
        return None;
    }
    let (mut end, mut whole) = (at + 1, text.text(at).to_owned());
    let groups = groups(text, at);
    for group in 0..groups {
        whole.push_str(text.text(at + 2 + 2 * group));
        end = at + 3 + 2 * group;
    }
    let mut found = Figure { end, whole, part: None };
    let mark = text.is(end, ".") || (text.french() && text.is(end, ","));
    let again = (text.is(end + 2, ".") || text.is(end + 2, text.text(end))) && text.is_digits(end + 3);
    if mark && text.is_digits(end + 1) && !again && text.text(end + 1).len() < DIGITS {
        found.part = Some(text.text(end + 1).to_owned());
        found.end = end + 2;
    }
    Some(found)
}

/// How many groups of three digits follow the digits at `at`.
fn groups(text: &Text<'_>, at: usize) -> usize {
    let first = text.text(at);
    let mark = text.text(at + 1);
    if first.len() > 3 || first.starts_with('0') || !sets_apart(mark, text.french()) {
        return 0;
    }
    let is_group = |group: &usize| {
        let at = at + 1 + 2 * group;
        text.text(at) == mark && text.is_digits(at + 1) && text.text(at + 1).len() == 3
    };
    (0..4).take_while(is_group).count()
}

/// Whether this sets thousands apart: in English a comma, in French a space or a point; narrow spaces and the Swiss
/// apostrophe in both.
fn sets_apart(mark: &str, french: bool) -> bool {
    match mark {
        "\u{a0}" | "\u{202f}" | "\u{2009}" | "'" | "’" => true,
        " " | "." => french,
        "," => !french,
        _ => false,
    }
}

/// Whether the number that ends before the token `end` counts something feminine.
pub(super) fn counts_feminine(text: &Text<'_>, end: usize) -> bool {
    // `1 c. à s.` is a spoon.
    let spoon = text.word_after(end) == "c" && text.is(end + 2, ".") && text.low(text.past_space(end + 3)) == "à";
    text.french() && (spoon || is_feminine(text.word_after(end)))
}
