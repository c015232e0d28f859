//! In: what was typed. Out: the same, in types. Does nothing.

use super::batch::BatchArgs;
use super::place::PlaceOptions;
use super::policy::{FitName, OverflowName, OverlapName};
use super::sound::{LengthOptions, SoundOptions};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cuevox::lang::{Lang, Tongue};
use cuevox::transcript::{NamedEncoding, Sounds};
use cuevox::voice::Backend;
use cuevox::voice::cast::Choice;
use cuevox::wav::Layout;
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

    /// Where the track goes, .wav or .flac; a folder when there are several inputs [default: output/STEM.wav]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) plan: PlanOptions,

    #[command(flatten)]
    pub(crate) layout: LayoutOptions,

    #[command(flatten)]
    pub(crate) sound: SoundOptions,

    /// A folder for every line as a file of its own, with a list of them; with several inputs, one below it for each
    #[arg(long, value_name = "DIR")]
    pub(crate) stems: Option<PathBuf>,

    /// Write what was spoken when, as JSON; - is standard output; with several inputs, a folder
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) views: ViewOptions,

    /// Exit with 3 when a line misses its window
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) manner: Manner,
}

/// What is shown of a track beside its sound.
#[derive(Debug, ClapArgs)]
pub(crate) struct ViewOptions {
    /// Write captions of what is really spoken, when it is really spoken: .vtt or .srt; just vtt or srt puts them beside
    /// the track, a folder holds STEM.vtt
    #[arg(long, value_name = "FILE.vtt|.srt")]
    pub(crate) captions: Option<PathBuf>,

    /// Give each word in the captions its time; .vtt only
    #[arg(long, requires = "captions")]
    pub(crate) caption_words: bool,

    /// Write a page that shows the track, to look at and listen to in a browser; with several inputs, a folder
    #[arg(long, value_name = "FILE.html")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanArgs {
    /// The transcript to plan; - is standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    #[command(flatten)]
    pub(crate) plan: PlanOptions,

    #[command(flatten)]
    pub(crate) length: LengthOptions,

    /// Print the report as JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,

    /// Exit with 3 when a line would miss its window
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) manner: Manner,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    /// Transcripts to judge; - is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Voices as they would be chosen for render; only the names of speakers matter
    #[arg(long = "voice", value_name = "[KEY=]ID[#N]", value_parser = parsed::<Choice>)]
    pub(crate) voices: Vec<Choice>,

    /// The language of every line, en or fr [default: found line by line]
    #[arg(long, value_name = "TAG", value_parser = parsed::<Lang>)]
    pub(crate) lang: Option<Lang>,

    /// The encoding of the transcripts, as utf-8 or windows-1252 [default: found]
    #[arg(long, value_name = "NAME", value_parser = parsed::<NamedEncoding>)]
    pub(crate) encoding: Option<NamedEncoding>,

    /// What becomes of sounds and music that the transcript describes: [applause], (door closes), ♪ lyrics ♪
    #[arg(long, value_name = "speak|skip", value_enum, default_value_t = SoundsArg::Skip, hide_possible_values = true)]
    pub(crate) sounds: SoundsArg,

    /// The fastest a line may be spoken, against the voice's own pace
    #[arg(long, value_name = "X", default_value = "1.3", value_parser = rate)]
    pub(crate) max_rate: u32,

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

/// How samples are stored.
#[derive(Debug, ClapArgs)]
pub(crate) struct LayoutOptions {
    /// Samples a second
    #[arg(long, value_name = "HZ", default_value_t = 48_000)]
    sample_rate: u32,

    /// Bits of a sample: 16, 24 or 32 (float)
    #[arg(long, value_name = "16|24|32", default_value_t = 16)]
    bits: u16,

    /// Channels: 1 or 2
    #[arg(long, value_name = "1|2", default_value_t = 1)]
    channels: u16,
}

impl LayoutOptions {
    /// The same for the library.
    pub(super) fn layout(&self) -> Layout {
        Layout { sample_rate: self.sample_rate, bits: self.bits, channels: self.channels }
    }
}

/// What decides who speaks, and when.
#[derive(Debug, ClapArgs)]
pub(crate) struct PlanOptions {
    /// A voice; KEY is a language or a speaker's name, without it every line; #N is one speaker of several
    #[arg(long = "voice", value_name = "[KEY=]ID[#N]", value_parser = parsed::<Choice>)]
    pub(crate) voices: Vec<Choice>,

    /// The language of every line, en or fr, and how numbers and dates are read: en-GB, fr-BE, fr-CH
    /// [default: found line by line, read as the voice's country does]
    #[arg(long, value_name = "TAG", value_parser = parsed::<Tongue>)]
    pub(crate) lang: Option<Tongue>,

    /// The encoding of the transcript, as utf-8 or windows-1252 [default: found]
    #[arg(long, value_name = "NAME", value_parser = parsed::<NamedEncoding>)]
    pub(crate) encoding: Option<NamedEncoding>,

    /// What becomes of sounds and music that the transcript describes: [applause], (door closes), ♪ lyrics ♪
    #[arg(long, value_name = "speak|skip", value_enum, default_value_t = SoundsArg::Skip, hide_possible_values = true)]
    pub(crate) sounds: SoundsArg,

