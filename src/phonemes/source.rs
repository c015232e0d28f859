//! In: phonemes as espeak writes them. Out: the same sounds in the letters that a voice was trained on. Knows which
//! letters there are, and no voice.

use super::Phoneme;
use super::misaki::letters::{self, Accent};

/// The letters of the phonemes that a voice was trained on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alphabet {
    /// Those of espeak-ng, and its words: Piper's voices.
    #[default]
    Espeak,
    /// Those of misaki, in English its lexicon and rules as well: Kokoro's voices and their students.
    Misaki,
}

/// Where a voice's phonemes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The espeak voice of its language and accent, such as `en-us`, `en-gb-x-rp` or `fr`.
    pub espeak_voice: &'a str,
    /// The letters.
    pub alphabet: Alphabet,
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(espeak_voice: &'a str) -> Source<'a> {
        Source { espeak_voice, alphabet: Alphabet::Espeak }
    }
}

impl Source<'_> {
    /// Espeak's phonemes in the letters of this source.
    pub(super) fn written(self, phonemes: Vec<Phoneme>) -> Vec<Phoneme> {
        match self.alphabet {
            Alphabet::Espeak => phonemes,
            Alphabet::Misaki => letters::written(&phonemes, Accent::of(self.espeak_voice)),
        }
    }
}
