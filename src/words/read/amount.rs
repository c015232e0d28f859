//! In: a number, perhaps with a sign before it, a second number of a range, a unit or an ending after it. Out: how they
//! are said together. Money, dates and times have been tried before.

use super::Match;
use super::count::{Count, count, to};
use super::number::{self, counts_feminine, figure};
use super::token::Text;
use super::unit::{Found, Unit, say_with, unit};
use crate::lang::Lang;

/// Signs that stand before a number: English, French.
const SIGNS: [(&str, &str, &str); 10] = [
    ("-", "minus", "moins"),
    ("−", "minus", "moins"),
    ("–", "minus", "moins"),
    ("+", "plus", "plus"),
    ("±", "plus or minus", "plus ou moins"),
    ("~", "about", "environ"),
    ("≈", "approximately", "environ"),
    ("#", "number", "numéro"),
    ("№", "number", "numéro"),
    ("×", "times", "fois"),
];

/// Words of English that do not follow a noun which the number describes: no `ten kilogram of`.
const NO_NOUNS: [&str; 34] = [
    "of", "at", "is", "are", "was", "were", "for", "in", "on", "or", "and", "to", "per", "away", "each", "a", "an",
    "the", "by", "from", "with", "today", "daily", "now", "long", "wide", "tall", "more", "less", "than", "before",
    "after", "if", "but",
];

/// Numbers and what stands around them.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    let signed = SIGNS.iter().find(|(sign, ..)| text.is(at, sign) && text.is_digits(at + 1) && text.opens(at));
    if let Some((_, english, french)) = signed {
        let mut found = super::money::rule(text, at + 1).or_else(|| plain(text, at + 1))?;
        let first = found.readings.first_mut()?;
        first.place.start = text.tokens[at].place.start;
        first.spoken = format!("{} {}", if text.french() { french } else { english }, first.spoken);
        return Some(found);
    }
    if matches!(text.text(at), "-" | "−") && text.opens(at) {
        let mut found = super::money::rule(text, at + 1)?;
        let first = found.readings.first_mut()?;
        first.place.start = text.tokens[at].place.start;
        first.spoken = format!("{} {}", if text.french() { "moins" } else { "minus" }, first.spoken);
        return Some(found);
    }
    // `.75`
    if !text.french()
        && text.is(at, ".")
        && text.opens(at)
        && text.is_digits(at + 1)
        && !(text.is(at + 2, ".") && text.is_digits(at + 3))
    {
        let digits = number::one_by_one(text.text(at + 1), Lang::En);
        return text.says(at, at + 2, format!("zero point {digits}"));
    }
    plain(text, at)
}

/// A number without a sign.
fn plain(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_digits(at) || !text.fresh(at) {
        return None;
    }
    long(text, at).or_else(|| ending(text, at)).or_else(|| counted(text, at))
}

/// A number of very many digits, in parts that can be said in one breath.
pub(super) fn long(text: &Text<'_>, at: usize) -> Option<Match> {
    const PART: usize = 16;
    let token = &text.tokens[at];
    if token.text.len() <= PART {
        return None;
    }
    let starts = (0..token.text.len()).step_by(PART);
    let part = |from: usize| {
        let to = (from + PART).min(token.text.len());
        let place = token.place.start + from..token.place.start + to;
        super::Reading { place, spoken: number::one_by_one(&token.text[from..to], text.tongue.lang) }
    };
    Some(Match { end: at + 1, readings: starts.map(part).collect() })
}

/// A number with letters that make it an ordinal: `1st`, `2ème`.
fn ending(text: &Text<'_>, at: usize) -> Option<Match> {
    let figure = figure(text, at)?;
    let (number, end) = (figure.integer()?, figure.end);
    if text.goes_on(end + 1) {
        return None;
    }
    let spoken = match (text.tongue.lang, text.low(end)) {
        (Lang::En, "st" | "nd" | "rd" | "th") => number::ordinal(number, text.tongue, false),
        // `terminal 2E`
        (Lang::Fr, _) if text.is(end, "E") && !text.shouted => return None,
        (Lang::Fr, letters) => french_ordinal(text, number, letters)?,
        _ => return None,
    };
    text.says(at, end + 1, spoken)
}

