//! The table of the formats: what holds for every row.

use super::*;
use std::collections::BTreeSet;

#[test]
fn every_row_has_a_name_of_its_own_and_endings() {
    let plain = |text: &str, also: &[char]| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || also.contains(&c))
    };
    let names: BTreeSet<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    assert_eq!(names.len(), Format::ALL.len());
    for format in Format::ALL {
        assert!(plain(format.name(), &['-']), "{format:?}");
        assert!(!format.endings().is_empty(), "{format:?}");
        assert!(format.endings().iter().all(|ending| plain(ending, &[])), "{format:?}");
        assert_eq!(Format::with(format.spec()), Some(*format));
    }
}

#[test]
fn the_last_row_and_no_other_knows_any_text() {
    for text in ["", "Words.", "\n\n", "<", "{"] {
        let knows = |format: &&Format| format.spec().detect.is_some_and(|detect| detect(text));
        let known: Vec<_> = Format::ALL.iter().filter(knows).collect();
        assert_eq!(known, if text == "{" { vec![&Format::Json, &Format::Prose] } else { vec![&Format::Prose] });
    }
    assert_eq!(Format::ALL.last(), Some(&Format::Prose));
}
