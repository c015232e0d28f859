//! In: how the track should leave the program, as it was asked for; a planned track. Out: its length, what lies under it,
//! what is written beside its samples, and notes on lines that are cut. Writes nothing itself.

use super::PlannedTrack;
use super::excerpt::Stretch;
use crate::audio::duck::Duck;
use crate::audio::media::{self, Damage, Length, Sound};
use crate::audio::meter::Meter;
use crate::draft::Draft;
use crate::error::{Error, Kind, Result, Setting, advice};
use crate::notes::Note;
use crate::time::Ticks;
use crate::track::Background;
use crate::track::stems::Stem;
use crate::wav::Layout;
use crate::wav::labels::{Labels, Point};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The loudness of speech alone: what podcasts and players expect (AES TD1008).
pub const LOUDNESS: f64 = -16.0;

/// The longest track: two days. One stamp with a wrong digit would make a longer one.
const LONGEST: Ticks = Ticks::from_millis(48 * 3_600_000);

/// How long a track is.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum Extent {
    /// As long as its lines and their windows.
    #[default]
    Own,
    /// Exactly so long.
    Total(Ticks),
    /// Exactly as long as this media file.
    Match(PathBuf),
}

/// How a track leaves the program.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Delivery {
    /// Integrated loudness in LUFS; as the voices speak where it is `None`.
    pub loudness: Option<f64>,
    /// A media file that is laid under the speech.
    pub background: Option<PathBuf>,
    /// How it makes room for the speech.
    pub duck: Duck,
    /// How long the track is.
    pub extent: Extent,
}

impl Default for Delivery {
    fn default() -> Delivery {
        Delivery { loudness: Some(LOUDNESS), background: None, duck: Duck::default(), extent: Extent::Own }
    }
}

/// What is known of the media files before anything is spoken.
pub(super) struct Media {
    length: Option<Length>,
    background: Option<Surveyed>,
}

/// A background, heard once.
struct Surveyed {
    lufs: Option<f64>,
    length: Length,
    damage: Option<Damage>,
}

impl Delivery {
    /// Reads the media files.
    ///
    /// # Errors
    /// Of kind [`Input`](Kind::Input) when one cannot be read, of kind [`Usage`](Kind::Usage) when a number makes no
    /// sense.
    pub(super) fn survey(&self) -> Result<Media> {
        if self.loudness.is_some_and(|lufs| !(-70.0..=-5.0).contains(&lufs)) {
            return Err(Error::new(Kind::Usage, "that is no loudness a track can have").help("use -70 to -5 LUFS"));
        }
        let length = match &self.extent {
            Extent::Own => None,
            Extent::Total(total) if *total > Ticks::ZERO => {
                Some(Length { samples: total.0.unsigned_abs(), rate: crate::time::TICKS_PER_SECOND as u32 })
            }
            Extent::Total(_) => {
                return Err(Error::new(Kind::Usage, "a track cannot be that short")
                    .with_remedy(advice!["use a longer ", Setting::Total]));
            }
            Extent::Match(path) => Some(media::length(path)?),
        };
        let background = self.background.as_deref().map(surveyed).transpose()?;
        Ok(Media { length, background })
    }
}

/// Hears a background from its beginning to its end.
fn surveyed(path: &Path) -> Result<Surveyed> {
    let mut sound = Sound::open(path, 2)?;
    let rate = sound.rate();
    let mut meter = Meter::of_loudness(rate, 2);
    let mut samples = 0;
    while let Some(part) = sound.part()? {
        meter.hear(part);
        samples += part.len() as u64 / 2;
    }
    if samples == 0 {
        return Err(Error::new(Kind::Input, "there is nothing to hear in this file").in_file(path).help("check it"));
    }
    let length = Length { samples, rate };
    Ok(Surveyed { lufs: meter.level().lufs, length, damage: sound.damage().cloned() })
}

impl Media {
    /// Where a track ends, where its length is given.
    pub(super) fn end(&self, with_media: bool) -> Option<Ticks> {
        let length = self.length.filter(|_| with_media)?;
        Some(Ticks::from_samples(length.samples, length.rate))
    }

    /// The track's length in samples.
    ///
    /// # Errors
    /// Of kind [`Output`](Kind::Output) for a track that lasts for days.
    pub(super) fn frames(&self, track: &PlannedTrack, rate: u32) -> Result<u64> {
        let asked = self.length.filter(|_| track.with_media).map(|length| length.at_rate(rate));
        let frames = asked.unwrap_or_else(|| track.samples(rate));
        let long = Ticks::from_samples(frames, rate);
        if long <= LONGEST {
            return Ok(frames.max(1));
        }
        if asked.is_some() {
            let what = format!("the track would last {long}, and {LONGEST} is the most");
            return Err(Error::new(Kind::Output, what).with_remedy(advice![
                "use a shorter ",
                Setting::Total,
                " or ",
                Setting::Match
            ]));
        }
        let last = track.cues.iter().max_by_key(|cue| cue.end().max(cue.start())).map_or(1, |cue| cue.line());
        let what = format!("the track would last {long}, and {LONGEST} is the most; this is its last line");
        Err(Error::new(Kind::Output, what).at_line(last).help("check its time"))
    }

