//! In: a planned track, and what became of it. Out: the report: what was spoken when, how it kept to its window, in
//! numbers and in words, for each line and for the whole. Prints nothing; the JSON is [`Report`] through serde.

pub mod captions;
mod cues;
pub mod html;
mod summary;

use crate::notes::Note;
use crate::render::{Planned, PlannedTrack, TrackKind};
use crate::time::Ticks;
use crate::track::Finished;
use crate::transcript::Shift;
use crate::wav::Layout;
use serde::Serialize;
use std::path::Path;

pub use cues::{CueReport, Status, Unspoken, WordReport};
pub use summary::Summary;

/// The form of the report; it grows, and what stands keeps its meaning.
const VERSION: u32 = 1;

/// Everything about one input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The form of this report.
    pub version: u32,
    /// Which program wrote it.
    pub program: String,
    /// What was read.
    pub input: Input,
    /// What came of it.
    pub tracks: Vec<TrackReport>,
    /// What was odd.
    pub notes: Vec<Note>,
    /// What it took; the only part that differs between two runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// The file as it was named.
    pub path: String,
    /// What kind of text it is.
    pub format: String,
    /// Its encoding.
    pub encoding: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// How its times became those of the tracks, where they are not the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// How the times of an input became those of its tracks: multiplied, then moved. The times in the report are those of the
/// tracks, so that it can be rendered again as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// Two frame rates, `FROM:TO`; times were multiplied by the first over the second.
    pub scale: String,
    /// How many seconds were added.
    pub offset_s: f64,
}

/// The part of a track that was rendered, on the clock of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PartReport {
    /// Where it begins; all other times of the track count from there.
    pub offset_s: f64,
    /// Where it was to end; none where it goes on to the end.
    pub end_s: Option<f64>,
}

/// One track.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackReport {
    /// `stamped` or `narration`.
    pub kind: &'static str,
    /// The file, where one was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Output>,
    /// Which part of the track this is, where it is not all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<PartReport>,
    /// Each line.
    pub cues: Vec<CueReport>,
    /// All lines together.
    pub summary: Summary,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Output {
    /// Where it is.
    pub path: String,
    /// Samples a second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
    /// Bits of a sample; 32 are a float.
    pub bits: u16,
    /// Samples of one channel.
    pub frames: u64,
    /// Its length in seconds.
    pub duration_s: f64,
    /// Integrated loudness by EBU R 128; none for silence.
    pub lufs: Option<f64>,
    /// True peak in dBTP; none for silence.
    pub true_peak_db: Option<f64>,
}

/// What it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Cost {
    /// Seconds on the clock.
    pub wall_s: f64,
    /// Seconds of all cores.
    pub cpu_s: f64,
    /// Seconds on the clock for asking the voices how long they would speak.
    pub measure_s: f64,
    /// Seconds on the clock for choosing starts and rates.
    pub solve_s: f64,
    /// Seconds on the clock for a second of speech.
    pub realtime_factor: f64,
    /// The most memory the program held, in bytes; 0 where the system does not say.
    pub peak_bytes: u64,
}

impl TrackKind {
    /// As the report writes it.
    pub fn name(self) -> &'static str {
        match self {
            TrackKind::Stamped => "stamped",
            TrackKind::Narration => "narration",
        }
    }
}

/// Seconds, to a millionth.
fn seconds(time: Ticks) -> f64 {
    rounded(time.secs())
}

/// A number to six digits after the point.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// The report on a file that was written.
pub fn output(path: &Path, layout: Layout, finished: &Finished) -> Output {
    Output {
        path: path.to_string_lossy().into_owned(),
        sample_rate: layout.sample_rate,
        channels: layout.channels,
        bits: layout.bits,
        frames: finished.frames,
        duration_s: seconds(Ticks::from_samples(finished.frames, layout.sample_rate)),
        lufs: finished.level.lufs.map(|l| (l * 100.0).round() / 100.0),
        true_peak_db: finished.level.true_peak_db.map(|p| (p * 100.0).round() / 100.0),
    }
}

/// What is said of how the times of an input were changed; nothing where they were not.
pub fn moved(shift: Shift) -> Option<Moved> {
    let moved = Moved { scale: shift.scale.to_string(), offset_s: seconds(shift.offset) };
    Some(moved).filter(|_| !shift.is_none())
}

/// The report on a track; times are to the sample at `sample_rate`.
pub fn track(planned: &PlannedTrack, sample_rate: u32, output: Option<Output>) -> TrackReport {
    let cues = cues::cues(planned, sample_rate);
    let summary = summary::summary(&cues);
    let window = planned.window_at(sample_rate);
    let at = |sample: u64| seconds(Ticks::from_samples(sample, sample_rate));
    let end_s = (planned.window.end < Ticks(i64::MAX)).then(|| at(window.end));
    let part = planned.is_part().then(|| PartReport { offset_s: at(window.start), end_s });
    TrackReport { kind: planned.kind.name(), output, part, cues, summary }
}

/// The whole report, without its cost.
pub fn report(input: Input, planned: &Planned, tracks: Vec<TrackReport>) -> Report {
    let mut notes = planned.notes.clone();
    notes.extend(tracks.iter().flat_map(|t| &t.cues).filter_map(CueReport::note));
    notes.sort_by_key(|note| note.line);
    let program = concat!("cuevox ", env!("CARGO_PKG_VERSION")).to_owned();
    Report { version: VERSION, program, input, tracks, notes, cost: None }
}
