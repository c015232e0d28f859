//! In: what was typed about how the work is done. Out: the same, in types. Decides nothing about a
//! track.

use clap::Args;
use cuevox::voice::Backend;
use std::path::PathBuf;

/// How anything is done.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// Never ask the network
    #[arg(long, global = true)]
    pub(crate) offline: bool,

    /// Where voices are kept [default: ./voices in a checkout, else the data folder of the
    /// platform]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) voices_dir: Option<PathBuf>,

    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// How tracks are planned and made.
#[derive(Args, Debug)]
pub(crate) struct Manner {
    /// Exit with 3 when a line misses its window
    #[arg(long)]
    pub(crate) strict: bool,

    /// Threads, 1 to 1024; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,

    /// What speaks Piper voices; piper-rs, where it is built in, keeps to the plan as nearly as it
    /// can
    #[arg(long, value_name = "own|rten|piper-rs", default_value = "own")]
    pub(crate) engine: Backend,

    #[command(flatten)]
    pub(crate) common: Common,

    /// Say more: every note, every line that was hurried or late
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}
