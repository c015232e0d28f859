//! In: one cue's plain text, its tags, and which names are believed. Out: marks on what is not said, and the turns: who
//! says which part of it. Knows no times and no other cue.

use super::markup::Stripped;
use super::noise::noise;
use super::speakers::{Names, Opening, label, opening};
use super::tags::Tag;
use crate::text::{ends_sentence, sayable};
use crate::transcript::marks::{Mark, Silence, What, within};
use std::collections::HashSet;
use std::ops::Range;

/// Who says a part of a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Whoever spoke before.
    Same,
    /// Somebody else; the file does not say who.
    Another,
    /// Somebody with a name.
    Named(String),
}

/// A part of a cue that one person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// Bytes of the text, the label included.
    pub place: Range<usize>,
    pub who: Who,
}

/// The turns of a text, in order and together all of it, and its marks. What ends before the byte `new` was there before.
pub(super) fn turns(cue: &Stripped, new: usize, names: &Names) -> (Vec<Turn>, Vec<Mark>) {
    let text = cue.text.as_str();
    let mut marks = Vec::new();
    if new > 0 {
        marks.push(silent(0..new, Silence::Repeated));
    }
    let new = new + (text[new..].len() - text[new..].trim_start().len());
    let mut starts: Vec<(usize, Who)> = vec![(0, Who::Same)];
    lines(text, new, names, &mut starts, &mut marks);
    voices(cue.tags(), new, &mut starts);
    starts.sort_by_key(|(at, _)| *at);
    marks.extend(ruby(cue));
    if cue.drawing() && !sayable(text) {
        marks.push(silent(text.len()..text.len(), Silence::Drawing));
    }
    in_order(&mut marks);
    let mut noise = noise(text, new);
    noise.retain(|mark| within(&marks, &mark.place).next().is_none());
    marks.extend(noise);
    in_order(&mut marks);
    (merged(text, starts, &marks), marks)
}

/// Sorts marks and drops those that overlap one before.
fn in_order(marks: &mut Vec<Mark>) {
    marks.sort_by_key(|mark| (mark.place.start, mark.place.end));
    let mut end = 0;
    marks.retain(|mark| {
        let apart = mark.place.start >= end;
        end = end.max(mark.place.end);
        apart
    });
}

fn silent(place: Range<usize>, why: Silence) -> Mark {
    Mark { place, what: What::Silent(why) }
}

/// Turns that begin at signs and labels.
fn lines(text: &str, new: usize, names: &Names, starts: &mut Vec<(usize, Who)>, marks: &mut Vec<Mark>) {
    let begins_with_dash = opening(&text[new..]).0 == Opening::Dash;
    let mut at = new;
    for line in text[new..].split('\n') {
        let more = at + line.len() < text.len();
        let (sign, length) = opening(line);
        let spaced = line[..length].ends_with(char::is_whitespace);
        match label(line, more).filter(|label| names.believe(label)) {
            Some(label) => {
                marks.push(silent(at..at + label.place.end, Silence::Label));
                let name = label.name.split_whitespace().collect::<Vec<_>>().join(" ");
                starts.push((at, Who::Named(name)));
            }
            None if sign == Opening::Arrows || (sign == Opening::Dash && (spaced || begins_with_dash)) => {
                marks.push(silent(at..at + length, Silence::Label));
                starts.push((at, Who::Another));
            }
            None => {}
        }
        inside(line, at, length.max(1), begins_with_dash, starts, marks);
        at += line.len() + 1;
    }
}

/// Turns inside a line: after `>>`, and after ` - ` at the end of a sentence in a cue that begins with a dash.
fn inside(line: &str, at: usize, skip: usize, dashes: bool, starts: &mut Vec<(usize, Who)>, marks: &mut Vec<Mark>) {
    let mut from = skip;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find([' ', '>'])) {
        let place = from + found;
        let sign = place + usize::from(line.as_bytes()[place] == b' ');
        let (kind, length) = opening(&line[sign..]);
        let turns = match kind {
            Opening::Arrows => true,
            Opening::Dash => {
                let after = &line[sign + length..];
                let upper = after.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
                dashes && sign > place && ends_sentence(&line[..place]) && upper && length > 1
            }
            Opening::Plain => false,
        };
        if turns {
            starts.push((at + sign, Who::Another));
            marks.push(silent(at + sign..at + sign + length, Silence::Label));
        }
        from = if turns { sign + length } else { place + 1 };
    }
}

/// Turns that begin at voice tags.
fn voices(tags: &[Tag], new: usize, starts: &mut Vec<(usize, Who)>) {
    let mut told: Vec<(usize, Who)> = Vec::new();
    for tag in tags.iter().filter(|tag| tag.name == "v" && tag.at >= new) {
        let who = match tag.closes || tag.rest.is_empty() {
            true => Who::Another,
            false => Who::Named(tag.rest.clone()),
        };
        told.push((tag.at, who));
    }
    // A tag says more than the sign that stands at the same place; the first turn begins at 0 whatever comes.
    let places: HashSet<usize> = told.iter().map(|(at, _)| *at).collect();
    starts.retain(|(at, _)| *at == 0 || !places.contains(at));
    starts.extend(told);
}

