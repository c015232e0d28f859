//! Real voices in both languages, installed by the program itself: tracks that sound, where the report says, the same
//! every time; voices that speak exactly as long as they are told; damaged files.

use crate::support::{Place, check_silence, check_times, kept, number, spoken};
use cuevox::phonemes::Phonemizer;
use cuevox::progress::Unwatched;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::Catalog;
use cuevox::voice::store::Store;
use cuevox::voice::{Voice, predict, speak};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub const ENGLISH: &str = "hibari-heart";
pub const PIPER: &str = "en_US-joe-medium";
pub const FRENCH: &str = "ff_siwis";

const HARBOUR: &str = include_str!("../../examples/harbour.txt");

/// The folder that holds these voices; they are installed when the first test asks for them.
pub fn voices() -> &'static Path {
    static ONCE: OnceLock<PathBuf> = OnceLock::new();
    ONCE.get_or_init(|| {
        let folder = kept("voices");
        let place = Place::with(&[]);
        place.run(&["voices", "install", ENGLISH, PIPER, FRENCH, "--voices-dir", path(&folder)]).ends_with(0);
        folder
    })
}

pub fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The voice of this name.
pub fn voice(name: &str) -> Arc<dyn Voice> {
    let store = Store::open(voices().to_owned(), true);
    let cast = Cast::new(Vec::new(), Catalog::built_in().expect("a catalogue"), store);
    cast.voice(name, &Unwatched).expect("it is installed")
}

/// The ids of a text for a voice.
pub fn ids(voice: &dyn Voice, text: &str) -> Vec<i32> {
    let words: Vec<&str> = text.split(' ').collect();
    let phonemizer = Phonemizer::open(voices()).expect("pronunciations");
    let phonemes = phonemizer.phonemize(voice.source(), &words).expect("phonemes");
    voice.encode(&phonemes).ids
}

/// The example, spoken once for all tests.
fn harbour() -> &'static (Place, Value) {
    static ONCE: OnceLock<(Place, Value)> = OnceLock::new();
    ONCE.get_or_init(|| {
        let place = Place::with(&[("harbour.txt", HARBOUR)]);
        let options = ["render", "harbour.txt", "-q", "--jobs", "2", "--report", "r.json", "--offline"];
        let mut all = options.to_vec();
        all.extend(["--voices-dir", path(voices())]);
        place.run(&all).ends_with(0);
        let report = place.json("r.json");
        (place, report)
    })
}

#[test]
fn the_example_gives_two_tracks_each_in_its_language() {
    let (place, report) = harbour();
    let files = ["harbour.txt", "output/harbour.narration.wav", "output/harbour.wav", "r.json"];
    assert_eq!(place.files(), files);
    for (track, kind, lang, voice) in [(0, "stamped", "en", ENGLISH), (1, "narration", "fr", FRENCH)] {
        let track = &report["tracks"][track];
        assert_eq!(track["kind"], kind);
        let cues = track["cues"].as_array().expect("cues");
        let wanted = if kind == "stamped" { 12 } else { 6 };
        assert_eq!((cues.len(), spoken(track).len()), (wanted, wanted));
        assert!(cues.iter().all(|cue| cue["lang"] == lang && cue["voice"] == voice), "{cues:?}");
    }
}

#[test]
fn the_example_sounds_where_the_report_says_and_nowhere_else() {
    let (place, report) = harbour();
    for (track, name) in [(0, "output/harbour.wav"), (1, "output/harbour.narration.wav")] {
        let (wav, track) = (place.wav(name), &report["tracks"][track]);
        check_times(track);
        // Within this margin a voice may begin and die away; beyond it a track of 16 bits holds nothing but its dither.
        check_silence(&wav, track, 0.21, 2.5 / 32_768.0);
        let length = wav.mono().len() as f64 / f64::from(wav.spec.sample_rate);
        assert_eq!(number(&track["output"]["frames"]), wav.mono().len() as f64);
        let peak = wav.peak(0.0, length);
        assert!(peak < 1.0 && peak > 0.1, "{name}: a peak of {peak}");
        let true_peak = number(&track["output"]["true_peak_db"]);
        assert!((true_peak - 20.0 * f64::from(peak).log10()).abs() < 1.0, "{name}: {true_peak} dBTP");
        assert!((-40.0..=-10.0).contains(&number(&track["output"]["lufs"])), "{name}: {}", track["output"]);
        for cue in spoken(track) {
            let loud = wav.peak(number(&cue["speech_start"]), number(&cue["speech_end"]));
            assert!(loud > 0.05, "{name}: nothing is heard of {cue}");
        }
    }
}

#[test]
fn the_example_keeps_to_its_stamps() {
    let (_place, report) = harbour();
    for cue in spoken(&report["tracks"][0]) {
        // Stamps of whole seconds name a second each.
        assert!((-0.1..=1.125).contains(&number(&cue["start_error_s"])), "{cue}");
        assert!((0.799..=1.301).contains(&number(&cue["rate"])), "{cue}");
    }
    assert_eq!(report["tracks"][0]["summary"]["late"], 0);
}

