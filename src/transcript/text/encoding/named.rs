//! In: the name of an encoding as people type it. Out: the encoding, or an error that names those most like it. The
//! names are the labels of the Encoding Standard (WHATWG). Knows no text.

use crate::error::{Error, Kind, Result};
use encoding_rs::Encoding;
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// An encoding of text that somebody named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NamedEncoding(pub(super) &'static Encoding);

/// Names to suggest: those of the standard, and the labels that people type most.
const NAMES: &[&str] = &[
    "utf-8", "utf-16le", "utf-16be", "windows-1252", "latin1", "iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4",
    "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15",
    "iso-8859-16", "windows-874", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "macintosh", "x-mac-cyrillic", "ibm866", "koi8-r", "koi8-u", "gbk",
    "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr",
];

/// Names that are used for an encoding elsewhere, and the one that is meant.
const ELSEWHERE: &[(&str, &str)] = &[
    ("ansi", "windows-1252"),
    ("latin9", "iso-8859-15"),
    ("mac", "macintosh"),
    ("macroman", "macintosh"),
    ("mac-roman", "macintosh"),
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
    ("cp866", "ibm866"),
];

impl NamedEncoding {
    /// As the Encoding Standard spells it.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl fmt::Display for NamedEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for NamedEncoding {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl FromStr for NamedEncoding {
    type Err = Error;

    /// Takes every label of the Encoding Standard, in any case: `utf-8`, `latin1`, `cp1252`, `Shift_JIS`.
    fn from_str(label: &str) -> Result<NamedEncoding> {
        let label = label.trim();
        let lower = label.to_ascii_lowercase().replace([' ', '_'], "-");
        let meant = ELSEWHERE.iter().find(|(name, _)| *name == lower).map_or(label, |(_, meant)| *meant);
        let known = Encoding::for_label(meant.as_bytes()).or_else(|| Encoding::for_label(lower.as_bytes()));
        match known.filter(|encoding| *encoding != encoding_rs::REPLACEMENT) {
            Some(encoding) => Ok(NamedEncoding(encoding)),
            None => {
                let label: String = label.chars().take(40).collect();
                let help = format!("use {}, or convert the file to UTF-8", near(&lower));
                Err(Error::new(Kind::Usage, format!("no encoding that is read is called '{label}'")).help(help))
            }
        }
    }
}

/// The three names most like this one: `a, b or c`.
fn near(label: &str) -> String {
    let mut names: Vec<&str> = NAMES.to_vec();
    let likeness = |name: &str| strsim::jaro_winkler(label, name);
    names.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    format!("{}, {} or {}", names[0], names[1], names[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_type_them() {
        let rows = [
            ("UTF-8", "UTF-8"),
            ("utf8", "UTF-8"),
            (" latin1 ", "windows-1252"),
            ("CP1252", "windows-1252"),
            ("ANSI", "windows-1252"),
            ("latin9", "ISO-8859-15"),
            ("utf_16le", "UTF-16LE"),
            ("utf-16", "UTF-16LE"),
            ("cp932", "Shift_JIS"),
            ("Mac Roman", "macintosh"),
            ("gb2312", "GBK"),
        ];
        for (label, name) in rows {
            assert_eq!(label.parse::<NamedEncoding>().map(NamedEncoding::name).ok(), Some(name), "{label}");
        }
        assert!(NAMES.iter().all(|name| name.parse::<NamedEncoding>().is_ok()));
    }

    #[test]
    fn an_unknown_name_is_told_with_those_most_like_it() {
        let rows = [
            ("utf-88", "utf-8"),
            ("windows1253x", "windows-1253"),
            ("shift-jiss", "shift_jis"),
            ("iso-2022-kr", "iso-2022-jp"),
        ];
        for (label, near) in rows {
            let error = label.parse::<NamedEncoding>().expect_err(label);
            assert_eq!(error.kind(), Kind::Usage);
            let said = error.to_string();
            assert!(said.contains(&format!("called '{label}'")) && said.contains(near), "{said}");
        }
    }
}
