//! In: text in Latin letters. Out: the name of its language, where that is surely neither English nor French. For remarks
//! only: which of the two a line is in is decided by `language`, and nothing spoken depends on this.
//!
//! Trigrams as `whatlang` counts them (Cavnar and Trenkle 1994); with few letters they prove nothing.

use whatlang::{Lang, Script, detect};

/// With fewer letters nothing is said of a text. From 24 on, no line of two feature films' English subtitles and none of
/// a thousand sentences of English and French was taken for another language.
const ENOUGH: usize = 30;

/// How sure it must be, of 1.
const SURE: f64 = 0.9;

/// How many characters are looked at.
const LOOKED_AT: usize = 1500;

/// The English name of the language of a text, if it is surely another than English and French.
pub fn foreign(text: &str) -> Option<&'static str> {
    let text = text.char_indices().nth(LOOKED_AT).map_or(text, |(at, _)| &text[..at]);
    if text.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH {
        return None;
    }
    let found = detect(text)?;
    let sure = found.is_reliable() && found.confidence() >= SURE && found.script() == Script::Latin;
    Some(found.lang().eng_name()).filter(|_| sure && !matches!(found.lang(), Lang::Eng | Lang::Fra))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_english_nor_french_has_a_name() {
        let rows = [
            (
                "Der Leuchtturm wurde heute Morgen nach drei Jahren wieder eröffnet, und viele Leute von der Küste waren da.",
                Some("German"),
            ),
            (
                "El faro volvió a abrir esta mañana después de tres años de obras, ante una multitud venida de toda la costa.",
                Some("Spanish"),
            ),
            (
                "Il faro è stato riaperto questa mattina dopo tre anni di lavori, davanti a una folla venuta da tutta la costa.",
                Some("Italian"),
            ),
            (
                "The lighthouse was opened again this morning after three years of work, before a crowd from all over the coast.",
                None,
            ),
            ("Le phare a rouvert ce matin, après trois ans de travaux, devant une foule venue de toute la côte.", None),
            ("Der Hund läuft durch den Wald und sieht die Katze nicht mehr.", Some("German")),
            ("Il cane corre nel bosco e non vede più il gatto.", Some("Italian")),
            ("Hans Müller and Anna Schmidt met in Düsseldorf.", None),
            ("Guten Morgen!", None),
            ("", None),
        ];
        for (text, name) in rows {
            assert_eq!(foreign(text), name, "{text}");
        }
    }
}
