//! Transcripts as their programs write them: what becomes of them, and of what is wrong in them. The shapes are those of
//! the programs named; the words are our own.

use super::*;
use crate::error::Kind;
use crate::transcript::{Cue, Format, Transcript, read};

fn parsed(text: &str) -> Transcript {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `line start-end speaker|text` for what has a time, `line paragraph|text` for what has none.
fn shown(transcript: &Transcript) -> Vec<String> {
    let time = |at: Option<crate::time::Ticks>| at.map_or(String::new(), |at| at.secs().to_string());
    fn name(cue: &Cue) -> &str {
        cue.speaker().unwrap_or_default()
    }
    let stamped = transcript.stamped.iter();
    let stamped =
        stamped.map(|c| format!("{} {}-{} {}|{}", c.line(), time(c.start()), time(c.end()), name(c), c.text()));
    let prose = transcript.prose.iter().map(|c| format!("{} ¶{} {}|{}", c.line(), c.paragraph(), name(c), c.text()));
    stamped.chain(prose).collect()
}

fn codes(transcript: &Transcript) -> Vec<String> {
    transcript.notes.iter().map(|note| format!("{} {}", note.line.unwrap_or(0), note.code)).collect()
}

type Row<'a> = (&'a str, &'a str, Format, &'a [&'a str], &'a [&'a str]);

#[test]
fn each_dialect_as_its_program_writes_it() {
    let rows: &[Row<'_>] = &[
        (
            "openai-whisper",
            r#"{"text": " The tide comes in. It goes out.", "segments": [
{"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " The tide comes in.", "tokens": [50364, 440], "temperature": 0.0,
 "avg_logprob": -0.3, "compression_ratio": 0.9, "no_speech_prob": 0.01},
{"id": 1, "seek": 0, "start": 2.5, "end": 4.0, "text": " It goes out.", "tokens": [], "temperature": 0.0,
 "avg_logprob": NaN, "compression_ratio": 0.9, "no_speech_prob": 0.01}], "language": "en"}"#,
            Format::WhisperJson,
            &["2 0-2.5 |The tide comes in.", "4 2.5-4 |It goes out."],
            &["5 json-nan"],
        ),
        (
            "whisper.cpp",
            r#"{"systeminfo": "AVX = 1", "model": {"type": "base", "audio": {"ctx": 1500}}, "params": {"language": "en"},
"result": {"language": "en"}, "transcription": [
{"timestamps": {"from": "00:00:00,000", "to": "00:00:02,560"}, "offsets": {"from": 0, "to": 2560}, "text": " The tide.",
 "tokens": [{"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "id": 50363, "p": 0.9}], "speaker": "?"},
{"timestamps": {"from": "00:00:02,560", "to": "00:00:04,000"}, "text": " It turns.", "speaker": "1"}]}"#,
            Format::WhisperJson,
            &["3 0-2.56 |The tide.", "5 2.56-4 1|It turns."],
            &[],
        ),
        (
            "WhisperX, words without times, a second person in one segment",
            r#"{"segments": [
{"start": 0.5, "end": 6.0, "text": " In 2014 it rained. Did it?", "speaker": "SPEAKER_00", "words": [
{"word": "In", "start": 0.5, "end": 0.7, "score": 0.8, "speaker": "SPEAKER_00"}, {"word": "2014"},
{"word": "it", "start": 1.9, "end": 2.0, "score": 0.8, "speaker": "SPEAKER_00"},
{"word": "rained.", "start": 2.1, "end": 2.6, "score": 0.8, "speaker": "SPEAKER_00"},
{"word": "Did", "start": 4.0, "end": 4.2, "score": 0.8, "speaker": "SPEAKER_01"},
{"word": "it?", "start": 4.3, "end": 4.5, "score": 0.8, "speaker": "SPEAKER_01"}]}], "word_segments": [], "language": "en"}"#,
            Format::WhisperJson,
            &["2 0.5-2.6 SPEAKER_00|In 2014 it rained.", "2 4-6 SPEAKER_01|Did it?"],
            &["2 by-words"],
        ),
        (
            "faster-whisper, no start but words, a segment without text",
            r#"{"segments": [{"start": null, "end": 3.0, "text": " Hello.", "words": [{"word": " Hello.", "start": 1.25, "end": 2.0}]},
{"start": 3.0, "end": 3.0, "text": ""}, {"start": 5.0, "end": NaN, "text": "Bye."}]}"#,
            Format::WhisperJson,
            &["1 1.25-3 |Hello.", "2 5- |Bye."],
            &["1 no-start", "2 empty", "2 json-nan"],
        ),
        (
            "transformers, a last end of null",
            r#"{"text": " One. Two.", "chunks": [{"timestamp": [0.0, 2.5], "text": " One."},
{"timestamp": [2.5, null], "text": " Two."}]}"#,
            Format::WhisperJson,
            &["1 0-2.5 |One.", "2 2.5- |Two."],
            &[],
        ),
        (
            "insanely-fast-whisper with speakers",
            r#"{"speakers": [{"speaker": "SPEAKER_01", "text": " One.", "timestamp": [0.0, 2.5]},
{"speaker": "SPEAKER_00", "text": " Two.", "timestamp": [2.5, 4]}],
"chunks": [{"timestamp": [0.0, 4.0], "text": " One. Two."}], "text": " One. Two."}"#,
            Format::WhisperJson,
            &["1 0-2.5 SPEAKER_01|One.", "2 2.5-4 SPEAKER_00|Two."],
            &[],
        ),
        (
            "the API of OpenAI, words only",
            r#"{"task": "transcribe", "language": "english", "duration": 9.5, "text": "Well, the tide comes in. And out.",
"words": [{"word": "Well", "start": 0.1, "end": 0.4}, {"word": "the", "start": 1.6, "end": 1.7},
{"word": "tide", "start": 1.7, "end": 2.0}, {"word": "comes", "start": 2.0, "end": 2.2}, {"word": "in", "start": 2.2, "end": 2.5},
{"word": "And", "start": 2.6, "end": 2.7}, {"word": "out", "start": 2.7, "end": 3.0}]}"#,
            Format::WhisperJson,
            &["2 0.1-0.4 |Well,", "2 1.6-2.5 |the tide comes in.", "4 2.6-3 |And out."],
            &[],
        ),
        (
            "the API of OpenAI, text only",
            "{\"text\": \"The tide comes in. It goes out.\\nAnd so on.\", \"usage\": {\"seconds\": 3}}",
            Format::WhisperJson,
            &["1 ¶1 |The tide comes in.", "1 ¶1 |It goes out.", "1 ¶2 |And so on."],
            &[],
        ),
        (
            "a list of segments",
            r#"[{"start": 1, "end": 2, "text": "One."}, {"start": "00:03.5", "text": "Two."}]"#,
            Format::Json,
            &["1 1-2 |One.", "1 3.5- |Two."],
            &[],
        ),
        (
            "a record a line, not in order",
            "{\"start\": 4, \"end\": 5, \"text\": \"Two.\"}\n{\"start\": 1, \"end\": 2, \"text\": \"One.\"}\n",
            Format::Json,
            &["2 1-2 |One.", "1 4-5 |Two."],
            &["2 unsorted"],
        ),
        (
            "our own form",
            r#"{"lang": "fr", "cues": [
{"start": 1.25, "duration": 2, "text": "Bonjour.", "speaker": "Anne"},
{"start": "00:17", "end": "00:22.5s", "text": "Hello.", "lang": "en", "mood": "glad"},
{"text": "Une. Deux."}, {"text": "Trois.", "paragraph": 9}]}"#,
            Format::Json,
            &["2 1.25-3.25 Anne|Bonjour.", "3 17-22.5 |Hello.", "4 ¶1 |Une.", "4 ¶1 |Deux.", "4 ¶9 |Trois."],
            &["3 unknown-key"],
        ),
    ];
    for (what, text, format, cues, notes) in rows {
        let text = text.replace("00:22.5s", "00:22.5");
        let transcript = parsed(&text);
        assert_eq!(transcript.format, *format, "{what}");
        assert_eq!(shown(&transcript), *cues, "{what}");
        assert_eq!(codes(&transcript), *notes, "{what}");
    }
}