/// Marks on reading aids.
fn ruby(cue: &Stripped) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut open = None;
    for tag in cue.tags().iter().filter(|tag| matches!(tag.name.as_str(), "rt" | "rp")) {
        if let Some(start) = open.take().filter(|start| *start < tag.at) {
            marks.push(silent(start..tag.at, Silence::Ruby));
        }
        open = (!tag.closes).then_some(tag.at);
    }
    marks
}

/// The turns that begin at these places; one without anything to say belongs to the next, or to the one before.
fn merged(text: &str, starts: Vec<(usize, Who)>, marks: &[Mark]) -> Vec<Turn> {
    let ends: Vec<usize> = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]).collect();
    let mut turns: Vec<Turn> = Vec::new();
    let mut waiting: Option<Turn> = None;
    for ((start, who), end) in starts.into_iter().zip(ends) {
        // What was said before the voice had a name is nothing where nothing lies between.
        let who = match (&waiting, who) {
            (Some(Turn { who: before @ Who::Named(_), .. }), Who::Same) => before.clone(),
            (_, who) => who,
        };
        let says = says(text, start..end, marks);
        let turn = Turn { place: waiting.take().map_or(start, |turn| turn.place.start)..end, who };
        if says {
            turns.push(turn);
        } else {
            waiting = Some(turn);
        }
    }
    if let Some(rest) = waiting {
        match turns.last_mut() {
            Some(last) => last.place.end = rest.place.end,
            None => turns.push(rest),
        }
    }
    turns
}

/// Whether anything in this part of the text is said.
fn says(text: &str, place: Range<usize>, marks: &[Mark]) -> bool {
    let mut at = place.start;
    for mark in within(marks, &place) {
        if mark.place.start > at && sayable(&text[at..mark.place.start]) {
            return true;
        }
        at = at.max(mark.place.end);
    }
    at < place.end && sayable(&text[at..place.end])
}

#[cfg(test)]
mod tests {
    use super::super::markup::strip;
    use super::*;
    use crate::transcript::raw::Markup;

    /// The turns as `who|what is said`.
    fn heard(raw: &str, markup: Markup) -> Vec<String> {
        let stripped = strip(raw, markup);
        let mut names = Names::default();
        names.see(&stripped.text);
        let (turns, marks) = turns(&stripped, 0, &names);
        let mut aloud = stripped.text.clone();
        marks.iter().for_each(|m| aloud.replace_range(m.place.clone(), &" ".repeat(m.place.len())));
        let who = |who: &Who| match who {
            Who::Same => "=".to_owned(),
            Who::Another => "?".to_owned(),
            Who::Named(name) => name.clone(),
        };
        let words = |place: &Range<usize>| aloud[place.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        turns.iter().map(|turn| format!("{}|{}", who(&turn.who), words(&turn.place))).collect()
    }

    #[test]
    fn who_says_what() {
        use Markup::{Plain, Srt, Vtt};
        let rows: [(Markup, &str, &[&str]); 20] = [
            (Srt, "Hi there.\nYou.", &["=|Hi there. You."]),
            (Srt, "- Hi.\n- Hello.", &["?|Hi.", "?|Hello."]),
            (Srt, "-Hi.\n-Hello.", &["?|Hi.", "?|Hello."]),
            (Srt, "<i>- Hi.</i>\n- [laughs]", &["?|Hi."]),
            (Srt, "- Hi. - Hello. - 5 of them - or six.", &["?|Hi.", "?|Hello.", "?|5 of them - or six."]),
            (Srt, "He is well - Or was.", &["=|He is well - Or was."]),
            (Srt, "ANNA: Hi.\nBEN: Hello,\nyou.", &["ANNA|Hi.", "BEN|Hello, you."]),
            (Srt, "- ANNA: Hi.\n- Hello.", &["ANNA|Hi.", "?|Hello."]),
            (Srt, "ANNA:\nHi.", &["ANNA|Hi."]),
            (Srt, "[sighs]\nANNA: Hi.", &["ANNA|Hi."]),
            (Plain, ">> Thanks. >> And now >>> you.", &["?|Thanks.", "?|And now", "?|you."]),
            (Plain, "so it goes >> ANNA: yes", &["=|so it goes", "?|ANNA: yes"]),
            (Plain, "5 >> 4", &["=|5", "?|4"]),
            (Vtt, "<v Anna>Hi.</v>", &["Anna|Hi."]),
            (Vtt, "<v Anna>Hi. <v Ben>Hello.", &["Anna|Hi.", "Ben|Hello."]),
            (Vtt, "- <v Anna>Hi.\n- <v Ben>Hello.", &["Anna|Hi.", "Ben|Hello."]),
            (Vtt, "<v Anna>Hi.</v> And so on.", &["Anna|Hi.", "?|And so on."]),
            (Vtt, "<ruby>base<rt>aid</rt></ruby> word", &["=|base word"]),
            (Vtt, "[door closes]", &["=|"]),
            (Srt, "", &["=|"]),
        ];
        for (markup, raw, expected) in rows {
            assert_eq!(heard(raw, markup), expected, "{raw:?}");
        }
    }
}
