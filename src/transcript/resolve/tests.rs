//! Whole files of every kind and what becomes of their cues.

use super::super::{Format, Sounds, Transcript, read, read_as};
use super::*;

fn parse(text: &str) -> Transcript {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn ms(time: Option<Ticks>) -> String {
    time.map_or(String::new(), |time| (time.0 / Ticks::from_millis(1).0).to_string())
}

/// Each cue as `line:start-end speaker: what is said`.
fn said(transcript: &Transcript) -> Vec<String> {
    let one = |cue: &Cue| {
        let speaker = cue.speaker().as_ref().map_or(String::new(), |name| format!("{name}: "));
        let words = cue.aloud(Sounds::Skip).split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}:{}-{} {speaker}{words}", cue.line(), ms(cue.start()), ms(cue.end()))
    };
    transcript.stamped.iter().map(one).collect()
}

fn notes(transcript: &Transcript) -> Vec<String> {
    transcript.notes.iter().map(|note| format!("{} {}", note.line.unwrap_or(0), note.code)).collect()
}

type Row<'a> = (&'a str, &'a str, &'a [&'a str], &'a [&'a str]);

fn check(format: Format, rows: &[Row<'_>]) {
    for (what, text, cues, told) in rows {
        let transcript = parse(text);
        assert_eq!(transcript.format, format, "{what}");
        assert_eq!(&said(&transcript), cues, "{what}");
        assert_eq!(&notes(&transcript), told, "{what}: notes");
        assert!(transcript.stamped.iter().all(|cue| !cue.text().contains('\n')), "{what}");
    }
}

#[test]
fn srt_as_it_should_be_and_as_it_is() {
    check(
        Format::Srt,
        &[
            (
                "clean",
                "1\n00:00:01,000 --> 00:00:02,500\nHello\nyou.\n\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n",
                &["3:1000-2500 Hello you.", "8:3000-4000 Bye."],
                &[],
            ),
            (
                "byte order mark, CRLF, dots, no last line end",
                "\u{feff}1\r\n00:00:01.000 --> 00:00:02.500\r\nHello",
                &["3:1000-2500 Hello"],
                &["2 sloppy-time"],
            ),
            (
                "no numbers, no blank lines",
                "00:00:01,000 --> 00:00:02,000\nA\n00:00:03,000 --> 00:00:04,000\nB",
                &["2:1000-2000 A", "4:3000-4000 B"],
                &[],
            ),
            (
                "numbers but no blank lines",
                "1\n00:00:01,000 --> 00:00:02,000\nA\n2\n00:00:03,000 --> 00:00:04,000\nB",
                &["3:1000-2000 A", "6:3000-4000 B"],
                &[],
            ),
            (
                "a year above a time without a number",
                "00:00:01,000 --> 00:00:02,000\nIt was\n1984\n\n00:00:03,000 --> 00:00:04,000\nB",
                &["2:1000-2000 It was 1984", "6:3000-4000 B"],
                &[],
            ),
            (
                "a start without arrow and end",
                "1\n00:00:01,000 --> 00:00:02,000\nA at\n00:00:09,000\n\n2\n00:00:03,000\nB\n",
                &["3:1000-2000 A at 00:00:09,000", "8:3000- B"],
                &["7 no-end"],
            ),
            (
                "wrong and missing numbers",
                "7\n00:00:01,000 --> 00:00:02,000\nA\n\n7\n00:00:03,000 --> 00:00:04,000\nB\n\n00:00:05,000 --> 00:00:06,000\nC",
                &["3:1000-2000 A", "7:3000-4000 B", "10:5000-6000 C"],
                &["1 wrong-number", "9 no-number"],
            ),
            (
                "blank lines inside and double-spaced",
                "1\n\n00:00:01,000 --> 00:00:02,000\n\nA\n\nA2\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nB\n",
                &["5:1000-2000 A A2", "13:3000-4000 B"],
                &["5 blank-line-in-cue"],
            ),
            (
                "positions, markup, text beside the times",
                "1\n00:00:01,000 --> 00:00:02,000 X1:1 X2:2 Y1:3 Y2:4\n{\\an8}<i>A</i> &amp; <b>B</b>\n\n2\n00:00:03,000-->00:00:04,000 C\n",
                &["3:1000-2000 A & B", "6:3000-4000 C"],
                &["6 text-beside-times"],
            ),
            ("short fractions as decimals", "1\n0:0:1,5 --> 0:0:2,25\nA\n", &["3:1500-2250 A"], &["2 sloppy-time"]),
            (
                "short fractions as thousandths",
                "1\n0:0:1,5 --> 0:0:2,25\nA\n\n2\n0:0:3,120 --> 0:0:4,480\nB",
                &["3:1005-2025 A", "7:3120-4480 B"],
                &["2 sloppy-time"],
            ),
            (
                "no end, end before start, zero length, overlap, out of order, below zero",
                "1\n00:00:09,000 --> \nA\n\n2\n00:00:03,000 --> 00:00:02,000\nB\n\n3\n00:00:05,000 --> 00:00:05,000\nC\n\n\
                 4\n00:00:06,000 --> 00:00:08,000\nD\n\n5\n00:00:07,000 --> 00:00:08,000\nE\n\n6\n-00:00:07,000 --> 00:00:01,000\nF",
                &["23:0-1000 F", "7:3000- B", "11:5000- C", "15:6000-8000 D", "19:7000-8000 E", "3:9000- A"],
                &[
                    "2 no-end",
                    "7 unsorted",
                    "7 end-before-start",
                    "11 unsorted",
                    "11 end-before-start",
                    "15 unsorted",
                    "15 overlap",
                    "19 unsorted",
                    "22 sloppy-time",
                    "23 before-beginning",
                    "23 unsorted",
                ],
            ),
            (
                "text above the first cue, times that cannot be read",
                "Made by me\n\n1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:xx --> 00:00:04,000\nB",
                &["5:1000-2000 A 2 00:00:xx --> 00:00:04,000 B"],
                &["1 text-before-cues", "5 blank-line-in-cue", "8 unreadable-times"],
            ),
        ],
    );
}

#[test]
fn webvtt_by_its_specification() {
    check(
        Format::Vtt,
        &[
            (
                "header, comments, styles, regions, names, settings, times without hours",
                "WEBVTT - a title\nKind: captions\nLanguage: fr\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:r\n\nNOTE\nnot said\n\n\
                 intro\n00:01.000 --> 00:02.000 align:start position:0%\n<v Anna>Oui &amp; <c.red>non</c>\n\nNOTE no\n\n00:03.000 --> 00:04.000\nB\n",
                &["16:1000-2000 Anna: Oui & non", "21:3000-4000 B"],
                &[],
            ),
            (
                "what is only like an arrow, in a style and in a comment",
                "WEBVTT\n\nSTYLE\n::cue(#a) {\n} /*\n00:00.000 -- > 00:01.000\n*/\n.a { width: 1px }\n\n00:03.000 --> 00:04.000\nB\n",
                &["11:3000-4000 B"],
                &[],
            ),
            (
                "no empty line between cues, a comma, text outside cues",
                "WEBVTT\n\n00:01,000 --> 00:02.000\nA\n00:03.000 --> 00:04.000\nB\n\nlost words\n\n00:05.000 --> 00:06.000\nC",
                &["4:1000-2000 A", "6:3000-4000 B", "11:5000-6000 C"],
                &["3 sloppy-time", "8 text-outside-cues"],
            ),
            (
                "an empty line below the times",
                "WEBVTT\n\n00:01.000 --> 00:02.000\n\nA b\n\n2\n00:03.000 --> 00:04.000\nB",
                &["5:1000-2000 A b", "9:3000-4000 B"],
                &["5 empty-line-in-cue"],
            ),
            (
                "times of words",
                "WEBVTT\n\n00:01.000 --> 00:04.000\n<00:00:02.500><c>late</c><00:00:03.000><c> words</c>",
                &["4:2500-4000 late words"],
                &[],
            ),
            (
                "times that cannot be read",
                "WEBVTT\n00:01.000 --> x\nA -> B\n5 --> 6\n\n00:03.000 --> 00:04.000\nB\n\nx --> 00:06.000\nC",
                &["3:1000- A -> B 5 --> 6", "7:3000-4000 B"],
                &["2 no-end", "9 unreadable-times"],
            ),
            (
                "two parts with maps of times",
                "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:01.000 --> 00:02.000\nA\n\n\
                 WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:1800000\n\n00:01.000 --> 00:02.000\nB",
                &["5:1000-2000 A", "11:11000-12000 B"],
                &["8 timestamp-map"],
            ),
        ],
    );
    assert_eq!(
        parse("WEBVTT\nLanguage: fr\n\n00:01.000 --> 00:02.000\nOui").stamped[0].lang(),
        Some(crate::lang::Lang::Fr)
    );
}

#[test]
fn roll_up_captions_of_a_video_site() {
    let text = "WEBVTT\nKind: captions\nLanguage: en\n\n\
        00:00:00.000 --> 00:00:02.000 align:start position:0%\n \nthe<00:00:00.320><c> tide</c><00:00:00.640><c> comes</c>\n\n\
        00:00:02.000 --> 00:00:02.010 align:start position:0%\nthe tide comes\n \n\n\
        00:00:02.010 --> 00:00:04.000 align:start position:0%\nthe tide comes\nin<00:00:02.500><c> and</c><00:00:02.700><c> goes</c>\n\n\
        00:00:04.000 --> 00:00:04.010 align:start position:0%\nin and goes\n \n\n\
        00:00:04.010 --> 00:00:06.000 align:start position:0%\nin and goes\nout<00:00:04.500><c> again</c>\n";
    let transcript = parse(text);
    let spoken: Vec<String> = said(&transcript).into_iter().filter(|cue| !cue.ends_with(' ')).collect();
    assert_eq!(spoken, ["7:0-2000 the tide comes", "14:2010-4000 in and goes", "22:4010-6000 out again"]);
    assert_eq!(notes(&transcript), ["10 repeated"]);
    assert_eq!(transcript.stamped[1].silence(), Some(Silence::Repeated));
}

#[test]
fn ass_and_ssa() {
    check(
        Format::Ass,
        &[
            (
                "columns in another order, comments, overrides, drawings, not in order of time",
                "[Script Info]\nTimer: 50.0\n[V4+ Styles]\nStyle: a,b\n[Events]\nFormat: Start, End, Actor, Style, Text\n\
                 Dialogue: 0:00:05.00,0:00:06.50,Ben,s,{\\i1}Two,\\Nthree\nDialogue: 0:00:01.00,0:00:02.00,,s,One\\h{\\p1}m 0 0{\\p0}\n\
                 Comment: 0:00:01.00,0:00:02.00,,s,no\nDialogue: 0:00:07.00,0:00:08.00,,s,{\\p1}m 0 0 l 1 1\nDialogue: x,y,,s,broken\n",
                &["8:1000-2000 One", "7:5000-6500 Ben: Two, three", "10:7000-8000 "],
                &["2 timer", "9 comment", "10 drawing", "11 unreadable-event"],
            ),
            (
                "SSA",
                "[Script Info]\nScriptType: v4.00\n\n[Events]\n\
                 Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n\
                 Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,Anna,0000,0000,0000,,Hello, you\n",
                &["6:1000-2000 Anna: Hello, you"],
                &[],
            ),
            (
                "events alone, a sign twice",
                "Dialogue: 0,0:00:01.00,0:00:02.00,s,,0,0,0,,Sign\nDialogue: 1,0:00:01.00,0:00:02.00,s,,0,0,0,,Sign\n",
                &["1:1000-2000 Sign", "2:1000-2000 "],
                &["2 repeated"],
            ),
        ],
    );
}

#[test]
fn sbv_and_lrc() {
    check(
        Format::Sbv,
        &[(
            "SBV",
            "0:00:01.000,0:00:02.500\nHello[br]you\n\n0:00:03.000,0:00:04.000\n>> ANNA: Bye\n",
            &["2:1000-2500 Hello you", "5:3000-4000 ANNA: Bye"],
            &[],
        )],
    );
    check(
        Format::Sbv,
        &[(
            "times that cannot be read",
            "0:00:01.000,0:00:02.500\nHello\n\n0:00:13.f89,0:00:15.489\nLost\n\n0:00:16.000,0:00:17.000\nAt 1:30, 2:45\n",
            &["2:1000-2500 Hello", "8:16000-17000 At 1:30, 2:45"],
            &["4 unreadable-times"],
        )],
    );
    check(
        Format::Lrc,
        &[
            (
                "about, offset, several times, times of words, a cleared screen",
                "[ti:Tide]\n[offset:+500]\n[00:10.50][00:20.50]Chorus\n[00:12.00]\n[00:15.00]<00:15.00>One <00:15.40>two\n",
                &["3:10000-11500 Chorus", "5:14500- One two", "3:20000- Chorus"],
                &[],
            ),
            (
                "hundredths after a colon, a line without a time, an odd offset",
                "[ar:x]\n[offset:soon]\n[00:01:50]One\nlost\n[00:02:00]Two",
                &["3:1500- One", "5:2000- Two"],
                &["2 odd-offset", "4 line-without-time"],
            ),
        ],
    );
}

#[test]
fn labels_carry_on_where_the_format_has_no_place_for_them() {
    let srt = "1\n00:00:01,000 --> 00:00:02,000\nANNA: Hi,\n\n2\n00:00:02,000 --> 00:00:03,000\nyou.\n\n\
               3\n00:00:03,000 --> 00:00:05,000\n- Hello.\n- BEN: Hello.\n\n4\n00:00:05,000 --> 00:00:06,000\n[door closes]\n";
    let expected = [
        "3:1000-2000 ANNA: Hi,",
        "7:2000-3000 ANNA: you.",
        "11:3000-4000 Hello.",
        "12:4000-5000 BEN: Hello.",
        "16:5000-6000 BEN: ",
    ];
    let transcript = parse(srt);
    assert_eq!(said(&transcript), expected);
    assert_eq!(transcript.stamped.iter().map(|cue| cue.turn()).collect::<Vec<_>>(), [true, false, true, true, false]);
    assert_eq!(notes(&transcript), ["16 sound"]);
    let vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>Hi,\n\n00:02.000 --> 00:03.000\nyou.";
    assert_eq!(said(&parse(vtt)), ["4:1000-2000 Anna: Hi,", "7:2000-3000 you."]);
    let stamped = "0:01 Anna: One.\n0:02 Two.\n0:03 Ben: Three.\n0:04 Anna: Four.\n0:05 Ben: Five.";
    let expected = [
        "1:1000- Anna: One.",
        "2:2000- Anna: Two.",
        "3:3000- Ben: Three.",
        "4:4000- Anna: Four.",
        "5:5000- Ben: Five.",
    ];
    assert_eq!(said(&parse(stamped)), expected);
}

#[test]
fn a_cue_of_two_people_is_two_that_share_its_time() {
    let transcript = parse("1\n00:00:01,000 --> 00:00:03,000\n- Yes.\n- So you have come at last.\n");
    assert_eq!(said(&transcript), ["3:1000-1333 Yes.", "4:1333-3000 So you have come at last."]);
    assert_eq!(transcript.stamped[0].grain(), Ticks::from_millis(1));
    assert_eq!(transcript.stamped[1].grain(), GUESS);
    let overlapping = "1\n00:00:01,000 --> 00:00:09,000\n- Yes.\n- No.\n\n2\n00:00:02,000 --> 00:00:04,000\nWhat?";
    assert_eq!(said(&parse(overlapping)), ["3:1000-1571 Yes.", "4:1571-9000 No.", "8:2000-4000 What?"]);
}

#[test]
fn sounds_are_left_out_or_read() {
    let transcript = parse("0:01 [applause] Thank you. ♪ la la ♪\n0:05 (laughs)");
    let first = &transcript.stamped[0];
    let words = |sounds| first.aloud(sounds).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(Sounds::Skip), "Thank you.");
    assert_eq!(words(Sounds::Speak), "[applause] Thank you. ♪ la la ♪");
    assert_eq!((first.silence(), transcript.stamped[1].silence()), (None, Some(Silence::Sound)));
    assert_eq!(first.aloud(Sounds::Skip).len(), first.text().len());
}

#[test]
fn a_format_can_be_forced() {
    let text = b"00:00:01.000 --> 00:00:02.000\nHello";
    assert_eq!(read(text).map(|t| t.format).ok(), Some(Format::Srt));
    assert_eq!(read_as(text, Some(Format::Vtt)).map(|t| (t.format, t.stamped.len())).ok(), Some((Format::Vtt, 1)));
}

#[test]
fn what_looks_like_another_format_is_not_taken_for_it() {
    let rows = [
        ("00:01 --> 00:03 Hello\n00:04 --> 00:05 You", Format::Stamped),
        ("[00:12.30] Hello\n[00:14.10] You\nprose, of some length, and more of it.", Format::Stamped),
        ("WEBVTTX\n00:17 Hello\n00:19 You", Format::Stamped),
        ("Dialogue: they spoke, and then, at last, were silent.", Format::Prose),
        ("[Events]\nIt is a good year.", Format::Ass),
        ("He wrote 00:00:01,000 --> 00:00:02,000 on the board.", Format::Prose),
    ];
    for (text, format) in rows {
        let found = Format::of(text);
        assert_eq!(found, format, "{text:?}");
    }
}
