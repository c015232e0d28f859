//! In: what was typed. Out: the same, in types. Does nothing.

use super::batch::BatchArgs;
use super::manner::{Common, Manner};
use super::options::{ConfigOptions, LengthOptions, LineOptions, PlaceOptions, PlanOptions, TrackOptions};
use clap::{Args as ClapArgs, Parser, Subcommand};
use clap_complete::Shell;
use cuevox::lang::Lang;
use std::path::PathBuf;

/// What is shown below the list of commands.
const EXAMPLES: &str = "\
Examples:
  cuevox check talk.txt                       what is wrong with it, line by line
  cuevox plan talk.txt                        when each line would be spoken, and how fast
  cuevox render talk.txt                      the track, as output/talk.wav
  cuevox render talk.txt --voice fr=ff_siwis  the same, French lines with that voice
  cuevox batch talks -r -o tracks             every transcript in a folder, to tracks/
  cuevox voices list --lang en                voices to choose from; one that is named is installed

Exit codes: 0 done; 1 an input gave no track; 2 wrong usage; 3 --strict and a line missed its window;
130 interrupted";

/// Turns a transcript into one finished speech track, every line in its place.
#[derive(Debug, Parser)]
#[command(name = "cuevox", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Speak transcripts: one WAV each, and one more for untimed prose in them
    Render(Box<RenderArgs>),
    /// Speak many transcripts: folders, globs, a manifest; what is finished already is left alone
    Batch(Box<BatchArgs>),
    /// Show when each line would be spoken and how fast; nothing is spoken or written
    Plan(Box<PlanArgs>),
    /// Read transcripts and judge them: what is wrong, line by line; no voice is needed
    Check(CheckArgs),
    /// List, install, check and remove voices
    Voices(VoicesArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a page of the manual, for man
    Man {
        /// The command it is about [default: the program as a whole]
        command: Option<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RenderArgs {
    /// Transcripts to speak; - is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Where the track goes, .wav or .flac; a folder when there are several inputs [default:
    /// output/STEM.wav]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) track: TrackOptions,

    #[command(flatten)]
    pub(crate) config: ConfigOptions,

    #[command(flatten)]
    pub(crate) manner: Manner,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanArgs {
    /// The transcript to plan; - is standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    #[command(flatten)]
    pub(crate) lines: LineOptions,

    #[command(flatten)]
    pub(crate) place: PlaceOptions,

    #[command(flatten)]
    pub(crate) plan: PlanOptions,

    #[command(flatten)]
    pub(crate) length: LengthOptions,

    /// Print the report as JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) config: ConfigOptions,

    #[command(flatten)]
    pub(crate) manner: Manner,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    /// Transcripts to judge; - is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) lines: LineOptions,

    /// The voice's own pace in characters a second [default: 18.0 for English, 19.5 for French]
    #[arg(long, value_name = "N", value_parser = pace)]
    pub(crate) pace: Option<f64>,

    /// Print the findings as JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Exit with 3 when anything is found
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VoicesArgs {
    #[command(subcommand)]
    pub(crate) command: VoicesCommand,

    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VoicesCommand {
    /// Every voice there is, and which are installed
    List {
        /// Only voices of this language
        #[arg(long, value_name = "TAG")]
        lang: Option<Lang>,
        /// Only installed ones
        #[arg(long)]
        installed: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Speak a sentence by each of some voices, to compare them; missing ones are installed
    Sample(SampleArgs),
    /// Install voices
    Install {
        /// Their ids
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// All that is known of a voice
    Show {
        /// Its id
        id: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Read installed voices again and compare them with their SHA-256
    Verify {
        /// Their ids [default: all that are installed]
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Remove an installed voice
    Remove {
        /// Their ids
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SampleArgs {
    /// Voices, as for render: an id, ID#N for one speaker of several, or the path of a Piper voice
    #[arg(required = true, value_name = "ID[#N]")]
    pub(crate) voices: Vec<String>,
    /// What they say [default: a sentence of the voice's language]
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// The folder for ID.wav and, with several voices, voices.html, a page to hear them side by
    /// side
    #[arg(short, long, value_name = "DIR", default_value = "output/voices")]
    pub(crate) output: PathBuf,
}

fn pace(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(pace) if (1.0..=100.0).contains(&pace) => Ok(pace),
        _ => Err("that is a number of characters a second from 1 to 100".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        let rows = [
            &["cuevox", "render", "x", "--max-rate", "nan"][..],
            &["cuevox", "render", "x", "--min-rate", "0"],
            &["cuevox", "render", "x", "--lag", "-1"],
            &["cuevox", "render", "x", "--lang", "de"],
            &["cuevox", "render", "x", "--voice", "en="],
            &["cuevox", "render", "x", "--encoding", "utf-99"],
            &["cuevox", "check"],
            &["cuevox", "check", "x", "--pace", "0"],
            &["cuevox", "render"],
            &["cuevox", "render", "x", "-q", "-v"],
        ];
        for row in rows {
            let error = Args::try_parse_from(row).expect_err("a refusal").to_string();
            assert!(!error.contains("unexpected argument"), "{row:?}: {error}");
        }
        assert!(Args::try_parse_from(["cuevox", "render", "x", "--lag", "0.5s", "--max-rate", "1.4"]).is_ok());
    }
}
