//! In: the text of one clause. Out: its IPA as espeak writes it, in pieces that follow the spaces of the text. Knows
//! one voice of espeak and what the crate leaves out of C espeak's notation; knows no word of the caller.

use super::expect::Expect;
use super::phrases::{Phrase, Phrases};
use super::{Unit, verbs};
use crate::error::{Error, Kind, Result};
use espeak_ng::dictionary::file::Dictionary;
use espeak_ng::dictionary::stress::StressOpts;
use espeak_ng::phoneme::{PH_VOWEL, PHON_END_WORD};
use espeak_ng::translate::phoneme_ipa::codes_to_ipa;
use espeak_ng::translate::{CodeMarker, normalize_voice_tag, resolve_dict_stem, select_phoneme_table};
use espeak_ng::{PhonemeCode, PhonemeData, Translator};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Stands in the IPA where a space of the text stood; a private-use character, so no text of espeak holds it.
const CUT: char = '\u{e000}';

/// Codes that stress the vowel after them: secondary and primary.
const STRESSED: [u8; 4] = [4, 5, 6, 7];

/// One voice of espeak, its tables read once.
pub struct Dialect {
    data: PathBuf,
    tag: String,
    translator: Translator,
    phonemes: PhonemeData,
    dictionary: Dictionary,
    /// The dictionary as it reads where a verb is expected, if that is another.
    verbs: Option<Dictionary>,
    stress: StressOpts,
    /// The code of the glide between two vowels, which C writes `ʲ` and the crate leaves out; 0 where there is none.
    glide: u8,
    /// English only: what makes a reduced `con-`, see [`Dialect::reduced`].
    con: Option<Con>,
}

/// Codes of the sounds around the vowel of `con-`, and of what it becomes.
struct Con {
    k: u8,
    full: u8,
    nasals: [u8; 3],
    schwa: u8,
}

impl Dialect {
    /// The voice with this tag (`en-us`, `en-gb-x-rp`, `fr`), from the data installed in `data`.
    ///
    /// # Errors
    /// [`Kind::Voice`] where it speaks neither English nor French, or the data are damaged.
    pub fn open(data: &Path, voice: &str) -> Result<Dialect> {
        let tag = normalize_voice_tag(voice);
        let stem = resolve_dict_stem(data, &tag).ok_or_else(|| {
            Error::new(Kind::Voice, format!("no pronunciation data for the espeak voice '{voice}'"))
                .help("use a voice of English (en, en-us, en-gb, ...) or French (fr, fr-be, fr-ch)")
        })?;
        Dialect::read(data, tag, &stem).map_err(|cause| {
            Error::new(Kind::Voice, "the pronunciation data cannot be read")
                .in_file(data)
                .because(cause)
                .help("delete that folder, it will be made again")
        })
    }

    fn read(data: &Path, tag: String, stem: &str) -> espeak_ng::Result<Dialect> {
        let translator = Translator::new(&tag, Some(data))?;
        let mut phonemes = PhonemeData::load(data)?;
        select_phoneme_table(&mut phonemes, data, &tag)?;
        let mut dictionary = Dictionary::load(stem, data)?;
        dictionary.dict_condition = translator.options.dict_condition;
        let verbs = verbs::expecting(&dictionary);
        let stress = StressOpts::for_lang_in(&tag, data);
        let glide = phonemes.lookup_phoneme(";");
        let code = |name| phonemes.lookup_phoneme(name);
        let con = tag.starts_with("en").then(|| Con {
            k: code("k"),
            full: code("0"),
            nasals: [code("m"), code("n"), code("N")],
            schwa: code("@"),
        });
        Ok(Dialect { data: data.to_owned(), tag, translator, phonemes, dictionary, verbs, stress, glide, con })
    }

    /// How the dictionary says the first of `words` (small letters) together with its followers, if it joins them.
    pub fn phrase(&self, words: &[String]) -> Option<Phrase> {
        self.phrases().find(words)
    }

