//! In: a cue's text and the language it is read in. Out: the words as a voice is given them, each with its place in the
//! text; and the language of each of many texts. Knows no phonemes and no voices.
//!
//! [`words`] reads what is not said as it is written (`read`), cuts the text between white space (`pieces`), and tidies
//! each piece (`tidy`); [`language`] tells the language, [`other`] what is not in it,
//! [`phrases`] where one may pause, [`utterances`] joins words to what is spoken in one breath.

pub mod directed;
pub mod foreign;
pub mod language;
pub mod lexicon;
mod long;
pub mod other;
pub mod phrases;
mod pieces;
mod read;
pub mod sounds;
mod tidy;
pub mod utterances;

use crate::lang::{Lang, Tongue};
use crate::text::sayable;
use crate::time::Ticks;
use pieces::{Piece, pieces};
use sounds::{Given, Sound};
use std::ops::Range;

/// One word as a voice is given it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// The bytes of the text it was made of, its punctuation included.
    pub text: Range<usize>,
    /// What is spoken: the word with its punctuation, quotes straight, decoration left out.
    pub spoken: String,
    /// Its parts, where spelling does not tell how it is pronounced; else there are none.
    pub sounds: Vec<Sound>,
    /// How long it is to be, in thousandths of what it would be by itself.
    pub stretch: u32,
    /// A pause that is asked for before it, and one after it.
    pub pauses: [Ticks; 2],
}

/// The words of `text` in order, as they are read in `tongue`; their places do not overlap, and every letter and digit
/// of the text is in one of them.
///
/// What is not said as it is written is read: numbers, dates, times, money, units, abbreviations, acronyms, signs,
/// addresses. What is said in another order than it is written (`$12.5 million`) is one word, white space in it or not.
///
/// Every word has a letter: marks standing alone join the word before them (`Quoi ?`) or, if they open something, the
/// word after (`« Non`); a dash standing alone is spoken as the pause of a comma. Pictures are passed over. Text without
/// letters and digits gives no words.
pub fn words(text: &str, tongue: Tongue) -> Vec<Word> {
    words_with(text, tongue, Vec::new(), &[])
}

/// The same, with what is given for some stretches, and with those that are in the other language and are read by its
/// rules; both in order and without overlap. Of a reading and what is given for a part of it only, the reading counts:
/// what is said of `$5 million` cannot be had in parts.
pub fn words_with(text: &str, tongue: Tongue, given: Vec<Given>, others: &[Range<usize>]) -> Vec<Word> {
    let mut made = Maker::default();
    if !sayable(text) {
        return made.finish();
    }
    let readings = read::readings_of_each(text, tongue, given, others);
    for piece in pieces(text, &readings, (others, tongue.lang.other())) {
        made.take(&piece);
    }
    made.finish()
}

/// The same words for a voice of another language than theirs: said as they are spelt in `lang`, and in the voice's own
/// language where they were in the other one.
pub fn for_voice_of(other: Lang, lang: Lang, words: &mut [Word]) {
    for word in words {
        if word.sounds.is_empty() {
            word.sounds.push(Sound::Other(word.spoken.clone(), lang));
            continue;
        }
        for sound in &mut word.sounds {
            match sound {
                Sound::Spelt(text) => *sound = Sound::Other(std::mem::take(text), lang),
                Sound::Other(text, its) if *its == other => *sound = Sound::Spelt(std::mem::take(text)),
                Sound::Other(..) | Sound::Ipa(_) => {}
            }
        }
    }
}

/// What is said of `text`, as one.
pub fn said(text: &str, tongue: Tongue) -> String {
    let words = words(text, tongue);
    words.iter().map(|word| word.spoken.as_str()).collect::<Vec<_>>().join(" ")
}

/// What stands before a word and waits for it.
struct Waiting {
    start: usize,
    spoken: String,
}

#[derive(Default)]
struct Maker {
    words: Vec<Word>,
    waiting: Option<Waiting>,
    /// Whether a straight quote standing alone would close one.
    quote_open: bool,
}

impl Maker {
    fn take(&mut self, piece: &Piece<'_>) {
        let spoken = piece.spoken.as_str();
        if spoken.chars().any(char::is_alphanumeric) {
            self.word(piece, spoken);
        } else if tidy::is_pause(piece.text) {
            self.pause(piece);
        } else if !spoken.is_empty() {
            let opens = match spoken {
                "\"" if !piece.text.contains(['«', '»', '“', '”', '„']) => {
                    self.quote_open = !self.quote_open;
                    self.quote_open
                }
                _ => tidy::opens(piece.text),
            };
            if opens { self.wait(piece, spoken) } else { self.mark(piece, spoken) }
        }
    }

    fn word(&mut self, piece: &Piece<'_>, spoken: &str) {
        let waiting = self.waiting.take();
        let start = waiting.as_ref().map_or(piece.place.start, |waiting| waiting.start);
        let before = waiting.map_or(String::new(), |waiting| waiting.spoken);
        let (text, spoken) = (start..piece.place.end, before + spoken);
        let sounds = piece.sounds.clone();
        self.words.push(Word { text, spoken, sounds, stretch: 1000, pauses: [Ticks::ZERO; 2] });
    }

    /// Keeps something for the next word.
    fn wait(&mut self, piece: &Piece<'_>, spoken: &str) {
        let waiting = self.waiting.get_or_insert(Waiting { start: piece.place.start, spoken: String::new() });
        waiting.spoken.push_str(spoken);
    }

    /// Gives a mark to the word before it, or, if there is none, to the one after.
    fn mark(&mut self, piece: &Piece<'_>, spoken: &str) {
        match self.words.last_mut() {
            Some(word) if self.waiting.is_none() => {
                word.spoken.push_str(spoken);
                word.text.end = piece.place.end;
            }
            // Before any word a mark closes nothing; it would be heard as a pause at most.
            _ => {}
        }
    }

    /// Speaks a dash as a comma, unless there is a pause already.
    fn pause(&mut self, piece: &Piece<'_>) {
        if let (Some(word), None) = (self.words.last_mut(), &self.waiting)
            && word.spoken.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | ')' | ']' | '%'))
        {
            word.spoken.push(',');
            word.text.end = piece.place.end;
        }
    }

    /// The words; an opening mark that still waits opens nothing.
    fn finish(self) -> Vec<Word> {
        self.words
    }
}

#[cfg(test)]
mod tests;
