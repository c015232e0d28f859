//! Whole documents: what becomes of their lines, their prose and their oddities.

use super::*;
use crate::time::Ticks;

const SUMMARY: &str = "Le phare a rouvert ce matin, après trois ans de travaux, devant une foule venue de toute la côte. \
    La lampe tourne de nouveau.\nLes pêcheurs, eux, attendaient ce jour depuis longtemps ; certains en parlaient \
    encore hier soir au café du port.\n";

fn parse(text: &str) -> Transcript {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

/// The stamped lines as `seconds-end text`, the prose, and the notes as `line code`.
fn shown(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let transcript = parse(text);
    let secs = |ticks: Option<Ticks>| ticks.map_or(String::new(), |ticks| ticks.secs().to_string());
    let cue = |cue: &Cue| format!("{}:{}-{} {}", cue.line(), secs(cue.start()), secs(cue.end()), cue.text());
    let prose = |cue: &Cue| format!("{}:{} {}", cue.line(), cue.paragraph(), cue.text());
    let note = |note: &Note| format!("{} {}", note.line.unwrap_or(0), note.code);
    (
        transcript.stamped.iter().map(cue).collect(),
        transcript.prose.iter().map(prose).collect(),
        transcript.notes.iter().map(note).collect(),
    )
}

type Row<'a> = (&'a str, &'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str]);

fn check(rows: &[Row<'_>]) {
    for (what, text, stamped, prose, notes) in rows {
        let (found_stamped, found_prose, found_notes) = shown(text);
        assert_eq!(&found_stamped, stamped, "{what}: stamped");
        assert_eq!(&found_prose, prose, "{what}: prose");
        assert_eq!(&found_notes, notes, "{what}: notes");
    }
}

#[test]
fn a_summary_right_above_stamped_lines_is_prose_of_two_paragraphs() {
    let transcript = parse(&format!("{SUMMARY}00:04 The light is back,\n00:07 and so are the boats.\n"));
    assert_eq!((transcript.format, transcript.encoding), (Format::Stamped, "UTF-8"));
    assert_eq!(transcript.stamped.iter().map(|cue| cue.line()).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(transcript.stamped[0].grain(), Ticks::from_millis(1000));
    assert_eq!(
        transcript.prose.iter().map(|cue| (cue.line(), cue.paragraph())).collect::<Vec<_>>(),
        [(1, 1), (1, 1), (2, 2)]
    );
    assert_eq!(transcript.notes, []);
}

#[test]
fn a_summary_right_below_stamped_lines_is_prose_too() {
    let transcript = parse(&format!("00:04 The light is back.\n00:07 So are the boats\n{SUMMARY}"));
    assert_eq!((transcript.stamped.len(), transcript.prose.len()), (2, 3));
    assert_eq!(transcript.stamped[1].text(), "So are the boats");
}

#[test]
fn where_the_text_of_a_stamp_ends() {
    check(&[
        ("inline", "0:01 a\n0:02 b", &["1:1- a", "2:2- b"], &[], &[]),
        ("above", "0:01\na\nB\n0:02\nc", &["2:1- a B", "5:2- c"], &[], &[]),
        ("above, then prose", "0:01\na\n0:02\nc\n\nEnd.", &["2:1- a", "4:2- c"], &["6:1 End."], &[]),
        ("double-spaced", "0:01\n\na\n\n0:02\n\nc\n\nEnd.", &["3:1- a", "7:2- c"], &["9:1 End."], &[]),
        (
            "paragraphs under most stamps",
            "[0:01]\nA.\n\nB.\n\n[0:02]\nC.\n\nD.",
            &["2:1- A. B.", "7:2- C. D."],
            &[],
            &["4 continued", "9 continued"],
        ),
        ("lower case goes on", "0:01 a\nb\n0:02 c\nd", &["1:1- a b", "3:2- c d"], &[], &["2 continued", "4 continued"]),
        ("upper case in the middle", "0:01 a\nB\n0:02 c", &["1:1- a B", "3:2- c"], &[], &["2 continued"]),
        ("upper case at the end", "0:01 a\n0:02 c\nD\ne", &["1:1- a", "2:2- c"], &["3:1 D e"], &[]),
        ("after a blank line", "0:01 a\n\nb\n\n0:02 c", &["1:1- a", "5:2- c"], &["3:1 b"], &[]),
        (
            "bare stamp among inline ones",
            "0:01 a\n0:02\nb\n0:03 c\n0:04 d",
            &["1:1- a", "3:2- b", "4:3- c", "5:4- d"],
            &[],
            &[],
        ),
        (
            "said in words",
            "0:00\n0 seconds\na\n1:17\n1 minute, 17 seconds\nb\n1:18\n1 minute et 18 secondes\n2 minutes",
            &["3:0- a", "6:77- b", "9:78- 2 minutes"],
            &[],
            &["2 spelt-out-stamp"],
        ),
    ]);
}

#[test]
fn odd_times_are_kept_and_told() {
    check(&[
        ("unsorted", "0:05 b\n0:01 a\n0:09 c", &["2:1- a", "1:5- b", "3:9- c"], &[], &["2 unsorted"]),
        ("equal", "0:05 b\n0:05 a\n0:09 c", &["1:5- b", "2:5- a", "3:9- c"], &[], &["2 equal-stamps"]),
        ("backward end", "0:05 - 0:04 b\n0:09 c", &["1:5- b", "2:9- c"], &[], &["1 end-before-start"]),
        ("overlap", "0:05 - 0:11 b\n0:09 - 0:12 c", &["1:5-11 b", "2:9-12 c"], &[], &["1 overlap"]),
        (
            "no such time",
            "0:05 b\n0:75 c\n0:09 d",
            &["1:5- b 0:75 c", "3:9- d"],
            &[],
            &["2 impossible-stamp", "2 continued"],
        ),
        (
            "nothing to say",
            "0:05\n0:06 ...\n0:07 ♪\n0:08 a",
            &["1:5- ", "2:6- ...", "3:7- ♪", "4:8- a"],
            &[],
            &["1 nothing-to-say", "2 nothing-to-say", "3 music"],
        ),
    ]);
}

#[test]
fn what_counts_as_stamped() {
    let rows = [
        ("10:30 is when we meet", Format::Prose),
        (
            "10:30 is when we meet.\nIt was late.\nWe ate.\nWe left.\nWe slept.\nIt rained.\nAll day.\n11:15 came.",
            Format::Prose,
        ),
        ("10:30 Left.\n11:15 Arrived.", Format::Stamped),
        ("[10:30] Left.", Format::Stamped),
        ("00:17 Hello", Format::Stamped),
        ("A title\n00:17 Hello", Format::Stamped),
        ("One.\nTwo.\n00:17 Hello", Format::Prose),
        ("We met at 00:17 and at 00:22.", Format::Prose),
        ("0:17\nHello\n0:22\nYou", Format::Stamped),
    ];
    for (text, format) in rows {
        assert_eq!(parse(text).format, format, "{text:?}");
    }
    assert_eq!(shown("10:30 is when we meet").2, ["1 stamp-in-prose"]);
}

#[test]
fn paragraphs_and_wrapped_lines() {
    let long =
        "This line is a good deal longer than any that a person would wrap by hand in an editor, and it ends like so";
    check(&[
        ("blank lines", "A one. Two.\n\n\nB.", &[], &["1:1 A one.", "1:1 Two.", "4:2 B."], &[]),
        (
            "wrapped",
            "The light was lit again in the\nspring of that year. It shines\nfar.",
            &[],
            &["1:1 The light was lit again in the spring of that year.", "2:1 It shines far."],
            &[],
        ),
        (
            "closing marks",
            "One is here.\nTwo is here.\nThree.",
            &[],
            &["1:1 One is here.", "2:2 Two is here.", "3:3 Three."],
            &[],
        ),
        (
            "a title",
            "The harbour\nIt was restored some years ago and shines.",
            &[],
            &["1:1 The harbour", "2:2 It was restored some years ago and shines."],
            &[],
        ),
        ("a split word", "It was a light-\nhouse. Yes.", &[], &["1:1 It was a light-house.", "2:1 Yes."], &[]),
        (
            "lists",
            "# Head\nText\n- one\n- two\n  more\n1. three",
            &[],
            &["1:1 Head", "2:2 Text", "3:3 one", "4:4 two more", "6:5 1. three"],
            &[],
        ),
        ("nothing", "One.\n\n♪ ... ♪\n\nTwo.", &[], &["1:1 One.", "5:2 Two."], &["3 nothing-to-say"]),
    ]);
    for text in [format!("{long}.\n{long}."), format!("{long} and so on\n{long} and so on and on")] {
        assert_eq!(shown(&text).1.len(), 2, "{text}");
    }
}

#[test]
fn nothing_to_say_at_all_is_an_error_with_a_line() {
    for (text, line) in [("\n0:01\n0:02 ...", Some(2)), ("...", Some(1)), ("\n\n-- !", Some(3)), ("---", Some(1))] {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.line()), (Kind::Input, line), "{text:?}: {error}");
    }
}

#[test]
fn a_block_of_thousands_of_lines_is_read_as_a_short_one_is() {
    let wrapped = "the boats of the harbour that were painted in the\n".repeat(4000);
    let items = "- one boat\n  that is red\n".repeat(4000);
    let lines = "One boat.\nAnother one.\n".repeat(4000) + "The last\n=====\n";
    for (what, text, paragraphs) in [("wrapped", wrapped, 1), ("items", items, 4000), ("lines", lines, 8001)] {
        let transcript = parse(&text);
        assert_eq!(transcript.prose.last().map(Cue::paragraph), Some(paragraphs), "{what}");
        assert!(transcript.notes.is_empty(), "{what}: {:?}", transcript.notes);
    }
}
