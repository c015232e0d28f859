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

#[test]
fn scratch_bulk() {
    let Ok(text) = std::fs::read_to_string("/tmp/scratch-phonemes/in.tsv") else { return };
    let mut out = String::new();
    let t0 = std::time::Instant::now();
    for line in text.lines() {
        let (voice, text) = line.split_once('\t').unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        let got: String = phonemizer().phonemize(voice, &words).map(|p| p.iter().map(|p| p.symbol).collect()).unwrap_or_else(|e| e.to_string());
        out.push_str(&got); out.push('\n');
    }
    println!("BULK {:?} {:?}", t0.elapsed() / text.lines().count() as u32, phonemizer().counts());
    std::fs::write("/tmp/scratch-phonemes/out.txt", out).unwrap();
}
