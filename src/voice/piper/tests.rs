//! Tests of our own layers against rten, which runs the file as it stands: with small made voices of every shape, and with
//! a real one.

mod made;
mod speakers;

use super::*;
use crate::progress::Unwatched;
use crate::voice::catalog::Catalog;
use crate::voice::inference::Network;
use crate::voice::store::Store;
use cuevox_kernels::lanes::Machine;
use made::{IDS, Sizes};

/// As Piper's medium voices, but small, and with numbers of channels that are no multiples of 16.
fn medium() -> Sizes {
    Sizes {
        channels: 24,
        hidden: 20,
        layers: 3,
        couplings: 4,
        speakers: 0,
        first: 40,
        ups: vec![(8, 16), (4, 8)],
        blocks: vec![(3, vec![1, 2]), (5, vec![2, 6]), (7, vec![3, 12])],
        two: false,
        flips: true,
    }
}

fn shapes() -> Vec<(&'static str, Sizes)> {
    let high = [(3, vec![1, 3, 5]), (7, vec![1, 3, 5]), (11, vec![1, 3, 5])].to_vec();
    vec![
        ("medium", medium()),
        ("medium with speakers", Sizes { speakers: 4, ..medium() }),
        ("high", Sizes { two: true, blocks: high, first: 64, ups: vec![(8, 16), (2, 4), (2, 4)], ..medium() }),
        ("high with speakers", Sizes { two: true, speakers: 3, couplings: 3, ..medium() }),
        ("one block, no flips", Sizes { blocks: vec![(3, vec![1])], flips: false, couplings: 1, ..medium() }),
        ("whole blocks of channels", Sizes { channels: 64, hidden: 32, first: 64, ..medium() }),
        ("wide transposed convolutions", Sizes { ups: vec![(4, 16), (2, 6), (3, 7)], first: 48, ..medium() }),
    ]
}

fn config(speakers: usize) -> Config {
    let map: serde_json::Map<_, _> =
        [("^", 1), ("_", 0), ("$", 2)].map(|(k, v)| (k.to_owned(), [v].into())).into_iter().collect();
    let config = serde_json::json!({
        "audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"}, "num_speakers": speakers.max(1),
        "phoneme_id_map": map,
    });
    Config::parse(config.to_string().as_bytes()).expect("a configuration")
}

fn graph_of(bytes: &[u8]) -> Graph {
    Graph::read(bytes).expect("a graph")
}

fn with_rten(bytes: Vec<u8>, config: &Config) -> Piper {
    Piper::load_as_it_stands(graph_of(&bytes), config).expect("loaded by rten")
}

fn sound(piper: &Piper, ids: &[i32], frames: &[u32], speaker: i32) -> Vec<f32> {
    let seed = Seed::of(0, "made", speaker, ids);
    let mut samples = Vec::new();
    let mut take = |more: &[f32]| {
        samples.extend_from_slice(more);
        Ok(())
    };
    piper.speak(ids, frames, (speaker, seed), &mut take).expect("spoken");
    samples
}

