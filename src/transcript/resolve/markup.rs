//! In: the raw text of a cue and the language its markup is written in. Out: the plain text, its lines parted by `\n` and
//! without needless white space, and the tags that say more than how it looks, each with its place. Knows no speakers,
//! no sounds and no other cue.
//!
//! Tags that are kept, but not in the text: who speaks (`v`), the language (`lang`), reading aids (`rt`, `rp`), times of
//! words, and those of SSML. Everything about colours, fonts and places is dropped.

use super::brackets::in_tags;
use super::tags::{Tag, is_ssml};
use crate::time::Ticks;
use crate::transcript::raw::Markup;
use crate::transcript::text::clock::{Fraction, clock};
use crate::transcript::text::encoding::{is_control, is_invisible};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Tags of HTML that only say how a text looks.
const LOOKS: [&str; 26] = [
    "i", "b", "u", "s", "em", "strong", "font", "span", "c", "ruby", "p", "div", "tt", "small", "big", "sup", "strike",
    "del", "ins", "a", "center", "code", "mark", "q", "blink", "bdo",
];

/// Tags that say something, of WebVTT and of SSML (<https://www.w3.org/TR/speech-synthesis11/>).
const SAYS: [&str; 11] = ["v", "lang", "rt", "rp", "break", "phoneme", "say-as", "sub", "emphasis", "prosody", "speak"];

/// The longest tag, in bytes; what is longer is text with a sign in it.
const LONGEST_TAG: usize = 1000;

/// The longest entity, in bytes, its signs included: `&CounterClockwiseContourIntegral;`.
const LONGEST_ENTITY: usize = 34;

/// A place where a text begins or ends to look otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// A byte of the plain text.
    pub at: usize,
    /// Whether it puts back what another one changed.
    pub closes: bool,
    /// Stands for what the markup says: equal where that is.
    pub sign: u64,
}

/// A text without its markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stripped {
    pub text: String,
    /// What most texts have none of, and so takes no room in them.
    rest: Option<Box<Rest>>,
}

/// What markup says of a text besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rest {
    tags: Vec<Tag>,
    times: Vec<(usize, Ticks)>,
    looks: Vec<Look>,
    drawing: bool,
}

impl Stripped {
    /// The tags that say something.
    pub(super) fn tags(&self) -> &[Tag] {
        self.rest.as_deref().map_or(&[], |rest| &rest.tags)
    }

    /// Times inside the text: from this byte on it is said at that time; in ASS after the start of the cue.
    pub(super) fn times(&self) -> &[(usize, Ticks)] {
        self.rest.as_deref().map_or(&[], |rest| &rest.times)
    }

    /// Where its looks change.
    pub(super) fn looks(&self) -> &[Look] {
        self.rest.as_deref().map_or(&[], |rest| &rest.looks)
    }

    /// Whether a drawing was left out.
    pub(super) fn drawing(&self) -> bool {
        self.rest.as_deref().is_some_and(|rest| rest.drawing)
    }
}

/// Takes the markup out of a text.
pub(super) fn strip(raw: &str, markup: Markup) -> Stripped {
    let mut out = Writer::default();
    match markup {
        Markup::Ass => ass(raw, &mut out),
        Markup::Plain | Markup::Srt | Markup::Vtt => tags(&in_tags(raw), markup, &mut out),
    }
    out.finish()
}

/// Puts a text together, white space in order.
#[derive(Default)]
struct Writer {
    text: String,
    rest: Rest,
}

impl Writer {
    fn push(&mut self, c: char) {
        if c == '\n' {
            self.trim_end();
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            return;
        }
        let text = &mut self.text;
        if c.is_whitespace() {
            if !text.is_empty() && !text.ends_with(char::is_whitespace) {
                text.push(if c == '\t' { ' ' } else { c });
            }
        } else if !is_control(c) && c != '\u{1b}' && !is_invisible(c) {
            text.push(c);
        }
    }

