//! In: digits beside letters or with several points: versions, addresses of machines, names of things. Out: how they are
//! said. What is a number with a unit has been tried before.

use super::Match;
use super::acronym::{is_word_like, spelt};
use super::number::{cardinal, figure, integer, one_by_one};
use super::token::Text;
use super::unit::say_with;
use crate::lang::Lang;

/// Words after which `3.11` has two numbers rather than decimals.
const VERSIONED: [&str; 19] = [
    "version", "versions", "v", "release", "python", "ios", "android", "windows", "macos", "ubuntu", "linux", "debian",
    "kernel", "php", "java", "firefox", "django", "chapter", "section",
];
/// Makers whose three digits are a name: `Boeing 747`.
const MAKERS: [&str; 10] =
    ["room", "suite", "apartment", "boeing", "airbus", "peugeot", "porsche", "flight", "route", "highway"];

/// The most numbers of a version or an address.
const PARTS: usize = 6;

/// `v2.10.3`, `3.10.4`, `192.168.0.1`, and `3.11` after a name that has versions.
pub(super) fn version(text: &Text<'_>, at: usize) -> Option<Match> {
    // `V6` is an engine.
    let engine = text.is(at, "V") && !text.is(at + 2, ".");
    let letter = text.low(at) == "v" && text.is_digits(at + 1) && text.fresh(at) && !engine;
    let first = at + usize::from(letter);
    if !text.is_digits(first) || !(letter || text.fresh(at)) {
        return None;
    }
    let mut parts = vec![first];
    while parts.len() < PARTS && text.is(parts[parts.len() - 1] + 1, ".") && text.is_digits(parts[parts.len() - 1] + 2)
    {
        parts.push(parts[parts.len() - 1] + 2);
    }
    let end = parts[parts.len() - 1] + 1;
    let named = VERSIONED.contains(&text.word_before(at)) && parts.len() == 2;
    let grouped = text.french() && parts.len() > 2 && parts[1..].iter().all(|at| text.text(*at).len() == 3);
    if !(letter || named || parts.len() > 2 && !grouped)
        || text.goes_on(end)
        || text.is_dash(end) && text.is_digits(end + 1)
    {
        return None;
    }
    let machine = parts.len() == 4 && !text.french();
    let point = if machine { " dot " } else { " point " };
    let numbers: Vec<String> = parts.iter().map(|at| integer(text.text(*at), text.tongue, false)).collect();
    let spoken = numbers.join(point);
    text.says(at, end, if letter && text.word_before(at) != "version" { format!("version {spoken}") } else { spoken })
}

/// `A380`, `MP3`, `COVID-19`, `4K`, `1920×1080`, `Boeing 747`.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.fresh(at) {
        return None;
    }
    if text.is_digits(at) {
        return mixed(text, at);
    }
    if text.is_word(at) { hyphenated(text, at).or_else(|| mixed(text, at)) } else { None }
}

/// `1920×1080`, `3x4`, `3x`.
pub(super) fn times(text: &Text<'_>, at: usize) -> Option<Match> {
    if text.is(at, "x") && text.opens(at) && text.is_digits(at + 1) && !text.goes_on(at + 2) {
        // `x10`
        let times = if text.french() { "fois" } else { "times" };
        return text.says(at, at + 2, format!("{times} {}", integer(text.text(at + 1), text.tongue, false)));
    }
    if !text.is_digits(at) || !text.fresh(at) || !matches!(text.text(at + 1), "x" | "×" | "X") {
        return None;
    }
    let by = if text.french() { "par" } else { "by" };
    let first = figure(text, at)?;
    if !text.is_digits(at + 2) {
        // `3x + 2` has an unknown in it.
        let sum = text.is_space(at + 2) && matches!(text.text(at + 3), "+" | "-" | "−" | "=" | "^");
        let alone = first.end == at + 1 && text.is(at + 1, "x") && !text.goes_on(at + 2) && !sum;
        let times = if text.french() { "fois" } else { "times" };
        return if alone { text.says(at, at + 2, format!("{} {times}", first.say(text.tongue, false))) } else { None };
    }
    if let Some((power, end)) = super::amount::raised(text, at + 3).filter(|_| text.is(at + 2, "10")) {
        let times = if text.french() { "fois" } else { "times" };
        let spoken = format!("{} {times} {} {power}", first.say(text.tongue, false), integer("10", text.tongue, false));
        return say_with(text, at, end, &spoken);
    }
    let size = |at: usize| match text.text(at).parse::<u64>() {
        Ok(number @ 1000..) if text.tongue.lang == Lang::En && text.text(at).len() == 4 => {
            super::number::year(number, text.tongue)
        }
        _ => integer(text.text(at), text.tongue, false),
    };
    let (mut end, mut spoken) = (at + 3, format!("{} {by} {}", size(at), size(at + 2)));
    if text.is(end, "s") {
        spoken = super::number::plural(&spoken);
        end += 1;
    } else if matches!(text.text(end), "x" | "×") && text.is_digits(end + 1) {
        spoken = format!("{spoken} {by} {}", size(end + 1));
        end += 2;
    }
    // `4x100m`
    say_with(text, at, end, &spoken).filter(|found| found.end > end || !text.goes_on(end))
}

