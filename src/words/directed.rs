//! In: a text and the directions that its transcript gives for it. Out: what is given for stretches of it, and its words
//! with their pace and their pauses. Knows no markup and no phonemes.

use super::read::say_as;
use super::sounds::{Given, Ipa};
use super::tidy::tidy;
use super::{Word, said};
use crate::lang::Tongue;
use crate::time::Ticks;
use crate::transcript::{Directed, Direction};
use std::ops::Range;

/// The bounds of a word's pace, in thousandths of what it would be by itself.
const PACES: std::ops::RangeInclusive<u32> = 250..=4000;

/// What is given for stretches of `text`, in order and without overlap; of two that overlap the first counts. What lies
/// in one of `others` is said in the other language.
pub fn given(text: &str, directions: &[Direction], tongue: Tongue, others: &[Range<usize>]) -> Vec<Given> {
    let inside = |d: &Direction| others.iter().any(|o| o.start <= d.place.start && d.place.end <= o.end);
    let of = |d: &Direction| if inside(d) { Tongue::of(tongue.lang.other()) } else { tongue };
    let mut all: Vec<Given> = directions.iter().filter_map(|direction| one(text, direction, of(direction))).collect();
    all.sort_by_key(|given| given.place.start);
    let mut end = 0;
    all.retain(|given| {
        let apart = given.place.start >= end;
        end = end.max(given.place.end);
        apart
    });
    all
}

fn one(text: &str, direction: &Direction, tongue: Tongue) -> Option<Given> {
    let whole = text.get(direction.place.clone())?;
    let written = whole.trim();
    let start = direction.place.start + (whole.len() - whole.trim_start().len());
    let place = start..start + written.len();
    if written.is_empty() {
        return None;
    }
    let (spoken, ipa) = match &direction.what {
        Directed::Phonemes(symbols) => (tidy(written), Some(Ipa { symbols: symbols.clone(), from: None })),
        Directed::Instead(alias) => (said(alias, tongue), None),
        Directed::SayAs(how) => (say_as(written, *how, tongue)?, None),
        Directed::Pause(_) | Directed::Pace(_) | Directed::Lang(_) => return None,
    };
    Some(Given { place, spoken, ipa })
}

/// Gives the words of a text their pace and their pauses.
pub fn direct(words: &mut [Word], directions: &[Direction]) {
    for direction in directions {
        match direction.what {
            Directed::Pause(length) => {
                let next = words.iter().position(|word| word.text.start >= direction.place.start);
                if let Some(word) = next.and_then(|at| words.get_mut(at)) {
                    word.pauses[0] += length;
                } else if let Some(word) = words.last_mut() {
                    word.pauses[1] += length;
                }
            }
            Directed::Pace(stretch) => {
                for word in words.iter_mut().filter(|word| meets(word, direction)) {
                    let product = u64::from(word.stretch) * u64::from(stretch) / 1000;
                    word.stretch = (product as u32).clamp(*PACES.start(), *PACES.end());
                }
            }
            Directed::Phonemes(_) | Directed::Instead(_) | Directed::SayAs(_) | Directed::Lang(_) => {}
        }
    }
}

fn meets(word: &Word, direction: &Direction) -> bool {
    word.text.start < direction.place.end && word.text.end > direction.place.start
}

/// The pause that is asked for between two words.
pub fn between(before: Option<&Word>, after: &Word) -> Option<Ticks> {
    let pause = before.map_or(Ticks::ZERO, |word| word.pauses[1]) + after.pauses[0];
    Some(pause).filter(|pause| *pause > Ticks::ZERO)
}
