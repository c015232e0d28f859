//! In: the command line. Out: what it asks for, done; an exit code. The only part of the program that prints, and that
//! knows of terminals, signals and clocks.

mod args;
mod cost;
mod exit;
mod names;
mod plan;
mod progress;
mod render;
mod table;
mod voices;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use cuevox::error::{Error, Kind};
use exit::Exit;
use std::process::ExitCode;

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no errors. A closed pipe is nobody's fault.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let exit = match args.command {
        Command::Render(options) => render::run(&options),
        Command::Plan(options) => plan::run(&options),
        Command::Voices(command) => voices::run(&command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "cuevox", &mut script);
            print_out(&String::from_utf8_lossy(&script));
            Ok(Exit::Done)
        }
    };
    exit.unwrap_or_else(|error| complain(&error)).into()
}

/// Tells an error and gives the exit code for it.
fn complain(error: &Error) -> Exit {
    eprintln!("error: {error}");
    match error.kind() {
        Kind::Usage => Exit::Usage,
        Kind::Interrupted => Exit::Interrupted,
        _ => Exit::Failed,
    }
}

/// Prints to standard output; whoever closes the pipe early has read enough.
fn print_out(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().write_all(text.as_bytes());
}
