//! In: lines of prose that may be written in Markdown. Out: the same lines as they would be read out, each with how
//! it stands to the line before. A modest part of the CommonMark specification; knows no sentences and no cues.

use super::lines::Line;
use crate::notes::{Note, Notes};
use crate::text::sayable;
use std::borrow::Cow;

/// How a line stands to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transcript) enum Stands {
    /// There is nothing on it: what comes next is a new paragraph.
    Blank,
    /// It begins a paragraph, and nothing but an indented line goes on with it: a list item, a quotation.
    Apart,
    /// It is a paragraph by itself: a heading, a row of a table.
    Alone,
    /// Plain text.
    Text,
}

/// One line as it would be read out.
#[derive(Clone, Debug)]
pub(in crate::transcript) struct Plain<'a> {
    pub number: usize,
    pub stands: Stands,
    pub text: Cow<'a, str>,
}

/// Reads lines one after the other. Fenced code is left out, with a note.
#[derive(Debug)]
pub(in crate::transcript) struct Reader {
    /// The fence that is open.
    fence: Option<&'static str>,
    /// The last line of each kind of fence: one that is not closed hides nothing.
    last: [(&'static str, usize); FENCES.len()],
}

impl Reader {
    /// For these lines.
    pub(in crate::transcript) fn new<'a>(lines: impl Iterator<Item = Line<'a>>) -> Reader {
        let mut last = FENCES.map(|mark| (mark, 0));
        for line in lines {
            if let Some(mark) = fence_mark(line.text.trim()) {
                last.iter_mut().filter(|(other, _)| *other == mark).for_each(|(_, at)| *at = line.number);
            }
        }
        Reader { fence: None, last }
    }

    /// The next line without its marks; what comes `before` it in its block may turn out to be a heading.
    pub(in crate::transcript) fn read<'a>(
        &mut self,
        line: Line<'a>,
        before: Option<&mut Plain<'a>>,
        notes: &mut Notes,
    ) -> Plain<'a> {
        let Line { number, text } = line;
        let trimmed = text.trim();
        let closed = |mark: &str| self.last.iter().any(|(other, at)| *other == mark && *at > number);
        let (stands, text) = match (self.fence, fence_mark(trimmed)) {
            (Some(open), Some(mark)) if open == mark => {
                self.fence = None;
                (Stands::Blank, "")
            }
            (Some(_), _) => (Stands::Blank, ""),
            (None, Some(mark)) if closed(mark) => {
                self.fence = Some(mark);
                notes.push(Note::info(number, "code", "the code that begins here is not read out"));
                (Stands::Blank, "")
            }
            _ => (kind(trimmed), trimmed),
        };
        if stands == Stands::Blank
            && underlines(trimmed)
            && let Some(heading) = before.filter(|line| line.stands == Stands::Text)
        {
            heading.stands = Stands::Alone;
        }
        Plain { number, stands, text: without_marks(text, stands) }
    }
}

/// What opens and closes code.
const FENCES: [&str; 2] = ["```", "~~~"];

fn fence_mark(text: &str) -> Option<&'static str> {
    FENCES.into_iter().find(|mark| text.starts_with(mark))
}

/// Whether this underlines a heading.
fn underlines(text: &str) -> bool {
    text.len() >= 3 && (text.bytes().all(|byte| byte == b'=') || text.bytes().all(|byte| byte == b'-'))
}

/// What a line begins like. A line of marks only, such as a rule across the page, counts as blank.
fn kind(text: &str) -> Stands {
    if !sayable(text) && (text.is_empty() || text.chars().all(|c| "-=_*#|: +".contains(c))) {
        return Stands::Blank;
    }
    if after_hashes(text).is_some() || is_row(text) {
        return Stands::Alone;
    }
    if text.starts_with('>') || after_bullet(text).is_some() || is_numbered(text) {
        return Stands::Apart;
    }
    Stands::Text
}

fn after_hashes(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with(char::is_whitespace))
        .then(|| rest.trim().trim_end_matches('#').trim_end())
}

fn after_bullet(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['-', '*', '+', '•', '–', '—'])?;
    let item = rest.starts_with(char::is_whitespace).then(|| rest.trim_start())?;
    let task = ["[ ] ", "[x] ", "[X] "].iter().find_map(|mark| item.strip_prefix(mark));
    Some(task.unwrap_or(item))
}

fn is_numbered(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=3).contains(&(text.len() - rest.len())) && (rest.starts_with(". ") || rest.starts_with(") "))
}

fn is_row(text: &str) -> bool {
    text.len() > 2 && text.starts_with('|') && text.ends_with('|')
}

