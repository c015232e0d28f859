//! The program `cuevox`: what was typed, what is done, what is said about it.

#![forbid(unsafe_code)]

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
