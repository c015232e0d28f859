//! Sentences held against what piper-tts makes of them, and each phoneme against its word.

use super::*;
use crate::error::Kind;
use serde_json::Value;
use std::sync::OnceLock;

const FIXTURE: &str = include_str!("../../tests/data/piper_phonemes.json");

/// Rows that differ from piper-tts, each with how many characters, and why.
const DIFFERENT: [(&str, usize); 14] = [
    // The crate reads four digits as a cardinal, C as a year.
    ("It's 1998.", 14),
    ("Nearly 20% of the harvest was lost in 1921.", 14),
    // The crate reads money, C spells it.
    ("The ticket costs $12.50.", 24),
    // No sentence ends after a title or an initial here.
    ("Dr. Smith lives on the second floor.", 1),
    ("Mr. and Mrs. Brown sold their house for 250,000 dollars.", 1),
    ("M. Dupont habite au deuxième étage.", 1),
    // Other rules of the crate: abbreviations, compounds, stress, liaison before a glide.
    ("The U.S. team arrived with the NATO delegation.", 2),
    ("In the valley, the villagers were gathering apples, pears and walnuts.", 2),
    ("Their voyage took them through Asia, across the Pacific and back to Peru.", 1),
    ("The weather was fair, but nobody dared to go there.", 1),
    ("The old theatre opened again in May; it was full every night.", 1),
    ("Qu'est-ce qu'ils ont trouvé dans la grotte ?", 1),
    ("Ils ont deux oiseaux et six chats.", 1),
    ("Les yeux ouverts, elle écoutait les histoires de son grand-père.", 1),
];

/// A phonemizer that all tests share.
pub(super) fn phonemizer() -> &'static Phonemizer {
    static ONE: OnceLock<(tempfile::TempDir, Phonemizer)> = OnceLock::new();
    let open = || {
        let dir = tempfile::tempdir().unwrap();
        let phonemizer = Phonemizer::open(dir.path()).unwrap();
        (dir, phonemizer)
    };
    &ONE.get_or_init(open).1
}

fn say(voice: &str, text: &str) -> Vec<Phoneme> {
    phonemizer().phonemize(voice, &text.split(' ').collect::<Vec<_>>()).unwrap()
}

fn symbols(phonemes: &[Phoneme]) -> String {
    phonemes.iter().map(|phoneme| phoneme.symbol).collect()
}

/// The phonemes of each word, parted by `|`; spaces between words left out.
fn shared(phonemes: &[Phoneme], words: usize) -> String {
    let part = |word| phonemes.iter().filter(|p| p.word == Some(word)).map(|p| p.symbol).collect::<String>();
    (0..words).map(part).collect::<Vec<_>>().join("|")
}

