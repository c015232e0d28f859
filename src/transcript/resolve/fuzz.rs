//! In: a seeded stream of odd subtitle files and of noise. Out: proof that reading them never panics, loses no words and
//! gives cues that are in order.

use super::super::fuzz::Odd;
use super::super::{Cue, Format, Sounds, Transcript, read_as};
use std::collections::HashMap;

/// What may stand around words in any format; none of it has letters that count as words.
const AROUND: &[&str] = &[
    " ", " ", " ", " ", ". ", ", ", " - ", "\n- ", "\n", " >> ", "\n>> ", " [", "] ", " (", ") ", "♪", "\n♪ ", "# ",
    ": ", " & ", "... ", "! - ", "\u{a0}", "\u{feff}", " * ", "\u{301} ",
];
const OF_SRT: &[&str] = &[
    "<i>",
    "</i>",
    "{\\an8}",
    "{\\i1}",
    "&amp;",
    "&#10;",
    "\\N",
    "\\h",
    "<br>",
    " < ",
    "{",
    "}",
    "<font color=\"#f\">",
];
const OF_VTT: &[&str] =
    &["<c>", "</c>", "<00:00:01.500>", "&lt;", "&nbsp;", "<v.a>", "</v>", "<rt>", "</rt>", "<ruby>", "&"];
const OF_ASS: &[&str] = &["{\\k20}", "{\\p0}", "\\N", "\\n", "\\h", "\\{", "}", "{\\pos(1,2)}"];

