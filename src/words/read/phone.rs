//! In: groups of digits that are a telephone number. Out: it group by group. Knows the shapes of numbers in use, and
//! nothing of countries.

use super::number::{integer, one_by_one};
use super::token::Text;
use super::{Match, Reading};
use crate::lang::Lang;

/// The lengths of the groups of numbers in use; those that begin with `0` first.
const WITH_ZERO: &[&[usize]] = &[
    &[2, 2, 2, 2, 2],
    &[10],
    &[1, 3, 3, 3],
    &[4, 3, 3],
    &[4, 2, 2, 2],
    &[3, 3, 2, 2],
    &[3, 2, 2, 2],
    &[2, 3, 2, 2],
    &[3, 4, 4],
    &[5, 6],
    &[4, 3, 4],
    &[5, 3, 3],
    &[11],
    &[4, 6],
    &[4, 2, 2, 3],
];
const PLAIN: &[&[usize]] = &[&[3, 3, 4], &[1, 3, 3, 4]];
/// Words after which three digits are dialled, and seven are a number.
const DIALLED: [&str; 13] = [
    "call", "called", "calling", "calls", "dial", "dialled", "dialed", "phone", "tel", "ring", "text", "telephone",
    "fax",
];

/// The most groups of a number.
const GROUPS: usize = 7;

/// Groups of digits and where each begins; the token after the last.
struct Groups {
    starts: Vec<usize>,
    end: usize,
    plus: bool,
    /// Which marks stand between groups, white space as one blank.
    marks: Vec<String>,
}

/// Telephone numbers.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    let begins = (text.is_digits(at) && text.fresh(at)) || matches!(text.text(at), "+" | "(");
    if !begins
        || at
            .checked_sub(1)
            .is_some_and(|before| text.is_dash(before) || matches!(text.text(before), "." | "/" | "$" | "€" | "£"))
    {
        return None;
    }
    if let Some(found) = emergency(text, at) {
        return Some(found);
    }
    let groups = groups(text, at)?;
    if !is_number(text, at, &groups) || text.goes_on(groups.end) {
        return None;
    }
    Some(Match { end: groups.end, readings: readings(text, at, &groups) })
}

/// `911` after a word of calling, in English.
fn emergency(text: &Text<'_>, at: usize) -> Option<Match> {
    let dialled = text.is_digits(at) && text.text(at).len() == 3 && DIALLED.contains(&text.word_before(at));
    let alone = !text.goes_on(at + 1) && !text.is_dash(at + 1) && !matches!(text.text(at + 1), "." | "," | "/");
    let ends = alone || text.ends_sentence(at + 1);
    let followed =
        text.is_digits(text.past_space(at + 1)) || matches!(text.word_after(at + 1), "people" | "times" | "men");
    if dialled && ends && !followed && !text.french() {
        text.says(at, at + 1, one_by_one(text.text(at), Lang::En))
    } else {
        None
    }
}

fn groups(text: &Text<'_>, at: usize) -> Option<Groups> {
    let plus = text.is(at, "+");
    let mut next = at + usize::from(plus);
    next += usize::from(text.is(next, "("));
    let mut found = Groups { starts: Vec::new(), end: next, plus, marks: Vec::new() };
    while text.is_digits(next) && found.starts.len() < GROUPS {
        found.starts.push(next);
        found.end = next + 1;
        let mut mark = String::new();
        next += 1;
        for _ in 0..3 {
            match text.text(next) {
                "(" | ")" | "." | "-" | "‑" | "–" | "/" => mark.push_str(text.text(next)),
                _ if text.is_space(next) && text.text(next).chars().count() == 1 => mark.push(' '),
                _ => break,
            }
            next += 1;
        }
        if mark.is_empty() {
            break;
        }
        found.marks.push(mark);
    }
    (!found.starts.is_empty()).then_some(found)
}

fn is_number(text: &Text<'_>, at: usize, groups: &Groups) -> bool {
    let lengths: Vec<usize> = groups.starts.iter().map(|at| text.text(*at).len()).collect();
    let digits: usize = lengths.iter().sum();
    if groups.plus {
        return (8..=15).contains(&digits) && lengths[0] <= 3 || lengths.len() == 1 && (9..=15).contains(&digits);
    }
    if text.is(at, "(") && !groups.marks.first().is_some_and(|mark| mark.starts_with(')')) {
        return false;
    }
    let shape = |shapes: &[&[usize]]| shapes.contains(&lengths.as_slice());
    let zero = text.text(groups.starts[0]).starts_with('0');
    let second = text.text(groups.starts[0]).as_bytes().get(1).is_none_or(|digit| *digit != b'0');
    if zero {
        return shape(WITH_ZERO) && (second || lengths.len() > 1);
    }
    if lengths == [3, 4] && groups.marks[0] == "-" {
        let zero = text.text(groups.starts[1]).starts_with('0');
        return zero || (at.saturating_sub(8)..at).any(|at| DIALLED.contains(&text.low(at)));
    }
    shape(PLAIN)
        && (lengths.len() == 3 || text.text(groups.starts[0]) == "1")
        && !groups.marks.iter().all(|mark| mark == " ")
}

/// One reading for each stretch between white space.
fn readings(text: &Text<'_>, at: usize, groups: &Groups) -> Vec<Reading> {
    let mut found: Vec<Reading> = Vec::new();
    let last = groups.starts.len() - 1;
    let mut from = at;
    let mut said: Vec<String> = Vec::new();
    for (index, start) in groups.starts.iter().enumerate() {
        let mut spoken = group(text, text.text(*start), groups.plus && index == 0);
        if groups.plus && index == 0 {
            spoken = format!("plus {spoken}");
        }
        said.push(spoken);
        let end = if index == last { groups.end } else { groups.starts[index + 1] };
        let space = (*start..end).find(|at| text.is_space(*at));
        if index == last || space.is_some() {
            let mark = if index == last { "" } else { "," };
            let to = space.unwrap_or(end);
            found.push(text.reading(from, to, said.join(", ") + mark));
            said.clear();
            from = space.map_or(end, |space| space + 1);
        }
    }
    found
}

/// One group: digit by digit in English, as numbers of two or three digits in French.
fn group(text: &Text<'_>, digits: &str, country: bool) -> String {
    if !text.french() {
        return one_by_one(digits, Lang::En);
    }
    let size = if digits.len() > 3 && digits.len().is_multiple_of(2) { 2 } else { 3 };
    if country || digits.len() <= 3 {
        return french_group(text, digits);
    }
    let parts: Vec<String> =
        digits.as_bytes().chunks(size).map(|part| french_group(text, &String::from_utf8_lossy(part))).collect();
    parts.join(", ")
}

fn french_group(text: &Text<'_>, digits: &str) -> String {
    let rest = digits.trim_start_matches('0');
    let zeros = "zéro ".repeat(digits.len() - rest.len());
    if rest.is_empty() { zeros.trim_end().to_owned() } else { zeros + &integer(rest, text.tongue, false) }
}