    /// Pronunciations, as TOML, TSV or W3C PLS; of the same word in several files the last one counts
    #[arg(long = "lexicon", value_name = "FILE")]
    pub(crate) lexicons: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) place: PlaceOptions,

    /// What comes first: the stamps (for dubbing), the voice's own pace and pauses (for narration over slides), or the
    /// stamps with the sentences of a long window spread over it
    #[arg(long, value_enum, value_name = "sync|relaxed|spread", default_value = "sync", hide_possible_values = true)]
    pub(crate) fit: FitName,

    /// Lines for which there is no time: hold to --lag (hurry them up to --rush, then cut them where a word ends), push
    /// the next ones back without end, trim them before the next line begins, or fail and make no track
    #[arg(long, value_enum, value_name = "hold|push|trim|fail", default_value = "hold", hide_possible_values = true)]
    pub(crate) overflow: OverflowName,

    /// Whether people may be heard at once: where their windows overlap in the transcript, or never
    #[arg(long, value_enum, value_name = "speakers|never", default_value = "speakers", hide_possible_values = true)]
    pub(crate) overlap: OverlapName,

    /// The slowest a line may be spoken, against the voice's own pace [default: 0.8; relaxed 0.9]
    #[arg(long, value_name = "X", value_parser = rate, allow_negative_numbers = true)]
    pub(crate) min_rate: Option<u32>,

    /// The fastest a line may be spoken, against the voice's own pace [default: 1.3; relaxed 1.1]
    #[arg(long, value_name = "X", value_parser = rate, allow_negative_numbers = true)]
    pub(crate) max_rate: Option<u32>,

    /// The fastest a line may be spoken where else words of it would be cut, or a line begin later than --lag
    /// [default: 1.5]
    #[arg(long, value_name = "X", value_parser = rate, allow_negative_numbers = true)]
    pub(crate) rush: Option<u32>,

    /// How long before its stamp a line may begin [default: 0.1]
    #[arg(long, value_name = "SEC", value_parser = seconds, allow_negative_numbers = true)]
    pub(crate) lead: Option<f64>,

    /// How long after its stamp a line may begin; with --overflow push as long as that can be helped
    /// [default: 2; relaxed 10; trim 0.2]
    #[arg(long, value_name = "SEC", value_parser = seconds, allow_negative_numbers = true)]
    pub(crate) lag: Option<f64>,

    /// What the voices' variety grows from; the same number gives the same track
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

/// What becomes of described sounds.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SoundsArg {
    /// They are left out.
    Skip,
    /// They are read aloud.
    Speak,
}

impl From<SoundsArg> for Sounds {
    fn from(sounds: SoundsArg) -> Sounds {
        match sounds {
            SoundsArg::Skip => Sounds::Skip,
            SoundsArg::Speak => Sounds::Speak,
        }
    }
}

/// How the work is done.
#[derive(Debug, ClapArgs)]
pub(crate) struct Manner {
    /// Threads, 1 to 1024; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,

    /// What speaks Piper voices; piper-rs, where it is built in, keeps to the plan as nearly as it can
    #[arg(long, value_name = "own|rten|piper-rs", default_value = "own", value_parser = parsed::<Backend>)]
    pub(crate) engine: Backend,

    /// Never ask the network
    #[arg(long)]
    pub(crate) offline: bool,

    /// Where voices are kept [default: ./voices in a checkout, else the data folder of the platform]
    #[arg(long, value_name = "DIR")]
    pub(crate) voices_dir: Option<PathBuf>,

    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say more: every note, every line that was hurried or late
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VoicesArgs {
    #[command(subcommand)]
    pub(crate) command: VoicesCommand,

    /// Where voices are kept [default: ./voices in a checkout, else the data folder of the platform]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) voices_dir: Option<PathBuf>,

    /// Never ask the network
    #[arg(long, global = true)]
    pub(crate) offline: bool,

    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VoicesCommand {
    /// Every voice there is, and which are installed
    List {
        /// Only voices of this language
        #[arg(long, value_name = "TAG", value_parser = parsed::<Lang>)]
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
    /// The folder for ID.wav and, with several voices, voices.html, a page to hear them side by side
    #[arg(short, long, value_name = "DIR", default_value = "output/voices")]
    pub(crate) output: PathBuf,
}

pub(super) fn parsed<T: std::str::FromStr<Err = cuevox::error::Error>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|e: cuevox::error::Error| e.to_string())
}

/// A rate as thousandths.
fn rate(text: &str) -> Result<u32, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.1..=10.0).contains(&rate) => Ok((rate * 1000.0).round() as u32),
        _ => Err("a rate is a number from 0.1 to 10; 1 is the voice's own pace".to_owned()),
    }
}

fn pace(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(pace) if (1.0..=100.0).contains(&pace) => Ok(pace),
        _ => Err("that is a number of characters a second from 1 to 100".to_owned()),
    }
}

pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('s').parse::<f64>() {
        Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("that is a number of seconds from 0 to 3600".to_owned()),
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
