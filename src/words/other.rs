//! In: a text, its language, and what its transcript marks in it. Out: the stretches of it that are in the other
//! language: those that are marked, and those that surely are. Knows no phonemes.
//!
//! Found are quotations and whole sentences, and names. A quotation or a sentence is in the other language where it holds
//! words that only that language has and none that only its own has, no letter that language does not write, and the
//! n-gram models of [`language`](super::language) agree. A name is where its letters are of the other language
//! by two signs at least (`François`: a cedilla and an ending). What is not sure is read as ever: a word read by the rules
//! of the wrong language is worse than one with an accent.

use super::language::Judge;
use crate::lang::Lang;
use crate::text::{quotations, sentences};
use crate::transcript::{Directed, Direction};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// The evidence that there must be, in natural log-odds; of a few words the models alone say little.
const SURE: f64 = 4.5;
/// What one proof adds to it.
const PER_PROOF: f64 = 1.5;

/// A stretch is not looked at beyond this many bytes: nobody quotes that much in a line.
const LONGEST: usize = 2000;

/// Words that prove English, and those that some other language has as well, so that it takes two.
const ENGLISH: &[&str] = &[
    "the", "and", "are", "were", "been", "it", "she", "they", "you", "my", "your", "this", "that", "with", "from",
    "yes", "yeah", "what", "why", "how", "when", "who", "hello", "thanks", "thank", "please", "there", "i'm", "it's",
    "don't", "have", "has", "will", "would", "can't", "never", "always", "could", "should", "their", "his", "which",
    "keep", "know", "think", "want", "every", "because", "before", "after", "without",
];
const ENGLISH_PERHAPS: &[&str] = &[
    "of", "is", "was", "be", "he", "we", "i", "no", "not", "to", "good", "well", "right", "now", "here", "all", "for",
    "first", "make", "can", "do", "world", "love", "life", "her", "in",
];
/// The same for French.
const FRENCH: &[&str] = &[
    "les", "une", "nous", "vous", "ils", "cette", "ces", "avec", "dans", "pour", "pas", "oui", "quoi", "merci",
    "bonjour", "voilà", "aux", "très", "où", "sont", "être", "elle", "elles", "rien", "tout", "toute", "tous",
    "toujours", "jamais", "votre", "notre", "leur", "suis", "êtes", "sommes", "avez", "aussi", "chez", "sans", "vive",
    "étaient", "était", "ce", "son", "au",
];
const FRENCH_PERHAPS: &[&str] = &[
    "le", "la", "et", "est", "un", "des", "du", "je", "tu", "il", "que", "qui", "non", "sur", "mais", "mon", "bien",
    "se", "ne", "en", "de", "ma", "sa",
];
/// What stands before an apostrophe in French, and in French only.
const ELIDED: [&str; 6] = ["c'", "j'", "n'", "s'", "qu'", "m'"];

/// Letters beyond `a` to `z` of French; English has none.
const FRENCH_LETTERS: &str = "àâçèéêëîïôùûüÿœæ";

/// French words and names that English has taken: it has a way of its own to say them.
const TAKEN_BY_ENGLISH: &[&str] = &[
    "crème", "brûlée", "déjà", "fête", "tête", "première", "château", "châteaux", "rôle", "mêlée", "façade", "garçon",
    "soupçon", "curaçao", "français", "derrière", "débâcle", "entrée", "soirée", "brontë", "noël", "citroën",
    "gruyère",
];
/// English words and names, and others that look like them, that French has taken.
const TAKEN_BY_FRENCH: &[&str] = &[
    "waterloo", "beethoven", "wisigoth", "wisigoths", "goth", "goths", "loth", "sherlock", "shoah", "week", "walkyrie",
    "kangourou", "washing",
];

/// Stretches of a text in the other language, in order and without overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretches {
    /// Those that the transcript marks.
    pub marked: Vec<Range<usize>>,
    /// Those that were found; what is marked as one language or the other is not searched.
    pub found: Vec<Range<usize>>,
}

impl Stretches {
    /// All of them in order, without what is in `taken` (in order) of those that were found.
    pub fn without<'a>(&self, taken: impl Iterator<Item = &'a Range<usize>> + Clone) -> Vec<Range<usize>> {
        let mut all: Vec<Range<usize>> =
            self.found.iter().flat_map(|stretch| cut(stretch, taken.clone())).chain(self.marked.clone()).collect();
        all.sort_by_key(|stretch| stretch.start);
        all
    }
}

