//! In: what was typed after `batch`. Out: the same, in types; and the same once more with the options of one line of a
//! manifest. Does nothing.

use crate::cli::args::{Args, Command, LayoutOptions, Manner, PlanOptions};
use crate::cli::names::Job;
use crate::cli::sound::SoundOptions;
use clap::{Args as ClapArgs, CommandFactory, Parser, ValueEnum};
use cuevox::error::{Error, Kind, Result};
use serde_json::{Map, Value};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

#[derive(Debug, ClapArgs)]
// A line of a manifest may say otherwise.
#[command(args_override_self = true)]
pub(crate) struct BatchArgs {
    /// Transcripts, folders of them, globs in quotes, or manifests (.jsonl); - reads names from standard input, one a line
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Take folders with all folders in them
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Where the tracks go; folders keep their tree there
    #[arg(short, long, value_name = "DIR", default_value = "output")]
    pub(crate) output: PathBuf,

    /// What tracks are written as
    #[arg(long, value_enum, value_name = "wav|flac", default_value = "wav", hide_possible_values = true)]
    pub(crate) format: FormatName,

    #[command(flatten)]
    pub(crate) beside: Beside,

    /// Render only the I-th of N parts; together the parts are everything, and none holds what another does
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(crate) shard: Option<Shard>,

    /// Render again what is finished already
    #[arg(long)]
    pub(crate) force: bool,

    /// Where utterances are kept for the next run, or off [default: the cache folder of the platform]
    #[arg(long, value_name = "DIR|off")]
    pub(crate) cache: Option<PathBuf>,

    /// How large that may grow; K, M and G are thousands, millions and billions of bytes
    #[arg(long, value_name = "SIZE", default_value = "2G", value_parser = size)]
    pub(crate) cache_size: u64,

    /// Print a line of JSON for each transcript as it is finished, and one for them all
    #[arg(long)]
    pub(crate) json: bool,

    /// Exit with 3 when a line misses its window
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) plan: PlanOptions,

    #[command(flatten)]
    pub(crate) layout: LayoutOptions,

    #[command(flatten)]
    pub(crate) sound: SoundOptions,

    #[command(flatten)]
    pub(crate) manner: Manner,
}

/// What is written beside each track. Folders keep the tree, as the folder of tracks does.
#[derive(Debug, ClapArgs)]
pub(crate) struct Beside {
    /// Write a report for each transcript into this folder, as JSON
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,

    /// Write captions of what is really spoken, when it is really spoken: vtt or srt beside each track, or .vtt into a folder
    #[arg(long, value_name = "vtt|srt|DIR")]
    pub(crate) captions: Option<PathBuf>,

    /// Give each word in the captions its time; .vtt only
    #[arg(long, requires = "captions")]
    pub(crate) caption_words: bool,

    /// Write a page that shows each track into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) html: Option<PathBuf>,

    /// Write every line as a file of its own, into a folder for each transcript below this one
    #[arg(long, value_name = "DIR")]
    pub(crate) stems: Option<PathBuf>,
}

impl Beside {
    /// Refuses names of files where folders are needed, and times of words where there are none.
    ///
    /// # Errors
    /// Of kind `Usage`.
    pub(super) fn check(&self) -> Result<()> {
        let named = [("--report", &self.report), ("--captions", &self.captions), ("--html", &self.html)];
        for (option, place) in named {
            let Some(place) = place else { continue };
            let ending = place.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
            if ["json", "vtt", "srt", "html", "htm"].contains(&ending.as_str()) && !place.is_dir() {
                let folder = place.with_extension("");
                return Err(Error::new(Kind::Usage, format!("in a batch {option} names a folder, not a file"))
                    .in_file(place)
                    .help(format!("did you mean '{}'?", folder.display())));
            }
        }
        if self.caption_words && self.captions.as_deref() == Some("srt".as_ref()) {
            return Err(Error::new(Kind::Usage, "SubRip has no times for words")
                .help("use --captions vtt, or leave out --caption-words"));
        }
        Ok(())
    }

    /// Where everything goes for a transcript whose track is called `track` below the folder `output`.
    pub(super) fn job(&self, input: PathBuf, output: &Path, track: &Path) -> Job {
        let inside: PathBuf = track.components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let below =
            |folder: &Option<PathBuf>, ending: &str| Some(folder.as_ref()?.join(&inside).with_extension(ending));
        let whole = output.join(track);
        let captions = match self.captions.as_deref() {
            Some(ending) if ending == Path::new("vtt") || ending == Path::new("srt") => {
                Some(whole.with_extension(ending))
            }
            _ => below(&self.captions, "vtt"),
        };
        Job {
            input,
            report: below(&self.report, "json"),
            stems: below(&self.stems, ""),
            captions,
            html: below(&self.html, "html"),
            track: whole,
        }
    }
}

/// What a line of a manifest may say.
#[derive(Debug, Parser)]
struct LineOptions {
    #[command(flatten)]
    _beside: Beside,
    #[command(flatten)]
    _plan: PlanOptions,
    #[command(flatten)]
    _layout: LayoutOptions,
    #[command(flatten)]
    _sound: SoundOptions,
}

/// The containers of tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    Wav,
    Flac,
}

impl FormatName {
    pub(super) fn ending(self) -> &'static str {
        match self {
            FormatName::Wav => "wav",
            FormatName::Flac => "flac",
        }
    }
}

/// One of several parts of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Which, from 1.
    pub(super) part: u64,
    /// Of how many.
    pub(super) of: u64,
}

fn shard(text: &str) -> std::result::Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((part, of)) if (1..=of).contains(&part) => Ok(Shard { part, of }),
        _ => Err("a part is I/N, as 1/4; I goes from 1 to N".to_owned()),
    }
}

