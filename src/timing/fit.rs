//! In: the tokens of a piece, and how many frames they are to have. Out: frames of each token,
//! exactly so many in all. Knows no stamp and no plan.
//!
//! Shortening is not quite uniform. D. H. Klatt, *Synthesis by rule of segmental durations in
//! English sentences*, 1979, has a vowel give up 0.6 of its natural duration and a consonant 0.35
//! before it stops being itself, and a pause all of it. Taken as they stand, these proportions
//! leave little of vowels and of the closures that fall between two words: Whisper hears no more
//! words so than with even shortening. So the classes keep their order and most of the spread goes.
//!
//! Rounding to whole frames is carried along the running sum: no sound begins more than half a
//! frame from where its duration would put it, however many came before.

use super::Token;
use crate::phonemes::inventory::Class;

/// What a sound gives up, in hundredths of its duration, against the others.
fn elasticity(class: Class) -> i64 {
    match class {
        Class::Pause => 150,
        Class::Vowel => 110,
        Class::Consonant | Class::Mark => 90,
    }
}

/// Where the decimal point is in durations and reaches.
const POINT: u32 = 20;

/// The least and the most of what the elasticities are multiplied by, in 1/2^20.
const REACH: i64 = 64 << POINT;

/// Frames of these tokens, exactly `wanted` in all; one each at least, so that fewer than the
/// tokens cannot be had.
pub(crate) fn fit(tokens: &[Token], wanted: u64) -> Vec<u32> {
    let wanted = wanted.max(tokens.len() as u64);
    let reach = reach(tokens, wanted);
    let mut frames = Vec::with_capacity(tokens.len());
    let (mut ideal, mut given) = (0i64, 0i64);
    for token in tokens {
        ideal += scaled(*token, reach);
        let upto = (ideal + (1 << (POINT - 1))) >> POINT;
        frames.push((upto - given) as u32);
        given = upto;
    }
    // More than any reach gives is for the longest; and the last bit of the last rounding.
    let left = wanted.saturating_sub(given as u64);
    if let Some(longest) = frames.iter_mut().max() {
        *longest += left as u32;
    }
    frames
}

/// How far to go, in 1/2^20 of what the elasticities say: the furthest without more than `wanted`
/// frames.
fn reach(tokens: &[Token], wanted: u64) -> i64 {
    let sum = |reach: i64| tokens.iter().map(|t| scaled(*t, reach)).sum::<i64>();
    let target = (wanted as i64) << POINT;
    let (mut low, mut high) = (-REACH, REACH);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if sum(middle) <= target { low = middle } else { high = middle }
    }
    low
}

/// A token's duration in 1/2^20 of a frame, `reach` / 2^20 of its elasticity away from its natural
/// one: a frame at least, so that what is rounded along the running sum has one, too.
fn scaled(token: Token, reach: i64) -> i64 {
    let natural = i64::from(token.frames);
    let change = (natural * elasticity(token.class) * reach) / 100;
    ((natural << POINT) + change).max(1 << POINT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    fn token(class: Class, frames: u32) -> Token {
        Token { frames, class }
    }

    /// What there is to test on: tokens of Piper's and of Kokoro's kind, a single one, long ones.
    fn pieces() -> Vec<Vec<Token>> {
        use Class::{Consonant, Mark, Pause, Vowel};
        let classes = [Consonant, Mark, Vowel, Vowel, Consonant, Pause].into_iter().cycle();
        let of =
            |frames: &[u32]| frames.iter().zip(classes.clone()).map(|(frames, class)| token(class, *frames)).collect();
        vec![
            of(&[2, 1, 2, 1, 3, 1, 2, 3, 1, 3, 1, 3, 2, 1, 2, 1, 2, 2, 3, 1, 2, 1, 3, 6, 2, 3]),
            of(&[2, 3, 2, 2, 1, 2, 2, 1, 2, 2, 2, 2, 2, 3, 2, 7, 3, 10]),
            of(&[5]),
            of(&[20, 20, 20, 20, 20, 20]),
            of(&[1, 1, 1, 1]),
        ]
    }

    fn sum(frames: &[u32]) -> u64 {
        frames.iter().map(|f| u64::from(*f)).sum()
    }

    #[test]
    fn sums_are_exact_and_every_token_has_a_frame() {
        for piece in pieces() {
            for wanted in 0..400 {
                let frames = fit(&piece, wanted);
                assert_eq!(sum(&frames), wanted.max(piece.len() as u64), "{piece:?}");
                assert_eq!(frames.len(), piece.len());
                assert!(frames.iter().all(|f| *f >= 1), "{frames:?} of {piece:?}");
            }
        }
        assert!(fit(&[], 7).is_empty());
    }

    #[test]
    fn the_natural_length_is_left_as_it_is() {
        for piece in pieces() {
            let natural: Vec<u32> = piece.iter().map(|t| t.frames).collect();
            assert_eq!(fit(&piece, sum(&natural)), natural);
        }
    }

    #[test]
    fn the_error_of_rounding_is_carried_on() {
        for piece in pieces() {
            let natural: u64 = piece.iter().map(|t| u64::from(t.frames)).sum();
            for wanted in (piece.len() as u64).max(natural / 2)..natural * 2 {
                let reach = reach(&piece, wanted);
                let (mut ideal, mut given) = (0, 0);
                for (token, frames) in piece.iter().zip(fit(&piece, wanted)) {
                    ideal += scaled(*token, reach);
                    given += i64::from(frames) << POINT;
                    let error = (given - ideal).abs();
                    assert!(error <= 1 << (POINT - 1), "{wanted} frames of {piece:?}");
                }
            }
        }
    }

    #[test]
    fn where_more_is_wanted_no_sound_ends_earlier() {
        for piece in pieces() {
            let mut before = vec![0; piece.len()];
            for wanted in piece.len() as u64..200 {
                let mut upto = 0;
                let ends: Vec<u32> = fit(&piece, wanted)
                    .iter()
                    .map(|f| {
                        upto += f;
                        upto
                    })
                    .collect();
                let kept = ends.iter().zip(&before).all(|(now, then)| now >= then);
                assert!(kept, "{wanted} frames of {piece:?}: {ends:?} after {before:?}");
                before = ends;
            }
        }
    }

    #[test]
    fn pauses_give_and_take_more_than_vowels_and_vowels_more_than_consonants() {
        let word = [token(Class::Consonant, 40), token(Class::Vowel, 40), token(Class::Pause, 40)];
        let rows = [(90, [Ordering::Greater; 2]), (150, [Ordering::Less; 2])];
        for (wanted, orders) in rows {
            let frames = fit(&word, wanted);
            let found = [frames[0].cmp(&frames[1]), frames[1].cmp(&frames[2])];
            assert_eq!(found, orders, "{frames:?}");
        }
    }
}
