//! In: pieces of work. Out: what comes of them, in their order, whoever did them. Knows none of
//! them.
//!
//! A worker that waits for another (see `door`) lends it a hand: a thread in its stead. How many
//! there are changes nothing of what is made.

use cuevox_kernels::conv::Scratch;
use cuevox_kernels::rows::Rows;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What one needs to work with, used again from one piece to the next.
#[derive(Default)]
pub(super) struct Hand {
    pub(super) bent: Rows,
    pub(super) scratch: Scratch,
}

/// The hands that may help.
#[derive(Default)]
pub(super) struct Crew {
    others: Vec<Hand>,
    /// How many may at this moment.
    lent: Arc<AtomicUsize>,
}

impl Crew {
    /// Lets as many hands help, from now on, as this says at any moment.
    pub(super) fn helped_by(&mut self, lent: Arc<AtomicUsize>) {
        self.lent = lent;
    }

    /// The memory of all hands but the first, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.others.iter().map(Hand::bytes).sum()
    }

    /// Does each piece of `work` once, as it is given with its place among them, by the hand `own`
    /// and those that are lent; gives what comes of each, in the order of `work`.
    pub(super) fn share<W: Send, T: Send>(
        &mut self,
        own: &mut Hand,
        work: Vec<W>,
        make: impl Fn(&mut Hand, usize, W) -> T + Sync,
    ) -> Vec<T> {
        let count = work.len();
        let helpers = self.lent.load(Ordering::Relaxed).min(count.saturating_sub(1));
        if self.others.len() < helpers {
            self.others.resize_with(helpers, Hand::default);
        }
        let pieces = Mutex::new(work.into_iter().enumerate());
        let made = Mutex::new(Vec::with_capacity(count));
        let labour = |hand: &mut Hand| {
            while let Some((at, piece)) = next(&pieces) {
                let result = make(hand, at, piece);
                made.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
            }
        };
        std::thread::scope(|scope| {
            for hand in &mut self.others[..helpers] {
                scope.spawn(|| labour(hand));
            }
            labour(own);
        });
        let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
        made.sort_unstable_by_key(|(at, _)| *at);
        made.into_iter().map(|(_, result)| result).collect()
    }
}

impl Hand {
    /// The memory it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bent.bytes() + self.scratch.bytes()
    }
}

/// The next piece; the lock is not held while it is worked on.
fn next<I: Iterator>(pieces: &Mutex<I>) -> Option<I::Item> {
    pieces.lock().unwrap_or_else(PoisonError::into_inner).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_is_done_once_and_in_its_place_however_many_hands_there_are() {
        for (lent, count) in [(0, 7), (1, 100), (3, 2), (5, 0), (2, 31)] {
            let mut crew = Crew::default();
            crew.helped_by(Arc::new(AtomicUsize::new(lent)));
            let mut all: Vec<u32> = (0..count).collect();
            let work: Vec<&mut u32> = all.iter_mut().collect();
            let made = crew.share(&mut Hand::default(), work, |_, at, piece| {
                *piece += 1000;
                (at as u32, *piece)
            });
            assert_eq!(made, (0..count).map(|i| (i, i + 1000)).collect::<Vec<_>>());
            assert_eq!(all, (1000..1000 + count).collect::<Vec<_>>());
            assert_eq!(crew.others.len(), lent.min((count as usize).saturating_sub(1)));
        }
    }
}
