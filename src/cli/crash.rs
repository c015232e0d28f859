//! In: the whole run. Out: its exit code, also where it ends in a way nobody meant: a panic becomes one line, a signal
//! about a file that grew too large becomes an error of the write. Knows nothing of what is run.

use super::exit::Exit;
use super::{print_err, printable};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// What the latest panic said and where. The library catches those of crates it knows to panic, so that not each of
/// them ends the run, and none may print.
static LATEST: Mutex<String> = Mutex::new(String::new());

/// Runs `work`; a panic in it is told in one line.
pub(super) fn caught(work: impl FnOnce() -> Exit) -> Exit {
    std::panic::set_hook(Box::new(|panic| {
        *LATEST.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
    writes_fail_rather_than_kill();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let latest =
            LATEST.lock().unwrap_or_else(PoisonError::into_inner).split_whitespace().collect::<Vec<_>>().join(" ");
        let version = env!("CARGO_PKG_VERSION");
        print_err(&printable(&format!(
            "error: internal error in cuevox {version}: {latest}; please report this line and what you did"
        )));
        Exit::Bug
    })
}

/// Where the size of files is limited (`ulimit -f`), a write beyond it should be an error, not the end of the process.
/// Blocked here, before there is another thread, the signal is blocked in all of them.
#[cfg(unix)]
fn writes_fail_rather_than_kill() {
    use nix::sys::signal::{SigSet, Signal};
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    // Where that fails, the limit kills, as it does by default.
    let _ = signals.thread_block();
}

#[cfg(not(unix))]
fn writes_fail_rather_than_kill() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_bug_of_ours_and_not_an_abort() {
        let hook = std::panic::take_hook();
        let exits = [caught(|| std::panic::resume_unwind(Box::new("only a test"))), caught(|| Exit::Missed)];
        std::panic::set_hook(hook);
        assert_eq!(exits, [Exit::Bug, Exit::Missed]);
    }
}
