//! In: the speech of a track, and which part of it is which line. Out: a folder with a file for each line and a list of
//! them, there whole or not at all. Knows no background.
//!
//! The files, laid at their starts, add up to the speech of the track, but for their dither: they are cut out of it after
//! the gain and the limiter, and lines of one sentence meet at a sample.

use super::spool::Spool;
use super::{CEILING_DB, Mix};
use crate::audio::limiter::Limiter;
use crate::audio::meter::Meter;
use crate::error::{Error, Kind, Result};
use crate::progress::Observer;
use crate::progress::unfinished::Unfinished;
use crate::wav::labels::{Labels, Point};
use crate::wav::{Container, Layout, NewFolders, SoundFile, TempFolder, beside};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the list.
pub const MANIFEST: &str = "manifest.json";

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
    target: PathBuf,
    folders: NewFolders,
    _unfinished: Unfinished,
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
                        .help("name a new or an empty folder with --stems"));
                }
            }
            Err(_) if target.exists() => {
                return Err(refused("this is a file, and lines need a folder").help("name a folder with --stems"));
            }
            Err(_) => {}
        }
        let (folder, folders) = beside(target, "stems")?;
        let temp =
            TempFolder::within(&folder).map_err(|e| refused("no folder can be made here").because(e.to_string()))?;
        let _unfinished = Unfinished::at(temp.path());
        Ok(Folder { temp, target: target.to_owned(), folders, _unfinished })
    }

    /// Gives the folder its name; lines of an earlier run are gone then.
    pub(super) fn finish(self) -> Result<()> {
        let Folder { temp, target, folders, .. } = self;
        let failed = |e: std::io::Error| {
            Error::new(Kind::Output, "the lines are finished and their folder cannot be given its name")
                .because(e)
                .in_file(&target)
        };
        let lines = temp.path().join("lines");
        let old = temp.path().join("old");
        let replaces = target.exists();
        if replaces {
            fs::rename(&target, &old).map_err(failed)?;
        }
        if let Err(e) = fs::rename(&lines, &target) {
            if replaces {
                // What was there goes back; where even that fails, the first error says enough.
                let _ = fs::rename(&old, &target);
            }
            return Err(failed(e));
        }
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

/// Writes every line as a file. Lines come in order and do not overlap.
pub(super) fn write(
    (target, stems): (&Path, &[Stem]),
    spool: &mut Spool,
    (track, layout, frames): (&Path, Layout, u64),
    gain: f64,
    observer: &dyn Observer,
) -> Result<Folder> {
    let folder = Folder::begin(target)?;
    let lines = folder.temp.path().join("lines");
    let ending = Container::of(track, layout)?.ending();
    let name = |stem: &Stem| format!("{:04}.{ending}", stem.index);
    let mut mix = Mix::open(spool, None, (layout.sample_rate, layout.channels, frames), None)?;
    let mut limiter = Limiter::new(layout.sample_rate, 1, CEILING_DB);
    let (mut part, mut ready, mut waiting) = (Vec::new(), Vec::new(), stems.iter().peekable());
    let (mut at, mut open): (u64, Option<Open>) = (0, None);
    loop {
        observer.keep_going()?;
        ready.clear();
        let more = mix.part(&mut part)?;
        if more {
            part.iter_mut().for_each(|sample| *sample = (f64::from(*sample) * gain) as f32);
            limiter.process(&part, &mut ready);
        } else {
            limiter.finish(&mut ready);
        }
        let end = at + ready.len() as u64;
        while let Some(stem) = waiting.peek().filter(|stem| stem.start < end) {
            let mut now = match open.take() {
                Some(open) => open,
                None => Open::begin(&lines.join(name(stem)), layout, stem)?,
            };
            let from = stem.start.max(at) - at;
            let to = stem.end.min(end) - at;
            now.write(&ready[from as usize..to as usize])?;
            if stem.end > end {
                open = Some(now);
                break;
            }
            now.finish(layout)?;
            waiting.next();
        }
        at = end;
        if !more {
            break;
        }
    }
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
    let manifest = Manifest {
        version: 1,
        program: PROGRAM,
        track: track.to_string_lossy().into_owned(),
        sample_rate: layout.sample_rate,
        channels: layout.channels,
        bits: layout.bits,
        frames,
        lines: list.collect(),
    };
    let unwritten = || Error::new(Kind::Output, "the list of lines cannot be written").in_file(target);
    let json = serde_json::to_vec_pretty(&manifest).map_err(|e| unwritten().because(e))?;
    fs::create_dir_all(&lines)
        .and_then(|()| fs::write(lines.join(MANIFEST), json))
        .map_err(|e| unwritten().because(e))?;
    Ok(folder)
}

/// The file of the line that is being written.
struct Open {
    file: SoundFile,
    meter: Meter,
}

impl Open {
    fn begin(target: &Path, layout: Layout, stem: &Stem) -> Result<Open> {
        let frames = stem.end - stem.start;
        let labels = Labels {
            title: stem.text.clone(),
            voices: vec![stem.voice.clone()],
            time_reference: stem.start,
            points: vec![Point { at: 0, frames, text: stem.text.clone() }],
        };
        let file = SoundFile::create(target, layout, labels, frames)?;
        Ok(Open { file, meter: Meter::new(layout.sample_rate) })
    }

    fn write(&mut self, samples: &[f32]) -> Result<()> {
        self.meter.hear(samples);
        self.file.write(samples, 1)
    }

    fn finish(self, layout: Layout) -> Result<()> {
        self.file.finish(self.meter.level().copied(layout.channels)).map(drop)
    }
}
