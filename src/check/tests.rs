//! Transcripts with something wrong in them, and what is found; and what is right and gives nothing.

use super::*;
use crate::transcript::read;

fn checked(text: &str, limits: &Limits) -> Checked {
    check(read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}")), limits)
}

/// `line level code`, for each finding.
fn found(text: &str, limits: &Limits) -> Vec<String> {
    let level = |note: &Note| if note.level == Level::Warning { "warning" } else { "hint" };
    let shown = |note: &Note| format!("{} {} {}", note.line.unwrap_or(0), level(note), note.code);
    checked(text, limits).findings.iter().map(shown).collect()
}

fn srt(rows: &[(f64, f64, &str)]) -> String {
    let time = |at: f64| format!("00:{:02}:{:06.3}", (at / 60.0) as u32, at % 60.0).replace('.', ",");
    let rows = rows.iter().enumerate();
    rows.map(|(i, (start, end, text))| format!("{}\n{} --> {}\n{text}\n\n", i + 1, time(*start), time(*end))).collect()
}

const SENTENCE: &str = "The harbour was quiet that morning, and the boats had all gone out.";

#[test]
fn what_is_right_gives_nothing() {
    let rows = [
        srt(&[(1.0, 5.0, SENTENCE), (5.0, 9.5, "They came back at noon, with less fish than anybody had hoped.")]),
        "00:01 The tide comes in.\n00:04 The tide goes out.\n00:08 Nobody looks.\n".to_owned(),
        format!("{SENTENCE} {SENTENCE}\n\nLa marée monte deux fois par jour, et personne ne la regarde plus.\n"),
    ];
    for text in rows {
        assert_eq!(found(&text, &Limits::default()), [""; 0], "{text}");
    }
}

#[test]
fn windows_too_short_for_their_text_are_found_by_the_pace() {
    // 67 characters and the space after the last word: 0.1 s + 68 / 18.0 s = 3.9 s.
    let default = Limits::default();
    let slow = Limits { pace: Some(10.0), ..Limits::default() };
    let free = Limits { max_rate: 2.0, ..Limits::default() };
    let next = "Then it was noon.";
    let rows: &[(&str, &Limits, f64, f64, &[&str])] = &[
        ("enough", &default, 4.0, 4.0, &[]),
        ("to be hurried", &default, 3.1, 3.1, &["3 hint tight"]),
        ("no time", &default, 2.0, 2.0, &["3 warning too-short"]),
        ("no time, but silence after it", &default, 2.0, 4.0, &["3 hint tight"]),
        ("time enough for a fast rate", &free, 2.0, 2.0, &["3 hint tight"]),
        ("no time for a slow voice", &slow, 4.0, 4.0, &["3 warning too-short"]),
    ];
    for (what, limits, length, gap, wanted) in rows {
        let text = srt(&[(1.0, 1.0 + length, SENTENCE), (1.0 + gap, 4.0 + gap, next)]);
        assert_eq!(found(&text, limits), *wanted, "{what}");
    }
    // The stamp of a whole second leaves up to a second more.
    assert_eq!(found(&format!("00:01 {SENTENCE}\n00:04 {next}\n"), &default), [""; 0]);
    assert_eq!(found(&format!("00:01 {SENTENCE}\n00:02 {next}\n"), &default), ["1 warning too-short"]);
}

