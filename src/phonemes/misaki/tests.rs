//! Sentences held against what misaki makes of them.

use crate::phonemes::tests::phonemizer;
use crate::phonemes::{Alphabet, Phoneme, Source};
use flate2::read::GzDecoder;
use std::io::Read;

/// Sentences, their American and their British phonemes, made by `reference.py`.
const REFERENCE: &[u8] = include_bytes!("../../../tests/data/misaki_reference.tsv.gz");

fn phonemes(voice: &str, text: &str) -> Vec<Phoneme> {
    let source = Source { espeak_voice: voice, alphabet: Alphabet::Misaki };
    phonemizer().phonemize(source, &text.split(' ').collect::<Vec<_>>()).unwrap()
}

fn say(voice: &str, text: &str) -> String {
    phonemes(voice, text).iter().map(|phoneme| phoneme.symbol).collect()
}

/// Text, American and British phonemes, as misaki 0.9.4 has them with the tags of spaCy: words that sound different by
/// their part of speech, weak forms, endings, flaps, compounds.
const SENTENCES: [(&str, &str, &str); 34] = [
    ("They record a record every week.", "ðˌA ɹəkˈɔɹd ɐ ɹˈɛkəɹd ˈɛvəɹi wˈik.", "ðˌA ɹɪkˈɔːd ɐ ɹˈɛkɔːd ˈɛvəɹi wˈiːk."),
    ("We live near a live show.", "wˌi lˈɪv nˌɪɹ ɐ lˈIv ʃˈO.", "wˌiː lˈɪv nˌɪə ɐ lˈIv ʃˈQ."),
    ("The wind will wind the clock.", "ðə wˈɪnd wɪl wˈInd ðə klˈɑk.", "ðə wˈɪnd wɪl wˈInd ðə klˈɒk."),
    (
        "He used to use it for a good use.",
        "hˌi jˈust tə jˈuz ɪt fɔɹ ɐ ɡˈʊd jˈus.",
        "hˌiː jˈuːst tə jˈuːz ɪt fɔː ɐ ɡˈʊd jˈuːs.",
    ),
    ("I object to that object.", "ˌI əbʤˈɛkt tə ðˈæt ˈɑbʤəkt.", "ˌI əbʤˈɛkt tə ðˈat ˈɒbʤɛkt."),
    (
        "She is close to the close of the day.",
        "ʃˌi ɪz klˈOs tə ðə klˈOz ʌv ðə dˈA.",
        "ʃˌiː ɪz klˈQs tə ðə klˈQz ɒv ðə dˈA.",
    ),
    ("They close the door.", "ðˌA klˈOz ðə dˈɔɹ.", "ðˌA klˈQz ðə dˈɔː."),
    ("I know that she saw that man.", "ˌI nˈO ðæt ʃi sˈɔ ðˈæt mˈæn.", "ˌI nˈQ ðat ʃiː sˈɔː ðˈat mˈan."),
    ("That is the house that I like.", "ðˈæt ɪz ðə hˈWs ðæt ˌI lˈIk.", "ðˈat ɪz ðə hˈWs ðat ˌI lˈIk."),
    ("They were content with the content.", "ðˌA wɜɹ kəntˈɛnt wɪð ðə kˈɑntɛnt.", "ðˌA wɜː kəntˈɛnt wɪð ðə kˈɒntɛnt."),
    ("He refused the refuse.", "hˌi ɹəfjˈuzd ðə ɹˈɛfjˌus.", "hˌiː ɹɪfjˈuːzd ðə ɹˈɛfjuːs."),
    ("Do you want to go to?", "dˈu ju wˈɑnt tə ɡˌO tu?", "dˈuː juː wˈɒnt tə ɡˌQ tuː?"),
    ("I am what I am.", "ˌI ɐm wˌʌt ˌI æm.", "ˌI ɐm wˌɒt ˌI am."),
    ("A cat and an apple ate the orange.", "ɐ kˈæt ænd ɐn ˈæpᵊl ˈAt ði ˈɔɹᵊnʤ.", "ɐ kˈat and ɐn ˈapᵊl ˈAt ði ˈɒɹɪnʤ."),
    ("The end of the day.", "ði ˈɛnd ʌv ðə dˈA.", "ði ˈɛnd ɒv ðə dˈA."),
    ("What are you thinking of?", "wˌʌt ɑɹ ju θˈɪŋkɪŋ ʌv?", "wˌɒt ɑː juː θˈɪŋkɪŋ ɒv?"),
    ("Come in, please.", "kˈʌm ˈɪn, plˈiz.", "kˈʌm ˈɪn, plˈiːz."),
    ("She lives in the house.", "ʃˌi lˈɪvz ɪn ðə hˈWs.", "ʃˌiː lˈɪvz ɪn ðə hˈWs."),
    (
        "He came in and sat down by the fire.",
        "hˌi kˈAm ˈɪn ænd sˈæt dˌWn bI ðə fˈIəɹ.",
        "hˌiː kˈAm ˈɪn and sˈat dˌWn bI ðə fˈIə.",
    ),
    ("As they passed by he looked up.", "ˌæz ðA pˈæst bI hi lˈʊkt ˌʌp.", "ˌaz ðA pˈɑːst bI hiː lˈʊkt ˌʌp."),
    (
        "A better butter, a letter and a water bottle.",
        "ɐ bˈɛTəɹ bˈʌTəɹ, ɐ lˈɛTəɹ ænd ɐ wˈɔTəɹ bˈɑTəl.",
        "ɐ bˈɛtə bˈʌtə, ɐ lˈɛtə and ɐ wˈɔːtə bˈɒtᵊl.",
    ),
    ("I wanted to be separated.", "ˌI wˈɑntᵻd tə bi sˈɛpəɹˌATᵻd.", "ˌI wˈɒntɪd tə biː sˈɛpəɹAtɪd."),
    ("They estimate an estimate.", "ðˌA ˈɛstəmˌAt ɐn ˈɛstəmət.", "ðˌA ˈɛstɪmAt ɐn ˈɛstɪmət."),
    ("The tear in my eye.", "ðə tˈɪɹ ɪn mI ˈI.", "ðə tˈɪə ɪn mI ˈI."),
    (
        "He wanted the present to present.",
        "hˌi wˈɑntᵻd ðə pɹˈɛzᵊnt tə pɹizˈɛnt.",
        "hˌiː wˈɒntɪd ðə pɹˈɛzᵊnt tə pɹɪzˈɛnt.",
    ),
    ("They have increased their increase.", "ðˌA hæv ɪnkɹˈist ðɛɹ ˈɪnkɹˌis.", "ðˌA hav ɪnkɹˈiːst ðɛː ˈɪnkɹiːs."),
    ("I can do it, can you?", "ˌI kæn dˈu ɪt, kæn ju?", "ˌI kan dˈuː ɪt, kan juː?"),
    ("From where is it for?", "fɹˌʌm wˌɛɹ ɪz ɪt fɔɹ?", "fɹˌɒm wˌɛː ɪz ɪt fɔː?"),
    ("Well-known people are self-conscious.", "wˌɛlnˈOn pˈipᵊl ɑɹ sˌɛlfkˈɑnʃəs.", "wˌɛlnˈQn pˈiːpᵊl ɑː sˌɛlfkˈɒnʃəs."),
    ("The dogs' owner and the boss's car.", "ðə dˈɔɡz ˈOnəɹ ænd ðə bˈɔsᵻz kˈɑɹ.", "ðə dˈɒɡz ˈQnə and ðə bˈɒsɪz kˈɑː."),
    (
        "He walked, talked, landed and waited.",
        "hˌi wˈɔkt, tˈɔkt, lˈændᵻd ænd wˈATᵻd.",
        "hˌiː wˈɔːkt, tˈɔːkt, lˈandɪd and wˈAtɪd.",
    ),
    (
        "Running, getting and meeting were hard.",
        "ɹˈʌnɪŋ, ɡˈɛTɪŋ ænd mˈiTɪŋ wɜɹ hˈɑɹd.",
        "ɹˈʌnɪŋ, ɡˈɛtɪŋ and mˈiːtɪŋ wɜː hˈɑːd.",
    ),
    ("It's what they've said we'd do.", "ˌɪts wˌʌt ðAv sˈɛd wid dˈu.", "ˌɪts wˌɒt ðAv sˈɛd wiːd dˈuː."),
    ("The schedule was in the laboratory.", "ðə skˈɛʤˌul wʌz ɪn ðə lˈæbɹətˌɔɹi.", "ðə ʃˈɛdjuːl wɒz ɪn ðə ləbˈɒɹətəɹi."),
];

