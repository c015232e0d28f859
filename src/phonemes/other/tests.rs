//! Words of one language in sounds of the other, and proof that no other sounds are left.

use super::super::Phonemizer;
use super::*;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

fn phonemizer() -> (tempfile::TempDir, Phonemizer) {
    let folder = tempfile::tempdir().expect("a folder");
    let phonemizer = Phonemizer::open(folder.path()).expect("the data");
    (folder, phonemizer)
}

/// What a voice says for a text whose words in brackets are in the other language.
fn said(phonemizer: &Phonemizer, voice: &str, text: &str) -> String {
    let lang = if voice.starts_with("fr") { Lang::En } else { Lang::Fr };
    let mut inside = false;
    let mut sounds: Vec<Vec<Sound>> = Vec::new();
    let mut words = Vec::new();
    for word in text.split(' ') {
        inside |= word.starts_with('[');
        let bare: String = word.chars().filter(|c| !matches!(c, '[' | ']')).collect();
        sounds.push(if inside { vec![Sound::Other(bare.clone(), lang)] } else { Vec::new() });
        words.push(bare);
        inside &= !word.contains(']');
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let told: Vec<&[Sound]> = sounds.iter().map(Vec::as_slice).collect();
    let phonemes = phonemizer.phonemize_as_told(voice.into(), &words, &told).expect("phonemes");
    assert!(phonemes.iter().filter_map(|p| p.word).is_sorted(), "{text}");
    for (at, word) in words.iter().enumerate() {
        assert!(phonemes.iter().any(|p| p.word == Some(at)), "{word} in {text} has no sound");
    }
    phonemes.iter().map(|p| p.symbol).nfc().collect()
}

#[test]
fn words_of_the_other_language_in_sounds_of_the_voice() {
    let (_folder, phonemizer) = phonemizer();
    let rows = [
        ("en-us", "He sang [Je ne regrette rien] there.", "hiː sˈæŋ ʒə nə ɹəɡɹˈɛt ɹiːˈæn ðˈɛɹ."),
        ("en-us", "[bonjour,] she said.", "bɔːnʒˈuːɹ, ʃiː sˈɛd."),
        ("en-us", "in [quatre heures]", "ɪn kˈɑːtɹə ˈɜː"),
        ("en-gb", "[une tasse de thé]", "uːn tˈæs də tˈeɪ"),
        ("fr", "un [happy birthday] général", "œ̃ ˈapi bˈœʁsdɛj ʒeneʁˈal"),
        ("fr", "le [leader of the world]", "lə- lˈidœʁ œvzə wˈœʁld"),
    ];
    let each = rows.iter().map(|(voice, text, expected)| (text, said(&phonemizer, voice, text), expected));
    let wrong: Vec<_> = each.filter(|(_, said, expected)| said != *expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn symbols_by_the_tables() {
    let rows = [
        ("en-us", Lang::Fr, "ʒɑ\u{303}bˈɔ\u{303}", "ʒɑːmbˈɔːn"),
        ("en-us", Lang::Fr, "katʁ", "kɑːtɹə"),
        ("en-us", Lang::Fr, "tabl", "tɑːbəl"),
        ("en-us", Lang::Fr, "paʁl", "pɑːɹl"),
        ("en-us", Lang::Fr, "ʃofˈœʁ", "ʃoʊfˈɜː"),
        ("en-gb", Lang::Fr, "blø", "blɜː"),
        ("fr", Lang::En, "θˈɔːt", "sˈot"),
        ("fr", Lang::En, "hˈæpi bˈɜːθdeɪ", "ˈapi bˈœʁsdɛj"),
        ("fr", Lang::En, "kəmpjˈuːɾɚ", "kəmpjˈutœʁ"),
    ];
    for (voice, lang, given, expected) in rows {
        let given: Vec<char> = given.chars().collect();
        assert_eq!(symbols(&given, lang, voice).into_iter().collect::<String>(), expected, "{expected}");
    }
    let given: Vec<char> = "tyθ".chars().collect();
    assert_eq!(told(&given, "en-us").into_iter().collect::<String>(), "tuːθ");
    assert_eq!(told(&given, "fr").into_iter().collect::<String>(), "tys");
}

/// The symbols that a voice has for the second column of a table of sentences.
fn inventory(phonemizer: &Phonemizer, voice: &str, table: &str) -> BTreeSet<char> {
    let mut all = BTreeSet::new();
    for text in table.lines().filter_map(|line| line.split('\t').nth(1)) {
        let words: Vec<&str> = text.split(' ').collect();
        all.extend(phonemizer.phonemize(voice, &words).expect("phonemes").iter().map(|p| p.symbol));
    }
    all
}

#[test]
fn nothing_is_left_that_the_voice_was_not_trained_on() {
    let (_folder, phonemizer) = phonemizer();
    let tables = [include_str!("../../../tests/data/words/en.tsv"), include_str!("../../../tests/data/words/fr.tsv")];
    for (voice, own, other) in [("en-us", 0, 1), ("en-gb-x-rp", 0, 1), ("fr", 1, 0)] {
        let known = inventory(&phonemizer, voice, tables[own]);
        let lang = if voice == "fr" { Lang::En } else { Lang::Fr };
        let mut unknown = BTreeSet::new();
        for text in tables[other].lines().filter_map(|line| line.split('\t').nth(1)) {
            let sounds: Vec<Vec<Sound>> =
                text.split(' ').map(|word| vec![Sound::Other(word.to_owned(), lang)]).collect();
            let told: Vec<&[Sound]> = sounds.iter().map(Vec::as_slice).collect();
            let words: Vec<&str> = text.split(' ').collect();
            let phonemes = phonemizer.phonemize_as_told(voice.into(), &words, &told).expect("phonemes");
            unknown.extend(
                phonemes
                    .iter()
                    .map(|p| p.symbol)
                    .filter(|symbol| class(*symbol) != Class::Pause && !known.contains(symbol)),
            );
        }
        assert!(unknown.is_empty(), "{voice} was not trained on {unknown:?}");
    }
}
