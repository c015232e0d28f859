//! In: lines as a program has them, no file at all. Out: samples in memory, and how long they are.
//!
//! ```text
//! cargo run --release --example samples -- [VOICE]
//! ```

use cuevox::progress::Unwatched;
use cuevox::time::Ticks;
use cuevox::{Cue, Studio, Transcript};

fn main() -> cuevox::Result<()> {
    let mut builder = Studio::builder();
    if let Some(voice) = std::env::args().nth(1) {
        builder = builder.voice(voice);
    }
    let studio = builder.build()?;
    let second = Ticks::from_secs;
    let cues = vec![
        Cue::timed(second(0.5), "The tide comes in.").until(second(3.0)),
        Cue::timed(second(3.0), "Nobody is on the quay.").until(second(6.0)).by("Anna"),
        Cue::timed(second(6.0), "The tide goes out."),
    ];
    let planned = studio.plan_transcript(Transcript::of(cues)?, &Unwatched)?;
    for track in &planned.tracks {
        let audio = studio.render(track, &Unwatched)?;
        let seconds = audio.samples.len() as f64 / f64::from(audio.sample_rate) / f64::from(audio.channels);
        let peak = audio.samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        println!("{seconds:.3} s at {} Hz, peak {peak:.2}", audio.sample_rate);
    }
    Ok(())
}
