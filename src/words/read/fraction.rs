//! In: two numbers with a stroke between them, or a sign that is a fraction. Out: the fraction, the mark, or the phrase it
//! is said as. Dates have been tried before.

use super::Match;
use super::number::{cardinal, integer, ordinal};
use super::token::Text;
use super::unit::say_with;
use crate::lang::Lang;

const SIGNS: [(&str, u64, u64); 15] = [
    ("½", 1, 2),
    ("⅓", 1, 3),
    ("⅔", 2, 3),
    ("¼", 1, 4),
    ("¾", 3, 4),
    ("⅕", 1, 5),
    ("⅖", 2, 5),
    ("⅗", 3, 5),
    ("⅘", 4, 5),
    ("⅙", 1, 6),
    ("⅚", 5, 6),
    ("⅛", 1, 8),
    ("⅜", 3, 8),
    ("⅝", 5, 8),
    ("⅞", 7, 8),
];
/// Words after which `9/10` is a mark.
const MARKS: [&str; 14] =
    ["it", "rated", "scored", "score", "rating", "got", "gets", "gave", "mark", "note", "eu", "obtenu", "rated", "me"];

/// Fractions.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if let Some((_, over, under)) = SIGNS.iter().find(|(sign, ..)| text.is(at, sign)) {
        return if text.goes_on(at + 1) && text.is_digits(at + 1) {
            None
        } else {
            part_of(text, at, at + 1, *over, *under)
        };
    }
    if !text.is_digits(at) || !text.fresh(at) {
        return None;
    }
    if let Some(found) = with_ending(text, at) {
        return Some(found);
    }
    around_the_clock(text, at)
        .or_else(|| mixed(text, at))
        .or_else(|| halves(text, at))
        .or_else(|| mark(text, at))
        .or_else(|| stroke(text, at))
}

/// `1/4 de finale`, `1/2 finale`: a round of a cup, in French. It is tried before dates.
pub(super) fn round(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.french() || !text.fresh(at) {
        return None;
    }
    let (over, under, end) = fraction(text, at).filter(|(over, ..)| *over == 1)?;
    let final_of = |at: usize| matches!(text.word_after(at), "finale" | "finales");
    if under == 2 && final_of(end) {
        return text.says(at, end + 2, format!("demi-{}", text.word_after(end)));
    }
    let of = text.past_space(end);
    if text.low(of) != "de" || !final_of(of + 1) {
        return None;
    }
    let name = say(text, over, under).trim_start_matches("un ").to_owned();
    let many = matches!(text.word_before(at), "les" | "des" | "aux" | "en" | "ces" | "ses" | "leurs");
    text.says(at, end, if many { name + "s" } else { name })
}

/// `50/50`, `20/20 vision`: both numbers, one after the other.
fn halves(text: &Text<'_>, at: usize) -> Option<Match> {
    let (over, under, end) = fraction(text, at)?;
    let said = cardinal(under, text.tongue, false);
    // `80/20`: what is shared in two.
    if over + under == 100 && over > under {
        return text.says(at, end, format!("{}-{said}", cardinal(over, text.tongue, false)));
    }
    if over != under {
        return None;
    }
    let sight = !text.french() && over == 20 && matches!(text.word_after(end), "vision" | "hindsight" | "eyesight");
    if over == 50 || sight { text.says(at, end, format!("{said}-{said}")) } else { None }
}

/// `9.5/10`: a mark with decimals.
fn mark(text: &Text<'_>, at: usize) -> Option<Match> {
    let figure = super::number::figure(text, at).filter(|figure| figure.integer().is_none())?;
    let (stroke, under) = (figure.end, figure.end + 1);
    let whole = matches!(text.text(under), "5" | "10" | "20" | "100") && !text.goes_on(under + 1);
    if !text.is(stroke, "/") || !whole || text.is(under + 1, "/") {
        return None;
    }
    let of = if text.french() { "sur" } else { "out of" };
    let most = integer(text.text(under), text.tongue, false);
    text.says(at, under + 1, format!("{} {of} {most}", figure.say(text.tongue, false)))
}

/// `1/10th`, in English.
fn with_ending(text: &Text<'_>, at: usize) -> Option<Match> {
    let ending = matches!(text.low(at + 3), "th" | "ths" | "rd" | "rds" | "nd") && !text.goes_on(at + 4);
    let number = |at: usize| text.text(at).parse::<u64>().ok().filter(|number| *number <= 1000);
    let (over, under) = number(at).zip(number(at + 2)).filter(|(over, under)| over < under)?;
    if text.is(at + 1, "/") && ending && !text.french() { text.says(at, at + 4, say(text, over, under)) } else { None }
}

/// `24/7`, `24h/24`, `7j/7`.
fn around_the_clock(text: &Text<'_>, at: usize) -> Option<Match> {
    let joined: String = (at..at + 4).map(|at| text.low(at)).collect();
    let (end, english, french) = match joined.as_str() {
        "24h/24" => (at + 4, None, "vingt-quatre heures sur vingt-quatre"),
        "7j/7" => (at + 4, None, "sept jours sur sept"),
        _ => match joined.get(..4) {
            Some("24/7") if text.text(at) == "24" && text.text(at + 2) == "7" => {
                (at + 3, Some("twenty-four seven"), "vingt-quatre heures sur vingt-quatre, sept jours sur sept")
            }
            _ => return None,
        },
    };
    if text.goes_on(end) {
        return None;
    }
    text.says(at, end, if text.french() { french } else { english? })
}