#[test]
fn a_stated_language_and_a_stated_grain_are_kept() {
    let transcript = parsed(
        r#"{"lang": "fr", "cues": [{"start": 1, "text": "a", "lang": "en-GB"}, {"start": "00:02", "text": "b"},
        {"start": 3, "grain": 1, "text": "c", "lang": "de"}, {"start": 4.5, "end": 6, "end_stated": false, "text": "d"}]}"#,
    );
    let langs: Vec<_> = transcript.stamped.iter().map(|cue| cue.lang().map(crate::lang::Lang::tag)).collect();
    assert_eq!(langs, [Some("en"), Some("fr"), Some("fr"), Some("fr")]);
    let grains: Vec<_> = transcript.stamped.iter().map(|cue| cue.grain().secs()).collect();
    assert_eq!(grains, [0.001, 1.0, 1.0, 0.001]);
    assert_eq!((transcript.stamped[3].end(), codes(&transcript)), (None, vec!["2 other-language".to_owned()]));
}

#[test]
fn youtube_json3_says_each_word_once_and_keeps_pauses() {
    let text = r#"{"wireMagic": "pb3", "pens": [{}], "events": [
{"tStartMs": 0, "dDurationMs": 900000, "id": 1, "wpWinPosId": 1, "wsWinStyleId": 1},
{"tStartMs": 1000, "dDurationMs": 4000, "wWinId": 1, "segs": [{"utf8": "the", "acAsrConf": 0}, {"utf8": " tide", "tOffsetMs": 400}]},
{"tStartMs": 2990, "dDurationMs": 2010, "wWinId": 1, "aAppend": 1, "segs": [{"utf8": "\n"}]},
{"tStartMs": 3000, "dDurationMs": 5000, "wWinId": 1, "segs": [{"utf8": "comes", "acAsrConf": 0}, {"utf8": " in", "tOffsetMs": 500}]},
{"tStartMs": 7000, "dDurationMs": 3000, "wWinId": 1, "segs": [{"utf8": "slowly"}]},
{"tStartMs": 12000, "dDurationMs": 1000, "segs": [{"utf8": "Made by a person,\non two lines."}]},
{"tStartMs": 13000, "segs": null}, {"dDurationMs": 3, "segs": [{"utf8": "when?"}]}]}"#;
    let transcript = parsed(text);
    assert_eq!(transcript.format, Format::Json3);
    let wanted =
        ["3 1-2.4 |the tide", "5 3-4.5 |comes in", "6 7-10 |slowly", "7 12-13 |Made by a person, on two lines."];
    assert_eq!(shown(&transcript), wanted);
    assert_eq!(codes(&transcript), ["8 no-time"]);
}

