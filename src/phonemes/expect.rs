//! In: the units of a clause. Out: those that are said otherwise where a verb, a noun or a past form is expected, as
//! inline phonemes. Knows espeak's dictionary flags and how the words before set what is expected, and no grammar.
//!
//! As in C espeak-ng (`TranslateWord` in `translateword.c`, `LookupDict2` and `RULE_IFVERB` in `dictionary.c`): a word
//! with `$verbf` makes the next one a verb, `$pastf` the next two past forms, `$nounf` the next one a noun;
//! `$verbextend` lets a word stand between. The crate has a list of some English words in place of the flags, for
//! every language, and no rule of it ever expects a verb.

#[cfg(test)]
mod tests;

use super::Unit;
use espeak_ng::PhonemeData;
use espeak_ng::dictionary::file::Dictionary;
use espeak_ng::dictionary::lookup::{LookupCtx, lookup};
use espeak_ng::dictionary::rules::translate_rules_phdata;
use espeak_ng::dictionary::stress::{StressOpts, promote_strend_stress};
use espeak_ng::dictionary::{FLAG_ALL_UPPER, FLAG_FIRST_UPPER, SUFX_V};
use espeak_ng::phoneme::PHON_SWITCH;
use espeak_ng::translate::{LangOptions, PosExpect, WordResult, word_to_phonemes_pos};

/// Flags of a dictionary's second word that set what is expected; numbers as in C `translate.h`.
mod sets {
    pub const VERB: u32 = 0x1;
    pub const VERB_WITH_S: u32 = 0x2;
    pub const NOUN: u32 = 0x4;
    pub const PAST: u32 = 0x8;
    pub const EXTEND: u32 = 0x100;
}

/// The flag, in the first word, of a word after which a verb has no `s` (`to`).
const NO_S_AFTER: u32 = 0x20_0000;

/// The suffix of which a verb is the stem and that makes a verb follow (`SUFX_F` in C `translate.h`).
const VERB_FOLLOWS: u32 = 0x2000;

/// What the words before make of the next one: for how many words more each is expected.
#[derive(Clone, Copy, Default)]
struct Expected {
    verb: u8,
    verb_with_s: u8,
    noun: u8,
    past: u8,
    no_s: bool,
}

/// One word of a clause, or what stands in its place.
struct Said {
    /// The unit it is all of; none where it is a part of one.
    unit: Option<usize>,
    /// Small letters, nothing around them; empty where only flags are known.
    word: String,
    first_upper: bool,
    all_upper: bool,
    /// The second word of flags where the dictionary joined words to this.
    joined: Option<u32>,
    /// What is right for it, once that is known.
    expect: PosExpect,
    inline: bool,
}

/// What is needed to tell how words are said where they stand.
pub struct Expect<'a> {
    /// The language's dictionary, its conditions set.
    pub dictionary: &'a Dictionary,
    /// The dictionary as it reads where a verb is expected, if that is another.
    pub verbs: Option<&'a Dictionary>,
    /// The voice's phoneme table.
    pub phonemes: &'a PhonemeData,
    /// The voice's rules of stress.
    pub stress: &'a StressOpts,
    /// The voice's options.
    pub options: &'a LangOptions,
}

