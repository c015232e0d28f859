//! In: the speech of a track, voice by voice, and which part of it is which line. Out: a folder with a file for each line
//! and a list of them, there whole or not at all. Knows no background.
//!
//! The files, laid at their starts, add up to the speech of the track, but for their dither: each is what one voice says
//! there, with the gain of the track and with what the limiter takes from the sum of all voices, and lines of one sentence
//! meet at a sample.

use super::CEILING_DB;
use super::spool::Spool;
use crate::audio::curve::{Curve, Run};
use crate::audio::limiter::limited;
use crate::audio::meter::Meter;
use crate::error::{Error, Kind, Result, Setting, advice};
use crate::files::{Artifact, NewFolders, TempFolder, folder_of, unwritable};
use crate::progress::Observer;
use crate::wav::labels::{Labels, Point};
use crate::wav::{Container, Layout, SoundFile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The name of the list.
pub const MANIFEST: &str = "manifest.json";

/// What the folder of lines is called in its temporary folder.
const LINES: &str = "lines";

/// How the list says what wrote it.
const PROGRAM: &str = concat!("cuevox ", env!("CARGO_PKG_VERSION"));

/// One line as a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stem {
    /// Its number in the track, from 1.
    pub index: usize,
    /// Its line in the transcript.
    pub line: usize,
    /// Its first sample in the track.
    pub start: u64,
    /// The sample after its last.
    pub end: u64,
    /// The transcript's own words.
    pub text: String,
    /// What the voice was given.
    pub spoken: String,
    /// The tag of its language.
    pub lang: &'static str,
    /// Who speaks, where the transcript says so.
    pub speaker: Option<String>,
    /// The id of its voice.
    pub voice: String,
    /// Whose clips it is cut out of: the number that [`Clip`](super::Clip) has.
    pub voice_number: usize,
}

/// The list of files, as it is written.
#[derive(Serialize)]
struct Manifest<'a> {
    version: u32,
    program: &'static str,
    track: String,
    sample_rate: u32,
    channels: u16,
    bits: u16,
    frames: u64,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    file: String,
    index: usize,
    line: usize,
    start: f64,
    duration: f64,
    start_frame: u64,
    frames: u64,
    text: &'a str,
    spoken: &'a str,
    lang: &'static str,
    speaker: Option<&'a str>,
    voice: &'a str,
}

/// Files as they are named in a list that is there already.
#[derive(Deserialize)]
struct Listed {
    program: String,
    lines: Vec<ListedLine>,
}

#[derive(Deserialize)]
struct ListedLine {
    file: String,
}

/// A folder in the making.
pub(super) struct Folder {
    temp: TempFolder,
    // After the temporary folder, which is in them.
    folders: NewFolders,
    target: PathBuf,
}

/// Whether lines could be written to this folder: it is not there, or empty, or holds nothing but lines of an earlier
/// run, which are replaced.
///
/// # Errors
/// Of kind [`Output`](Kind::Output) when something else lies in it, or the place cannot be written to.
pub fn check_folder(target: &Path) -> Result<()> {
    Folder::begin(target).map(drop)
}

impl Folder {
    fn begin(target: &Path) -> Result<Folder> {
        let refused = |what: &str| Error::new(Kind::Output, what).in_file(target);
        match fs::read_dir(target) {
            Ok(entries) => {
                let there: BTreeSet<_> = entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
                if !there.is_empty() && !there.is_subset(&listed(target)) {
                    return Err(refused("this folder holds files that are no lines of an earlier run")
                        .with_remedy(advice!["name a new or an empty folder with ", Setting::Stems]));
                }
            }
            Err(_) if target.exists() => {
                return Err(refused("this is a file, and lines need a folder")
                    .with_remedy(advice!["name a folder with ", Setting::Stems]));
            }
            Err(_) => {}
        }
        let unwritten = |e: std::io::Error| unwritable(target, Artifact::Stems, e);
        let folders = NewFolders::above(target).map_err(unwritten)?;
        let temp = TempFolder::locked(folder_of(target))
            .map_err(|e| refused("no folder can be made here").because(e.to_string()))?;
        Ok(Folder { temp, folders, target: target.to_owned() })
    }

