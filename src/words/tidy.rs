//! In: one piece of a text without white space. Out: the same as a voice is given it, and what kind of mark it is if
//! it is no word. Knows nothing of the pieces beside it.

use unicode_normalization::UnicodeNormalization;

/// What is spoken of a piece: composed letters (NFC), straight quotes, plain dashes and dots, no decoration.
pub(super) fn tidy(piece: &str) -> String {
    let mut spoken = String::with_capacity(piece.len());
    let chars: Vec<char> = piece.nfc().collect();
    for (at, &c) in chars.iter().enumerate() {
        match c {
            '’' | '‘' | '‛' | '′' | 'ʼ' | '`' | '´' | '＇' => spoken.push('\''),
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' => spoken.push('"'),
            '‹' | '›' => spoken.push('\''),
            '…' => spoken.push_str("..."),
            '‐' | '‑' | '−' => spoken.push('-'),
            '‼' | '⁇' | '⁈' | '⁉' => spoken.extend(c.nfkc()),
            // Ligatures of typesetting are no letters of English or French.
            '\u{fb00}'..='\u{fb06}' => spoken.extend(c.nfkc()),
            '_' if between_letters(&chars, at) => spoken.push(' '),
            _ if is_decoration(c) => {}
            _ => spoken.push(c),
        }
    }
    spoken
}

fn between_letters(chars: &[char], at: usize) -> bool {
    let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
    at > 0 && word(chars.get(at - 1)) && word(chars.get(at + 1))
}

/// What is seen and not said: notes of music, stars, arrows, boxes, pictures, marks of emphasis.
fn is_decoration(c: char) -> bool {
    let decorates = matches!(c,
        '*' | '_' | '~' | '#' | '^' | '|' | '\\' | '•' | '·' | '●' | '†' | '‡' | '¶'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{ad}' | '\u{feff}'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}'
        | '\u{1f000}'..='\u{1faff}' | '\u{e0000}'..='\u{e01ef}');
    (decorates || c.is_control()) && !c.is_alphanumeric()
}

/// Whether this is a dash, several, or a stroke: between words it is heard as a pause.
pub(super) fn is_pause(piece: &str) -> bool {
    piece.chars().all(|c| matches!(c, '-' | '–' | '—' | '―' | '‐' | '‑' | '−' | '/'))
}

/// Whether these marks open something and so belong to the word after them.
pub(super) fn opens(piece: &str) -> bool {
    piece.ends_with(['«', '‹', '“', '„', '‘', '(', '[', '{', '¿', '¡', '<'])
}
