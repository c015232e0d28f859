use super::*;
use serde_json::Value;
use std::sync::OnceLock;

const FIXTURE: &str = include_str!("../../tests/data/piper_phonemes.json");

fn phonemizer() -> &'static Phonemizer {
    static ONE: OnceLock<(tempfile::TempDir, Phonemizer)> = OnceLock::new();
    &ONE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let phonemizer = Phonemizer::open(dir.path()).unwrap();
        (dir, phonemizer)
    })
    .1
}

#[test]
fn report() {
    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let (mut tot, mut bad) =
        (std::collections::BTreeMap::<&str, usize>::new(), std::collections::BTreeMap::<&str, usize>::new());
    for row in fixture["rows"].as_array().unwrap() {
        let (voice, text) = (row["voice"].as_str().unwrap(), row["text"].as_str().unwrap());
        let words: Vec<&str> = text.split_whitespace().collect();
        let got: String = phonemizer().phonemize(voice, &words).unwrap().iter().map(|p| p.symbol).collect();
        let want: Vec<String> = row["phonemes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s.as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect::<String>())
            .filter(|s| !s.trim().is_empty())
            .collect();
        let want = want.join(" ");
        let d = strsim::levenshtein(&got, &want);
        *tot.entry(&voice[..2]).or_default() += want.chars().count();
        *bad.entry(&voice[..2]).or_default() += d;
        if d > 0 {
            println!("{d} {text}\n  C {want}\n  R {got}");
        }
    }
    println!("{tot:?} {bad:?} {:?}", phonemizer().counts());
}