fn size(text: &str) -> std::result::Result<u64, String> {
    let upper = text.trim().to_ascii_uppercase();
    let plain = upper.trim_end_matches('B');
    let (digits, unit) = match plain.chars().last() {
        Some('K') => (&plain[..plain.len() - 1], 1e3),
        Some('M') => (&plain[..plain.len() - 1], 1e6),
        Some('G') => (&plain[..plain.len() - 1], 1e9),
        Some('T') => (&plain[..plain.len() - 1], 1e12),
        _ => (plain, 1.0),
    };
    match digits.trim().parse::<f64>() {
        Ok(number) if (0.0..1e9).contains(&number) || unit == 1.0 && number >= 0.0 => Ok((number * unit) as u64),
        _ => Err("a size is a number of bytes, as 500M or 2G".to_owned()),
    }
}

/// Options that name files to read: in a manifest they are named from where it lies, as its inputs are.
const READ: [&str; 3] = ["background", "match", "lexicon"];

/// The options of a line of a manifest as they would be typed; files to read are named from `base`.
///
/// # Errors
/// Of kind `Input` for names that are no options of a line, and values that cannot be typed.
pub(super) fn typed(options: &Map<String, Value>, base: &Path) -> Result<Vec<String>> {
    let wrong = |what: String| Error::new(Kind::Input, what);
    let known = LineOptions::command();
    let options_of_lines = known.get_arguments().filter(|arg| arg.get_long().is_some_and(|name| name != "help"));
    let flags: Vec<(&str, bool)> =
        options_of_lines.map(|arg| (arg.get_long().unwrap_or_default(), arg.get_action().takes_values())).collect();
    let mut all = Vec::new();
    for (name, value) in options {
        let name = name.trim_start_matches('-').replace('_', "-");
        let Some((_, takes_value)) = flags.iter().find(|(known, _)| *known == name) else {
            let names: Vec<&str> = flags.iter().map(|(name, _)| *name).collect();
            return Err(wrong(format!("'{name}' is no option of a line")).help(likely(&name, &names)));
        };
        let several = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in several {
            all.push(match value {
                Value::Bool(true) if !takes_value => format!("--{name}"),
                _ if !takes_value => return Err(wrong(format!("'{name}' is either true or left out"))),
                Value::String(file) if READ.contains(&name.as_str()) => {
                    format!("--{name}={}", base.join(file).display())
                }
                Value::String(text) => format!("--{name}={text}"),
                Value::Number(number) => format!("--{name}={number}"),
                _ => return Err(wrong(format!("the value of '{name}' is neither text nor a number"))),
            });
        }
    }
    Ok(all)
}

/// What to write instead of a name that is none of these.
fn likely(name: &str, names: &[&str]) -> String {
    let near = names.iter().map(|known| (strsim::jaro_winkler(name, known), known));
    match near.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(likeness, _)| *likeness > 0.8) {
        Some((_, known)) => format!("did you mean '{known}'?"),
        None => format!("these are: {}", names.join(", ")),
    }
}

/// The command line with these options added: they count where both say something.
///
/// # Errors
/// Of kind `Input` where they make no sense.
pub(super) fn with_options(line: &[OsString], options: &[String]) -> Result<Box<BatchArgs>> {
    let end = line.iter().position(|word| word == "--").unwrap_or(line.len());
    let options = options.iter().map(OsString::from);
    let words = line[..end].iter().cloned().chain(options).chain(line[end..].iter().cloned());
    match Args::try_parse_from(words) {
        Ok(Args { command: Command::Batch(args) }) => Ok(args),
        Ok(_) => Err(Error::new(Kind::Input, "these options are not those of a batch")),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Err(Error::new(Kind::Input, "the options of this line make no sense").because(first))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_sizes_are_numbers_that_make_sense() {
        assert_eq!(shard("2/3"), Ok(Shard { part: 2, of: 3 }));
        for wrong in ["", "2", "0/3", "4/3", "1/0", "a/b", "-1/2"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
        for (text, bytes) in [("500", 500), ("1.5K", 1500), ("20m", 20_000_000), ("2GB", 2_000_000_000), ("0", 0)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for wrong in ["", "G", "-1", "much", "nan"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_line_of_a_manifest_overrides_the_command_line() {
        let line: Vec<OsString> =
            ["cuevox", "batch", "--max-rate", "1.2", "--voice", "tone", "--", "-x"].map(OsString::from).to_vec();
        let options = serde_json::json!({"max_rate": 1.5, "voice": ["fr=ff_siwis", "en=tone"], "loudness": -20});
        let typed = typed(options.as_object().expect("an object"), Path::new("m")).expect("options");
        let args = with_options(&line, &typed).expect("they make sense");
        assert_eq!((args.plan.max_rate, args.plan.voices.len()), (Some(1500), 3));
        assert_eq!(args.sound.delivery().loudness, Some(-20.0));
        assert_eq!(args.paths, [PathBuf::from("-x")]);
        let error = with_options(&line, &["--max-rate=fast".to_owned()]).expect_err("no rate");
        assert!(error.to_string().contains("max-rate"), "{error}");
    }

    #[test]
    fn options_that_are_not_of_a_line_are_refused() {
        for wrong in
            [r#"{"jobs": 2}"#, r#"{"output": "x"}"#, r#"{"help": 1}"#, r#"{"voice": {"en": "x"}}"#, r#"{"seed": true}"#]
        {
            let options: Map<String, Value> = serde_json::from_str(wrong).expect("JSON");
            assert!(typed(&options, Path::new("")).is_err(), "{wrong}");
        }
    }
}
