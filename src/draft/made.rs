//! In: a transcript. Out: its drafts, by the voice that makes tones or by one that a test brings. For tests only.

use super::{Draft, Drafted, Memory, Speaker, draft};
use crate::lang::Lang;
use crate::notes::Note;
use crate::phonemes::Phonemizer;
use crate::timing::{self, Bounds, Outcome, Plan};
use crate::transcript::{self, Cue};
use crate::voice::Voice;
use crate::words::utterances::{Asked, Script, utterances};
use crate::words::{self, Word};
use std::sync::{Arc, OnceLock};

/// A transcript, drafted.
pub(crate) struct Made {
    pub(crate) cues: Vec<Cue>,
    pub(crate) words: Vec<Vec<Word>>,
    pub(crate) drafts: Vec<Draft>,
    /// What was odd about drafts.
    pub(crate) notes: Vec<Note>,
    /// How many utterances were too long for one breath, and how many had no sound.
    pub(crate) too_long: usize,
    pub(crate) silent: usize,
}

fn phonemizer() -> &'static Phonemizer {
    static PHONEMIZER: OnceLock<(tempfile::TempDir, Phonemizer)> = OnceLock::new();
    let (_, phonemizer) = PHONEMIZER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let phonemizer = Phonemizer::open(folder.path()).expect("the data are installed");
        (folder, phonemizer)
    });
    phonemizer
}

/// Drafts a transcript in English; one voice speaks it.
pub(crate) fn made(voice: Arc<dyn Voice>, transcript: &str) -> Made {
    let read = transcript::read(transcript.as_bytes()).expect("a transcript");
    let cues: Vec<Cue> = read.stamped.into_iter().chain(read.prose).collect();
    let words: Vec<Vec<Word>> = cues.iter().map(|cue| words::words(cue.text(), Lang::En.into())).collect();
    let texts: Vec<&str> = cues.iter().map(Cue::text).collect();
    let (langs, voices) = (vec![Lang::En; cues.len()], vec![0; cues.len()]);
    let script = Script { cues: &cues, words: &words };
    let all = utterances(script, Asked { texts: &texts, langs: &langs, voices: &voices, at_once: false });
    let (memory, speaker) = (Memory::new(0), Speaker { voice: &voice, voice_number: 0, number: 0 });
    let (mut drafts, mut notes, mut too_long, mut silent) = (Vec::new(), Vec::new(), 0, 0);
    for utterance in all {
        match draft(&utterance, script, phonemizer(), speaker, &memory).expect("drafted") {
            Drafted::Whole(draft, odd) => {
                drafts.push(*draft);
                notes.extend(odd);
            }
            Drafted::TooLong => too_long += 1,
            Drafted::Silent(odd) => {
                silent += 1;
                notes.extend(odd);
            }
        }
    }
    Made { cues, words, drafts, notes, too_long, silent }
}

impl Made {
    /// Its lines and their words.
    pub(crate) fn script(&self) -> Script<'_> {
        Script { cues: &self.cues, words: &self.words }
    }

    /// Its plan, with the bounds that nobody asks to be others.
    pub(crate) fn plan(&self) -> Plan {
        let passages: Vec<_> = self.drafts.iter().map(|draft| draft.passage(self.script())).collect();
        match timing::plan(&passages, &Bounds::default()).expect("planned") {
            Outcome::Whole(plan) => plan,
            Outcome::Split(splits) => panic!("it has to be spoken in parts: {splits:?}"),
        }
    }
}