/// The ordinal that these letters after a number or a Roman numeral make of it.
pub(super) fn french_ordinal(text: &Text<'_>, number: u64, letters: &str) -> Option<String> {
    let (letters, plural) = match letters.strip_suffix('s') {
        Some(one) => (one, "s"),
        None => (letters, ""),
    };
    let word = match (number, letters) {
        (1, "er") => "premier".to_owned(),
        (1, "re" | "ère" | "ere") => "première".to_owned(),
        (2, "nd" | "d") => "second".to_owned(),
        (2, "nde" | "de") => "seconde".to_owned(),
        (2.., "e" | "è" | "ème" | "eme" | "ième" | "ieme" | "me") => number::ordinal(number, text.tongue, false),
        _ => return None,
    };
    Some(word + plural)
}

/// One number or two of a range, with the unit they have in common.
fn counted(text: &Text<'_>, at: usize) -> Option<Match> {
    let count = count(text, at)?;
    let end = count.end;
    // `711,9 ME`, as the financial press of France has it.
    let millions = text.past_space(end);
    if text.french() && text.is(millions, "ME") && !text.goes_on(millions + 1) {
        let plural = if count.is_one(Lang::Fr) { "" } else { "s" };
        return text.says(at, millions + 1, format!("{} million{plural} d'euros", count.say(text, false)));
    }
    if let Some((after, word)) = scaled(text, end) {
        let plural = if word.starts_with("mill") && word != "mille" && text.french() && !count.is_one(Lang::Fr) {
            "s"
        } else {
            ""
        };
        return text.says(at, after, format!("{} {word}{plural}", count.say(text, false)));
    }
    if let Some(found) = unit(text, end) {
        let spoken = with_unit(text, at, &count, &found.unit, found.end);
        return match both_sides(text, end, &found) {
            Some((last, end)) => text.says(at, end, format!("{spoken} {} {last}", to(text.tongue.lang))),
            None => text.says(at, found.end, spoken),
        };
    }
    if let Some(found) = describing(text, at, &count) {
        return Some(found);
    }
    // `à la 89'`: a minute of a match.
    let minute = text.french() && text.word_before(at) == "la" && matches!(text.text(end), "'" | "’" | "′");
    if let Some(number) = count.first.integer().filter(|_| minute && count.last.is_none() && !text.goes_on(end + 1)) {
        return text.says(at, end + 1, number::ordinal(number, text.tongue, false));
    }
    let far = matches!(text.word_after(end + 1), "tall" | "high" | "long" | "wide" | "deep");
    if !text.french() && matches!(text.text(end), "'" | "’" | "′") && far {
        return text.says(at, end + 1, format!("{} feet", count.say(text, false)));
    }
    if let Some(found) = feet_and_inches(text, at) {
        return Some(found);
    }
    if let Some((power, end)) = raised(text, end) {
        return say_with(text, at, end, &format!("{} {power}", count.say(text, false)));
    }
    if text.is_word(end) {
        return None; // letters that are no unit: a code
    }
    let feminine = counts_feminine(text, end);
    text.says(at, end, count.say(text, feminine))
}

/// The second number of a range that has its unit twice, `4.25%-4.50%`: in words, and the token after it.
fn both_sides(text: &Text<'_>, end: usize, first: &Found) -> Option<(String, usize)> {
    let next = Some(first.end + 1).filter(|next| text.is_dash(first.end) && text.is_digits(*next))?;
    let last = count(text, next).filter(|last| last.last.is_none())?;
    let found = unit(text, last.end).filter(|found| found.unit.many == first.unit.many)?;
    let same = text.text(text.past_space(end)) == text.text(text.past_space(last.end));
    same.then(|| (with_unit(text, next, &last, &found.unit, found.end), found.end))
}

/// `6-ft. fence`, in English: a number and a unit that describe a thing.
fn describing(text: &Text<'_>, at: usize, count: &Count) -> Option<Match> {
    let short = count.end + 1;
    let shortened = text.is_dash(count.end) && text.text(short).chars().nth(1).is_some() && !text.french();
    let (unit, end) = super::unit::unit_word(text, short).filter(|_| shortened)?;
    let spoken = format!("{}-{}", count.say(text, false), unit.one);
    if text.word_after(end).is_empty() { None } else { text.says(at, end, spoken) }
}

