//! In: what is said for a word, and the ending of the form that stands in a text. Out: what is said for that form. Knows
//! how English endings sound; those of French are silent.

use super::Say;
use crate::lang::Lang;
use crate::words::sounds::Ipa;
use std::sync::Arc;

/// Sounds after which `-s` has a vowel, and those after which it is voiceless.
const HISSING: &str = "szʃʒʧʤ";
const VOICELESS: &str = "ptkfθxç";

/// What is said instead of a form, as text or as sounds.
pub(super) fn said(say: &Say, ending: &'static str, lang: Lang, from: &Arc<str>) -> (Option<String>, Option<Ipa>) {
    match say {
        Say::Like(text) if lang == Lang::En => (Some(format!("{text}{ending}")), None),
        Say::Like(text) => (Some(text.clone()), None),
        Say::Ipa(ipa) => {
            let sound = if lang == Lang::En { english(ipa, ending) } else { "" };
            (None, Some(Ipa { symbols: format!("{ipa}{sound}"), from: Some(Arc::clone(from)) }))
        }
    }
}

/// How an English ending sounds after a word with these sounds.
fn english(ipa: &str, ending: &str) -> &'static str {
    let last = ipa.chars().rev().find(|c| c.is_alphabetic() && !matches!(c, 'ː' | 'ʰ')).unwrap_or('a');
    match ending {
        "'s" | "s" | "es" if HISSING.contains(last) => "ɪz",
        "'s" | "s" | "es" if VOICELESS.contains(last) => "s",
        "'s" | "s" | "es" => "z",
        "ed" | "d" if matches!(last, 't' | 'd') => "ɪd",
        "ed" | "d" if VOICELESS.contains(last) || matches!(last, 's' | 'ʃ') => "t",
        "ed" | "d" => "d",
        "ing" => "ɪŋ",
        _ => "",
    }
}
