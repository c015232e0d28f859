//! In: an utterance and its voice. Out: a [`Draft`]: the voice's ids for it, its own durations for them, and which of
//! them belong to which word, as the plan needs it. Plans nothing and speaks nothing.

mod paced;
pub mod reach;

use crate::cache::Cache;
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use crate::phonemes::Phonemizer;
use crate::phonemes::inventory::Class;
use crate::phonemes::ipa::symbols;
use crate::time::Ticks;
use crate::timing::{Passage, Piece, Seam, Stamp, Token, Window};
use crate::transcript::Cue;
use crate::voice::{Said, Voice, heard, predict};
use crate::words::phrases::{Border, says_something};
use crate::words::sounds::Sound;
use crate::words::utterances::{Before, Script, Utterance};
use reach::{Edges, Reach, Words};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// An utterance as its voice would speak it by itself.
#[derive(Clone)]
pub struct Draft {
    /// What is spoken, part by part.
    pub utterance: Utterance,
    /// Who speaks it.
    pub voice: Arc<dyn Voice>,
    /// Which of the voices of the track that is: drafts with the same number have the same voice.
    pub voice_number: usize,
    /// Which of the speakers of the track says it: drafts with the same number have the same speaker.
    pub speaker_number: usize,
    /// The voice's ids.
    pub ids: Vec<i32>,
    /// Natural frames and class of each id, as the plan is to see them: the voice's own, with what [`Draft::reach`] moves
    /// where it is heard.
    pub tokens: Vec<Token>,
    /// Ids of each word, in the order of [`Utterance::places`]; empty for a word without a sound.
    pub words: Vec<Range<usize>>,
    /// Parts that have a sound, each with its tokens.
    pub pieces: Vec<(usize, Range<usize>)>,
    /// What has to be moved back before the voice is given frames of the plan.
    pub reach: Reach,
}

/// What a draft may come to.
pub enum Drafted {
    /// The draft, and what was odd about it.
    Whole(Box<Draft>, Vec<Note>),
    /// It is more than the voice can speak in one breath.
    TooLong,
    /// There is nothing in it the voice has a sound for.
    Silent(Vec<Note>),
}

/// A voice, by its id and its fingerprint, and its ids for a text. The number of a voice would not do: another track
/// numbers its voices anew.
type Text = (String, Vec<i32>);

/// The longest of the transcript's own pauses that is kept before lines are hurried; of a longer one so much is enough.
const LONGEST_PAUSE: Ticks = Ticks::from_millis(700);

/// How many ids are remembered before all is forgotten: what a voice speaks in days, in some 50 MB.
const MOST_REMEMBERED: usize = 4_000_000;

/// Durations predicted so far, so that each different text is predicted once.
pub struct Memory {
    seed: u64,
    kept: Option<Arc<Cache>>,
    known: Mutex<Known>,
}

/// What a voice does with a text by itself.
struct Measured {
    frames: Vec<u32>,
    /// The samples that are heard of it.
    heard: Option<Range<u64>>,
}

#[derive(Default)]
struct Known {
    frames: HashMap<Text, Arc<Measured>>,
    ids: usize,
}

impl Memory {
    /// An empty one; the voices' noise grows from `seed`.
    pub fn new(seed: u64) -> Memory {
        Memory { seed, kept: None, known: Mutex::default() }
    }

    /// A memory that also looks into a cache and adds to it.
    pub fn with_cache(self, cache: Arc<Cache>) -> Memory {
        Memory { kept: Some(cache), ..self }
    }

