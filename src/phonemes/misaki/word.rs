//! In: a word, its part of speech, and what follows it. Out: its phonemes by misaki's lexicon and rules (`Lexicon` in its
//! `en.py`), if they know it. Knows no sentence and no other source of phonemes.

use super::lexicon::Lexicon;
use super::stem;
use super::stress::{PRIMARY, SECONDARY, Stress, is_vowel, stressed};
use super::tags::Tag;

/// What follows a word.
#[derive(Clone, Copy, Default)]
pub struct Next {
    /// Whether the next sound is a vowel; none where the clause ends.
    pub vowel: Option<bool>,
    /// Whether the next word is `to`.
    pub to: bool,
}

/// Signs that are said as words.
const SIGNS: [(&str, &str); 4] = [("%", "percent"), ("&", "and"), ("+", "plus"), ("@", "at")];

/// One word where it stands.
#[derive(Clone, Copy)]
pub struct Word<'a> {
    /// As it is spelt.
    pub text: &'a str,
    /// Its part of speech.
    pub tag: Tag,
    /// What follows.
    pub next: Next,
}

/// The rules of one accent.
pub struct Rules {
    /// Its lexicon.
    pub lexicon: Lexicon,
    /// Whether it is British.
    pub british: bool,
}

impl Next {
    /// What a word stands before that stands before these phonemes of `text`.
    pub fn before(self, phonemes: &str, text: &str) -> Next {
        let sounds = phonemes.chars().find(|&letter| is_vowel(letter) || "bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ".contains(letter));
        Next { vowel: sounds.map(is_vowel).or(self.vowel), to: matches!(text, "to" | "To" | "TO") }
    }
}

impl Rules {
    /// The phonemes of a word, as strong as its capitals ask.
    pub fn say(&self, word: Word<'_>) -> Option<String> {
        let (small, capitals) = (word.text.to_lowercase(), word.text.to_uppercase());
        let stress = match word.text {
            text if text == small => None,
            text if text == capitals => Some(Stress::Strong),
            _ => Some(Stress::Some),
        };
        if let Some(said) = self.special(word, stress) {
            return Some(said);
        }
        let letters = word.text.chars().filter(|&letter| letter != '\'');
        let one_case = word.text == capitals || word.text.chars().skip(1).eq(small.chars().skip(1));
        let lower = Word { text: &small, ..word };
        let known = || self.lexicon.find(&small).is_some() || self.stems(lower, stress).is_some();
        if word.text.chars().count() > 1
            && letters.clone().all(char::is_alphabetic)
            && word.text != small
            && (word.tag != Tag::Name || word.text.chars().count() > 7)
            && self.lexicon.find(word.text).is_none()
            && one_case
            && known()
        {
            return self.plain(lower, stress);
        }
        self.plain(word, stress)
    }

    /// By the lexicon, or by that of its stem.
    fn plain(&self, word: Word<'_>, stress: Option<Stress>) -> Option<String> {
        if self.is_known(word.text) {
            return self.lookup(word, stress);
        }
        if let Some(bare) = word.text.strip_suffix('\'') {
            let own = bare.strip_suffix('s').map(|bare| format!("{bare}'s"));
            for text in own.iter().map(String::as_str).chain([bare]) {
                if self.is_known(text) {
                    return self.lookup(Word { text, ..word }, stress);
                }
            }
        }
        self.stems(word, stress)
    }

    fn special(&self, word: Word<'_>, stress: Option<Stress>) -> Option<String> {
        let (tag, next) = (word.tag, word.next);
        if let Some((_, text)) = SIGNS.iter().find(|(sign, _)| *sign == word.text) {
            return self.lookup(Word { text, ..word }, None);
        }
        let short = || word.text.split('.').map(|part| part.chars().count()).max().unwrap_or(0) < 3;
        if word.text.trim_matches('.').contains('.')
            && word.text.chars().all(|letter| letter == '.' || letter.is_alphabetic())
            && short()
        {
            return self.letters(word.text);
        }
        let said = match word.text {
            "a" | "A" => if word.text == "a" || tag == Tag::Determiner { "ɐ" } else { "ˈA" }.to_owned(),
            "am" | "Am" | "AM" => match next.vowel {
                None => return self.read("am", tag, false),
                Some(_) if word.text != "am" || stress.is_some() => return self.read("am", tag, false),
                Some(_) => "ɐm".to_owned(),
            },
            "an" | "An" => "ɐn".to_owned(),
            "I" => "ˌI".to_owned(),
            "by" | "By" | "BY" if tag == Tag::Adverb => "bˈI".to_owned(),
            "to" | "To" | "TO" => match next.vowel {
                None => return self.read("to", tag, false),
                Some(vowel) => if vowel { "tʊ" } else { "tə" }.to_owned(),
            },
            "in" | "In" | "IN" => {
                let strong = next.vowel.is_none() || !matches!(tag, Tag::Preposition | Tag::Other);
                if strong { "ˈɪn" } else { "ɪn" }.to_owned()
            }
            "the" | "The" | "THE" => if next.vowel == Some(true) { "ði" } else { "ðə" }.to_owned(),
            "vs" | "vs." | "Vs" | "VS" => return self.lookup(Word { text: "versus", ..word }, None),
            "used" | "Used" | "USED" => {
                let habit = next.to && matches!(tag, Tag::Past | Tag::Adjective);
                return self.read("used", if habit { Tag::Past } else { Tag::Other }, false);
            }
            _ => return None,
        };
        Some(said)
    }

