//! In: a language tag as people type it. Out: one of the languages this program speaks, and the region it is read as
//! in. Knows no text and no voice.

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

    /// The other one.
    pub fn other(self) -> Lang {
        match self {
            Lang::En => Lang::Fr,
            Lang::Fr => Lang::En,
        }
    }

    /// Its English name.
    pub fn name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Fr => "French",
        }
    }

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

/// A country whose way of reading numbers and dates differs from that of its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Region {
    /// The United States: the month before the day, no `and` in numbers.
    American,
    /// The United Kingdom and others: the day before the month, `a hundred and one`.
    British,
    /// France and others: `soixante-dix`, `quatre-vingt-dix`.
    French,
    /// Belgium: `septante`, `nonante`.
    Belgian,
    /// Switzerland: `septante`, `huitante`, `nonante`.
    Swiss,
}

/// A language, and the region whose way of reading is meant where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Tongue {
    /// The language.
    pub lang: Lang,
    /// The region; American English or the French of France where it is `None`.
    pub region: Option<Region>,
}

impl Tongue {
    /// The language as it is read where nothing tells the region.
    pub const fn of(lang: Lang) -> Tongue {
        Tongue { lang, region: None }
    }

    /// The same; where the region is not known, the one of `tag` (`en-gb-x-rp`, `fr-ch`), if that is a tag of the same
    /// language.
    pub fn or_region_of(self, tag: &str) -> Tongue {
        match tag.parse::<Tongue>() {
            Ok(other) if self.region.is_none() && other.lang == self.lang => other,
            _ => self,
        }
    }
}

impl From<Lang> for Tongue {
    fn from(lang: Lang) -> Tongue {
        Tongue::of(lang)
    }
}

impl FromStr for Tongue {
    type Err = Error;

    /// Takes what [`Lang`] takes, and the region from the part after it: `en-GB`, `fr_CH`. Of regions not listed in
    /// [`Region`], those of English count as British, which is how they write dates, those of French as French.
    fn from_str(tag: &str) -> Result<Tongue> {
        let lang: Lang = tag.parse()?;
        let region = tag.split(['-', '_']).nth(1).map(|part| match (lang, part.to_ascii_lowercase().as_str()) {
            (Lang::En, "us") => Region::American,
            (Lang::En, _) => Region::British,
            (Lang::Fr, "be") => Region::Belgian,
            (Lang::Fr, "ch") => Region::Swiss,
            (Lang::Fr, _) => Region::French,
        });
        Ok(Tongue { lang, region })
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

    #[test]
    fn the_region_of_a_tag_and_of_a_voice() {
        let rows = [
            ("en", "en-us", Some(Region::American)),
            ("en", "en-gb-x-rp", Some(Region::British)),
            ("en-GB", "en-us", Some(Region::British)),
            ("en_AU", "", Some(Region::British)),
            ("fr", "fr", None),
            ("fr", "fr-ch", Some(Region::Swiss)),
            ("fr-BE", "fr-ch", Some(Region::Belgian)),
            ("fr-CA", "fr-be", Some(Region::French)),
            ("fr", "en-gb", None),
        ];
        for (tag, voice, region) in rows {
            assert_eq!(tag.parse::<Tongue>().ok().map(|t| t.or_region_of(voice).region), Some(region), "{tag} {voice}");
        }
        assert!("de-CH".parse::<Tongue>().is_err());
    }
}
