//! In: workers with something long to make. Out: leave to begin, and memory to do it in, so that no
//! more memory is taken at a time than the longest needs, or so many points. Knows nothing of what
//! is made.
//!
//! Whoever waits is counted, and those inside may have a thread more for each (`crew`): a second
//! thread makes speech faster and not larger.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How many points may be inside at a time, unless there is but one worker: 16 seconds of speech.
pub(super) const MOST: usize = 1280;

/// Lets workers in; `T` is the memory of one.
pub(super) struct Door<T> {
    state: Mutex<State<T>>,
    left: Condvar,
    /// How many hands are lent to each worker inside.
    lent: Arc<AtomicUsize>,
}

struct State<T> {
    inside: usize,
    waiting: usize,
    /// How many points all memory inside has room for.
    points: usize,
    /// Memory that nobody uses, and for how many points it has room.
    idle: Vec<(usize, T)>,
}

/// A worker inside, with its memory.
pub(super) struct Inside<'a, T> {
    door: &'a Door<T>,
    points: usize,
    pub(super) room: T,
}

impl<T> Default for Door<T> {
    fn default() -> Door<T> {
        let state = State { inside: 0, waiting: 0, points: 0, idle: Vec::new() };
        Door { state: Mutex::new(state), left: Condvar::new(), lent: Arc::default() }
    }
}

impl<T: Default> Door<T> {
    /// Waits until there is room for so many points.
    pub(super) fn enter(&self, points: usize) -> Inside<'_, T> {
        let mut state = self.state();
        while state.inside > 0 && state.points + points > MOST {
            state.waiting += 1;
            self.lend(&state);
            state = self.left.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        let (held, room) = state.memory(points);
        state.inside += 1;
        state.points += held;
        self.lend(&state);
        Inside { door: self, points: held, room }
    }

    /// How many hands are lent to each worker inside, at any moment.
    pub(super) fn lent(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.lent)
    }
}

impl<T> Door<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lend(&self, state: &State<T>) {
        self.lent.store(state.waiting / state.inside.max(1), Ordering::Relaxed);
    }

    /// Counts so many workers more that wait.
    #[cfg(test)]
    pub(super) fn make_wait(&self, count: usize) {
        self.state().waiting += count;
    }

    /// All memory that nobody uses, and for how many points it has room.
    #[cfg(test)]
    pub(super) fn idle<R>(&self, look: impl Fn(usize, &T) -> R) -> Vec<R> {
        self.state().idle.iter().map(|(points, room)| look(*points, room)).collect()
    }
}

impl<T: Default> State<T> {
    /// Memory for so many points: what comes nearest to them. What has room for more than twice as
    /// many is not used for so few, and nothing is kept beside what is inside beyond the limit.
    fn memory(&mut self, points: usize) -> (usize, T) {
        let fits = |held: usize| held <= 2 * points;
        let known = (0..self.idle.len()).filter(|i| fits(self.idle[*i].0));
        let nearest = known.max_by_key(|i| self.idle[*i].0);
        let (held, room) = nearest.map(|i| self.idle.swap_remove(i)).unwrap_or_default();
        let held = held.max(points);
        let kept: usize = self.idle.iter().map(|(held, _)| held).sum();
        if self.points + held + kept > MOST {
            self.idle.clear();
        }
        (held, room)
    }
}

impl<T> Inside<'_, T> {
    /// Leaves, and leaves the memory for whoever comes.
    pub(super) fn leave(mut self)
    where
        T: Default,
    {
        let room = std::mem::take(&mut self.room);
        self.door.state().idle.push((self.points, room));
    }
}

impl<T> Drop for Inside<'_, T> {
    fn drop(&mut self) {
        let mut state = self.door.state();
        state.inside -= 1;
        state.points -= self.points;
        self.door.lend(&state);
        drop(state);
        self.door.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lent<T: Default>(door: &Door<T>) -> usize {
        door.lent().load(Ordering::Relaxed)
    }

    #[test]
    fn what_is_inside_and_kept_never_has_room_for_more_than_the_limit_or_the_longest() {
        let door: Door<Vec<u8>> = Door::default();
        for (points, kept) in [
            (1000, vec![1000]),
            (900, vec![1000]),
            (100, vec![1000, 100]),
            (150, vec![1000, 150]),
            (1100, vec![1100, 150]),
            (3000, vec![3000]),
            (1400, vec![1400]),
            (1300, vec![1400]),
        ] {
            let mut inside = door.enter(points);
            inside.room.resize(inside.room.len().max(points), 0);
            inside.leave();
            let mut idle = door.idle(|held, room| (held, room.len()));
            idle.sort_unstable_by(|a, b| b.cmp(a));
            assert!(idle.iter().all(|(held, len)| held == len));
            assert_eq!(idle.iter().map(|(held, _)| *held).collect::<Vec<_>>(), kept, "after {points}");
        }
    }

    #[test]
    fn whoever_does_not_fit_waits_and_lends_a_hand() {
        let door: Door<()> = Door::default();
        let (one, other) = (door.enter(MOST / 2), door.enter(MOST / 2));
        assert_eq!(lent(&door), 0);
        std::thread::scope(|scope| {
            let waiting: Vec<_> = (0..2).map(|_| scope.spawn(|| door.enter(MOST).leave())).collect();
            while door.state().waiting < 2 {
                std::thread::yield_now();
            }
            assert_eq!(lent(&door), 1);
            other.leave();
            while door.state().waiting < 2 {
                std::thread::yield_now();
            }
            assert_eq!((lent(&door), door.state().inside), (2, 1));
            drop(one);
            waiting.into_iter().for_each(|worker| worker.join().expect("it was let in"));
        });
        let state = door.state();
        assert_eq!((state.inside, state.waiting, state.points), (0, 0, 0));
    }
}
