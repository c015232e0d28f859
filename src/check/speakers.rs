//! In: all lines. Out: findings about the names of those who speak. Knows no voices.

use crate::notes::{Note, Notes};
use crate::transcript::Cue;
use std::collections::BTreeMap;

/// With more speakers than this, their names are not compared.
const MOST: usize = 200;

/// A name that is shorter, in characters, is not said to be like another: `Ann` and `Ian` are two.
const SHORT: usize = 5;

/// Adds a hint for each two names that may be one person's: the same but for case and spaces, or for one letter in a
/// long name without digits.
pub(super) fn judge<'a>(cues: impl Iterator<Item = &'a Cue>, findings: &mut Notes) {
    let mut first: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for cue in cues {
        if let Some(name) = cue.speaker() {
            let (count, _) = first.entry(name).or_insert((0, cue.line()));
            *count += 1;
        }
    }
    if first.len() > MOST {
        return;
    }
    let names: Vec<(&str, (usize, usize))> = first.into_iter().collect();
    for (i, (a, a_has)) in names.iter().enumerate() {
        for (b, b_has) in &names[i + 1..] {
            if !alike(a, b) {
                continue;
            }
            let (rare, line, known) = if a_has.0 < b_has.0 { (a, a_has.1, b) } else { (b, b_has.1, a) };
            let message =
                format!("'{rare}' speaks here and '{known}' elsewhere; if they are one person, write the name one way");
            findings.push(Note::info(line, "similar-speakers", message));
        }
    }
}

fn alike(a: &str, b: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<String>().to_lowercase();
    let (a, b) = (plain(a), plain(b));
    // SPEAKER_01 and SPEAKER_02 are two.
    let numbered = a.chars().chain(b.chars()).any(|c| c.is_ascii_digit());
    let long = a.chars().count().min(b.chars().count()) >= SHORT;
    a == b || (long && !numbered && strsim::osa_distance(&a, &b) == 1)
}
