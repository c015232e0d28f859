//! In: the words of a clause in English. Out: their phonemes as misaki writes them, each with its word. Knows misaki's
//! lexicons and rules, American and British, and no voice; words they do not know are said by the caller.
//!
//! Kokoro and what was taught by it were trained on the phonemes of misaki (its `en.py`, version 0.9.4, Apache-2.0),
//! and sound best on them. Its parts of speech come from a large tagger; here a small one tells only the words that
//! sound different by it. `american.lex`, `british.lex` and `tags.bin` hold misaki's data and the tagger's weights;
//! `lexicon.py` and `tagger.py` make them.

pub mod letters;
mod lexicon;
mod pieces;
mod stem;
mod stress;
mod tags;
#[cfg(test)]
mod tests;
mod word;

use lexicon::Lexicon;
use pieces::Pieces;
use tags::{Tag, Tagger, seen};
use word::{Next, Rules, Word};

/// Misaki's English in one accent.
pub struct Misaki {
    rules: Rules,
    tagger: Tagger,
}

/// A word of a clause, or a part of one that is said by itself.
pub struct Part {
    /// The index of the word it belongs to.
    pub word: usize,
    /// As it is spelt, without marks around it.
    pub text: String,
}

impl Misaki {
    /// Unpacks the data of an accent.
    pub fn open(british: bool) -> Misaki {
        let american: &[u8] = include_bytes!("american.lex");
        let packed = if british { include_bytes!("british.lex") } else { american };
        let rules = Rules { lexicon: Lexicon::unpack(packed), british };
        Misaki { rules, tagger: Tagger::unpack(include_bytes!("tags.bin")) }
    }

    /// The phonemes of each part of a clause; `unknown` says what the lexicon does not know.
    ///
    /// # Errors
    /// Those of `unknown`.
    pub fn clause<E>(
        &self,
        parts: &[Part],
        mut unknown: impl FnMut(&str) -> Result<String, E>,
    ) -> Result<Vec<String>, E> {
        let words: Vec<String> = parts.iter().map(|part| seen(&part.text)).collect();
        let mut said = vec![String::new(); parts.len()];
        let mut next = Next::default();
        for (at, part) in parts.iter().enumerate().rev() {
            // Several parts of one word are letters or figures, where `A` is no article.
            let alone = parts.iter().filter(|other| other.word == part.word).count() == 1;
            let tag = if alone && self.depends(&part.text) { self.tagger.tag(&words, at) } else { Tag::Other };
            let word = Word { text: &part.text, tag, next };
            let phonemes = match self.rules.say(word) {
                Some(phonemes) => phonemes,
                None => match Pieces::of(&part.text).say(&self.rules, word) {
                    Some(phonemes) => phonemes,
                    None => unknown(&part.text)?,
                },
            };
            next = next.before(&phonemes, &part.text);
            // An American flap, and no glottal stop.
            said[at] = phonemes.replace('ɾ', "T").replace('ʔ', "t");
        }
        Ok(said)
    }

    /// Whether a word may sound different by its part of speech.
    fn depends(&self, word: &str) -> bool {
        let small = word.to_lowercase();
        word != small
            || matches!(word, "in" | "by" | "used")
            || [small.as_str()]
                .into_iter()
                .chain(stems(&small))
                .any(|stem| self.rules.lexicon.checked(stem).is_some_and(|entry| entry.is_several()))
    }
}

/// A word without the marks around it; an apostrophe before it stays (`'em`).
pub fn bare(word: &str) -> &str {
    let around = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '%' | '&' | '+' | '@');
    word.trim_matches(around)
}

/// What may be the stem of a word.
fn stems(word: &str) -> impl Iterator<Item = &str> {
    ["s", "es", "'s", "d", "ed", "ing"].into_iter().filter_map(|ending| word.strip_suffix(ending))
}