    /// Takes white space off the end, and what stood after it with it: a place in the text stays one.
    fn trim_end(&mut self) {
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        self.rest.tags.iter_mut().rev().take_while(|tag| tag.at > end).for_each(|tag| tag.at = end);
        self.rest.times.iter_mut().rev().take_while(|(at, _)| *at > end).for_each(|(at, _)| *at = end);
        self.rest.looks.iter_mut().rev().take_while(|look| look.at > end).for_each(|look| look.at = end);
    }

    /// Takes note of markup that changes the looks of what follows.
    fn look(&mut self, markup: &str, closes: bool) {
        let mut hasher = DefaultHasher::new();
        markup.hash(&mut hasher);
        self.rest.looks.push(Look { at: self.text.len(), closes, sign: hasher.finish() });
    }

    fn finish(mut self) -> Stripped {
        self.trim_end();
        let Writer { mut text, rest } = self;
        text.shrink_to_fit();
        let rest = if rest == Rest::default() { None } else { Some(Box::new(rest)) };
        Stripped { text, rest }
    }
}

/// Text with tags in angle brackets, entities, and in SRT override blocks.
fn tags(raw: &str, markup: Markup, out: &mut Writer) {
    let mut rest = raw;
    while let Some(at) = rest.find(['<', '&', '{', '\\']) {
        rest[..at].chars().for_each(|c| out.push(c));
        rest = &rest[at..];
        let used = match rest.as_bytes()[0] {
            b'<' => tag(rest, markup, out),
            b'&' if markup != Markup::Plain => entity(rest, out),
            b'{' if markup == Markup::Srt => block(rest),
            b'\\' if markup == Markup::Srt => escape(rest, out),
            _ => 0,
        };
        if used == 0 {
            out.push(char::from(rest.as_bytes()[0]));
        }
        rest = &rest[used.max(1)..];
    }
    rest.chars().for_each(|c| out.push(c));
}

/// Reads the tag that `text` begins with; its length, or 0 where it is none.
fn tag(text: &str, markup: Markup, out: &mut Writer) -> usize {
    let limit = text.len().min(LONGEST_TAG);
    let Some(end) = text.as_bytes()[1..limit].iter().position(|b| matches!(b, b'>' | b'<')).map(|at| at + 1) else {
        return 0;
    };
    let inside = &text[1..end];
    if text.as_bytes()[end] != b'>' {
        return 0;
    }
    let (closes, body) = inside.strip_prefix('/').map_or((false, inside), |body| (true, body));
    let name_end = body.find(|c: char| c.is_whitespace() || matches!(c, '.' | '/')).unwrap_or(body.len());
    let name = body[..name_end].to_ascii_lowercase();
    let is_plain = markup == Markup::Plain;
    if is_plain && !is_ssml(&name, &body[name_end..], closes, &out.rest.tags, &text[end..]) {
        return 0;
    }
    if let Some((time, "")) = clock(inside, Fraction::Decimal) {
        out.rest.times.push((out.text.len(), time.value));
    } else if name == "br" {
        out.push('\n');
    } else if SAYS.contains(&name.as_str()) {
        let rest = attributes(body, name_end).split_whitespace().collect::<Vec<_>>().join(" ");
        let rest = html_escape::decode_html_entities(&rest).into_owned();
        out.rest.tags.push(Tag { at: out.text.len(), name, rest, closes });
    } else if LOOKS.contains(&name.as_str()) || markup == Markup::Vtt || is_pair(&name, closes, &text[end..]) {
        out.look(inside, closes);
    } else {
        return 0;
    }
    end + 1
}

/// Whether a tag that nobody knows is one all the same: it closes something, or is closed after it (`<bold>my</bold>`).
/// `<Anna>` alone is text.
fn is_pair(name: &str, closes: bool, after: &str) -> bool {
    const FAR: usize = 1 << 10;
    let word = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':'));
    let closed = |near: &str| near.to_ascii_lowercase().contains(&format!("</{name}>"));
    let near = after.char_indices().nth(FAR).map_or(after, |(at, _)| &after[..at]);
    word && (closes || closed(near))
}

