//! In: how it went. Out: the exit code that scripts hold on to.

use std::process::ExitCode;

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done.
    Done,
    /// At least one input gave no track.
    Failed,
    /// The command line makes no sense.
    Usage,
    /// All was done, but `--strict` was asked and a line missed its window.
    Missed,
    /// Somebody asked to stop.
    Interrupted,
    /// The program failed in a way it should not.
    Bug,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Missed => 3,
            Exit::Interrupted => 130,
            // EX_SOFTWARE of sysexits.h.
            Exit::Bug => 70,
        }
    }

    /// The graver of two.
    pub(crate) fn or(self, other: Exit) -> Exit {
        let gravity = [Exit::Done, Exit::Missed, Exit::Failed, Exit::Usage, Exit::Bug, Exit::Interrupted];
        let place = |exit: Exit| gravity.iter().position(|e| *e == exit);
        if place(other) > place(self) { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_contract_and_the_gravest_wins() {
        let exits = [Exit::Done, Exit::Failed, Exit::Usage, Exit::Missed, Exit::Bug, Exit::Interrupted];
        assert_eq!(exits.map(Exit::code), [0, 1, 2, 3, 70, 130]);
        assert_eq!(Exit::Failed.or(Exit::Bug), Exit::Bug);
        assert_eq!(Exit::Done.or(Exit::Missed), Exit::Missed);
        assert_eq!(Exit::Failed.or(Exit::Missed), Exit::Failed);
        assert_eq!(Exit::Interrupted.or(Exit::Failed), Exit::Interrupted);
    }
}
