//! In: a shortened word or phrase, with its points. Out: it in full, or its letters. Knows them as tables, each row with
//! what must stand beside it.

mod table;

use super::Match;
use super::acronym::dotted;
use super::token::Text;
use crate::lang::Lang;
use table::{ENGLISH, ENGLISH_PHRASES, FRENCH, FRENCH_PHRASES, When};

/// Shortened words and phrases.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_word(at) || !text.fresh(at) {
        return None;
    }
    article(text, at).or_else(|| phrase(text, at)).or_else(|| letters(text, at)).or_else(|| word(text, at))
}

/// What is said for the tokens up to `end`, the last of which is a point: that stays where it also ends a sentence.
fn closed(text: &Text<'_>, at: usize, end: usize, spoken: &str) -> Option<Match> {
    let keep = text.is(end - 1, ".") && text.ends_sentence(end - 1);
    text.says(at, end - usize::from(keep), spoken)
}

fn phrase(text: &Text<'_>, at: usize) -> Option<Match> {
    let phrases = if text.french() { FRENCH_PHRASES } else { ENGLISH_PHRASES };
    phrases.iter().find_map(|(form, spoken)| {
        let end = spans(text, at, form)?;
        let number = at.checked_sub(2).filter(|number| text.is_space(at - 1) && !text.is_word(*number));
        match number {
            // `p. 100` is a page where no number stands before it.
            None if *form == "p. 100" => None,
            // `No. Of course`
            _ if *form == "no. of" && text.capital(end - 1) => None,
            None if spoken.starts_with("cuillères")
                && matches!(text.word_before(at), "une" | "demi" | "chaque" | "de") =>
            {
                closed(text, at, end, &spoken.replacen("cuillères", "cuillère", 1))
            }
            Some(number) if spoken.starts_with("cuillères") && few(text, number) => {
                closed(text, at, end, &spoken.replacen("cuillères", "cuillère", 1))
            }
            _ => closed(text, at, end, spoken),
        }
    })
}

/// Whether the number that ends here is below two: 1, or a fraction.
fn few(text: &Text<'_>, at: usize) -> bool {
    let stroke = at >= 2 && matches!(text.text(at - 1), "/" | "⁄");
    !text.is_digits(at) || stroke || (text.is(at, "1") && text.fresh(at))
}

/// The token after `form`, if the text has it at `at`; one blank stands for any white space.
fn spans(text: &Text<'_>, at: usize, form: &str) -> Option<usize> {
    let (mut rest, mut next) = (form, at);
    while !rest.is_empty() {
        let here = if text.is_space(next) { " " } else { text.low(next) };
        rest = rest.strip_prefix(here).filter(|_| !here.is_empty())?;
        next += 1;
    }
    let open = form.ends_with(char::is_alphabetic) && text.goes_on(next);
    let stroke = form.ends_with('/') && !text.is_space(next);
    (!open && !stroke).then_some(next)
}

/// Single letters with points between them: `U.S.`, `S.N.C.F.`; those of a name (`J. R. R.`) have spaces and stay.
fn letters(text: &Text<'_>, at: usize) -> Option<Match> {
    const MOST: usize = 12;
    let single = |at: usize| text.is_word(at) && text.text(at).chars().nth(1).is_none() && text.capital(at);
    let count = (0..MOST).take_while(|i| single(at + 2 * i) && text.is(at + 2 * i + 1, ".")).count();
    if count < 2 || count == MOST {
        return None;
    }
    // A last letter may stand without a point: `U.S`.
    let (count, end) = if single(at + 2 * count) && !text.goes_on(at + 2 * count + 1) {
        (count + 1, at + 2 * count + 1)
    } else {
        (count, at + 2 * count)
    };
    if text.goes_on(end) {
        return None;
    }
    let joined: String = (0..count).map(|i| text.text(at + 2 * i)).collect();
    closed(text, at, end, &dotted(&joined, text.tongue.lang))
}

