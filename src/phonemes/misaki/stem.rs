//! In: the phonemes of a stem. Out: those of the word with -s, -ed or -ing. Knows misaki's letters and its rules (`_s`,
//! `_ed`, `_ing` in its `en.py`), and no word.

/// A vowel or diphthong after which an American t between vowels is a flap.
fn is_before_flap(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| "AIOWYiuæɑəɛɪɹʊʌ".contains(letter))
}

/// The last letter, and the one before it.
fn ends(stem: &str) -> (Option<char>, Option<char>) {
    let mut letters = stem.chars().rev();
    (letters.next(), letters.next())
}

/// With -s: a plural, a possessive, a third person.
pub fn s(stem: &str, british: bool) -> Option<String> {
    let last = ends(stem).0?;
    Some(match last {
        'p' | 't' | 'k' | 'f' | 'θ' => format!("{stem}s"),
        's' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ' => format!("{stem}{}z", if british { 'ɪ' } else { 'ᵻ' }),
        _ => format!("{stem}z"),
    })
}

/// With -ed.
pub fn ed(stem: &str, british: bool) -> Option<String> {
    let (last, before) = ends(stem);
    Some(match last? {
        'p' | 'k' | 'f' | 'θ' | 'ʃ' | 's' | 'ʧ' => format!("{stem}t"),
        'd' => format!("{stem}{}d", if british { 'ɪ' } else { 'ᵻ' }),
        't' if british || before.is_none() => format!("{stem}ɪd"),
        't' if is_before_flap(before) => format!("{}ɾᵻd", &stem[..stem.len() - 1]),
        't' => format!("{stem}ᵻd"),
        _ => format!("{stem}d"),
    })
}

/// With -ing; none where British English would link an r that no letter tells.
pub fn ing(stem: &str, british: bool) -> Option<String> {
    let (last, before) = ends(stem);
    match last? {
        'ə' | 'ː' if british => None,
        't' if !british && is_before_flap(before) => Some(format!("{}ɾɪŋ", &stem[..stem.len() - 1])),
        _ => Some(format!("{stem}ɪŋ")),
    }
}
