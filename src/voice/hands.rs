//! In: two pieces of work. Out: what comes of both, done at the same time where a second thread may be used. Knows
//! neither.

/// How many threads may be used to load a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    /// The calling one.
    One,
    /// Another beside it.
    Two,
}

impl Hands {
    /// For so many threads.
    pub(super) fn of(threads: usize) -> Hands {
        if threads > 1 { Hands::Two } else { Hands::One }
    }

    /// Does both.
    pub(super) fn both<A: Send, B>(self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
        match self {
            Hands::One => (a(), b()),
            // Threads of its own: one of a pool that waits may take up work that waits for this.
            Hands::Two => std::thread::scope(|scope| {
                let a = scope.spawn(a);
                let b = b();
                (a.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), b)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_done_whoever_does_them() {
        for (threads, own) in [(0, true), (1, true), (2, false), (8, false)] {
            let here = std::thread::current().id();
            let (a, b) = Hands::of(threads).both(|| std::thread::current().id(), || std::thread::current().id());
            assert_eq!((a == here, b == here), (own, true));
        }
    }
}
