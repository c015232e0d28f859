//! In: a word without a vowel that stands for a sound people make: `Hm`, `Shh`, `Pst`. Out: a
//! spelling that is said as such a sound. Knows one list for each language; what is in none is spelt as ever.
//!
//! A letter may be written as often as one likes: `Hmmm`, `Pffff`.

use super::Match;
use super::token::{Kind, Text};
use crate::lang::Lang;

/// A row: small letters with none twice in a row, the fewest letters it is written with, what is
/// said in English and in French.
const ROWS: [(&str, usize, [&str; 2]); 9] = [
    ("hm", 2, ["hmm", "hum"]),
    ("m", 2, ["hmm", "hum"]),
    ("mhm", 3, ["uh-huh", "hum hum"]),
    ("sh", 2, ["shush", "chut"]),
    ("pst", 3, ["psst", "psitt"]),
    ("pf", 2, ["puff", "peuh"]),
    ("pft", 3, ["puff", "peuh"]),
    ("br", 3, ["burr", "breu"]),
    ("gr", 3, ["gurr", "greu"]),
];

/// Sounds of people, where the word is written as one: not in two or three capitals, which are an
/// acronym or a title, and not after a number, where it is a unit.
pub(super) fn rule(text: &Text<'_>, at: usize) -> Option<Match> {
    if !text.is_word(at) || !text.fresh(at) || text.is_digits(at + 1) {
        return None;
    }
    let before = at.checked_sub(1).map(|near| if text.is_space(near) { near.saturating_sub(1) } else { near });
    let before = before.and_then(|before| text.kind(before));
    let capitals = !text.shouted && text.text(at).chars().all(char::is_uppercase);
    if before == Some(Kind::Digits) || (capitals && text.text(at).len() < 4) {
        return None;
    }
    let (mut once, mut letters) = (String::new(), 0);
    for letter in text.low(at).chars().take(30) {
        letters += 1;
        if !once.ends_with(letter) {
            once.push(letter);
        }
    }
    // In the middle of a sentence two letters are a unit without its number.
    let opens = before != Some(Kind::Word) || letters > 2;
    let (_, _, said) = ROWS.iter().find(|(form, fewest, _)| *form == once && letters >= *fewest && opens)?;
    text.says(at, at + 1, said[usize::from(text.tongue.lang == Lang::Fr)])
}

#[cfg(test)]
mod tests {
    use crate::lang::{Lang, Tongue};

    #[test]
    fn sounds_of_people_are_no_letters() {
        let rows: [(Lang, &str, &[&str]); 14] = [
            (Lang::En, "Hm.", &["hmm"]),
            (Lang::En, "Hmmmm, mm, so be it.", &["hmm", "hmm"]),
            (Lang::En, "Mhm.", &["uh-huh"]),
            (Lang::En, "Shhhh!", &["shush"]),
            (Lang::En, "Psst, over here.", &["psst"]),
            (Lang::En, "Pfft, brr and grr.", &["puff", "burr", "gurr"]),
            (Lang::Fr, "Hm ?", &["hum"]),
            (Lang::Fr, "Mmm, c'est bon.", &["hum"]),
            (Lang::Fr, "Chut, pst !", &["psitt"]),
            (Lang::Fr, "Pff...", &["peuh"]),
            // Words, units, names and acronyms are none.
            (Lang::En, "Him, hum, push, puff", &[]),
            (Lang::En, "all sizes in mm", &[]),
            (Lang::Fr, "Bref.", &[]),
            (Lang::Fr, "Humbert", &[]),
        ];
        for (lang, text, wanted) in rows {
            let found: Vec<String> = super::super::read(text, Tongue::of(lang)).into_iter().map(|r| r.spoken).collect();
            assert_eq!(found, wanted, "{text}");
        }
        for (lang, text) in [(Lang::En, "a 5 mm screw"), (Lang::Fr, "MM. Petit et Grand"), (Lang::En, "the HM ship")] {
            let found = super::super::read(text, Tongue::of(lang));
            assert!(found.iter().all(|r| !["hmm", "hum"].contains(&r.spoken.as_str())), "{text}: {found:?}");
        }
    }
}
