//! In: nothing but the ground. Out: [`Element`], what is known of an element of TTML while it is
//! open. Knows no tags.

use crate::lang::Lang;
use crate::time::Ticks;

/// An element that is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub begin: Ticks,
    pub end: Option<Ticks>,
    pub grain: Ticks,
    /// It says itself when it begins or ends.
    pub timed: bool,
    /// Its children follow each other.
    pub seq: bool,
    /// In a `seq`, where the next child begins.
    pub next: Ticks,
    pub agent: Option<String>,
    pub lang: Option<Lang>,
    pub preserve: bool,
    /// Nothing in it is to be spoken: metadata, styles, ruby, what is not shown.
    pub silent: bool,
}
