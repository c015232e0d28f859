//! Transcripts and the lines over which their sentences go on.

use super::{Asked, Script, utterances};
use crate::lang::Lang;
use crate::transcript::{self, Cue};
use crate::words::{Word, words};

/// Which lines each utterance takes words from, people being heard at once who have these voices, line by line.
fn joined(json: &str, voices: &[usize]) -> Vec<Vec<usize>> {
    let cues = transcript::read(json.as_bytes()).expect("a transcript").stamped;
    let spoken: Vec<Vec<Word>> = cues.iter().map(|cue| words(cue.text(), Lang::En.into())).collect();
    let texts: Vec<&str> = cues.iter().map(Cue::text).collect();
    let langs = vec![Lang::En; cues.len()];
    let asked = Asked { texts: &texts, langs: &langs, voices, at_once: true };
    let all = utterances(Script { cues: &cues, words: &spoken }, asked);
    all.iter().map(|one| one.parts.iter().map(|part| part.cue).collect()).collect()
}

#[test]
fn a_sentence_goes_on_over_what_somebody_else_says_meanwhile() {
    let found = joined(
        r#"{"cues": [
            {"start": 0, "end": 4, "speaker": "A", "text": "I was on the quay when the"},
            {"start": 1, "end": 2, "speaker": "B", "text": "So was I."},
            {"start": 4, "end": 6, "speaker": "A", "text": "ship came in."}
        ]}"#,
        &[0, 1, 0],
    );
    assert_eq!(found, [vec![0, 2], vec![1]]);
}

#[test]
fn a_sentence_is_not_said_over_an_aside_that_its_own_voice_has_to_say() {
    let found = joined(
        r#"{"cues": [
            {"start": 0, "end": 4, "speaker": "A", "text": "I was on the quay when the"},
            {"start": 1, "end": 2, "speaker": "B", "text": "So was I."},
            {"start": 4, "end": 6, "speaker": "A", "text": "ship came in."}
        ]}"#,
        &[0, 0, 0],
    );
    assert_eq!(found, [vec![0], vec![1], vec![2]]);
}

#[test]
fn a_line_without_an_end_does_not_go_on_over_a_line_of_somebody_elses_sentence() {
    let found = joined(
        r#"{"cues": [
            {"start": 0, "end": 10, "speaker": "A", "text": "I was on the quay when the"},
            {"start": 1, "end": 1, "speaker": "B", "text": "we all saw her and"},
            {"start": 10, "end": 12, "speaker": "A", "text": "ship came in."},
            {"start": 12, "end": 14, "speaker": "B", "text": "nobody said a word."}
        ]}"#,
        &[0, 1, 0, 1],
    );
    assert_eq!(found, [vec![0, 2], vec![1], vec![3]]);
}
