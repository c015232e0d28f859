//! In: the plain text of a cue. Out: marks on what is no speech: described sounds and music. Knows words of sound in
//! English and French, no speakers and no other cue.
//!
//! | what | taken for a sound |
//! |---|---|
//! | `[…]` | where it names a sound, begins or ends a line, or stands alone; in the middle of a sentence it may be an insertion and is spoken |
//! | `(…)` | where it names a sound, or stands alone on its line and is a description: at most four words and no end of a sentence, or capitals |
//! | `*…*` | where it names a sound |
//! | `♪ … ♪`, `# … #` | music; a sign at the beginning of a line and none after it takes all that follows |

use crate::transcript::marks::{Mark, Silence, What, within};
use std::ops::Range;

/// Beginnings of words that describe a sound wherever they are set apart.
const SOUNDS: &[&str] = &[
    "applau",
    "laugh",
    "chuckl",
    "giggl",
    "snicker",
    "sigh",
    "gasp",
    "groan",
    "moan",
    "grunt",
    "cough",
    "sneez",
    "sniff",
    "sob",
    "weep",
    "scream",
    "shriek",
    "yell",
    "whisper",
    "mutter",
    "mumbl",
    "murmur",
    "stammer",
    "music",
    "instrumental",
    "melod",
    "singing",
    "sings",
    "humming",
    "hums",
    "cheer",
    "clap",
    "booing",
    "boos",
    "whistl",
    "snor",
    "yawn",
    "burp",
    "hiccup",
    "pant",
    "exhal",
    "inhal",
    "breath",
    "throat",
    "gunshot",
    "gunfire",
    "explosion",
    "explod",
    "thunder",
    "siren",
    "footstep",
    "bark",
    "meow",
    "chirp",
    "buzz",
    "beep",
    "creak",
    "slam",
    "crash",
    "thud",
    "clatter",
    "rustl",
    "rumbl",
    "screech",
    "honk",
    "crosstalk",
    "inaudible",
    "unintelligible",
    "indistinct",
    "blank_audio",
    "silence",
    "static",
    "chatter",
    "ringing",
    "rings",
    "knock",
    "ominous",
    "applaudiss",
    "rires",
    "rire",
    "soupir",
    "musique",
    "bruit",
    "toux",
    "touss",
    "sanglot",
    "hurle",
    "hurlement",
    "murmur",
    "chuchot",
    "inaudible",
    "incompréhensible",
    "tonnerre",
    "sirène",
    "klaxon",
    "aboie",
    "siffle",
    "gémi",
    "gémiss",
    "halèt",
    "brouhaha",
    "acclam",
    "générique",
    "sonnerie",
    "grésille",
    "grince",
    "vrombi",
    "ronfl",
];

/// Words that describe a sound in square brackets, but could be said in round ones.
const SOUNDS_IN_BRACKETS: &[&str] = &[
    "song", "theme", "crowd", "audience", "door", "phone", "bell", "alarm", "horn", "engine", "rain", "wind", "noise",
    "sound", "bang", "click", "pause", "speaking", "speaks", "speak", "foreign", "background", "playing", "plays",
    "crying", "cries", "screaming", "shouting", "shouts", "chanson", "chant", "porte", "téléphone", "sonne", "pleure",
    "crie", "cris", "silence", "vent", "pluie", "coup", "explosion", "rit", "bip", "off",
];

const PAIRS: [(char, char); 6] = [('[', ']'), ('(', ')'), ('［', '］'), ('（', '）'), ('【', '】'), ('*', '*')];
const NOTES: [char; 6] = ['♪', '♫', '♬', '♩', '🎵', '🎶'];

/// The longest description of a sound, in bytes.
const LONGEST: usize = 200;