#[test]
fn sentences_sound_as_misaki_has_them() {
    let mut wrong = Vec::new();
    for (text, american, british) in SENTENCES {
        for (voice, expected) in [("en-us", american), ("en-gb-x-rp", british)] {
            let got = say(voice, text);
            if got != expected {
                wrong.push(format!("{text}\n  {expected}\n  {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_book_sounds_as_misaki_reads_it() {
    let mut text = String::new();
    GzDecoder::new(REFERENCE).read_to_string(&mut text).unwrap();
    assert!(text.lines().count() >= 1000);
    // Measured, in words and phonemes of ten thousand.
    for (column, voice, words, sounds) in [(1, "en-us", 9900, 9960), (2, "en-gb-x-rp", 9880, 9960)] {
        let (mut same, mut count, mut different, mut length) = (0, 0, 0, 0);
        for line in text.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let (expected, got) = (plain(columns[column]), plain(&say(voice, columns[0])));
            let (ours, theirs): (Vec<&str>, Vec<&str>) = (got.split(' ').collect(), expected.split(' ').collect());
            count += theirs.len();
            same += theirs.len() - strsim::generic_levenshtein(&theirs, &ours).min(theirs.len());
            different += strsim::levenshtein(&expected, &got);
            length += expected.chars().count();
        }
        let (right, alike) = (same * 10_000 / count, (length - different) * 10_000 / length);
        assert!(right >= words && alike >= sounds, "{voice}: {right} of {words}, {alike} of {sounds}");
    }
}

/// Phonemes without marks of punctuation.
fn plain(phonemes: &str) -> String {
    let kept: String = phonemes.chars().filter(|c| !".,;:?!".contains(*c)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_phoneme_belongs_to_its_word() {
    let text = "The well-known Ogilvy didn't say A T M, of course.";
    let all = phonemes("en-us", text);
    let part = |word| all.iter().filter(|p| p.word == Some(word)).map(|p| p.symbol).collect::<String>();
    let words: Vec<String> = (0..text.split(' ').count()).map(part).collect();
    assert_eq!(words.join("|"), "ðə|wˌɛlnˈOn|ˈɑɡɪlvi|dˈɪdᵊnt|sˈA|ˈA|tˈi|ˈɛm,|ʌv|kˈɔɹs.");
    assert!(all.iter().filter_map(|phoneme| phoneme.word).is_sorted());
}

#[test]
fn what_no_lexicon_knows_is_written_in_its_letters() {
    let rows = [
        ("en-us", "Zorgblat", "zˈɔɹɡblæt"),
        ("en-gb-x-rp", "Zorgblat", "zˈɔːɡblat"),
        ("fr", "le chat dort", "lə ʃˈa dˈɔʁ"),
        ("en-us", "", ""),
        ("en-us", "…", ""),
    ];
    for (voice, text, expected) in rows {
        let got = say(voice, text);
        assert_eq!(got.trim_end_matches('.'), expected, "{voice} {text}");
    }
}
