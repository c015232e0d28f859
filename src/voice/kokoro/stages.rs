//! In: the files of a voice, ids. Out: how much each part of the network computes for them, and how
//! long that takes. For measurements; speaks as the voice does.

use super::decoder::POINTS;
use super::{Kokoro, Speaking, Style, encoded};
use crate::error::{Error, Kind, Result};
use crate::voice::articulation::Articulation;
use std::time::Instant;

/// A part of the network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    /// What it is, for people.
    pub name: String,
    /// Multiplications and additions, counted as in plain convolutions.
    pub operations: u64,
    /// How long it took on one thread, in the fastest of all rounds.
    pub seconds: f64,
}

/// Speaks ids at the voice's own pace, `rounds` times, and gives the number of samples and the parts
/// in the order of computation. `model` and `style` are files of a Kokoro voice.
///
/// # Errors
/// When they are no such files, the ids are not known, or the model is left to rten.
pub fn stages((model, style): (Vec<u8>, &[u8]), ids: &[i32], rounds: usize) -> Result<(usize, Vec<Stage>)> {
    let (kokoro, style) = (Kokoro::load(model, 24_000)?, Style::parse(style)?);
    let Speaking::Own(own) = &kokoro.speaking else {
        return Err(Error::new(Kind::Voice, "the model is spoken by rten"));
    };
    let (row, mut all, mut count) = (style.row(ids.len())?, Vec::new(), 0);
    for _ in 0..rounds {
        let mut found = Vec::new();
        let mut since = Instant::now();
        let encoded = encoded(own, ids, &style)?;
        let mut done = |name: &str, operations: usize| {
            let stage =
                Stage { name: name.to_owned(), operations: operations as u64, seconds: since.elapsed().as_secs_f64() };
            found.push(stage);
            since = Instant::now();
        };
        done("text", own.operations_of(ids));
        let frames: Vec<u32> = encoded.frames.iter().map(|frames| (*frames as u32).max(1)).collect();
        let articulation = Articulation::plain(&frames, POINTS as u32);
        count = own.speak(&encoded, &articulation, row, &mut done).len();
        if all.is_empty() {
            all = found;
        } else {
            all.iter_mut().zip(found).for_each(|(least, now)| least.seconds = least.seconds.min(now.seconds));
        }
    }
    Ok((count, all))
}
