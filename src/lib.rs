//! Turns a transcript into one finished speech track: every line in its place, spoken by local neural voices.
//!
//! This is the map of the crate. [`render`] is the pipeline: it calls each stage once, in the order below, and it alone
//! knows them all. Data goes down this list and never back up; a test of the sources holds the imports to that.
//!
//! | stage | what comes in | what goes out |
//! |---|---|---|
//! | [`transcript`] | the bytes of a file | a [`Transcript`]: [`Cue`]s |
//! | [`words`] | a cue's text | its language, its [`Word`](words::Word)s as they are read, and [`Utterance`](words::utterances::Utterance)s over all cues |
//! | [`check`] | a transcript | findings, by itself: what will not be heard as it was meant, as far as the file alone tells |
//! | [`phonemes`] | words | [`Phoneme`](phonemes::Phoneme)s, each with its word |
//! | [`voice`] | phonemes | ids, then durations by [`predict`](voice::predict); later sound by [`speak`](voice::speak) |
//! | [`cache`] | a voice, ids, frames | what the voice said to them before |
//! | [`draft`] | an utterance and its voice | a [`Draft`](draft::Draft): the utterance as the voice would speak it by itself |
//! | [`timing`] | drafts as [`Passage`](timing::Passage)s, stamps, [`Bounds`](timing::Bounds) | a [`Plan`](timing::Plan): a [`Slot`](timing::Slot) for each utterance |
//! | [`verdict`] | cues, drafts, the plan | a [`Line`](verdict::Line) for each cue: when it is heard, how it keeps to its window |
//! | [`speech`] | drafts and slots | clips, each exactly as long as its slot |
//! | [`track`] | clips and where they begin; what lies under them | one track: levelled, mixed, limited, as long as asked for |
//! | [`wav`] | samples and labels | a WAV or FLAC file that is there whole or not at all |
//! | [`report`] | what was planned and what was written | each line and each word, when it was spoken, and a verdict |
//!
//! Under all of them lies the ground, which imports nothing but itself: [`time`], [`error`], [`notes`], [`progress`],
//! [`files`], [`lang`], [`text`], [`audio`]. What is computed for voices and tracks with the processor's own instructions
//! is a crate by itself, [`cuevox_kernels`]. What prints, listens for signals and exits is the program around this crate,
//! in `src/cli`; the crate returns errors and notes as values.
//!
//! After [`timing`] no length changes any more: a voice speaks exactly the frames it was given, a clip is exactly as
//! long as its slot, and the report says what was done rather than what was hoped for.
//!
//! # An example
//!
//! From text to a WAV file with the voice that makes tones, which needs no model:
//!
//! ```
//! use cuevox::progress::Unwatched;
//! use cuevox::time::Ticks;
//! use cuevox::{Cue, Studio, Transcript};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let data = folder.path();
//! let studio = Studio::builder().voice("tone").data_dir(data).build()?;
//! let cues = vec![
//!     Cue::timed(Ticks::from_secs(1.0), "The tide comes in.").until(Ticks::from_secs(4.0)),
//!     Cue::timed(Ticks::from_secs(4.0), "The tide goes out."),
//! ];
//! let planned = studio.plan_transcript(Transcript::of(cues)?, &Unwatched)?;
//! let track = &planned.tracks[0];
//! for line in &track.lines {
//!     println!("{:?}", line.heard);
//! }
//! let audio = studio.render(track, &Unwatched)?;
//! assert_eq!(audio.samples.len() as u64, track.samples(48_000));
//!
//! let target = folder.path().join("tide.wav");
//! studio.speak(track, &target, &Unwatched)?;
//! assert!(target.exists());
//! # Ok(())
//! # }
//! ```
//!
//! `examples/` has a program for each of the things that are done first.
//!
//! # Words used here
//!
//! - **stamp**: the time written before a line, and how precise it is. Its **grain** is what its last digit is worth:
//!   `00:17` names a whole second, `00:17.250` a millisecond. See [`Stamp`](timing::Stamp).
//! - **cue**: one thing to say, a stamped line or a sentence of prose, as the transcript has it.
//!   See [`Cue`].
//! - **window**: from a cue's stamp to its end, or to the next stamp where no end is given.
//! - **utterance**: words spoken in one breath, with one intonation; a sentence as a rule, whichever cues it is spread
//!   over. See [`Utterance`](words::utterances::Utterance).
//! - **part**: what belongs to one cue in an utterance. See [`Part`](words::utterances::Part).
//! - **passage** and **piece**: an utterance and its parts as the plan sees them, in tokens and durations instead of
//!   words. See [`Passage`](timing::Passage) and [`Piece`](timing::Piece).
//! - **slot**: where an utterance begins, and the frames of each of its tokens. See [`Slot`](timing::Slot).
//! - **clip**: the sound of one slot.
//! - **token**: one input of a voice's network: a phoneme, a pause, a pad, a mark. Its **id** is its number there.
//! - **frame** and **hop**: a voice speaks whole frames; a frame is hop samples long, 256 at 22,050 Hz for a Piper
//!   voice. See [`FrameClock`](time::FrameClock). (In a WAV file and in the report's `frames`, a frame is one sample of
//!   each channel.)
//! - **tick**: a 705,600,000th of a second, known as a flick elsewhere; samples, frames and milliseconds are whole
//!   numbers of it. See [`Ticks`](time::Ticks).
//! - **onset**: where the first sound of a piece begins; that is what a stamp is about. See [`Span`](timing::Span).
//! - **lead-in** and **tail**: the silence a voice puts before the first sound and after the last. They are spoken as
//!   the voice would and heard in part.
//! - **rate**: natural duration against the one spoken; above 1 is faster than the voice's own pace. **Stretch** is the
//!   same the other way round, in ten-thousandths.
//! - **lead** and **lag**: how far before and after its stamp a piece may begin. See [`Bounds`](timing::Bounds).
//! - **late**, **hurried**, **overrun**, **skipped**: what the report says of a cue that began noticeably after its
//!   stamp, was spoken noticeably fast, ended past its window, or has nothing to say.
//!   See [`Status`](report::Status).
//! - **role** and **cast**: the name of the voice for a line, and all voices of a job. See [`Cast`](voice::cast::Cast).

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod audio;
pub mod cache;
pub mod check;
pub mod draft;
pub mod error;
pub mod files;
pub mod lang;
pub mod notes;
pub mod phonemes;
pub mod progress;
pub mod render;
pub mod report;
pub mod speech;
pub mod text;
pub mod time;
pub mod timing;
pub mod track;
pub mod transcript;
pub mod verdict;
pub mod voice;
pub mod wav;
pub mod words;

pub use error::{Error, Result};
pub use render::{Audio, Options, Planned, PlannedTrack, Studio, StudioBuilder};
pub use transcript::{Cue, Transcript};
pub use voice::Voice;