/// The same voice with other instructions and another window.
fn changed(bytes: &[u8], config: &Config, machine: Machine, window: usize) -> Piper {
    let mut piper = Piper::load(graph_of(bytes), config).expect("loaded");
    // The network that it is held to speaks as fast as it is told.
    piper.fastest = f32::INFINITY;
    if let Sound::Own { sounding, front, .. } = &mut piper.sound {
        sounding.compute_with(machine, window);
        front.compute_with(machine);
    }
    piper
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn voices_of_every_shape_sound_as_rten_makes_them() {
    let ids: Vec<i32> = (0..40).map(|i| (i * i + 3) % IDS as i32).collect();
    for (name, sizes) in shapes() {
        let (bytes, config) = (made::voice(&sizes), config(sizes.speakers));
        let theirs = with_rten(bytes.clone(), &config);
        for speaker in 0..sizes.speakers.max(1) as i32 {
            let frames = theirs.predict(&ids, speaker, Seed::of(0, "made", 0, &ids)).expect("predicted");
            let wanted = sound(&theirs, &ids, &frames, speaker);
            let loudest = wanted.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            assert!((0.05..0.9999).contains(&loudest), "{name}: samples up to {loudest} test nothing");
            for machine in Machine::all() {
                let ours = changed(&bytes, &config, machine, 64);
                let path = computed_by(&bytes).expect("a voice");
                assert!(path.starts_with("own decoder") && matches!(ours.sound, Sound::Own { .. }), "{name}: {path}");
                assert_eq!(ours.predict(&ids, speaker, Seed::of(0, "made", 0, &ids)).expect("predicted"), frames);
                let off = worst(&sound(&ours, &ids, &frames, speaker), &wanted);
                assert!(off < 1e-4, "{name}, speaker {speaker}, {}: off by {off}", machine.name());
            }
        }
    }
}

#[test]
fn windows_of_every_length_give_the_same_samples() {
    for (name, sizes) in shapes() {
        let (bytes, config) = (made::voice(&sizes), config(sizes.speakers));
        let ids: Vec<i32> = (0..30).map(|i| (i * 5 + 1) % IDS as i32).collect();
        let frames: Vec<u32> = (0..30).map(|i| 1 + i % 7).collect();
        for machine in Machine::all() {
            let whole = sound(&changed(&bytes, &config, machine, 100_000), &ids, &frames, 0);
            for window in [1, 2, 7, 50] {
                let parts = sound(&changed(&bytes, &config, machine, window), &ids, &frames, 0);
                assert!(parts == whole, "{name}, {}, {window} frames at a time", machine.name());
            }
        }
    }
}

#[test]
fn hurried_speech_is_the_same_in_windows_of_every_length_and_only_hurried_speech_is_another() {
    let (bytes, config) = (made::voice(&medium()), config(0));
    let ids: Vec<i32> = (0..30).map(|i| (i * 5 + 1) % IDS as i32).collect();
    let voice = |window: usize, fastest: f32| {
        let mut piper = changed(&bytes, &config, Machine::best(), window);
        piper.fastest = fastest;
        piper
    };
    let own = voice(64, 1.0).predict(&ids, 0, Seed::of(0, "made", 0, &ids)).expect("predicted");
    let half: Vec<u32> = own.iter().map(|frames| frames.div_ceil(2)).collect();
    assert!(half.iter().sum::<u32>() * 4 < own.iter().sum::<u32>() * 3, "{own:?} are too few to be hurried");
    for fastest in [1.0, 1.3] {
        let whole = sound(&voice(100_000, fastest), &ids, &half, 0);
        assert_eq!(whole.len(), half.iter().sum::<u32>() as usize * 32);
        for window in [1, 2, 7, 50] {
            assert!(sound(&voice(window, fastest), &ids, &half, 0) == whole, "{window} frames at a time");
        }
        assert!(whole != sound(&voice(64, f32::INFINITY), &ids, &half, 0), "{fastest} changes nothing");
        let slow: Vec<u32> = own.iter().map(|frames| frames + 1).collect();
        for frames in [&own, &slow] {
            let plain = sound(&voice(64, f32::INFINITY), &ids, frames, 0);
            assert!(sound(&voice(64, fastest), &ids, frames, 0) == plain, "{fastest}: speech with time is another");
        }
    }
}

#[test]
fn the_shortest_utterances_are_spoken_and_memory_is_used_again() {
    let (bytes, config) = (made::voice(&medium()), config(0));
    let (ours, theirs) = (changed(&bytes, &config, Machine::best(), 512), with_rten(bytes, &config));
    for frames in [vec![1], vec![2, 1], vec![40, 1, 1], vec![1], vec![0, 3]] {
        let ids = vec![3; frames.len()];
        let (a, b) = (sound(&ours, &ids, &frames, 0), sound(&theirs, &ids, &frames, 0));
        assert!(worst(&a, &b) < 1e-4, "{frames:?}");
    }
    assert_eq!(sound(&ours, &[3], &[0], 0), [0.0_f32; 0]);
}

#[test]
fn the_first_sound_of_a_long_utterance_is_there_early_and_memory_does_not_grow() {
    let (bytes, config) = (made::voice(&medium()), config(0));
    let memory = |frames: u32| {
        let ours = changed(&bytes, &config, Machine::best(), 32);
        let (mut first, mut total) = (None, 0);
        let mut take = |more: &[f32]| {
            first.get_or_insert(more.len());
            total += more.len();
            Ok(())
        };
        ours.speak(&[3], &[frames], (0, Seed::of(0, "made", 0, &[3])), &mut take).expect("spoken");
        assert_eq!(total, frames as usize * 32);
        assert!(first.is_some_and(|first| first < 200 * 32), "the first piece has {first:?} samples");
        match &ours.sound {
            Sound::Own { sounding, .. } => sounding.run_bytes(),
            Sound::Network { .. } => panic!("it is rten's"),
        }
    };
    let (short, long) = (memory(2000), memory(16_000));
    assert!(long <= short + short / 4, "{short} bytes for 2000 frames, {long} for 16000");
}

#[test]
fn whoever_takes_the_samples_can_end_it() {
    let (bytes, config) = (made::voice(&medium()), config(0));
    let ours = changed(&bytes, &config, Machine::best(), 16);
    let mut calls = 0;
    let mut take = |_: &[f32]| {
        calls += 1;
        Err(Error::new(Kind::Interrupted, "enough"))
    };
    let ended = ours.speak(&[3], &[1000], (0, Seed::of(0, "made", 0, &[3])), &mut take);
    assert!(ended.is_err_and(|e| e.kind() == Kind::Interrupted));
    assert_eq!(calls, 1);
    assert_eq!(sound(&ours, &[3, 4], &[5, 5], 0).len(), 320);
}

#[test]
fn a_graph_that_is_not_understood_is_left_to_rten_with_the_reason() {
    let (bytes, config) = (made::voice(&medium()), config(0));
    let ids = vec![3, 4, 5];
    let wanted = sound(&with_rten(bytes.clone(), &config), &ids, &[4, 3, 5], 0);
    // An operator that is another one: the sound is the same or not, but nobody must take it for what it was.
    for (from, to, reason) in [
        (&b"Sigmoid"[..], &b"Softmax"[..], "the layers of a coupling are not gated ones"),
        (b"LeakyRelu", b"HardSwish", "LeakyRelu"),
        (b"Concat", b"Einsum", "the flow does not begin with noise around means"),
    ] {
        let mut bytes = bytes.clone();
        let places: Vec<usize> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
        assert!(!places.is_empty());
        places.iter().for_each(|at| bytes[*at..*at + from.len()].copy_from_slice(to));
        let graph = Graph::read(&bytes).expect("read");
        let why = own_layers(&graph, 32).expect("walked").err().unwrap_or_default();
        assert!(why.contains(reason), "{why}");
        assert_eq!(computed_by(&bytes).expect("a network"), format!("rten, because {why}"));
    }
    let theirs = with_rten(bytes, &config);
    assert_eq!(sound(&theirs, &ids, &[4, 3, 5], 0), wanted);
}

/// The model and the configuration of a real voice, installed where the tests of the whole program install theirs.
fn joe() -> (Vec<u8>, Config) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tmp/voices");
    let folder = std::env::var_os("CUEVOX_VOICES_DIR").unwrap_or_else(|| folder.into());
    let catalog = Catalog::built_in().expect("the catalogue");
    let entry = catalog.find("en_US-joe-medium").expect("it is of the catalogue");
    let files = Store::open(folder.into(), false).ensure(entry, &Unwatched).expect("installed");
    let config = files.bytes(Role::Config).expect("a configuration");
    (files.bytes(Role::Model).expect("a model"), Config::parse(&config).expect("a configuration"))
}