/// A shortened word of the table.
fn word(text: &Text<'_>, at: usize) -> Option<Match> {
    let sign = matches!(text.text(at + 1), "°" | "º") && text.low(at) == "n";
    let low = if sign { "n°" } else { text.low(at) };
    let table = match text.tongue.lang {
        Lang::En => ENGLISH,
        Lang::Fr => FRENCH,
    };
    let bare = at + 1 + usize::from(sign);
    let (_, when, spoken) = table.iter().find(|(form, when, _)| *form == low && holds(text, at, bare, *when))?;
    let end = bare + usize::from(text.is(bare, ".") && !text.is(bare + 1, "."));
    if text.goes_on(end) && !sign && !text.is_digits(end) {
        return None;
    }
    // `p. 12-15`
    let number = text.past_space(end);
    let pages = low == "p" && text.is_dash(number + 1) && text.is_digits(number + 2);
    let spoken = if pages { "pages" } else { spoken };
    if *when == When::PointNumber { text.says(at, end, spoken) } else { closed(text, at, end, spoken) }
}

/// `art. L. 123-4`: the article of a French code, up to its letter, whose own point `code` passes over.
fn article(text: &Text<'_>, at: usize) -> Option<Match> {
    let letter = at + 3;
    let told = text.french() && text.low(at) == "art" && text.is(at + 1, ".") && text.is_space(at + 2);
    let lettered = matches!(text.text(letter), "L" | "R" | "D" | "A");
    let point = usize::from(text.is(letter + 1, "."));
    let number = text.is_digits(text.past_space(letter + 1 + point));
    if told && lettered && number { text.says(at, at + 2, "article") } else { None }
}

fn holds(text: &Text<'_>, at: usize, bare: usize, when: When) -> bool {
    let point = text.is(bare, ".");
    let next = text.past_space(bare + usize::from(point));
    let hyphen = text.is_dash(bare) && text.capital(bare + 1);
    let name =
        (text.is_word(next) && text.capital(next) && next > bare && !(point && text.ends_sentence(bare))) || hyphen;
    // `Apt. #12`
    let number = text.is_digits(next + usize::from(text.is(next, "#")))
        || (text.is_word(next)
            && next > bare
            && text.text(next).len() > 1
            && text.text(next).chars().all(|c| "IVXL".contains(c)));
    match when {
        When::Always => true,
        When::Point => point,
        When::Name => name && text.capital(at),
        When::Code => point && name && !text.text(next).chars().any(char::is_lowercase),
        When::SmallPoint => point && !text.capital(at),
        When::State => point && text.capital(at) && after_comma(text, at),
        When::Small => name && !text.capital(at),
        When::Title => name && text.capital(at) && text.text(at).chars().skip(1).all(char::is_lowercase),
        When::PointName => {
            point && name && text.capital(at) && !initial_before(text, at)
                || point && name && text.french() && !text.capital(at)
        }
        When::After => (point || text.is(bare, ",")) && text.capital(at) && follows_name(text, at),
        When::Number => number,
        When::Weekday => point && (number || matches!(text.word_before(at), "du" | "au" | "le" | "chaque" | "dès")),
        When::Day => point && super::date::is_day(text, next),
        When::PointNumber => number && (point || text.low(at) == "nos"),
    }
}

/// Whether a comma or the hyphen of a party stands before: `Portland, Ore.`, `D-Mass.`
fn after_comma(text: &Text<'_>, at: usize) -> bool {
    let comma = at >= 2 && text.is_space(at - 1) && text.is(at - 2, ",");
    comma || at >= 3 && text.is_dash(at - 1) && matches!(text.text(at - 2), "D" | "R" | "I") && text.opens(at - 2)
}

/// Whether an initial stands before the token: then it is one too.
fn initial_before(text: &Text<'_>, at: usize) -> bool {
    at >= 2
        && text.is_space(at - 1)
        && text.is(at - 2, ".")
        && text.before(at).is_some_and(|before| text.text(before).chars().nth(1).is_none())
}

/// Whether what stands before is a name (`Mulholland`) or an ordinal (`42nd`), so that a street may follow.
fn follows_name(text: &Text<'_>, at: usize) -> bool {
    let Some(before) = text.before(at) else { return false };
    let first = before == 0 || text.is(before.wrapping_sub(2), ".");
    let word = text.text(before);
    let ordinal = before > 0 && text.is_digits(before - 1);
    let directly = at == before + 2;
    directly
        && (ordinal
            || (text.capital(before)
                && word.len() > 2
                && !(first
                    && matches!(text.low(before), "the" | "see" | "visit" | "dear" | "and" | "meet" | "ask" | "call"))))
}
