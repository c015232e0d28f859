//! In: a date in one of the usual written forms. Out: it in words. Knows months and weekdays as tables; which number is
//! the day is the region's business.

use super::count::{past_dash, to};
use super::number::{cardinal, ordinal, year};
use super::token::Text;
use super::{Match, Reading};
use crate::lang::Lang;

const MONTHS: [(&str, &str); 12] = [
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
];
/// Shortened months, with the month they mean.
const SHORT: [(&str, usize); 25] = [
    ("jan", 1),
    ("janv", 1),
    ("feb", 2),
    ("febr", 2),
    ("févr", 2),
    ("fév", 2),
    ("fevr", 2),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("jun", 6),
    ("jul", 7),
    ("juil", 7),
    ("aug", 8),
    ("aoû", 8),
    ("sep", 9),
    ("sept", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("déc", 12),
    ("fevrier", 2),
    ("aout", 8),
    ("decembre", 12),
    ("juill", 7),
];
/// English weekdays, shortened.
const WEEKDAYS: [(&str, &str); 11] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("tues", "Tuesday"),
    ("wed", "Wednesday"),
    ("weds", "Wednesday"),
    ("thu", "Thursday"),
    ("thur", "Thursday"),
    ("thurs", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];
/// Words after which `6/21` is a day: English, French.
const BEFORE_DAYS: [&str; 16] = [
    "on", "by", "until", "till", "since", "before", "after", "due", "from", "dated", "le", "du", "au", "dès", "lundi",
    "jusqu'au",
];

/// Dates.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.fresh(at) {
        return None;
    }
    if text.is_digits(at) {
        return in_figures(text, at).or_else(|| day_first(text, at));
    }
    month_first(text, at).or_else(|| weekday(text, at))
}

/// Whether the day of a month is written at `at`: `12 mars`, `1er avril`, `12/03`.
pub(super) fn is_day(text: &Text<'_>, at: usize) -> bool {
    let day = text.is_digits(at) && text.text(at).len() <= 2;
    let end = at + 1 + usize::from(text.low(at + 1) == "er");
    let figures = text.is(end, "/") && text.is_digits(end + 1) && text.text(end + 1).len() <= 2;
    day && (figures || text.is_space(end) && month(text, end + 1).is_some())
}

/// Whether a month is named at `at`.
pub(super) fn is_month(text: &Text<'_>, at: usize) -> bool {
    text.is_word(at) && month(text, at).is_some()
}

/// A month named at `at`: its number, and the token after it, the point that shortens it included.
fn month(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let low = text.low(at);
    let french = text.french();
    let named = MONTHS.iter().position(|(en, fr)| if french { *fr == low } else { en.eq_ignore_ascii_case(low) });
    if let Some(index) = named {
        return Some((index + 1, at + 1));
    }
    let (_, number) = SHORT.iter().find(|(short, _)| *short == low)?;
    let of_other =
        if french { matches!(low, "feb" | "apr" | "aug" | "mar" | "jun" | "jul") } else { low.contains('é') };
    (!of_other).then_some((*number, at + 1 + usize::from(text.is(at + 1, "."))))
}

fn month_name(number: usize, lang: Lang) -> &'static str {
    let (english, french) = MONTHS[(number - 1) % 12];
    match lang {
        Lang::En => english,
        Lang::Fr => french,
    }
}

/// Whether a name shortened to `low` has to be said in full; those that are names in full stay as they are written.
fn is_short(text: &Text<'_>, at: usize, number: usize) -> bool {
    !text.low(at).eq_ignore_ascii_case(month_name(number, text.tongue.lang))
}

/// A day of a month in figures at `at`, with or without the letters of an ordinal, and the token after it.
fn day(text: &Text<'_>, at: usize) -> Option<(u64, usize)> {
    let day = text.text(at).parse().ok().filter(|day| (1..=31).contains(day))?;
    let ordinal = if text.french() { &["er"][..] } else { &["st", "nd", "rd", "th"] };
    let end = at + 1 + usize::from(ordinal.contains(&text.low(at + 1)));
    (text.text(at).len() <= 2 && !text.goes_on(end)).then_some((day, end))
}

/// A day in words: an ordinal in English, the first only in French.
fn say_day(text: &Text<'_>, day: u64) -> String {
    match text.tongue.lang {
        Lang::Fr if day > 1 => cardinal(day, text.tongue, false),
        _ => ordinal(day, text.tongue, false),
    }
}

/// A year of four digits that may follow a day or a month at `end`, after a comma or not.
fn year_at(text: &Text<'_>, end: usize) -> Option<Reading> {
    let at = text.past_space(end + usize::from(text.is(end, ",") && !text.french()));
    let digits = text.text(at);
    let number = digits.parse().ok().filter(|year| (1000..2200).contains(year))?;
    let alone = digits.len() == 4 && at > end && !text.goes_on(at + 1) && past_dash(text, at + 1).is_none();
    alone.then(|| text.reading(at, at + 1, year(number, text.tongue)))
}

