//! Tracks of tones, held against their reports to the sample: where each line begins, where nobody speaks, how long the
//! track is.

use crate::support::{Place, Wav, check_silence, check_times, number, spoken};
use serde_json::Value;

/// Lines alone, a sentence over three lines, two sentences in a line, lines with too little time.
const STAMPED: &str = "\
00:01 The ferry leaves the quay at noon.
00:05.250 Half an hour later
00:06.800 it passes the old fort,
00:08.900 and the gulls turn back.
00:14 Nobody waits. The next one sails at four in the afternoon, weather allowing.
00:20 Bring a coat, a hat, a flask of tea and something to read on the way.
00:24.500 It may rain.
00:30.125 Goodbye.
";

/// The samples of half a step up, in a signal that rises from silence to a tone at once.
const HALF: f32 = 0.125;

/// Where the signal first passes [`HALF`] from `from` on, in samples and parts of one.
fn onset(samples: &[f32], from: usize) -> f64 {
    let at = (from..samples.len()).find(|i| samples[*i] >= HALF).expect("a tone begins");
    let (before, after) = (samples[at - 1], samples[at]);
    at as f64 - f64::from((after - HALF) / (after - before))
}

/// The largest distance in samples between the beginnings of the tones and what the report says of them.
fn worst_onset(wav: &Wav, track: &Value) -> f64 {
    let rate = f64::from(wav.spec.sample_rate);
    // The tone rises within one sample of the voice's own 22,050 Hz; half of it is passed in the middle of that.
    let rise = rate / 22_050.0 / 2.0;
    let mut worst: f64 = 0.0;
    for cue in spoken(track) {
        let start = number(&cue["speech_start"]) * rate;
        let quiet = (start - 0.005 * rate - rise) as usize;
        let found = onset(wav.mono(), quiet) + rise;
        worst = worst.max((found - start).abs());
    }
    worst
}

#[test]
fn tones_begin_where_the_report_says_to_one_sample() {
    for (rate, bits) in [("22050", "32"), ("22050", "16"), ("44100", "24"), ("48000", "16"), ("96000", "32")] {
        let place = Place::with(&[("talk.txt", STAMPED)]);
        let options = ["render", "talk.txt", "-q", "--sample-rate", rate, "--bits", bits, "--report", "r.json"];
        place.tone(&options).ends_with(0);
        let report = place.json("r.json");
        let track = &report["tracks"][0];
        let worst = worst_onset(&place.wav("output/talk.wav"), track);
        assert_eq!(spoken(track).len(), 8);
        assert!(worst <= 1.0, "{rate} Hz, {bits} bits: {worst} samples");
    }
}

#[test]
fn nothing_sounds_where_nobody_speaks_and_the_track_ends_where_it_says() {
    // At the voice's own rate nothing is resampled, and silence is silence; elsewhere the filter rings a little.
    for (rate, margin, most) in [("22050", 0.0001, 0.0), ("48000", 0.003, 0.002)] {
        let place = Place::with(&[("talk.txt", STAMPED)]);
        let options = ["render", "talk.txt", "-q", "--sample-rate", rate, "--bits", "32", "--report", "r.json"];
        place.tone(&options).ends_with(0);
        let (wav, report) = (place.wav("output/talk.wav"), place.json("r.json"));
        let track = &report["tracks"][0];
        check_times(track);
        check_silence(&wav, track, margin, most);
        let rate: f64 = rate.parse().expect("a number");
        let frames = wav.mono().len() as f64;
        assert_eq!(number(&track["output"]["frames"]), frames);
        assert!((number(&track["output"]["duration_s"]) - frames / rate).abs() < 1e-6);
        let last = spoken(track).last().map(|cue| number(&cue["speech_end"])).expect("a last line");
        assert!((frames / rate - last - 0.25).abs() < 2.0 / rate, "a quarter of a second after {last}: {frames}");
    }
}

#[test]
fn lines_begin_at_their_stamps_where_there_is_time() {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    place.tone(&["render", "talk.txt", "-q", "--report", "r.json"]).ends_with(0);
    let report = place.json("r.json");
    for cue in spoken(&report["tracks"][0]) {
        let error = number(&cue["start_error_s"]);
        // 00:01 names a second, 00:05.250 a millisecond.
        let grain = if number(&cue["start"]).fract() == 0.0 { 1.0 } else { 0.0 };
        assert!((-0.1..=0.125 + grain).contains(&error), "{cue}");
        assert!((0.8 - 1e-6..=1.3 + 1e-6).contains(&number(&cue["rate"])), "{cue}");
    }
}

#[test]
fn bounds_from_the_command_line_hold() {
    let place = Place::with(&[("talk.txt", STAMPED)]);
    let bounds = ["--min-rate", "0.95", "--max-rate", "1.05", "--lead", "0", "--lag", "1.5"];
    let mut options = vec!["render", "talk.txt", "-q", "--report", "r.json"];
    options.extend(bounds);
    place.tone(&options).ends_with(0);
    let report = place.json("r.json");
    check_times(&report["tracks"][0]);
    for cue in spoken(&report["tracks"][0]) {
        // A line of few frames cannot be exactly as fast as it is asked to: one frame is 11.6 ms.
        let slack = 0.012 / number(&cue["spoken_s"]);
        assert!((0.95 - slack..=1.05 + slack).contains(&number(&cue["rate"])), "{cue}");
    }
}

#[test]
fn prose_is_read_at_the_voices_own_pace_with_its_pauses() {
    let place = Place::with(&[("talk.txt", "One sentence here. And another one.\n\nA new paragraph begins.\n")]);
    place
        .tone(&["render", "talk.txt", "-q", "--sample-rate", "22050", "--bits", "32", "--report", "r.json"])
        .ends_with(0);
    let (wav, report) = (place.wav("output/talk.wav"), place.json("r.json"));
    let track = &report["tracks"][0];
    check_times(track);
    check_silence(&wav, track, 0.0001, 0.0);
    let cues = spoken(track);
    let pause = |i: usize| number(&cues[i]["speech_start"]) - number(&cues[i - 1]["speech_end"]);
    assert_eq!(track["kind"], "narration");
    assert!(cues.iter().all(|cue| cue["rate"] == 1.0 && cue["start"].is_null()), "{cues:?}");
    assert!((pause(1) - 0.45).abs() < 0.001 && (pause(2) - 0.9).abs() < 0.001, "{} {}", pause(1), pause(2));
}

#[test]
fn the_same_bytes_whatever_jobs_says() {
    let text: String = (0..40)
        .map(|i| format!("{}:{:02} Line number {i} of a longer talk, in order.\n", i / 20, i % 20 * 3))
        .collect();
    let run = |jobs: &str| {
        let place = Place::with(&[("talk.txt", &text)]);
        place.tone(&["render", "talk.txt", "-q", "--jobs", jobs, "--report", "r.json"]).ends_with(0);
        let mut report = place.json("r.json");
        assert!(report["cost"].take().is_object());
        (place.sha256("output/talk.wav"), report)
    };
    let one = run("1");
    for jobs in ["2", "5"] {
        assert_eq!(run(jobs), one, "--jobs {jobs}");
    }
}