/// What follows a tag's name and its classes, `.loud.first`.
fn attributes(body: &str, name_end: usize) -> &str {
    let rest = body[name_end..].trim_start_matches(|c: char| !c.is_whitespace() && c != '/');
    rest.trim().trim_end_matches('/').trim_end()
}

/// Reads the entity that `text` begins with; its length, or 0 where it is none.
fn entity(text: &str, out: &mut Writer) -> usize {
    let limit = text.len().min(LONGEST_ENTITY);
    let Some(end) = text.as_bytes()[..limit].iter().position(|b| *b == b';') else { return 0 };
    let decoded = html_escape::decode_html_entities(&text[..=end]);
    if decoded.starts_with('&') && decoded.len() > 1 {
        // A number of no character stands for nothing.
        let number = text[1..end]
            .strip_prefix('#')
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_alphanumeric()));
        return if number { end + 1 } else { 0 };
    }
    // A line end that is spelt out ends no line of the cue.
    decoded.chars().for_each(|c| out.push(if c.is_control() { ' ' } else { c }));
    end + 1
}

/// The length of the block in braces that `text` begins with, if it is one of ASS (`{\an8}`) or MicroDVD (`{y:i}`).
fn block(text: &str) -> usize {
    let inside = &text[1..];
    let micro = inside.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && inside[1..].starts_with(':');
    match inside.find(['}', '\n', '{']) {
        Some(end) if inside[end..].starts_with('}') && (micro || inside.starts_with('\\')) => end + 2,
        _ => 0,
    }
}

/// Reads the escape that `text` begins with; its length, or 0 where it is none.
fn escape(text: &str, out: &mut Writer) -> usize {
    match text.as_bytes().get(1) {
        Some(b'N' | b'n') => out.push('\n'),
        Some(b'h') => out.push(' '),
        _ => return 0,
    }
    2
}

/// Text with override blocks and escapes of ASS; what is drawn is left out.
fn ass(raw: &str, out: &mut Writer) {
    let (mut rest, mut drawing, mut sung) = (raw, false, Ticks::ZERO);
    // Beyond the last closing brace no block is closed.
    let last = raw.rfind('}').map_or(raw.len(), |at| raw.len() - at);
    while let Some(at) = rest.find(['{', '\\']) {
        plain_or_drawn(&rest[..at], drawing, out);
        rest = &rest[at..];
        let closes = rest.starts_with('{') && rest.len() >= last;
        let used = match if closes { rest.find('}') } else { None } {
            Some(end) => {
                drawing = draws(&rest[1..end]).unwrap_or(drawing);
                if let Some(length) = syllable(&rest[1..end]) {
                    out.rest.times.push((out.text.len(), sung));
                    sung += length;
                }
                out.look(&rest[1..end], rest[1..end].trim_start().starts_with("\\r"));
                end + 1
            }
            None if drawing => 0,
            None => match rest.as_bytes() {
                [b'\\', brace @ (b'{' | b'}'), ..] => {
                    out.push(char::from(*brace));
                    2
                }
                [b'\\', ..] => escape(rest, out),
                _ => 0,
            },
        };
        if used == 0 {
            plain_or_drawn(&rest[..1], drawing, out);
        }
        rest = &rest[used.max(1)..];
    }
    plain_or_drawn(rest, drawing, out);
}

fn plain_or_drawn(text: &str, drawing: bool, out: &mut Writer) {
    if drawing {
        out.rest.drawing |= !text.trim().is_empty();
    } else {
        text.chars().for_each(|c| out.push(c));
    }
}

/// How long what follows a block is sung: the hundredths of seconds of `\k`, `\K`, `\kf`, `\ko`.
fn syllable(block: &str) -> Option<Ticks> {
    let codes = block.split('\\').skip(1).filter_map(|code| code.strip_prefix(['k', 'K']));
    let length = codes.filter_map(|rest| rest.trim_start_matches(['f', 'o']).trim().parse::<u16>().ok()).last();
    length.map(|length| Ticks::from_millis(10 * i64::from(length)))
}