/// Marks on sounds and music in `text` from the byte `from` on, in order; they do not overlap.
pub(super) fn noise(text: &str, from: usize) -> Vec<Mark> {
    let music = music(text, from);
    let (mut marks, mut at) = (Vec::new(), from);
    while let Some((open, close, offset)) = next_opener(&text[at..]) {
        let start = at + offset;
        let inside = start + open.len_utf8();
        let limit = (inside + LONGEST).min(text.len());
        let limit = (limit..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(text.len());
        let Some(length) = text[inside..limit].find(close) else {
            at = inside;
            continue;
        };
        let end = inside + length + close.len_utf8();
        if is_sound(&text[inside..inside + length], open, alone_on_line(text, start..end)) {
            if within(&music, &(start..end)).next().is_none() {
                marks.push(Mark { place: start..end, what: What::Silent(Silence::Sound) });
            }
            at = end;
        } else {
            at = inside;
        }
    }
    marks.extend(music);
    marks.sort_by_key(|mark| mark.place.start);
    marks
}

/// The first bracket or star: it, the one that closes it, and where it is.
fn next_opener(text: &str) -> Option<(char, char, usize)> {
    let (at, found) = text.char_indices().find(|(_, c)| PAIRS.iter().any(|(open, _)| open == c))?;
    PAIRS.iter().find(|(open, _)| *open == found).map(|(open, close)| (*open, *close, at))
}

/// Whether nothing is said before, and after, a place on its line.
fn alone_on_line(text: &str, place: Range<usize>) -> (bool, bool) {
    let telling = |c: &char| *c == '\n' || c.is_alphanumeric();
    let before = text[..place.start].chars().rev().find(telling);
    let after = text[place.end..].chars().find(telling);
    (before.is_none_or(|c| c == '\n'), after.is_none_or(|c| c == '\n'))
}

/// Whether what stands in brackets describes a sound.
fn is_sound(content: &str, open: char, (first, last): (bool, bool)) -> bool {
    if !content.chars().any(char::is_alphabetic) {
        return false;
    }
    let count = content.split_whitespace().count();
    let named = |list: &[&str]| {
        let small = content.to_lowercase();
        small.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| list.iter().any(|stem| w.starts_with(stem)))
    };
    match open {
        '[' | '［' | '【' => first || last || named(SOUNDS) || named(SOUNDS_IN_BRACKETS),
        '*' => count <= 4 && !content.starts_with(char::is_whitespace) && named(SOUNDS),
        _ => {
            let closes_sentence = content.trim_end().ends_with(['.', '!', '?', '…']);
            let capitals = is_capitals(content) && first;
            (count <= 6 && named(SOUNDS))
                || (first && last && (capitals || (count <= 4 && !closes_sentence)))
                || (capitals && count > 1)
        }
    }
}

/// Whether all letters are capitals, and there are at least three.
pub(super) fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() >= 3 && !text.chars().any(char::is_lowercase)
}

/// Marks on what stands between signs of music, those included.
fn music(text: &str, from: usize) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let whole = text[from..].trim();
    let hashes = whole.len() > 2 && whole.starts_with("# ") && whole.ends_with('#');
    let is_sign = |c: char| NOTES.contains(&c) || (hashes && c == '#');
    let mut open: Option<usize> = None;
    let mut begins_line = true;
    let mut at = from;
    while at < text.len() {
        let Some(c) = text[at..].chars().next() else { break };
        if !is_sign(c) {
            begins_line = c == '\n' || (begins_line && !c.is_alphanumeric());
            at += c.len_utf8();
            continue;
        }
        // Signs side by side are one.
        let end = text[at..].find(|c| !is_sign(c)).map_or(text.len(), |length| at + length);
        match open {
            None => open = Some(at),
            Some(_) if begins_line => {}
            Some(start) => {
                marks.push(Mark { place: start..end, what: What::Silent(Silence::Music) });
                open = None;
            }
        }
        (at, begins_line) = (end, false);
    }
    if let Some(start) = open {
        // A sign that ends a line and was not opened stands for itself.
        let rest = text[start..].trim_start_matches(is_sign);
        let alone = !rest.chars().any(char::is_alphanumeric);
        let end = if alone { text.len() - rest.len() } else { text.len() };
        marks.push(Mark { place: start..end, what: What::Silent(Silence::Music) });
    }
    marks
}

#[cfg(test)]
mod tests;
