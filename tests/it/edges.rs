//! What is heard against what is reported: where the sound of each line of a real voice begins and ends in the track, at
//! the voice's own pace and hurried.

use crate::real::{ENGLISH, FRENCH, PIPER, path, voices};
use crate::support::{Place, Wav, number, spoken};
use serde_json::Value;

/// Lines that begin and end with sounds of every kind, some of a single word, some without a mark at their end.
const IN_ENGLISH: [&str; 7] = [
    "Put the heavy box on the top shelf",
    "Yes.",
    "She laughed at every joke that he made.",
    "Zero is where we start",
    "Both of them could hear the sea.",
    "Take it back!",
    "Anna opened the old map.",
];

const LINES: [(&str, &str, [&str; 7]); 3] = [
    ("en", ENGLISH, IN_ENGLISH),
    ("en", PIPER, IN_ENGLISH),
    (
        "fr",
        FRENCH,
        [
            "Bien.",
            "Tout le monde cherche la clef",
            "Le vent du nord se lève ce soir.",
            "Ils partent demain matin.",
            "Qui a fermé la porte ?",
            "Jamais de la vie",
            "Votre sœur arrive de Belgique.",
        ],
    ),
];

/// How far from the report nine of ten edges may lie, in seconds, and any. Half of them lie within 0.007 s, all of these
/// lines' within 0.024 s.
const NEAR: f64 = 0.025;
const FAR: f64 = 0.035;

/// Lines as a file of subtitles, each with this much time, in seconds, and a quarter of a second after it.
fn subtitles(lines: &[&str], lengths: &[f64]) -> String {
    let mut text = String::new();
    let mut at = 1.0;
    let stamp = |at: f64| format!("00:00:{at:06.3}").replace('.', ",");
    for (number, (line, length)) in lines.iter().zip(lengths).enumerate() {
        text += &format!("{}\n{} --> {}\n{line}\n\n", number + 1, stamp(at), stamp(at + length));
        at += length + 0.25;
    }
    text
}

/// From when to when there is sound in a part of the track: what is less than 35 dB below its loud level, 2 ms at a time.
fn sound(wav: &Wav, from: f64, to: f64) -> (f64, f64) {
    let rate = f64::from(wav.spec.sample_rate);
    let block = (rate / 500.0) as usize;
    let samples = wav.mono();
    let at = |seconds: f64| ((seconds * rate) as usize).min(samples.len());
    let part = &samples[at(from)..at(to)];
    let powers: Vec<f32> = part.chunks(block).map(|c| c.iter().map(|s| s * s).sum::<f32>() / c.len() as f32).collect();
    let mut sorted: Vec<f32> = powers.iter().copied().filter(|power| *power > 1e-7).collect();
    sorted.sort_by(f32::total_cmp);
    let least = sorted[sorted.len() * 19 / 20] * 10f32.powf(-3.5);
    let first = powers.iter().position(|power| *power > least).expect("there is sound");
    let last = powers.iter().rposition(|power| *power > least).expect("there is sound");
    (from + (first * block) as f64 / rate, from + ((last + 1) * block) as f64 / rate)
}

/// How far from the report the sound of each line begins and ends.
fn off(wav: &Wav, track: &Value) -> Vec<f64> {
    let times: Vec<(f64, f64)> =
        spoken(track).iter().map(|cue| (number(&cue["speech_start"]), number(&cue["speech_end"]))).collect();
    let mut off = Vec::new();
    for (i, (start, end)) in times.iter().enumerate() {
        let before = if i == 0 { start - 0.4 } else { (times[i - 1].1 + start) / 2.0 };
        let after = times.get(i + 1).map_or(end + 0.2, |next| (end + next.0) / 2.0);
        let (begins, ends) = sound(wav, before, after);
        off.extend([(begins - start).abs(), (ends - end).abs()]);
    }
    off
}

#[test]
fn lines_are_heard_from_when_to_when_the_report_says() {
    for (lang, voice, lines) in LINES {
        let mut all = Vec::new();
        let mut lengths = vec![3.0; lines.len()];
        // First with time to spare, then in five sixths of what the voice would take.
        for name in ["ease", "haste"] {
            let file = format!("{name}.srt");
            let place = Place::with(&[(&file, &subtitles(&lines, &lengths))]);
            let options = ["render", &file, "-q", "--offline", "--voices-dir", path(voices()), "--lang", lang];
            let more = ["--voice", voice, "--report", "r.json", "--loudness", "off", "--lead", "0", "--lag", "0"];
            let more = [&more[..], &["--overflow", "push"]].concat();
            place.run(&[&options[..], &more[..]].concat()).ends_with(0);
            let report = place.json("r.json");
            let track = &report["tracks"][0];
            all.extend(off(&place.wav(&format!("output/{name}.wav")), track));
            lengths = spoken(track).iter().map(|cue| number(&cue["natural_s"]) / 1.2).collect();
        }
        all.sort_by(f64::total_cmp);
        let (near, far) = (all[all.len() * 9 / 10], all[all.len() - 1]);
        assert!(near <= NEAR && far <= FAR, "{voice}: nine of ten within {near}, all within {far}: {all:.3?}");
    }
}