    /// Gives the folder its name; lines of an earlier run are gone then.
    pub(super) fn finish(self) -> Result<()> {
        // In this order, so that where it fails the temporary folder goes before those it is in.
        let Folder { folders, temp, target } = self;
        temp.release(LINES, &target).map_err(|e| {
            Error::new(Kind::Output, "the lines are finished and their folder cannot be given its name")
                .because(e)
                .in_file(&target)
        })?;
        folders.keep();
        Ok(())
    }
}

/// What a list in this folder says lies in it, the list included; nothing where none of ours is there.
fn listed(folder: &Path) -> BTreeSet<String> {
    let bytes = fs::read(folder.join(MANIFEST)).unwrap_or_default();
    match serde_json::from_slice::<Listed>(&bytes) {
        Ok(list) if list.program.starts_with("cuevox ") => {
            list.lines.into_iter().map(|line| line.file).chain([MANIFEST.to_owned()]).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// Frames that are written at once.
const PART: u64 = 1 << 14;

/// The track whose lines are written.
pub(super) struct Whole<'a> {
    /// Its file.
    pub(super) target: &'a Path,
    /// How its samples are stored, and those of the lines.
    pub(super) layout: Layout,
    /// Its length in samples of one channel.
    pub(super) frames: u64,
    /// Its first sample on the clock that files say their place by.
    pub(super) begins: u64,
    /// The gain of all of it, as a factor.
    pub(super) gain: f64,
}

/// Writes every line as a file. Lines of one voice do not overlap.
pub(super) fn write(
    (target, stems): (&Path, &[Stem]),
    spool: &mut Spool,
    whole: &Whole<'_>,
    observer: &dyn Observer,
) -> Result<Folder> {
    let folder = Folder::begin(target)?;
    let lines = folder.temp.path().join(LINES);
    let ending = Container::of(whole.target, whole.layout)?.ending();
    let name = |stem: &Stem| format!("{:04}.{ending}", stem.index);
    let mut ordered: Vec<&Stem> = stems.iter().collect();
    ordered.sort_by_key(|stem| stem.start);
    let mut waiting = ordered.into_iter().peekable();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut desk = Gains::new(whole);
    while let Some(part) = desk.next(spool)? {
        observer.keep_going()?;
        while let Some(stem) = waiting.next_if(|stem| stem.start < part.end) {
            open.push(Open::begin(&lines.join(name(stem)), whole, stem)?);
        }
        for line in &mut open {
            let range = line.stem.start.max(part.start)..line.stem.end.min(part.end);
            let gains = &desk.gains[(range.start - part.start) as usize..(range.end - part.start) as usize];
            line.write(spool, range.start, whole.gain, gains)?;
        }
        let (over, later): (Vec<_>, Vec<_>) = open.into_iter().partition(|line| line.stem.end <= part.end);
        open = later;
        over.into_iter().try_for_each(|line| line.finish(whole.layout))?;
    }
    let json = serde_json::to_vec_pretty(&manifest(stems, whole, name));
    let unwritten = || Error::new(Kind::Output, "the list of lines cannot be written").in_file(target);
    let json = json.map_err(|e| unwritten().because(e))?;
    fs::create_dir_all(&lines)
        .and_then(|()| fs::write(lines.join(MANIFEST), json))
        .map_err(|e| unwritten().because(e))?;
    Ok(folder)
}

/// The list of these lines.
fn manifest<'a>(stems: &'a [Stem], whole: &Whole<'_>, name: impl Fn(&Stem) -> String) -> Manifest<'a> {
    let layout = whole.layout;
    let rate = f64::from(layout.sample_rate);
    let list = stems.iter().map(|stem| Line {
        file: name(stem),
        index: stem.index,
        line: stem.line,
        start: stem.start as f64 / rate,
        duration: (stem.end - stem.start) as f64 / rate,
        start_frame: stem.start,
        frames: stem.end - stem.start,
        text: &stem.text,
        spoken: &stem.spoken,
        lang: stem.lang,
        speaker: stem.speaker.as_deref(),
        voice: &stem.voice,
    });
    Manifest {
        version: 1,
        program: PROGRAM,
        track: whole.target.to_string_lossy().into_owned(),
        sample_rate: layout.sample_rate,
        channels: layout.channels,
        bits: layout.bits,
        frames: whole.frames,
        lines: list.collect(),
    }
}

/// What the limiter takes from the sum of all voices, part by part.
struct Gains {
    curve: Curve,
    factor: f64,
    frames: u64,
    /// How much of the sum was heard, and for how much of it the gain was given out.
    heard: u64,
    given: u64,
    part: Vec<f32>,
    runs: Vec<Run>,
    /// The gains of the part that was given out last.
    gains: Vec<f64>,
}

impl Gains {
    fn new(whole: &Whole<'_>) -> Gains {
        let curve = Curve::new(whole.layout.sample_rate, 1, CEILING_DB);
        let (part, runs, gains) = (Vec::new(), Vec::new(), Vec::new());
        Gains { curve, factor: whole.gain, frames: whole.frames, heard: 0, given: 0, part, runs, gains }
    }

    /// The next stretch of the track whose gains are known; none at its end.
    fn next(&mut self, spool: &mut Spool) -> Result<Option<Range<u64>>> {
        self.gains.clear();
        while self.gains.is_empty() && self.given < self.frames {
            let count = (self.frames - self.heard).min(PART);
            if count == 0 {
                self.curve.finish(&mut self.runs);
            } else {
                self.part.resize(count as usize, 0.0);
                spool.read(self.heard, &mut self.part)?;
                self.part.iter_mut().for_each(|sample| *sample = (f64::from(*sample) * self.factor) as f32);
                self.curve.hear(&self.part, &mut self.runs);
                self.heard += count;
            }
            for run in self.runs.drain(..) {
                self.gains.extend(std::iter::repeat_n(run.gain, run.frames));
            }
        }
        let from = self.given;
        self.given += self.gains.len() as u64;
        Ok((from < self.given).then_some(from..self.given))
    }
}

/// The file of a line that is being written.
struct Open<'a> {
    stem: &'a Stem,
    file: SoundFile,
    meter: Meter,
    samples: Vec<f32>,
}

impl<'a> Open<'a> {
    fn begin(target: &Path, whole: &Whole<'_>, stem: &'a Stem) -> Result<Open<'a>> {
        let layout = whole.layout;
        let frames = stem.end - stem.start;
        let labels = Labels {
            title: stem.text.clone(),
            voices: vec![stem.voice.clone()],
            time_reference: whole.begins + stem.start,
            points: vec![Point { at: 0, frames, text: stem.text.clone() }],
        };
        let file = SoundFile::create(target, layout, labels, frames)?;
        Ok(Open { stem, file, meter: Meter::new(layout.sample_rate), samples: Vec::new() })
    }

    /// Writes what the line's voice says from sample `at` on: as much as there are gains of the limiter for.
    fn write(&mut self, spool: &mut Spool, at: u64, factor: f64, gains: &[f64]) -> Result<()> {
        self.samples.resize(gains.len(), 0.0);
        spool.read_of(Some(self.stem.voice_number), at, &mut self.samples)?;
        for (sample, gain) in self.samples.iter_mut().zip(gains) {
            *sample = limited((f64::from(*sample) * factor) as f32, *gain);
        }
        self.meter.hear(&self.samples);
        self.file.write(&self.samples, 1)
    }

    fn finish(self, layout: Layout) -> Result<()> {
        self.file.finish(self.meter.level().copied(layout.channels)).map(drop)
    }
}
