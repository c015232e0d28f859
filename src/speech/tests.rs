//! Clips in order from any number of threads, and ends that come in the middle.

use super::*;
use crate::audio::resample::resampled_len;
use crate::draft::made::{Made, made};
use crate::phonemes::Phoneme;
use crate::phonemes::inventory::Class;
use crate::progress::Unwatched;
use crate::time::FrameClock;
use crate::timing::Plan;
use crate::voice::Voice;
use crate::voice::encode::Encoded;
use crate::voice::tone::Tone;
use rayon::ThreadPoolBuilder;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const RATE: u32 = 16_000;

/// What the voice does when it has spoken so often.
#[derive(Clone, Copy)]
enum Then {
    Fails,
    Panics,
}

/// The tone, until something happens to it.
struct Frail {
    spoken: AtomicUsize,
    after: usize,
    then: Then,
}

impl Voice for Frail {
    fn id(&self) -> &str {
        "frail"
    }

    fn fingerprint(&self) -> &str {
        "frail"
    }

    fn clock(&self) -> FrameClock {
        Tone.clock()
    }

    fn espeak_voice(&self) -> &str {
        "en-us"
    }

    fn most_tokens(&self) -> usize {
        1000
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        Tone.encode(phonemes)
    }

    fn durations(&self, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
        Tone.durations(ids, seed)
    }

    fn heard(&self, said: crate::voice::Said<'_>) -> Result<Option<std::ops::Range<u64>>> {
        Tone.heard(said)
    }

    fn sound(&self, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
        match self.then {
            _ if self.spoken.fetch_add(1, Ordering::SeqCst) < self.after => Tone.sound(ids, frames, seed),
            Then::Fails => Err(Error::new(Kind::Voice, "it is hoarse")),
            Then::Panics => panic!("it is gone"),
        }
    }
}

/// So many lines, each at its own length.
fn transcript(lines: usize) -> String {
    let line = |i: usize| format!("00:{:02} The tide comes in{}.\n", 3 * i + 1, " again".repeat(i % 4));
    (0..lines).map(line).collect()
}

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

/// Speaks all of it; what was taken, and how it ended.
fn spoken(made: &Made, plan: &Plan, threads: usize, mut stop_at: Option<usize>) -> (Vec<Vec<f32>>, Result<()>) {
    let work: Vec<_> = made.drafts.iter().zip(&plan.slots).collect();
    let pool = pool(threads);
    let manner = Manner { pool: &pool, rate: RATE, seed: 0, cache: None, observer: &Unwatched };
    let mut clips = Vec::new();
    let ended = speak_all(&work, manner, |at, clip| {
        assert_eq!(at, clips.len(), "in order");
        if stop_at.take_if(|stop| *stop == at).is_some() {
            return Err(Error::new(Kind::Output, "full"));
        }
        clips.push(clip);
        Ok(())
    });
    (clips, ended)
}

#[test]
fn clips_come_in_order_and_are_as_long_as_their_slots_on_any_number_of_threads() {
    let made = made(Arc::new(Tone), &transcript(12));
    let plan = made.plan();
    let (alone, ended) = spoken(&made, &plan, 1, None);
    assert!(ended.is_ok() && alone.len() == 12);
    for (clip, slot) in alone.iter().zip(&plan.slots) {
        let clock = Tone.clock();
        let samples = (slot.heard.end - slot.heard.start) * u64::from(clock.hop);
        assert_eq!(clip.len(), resampled_len(samples as usize, clock.rate, RATE));
        assert!(clip[0].abs() < 0.01 && clip[clip.len() - 1].abs() < 0.01, "it begins or ends with a click");
    }
    for threads in [2, 5] {
        assert_eq!(spoken(&made, &plan, threads, None).0, alone);
    }
}

#[test]
fn what_is_cut_fades_for_longer() {
    let made = made(Arc::new(Tone), &transcript(1));
    let whole = made.plan();
    let mut cut = whole.clone();
    let slot = &mut cut.slots[0];
    // At the end of a hum, a vowel's.
    let vowels = made.drafts[0].tokens.iter().rposition(|token| token.class == Class::Vowel);
    let hums = vowels.expect("it has a vowel") + 1;
    slot.heard.end = slot.frames[..hums].iter().map(|frames| u64::from(*frames)).sum();
    let mut ends = Vec::new();
    for is_cut in [false, true] {
        cut.slots[0].spans[0].cut = Ticks::from_millis(if is_cut { 100 } else { 0 });
        let (clips, _) = spoken(&made, &cut, 1, None);
        let last = clips[0].len() - RATE as usize / 100;
        ends.push(clips[0][last..].iter().map(|sample| sample * sample).sum::<f32>());
    }
    assert!(ends[1] < ends[0] * 0.6, "{ends:?}");
}

#[test]
fn after_an_error_no_clip_is_handed_on() {
    for (then, kind) in [(Then::Fails, Kind::Voice), (Then::Panics, Kind::Bug)] {
        for threads in [1, 3] {
            let frail = Frail { spoken: AtomicUsize::new(0), after: 5, then };
            let made = made(Arc::new(frail), &transcript(12));
            let plan = made.plan();
            let hook = std::panic::take_hook();
            std::panic::set_hook(Box::new(|_| {}));
            let (clips, ended) = spoken(&made, &plan, threads, None);
            std::panic::set_hook(hook);
            assert!(clips.len() <= 5, "{}", clips.len());
            assert_eq!(ended.err().map(|e| e.kind()), Some(kind));
        }
    }
}

#[test]
fn whoever_takes_clips_ends_the_work() {
    let frail = Arc::new(Frail { spoken: AtomicUsize::new(0), after: usize::MAX, then: Then::Fails });
    let voice: Arc<dyn Voice> = Arc::<Frail>::clone(&frail);
    let made = made(voice, &transcript(18));
    let plan = made.plan();
    let (clips, ended) = spoken(&made, &plan, 1, Some(3));
    assert_eq!(clips.len(), 3);
    assert!(ended.is_err_and(|e| e.to_string() == "full"));
    let spoken = frail.spoken.load(Ordering::SeqCst);
    assert!(spoken <= 3 + AHEAD + 1, "{spoken} were spoken");
}

#[test]
fn nothing_is_spoken_of_what_is_not_heard() {
    let frail = Frail { spoken: AtomicUsize::new(0), after: 0, then: Then::Fails };
    let made = made(Arc::new(frail), &transcript(1));
    let mut plan = made.plan();
    plan.slots[0].heard = 0..0;
    let (clips, ended) = spoken(&made, &plan, 1, None);
    assert!(ended.is_ok() && clips == [Vec::<f32>::new()]);
}
