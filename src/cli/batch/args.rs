//! In: what was typed after `batch`. Out: the same, in types. Does nothing.

use crate::cli::manner::Manner;
use crate::cli::options::{ConfigOptions, TrackOptions};
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
// Of what is given twice the last counts: scripts add to a line of options.
#[command(args_override_self = true)]
pub(crate) struct BatchArgs {
    /// Transcripts, folders of them, globs in quotes, or manifests (.jsonl); - reads names from
    /// standard input, one a line
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

    /// Render only the I-th of N parts; together the parts are everything, and none holds what
    /// another does
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(crate) shard: Option<Shard>,

    /// Render again what is finished already
    #[arg(long)]
    pub(crate) force: bool,

    /// Where utterances are kept for the next run, or off [default: the cache folder of the
    /// platform]
    #[arg(long, value_name = "DIR|off")]
    pub(crate) cache: Option<PathBuf>,

    /// How large that may grow; K, M and G are thousands, millions and billions of bytes
    #[arg(long, value_name = "SIZE", default_value = "2G", value_parser = size)]
    pub(crate) cache_size: u64,

    /// Print a line of JSON for each transcript as it is finished, and one for them all
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) track: TrackOptions,

    #[command(flatten)]
    pub(crate) config: ConfigOptions,

    #[command(flatten)]
    pub(crate) manner: Manner,
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
}
