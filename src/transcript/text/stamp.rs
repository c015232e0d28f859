//! In: one line. Out: the time or the two times it begins with, how precise they are, and the text after them. Knows
//! no other line: whether a document counts as stamped is not decided here.

use crate::time::{TICKS_PER_SECOND, Ticks};

/// How precise a time written as a number is taken to be.
pub(in crate::transcript) const FINE: Ticks = Ticks::from_millis(1);

/// What a line with a stamp says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transcript) struct Stamp<'a> {
    pub start: Ticks,
    /// How precise the start is.
    pub grain: Ticks,
    pub end: Option<Ticks>,
    /// What follows; empty if the stamp stands alone.
    pub text: &'a str,
    /// Whether it can hardly be anything but a stamp, such as the time of day a sentence begins with.
    pub sure: bool,
}

/// Why a line has no stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transcript) enum NoStamp {
    /// It does not begin like one.
    Text,
    /// It begins like one, but no clock shows such a time: 60 seconds or more.
    Impossible,
}

/// One time of the kind `MM:SS`.
#[derive(Clone, Copy, Debug)]
struct Time {
    value: Ticks,
    grain: Ticks,
    /// More than `M:SS` or `MM:SS` without a leading zero, which could be a time of day.
    sure: bool,
}

const PAIRS: [(char, char); 5] = [('[', ']'), ('(', ')'), ('<', '>'), ('{', '}'), ('【', '】')];
const ARROWS: [&str; 6] = ["-->", "->", "→", "–", "—", "-"];
const EMPHASIS: [char; 3] = ['*', '_', '`'];

/// Reads the stamp a line begins with: `MM:SS`, `M:SS`, `H:MM:SS`, with a fraction after `.` or `,`, or with the
/// frames of a timecode (which name no time without a frame rate: the stamp is then as precise as its second); alone
/// or as `START - END`, in brackets or not, after a list's dash or not, before a dash, a colon or a bar or not.
pub(in crate::transcript) fn stamp(line: &str) -> Result<Stamp<'_>, NoStamp> {
    let rest = after_bullet(line.trim_start()).trim_start_matches(EMPHASIS);
    let (bracket, rest) = opening(rest);
    let (start, rest) = time(rest)?;
    let (end, rest, inside) = match closing(rest, bracket) {
        Some(after) => match range_end(after) {
            Some((end, after)) => (Some(end), after, after),
            None => (None, after, after),
        },
        None => {
            let (end, after) = range_end(rest).ok_or(NoStamp::Text)?;
            (Some(end), closing(after, bracket).ok_or(NoStamp::Text)?, after)
        }
    };
    let bare = bracket.is_none() && inside == rest && end.is_none();
    let rest = after_link(rest).trim_start_matches(EMPHASIS);
    if bare && !may_follow(rest, start.sure) {
        return Err(NoStamp::Text);
    }
    let text = after_separator(rest);
    let sure = !bare || start.sure || text.is_empty();
    Ok(Stamp { start: start.value, grain: start.grain, end: end.map(|end| end.value), text, sure })
}

/// The line without the mark of a list item.
fn after_bullet(line: &str) -> &str {
    let rest = line.strip_prefix(['-', '*', '•', '–', '—', '+']).unwrap_or(line);
    if rest.starts_with(char::is_whitespace) { rest.trim_start() } else { line }
}

/// The bracket that must be closed, if one is opened.
fn opening(text: &str) -> (Option<char>, &str) {
    let found = PAIRS.iter().find_map(|(open, close)| Some((*close, text.strip_prefix(*open)?)));
    found.map_or((None, text), |(close, rest)| (Some(close), rest.trim_start()))
}

/// What follows the closing bracket, if one is due and there; everything if none is due.
fn closing(text: &str, bracket: Option<char>) -> Option<&str> {
    bracket.map_or(Some(text), |bracket| text.trim_start().strip_prefix(bracket))
}

/// The second time of `START - END`, perhaps in brackets of its own; a tab between the two is enough.
fn range_end(text: &str) -> Option<(Time, &str)> {
    let rest = text.trim_start();
    let tab = text[..text.len() - rest.len()].contains('\t');
    let rest = match ARROWS.iter().find_map(|arrow| rest.strip_prefix(arrow)) {
        Some(rest) => rest.trim_start(),
        None if tab => rest,
        None => return None,
    };
    let (bracket, rest) = opening(rest);
    let (end, rest) = time(rest).ok()?;
    Some((end, closing(rest, bracket)?))
}