/// Whether drawing begins (`\p1`) or ends (`\p0`) in a block; `None` where it says nothing of that.
fn draws(block: &str) -> Option<bool> {
    let codes = block.split('\\').skip(1).filter_map(|code| code.strip_prefix('p'));
    let scale = codes.filter_map(|rest| rest.trim().parse::<u32>().ok()).last();
    scale.map(|scale| scale > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_gone_and_words_are_not() {
        use Markup::{Ass, Plain, Srt, Vtt};
        let rows = [
            (Plain, "a <i>b</i> &amp; {c}", "a <i>b</i> &amp; {c}"),
            (Plain, " a \t b \n\n  c ", "a b\nc"),
            (Srt, "<i>a</i> <FONT color=\"red\">b</font><br/>c", "a b\nc"),
            (Srt, "Hello <bold>my</bold> <x-y a=1>name</X-Y></z>", "Hello my name"),
            (Srt, "3 < 4 and 5 > 4, <3 <Anna> x<y", "3 < 4 and 5 > 4, <3 <Anna> x<y"),
            (Srt, "{\\an8}a{\\i1}b{\\i0} {y:i}c {laughs} {d", "ab c {laughs} {d"),
            (Srt, "a\\Nb\\hc \\x", "a\nb c \\x"),
            (Srt, "Tom &amp; Jerry&nbsp;&lt;3 &eacute;&#233;&#xE9; AT&T; &c", "Tom & Jerry\u{a0}<3 ééé AT&T; &c"),
            (Srt, "a&#10;b&#0;c&lrm;d&#27;e", "a bcde"),
            (Vtt, "<v.loud Roger Bingham>Hi <c.x.y>there</c> <unknown>you", "Hi there you"),
            (Vtt, "<00:00:01.000><c> Hello</c><00:00:01.500><c> world</c>", "Hello world"),
            (Vtt, "a < b & c", "a < b & c"),
            (Vtt, "{\\an8}a", "{\\an8}a"),
            (Ass, "{\\pos(1,2)}a\\Nb\\nc\\hd{note}e {open", "a\nb\nc de {open"),
            (Ass, "{\\p1}m 0 0 l 10 10{\\p0}text{\\pbo5}s", "texts"),
            (Ass, "{\\k20}ka{\\kf30}ra\\{x\\}", "kara{x}"),
            (Ass, "&amp; <i>", "&amp; <i>"),
        ];
        for (markup, raw, text) in rows {
            assert_eq!(strip(raw, markup).text, text, "{markup:?} {raw:?}");
        }
    }

    #[test]
    fn what_says_something_is_kept_with_its_place() {
        let stripped =
            strip("<v.first.loud Esme &amp; Co>Yes <break time=\"1s\"/>no</v> <lang fr>oui</lang>", Markup::Vtt);
        let tags: Vec<_> = stripped.tags().iter().map(|t| (t.at, t.name.as_str(), t.rest.as_str(), t.closes)).collect();
        let expected = [
            (0, "v", "Esme & Co", false),
            (4, "break", "time=\"1s\"", false),
            (6, "v", "", true),
            (7, "lang", "fr", false),
            (10, "lang", "", true),
        ];
        assert_eq!((stripped.text.as_str(), tags.as_slice()), ("Yes no oui", &expected[..]));
        let timed = strip("one<00:00:01.500><c> two</c>", Markup::Vtt);
        assert_eq!(timed.times(), [(3, Ticks::from_millis(1500))]);
        // A wide space that ends a line goes, with the place after it.
        let aid = strip("a<rt>\u{a0}</rt> \nН<00:00:01.000>", Markup::Vtt);
        assert_eq!(aid.tags().iter().map(|tag| tag.at).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(aid.times(), [("a\nН".len(), Ticks::from_millis(1000))]);
        let drawn = strip("{\\p2}m 0 0 l 1 1", Markup::Ass);
        assert!(drawn.drawing() && drawn.text.is_empty());
        assert_eq!(strip("<sub alias=\"x\">CO<sub>2</sub>", Markup::Srt).tags().len(), 3);
    }
}
