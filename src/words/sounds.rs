//! In: nothing but the ground. Out: the types that say how a stretch of text is spoken where its spelling does not tell.
//! Knows no phonemes: what a voice makes of IPA is found out later.

use crate::lang::Lang;
use std::ops::Range;
use std::sync::Arc;

/// A pronunciation in the alphabet of the International Phonetic Association, as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ipa {
    /// The symbols.
    pub symbols: String,
    /// Where it was written, if not in the transcript itself: `names.toml:12`.
    pub from: Option<Arc<str>>,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sound {
    /// It is said as it is spelt.
    Spelt(String),
    /// It is said like this.
    Ipa(Ipa),
    /// It is said as it is spelt in this language, which is not the one around it.
    Other(String, Lang),
}

/// What is said for a stretch of a text, whatever the rules of reading say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Given {
    /// The bytes of the text it stands for.
    pub place: Range<usize>,
    /// What is said instead, or, where there is a pronunciation, what a report shows.
    pub spoken: String,
    /// How that is pronounced, where its spelling does not tell.
    pub ipa: Option<Ipa>,
}

/// `first` and what of `second` does not overlap it, in order. Both are in order and without overlap.
pub fn merged(first: Vec<Given>, second: Vec<Given>) -> Vec<Given> {
    let mut all = first;
    let strong = all.len();
    for given in second {
        let at = all[..strong].partition_point(|other| other.place.end <= given.place.start);
        if all[..strong].get(at).is_none_or(|other| other.place.start >= given.place.end) {
            all.push(given);
        }
    }
    all.sort_by_key(|given| given.place.start);
    all
}
