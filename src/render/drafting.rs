//! In: utterances. Out: their drafts, cut where the voice runs out of breath or the plan wants a pause, and the plan. The
//! part of the pipeline that goes to and fro between words, voice and timing, in one direction each time.

use super::Studio;
use crate::draft::{Draft, Drafted, Speaker, draft, too_long};
use crate::error::Result;
use crate::lang::Lang;
use crate::notes::{Note, Noted};
use crate::progress::{Event, Observer};
use crate::timing::{self, Bounds, Outcome, Plan};
use crate::transcript::Cue;
use crate::voice::Voice;
use crate::voice::roles::{Roles, roles};
use crate::words::utterances::{Script, Utterance};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Who has which voice, and each voice and each speaker with its number.
struct Voices {
    roles: Roles,
    loaded: HashMap<String, (Arc<dyn Voice>, usize)>,
    speakers: HashMap<Option<String>, usize>,
}

/// The drafts of a track, and when each is spoken.
pub(super) struct Drafting {
    pub(super) drafts: Vec<Draft>,
    pub(super) plan: Plan,
}

impl Studio {
    /// Drafts the utterances of a track, in order, and plans them. An utterance inside which the plan wants a pause is
    /// first looked at phrase by phrase, so that the pause may stand where it is borne best, and then spoken as two.
    pub(super) fn planned(
        &self,
        utterances: Vec<Utterance>,
        script: Script<'_>,
        roles: Roles,
        bounds: &Bounds,
        observer: &dyn Observer,
    ) -> Result<Noted<Drafting>> {
        let mut notes = self.notes_on_languages(&utterances, &roles, script.cues)?;
        let voices = self.voices(&utterances, roles, observer)?;
        let each = self.draft_each(utterances, script, &voices, observer)?.noted_in(&mut notes);
        let mut drafts: Vec<Draft> = each.into_iter().flatten().collect();
        loop {
            observer.keep_going()?;
            let passages: Vec<_> = drafts.iter().map(|draft| draft.passage(script)).collect();
            observer.event(Event::Planning { pieces: passages.iter().map(|p| p.pieces.len()).sum() });
            let splits = match timing::plan(&passages, bounds)? {
                Outcome::Whole(plan) => return Ok(Noted::new(Drafting { drafts, plan }, notes)),
                Outcome::Split(splits) => splits,
            };
            drafts = self.split(drafts, &splits, script, &voices, observer)?.noted_in(&mut notes);
        }
    }

    /// Who has which voice in a track; `langs` has the language of each of its lines.
    pub(super) fn roles(&self, script: Script<'_>, langs: &[Lang]) -> Result<Noted<Roles>> {
        let spoken = (0..script.cues.len()).filter(|cue| !script.words[*cue].is_empty());
        roles(&self.cast, spoken.map(|cue| (langs[cue], script.cues[cue].speaker())))
    }

    /// The voice of each line, as a number.
    pub(super) fn voice_of_each(&self, script: Script<'_>, langs: &[Lang], roles: &Roles) -> Result<Vec<usize>> {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut voices = Vec::with_capacity(script.cues.len());
        for (cue, lang) in script.cues.iter().zip(langs) {
            let name = roles.name(&self.cast, *lang, cue.speaker())?;
            let next = numbers.len();
            voices.push(*numbers.entry(name).or_insert(next));
        }
        Ok(voices)
    }

    /// The voices of a track, loaded.
    fn voices(&self, utterances: &[Utterance], roles: Roles, observer: &dyn Observer) -> Result<Voices> {
        let mut voices = Voices { roles, loaded: HashMap::new(), speakers: HashMap::new() };
        for utterance in utterances {
            let name = voices.roles.name(&self.cast, utterance.lang, utterance.speaker.as_deref())?;
            if !voices.loaded.contains_key(&name) {
                let voice = self.cast.voice(&name, observer)?;
                voices.loaded.insert(name, (voice, voices.loaded.len()));
            }
            if !voices.speakers.contains_key(&utterance.speaker) {
                voices.speakers.insert(utterance.speaker.clone(), voices.speakers.len());
            }
        }
        Ok(voices)
    }

