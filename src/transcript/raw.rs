//! In: nothing but the ground. Out: [`RawCue`], what a format's own module makes of a file, with the markup still in
//! it. `resolve` makes [`Cue`](super::Cue)s of it, the same way for every format.

use super::cue::small;
use super::pauses::WordTime;
use crate::lang::Lang;
use crate::time::{MaybeTicks, Ticks};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The language a text's formatting is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Markup {
    /// There is none: every sign stands for itself.
    #[default]
    Plain,
    /// What players make of SRT files: a few tags of HTML, entities, override blocks of ASS.
    Srt,
    /// WebVTT: everything in angle brackets is a tag; entities.
    Vtt,
    /// ASS and SSA: override blocks in braces; `\N`, `\n`, `\h`.
    Ass,
}

/// A cue as its format has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawCue {
    /// The line of the file its text begins on, or its time where there is no text; from 1.
    pub line: usize,
    /// When it starts; where the format gives none, its module says so in a note and takes the end of the one before.
    pub start: Ticks,
    /// When it ends, where the file says so; it may lie before the start, that is found and told later.
    pub end: Option<Ticks>,
    /// How precise the start is.
    pub grain: Ticks,
    /// Its text with its markup, its lines parted by `\n`; white space does not matter.
    pub text: String,
    /// Whether the lines of its text are not lines of the file: line breaks were written as `\n` in JSON, as `<br/>`.
    pub flat: bool,
    /// How the markup is written.
    pub markup: Markup,
    /// Who speaks, where the format has a place for that.
    pub speaker: Option<String>,
    /// Its language, where the format has a place for that.
    pub lang: Option<Lang>,
    /// When its words are said, where that stands beside the text; places are those of `text`, in order.
    pub times: Vec<WordTime>,
}

/// Many raw cues, packed: a large file has millions of them. The last one is at hand as it is.
#[derive(Debug, Default)]
pub(super) struct Raws {
    packed: Vec<Packed>,
    /// All texts, one after the other.
    texts: String,
    /// When words are said, in order of their places in `texts`.
    times: Vec<WordTime>,
    speakers: Speakers,
    last: Option<RawCue>,
}

/// A raw cue whose text and speaker stand elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    pub start: Ticks,
    end: MaybeTicks,
    grain: u32,
    line: u32,
    text: (u32, u32),
    /// Which of the speakers, from 1; 0 is nobody.
    speaker: u32,
    pub flat: bool,
    pub markup: Markup,
    pub lang: Option<Lang>,
}

impl Packed {
    pub(super) fn line(&self) -> usize {
        self.line as usize
    }

    pub(super) fn end(&self) -> Option<Ticks> {
        self.end.get()
    }

    pub(super) fn grain(&self) -> Ticks {
        Ticks(self.grain.into())
    }
}

impl Raws {
    /// One more.
    pub(super) fn push(&mut self, cue: RawCue) {
        self.pack();
        self.last = Some(cue);
    }

    /// The one that was added last.
    pub(super) fn last(&self) -> Option<&RawCue> {
        self.last.as_ref()
    }

    /// The one that was added last.
    pub(super) fn last_mut(&mut self) -> Option<&mut RawCue> {
        self.last.as_mut()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.packed.is_empty() && self.last.is_none()
    }

    /// Puts the last one to the others.
    fn pack(&mut self) {
        let Some(cue) = self.last.take() else { return };
        let text = (small(self.texts.len()), small(cue.text.len()));
        let place = |word: &WordTime| WordTime { at: self.texts.len() + word.at, ..*word };
        self.times.extend(cue.times.iter().filter(|word| word.at < cue.text.len()).map(place));
        self.texts.push_str(&cue.text);
        self.packed.push(Packed {
            start: cue.start,
            end: cue.end.into(),
            grain: cue.grain.0.clamp(0, u32::MAX.into()) as u32,
            line: small(cue.line),
            text,
            speaker: cue.speaker.map_or(0, |name| self.speakers.number(&name)),
            flat: cue.flat,
            markup: cue.markup,
            lang: cue.lang,
        });
    }

    /// All of them, to be looked at and put in order.
    pub(super) fn all(&mut self) -> &mut Vec<Packed> {
        self.pack();
        &mut self.packed
    }

    /// All of them but the one that was added last.
    pub(super) fn packed(&self) -> &[Packed] {
        &self.packed
    }

    /// The text of one of them.
    pub(super) fn text(&self, cue: &Packed) -> &str {
        let from = cue.text.0 as usize;
        self.texts.get(Range { start: from, end: from + cue.text.1 as usize }).unwrap_or_default()
    }

    /// When the words of one of them are said, where that stood beside the text; places are those of its text.
    pub(super) fn times(&self, cue: &Packed) -> impl Iterator<Item = WordTime> {
        let (from, length) = (cue.text.0 as usize, cue.text.1 as usize);
        let first = self.times.partition_point(|word| word.at < from);
        let here = self.times[first..].iter().take_while(move |word| word.at < from + length);
        here.map(move |word| WordTime { at: word.at - from, ..*word })
    }

    /// The speaker of one of them.
    pub(super) fn speaker(&self, cue: &Packed) -> Option<Arc<str>> {
        self.speakers.list.get((cue.speaker as usize).checked_sub(1)?).cloned()
    }

    /// The same name as a speaker of others has.
    pub(super) fn named(&mut self, name: &str) -> Arc<str> {
        let number = self.speakers.number(name);
        self.speakers.list.get(number as usize - 1).map_or_else(|| name.into(), Arc::clone)
    }

    /// Sorts them by their starts; those that start together keep their order.
    pub(super) fn sort(&mut self) {
        let all = self.all();
        if !all.is_sorted_by_key(|cue| cue.start) {
            all.sort_by_key(|cue| cue.start);
        }
    }
}

/// Names, each of them once.
#[derive(Debug, Default)]
struct Speakers {
    list: Vec<Arc<str>>,
    places: HashMap<Arc<str>, u32>,
}

impl Speakers {
    /// The number of a name, from 1.
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.places.get(name) {
            return *number;
        }
        let name: Arc<str> = name.into();
        self.list.push(Arc::clone(&name));
        let number = small(self.list.len());
        self.places.insert(name, number);
        number
    }
}

impl From<Vec<RawCue>> for Raws {
    fn from(cues: Vec<RawCue>) -> Raws {
        let mut raws = Raws::default();
        cues.into_iter().for_each(|cue| raws.push(cue));
        raws
    }
}

#[cfg(test)]
impl Raws {
    /// As they were added.
    pub(super) fn unpacked(mut self) -> Vec<RawCue> {
        let all = self.all().clone();
        let one = |cue: &Packed| RawCue {
            line: cue.line(),
            start: cue.start,
            end: cue.end(),
            grain: cue.grain(),
            text: self.text(cue).to_owned(),
            flat: cue.flat,
            markup: cue.markup,
            speaker: self.speaker(cue).map(|name| name.to_string()),
            lang: cue.lang,
            times: self.times(cue).collect(),
        };
        all.iter().map(one).collect()
    }
}
