//! In: texts that stand one after the other. Out: the language of each. Knows no cues, no times and no voices.
//!
//! Each text gives evidence: the log-odds of English against French, by the n-gram models of `lingua` and by a few
//! words that belong to one of the two languages only. Evidence is bounded by the number of letters, so a short line
//! proves little. Then the most likely sequence of languages is found (Viterbi 1967), where every change from one
//! text to the next costs 2.5 of evidence: short and unsure lines lean on their neighbours, and a
//! line in the other language needs about twice that to stand alone.

use crate::lang::Lang;
use crate::text::{quotations, sayable};
use lingua::{Language, LanguageDetector, LanguageDetectorBuilder};

/// What a change of language between neighbours costs, in natural log-odds.
const SWITCH: f64 = 2.5;
/// The evidence one letter can give at most.
const PER_LETTER: f64 = 0.3;
/// The evidence a word of one language only gives.
const PER_WORD: f64 = 1.0;
/// The evidence a text can give at most.
const MOST: f64 = 12.0;
/// The evidence of a language that is stated: more than all changes around a text could cost.
const STATED: f64 = 4.0 * SWITCH + MOST;
/// The evidence from which on what stands around a quotation decides.
const TELLING: f64 = 2.0;
/// How many characters of a text are looked at; more would not change the verdict and costs time.
const ENOUGH: usize = 400;

/// Words of English that French does not have.
const ENGLISH: &[&str] = &[
    "the", "and", "of", "is", "are", "was", "were", "be", "been", "it", "he", "she", "they", "you", "we", "i", "my",
    "your", "this", "that", "with", "from", "not", "no", "yes", "yeah", "what", "why", "how", "when", "who", "hello",
    "thanks", "thank", "please", "right", "well", "now", "here", "there", "i'm", "it's", "don't", "to", "good", "for",
    "have", "has", "had", "will", "would", "could", "should", "did", "does", "if", "so", "at", "by", "up", "out",
    "just", "know", "think", "let's", "can't", "isn't", "didn't", "that's", "you're", "we're", "they're", "i'll",
    "i've", "very", "much", "some", "their", "our", "his", "her", "its", "than", "then", "them", "these", "those",
    "which", "because", "into", "about", "after", "before", "again", "never", "always", "every", "other", "said",
];
/// Words of French that English does not have.
const FRENCH: &[&str] = &[
    "le", "la", "les", "et", "est", "un", "une", "des", "du", "je", "tu", "il", "elle", "nous", "vous", "ils", "ce",
    "cette", "ces", "avec", "dans", "pour", "pas", "que", "qui", "non", "oui", "quoi", "merci", "bonjour", "salut",
    "bien", "voilà", "d'accord", "c'est", "aux", "au", "sur", "très", "mais", "où", "mon", "sont", "être", "sa", "ses",
    "leur", "leurs", "notre", "votre", "nos", "vos", "mes", "tes", "par", "tous", "toute", "toutes", "était",
    "étaient", "avait", "ont", "été", "comme", "aussi", "sans", "chez", "jamais", "toujours", "rien", "ça", "cela",
    "j'ai", "n'est", "qu'il", "qu'elle", "d'un", "d'une", "quand", "puis", "après", "avant", "alors", "donc", "ici",
    "elles", "lui",
];

/// The language of each of the texts, which stand in this order in one document: `forced`, if it is given, else what is
/// stated beside the text, if it is, else what its words and its neighbours tell.
///
/// Texts that say nothing, and ties, get the language of their neighbours; a document of nothing else is English.
pub fn languages<T: AsRef<str>>(texts: impl Iterator<Item = (T, Option<Lang>)>, forced: Option<Lang>) -> Vec<Lang> {
    if let Some(lang) = forced {
        return texts.map(|_| lang).collect();
    }
    let mut judge = Judge::default();
    let evidence = texts.map(|(text, stated)| match stated {
        Some(Lang::En) => STATED,
        Some(Lang::Fr) => -STATED,
        None => evidence(text.as_ref(), &mut judge),
    });
    most_likely(evidence)
}

