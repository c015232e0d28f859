//! Plans in which people talk at once, made by hand.

use super::*;
use crate::timing::Slot;

/// A track of four lines of two people. The second speaks into the first, the third begins before either, and the fourth is
/// alone.
fn planned(studio: &Studio) -> PlannedTrack {
    let text = "00:02 A: The tide comes in.\n00:06 B: The ferry leaves at noon.\n00:10 A: So it does.\n00:14 B: Yes.\n";
    let mut track = studio.plan(text.as_bytes(), &Unwatched).expect("planned").tracks.remove(0);
    let by = |slot: &mut Slot, at: Ticks| {
        let by = at - slot.start;
        slot.start = at;
        for span in &mut slot.spans {
            (span.onset, span.end) = (span.onset + by, span.end + by);
        }
    };
    let first = track.plan.slots[0].start;
    by(&mut track.plan.slots[1], first + Ticks::from_millis(400));
    by(&mut track.plan.slots[2], first - Ticks::from_millis(1700));
    // Tones all have one voice: the two people are told apart here.
    for (number, draft) in track.drafts.iter_mut().enumerate() {
        draft.voice_number = number % 2;
    }
    track
}

fn length(track: &PlannedTrack, slot: usize) -> u64 {
    let (draft, slot) = (&track.drafts[slot], &track.plan.slots[slot]);
    draft.voice.clock().ticks(slot.heard.end - slot.heard.start).to_samples(8000)
}

#[test]
fn nothing_of_a_line_is_cut_for_a_line_of_somebody_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let studio = studio(dir.path());
    let track = planned(&studio);
    let frames = studio.media.frames(&track, 8000).expect("a length");
    let stretch = Stretch::of(&track, frames, 8000).expect("all of it");
    let stems = delivery::stems(&track, &stretch);
    let indices: Vec<usize> = stems.iter().map(|(stem, _)| stem.index).collect();
    assert_eq!(indices, [1, 2, 3, 4]);
    assert!(stems[2].0.start < stems[0].0.start && stems[1].0.start < stems[0].0.end);
    for (slot, (stem, onset)) in stems.iter().enumerate() {
        assert!((stem.end - stem.start).abs_diff(length(&track, slot)) <= 1, "{stem:?}");
        assert!((stem.start..stem.end).contains(onset), "{stem:?}");
    }
    let labels = delivery::labels(&track, &stretch);
    let starts: Vec<&str> = labels.points.iter().map(|point| &point.text[3..6]).collect();
    assert_eq!(starts, ["So ", "The", "The", "Yes"]);
    assert!(labels.points.is_sorted_by_key(|point| point.at));
    assert!(labels.points.iter().all(|point| point.at + point.frames <= frames));
}

#[test]
fn lines_as_files_add_up_to_the_speech_of_people_who_talk_at_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut studio = studio(dir.path());
    studio.options.layout.bits = 32;
    let (track, target, lines) = (planned(&studio), dir.path().join("t.wav"), dir.path().join("lines"));
    let finished = studio.speak_with_stems(&track, &target, Some(&lines), &Unwatched).expect("in order of starts");
    let mut sum = vec![0.0f32; finished.frames as usize];
    let stretch = Stretch::of(&track, finished.frames, 8000).expect("all of it");
    for (stem, _) in delivery::stems(&track, &stretch) {
        let samples = read(&lines.join(format!("{:04}.wav", stem.index)));
        let place = &mut sum[stem.start as usize..stem.end as usize];
        assert_eq!(place.len(), samples.len());
        place.iter_mut().zip(samples).for_each(|(sum, sample)| *sum += sample);
    }
    let most = sum.iter().zip(read(&target)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(most < 1e-5, "{most}");
}

fn read(path: &Path) -> Vec<f32> {
    hound::WavReader::open(path).expect("a file").samples().map(|s| s.expect("a sample")).collect()
}
