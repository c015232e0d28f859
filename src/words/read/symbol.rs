//! In: a sign that is said. Out: the word for it. Signs that are only seen are none of its business, and marks of
//! punctuation are not either.

use super::Match;
use super::token::Text;

/// Signs that are always said: English, French.
const SAID: [(&str, &str, &str); 25] = [
    ("&", "and", "et"),
    ("=", "equals", "égale"),
    ("≠", "is not equal to", "différent de"),
    ("≈", "approximately", "environ"),
    ("±", "plus or minus", "plus ou moins"),
    ("≥", "greater than or equal to", "supérieur ou égal à"),
    ("≤", "less than or equal to", "inférieur ou égal à"),
    ("÷", "divided by", "divisé par"),
    ("×", "times", "fois"),
    ("§", "section", "paragraphe"),
    ("%", "percent", "pour cent"),
    ("€", "euros", "euros"),
    ("£", "pounds", "livres"),
    ("$", "dollars", "dollars"),
    ("©", "copyright", "copyright"),
    ("∞", "infinity", "infini"),
    ("√", "square root of", "racine carrée de"),
    ("∑", "sum", "somme"),
    ("π", "pi", "pi"),
    ("°", "degrees", "degrés"),
    ("№", "number", "numéro"),
    ("¥", "yen", "yens"),
    ("‰", "per mille", "pour mille"),
    ("℃", "degrees Celsius", "degrés Celsius"),
    ("²", "squared", "au carré"),
];
/// Signs that are said where they stand between two things that are said, white space around them.
const BETWEEN: [(&str, &str, &str); 8] = [
    ("+", "plus", "plus"),
    ("@", "at", "arobase"),
    (">", "greater than", "supérieur à"),
    ("<", "less than", "inférieur à"),
    ("→", "to", "vers"),
    ("⇒", "so", "donc"),
    ("⟶", "to", "vers"),
    ("*", "times", "fois"),
];

/// What something may be for each of.
const PERIODS: [&str; 18] = [
    "day", "week", "month", "year", "hour", "night", "person", "minute", "second", "jour", "semaine", "mois", "an",
    "heure", "nuit", "personne", "mn", "seconde",
];

/// Signs.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    let word =
        |(_, english, french): &(&str, &'static str, &'static str)| if text.french() { *french } else { *english };
    if let Some(found) = crossed(text, at).or_else(|| compared(text, at)) {
        return Some(found);
    }
    // `Q4'21`
    let quarter = at >= 2 && text.is(at - 2, "Q") && text.is_digits(at - 1) && text.is_digits(at + 1);
    if quarter && matches!(text.text(at), "'" | "’") && text.text(at + 1).len() == 2 && !text.goes_on(at + 2) {
        return text.says(at, at + 1, " ");
    }
    // `avril-31 août`
    let month = text.is_dash(at) && text.is_digits(at + 1) && super::date::is_month(text, at.wrapping_sub(1));
    if month && super::date::is_day(text, at + 1) {
        return text.says(at, at + 1, if text.french() { " au " } else { " to " });
    }
    // `Leeds > Harrogate`: a way from one to the other.
    let long = |at: usize| text.is_word(at) && text.text(at).chars().nth(2).is_some();
    if text.is(at, ">") && between(text, at) && long(at - 2) && long(at + 2) && text.capital(at + 2) {
        return text.says(at, at + 1, ",");
    }
    // `1/n`
    let letter = text.is_word(at + 1) && text.text(at + 1).chars().nth(1).is_none() && !text.goes_on(at + 2);
    if text.is(at, "/") && text.is_digits(at.wrapping_sub(1)) && letter && text.opens(at - 1) {
        return text.says(at, at + 1, if text.french() { " sur " } else { " over " });
    }
    if let Some(row) = SAID.iter().find(|(sign, ..)| text.is(at, sign)) {
        return text.says(at, at + 1, word(row));
    }
    if text.is(at, "/") && text.is(at.wrapping_sub(1), "f") && text.fresh(at - 1) && text.is_digits(at + 1) {
        return text.says(at, at + 1, " ");
    }
    if text.is(at, "/") && text.is_word(at.wrapping_sub(1)) && text.is_word(at + 1) {
        // `he/she`: no more than a breath; `fois/jour`: for each.
        let each = PERIODS.contains(&text.low(at + 1));
        let spoken = if !each {
            " "
        } else if text.french() {
            " par "
        } else {
            " per "
        };
        return text.says(at, at + 1, spoken);
    }
    if let Some(found) = glued(text, at) {
        return Some(found);
    }
    if text.is(at, "+") && text.french() && text.word_before(at) == "et" && text.is_space(at.wrapping_sub(1)) {
        return text.says(at, at + 1, "plus");
    }
    let sum = text.is_space(at + 3) && text.is(at + 4, "=");
    if text.is(at, "/") && sum && between(text, at) && text.is_digits(at - 2) && text.is_digits(at + 2) {
        return text.says(at, at + 1, if text.french() { "divisé par" } else { "divided by" });
    }
    if minus(text, at) {
        return text.says(at, at + 1, if text.french() { "moins" } else { "minus" });
    }
    if text.is(at, ",") && text.is_digits(at.wrapping_sub(1)) && text.is_digits(at + 1) {
        return text.says(at, at + 1, ", ");
    }
    circled(text, at).or_else(|| {
        let row = BETWEEN.iter().find(|(sign, ..)| text.is(at, sign)).filter(|_| between(text, at))?;
        let digits = text.is_digits(at.wrapping_sub(2)) && text.is_digits(at + 2);
        if row.0 == "*" && !digits { None } else { text.says(at, at + 1, word(row)) }
    })
}

