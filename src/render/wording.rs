//! In: the lines of a track. Out: their words, as the voice's region reads them, the lexicon has them, and the language
//! of each stretch has them. The part of the pipeline that brings words, voices and pronunciations together.

use super::Studio;
use crate::error::Result;
use crate::lang::{Lang, Tongue};
use crate::notes::{Note, Noted};
use crate::progress::Observer;
use crate::text::sayable;
use crate::transcript::Cue;
use crate::words::directed::{direct, given};
use crate::words::language::Judge;
use crate::words::other::{Stretches, stretches};
use crate::words::sounds::{Given, merged};
use crate::words::{self, Word};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// How much of a stretch a note shows, in characters.
const SHOWN: usize = 60;

/// The words of a track's lines.
pub(super) struct Worded {
    /// The words of each line.
    pub(super) words: Vec<Vec<Word>>,
    /// Entries of the lexicon that were needed.
    pub(super) used: BTreeSet<usize>,
}

impl Studio {
    /// The words of each line, as its language and region have them; the region is asked for, or the voice's.
    pub(super) fn words(
        &self,
        cues: &[Cue],
        texts: &[&str],
        langs: &[Lang],
        observer: &dyn Observer,
    ) -> Result<Noted<Worded>> {
        let mut used = BTreeSet::new();
        let region = self.options.lang.and_then(|tongue| tongue.region);
        let mut tongues: HashMap<(Lang, Option<&str>), (Tongue, Lang)> = HashMap::new();
        let (mut judge, mut found) = (Judge::default(), Vec::new());
        let mut all = Vec::with_capacity(cues.len());
        for ((cue, text), &lang) in cues.iter().zip(texts).zip(langs) {
            let key = (lang, cue.speaker());
            let (tongue, voice) = match tongues.get(&key) {
                Some(known) => *known,
                None if !sayable(text) => (Tongue::of(lang), lang),
                None => {
                    let voice = self.cast.voice(&self.cast.role(lang, key.1)?, observer)?;
                    let tongue = Tongue { lang, region }.or_region_of(voice.espeak_voice());
                    let known = (tongue, voice.espeak_voice().parse().unwrap_or(lang));
                    *tongues.entry(key).or_insert(known)
                }
            };
            let stretches = stretches(text, lang, cue.directions(), &mut judge);
            let (given, others) = self.given(text, tongue, (cue, &stretches), &mut used);
            found.extend(stretches.found.iter().map(|place| (cue.line(), lang.other(), shown(&text[place.clone()]))));
            let mut words = words::words_with(text, tongue, given, &others);
            direct(&mut words, cue.directions());
            if voice != lang {
                words::for_voice_of(voice, lang, &mut words);
            }
            all.push(words);
        }
        Ok(Noted::new(Worded { words: all, used }, note(&found).into_iter().collect()))
    }

    /// What directions and the lexicon give for a text, and its stretches in the other language. An entry for the text's
    /// own language counts in what was found; in what is marked, so do those for the other.
    fn given(
        &self,
        text: &str,
        tongue: Tongue,
        (cue, stretches): (&Cue, &Stretches),
        used: &mut BTreeSet<usize>,
    ) -> (Vec<Given>, Vec<Range<usize>>) {
        let mut lexicon =
            |text: &str, tongue| self.options.lexicon.given(text, tongue, used, |say| words::said(say, tongue));
        let own = lexicon(text, tongue);
        let others = stretches.without(own.iter().map(|given| &given.place));
        let inside = others.iter().flat_map(|other| {
            let given = lexicon(&text[other.clone()], Tongue::of(tongue.lang.other())).into_iter();
            let at = other.start;
            given.map(move |given| Given { place: given.place.start + at..given.place.end + at, ..given })
        });
        let lexicon = merged(inside.collect(), own);
        (merged(given(text, cue.directions(), tongue, &others), lexicon), others)
    }
}

/// A stretch as a note shows it.
fn shown(text: &str) -> String {
    let text = text.trim();
    text.char_indices().nth(SHOWN).map_or_else(|| text.to_owned(), |(at, _)| format!("{}…", &text[..at]))
}

/// One note on all stretches that were found in a track.
fn note(found: &[(usize, Lang, String)]) -> Option<Note> {
    let (line, lang, text) = found.first()?;
    let more = match found.len() {
        1 => String::new(),
        count => format!("; so are {} more", count - 1),
    };
    let message = format!(
        "'{text}' is read as {}{more}; [{}: …] around a text says that it is not",
        lang.name(),
        lang.other().tag()
    );
    Some(Note::info(*line, "other-words", message))
}
