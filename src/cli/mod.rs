//! In: the command line. Out: what it asks for, done; an exit code. The only part of the program that prints, and that
//! knows of terminals, signals and clocks.

mod args;
mod batch;
mod check;
mod cost;
mod crash;
mod exit;
mod make;
mod man;
mod manner;
mod names;
mod notes;
mod options;
mod plan;
mod progress;
mod remedy;
mod render;
mod table;
mod views;
mod voices;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use cuevox::error::{Error, Kind, Result};
use exit::Exit;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
    let exit = crash::caught(|| match Args::try_parse() {
        Ok(args) => act(args.command).unwrap_or_else(|error| complain(&error)),
        Err(error) => {
            // Help and version are no errors. A closed pipe is nobody's fault.
            let _ = error.print();
            if error.use_stderr() { Exit::Usage } else { Exit::Done }
        }
    });
    exit.into()
}

fn act(command: Command) -> Result<Exit> {
    match command {
        Command::Render(options) => render::run(&options),
        Command::Batch(options) => batch::run(&options),
        Command::Plan(options) => plan::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Voices(command) => voices::run(&command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "cuevox", &mut script);
            print_out(&String::from_utf8_lossy(&script))?;
            Ok(Exit::Done)
        }
        Command::Man { command } => {
            print_out(&man::page(Args::command(), command.as_deref())?)?;
            Ok(Exit::Done)
        }
    }
}

/// Tells an error and gives the exit code for it.
fn complain(error: &Error) -> Exit {
    print_err(&printable(&format!("error: {}", remedy::told(error))));
    match error.kind() {
        Kind::Usage => Exit::Usage,
        Kind::Interrupted => Exit::Interrupted,
        Kind::Bug => Exit::Bug,
        _ => Exit::Failed,
    }
}

/// Prints to standard output; whoever closes the pipe early has read enough.
///
/// # Errors
/// Of kind `Output` when it cannot be written for another reason, as on a full disk.
fn print_out(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Output, "standard output cannot be written").because(e))
        }
        _ => Ok(()),
    }
}

/// Prints a line to standard error, where nobody may be listening any more.
fn print_err(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// One line of text as a terminal may have it: control characters, which come from names and transcripts, written out.
fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { safe.extend(c.escape_default()) } else { safe.push(c) }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_steer_the_terminal() {
        assert_eq!(printable("a\nb\u{1b}[2J\tç\u{9b}…"), "a\\nb\\u{1b}[2J\\tç\\u{9b}…");
    }

    #[test]
    fn kinds_of_errors_have_their_exit_codes() {
        let rows = [
            (Kind::Usage, Exit::Usage),
            (Kind::Interrupted, Exit::Interrupted),
            (Kind::Input, Exit::Failed),
            (Kind::Voice, Exit::Failed),
            (Kind::Output, Exit::Failed),
            (Kind::Network, Exit::Failed),
            (Kind::Bug, Exit::Bug),
        ];
        for (kind, exit) in rows {
            assert_eq!(complain(&Error::new(kind, "said by a test")), exit);
        }
    }
}
