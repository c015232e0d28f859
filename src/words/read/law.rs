//! In: numbers of laws, articles, cases and books, with dashes, letters and brackets in them. Out: how they are read.
//! Knows the words that stand before them.

use super::Match;
use super::acronym::spelt;
use super::number::{integer, one_by_one};
use super::token::Text;

/// Words of French after which numbers with dashes between them are one number: `n° 2019-774`, `art. L. 123-4`.
const NUMBERED: [&str; 9] = ["article", "articles", "art", "n", "nº", "no", "numéro", "loi", "décret"];
/// The same in English, where the second is higher than a range would have it.
const NUMBERED_IN_ENGLISH: [&str; 4] = ["no", "number", "case", "docket"];
/// What numbers of books and journals are called.
const BOOKS: [&str; 3] = ["isbn", "issn", "ean"];

/// The most parts of a number, and the most numbers one after the other that one word holds for.
const PARTS: usize = 6;

/// The number of a book, figure by figure: `ISBN 978-3-16-148410-0`.
pub(super) fn book(text: &Text<'_>, at: usize) -> Option<Match> {
    let told = BOOKS.contains(&text.word_before(at)) && text.is_digits(at) && text.fresh(at);
    if !told {
        return None;
    }
    let (mut spoken, mut end) = (one_by_one(text.text(at), text.tongue.lang), at + 1);
    while end < at + 4 * PARTS && (text.is_dash(end) || text.is_space(end)) && text.is_digits(end + 1) {
        spoken = format!("{spoken}, {}", one_by_one(text.text(end + 1), text.tongue.lang));
        end += 2;
    }
    text.says(at, end, spoken)
}

/// A number of several parts, with what joins them: `123-4`, `16-1-1`, `10-17.148`; in English `No. 21-476`.
pub(super) fn parts(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_digits(at) || !text.fresh(at) || !text.is_dash(at + 1) {
        return None;
    }
    let told = match text.french() {
        true => told(text, at, PARTS),
        false => NUMBERED_IN_ENGLISH.contains(&text.word_before(at)) && !is_range(text, at),
    };
    if !told {
        return None;
    }
    let (mut spoken, mut end) = (integer(text.text(at), text.tongue, false), at + 1);
    for _ in 0..PARTS {
        let join = match text.text(end) {
            "." => "point",
            _ if text.is_dash(end) && text.french() => "tiret",
            _ if text.is_dash(end) => "dash",
            _ => break,
        };
        if !text.is_digits(end + 1) {
            break;
        }
        spoken = format!("{spoken} {join} {}", integer(text.text(end + 1), text.tongue, false));
        end += 2;
    }
    if text.goes_on(end) { None } else { text.says(at, end, spoken) }
}

/// Whether two numbers with a dash between them are near each other, as the ends of a range are.
fn is_range(text: &Text<'_>, at: usize) -> bool {
    let number = |at: usize| text.text(at).parse::<u64>().ok();
    let ends = number(at).zip(number(at + 2));
    ends.is_some_and(|(first, last)| first < last && last - first < 100)
}

/// Whether a word of [`NUMBERED`] stands before a number, perhaps with a letter between them, or before another such
/// number that this one follows: `articles 42-2 et 42-3`.
fn told(text: &Text<'_>, at: usize, most: usize) -> bool {
    let Some(mut before) = at.checked_sub(1 + usize::from(at > 0 && text.is_space(at - 1))) else { return false };
    for _ in 0..4 {
        let letter = text.is_word(before) && text.capital(before) && text.text(before).chars().nth(1).is_none();
        if text.is(before, ",") || matches!(text.low(before), "et" | "ou") {
            return most > 0 && another(text, before).is_some_and(|first| told(text, first, most - 1));
        }
        // `R. 313-75-2` is one by its form alone.
        if letter && text.is(before + 1, ".") && matches!(text.text(before), "L" | "R" | "D" | "A") {
            return true;
        }
        if text.is_word(before) && !letter {
            return NUMBERED.contains(&text.low(before));
        }
        let passed = letter || text.is_space(before) || matches!(text.text(before), "." | "°" | "º");
        match before.checked_sub(1).filter(|_| passed) {
            Some(next) => before = next,
            None => return false,
        }
    }
    text.is_word(before) && NUMBERED.contains(&text.low(before))
}

/// Where the number of several parts begins that stands right before `end`, white space between them or not.
fn another(text: &Text<'_>, end: usize) -> Option<usize> {
    let mut first = end.checked_sub(1)?;
    first -= usize::from(first > 0 && text.is_space(first));
    let last = first;
    for _ in 0..PARTS {
        if first < 2 || !text.is_digits(first) || !(text.is_dash(first - 1) || text.is(first - 1, ".")) {
            break;
        }
        first -= 2;
    }
    (text.is_digits(first) && first < last).then_some(first)
}

/// The letter of an article of a French code, without its point: `article L. 123-4`.
pub(super) fn article(text: &Text<'_>, at: usize) -> Option<Match> {
    let letter = text.capital(at) && text.fresh(at) && matches!(text.text(at), "L" | "R" | "D" | "A");
    let number = text.past_space(at + 2);
    let point = text.is(at + 1, ".") && text.is_digits(number);
    // `R. 313-75-2` is one by its form alone.
    let parts = point && text.is_dash(number + 1) && text.is_digits(number + 2);
    let told = parts || matches!(text.word_before(at), "article" | "articles" | "art");
    let alone = text.french() && letter && told && !text.goes_on(at + 1);
    if alone { text.says(at, at + 1 + usize::from(point), text.text(at)) } else { None }
}

/// `(c)` and `(1)` directly after a number or another of them, as paragraphs of laws are numbered: `230(c)(1)`.
pub(super) fn clause(text: &Text<'_>, at: usize) -> Option<Match> {
    let before = at.checked_sub(1).filter(|before| text.is_digits(*before) || text.is(*before, ")"))?;
    let name = text.text(at + 1);
    let short = text.is(at, "(") && text.is(at + 2, ")") && name.len() <= 2 && !text.is_space(before);
    // The first stands directly behind a number.
    let mut number = before;
    for _ in 0..PARTS {
        if text.is(number, ")") && number >= 3 && text.is(number - 2, "(") {
            number -= 3;
        }
    }
    let spoken = match text.is_digits(at + 1) {
        true => integer(name, text.tongue, false),
        false => spelt(&name.to_uppercase(), text.tongue.lang),
    };
    let told = short && text.is_digits(number) && text.goes_on(at + 1);
    if told { text.says(at, at + 3, format!(" {spoken}")) } else { None }
}