#[test]
fn the_same_bytes_on_one_thread_and_on_two() {
    let text = "Une seule phrase en français, et puis une autre.\nElle finit le petit texte qui précède les lignes.\n\n\
        00:01 The tide is coming in.\n00:03 Somebody should move the boat,\n00:05 or it will float away by itself.\n";
    let run = |jobs: &str| {
        let place = Place::with(&[("talk.txt", text)]);
        let options = ["render", "talk.txt", "-q", "--offline", "--jobs", jobs, "--voices-dir", path(voices())];
        place.run(&options).ends_with(0);
        (place.sha256("output/talk.wav"), place.sha256("output/talk.narration.wav"))
    };
    assert_eq!(run("1"), run("2"));
}

#[test]
fn another_seed_is_another_reading() {
    let run = |seed: &str| {
        let place = Place::with(&[("talk.txt", "00:01 The tide is coming in.\n")]);
        let options = ["render", "talk.txt", "-q", "--offline", "--seed", seed, "--voices-dir", path(voices())];
        place.run(&options).ends_with(0);
        place.sha256("output/talk.wav")
    };
    let first = run("1");
    assert_eq!(run("1"), first);
    assert_ne!(run("2"), first);
}

#[test]
fn voices_speak_exactly_as_long_as_they_are_told() {
    let rows = [
        (ENGLISH, 300, 24_000, "Nobody waits."),
        (PIPER, 256, 22_050, "Nobody waits."),
        (FRENCH, 600, 24_000, "Personne n'attend."),
    ];
    for (name, hop, rate, text) in rows {
        let voice = voice(name);
        assert_eq!((voice.clock().hop, voice.clock().rate), (hop, rate));
        let ids = ids(voice.as_ref(), text);
        let natural = predict(voice.as_ref(), &ids, 7).expect("durations");
        assert_eq!(natural, predict(voice.as_ref(), &ids, 7).expect("durations"));
        assert_eq!(natural.len(), ids.len());
        let odd: Vec<u32> = natural.iter().enumerate().map(|(i, f)| if i % 3 == 0 { f + 5 } else { 1 }).collect();
        let twice: Vec<u32> = natural.iter().map(|f| 2 * f + 1).collect();
        let one_long: Vec<u32> = (0..ids.len()).map(|i| if i == ids.len() / 2 { 61 } else { 2 }).collect();
        for frames in [natural, odd, twice, one_long] {
            let samples = speak(voice.as_ref(), &ids, &frames, 7).expect("speech");
            assert_eq!(samples.len() as u32, frames.iter().sum::<u32>() * hop, "{name}: {frames:?}");
            assert!(samples.iter().any(|s| s.abs() > 0.02), "{name}: nothing is heard of {frames:?}");
        }
    }
}

#[test]
fn an_utterance_of_kokoro_begins_and_ends_in_silence() {
    // A convolution over whole numbers that is padded with the wrong zero makes itself heard at both ends of an
    // utterance: at 0.07 to 0.25 of full scale in the first 50 ms, where the right one leaves less than 0.0001.
    let voice = voice(FRENCH);
    let edge = voice.clock().rate as usize / 20;
    let peak = |part: &[f32]| part.iter().fold(0.0, |most: f32, s| most.max(s.abs()));
    for text in ["Bonjour.", "Le phare éclaire de nouveau l'entrée du port.", "Non."] {
        let ids = ids(voice.as_ref(), text);
        let frames = predict(voice.as_ref(), &ids, 0).expect("durations");
        let samples = speak(voice.as_ref(), &ids, &frames, 0).expect("speech");
        let (first, last) = (peak(&samples[..edge]), peak(&samples[samples.len() - edge..]));
        assert!(first <= 0.001 && last <= 0.001, "{text}: {first} at the beginning, {last} at the end");
        assert!((0.1..=1.0).contains(&peak(&samples)), "{text}: {}", peak(&samples));
    }
}

/// What is done to the bytes of a model.
type Change<'a> = &'a dyn Fn(&mut Vec<u8>);

/// A copy of the Piper voice's two files in `place`, the model changed by `change`.
fn damaged(place: &Place, folder: &str, change: Change) {
    let from = voices().join(PIPER);
    let name = format!("{PIPER}.onnx");
    let mut model = std::fs::read(from.join(&name)).expect("the model");
    change(&mut model);
    place.write(&format!("{folder}/{name}"), &model);
    let config = std::fs::read(from.join(format!("{name}.json"))).expect("the configuration");
    place.write(&format!("{folder}/{name}.json"), &config);
}

