//! In: the names of fits and policies as they are typed. Out: those of the library. Does nothing.

use clap::ValueEnum;
use cuevox::timing::{Fit, Overflow, Overlap};

/// The names of [`Fit`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FitName {
    Sync,
    Relaxed,
    Spread,
}

impl From<FitName> for Fit {
    fn from(name: FitName) -> Fit {
        match name {
            FitName::Sync => Fit::Sync,
            FitName::Relaxed => Fit::Relaxed,
            FitName::Spread => Fit::Spread,
        }
    }
}

/// The names of [`Overflow`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OverflowName {
    Hold,
    Push,
    Trim,
    Fail,
}

impl From<OverflowName> for Overflow {
    fn from(name: OverflowName) -> Overflow {
        match name {
            OverflowName::Hold => Overflow::Hold,
            OverflowName::Push => Overflow::Push,
            OverflowName::Trim => Overflow::Trim,
            OverflowName::Fail => Overflow::Fail,
        }
    }
}

/// The names of [`Overlap`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OverlapName {
    Speakers,
    Never,
}

impl From<OverlapName> for Overlap {
    fn from(name: OverlapName) -> Overlap {
        match name {
            OverlapName::Speakers => Overlap::Speakers,
            OverlapName::Never => Overlap::Never,
        }
    }
}
