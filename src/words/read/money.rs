//! In: a number with the sign or the code of a currency before or after it. Out: the sum as it is said. Knows how each
//! language says sums; the currencies are a table.

mod currency;

use super::Match;
use super::count::{Count, count, past_dash};
use super::number::{self, Figure, figure};
use super::token::Text;
use super::unit::unit_word;
use crate::lang::Lang;
use currency::{CURRENCIES, Currency, SCALES};

/// A currency written at `at`, and the token after it.
fn sign(text: &Text<'_>, at: usize) -> Option<(&'static Currency, usize)> {
    let written = text.text(at);
    let pair = text.is(at + 1, "$") && text.is_word(at);
    if pair {
        let both = CURRENCIES
            .iter()
            .find(|currency| currency.written.iter().any(|sign| sign.strip_suffix('$') == Some(written)));
        return both.map(|currency| (currency, at + 2));
    }
    let found = CURRENCIES.iter().find(|currency| currency.written.contains(&written))?;
    match written {
        "Fr" => text.is(at + 1, ".").then_some((found, at + 2)),
        "F" => (text.french() && text.is_digits(at.checked_sub(2)?)).then_some((found, at + 1)),
        _ => Some((found, at + 1)),
    }
}

/// A multiple written at `at`, directly after the number or after a space; in words, and the token after it.
fn scale(text: &Text<'_>, at: usize) -> Option<(&'static str, usize)> {
    let word = text.past_space(at);
    let found = SCALES.iter().find(|(written, ..)| text.is(word, written))?;
    // After a space only what cannot be a word of its own, and in French what stands before a sign.
    let alone =
        found.0.len() > 1 && found.0 != "mn" || text.french() && sign(text, text.past_space(word + 1)).is_some();
    (word == at || alone).then_some((if text.french() { found.2 } else { found.1 }, word + 1))
}

/// Sums of money.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.fresh(at) {
        return None;
    }
    if text.is_digits(at) { after(text, at) } else { before(text, at) }
}

/// `$12.5 million`, `€ 5`, `US$40`, `$5–$10`.
fn before(text: &Text<'_>, at: usize) -> Option<Match> {
    let (currency, end) = sign(text, at)?;
    let first = figure(text, text.past_space(end))?;
    let mut sum = Count { end: first.end, first, last: None };
    if let Some(next) = past_sign(text, sum.end, currency)
        && let Some(last) = figure(text, next)
    {
        sum.end = last.end;
        sum.last = Some(last);
    }
    let scale = scale(text, sum.end);
    let mut end = scale.map_or(sum.end, |(_, end)| end);
    // `$299 USD` says it twice.
    if currency.written.contains(&"$") && text.word_after(end) == "usd" {
        end += 2;
    }
    finish(text, at, sum, scale.map(|(word, _)| word), currency, end)
}

/// The second number of a range of sums, its sign passed over.
fn past_sign(text: &Text<'_>, end: usize, currency: &Currency) -> Option<usize> {
    if text.is_dash(end)
        && let Some((again, next)) = sign(text, end + 1)
        && again.written == currency.written
    {
        return Some(next);
    }
    past_dash(text, end)
}

/// `12,50 €`, `40 USD`, `1,5 M€`, `12 € 50`.
fn after(text: &Text<'_>, at: usize) -> Option<Match> {
    let mut sum = count(text, at)?;
    let scale = scale(text, sum.end);
    let from = text.past_space(scale.map_or(sum.end, |(_, end)| end));
    let (currency, mut end) = sign(text, from)?;
    // The sign before another number is that number's.
    if text.is_digits(end) && !(text.french() && text.text(end).len() == 2) {
        return None;
    }
    if !text.is_word(from) && text.is_word(end) {
        return None;
    }
    let cents = text.past_space(end);
    let stands_last = |at: usize| sign(text, text.past_space(at + 1)).is_none() && !text.is(at + 1, "%");
    let bare = sum.first.part.is_none() && sum.last.is_none() && scale.is_none();
    let two = text.is_digits(cents) && text.text(cents).len() == 2 && text.word_after(cents + 1).is_empty();
    if text.french() && bare && two && stands_last(cents) {
        sum.first.part = Some(text.text(cents).to_owned());
        end = cents + 1;
    }
    finish(text, at, sum, scale.map(|(word, _)| word), currency, end)
}

/// The sum in words, with what it is the price of (`/kg`).
fn finish(
    text: &Text<'_>,
    at: usize,
    sum: Count,
    scale: Option<&str>,
    currency: &Currency,
    end: usize,
) -> Option<Match> {
    if text.goes_on(end) {
        return None;
    }
    let mut end = end;
    let mut spoken = match text.tongue.lang {
        Lang::En => english(text, at, &sum, scale, currency, end),
        Lang::Fr => french(text, &sum, scale, currency),
    };
    if text.is(end, "/")
        && let Some((unit, after)) = unit_word(text, end + 1)
    {
        spoken = format!("{spoken} {} {}", if text.french() { "par" } else { "per" }, unit.one);
        end = after;
    } else if text.is(end, "/") && text.is_word(end + 1) {
        spoken = format!("{spoken} {} {}", if text.french() { "par" } else { "per" }, text.text(end + 1));
        end += 2;
    }
    text.says(at, end, spoken)
}