#[test]
fn a_damaged_model_is_an_error_that_names_the_file() {
    let model = format!("{PIPER}.onnx");
    let own = format!("own/{model}");
    let catalogued = format!("voices/{PIPER}");
    let cut = |at: usize| move |bytes: &mut Vec<u8>| bytes.truncate(at);
    let blank = |from: usize| move |bytes: &mut Vec<u8>| bytes[from..from + 4096].fill(0xff);
    let (nothing, short, half) = (cut(0), cut(1000), cut(30_000_000));
    let (head, middle) = (blank(0), blank(100_000));
    let rows: [(&str, &str, Change); 6] = [
        (&catalogued, PIPER, &half),
        (&catalogued, PIPER, &head),
        ("own", &own, &nothing),
        ("own", &own, &short),
        ("own", &own, &half),
        ("own", &own, &middle),
    ];
    for (number, (folder, voice, change)) in rows.into_iter().enumerate() {
        let place = Place::with(&[("talk.txt", "00:01 The tide is coming in.\n")]);
        damaged(&place, folder, change);
        let options = ["render", "talk.txt", "--offline", "--voices-dir", "voices", "--voice", voice];
        let ran = place.run(&options);
        assert_eq!(ran.code, Some(1), "row {number}: {ran:?}");
        ran.complains(&["error: ", &model]);
        assert!(!place.files().iter().any(|f| f.starts_with("output")), "row {number}: {:?}", place.files());
    }
}

#[test]
fn a_voice_of_ones_own_by_its_path_speaks() {
    let place = Place::with(&[("talk.txt", "00:01 The tide is coming in.\n")]);
    let model = voices().join(PIPER).join(format!("{PIPER}.onnx"));
    let options = ["render", "talk.txt", "-q", "--offline", "--voices-dir", "none", "--report", "r.json", "--voice"];
    let mut all = options.to_vec();
    all.push(path(&model));
    place.run(&all).ends_with(0);
    assert_eq!(place.json("r.json")["tracks"][0]["cues"][0]["voice"], PIPER);
    place
        .run(&["render", "talk.txt", "--offline", "--voices-dir", path(voices()), "--voice", "en_US-joe-medium#9"])
        .ends_with(1)
        .complains(&["no speaker '9'"]);
}

#[test]
fn installed_voices_are_whole_and_known_as_installed() {
    let place = Place::with(&[]);
    let verified = place.run(&["voices", "verify", "--voices-dir", path(voices())]).ends_with(0);
    assert!(verified.err.contains(ENGLISH) && verified.err.contains(PIPER), "{}", verified.err);
    let list = place.run(&["voices", "list", "--installed", "--json", "--voices-dir", path(voices())]).ends_with(0);
    let list: Value = serde_json::from_str(&list.out).expect("JSON");
    let ids: Vec<&str> = list.as_array().into_iter().flatten().filter_map(|v| v["id"].as_str()).collect();
    // Other tests install into the same folder.
    assert!([ENGLISH, FRENCH].iter().all(|id| ids.contains(id)), "{ids:?}");
    assert!(ids.len() < 10, "voices that nobody installed are listed: {ids:?}");
}

/// A narration's own words, cut into lines of some words each, stamped to the millisecond where they are spoken, give or
/// take a quarter of a second: what a person with a stop watch would write down.
fn stamped_by_hand(narration: &Value) -> String {
    let cues = narration["tracks"][0]["cues"].as_array().expect("cues");
    let words: Vec<&Value> = cues.iter().flat_map(|cue| cue["words"].as_array().expect("words")).collect();
    let mut state = 1u32;
    let mut roll = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % (most + 1)
    };
    let mut text = String::new();
    let mut from = 0;
    while from < words.len() {
        let to = (from + 7 + roll(5) as usize).min(words.len());
        let off = f64::from(roll(500)) / 1000.0 - 0.25;
        let at = number(&words[from]["start"]) + 1.0 + off;
        let line: Vec<&str> = words[from..to].iter().map(|w| w["text"].as_str().expect("a word")).collect();
        text += &format!("{:02}:{:06.3} {}\n", (at / 60.0) as u32, at % 60.0, line.join(" "));
        from = to;
    }
    text
}

#[test]
fn lines_stamped_by_hand_from_real_speech_begin_where_they_are_stamped() {
    let place = Place::with(&[("voyage.txt", include_str!("../data/voyage.txt"))]);
    let plan = |file: &str| {
        let ran = place.run(&["plan", file, "--json", "-q", "--offline", "--voices-dir", path(voices())]);
        serde_json::from_str::<Value>(&ran.ends_with(0).out).expect("JSON")
    };
    let text = stamped_by_hand(&plan("voyage.txt"));
    place.write("stamped.txt", text.as_bytes());
    let report = plan("stamped.txt");
    let track = &report["tracks"][0];
    check_times(track);
    let summary = &track["summary"];
    assert!(number(&summary["cues"]) >= 30.0, "{summary}");
    assert!(number(&summary["start_error_p50_s"]) <= 0.03, "{summary}");
    assert!(number(&summary["start_error_p95_s"]) <= 0.12, "{summary}");
    assert!(number(&summary["rate_sd"]) <= 0.06 && number(&summary["max_rate"]) <= 1.2, "{summary}");
}