    /// Writes as inline phonemes those words of a clause that are said otherwise after the words before them.
    pub fn expect(&self, units: &mut [Unit], words: &[&str]) {
        let expect = Expect {
            dictionary: &self.dictionary,
            verbs: self.verbs.as_ref(),
            phonemes: &self.phonemes,
            stress: &self.stress,
            options: &self.translator.options,
        };
        // What the crate fails on here it fails on in [`Dialect::pieces`], too, which says so.
        let _ = catch_unwind(AssertUnwindSafe(|| expect.settle(units, words, |codes| self.phrases().inline(codes))));
    }

    fn phrases(&self) -> Phrases<'_> {
        Phrases { dictionary: &self.dictionary, phonemes: &self.phonemes, stress: &self.stress }
    }

    /// The IPA of `text`, one piece for each stretch between spaces as far as espeak keeps them apart: it may read
    /// several as one, or one as several.
    ///
    /// # Errors
    /// [`Kind::Voice`] where the data cannot be read, [`Kind::Input`] where the crate fails on the text.
    pub fn pieces(&self, text: &str) -> Result<Vec<String>> {
        // A crate this young may panic on text nobody tried; that must cost one utterance, not the program.
        let codes = catch_unwind(AssertUnwindSafe(|| self.translator.translate_to_codes(text)))
            .map_err(|_| Error::new(Kind::Input, format!("'{text}' cannot be pronounced")).help("reword it"))?
            .map_err(|cause| {
                Error::new(Kind::Voice, "the pronunciation data cannot be read").in_file(&self.data).because(cause)
            })?;
        let codes = self.with_cuts(self.reduced(codes));
        let ipa = codes_to_ipa(&codes, &self.phonemes, &self.data, &self.tag, true);
        Ok(without_switches(&ipa).split(CUT).map(|piece| piece.trim().to_owned()).collect())
    }

    /// The same codes with a schwa in an unstressed `con-` or `com-` before a stressed syllable (`compare`), as the
    /// phoneme `0#` of `ph_english` says; the crate gives the full vowel.
    fn reduced(&self, mut codes: Vec<PhonemeCode>) -> Vec<PhonemeCode> {
        let Some(con) = &self.con else { return codes };
        let is_vowel = |code: u8| self.phonemes.get(code).is_some_and(|phoneme| phoneme.typ == PH_VOWEL);
        for at in 1..codes.len().saturating_sub(1) {
            if codes[at].code != con.full || codes[at - 1].code != con.k || !con.nasals.contains(&codes[at + 1].code) {
                continue;
            }
            let rest = codes[at + 1..].iter().take_while(|code| !code.is_boundary).map(|code| code.code);
            let next = rest.take_while(|&code| !is_vowel(code)).find(|code| STRESSED.contains(code));
            if next.is_some() {
                codes[at].code = con.schwa;
            }
        }
        codes
    }

    /// The same codes with a mark at each space of the text, glides spelled out, and punctuation left out. Marks ride
    /// on the punctuation the crate echoes, and are seen by none of its rules.
    fn with_cuts(&self, codes: Vec<PhonemeCode>) -> Vec<PhonemeCode> {
        let echo = |symbol| PhonemeCode { marker: Some(CodeMarker::Punctuation(symbol)), ..PhonemeCode::default() };
        let mut out = Vec::with_capacity(codes.len() + 16);
        for mut code in codes {
            if matches!(code.marker, Some(CodeMarker::Punctuation(_))) {
                continue;
            }
            let cut = code.is_boundary;
            let glide = !cut && code.marker.is_none() && code.code != 0 && code.code == self.glide;
            if cut {
                code.code = PHON_END_WORD;
                code.clause_char = None;
            }
            out.push(code);
            if cut {
                out.push(echo(CUT));
            } else if glide {
                out.push(echo('ʲ'));
            }
        }
        out
    }
}

/// Without the `(en)` and `(fr)` around words that espeak reads in another language.
fn without_switches(ipa: &str) -> String {
    let mut out = String::with_capacity(ipa.len());
    let mut rest = ipa;
    while let Some((before, after)) = rest.split_once('(') {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    out + rest
}