#[test]
fn a_real_voice_speaks_as_rten_makes_it() {
    let (bytes, config) = joe();
    assert!(computed_by(&bytes).expect("a voice").starts_with("own layers from text to sound"));
    let theirs = with_rten(bytes.clone(), &config);
    for count in [12, 1, 2, 4, 130] {
        let inner = (0..count).flat_map(|i| [0, 3 + (i * i + i * 7) % 60]);
        let ids: Vec<i32> = std::iter::once(1).chain(inner).chain([0, 2]).collect();
        let seed = Seed::of(0, "joe", 0, &ids);
        let frames = theirs.predict(&ids, 0, seed).expect("predicted");
        let wanted = sound(&theirs, &ids, &frames, 0);
        let machines = if count > 100 { vec![Machine::best()] } else { Machine::all() };
        for machine in machines {
            let ours = changed(&bytes, &config, machine, 256);
            assert_eq!(ours.predict(&ids, 0, seed).expect("predicted"), frames, "{}, {count}", machine.name());
            let off = worst(&sound(&ours, &ids, &frames, 0), &wanted);
            assert!(off < 1e-4, "{}, {count}: off by {off}", machine.name());
        }
    }
}

#[test]
fn a_real_voice_in_haste_decodes_every_other_frame_of_what_its_flow_makes_at_leisure() {
    const LATENT: &str = "/Mul_7_output_0";
    let (bytes, config) = joe();
    let inner = (0..20).flat_map(|i| [0, 3 + (i * i + i * 7) % 60]);
    let ids: Vec<i32> = std::iter::once(1).chain(inner).chain([0, 2]).collect();
    let seed = Seed::of(0, "made", 0, &ids);
    let mut ours = Piper::load(graph_of(&bytes), &config).expect("loaded");
    ours.fastest = 1.0;
    let own = ours.predict(&ids, 0, seed).expect("predicted");
    let asked: Vec<u32> = own.iter().map(|frames| frames.div_ceil(2)).collect();
    let articulation = Articulation::of(&own.iter().map(|f| *f as f32).collect::<Vec<_>>(), &asked, 1.0, 1);
    assert_eq!(articulation.frames, own);

    let mut flow = graph_of(&bytes);
    let (durations, noises) = (flow.only_output("Ceil").expect("durations"), flow.outputs("RandomNormalLike"));
    flow.cut(&[&durations, &noises[1]], &[LATENT]);
    let flow = Inputs::load(flow, None).expect("loaded");
    let node = |name: &str| flow.network().value(name).expect("it is there");
    let total: u32 = own.iter().sum();
    let channels = 192;
    let drawn = seed.normal(VOICE_STREAM, channels * total as usize);
    let turned = (0..drawn.len()).map(|i| drawn[i % total as usize * channels + i / total as usize]).collect();
    let mut values = flow.values(Asked { ids: &ids, speaker: 0, scales: ours.scales }, None).expect("values");
    let planned = floats(&[1, 1, ids.len()], own.iter().map(|f| *f as f32).collect()).expect("floats");
    values.push((node(&durations), planned.into()));
    values.push((node(&noises[1]), floats(&[1, channels, total as usize], turned).expect("floats").into()));
    let [latent] = flow.network().run(values, [node(LATENT)]).expect("run");
    let latent = elements(latent).expect("floats");

    let mut decoder = graph_of(&bytes);
    decoder.cut(&[LATENT], &["output"]);
    let decoder = Network::load(decoder.write().expect("written")).expect("loaded");
    let heard = &articulation.heard;
    let picked = (0..channels * heard.len())
        .map(|i| latent[i / heard.len() * total as usize + heard[i % heard.len()] as usize])
        .collect();
    let input = floats(&[1, channels, heard.len()], picked).expect("floats");
    let (entry, output) = (decoder.value(LATENT).expect("in"), decoder.value("output").expect("out"));
    let [wanted] = decoder.run(vec![(entry, input.into())], [output]).expect("run");
    let off = worst(&sound(&ours, &ids, &asked, 0), &elements(wanted).expect("floats"));
    assert!(off < 1e-4, "off by {off}");
}