/// The power that raised figures at `at` are, `²` or `⁻¹²`: in words, and the token after it.
pub(super) fn raised(text: &Text<'_>, at: usize) -> Option<(String, usize)> {
    const MOST: usize = 4;
    const FIGURES: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let minus = text.is(at, "⁻");
    let first = at + usize::from(minus);
    let figure = |at: usize| text.text(at).chars().next().and_then(|c| FIGURES.chars().position(|figure| figure == c));
    let figures: Vec<usize> = (first..first + MOST).map_while(figure).collect();
    let power: String = figures.iter().map(usize::to_string).collect();
    let said = match (text.tongue.lang, power.as_str(), minus) {
        (_, "", _) => return None,
        (Lang::En, "2", false) => "squared".to_owned(),
        (Lang::En, "3", false) => "cubed".to_owned(),
        (Lang::Fr, "2", false) => "au carré".to_owned(),
        (Lang::Fr, "3", false) => "au cube".to_owned(),
        (Lang::En, ..) => format!("to the power of {}", signed(text, &power, minus)),
        (Lang::Fr, ..) => format!("puissance {}", signed(text, &power, minus)),
    };
    (figures.len() < MOST).then_some((said, first + figures.len()))
}

fn signed(text: &Text<'_>, digits: &str, minus: bool) -> String {
    let number = number::integer(digits, text.tongue, false);
    match (minus, text.french()) {
        (false, _) => number,
        (true, false) => format!("minus {number}"),
        (true, true) => format!("moins {number}"),
    }
}

/// What is counted in millions: `2m barrels`.
const IN_MILLIONS: [&str; 18] = [
    "people", "users", "views", "followers", "barrels", "downloads", "customers", "tonnes", "tons", "jobs", "copies",
    "subscribers", "children", "workers", "homes", "households", "voters", "patients",
];

/// A count and its unit in words.
fn with_unit(text: &Text<'_>, at: usize, count: &Count, unit: &Unit, end: usize) -> String {
    let described = !text.french()
        && matches!(text.word_before(at), "a" | "an")
        && !text.word_after(end).is_empty()
        && !NO_NOUNS.contains(&text.word_after(end));
    let one = count.is_one(text.tongue.lang) || described;
    format!("{} {}", count.say(text, unit.feminine), if one { &unit.one } else { &unit.many })
}

/// `10k`, `5M`, `3bn` directly after a number.
fn scaled(text: &Text<'_>, end: usize) -> Option<(usize, &'static str)> {
    let word = match (text.text(end), text.tongue.lang) {
        ("k", Lang::En) => "thousand",
        ("K", Lang::En) if text.is(end.saturating_sub(2), ".") => "thousand",
        ("k", Lang::Fr) => "mille",
        ("M", Lang::En) => "million",
        ("m", Lang::En) if IN_MILLIONS.contains(&text.word_after(end + 1)) => "million",
        ("bn", Lang::En) => "billion",
        (_, Lang::Fr) => return french_scaled(text, end),
        _ => return None,
    };
    Some((end + 1, word))
}

/// `83 M d'habitants`, `2 Md de francs`.
fn french_scaled(text: &Text<'_>, end: usize) -> Option<(usize, &'static str)> {
    let at = text.past_space(end);
    let word = match text.text(at) {
        "M" => "million",
        "Md" | "Mds" | "Mrd" => "milliard",
        _ => return None,
    };
    matches!(text.word_after(at + 1), "d" | "de").then_some((at + 1, word))
}

/// `5'10"`, in English.
fn feet_and_inches(text: &Text<'_>, at: usize) -> Option<Match> {
    let inch = text.past_space(at + 2);
    let is_feet = matches!(text.text(at + 1), "'" | "’" | "′") && text.is_digits(inch);
    if text.french() || !is_feet || !matches!(text.text(inch + 1), "\"" | "”" | "″") {
        return None;
    }
    let [feet, inches] = [at, inch].map(|at| number::integer(text.text(at), text.tongue, false));
    text.says(at, inch + 2, format!("{feet} foot {inches}"))
}

/// Digits that no other rule has a use for: as a number.
pub(super) fn leftover(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_digits(at) {
        return None;
    }
    long(text, at).or_else(|| text.says(at, at + 1, number::integer(text.text(at), text.tongue, false)))
}
