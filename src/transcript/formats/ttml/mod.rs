//! In: TTML (also DFXP, IMSC, EBU-TT-D, the lyrics of music shops). Out: raw cues. Knows elements, what they inherit from
//! those around them, and how their times nest; what a single time says is read by `clock`, and the text of a
//! paragraph gathered by `paragraph`.
//!
//! Timed Text Markup Language 2 (W3C 2018): times of an element count from the beginning of the one around it, or, in a
//! `timeContainer="seq"`, from the end of the one before it; none lasts longer than the one around it. `quick-xml`
//! splits the file into tags and texts, so that nothing but the elements that are open is held in memory.

mod attributes;
mod clock;
mod element;
mod paragraph;

use super::oddities::{Oddities, Oddity};
use super::spec::{Parsed, Spec};
use crate::error::{Error, Kind, Result};
use crate::time::Ticks;
use crate::transcript::raw::Raws;
use attributes::Attributes;
use clock::Clock;
use element::Element;
use paragraph::Paragraph;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// TTML, also known as DFXP and as IMSC.
pub(super) static SPEC: Spec =
    Spec { name: "ttml", endings: &["ttml", "dfxp", "xml"], detect: Some(looks_like), parse, label_carries: false };

/// Deeper than this, no transcript is nested.
const DEEPEST: usize = 256;

/// Whether a text is TTML: its outermost element is `tt`.
fn looks_like(text: &str) -> bool {
    if !text.trim_start().starts_with('<') {
        return false;
    }
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => return tag.local_name().as_ref() == "tt",
            Ok(Event::Eof) | Err(_) => return false,
            Ok(Event::Text(text)) if !text.xml10_content().trim().is_empty() => return false,
            Ok(_) => {}
        }
    }
}

/// Reads a text that [`looks_like`] TTML.
///
/// # Errors
/// It is no XML, it is cut off, or a time is none.
fn parse(text: &str) -> Result<Parsed> {
    let mut xml = Reader::from_str(text);
    xml.config_mut().allow_dangling_amp = true;
    let mut document = Document::new(text);
    loop {
        let before = xml.buffer_position() as usize;
        match xml.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => document.take(event, before)?,
            Err(error) => return Err(document.no_xml(&error, xml.error_position() as usize)),
        }
    }
    document.finish(text.len())
}

struct Document<'a> {
    text: &'a str,
    /// Line of the byte `counted`.
    line: usize,
    counted: usize,
    open: Vec<Element>,
    clock: Clock,
    /// The names of the people who speak, by their ids.
    agents: HashMap<String, String>,
    /// The agent whose name is being read.
    naming: Option<String>,
    paragraph: Option<Paragraph>,
    cues: Raws,
    odd: Oddities,
}