/// The match that ends with what was read last.
fn matched(text: &Text<'_>, at: usize, readings: Vec<Reading>) -> Option<Match> {
    let end = readings.last()?.place.end;
    let tokens = text.tokens[at..].iter().take(16).take_while(|token| token.place.start < end).count();
    Some(Match { end: at + tokens, readings })
}

/// `September 19, 2023`, `Sept. 19`, `June 3–5`, `March 1990`; a shortened month alone before a year.
fn month_first(text: &Text<'_>, at: usize) -> Option<Match> {
    let (number, end) = month(text, at)?;
    if !text.french() && !text.capital(at) {
        return None;
    }
    // `sept.` at the end of a sentence is the number.
    if text.low(at) == "sept" && text.french() && year_at(text, end).is_none() {
        return None;
    }
    let lang = text.tongue.lang;
    let name = || if is_short(text, at, number) { Some(text.reading(at, end, month_name(number, lang))) } else { None };
    if let Some(read) = year_at(text, end) {
        return matched(text, at, name().into_iter().chain([read]).collect());
    }
    let first = text.past_space(end);
    if text.french() || first == end {
        let said = text.is(end - 1, ".") && end - at == 2 && (text.french() || !text.ends_sentence(end - 1));
        return if said { matched(text, at, vec![name()?]) } else { None };
    }
    let Some((day_number, mut day_end)) = day(text, first) else {
        let pointed = end - at == 2 && !text.ends_sentence(end - 1);
        return if pointed { matched(text, at, vec![name()?]) } else { None };
    };
    let mut spoken = say_day(text, day_number);
    if let Some(next) = past_dash(text, day_end)
        && let Some((last, end)) = day(text, next)
    {
        spoken = format!("{spoken} {} {}", to(lang), say_day(text, last));
        day_end = end;
    }
    let mut readings: Vec<Reading> = name().into_iter().collect();
    readings.push(text.reading(first, day_end, spoken));
    readings.extend(year_at(text, day_end));
    matched(text, at, readings)
}

/// `19 September 2023`, `le 1er mai`, `3-5 juin`.
fn day_first(text: &Text<'_>, at: usize) -> Option<Match> {
    let (first, mut end) = day(text, at)?;
    let mut last = None;
    if let Some((number, after)) = past_dash(text, end).and_then(|next| day(text, next)) {
        last = Some(number);
        end = after;
    }
    let name_at = text.past_space(end);
    let (number, name_end) = month(text, name_at).filter(|_| name_at > end)?;
    if !text.french() && !text.capital(name_at) {
        return None;
    }
    let mut spoken = say_day(text, first);
    if let Some(last) = last {
        spoken = format!("{spoken} {} {}", to(text.tongue.lang), say_day(text, last));
    }
    if !text.french() {
        let the = if text.word_before(at) == "the" { "" } else { "the " };
        spoken = format!("{the}{spoken} of");
    }
    let mut readings = vec![text.reading(at, end, spoken)];
    if is_short(text, name_at, number) {
        let keeps_point = text.is(name_end - 1, ".") && name_end - name_at == 2 && text.ends_sentence(name_end - 1);
        let point = usize::from(keeps_point);
        readings.push(text.reading(name_at, name_end - point, month_name(number, text.tongue.lang)));
    } else {
        readings.push(text.reading(name_at, name_at + 1, text.text(name_at)));
    }
    readings.extend(year_at(text, name_end));
    matched(text, at, readings)
}

/// `2023-09-19`, `19/09/2023`, `9/19/23`, `31.12.1999`, and `14/07` after a word such as `le`.
fn in_figures(text: &Text<'_>, at: usize) -> Option<Match> {
    let mark = text.text(at + 1);
    if !matches!(mark, "-" | "/" | "." | "‑") || !text.is_digits(at + 2) || !text.opens(at) {
        return None;
    }
    let [first, second, third] = [at, at + 2, at + 4].map(|at| text.text(at));
    if !(text.is(at + 3, mark) && text.is_digits(at + 4)) {
        return short_date(text, at, mark, [first, second]);
    }
    if text.goes_on(at + 5) && text.text(at + 5) != "T" || (text.is(at + 5, mark) && text.is_digits(at + 6)) {
        return None;
    }
    let (day, month, year_of) = if first.len() == 4 {
        (third, second, first)
    } else {
        let (day, month) = which(text, first, second)?;
        (day, month, third)
    };
    if mark == "." && third.len() != 4 {
        return None;
    }
    let year_number: u64 = match (year_of.len(), year_of.parse::<u64>().ok()?) {
        (4, number) => number,
        (2, number) if number < 50 => 2000 + number,
        (2, number) => 1900 + number,
        _ => return None,
    };
    let (day, month) = (parsed(day, 31)?, parsed(month, 12)?);
    let spoken = say_date(text, at, day, month, Some(year_number));
    match super::time::of_day(text, at + 6).filter(|_| text.is(at + 5, "T")) {
        Some((time, end)) => text.says(at, end, format!("{spoken}, {time}")),
        None => text.says(at, at + 5, spoken),
    }
}