impl Expect<'_> {
    /// Writes as inline phonemes what the crate would say wrongly in the clause that `units` are, each with the text
    /// of its words (`words`). `write` makes inline phonemes of codes, if it can.
    pub fn settle(&self, units: &mut [Unit], words: &[&str], write: impl Fn(&[u8]) -> Option<String>) {
        let mut said = parts(units, words);
        self.expect(&mut said);
        for part in &mut said {
            part.inline |= part.joined.is_some() || part.word.is_empty();
        }
        let mut wrong: Vec<usize> = (0..said.len()).filter(|&at| self.depends(&said[at])).collect();
        while !wrong.is_empty() {
            for at in wrong {
                if let Some(text) = self.codes(&said, at).and_then(|codes| write(&codes))
                    && let Some(unit) = said[at].unit
                {
                    units[unit].text = text;
                    said[at].inline = true;
                }
                said[at].unit = None;
            }
            // The crate looks past inline phonemes for the next word and the end of the clause.
            wrong = (0..said.len()).filter(|&at| self.is_misled(&said, at)).collect();
        }
    }

    /// Goes through the words and sets what is expected of each.
    fn expect(&self, said: &mut [Said]) {
        let mut expected = Expected::default();
        for at in 0..said.len() {
            let next = said.get(at + 1).map_or("", |next| next.word.as_str());
            let place = PosExpect {
                at_clause_end: at + 1 == said.len(),
                at_clause_start: at == 0,
                first_upper: said[at].first_upper,
                all_upper: said[at].all_upper,
                next_word: opening(next),
                ..PosExpect::default()
            };
            let (flags, found) = self.flags(&said[at], &place, &expected);
            let ending = if found || said[at].word.is_empty() { 0 } else { self.ending(&said[at].word) };
            let with_s = said[at].word.ends_with('s');
            let verb = (expected.verb > 0 && !(expected.no_s && with_s && !found))
                || (expected.verb_with_s > 0 && with_s)
                || ending & SUFX_V != 0;
            said[at].expect = PosExpect { verb, noun: expected.noun > 0, past: expected.past > 0, ..place };
            if ending & VERB_FOLLOWS != 0 {
                (expected.verb, expected.verb_with_s) = (2, 2);
            }
            expected.pass(flags);
        }
    }

    /// Both words of a word's flags where it stands, and whether the dictionary says how it is said.
    fn flags(&self, said: &Said, place: &PosExpect, expected: &Expected) -> ([u32; 2], bool) {
        if let Some(joined) = said.joined {
            return ([0, joined], true);
        }
        let context = LookupCtx {
            dict_condition: self.dictionary.dict_condition,
            word_flags: if said.first_upper { FLAG_FIRST_UPPER } else { 0 }
                | if said.all_upper { FLAG_ALL_UPPER } else { 0 },
            expect_verb: expected.verb > 0,
            expect_past: expected.past > 0,
            expect_noun: expected.noun > 0,
            at_clause_end: place.at_clause_end,
            is_first_word: place.at_clause_start,
            ..LookupCtx::default()
        };
        match lookup(self.dictionary, &said.word, &context) {
            Some(found) => ([found.flags1.0, found.flags2.0], !found.phonemes.is_empty()),
            None => ([0; 2], false),
        }
    }

    /// The kind of suffix or prefix that the rules take off a word.
    fn ending(&self, word: &str) -> u32 {
        let text = format!(" {word} \0");
        let (condition, letters) = (self.dictionary.dict_condition, &self.dictionary.letter_bits);
        let (dictionary, phonemes) = (self.dictionary, Some(self.phonemes));
        translate_rules_phdata(dictionary, text.as_bytes(), 1, 0, 0, letters, condition, &mut 0, &mut 0, phonemes)
            .end_type
    }

    /// How a word is said where this is expected.
    fn form(&self, word: &str, expect: PosExpect) -> WordResult {
        let dictionary = self.verbs.filter(|_| expect.verb).unwrap_or(self.dictionary);
        word_to_phonemes_pos(word, dictionary, self.phonemes, self.stress, self.options, expect)
    }

    /// Whether a word is said otherwise where something else is expected.
    fn depends(&self, said: &Said) -> bool {
        if said.unit.is_none() || said.inline {
            return false;
        }
        let here = self.form(&said.word, said.expect).phonemes;
        let none = PosExpect { verb: false, noun: false, past: false, ..said.expect };
        let others = [
            none,
            PosExpect { verb: true, ..none },
            PosExpect { noun: true, ..none },
            PosExpect { past: true, ..none },
        ];
        others.into_iter().any(|other| self.form(&said.word, other).phonemes != here)
    }

    /// Whether the crate says a word otherwise because it does not see the inline phonemes around.
    fn is_misled(&self, said: &[Said], at: usize) -> bool {
        let this = &said[at];
        if this.unit.is_none() || this.inline {
            return false;
        }
        let next = said[at + 1..].iter().find(|next| !next.inline);
        let seen = PosExpect {
            at_clause_end: next.is_none(),
            at_clause_start: said[..at].iter().all(|before| before.inline),
            next_word: opening(next.map_or("", |next| next.word.as_str())),
            ..this.expect
        };
        let same = seen.at_clause_end == this.expect.at_clause_end
            && seen.at_clause_start == this.expect.at_clause_start
            && seen.next_word == this.expect.next_word;
        !same && self.form(&this.word, seen).phonemes != self.form(&this.word, this.expect).phonemes
    }

    /// The codes of a word, stressed at the end of a clause where its entry says so.
    fn codes(&self, said: &[Said], at: usize) -> Option<Vec<u8>> {
        let result = self.form(&said[at].word, said[at].expect);
        if result.phonemes.first() == Some(&PHON_SWITCH) {
            return None;
        }
        let mut codes = result.phonemes;
        promote_strend_stress(&mut codes, self.phonemes, result.dict_flags, at + 1 == said.len(), false);
        codes.retain(|&code| code != 0);
        (!codes.is_empty()).then_some(codes)
    }
}