/// `stretch` without what of it is in `taken`, which is in order.
fn cut<'a>(stretch: &Range<usize>, taken: impl Iterator<Item = &'a Range<usize>>) -> Vec<Range<usize>> {
    let (mut left, mut from) = (Vec::new(), stretch.start);
    for taken in taken.filter(|taken| taken.start < stretch.end && taken.end > stretch.start) {
        left.push(from..taken.start);
        from = taken.end;
    }
    left.push(from..stretch.end);
    left.retain(|part| part.start < part.end);
    left
}

/// The stretches of `text`, which is in `lang`, that are in the other language.
pub fn stretches(text: &str, lang: Lang, directions: &[Direction], judge: &mut Judge) -> Stretches {
    let (marked, own) = marked(text, lang, directions);
    let mut found: Vec<Range<usize>> = Vec::new();
    let free = |place: &Range<usize>, found: &[Range<usize>]| {
        !marked.iter().chain(&own).chain(found).any(|other| other.start < place.end && other.end > place.start)
    };
    let candidates = sentences(text).into_iter().chain(quotations(text));
    for place in candidates.filter(|place| place.len() <= LONGEST) {
        if free(&place, &found) && surely(&text[place.clone()], lang.other(), judge) {
            found.push(place);
        }
    }
    for place in names(text, lang.other()) {
        if free(&place, &found) {
            found.push(place);
        }
    }
    found.sort_by_key(|place| place.start);
    Stretches { marked, found }
}

/// What is marked as the other language, and what is marked as the text's own. Of marks in one another the inner counts.
fn marked(text: &str, lang: Lang, directions: &[Direction]) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let tagged = || directions.iter().filter(|d| !d.place.is_empty() && text.get(d.place.clone()).is_some());
    let marks = || {
        tagged().filter_map(|d| match d.what {
            Directed::Lang(its) => Some((d.place.clone(), its)),
            _ => None,
        })
    };
    let mut edges: Vec<usize> = marks().flat_map(|(place, _)| [place.start, place.end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let (mut other, mut own) = (Vec::new(), Vec::new());
    for pair in edges.windows(2) {
        let covers = marks().filter(|(place, _)| place.start <= pair[0] && place.end >= pair[1]);
        match covers.min_by_key(|(place, _)| place.len()) {
            Some((_, its)) if its != lang => other.push(pair[0]..pair[1]),
            Some(_) => own.push(pair[0]..pair[1]),
            None => {}
        }
    }
    (other, own)
}

/// Whether a text of several words is surely in this language, and not in the other.
fn surely(text: &str, lang: Lang, judge: &mut Judge) -> bool {
    if !text.nfc().all(|c| !c.is_alphabetic() || is_of(lang, c)) {
        return false;
    }
    let text = text.nfc().collect::<String>();
    let small = text.to_lowercase().replace('’', "'");
    let words: Vec<&str> = small
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|word| word.trim_matches('\''))
        .filter(|word| word.contains(char::is_alphabetic))
        .collect();
    let against = if lang == Lang::Fr { ENGLISH } else { FRENCH };
    let needed = if words.len() >= 5 { 3 } else { 2 };
    let vetoed = words.iter().any(|word| against.contains(word));
    if words.len() < 2 || vetoed || proofs(&words, lang) < needed {
        return false;
    }
    let odds = if lang == Lang::En { judge.odds(&text) } else { -judge.odds(&text) };
    odds > 0.0 && odds + proofs(&words, lang) as f64 * PER_PROOF >= SURE
}

/// How much the words of a text prove: 2 for each that only this language has, 1 for the others together in French,
/// where Italian, Spanish and Latin have nearly all of them, 1 for each in English.
fn proofs(words: &[&str], lang: Lang) -> usize {
    let mut different = words.to_vec();
    different.sort_unstable();
    different.dedup();
    let count = |list: &[&str]| different.iter().filter(|word| list.contains(word)).count();
    match lang {
        Lang::En => 2 * count(ENGLISH) + count(ENGLISH_PERHAPS),
        Lang::Fr => {
            let elided = different.iter().filter(|word| ELIDED.iter().any(|start| word.starts_with(start))).count();
            let letters = different.iter().any(|word| word.contains(['è', 'ê', 'ç', 'œ', 'û', 'î']));
            2 * (count(FRENCH) + elided) + count(FRENCH_PERHAPS).min(1) + usize::from(letters)
        }
    }
}

