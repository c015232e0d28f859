//! In: the time and the plain text of a cue. Out: [`Shown`], what is compared of neighbours, and
//! whether cues touch and texts are too short to be said, which all that compares them must see
//! alike. Knows no other cue.

use super::markup::Look;
use crate::time::Ticks;

/// Cues that are no farther apart than this follow each other without the text leaving the screen.
pub(super) const TOUCHING: Ticks = Ticks::from_millis(200);

/// Nobody says a letter in less: half of what it takes in hurried speech.
const LETTER: Ticks = Ticks::from_millis(30);

/// What is compared of a cue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub start: Ticks,
    pub end: Option<Ticks>,
    pub text: &'a str,
    /// Where its looks change.
    pub looks: &'a [Look],
}

/// Whether nobody could say a text in this time.
pub(super) fn too_short(length: Ticks, text: &str) -> bool {
    length < LETTER * text.chars().filter(|c| c.is_alphanumeric()).count() as i64
}
