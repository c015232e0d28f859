//! In: the transcripts of a batch, and studios for their options. Out: what became of each. Several are under way at once and
//! share the threads utterance by utterance, so that none is idle while a long one is finished. Knows no command line.

use super::board::{Board, Watch, complain};
use super::inputs::Item;
use super::stamp::{Claim, Numbers, Product, Stamp, sum};
use crate::cli::names::{self, Job};
use crate::cli::render::{closing_line, input_of, placed};
use cuevox::error::{Error, Kind, Result};
use cuevox::notes::Level;
use cuevox::progress::Observer;
use cuevox::render::{Planned, Studio};
use cuevox::report::{self, Report};
use cuevox::wav::{SmallFile, check_place};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A studio, and what tells its tracks from those of another.
pub(super) struct Desk {
    /// The studio.
    pub(super) studio: Studio,
    /// A SHA-256 over options, voices, media files and this program's version.
    pub(super) identity: String,
}

/// How a transcript fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// It was rendered.
    Done,
    /// It was finished before.
    Unchanged,
    /// It gave no track.
    Failed,
    /// Somebody asked to stop before.
    Interrupted,
}

/// What became of a transcript: a line of `batch.jsonl`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Done {
    /// The file as it was named.
    pub(super) input: String,
    /// How it fared.
    pub(super) status: Status,
    /// Its tracks and its report.
    pub(super) outputs: Vec<String>,
    /// What came of it.
    #[serde(flatten)]
    pub(super) numbers: Numbers,
    /// Seconds it was under way.
    pub(super) wall_s: f64,
    /// Why there is no track.
    pub(super) error: Option<String>,
}

/// A batch.
pub(super) struct Batch<'a> {
    /// What there is to do.
    pub(super) items: &'a [Item],
    /// A studio for each set of options, or why there is none.
    pub(super) desks: &'a HashMap<Vec<String>, std::result::Result<Desk, (Kind, String)>>,
    /// The folder of tracks.
    pub(super) folder: &'a Path,
    /// Whether what is finished is made again.
    pub(super) force: bool,
    /// Where progress is shown.
    pub(super) board: &'a Board,
    /// Told of each transcript when it is done.
    pub(super) tell: &'a (dyn Fn(&Done) + Sync),
}

