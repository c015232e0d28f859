//! In: words that follow one another. Out: how espeak's own dictionary says them as one (`of the`, `has been`), as
//! inline phonemes. Knows the dictionary's compiled format, and no sentence.
//!
//! The crate reads entries of one word only; what C espeak joins, it leaves apart. The entries of several words are
//! in the same compiled dictionary, so they are looked up here. Format: `compiledict.c` and `LookupDict2` in
//! `dictionary.c` of espeak-ng (length, word, phonemes up to 0, flags; a flag of 81 or more says how many words
//! follow, and their text ends the entry).

use espeak_ng::PhonemeData;
use espeak_ng::dictionary::file::Dictionary;
use espeak_ng::dictionary::lookup::hash_word;
use espeak_ng::dictionary::stress::{StressOpts, set_word_stress};
use espeak_ng::dictionary::transpose::transpose_alphabet;

/// Flags of an entry that is no pronunciation (29: text) or holds only for verbs, nouns, past forms, capitals or the
/// beginning of a sentence; numbers as in C `translate.h`, those of its second word from 32 on.
const NOT_ALWAYS: [u8; 8] = [29, 36, 37, 38, 41, 42, 45, 50];

/// The flag of an entry that holds only at a clause's end.
const AT_END: u8 = 49;

/// A phrase found: how many words it spans, and how they are said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Words spanned, the first included.
    pub words: usize,
    /// espeak's notation for inline phonemes, brackets included.
    pub inline: String,
    /// The second word of the entry's flags.
    pub flags: u32,
}

/// What is needed to look up and write phrases.
pub struct Phrases<'a> {
    /// The language's dictionary, its conditions set.
    pub dictionary: &'a Dictionary,
    /// The voice's phoneme table.
    pub phonemes: &'a PhonemeData,
    /// The voice's rules of stress.
    pub stress: &'a StressOpts,
}

impl Phrases<'_> {
    /// The first phrase in the dictionary that `words` (small letters) begin with.
    pub fn find(&self, words: &[String]) -> Option<Phrase> {
        let (first, rest) = words.split_first()?;
        let key = transpose_alphabet(first, &self.dictionary.transpose);
        // The hash runs over the compressed word and, as in C, over what it did not overwrite of the plain one.
        let mut hashed = key.bytes.clone();
        hashed.extend_from_slice(first.as_bytes().get(key.bytes.len()..).unwrap_or_default());
        let mut at = *self.dictionary.hashtab.get(hash_word(&hashed))?;
        while let Some(&length) = self.dictionary.data.get(at).filter(|&&length| length > 0) {
            let entry = self.dictionary.data.get(at..at + usize::from(length))?;
            if let Some(phrase) = self.read(entry, key.wlen, &key.bytes, rest) {
                return Some(phrase);
            }
            at += usize::from(length);
        }
        None
    }

    fn read(&self, entry: &[u8], wlen: u8, key: &[u8], rest: &[String]) -> Option<Phrase> {
        let info = *entry.get(1)?;
        let tail = entry.get(2..)?.strip_prefix(key)?;
        if info & 0x7f != wlen || info & 0x80 != 0 {
            return None;
        }
        let end = tail.iter().position(|&byte| byte == 0)?;
        let (codes, flags) = (&tail[..end], &tail[end + 1..]);
        let split = flags.iter().position(|&flag| (81..=90).contains(&flag))?;
        let others = std::str::from_utf8(&flags[split + 1..]).ok()?;
        let others: Vec<&str> = others.split_whitespace().collect();
        let matches = others.len() <= rest.len() && others.iter().zip(rest).all(|(a, b)| a == b);
        if others.is_empty() || !matches || !self.holds(&flags[..split], others.len() == rest.len()) {
            return None;
        }
        let stress = flags[..split].iter().rfind(|flag| (65..=79).contains(*flag)).map(|&flag| u32::from(flag & 15));
        let second =
            flags[..split].iter().filter(|flag| (32..64).contains(*flag)).fold(0, |all, flag| all | 1 << (flag - 32));
        Some(Phrase { words: 1 + others.len(), inline: self.write(codes, stress)?, flags: second })
    }

    /// Whether an entry's conditions are met (100 and on: a condition of the voice; 132 and on: its absence).
    fn holds(&self, flags: &[u8], at_end: bool) -> bool {
        let met = |bit: u8| self.dictionary.dict_condition.checked_shr(u32::from(bit)).unwrap_or(0) & 1 == 1;
        flags.iter().all(|&flag| match flag {
            132.. => !met(flag - 132),
            100.. => met(flag - 100),
            AT_END => at_end,
            flag => !NOT_ALWAYS.contains(&flag),
        })
    }

    /// Codes as inline phonemes, stressed as a word would be; none where they cannot be written.
    fn write(&self, codes: &[u8], stress: Option<u32>) -> Option<String> {
        let mut stressed = codes.to_vec();
        set_word_stress(&mut stressed, self.phonemes, self.stress, stress, -1, 0);
        stressed.retain(|&code| code != 0);
        self.inline(&stressed)
    }

    /// Codes as inline phonemes; none where reading them back would give other codes.
    pub fn inline(&self, codes: &[u8]) -> Option<String> {
        let mut text = String::new();
        for &code in codes {
            text.push_str(&self.phonemes.get(code)?.mnemonic_str());
        }
        (self.parse(&text)? == codes).then(|| format!("[[{text}]]"))
    }

    /// How the crate reads inline phonemes: the longest name that fits, again and again.
    fn parse(&self, text: &str) -> Option<Vec<u8>> {
        let mut codes = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let (length, code) = (1..=4.min(text.len() - at))
                .rev()
                .filter_map(|length| Some((length, self.phonemes.lookup_phoneme(text.get(at..at + length)?))))
                .find(|&(_, code)| code != 0)?;
            codes.push(code);
            at += length;
        }
        Some(codes)
    }
}