    /// `words` are the ids from the first sound of the first word to the last one of the last.
    fn measured(&self, voice: &Arc<dyn Voice>, ids: &[i32], words: &Range<usize>) -> Result<Arc<Measured>> {
        let key = (format!("{} {}", voice.id(), voice.fingerprint()), ids.to_vec());
        if let Some(frames) = self.known.lock().unwrap_or_else(PoisonError::into_inner).frames.get(&key) {
            return Ok(Arc::clone(frames));
        }
        let frames = match &self.kept {
            Some(cache) => cache.durations(voice.as_ref(), ids, self.seed)?,
            None => predict(voice.as_ref(), ids, self.seed)?,
        };
        let said = Said { ids, frames: &frames, words, seed: self.seed };
        let heard = match &self.kept {
            Some(cache) => cache.heard(voice.as_ref(), said)?,
            None => heard(voice.as_ref(), said)?,
        };
        let measured = Arc::new(Measured { frames, heard });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.ids > MOST_REMEMBERED {
            *known = Known::default();
        }
        known.ids += ids.len();
        known.frames.insert(key, Arc::clone(&measured));
        Ok(measured)
    }
}

/// Who says an utterance.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    /// The voice.
    pub voice: &'a Arc<dyn Voice>,
    /// Which of the voices of the track that is.
    pub voice_number: usize,
    /// Which of the speakers of the track.
    pub number: usize,
}

/// Drafts one utterance. The script is that of the whole track.
///
/// # Errors
/// When the text cannot be turned into phonemes or the voice's model cannot be run.
pub fn draft(
    utterance: &Utterance,
    script: Script<'_>,
    phonemizer: &Phonemizer,
    speaker: Speaker<'_>,
    memory: &Memory,
) -> Result<Drafted> {
    let (Script { cues, words }, voice) = (script, speaker.voice);
    let places = utterance.places();
    let first = places.first().map_or(0, |place| place.0);
    // An error in another file, the voice's for one, is not at this line of the transcript.
    let here =
        |e: Error| if e.file().is_some() { e } else { e.at_line(cues[first].line()).at_cue(cues[first].index()) };
    let spoken: Vec<&str> = places.iter().map(|(cue, word)| words[*cue][*word].spoken.as_str()).collect();
    let told: Vec<&[Sound]> = places.iter().map(|(cue, word)| words[*cue][*word].sounds.as_slice()).collect();
    let phonemes = phonemizer.phonemize_as_told(voice.source(), &spoken, &told).map_err(here)?;
    let encoded = voice.encode(&phonemes);
    let notes = unknown(&encoded.unknown, &cues[first], voice, &told);
    if encoded.ids.len() > voice.most_tokens() {
        return Ok(Drafted::TooLong);
    }
    let ranges = ranges(&encoded.tokens, places.len());
    let pieces = pieces(utterance, &ranges);
    if pieces.is_empty() {
        let message = format!("the voice '{}' has no sound for any of this: nothing is said here", voice.id());
        let silent = Note::warning(cues[first].line(), "no-sound", message);
        return Ok(Drafted::Silent(if notes.is_empty() { vec![silent] } else { notes }));
    }
    let said = Words { first: pieces[0].1.clone(), last: pieces[pieces.len() - 1].1.clone() };
    let sounds = said.first.start..said.last.end;
    let measured = memory.measured(voice, &encoded.ids, &sounds).map_err(here)?;
    let paces: Vec<u32> = places.iter().map(|(cue, word)| words[*cue][*word].stretch).collect();
    let mut tokens = paced::paced(&encoded.tokens, &measured.frames, &paces);
    let clock = voice.clock();
    let edges = measured.heard.as_ref().map(|heard| Edges::of(&measured.frames, &sounds, heard, clock));
    let inner = clock.ticks(u64::from(voice.early()));
    let reach = Reach::of(&mut tokens, &said, edges, (clock, inner));
    let draft = Draft {
        utterance: utterance.clone(),
        voice: Arc::clone(voice),
        voice_number: speaker.voice_number,
        speaker_number: speaker.number,
        ids: encoded.ids,
        tokens,
        words: ranges,
        pieces,
        reach,
    };
    Ok(Drafted::Whole(Box::new(draft), notes))
}