/// A list that several threads add to or take from.
fn locked<T>(list: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Batch<'_> {
    /// Does all of it, `under_way` transcripts at once.
    pub(super) fn run(&self, under_way: usize) -> Vec<Done> {
        let waiting: Mutex<VecDeque<usize>> = Mutex::new((0..self.items.len()).collect());
        let (busy, done) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        let next = |list: &Mutex<VecDeque<usize>>| locked(list).pop_front();
        std::thread::scope(|scope| {
            for _ in 0..under_way.clamp(1, self.items.len().max(1)) {
                scope.spawn(|| {
                    while let Some(at) = next(&waiting) {
                        match self.one(&self.items[at], false) {
                            Some(result) => locked(&done).push((at, result)),
                            None => locked(&busy).push(at),
                        }
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        // What another process was making: by now it is finished, or its maker is gone.
        for at in busy.into_inner().unwrap_or_else(PoisonError::into_inner) {
            done.extend(self.one(&self.items[at], true).map(|result| (at, result)));
        }
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// One transcript; `None` where another process is at it, unless this is to wait for that.
    fn one(&self, item: &Item, wait: bool) -> Option<Done> {
        let since = Instant::now();
        let watch = Watch::new(self.board, size(&item.input));
        let claim = loop {
            match Claim::take(self.folder, &item.id(self.folder)) {
                _ if watch.interrupted() => break None,
                Some(claim) => break Some(claim),
                None if wait => std::thread::sleep(Duration::from_millis(50)),
                None => return None,
            }
        };
        let made = match (&item.wrong, &claim) {
            (Some(error), _) => Err(Error::new(error.kind(), error.to_string())),
            (_, None) => Err(Error::interrupted()),
            _ => catch_unwind(AssertUnwindSafe(|| self.made(item, &watch))).unwrap_or_else(|_| {
                let what = "the program failed on this file in a way it should not";
                Err(Error::new(Kind::Input, what).help("please report this, with the file"))
            }),
        };
        drop(claim);
        let mut done = Done {
            input: item.input.to_string_lossy().into_owned(),
            status: Status::Failed,
            outputs: Vec::new(),
            numbers: Numbers::default(),
            wall_s: since.elapsed().as_secs_f64(),
            error: None,
        };
        match made {
            Ok((status, stamp)) => {
                done.status = status;
                let paths = stamp.files.iter().map(|file| file.path(self.folder).to_string_lossy().into_owned());
                done.outputs = paths.collect();
                done.numbers = stamp.numbers;
            }
            Err(error) if error.kind() == Kind::Interrupted => done.status = Status::Interrupted,
            Err(error) if item.wrong.is_some() => done.error = Some(error.to_string()),
            Err(error) => done.error = Some(placed(error, &item.input).to_string()),
        }
        self.board.done(done.numbers.lines);
        match &done.error {
            Some(error) => complain(self.board, error),
            None if done.status == Status::Unchanged => watch.unchanged(),
            None => {}
        }
        watch.rendered();
        (self.tell)(&done);
        Some(done)
    }

    fn made(&self, item: &Item, watch: &Watch<'_>) -> Result<(Status, Stamp)> {
        let desk = match self.desks.get(&item.options) {
            Some(Ok(desk)) => desk,
            Some(Err((kind, error))) => return Err(Error::new(*kind, error.clone())),
            None => return Err(Error::new(Kind::Usage, "these options are not known")),
        };
        let bytes = names::read_file(&item.input)?;
        let ending = item.track.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        let named = item.report.as_ref().map(|_| item.input.to_string_lossy());
        let key = sum(format!("{} {ending} {named:?} {}", desk.identity, sum(&bytes)).as_bytes());
        let (id, installed) = (item.id(self.folder), || desk.studio.cast().installed().join(" "));
        let wanted: Vec<&Path> = item.report.as_deref().into_iter().collect();
        let finished = || Stamp::find(self.folder, &id, &key, &wanted, installed);
        if let Some(stamp) = (!self.force).then(finished).flatten() {
            return Ok((Status::Unchanged, stamp));
        }
        let (planned, report, targets) = rendered(item, desk, &bytes, watch)?;
        for track in &report.tracks {
            self.board.line(&closing_line(track, 0.0).replace(", real-time factor 0.000", ""));
        }
        let speakers = planned.tracks.iter().flat_map(|track| &track.cues).any(|cue| cue.speaker.is_some());
        let files = targets.iter().chain(&item.report).map(|path| {
            let read = |e| Error::new(Kind::Output, "the finished file cannot be read").because(e).in_file(path);
            Product::of(path, self.folder).map_err(read)
        });
        let files = files.collect::<Result<_>>()?;
        let stamp = Stamp { key, installed: speakers.then(installed), files, numbers: numbers(&report) };
        // Without it the track is made again the next time; that is no reason to call it failed.
        let _ = stamp.keep(self.folder, &id);
        Ok((Status::Done, stamp))
    }
}

/// Plans and speaks a transcript; its tracks and its report are written.
fn rendered(item: &Item, desk: &Desk, bytes: &[u8], watch: &Watch<'_>) -> Result<(Planned, Report, Vec<PathBuf>)> {
    let layout = desk.studio.options().layout;
    check_place(&item.track, layout)?;
    let file = item.report.as_deref().map(SmallFile::create).transpose()?;
    let mut planned = desk.studio.plan(bytes, watch)?;
    let alone = planned.tracks.len() == 1;
    let job = Job {
        input: item.input.clone(),
        track: item.track.clone(),
        report: None,
        stems: None,
        captions: None,
        html: None,
    };
    let (mut tracks, mut notes, mut targets) = (Vec::new(), Vec::new(), Vec::new());
    for track in &planned.tracks {
        let target = job.target(track.kind, alone);
        let finished = desk.studio.speak(track, &target, watch)?;
        notes.extend(finished.notes.iter().cloned());
        tracks.push(report::track(track, layout.sample_rate, Some(report::output(&target, layout, &finished))));
        targets.push(target);
    }
    planned.notes.append(&mut notes);
    let report = report::report(input_of(&item.input, bytes, &planned), &planned, tracks);
    if let (Some(file), Some(path)) = (file, &item.report) {
        let json = serde_json::to_vec_pretty(&report)
            .map_err(|e| Error::new(Kind::Output, "the report cannot be written").because(e).in_file(path))?;
        file.finish(&json)?;
    }
    Ok((planned, report, targets))
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |meta| meta.len())
}

fn numbers(report: &Report) -> Numbers {
    let sum = |of: fn(&report::Summary) -> usize| report.tracks.iter().map(|track| of(&track.summary)).sum();
    Numbers {
        lines: sum(|s| s.cues),
        spoken: sum(|s| s.spoken),
        late: sum(|s| s.late),
        hurried: sum(|s| s.hurried),
        overrun: sum(|s| s.overrun),
        warnings: report.notes.iter().filter(|note| note.level == Level::Warning).count(),
        speech_s: report.tracks.iter().map(|track| track.summary.speech_s).sum(),
        duration_s: report.tracks.iter().filter_map(|track| track.output.as_ref()).map(|o| o.duration_s).sum(),
    }
}
