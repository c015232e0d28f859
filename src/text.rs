//! In: text. Out: whether there is anything in it to say, and where its sentences and
//! its quotations begin and end (English, French).
//! Knows no cues, no languages and no voices; it only looks at the characters.

use std::ops::Range;

/// Whether a voice would find anything to say: a letter or a digit of any script.
pub fn sayable(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Whether the first letter or digit is a lower-case letter, as in the second half of a sentence.
pub fn starts_lower(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
}

/// Whether the text ends as a sentence does: a closing mark, perhaps with quotes or brackets after it.
pub fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || is_closer(c)).ends_with(is_mark)
}

/// The sentences of `text` as byte ranges: in order, without the white space around them, and together holding every
/// other character. Text without anything to say is part of the sentence before it, or is one range if it is all.
///
/// A sentence ends with `.`, `!`, `?` or `…`, the quotes and brackets after it included (also a ` »` set apart by
/// a space), where white space and something that can begin a sentence follow. A point after an abbreviation, an
/// initial or the number of a list item ends none.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let never_upper = !text.chars().any(char::is_uppercase);
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut start, mut at, mut next, mut says_something) = (0, 0, 0, false);
    while let Some(offset) = text[at..].find(is_mark) {
        let mark = at + offset;
        let end = past_the_marks(text, mark);
        says_something |= sayable(&text[at..end]);
        at = end;
        if next < end {
            next = text[end..].find(char::is_alphanumeric).map_or(text.len(), |offset| end + offset);
        }
        if says_something && is_end(&text[start..], mark - start..end - start, &text[next..], never_upper) {
            found.extend(trimmed(text, start..end));
            (start, says_something) = (end, false);
        }
    }
    match (trimmed(text, start..text.len()), found.last_mut()) {
        (Some(rest), Some(last)) if !sayable(&text[rest.clone()]) => last.end = rest.end,
        (Some(rest), _) => found.push(rest),
        (None, _) => {}
    }
    found
}

/// What stands between quotation marks, in order, the outermost only.
pub fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match open {
            Some((from, close)) if c == close || (close == '”' && c == '“' && !before.is_whitespace()) => {
                found.push(from..at);
                open = None;
            }
            Some(_) => {}
            None => {
                let close = match c {
                    '«' => Some('»'),
                    '“' | '„' => Some('”'),
                    '"' if !before.is_alphanumeric() => Some('"'),
                    _ => None,
                };
                open = close.map(|close| (at + c.len_utf8(), close));
            }
        }
        before = c;
    }
    found
}

/// Marks that can end a sentence.
fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉')
}

/// Marks that may stand between the end of a sentence and the space after it.
fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '}' | '*' | '_')
}

/// Where the run of closing marks, quotes and brackets that starts at `mark` is over.
fn past_the_marks(text: &str, mark: usize) -> usize {
    let mut rest = text[mark..].trim_start_matches(|c| is_mark(c) || is_closer(c));
    // French sets ` »` and ` !` apart: a space before them is not yet the end.
    loop {
        let next = rest.trim_start();
        if !next.starts_with(['»', '!', '?']) {
            return text.len() - rest.len();
        }
        rest = next.trim_start_matches(|c| is_mark(c) || is_closer(c));
    }
}

/// The range without white space at its ends, unless nothing is left.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.start + part.trim_end().len();
    (start < end).then_some(start..end)
}

