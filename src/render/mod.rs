//! In: the bytes of a transcript, voices, options. Out: planned tracks, and finished ones. This is the pipeline: one call
//! for each stage, in order; it alone knows every stage.

mod builder;
mod delivery;
mod drafting;
mod excerpt;
mod fits;
mod levels;
mod outputs;
mod wording;

use crate::cache::Cache;
use crate::check::remarks;
use crate::draft::{Draft, Memory};
use crate::error::{Error, Kind, Result, Setting, advice};
use crate::lang::{Lang, Tongue};
use crate::notes::{Note, Noted};
use crate::phonemes::Phonemizer;
use crate::progress::{Event, Observer};
use crate::speech::{Manner, speak_all};
use crate::time::Ticks;
use crate::timing::{self, Bounds, Overflow, Overlap, Plan};
use crate::track::{Clip, Finished, Master, Output, Track};
use crate::transcript::{self, Cue, Format, NamedEncoding, Shift, Sounds, Transcript};
use crate::verdict::{self, Line};
use crate::voice::cast::{Cast, Choice};
use crate::wav::Layout;
use crate::words::lexicon::Lexicon;
use crate::words::utterances::{Asked, Script};
use crate::words::{self, Word};
use drafting::Drafting;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wording::Worded;

pub use builder::StudioBuilder;
pub use delivery::{Delivery, Extent, LOUDNESS};
pub use excerpt::Excerpt;
use excerpt::{Stretch, WHOLE};
pub use outputs::Audio;

/// The revision of what tracks hold, and of what is written beside them. It is raised with every
/// change, made on purpose, of what comes of the same transcript, options and voices, except for
/// changes of an engine's samples, which have a revision of their own.
pub const REVISION: u32 = 2;

/// Silence after the last sound of a track.
const AFTER: Ticks = Ticks::from_millis(250);

/// The most threads; more than any machine has cores, and few enough to be had at once.
const MOST_JOBS: usize = 1024;

/// What is wanted of every track.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Options {
    /// The language of every line, and how its numbers and dates are read; the language is found line by line where it is
    /// `None`, the region is that of the line's voice where it is not given.
    pub lang: Option<Tongue>,
    /// The encoding of every transcript; found for each where it is `None`.
    pub encoding: Option<NamedEncoding>,
    /// How the times of every transcript become those of its track.
    pub shift: Shift,
    /// The part of every track that is rendered; all of it where it is `None`.
    pub excerpt: Option<Excerpt>,
    /// What becomes of sounds and music that the transcript describes.
    pub sounds: Sounds,
    /// Pronunciations. Serialised options leave them out: they are known by their files.
    #[serde(skip)]
    pub lexicon: Arc<Lexicon>,
    /// What the plan must keep to.
    pub bounds: Bounds,
    /// How samples are stored.
    pub layout: Layout,
    /// What the voices' noise grows from.
    pub seed: u64,
    /// Threads; all cores where it is `None`. The result does not depend on it, and serialised
    /// options leave it out.
    #[serde(skip)]
    pub jobs: Option<usize>,
    /// How loud and how long tracks are, and what lies under them.
    pub delivery: Delivery,
}

/// Voices, phonemes and threads: what is needed for any number of transcripts.
pub struct Studio {
    options: Options,
    cast: Cast,
    phonemizer: Arc<Phonemizer>,
    pool: Arc<ThreadPool>,
    cache: Option<Arc<Cache>>,
    memory: Memory,
    media: delivery::Media,
    /// Where pronunciation data and the levels of voices are kept.
    folder: PathBuf,
}

/// What kind of track it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrackKind {
    /// Lines in their places.
    Stamped,
    /// Prose at its own pace.
    Narration,
}

/// A transcript, read and planned.
pub struct Planned {
    /// What kind of text it is.
    pub format: Format,
    /// The name of its encoding.
    pub encoding: &'static str,
    /// One or two: the stamped lines, and the prose.
    pub tracks: Vec<PlannedTrack>,
    /// How its times became those of the tracks.
    pub shift: Shift,
    /// What was odd in the file.
    pub notes: Vec<Note>,
}