/// Signs directly after what they belong to: `5+3`, `18+`, `C++`, `C#`, `5*3`.
fn glued(text: &Text<'_>, at: usize) -> Option<Match> {
    let angle = matches!(text.text(at), "<" | ">");
    if angle && !between(text, at) {
        let compared = at > 0 && text.goes_on(at - 1) && text.goes_on(at + 1);
        let spoken = match (text.french(), text.is(at, "<")) {
            _ if !compared => "",
            (false, true) => " less than ",
            (false, false) => " greater than ",
            (true, true) => " inférieur à ",
            (true, false) => " supérieur à ",
        };
        return text.says(at, at + 1, spoken);
    }
    let before = at.checked_sub(1)?;
    // `Q1-Q3`
    let same =
        text.is_digits(before) && text.is_digits(at + 2) && text.text(before.wrapping_sub(1)) == text.text(at + 1);
    if text.is_dash(at) && same && text.capital(at + 1) && text.opens(before.wrapping_sub(1)) && !text.goes_on(at + 3) {
        return text.says(at, at + 1, format!(" {} ", super::count::to(text.tongue.lang)));
    }
    if text.is(at, "\\") && text.goes_on(at + 1) && (text.goes_on(before) || text.is(before, ":")) {
        return text.says(at, at + 1, if text.french() { " barre inversée " } else { " backslash " });
    }
    let numbers = text.is_digits(before) && text.is_digits(at + 1);
    let spoken = match text.text(at) {
        "+" if text.goes_on(before) || text.is(before, "+") => " plus ",
        "*" if numbers => {
            if text.french() {
                " fois "
            } else {
                " times "
            }
        }
        "#" if matches!(text.text(before), "C" | "F") && text.fresh(before) => {
            if text.french() {
                " dièse"
            } else {
                " sharp"
            }
        }
        "^" if numbers => {
            if text.french() {
                " puissance "
            } else {
                " to the power of "
            }
        }
        _ => return None,
    };
    text.says(at, at + 1, spoken)
}

/// Whether white space and then something said stand on both sides.
fn between(text: &Text<'_>, at: usize) -> bool {
    let said = |at: usize| text.goes_on(at) || matches!(text.text(at), ")" | "²" | "³");
    let before = at >= 2 && text.is_space(at - 1) && said(at - 2);
    before
        && text.is_space(at + 1)
        && text
            .tokens
            .get(at + 2)
            .is_some_and(|next| text.goes_on(at + 2) || matches!(next.text, "(" | "-" | "$" | "€" | "£"))
}