/// The format's own markup, and how it writes a cue with these times in milliseconds and this text.
fn form(format: Format, odd: &mut Odd, from: i64, to: i64, text: &str) -> String {
    let clock = |ms: i64, sign: char| {
        format!("{:02}:{:02}:{:02}{sign}{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
    };
    let lines = text.split('\n').filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n");
    match format {
        Format::Srt => {
            let (number, arrow, gap) = (
                odd.pick(&["", "7\n", "1\n"]),
                odd.pick(&[" --> ", "-->", " -> "]),
                odd.pick(&["\n\n", "\n", "\r\n\r\n"]),
            );
            format!(
                "{number}{}{arrow}{}\n{lines}{gap}",
                clock(from, ','),
                clock(to, odd.pick(&[",", "."]).chars().next().unwrap_or(','))
            )
        }
        Format::Vtt => {
            let (name, tail) = (odd.pick(&["", "name\n"]), odd.pick(&["", " align:start position:0%"]));
            format!("{name}{} --> {}{tail}\n{lines}\n\n", clock(from, '.'), clock(to, '.'))
        }
        Format::Sbv => format!("{},{}\n{lines}\n\n", clock(from, '.'), clock(to, '.')),
        Format::Lrc => format!(
            "[{:02}:{:02}.{:02}]{}\n",
            from / 60_000,
            from / 1000 % 60,
            from / 10 % 100,
            lines.replace('\n', " ")
        ),
        _ => {
            let at = |ms: i64| clock(ms, '.')[1..11].to_owned();
            format!("Dialogue: 0,{},{},Default,,0,0,0,,{}\n", at(from), at(to), lines.replace('\n', "\\N"))
        }
    }
}

/// A file of odd cues, and its words: each stands in it once.
fn document(format: Format, odd: &mut Odd) -> (String, Vec<String>) {
    let own = match format {
        Format::Srt | Format::Sbv => OF_SRT,
        Format::Vtt => OF_VTT,
        Format::Ass => OF_ASS,
        _ => AROUND,
    };
    let head = match format {
        Format::Vtt => "WEBVTT\n\n",
        Format::Ass => "[Events]\n",
        Format::Lrc => "[ti:x]\n",
        _ => "",
    };
    let (mut file, mut words, mut now) = (head.to_owned(), Vec::new(), 0i64);
    for cue in 0..=odd.next(12) {
        let mut text = String::new();
        for word in 0..odd.next(9) {
            let word = format!("{}{cue}x{word}z", odd.pick(&["w", "W", "É", "字"]));
            let around = if odd.next(3) == 0 { odd.pick(own) } else { odd.pick(AROUND) };
            text.push_str(&word);
            text.push_str(around);
            text.push(' ');
            words.push(word);
        }
        now += odd.next(4000) as i64;
        let to = now + odd.next(5000) as i64 - 300;
        file.push_str(&form(format, odd, now, to.max(0), &text));
    }
    (file, words)
}

/// What holds for every file that was read.
fn sound(transcript: &Transcript, what: &str) {
    assert!(transcript.stamped.is_sorted_by_key(|cue| cue.start()), "{what}");
    for (index, cue) in transcript.stamped.iter().enumerate() {
        assert_eq!(cue.index(), index + 1, "{what}");
        assert!(cue.end().is_none_or(|end| cue.start() < Some(end)), "{cue:?} in {what}");
        assert!(!cue.text().contains(['\n', '\r']) && cue.text().trim() == cue.text(), "{cue:?} in {what}");
        let mut end = 0;
        for mark in cue.marks() {
            assert!(mark.place.start >= end && cue.text().get(mark.place.clone()).is_some(), "{cue:?} in {what}");
            end = mark.place.end;
        }
        assert_eq!(cue.aloud(Sounds::Skip).len(), cue.text().len(), "{cue:?} in {what}");
    }
}

const FORMATS: [Format; 5] = [Format::Srt, Format::Vtt, Format::Ass, Format::Sbv, Format::Lrc];

#[test]
fn every_word_of_every_odd_file_is_in_one_cue() {
    let odd = &mut Odd(0x0DD5);
    for round in 0..4000 {
        let format = FORMATS[round % FORMATS.len()];
        let (text, words) = document(format, odd);
        let Ok(transcript) = read_as(text.as_bytes(), Some(format)) else {
            assert!(words.is_empty(), "round {round}: {text}");
            continue;
        };
        sound(&transcript, &text);
        let mut heard: HashMap<&str, usize> = HashMap::new();
        for cue in &transcript.stamped {
            for word in cue.text().split(|c: char| !c.is_alphanumeric()) {
                *heard.entry(word).or_default() += 1;
            }
        }
        for word in &words {
            assert_eq!(
                heard.get(word.as_str()),
                Some(&1),
                "round {round}: {word} in\n{text}\n{:?}",
                transcript.stamped
            );
        }
    }
}

#[test]
fn noise_of_every_format_is_read_or_refused() {
    const SIGNS: &[&str] = &[
        "00:00:01,000",
        " --> ",
        "\n",
        "\n\n",
        "1",
        "0:0:4,8",
        "WEBVTT",
        "NOTE",
        "<v Anna>",
        "<",
        ">",
        "{\\p1}",
        "{",
        "}",
        "&",
        "&#0;",
        "&lt;",
        "Dialogue: 0,",
        "Format:",
        "Start,",
        ",",
        "[",
        "]",
        "[00:01.00]",
        "[offset:",
        "♪",
        "(",
        ")",
        "*",
        "- ",
        ">> ",
        "ANNA:",
        "Anna: ",
        "laughs",
        "a ",
        "\u{a0}",
        "é",
        "\t",
        "\\N",
        "\\",
        "-",
        ":",
        "99999:99:99.999999999",
        "X-TIMESTAMP-MAP=LOCAL:",
        "MPEGTS:99999999999",
        "\u{2028}",
        "#",
    ];
    let odd = &mut Odd(0x5EED5);
    for round in 0..6000 {
        let format = FORMATS[round % FORMATS.len()];
        let text: String = (0..odd.next(40)).map(|_| odd.pick(SIGNS)).collect();
        for format in [Some(format), None] {
            if let Ok(transcript) = read_as(text.as_bytes(), format) {
                sound(&transcript, &text);
            }
        }
        let (whole, _) = document(format, odd);
        let cut = &whole.as_bytes()[..odd.next(whole.len() + 1)];
        if let Ok(transcript) = read_as(cut, Some(format)) {
            sound(&transcript, &whole);
        }
    }
}

#[test]
fn a_great_many_odd_marks_in_a_cue_take_no_great_time() {
    let begun = std::time::Instant::now();
    let marks = [
        "<",
        "&",
        "{\\",
        "{\\i1}",
        "<i>",
        "- a\n",
        ">> ",
        ">> a ",
        "♪",
        "(a) ",
        "[a] ",
        "[",
        "( ",
        "* a",
        "Anna: ",
        "ANNA:\n",
        "<v a>b",
        "<00:01.000>",
        "a - B. ",
        "\\N",
        "<rt>a",
        "00:00:01,000 --> 00:00:02,000\n",
        "1\n",
        "[00:01.00]",
        "0:00:01.000,0:00:02.000\n",
        "-->\n",
        ": ",
    ];
    for mark in marks {
        for format in FORMATS {
            let body = mark.repeat(30_000);
            let text = match format {
                Format::Vtt => format!("WEBVTT\n\n00:01.000 --> 00:02.000\na {body}"),
                Format::Ass => format!("Dialogue: 0,0:00:01.00,0:00:02.00,s,,0,0,0,,a {}", body.replace('\n', "\\N")),
                Format::Sbv => format!("0:00:01.000,0:00:02.000\na {body}"),
                Format::Lrc => format!("[00:01.00]a {body}"),
                _ => format!("00:00:01,000 --> 00:00:02,000\na {body}"),
            };
            let one = std::time::Instant::now();
            let _ = read_as(text.as_bytes(), Some(format));
            assert!(one.elapsed().as_secs() < 10, "{mark:?} as {}", format.name());
        }
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn a_cue_without_marks_is_said_whole() {
    let cue = Cue::new(1, "All of it.");
    assert_eq!((cue.aloud(Sounds::Skip).as_ref(), cue.silence()), ("All of it.", None));
}
