//! In: what a voice's text encoder made of ids when their durations were predicted. Out: the same, once, when they are spoken,
//! so that it need not be made again. Keeps no more than a fixed amount of memory, whatever the job. Runs nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How many floats are kept at most: 32 MB, some 200 long sentences.
const MOST: usize = 8 << 20;

/// What can be kept.
pub(super) trait Floats {
    /// How many floats it holds.
    fn floats(&self) -> usize;
}

impl Floats for Vec<f32> {
    fn floats(&self) -> usize {
        self.len()
    }
}

/// The number of a speaker, and ids.
type Key = (i32, Vec<i32>);

/// What is kept; the oldest makes room for what comes.
pub(super) struct Kept<T>(Mutex<State<T>>);

struct State<T> {
    known: HashMap<Key, T>,
    order: VecDeque<Key>,
    floats: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(Mutex::new(State { known: HashMap::new(), order: VecDeque::new(), floats: 0 }))
    }
}

impl<T: Floats> Kept<T> {
    /// Keeps it until it is taken or there is no room left.
    pub(super) fn put(&self, speaker: i32, ids: &[i32], encoded: T) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (speaker, ids.to_vec());
        if encoded.floats() > MOST || state.known.contains_key(&key) {
            return;
        }
        state.floats += encoded.floats();
        state.order.push_back(key.clone());
        state.known.insert(key, encoded);
        while state.floats > MOST || state.order.len() > 2 * state.known.len() + 64 {
            let Some(oldest) = state.order.pop_front() else { break };
            let dropped = state.known.remove(&oldest).map_or(0, |encoded| encoded.floats());
            state.floats -= dropped;
        }
    }

    /// Gives back what was kept of these ids, and keeps it no longer.
    pub(super) fn take(&self, speaker: i32, ids: &[i32]) -> Option<T> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let encoded = state.known.remove(&(speaker, ids.to_vec()))?;
        state.floats -= encoded.floats();
        Some(encoded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(len: usize, mark: i32) -> Vec<f32> {
        vec![mark as f32; len]
    }

    #[test]
    fn what_is_kept_comes_back_once_and_never_takes_more_than_its_share() {
        let kept = Kept::default();
        kept.put(0, &[1, 2], encoded(10, 7));
        kept.put(1, &[1, 2], encoded(10, 8));
        assert_eq!(kept.take(0, &[1, 2]), Some(encoded(10, 7)));
        assert_eq!((kept.take(0, &[1, 2]), kept.take(0, &[1])), (None, None));
        for i in 0..100 {
            kept.put(2, &[i], encoded(MOST / 10, i));
            assert!(kept.0.lock().expect("no panic").floats <= MOST);
        }
        assert_eq!(kept.take(1, &[1, 2]), None, "the oldest made room");
        assert!(kept.take(2, &[99]).is_some() && kept.take(2, &[92]).is_some() && kept.take(2, &[80]).is_none());
        kept.put(3, &[0], encoded(MOST + 1, 0));
        assert_eq!(kept.take(3, &[0]), None);
    }

    #[test]
    fn the_list_of_what_is_kept_does_not_grow_with_what_was_taken() {
        let kept = Kept::default();
        for i in 0..10_000 {
            kept.put(0, &[i], encoded(1, i));
            assert!(kept.take(0, &[i]).is_some());
        }
        let state = kept.0.lock().expect("no panic");
        assert!(state.order.len() < 100 && state.floats == 0, "{} {}", state.order.len(), state.floats);
    }
}
