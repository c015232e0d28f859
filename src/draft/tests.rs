//! Drafts by the voice that makes tones, and by voices that are short of breath or of sounds.

use super::made::{Made, made};
use super::*;
use crate::phonemes::Phoneme;
use crate::time::FrameClock;
use crate::voice::encode::Encoded;
use crate::voice::tone::Tone;

/// The tone with less breath, and with no sound for some symbols.
struct Poor {
    most: usize,
    lacks: &'static [char],
}

impl Voice for Poor {
    fn id(&self) -> &str {
        "poor"
    }

    fn fingerprint(&self) -> &str {
        "poor"
    }

    fn clock(&self) -> FrameClock {
        Tone.clock()
    }

    fn espeak_voice(&self) -> &str {
        "en-us"
    }

    fn most_tokens(&self) -> usize {
        self.most
    }

    fn encode(&self, phonemes: &[Phoneme]) -> Encoded {
        let there: Vec<Phoneme> = phonemes.iter().filter(|p| !self.lacks.contains(&p.symbol)).copied().collect();
        let mut encoded = Tone.encode(&there);
        for lacking in self.lacks {
            let count = phonemes.iter().filter(|p| p.symbol == *lacking).count();
            if count > 0 {
                encoded.unknown.push((*lacking, count));
            }
        }
        encoded
    }

    fn durations(&self, ids: &[i32], seed: u64) -> Result<Vec<u32>> {
        Tone.durations(ids, seed)
    }

    fn sound(&self, ids: &[i32], frames: &[u32], seed: u64) -> Result<Vec<f32>> {
        Tone.sound(ids, frames, seed)
    }
}

fn by_tone(transcript: &str) -> Made {
    made(Arc::new(Tone), transcript)
}

#[test]
fn each_word_has_its_tokens_and_parts_lie_end_to_end() {
    let rows = [
        "00:01 The tide comes in.\n",
        "00:01 The tide,\n00:02 they say, comes in.\n",
        "00:01 It is 10:30, or 11. Is it?\n",
    ];
    for text in rows {
        let made = by_tone(text);
        for draft in &made.drafts {
            let places = draft.utterance.places();
            assert_eq!(draft.words.len(), places.len(), "{text}");
            assert!(draft.words.iter().all(|word| !word.is_empty()), "{text}");
            assert!(draft.words.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text}");
            let pieces: Vec<&Range<usize>> = draft.pieces.iter().map(|(_, tokens)| tokens).collect();
            assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start), "{text}");
            assert_eq!(pieces[0].start, draft.words[0].start, "{text}");
            assert_eq!(pieces[pieces.len() - 1].end, draft.words[draft.words.len() - 1].end, "{text}");
            assert_eq!(draft.ids.len(), draft.tokens.len(), "{text}");
        }
    }
}

#[test]
fn a_passage_says_of_each_part_what_its_line_says() {
    let made = by_tone(
        "1\n00:00:01,000 --> 00:00:02,500\nThe tide,\n\n2\n00:00:02,600 --> 00:00:04,000\nthey say, comes in.\n",
    );
    let passage = made.drafts[0].passage(made.script());
    let millis = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.at.0 / Ticks::from_millis(1).0);
    let found: Vec<_> = passage.pieces.iter().map(|p| (p.line, millis(p.stamp), millis(p.end))).collect();
    assert_eq!(found, [(0, Some(1000), Some(2500)), (1, Some(2600), Some(4000))]);
    assert_eq!(passage.pieces[1].seam, Seam::Clause);
    // It may be cut after each of its words but the last, and after the first only where that says something: "they" does
    // not.
    assert_eq!(passage.pieces[1].words.len() + 2, made.words[1].len());
    assert_eq!(passage.goes_on, None);
}

#[test]
fn a_second_sentence_of_a_line_has_no_stamp_of_its_own() {
    let made = by_tone("00:01 The tide comes in. It goes out.\n00:09 So.\n");
    let stamps: Vec<bool> =
        made.drafts.iter().map(|draft| draft.passage(made.script()).pieces[0].stamp.is_some()).collect();
    assert_eq!(stamps, [true, false, true]);
    assert_eq!(made.drafts.iter().map(Draft::place).collect::<Vec<_>>(), [(0, 0), (0, 4), (1, 0)]);
}

#[test]
fn what_is_more_than_one_breath_is_told_and_not_cut() {
    let text = "00:01 The tide comes in and nobody is there to see it.\n";
    let few = made(Arc::new(Poor { most: 10, lacks: &[] }), text);
    assert_eq!((few.drafts.len(), few.too_long), (0, 1));
    let enough = made(Arc::new(Poor { most: 1000, lacks: &[] }), text);
    assert_eq!((enough.drafts.len(), enough.too_long), (1, 0));
}

#[test]
fn symbols_that_a_voice_lacks_are_noted_and_where_nothing_is_left_it_is_silent() {
    let lacking = made(Arc::new(Poor { most: 1000, lacks: &['t'] }), "00:03 The tide is in.\n");
    assert_eq!((lacking.drafts.len(), lacking.silent), (1, 0));
    assert!(
        lacking.notes.iter().any(|note| note.line == Some(1) && note.message.contains("'poor'")),
        "{:?}",
        lacking.notes
    );
    let all: &[char] = &['t', 'a', 'ɪ', 'd', 'ˈ', 'ˌ', '.', ' ', 'ə', 'ð', 'ɐ', 'ː'];
    let mute = made(Arc::new(Poor { most: 1000, lacks: all }), "00:03 Tide.\n");
    assert_eq!((mute.drafts.len(), mute.silent), (0, 1), "{:?}", mute.notes);
    assert!(!mute.notes.is_empty());
}

#[test]
fn the_same_text_is_measured_once() {
    let made = by_tone("00:01 The tide.\n00:05 The tide.\n");
    let [first, second] = &made.drafts[..] else { panic!("two lines") };
    assert_eq!((&first.ids, &first.tokens), (&second.ids, &second.tokens));
    let voice: Arc<dyn Voice> = Arc::new(Tone);
    let memory = Memory::new(0);
    let measure = || memory.measured(&voice, &first.ids, &(1..first.ids.len() - 1)).expect("measured");
    assert!(Arc::ptr_eq(&measure(), &measure()));
}
