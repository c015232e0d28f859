//! In: drafts and their slots. Out: clips at the track's rate, in order, each exactly as long as its slot. Knows no
//! cues and no file.
//!
//! Utterances are shared out over the threads of the rayon pool one by one; each is spoken on one thread. A clip is
//! handed on as soon as all before it are, and no thread runs far ahead, so that memory does not grow with the track.

use crate::audio::fade::fade_edges;
use crate::audio::resample::resample;
use crate::cache::Cache;
use crate::draft::Draft;
use crate::error::{Error, Kind, Result};
use crate::progress::{Event, Observer};
use crate::time::Ticks;
use crate::timing::Slot;
use crate::voice::speak;
use rayon::ThreadPool;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many clips may wait for their turn, for each thread.
const AHEAD: usize = 3;

/// The part of a second in which a clip fades in and out, so that it neither begins nor ends with a click.
const FADE: u32 = 200;

/// The part of a second in which a clip fades out that is cut before its end.
const FADE_OF_CUT: u32 = 40;

/// How clips are made.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// The threads that do the work; the calling thread, which must not be one of them, hands the clips on.
    pub pool: &'a ThreadPool,
    /// Samples a second of the clips.
    pub rate: u32,
    /// What the voices' noise grows from.
    pub seed: u64,
    /// Where clips are looked up and kept.
    pub cache: Option<&'a Cache>,
    /// Whoever watches.
    pub observer: &'a dyn Observer,
}

/// Speaks all drafts and hands each clip on in order, with its position.
///
/// # Errors
/// The first that a voice or `take` gives, or that of an interruption; no clip is handed on after it.
pub fn speak_all(
    work: &[(&Draft, &Slot)],
    manner: Manner<'_>,
    mut take: impl FnMut(usize, Vec<f32>) -> Result<()>,
) -> Result<()> {
    let threads = manner.pool.current_num_threads().max(1);
    let queue = Queue::new(work.len(), threads * AHEAD);
    manner.pool.in_place_scope(|scope| {
        for _ in 0..threads.min(work.len()) {
            scope.spawn(|_| {
                while let Some(at) = queue.next() {
                    queue.done(at, clip_or_error(work[at], manner));
                }
            });
        }
        for at in 0..work.len() {
            let taken = queue.wait_for(at).and_then(|clip| take(at, clip));
            if let Err(error) = taken {
                queue.stop();
                return Err(error);
            }
        }
        Ok(())
    })
}

/// A voice that gives up in its own way must not leave the others waiting for ever.
fn clip_or_error(work: (&Draft, &Slot), manner: Manner<'_>) -> Result<Vec<f32>> {
    catch_unwind(AssertUnwindSafe(|| clip(work, manner))).unwrap_or_else(|_| {
        let voice = work.0.voice.id();
        let what = format!("the voice '{voice}' failed in a way it should not");
        Err(Error::new(Kind::Bug, what).help("please report this, with the text"))
    })
}

fn clip((draft, slot): (&Draft, &Slot), manner: Manner<'_>) -> Result<Vec<f32>> {
    manner.observer.keep_going()?;
    if slot.heard.is_empty() {
        return Ok(Vec::new());
    }
    let frames = draft.reach.given(&slot.frames);
    let samples = match manner.cache {
        Some(cache) => cache.sound(draft.voice.as_ref(), &draft.ids, &frames, manner.seed)?,
        None => speak(draft.voice.as_ref(), &draft.ids, &frames, manner.seed)?,
    };
    let clock = draft.voice.clock();
    let sample = |frame: u64| (frame as usize).saturating_mul(clock.hop as usize).min(samples.len());
    let mut heard = samples[sample(slot.heard.start)..sample(slot.heard.end)].to_vec();
    let cut = slot.spans.iter().any(|span| span.cut > Ticks::ZERO);
    let fade = |part: u32| (clock.rate / part) as usize;
    fade_edges(&mut heard, fade(FADE), fade(if cut { FADE_OF_CUT } else { FADE }));
    manner.observer.event(Event::Spoken(heard.len() as f64 / f64::from(clock.rate.max(1))));
    Ok(resample(&heard, clock.rate, manner.rate))
}

/// Which clip is next to be made, and which are made and wait.
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    count: usize,
    ahead: usize,
}

#[derive(Default)]
struct State {
    next: usize,
    taken: usize,
    stopped: bool,
    ready: BTreeMap<usize, Result<Vec<f32>>>,
}

impl Queue {
    fn new(count: usize, ahead: usize) -> Queue {
        Queue { state: Mutex::default(), changed: Condvar::new(), count, ahead }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next clip to make; waits while too many are waiting for their turn.
    fn next(&self) -> Option<usize> {
        let mut state = self.lock();
        loop {
            if state.stopped || state.next >= self.count {
                return None;
            }
            if state.next < state.taken + self.ahead {
                state.next += 1;
                return Some(state.next - 1);
            }
            state = self.wait(state);
        }
    }

    fn done(&self, at: usize, clip: Result<Vec<f32>>) {
        self.lock().ready.insert(at, clip);
        self.changed.notify_all();
    }

    fn wait_for(&self, at: usize) -> Result<Vec<f32>> {
        let mut state = self.lock();
        loop {
            if let Some(clip) = state.ready.remove(&at) {
                state.taken = at + 1;
                self.changed.notify_all();
                return clip;
            }
            if state.stopped {
                return Err(Error::new(Kind::Interrupted, "stopped"));
            }
            state = self.wait(state);
        }
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests;