impl<'a> Document<'a> {
    fn new(text: &'a str) -> Document<'a> {
        Document {
            text,
            line: 1,
            counted: 0,
            open: Vec::new(),
            clock: Clock::of(|_| None),
            agents: HashMap::new(),
            naming: None,
            paragraph: None,
            cues: Raws::default(),
            odd: Oddities::default(),
        }
    }

    /// The line of the byte `at`, which does not go back.
    fn line(&mut self, at: usize) -> usize {
        let to = at.clamp(self.counted, self.text.len());
        self.line += self.text.as_bytes()[self.counted..to].iter().filter(|&&byte| byte == b'\n').count();
        self.counted = to;
        self.line
    }

    fn take(&mut self, event: Event<'_>, at: usize) -> Result<()> {
        match event {
            Event::Start(tag) => self.enter(&tag, at)?,
            Event::Empty(tag) => {
                self.enter(&tag, at)?;
                self.leave();
            }
            Event::End(_) => self.leave(),
            Event::Text(text) => self.text(&text.xml10_content(), at),
            Event::CData(text) => self.text(&text.xml10_content(), at),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten().map(String::from);
                let name = reference.into_inner();
                let known = || quick_xml::escape::resolve_html5_entity(&name).map(str::to_owned);
                match character.or_else(known) {
                    Some(text) => self.text(&text, at),
                    None => {
                        let line = self.line(at);
                        self.odd.add(Oddity::Entity, &name, line);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<()> {
        let line = self.line(at);
        if self.open.len() >= DEEPEST {
            let what = format!("elements are nested more than {DEEPEST} deep here");
            return Err(Error::new(Kind::Input, what).at_line(line).help("check that this is the transcript you mean"));
        }
        let attributes = Attributes::of(tag).map_err(|error| {
            Error::new(
                Kind::Input,
                format!("this is no XML: the attributes of <{}> cannot be read", tag.name().as_ref()),
            )
            .at_line(line)
            .because(error)
            .help("correct it there, or export the file again")
        })?;
        let name = tag.local_name().as_ref().to_owned();
        if name == "tt" {
            self.clock = Clock::of(|name| attributes.get(name).map(str::to_owned));
        }
        let mut element = self.inherited(name);
        self.times(&mut element, &attributes, line)?;
        self.properties(&mut element, &attributes, line);
        match element.name.as_str() {
            "agent" => self.naming = attributes.get("id").map(str::to_owned),
            "br" if !element.silent => self.paragraph.iter_mut().for_each(Paragraph::line_break),
            "p" if self.paragraph.is_none() && !element.silent => self.paragraph = Some(Paragraph::new(&element, line)),
            _ => {}
        }
        self.open.push(element);
        Ok(())
    }

    /// What an element has from the one around it.
    fn inherited(&self, name: String) -> Element {
        let Some(around) = self.open.last() else { return Element { name, ..Element::default() } };
        let begin = if around.seq { around.next } else { around.begin };
        Element { name, begin, next: begin, timed: false, seq: false, ..around.clone() }
    }

    /// Sets when an element begins and ends.
    fn times(&mut self, element: &mut Element, attributes: &Attributes, line: usize) -> Result<()> {
        // `set` and its like only change how something looks.
        if !matches!(element.name.as_str(), "tt" | "body" | "div" | "p" | "span") || element.silent {
            return Ok(());
        }
        let around = (element.begin, element.end);
        let mut time = |name: &str| -> Result<Option<(Ticks, Ticks)>> {
            let Some(text) = attributes.get(name) else { return Ok(None) };
            let Some((time, grain, strict)) = self.clock.time(text) else {
                let what = format!("{name}=\"{}\" of <{}> is no time", shortened(text), element.name);
                let help = "write 00:00:17.250, 00:00:17:06 with frames, or 17.25s, at most 1000 hours";
                return Err(Error::new(Kind::Input, what).at_line(line).help(help));
            };
            if !strict {
                self.odd.add(Oddity::LooseTime, "", line);
            }
            Ok(Some((time, grain)))
        };
        let (begin, end, length) = (time("begin")?, time("end")?, time("dur")?);
        if let Some((begin, grain)) = begin {
            (element.begin, element.grain) = (around.0 + begin, grain);
        }
        let ends = [end.map(|(end, _)| around.0 + end), length.map(|(length, _)| element.begin + length), around.1];
        element.end = ends.into_iter().flatten().min();
        element.timed = begin.is_some() || end.is_some() || length.is_some();
        element.next = element.begin;
        element.seq = attributes.get("timeContainer") == Some("seq");
        Ok(())
    }

    /// Sets who speaks, in what language, and whether it is to be spoken at all.
    fn properties(&mut self, element: &mut Element, attributes: &Attributes, line: usize) {
        let hidden = matches!(attributes.get("ruby"), Some("text" | "textContainer" | "delimiter"))
            || attributes.get("display") == Some("none");
        element.silent |= hidden || matches!(element.name.as_str(), "head" | "metadata" | "image" | "information");
        element.preserve = match attributes.get("space") {
            Some(space) => space == "preserve",
            None => element.preserve,
        };
        if let Some(tag) = attributes.get("lang") {
            element.lang = tag.parse().ok();
            if element.lang.is_none() && !tag.is_empty() {
                self.odd.add(Oddity::OtherLanguage, tag, line);
            }
        }
        if element.name != "agent"
            && let Some(agents) = attributes.get("agent")
        {
            element.agent = agents.split_whitespace().next().map(str::to_owned);
        }
    }

    fn leave(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match element.name.as_str() {
            "agent" => self.naming = None,
            "p" if !self.open.iter().any(|around| around.name == "p") => {
                if let Some(paragraph) = self.paragraph.take() {
                    paragraph.cues(&self.agents).into_iter().for_each(|cue| self.cues.push(cue));
                }
            }
            _ => {}
        }
        if let Some(around) = self.open.last_mut().filter(|around| around.seq) {
            around.next = element.end.unwrap_or(element.begin).max(around.next);
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        let line = self.line(at);
        let Some(element) = self.open.last() else { return };
        if element.name == "name"
            && let Some(id) = &self.naming
        {
            let name = self.agents.entry(id.clone()).or_default();
            if name.is_empty() {
                name.push_str(text.trim());
            }
        }
        if let (Some(paragraph), false) = (&mut self.paragraph, element.silent) {
            paragraph.text(text, element, line);
        }
    }

    fn finish(mut self, end: usize) -> Result<Parsed> {
        if let Some(element) = self.open.last() {
            let name = element.name.clone();
            let line = self.line(end);
            let what = format!("the file ends inside <{name}>; it is cut off");
            return Err(Error::new(Kind::Input, what).at_line(line).help("export it again, or close what is open"));
        }
        Ok(Parsed { cues: self.cues, notes: self.odd.notes().collect(), ..Parsed::default() })
    }

    fn no_xml(&mut self, error: &quick_xml::Error, at: usize) -> Error {
        let line = self.line(at);
        let before = &self.text[..self.text.floor_char_boundary(at)];
        let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
        let inside = self.open.last().map_or(String::new(), |element| format!(", inside <{}>", element.name));
        Error::new(Kind::Input, format!("this is no XML at column {column}{inside}: {error}"))
            .at_line(line)
            .help("correct it there, or export the file again")
    }
}

/// At most 40 characters of a value.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
