//! Tracks from clips, read back.

use super::*;
use crate::progress::Unwatched;
use crate::time::Ticks;

mod overlap;

const RATE: u32 = 8000;

fn layout(bits: u16, channels: u16) -> Layout {
    Layout { sample_rate: RATE, bits, channels }
}

fn master(target: &Path, frames: u64, loudness: Option<f64>, layout: Layout) -> Master<'_> {
    Master {
        output: Output::File(target),
        layout,
        frames,
        loudness,
        background: None,
        labels: Labels::default(),
        stems: None,
    }
}

fn read(target: &Path) -> Vec<f32> {
    hound::WavReader::open(target).expect("a file").samples().map(|s| s.expect("a sample")).collect()
}

/// Puts a clip of the first voice.
fn put(track: &mut Track<'_>, start: u64, samples: Vec<f32>) -> Result<()> {
    track.put(Clip { start, voice: 0, samples })
}

/// Something as uneven as speech: a hum with a syllable's rise and fall, four a second.
fn speechlike(count: usize, level: f32) -> Vec<f32> {
    let sample = |i: usize| {
        let t = i as f32 / RATE as f32;
        let pitch: f32 = (1..8).map(|n| (t * 130.0 * n as f32 * 6.283_185_5).cos() / n as f32).sum();
        level * pitch * (0.5 - 0.5 * (t * 4.0 * 6.283_185_5).cos())
    };
    (0..count).map(sample).collect()
}

#[test]
fn clips_stand_where_they_were_put_and_nowhere_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("t.wav");
    let mut track = Track::create(master(&target, 50_000, None, layout(32, 1))).expect("begun");
    put(&mut track, 3, vec![0.5, 0.25]).expect("put");
    put(&mut track, 5, vec![0.125]).expect("put");
    put(&mut track, 40_000, vec![0.75]).expect("put");
    assert!(put(&mut track, 39_999, vec![0.1]).is_err());
    let finished = track.finish(&Unwatched).expect("finished");
    assert_eq!((finished.frames, finished.clipped, finished.gain_db, finished.limited_db), (50_000, 0, 0.0, 0.0));
    let samples = read(&target);
    let sounds: Vec<(usize, f32)> = samples.iter().copied().enumerate().filter(|(_, s)| *s != 0.0).collect();
    assert_eq!(sounds, [(3, 0.5), (4, 0.25), (5, 0.125), (40_000, 0.75)]);
    assert_eq!(samples.len(), 50_000);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn what_lies_beyond_the_end_is_cut_with_a_fade() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("t.wav");
    let mut track = Track::create(master(&target, 1000, None, layout(32, 1))).expect("begun");
    put(&mut track, 100, vec![0.5; 2000]).expect("put");
    put(&mut track, 3000, vec![0.5; 200]).expect("put");
    track.finish(&Unwatched).expect("finished");
    let samples = read(&target);
    assert_eq!((samples.len(), samples[100], samples[919]), (1000, 0.5, 0.5));
    assert!(samples[999] < 0.001 && samples[920..].windows(2).all(|pair| pair[1] < pair[0]));
}

#[test]
fn the_loudness_is_the_one_that_was_asked_for_and_no_peak_passes_the_ceiling() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("t.wav");
    for (level, wanted, channels) in [(0.01, -16.0, 1), (0.3, -23.0, 1), (0.3, -14.0, 2), (0.05, -13.5, 1)] {
        let mut track =
            Track::create(master(&target, 20 * u64::from(RATE), Some(wanted), layout(32, channels))).expect("begun");
        put(&mut track, 8000, speechlike(60_000, level)).expect("put");
        put(&mut track, 90_000, speechlike(40_000, level)).expect("put");
        let finished = track.finish(&Unwatched).expect("finished");
        let samples = read(&target);
        assert_eq!(samples.len() as u64, finished.frames * u64::from(channels));
        let mut meter = Meter::of_channels(RATE, channels);
        meter.hear(&samples);
        let found = meter.level();
        let (lufs, peak) = (found.lufs.expect("sound"), found.true_peak_db.expect("sound"));
        assert!((lufs - wanted).abs() < 0.2, "{lufs} for {wanted}");
        assert!(peak <= CEILING_DB, "{peak}");
        assert!((finished.level.lufs.expect("sound") - lufs).abs() < 0.1);
        assert!((finished.level.true_peak_db.expect("sound") - peak).abs() < 0.01);
        assert_eq!(finished.notes, []);
    }
}

