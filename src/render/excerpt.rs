//! In: planned tracks, and which part of them is wanted. Out: the same tracks with the window of their clock that is
//! rendered; and, of a clip, what lies in it. Plans nothing: a part is spoken exactly as it is in the whole.

use super::{Delivery, PlannedTrack, delivery};
use crate::draft::Draft;
use crate::error::{Error, Kind, Result, Setting, advice};
use crate::notes::{Note, Noted};
use crate::time::Ticks;
use crate::timing::Slot;
use crate::track::{Clip, end_at};
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

/// All of a track, as a window of its clock.
pub(super) const WHOLE: Range<Ticks> = Ticks::ZERO..Ticks(i64::MAX);

/// Which part of a track is wanted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Excerpt {
    /// What is heard in this window of its clock.
    Between(Range<Ticks>),
    /// What is heard while these lines of the transcript are spoken, from the first sound of the first to the last of the
    /// last.
    Lines(RangeInclusive<usize>),
}

/// A part of a track in samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// What is rendered.
    pub(super) part: Range<u64>,
    /// The length of the whole track.
    pub(super) whole: u64,
    /// Samples a second.
    pub(super) rate: u32,
}

impl Excerpt {
    /// A window that ends after it begins.
    ///
    /// # Errors
    /// Of kind [`Usage`](Kind::Usage) for any other.
    pub fn between(from: Option<Ticks>, to: Option<Ticks>) -> Result<Excerpt> {
        let (from, to) = (from.unwrap_or(WHOLE.start), to.unwrap_or(WHOLE.end));
        if from >= to {
            return Err(Error::new(Kind::Usage, format!("a part from {from} to {to} has no length"))
                .with_remedy(advice!["let ", Setting::To, " be later than ", Setting::From]));
        }
        Ok(Excerpt::Between(from..to))
    }

    /// Those of these tracks in which anything of it is heard, each with its window. `rate` is that of the tracks. What is left
    /// out although it was not asked for is noted.
    ///
    /// # Errors
    /// Of kind [`Input`](Kind::Input) where nothing of it is heard.
    pub(super) fn of(&self, tracks: Vec<PlannedTrack>, rate: u32) -> Result<Noted<Vec<PlannedTrack>>> {
        let (mut found, mut notes) = (Vec::new(), Vec::new());
        let mut lines = BTreeSet::new();
        for mut track in tracks {
            lines.extend(track.cues.iter().map(|cue| cue.line()));
            let window = match self {
                Excerpt::Between(window) if track.with_media => Some(window.clone()),
                Excerpt::Between(_) => {
                    let message = "the prose beside the stamped lines has a clock of its own, and is not rendered here; \
                                   --line names lines of it";
                    notes.push(Note::info(None, "part-narration", message));
                    None
                }
                Excerpt::Lines(lines) => spoken_in(&track, lines),
            };
            let Some(window) = window else { continue };
            track.window = window;
            let heard = |i: usize| track.lines[i].heard.is_some() && track.holds(i, rate);
            if (0..track.cues.len()).any(heard) {
                found.push(track);
            }
        }
        if found.is_empty() { Err(self.empty(&lines)) } else { Ok(Noted::new(found, notes)) }
    }

    /// Why there is nothing of it in a transcript with text on these lines.
    fn empty(&self, lines: &BTreeSet<usize>) -> Error {
        let error = |what: String| Error::new(Kind::Input, what);
        match self {
            Excerpt::Between(window) if *window == (window.start..WHOLE.end) => {
                error(format!("nothing is spoken from {} on", window.start))
                    .with_remedy(advice!["use an earlier ", Setting::From])
            }
            Excerpt::Between(window) => error(format!("nothing is spoken from {} to {}", window.start, window.end))
                .help("cuevox plan shows when each line is spoken"),
            Excerpt::Lines(wanted) if lines.range(wanted.clone()).next().is_some() => {
                error("nothing is spoken in the lines of --line".to_owned())
                    .at_line(*lines.range(wanted.clone()).next().unwrap_or(wanted.start()))
                    .help("cuevox plan shows when each line is spoken")
            }
            Excerpt::Lines(wanted) => {
                let near =
                    lines.range(..=*wanted.start()).next_back().into_iter().chain(lines.range(*wanted.end()..).next());
                let near: Vec<String> = near.map(usize::to_string).collect();
                error("no text of the transcript begins on the lines of --line".to_owned()).help(format!(
                    "they are those of the file, as cuevox plan shows them; near these: {}",
                    near.join(", ")
                ))
            }
        }
    }
}

/// From when to when one of these lines of the transcript is heard.
fn spoken_in(track: &PlannedTrack, lines: &RangeInclusive<usize>) -> Option<Range<Ticks>> {
    let mut window: Option<Range<Ticks>> = None;
    for share in delivery::shares(track).into_iter().filter(|share| lines.contains(&track.cues[share.cue].line())) {
        let before = window.take().unwrap_or(share.from..share.until);
        window = Some(before.start.min(share.from)..before.end.max(share.until));
    }
    window
}

