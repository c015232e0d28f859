//! In: the words of an utterance as text, and the name of an espeak voice. Out: phonemes, each with the word it
//! belongs to. Knows espeak (the crate, its data, and where it differs from the C program that Piper voices were
//! trained with), and no voice model.
//!
//! The phonemes are those piper-tts gives for the same text: clause by clause, the closing mark appended, a space
//! after `,` `;` `:`, decomposed (NFD), sentences strung together by a space. The tests pin it to its output.

mod align;
mod clauses;
mod data;
mod dialect;
mod expect;
pub mod inventory;
pub mod ipa;
mod misaki;
mod other;
mod phrases;
mod respell;
mod source;
#[cfg(test)]
mod tests;
mod units;
mod verbs;

use crate::error::Result;
use crate::lang::Lang;
use crate::words::sounds::Sound;
use clauses::Clause;
use dialect::Dialect;
use misaki::letters::{self, Accent};
use misaki::{Misaki, Part};
pub use source::{Alphabet, Source};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use unicode_normalization::UnicodeNormalization;
use units::{Unit, of_units, reorders, spelt, units};

/// Words remembered with their phonemes alone; when there are more, all are forgotten.
const REMEMBERED: usize = 8192;

/// What an espeak voice says for a word alone, by voice and spelling.
type Alone = HashMap<(String, String), Arc<Vec<char>>>;

/// One symbol of a voice's alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Phoneme {
    /// One decomposed code point: a sound, a mark such as stress, a space, or punctuation.
    pub symbol: char,
    /// The index of the word it belongs to; none for a space between words. Punctuation belongs to the word it is
    /// attached to.
    pub word: Option<usize>,
}

/// Turns words into phonemes; one serves any number of threads.
pub struct Phonemizer {
    data: data::Data,
    dialects: RwLock<HashMap<String, Arc<Dialect>>>,
    alone: Mutex<Alone>,
    /// Misaki's American and British English, unpacked once a voice asks for it.
    misaki: [OnceLock<Misaki>; 2],
    clauses: AtomicU64,
    aligned: AtomicU64,
}

impl Phonemizer {
    /// Opens the pronunciation data below `data_dir`, installing it there first where it is missing (half a megabyte), or
    /// for as long as this value lives in a temporary folder where that one cannot be written to.
    ///
    /// # Errors
    /// [`Kind::Output`](crate::error::Kind::Output) where it cannot be installed in either.
    pub fn open(data_dir: &Path) -> Result<Phonemizer> {
        Ok(Phonemizer {
            data: data::install(data_dir)?,
            dialects: RwLock::default(),
            alone: Mutex::default(),
            misaki: Default::default(),
            clauses: AtomicU64::new(0),
            aligned: AtomicU64::new(0),
        })
    }

