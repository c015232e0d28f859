//! In: the lines of a track. Out: their words, as the voice's region reads them and the lexicon has them. The part of the
//! pipeline that brings words, voices and pronunciations together.

use super::Studio;
use crate::error::Result;
use crate::lang::{Lang, Tongue};
use crate::progress::Observer;
use crate::text::sayable;
use crate::transcript::Cue;
use crate::words::directed::{direct, given};
use crate::words::sounds::merged;
use crate::words::{self, Word};
use std::collections::{BTreeSet, HashMap};

impl Studio {
    /// The words of each line, as its language and region have them; the region is asked for, or the voice's. Entries of
    /// the lexicon that were needed are put into `used`.
    pub(super) fn words(
        &self,
        cues: &[Cue],
        texts: &[&str],
        (langs, used): (&[Lang], &mut BTreeSet<usize>),
        observer: &dyn Observer,
    ) -> Result<Vec<Vec<Word>>> {
        let region = self.options.lang.and_then(|tongue| tongue.region);
        let mut tongues: HashMap<(Lang, Option<&str>), Tongue> = HashMap::new();
        let mut all = Vec::with_capacity(cues.len());
        for ((cue, text), &lang) in cues.iter().zip(texts).zip(langs) {
            let key = (lang, cue.speaker.as_deref());
            let tongue = match tongues.get(&key) {
                Some(tongue) => *tongue,
                None if !sayable(text) => Tongue::of(lang),
                None => {
                    let voice = self.cast.voice(&self.cast.role(lang, key.1)?, observer)?;
                    let tongue = Tongue { lang, region }.or_region_of(voice.espeak_voice());
                    tongues.insert(key, tongue);
                    tongue
                }
            };
            let lexicon = self.options.lexicon.given(text, tongue, used, |say| words::said(say, tongue));
            let given = merged(given(text, &cue.directions, tongue), lexicon);
            let mut words = words::words_with(text, tongue, given);
            direct(&mut words, &cue.directions);
            all.push(words);
        }
        Ok(all)
    }
}