impl Expected {
    /// After a word with these flags.
    fn pass(&mut self, flags: [u32; 2]) {
        let [first, second] = flags;
        if second & sets::PAST != 0 {
            (self.past, self.verb, self.noun) = (3, 0, 0);
        } else if second & sets::VERB != 0 {
            (self.verb, self.verb_with_s, self.noun) = (2, 0, 0);
        } else if second & sets::VERB_WITH_S != 0 {
            (self.verb, self.verb_with_s, self.past, self.noun) = (0, 2, 0, 0);
        } else if second & sets::NOUN != 0 {
            (self.noun, self.verb, self.verb_with_s, self.past) = (2, 0, 0, 0);
        }
        if second & sets::EXTEND == 0 {
            for left in [&mut self.verb, &mut self.verb_with_s, &mut self.noun, &mut self.past] {
                *left = left.saturating_sub(1);
            }
        }
        self.no_s = first & NO_S_AFTER != 0;
    }
}

/// The words of the units, one after the other.
fn parts(units: &[Unit], words: &[&str]) -> Vec<Said> {
    let mut said = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        // What was respelt or joined has the sounds of other letters.
        let written = unit.text.contains("[[");
        let text = if written { words[unit.from].to_lowercase() } else { unit.text.clone() };
        let pieces: Vec<&str> = text.split([' ', '-']).map(|piece| piece.trim_matches(is_around)).collect();
        let pieces: Vec<&str> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
        let whole = pieces.len() == 1 && !written && pieces[0].chars().all(|c| c.is_alphabetic() || c == '\'');
        for (part, piece) in pieces.iter().enumerate() {
            let letters = || piece.chars().filter(|c| c.is_alphabetic());
            said.push(Said {
                unit: whole.then_some(index),
                word: piece.to_lowercase(),
                first_upper: piece.chars().next().is_some_and(char::is_uppercase),
                all_upper: letters().next().is_some() && letters().all(char::is_uppercase),
                joined: unit.flags.filter(|_| part == 0),
                expect: PosExpect::default(),
                inline: written,
            });
            if unit.flags.is_some() {
                break;
            }
        }
    }
    said
}

fn is_around(c: char) -> bool {
    !c.is_alphanumeric()
}

/// As much of a word as the crate lets a rule see of the next one.
fn opening(word: &str) -> [u8; 8] {
    let mut bytes = [0; 8];
    let length = (0..=word.len().min(8)).rev().find(|&length| word.is_char_boundary(length)).unwrap_or(0);
    bytes[..length].copy_from_slice(&word.as_bytes()[..length]);
    bytes
}