/// A line's text without the marks that are seen, not said.
fn without_marks(text: &str, stands: Stands) -> Cow<'_, str> {
    if stands == Stands::Blank {
        return Cow::Borrowed("");
    }
    if is_row(text) {
        let cells = text.trim_matches('|').split('|').map(str::trim).filter(|cell| !cell.is_empty());
        return Cow::Owned(inline(&cells.collect::<Vec<_>>().join(", ")).into_owned());
    }
    let text = text.trim_start_matches(['>', ' ']);
    let text = if stands == Stands::Text { text } else { after_hashes(text).or(after_bullet(text)).unwrap_or(text) };
    inline(text)
}

/// Text without the marks of links, emphasis and code.
fn inline(text: &str) -> Cow<'_, str> {
    if !text.contains(['*', '_', '`', '[', '~']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(without_emphasis(&without_links(text)))
}

/// `[text](address)` and `![text](address)` give `text`.
fn without_links(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(middle) = rest.find("](") {
        let (before, after) = (&rest[..middle], &rest[middle + 2..]);
        let Some(close) = after.find(')') else { break };
        let Some(open) = before.rfind('[') else {
            kept.push_str(&rest[..middle + 2]);
            rest = after;
            continue;
        };
        kept.push_str(before[..open].strip_suffix('!').unwrap_or(&before[..open]));
        kept.push_str(&before[open + 1..]);
        rest = &after[close + 1..];
    }
    kept + rest
}

/// Runs of `*`, `_`, `` ` `` and `~~` that open or close something, as far as that shows from the characters beside
/// them: `*word*` but not `2 * 3`, `_word_` but not `a_name`.
fn without_emphasis(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(mark) = rest.chars().next() {
        let after = match mark {
            '*' | '_' | '`' | '~' => rest.trim_start_matches(mark),
            _ => &rest[mark.len_utf8()..],
        };
        let run = &rest[..rest.len() - after.len()];
        let (before, next) = (kept.chars().next_back(), after.chars().next());
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let drop = match mark {
            '*' => !(space(before) && space(next)),
            '_' => word(before) != word(next),
            '`' => true,
            '~' => run.len() == 2,
            _ => false,
        };
        if !drop {
            kept.push_str(run);
        }
        rest = after;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain<'a>(text: &'a str, notes: &mut Notes) -> Vec<Plain<'a>> {
        let lines = super::super::lines::lines(text);
        let mut reader = Reader::new(super::super::lines::lines(text));
        let mut found: Vec<Plain<'a>> = Vec::new();
        for line in lines {
            let plain = reader.read(line, found.last_mut(), notes);
            found.push(plain);
        }
        found
    }

    fn read(text: &str) -> Vec<(Stands, String)> {
        let lines = plain(text, &mut Notes::default()).into_iter();
        lines.map(|line| (line.stands, line.text.into_owned())).collect()
    }

    #[test]
    fn marks_are_not_read_out() {
        let rows = [
            ("## The harbour ##", Stands::Alone, "The harbour"),
            ("- a *small* boat", Stands::Apart, "a small boat"),
            ("- [x] done", Stands::Apart, "done"),
            ("2. second", Stands::Apart, "2. second"),
            ("> said **he** and __she__", Stands::Apart, "said he and she"),
            ("| Year | Boats |", Stands::Alone, "Year, Boats"),
            ("|---|:--|", Stands::Blank, ""),
            ("***", Stands::Blank, ""),
            ("See [the map](https://example.org/a_b) and ![a boat](b.png).", Stands::Text, "See the map and a boat."),
            ("2 * 3 is snake_case, `code`, ~~gone~~ ~5", Stands::Text, "2 * 3 is snake_case, code, gone ~5"),
            ("#hashtag and [brackets] stay", Stands::Text, "#hashtag and [brackets] stay"),
            ("](", Stands::Text, "]("),
        ];
        for (text, stands, expected) in rows {
            assert_eq!(read(text), [(stands, expected.to_owned())], "{text}");
        }
    }

    #[test]
    fn an_underlined_line_is_a_heading() {
        let lines = read("Title\n=====\ntext");
        assert_eq!(lines.iter().map(|line| line.0).collect::<Vec<_>>(), [Stands::Alone, Stands::Blank, Stands::Text]);
    }

    #[test]
    fn code_is_left_out_with_a_note_but_an_open_fence_hides_nothing() {
        let mut notes = Notes::default();
        let lines = plain("a\n```\nlet b;\n```\nc\n```\nd", &mut notes).into_iter();
        let texts: Vec<String> = lines.map(|line| line.text.into_owned()).collect();
        assert_eq!(texts, ["a", "", "", "", "c", "", "d"]);
        assert_eq!(notes.finish().0.iter().map(|note| (note.line, note.code)).collect::<Vec<_>>(), [(Some(2), "code")]);
    }
}