#[test]
fn a_long_segment_is_cut_into_its_sentences_and_a_short_one_is_not() {
    let segment = |end: f64| {
        format!(
            r#"{{"segments": [{{"start": 0.0, "end": {end}, "text": " Yes. No.", "words": [{{"word": " Yes.", "start": 0.5, "end": 1.0}},
            {{"word": " No.", "start": 3.5, "end": 4.0}}]}}]}}"#
        )
    };
    assert_eq!(shown(&parsed(&segment(20.0))), ["1 0-1 |Yes.", "1 3.5-20 |No."]);
    assert_eq!(shown(&parsed(&segment(7.0))), ["1 0-7 |Yes. No."]);
}

#[test]
fn what_cannot_be_is_an_error_with_line_and_place() {
    let rows = [
        (r#"{"segments": [{"start": "soon", "text": "x"}]}"#, "segments[0].start should be a time, in seconds or as"),
        (r#"{"cues": [{"start": 1, "text": 5}]}"#, "line 1: cues[0].text should be a string and is a number"),
        ("{\"cues\": [\n3]}", "line 2: cues[0] should be an object with 'start' and 'text' and is a number"),
        (r#"{"cues": [{"start": [1], "text": "x"}]}"#, "cues[0].start should be a time"),
        (
            r#"{"cues": [{"start": 1e400, "text": "x"}]}"#,
            "cues[0].start is inf s, and no transcript is longer than 1000 hours",
        ),
        (r#"{"cues": [{"start": 1234567890, "text": "x"}]}"#, "times that are numbers are in seconds here"),
        (r#"{"cues": [{"start": -7, "text": "x"}]}"#, "cues[0].start is -7.000 s, a time before the beginning"),
        (r#"{"cues": {"start": 1}}"#, "cues should be a list and is an object"),
        (r#"{"tracks": [{"cues": [{"start": 1, "text": true}]}]}"#, "tracks[0].cues[0].text should be a string"),
        (
            r#"{"results": [], "status": "ok"}"#,
            "no transcript of a kind that is read: there is 'results', 'status' in it",
        ),
        (r#"{"cues": []} x"#, "something follows after the end"),
        (r#"{"segments": [{"start": 0, "end": 1, "text": "It was cu"#, "in segments[0].text, where the closing quote"),
        (r#"{"segments": []}"#, "there is nothing in it that can be said"),
        ("[]", "there is nothing in it that can be said"),
    ];
    for (text, part) in rows {
        let error = read(text.as_bytes()).map(|_| ()).expect_err(text);
        assert_eq!(error.kind(), Kind::Input, "{text}");
        assert!(error.line().is_some() && error.to_string().contains(part), "{text}: {error}");
    }
}

#[test]
fn small_slips_are_read_with_a_note() {
    let rows = [
        (r#"{"cues": [{"start": -0.02, "text": "x"}]}"#, "1 negative-time", "1 0- |x"),
        (r#"{"segments": [null, {"start": 1, "text": "x"}]}"#, "1 no-object", "1 1- |x"),
        (r#"{"segments": [{"text": "x"}]}"#, "1 no-start", "1 0- |x"),
        ("{\"cues\": [{\"start\": 1, \"text\": \"a\\u0000b\\u200bc\"},]}", "1 json-comma", "1 1- |abc"),
    ];
    for (text, note, cue) in rows {
        let transcript = parsed(text);
        assert_eq!((codes(&transcript), shown(&transcript)), (vec![note.to_owned()], vec![cue.to_owned()]), "{text}");
    }
}

#[test]
fn what_only_begins_like_json_is_left_to_others() {
    let rows = [
        ("{\"a\": 1}", true),
        (" [\n {\"a\": 1}]", true),
        ("{'a': 1}", true),
        ("{", true),
        ("[00:17] Hello", false),
        ("[{curly}] Hello", false),
        ("{y:i}Hello", false),
        ("{1}{25}Hello", false),
        ("[\"quoted\"] he said", false),
        ("Hello", false),
    ];
    for (text, json) in rows {
        assert_eq!(looks_like(text), json, "{text}");
    }
}