#[test]
fn what_cannot_be_as_loud_as_that_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("t.wav");
    let mut track = Track::create(master(&target, 80_000, Some(-6.0), layout(16, 1))).expect("begun");
    // A click now and then: all of it is peak.
    let clicks: Vec<f32> = (0..80_000).map(|i| if i % 800 == 0 { 0.1 } else { 0.0 }).collect();
    put(&mut track, 0, clicks).expect("put");
    let finished = track.finish(&Unwatched).expect("finished");
    assert_eq!(finished.notes.iter().map(|n| n.code).collect::<Vec<_>>(), ["loudness"]);
    assert!(finished.level.true_peak_db.is_some_and(|peak| peak <= CEILING_DB) && finished.limited_db > 3.0);
}

#[test]
fn silence_stays_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("t.wav");
    let track = Track::create(master(&target, 9000, Some(-16.0), layout(32, 2))).expect("begun");
    let finished = track.finish(&Unwatched).expect("finished");
    assert_eq!((finished.gain_db, finished.level.lufs), (0.0, None));
    assert!(read(&target).iter().all(|s| *s == 0.0));
}

/// A background: a steady hum of this length, louder than any speech.
fn hum(folder: &Path, frames: usize) -> PathBuf {
    let path = folder.join("hum.wav");
    let samples: Vec<f32> = (0..frames).map(|i| 0.8 * (i as f32 / 6.0).sin()).collect();
    let layout = Layout { sample_rate: 16_000, bits: 32, channels: 1 };
    let mut file = SoundFile::create(&path, layout, Labels::default(), frames as u64).expect("begun");
    file.write(&samples, 1).expect("written");
    file.finish(Level { lufs: None, true_peak_db: None }).expect("finished");
    path
}

/// The level in decibels of a stretch of one channel.
fn decibels(samples: &[f32]) -> f64 {
    let power = samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len().max(1) as f64;
    10.0 * power.max(1e-20).log10()
}

#[test]
fn a_background_makes_room_for_the_speech_and_ends_with_the_track() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("t.wav");
    let second = RATE as usize;
    for (seconds, loudness) in [(12.0, Some(-16.0)), (30.0, Some(-16.0)), (30.0, None)] {
        let path = hum(folder.path(), (seconds * 16_000.0) as usize);
        let speech = 5 * second as u64..8 * second as u64;
        let background = Background {
            path,
            lufs: Some(-5.0),
            frames: (seconds * f64::from(RATE)) as u64,
            duck: Duck { depth_db: 30.0, release: Ticks::from_millis(500), ..Duck::default() },
            speech: vec![speech],
            from: 0,
            until: 20 * u64::from(RATE),
        };
        let plain = master(&target, 20 * u64::from(RATE), loudness, layout(32, 2));
        let mut track = Track::create(Master { background: Some(background), ..plain }).expect("begun");
        put(&mut track, 5 * u64::from(RATE), speechlike(3 * second, 0.1)).expect("put");
        let finished = track.finish(&Unwatched).expect("finished");
        let samples: Vec<f32> = read(&target).into_iter().step_by(2).collect();
        assert_eq!((samples.len(), finished.frames), (20 * second, 20 * second as u64));
        let at = |from: f64, to: f64| decibels(&samples[(from * 8000.0) as usize..(to * 8000.0) as usize]);
        let (free, under, spoken) = (at(1.0, 4.0), at(8.05, 8.35), at(5.0, 8.0));
        assert!((free - under - 30.0).abs() < 0.5, "{free} {under}");
        assert!(spoken - under > 20.0 && at(10.0, 11.0) > under + 29.0, "{spoken} {under}");
        match seconds < 20.0 {
            true => assert!(at(12.5, 20.0) < -100.0),
            false => assert!(at(18.0, 18.9) > free - 1.0 && samples[20 * second - 1].abs() < 0.001),
        }
        assert!(finished.level.true_peak_db.is_some_and(|peak| peak <= CEILING_DB));
        if let Some(wanted) = loudness {
            assert!((finished.level.lufs.expect("sound") - wanted).abs() < 0.2, "{finished:?}");
        }
    }
}

