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
fn what_a_container_leaves_vague_is_off_by_no_more_than_that() {
    // Matroska counts in milliseconds and does not say where AAC begins; MP4 counts silence before the sound in
    // milliseconds. The lengths are those ffmpeg decodes too.
    let rows = [("vorbis.mkv", 20_032, 0), ("aac.mkv", 21_504, 0), ("late.mp4", 20_011 + 4410, 45)];
    for (name, wanted, off) in rows {
        let found = length(&path(name)).expect(name).samples;
        assert!(found.abs_diff(wanted) <= off, "{name}: {found}");
        assert_eq!(heard(&path(name), 1).expect(name).0.len() as u64, found, "{name}");
    }
    let (late, _) = heard(&path("late.mp4"), 1).expect("there");
    assert!(late[..3000].iter().all(|s| *s == 0.0) && late[6000..].iter().any(|s| s.abs() > 0.1));
}

#[test]
fn a_film_without_sound_is_as_long_as_its_pictures() {
    for name in ["silent.mp4", "silent.mkv"] {
        assert_eq!(length(&path(name)).expect(name).at_rate(48_000), 28_800, "{name}");
        let error = Sound::open(&path(name), 1).err().expect("there is no sound");
        assert!(error.to_string().contains("no sound"), "{error}");
    }
}

#[test]
fn more_channels_are_folded_and_fewer_copied() {
    let (one, _) = heard(&path("six.flac"), 1).expect("there");
    let (two, _) = heard(&path("six.flac"), 2).expect("there");
    assert_eq!((one.len(), two.len()), (9600, 19_200));
    assert!(one[2000..4000].iter().any(|s| s.abs() > 0.01) && one.iter().all(|s| s.abs() <= 0.2));
    let (left, right) = (two.iter().step_by(2), two.iter().skip(1).step_by(2));
    assert!(left.zip(right).all(|(left, right)| left == right));
}

#[test]
fn what_is_no_media_file_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text.mp4");
    std::fs::write(&text, "This is only text. ".repeat(1000)).expect("written");
    let empty = folder.path().join("empty.wav");
    std::fs::write(&empty, "").expect("written");
    let rows = [
        (folder.path().join("missing.mp3"), "no such media file"),
        (folder.path().to_owned(), "a folder"),
        (text, "no media file that can be read"),
        (empty, "no media file that can be read"),
        (path("opus.ogg"), "cannot be decoded"),
    ];
    for (path, reason) in rows {
        let error = length(&path).expect_err("it cannot be read");
        assert_eq!(error.kind(), Kind::Input);
        assert!(error.to_string().contains(reason) && error.way_out().is_some(), "{error}");
        assert!(error.file().is_some_and(|file| file == path));
    }
}

#[test]
fn damage_in_the_middle_is_told_and_heard_as_silence_of_the_same_length() {
    let folder = tempfile::tempdir().expect("a folder");
    let damaged = folder.path().join("damaged.m4a");
    let whole = std::fs::read(path("tone.m4a")).expect("there");
    let mut told = 0;
    for from in (1500..2900).step_by(200) {
        let mut bytes = whole.clone();
        bytes[from..from + 90].fill(0x5a);
        std::fs::write(&damaged, bytes).expect("written");
        let (samples, damage) = heard(&damaged, 1).expect("it goes on");
        assert_eq!((samples.len(), length(&damaged).expect("it goes on").samples), (20_011, 20_011), "{from}");
        assert!(samples[..4000].iter().any(|s| s.abs() > 0.1) && samples.iter().all(|s| s.is_finite()));
        if let Some(damage) = damage {
            assert!(damage.packets > 0 && damage.packets < 5 && !damage.ends_early, "{damage:?}");
            assert!((0.05..0.45).contains(&damage.first.secs()), "{damage:?}");
            told += 1;
        }
    }
    assert!(told > 2, "{told}");
}

#[test]
fn files_that_are_cut_off_or_overwritten_end_in_sound_or_in_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("damaged");
    for name in ["tone.flac", "tone.mp3", "tone.m4a", "alac.m4a", "tone.ogg", "flac.mkv", "film.mp4"] {
        let whole = std::fs::read(path(name)).expect("there");
        for round in 0..24 {
            let mut bytes = whole.clone();
            if round % 2 == 0 {
                bytes.truncate(whole.len() * round / 24);
            } else {
                let at = whole.len() * round / 24;
                let end = (at + 5 * round).min(whole.len());
                bytes[at..end].iter_mut().for_each(|byte| *byte ^= 0xa5);
            }
            std::fs::write(&target, bytes).expect("written");
            match (heard(&target, 2), length(&target)) {
                (Ok((samples, _)), _) => assert!(samples.len() < 40 * 20_011, "{name} {round}: {}", samples.len()),
                (Err(error), _) => assert_eq!(error.kind(), Kind::Input, "{name} {round}: {error}"),
            }
        }
    }
}
