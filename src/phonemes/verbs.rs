//! In: a compiled dictionary of espeak. Out: the dictionary as it reads where a verb is expected. Knows the compiled
//! format of the rules (`compiledict.c` and `MatchRule` in `dictionary.c` of espeak-ng), and no language.
//!
//! Some rules hold only where a verb is expected (`?V` in `fr_rules`: the `ent` of `ils décident`). The crate reads
//! each word without saying so to its rules, and they never hold. Here their condition is replaced by one that always
//! holds and weighs as much: that the voice does not have its 31st option, which no voice has.

use espeak_ng::dictionary::file::Dictionary;
use espeak_ng::dictionary::{
    RULE_CONDITION, RULE_DOLLAR, RULE_ENDING, RULE_GROUP_END, RULE_GROUP_START, RULE_IFVERB, RULE_LETTERGP,
    RULE_LETTERGP2, RULE_LINENUM, RULE_PHONEMES, RULE_REPLACEMENTS,
};

/// `RULE_CONDITION` with this argument holds for a voice without option 31.
const ALWAYS: u8 = 32 + 31;

/// The dictionary with each rule that asks for a verb made to hold; none where no rule asks.
pub fn expecting(dictionary: &Dictionary) -> Option<Dictionary> {
    let (words, rules) = dictionary.data.split_at_checked(dictionary.rules_offset)?;
    let mut out = words.to_vec();
    let changed = groups(rules, &mut out)?;
    if changed == 0 {
        return None;
    }
    let mut verbs = Dictionary::from_bytes(&dictionary.lang, out).ok()?;
    verbs.dict_condition = dictionary.dict_condition;
    Some(verbs)
}

/// Copies all groups of `rules` to the end of `out` and counts the rules changed; none where they are damaged.
fn groups(rules: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let offset = out.len();
    let (mut at, mut changed) = (0, 0);
    while rules.get(at) == Some(&RULE_GROUP_START) {
        match *rules.get(at + 1)? {
            RULE_REPLACEMENTS => {
                // The table begins at the next multiple of four bytes of the file, here as there.
                let table = ((offset + at + 1 + 4) & !3) - offset;
                out.extend([RULE_GROUP_START, RULE_REPLACEMENTS]);
                out.resize((out.len() - 1 + 4) & !3, 0);
                at = copied(rules, table, out)?;
            }
            RULE_LETTERGP2 => at = copied(rules, at, out)?,
            _ => {
                let name = at + rules[at..].iter().position(|&byte| byte == 0)?;
                out.extend_from_slice(&rules[at..=name]);
                at = name + 1;
                while *rules.get(at)? != RULE_GROUP_END {
                    let end = at + rules[at..].iter().position(|&byte| byte == 0)?;
                    changed += usize::from(rule(&rules[at..=end], out));
                    at = end + 1;
                }
                out.push(RULE_GROUP_END);
                at += 1;
            }
        }
    }
    out.extend_from_slice(&rules[at..]);
    Some(changed)
}

/// Copies from `from` to the end of the group; where the next group begins.
fn copied(rules: &[u8], from: usize, out: &mut Vec<u8>) -> Option<usize> {
    let end = from + rules.get(from..)?.iter().position(|&byte| byte == RULE_GROUP_END)?;
    out.extend_from_slice(&rules[from..=end]);
    Some(end + 1)
}

/// Copies one rule, closing zero included; whether it asked for a verb.
fn rule(rule: &[u8], out: &mut Vec<u8>) -> bool {
    let (mut at, mut asked) = (0, false);
    while at < rule.len() {
        let arguments = match rule[at] {
            RULE_PHONEMES => rule.len() - at - 1,
            RULE_CONDITION | RULE_LETTERGP | RULE_LETTERGP2 | RULE_DOLLAR => 1,
            RULE_LINENUM => 2,
            RULE_ENDING => 3,
            _ => 0,
        };
        let next = (at + 1 + arguments).min(rule.len());
        if rule[at] == RULE_IFVERB {
            out.extend([RULE_CONDITION, ALWAYS]);
            asked = true;
        } else {
            out.extend_from_slice(&rule[at..next]);
        }
        at = next;
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_ask_for_a_verb_hold() {
        let dir = tempfile::tempdir().unwrap();
        let data = super::super::data::install(dir.path()).unwrap();
        let mut french = Dictionary::load("fr", data.home()).unwrap();
        let verbs = expecting(&french).unwrap();
        // `fr_rules` of espeak-ng has so many.
        assert_eq!(verbs.data.len(), french.data.len() + 20);
        assert_eq!(verbs.groups.groups2.len(), french.groups.groups2.len());
        assert!(expecting(&verbs).is_none());
        assert!(expecting(&Dictionary::load("en", data.home()).unwrap()).is_none());
        french.data.truncate(french.rules_offset + 40);
        assert!(expecting(&french).is_none(), "damaged rules");
    }
}
