//! In: lines of a report, made up. Out: whether their captions are those a reader wants.

use super::super::{CueReport, Output, Status, Summary, WordReport};
use super::*;

/// A line of the report that begins at `start` and is spoken at 15 characters a second.
pub(in crate::report) fn cue(start: f64, text: &str) -> CueReport {
    let mut words = Vec::new();
    let mut from = 0;
    for chunk in text.split(' ') {
        let place = from..from + chunk.len();
        let time = |byte: usize| start + byte as f64 / 15.0;
        if chunk.chars().any(char::is_alphanumeric) {
            let (start, end) = (time(place.start), time(place.end));
            words.push(WordReport { text: chunk.to_owned(), start, end, place });
        }
        from += chunk.len() + 1;
    }
    CueReport {
        index: 1,
        line: 1,
        start: Some(start),
        end: None,
        grain: None,
        end_stated: false,
        paragraph: None,
        text: text.to_owned(),
        spoken: text.to_owned(),
        lang: "en",
        speaker: None,
        voice: Some("tone".to_owned()),
        utterance: Some(1),
        speech_start: words.first().map(|w| w.start),
        speech_end: words.last().map(|w| w.end),
        natural_s: 1.0,
        spoken_s: 1.0,
        rate: 1.0,
        start_error_s: 0.0,
        overrun_s: 0.0,
        cut_s: 0.0,
        excess_chars: 0,
        status: Status::Ok,
        remark: String::new(),
        unspoken: Vec::new(),
        words,
        silent: Vec::new(),
        late: false,
        early: false,
        hurried: false,
        overran: false,
    }
}

pub(in crate::report) fn track(cues: Vec<CueReport>, duration_s: f64) -> TrackReport {
    let output = Output {
        path: "t.wav".to_owned(),
        sample_rate: 48_000,
        channels: 1,
        bits: 16,
        frames: 0,
        duration_s,
        lufs: None,
        true_peak_db: None,
    };
    TrackReport { kind: "stamped", output: Some(output), part: None, cues, summary: Summary::default() }
}

fn vtt(cues: Vec<CueReport>) -> String {
    captions(&track(cues, 600.0), CaptionStyle { format: CaptionFormat::Vtt, words: false })
}

fn srt(cues: Vec<CueReport>) -> String {
    captions(&track(cues, 600.0), CaptionStyle { format: CaptionFormat::Srt, words: false })
}

/// The texts of WebVTT captions, `|` where a line ends.
fn texts(vtt: &str) -> Vec<String> {
    let cues = vtt.trim_end().split("\n\n").skip(1);
    cues.map(|cue| cue.lines().skip(2).collect::<Vec<_>>().join("|")).collect()
}

/// Starts and ends, as they are written.
fn times(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains(" --> ")).collect()
}

#[test]
fn lines_are_broken_where_a_reader_would_pause() {
    let rows: [(&str, &[&str]); 6] = [
        ("The tide comes in.", &["The tide comes in."]),
        (
            "When the ferry leaves, the old harbour is as quiet as before.",
            &["When the ferry leaves,|the old harbour is as quiet as before."],
        ),
        (
            "She had never once thought of the sea that lay behind it.",
            &["She had never once thought|of the sea that lay behind it."],
        ),
        (
            "It passes the old fort, the light, the long sandy spit with its huts, and the buoy that nobody has painted since.",
            &[
                "It passes the old fort, the light,|the long sandy spit with its huts,",
                "and the buoy|that nobody has painted since.",
            ],
        ),
        (
            "Où vas-tu ? Je ne sais pas encore, mais je pars demain matin.",
            &["Où vas-tu\u{a0}? Je ne sais pas encore,|mais je pars demain matin."],
        ),
        (
            "https://example.com/a/path/that/is/longer/than/any/line-of-a-caption-may-be here",
            &["https://example.com/a/path/that/is/longer/than/any/line-of-a-caption-may-be|here"],
        ),
    ];
    for (text, wanted) in rows {
        assert_eq!(texts(&vtt(vec![cue(0.0, text)])), wanted, "{text}");
    }
}