/// What stands before a sum that only describes what comes after it: `a ten dollar bill`.
const DETERMINERS: [&str; 16] = [
    "a", "an", "the", "this", "that", "his", "her", "its", "their", "our", "my", "your", "another", "new", "first",
    "each",
];

/// What a sum describes.
const PRICED: [&str; 68] = [
    "series", "valuation", "round", "stake", "film", "movie", "stadium", "bridge", "acquisition", "advance", "bailout",
    "bet", "bid", "bill", "bonus", "boost", "budget", "business", "campaign", "car", "cheque", "check", "coin",
    "company", "contract", "deal", "debt", "deficit", "discount", "donation", "facility", "fee", "fine", "fund",
    "gift", "grant", "home", "house", "industry", "investment", "jackpot", "lawsuit", "loan", "loss", "lunch",
    "mansion", "market", "merger", "note", "offer", "package", "payment", "plan", "pledge", "prize", "program",
    "programme", "project", "reward", "salary", "scheme", "settlement", "takeover", "tax", "ticket", "tip", "upgrade",
    "voucher",
];

fn english(text: &Text<'_>, at: usize, sum: &Count, scale: Option<&str>, currency: &Currency, end: usize) -> String {
    let lang = Lang::En;
    let next = text.word_after(end);
    let joined = !next.is_empty() && text.is_dash(text.past_space(end) + 1);
    let described = DETERMINERS.contains(&text.word_before(at)) && (PRICED.contains(&next) || joined);
    if let Some(scale) = scale {
        return format!("{} {scale} {}", sum.say(text, false), currency.name(lang, described));
    }
    match cents(&sum.first).filter(|_| sum.last.is_none()) {
        Some((whole, cents)) => in_two(text, currency, whole, cents, " and "),
        None => format!("{} {}", sum.say(text, false), currency.name(lang, described || sum.is_one(lang))),
    }
}

fn french(text: &Text<'_>, sum: &Count, scale: Option<&str>, currency: &Currency) -> String {
    let lang = Lang::Fr;
    let many = currency.name(lang, false);
    let of =
        if many.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) && !many.starts_with("yen") { "d'" } else { "de " };
    match scale {
        Some("mille") => {
            // `cent` and `vingt` have no plural before another number.
            let said = sum.say(text, false);
            let said =
                if said.ends_with("cents") || said.ends_with("vingts") { &said[..said.len() - 1] } else { &said };
            return format!("{said} mille {many}");
        }
        Some(scale) => {
            let plural = if sum.is_one(lang) { "" } else { "s" };
            return format!("{} {scale}{plural} {of}{many}", sum.say(text, false));
        }
        None => {}
    }
    if let Some((whole, cents)) = cents(&sum.first).filter(|_| sum.last.is_none()) {
        if whole > 0 {
            let hundredths =
                if cents > 0 { format!(" {}", number::cardinal(cents, text.tongue, false)) } else { String::new() };
            let name = currency.name(lang, whole < 2);
            return format!("{} {name}{hundredths}", number::cardinal(whole, text.tongue, currency.feminine));
        }
        return in_two(text, currency, whole, cents, " ");
    }
    let round =
        sum.last.as_ref().unwrap_or(&sum.first).integer().is_some_and(|sum| sum > 0 && sum.is_multiple_of(1_000_000));
    let said = sum.say(text, currency.feminine);
    if round { format!("{said} {of}{many}") } else { format!("{said} {}", currency.name(lang, sum.is_one(lang))) }
}

/// Whole and hundredths of a sum that is written with them; in French `1,5` is also one with fifty.
fn cents(figure: &Figure) -> Option<(u64, u64)> {
    let part = figure.part.as_deref().filter(|part| part.len() == 2)?;
    Some((figure.value()?, part.parse().ok()?))
}

/// Whole and hundredths, each with its name; nothing for one that is zero.
fn in_two(text: &Text<'_>, currency: &Currency, whole: u64, cents: u64, and: &str) -> String {
    let names = currency.names(text.tongue.lang);
    let say = |number: u64, names: &[&str]| {
        let one = number == 1 || text.french() && number == 0;
        format!("{} {}", number::cardinal(number, text.tongue, false), names[usize::from(!one)])
    };
    match (whole, cents) {
        (_, 0) => say(whole, &names[..2]),
        (0, _) => say(cents, &names[2..]),
        _ => format!("{}{and}{}", say(whole, &names[..2]), say(cents, &names[2..])),
    }
}