/// Rows of the fixture: voice, text, and what piper-tts makes of it, its sentences strung together.
fn fixture() -> Vec<(String, String, String)> {
    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |row: &Value| {
        let sentences: Vec<Vec<String>> = serde_json::from_value(row["phonemes"].clone()).unwrap();
        let sentences: Vec<String> = sentences.iter().map(|s| s.concat()).filter(|s| !s.trim().is_empty()).collect();
        (text(&row["voice"]), text(&row["text"]), sentences.join(" "))
    };
    fixture["rows"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn sentences_sound_as_piper_tts_has_them() {
    let mut wrong = Vec::new();
    let mut totals: HashMap<String, (usize, usize)> = HashMap::new();
    for (voice, text, expected) in fixture() {
        let got = symbols(&say(&voice, &text));
        let known = DIFFERENT.iter().find(|(row, _)| *row == text).map_or(0, |&(_, characters)| characters);
        let distance = strsim::levenshtein(&got, &expected);
        if distance != known {
            wrong.push(format!("{text}: {distance}, not {known}\n  {expected}\n  {got}"));
        }
        let total = totals.entry(voice[..2].to_owned()).or_default();
        *total = (total.0 + distance, total.1 + expected.chars().count());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Measured: English 2.5 % (52 of its 61 characters in three rows of digits), French 0.6 %.
    for (language, per_mille) in [("en", 26), ("fr", 6)] {
        let (different, all) = totals[language];
        assert!(different * 1000 <= all * per_mille, "{language}: {different} of {all}");
    }
}

#[test]
fn each_phoneme_belongs_to_its_word() {
    let rows = [
        ("en-us", "of the end", "ʌv|ðɪʲ|ˈɛnd"),
        ("en-us", "It's 1998.", "ɪts|wˈʌn θˈaʊzənd nˈaɪnhˈʌndɹɪd nˈaɪntiʲ ˈeɪt."),
        ("en-us", "Dr. Smith lives", "dˈɑːktɚ|smˈɪθ|lˈaɪvz"),
        ("en-us", "It costs $12.50.", "ɪt|kˈɔsts|twˈɛlv dˈɑːlɚz fˈɪfti sˈɛnts."),
        ("en-us", "Stop, now! Go", "stˈɑːp,|nˈaʊ!|ɡˈoʊ"),
        ("en-us", "\"Yes,\" she said", "jˈɛs,|ʃiː|sˈɛd"),
        ("en-us", "a boat - red - lay", "ɐ|bˈoʊt||ɹˈɛd||lˈeɪ"),
        ("en-us", "here for a week", "hˈɪɹ|fɚɹ|ə|wˈiːk"),
        ("en-us", "it has been said", "ɪt|hɐz|bɪn|sˈɛd"),
        ("fr", "les amis", "le-z|amˈi"),
        ("fr", "Vraiment ?", "vʁɛmˈɑ\u{303}|?"),
        ("fr", "45 000 habitants", "kaʁɑ\u{303}tsɛ\u{303}k|mˈil|abitˈɑ\u{303}"),
        ("fr", "« Oui », dit-il.", "|wˈi|,|dˈitˈil."),
    ];
    for (voice, text, expected) in rows {
        assert_eq!(shared(&say(voice, text), text.split(' ').count()), expected, "{text}");
    }
}

#[test]
fn words_never_go_back_and_all_that_are_spoken_have_a_phoneme() {
    for (voice, text, _) in fixture() {
        let phonemes = say(&voice, &text);
        let owners: Vec<usize> = phonemes.iter().filter_map(|phoneme| phoneme.word).collect();
        assert!(owners.is_sorted(), "{text}: {owners:?}");
        for (index, word) in text.split(' ').enumerate() {
            assert!(!clauses::is_spoken(word) || owners.contains(&index), "{text}: {word}");
        }
        for pair in phonemes.windows(2) {
            assert!(pair[0].symbol != ' ' || pair[1].symbol != ' ', "{text}: two spaces");
        }
        assert!(phonemes.iter().all(|phoneme| phoneme.word.is_some() || phoneme.symbol == ' '), "{text}");
    }
}

#[test]
fn the_same_whatever_was_asked_before_and_on_whichever_thread() {
    let fresh_dir = tempfile::tempdir().unwrap();
    let fresh = Phonemizer::open(fresh_dir.path()).unwrap();
    let rows = fixture();
    std::thread::scope(|scope| {
        for part in rows.chunks(rows.len() / 3 + 1) {
            scope.spawn(|| {
                for (voice, text, _) in part.iter().rev() {
                    let words: Vec<&str> = text.split(' ').collect();
                    assert_eq!(fresh.phonemize(voice.as_str(), &words).unwrap(), say(voice, text), "{text}");
                }
            });
        }
    });
    let (clauses, aligned) = fresh.counts();
    assert!(aligned * 10 < clauses, "{aligned} of {clauses} clauses needed an alignment");
}

#[test]
fn odd_text_does_no_harm() {
    let rows = [
        "", "?", "\"", "...", "—", "[[h@]]", "<b>", "\u{1}+30S", "🙂", "Łódź", "12:30:45", "1,2,3", "-", "'",
        "a\u{301}", "(((",
    ];
    for text in rows {
        for voice in ["en-us", "en-gb-x-rp", "fr"] {
            let phonemes = phonemizer().phonemize(voice, &[text]);
            assert!(phonemes.is_ok(), "{text:?}");
        }
    }
    assert_eq!(phonemizer().phonemize("fr", &[]).unwrap(), []);
}

#[test]
fn a_voice_of_another_language_is_an_error_that_names_it() {
    for voice in ["de", "", "../en"] {
        let error = phonemizer().phonemize(voice, &["Haus"]).unwrap_err();
        assert_eq!(error.kind(), Kind::Voice);
        assert!(error.to_string().contains(&format!("'{voice}'")), "{error}");
    }
}

#[test]
fn a_word_of_several_sounds_as_they_do() {
    let rows: [(&str, &[&str]); 5] = [
        ("en-us", &["In", "twenty twenty,", "they", "left."]),
        ("en-us", &["Since", "nineteen ninety-eight."]),
        ("en-us", &["rock", "and roll"]),
        ("en-us", &["number", "9 9 9 9", "is", "used to", "it"]),
        ("fr", &["thé", "et café", "là-bas"]),
    ];
    for (voice, words) in rows {
        let joined = phonemizer().phonemize(voice, words).unwrap();
        assert_eq!(symbols(&joined), symbols(&say(voice, &words.join(" "))), "{words:?}");
        let owners: Vec<usize> = joined.iter().filter_map(|p| p.word).collect();
        assert!(owners.is_sorted() && (0..words.len()).all(|word| owners.contains(&word)), "{words:?}: {owners:?}");
    }
}