/// Notes on symbols without a sound: one for each pronunciation that holds some, and one for the rest.
fn unknown(unknown: &[(char, usize)], cue: &Cue, voice: &Arc<dyn Voice>, told: &[&[Sound]]) -> Vec<Note> {
    if unknown.is_empty() {
        return Vec::new();
    }
    let (id, mut notes, mut blamed) = (voice.id(), Vec::new(), Vec::new());
    let ipa = told.iter().copied().flatten().filter_map(|sound| match sound {
        Sound::Ipa(ipa) => Some(ipa),
        Sound::Spelt(_) | Sound::Other(..) => None,
    });
    for ipa in ipa {
        let symbols = symbols(&ipa.symbols, voice.espeak_voice());
        let missing: Vec<char> = unknown.iter().map(|(symbol, _)| *symbol).filter(|c| symbols.contains(c)).collect();
        if missing.is_empty() {
            continue;
        }
        let list: Vec<String> = missing.iter().map(|symbol| format!("'{symbol}'")).collect();
        let place = ipa.from.as_ref().map_or_else(String::new, |from| format!(" ({from})"));
        let message = format!(
            "the voice '{id}' has no sound for {} in the pronunciation /{}/{place}; that is left out, write another symbol",
            list.join(", "),
            ipa.symbols
        );
        notes.push(Note::warning(cue.line(), "unknown-phoneme", message));
        blamed.extend(missing);
    }
    let rest = unknown.iter().filter(|(symbol, _)| !blamed.contains(symbol));
    let list: Vec<String> = rest.map(|(symbol, count)| format!("'{symbol}' ({count})")).collect();
    if !list.is_empty() {
        let message = format!("the voice '{id}' has no sound for {}; they are left out", list.join(", "));
        notes.push(Note::warning(cue.line(), "unknown-phoneme", message));
    }
    notes
}

/// The tokens of each word, from its first sound to its last.
fn ranges(tokens: &[crate::voice::encode::Token], words: usize) -> Vec<Range<usize>> {
    let mut ranges = vec![0..0; words];
    for (i, token) in tokens.iter().enumerate().filter(|(_, t)| t.class != Class::Pause) {
        if let Some(range) = token.word.and_then(|w| ranges.get_mut(w)) {
            if range.start == range.end {
                range.start = i;
            }
            range.end = i + 1;
        }
    }
    ranges
}

/// The parts of an utterance that have a sound, each with its tokens; `words` has those of each word.
fn pieces(utterance: &Utterance, words: &[Range<usize>]) -> Vec<(usize, Range<usize>)> {
    let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
    let mut from = 0;
    for (i, part) in utterance.parts.iter().enumerate() {
        let mine = &words[from..from + part.words.len()];
        from += part.words.len();
        let sounds = mine.iter().filter(|r| !r.is_empty());
        if let Some(start) = sounds.clone().map(|r| r.start).min() {
            let end = sounds.map(|r| r.end).max().unwrap_or(start);
            pieces.push((i, start..end));
        }
    }
    // What lies between two pieces, a space for one, is the end of the first.
    for i in 1..pieces.len() {
        pieces[i - 1].1.end = pieces[i].1.start;
    }
    pieces
}

/// What a pause before a part parts.
fn seam(border: Border) -> Seam {
    match border {
        Border::Never | Border::Poor => Seam::Poor,
        Border::Word => Seam::Word,
        Border::Phrase => Seam::Phrase,
        Border::Clause | Border::Sentence => Seam::Clause,
    }
}

impl Draft {
    /// The same speech, its parts cut where phrases begin inside them; `None` where none do.
    pub fn refined(&self, script: Script<'_>) -> Option<Draft> {
        let utterance = self.utterance.refined(script)?;
        let pieces = pieces(&utterance, &self.words);
        Some(Draft { utterance, pieces, ..self.clone() })
    }