/// Points after these never end a sentence: a name or a number follows.
const TITLES: &[&str] = &[
    "dr", "cmdr", "mr", "mrs", "ms", "m", "mm", "mme", "mmes", "mlle", "mlles", "mgr", "me", "pr", "prof", "rev",
    "gen", "gén", "col", "capt", "lt", "sgt", "hon", "pres", "gov", "sen", "rep", "st", "ste", "mt", "ft", "vs", "cf",
    "e.g", "i.e", "p.ex", "ex", "c.-à-d", "env", "approx", "av", "bd", "v",
];
/// Points after these end no sentence where a digit follows.
const BEFORE_DIGITS: &[&str] = &[
    "no", "nos", "n°", "nº", "nr", "p", "pp", "art", "fig", "figs", "vol", "vols", "ch", "chap", "sec", "tél", "tel",
    "ed", "éd", "t", "est", "ca", "c", "max", "min", "ext", "apt", "mon", "tue", "tues", "wed", "thu", "thurs", "fri",
    "sat", "sun", "jan", "janv", "feb", "févr", "mar", "apr", "avr", "jun", "jul", "juil", "aug", "sep", "sept", "oct",
    "nov", "dec", "déc", "juill", "fév", "th", "d", "al", "réf", "ref", "tab", "lun", "ven", "sam", "dim", "hab",
    "pop", "lev", "deut", "kgs", "chron", "neh", "ps", "prov", "eccl", "isa", "ezek", "zech", "rom", "cor", "eph",
    "thess", "heb", "jas",
];
/// Points after these end a sentence only where a word follows that usually begins one.
const EITHER: &[&str] = &["etc", "jr", "sr", "inc", "ltd", "co", "corp", "bros", "al", "apr.j.-c", "av.j.-c"];
/// Weekdays of French that are also words: their point ends no sentence where a date follows.
const FRENCH_DAYS: [&str; 3] = ["mar", "mer", "jeu"];
/// How the months of French begin.
const FRENCH_MONTHS: [&str; 12] =
    ["janv", "fév", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"];
/// Words that usually begin a sentence.
const STARTERS: &[&str] = &[
    "A", "An", "And", "But", "He", "I", "If", "In", "It", "She", "So", "That", "The", "Then", "There", "These", "They",
    "This", "Those", "We", "What", "When", "You", "Après", "C", "Ce", "Ces", "Cette", "Dans", "Des", "Elle", "Elles",
    "En", "Et", "Il", "Ils", "Je", "L", "La", "Le", "Les", "Mais", "Nous", "On", "Pour", "Puis", "Un", "Une", "Vous",
];

/// What follows the points of `a.m.` and `p.m.` in the same sentence, though it has a capital.
const AFTER_HOURS: &[&str] = &[
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
    "April", "May", "June", "July", "August", "September", "October", "November", "December", "Eastern", "Central",
    "Mountain", "Pacific", "Greenwich", "GMT", "UTC", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "CET",
    "CEST", "BST", "ET", "PT", "I",
];

/// Whether the marks in `marks` end the sentence that begins `text`; `next` is what follows from its first letter on.
fn is_end(text: &str, marks: Range<usize>, next: &str, never_upper: bool) -> bool {
    let rest = &text[marks.end..];
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return false;
    }
    let Some(first) = next.chars().next() else { return true };
    if first.is_lowercase() && !never_upper {
        return false;
    }
    let run = &text[marks.clone()];
    if !run.starts_with('.') || run.chars().filter(|&c| is_mark(c)).count() > 1 {
        return true;
    }
    point_is_end(&text[..marks.start], next, first)
}

/// Whether a single point after `before` ends a sentence when `next`, beginning with `first`, follows.
fn point_is_end(before: &str, next: &str, first: char) -> bool {
    let opener = |c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“' | '«' | '/' | '*' | '_');
    let word = before.rsplit(opener).next().unwrap_or_default();
    if before.trim_start().len() <= 3 && !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
        return false; // the number of a list item
    }
    if word.chars().count() > 12 {
        return true; // too long for an abbreviation
    }
    let following = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let starter = STARTERS.contains(&following);
    let small = word.to_lowercase();
    if matches!(small.as_str(), "a.m" | "p.m") {
        return starter || !(first.is_numeric() || AFTER_HOURS.contains(&following));
    }
    if TITLES.contains(&small.as_str()) {
        return false;
    }
    let one_letter = following.chars().count() == 1 && first.is_uppercase();
    let unelided = small.rsplit(['\'', '’']).next();
    // `ref. AB-123`
    let coded = matches!(small.as_str(), "ref" | "réf") && !following.chars().any(char::is_lowercase);
    if coded || unelided == Some("art") && one_letter || FRENCH_DAYS.contains(&small.as_str()) && begins_date(next) {
        return false;
    }
    if BEFORE_DIGITS.contains(&small.as_str()) {
        let numeral = following.chars().all(|c| "IVXLC".contains(c)) && (following.len() > 1 || "VX".contains(first));
        return !(first.is_numeric() || numeral);
    }
    let initial = word.chars().count() == 1 && word.starts_with(char::is_uppercase);
    if initial || EITHER.contains(&small.as_str()) || is_acronym(word) {
        return starter;
    }
    true
}

/// Whether a text begins with the day of a month, in French.
fn begins_date(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let month = rest.strip_prefix("er").unwrap_or(rest).trim_start();
    let day = (1..=2).contains(&(text.len() - rest.len())) && month.len() < rest.len();
    day && FRENCH_MONTHS.iter().any(|name| month.starts_with(name))
}

/// Single letters with points between them: `U.S`, `a.m`.
fn is_acronym(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|part| part.chars().count() == 1 && part.starts_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests;
