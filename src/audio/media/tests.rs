//! Media files as ffmpeg makes them, against what was put into them: 20,011 samples at 44,100 Hz of 440 Hz on the left,
//! 660 Hz on the right.

use super::*;

const MEDIA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/media");

fn path(name: &str) -> PathBuf {
    Path::new(MEDIA).join(name)
}

/// All samples of a file, and what was damaged.
fn heard(path: &Path, width: u16) -> Result<(Vec<f32>, Option<Damage>)> {
    let mut sound = Sound::open(path, width)?;
    let mut all = Vec::new();
    while let Some(part) = sound.part()? {
        all.extend_from_slice(part);
    }
    Ok((all, sound.damage().cloned()))
}

/// How far a signal is from the tone that should be in it, in decibels below the tone, over the middle of it.
fn distance(samples: &[f32], level: f64, pitch: f64) -> f64 {
    let (mut wanted, mut error) = (0.0, 0.0);
    for (i, sample) in samples.iter().enumerate().take(15_000).skip(5_000) {
        let tone = level * (i as f64 / 44_100.0 * pitch * std::f64::consts::TAU).sin();
        wanted += tone * tone;
        error += (f64::from(*sample) - tone).powi(2);
    }
    10.0 * (wanted / error.max(1e-30)).log10()
}

#[test]
fn every_format_gives_the_sound_that_was_put_into_it_at_its_time_and_as_long() {
    let rows = [
        ("tone.flac", 20_011, 70.0),
        ("tone.mp3", 20_011, 15.0),
        ("tone.m4a", 20_011, 15.0),
        ("alac.m4a", 20_011, 70.0),
        ("tone.ogg", 20_011, 15.0),
        ("flac.mkv", 20_011, 70.0),
        ("film.mp4", 20_011, 15.0),
    ];
    for (name, wanted, distant) in rows {
        let (samples, damage) = heard(&path(name), 2).expect(name);
        assert_eq!((samples.len(), damage), (wanted * 2, None), "{name}");
        let found = length(&path(name)).expect(name);
        assert_eq!((found.samples, found.rate), (wanted as u64, 44_100), "{name}");
        for (side, (level, pitch)) in [(0.3, 440.0), (0.2, 660.0)].into_iter().enumerate() {
            let side: Vec<f32> = samples.iter().skip(side).step_by(2).copied().collect();
            let far = distance(&side, level, pitch);
            assert!(far > distant, "{name}: {far} dB at {pitch} Hz");
        }
    }
}

#[test]
fn look() {
    for name in [
        "tone.flac",
        "tone.mp3",
        "tone.m4a",
        "alac.m4a",
        "tone.ogg",
        "flac.mkv",
        "vorbis.mkv",
        "aac.mkv",
        "film.mp4",
        "late.mp4",
        "silent.mp4",
        "silent.mkv",
        "six.flac",
        "opus.ogg",
        "make.sh",
    ] {
        let h = heard(&path(name), 2);
        eprintln!(
            "{name}: {:?} {:?}",
            h.map(|(s, d)| {
                let l: Vec<f32> = s.iter().step_by(2).copied().collect();
                (l.len(), d, distance(&l, 0.3, 440.0))
            })
            .map_err(|e| e.to_string()),
            length(&path(name)).map_err(|e| e.to_string())
        );
    }
}
