//! In: the command line as it is described for clap. Out: pages of the manual, from the same description. Knows no
//! option by itself.

use clap::Command;
use clap_mangen::Man;
use cuevox::error::{Error, Kind, Result};

/// How alike two names are for one to be taken for the other mistyped.
const ALIKE: f64 = 0.7;

/// The page about the program, or about one of its commands, as roff.
///
/// # Errors
/// Of kind `Usage` when there is no such command.
pub(super) fn page(mut program: Command, name: Option<&str>) -> Result<String> {
    program.build();
    let about = match name {
        None => program.clone(),
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| unknown(&program, name))?,
    };
    let mut roff = Vec::new();
    let unwritten = |e: std::io::Error| Error::new(Kind::Output, "the page cannot be written").because(e);
    // A command is called as its page is: "cuevox-render".
    let title = about.get_display_name().unwrap_or(about.get_name()).to_owned();
    Man::new(about.version(env!("CARGO_PKG_VERSION"))).title(title).render(&mut roff).map_err(unwritten)?;
    Ok(String::from_utf8_lossy(&roff).into_owned())
}

fn unknown(program: &Command, name: &str) -> Error {
    let names: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
    let alike = |known: &&str| strsim::jaro_winkler(name, known);
    let nearest = names.iter().copied().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|n| alike(n) > ALIKE);
    let error = Error::new(Kind::Usage, format!("there is no command '{name}'"));
    match nearest {
        Some(nearest) => error.help(format!("did you mean '{nearest}'?")),
        None => error.help(format!("the commands are {}", names.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::Args;
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_and_every_option_has_its_place_in_the_manual() {
        let mut program = Args::command();
        program.build();
        let whole = page(Args::command(), None).expect("a page");
        for command in program.get_subcommands() {
            let name = command.get_name();
            assert!(whole.contains(&format!("cuevox\\-{name}(1)")), "{name}");
            let own = page(Args::command(), Some(name)).expect("a page");
            assert!(own.starts_with(".ie") && own.contains(&format!(".TH cuevox-{name} 1")), "{own}");
            for option in command.get_arguments().filter_map(|a| a.get_long()) {
                assert!(own.contains(&format!("\\-\\-{}", option.replace('-', "\\-"))), "{name} --{option}");
            }
        }
    }

    #[test]
    fn a_command_that_is_mistyped_is_answered_with_the_nearest() {
        let says = |name| page(Args::command(), Some(name)).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(says("rendr").contains("did you mean 'render'?"), "{}", says("rendr"));
        assert!(says("xyzzy").contains("the commands are render, "), "{}", says("xyzzy"));
    }
}
