//! In: nothing but the ground and what a cue is made of. Out: [`Cue`], kept small: a large file has millions of them.
//! Knows no format.
//!
//! Texts stand together, many in one block of memory; what most cues have none of (marks, directions, a speaker) stands
//! apart. A line of a few letters then takes about 60 bytes besides them.

use super::directions::{Directed, Direction};
use super::marks::{Mark, Silence, Sounds, What};
use super::pauses::Pause;
use crate::lang::Lang;
use crate::text::sayable;
use crate::time::{MaybeTicks, Ticks};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One thing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    text: Text,
    start: MaybeTicks,
    end: MaybeTicks,
    /// In ticks how precise the start is; where there is none, the paragraph.
    grain_or_paragraph: u32,
    line: u32,
    index: u32,
    lang: Option<Lang>,
    turn: bool,
    rest: Option<Box<Rest>>,
}

/// What most cues have none of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rest {
    marks: Box<[Mark]>,
    speaker: Option<Arc<str>>,
    rarer: Option<Box<Rarer>>,
}

/// What cues with a label or a mark have none of, mostly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rarer {
    directions: Box<[Direction]>,
    pauses: Box<[Pause]>,
}

impl Cue {
    /// A text on a line of a file, from 1, without a time.
    pub fn new(line: usize, text: impl Into<String>) -> Cue {
        Cue { line: small(line), text: Text::from(text.into()), ..Cue::default() }
    }

    /// A text that is to be heard from `start` on, as a program has it that reads no file. Its text is said as it stands:
    /// there is no markup in it. See [`Transcript::of`](super::Transcript::of).
    pub fn timed(start: Ticks, text: impl Into<String>) -> Cue {
        let mut cue = Cue::new(0, text);
        cue.set_start(start, Ticks::from_millis(1));
        cue
    }

    /// This cue, to be over at `end`.
    #[must_use]
    pub fn until(mut self, end: Ticks) -> Cue {
        self.set_end(Some(end));
        self
    }

    /// This cue, said by this person.
    #[must_use]
    pub fn by(mut self, speaker: &str) -> Cue {
        self.set_speaker(Some(Arc::from(speaker)));
        self
    }

    /// This cue, in this language.
    #[must_use]
    pub fn in_lang(mut self, lang: Lang) -> Cue {
        self.set_lang(Some(lang));
        self
    }