/// A track before it is spoken.
pub struct PlannedTrack {
    /// What kind of track it is.
    pub kind: TrackKind,
    /// Its lines.
    pub cues: Vec<Cue>,
    /// The words of each line, as spoken.
    pub words: Vec<Vec<Word>>,
    /// What became of the sounds they describe.
    pub sounds: Sounds,
    /// The language of each line.
    pub langs: Vec<Lang>,
    /// The utterances, drafted.
    pub drafts: Vec<Draft>,
    /// When and how long each is spoken.
    pub plan: Plan,
    /// Whether it goes with the media: its length and background are those that were asked for. A narration beside
    /// stamped lines has a pace and a length of its own.
    pub with_media: bool,
    /// What becomes of each line.
    pub lines: Vec<Line>,
    /// The part of its clock that is rendered: from its beginning to the end of all time where that is all of it.
    pub window: Range<Ticks>,
}

impl PlannedTrack {
    /// The track's length at `rate` Hz in samples: to the end of the last window or a moment past the last sound.
    pub fn samples(&self, rate: u32) -> u64 {
        let spoken = self.plan.slots.iter().flat_map(|s| &s.spans).map(|s| s.end + AFTER);
        let windows = self.cues.iter().filter_map(|c| c.end());
        spoken.chain(windows).max().unwrap_or_default().to_samples(rate)
    }
}

/// A track that was planned, and what became known meanwhile.
struct Planning {
    track: PlannedTrack,
    /// Entries of the lexicon that its words needed.
    used: BTreeSet<usize>,
}

impl Studio {
    /// Opens a studio; pronunciation data is kept in the folder `data`.
    ///
    /// # Errors
    /// When an option makes no sense, when a media file cannot be read, when the data cannot be written or threads cannot
    /// be had.
    pub fn open(options: Options, cast: Cast, data: &Path) -> Result<Studio> {
        options.layout.check()?;
        if let Some(jobs) = options.jobs.filter(|jobs| !(1..=MOST_JOBS).contains(jobs)) {
            return Err(Error::new(Kind::Usage, format!("{jobs} threads cannot share the work")).with_remedy(advice![
                "use ",
                Setting::Jobs,
                format!(" 1 to {MOST_JOBS}")
            ]));
        }
        let pool = ThreadPoolBuilder::new()
            .num_threads(options.jobs.unwrap_or(0))
            .thread_name(|i| format!("cuevox-{i}"))
            .build()
            .map_err(|e| {
                Error::new(Kind::Usage, "the threads cannot be had")
                    .because(e)
                    .with_remedy(advice!["use fewer ", Setting::Jobs])
            })?;
        let memory = Memory::new(options.seed);
        let (media, folder) = (options.delivery.survey()?, data.to_owned());
        let (phonemizer, pool) = (Arc::new(Phonemizer::open(data)?), Arc::new(pool));
        let cast = cast.loaded_by(pool.current_num_threads());
        Ok(Studio { cast, phonemizer, pool, cache: None, memory, media, folder, options })
    }

    /// The same studio, which looks utterances up in a cache before it speaks them, and keeps them there.
    pub fn with_cache(self, cache: Arc<Cache>) -> Studio {
        let memory = Memory::new(self.options.seed).with_cache(Arc::clone(&cache));
        Studio { memory, cache: Some(cache), ..self }
    }

    /// A studio with other options and voices, and the same threads, loaded models and cache.
    ///
    /// # Errors
    /// As [`Studio::open`].
    pub fn like(&self, options: Options, choices: Vec<Choice>) -> Result<Studio> {
        options.layout.check()?;
        let (media, folder) = (options.delivery.survey()?, self.folder.clone());
        let studio = Studio {
            cast: self.cast.like(choices),
            phonemizer: Arc::clone(&self.phonemizer),
            pool: Arc::clone(&self.pool),
            cache: None,
            memory: Memory::new(options.seed),
            media,
            folder,
            options,
        };
        Ok(match &self.cache {
            Some(cache) => studio.with_cache(Arc::clone(cache)),
            None => studio,
        })
    }

