//! In: the names of fits, of policies and of what becomes of sounds. Out: those of the library.
//! Does nothing.

use clap::ValueEnum;
use cuevox::timing::{Fit, Overflow, Overlap};
use cuevox::transcript::Sounds;
use std::str::FromStr;

/// How alike two names are for one to be taken for the other mistyped.
const ALIKE: f64 = 0.8;

/// The names of [`Fit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FitName {
    Sync,
    Relaxed,
    Spread,
}

/// The names of [`Overflow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OverflowName {
    Hold,
    Push,
    Trim,
    Fail,
}

/// The names of [`Overlap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OverlapName {
    Speakers,
    Never,
}

/// The names of [`Sounds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SoundsName {
    /// They are left out.
    Skip,
    /// They are read aloud.
    Speak,
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

impl From<OverlapName> for Overlap {
    fn from(name: OverlapName) -> Overlap {
        match name {
            OverlapName::Speakers => Overlap::Speakers,
            OverlapName::Never => Overlap::Never,
        }
    }
}

impl From<SoundsName> for Sounds {
    fn from(name: SoundsName) -> Sounds {
        match name {
            SoundsName::Skip => Sounds::Skip,
            SoundsName::Speak => Sounds::Speak,
        }
    }
}

impl FromStr for FitName {
    type Err = String;

    fn from_str(text: &str) -> Result<FitName, String> {
        named(text)
    }
}

impl FromStr for OverflowName {
    type Err = String;

    fn from_str(text: &str) -> Result<OverflowName, String> {
        named(text)
    }
}

impl FromStr for OverlapName {
    type Err = String;

    fn from_str(text: &str) -> Result<OverlapName, String> {
        named(text)
    }
}

impl FromStr for SoundsName {
    type Err = String;

    fn from_str(text: &str) -> Result<SoundsName, String> {
        named(text)
    }
}

/// The value that is called so.
fn named<T: ValueEnum>(text: &str) -> Result<T, String> {
    T::from_str(text, false).map_err(|_| {
        let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        likely(text, names.iter().map(String::as_str))
    })
}

/// What to write instead of a name that is none of these: the one most like it, or any of them.
pub(super) fn likely<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let mut nearest = ("", ALIKE);
    for known in &names {
        let alike = strsim::jaro_winkler(name, known);
        if alike > nearest.1 {
            nearest = (known, alike);
        }
    }
    if nearest.0.is_empty() {
        return format!("these are: {}", names.join(", "));
    }
    format!("did you mean '{}'?", nearest.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_is_answered_with_the_nearest() {
        assert_eq!("relaxed".parse(), Ok(FitName::Relaxed));
        assert_eq!("relaxd".parse::<FitName>(), Err("did you mean 'relaxed'?".to_owned()));
        assert_eq!("tirm".parse::<OverflowName>(), Err("did you mean 'trim'?".to_owned()));
        assert_eq!("xyz".parse::<OverlapName>(), Err("these are: speakers, never".to_owned()));
    }
}
