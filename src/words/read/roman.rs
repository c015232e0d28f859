//! In: letters that are a Roman numeral, and the words beside them. Out: the number after a ruler's name, of a century,
//! of a part of a book. Knows names as lists.

use super::Match;
use super::amount::french_ordinal;
use super::number::{cardinal, ordinal};
use super::token::Text;
use crate::lang::Lang;

/// Names of rulers and popes that are counted; in English they get an ordinal.
const RULERS: &[&str] = &[
    "louis", "henri", "henry", "charles", "françois", "francis", "philippe", "philip", "élisabeth", "elisabeth",
    "elizabeth", "edward", "édouard", "george", "georges", "william", "guillaume", "james", "jacques", "richard",
    "napoléon", "napoleon", "jean", "john", "paul", "pie", "pius", "benoît", "benedict", "léon", "leo", "grégoire",
    "gregory", "clément", "clement", "innocent", "urbain", "urban", "boniface", "alexandre", "alexander", "nicolas",
    "nicholas", "catherine", "pierre", "peter", "frédéric", "frederick", "ramsès", "ramses", "ptolémée", "ptolemy",
    "mary", "marie", "alphonse", "alfonso", "ferdinand", "otto", "othon", "léopold", "leopold", "albert", "gustave",
    "gustav", "christian", "olaf", "harald", "haakon", "ivan", "mohammed", "hassan", "darius", "xerxès", "xerxes",
    "cyrus", "rodolphe", "rudolf", "maximilien", "maximilian", "joseph", "robert", "david", "margrethe", "christina",
    "isabelle", "isabella", "célestin", "sixte", "sixtus", "jules", "julius", "adrien", "adrian", "baudouin",
    "abdullah", "antiochus", "childéric", "clotaire", "thierry", "hugues", "amenhotep", "thutmose", "philippe",
    "emmanuel", "emanuel",
];
/// Words after which a numeral is a plain number.
const PARTS: &[&str] = &[
    "mk", "chap", "chapter", "part", "act", "scene", "volume", "vol", "book", "war", "phase", "type", "class", "level",
    "article", "title", "section", "bowl", "apollo", "rocky", "stage", "grade", "figure", "table", "appendix", "canto",
    "sonnet", "symphony", "olympiad", "chapitre", "partie", "acte", "scène", "tome", "livre", "guerre", "vatican",
    "wars", "parts", "acts", "volumes", "books", "chapters", "articles", "sections", "phases", "stade", "palier",
    "grades", "guerres", "tomes", "livres", "chapitres", "actes", "annexe", "titre", "phase", "niveau", "classe",
    "groupe", "titan", "mark", "schedule", "paris", "lyon", "division", "ligue",
];
/// Words after a numeral that say it is an ordinal.
const COUNTED: [&str; 6] = ["century", "centuries", "siècle", "siècles", "dynasty", "olympiad"];
/// Small words after which `I` is a person.
const DONE_BY_ME: [&str; 34] = [
    "am", "was", "have", "had", "think", "do", "did", "will", "would", "can", "could", "should", "know", "said", "see",
    "saw", "like", "love", "met", "told", "want", "went", "mean", "guess", "believe", "hope", "wish", "need", "feel",
    "felt", "never", "always", "just", "really",
];

/// The number a numeral in its usual form is.
fn value(numeral: &str) -> Option<u64> {
    const FORMS: [(&str, u64); 13] = [
        ("M", 1000),
        ("CM", 900),
        ("D", 500),
        ("CD", 400),
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
    ];
    let (mut rest, mut sum) = (numeral, 0);
    for (form, worth) in FORMS {
        let most = if form.len() == 2 || matches!(form, "D" | "L" | "V") { 1 } else { 3 };
        for _ in 0..most {
            if let Some(after) = rest.strip_prefix(form) {
                rest = after;
                sum += worth;
            }
        }
    }
    (rest.is_empty() && sum > 0).then_some(sum)
}

/// Roman numerals.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if let Some(number) = small(text, at) {
        return text.says(at, at + 1, cardinal(number, text.tongue, false));
    }
    let written = text.text(at);
    let starts = written.starts_with(['I', 'V', 'X', 'L', 'C', 'D', 'M']);
    if !starts || !text.is_word(at) || !text.fresh(at) || text.is_digits(at + 1) || written.len() > 16 {
        return None;
    }
    let split = written.find(|c: char| !"IVXLCDM".contains(c)).unwrap_or(written.len());
    let number = value(&written[..split])?;
    if split < written.len() {
        return with_ending(text, at, number, split);
    }
    if text.is(at + 1, ".") && text.is_word(at + 2) || matches!(text.text(at + 1), "'" | "’" | "&") {
        return None;
    }
    if let Some(found) = century(text, at, number) {
        return Some(found);
    }
    let told_at = first_of_two(text, at).unwrap_or(at);
    let before = text.word_before(told_at);
    let named = text.before(told_at).is_some_and(|before| text.capital(before)) && !text.is(at.wrapping_sub(1), ".");
    let after = text.word_after(at + 1);
    let person = written == "I" && DONE_BY_ME.contains(&after);
    let spoken = if COUNTED.contains(&after) && text.tongue.lang == Lang::En {
        ordinal(number, text.tongue, false)
    } else if (PARTS.contains(&before) || before == "t" && text.french() && text.is(at.wrapping_sub(2), "."))
        && (named || (written != "I" && written.len() > 1) || (text.french() && before != "paris"))
    {
        cardinal(number, text.tongue, false)
    } else if RULERS.contains(&before) && named && !person && number < 40 {
        ruler(text, number)
    } else if named && written.len() > 1 && number < 40 && is_plain(text, at, written) {
        cardinal(number, text.tongue, false)
    } else {
        return None;
    };
    text.says(at, at + 1, spoken)
}

