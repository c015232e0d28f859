//! In: the words of an utterance, with the cues they are from. Out: its parts: one for each cue, or for each phrase, with
//! how good a place for a pause is before it, and whether it is pinned to its stamp. Knows no voice and no durations.

use super::{Part, Script};
use crate::lang::Lang;
use crate::time::Ticks;
use crate::transcript::letters;
use crate::words::phrases::{Border, FragmentCue, borders, pins};

/// The fewest words that a phrase has which is planned by itself.
const SHORTEST: usize = 2;

/// Consecutive places (cue and word) as parts; `first` is the border before the first of them.
pub(super) fn parts(script: Script<'_>, places: &[(usize, usize)], lang: Lang, first: Border) -> Vec<Part> {
    let borders = borders_between(script, places, lang);
    let mut parts: Vec<Part> = Vec::new();
    for (at, &(cue, word)) in places.iter().enumerate() {
        let after_pause = pause_before(script, cue, word);
        let mut border = if at == 0 { first } else { borders[at - 1] };
        if after_pause.is_some() {
            border = border.max(Border::Clause);
        }
        match parts.last_mut() {
            Some(part) if part.cue == cue && after_pause.is_none() => part.words.end = word + 1,
            _ => parts.push(Part { cue, words: word..word + 1, border, pinned: true, after_pause }),
        }
    }
    pin(script, &mut parts);
    parts
}

/// The border before each word but the first.
pub(super) fn borders_between(script: Script<'_>, places: &[(usize, usize)], lang: Lang) -> Vec<Border> {
    let spoken: Vec<&str> = places.iter().map(|(cue, word)| script.words[*cue][*word].spoken.as_str()).collect();
    borders(&spoken, lang)
}

/// When the file has a word begin after a real pause inside its cue.
fn pause_before(script: Script<'_>, cue: usize, word: usize) -> Option<Ticks> {
    if word == 0 {
        return None;
    }
    let place = &script.words[cue][word].text;
    let earlier = &script.words[cue][word - 1].text;
    let pauses = script.cues[cue].pauses().iter();
    let here = pauses.filter(|pause| pause.at >= earlier.end && pause.at < place.end);
    here.map(|pause| pause.until).next()
}

/// Says which parts are pinned to their stamps: of cues that are mere fragments, those that begin a phrase.
fn pin(script: Script<'_>, parts: &mut [Part]) {
    let mut fragments = Vec::with_capacity(parts.len());
    for part in parts.iter() {
        let cue = &script.cues[part.cue];
        let words = &script.words[part.cue][part.words.clone()];
        fragments.push(FragmentCue {
            start: cue.start().filter(|_| part.words.start == 0),
            end: cue.end(),
            words: words.len(),
            letters: words.iter().map(|word| letters(&word.spoken)).sum(),
            border: part.border,
        });
    }
    for (part, pinned) in parts.iter_mut().zip(pins(&fragments)).skip(1) {
        // What has no stamp of its own has nothing to be loose from.
        part.pinned = pinned || part.words.start > 0;
    }
}

/// Parts, cut where phrases begin inside them.
pub(super) fn by_phrases(script: Script<'_>, parts: &[Part], lang: Lang) -> Vec<Part> {
    let places: Vec<(usize, usize)> = parts.iter().flat_map(|p| p.words.clone().map(move |w| (p.cue, w))).collect();
    let borders = borders_between(script, &places, lang);
    let mut refined = Vec::with_capacity(parts.len());
    let mut at = 0;
    for part in parts {
        let mut rest = part.clone();
        for word in part.words.clone() {
            let here = at + word - part.words.start;
            let grown = word >= rest.words.start + SHORTEST && word + SHORTEST <= part.words.end;
            if grown && borders[here - 1] >= Border::Phrase {
                let next = Part {
                    words: word..part.words.end,
                    border: borders[here - 1],
                    pinned: true,
                    after_pause: None,
                    ..part.clone()
                };
                rest.words.end = word;
                refined.push(rest);
                rest = next;
            }
        }
        refined.push(rest);
        at += part.words.len();
    }
    refined
}
