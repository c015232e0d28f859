//! The crate `piper-rs`, which speaks the same voices with ONNX Backend: what ours is held against, and what
//! `--engine piper-rs` speaks with. Needs `ORT_DYLIB_PATH`.

use crate::real::{PIPER, ids, path, voices};
use crate::support::{Place, check_silence, check_times, number};
use cuevox::progress::Unwatched;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::Catalog;
use cuevox::voice::store::Store;
use cuevox::voice::{Backend, Voice, predict, speak};
use serde_json::{Value, json};
use std::sync::Arc;

const TEXT: &str = "The tide comes in twice a day, and nobody here is surprised: the boats were tied up at seven.";

/// The English voice without any noise, in a folder of its own.
struct Quiet {
    place: Place,
    config: Value,
}

impl Quiet {
    fn new() -> Quiet {
        let name = format!("{PIPER}/{PIPER}.onnx");
        let place = Place::with(&[]);
        let bytes = std::fs::read(voices().join(&name)).expect("the voice is installed");
        let json = std::fs::read(voices().join(name + ".json")).expect("so is its configuration");
        let mut config: Value = serde_json::from_slice(&json).expect("JSON");
        config["inference"] = json!({"noise_scale": 0.0, "length_scale": 1.0, "noise_w": 0.0});
        place.write("quiet.onnx", &bytes);
        place.write("quiet.onnx.json", config.to_string().as_bytes());
        Quiet { place, config }
    }

    fn voice(&self, runtime: Backend) -> Arc<dyn Voice> {
        let store = Store::open(voices().to_owned(), true);
        let cast = Cast::new(Vec::new(), Catalog::built_in().expect("a catalogue"), store).spoken_by(runtime);
        cast.voice(path(&self.place.path("quiet.onnx")), &Unwatched).expect("it can be loaded")
    }

    /// The crate by itself, as its users have it.
    fn piper_rs(&self) -> piper_rs::Piper {
        // Loads ONNX Backend, and says it if there is none.
        self.voice(Backend::PiperRs);
        let files = (self.place.path("quiet.onnx"), self.place.path("quiet.onnx.json"));
        piper_rs::Piper::new(&files.0, &files.1).expect("it can be loaded")
    }