    /// The phonemes of `words`, which joined by single spaces are one utterance, punctuation attached to them.
    /// The source is a voice's, or the name of an espeak voice such as `en-us`, `en-gb-x-rp` or `fr`.
    ///
    /// Words never go back along the result, and each word with letters or digits has a phoneme as far as there are
    /// enough of them. Same input, same result, whatever was asked before.
    ///
    /// # Errors
    /// [`Kind::Voice`](crate::error::Kind::Voice) for an espeak voice that is neither English nor French,
    /// [`Kind::Input`](crate::error::Kind::Input) for text that the crate fails on.
    pub fn phonemize<'a>(&self, source: impl Into<Source<'a>>, words: &[&str]) -> Result<Vec<Phoneme>> {
        self.phonemize_as_told(source.into(), words, &[])
    }

    /// The same, where some words are said as they are told to be: `told` has sounds for each word, or none for those
    /// that are said as they are spelt; it may be shorter than `words`.
    ///
    /// # Errors
    /// As [`phonemize`](Phonemizer::phonemize).
    pub fn phonemize_as_told(&self, source: Source<'_>, words: &[&str], told: &[&[Sound]]) -> Result<Vec<Phoneme>> {
        let espeak_voice = source.espeak_voice;
        let dialect = self.dialect(espeak_voice)?;
        let texts: Vec<Cow<'_, str>> = words.iter().map(|word| without_inline(word)).collect();
        let words: &[&str] = &texts.iter().map(AsRef::as_ref).collect::<Vec<_>>();
        let clauses = clauses::split(words);
        let mut out: Vec<Phoneme> = Vec::new();
        for clause in &clauses {
            let mut spoken = self.own(&dialect, source, words, clause)?;
            let mut from = clause.words.start;
            while from < clause.words.end {
                let sounds = told.get(from).copied().unwrap_or_default();
                let run = told.get(from..clause.words.end).map_or(0, |rest| other::run(rest, espeak_voice));
                let words_of_run = from..from + run.max(1);
                if let Some(Sound::Other(_, lang)) = sounds.first().filter(|_| run > 0) {
                    let said = self.other(*lang, espeak_voice, words, words_of_run.clone())?;
                    ipa::replace(&mut spoken, words_of_run.clone(), source.written(said));
                } else if !sounds.is_empty() {
                    let symbols = self.sounds(&dialect, espeak_voice, sounds)?.into_iter();
                    let said = symbols.map(|symbol| Phoneme { symbol, word: Some(from) }).collect();
                    ipa::replace(&mut spoken, words_of_run.clone(), source.written(said));
                }
                from = words_of_run.end;
            }
            if spoken.is_empty() {
                continue;
            }
            if out.last().is_some_and(|last| last.symbol != ' ') {
                out.push(Phoneme { symbol: ' ', word: None });
            }
            out.extend(spoken);
            if let Some(mark) = clause.mark {
                out.push(Phoneme { symbol: mark, word: Some(clause.mark_word) });
                if matches!(mark, ',' | ';' | ':') {
                    out.push(Phoneme { symbol: ' ', word: None });
                }
            }
        }
        Ok(out)
    }

    /// How many clauses were phonemised so far, and how many of them needed an alignment to tell their words apart.
    pub fn counts(&self) -> (u64, u64) {
        (self.clauses.load(Ordering::Relaxed), self.aligned.load(Ordering::Relaxed))
    }

    fn dialect(&self, voice: &str) -> Result<Arc<Dialect>> {
        if let Some(dialect) = self.dialects.read().unwrap_or_else(PoisonError::into_inner).get(voice) {
            return Ok(Arc::clone(dialect));
        }
        let dialect = Arc::new(Dialect::open(self.data.home(), voice)?);
        let mut dialects = self.dialects.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(dialects.entry(voice.to_owned()).or_insert(dialect)))
    }

    /// The phonemes of a clause in the letters of its source.
    fn own(&self, dialect: &Dialect, source: Source<'_>, words: &[&str], clause: &Clause) -> Result<Vec<Phoneme>> {
        let accent = Accent::of(source.espeak_voice);
        if source.alphabet == Alphabet::Espeak || accent == Accent::French {
            return Ok(source.written(self.clause(dialect, source.espeak_voice, words, clause)?));
        }
        let british = accent == Accent::British;
        let misaki = self.misaki[usize::from(british)].get_or_init(|| Misaki::open(british));
        let mut parts = Vec::new();
        for word in clause.words.clone() {
            let plain = clauses::plain(words[word]);
            let texts = plain.split([' ', '—', '–', '…']).map(misaki::bare);
            let texts = texts.filter(|text| clauses::is_spoken(text) || matches!(*text, "%" | "&" | "+" | "@"));
            parts.extend(texts.map(|text| Part { word, text: text.to_owned() }));
        }
        let said = misaki.clause(&parts, |unknown| {
            let symbols = self.alone(dialect, source.espeak_voice, unknown)?;
            let phonemes: Vec<Phoneme> = symbols.iter().map(|&symbol| Phoneme { symbol, word: None }).collect();
            Ok(letters::written(&phonemes, accent).iter().map(|phoneme| phoneme.symbol).collect())
        })?;
        let mut out: Vec<Phoneme> = Vec::new();
        for (part, said) in parts.iter().zip(said).filter(|(_, said)| !said.is_empty()) {
            if let Some(last) = out.last() {
                let word = last.word.filter(|&before| before == part.word);
                out.push(Phoneme { symbol: ' ', word });
            }
            out.extend(said.chars().map(|symbol| Phoneme { symbol, word: Some(part.word) }));
        }
        Ok(out)
    }

    fn clause(&self, dialect: &Dialect, voice: &str, words: &[&str], clause: &Clause) -> Result<Vec<Phoneme>> {
        let mut units = units(dialect, voice, words, clause);
        if units.is_empty() {
            return Ok(Vec::new());
        }
        dialect.expect(&mut units, words);
        let text = units.iter().map(|unit| unit.text.as_str()).collect::<Vec<_>>().join(" ");
        let pieces: Vec<Vec<char>> = dialect.pieces(&text)?.iter().map(|piece| piece.nfd().collect()).collect();
        self.clauses.fetch_add(1, Ordering::Relaxed);
        let pieces = of_units(&units, pieces);
        let agree = pieces.len() == units.len()
            && units.iter().zip(&pieces).all(|(unit, piece)| !piece.is_empty() || !clauses::is_spoken(&unit.text))
            && !reorders(&units);
        let mut out = Vec::new();
        if agree {
            for (unit, piece) in units.iter().zip(&pieces) {
                self.share(dialect, voice, words, unit, piece, &mut out)?;
            }
        } else {
            self.aligned.fetch_add(1, Ordering::Relaxed);
            let whole = pieces.into_iter().filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(&' ');
            let all = Unit::of(clause.words.clone(), String::new());
            self.share(dialect, voice, words, &all, &whole, &mut out)?;
        }
        Ok(out)
    }

    /// Appends `piece`, shared out among the words of `unit`, after a space where something stands before it.
    fn share(
        &self,
        dialect: &Dialect,
        voice: &str,
        words: &[&str],
        unit: &Unit,
        piece: &[char],
        out: &mut Vec<Phoneme>,
    ) -> Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        let owners = if unit.to - unit.from == 1 {
            vec![0; piece.len()]
        } else {
            let alone: Result<Vec<Vec<char>>> =
                words[unit.from..unit.to].iter().map(|word| Ok(self.alone(dialect, voice, word)?.to_vec())).collect();
            align::owners(piece, &alone?)
        };
        if !out.is_empty() {
            out.push(Phoneme { symbol: ' ', word: None });
        }
        for (at, &symbol) in piece.iter().enumerate() {
            let between = symbol == ' ' && owners.get(at + 1).is_some_and(|&next| next != owners[at]);
            out.push(Phoneme { symbol, word: (!between).then(|| unit.from + owners[at]) });
        }
        Ok(())
    }

    /// What the rules of another language make of words that follow one another, in sounds that the voice has.
    fn other(&self, lang: Lang, voice: &str, words: &[&str], run: Range<usize>) -> Result<Vec<Phoneme>> {
        let (name, mark_word) = (other::voice(lang), run.start);
        let clause = Clause { words: run, mark: None, mark_word };
        let spoken = self.clause(self.dialect(name)?.as_ref(), name, words, &clause)?;
        Ok(other::phonemes(&spoken, lang, voice))
    }

    /// The symbols of a word's parts, strung together.
    fn sounds(&self, dialect: &Dialect, voice: &str, sounds: &[Sound]) -> Result<Vec<char>> {
        let mut all: Vec<char> = Vec::new();
        for sound in sounds {
            match sound {
                Sound::Ipa(told) => all.extend(other::told(&ipa::symbols(&told.symbols, voice), voice)),
                Sound::Other(part, lang) if !other::is_own(*lang, voice) => {
                    let (name, own) = (other::voice(*lang), ipa::elided(part).filter(|_| *lang == Lang::Fr));
                    let symbols = match own {
                        Some(sound) => sound.chars().collect(),
                        None => self.alone(self.dialect(name)?.as_ref(), name, part)?.to_vec(),
                    };
                    all.extend(other::symbols(&symbols, *lang, voice));
                }
                Sound::Spelt(part) if !all.is_empty() && ipa::is_possessive(part) && voice.starts_with("en") => {
                    all.extend(ipa::possessive(&all));
                }
                Sound::Spelt(part) | Sound::Other(part, _) => {
                    match ipa::elided(part).filter(|_| voice.starts_with("fr")) {
                        Some(sound) => all.extend(sound.chars()),
                        None => all.extend(self.alone(dialect, voice, part)?.iter()),
                    }
                }
            }
        }
        Ok(all)
    }

    /// The phonemes of one word said alone; remembered.
    fn alone(&self, dialect: &Dialect, voice: &str, word: &str) -> Result<Arc<Vec<char>>> {
        let key = (voice.to_owned(), spelt(voice, word, None));
        if let Some(known) = self.alone.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let ipa = if key.1.is_empty() { String::new() } else { dialect.pieces(&key.1)?.join(" ") };
        let symbols: Arc<Vec<char>> = Arc::new(ipa.trim().nfd().collect());
        let mut known = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, Arc::clone(&symbols));
        Ok(symbols)
    }
}

/// A word that espeak can read in the place of sounds in double brackets; what it says for that is replaced.
fn without_inline(word: &str) -> Cow<'_, str> {
    match word.split_once("[[").and_then(|(before, rest)| Some((before, rest.split_once("]]")?.1))) {
        Some((before, after)) => Cow::Owned(format!("{before}la{after}")),
        None => Cow::Borrowed(word),
    }
}
