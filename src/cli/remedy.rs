//! In: an error of the library. Out: its text, with the way out in the flags of this program where
//! the library knows it as a value. Knows no command: a flag means the same in all of them.

use cuevox::error::{Artifact, Error, Remedy};

/// An error in one line, for somebody at a command line.
pub(super) fn told(error: &Error) -> String {
    match error.remedy().and_then(in_flags) {
        Some(way_out) => format!("{}; {way_out}", error.without_way_out()),
        None => error.to_string(),
    }
}

/// What to do, with flags; `None` where there is no flag for it.
fn in_flags(remedy: Remedy) -> Option<String> {
    let another_place = |artifact| Some(format!("choose another place with {}", flag(artifact)?));
    match remedy {
        Remedy::AnotherPlace(artifact) => another_place(artifact),
        Remedy::MoreRoom(artifact) => {
            let place = another_place(artifact)?;
            Some(format!("make room on the disk, or {place}"))
        }
        _ => None,
    }
}

/// The flag that says where an artifact goes.
fn flag(artifact: Artifact) -> Option<&'static str> {
    match artifact {
        Artifact::Track => Some("-o"),
        Artifact::Report => Some("--report"),
        Artifact::Stems => Some("--stems"),
        Artifact::Captions => Some("--captions"),
        Artifact::Page => Some("--html"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::Args;
    use super::*;
    use clap::CommandFactory;
    use cuevox::error::Kind;

    const ARTIFACTS: [Artifact; 5] =
        [Artifact::Track, Artifact::Report, Artifact::Stems, Artifact::Captions, Artifact::Page];

    #[test]
    fn ways_out_name_flags() {
        let more_room = "make room on the disk, or choose another place with -o";
        let rows = [
            (Remedy::AnotherPlace(Artifact::Track), "choose another place with -o"),
            (Remedy::AnotherPlace(Artifact::Report), "choose another place with --report"),
            (Remedy::AnotherPlace(Artifact::Stems), "choose another place with --stems"),
            (Remedy::AnotherPlace(Artifact::Captions), "choose another place with --captions"),
            (Remedy::AnotherPlace(Artifact::Page), "choose another place with --html"),
            (Remedy::MoreRoom(Artifact::Track), more_room),
        ];
        let error = || Error::new(Kind::Output, "it stays").in_file("x").because("full");
        for (remedy, way_out) in rows {
            let said = told(&error().with_remedy(remedy));
            assert_eq!(said, format!("x: it stays: full; {way_out}"));
        }
        assert_eq!(told(&error().help("wait")), "x: it stays: full; wait");
        assert_eq!(told(&error()), "x: it stays: full");
    }

    #[test]
    fn every_flag_that_is_named_is_one() {
        let command = Args::command();
        let render = command.find_subcommand("render").expect("a command");
        for flag in ARTIFACTS.map(|artifact| flag(artifact).expect("each has one")) {
            let is_it = |arg: &clap::Arg| match flag.strip_prefix("--") {
                Some(long) => arg.get_long() == Some(long),
                None => arg.get_short() == flag.chars().nth(1),
            };
            assert!(render.get_arguments().any(is_it), "{flag}");
        }
    }
}