fn is_of(lang: Lang, c: char) -> bool {
    let small = c.to_lowercase().next().unwrap_or(c);
    small.is_ascii_alphabetic() || (lang == Lang::Fr && FRENCH_LETTERS.contains(small))
}

/// Words with a capital that are spelt as only this language does. What is joined by hyphens is one word.
fn names(text: &str, lang: Lang) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() || (matches!(c, '-' | '‑' | '\u{301}' | '\u{327}') && from.is_some()) {
            from.get_or_insert(at);
        } else if let Some(start) = from.take() {
            let word = text[start..at].trim_end_matches(['-', '‑']);
            if word.starts_with(char::is_uppercase) && word.chars().count() >= 4 && spelt_as(word, lang) {
                found.push(start..start + word.len());
            }
        }
    }
    found
}

/// Whether a word is spelt as only this language does, by two signs at least.
fn spelt_as(word: &str, lang: Lang) -> bool {
    let word: String = word.nfc().collect::<String>().to_lowercase();
    let letters = word.chars().all(|c| matches!(c, '-' | '‑') || (c.is_alphabetic() && is_of(lang, c)));
    let parts = || word.split(['-', '‑']);
    match lang {
        _ if !letters => false,
        Lang::Fr => !parts().any(|part| TAKEN_BY_ENGLISH.contains(&part)) && french(&word) >= 2,
        Lang::En => !parts().any(|part| TAKEN_BY_FRENCH.contains(&part)) && parts().any(|part| english(part) >= 2),
    }
}

/// How many signs of French a word in small letters has.
fn french(word: &str) -> usize {
    // Portuguese, Turkish and Vietnamese write some of these; a `k` or a `w` is hardly ever French.
    if word.contains(['k', 'w', 'ü', 'ÿ', 'ë']) {
        return 0;
    }
    let has = |signs: &[&str]| usize::from(signs.iter().any(|sign| word.contains(sign)));
    let ends = |signs: &[&str]| usize::from(word.split(['-', '‑']).any(|part| signs.iter().any(|s| part.ends_with(s))));
    let letter = usize::from(word.contains(['ç', 'è', 'ê', 'œ', 'û', 'î', 'â', 'ô', 'ù']));
    let strong = usize::from(word.contains(['è', 'œ', 'û', 'ù']));
    let acute = usize::from(word.contains('é'));
    let middle = has(&["çois", "çon", "çai", "eau", "ouil", "aill", "eill", "gne", "œu", "oît", "aît"]);
    let ending = ends(&[
        "ène", "ère", "ève", "èse", "èle", "ette", "elle", "enne", "anne", "onne", "ique", "ier", "ière", "ard", "aud",
        "oux", "ois", "oise", "eux", "euse", "ées", "ric", "eul", "ault", "ac", "ain", "aine", "in", "ien", "ès",
        "ges", "que", "res", "es",
    ]);
    let joined = has(&["-sur-", "-sous-", "-en-", "-de-", "-le-", "-la-", "-les-", "-du-", "-des-", "-aux-"]);
    // An accent at all is needed, or the little word between hyphens that only French puts there.
    match letter + acute {
        0 => 2 * usize::from(has(&["-sur-", "-sous-", "-les-", "-aux-"]) > 0),
        accents => accents + strong + middle + ending + joined,
    }
}

/// How many signs of English a word in small letters has.
fn english(word: &str) -> usize {
    if ["sch", "kh", "zh", "cz", "sz", "aa", "ij"].iter().any(|sign| word.contains(sign)) {
        return 0;
    }
    let has = |sign: &str, weight: usize| if word.contains(sign) { weight } else { 0 };
    let ends = |endings: &[&str]| usize::from(endings.iter().any(|ending| word.ends_with(ending)));
    let vowel_after_w = word.as_bytes().windows(2).any(|pair| pair[0] == b'w' && b"aeio".contains(&pair[1]));
    has("wh", 2)
        + has("ght", 2)
        + has("ough", 2)
        + has("sh", 1)
        + has("ck", 1)
        + has("ee", 1)
        + has("oo", 1)
        + has("th", 1)
        + usize::from(vowel_after_w)
        + ends(&["ing", "ton", "ley", "ford", "field", "ness", "ship", "wich", "land", "wood", "man", "son"])
        + 2 * ends(&["ness", "ship", "field"])
}

#[cfg(test)]
mod tests;