/// `14/07`, after a word that a day follows.
fn short_date(text: &Text<'_>, at: usize, mark: &str, [first, second]: [&str; 2]) -> Option<Match> {
    let before = text.word_before(at);
    if mark != "/" || text.goes_on(at + 3) {
        return None;
    }
    if (first, second) == ("9", "11") && !text.french() {
        return text.says(at, at + 3, "nine eleven");
    }
    // What grows or falls by a third does not by January third.
    let share = before == "by" && matches!((first, second), ("1", "2" | "3" | "4") | ("2" | "3", "3" | "4"));
    // `14/07` is no fraction.
    let filled =
        [first, second].iter().all(|part| part.len() == 2) && [first, second].iter().any(|part| part.starts_with('0'));
    if !(filled || BEFORE_DAYS.contains(&before)) || text.is(at + 3, "/") || share {
        return None;
    }
    let (day, month) = which(text, first, second)?;
    let (day, month) = (parsed(day, 31)?, parsed(month, 12)?);
    let spoken = say_date(text, at, day, month, None);
    text.says(at, at + 3, spoken)
}

/// Which of the two is the day and which the month: by the region, unless only the other way round is possible.
fn which<'a>(text: &Text<'_>, first: &'a str, second: &'a str) -> Option<(&'a str, &'a str)> {
    let months_first = !text.french() && !text.british();
    let (day, month) = if months_first { (second, first) } else { (first, second) };
    if parsed(month, 12).is_some() { Some((day, month)) } else { parsed(day, 12).map(|_| (month, day)) }
}

fn parsed(digits: &str, most: u64) -> Option<u64> {
    digits.parse().ok().filter(|number| digits.len() <= 2 && (1..=most).contains(number))
}

fn say_date(text: &Text<'_>, at: usize, day: u64, month: u64, year_number: Option<u64>) -> String {
    let lang = text.tongue.lang;
    let (day, name) = (say_day(text, day), month_name(month as usize, lang));
    let year = year_number.map(|number| year(number, text.tongue));
    let with = |mark: &str| year.map_or(String::new(), |year| format!("{mark} {year}"));
    match lang {
        Lang::Fr => format!("{day} {name}{}", with("")),
        Lang::En if text.british() => {
            let the = if text.word_before(at) == "the" { "" } else { "the " };
            format!("{the}{day} of {name}{}", with(""))
        }
        Lang::En => format!("{name} {day}{}", with(",")),
    }
}

/// `Tues.` before a comma, a day or a month.
fn weekday(text: &Text<'_>, at: usize) -> Option<Match> {
    let (_, name) = WEEKDAYS.iter().find(|(short, _)| *short == text.low(at))?;
    let last = WEEKDAYS.iter().find(|(short, _)| *short == text.low(at + 2) && text.is_dash(at + 1));
    if let Some((_, last)) = last.filter(|_| !text.french() && text.capital(at) && text.capital(at + 2)) {
        return text.says(at, at + 3, format!("{name} to {last}"));
    }
    if text.french() || !text.capital(at) {
        return None;
    }
    // `Sat 10-2`
    let hour = text.is_space(at + 1) && text.is_digits(at + 2);
    if hour && (text.is_dash(at + 3) || matches!(text.low(at + 3), "am" | "pm" | ":")) {
        return text.says(at, at + 1, *name);
    }
    if !text.is(at + 1, ".") {
        return None;
    }
    let next = text.past_space(at + 2);
    let named = |at: usize| WEEKDAYS.iter().any(|(short, _)| *short == text.low(at)) && text.capital(at);
    let linked = matches!(text.low(next), "to" | "and" | "or" | "through" | "thru") && named(next + 2);
    let link = matches!(text.word_before(at), "to" | "and" | "or" | "through" | "thru");
    let last = link && text.before(at).is_some_and(|link| text.before(link).is_some_and(named));
    if linked || last {
        return text.says(at, at + 2 - usize::from(text.ends_sentence(at + 1)), *name);
    }
    let dated = text.is(at + 2, ",") || text.is_digits(next) || month(text, next).is_some();
    if dated && !text.ends_sentence(at + 1) { text.says(at, at + 2, *name) } else { None }
}
