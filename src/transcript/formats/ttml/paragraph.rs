//! In: the texts of a `p` and of the spans in it, each with its times. Out: its cues. Knows white space and who speaks;
//! knows no tags.
//!
//! A paragraph with times is one cue, even if every word in it has times of its own. One without is a cue for each span
//! with times, unless the spans are single words: then it is one cue, too.

use super::element::Element;
use crate::lang::Lang;
use crate::time::Ticks;
use crate::transcript::raw::RawCue;
use std::collections::HashMap;

/// A stretch of text whose times are the same.
#[derive(Debug)]
struct Run {
    line: usize,
    text: String,
    begin: Ticks,
    end: Option<Ticks>,
    grain: Ticks,
    timed: bool,
    agent: Option<String>,
    lang: Option<Lang>,
}

/// A paragraph that is being read.
#[derive(Debug)]
pub(super) struct Paragraph {
    begin: Ticks,
    end: Option<Ticks>,
    grain: Ticks,
    timed: bool,
    line: usize,
    lang: Option<Lang>,
    runs: Vec<Run>,
}

impl Paragraph {
    pub(super) fn new(element: &Element, line: usize) -> Paragraph {
        let Element { begin, end, grain, timed, lang, .. } = *element;
        Paragraph { begin, end, grain, timed, line, lang, runs: Vec::new() }
    }

    /// Adds a text that stands in `element`.
    pub(super) fn text(&mut self, text: &str, element: &Element, line: usize) {
        let first_line = line + text[..text.len() - text.trim_start().len()].matches('\n').count();
        let text = match element.preserve {
            true => text.to_owned(),
            false => collapsed(text),
        };
        let blank = text.trim().is_empty();
        match self.runs.last_mut() {
            // White space between two spans belongs to the first.
            Some(run) if blank || run.like(element) => {
                if run.text.is_empty() {
                    run.line = first_line;
                }
                run.text.push_str(&text);
            }
            None if blank => {}
            _ => self.runs.push(Run {
                line: first_line,
                text,
                begin: element.begin,
                end: element.end,
                grain: element.grain,
                timed: element.timed && element.name == "span",
                agent: element.agent.clone(),
                lang: element.lang,
            }),
        }
    }

    pub(super) fn line_break(&mut self) {
        if let Some(run) = self.runs.last_mut() {
            run.text.push('\n');
        }
    }

    /// The cues of the whole paragraph.
    pub(super) fn cues(self, agents: &HashMap<String, String>) -> Vec<RawCue> {
        let timed = self.runs.iter().filter(|run| run.timed);
        let words = timed.clone().all(|run| !run.text.trim().contains(char::is_whitespace));
        let one = self.timed || words;
        if !one {
            return self
                .runs
                .into_iter()
                .filter(|run| !run.text.trim().is_empty())
                .map(|run| run.cue(agents))
                .collect();
        }
        let (from_words, until_words) =
            (timed.clone().map(|run| run.begin).min(), timed.filter_map(|run| run.end).max());
        let (begin, end) = match self.timed {
            true => (self.begin, self.end),
            false => (from_words.unwrap_or(self.begin), until_words.or(self.end)),
        };
        let grain = self.runs.iter().find(|run| run.timed).filter(|_| !self.timed).map_or(self.grain, |run| run.grain);
        // Others than the first who speak in the same paragraph are cues of their own, in its time. What is in another
        // language than most of it is marked.
        let main = main_language(&self.runs, self.lang);
        let mut cues: Vec<RawCue> = Vec::new();
        for run in self.runs {
            let other = run.lang.filter(|lang| Some(*lang) != main && crate::text::sayable(&run.text));
            let mut cue = RawCue { lang: main, ..run.cue(agents) };
            if let Some(lang) = other {
                cue.text = format!("<lang xml:lang=\"{lang}\">{}</lang>", cue.text);
            }
            match cues.last_mut() {
                Some(last) if last.speaker == cue.speaker => last.text.push_str(&cue.text),
                before => {
                    if before.is_none() || !self.timed && cue.start < begin {
                        cue.start = begin;
                    }
                    (cue.end, cue.grain) = (end, grain);
                    cues.push(cue);
                }
            }
        }
        trim(&mut cues);
        if cues.is_empty() && self.timed {
            cues.push(RawCue { line: self.line, start: begin, end, grain, flat: true, ..RawCue::default() });
        }
        cues
    }
}

/// The language of a paragraph: its own, where any of it is in that, else the one of most of its letters.
fn main_language(runs: &[Run], own: Option<Lang>) -> Option<Lang> {
    if runs.iter().any(|run| run.lang == own && crate::text::sayable(&run.text)) {
        return own;
    }
    let letters = |lang: Option<Lang>| {
        let its = runs.iter().filter(|run| run.lang == lang).flat_map(|run| run.text.chars());
        its.filter(|c| c.is_alphabetic()).count()
    };
    [None, Some(Lang::Fr), Some(Lang::En)].into_iter().max_by_key(|lang| letters(*lang)).flatten()
}

impl Run {
    fn like(&self, element: &Element) -> bool {
        let timed = element.timed && element.name == "span";
        (self.begin, self.end, self.timed) == (element.begin, element.end, timed)
            && self.agent == element.agent
            && self.lang == element.lang
    }

    fn cue(self, agents: &HashMap<String, String>) -> RawCue {
        let speaker = self.agent.map(|id| agents.get(&id).filter(|name| !name.is_empty()).cloned().unwrap_or(id));
        RawCue {
            line: self.line,
            start: self.begin,
            end: self.end,
            grain: self.grain,
            text: self.text,
            speaker,
            lang: self.lang,
            flat: true,
            ..RawCue::default()
        }
    }
}

/// Takes away white space at both ends, and cues of nothing else.
fn trim(cues: &mut Vec<RawCue>) {
    cues.iter_mut().for_each(|cue| cue.text = cue.text.trim().to_owned());
    cues.retain(|cue| !cue.text.is_empty());
}

/// Text with every stretch of white space as one space.
fn collapsed(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_whitespace() {
            true if line.ends_with(' ') => {}
            true => line.push(' '),
            false => line.push(c),
        }
    }
    line
}
