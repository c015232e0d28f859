//! In: a transcript. Out: its plan as JSON; and once more, with a shorter text for each line that has to be hurried by a tenth.
//! A plan speaks nothing, so trying texts is quick.
//!
//! ```text
//! cargo run --release --example fit -- examples/harbour.txt [VOICE]
//! ```

use cuevox::progress::Unwatched;
use cuevox::report;
use cuevox::{Cue, Studio, Transcript};
use std::error::Error;

/// Faster than this, a line has too much text.
const HURRIED: f64 = 1.1;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(transcript) = args.first() else { return Err("name a transcript".into()) };
    let mut builder = Studio::builder();
    if let Some(voice) = args.get(1) {
        builder = builder.voice(voice);
    }
    let studio = builder.build()?;
    let planned = studio.plan(&std::fs::read(transcript)?, &Unwatched)?;
    let Some(track) = planned.tracks.first() else { return Ok(()) };
    let first = report::track(track, studio.options().layout.sample_rate, None);
    println!("{}", serde_json::to_string_pretty(&first)?);

    let shorter = |(cue, line): (&Cue, &report::CueReport)| {
        if line.rate <= HURRIED {
            return cue.clone();
        }
        let words: Vec<&str> = cue.text().split(' ').collect();
        cue.clone().saying(words[..words.len().div_ceil(2)].join(" "))
    };
    let cues = track.cues.iter().zip(&first.cues).map(shorter).collect();
    let again = studio.plan_transcript(Transcript::of(cues)?, &Unwatched)?;
    let second = again.tracks.first().map(|track| report::track(track, studio.options().layout.sample_rate, None));
    let fastest = second.map_or(0.0, |track| track.summary.max_rate);
    eprintln!("fastest line: {:.2}, with shorter texts {fastest:.2}", first.summary.max_rate);
    Ok(())
}
