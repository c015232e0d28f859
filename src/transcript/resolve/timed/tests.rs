//! Files of every kind that have the times of words, and the pauses their cues keep.

use crate::time::Ticks;
use crate::transcript::{Cue, Sounds, read};

/// What is said of a file, each cue as `start-end words`, and `(from-until)` before a word after a pause.
fn said(text: &str) -> Vec<String> {
    let transcript = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    transcript.stamped.iter().filter(|cue| cue.silence().is_none()).map(one).collect()
}

fn ms(time: Ticks) -> i64 {
    time.0 / Ticks::from_millis(1).0
}

fn one(cue: &Cue) -> String {
    let mut words = cue.aloud(Sounds::Skip).into_owned();
    for pause in cue.pauses().iter().rev() {
        assert!(pause.from < pause.until, "{cue:?}");
        words.insert_str(pause.at, &format!("({}-{})", ms(pause.from), ms(pause.until)));
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}-{} {words}", cue.start().map_or(0, ms), cue.end().map_or(0, ms))
}

#[test]
fn pauses_of_every_format_that_has_times_of_words() {
    let rows: [(&str, &str, &[&str]); 8] = [
        (
            "captions of a video site: the line before is repeated, its times are not",
            "WEBVTT\n\n00:01.000 --> 00:03.400\nso<00:01.200><c> welcome</c><00:01.600><c> back</c><00:01.800><c> all</c><00:02.900><c> we</c>\n\n\
             00:03.400 --> 00:06.000\nso welcome back all we\ngo<00:03.600><c> on</c><00:03.800><c> and</c><00:04.900><c> stop</c>\n\n\
             00:06.000 --> 00:07.000\ngo on and stop\nnow\n",
            &["1000-3400 so welcome back all (2022-2900)we", "3400-6000 go on and (4050-4900)stop", "6000-7000 now"],
        ),
        (
            "two people in one cue",
            "WEBVTT\n\n00:01.000 --> 00:05.000\n- Ask<00:01.200> me<00:01.400> who<00:01.600> you<00:02.600> are.\n- I<00:03.900> am.\n",
            &["1000-4157 Ask me who you (1850-2600)are.", "4157-5000 I am."],
        ),
        (
            "lyrics",
            "[ti:Tide]\n[offset:+500]\n[00:15.00]<00:15.00>One <00:15.40>two <00:15.80> <00:16.50>three\n",
            &["14500-0 One two (15300-16000)three"],
        ),
        (
            "syllables of a song",
            "[Events]\nDialogue: 0,0:00:01.00,0:00:05.00,s,,0,0,0,,{\\k20}ti{\\kf30}des {\\k60}{\\K40}turn\n",
            &["1000-5000 tides (1500-2100)turn"],
        ),
        (
            "words of a recogniser, with their ends",
            "{\"segments\": [{\"start\": 1.0, \"end\": 4.0, \"text\": \" The tide  turns\", \"words\": [{\"word\": \" The\", \"start\": 1.0, \"end\": 1.2}, \
             {\"word\": \" tide\", \"start\": 1.2, \"end\": 1.6}, {\"word\": \" turns\", \"start\": 2.5, \"end\": 3.0}]}]}",
            &["1000-4000 The tide (1600-2500)turns"],
        ),
        (
            "a long segment, cut into its sentences",
            "{\"segments\": [{\"start\": 1.0, \"end\": 12.0, \"text\": \"One. Two three.\", \"words\": [{\"word\": \"One.\", \"start\": 1.0, \"end\": 1.2}, \
             {\"word\": \"Two\", \"start\": 8.0, \"end\": 8.2}, {\"word\": \"three.\", \"start\": 9.0, \"end\": 9.4}]}]}",
            &["1000-1200 One.", "8000-12000 Two (8200-9000)three."],
        ),
        (
            "pieces of text with offsets",
            "{\"events\": [{\"tStartMs\": 1000, \"dDurationMs\": 4000, \"segs\": [{\"utf8\": \" so\"}, {\"utf8\": \" we\", \"tOffsetMs\": 300}, \
             {\"utf8\": \" go\", \"tOffsetMs\": 500}, {\"utf8\": \" on\", \"tOffsetMs\": 1700}]}]}",
            &["1000-3700 so we go (1800-2700)on"],
        ),
        (
            "times that were made up, or are of another place",
            "WEBVTT\n\n00:01.000 --> 00:05.000\na<00:02.000> b<00:03.000> c<00:04.000> d\n\n00:06.000 --> 00:09.000\na<00:01.000> b<00:09.000> c\n",
            &["1000-5000 a b c d", "6000-9000 a b c"],
        ),
    ];
    let wrong: Vec<_> = rows
        .iter()
        .map(|(what, text, wanted)| (what, said(text), wanted))
        .filter(|(_, said, wanted)| said != *wanted)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_line_that_is_shown_for_each_of_its_words_is_said_once_and_keeps_its_pauses() {
    let lines = [
        ("01,000", "01,300", "<u>The</u> tide turns"),
        ("01,300", "01,600", "The <u>tide</u> turns"),
        ("01,600", "02,200", "The tide turns"),
        ("02,200", "02,600", "The tide <u>turns</u>"),
        ("04,000", "04,400", "<u>Nobody</u> sees"),
        ("04,400", "04,800", "Nobody <u>sees</u>"),
        ("05,000", "05,500", "No."),
        ("05,500", "06,000", "No."),
    ];
    let srt: String = lines.iter().map(|(from, to, text)| format!("00:00:{from} --> 00:00:{to}\n{text}\n\n")).collect();
    let wanted = ["1000-2600 The tide (1600-2200)turns", "4000-4800 Nobody sees", "5000-5500 No.", "5500-6000 No."];
    assert_eq!(said(&srt), wanted);
    let notes = read(srt.as_bytes()).map(|transcript| transcript.notes).unwrap_or_default();
    assert_eq!(notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["repeated"]);
}
