//! In: the name of a book of the Bible, in full or shortened, with a chapter and verses behind it. Out: the book in full
//! and its numbers one after the other. Knows the books as tables, as they are usually shortened.

use super::Match;
use super::count::to;
use super::number::{integer, ordinal};
use super::token::Text;
use crate::lang::Lang;

/// As shortened, in small letters, and in full.
const ENGLISH: &[(&str, &str)] = &[
    ("gen", "Genesis"),
    ("ex", "Exodus"),
    ("exod", "Exodus"),
    ("lev", "Leviticus"),
    ("num", "Numbers"),
    ("deut", "Deuteronomy"),
    ("josh", "Joshua"),
    ("judg", "Judges"),
    ("sam", "Samuel"),
    ("kgs", "Kings"),
    ("chr", "Chronicles"),
    ("chron", "Chronicles"),
    ("neh", "Nehemiah"),
    ("ps", "Psalm"),
    ("prov", "Proverbs"),
    ("eccl", "Ecclesiastes"),
    ("isa", "Isaiah"),
    ("jer", "Jeremiah"),
    ("lam", "Lamentations"),
    ("ezek", "Ezekiel"),
    ("dan", "Daniel"),
    ("hos", "Hosea"),
    ("mic", "Micah"),
    ("hab", "Habakkuk"),
    ("zech", "Zechariah"),
    ("mal", "Malachi"),
    ("matt", "Matthew"),
    ("mk", "Mark"),
    ("lk", "Luke"),
    ("jn", "John"),
    ("rom", "Romans"),
    ("cor", "Corinthians"),
    ("gal", "Galatians"),
    ("eph", "Ephesians"),
    ("phil", "Philippians"),
    ("col", "Colossians"),
    ("thess", "Thessalonians"),
    ("tim", "Timothy"),
    ("heb", "Hebrews"),
    ("jas", "James"),
    ("pet", "Peter"),
    ("rev", "Revelation"),
];
const FRENCH: &[(&str, &str)] = &[
    ("gn", "Genèse"),
    ("ex", "Exode"),
    ("lv", "Lévitique"),
    ("dt", "Deutéronome"),
    ("jos", "Josué"),
    ("rt", "Ruth"),
    ("jb", "Job"),
    ("ps", "Psaume"),
    ("pr", "Proverbes"),
    ("qo", "Qohélet"),
    ("is", "Isaïe"),
    ("jr", "Jérémie"),
    ("ez", "Ézéchiel"),
    ("dn", "Daniel"),
    ("mt", "Matthieu"),
    ("mc", "Marc"),
    ("lc", "Luc"),
    ("jn", "Jean"),
    ("ac", "Actes"),
    ("rm", "Romains"),
    ("co", "Corinthiens"),
    ("ga", "Galates"),
    ("ep", "Éphésiens"),
    ("ph", "Philippiens"),
    ("th", "Thessaloniciens"),
    ("tm", "Timothée"),
    ("he", "Hébreux"),
    ("jc", "Jacques"),
    ("ap", "Apocalypse"),
];
/// Books whose names are not shortened in either table or are as often written in full.
const FULL: &[&str] = &[
    "amos", "joel", "ruth", "job", "acts", "mark", "luke", "john", "james", "peter", "jude", "titus", "psalm",
    "esther", "genèse", "exode", "psaume", "jean", "marc", "luc", "matthieu", "actes", "apocalypse",
];

/// `Gen. 1:1`, `1 Cor. 13:4-7`, `Jn 3, 16`.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    let counted = matches!(text.text(at), "1" | "2" | "3") && text.is_space(at + 1);
    let name = if counted { at + 2 } else { at };
    let point = usize::from(text.is(name + 1, "."));
    let chapter = text.past_space(name + 1 + point);
    let apart = text.fresh(at) && text.is_word(name) && text.capital(name) && chapter > name + 1 + point;
    let (numbers, end) = numbers(text, chapter).filter(|_| apart)?;
    let book = book(text, name)?;
    let which = counted.then(|| text.text(at).parse().ok()).flatten();
    let which = which.map_or(String::new(), |which| match (text.tongue.lang, which) {
        (Lang::En, 1) => "First ".to_owned(),
        (Lang::En, 2) => "Second ".to_owned(),
        (Lang::En, _) => "Third ".to_owned(),
        (Lang::Fr, which) => ordinal(which, text.tongue, false) + " ",
    });
    text.says(at, end, format!("{which}{book} {numbers}"))
}

/// The book named at `at`, in full.
fn book(text: &Text<'_>, at: usize) -> Option<String> {
    let (low, lang) = (text.low(at), text.tongue.lang);
    let table = if lang == Lang::En { ENGLISH } else { FRENCH };
    let same = |full: &str| full.to_lowercase() == low;
    let known = |(short, full): &&(&str, &str)| *short == low || same(full);
    let found = table.iter().find(known).map(|(_, full)| (*full).to_owned());
    let full = || FULL.contains(&low).then(|| text.text(at).to_owned());
    found.or_else(full)
}

/// A chapter and its verses, as `3:16`, `5:3-12`, or in French `3, 16`; and the token after them.
fn numbers(text: &Text<'_>, at: usize) -> Option<(String, usize)> {
    let colon = text.is(at + 1, ":");
    let comma = text.french() && text.is(at + 1, ",");
    let verse = at + 2 + usize::from(comma && text.is_space(at + 2));
    let few = |at: usize| text.is_digits(at) && text.text(at).len() <= 3;
    if !(colon || comma) || !few(at) || !few(verse) || text.goes_on(verse + 1) {
        return None;
    }
    let say = |at: usize| integer(text.text(at), text.tongue, false);
    let first = format!("{}, {}", say(at), say(verse));
    let last = Some(verse + 2).filter(|last| text.is_dash(verse + 1) && few(*last) && !text.goes_on(last + 1));
    Some(match last {
        Some(last) => (format!("{first} {} {}", to(text.tongue.lang), say(last)), last + 1),
        None => (first, verse + 1),
    })
}