/// Tells English from French; its models are loaded when the first text is judged.
#[derive(Default)]
pub struct Judge(Option<LanguageDetector>);

impl Judge {
    /// Log-odds of English against French by the models alone, however short the text; 0 where they say nothing.
    pub fn odds(&mut self, text: &str) -> f64 {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        models(head(text), letters.max(1) as f64 * PER_LETTER, &mut self.0)
    }
}

/// Log-odds of English against French. Where what stands outside of quotation marks tells a language, that is the line's:
/// it is the one who quotes that speaks.
fn evidence(text: &str, judge: &mut Judge) -> f64 {
    let text = head(text);
    let quotations = quotations(text);
    if !quotations.is_empty() {
        let (mut rest, mut from) = (String::new(), 0);
        for quotation in quotations {
            rest += &text[from..quotation.start];
            from = quotation.end;
        }
        rest += &text[from..];
        let around = evidence_of_all(&rest, judge);
        if around.abs() >= TELLING {
            return around;
        }
    }
    evidence_of_all(text, judge)
}

fn evidence_of_all(text: &str, judge: &mut Judge) -> f64 {
    if !sayable(text) {
        return 0.0;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count() as f64;
    let models = models(text, (letters * PER_LETTER).min(MOST), &mut judge.0);
    let both = (models + own_words(text) * PER_WORD).clamp(-MOST, MOST);
    (both * 1e6).round() / 1e6
}

/// What the models say, to a millionth: `lingua` adds its terms in no fixed order, and nothing that comes of it may
/// depend on that. It is at most `bound`.
fn models(text: &str, bound: f64, judge: &mut Option<LanguageDetector>) -> f64 {
    let judge = judge
        .get_or_insert_with(|| LanguageDetectorBuilder::from_languages(&[Language::English, Language::French]).build());
    let sure = 1e-6;
    let mut english = 0.5;
    let values = judge.compute_language_confidence_values(text);
    if values.iter().any(|(_, value)| *value > 0.0) {
        english = values.iter().find(|(language, _)| *language == Language::English).map_or(0.5, |(_, value)| *value);
    }
    let english = english.clamp(sure, 1.0 - sure);
    let odds = (english / (1.0 - english)).ln().clamp(-bound, bound);
    (odds * 1e6).round() / 1e6
}

/// As much of a text as is looked at.
fn head(text: &str) -> &str {
    text.char_indices().nth(ENOUGH).map_or(text, |(at, _)| &text[..at])
}

/// How many more of its words belong to English only than to French only.
fn own_words(text: &str) -> f64 {
    let text = text.to_lowercase().replace('’', "'");
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).map(|word| word.trim_matches('\''));
    words.map(|word| f64::from(i8::from(ENGLISH.contains(&word)) - i8::from(FRENCH.contains(&word)))).sum()
}

/// The sequence of languages with the most evidence for it, less [`SWITCH`] for every change.
fn most_likely(evidence: impl Iterator<Item = f64>) -> Vec<Lang> {
    // Best score of a sequence that ends in English, in French; and for each text and language, whether the best
    // sequence up to there came from the other language.
    let (mut english, mut french) = (0.0_f64, 0.0_f64);
    let mut switched = Vec::new();
    for (index, odds) in evidence.enumerate() {
        let cost = if index == 0 { f64::INFINITY } else { SWITCH };
        switched.push((french - cost > english, english - cost > french));
        let (from_english, from_french) = (english.max(french - cost), french.max(english - cost));
        // Equal shares keep the sums small however long the document is.
        let mean = (from_english + from_french) / 2.0;
        (english, french) = (from_english - mean + odds / 2.0, from_french - mean - odds / 2.0);
    }
    let mut lang = if english >= french { Lang::En } else { Lang::Fr };
    let mut found: Vec<Lang> = Vec::with_capacity(switched.len());
    for (into_english, into_french) in switched.into_iter().rev() {
        found.push(lang);
        lang = match lang {
            Lang::En if into_english => Lang::Fr,
            Lang::Fr if into_french => Lang::En,
            same => same,
        };
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests;