    /// What is wanted of every track.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Who speaks.
    pub fn cast(&self) -> &Cast {
        &self.cast
    }

    /// How many threads share the work.
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads().max(1)
    }

    /// Reads a transcript and plans its tracks. Nothing is spoken or written.
    ///
    /// # Errors
    /// When it cannot be read, when a voice cannot be had, when somebody asks to stop.
    pub fn plan(&self, bytes: &[u8], observer: &dyn Observer) -> Result<Planned> {
        self.plan_transcript(transcript::read_with(bytes, None, self.options.encoding)?, observer)
    }

    /// Plans the tracks of a transcript that was read already, or [made of cues](Transcript::of).
    ///
    /// # Errors
    /// As [`Studio::plan`].
    pub fn plan_transcript(&self, transcript: Transcript, observer: &dyn Observer) -> Result<Planned> {
        let mut notes = transcript.notes;
        let stamped = self.options.shift.apply(transcript.stamped, &mut notes);
        let (mut tracks, mut used) = (Vec::new(), BTreeSet::new());
        let mut cues = stamped.iter().chain(&transcript.prose);
        notes.extend(remarks::on_speakers(self.cast.speakers(), cues.clone()));
        let first = cues.find(|cue| cue.sayable()).map(Cue::line);
        let any_stamped = stamped.iter().any(Cue::sayable);
        for (kind, cues) in [(TrackKind::Stamped, stamped), (TrackKind::Narration, transcript.prose)] {
            if cues.iter().any(Cue::sayable) {
                notes.extend(remarks::on_lines(&cues));
                let with_media = !any_stamped || kind == TrackKind::Stamped;
                let planned = self.plan_track(kind, with_media, cues, observer)?.noted_in(&mut notes);
                used.extend(planned.used);
                if !planned.track.drafts.is_empty() {
                    tracks.push(planned.track);
                }
            }
        }
        if first.is_none() {
            return Err(Error::new(Kind::Input, "nothing is left to say of what is moved to before the beginning")
                .with_remedy(advice!["use a larger ", Setting::Offset]));
        }
        if tracks.is_empty() {
            return Err(Error::new(Kind::Input, "the voice has no sound for anything in it, so there is no track")
                .at_line(first.unwrap_or(1))
                .with_remedy(advice!["check the text, or choose another ", Setting::Voice]));
        }
        notes.extend(self.options.lexicon.unused(&used));
        if let Some(excerpt) = &self.options.excerpt {
            let rate = self.options.layout.sample_rate;
            tracks = excerpt.of(tracks, rate)?.noted_in(&mut notes);
            let held: BTreeSet<usize> = tracks.iter().flat_map(|track| track.lines_held(rate)).collect();
            notes.retain(|note| note.line.is_none_or(|line| held.contains(&line)));
        }
        notes.sort_by_key(|note| note.line);
        let mut told = HashSet::new();
        notes.retain(|note| told.insert(note.clone()));
        Ok(Planned {
            format: transcript.format,
            encoding: transcript.encoding,
            tracks,
            shift: self.options.shift,
            notes,
        })
    }

    fn plan_track(
        &self,
        kind: TrackKind,
        with_media: bool,
        cues: Vec<Cue>,
        observer: &dyn Observer,
    ) -> Result<Noted<Planning>> {
        let mut notes = Vec::new();
        let aloud: Vec<Cow<'_, str>> = cues.iter().map(|cue| cue.aloud(self.options.sounds)).collect();
        let texts: Vec<&str> = aloud.iter().map(AsRef::as_ref).collect();
        let own = cues.iter().zip(&texts).map(|(cue, text)| (cue.unmarked(text), cue.lang()));
        let langs = words::language::languages(own, self.options.lang.map(|tongue| tongue.lang));
        let Noted { value: Worded { words, used }, notes: on_words } = self.words(&cues, &texts, &langs, observer)?;
        let bounds = Bounds { end: self.media.end(with_media), ..self.options.bounds };
        let script = Script { cues: &cues, words: &words };
        let roles = self.roles(script, &langs)?.noted_in(&mut notes);
        let at_once = bounds.overlap == Overlap::Speakers;
        let voices = self.voice_of_each(script, &langs, &roles)?;
        let asked = Asked { texts: &texts, langs: &langs, voices: &voices, at_once };
        let utterances = words::utterances::utterances(script, asked);
        drop(aloud);
        let drafting = self.planned(utterances, script, roles, &bounds, observer)?;
        let Drafting { drafts, plan } = drafting.noted_in(&mut notes);
        let counts: Vec<usize> = words.iter().map(Vec::len).collect();
        let lines = verdict::lines(&cues, &counts, &drafts, &plan, self.options.bounds.fit);
        observer.event(Event::Planned);
        if self.options.bounds.overflow == Overflow::Fail {
            fits::all_fit(&cues, &lines)?;
        }
        let sounds = self.options.sounds;
        let track = PlannedTrack { kind, cues, words, sounds, langs, drafts, plan, lines, with_media, window: WHOLE };
        notes.extend(on_words);
        Ok(Noted::new(Planning { track, used }, notes))
    }

    /// The track's length in samples of one channel, as it is delivered.
    fn frames(&self, track: &PlannedTrack) -> Result<u64> {
        let rate = self.options.layout.sample_rate;
        Ok(Stretch::of(track, self.media.frames(track, rate)?, rate)?.frames())
    }

    /// Speaks a planned track and hands it to `output`; the lines by themselves go to the folder `stems` where one is given.
    fn deliver<'a>(
        &self,
        track: &PlannedTrack,
        output: Output<'a>,
        stems: Option<&'a Path>,
        observer: &dyn Observer,
    ) -> Result<Finished> {
        let (layout, rate) = (self.options.layout, self.options.layout.sample_rate);
        let stretch = Stretch::of(track, self.media.frames(track, rate)?, rate)?;
        let gains = self.voice_gains(&track.drafts)?;
        let delivery = &self.options.delivery;
        let lines = || delivery::stems(track, &stretch).into_iter().map(|(stem, _)| stem).collect();
        let mut file = Track::create(Master {
            output,
            layout,
            frames: stretch.frames(),
            loudness: delivery.loudness,
            background: self.media.background(delivery, track, (layout, &stretch)),
            labels: delivery::labels(track, &stretch),
            stems: stems.map(|folder| (folder, lines())),
        })?;
        let mut work: Vec<_> = track.drafts.iter().zip(&track.plan.slots).collect();
        // People may talk at once: what is planned later may begin earlier.
        work.sort_by_key(|(_, slot)| slot.start);
        let alone = track.is_part() && !stretch.hears_all(&work);
        work.retain(|(draft, slot)| stretch.may_hear(draft, slot));
        let seconds = |(draft, slot): &(&Draft, &timing::Slot)| {
            draft.voice.clock().ticks(slot.heard.end - slot.heard.start).secs()
        };
        observer.event(Event::Speaking { utterances: work.len(), seconds: work.iter().map(seconds).sum() });
        let manner = Manner { pool: &self.pool, rate, seed: self.options.seed, cache: self.cache.as_deref(), observer };
        speak_all(&work, manner, |at, mut samples| {
            observer.keep_going()?;
            let (draft, slot) = work[at];
            samples.iter_mut().for_each(|sample| *sample *= gains[draft.voice_number]);
            let clip = Clip { start: slot.start.to_samples(rate), voice: draft.voice_number, samples };
            stretch.cut(clip).map_or(Ok(()), |clip| file.put(clip))
        })?;
        observer.keep_going()?;
        let mut finished = self.pool.install(|| file.finish(observer))?;
        finished.notes.extend(self.media.notes(delivery, track));
        if alone {
            finished.notes.extend(excerpt::level_note(delivery));
        }
        Ok(finished)
    }
}

#[cfg(test)]
mod tests;
