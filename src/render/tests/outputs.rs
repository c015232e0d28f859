//! The same track wherever it goes, and transcripts and voices that other programs bring.

use super::*;
use crate::audio::meter::Level;
use crate::lang::Lang;
use crate::time::Ticks;
use crate::voice::tone::Tone;
use crate::voice::{Said, Voice, encode::Encoded};
use crate::wav::Container;
use std::io::Cursor;

const TIDE: &[u8] = b"00:01 The tide comes in.\n00:04 The tide goes out.\n";

fn of_layout(layout: Layout, data: &Path) -> Studio {
    let options = Options { layout, ..Options::default() };
    Studio::builder().voice("tone").voices_dir(data).offline(true).options(options).build().expect("a studio")
}

fn floats(path: &Path) -> Vec<f32> {
    hound::WavReader::open(path).expect("a file").samples().map(|sample| sample.expect("a sample")).collect()
}

#[test]
fn in_memory_block_by_block_and_in_a_file_a_track_is_the_same() {
    let dir = tempfile::tempdir().expect("a folder");
    for channels in [1, 2] {
        let layout = Layout { sample_rate: 16_000, bits: 32, channels };
        let studio = of_layout(layout, dir.path());
        let planned = studio.plan(TIDE, &Unwatched).expect("planned");
        let track = &planned.tracks[0];
        let audio = studio.render(track, &Unwatched).expect("rendered");
        assert_eq!((audio.sample_rate, audio.channels), (16_000, channels));
        assert!(audio.samples.iter().any(|sample| sample.abs() > 0.1));
        let target = dir.path().join("t.wav");
        let finished = studio.speak(track, &target, &Unwatched).expect("written");
        assert_eq!(floats(&target), audio.samples);
        assert_eq!(finished.level, audio.level);
        let mut blocks = 0;
        let mut heard = Vec::new();
        let streamed = studio.stream(track, &Unwatched, &mut |block| {
            blocks += 1;
            heard.extend_from_slice(block);
            Ok(())
        });
        assert_eq!(streamed.expect("streamed").frames * u64::from(channels), audio.samples.len() as u64);
        assert!(blocks > 1 && heard == audio.samples);
    }
}

#[test]
fn what_can_be_written_to_gets_the_samples_of_the_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let studio = of_layout(Layout { sample_rate: 16_000, bits: 16, channels: 2 }, dir.path());
    let planned = studio.plan(TIDE, &Unwatched).expect("planned");
    let target = dir.path().join("t.wav");
    studio.speak(&planned.tracks[0], &target, &Unwatched).expect("written");
    let mut bytes = Cursor::new(Vec::new());
    let finished = studio.write(&planned.tracks[0], &mut bytes, Container::Wav, &Unwatched).expect("written");
    let whole = bytes.into_inner();
    let samples = |bytes: &[u8]| -> Vec<i16> {
        hound::WavReader::new(bytes).expect("a file").samples().map(|sample| sample.expect("a sample")).collect()
    };
    assert_eq!(samples(&whole), samples(&fs::read(&target).expect("there")));
    assert_eq!(finished.clipped, 0);
}

#[test]
fn whoever_takes_blocks_can_end_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let studio = of_layout(Layout::default(), dir.path());
    let planned = studio.plan(TIDE, &Unwatched).expect("planned");
    let mut taken = 0;
    let ended = studio.stream(&planned.tracks[0], &Unwatched, &mut |_| {
        taken += 1;
        Err(Error::new(Kind::Output, "enough"))
    });
    assert!(ended.is_err_and(|e| e.to_string() == "enough") && taken == 1);
}