    /// This cue with another text, which is said as it stands.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Cue {
        self.set_marks(Vec::new());
        self.set_directions(Vec::new());
        self.set_pauses(Vec::new());
        self.set_text(text.into());
        self
    }

    /// Its place in its list, from 1.
    pub fn index(&self) -> usize {
        self.index as usize
    }

    /// The line of the file its text begins on, from 1.
    pub fn line(&self) -> usize {
        self.line as usize
    }

    /// When it starts; `None` in prose.
    pub fn start(&self) -> Option<Ticks> {
        self.start.get()
    }

    /// When it ends, where the file says so.
    pub fn end(&self) -> Option<Ticks> {
        self.end.get()
    }

    /// How precise the start is: `00:17` names a second, `00:17.250` a millisecond; six seconds at most. Zero in prose.
    pub fn grain(&self) -> Ticks {
        Ticks(self.start().map_or(0, |_| i64::from(self.grain_or_paragraph)))
    }

    /// In prose, the paragraph it belongs to, from 1; else 0.
    pub fn paragraph(&self) -> usize {
        self.start().map_or(self.grain_or_paragraph as usize, |_| 0)
    }

    /// The transcript's own words, on one line; there may be none, or nothing that can be said.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// Which stretches of the text are not simply read aloud, in order; they do not overlap.
    pub fn marks(&self) -> &[Mark] {
        self.rest.as_deref().map_or(&[], |rest| &rest.marks)
    }

    /// How stretches of the text are to be said, in order of their beginnings.
    pub fn directions(&self) -> &[Direction] {
        self.rarer().map_or(&[], |rarer| &rarer.directions)
    }

    /// The real pauses between its words, in order, where the file has the times of words.
    pub fn pauses(&self) -> &[Pause] {
        self.rarer().map_or(&[], |rarer| &rarer.pauses)
    }

    fn rarer(&self) -> Option<&Rarer> {
        self.rest.as_deref()?.rarer.as_deref()
    }

    fn rarer_mut(&mut self) -> &mut Rarer {
        self.rest.get_or_insert_default().rarer.get_or_insert_default()
    }

    /// Its language, where the file says so.
    pub fn lang(&self) -> Option<Lang> {
        self.lang
    }

    /// Who speaks, where the file says so.
    pub fn speaker(&self) -> Option<&str> {
        self.rest.as_deref()?.speaker.as_deref()
    }

    /// Whether somebody else begins to speak here, even where the file does not say who.
    pub fn turn(&self) -> bool {
        self.turn
    }

    /// Whether there is anything in it to say.
    pub fn sayable(&self) -> bool {
        sayable(self.text())
    }

    /// `text`, which is this one's as it is read aloud, with spaces for what is marked as being in some language or given
    /// as sounds: what is left says in which language the line is.
    pub fn unmarked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut left = Cow::Borrowed(text);
        for direction in self.directions() {
            let marks = matches!(direction.what, Directed::Lang(_) | Directed::Phonemes(_));
            if marks && left.get(direction.place.clone()).is_some() {
                left.to_mut().replace_range(direction.place.clone(), &" ".repeat(direction.place.len()));
            }
        }
        left
    }

    /// The text with a space for each byte that is not read aloud, so that places in it stay what they are.
    pub fn aloud(&self, sounds: Sounds) -> Cow<'_, str> {
        let mut aloud = Cow::Borrowed(self.text());
        for mark in self.marks().iter().filter(|mark| !mark.place.is_empty()) {
            let What::Silent(why) = mark.what;
            if sounds.leave_out(why) && self.text().get(mark.place.clone()).is_some() {
                aloud.to_mut().replace_range(mark.place.clone(), &" ".repeat(mark.place.len()));
            }
        }
        aloud
    }

    /// Why nothing of it is said, where marks are the reason.
    pub fn silence(&self) -> Option<Silence> {
        let first = self.marks().iter().map(|mark| match mark.what {
            What::Silent(why) => why,
        });
        let grave = first.min_by_key(|why| *why == Silence::Label)?;
        (!sayable(&self.aloud(Sounds::Skip))).then_some(grave)
    }

    /// The same in prose, in this paragraph, from 1.
    pub(super) fn of_paragraph(self, paragraph: usize) -> Cue {
        Cue { grain_or_paragraph: small(paragraph), ..self }
    }

    pub(super) fn set_index(&mut self, index: usize) {
        self.index = small(index);
    }

    pub(super) fn set_line(&mut self, line: usize) {
        self.line = small(line);
    }

    /// When it starts, and how precise that is.
    pub(super) fn set_start(&mut self, start: Ticks, grain: Ticks) {
        (self.start, self.grain_or_paragraph) = (Some(start).into(), grain.0.clamp(0, u32::MAX.into()) as u32);
    }

    pub(super) fn set_end(&mut self, end: Option<Ticks>) {
        self.end = end.into();
    }

    pub(super) fn set_text(&mut self, text: String) {
        self.text = Text::from(text);
    }

    pub(super) fn set_marks(&mut self, marks: Vec<Mark>) {
        if !marks.is_empty() || !self.marks().is_empty() {
            self.rest.get_or_insert_default().marks = marks.into();
        }
    }

    pub(super) fn set_directions(&mut self, directions: Vec<Direction>) {
        if !directions.is_empty() || !self.directions().is_empty() {
            self.rarer_mut().directions = directions.into();
        }
    }

    pub(super) fn set_pauses(&mut self, pauses: Vec<Pause>) {
        if !pauses.is_empty() || !self.pauses().is_empty() {
            self.rarer_mut().pauses = pauses.into();
        }
    }

    pub(super) fn set_lang(&mut self, lang: Option<Lang>) {
        self.lang = lang;
    }

    pub(crate) fn set_speaker(&mut self, speaker: Option<Arc<str>>) {
        if speaker.is_some() || self.speaker().is_some() {
            self.rest.get_or_insert_default().speaker = speaker;
        }
    }

    pub(super) fn set_turn(&mut self, turn: bool) {
        self.turn = turn;
    }
}

/// A line, a place in a list: no file is so large that it does not fit.
pub(super) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Puts the texts of these cues next to each other, in one block of memory.
pub(super) fn together(cues: &mut [Cue]) {
    let length: usize = cues.iter().map(|cue| cue.text().len()).sum();
    if u32::try_from(length).is_err() {
        return;
    }
    let mut block = String::with_capacity(length);
    cues.iter().for_each(|cue| block.push_str(cue.text()));
    let (block, mut from) = (Arc::new(block), 0);
    for cue in cues {
        let length = small(cue.text().len());
        cue.text = Text { block: Some(Arc::clone(&block)), from, length };
        from += length;
    }
}

/// A part of a text that others share.
#[derive(Clone, Default)]
struct Text {
    block: Option<Arc<String>>,
    from: u32,
    length: u32,
}

impl Text {
    fn as_str(&self) -> &str {
        let place = Range { start: self.from as usize, end: self.from as usize + self.length as usize };
        self.block.as_ref().and_then(|block| block.get(place)).unwrap_or_default()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text { from: 0, length: small(text.len()), block: Some(Arc::new(text)) }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_is_small() {
        assert!(size_of::<Cue>() <= 64, "{}", size_of::<Cue>());
    }

    #[test]
    fn texts_that_stand_together_are_what_they_were() {
        let mut cues: Vec<Cue> = ["Yes.", "", "À bientôt !", "no"].map(|text| Cue::new(1, text)).into();
        let before = cues.clone();
        together(&mut cues);
        assert_eq!(cues, before);
        together(&mut cues[1..3]);
        assert_eq!(cues, before);
    }
}