#[test]
fn a_part_of_a_track_lies_over_the_part_of_the_background_that_goes_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (target, path) = (folder.path().join("t.wav"), hum(folder.path(), 30 * 16_000));
    let (whole, speech) = (160_000, 40_000..64_000u64);
    let made = |part: Range<u64>| {
        let background = Background {
            path: path.clone(),
            lufs: None,
            frames: 240_000,
            duck: Duck { depth_db: 30.0, ..Duck::default() },
            speech: vec![speech.clone()],
            from: part.start,
            until: whole,
        };
        let plain = master(&target, part.end - part.start, None, layout(32, 2));
        let mut track = Track::create(Master { background: Some(background), ..plain }).expect("begun");
        let clip = speechlike(24_000, 0.1);
        let (from, to) = (part.start.max(speech.start), part.end.min(speech.end));
        if from < to {
            let samples = clip[(from - speech.start) as usize..(to - speech.start) as usize].to_vec();
            put(&mut track, from - part.start, samples).expect("put");
        }
        assert_eq!(track.finish(&Unwatched).expect("finished").limited_db, 0.0);
        read(&target)
    };
    let all = made(0..whole);
    // Into the speech, out of it, before it, where it has just ended, the end with its fade.
    for part in [30_000..50_001, 58_401..whole, 0..30_000, 66_000..70_000, 150_003..whole] {
        let wanted = &all[2 * part.start as usize..2 * part.end as usize];
        assert!(made(part.clone()) == *wanted, "{part:?}");
    }
}

fn stem(index: usize, start: u64, end: u64) -> Stem {
    let text = format!("line {index}");
    let (spoken, voice) = (text.clone(), "tone".to_owned());
    Stem { index, line: index * 2, start, end, text, spoken, lang: "en", speaker: None, voice, voice_number: 0 }
}

#[test]
fn stems_laid_at_their_starts_are_the_track() {
    let folder = tempfile::tempdir().expect("a folder");
    let (target, lines) = (folder.path().join("t.wav"), folder.path().join("lines"));
    let run = || {
        let stems = vec![stem(1, 10, 17_000), stem(2, 17_000, 30_010), stem(4, 100_000, 120_000)];
        let plain = master(&target, 200_000, Some(-14.0), layout(32, 1));
        let mut track = Track::create(Master { stems: Some((&lines, stems)), ..plain })?;
        put(&mut track, 10, speechlike(30_000, 0.3)).expect("put");
        put(&mut track, 100_000, speechlike(20_000, 0.3)).expect("put");
        track.finish(&Unwatched)
    };
    run().expect("finished");
    let mut sum = vec![0.0; 200_000];
    let bytes = std::fs::read(lines.join(stems::MANIFEST)).expect("a list");
    let list: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    for line in list["lines"].as_array().expect("lines") {
        let samples = read(&lines.join(line["file"].as_str().expect("a name")));
        assert_eq!(line["frames"].as_u64(), Some(samples.len() as u64));
        let start = line["start_frame"].as_u64().expect("a number") as usize;
        sum[start..start + samples.len()].copy_from_slice(&samples);
    }
    assert!(sum == read(&target));
    // Lines of an earlier run are replaced; anything else is not touched.
    run().expect("finished again");
    assert_eq!(std::fs::read_dir(&lines).expect("a folder").count(), 4);
    std::fs::write(lines.join("mine.txt"), "x").expect("written");
    let error = run().expect_err("something else lies there");
    assert!(error.to_string().contains("no lines of an earlier run"), "{error}");
    assert!(lines.join("mine.txt").exists());
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2);
}
