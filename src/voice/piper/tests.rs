//! Tests with a real voice, where there is one, and with small made ones.

use super::*;

fn joe() -> Option<(Vec<u8>, Config)> {
    let folder = std::path::PathBuf::from(std::env::var_os("CUEVOX_VOICES_DIR")?).join("en_US-joe-medium");
    let bytes = std::fs::read(folder.join("en_US-joe-medium.onnx")).ok()?;
    let config = std::fs::read(folder.join("en_US-joe-medium.onnx.json")).ok()?;
    Some((bytes, Config::parse(&config).expect("a configuration")))
}

fn sound(piper: &Piper, ids: &[i32], frames: &[u32]) -> Vec<f32> {
    let mut samples = Vec::new();
    let seed = Seed::of(0, "joe", 0, ids);
    piper
        .speak(ids, frames, (0, seed), &mut |more| {
            samples.extend_from_slice(more);
            Ok(())
        })
        .expect("spoken");
    samples
}

#[test]
fn joe_sounds_as_rten_makes_him() {
    let Some((bytes, config)) = joe() else { return };
    let ours = Piper::load(bytes.clone(), &config).expect("loaded");
    let theirs = Piper::load_with(bytes, &config, |_, _| Ok(Err("it is asked for"))).expect("loaded");
    let ids: Vec<i32> = std::iter::once(1).chain((0..60).flat_map(|i| [0, 3 + (i * 7) % 60])).chain([0, 2]).collect();
    let seed = Seed::of(0, "joe", 0, &ids);
    let frames = ours.predict(&ids, 0, seed).expect("predicted");
    assert_eq!(frames, theirs.predict(&ids, 0, seed).expect("predicted"));
    let (a, b) = (sound(&ours, &ids, &frames), sound(&theirs, &ids, &frames));
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    eprintln!("{}: {} samples, off by {worst}", ours.path(), a.len());
    assert!(worst < 1e-4, "off by {worst}");
}
