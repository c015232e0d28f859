//! In: a word's phonemes in misaki's letters. Out: the phonemes with more or less stress. Knows misaki's marks of stress
//! (`apply_stress` in its `en.py`), and no word.

/// The mark of the strongest syllable.
pub const PRIMARY: char = 'ˈ';
/// The mark of a weaker stressed syllable.
pub const SECONDARY: char = 'ˌ';

/// How strongly a word is to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stress {
    /// Its stressed syllables become weaker ones; it gets none.
    Weaker,
    /// Its stressed syllables become weaker ones; where it has none it gets a weak one.
    Weak,
    /// Where it has no stressed syllable it gets a weak one.
    Some,
    /// Where its syllables are weak, or it has no stressed one, it gets a strong one.
    Strong,
}

/// Whether a letter stands for a vowel.
pub fn is_vowel(letter: char) -> bool {
    "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ".contains(letter)
}

/// The phonemes, stressed so.
pub fn stressed(phonemes: String, stress: Option<Stress>) -> String {
    let (strong, weak) = (phonemes.contains(PRIMARY), phonemes.contains(SECONDARY));
    match stress {
        Some(Stress::Weak | Stress::Weaker) if strong => {
            phonemes.replace(SECONDARY, "").replace(PRIMARY, SECONDARY.encode_utf8(&mut [0; 4]))
        }
        Some(Stress::Weak | Stress::Some) if !strong && !weak => marked(phonemes, SECONDARY),
        Some(Stress::Strong) if !strong && weak => phonemes.replace(SECONDARY, PRIMARY.encode_utf8(&mut [0; 4])),
        Some(Stress::Strong) if !strong => marked(phonemes, PRIMARY),
        _ => phonemes,
    }
}

/// With a mark before the first vowel, if there is one.
fn marked(mut phonemes: String, mark: char) -> String {
    if let Some((at, _)) = phonemes.char_indices().find(|(_, letter)| is_vowel(*letter)) {
        phonemes.insert(at, mark);
    }
    phonemes
}

/// How long a word's phonemes are; diphthongs and affricates count twice.
pub fn weight(phonemes: &str) -> usize {
    phonemes.chars().map(|letter| if "AIOQWYʤʧ".contains(letter) { 2 } else { 1 }).sum()
}