    /// What lies under this track.
    pub(super) fn background(
        &self,
        delivery: &Delivery,
        track: &PlannedTrack,
        (layout, stretch): (Layout, &Stretch),
    ) -> Option<Background> {
        let surveyed = self.background.as_ref().filter(|_| track.with_media)?;
        let at = |time: Ticks| time.to_samples(layout.sample_rate);
        let speech = track.plan.slots.iter().map(|slot| {
            let end = slot.spans.iter().map(|span| span.end).max().unwrap_or(slot.start);
            at(slot.start)..at(end)
        });
        // The meter heard two channels; in one, both together are quieter.
        let fewer = if layout.channels == 1 { 10.0 * 2f64.log10() } else { 0.0 };
        Some(Background {
            path: delivery.background.clone()?,
            lufs: surveyed.lufs.map(|lufs| lufs - fewer),
            frames: surveyed.length.at_rate(layout.sample_rate),
            duck: delivery.duck,
            speech: speech.collect(),
            from: stretch.part.start,
            until: stretch.whole,
        })
    }

    /// What is odd about this track's media: sound that is damaged.
    pub(super) fn notes(&self, delivery: &Delivery, track: &PlannedTrack) -> Option<Note> {
        let background = delivery.background.as_deref().filter(|_| track.with_media);
        let damage = self.background.as_ref().and_then(|surveyed| surveyed.damage.as_ref());
        background.zip(damage).map(|(path, damage)| damaged(path, damage))
    }
}

fn damaged(path: &Path, damage: &Damage) -> Note {
    let name = path.display();
    let how = match (damage.packets, damage.ends_early) {
        (0, _) => "the file ends in the middle of its sound".to_owned(),
        (1, _) => "a part of it cannot be decoded and is silent".to_owned(),
        (count, _) => format!("{count} parts of it cannot be decoded and are silent"),
    };
    Note::warning(None, "damaged-media", format!("'{name}' is damaged: {how}, at {} first", damage.first))
}

/// Voices and lines of a track. It has no title: the same track has the same bytes, whatever its file is called.
pub(super) fn labels(track: &PlannedTrack, stretch: &Stretch) -> Labels {
    let lines = stems(track, stretch);
    let voices: BTreeSet<String> = lines.iter().map(|(stem, _)| stem.voice.clone()).collect();
    let point = |(stem, onset): (Stem, u64)| Point { at: onset, frames: stem.end - onset, text: stem.text };
    let mut points: Vec<Point> = lines.into_iter().map(point).collect();
    points.sort_by_key(|point| point.at);
    Labels { title: String::new(), voices: voices.into_iter().collect(), time_reference: stretch.part.start, points }
}

/// What one voice says of a line at a stretch.
pub(super) struct Share<'a> {
    /// The line, by its place in the list.
    pub(super) cue: usize,
    /// Who says it.
    pub(super) draft: &'a Draft,
    /// Where it begins: with its lead-in where it is the first of its utterance, else where the one before ends.
    pub(super) from: Ticks,
    /// Where its first sound begins.
    pub(super) onset: Ticks,
    /// Where it ends.
    pub(super) until: Ticks,
}

/// What each voice says when, in the order of the plan. Lines of one sentence meet where the second begins.
pub(super) fn shares(track: &PlannedTrack) -> Vec<Share<'_>> {
    let mut shares = Vec::new();
    for (draft, slot) in track.drafts.iter().zip(&track.plan.slots) {
        let heard = draft.voice.clock().ticks(slot.heard.end - slot.heard.start);
        for (i, (part, _)) in draft.pieces.iter().enumerate() {
            let onset = slot.spans[i].onset;
            let from = if i == 0 { slot.start } else { onset };
            let until = slot.spans.get(i + 1).map_or(slot.start + heard, |next| next.onset);
            shares.push(Share { cue: draft.utterance.parts[*part].cue, draft, from, onset, until });
        }
    }
    shares
}

/// When each line's voice says it in a stretch of the track, in order of the lines, with the sample its first sound begins
/// at. Lines of different voices may overlap.
pub(super) fn stems(track: &PlannedTrack, stretch: &Stretch) -> Vec<(Stem, u64)> {
    let mut found: Vec<(Stem, u64)> = Vec::new();
    // By line, its place in the list; by voice, from where on it has said nothing yet.
    let (mut places, mut free) = (HashMap::new(), HashMap::new());
    let mut shares = shares(track);
    shares.sort_by_key(|share| share.from);
    for share in shares {
        let free = free.entry(share.draft.voice_number).or_insert(0);
        let place = |time: Ticks| time.to_samples(stretch.rate).min(stretch.whole);
        let [from, onset, until] = [share.from, share.onset, share.until].map(place);
        let (from, until) = (from.max(*free), until.max(*free));
        *free = until;
        if from == until {
            continue;
        }
        let place = *places.entry(share.cue).or_insert(found.len());
        match found.get_mut(place) {
            Some((stem, _)) => stem.end = until,
            None => found.push((stem(track, share.cue, share.draft, from..until), onset.clamp(from, until))),
        }
    }
    found.sort_by_key(|(stem, _)| stem.index);
    let within = |(stem, onset): (Stem, u64)| {
        let range = stretch.within(&(stem.start..stem.end))?;
        let onset = onset.saturating_sub(stretch.part.start).clamp(range.start, range.end);
        Some((Stem { start: range.start, end: range.end, ..stem }, onset))
    };
    found.into_iter().filter_map(within).collect()
}

fn stem(track: &PlannedTrack, cue: usize, draft: &Draft, range: Range<u64>) -> Stem {
    let spoken: Vec<&str> = track.words[cue].iter().map(|word| word.spoken.as_str()).collect();
    let lang = track.langs[cue].tag();
    let cue = &track.cues[cue];
    Stem {
        index: cue.index(),
        line: cue.line(),
        start: range.start,
        end: range.end,
        text: cue.text().to_owned(),
        spoken: spoken.join(" "),
        lang,
        speaker: cue.speaker().map(str::to_owned),
        voice: draft.voice.id().to_owned(),
        voice_number: draft.voice_number,
    }
}
