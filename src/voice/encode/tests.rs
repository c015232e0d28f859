//! Ids held against those of piper-tts, and symbols against what each kind of voice knows.

use super::*;
use crate::phonemes::{Alphabet, Phoneme, Phonemizer, Source};
use crate::voice::piper::encode as piper;
use serde_json::Value;

const FIXTURE: &str = include_str!("../../../tests/data/piper_phonemes.json");

fn fixture() -> (BTreeMap<String, Vec<i32>>, Vec<Value>) {
    let mut fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let map = serde_json::from_value(fixture["phoneme_id_map"].take()).unwrap();
    (map, serde_json::from_value(fixture["rows"].take()).unwrap())
}

/// Phonemes of a text in which spaces part words.
fn phonemes(text: &str) -> Vec<Phoneme> {
    let mut word = 0;
    let each = text.chars().map(|symbol| {
        word += usize::from(symbol == ' ');
        Phoneme { symbol, word: (symbol != ' ').then_some(word) }
    });
    each.collect()
}

fn written(encoded: &Encoded) -> String {
    encoded.tokens[1..encoded.tokens.len() - 1].iter().map(|token| token.symbol).collect()
}

#[test]
fn piper_ids_are_those_of_piper_tts() {
    let (map, rows) = fixture();
    assert!(rows.len() >= 60);
    for row in rows {
        let sentences: Vec<Vec<String>> = serde_json::from_value(row["phonemes"].clone()).unwrap();
        let expected: Vec<Vec<i32>> = serde_json::from_value(row["ids"].clone()).unwrap();
        for (sentence, ids) in sentences.iter().zip(expected) {
            let encoded = piper(&phonemes(&sentence.concat()), &map);
            assert_eq!(encoded.ids, ids, "{}", row["text"]);
            assert_eq!(encoded.ids.len(), encoded.tokens.len());
            assert_eq!(encoded.unknown, []);
        }
    }
}

#[test]
fn a_pad_goes_with_the_phoneme_before_it() {
    let (map, _) = fixture();
    let encoded = piper(&phonemes("a s"), &map);
    let shown: Vec<_> = encoded.tokens.iter().map(|t| (t.symbol, t.word, t.class)).collect();
    use Class::{Consonant, Pause, Vowel};
    assert_eq!(
        shown,
        [
            ('^', None, Pause),
            ('_', None, Pause),
            ('a', Some(0), Vowel),
            ('_', Some(0), Vowel),
            (' ', None, Pause),
            ('_', None, Pause),
            ('s', Some(1), Consonant),
            ('_', Some(1), Consonant),
            ('$', None, Pause),
        ]
    );
}

#[test]
fn piper_maps_that_lack_a_symbol() {
    let (full, _) = fixture();
    let rows = [
        ("ɾa", "ɾ", "^_t_a_$", vec![]),
        ("ɚ", "ɚ", "^_ə_ɹ_$", vec![]),
        ("c\u{327}a", "\u{327}", "^_ç_a_$", vec![]),
        ("aʘaʘ", "ʘ", "^_a_a_$", vec![('ʘ', 2)]),
    ];
    for (text, lacking, expected, unknown) in rows {
        let mut map = full.clone();
        map.remove(lacking);
        let encoded = piper(&phonemes(text), &map);
        assert_eq!(encoded.tokens.iter().map(|t| t.symbol).collect::<String>(), expected, "{text}");
        assert_eq!(encoded.unknown, unknown, "{text}");
    }
    assert_eq!(piper(&phonemes("ab"), &BTreeMap::new()).unknown, [('a', 1), ('b', 1)]);
}

#[test]
fn kokoro_lists_what_its_vocabulary_lacks() {
    assert_eq!(misaki(&phonemes("aʘ")).unknown, [('ʘ', 1)]);
    assert_eq!(misaki(&[]).ids, [0, 0]);
    let encoded = misaki(&phonemes(" həlˈO, "));
    assert_eq!(written(&encoded), "həlˈO,");
    assert_eq!(encoded.ids.len(), encoded.tokens.len());
}

#[test]
fn kokoro_ids_of_one_word() {
    let encoded = misaki(&phonemes("həlˈO."));
    assert_eq!(encoded.ids, [0, 50, 83, 54, 156, 31, 4, 0]);
    assert_eq!(encoded.tokens[5].class, Class::Vowel);
}

#[test]
fn kokoro_knows_all_that_is_said_in_its_letters() {
    let dir = tempfile::tempdir().unwrap();
    let phonemizer = Phonemizer::open(dir.path()).unwrap();
    for row in fixture().1 {
        let (voice, text) = (row["voice"].as_str().unwrap(), row["text"].as_str().unwrap());
        let words: Vec<&str> = text.split(' ').collect();
        let source = Source { espeak_voice: voice, alphabet: Alphabet::Misaki };
        let encoded = misaki(&phonemizer.phonemize(source, &words).unwrap());
        assert_eq!(encoded.unknown, [], "{text}");
        assert!(encoded.ids.len() <= MISAKI_MAX + 2);
    }
}
