//! In: records, one after the other. Out: raw cues and prose. Knows what recognisers do with empty, endless and
//! overlong lines; knows no JSON.

use super::by_words::{Spoken, by_pauses, by_sentences, word_times};
use super::record::{Record, TimedWord};
use crate::lang::Lang;
use crate::text::{sayable, sentences};
use crate::time::Ticks;
use crate::transcript::cue::Cue;
use crate::transcript::formats::oddities::{Oddities, Oddity};
use crate::transcript::formats::spec::Parsed;
use crate::transcript::pauses::WordTime;
use crate::transcript::raw::{RawCue, Raws};
use crate::transcript::text::stamp::FINE;
use std::sync::Arc;

/// A recognised line of several sentences that is longer is cut into them by the times of its words.
const LONG: Ticks = Ticks::from_millis(8000);

/// What was made of the records so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub cues: Raws,
    prose: Vec<Cue>,
    /// Words that belong to no record.
    pub words: Vec<TimedWord>,
    pub odd: Oddities,
    /// The last paragraph of prose.
    paragraph: usize,
    /// When the last record ended, or started.
    until: Ticks,
}

impl Gathered {
    /// Takes a record. One without a time is prose in lists of our `own`, elsewhere it follows the one before.
    pub(super) fn take(&mut self, mut record: Record, own: bool) {
        if !sayable(&record.text) && !record.words.is_empty() && record.text.is_empty() {
            record.text = joined(&record.words);
        }
        if record.text.is_empty() {
            return self.odd.add(Oddity::Empty, "", record.line);
        }
        let first_word = record.words.iter().find_map(|word| word.start);
        if record.start.is_none() && (first_word.is_some() || !own) {
            record.start = Some(first_word.unwrap_or(self.until));
            self.odd.add(Oddity::NoStart, "", record.line);
        }
        let Some(start) = record.start else { return self.untimed(record) };
        self.until = record.end.unwrap_or(start).max(start);
        let times = word_times(&record.text, &record.words);
        match parts(&record, start) {
            Some(parts) => {
                self.odd.add(Oddity::ByWords, "", record.line);
                for part in parts {
                    self.spoken(&part, &record.text, &times, &record);
                }
            }
            None => self.cues.push(RawCue {
                line: record.line,
                start,
                end: record.end,
                grain: record.grain,
                text: record.text,
                speaker: record.speaker,
                lang: record.lang,
                flat: true,
                times,
                ..RawCue::default()
            }),
        }
    }

    fn spoken(&mut self, part: &Spoken, text: &str, times: &[WordTime], of: &Record) {
        let inside = times.iter().filter(|word| part.text.contains(&word.at));
        let times = inside.map(|word| WordTime { at: word.at - part.text.start, ..*word }).collect();
        self.cues.push(RawCue {
            line: of.line,
            start: part.start.unwrap_or(self.until),
            end: part.end,
            grain: of.grain,
            text: text[part.text.clone()].to_owned(),
            speaker: part.speaker.clone().or_else(|| of.speaker.clone()),
            lang: of.lang,
            flat: true,
            times,
            ..RawCue::default()
        });
    }

    /// Takes the words that belong to no record, and the text beside them, which has the punctuation.
    pub(super) fn words_only(&mut self, text: &str) {
        let words = std::mem::take(&mut self.words);
        let together = joined(&words);
        let lines = by_pauses(text, &words).map(|lines| (text, lines));
        let Some((text, lines)) = lines.or_else(|| Some((together.as_str(), by_pauses(&together, &words)?))) else {
            return;
        };
        let times = word_times(text, &words);
        for line in &lines {
            let of =
                Record { line: words.get(line.word).map_or(1, |word| word.line), grain: FINE, ..Record::default() };
            self.until = line.end.or(line.start).unwrap_or(self.until);
            self.spoken(line, text, &times, &of);
        }
    }

    fn untimed(&mut self, record: Record) {
        let before = self.prose.len();
        match record.paragraph {
            Some(paragraph) => {
                self.paragraph = paragraph;
                self.sentence(record.text.split_whitespace().collect::<Vec<_>>().join(" "), record.line);
            }
            None => self.prose(&record.text, record.line),
        }
        let speaker: Option<Arc<str>> = record.speaker.map(Arc::from);
        for cue in &mut self.prose[before..] {
            cue.set_speaker(speaker.clone());
            cue.set_lang(record.lang);
        }
    }

    /// Takes a text without times, each line of it a paragraph.
    pub(super) fn prose(&mut self, text: &str, line: usize) {
        for paragraph in text.lines().filter(|paragraph| sayable(paragraph)) {
            self.paragraph += 1;
            let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
            for sentence in sentences(&paragraph) {
                self.sentence(paragraph[sentence].to_owned(), line);
            }
        }
    }

    fn sentence(&mut self, text: String, line: usize) {
        let mut cue = Cue::new(line, text).of_paragraph(self.paragraph);
        cue.set_index(self.prose.len() + 1);
        self.prose.push(cue);
    }

    /// Gives a language to the cues that state none.
    pub(super) fn default_language(&mut self, lang: Option<Lang>) {
        self.cues.all().iter_mut().for_each(|cue| cue.lang = cue.lang.or(lang));
        self.prose.iter_mut().for_each(|cue| cue.set_lang(cue.lang().or(lang)));
    }

    pub(super) fn finish(self) -> Parsed {
        Parsed { cues: self.cues, prose: self.prose, notes: self.odd.notes().collect(), ..Parsed::default() }
    }
}

/// The sentences of a recognised line, where it is too long to be one line or several people speak in it.
fn parts(record: &Record, start: Ticks) -> Option<Vec<Spoken>> {
    let long = record.end.is_some_and(|end| end - start > LONG);
    let several = record.words.windows(2).any(|pair| pair[0].speaker != pair[1].speaker);
    if record.words.is_empty() || !(long || several) {
        return None;
    }
    let mut parts = by_sentences(&record.text, &record.words)?;
    if !long {
        parts.dedup_by(|after, before| {
            let same = after.speaker == before.speaker;
            if same {
                (before.text.end, before.end) = (after.text.end, after.end.or(before.end));
            }
            same
        });
    }
    if let Some(last) = parts.last_mut() {
        last.end = record.end.max(last.end);
    }
    if let Some(first) = parts.first_mut() {
        first.start = Some(start);
    }
    (parts.len() > 1).then_some(parts)
}

/// Words as a text: recognisers that put the space before each word leave it out inside one.
fn joined(words: &[TimedWord]) -> String {
    words.iter().map(|word| word.text.trim()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