impl PlannedTrack {
    /// Whether only a part of it is rendered.
    pub fn is_part(&self) -> bool {
        self.window != WHOLE
    }

    /// The window that is rendered, in samples at `rate` Hz.
    pub(crate) fn window_at(&self, rate: u32) -> Range<u64> {
        self.window.start.to_samples(rate)..self.window.end.to_samples(rate)
    }

    /// Whether a line, by its place in the list, is heard in what is rendered, or would be if it were heard at all.
    pub(crate) fn holds(&self, line: usize, rate: u32) -> bool {
        let window = self.window_at(rate);
        let within =
            |onset: Ticks, end: Ticks| onset.to_samples(rate) < window.end && end.to_samples(rate) > window.start;
        match (self.lines[line].heard, self.cues[line].start()) {
            _ if !self.is_part() => true,
            (Some(heard), _) => within(heard.onset, heard.end),
            (None, Some(start)) => self.window.contains(&start),
            (None, None) => false,
        }
    }

    /// The lines of the file that are heard in what is rendered.
    pub(super) fn lines_held(&self, rate: u32) -> BTreeSet<usize> {
        (0..self.cues.len()).filter(|i| self.holds(*i, rate)).map(|i| self.cues[i].line()).collect()
    }
}

impl Stretch {
    /// What is rendered of a track that is `whole` samples long.
    ///
    /// # Errors
    /// Of kind [`Input`](Kind::Input) where it begins after the track's end.
    pub(super) fn of(track: &PlannedTrack, whole: u64, rate: u32) -> Result<Stretch> {
        let window = track.window_at(rate);
        let part = window.start..window.end.min(whole);
        if part.is_empty() {
            let end = Ticks::from_samples(whole, rate);
            let what = format!("the part begins at {}, and the track ends at {end}", track.window.start);
            return Err(Error::new(Kind::Input, what).with_remedy(advice![
                "use an earlier ",
                Setting::From,
                ", or a longer ",
                Setting::Total
            ]));
        }
        Ok(Stretch { part, whole, rate })
    }

    /// Its length in samples.
    pub(super) fn frames(&self) -> u64 {
        self.part.end - self.part.start
    }

    /// What of a range of the whole's samples lies in it, on its own clock; none if nothing does.
    pub(super) fn within(&self, range: &Range<u64>) -> Option<Range<u64>> {
        let (start, end) = (range.start.max(self.part.start), range.end.min(self.part.end));
        (start < end).then(|| start - self.part.start..end - self.part.start)
    }

    /// Whether anything of what is spoken in this slot may lie in it.
    pub(super) fn may_hear(&self, draft: &Draft, slot: &Slot) -> bool {
        self.within(&self.spoken(draft, slot)).is_some()
    }

    /// Whether all that is spoken in these slots lies in it.
    pub(super) fn hears_all(&self, work: &[(&Draft, &Slot)]) -> bool {
        let inside = |place: Range<u64>| place.start >= self.part.start && place.end <= self.part.end;
        work.iter().all(|(draft, slot)| inside(self.spoken(draft, slot)))
    }

    /// The samples of the whole that a slot takes; resampling may make it one shorter.
    fn spoken(&self, draft: &Draft, slot: &Slot) -> Range<u64> {
        let heard = draft.voice.clock().ticks(slot.heard.end - slot.heard.start);
        slot.start.to_samples(self.rate)..(slot.start + heard).to_samples(self.rate) + 1
    }

    /// What of a clip, which is placed in the whole, lies in it, placed in it. What the end of the whole cuts is cut as there.
    pub(super) fn cut(&self, clip: Clip) -> Option<Clip> {
        let Clip { start, voice, mut samples } = clip;
        end_at(&mut samples, self.whole.saturating_sub(start), self.rate);
        let place = self.within(&(start..start + samples.len() as u64))?;
        let from = (place.start + self.part.start - start) as usize;
        samples.truncate(from + (place.end - place.start) as usize);
        samples.drain(..from);
        Some(Clip { start: place.start, voice, samples })
    }
}

/// What is told of a part that is levelled without the rest of the track, which nobody has heard yet.
pub(super) fn level_note(delivery: &Delivery) -> Option<Note> {
    let message = match (delivery.loudness, &delivery.background) {
        (Some(lufs), _) => format!(
            "this part is brought to {lufs:.1} LUFS by itself, and may be louder or quieter in the whole track, whose \
             loudness is known only when all of it is spoken; --loudness off keeps the voices' own levels, here as there"
        ),
        (None, Some(_)) => "what lies under this part is no louder than the speech in it; in the whole track that is \
                            measured on all of it"
            .to_owned(),
        (None, None) => return None,
    };
    Some(Note::info(None, "part-level", message))
}