/// `COVID-19`, `F-16`: a name in capitals, a hyphen, a number.
fn hyphenated(text: &Text<'_>, at: usize) -> Option<Match> {
    let name = text.text(at);
    let joined = text.is_dash(at + 1) && text.is_digits(at + 2) && !text.goes_on(at + 3);
    if !joined || name.chars().any(char::is_lowercase) || text.is_dash(at + 3) || name.len() > 8 {
        return None;
    }
    let number = figure(text, at + 2)?;
    let mut spoken = format!("{} {}", letters(text, name), number.say(text.tongue, false));
    let mut end = number.end;
    if text.is(end, "/") && text.is_digits(end + 1) && !text.goes_on(end + 2) {
        let stroke = if text.french() { "barre" } else { "slash" };
        spoken = format!("{spoken} {stroke} {}", integer(text.text(end + 1), text.tongue, false));
        end += 2;
    }
    text.says(at, end, spoken)
}

/// States of the USA, before the number of a post office.
const STATES: &str = "AL AK AZ AR CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM \
                      NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY";

/// The number of a post office: `DC 20500`.
pub(super) fn zip(text: &Text<'_>, at: usize) -> Option<Match> {
    let digits = text.text(at);
    let state = at.checked_sub(2).filter(|state| text.is_space(at - 1) && text.is_word(*state));
    let told = state.is_some_and(|state| STATES.split(' ').any(|name| name == text.text(state)));
    let alone = text.is_digits(at) && digits.len() == 5 && !text.goes_on(at + 1) && !text.french();
    if alone && told { text.says(at, at + 1, one_by_one(digits, text.tongue.lang)) } else { None }
}

/// A height in French: `1m65`, `1 m 65`.
pub(super) fn height(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.french() || !text.fresh(at) || !matches!(text.text(at), "1" | "2") {
        return None;
    }
    let meter = text.past_space(at + 1);
    let part = text.past_space(meter + 1);
    let same = (meter > at + 1) == (part > meter + 1);
    let two = text.is_digits(part) && text.text(part).len() == 2 && !text.goes_on(part + 1);
    if !same || !two || !text.is(meter, "m") || text.is_word(text.past_space(part + 1)) && part > meter + 1 {
        return None;
    }
    let many = if text.is(at, "2") { "s" } else { "" };
    let [whole, part] = [at, part].map(|at| integer(text.text(at), text.tongue, false));
    text.says(at, if meter > at + 1 { at + 5 } else { at + 3 }, format!("{whole} mètre{many} {part}"))
}

/// Letters and digits without anything between them.
fn mixed(text: &Text<'_>, at: usize) -> Option<Match> {
    const MOST: usize = 12;
    let length = text.tokens[at..].iter().take(MOST).enumerate().take_while(|(i, _)| text.goes_on(at + i)).count();
    let end = at + length;
    let has_digits = (at..end).any(|at| text.is_digits(at));
    if length < 2 || length == MOST || !has_digits {
        return None;
    }
    let said: Vec<String> =
        (at..end).map(|at| if text.is_digits(at) { number(text, at) } else { letters(text, text.text(at)) }).collect();
    // `PS2s` are several.
    let several = text.is(end - 1, "s") && text.is_digits(end - 2) && !text.french();
    if several && let Some((_, said)) = said.split_last() {
        return text.says(at, end, super::number::plural(&said.join(" ")));
    }
    text.says(at, end, said.join(" "))
}

/// Digits after letters: three as a pair after one (`A380`, three eighty) in English.
fn number(text: &Text<'_>, at: usize) -> String {
    let digits = text.text(at);
    if text.tongue.lang == Lang::Fr || digits.len() != 3 || digits.starts_with('0') {
        return if digits.len() > 4 {
            one_by_one(digits, text.tongue.lang)
        } else {
            integer(digits, text.tongue, false)
        };
    }
    hundreds(text, digits)
}

/// `747` as seven forty-seven, `303` as three oh three, `500` as five hundred.
fn hundreds(text: &Text<'_>, digits: &str) -> String {
    let (high, low) = digits.split_at(1);
    let high = integer(high, text.tongue, false);
    match low.parse::<u64>().unwrap_or(0) {
        0 => format!("{high} hundred"),
        low @ 1..10 => format!("{high} oh {}", cardinal(low, text.tongue, false)),
        low => format!("{high} {}", cardinal(low, text.tongue, false)),
    }
}

/// Three digits after the name of a maker, in English.
pub(super) fn model(text: &Text<'_>, at: usize) -> Option<Match> {
    let digits = text.text(at);
    let named =
        text.is_digits(at) && digits.len() == 3 && !digits.starts_with('0') && MAKERS.contains(&text.word_before(at));
    let second = at + 2;
    let both = text.is_dash(at + 1) && text.is_digits(second) && text.text(second).len() == 3 && !text.goes_on(at + 3);
    if named && both {
        let say = |at: usize| match text.french() {
            true => integer(text.text(at), text.tongue, false),
            false => hundreds(text, text.text(at)),
        };
        return text.says(at, at + 3, format!("{} {}", say(at), say(second)));
    }
    if !named || text.french() || text.goes_on(at + 1) || text.is_digits(at + 2) {
        return None;
    }
    text.says(at, at + 1, hundreds(text, digits))
}

/// Letters of a name: as a word where they can be one.
fn letters(text: &Text<'_>, name: &str) -> String {
    let several = name.strip_suffix('s').filter(|stem| !stem.is_empty() && stem.chars().all(char::is_uppercase));
    if let Some(stem) = several.filter(|_| !text.french()) {
        return format!("{}'s", spelt(stem, text.tongue.lang));
    }
    let small = name.chars().any(char::is_lowercase);
    let one = name.chars().nth(1).is_none();
    if one || (small && is_word_like(&name.to_lowercase(), text.tongue.lang)) {
        return if one { spelt(name, text.tongue.lang) } else { name.to_owned() };
    }
    let said = name.chars().count() > 3 && is_word_like(&name.to_lowercase(), text.tongue.lang);
    if said { name.to_owned() } else { spelt(name, text.tongue.lang) }
}