/// A numeral in small letters after the word for a part: `scene ii`, `page iv`.
fn small(text: &Text<'_>, at: usize) -> Option<u64> {
    let written = text.text(at);
    let letters = (2..6).contains(&written.len()) && written.chars().all(|c| "ivx".contains(c));
    if !letters || text.goes_on(at + 1) || !at.checked_sub(1).is_some_and(|before| text.is_space(before)) {
        return None;
    }
    let before = text.word_before(at);
    let told = PARTS.contains(&before) || matches!(before, "page" | "pages" | "p" | "pp" | "verse" | "vers");
    value(&written.to_uppercase()).filter(|_| told)
}

/// `XIX° siècle`, `XIX ° siècle`, in French.
fn century(text: &Text<'_>, at: usize, number: u64) -> Option<Match> {
    let sign = text.past_space(at + 1);
    let told = matches!(text.text(sign), "°" | "º") && matches!(text.word_after(sign + 1), "siècle" | "siècles");
    if told && text.french() { text.says(at, sign + 1, ordinal(number, text.tongue, false)) } else { None }
}

/// The first of two numerals of which the second is at `at`: `Wars I and II`, `James VI and I`.
fn first_of_two(text: &Text<'_>, at: usize) -> Option<usize> {
    let and = text.before(at).filter(|and| matches!(text.low(*and), "and" | "et" | "or" | "ou" | "to" | "à"))?;
    let first = and.checked_sub(2).filter(|first| text.is_space(and - 1) && text.is_word(*first))?;
    let known = value(text.text(first)).is_some();
    let told = PARTS.contains(&text.word_before(first)) || RULERS.contains(&text.word_before(first));
    (known && told).then_some(first)
}

/// Whether a numeral after any other name is one, and no acronym.
fn is_plain(text: &Text<'_>, at: usize, written: &str) -> bool {
    let capitals =
        text.before(at).is_some_and(|before| text.text(before).chars().filter(|c| c.is_uppercase()).count() == 1);
    capitals
        && !text.shouted
        && !matches!(written, "MD" | "DC" | "CD" | "CV" | "MC" | "MI" | "CC" | "DI" | "LI" | "CI" | "DL" | "XL")
}

fn ruler(text: &Text<'_>, number: u64) -> String {
    match (text.tongue.lang, number) {
        (Lang::En, _) => format!("the {}", ordinal(number, text.tongue, false)),
        (Lang::Fr, 1) => "premier".to_owned(),
        (Lang::Fr, _) => cardinal(number, text.tongue, false),
    }
}

/// `XIVe`, `Ier`, `IIIème`; and in English `XIXth`.
fn with_ending(text: &Text<'_>, at: usize, number: u64, split: usize) -> Option<Match> {
    let letters = text.low(at).get(split..)?;
    // `Me`, `Ce`, `De` are words; so is `Les`.
    let word = split == 1 && !matches!(&text.text(at)[..1], "I" | "V" | "X");
    match text.tongue.lang {
        Lang::Fr if !word => {
            let spoken = french_ordinal(text, number, letters)?;
            let century = text.is_space(at + 1) && text.is(at + 2, "s") && text.is(at + 3, ".");
            if century {
                let end = at + 3 + usize::from(!text.ends_sentence(at + 3));
                return text.says(at, end, format!("{spoken} siècle"));
            }
            text.says(at, at + 1, spoken)
        }
        Lang::En if letters == "th" || letters == "st" || letters == "nd" || letters == "rd" => {
            text.says(at, at + 1, ordinal(number, text.tongue, false))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn numerals_in_their_usual_form_only() {
        let rows = [
            ("I", Some(1)),
            ("IV", Some(4)),
            ("XIV", Some(14)),
            ("XL", Some(40)),
            ("MCMXCVIII", Some(1998)),
            ("IIII", None),
            ("VX", None),
            ("IC", None),
            ("", None),
            ("VV", None),
        ];
        for (numeral, number) in rows {
            assert_eq!(value(numeral), number, "{numeral}");
        }
    }
}