/// Numerator, denominator and the token after a fraction at `at`.
fn fraction(text: &Text<'_>, at: usize) -> Option<(u64, u64, usize)> {
    if let Some((_, over, under)) = SIGNS.iter().find(|(sign, ..)| text.is(at, sign)) {
        return Some((*over, *under, at + 1));
    }
    let stroke = matches!(text.text(at + 1), "/" | "⁄");
    let ends = !(text.goes_on(at + 3) || (text.is(at + 3, "/") && text.is_digits(at + 4)));
    if !(stroke && text.is_digits(at) && text.is_digits(at + 2) && ends) {
        return None;
    }
    let number = |at: usize| text.text(at).parse().ok().filter(|_| text.text(at).len() <= 4);
    Some((number(at)?, number(at + 2)?, at + 3))
}

/// `5 1/2`, `1½`.
fn mixed(text: &Text<'_>, at: usize) -> Option<Match> {
    let joined = text.is_dash(at + 1) && text.is_digits(at + 2) && text.text(at).len() == 1;
    let next = if joined { at + 2 } else { text.past_space(at + 1) };
    let (over, under, end) = fraction(text, next)?;
    if over >= under || under > 16 || text.text(at).len() > 4 || text.text(next - usize::from(next > at + 1)).len() > 2
    {
        return None;
    }
    let whole = integer(text.text(at), text.tongue, super::number::counts_feminine(text, end));
    let spoken = match (text.tongue.lang, over, under) {
        (Lang::En, 1, 2) => format!("{whole} and a half"),
        (Lang::Fr, 1, 2) => format!("{whole} et demi"),
        (Lang::En, ..) => format!("{whole} and {}", say(text, over, under)),
        (Lang::Fr, ..) => format!("{whole} et {}", say(text, over, under)),
    };
    say_with(text, at, end, &spoken)
}

fn stroke(text: &Text<'_>, at: usize) -> Option<Match> {
    let (over, under, end) = fraction(text, at)?;
    let [first, second] = [over, under].map(|number| cardinal(number, text.tongue, false));
    let before = text.word_before(at);
    if matches!(before, "page" | "step" | "part" | "slide" | "étape" | "partie" | "épisode" | "episode" | "photo") {
        let of = if text.french() { "sur" } else { "of" };
        return text.says(at, end, format!("{first} {of} {second}"));
    }
    let marked = matches!(under, 5 | 10 | 20 | 100) && (MARKS.contains(&before) || over == under);
    match text.tongue.lang {
        Lang::En if marked => text.says(at, end, format!("{first} out of {second}")),
        Lang::Fr if marked || matches!(under, 10 | 20 | 100) => text.says(at, end, format!("{first} sur {second}")),
        Lang::Fr if (over, under) == (16, 9) => text.says(at, end, "seize neuvièmes"),
        // Sizes, not parts: `du 36/38`.
        Lang::Fr if over > 12 && under > 12 && under < 100 => say_with(text, at, end, &format!("{first} {second}")),
        // `(UE) 2016/679`: the number of a law.
        _ if (1900..2100).contains(&over) && under > 12 => {
            text.says(at, end, format!("{first} {} {second}", if text.french() { "barre" } else { "slash" }))
        }
        Lang::Fr if over >= under && over > 4 => text.says(at, end, format!("{first} sur {second}")),
        Lang::En if over >= under && over > 4 => text.says(at, end, format!("{first} over {second}")),
        _ if under == 0 || under == 1 => {
            text.says(at, end, format!("{first} {} {second}", if text.french() { "sur" } else { "over" }))
        }
        _ => match seconds(text, end).filter(|_| over < under) {
            Some(after) => {
                let of = if text.french() { "de seconde" } else { "of a second" };
                text.says(at, after, format!("{} {of}", say(text, over, under)))
            }
            None => part_of(text, at, end, over, under),
        },
    }
}

/// The token after the seconds that begin at `end`: `1/500 s`.
fn seconds(text: &Text<'_>, end: usize) -> Option<usize> {
    let at = text.past_space(end);
    (matches!(text.text(at), "s" | "sec") && !text.goes_on(at + 1)).then_some(at + 1)
}

/// A fraction below one, before what it is a part of.
fn part_of(text: &Text<'_>, at: usize, end: usize, over: u64, under: u64) -> Option<Match> {
    let mut spoken = say(text, over, under);
    if text.french() && (over, under) == (1, 2) && super::number::counts_feminine(text, end) {
        spoken = "une demi".to_owned();
    }
    // `Un ¼ d'heure`, `a ½ hour`: the one is there already.
    let told = if text.french() { matches!(text.word_before(at), "un" | "une") } else { false };
    if told && over == 1 {
        spoken = spoken.trim_start_matches("une ").trim_start_matches("un ").to_owned();
    }
    text.says(at, end, spoken)
}

/// A fraction in words.
fn say(text: &Text<'_>, over: u64, under: u64) -> String {
    let count = cardinal(over, text.tongue, false);
    let name = match (text.tongue.lang, under) {
        (Lang::En, 2) => if over == 1 { "half" } else { "halves" }.to_owned(),
        (Lang::En, 4) => "quarter".to_owned() + if over == 1 { "" } else { "s" },
        (Lang::En, _) => ordinal(under, text.tongue, false) + if over == 1 { "" } else { "s" },
        (Lang::Fr, 2) => "demi".to_owned() + if over == 1 { "" } else { "s" },
        (Lang::Fr, 3) => "tiers".to_owned(),
        (Lang::Fr, 4) => "quart".to_owned() + if over == 1 { "" } else { "s" },
        (Lang::Fr, _) => ordinal(under, text.tongue, false) + if over == 1 { "" } else { "s" },
    };
    format!("{count} {name}")
}