#[test]
fn whatever_the_text_no_line_is_too_long_and_nothing_is_lost_or_shown_twice() {
    let words = ["a", "harbour", "and", "the", "unquestionably,", "tide.", "42", "Anna", "of"];
    for seed in 0..200usize {
        let pick = |i: usize| words[(seed * 7919 + i * i * 31 + i * seed) % words.len()];
        let text: Vec<&str> = (0..1 + seed % 60).map(pick).collect();
        let shown = vtt(vec![cue(1.0, &text.join(" "))]);
        let lines: Vec<String> = texts(&shown);
        assert_eq!(lines.join(" ").replace('|', " "), text.join(" "));
        for caption in &lines {
            assert!(
                caption.split('|').count() <= 2 && caption.split('|').all(|line| line.chars().count() <= 42),
                "{caption}"
            );
        }
    }
}

#[test]
fn a_long_line_becomes_captions_that_begin_with_their_first_words() {
    let text =
        "It passes the old fort, the light, the long sandy spit with its huts, and the buoy that nobody has painted.";
    let shown = vtt(vec![cue(10.0, text)]);
    // The 70th byte is the first of "and".
    let second = 10_000 + (70_000 + 7) / 15;
    let wanted = [
        format!("00:00:10.000 --> 00:00:{:06.3}", f64::from(second - 80) / 1000.0),
        format!("00:00:{:06.3} --> 00:00:17.133", f64::from(second) / 1000.0),
    ];
    assert_eq!(times(&shown), wanted);
}

#[test]
fn captions_stay_long_enough_to_be_read_and_make_room_for_the_next() {
    // A short word alone, one with the next soon after it, one with the next at once.
    let shown =
        vtt(vec![cue(1.0, "Yes."), cue(5.0, "No."), cue(5.6, "Oh."), cue(5.7, "Never, I say."), cue(7.0, "End.")]);
    let wanted = [
        "00:00:01.000 --> 00:00:01.800",
        "00:00:05.000 --> 00:00:05.520",
        "00:00:05.600 --> 00:00:05.700",
        "00:00:05.700 --> 00:00:06.920",
        "00:00:07.000 --> 00:00:07.800",
    ];
    assert_eq!(times(&shown), wanted);
}

#[test]
fn only_what_is_heard_is_shown() {
    let mut skipped = cue(1.0, "Nobody hears this.");
    skipped.words.clear();
    let mut cut = cue(3.0, "The end of this is cut away.");
    cut.words.truncate(3);
    let mut sounds = cue(6.0, "[applause] Thank you! (door closes) Good night.");
    sounds.silent = vec![0..10, 22..35];
    sounds.words.retain(|word| sounds.silent.iter().all(|range| !range.contains(&word.place.start)));
    assert_eq!(texts(&vtt(vec![skipped, cut, sounds])), ["The end of", "Thank you! Good night."]);
    let beyond = captions(
        &track(vec![cue(1.0, "This ends with the track")], 1.65),
        CaptionStyle { format: CaptionFormat::Vtt, words: false },
    );
    assert_eq!((texts(&beyond), times(&beyond)), (vec!["This ends".to_owned()], vec!["00:00:01.000 --> 00:00:01.650"]));
}

#[test]
fn a_number_of_several_chunks_stays_together() {
    let mut line = cue(1.0, "It costs 12 000 euros");
    line.words.remove(3);
    line.words[2].place.end = 15;
    let shown = captions(&track(vec![line], 60.0), CaptionStyle { format: CaptionFormat::Vtt, words: true });
    assert!(shown.contains(">12\u{a0}000 <"), "{shown}");
}