    /// Cuts drafts at their seams, finer where that was not tried yet, and drafts the parts anew; the others stay.
    fn split(
        &self,
        drafts: Vec<Draft>,
        splits: &[Vec<usize>],
        script: Script<'_>,
        voices: &Voices,
        observer: &dyn Observer,
    ) -> Result<Noted<Vec<Draft>>> {
        // What stays, or how many of the new parts stand here.
        let mut whole: Vec<(Option<Draft>, usize)> = Vec::with_capacity(drafts.len());
        let mut parts = Vec::new();
        for (draft, splits) in drafts.into_iter().zip(splits) {
            if splits.is_empty() {
                whole.push((Some(draft), 0));
                continue;
            }
            if let Some(finer) = draft.refined(script) {
                whole.push((Some(finer), 0));
                continue;
            }
            let mut rest = draft.utterance;
            let from = parts.len();
            for split in splits.iter().rev() {
                let (first, second) = rest.cut(draft.pieces[*split].0);
                parts.push(second);
                rest = first;
            }
            parts.push(rest);
            parts[from..].reverse();
            whole.push((None, parts.len() - from));
        }
        let Noted { value: anew, notes } = self.draft_each(parts, script, voices, observer)?;
        let mut anew = anew.into_iter();
        let mut all = Vec::with_capacity(whole.len());
        for (draft, count) in whole {
            all.extend(draft);
            all.extend(anew.by_ref().take(count).flatten());
        }
        // What went on over somebody else's line and is a line by itself now comes after that.
        all.sort_by_key(Draft::place);
        Ok(Noted::new(all, notes))
    }

    /// The drafts of each utterance: one, none where it has no sound, several where it is long.
    fn draft_each(
        &self,
        utterances: Vec<Utterance>,
        script: Script<'_>,
        voices: &Voices,
        observer: &dyn Observer,
    ) -> Result<Noted<Vec<Vec<Draft>>>> {
        observer.event(Event::Measuring { utterances: utterances.len() });
        let measured = |utterance| {
            let drafted = self.draft_one(utterance, script, voices, observer);
            observer.event(Event::Measured);
            drafted
        };
        let drafted: Vec<Result<Noted<Vec<Draft>>>> =
            self.pool.install(|| utterances.into_par_iter().map(measured).collect());
        let mut all = Vec::with_capacity(drafted.len());
        let mut notes = Vec::new();
        for result in drafted {
            all.push(result?.noted_in(&mut notes));
        }
        Ok(Noted::new(all, notes))
    }

    fn draft_one(
        &self,
        utterance: Utterance,
        script: Script<'_>,
        voices: &Voices,
        observer: &dyn Observer,
    ) -> Result<Noted<Vec<Draft>>> {
        observer.keep_going()?;
        let name = voices.roles.name(&self.cast, utterance.lang, utterance.speaker.as_deref())?;
        let Some((voice, voice_number)) = voices.loaded.get(&name) else { return Ok(Noted::default()) };
        let number = voices.speakers.get(&utterance.speaker).copied().unwrap_or_default();
        let speaker = Speaker { voice, voice_number: *voice_number, number };
        match draft(&utterance, script, &self.phonemizer, speaker, &self.memory)? {
            Drafted::Whole(draft, notes) => Ok(Noted::new(vec![*draft], notes)),
            Drafted::Silent(notes) => Ok(Noted::new(Vec::new(), notes)),
            Drafted::TooLong => {
                let cue = &script.cues[utterance.parts[0].cue];
                let (first, second) = utterance.halve(script).ok_or_else(|| too_long(cue, &name))?;
                let mut notes = Vec::new();
                let mut drafts = self.draft_one(first, script, voices, observer)?.noted_in(&mut notes);
                drafts.extend(self.draft_one(second, script, voices, observer)?.noted_in(&mut notes));
                Ok(Noted::new(drafts, notes))
            }
        }
    }

    /// Says so where a line is read by a voice of another language.
    fn notes_on_languages(&self, utterances: &[Utterance], roles: &Roles, cues: &[Cue]) -> Result<Vec<Note>> {
        let mut notes = Vec::new();
        let mut told: Vec<String> = Vec::new();
        for utterance in utterances {
            let name = roles.name(&self.cast, utterance.lang, utterance.speaker.as_deref())?;
            let speaks = self.cast.language_of(&name);
            if speaks.is_some_and(|lang| lang != utterance.lang) && !told.contains(&name) {
                let line = utterance.parts.first().map(|p| cues[p.cue].line());
                let message = format!(
                    "this line is in '{}' and the voice '{name}' speaks '{}', so it is read as if it were that; \
                     --voice {}=ID chooses another voice for such lines, --lang TAG says what all lines are in",
                    utterance.lang,
                    speaks.map_or("", |lang| lang.tag()),
                    utterance.lang
                );
                notes.push(Note::warning(line, "other-language", message));
                told.push(name);
            }
        }
        Ok(notes)
    }
}
