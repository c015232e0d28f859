//! In: a transcript. Out: its sound, block by block, to nowhere; meanwhile how far it is, and an end to it when five seconds
//! of it were heard.
//!
//! ```text
//! cargo run --release --example watch -- examples/harbour.txt [VOICE]
//! ```

use cuevox::Studio;
use cuevox::error::Kind;
use cuevox::progress::{Event, Observer};
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much is heard, in seconds.
const ENOUGH: f64 = 5.0;

/// Tells what happens, and says when it is to stop.
#[derive(Default)]
struct Watch {
    enough: AtomicBool,
}

impl Observer for Watch {
    fn event(&self, event: Event<'_>) {
        if let Event::Speaking { utterances, seconds } = event {
            println!("speaking {utterances} utterances, {seconds:.1} s");
        }
    }

    fn interrupted(&self) -> bool {
        self.enough.load(Ordering::Relaxed)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(transcript) = args.first() else { return Err("name a transcript".into()) };
    let mut builder = Studio::builder();
    if let Some(voice) = args.get(1) {
        builder = builder.voice(voice);
    }
    let (studio, watch) = (builder.build()?, Watch::default());
    let planned = studio.plan(&std::fs::read(transcript)?, &watch)?;
    let Some(track) = planned.tracks.first() else { return Ok(()) };
    let rate = f64::from(studio.options().layout.sample_rate);
    let mut heard = 0;
    let ended = studio.stream(track, &watch, &mut |block| {
        heard += block.len();
        watch.enough.fetch_or(heard as f64 / rate >= ENOUGH, Ordering::Relaxed);
        Ok(())
    });
    match ended {
        Ok(finished) => println!("all of it: {:.1} s", finished.frames as f64 / rate),
        Err(error) if error.kind() == Kind::Interrupted => println!("stopped after {:.1} s", heard as f64 / rate),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
