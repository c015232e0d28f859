//! In: a seeded stream of odd lines and of noise. Out: proof that reading never panics and loses no words.

use super::{Transcript, read};
use std::collections::HashMap;

/// Xorshift (Marsaglia 2003): odd enough, the same everywhere.
pub(super) struct Odd(pub(super) u64);

impl Odd {
    pub(super) fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
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
    "Anna: ",
    "Ben[pause 0.5s]: ",
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
        assert!(!cue.text().contains(['\n', '\r']), "{:?}", cue.text());
        assert!(cue.marks().iter().all(|mark| cue.text().get(mark.place.clone()).is_some()), "{cue:?}");
        for word in cue.text().split(|c: char| !c.is_alphanumeric()) {
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
        let sorted = transcript.stamped.is_sorted_by_key(|cue| cue.start());
        let numbered = transcript.stamped.iter().enumerate().all(|(index, cue)| cue.index() == index + 1);
        assert!(sorted && numbered, "round {round}");
        let lines = text.split(['\n', '\r', '\u{2028}']).count();
        assert!(transcript.notes.iter().all(|note| note.line.is_none_or(|line| (1..=lines).contains(&line))));
    }
}

#[test]
fn a_great_many_odd_marks_take_no_great_time() {
    let begun = std::time::Instant::now();
    let marks = [
        "](", "[a](", "*a ", "_", "`", "0:17 ", "0:17\n", "a\n", "a\n\n", "```\n~~~\n", "| a ", "a-\n", ". A",
        "\u{1b}[", "12:",
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

/// A document of each structured format, small enough to be cut at every byte.
const STRUCTURED: &[&str] = &[
    r#"{"text": " A é", "segments": [{"id": 0, "start": 0.5, "end": NaN, "text": " A é\u00e9\ud83d", "speaker": null, "words": [{"word": " A", "start": 0.5, "end": 1}, {"word": "éé"}]},], "language": "fr"}"#,
    r#"{"transcription": [{"timestamps": {"from": "00:00:00,000", "to": "00:00:01,000"}, "offsets": {"from": 0, "to": 1000}, "text": " B"}]}"#,
    r#"{"text": "C d. E", "words": [{"word": "C", "start": 0, "end": 1}, {"word": "d", "start": 1, "end": 2}, {"word": "E", "start": 2, "end": 3}]}"#,
    r#"[{"timestamp": [0.0, null], "text": "F"}]"#,
    r#"{"events": [{"tStartMs": 0, "dDurationMs": 9, "wWinId": 1, "segs": [{"utf8": "G\n"}, {"utf8": "h", "tOffsetMs": 3}]}]}"#,
    r#"{"tracks": [{"cues": [{"start": 1.5, "end": 2, "grain": 1, "end_stated": false, "text": "I", "lang": "en", "words": []}]}]}"#,
    "<?xml version='1.0'?><tt xml:lang='fr' ttp:frameRate='25'><head><ttm:agent xml:id='a'><ttm:name>N</ttm:name></ttm:agent></head><body><div timeContainer='seq'><p dur='1s' ttm:agent='a'>J &amp; é<br/><span begin='10f'>k</span></p></div></body></tt>",
    "start\tend\ttext\n0\t1000\tL é\n1000\t2000\t\"M\"\n",
];

#[test]
fn structured_files_cut_or_spoilt_anywhere_are_read_or_refused() {
    let odd = &mut Odd(0xDA7A);
    for document in STRUCTURED {
        assert!(read(document.as_bytes()).is_ok(), "{document}");
        // A table is one wherever it ends, and TTML is known from its outermost tag on.
        let from = document.find("<head").unwrap_or(3);
        for cut in 1..document.len() {
            let read = read(&document.as_bytes()[..cut]);
            let may_pass = document.starts_with("start") || cut < from;
            assert!(may_pass || read.is_err(), "cut at {cut}: {document}");
        }
        let signs = b"{}[]\",:<>/&;=0129.-eENnutf \n\t\\\xC3\xA9\xFF\0";
        for _ in 0..1500 {
            let mut bytes = document.as_bytes().to_vec();
            for _ in 0..=odd.next(4) {
                let at = odd.next(bytes.len());
                match odd.next(3) {
                    0 => bytes[at] = signs[odd.next(signs.len())],
                    1 => bytes.insert(at, signs[odd.next(signs.len())]),
                    _ => drop(bytes.drain(at..(at + odd.next(12)).min(bytes.len()))),
                }
                bytes.push(b' ');
            }
            if let Err(error) = read(&bytes) {
                assert!(error.way_out().is_some(), "{error}");
            }
        }
    }
}
