//! In: one phoneme symbol of a Piper or Kokoro voice. Out: what kind of sound it stands for. Knows no voice and no
//! language: the classes are those of the chart of the International Phonetic Alphabet.

/// What a symbol stands for, as far as timing cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// No sound of its own: spaces, punctuation, pads, anything unknown.
    Pause,
    /// The nucleus of a syllable; what can be lengthened and shortened most.
    Vowel,
    /// Every other sound, glides included.
    Consonant,
    /// Stress, length, ties and other signs that modify the symbol beside them.
    Mark,
}

/// The vowels of the IPA chart, its rhotic ones and Kokoro's letters for diphthongs and the small schwa.
const VOWELS: &str = "aeiouyæøœɐɑɒɔɘəɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻεAIOQWYᵊ";

/// The consonants of the IPA chart (pulmonic, clicks, implosives), ligatures, and Kokoro's S and T.
const CONSONANTS: &str = "bcdfghjklmnpqrstvwxzçðħŋǀǁǂǃɓɕɖɗɟɠɡɢɣɥɦɧɫɬɭɮɰɱɲɳɴɸɹɺɻɽɾʀʁʂʃʄʈʋʍʎʐʑʒʔʕʘʙʛʜʝʟʡʢβθχⱱXʣʤʥʦʧʨꭧST";

/// Signs that are no sound: stress, length, ties, tone arrows, raised letters, the hyphen espeak puts after a schwa
/// that may fall.
const MARKS: &str = "ˈˌːˑ˞ʰʲʷˤᵝ↓↑→↗↘-#";

/// The class of a symbol.
pub fn class(symbol: char) -> Class {
    if VOWELS.contains(symbol) {
        Class::Vowel
    } else if CONSONANTS.contains(symbol) {
        Class::Consonant
    } else if MARKS.contains(symbol) || ('\u{300}'..='\u{36f}').contains(&symbol) {
        Class::Mark
    } else {
        Class::Pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_symbol_has_one_class() {
        let rows = [
            (Class::Vowel, "aəɚᵻAIOQWYᵊ"),
            (Class::Consonant, "bjwɹʁŋʔʤʧTɥ"),
            (Class::Mark, "ˈˌː\u{303}ʲ-"),
            (Class::Pause, " ,.;:?!_^$\"«—0"),
        ];
        for (expected, symbols) in rows {
            for symbol in symbols.chars() {
                assert_eq!(class(symbol), expected, "{symbol:?}");
            }
        }
        for symbol in VOWELS.chars() {
            assert!(!CONSONANTS.contains(symbol) && !MARKS.contains(symbol), "{symbol:?} twice");
        }
    }
}
