//! In: bytes, and the format they are to be read as. Out: a panic where what was read is not as it must be.

use cuevox::transcript::{Cue, Format, Sounds, read_as};
use cuevox::time::Ticks;

/// Reads the bytes and looks at what came of them.
pub fn check(bytes: &[u8], format: Option<Format>) {
    let transcript = match read_as(bytes, format) {
        Ok(transcript) => transcript,
        Err(error) => {
            assert!(error.way_out().is_some(), "{error}");
            return;
        }
    };
    assert!(transcript.stamped.is_sorted_by_key(Cue::start), "out of order");
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() * 3 + bytes.len() + 1;
    for (index, cue) in transcript.stamped.iter().enumerate() {
        assert_eq!(cue.index(), index + 1);
        assert!(cue.start().is_some_and(|start| start >= Ticks::ZERO), "{cue:?}");
        assert!(cue.end().is_none_or(|end| cue.start() < Some(end)), "{cue:?}");
        assert!((1..=lines).contains(&cue.line()), "{cue:?}");
        sound(cue);
    }
    transcript.prose.iter().for_each(sound);
}

/// What holds for every cue.
fn sound(cue: &Cue) {
    assert!(!cue.text().contains(['\n', '\r']) && cue.text().trim() == cue.text(), "{cue:?}");
    let mut end = 0;
    for mark in cue.marks() {
        assert!(mark.place.start >= end && cue.text().get(mark.place.clone()).is_some(), "{cue:?}");
        end = mark.place.end;
    }
    for sounds in [Sounds::Skip, Sounds::Speak] {
        assert_eq!(cue.aloud(sounds).len(), cue.text().len());
    }
    let _ = cue.silence();
}
