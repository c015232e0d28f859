//! In: four digits, or two with a letter, and the words beside them. Out: a year or a decade as English says it, French
//! where two years make a range; nothing where they are a count.

use super::Match;
use super::count::to;
use super::number::{cardinal, integer, plural, year};
use super::token::Text;
use crate::lang::Lang;

/// Words after which four digits are a year.
const BEFORE: &[&str] = &[
    "in", "since", "until", "till", "by", "before", "after", "during", "year", "years", "spring", "summer", "autumn",
    "fall", "winter", "early", "late", "mid", "circa", "d", "ca", "c", "from", "of", "to", "through", "between", "and",
    "or", "the", "around", "founded", "established", "est", "born", "died", "class", "season", "january", "february",
    "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "christmas",
    "copyright", "their", "his", "her", "its", "our", "a", "an", "this",
];
/// Of these, those after which it is as often a count.
const UNSURE: &[&str] = &[
    "by", "after", "before", "of", "to", "and", "or", "the", "from", "between", "around", "through", "their", "his",
    "her", "its", "our", "a", "an", "this",
];
/// Words after which it is a count.
const COUNTS: &[&str] = &[
    "exactly", "over", "about", "nearly", "almost", "some", "than", "approximately", "roughly", "least", "most",
    "only", "another", "these", "those", "all", "up", "took", "another", "first", "last", "paid", "cost", "costs",
];
/// Nouns without an `s` that are counted.
const COUNTED: &[&str] = &[
    "people", "men", "women", "children", "feet", "miles", "kilometers", "dollars", "sheep", "fish", "percent", "km",
    "words", "times", "more", "square", "cubic", "hundred", "thousand", "million", "billion",
];
/// What streets are called, in full and short.
const STREETS: [&str; 20] = [
    "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct",
    "place", "pl", "terrace", "square", "highway", "parkway",
];
/// Words before a decade of two digits.
const BEFORE_DECADES: [&str; 12] =
    ["the", "early", "late", "mid", "his", "her", "their", "my", "your", "our", "in", "roaring"];

/// Years and decades.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if text.tongue.lang == Lang::En
        && let Some(found) = decade(text, at)
    {
        return Some(found);
    }
    if !text.fresh(at) || !text.is_digits(at) {
        return None;
    }
    if text.french() {
        return range(text, at).or_else(|| french_decade(text, at));
    }
    range(text, at).or_else(|| on_street(text, at)).or_else(|| far(text, at)).or_else(|| single(text, at))
}

/// The year that these digits can be.
fn plausible(text: &Text<'_>, at: usize, from: u64) -> Option<u64> {
    let digits = text.text(at);
    digits.parse().ok().filter(|year| digits.len() == 4 && (from..2100).contains(year))
}

/// `1939-1945`, `2019–20`.
fn range(text: &Text<'_>, at: usize) -> Option<Match> {
    let first = plausible(text, at, 1000)?;
    if !text.is_dash(at + 1) || !text.is_digits(at + 2) || text.goes_on(at + 3) || text.is_dash(at + 3) {
        return None;
    }
    let second = text.text(at + 2);
    let last = match second.len() {
        4 => year(plausible(text, at + 2, first)?, text.tongue),
        2 if second.parse::<u64>().is_ok_and(|last| last > first % 100) && (1600..2100).contains(&first) => {
            integer(second, text.tongue, false)
        }
        _ => return None,
    };
    if counted(text, at + 3) {
        return None;
    }
    text.says(at, at + 3, format!("{} {} {last}", year(first, text.tongue), to(text.tongue.lang)))
}

/// `2001/02`: a season, which ends in the year after. It is tried before fractions.
pub(super) fn season(text: &Text<'_>, at: usize) -> Option<Match> {
    let first = plausible(text, at, 1800).filter(|_| text.fresh(at))?;
    let whole = text.text(at + 2).len() == 4;
    let next = text.text(at + 2).parse::<u64>().ok().filter(|_| whole || text.text(at + 2).len() == 2)?;
    let due = if whole { first + 1 } else { (first + 1) % 100 };
    let open = text.goes_on(at + 3) || matches!(text.text(at + 3), "/" | "-");
    if !text.is(at + 1, "/") || !text.is_digits(at + 2) || open || next != due {
        return None;
    }
    let last = match (text.tongue.lang, next) {
        _ if whole => year(first + 1, text.tongue),
        (Lang::Fr, _) => year(first + 1, text.tongue),
        (Lang::En, 1..10) => format!("oh {}", cardinal(next, text.tongue, false)),
        (Lang::En, _) => cardinal(next, text.tongue, false),
    };
    text.says(at, at + 3, format!("{} {last}", year(first, text.tongue)))
}

/// Whether what follows is what is counted.
fn counted(text: &Text<'_>, end: usize) -> bool {
    let next = text.word_after(end);
    COUNTED.contains(&next)
        || (next.len() > 3
            && next.ends_with('s')
            && !(next.ends_with("ss") || next.ends_with("us"))
            && !matches!(
                next,
                "was"
                    | "does"
                    | "has"
                    | "this"
                    | "series"
                    | "olympics"
                    | "elections"
                    | "sees"
                    | "always"
                    | "comes"
                    | "brings"
                    | "marks"
            ))
        || super::unit::unit(text, end).is_some()
}

