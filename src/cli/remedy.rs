//! In: an error of the library. Out: its text, with the way out in the flags of this program where
//! the library knows it as a value. Knows no command: a flag means the same in all of them.

use cuevox::error::{Action, Artifact, Error, Remedy, Setting, Word};

/// An error in one line, for somebody at a command line.
pub(super) fn told(error: &Error) -> String {
    match error.remedy().and_then(in_flags) {
        Some(way_out) => format!("{}; {way_out}", error.without_way_out()),
        None => error.to_string(),
    }
}

/// What to do, with flags and commands; `None` where there is no flag for it.
fn in_flags(remedy: &Remedy) -> Option<String> {
    let another_place = |artifact| Some(format!("choose another place with {}", flag(artifact)?));
    match remedy {
        Remedy::AnotherPlace(artifact) => another_place(*artifact),
        Remedy::MoreRoom(artifact) => {
            let place = another_place(*artifact)?;
            Some(format!("make room on the disk, or {place}"))
        }
        Remedy::Advice(words) => words.iter().map(word).collect(),
        _ => None,
    }
}

/// A part of an advice, as it is typed.
fn word(word: &Word) -> Option<String> {
    match word {
        Word::Text(text) => Some(text.to_string()),
        Word::Setting(setting) => flag_of(*setting).map(str::to_owned),
        Word::Action(Action::ListVoices) => Some("`cuevox voices list`".to_owned()),
        Word::Action(Action::InstallVoice(id)) => Some(format!("`cuevox voices install {id}`")),
        Word::Action(Action::VerifyVoice(id)) => Some(format!("`cuevox voices verify {id}`")),
        _ => None,
    }
}

/// The flag of a setting.
fn flag_of(setting: Setting) -> Option<&'static str> {
    match setting {
        Setting::Bits => Some("--bits"),
        Setting::Cache => Some("--cache"),
        Setting::From => Some("--from"),
        Setting::Jobs => Some("--jobs"),
        Setting::Lag => Some("--lag"),
        Setting::Lead => Some("--lead"),
        Setting::Match => Some("--match"),
        Setting::MaxRate => Some("--max-rate"),
        Setting::Offset => Some("--offset"),
        Setting::Offline => Some("--offline"),
        Setting::Overflow => Some("--overflow"),
        Setting::Rush => Some("--rush"),
        Setting::SampleRate => Some("--sample-rate"),
        Setting::Stems => Some("--stems"),
        Setting::To => Some("--to"),
        Setting::Total => Some("--total"),
        Setting::Voice => Some("--voice"),
        Setting::VoicesDir => Some("--voices-dir"),
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
            (Remedy::Advice(vec!["use an earlier ".into(), Setting::From.into()]), "use an earlier --from"),
            (
                Remedy::Advice(vec![Action::InstallVoice("x".into()).into(), " fetches it".into()]),
                "`cuevox voices install x` fetches it",
            ),
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
        let artifacts = ARTIFACTS.iter().map(|artifact| flag(*artifact).expect("each has one"));
        let settings = Setting::ALL.iter().map(|setting| flag_of(*setting).expect("each has one"));
        let batch = command.find_subcommand("batch").expect("a command");
        for flag in artifacts.chain(settings) {
            let is_it = |arg: &clap::Arg| match flag.strip_prefix("--") {
                Some(long) => arg.get_long() == Some(long),
                None => arg.get_short() == flag.chars().nth(1),
            };
            assert!(render.get_arguments().chain(batch.get_arguments()).any(is_it), "{flag}");
        }
    }
}
