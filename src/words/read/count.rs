//! In: a number, or two with a dash between them. Out: both as one [`Count`], which has one unit. Knows no units.

use super::number::{Figure, figure};
use super::token::Text;
use crate::lang::Lang;

/// One number, or the first and the last of a range.
pub(super) struct Count {
    pub(super) first: Figure,
    pub(super) last: Option<Figure>,
    /// The token after it.
    pub(super) end: usize,
}

impl Count {
    /// Whether a noun after it is in the singular.
    pub(super) fn is_one(&self, lang: Lang) -> bool {
        self.last.as_ref().unwrap_or(&self.first).is_one(lang)
    }

    /// It in words.
    pub(super) fn say(&self, text: &Text<'_>, feminine: bool) -> String {
        let first = self.first.say(text.tongue, feminine);
        match &self.last {
            Some(last) if last.whole == self.first.whole && last.part == self.first.part => {
                format!("{first}-{}", last.say(text.tongue, feminine))
            }
            Some(last) => format!("{first} {} {}", to(text.tongue.lang), last.say(text.tongue, feminine)),
            None => first,
        }
    }
}

/// What is said for the dash of a range.
pub(super) fn to(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "to",
        Lang::Fr => "à",
    }
}

/// The token after the dash that joins what ends before `end` with a number: directly, or between two spaces where it
/// is a long one.
pub(super) fn past_dash(text: &Text<'_>, end: usize) -> Option<usize> {
    if text.is_dash(end) && text.is_digits(end + 1) {
        return Some(end + 1);
    }
    let spaced = text.is_space(end) && text.is(end + 1, "–") && text.is_space(end + 2) && text.is_digits(end + 3);
    spaced.then_some(end + 3)
}

/// The same, any dash between two spaces among it.
pub(super) fn past_any_dash(text: &Text<'_>, end: usize) -> Option<usize> {
    let spaced = text.is_space(end) && text.is_dash(end + 1) && text.is_space(end + 2) && text.is_digits(end + 3);
    past_dash(text, end).or(spaced.then_some(end + 3))
}

/// The second number of `15 - 20 titles`: it is higher, and what is counted follows; `Chapter 3 - 10 ways` is none.
fn spaced_range(text: &Text<'_>, at: usize, first: &Figure) -> Option<Figure> {
    let next = past_any_dash(text, first.end)?;
    let last = figure(text, next)?;
    let rises = first.value().zip(last.value()).is_some_and(|(a, b)| a < b);
    let noun = !text.word_after(last.end).is_empty() && !text.capital(last.end + 1);
    let label = text.before(at).is_some_and(|before| text.capital(before));
    (rises && noun && !label && past_any_dash(text, last.end).is_none()).then_some(last)
}

/// The count that begins with the digits at `at`.
pub(super) fn count(text: &Text<'_>, at: usize) -> Option<Count> {
    let first = figure(text, at)?;
    let end = first.end;
    let close = past_dash(text, end).and_then(|next| figure(text, next));
    let last = close.or_else(|| spaced_range(text, at, &first));
    // Three numbers with dashes between them are no range, and `123-4` is the number of an article.
    let third = at >= 2 && text.is_dash(at - 1) && text.is_digits(at - 2);
    // The points of a game are near each other.
    let near = |last: &Figure| first.value().zip(last.value()).is_some_and(|(a, b)| b >= 60 && a.abs_diff(b) < 60);
    let falls = |last: &Figure| first.value() > last.value() && first.value() >= Some(100) && !near(last);
    match last.filter(|last| !third && !falls(last) && past_dash(text, last.end).is_none()) {
        Some(last) => Some(Count { end: last.end, first, last: Some(last) }),
        None => Some(Count { end, first, last: None }),
    }
}
