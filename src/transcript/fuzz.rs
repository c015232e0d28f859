//! In: a seeded stream of odd lines and of noise. Out: proof that reading never panics and loses no words.

use super::{Transcript, read};
use std::collections::HashMap;

/// Xorshift (Marsaglia 2003): odd enough, the same everywhere.
struct Odd(u64);

impl Odd {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.next(from.len())]
    }
}

const BEFORE: &[&str] = &[
    "",
    "",
    "",
    "00:17 ",
    "0:17",
    "1:02:03.5 - ",
    "[00:22] ",
    "(75:10)\t",
    "00:01 --> 00:09 ",
    "00:99 ",
    "- 00:30 – ",
    "10:30 am ",
    "# ",
    "- ",
    "> ",
    "12. ",
    "| ",
    "**",
    "[",
    "00:05 - 00:02 ",
    "\u{feff}",
    "<0:01",
    "00:00:01:02 ",
];
const AFTER: &[&str] =
    &["", "", ".", " ?", "…", " ♪", " »", "**", "](http://x)", " |", "\t", "\"", "-", " Dr.", "```", "\u{301}"];
const ENDS: &[&str] = &["\n", "\n", "\r\n", "\r", "\n\n", "\u{2028}", " \n"];

/// A document of odd lines, and its words: each stands in it once.
fn document(odd: &mut Odd) -> (String, Vec<String>) {
    let (mut text, mut words) = (String::new(), Vec::new());
    for line in 0..odd.next(30) + 1 {
        text.push_str(odd.pick(BEFORE));
        for word in 0..odd.next(24) {
            let word = format!("{}{line}x{word}z", odd.pick(&["w", "W", "é", "É", "ß", "字"]));
            text.push_str(&word);
            text.push_str(odd.pick(&[" ", " ", " ", ". ", ", ", "\u{a0}", "! ", " - ", "* ", "_ "]));
            words.push(word);
        }
        text.push_str(odd.pick(AFTER));
        text.push_str(odd.pick(ENDS));
    }
    (text, words)
}

/// How often each word is in a cue.
fn heard(transcript: &Transcript) -> HashMap<&str, usize> {
    let mut heard = HashMap::new();
    for cue in transcript.stamped.iter().chain(&transcript.prose) {
        assert!(!cue.text.contains(['\n', '\r']), "{:?}", cue.text);
        for word in cue.text.split(|c: char| !c.is_alphanumeric()) {
            // A stamp that is none may stand right before a word.
            *heard.entry(word.trim_start_matches(|c: char| c.is_ascii_digit())).or_default() += 1;
        }
    }
    heard
}

#[test]
fn every_word_of_every_odd_document_is_in_one_cue_or_in_code_that_a_note_names() {
    let odd = &mut Odd(0x5EED);
    for round in 0..3000 {
        let (text, words) = document(odd);
        let transcript = match read(text.as_bytes()) {
            Ok(transcript) => transcript,
            Err(error) => {
                assert!(words.is_empty(), "round {round}: {error}\n{text}");
                continue;
            }
        };
        let heard = heard(&transcript);
        let code = transcript.notes.iter().any(|note| note.code == "code");
        for word in &words {
            let count = heard.get(word.as_str()).copied().unwrap_or(0);
            assert!(count == 1 || (count == 0 && code), "round {round}: {word} is heard {count} times in\n{text}");
        }
        let sorted = transcript.stamped.is_sorted_by_key(|cue| cue.start);
        let numbered = transcript.stamped.iter().enumerate().all(|(index, cue)| cue.index == index + 1);
        assert!(sorted && numbered, "round {round}");
        let lines = text.split(['\n', '\r', '\u{2028}']).count();
        assert!(transcript.notes.iter().all(|note| note.line.is_none_or(|line| (1..=lines).contains(&line))));
    }
}

#[test]
fn a_great_many_odd_marks_take_no_great_time() {
    let begun = std::time::Instant::now();
    let marks = [
        "](",
        "[a](",
        "*a ",
        "_",
        "`",
        "0:17 ",
        "0:17\n",
        "a\n",
        "a\n\n",
        "```\n~~~\n",
        "| a ",
        "a-\n",
        ". A",
        "\u{1b}[",
        "12:",
    ];
    for mark in marks {
        let _ = read(format!("a {}", mark.repeat(100_000)).as_bytes());
        let _ = read(format!("0:01 a\n0:02\n{}", mark.repeat(100_000)).as_bytes());
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn noise_is_read_or_refused_and_never_breaks_anything() {
    let odd = &mut Odd(0xB17E5);
    for _ in 0..4000 {
        let alphabet = [256, 128, 64][odd.next(3)];
        let length = odd.next(200);
        let bytes: Vec<u8> = (0..length).map(|_| odd.next(alphabet) as u8).collect();
        let _ = read(&bytes);
        let signs = b"0:17[](){}<>-.,*_`~|#\n \r\t\xC3\xA9\xE2\x80\xA6\xFF\xFE\0aZ";
        let bytes: Vec<u8> = (0..length).map(|_| signs[odd.next(signs.len())]).collect();
        let _ = read(&bytes);
        let (text, _) = document(odd);
        let cut = odd.next(text.len());
        let _ = read(&text.as_bytes()[..cut]);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let _ = read(&wide[..odd.next(wide.len())]);
    }
}