    /// Phonemes that each have one id, and the ids that piper-rs makes of them: no pad follows the beginning.
    fn phonemes(&self) -> (String, Vec<i32>) {
        let map = &self.config["phoneme_id_map"];
        let id = |symbol: &str| map[symbol][0].as_i64().expect("an id") as i32;
        let name = |id: i64| {
            let symbols = map.as_object().expect("a map").iter();
            symbols.filter(|(_, ids)| ids[0] == id).map(|(symbol, _)| symbol.clone()).next().expect("a symbol")
        };
        let own = ids(self.voice(Backend::Own).as_ref(), TEXT);
        let text: String = own[2..own.len() - 1].iter().step_by(2).map(|id| name((*id).into())).collect();
        let padded = text.chars().flat_map(|c| [id(&c.to_string()), id("_")]);
        (text.clone(), [id("^")].into_iter().chain(padded).chain([id("$")]).collect())
    }
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let loudest = a.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    assert!((0.1..=1.0).contains(&loudest), "samples up to {loudest} prove nothing");
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn without_noise_piper_rs_gives_the_samples_that_we_give() {
    let quiet = Quiet::new();
    let (text, ids) = quiet.phonemes();
    assert!(ids.len() > 150, "{} ids are no sentence", ids.len());
    let ours = quiet.voice(Backend::Own);
    let frames = predict(quiet.voice(Backend::PiperRs).as_ref(), &ids, 0).expect("predicted");
    let samples = speak(ours.as_ref(), &ids, &frames, 0).expect("spoken");
    let (theirs, rate) = quiet.piper_rs().create(&text, true, None, None, None, None).expect("spoken");
    assert_eq!(rate, ours.clock().rate);
    let off = worst(&samples, &theirs);
    assert!(off < 1e-3, "off by {off}");
}

#[test]
fn as_an_engine_it_says_the_same_at_the_voices_own_pace_and_is_as_long_as_it_is_told() {
    let quiet = Quiet::new();
    let (ours, theirs) = (quiet.voice(Backend::Own), quiet.voice(Backend::PiperRs));
    assert_ne!(ours.fingerprint(), theirs.fingerprint());
    let ids = ids(theirs.as_ref(), TEXT);
    assert_eq!(ids, quiet.phonemes().1);
    let frames = predict(theirs.as_ref(), &ids, 7).expect("predicted");
    // Ours has room before the first sound.
    let with_room = predict(ours.as_ref(), &ids, 0).expect("predicted");
    assert!(with_room[0] >= 5 && with_room[1..] == frames[1..], "{with_room:?}, {frames:?}");
    let off = worst(
        &speak(ours.as_ref(), &ids, &frames, 0).expect("spoken"),
        &speak(theirs.as_ref(), &ids, &frames, 0).expect("spoken"),
    );
    assert!(off < 1e-3, "off by {off}");
    for (numerator, denominator) in [(4, 5), (9, 10), (11, 10), (5, 4)] {
        let frames: Vec<u32> = frames.iter().map(|f| (f * numerator).div_ceil(denominator)).collect();
        let samples = speak(theirs.as_ref(), &ids, &frames, 0).expect("as long as it is told");
        // Nothing is cut off and nothing filled up: speech fades out in the last tenth of a second, but is there.
        let near_end = &samples[samples.len() - samples.len() / 8..];
        assert!(near_end.iter().any(|s| s.abs() > 0.01) && near_end.iter().rev().take(200).all(|s| s.abs() < 0.05));
        assert!(near_end.iter().rev().take(256).any(|s| *s != 0.0), "{numerator}/{denominator}: it was filled up");
    }
}

#[test]
fn a_track_by_piper_rs_is_where_the_plan_says() {
    let transcript =
        "00:01 The tide comes in twice a day.\n00:05 Nobody here is surprised.\n00:08 The boats are tied up.\n";
    let place = Place::with(&[("talk.txt", transcript)]);
    let options = ["render", "talk.txt", "-q", "--offline", "--engine", "piper-rs", "--report", "r.json"];
    let all = [&options[..], &["--voices-dir", path(voices()), "--voice", PIPER, "--total", "00:12"]].concat();
    place.run(&all).ends_with(0);
    let (wav, report) = (place.wav("output/talk.wav"), place.json("r.json"));
    let track = &report["tracks"][0];
    assert_eq!(wav.mono().len(), 12 * 48_000);
    check_times(track);
    check_silence(&wav, track, 0.15, 0.01);
    for cue in crate::support::spoken(track) {
        let (start, end) = (number(&cue["speech_start"]), number(&cue["speech_end"]));
        assert!(wav.peak(start, end) > 0.1, "{cue} is not heard");
    }
}

#[test]
fn without_onnx_runtime_there_is_an_error_that_says_what_to_do() {
    let place = Place::with(&[("talk.txt", "00:01 The tide comes in.\n"), ("no.so", "no library")]);
    let options =
        ["plan", "talk.txt", "--offline", "--engine", "piper-rs", "--voices-dir", path(voices()), "--voice", PIPER];
    for (library, why) in
        [(None, "nothing says where"), (Some("/nowhere/o.so"), "/nowhere/o.so: "), (Some("no.so"), "is not it")]
    {
        let mut command = place.command(&options);
        command.env_remove("ORT_DYLIB_PATH").envs(library.map(|file| ("ORT_DYLIB_PATH", file)));
        let ran = command.output().expect("it can be started");
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{said}");
        assert!(said.contains(why) && said.contains("set ORT_DYLIB_PATH") && !said.contains("panicked"), "{said}");
    }
}