/// Signs of two characters that compare, as they are typed: `k <= 5`.
const COMPARED: [(&str, &str, &str); 4] = [
    ("<=", "less than or equal to", "inférieur ou égal à"),
    (">=", "greater than or equal to", "supérieur ou égal à"),
    ("!=", "is not equal to", "différent de"),
    ("==", "equals", "égale"),
];

/// One of [`COMPARED`] between two things that are said, white space around it or not.
fn compared(text: &Text<'_>, at: usize) -> Option<Match> {
    let typed = |sign: &str| sign.strip_prefix(text.text(at)).is_some_and(|rest| text.is(at + 1, rest));
    let (_, english, french) = COMPARED.iter().find(|(sign, ..)| typed(sign))?;
    let before = at.checked_sub(1).and_then(|before| before.checked_sub(usize::from(text.is_space(before))));
    let stands = before.is_some_and(|before| text.goes_on(before)) && text.goes_on(text.past_space(at + 2));
    let said = if text.french() { french } else { english };
    if stands { text.says(at, at + 2, format!(" {said} ")) } else { None }
}

/// The cross between two lengths or two numbers: `12 ft x 15 ft`, `30 × 20 cm`, `3 x 4 = 12`.
fn crossed(text: &Text<'_>, at: usize) -> Option<Match> {
    let sizes = matches!(text.text(at), "x" | "×") && (measured(text, at) || sized(text, at));
    let numbers = text.is(at, "x") && between(text, at) && text.is_digits(at - 2) && text.is_digits(at + 2);
    let product = text.is(at + 3, "^") || text.is_space(at + 3) && text.is(at + 4, "=");
    let spoken = match (text.french(), product) {
        (true, false) if sizes => "sur",
        (true, _) if numbers => "fois",
        (false, false) if sizes || numbers => "by",
        (false, true) if numbers => "times",
        _ => return None,
    };
    text.says(at, at + 1, spoken)
}

/// Whether this stands between numbers of which the second has a length, as of a thing that has two sides; `4 x 100 m`
/// is a race.
fn sized(text: &Text<'_>, at: usize) -> bool {
    let numbers = between(text, at) && text.is_digits(at - 2) && text.is_digits(at + 2);
    let unit = text.past_space(at + 3);
    let length = ["mm", "cm", "dm", "m", "in", "ft", "yd"].iter().any(|length| text.is(unit, length));
    let race = numbers && text.is(unit, "m") && text.is(at - 2, "4") && text.text(at + 2).ends_with("00");
    numbers && length && !race
}

/// Whether this stands between two lengths: `12 ft x 15 ft`.
fn measured(text: &Text<'_>, at: usize) -> bool {
    let unit = at.checked_sub(2).filter(|unit| text.is_space(at - 1) && text.is_word(*unit));
    let number = unit.and_then(|unit| unit.checked_sub(1 + usize::from(text.is_space(unit.saturating_sub(1)))));
    let first = unit.is_some_and(|unit| super::unit::unit_word(text, unit).is_some());
    first && number.is_some_and(|number| text.is_digits(number)) && text.is_space(at + 1) && text.is_digits(at + 2)
}

/// Whether this is the sign between the numbers of a sum: `10 - 3 = 7`.
fn minus(text: &Text<'_>, at: usize) -> bool {
    let numbers = text.is_dash(at) && between(text, at) && text.is_digits(at - 2) && text.is_digits(at + 2);
    numbers && (text.is(at, "−") || (text.is_space(at + 3) && text.is(at + 4, "=")) || text.is(at.wrapping_sub(4), "="))
}

/// A digit in a circle, raised or lowered: as the number it is.
fn circled(text: &Text<'_>, at: usize) -> Option<Match> {
    use unicode_normalization::UnicodeNormalization;
    let sign = text.text(at);
    let numeric = sign.chars().all(|c| !c.is_ascii() && c.is_numeric()) && !sign.is_empty();
    let digits: String = if numeric { sign.nfkc().filter(char::is_ascii_digit).collect() } else { String::new() };
    let number = digits.parse().ok().filter(|_| digits.len() <= 3)?;
    text.says(at, at + 1, super::number::cardinal(number, text.tongue, false))
}
