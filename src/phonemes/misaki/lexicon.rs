//! In: a lexicon as `lexicon.py` packs it. Out: how a word is said, by its part of speech. Knows the packed format, and
//! no rule of pronunciation.

use super::tags::Tag;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// A lexicon, unpacked: lines sorted by their bytes.
pub struct Lexicon {
    text: Vec<u8>,
    /// Where each line begins, and where the last one ends.
    lines: Vec<u32>,
    /// The letters that the bytes from 128 on stand for.
    alphabet: Vec<char>,
}

/// What the lexicon holds for one word.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    body: &'a [u8],
    alphabet: &'a [char],
    /// Whether somebody has checked it.
    pub checked: bool,
}

impl Lexicon {
    /// Unpacks a lexicon; an empty one where that cannot be done.
    pub fn unpack(packed: &[u8]) -> Lexicon {
        let mut text = Vec::new();
        if ZlibDecoder::new(packed).read_to_end(&mut text).is_err() {
            text.clear();
        }
        let first = text.iter().position(|&byte| byte == b'\n').map_or(text.len(), |end| end + 1);
        let alphabet = String::from_utf8_lossy(&text[..first]).trim_end().chars().collect();
        let mut lines = vec![first as u32];
        let ends = text.iter().enumerate().skip(first).filter(|(_, byte)| **byte == b'\n');
        lines.extend(ends.map(|(at, _)| at as u32 + 1));
        Lexicon { text, lines, alphabet }
    }

    /// What has been checked for this word, or for it with a capital where it has none, or without the one it has.
    pub fn checked(&self, word: &str) -> Option<Entry<'_>> {
        self.either(word, true)
    }

    /// What there is for this word, checked entries first.
    pub fn find(&self, word: &str) -> Option<Entry<'_>> {
        self.checked(word).or_else(|| self.either(word, false))
    }

    fn either(&self, word: &str, checked: bool) -> Option<Entry<'_>> {
        let right = |entry: &Entry<'_>| entry.checked == checked;
        self.exact(word).filter(right).or_else(|| self.exact(&other_case(word)?).filter(right))
    }

    fn exact(&self, word: &str) -> Option<Entry<'_>> {
        let line = |at: usize| &self.text[self.lines[at] as usize..self.lines[at + 1] as usize - 1];
        let (mut low, mut high) = (0, self.lines.len().saturating_sub(1));
        while low < high {
            let middle = low.midpoint(high);
            let (spelt, body) = halves(line(middle));
            match spelt.cmp(word.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let (checked, body) = body.strip_prefix(b" ").map_or((true, body), |body| (false, body));
                    return Some(Entry { body, alphabet: &self.alphabet, checked });
                }
            }
        }
        None
    }
}

impl Entry<'_> {
    /// Whether it has several readings.
    pub fn is_several(&self) -> bool {
        self.body.contains(&b'=')
    }

    /// Its reading for this part of speech, where the last word of a clause may have one of its own; none where it has
    /// none for that.
    pub fn reading(&self, tag: Tag, last: bool) -> Option<String> {
        if !self.is_several() {
            return self.write(self.body);
        }
        let named = |name: &str| {
            self.body
                .split(|&byte| byte == b'|')
                .find_map(|part| part.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        };
        let of_tag = || tag.names().into_iter().find_map(named);
        let own = named("None").filter(|_| last);
        self.write(own.or_else(of_tag).or_else(|| named("DEFAULT"))?)
    }

    fn write(&self, bytes: &[u8]) -> Option<String> {
        let letters: Option<String> =
            bytes.iter().map(|&byte| self.alphabet.get(usize::from(byte.checked_sub(128)?)).copied()).collect();
        letters.filter(|letters| !letters.is_empty())
    }
}

fn halves(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(|&byte| byte == b'\t').unwrap_or(line.len());
    (&line[..end], line.get(end + 1..).unwrap_or_default())
}

/// A small word with a capital, a word with nothing but its first letter as capital without it.
fn other_case(word: &str) -> Option<String> {
    let small = word.to_lowercase();
    let capital = capitalised(&small);
    if word.chars().count() < 2 || small == capital {
        return None;
    }
    if word == small {
        return Some(capital);
    }
    (word == capital).then_some(small)
}

/// The word with its first letter as capital, the others small.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
}