/// A time at the beginning, and what follows it.
fn time(text: &str) -> Result<(Time, &str), NoStamp> {
    let (first, rest) = digits(text);
    let (second, rest) = rest.strip_prefix(':').map(digits).ok_or(NoStamp::Text)?;
    if !(1..=3).contains(&first.len()) || second.len() != 2 {
        return Err(NoStamp::Text);
    }
    let third = rest.strip_prefix(':').map(digits).filter(|(third, _)| third.len() == 2);
    let (hours, minutes, seconds, rest) = match third {
        Some((third, rest)) => (number(first), number(second), number(third), rest),
        None => (0, number(first), number(second), rest),
    };
    let frames = rest.strip_prefix([':', ';']).map(digits).filter(|(frames, _)| third.is_some() && frames.len() == 2);
    let fraction = rest.strip_prefix(['.', ',']).map(digits).filter(|(digits, _)| (1..=9).contains(&digits.len()));
    let (part, grain, rest) = match (frames, fraction) {
        (Some((_, rest)), _) => (0, TICKS_PER_SECOND, rest),
        (None, Some((digits, rest))) => {
            let whole = 10_i64.pow(digits.len() as u32);
            (rounded(number(digits), whole), rounded(1, whole).max(1), rest)
        }
        (None, None) => (0, TICKS_PER_SECOND, rest),
    };
    if rest.starts_with(|c: char| c.is_ascii_digit()) || !digits(rest.trim_start_matches(':')).0.is_empty() {
        return Err(NoStamp::Text);
    }
    if seconds >= 60 || (third.is_some() && minutes >= 60) {
        return Err(NoStamp::Impossible);
    }
    let value = Ticks(((hours * 60 + minutes) * 60 + seconds) * TICKS_PER_SECOND + part);
    let sure = third.is_some() || fraction.is_some() || (first.starts_with('0'));
    Ok((Time { value, grain: Ticks(grain), sure }, rest))
}

/// The ASCII digits at the beginning, and what follows them.
pub(super) fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// The value of at most nine digits.
pub(super) fn number(digits: &str) -> i64 {
    digits.parse().unwrap_or(0)
}

/// `part` of `whole` parts of a second in ticks, to the nearest.
pub(super) fn rounded(part: i64, whole: i64) -> i64 {
    ((i128::from(part) * i128::from(TICKS_PER_SECOND) + i128::from(whole / 2)) / i128::from(whole)) as i64
}

/// Whether what follows a bare time lets it be a stamp: not the rest of a word, a time of day or a sentence.
fn may_follow(rest: &str, sure: bool) -> bool {
    let Some(next) = rest.chars().next() else { return true };
    if next.is_alphabetic() {
        // "0:17Hello" happens where a page's columns are copied; "10:30am" and "5:00pm" are times of day.
        return next.is_uppercase() && !is_half_day(rest, false);
    }
    if next.is_whitespace() {
        return !is_half_day(rest.trim_start(), sure);
    }
    match next {
        ':' | '-' | '–' | '—' | '|' | '•' | '·' | '"' | '«' | '“' | '[' | '(' | '♪' | '>' => true,
        '.' => rest[1..].chars().next().is_none_or(char::is_whitespace),
        _ => false,
    }
}

/// Whether this begins with `am`, `p.m.` and the like. After what is surely a stamp, a lone `am` is a verb.
fn is_half_day(text: &str, sure: bool) -> bool {
    let word = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '!' | '?')).next();
    let word = word.unwrap_or_default();
    match word.to_ascii_lowercase().trim_end_matches('.') {
        "pm" | "p.m" | "a.m" => true,
        "am" => word != "am" || !sure,
        _ => false,
    }
}

/// What follows the address of a link, where the stamp was its text: `[0:17](https://…)`.
fn after_link(text: &str) -> &str {
    let link = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    link.filter(|(address, _)| address.contains("://")).map_or(text, |(_, rest)| rest)
}

/// The text after the one sign that may part it from its stamp.
fn after_separator(text: &str) -> &str {
    let text = text.trim();
    let Some(sign) = text.chars().next() else { return text };
    let rest = &text[sign.len_utf8()..];
    let next = rest.chars().next();
    let parts = match sign {
        ':' | '|' | '•' | '·' => true,
        '-' | '–' | '—' => next.is_none_or(|next| !next.is_ascii_digit() && next != '-'),
        '.' => next.is_none_or(char::is_whitespace),
        _ => false,
    };
    if parts { rest.trim_start() } else { text }
}

#[cfg(test)]
mod tests;