/// The number of a house, with a street's name of one or two words behind it: `1420 Maple St.`
fn on_street(text: &Text<'_>, at: usize) -> Option<Match> {
    let number = text.text(at).parse().ok().filter(|_| text.text(at).len() == 4)?;
    let mut next = at + 1;
    for words in 0..3 {
        let ordinal = text.is_digits(next + 1);
        if !text.is_space(next) || !(text.capital(next + 1) || ordinal) {
            return None;
        }
        if words > 0 && STREETS.contains(&text.low(next + 1)) {
            return text.says(at, at + 1, year(number, text.tongue));
        }
        next += if ordinal { 3 } else { 2 };
    }
    None
}

/// A year that is far away and said to be one: `the year 2525`.
fn far(text: &Text<'_>, at: usize) -> Option<Match> {
    let number = text.text(at).parse().ok().filter(|number| (2100..10_000).contains(number))?;
    let told = text.word_before(at) == "year" && text.text(at).len() == 4 && !text.goes_on(at + 1);
    if told { text.says(at, at + 1, year(number, text.tongue)) } else { None }
}

/// A year by itself, in English.
fn single(text: &Text<'_>, at: usize) -> Option<Match> {
    let number = plausible(text, at, 1000)?;
    let end = at + 1;
    if text.goes_on(end)
        || ((text.is(end, ".") || text.is(end, ",") || text.is(end, ":") || text.is(end, "/"))
            && text.is_digits(end + 1))
    {
        return None;
    }
    let before = text.word_before(at);
    if matches!(before, "room" | "suite" | "flight" | "apartment") {
        return text.says(at, end, year(number, text.tongue));
    }
    let sure = BEFORE.contains(&before) && !UNSURE.contains(&before);
    let recent = (1900..2100).contains(&number);
    let era = matches!(text.word_after(end), "bc" | "ad" | "ce" | "bce");
    let bracketed = text.is(at.wrapping_sub(1), "(") && (text.is(end, ")") || text.is_dash(end));
    let is_year = if COUNTS.contains(&before) {
        false
    } else if sure || era || bracketed {
        true
    } else if counted(text, end) || super::money::rule(text, at).is_some() {
        false
    } else {
        // Any number of the last century is taken for a year where nothing is counted, an older one after a word
        // that often stands before years.
        (recent && !number.is_multiple_of(1000)) || (BEFORE.contains(&before) && number >= 1066)
    };
    if is_year { text.says(at, end, year(number, text.tongue)) } else { None }
}

/// `1990s`, `'80s`, `the 60s`, `in her 30s`.
fn decade(text: &Text<'_>, at: usize) -> Option<Match> {
    let quote = matches!(text.text(at), "'" | "’" | "‘") && text.opens(at);
    let digits = at + usize::from(quote);
    if !text.is_digits(digits) || !(quote || text.fresh(at)) {
        return None;
    }
    let apostrophe = usize::from(matches!(text.text(digits + 1), "'" | "’") && text.is_digits(digits));
    let end = digits + 2 + apostrophe;
    if quote && text.text(digits).len() == 2 && !text.goes_on(digits + 1) && !matches!(text.text(digits + 1), "'" | "’")
    {
        let (number, oh) = (integer(text.text(digits), text.tongue, false), text.text(digits).starts_with('0'));
        // `in '01`
        let first = if oh { number.replacen("zero", "oh", 1) } else { number };
        // `'95-'96`
        let last = digits + 3;
        let both = text.is_dash(digits + 1) && matches!(text.text(last - 1), "'" | "’" | "‘") && text.is_digits(last);
        if both && text.text(last).len() == 2 && !text.goes_on(last + 1) {
            let last_said = integer(text.text(last), text.tongue, false);
            return text.says(at, last + 1, format!("{first} to {last_said}"));
        }
        return text.says(at, digits + 1, first);
    }
    if text.text(end - 1) != "s" || text.goes_on(end) {
        return None;
    }
    let aged = matches!(text.word_before(at), "over" | "under");
    let number: u64 = text.text(digits).parse().ok().filter(|number: &u64| aged || number.is_multiple_of(10))?;
    let spoken = match text.text(digits).len() {
        4 if (1000..2200).contains(&number) => plural(&year(number, text.tongue)),
        2 if aged || quote || BEFORE_DECADES.contains(&text.word_before(at)) || text.is_dash(at.wrapping_sub(1)) => {
            plural(&cardinal(number, text.tongue, false))
        }
        _ => return None,
    };
    text.says(at, end, spoken)
}

/// `les années 80`: no `s`, as an ordinal.
fn french_decade(text: &Text<'_>, at: usize) -> Option<Match> {
    let number: u64 = text.text(at).parse().ok()?;
    if text.word_before(at) != "années" || number % 100 != 80 || text.text(at).len() > 4 || text.goes_on(at + 1) {
        return None;
    }
    text.says(at, at + 1, cardinal(number, text.tongue, false).trim_end_matches('s').to_owned())
}
