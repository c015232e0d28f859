//! In: utterances. Out: their drafts, cut where the voice runs out of breath or the stamps leave a pause. The part of the
//! pipeline that goes to and fro between words, voice and timing, in one direction each time.

use super::Studio;
use crate::draft::{Draft, Drafted, draft, too_long};
use crate::error::Result;
use crate::notes::Note;
use crate::progress::{Event, Observer};
use crate::timing::breaks::breaks;
use crate::transcript::Cue;
use crate::voice::Voice;
use crate::voice::roles::{Roles, roles};
use crate::words::Word;
use crate::words::utterances::Utterance;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Who has which voice, and each voice with its number.
struct Voices {
    roles: Roles,
    loaded: HashMap<String, (Arc<dyn Voice>, usize)>,
}

impl Studio {
    /// Drafts the utterances of a track and what becomes of them, in order.
    pub(super) fn drafts(
        &self,
        utterances: Vec<Utterance>,
        text: (&[Cue], &[Vec<Word>]),
        notes: &mut Vec<Note>,
        observer: &dyn Observer,
    ) -> Result<Vec<Draft>> {
        let (roles, told) = roles(&self.cast, utterances.iter().map(|u| (u.lang, u.speaker.as_deref())))?;
        notes.extend(told);
        let mut voices = Voices { roles, loaded: HashMap::new() };
        for utterance in &utterances {
            let name = voices.roles.name(&self.cast, utterance.lang, utterance.speaker.as_deref())?;
            if !voices.loaded.contains_key(&name) {
                let voice = self.cast.voice(&name, observer)?;
                voices.loaded.insert(name, (voice, voices.loaded.len()));
            }
        }
        self.notes_on_languages(&utterances, &voices.roles, text.0, notes)?;
        let each = self.draft_each(utterances, text, &voices, notes, observer)?;
        let mut drafts: Vec<Draft> = each.into_iter().flatten().collect();
        loop {
            let passages: Vec<_> = drafts.iter().map(|d| d.passage(text.0)).collect();
            let cuts = breaks(&passages, &self.options.bounds);
            if cuts.iter().all(Vec::is_empty) {
                return Ok(drafts);
            }
            drafts = self.cut(drafts, &cuts, text, &voices, notes, observer)?;
        }
    }

    /// Cuts drafts at their breaks and drafts the parts anew; the others stay as they are.
    fn cut(
        &self,
        drafts: Vec<Draft>,
        cuts: &[Vec<usize>],
        text: (&[Cue], &[Vec<Word>]),
        voices: &Voices,
        notes: &mut Vec<Note>,
        observer: &dyn Observer,
    ) -> Result<Vec<Draft>> {
        let mut whole = Vec::with_capacity(drafts.len());
        let mut parts = Vec::new();
        for (draft, cuts) in drafts.into_iter().zip(cuts) {
            if cuts.is_empty() {
                whole.push((Some(draft), 0));
                continue;
            }
            let mut rest = draft.utterance;
            let from = parts.len();
            for cut in cuts.iter().rev() {
                let (first, second) = rest.cut(draft.pieces[*cut].0);
                parts.push(second);
                rest = first;
            }
            parts.push(rest);
            parts[from..].reverse();
            whole.push((None, parts.len() - from));
        }
        let mut anew = self.draft_each(parts, text, voices, notes, observer)?.into_iter();
        let mut all = Vec::with_capacity(whole.len());
        for (draft, count) in whole {
            all.extend(draft);
            all.extend(anew.by_ref().take(count).flatten());
        }
        Ok(all)
    }

    /// The drafts of each utterance: one, none where it has no sound, several where it is long.
    fn draft_each(
        &self,
        utterances: Vec<Utterance>,
        text: (&[Cue], &[Vec<Word>]),
        voices: &Voices,
        notes: &mut Vec<Note>,
        observer: &dyn Observer,
    ) -> Result<Vec<Vec<Draft>>> {
        observer.event(Event::Measuring { utterances: utterances.len() });
        let measured = |utterance| {
            let drafted = self.draft_one(utterance, text, voices, observer);
            observer.event(Event::Measured);
            drafted
        };
        let drafted: Vec<Result<(Vec<Draft>, Vec<Note>)>> =
            self.pool.install(|| utterances.into_par_iter().map(measured).collect());
        let mut all = Vec::with_capacity(drafted.len());
        for result in drafted {
            let (drafts, remarks) = result?;
            all.push(drafts);
            notes.extend(remarks);
        }
        Ok(all)
    }

    fn draft_one(
        &self,
        utterance: Utterance,
        text: (&[Cue], &[Vec<Word>]),
        voices: &Voices,
        observer: &dyn Observer,
    ) -> Result<(Vec<Draft>, Vec<Note>)> {
        observer.keep_going()?;
        let name = voices.roles.name(&self.cast, utterance.lang, utterance.speaker.as_deref())?;
        let Some((voice, number)) = voices.loaded.get(&name) else { return Ok((Vec::new(), Vec::new())) };
        match draft(&utterance, text, &self.phonemizer, (voice, *number), &self.memory)? {
            Drafted::Whole(draft, notes) => Ok((vec![*draft], notes)),
            Drafted::Silent(notes) => Ok((Vec::new(), notes)),
            Drafted::TooLong => {
                let cue = &text.0[utterance.parts[0].cue];
                let (first, second) = utterance.halve(text.1).ok_or_else(|| too_long(cue, &name))?;
                let (mut drafts, mut notes) = self.draft_one(first, text, voices, observer)?;
                let (more, remarks) = self.draft_one(second, text, voices, observer)?;
                drafts.extend(more);
                notes.extend(remarks);
                Ok((drafts, notes))
            }
        }
    }

    /// Says so where a line is read by a voice of another language.
    fn notes_on_languages(
        &self,
        utterances: &[Utterance],
        roles: &Roles,
        cues: &[Cue],
        notes: &mut Vec<Note>,
    ) -> Result<()> {
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
        Ok(())
    }
}
