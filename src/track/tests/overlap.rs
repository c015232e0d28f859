//! People who talk at once: their clips add up, and each is still there by itself.

use super::*;

/// A voice's clips: where each begins, whose it is, and how long it is, in hundredths of a second.
const CLIPS: [(u64, usize, u64); 7] =
    [(10, 0, 300), (60, 1, 100), (60, 2, 20), (160, 1, 400), (310, 0, 50), (620, 2, 80), (700, 0, 400)];

/// The sound of clip `number`, at so many samples a hundredth of a second.
fn sound(number: usize, hundredth: u64) -> Vec<f32> {
    let count = CLIPS[number].2 * hundredth;
    (0..count).map(|i| 0.2 * ((i as f32) * (0.01 + 0.007 * number as f32)).sin()).collect()
}

/// The sum of them all, in as many samples as the track has.
fn added(hundredth: u64, frames: usize) -> Vec<f32> {
    let mut sum = vec![0.0f32; frames];
    for (number, (start, ..)) in CLIPS.into_iter().enumerate() {
        let at = (start * hundredth) as usize;
        sum[at..].iter_mut().zip(sound(number, hundredth)).for_each(|(sum, sample)| *sum += sample);
    }
    sum
}

fn laid(track: &mut Track<'_>, hundredth: u64) {
    for (number, (start, voice, _)) in CLIPS.into_iter().enumerate() {
        let samples = sound(number, hundredth);
        track.put(Clip { start: start * hundredth, voice, samples }).expect("put");
        // No more is held than what the next clip may still add to.
        let open = CLIPS[..=number].iter().map(|(from, _, length)| from + length).max().unwrap_or(0);
        assert_eq!(track.sum.len() as u64, (open.min(1000) - start) * hundredth);
    }
}

#[test]
fn clips_that_overlap_add_up_to_the_sample_at_every_rate() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("t.wav");
    for rate in [8000, 22_050, 44_100, 48_000, 96_000] {
        let (hundredth, frames) = (u64::from(rate) / 100, u64::from(rate) / 100 * 1000);
        let layout = Layout { sample_rate: rate, bits: 32, channels: 1 };
        let mut track = Track::create(master(&target, frames, None, layout)).expect("begun");
        laid(&mut track, hundredth);
        let finished = track.finish(&Unwatched).expect("finished");
        assert_eq!((finished.gain_db, finished.limited_db), (0.0, 0.0));
        let (samples, wanted) = (read(&target), added(hundredth, frames as usize));
        // The last clip is cut with a fade.
        let cut = frames as usize - (rate / CUT_FADE) as usize;
        assert!(samples[..cut] == wanted[..cut], "{rate}");
        assert!(samples[frames as usize - 1].abs() < 0.001);
    }
}

#[test]
fn levels_are_those_of_the_sum() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = |name: &str, clips: Vec<(u64, Vec<f32>)>| {
        let target = folder.path().join(name);
        let mut track = Track::create(master(&target, 160_000, Some(-14.0), layout(32, 1))).expect("begun");
        for (voice, (start, samples)) in clips.into_iter().enumerate() {
            track.put(Clip { start, voice, samples }).expect("put");
        }
        let finished = track.finish(&Unwatched).expect("finished");
        (read(&target), finished)
    };
    let twice = |at: usize| {
        let mut whole = speechlike(60_000, 0.3);
        whole[at..].iter_mut().zip(speechlike(60_000, 0.3)).for_each(|(sum, sample)| *sum += sample);
        whole.extend(&speechlike(60_000, 0.3)[60_000 - at..]);
        whole
    };
    for at in [0, 1, 31_000] {
        let clips = vec![(8000, speechlike(60_000, 0.3)), (8000 + at as u64, speechlike(60_000, 0.3))];
        let (apart, one) = (made("a.wav", clips), made("b.wav", vec![(8000, twice(at))]));
        assert!(one.1.limited_db > 0.5, "{:?}", one.1);
        // The order in which energies are added up differs by the parts they come in.
        assert!((apart.1.gain_db - one.1.gain_db).abs() < 1e-3, "{at}: {:?} {:?}", apart.1, one.1);
        let most = apart.0.iter().zip(&one.0).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(most < 1e-3 && apart.0.len() == one.0.len(), "{at}: {most}");
    }
}

#[test]
fn each_line_is_its_own_voice_alone_and_together_they_are_the_speech() {
    let folder = tempfile::tempdir().expect("a folder");
    let (target, lines) = (folder.path().join("t.wav"), folder.path().join("lines"));
    let (hundredth, frames) = (80, 80_000u64);
    for (loudness, limited) in [(None, false), (Some(-9.0), true)] {
        let stems = CLIPS.into_iter().enumerate().map(|(number, (start, voice, length))| Stem {
            voice_number: voice,
            ..stem(number + 1, start * hundredth, ((start + length) * hundredth).min(frames))
        });
        // In the list they stand as the transcript has them.
        let plain = master(&target, frames, loudness, layout(32, 1));
        let mut track = Track::create(Master { stems: Some((&lines, stems.rev().collect())), ..plain }).expect("begun");
        laid(&mut track, hundredth);
        let finished = track.finish(&Unwatched).expect("finished");
        assert_eq!(finished.limited_db > 1.0, limited, "{finished:?}");
        let mut sum = vec![0.0f32; frames as usize];
        for (number, (start, ..)) in CLIPS.into_iter().enumerate() {
            let samples = read(&lines.join(format!("{:04}.wav", number + 1)));
            let at = (start * hundredth) as usize;
            sum[at..].iter_mut().zip(&samples).for_each(|(sum, sample)| *sum += sample);
            if !limited && number < 6 {
                assert!(samples == sound(number, hundredth), "{number}");
            }
        }
        let most = sum.iter().zip(read(&target)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(most < 1e-6, "{most}");
        let bytes = std::fs::read(lines.join(stems::MANIFEST)).expect("a list");
        let list: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let indices: Vec<_> = list["lines"].as_array().expect("lines").iter().map(|l| l["index"].as_u64()).collect();
        assert_eq!(indices, [7, 6, 5, 4, 3, 2, 1].map(Some));
    }
}
