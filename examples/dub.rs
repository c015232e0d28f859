//! In: a subtitle file, and where the track is to be. Out: the track, a WAV or FLAC file in which every line begins on its
//! stamp.
//!
//! ```text
//! cargo run --release --example dub -- examples/harbour.txt harbour.wav [VOICE]
//! ```

use cuevox::Studio;
use cuevox::progress::Unwatched;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [transcript, target, voice @ ..] = args.as_slice() else {
        return Err("name a transcript and the file the track is to be".into());
    };
    let mut builder = Studio::builder();
    if let Some(voice) = voice.first() {
        builder = builder.voice(voice);
    }
    let studio = builder.build()?;
    let planned = studio.plan(&std::fs::read(transcript)?, &Unwatched)?;
    for note in &planned.notes {
        eprintln!("{}", note.message);
    }
    let Some(track) = planned.tracks.first() else { return Ok(()) };
    let finished = studio.speak(track, Path::new(target), &Unwatched)?;
    let seconds = finished.frames as f64 / f64::from(studio.options().layout.sample_rate);
    println!("{target}: {seconds:.1} s");
    Ok(())
}
