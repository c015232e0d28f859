//! In: a language tag as people type it. Out: one of the languages this program speaks. Knows no text and no voice.

use crate::error::{Error, Kind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A language that can be told apart from the other and spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English, of any country.
    En,
    /// French, of any country.
    Fr,
}

impl Lang {
    /// Every language there is.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Fr];

    /// Its two-letter tag (ISO 639-1).
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = Error;

    /// Takes `en`, `EN-us`, `fr_CA` and the like: the part before the first `-` or `_` counts.
    fn from_str(tag: &str) -> Result<Lang> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Lang::ALL.into_iter().find(|lang| lang.tag() == primary).ok_or_else(|| {
            Error::new(Kind::Usage, format!("the language '{tag}' is not one that can be spoken")).help("use en or fr")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_as_people_type_them() {
        for (tag, lang) in [("en", Lang::En), ("en-US", Lang::En), ("FR", Lang::Fr), ("fr_CA", Lang::Fr)] {
            assert_eq!(tag.parse::<Lang>().ok(), Some(lang), "{tag}");
        }
        assert!("de".parse::<Lang>().is_err());
        assert!("".parse::<Lang>().is_err());
    }
}
