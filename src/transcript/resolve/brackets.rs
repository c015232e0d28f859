//! In: the raw text of a cue. Out: the same with SSML for what this program has in brackets:
//! pauses, sounds, languages. Knows how these are written; what SSML means, and whether a text has
//! markup of its own, is known to others.

use super::tags::{beginning, length};
use crate::lang::Lang;
use std::borrow::Cow;

/// The longest text in brackets that is looked at, in characters.
const LONGEST: usize = 200;

/// The text with what stands in brackets written as SSML.
pub(super) fn in_tags(raw: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find('[') {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let found = sounds(here).or_else(|| pause(here)).or_else(|| language(here));
        let (tag, used) = found.unwrap_or_else(|| ("[".to_owned(), 1));
        out.push_str(&tag);
        rest = &here[used..];
    }
    if out.is_empty() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(out + rest)
}

/// `[[sounds]]` as a tag, and its length.
fn sounds(text: &str) -> Option<(String, usize)> {
    let inside = text.strip_prefix("[[")?;
    let end = beginning(inside, LONGEST).find("]]")?;
    let sounds = inside[..end].trim();
    let sign = |c: char| c.is_ascii_lowercase() || " .:'-|".contains(c) || (!c.is_ascii() && !c.is_control());
    let whole = sounds.chars().all(sign) && crate::text::sayable(sounds);
    let ph = sounds.replace('&', "");
    whole.then(|| (format!("<phoneme ph=\"{ph}\">{sounds}</phoneme>"), end + 4))
}

/// `[pause 0.5s]` as a tag, and its length.
fn pause(text: &str) -> Option<(String, usize)> {
    let word = text.get(1..6).filter(|word| word.eq_ignore_ascii_case("pause"))?;
    let inside = &text[1 + word.len()..];
    let end = beginning(inside, LONGEST).find(']')?;
    let time = inside[..end].trim_start_matches(':').trim();
    length(time).map(|_| (format!("<break time=\"{time}\"/>"), word.len() + end + 2))
}

/// `[fr: merci]` as a tag, and its length.
fn language(text: &str) -> Option<(String, usize)> {
    let (tag, inside) = beginning(text, LONGEST).strip_prefix('[')?.split_once(':')?;
    let known = (2..=5).contains(&tag.len()) && tag.parse::<Lang>().is_ok();
    let end = inside.find([']', '[']).filter(|end| known && inside[*end..].starts_with(']'))?;
    let said = inside[..end].trim();
    crate::text::sayable(said).then(|| (format!("<lang xml:lang=\"{tag}\">{said}</lang>"), tag.len() + end + 3))
}