#[test]
fn each_kind_of_finding() {
    let en =
        |n: usize| (0..n).map(|i| format!("00:{:02} The boats are out at sea again.\n", i * 4)).collect::<String>();
    let many = |from: usize, text: &str| {
        (0..4)
            .map(|i| format!("00:{:02} {text} {}\n", from + i * 4, ["one", "two", "three", "four"][i]))
            .collect::<String>()
    };
    let limits = Limits { speakers: vec!["Anna".to_owned()], ..Limits::default() };
    let who = |a: &str, b: &str| {
        format!(
            r#"{{"cues": [{{"start": 1, "text": "Hello there.", "speaker": "{a}"}}, {{"start": 4, "text": "Good morning.", "speaker": "{a}"}},
            {{"start": 8, "text": "Good evening.", "speaker": "{b}"}}]}}"#
        )
    };
    let default = Limits::default();
    let rows: &[(&str, String, &Limits, &[&str])] = &[
        (
            "a French line among English ones",
            format!(
                "{}00:20 Je ne sais pas ce que vous voulez dire.\n{}",
                many(1, "The boats are out at sea again"),
                many(24, "They come back with the tide")
            ),
            &default,
            &["5 hint odd-language"],
        ),
        (
            "what is marked as French says nothing of the line",
            format!(
                "{}00:20 He said [fr: je ne sais pas ce que vous voulez dire] to the boats.\n{}",
                many(1, "The boats are out at sea again"),
                many(24, "They come back with the tide")
            ),
            &Limits { max_rate: 9.0, ..Limits::default() },
            &[],
        ),
        (
            "not marked it says something",
            format!(
                "{}00:20 Said je ne sais pas ce que vous voulez dire mon ami.\n{}",
                many(1, "The boats are out at sea again"),
                many(24, "They come back with the tide")
            ),
            &Limits { max_rate: 9.0, ..Limits::default() },
            &["5 hint odd-language"],
        ),
        (
            "stated, it is not odd",
            format!("{}00:20 Je ne sais pas.\n{}", many(1, "The boats are out"), many(24, "They come back")),
            &Limits { lang: Some(Lang::Fr), ..Limits::default() },
            &[],
        ),
        (
            "German",
            "Der Leuchtturm wurde heute Morgen nach drei Jahren wieder eröffnet.\nUnd viele Leute von der Küste waren da, um ihn zu sehen.".to_owned(),
            &default,
            &["1 warning foreign-language"],
        ),
        ("the same again and again", en(5), &default, &["1 hint repeated"]),
        (
            "invented",
            "00:01 The tide comes in.\n00:05 Thanks for watching!\n".to_owned(),
            &default,
            &["2 hint invented"],
        ),
        (
            "an address",
            "00:01 The tide comes in.\n00:05 See www.example.org or write to a@example.org\n".to_owned(),
            &Limits { max_rate: 9.0, ..Limits::default() },
            &["2 hint address"],
        ),
        (
            "one end missing of three",
            r#"[{"start": 1, "end": 3, "text": "One is here."}, {"start": 4, "text": "Two."}, {"start": 6, "end": 8, "text": "Three."}]"#
                .to_owned(),
            &default,
            &["1 hint no-end"],
        ),
        (
            "a clock that begins at ten",
            srt(&[(1.0, 5.0, SENTENCE)]).replace("00:00:0", "10:00:0"),
            &default,
            &["3 hint late-beginning"],
        ),
        ("nobody of that name", who("Bernard", "Carla"), &limits, &["0 warning unknown-speaker"]),
        ("two spellings", who("Bernard", "bernard"), &default, &["2 hint similar-speakers"]),
        ("one letter", who("Bernard", "Bernart"), &default, &["2 hint similar-speakers"]),
        ("two numbers", who("SPEAKER_01", "SPEAKER_02"), &default, &[]),
        ("letters nobody reads", "00:01 Hello.\n00:04 Привет, друзья.\n".to_owned(), &default, &["2 warning other-script"]),
        (
            "what the reader said",
            srt(&[(1.0, 5.0, SENTENCE), (4.0, 8.0, "They came back at noon.")]),
            &default,
            &["3 warning overlap"],
        ),
    ];
    for (what, text, limits, wanted) in rows {
        assert_eq!(found(text, limits), *wanted, "{what}");
    }
}

#[test]
fn what_is_no_speech_takes_no_time() {
    let text = srt(&[(1.0, 1.2, "[a long burst of applause from all sides of the hall]"), (2.0, 5.0, "Thank you.")]);
    let codes = |limits: &Limits| checked(&text, limits).findings.iter().map(|note| note.code).collect::<Vec<_>>();
    let silent = codes(&Limits::default());
    assert!(!silent.contains(&"too-short") && !silent.contains(&"tight"), "{silent:?}");
    let spoken = codes(&Limits { sounds: Sounds::Speak, ..Limits::default() });
    assert!(spoken.contains(&"too-short") || spoken.contains(&"tight"), "{spoken:?}");
}

#[test]
fn the_whole_is_counted() {
    let checked = checked(&format!("{SENTENCE}\n\n00:01 {SENTENCE}\n00:09 Yes.\n"), &Limits::default());
    assert_eq!((checked.lines, checked.sentences, checked.warnings()), (2, 1, 0));
    assert!((7.5..8.5).contains(&checked.speech_s), "{}", checked.speech_s);
}