#[test]
fn speakers_are_told_as_each_format_does() {
    let mut lines = vec![cue(1.0, "Hello."), cue(3.0, "Are you there?"), cue(5.0, "Yes."), cue(7.0, "Who said that?")];
    for (line, name) in lines.iter_mut().zip([Some("Anna"), Some("Anna"), Some("R & <D>"), None]) {
        line.speaker = name.map(str::to_owned);
    }
    let wanted = ["<v Anna>Hello.", "<v Anna>Are you there?", "<v R &amp; &lt;D&gt;>Yes.", "Who said that?"];
    assert_eq!(texts(&vtt(lines.clone())), wanted);
    let srt = srt(lines);
    let shown: Vec<&str> = srt.split("\n\n").filter_map(|cue| cue.lines().nth(2)).collect();
    assert_eq!(shown, ["Anna: Hello.", "Are you there?", "R & <\u{200b}D>: Yes.", "Who said that?"]);
    assert!(srt.starts_with("1\n00:00:01,000 --> 00:00:01,800\nAnna: "), "{srt}");
}

/// A line of one of two people.
fn line(name: &str, start: f64, text: &str) -> CueReport {
    CueReport { speaker: Some(name.to_owned()), voice: Some(name.to_lowercase()), ..cue(start, text) }
}

#[test]
fn people_who_talk_at_once_are_shown_at_once() {
    let long = "It passes the old fort and the light.";
    // Spoken within another line; beginning with another line; running into the next by less than the eye can follow;
    // short, but together with another one.
    let lines = vec![
        line("Anna", 1.0, long),
        line("Bruno", 2.0, "Half an hour."),
        line("Anna", 10.0, long),
        line("Bruno", 10.0, "No!"),
        line("Anna", 20.0, "It is gone, out of sight."),
        line("Bruno", 21.5, "At last, and I am glad."),
        line("Anna", 23.5, "So am I."),
    ];
    let wanted = [
        "00:00:01.000 --> 00:00:03.467",
        "00:00:02.000 --> 00:00:02.867",
        "00:00:10.000 --> 00:00:12.467",
        "00:00:10.000 --> 00:00:10.800",
        "00:00:20.000 --> 00:00:21.420",
        "00:00:21.500 --> 00:00:23.420",
        "00:00:23.500 --> 00:00:24.300",
    ];
    assert_eq!(times(&vtt(lines.clone())), wanted);
    // The report has them in the order of the transcript, whoever begins first.
    let mut turned = lines;
    turned.swap(0, 1);
    assert_eq!(times(&vtt(turned)), wanted);
}

#[test]
fn who_goes_on_after_somebody_else_is_named_again_in_subrip() {
    let long = "It passes the old fort, the light, the long sandy spit with its huts, and the buoy that nobody paints.";
    let shown = srt(vec![line("Anna", 1.0, long), line("Bruno", 2.0, "Half an hour.")]);
    let firsts: Vec<&str> = shown.split("\n\n").filter_map(|cue| cue.lines().nth(2)).collect();
    assert_eq!(
        firsts.iter().map(|line| line.split(' ').next().unwrap_or("")).collect::<Vec<_>>(),
        ["Anna:", "Bruno:", "Anna:"]
    );
    assert!(shown.lines().all(|line| line.chars().count() <= 42), "{shown}");
}

#[test]
fn signs_that_mean_something_to_players_are_text() {
    let text = "<b>Fish & chips</b> --> {\\an8} 3 < 4";
    assert_eq!(
        texts(&vtt(vec![cue(1.0, text)])),
        ["&lt;b&gt;Fish\u{a0}&amp; chips&lt;/b&gt;\u{a0}--&gt; {\\an8} 3\u{a0}&lt; 4"]
    );
    assert!(srt(vec![cue(1.0, "<i>a {\\an8}b")]).contains("<\u{200b}i>a {\u{200b}\\an8}b"));
}

#[test]
fn words_have_stamps_where_they_are_asked_for() {
    let style = CaptionStyle { format: CaptionFormat::Vtt, words: true };
    let shown = captions(&track(vec![cue(1.0, "The tide comes in.")], 60.0), style);
    assert_eq!(texts(&shown), ["The <00:00:01.267>tide <00:00:01.600>comes <00:00:02.000>in."]);
}

#[test]
fn a_track_without_speech_has_captions_without_a_caption() {
    assert_eq!((vtt(Vec::new()), srt(Vec::new())), ("WEBVTT\n\n".to_owned(), String::new()));
}