    /// What the plan has to know of it. Positions in the passage's pieces are those in [`Draft::pieces`].
    pub fn passage(&self, script: Script<'_>) -> Passage {
        let cues = script.cues;
        let first = &self.utterance.parts[self.pieces[0].0];
        let goes_on = self.utterance.before == Before::Clause;
        Passage {
            clock: self.voice.clock(),
            tokens: self.tokens.clone(),
            pieces: self.pieces.iter().map(|(part, tokens)| self.piece(*part, tokens.clone(), script)).collect(),
            pause: self.pause(cues),
            goes_on: if goes_on { Some(seam(first.border)) } else { None },
            early: self.early(),
            voice: self.voice_number,
            speaker: self.speaker_number,
        }
    }

    /// Its first word: cue and word.
    pub(crate) fn place(&self) -> (usize, usize) {
        let first = &self.utterance.parts[self.pieces[0].0];
        (first.cue, first.words.start)
    }

    /// What the plan has to know of one part.
    fn piece(&self, part: usize, tokens: Range<usize>, script: Script<'_>) -> Piece {
        let part = &self.utterance.parts[part];
        let line = part.cue;
        let cue = &script.cues[line];
        let stamp = |at: Ticks| Stamp { at, grain: cue.grain() };
        let mut words = self.ends_of_words(&tokens, part.words.start == 0, script);
        words.pop();
        Piece {
            line,
            stamp: cue.start().filter(|_| part.words.start == 0).map(stamp),
            loose: !part.pinned,
            wish: part.after_pause,
            end: cue.end().map(stamp),
            window: cue.start().zip(cue.end()).map(|(from, to)| Window { from, to }),
            seam: seam(part.border),
            words,
            tokens,
        }
    }

    /// Where the words end that have these tokens. Of a line that `begins` with them nothing is left that says nothing: the
    /// first of these ends is that of a word that says something.
    fn ends_of_words(&self, tokens: &Range<usize>, begins: bool, script: Script<'_>) -> Vec<usize> {
        let mut said = !begins;
        let mut ends = Vec::new();
        for ((cue, word), place) in self.utterance.places().into_iter().zip(&self.words) {
            if place.is_empty() || place.start < tokens.start || place.end > tokens.end {
                continue;
            }
            said |= says_something(&script.words[cue][word].spoken, self.utterance.lang);
            if said {
                ends.push(place.end);
            }
        }
        ends
    }

    /// The pause that one would make before it: what is asked for, the transcript's own where that is a short one, or what
    /// a reader would make.
    fn pause(&self, cues: &[Cue]) -> Ticks {
        let first = &self.utterance.parts[self.pieces[0].0];
        let stamped = cues.first().is_some_and(|cue| cue.start().is_some());
        let usual = self.utterance.before.pause(stamped);
        let earlier = first.cue.checked_sub(1).and_then(|before| cues[before].end());
        let between = earlier.zip(cues[first.cue].start()).map(|(end, start)| start - end);
        match (self.utterance.before, between) {
            (Before::Sentence | Before::Paragraph, Some(pause)) if first.words.start == 0 && pause > usual => {
                pause.min(LONGEST_PAUSE)
            }
            _ => usual,
        }
    }

    /// How long before its tokens each of its sounds is heard.
    pub fn early(&self) -> Ticks {
        self.reach.early
    }

    /// The natural length of a stretch of its tokens.
    pub fn natural(&self, tokens: Range<usize>) -> Ticks {
        let frames = self.tokens[tokens].iter().map(|t| u64::from(t.frames)).sum();
        self.voice.clock().ticks(frames)
    }
}

/// An error for an utterance of a single word that is too long for its voice.
pub fn too_long(cue: &Cue, voice: &str) -> Error {
    Error::new(Kind::Input, format!("a single word is longer than the voice '{voice}' can speak"))
        .at_line(cue.line())
        .at_cue(cue.index())
        .help("put spaces into it")
}

#[cfg(test)]
pub(crate) mod made;
#[cfg(test)]
mod tests;
