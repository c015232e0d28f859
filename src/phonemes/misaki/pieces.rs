//! In: a word that no lexicon holds as a whole. Out: its phonemes, made of those of its pieces (`well`, `known`), if all
//! are known. Knows how misaki takes a word apart and weighs its pieces (`G2P` in its `en.py`).

use super::stress::{PRIMARY, Stress, stressed, weight};
use super::word::{Rules, Word};

/// What a word is made of, in order; strung together they are the word.
pub struct Pieces<'a> {
    texts: Vec<&'a str>,
}

/// The kind of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Figure,
    /// Joins pieces without a sound.
    Joint,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        _ if c.is_alphabetic() => Kind::Letter,
        _ if c.is_ascii_digit() => Kind::Figure,
        '\'' | ',' | '-' | '.' | '_' | '/' => Kind::Joint,
        _ => Kind::Other,
    }
}

impl<'a> Pieces<'a> {
    /// Takes a word apart: at joints, and before a capital after a small letter. An apostrophe between letters belongs
    /// to them.
    pub fn of(word: &'a str) -> Pieces<'a> {
        let chars: Vec<(usize, char)> = word.char_indices().collect();
        let letter = |at: usize| chars.get(at).is_some_and(|&(_, c)| c.is_alphabetic());
        let inner = |at: usize| chars[at].1 == '\'' && at > 0 && letter(at - 1) && letter(at + 1);
        let mut texts = Vec::new();
        let mut from = 0;
        for at in 1..=chars.len() {
            let together = at < chars.len() && {
                let (before, here) = (chars[at - 1].1, chars[at].1);
                let humped = before.is_lowercase() && here.is_uppercase();
                let word = |at: usize| kind(chars[at].1) == Kind::Letter || inner(at);
                (word(at - 1) && word(at) && !humped) || (kind(before) == kind(here) && kind(here) != Kind::Letter)
            };
            if !together && from < chars.len() {
                let end = chars.get(at).map_or(word.len(), |&(index, _)| index);
                texts.push(&word[chars[from].0..end]);
                from = at;
            }
        }
        Pieces { texts }
    }

    /// The phonemes, the longest known runs from the end; none where a piece is unknown.
    pub fn say(&self, rules: &Rules, word: Word<'_>) -> Option<String> {
        let count = self.texts.len();
        let mut said: Vec<Option<String>> = vec![None; count];
        let (mut right, mut next) = (count, word.next);
        while right > 0 {
            let run = |left: usize| self.texts[left..right].concat();
            let found = (0..right).find_map(|left| {
                let text = run(left);
                let phonemes = rules.say(Word { text: &text, tag: word.tag, next })?;
                Some((left, text, phonemes))
            });
            if let Some((left, text, phonemes)) = found {
                next = next.before(&phonemes, &text);
                said[left] = Some(phonemes);
                right = left;
            } else if self.texts[right - 1].chars().all(|c| kind(c) == Kind::Joint) {
                right -= 1;
            } else {
                return None;
            }
        }
        self.joined(said)
    }

    /// One word of its pieces: all but the strongest half become weaker, and pieces of different kinds are apart.
    fn joined(&self, mut said: Vec<Option<String>>) -> Option<String> {
        let mut kinds = self.texts.iter().flat_map(|text| text.chars()).map(kind).filter(|kind| *kind != Kind::Joint);
        let first = kinds.next();
        let apart = self.texts.iter().any(|text| text.contains('/')) || kinds.any(|kind| Some(kind) != first);
        if apart {
            let words: Vec<String> = said.into_iter().flatten().collect();
            return Some(words.join(" ")).filter(|words| !words.is_empty());
        }
        let mut ranks: Vec<(bool, usize, usize)> = Vec::new();
        for (at, phonemes) in said.iter().enumerate() {
            if let Some(phonemes) = phonemes {
                ranks.push((phonemes.contains(PRIMARY), weight(phonemes), at));
            }
        }
        let strong = ranks.iter().filter(|(strong, ..)| *strong).count();
        let weaker: Vec<usize> = if ranks.len() == 2 && self.texts[ranks[0].2].chars().count() == 1 {
            vec![ranks[1].2]
        } else if ranks.len() < 2 || strong <= ranks.len().div_ceil(2) {
            Vec::new()
        } else {
            ranks.sort_unstable();
            ranks[..ranks.len() / 2].iter().map(|rank| rank.2).collect()
        };
        for at in weaker {
            said[at] = said[at].take().map(|phonemes| stressed(phonemes, Some(Stress::Weaker)));
        }
        let whole: String = said.into_iter().flatten().collect();
        Some(whole).filter(|whole| !whole.is_empty())
    }
}