    /// What is checked for a word as it is.
    fn read(&self, word: &str, tag: Tag, last: bool) -> Option<String> {
        self.lexicon.checked(word)?.reading(tag, last)
    }

    /// Whether the lexicon has a word, or it is one to be spelt.
    fn is_known(&self, word: &str) -> bool {
        if self.lexicon.find(word).is_some() || SIGNS.iter().any(|(sign, _)| *sign == word) {
            return true;
        }
        if word.is_empty() || !word.chars().all(|letter| letter.is_ascii_alphabetic()) {
            return false;
        }
        !word.chars().skip(1).any(|letter| letter.is_ascii_lowercase())
    }

    fn lookup(&self, word: Word<'_>, stress: Option<Stress>) -> Option<String> {
        let capitals = word.text.to_uppercase() == word.text && self.lexicon.checked(word.text).is_none();
        let small = word.text.to_lowercase();
        let text = if capitals { small.as_str() } else { word.text };
        let name = capitals && word.tag == Tag::Name;
        let entry = if name { self.lexicon.checked(text) } else { self.lexicon.find(text) };
        let said = entry.and_then(|entry| entry.reading(word.tag, word.next.vowel.is_none()));
        if said.as_ref().is_none_or(|said| name && !said.contains(PRIMARY))
            && let Some(spelt) = self.letters(text)
        {
            return Some(spelt);
        }
        Some(stressed(said?, stress))
    }

    /// A word spelt letter by letter, the last one strongest.
    fn letters(&self, word: &str) -> Option<String> {
        let mut said = String::new();
        for letter in word.chars().filter(|letter| letter.is_alphabetic()) {
            said += &self.read(&letter.to_uppercase().to_string(), Tag::Other, false)?;
        }
        let said = stressed(said, Some(Stress::Weak));
        match said.rsplit_once(SECONDARY) {
            Some((before, after)) => Some(format!("{before}{PRIMARY}{after}")),
            None => Some(said).filter(|said| !said.is_empty()),
        }
    }

    fn stems(&self, word: Word<'_>, stress: Option<Stress>) -> Option<String> {
        self.with_s(word, stress)
            .or_else(|| self.with_ed(word, stress))
            .or_else(|| self.with_ing(word, stress.or(Some(Stress::Some))))
    }

    fn with_s(&self, word: Word<'_>, stress: Option<Stress>) -> Option<String> {
        let text = word.text;
        let count = text.chars().count();
        let one = text.strip_suffix('s').filter(|stem| count > 2 && !stem.ends_with('s')).map(str::to_owned);
        let es = text.strip_suffix("es").filter(|stem| count > 4 && !stem.ends_with('i'));
        let two = text.strip_suffix("'s").or(es).map(str::to_owned);
        let ies = text.strip_suffix("ies").filter(|_| count > 4).map(|stem| format!("{stem}y"));
        let stem = [one, two, ies].into_iter().flatten().find(|stem| self.is_known(stem))?;
        stem::s(&self.lookup(Word { text: &stem, ..word }, stress)?, self.british)
    }

    fn with_ed(&self, word: Word<'_>, stress: Option<Stress>) -> Option<String> {
        let text = word.text;
        let count = text.chars().count();
        let one = text.strip_suffix('d').filter(|stem| count > 3 && !stem.ends_with('d'));
        let two = text.strip_suffix("ed").filter(|stem| count > 4 && !stem.ends_with('e'));
        let stem = [one, two].into_iter().flatten().find(|stem| self.is_known(stem))?;
        stem::ed(&self.lookup(Word { text: stem, ..word }, stress)?, self.british)
    }

    fn with_ing(&self, word: Word<'_>, stress: Option<Stress>) -> Option<String> {
        let stem = word.text.strip_suffix("ing").filter(|stem| stem.chars().count() > 1)?;
        let long = stem.chars().count() > 2;
        let mut ends = stem.chars().rev();
        let (last, before) = (ends.next(), ends.next());
        let doubled = last == before && last.is_some_and(|letter| "bcdgklmnprstvxz".contains(letter));
        let once = Some(stem).filter(|stem| long && (doubled || stem.ends_with("ck")));
        let once = once.and_then(|stem| stem.char_indices().next_back().map(|(at, _)| stem[..at].to_owned()));
        let all = [Some(stem.to_owned()).filter(|_| long), Some(format!("{stem}e")), once];
        let stem = all.into_iter().flatten().find(|stem| self.is_known(stem))?;
        stem::ing(&self.lookup(Word { text: &stem, ..word }, stress)?, self.british)
    }
}
