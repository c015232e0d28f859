//! In: work. Out: the same, done on one thread on which nothing else is done. Knows no voice.
//!
//! Products of whole numbers are spread over the pool of rayon that they are made in. In a pool of many they would wait for
//! each other, and a worker that waits takes up other work: another utterance within this one. So they are made in a pool
//! of one, entered from a thread of no pool.

use rayon::{ThreadPool, ThreadPoolBuilder};

/// A pool of one thread, made when it is first needed.
#[derive(Default)]
pub(super) struct Lane(std::sync::OnceLock<Option<ThreadPool>>);

impl Lane {
    /// Does the work, and waits for it.
    pub(super) fn alone(&self, work: impl FnOnce() + Send) {
        match self.0.get_or_init(|| ThreadPoolBuilder::new().num_threads(1).build().ok()) {
            None => work(),
            Some(pool) => std::thread::scope(|scope| {
                let done = scope.spawn(|| pool.install(work)).join();
                done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_has_a_thread_to_itself_wherever_it_is_asked_for() {
        let lane = Lane::default();
        let count = |pool: &ThreadPool| pool.install(rayon::current_num_threads);
        let many = ThreadPoolBuilder::new().num_threads(3).build().expect("a pool");
        assert_eq!(count(&many), 3);
        for _ in 0..2 {
            let mut found = 0;
            many.install(|| lane.alone(|| found = rayon::current_num_threads()));
            assert_eq!(found, 1);
        }
    }
}