#[test]
fn a_transcript_of_values_is_planned_as_one_that_was_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let studio = of_layout(Layout::default(), dir.path());
    let at = Ticks::from_millis;
    let cues = vec![
        Cue::timed(at(4000), "The tide goes out.").until(at(6000)).by("Anna").in_lang(Lang::En),
        Cue::timed(at(1000), "The tide comes in."),
    ];
    let planned = studio.plan_transcript(Transcript::of(cues).expect("cues"), &Unwatched).expect("planned");
    let starts = |planned: &Planned| -> Vec<Ticks> { planned.tracks[0].plan.slots.iter().map(|s| s.start).collect() };
    let read = studio.plan(b"1\n00:00:01,000 --> 00:00:04,000\nThe tide comes in.\n\n2\n00:00:04,000 --> 00:00:06,000\nThe tide goes out.\n", &Unwatched);
    assert_eq!(starts(&planned), starts(&read.expect("planned")));
    let second = &planned.tracks[0].cues[1];
    assert_eq!((second.speaker(), second.index(), second.line()), (Some("Anna"), 2, 1));
    let changed = second.clone().saying("So it does, and comes back.");
    let again = studio.plan_transcript(Transcript::of(vec![changed]).expect("a cue"), &Unwatched).expect("planned");
    assert_eq!(again.tracks[0].words[0].len(), 6);
}

#[test]
fn values_that_say_nothing_or_end_before_they_begin_are_refused() {
    let at = Ticks::from_millis;
    let says = |cues: Vec<Cue>| Transcript::of(cues).map(|_| ()).map_err(|e| e.to_string());
    assert!(says(Vec::new()).is_err_and(|e| e.contains("nothing in it that can be said")));
    assert!(says(vec![Cue::timed(at(0), "...")]).is_err_and(|e| e.contains("nothing in it")));
    let backward = Cue::timed(at(2000), "Yes.").until(at(1000));
    assert!(
        says(vec![Cue::timed(at(0), "No."), backward]).is_err_and(|e| e.contains("line 2") && e.contains("before"))
    );
}

/// The tone under another name, slower by a half.
struct Brought;

impl Voice for Brought {
    fn id(&self) -> &str {
        "brought"
    }

    fn fingerprint(&self) -> &str {
        "brought 1"
    }

    fn clock(&self) -> crate::time::FrameClock {
        Tone.clock()
    }

    fn espeak_voice(&self) -> &str {
        "en-us"
    }

    fn most_tokens(&self) -> usize {
        1000
    }

    fn encode(&self, phonemes: &[crate::phonemes::Phoneme]) -> Encoded {
        Tone.encode(phonemes)
    }

    fn durations(&self, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
        Ok(Tone.durations(ids, seed)?.into_iter().map(|frames| frames * 3 / 2).collect())
    }

    fn heard(&self, said: Said<'_>) -> Result<Option<Range<u64>>> {
        Tone.heard(said)
    }

    fn sound(&self, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
        Tone.sound(ids, frames, seed)
    }
}

#[test]
fn a_voice_that_is_brought_speaks_and_is_told_apart() {
    let dir = tempfile::tempdir().expect("a folder");
    let builder = || Studio::builder().voices_dir(dir.path()).offline(true).bring(Arc::new(Brought));
    let mixed = builder().voice("tone").voice("Anna=brought").build().expect("a studio");
    let at = Ticks::from_millis;
    let lines = vec![Cue::timed(at(0), "The tide comes in."), Cue::timed(at(9000), "The tide comes in.").by("Anna")];
    let planned = mixed.plan_transcript(Transcript::of(lines).expect("cues"), &Unwatched).expect("planned");
    let length = |slot: usize| {
        let span = planned.tracks[0].plan.slots[slot].spans[0];
        span.end - span.onset
    };
    assert!(length(1).secs() > 1.2 * length(0).secs());
    let audio = mixed.render(&planned.tracks[0], &Unwatched).expect("rendered");
    assert!(audio.level != Level { lufs: None, true_peak_db: None });
    let plain = builder().voice("tone").build().expect("a studio");
    let identities = [&mixed, &plain].map(|studio| studio.cast().identity().expect("known"));
    assert!(identities[0].contains("brought 1") && !identities[1].contains("brought 1"));
    assert!(builder().voice("en=").build().is_err());
}
