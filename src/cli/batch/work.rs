//! In: the transcripts of a batch, and studios for their options. Out: what became of each. Several are under way at once and
//! share the threads utterance by utterance, so that none is idle while a long one is finished. Knows no command line.

use super::board::{Board, Watch, complain};
use super::desk::Desks;
use super::inputs::Item;
use super::stamp::{Claim, Numbers, Product, Stamp, sum};
use crate::cli::make::{Begun, Made};
use crate::cli::names;
use crate::cli::remedy::told;
use crate::cli::render::{closing_line, placed};
use cuevox::error::{Error, Kind, Result};
use cuevox::notes::Level;
use cuevox::progress::Observer;
use cuevox::report::{self, Report};
use cuevox::track::stems::MANIFEST;
use serde::Serialize;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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
    /// A studio for each set of options.
    pub(super) desks: &'a Desks<'a>,
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
        let watch = Watch::new(self.board, size(&item.job.input));
        let claim = loop {
            match Claim::take(self.folder, &item.id(self.folder)) {
                _ if watch.interrupted() => break None,
                Some(claim) => break Some(claim),
                None if wait => std::thread::sleep(Duration::from_millis(50)),
                None => return None,
            }
        };
        let made = match (&item.wrong, &claim) {
            (Some(error), _) => Err(Error::new(error.kind(), told(error))),
            (_, None) => Err(Error::interrupted()),
            _ => catch_unwind(AssertUnwindSafe(|| self.made(item, &watch))).unwrap_or_else(|_| {
                let what = "the program failed on this file in a way it should not";
                Err(Error::new(Kind::Bug, what).help("please report this, with the file"))
            }),
        };
        drop(claim);
        let mut done = Done {
            input: item.job.input.to_string_lossy().into_owned(),
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
            Err(error) if item.wrong.is_some() => done.error = Some(told(&error)),
            Err(error) => done.error = Some(told(&placed(error, &item.job.input))),
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
        let (job, desk) = (&item.job, self.desks.of(item));
        let bytes = names::read_file(&job.input)?;
        let key = sum(format!("{} {} {}", desk.identity()?, self.known(item), sum(&bytes)).as_bytes());
        let (id, installed) = (item.id(self.folder), || desk.cast().installed().join(" "));
        let list = job.stems.as_ref().map(|folder| folder.join(MANIFEST));
        let wanted = [Some(&job.track), job.report.as_ref(), job.captions.as_ref(), job.html.as_ref(), list.as_ref()];
        let wanted: Vec<&Path> = wanted.into_iter().flatten().map(PathBuf::as_path).collect();
        let finished = || Stamp::find(self.folder, &id, &key, &wanted, installed);
        if let Some(stamp) = (!self.force).then(finished).flatten() {
            return Ok((Status::Unchanged, stamp));
        }
        let begun = Begun::new(job, desk.studio()?)?;
        let made = begun.make(&bytes, desk.caption_words(), watch)?;
        begun.finish(&made.report)?;
        self.board.odd(&made.report.notes, &job.input);
        for track in &made.report.tracks {
            self.board.line(&closing_line(track));
        }
        let speakers = made.report.tracks.iter().flat_map(|track| &track.cues).any(|cue| cue.speaker.is_some());
        let (files, lines) = self.products(&made, job.report.as_deref())?;
        let installed = speakers.then(installed);
        let stamp = Stamp { key, installed, files, lines, numbers: numbers(&made.report) };
        // Without it the track is made again the next time; that is no reason to call it failed.
        let _ = stamp.keep(self.folder, &id);
        Ok((Status::Done, stamp))
    }

    /// What else decides the bytes of its files. A track by itself has the same, whatever it is called; what stands
    /// beside it tells of names.
    fn known(&self, item: &Item) -> String {
        let job = &item.job;
        let ending = job.track.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        let beside = [&job.report, &job.captions, &job.html, &job.stems].iter().any(|place| place.is_some());
        if !beside {
            return ending;
        }
        let words = self.desks.of(item).caption_words();
        let places =
            [&Some(job.input.clone()), &Some(job.track.clone()), &job.report, &job.stems, &job.captions, &job.html];
        let named = places.map(|place| place.as_ref().map(|place| place.to_string_lossy().into_owned()));
        serde_json::json!([ending, words, named]).to_string()
    }

    /// What was written, and of that the lines by themselves.
    fn products(&self, made: &Made, report: Option<&Path>) -> Result<(Vec<Product>, Vec<Product>)> {
        let read = |path: &Path| {
            let unread = |e| Error::new(Kind::Output, "the finished file cannot be read").because(e).in_file(path);
            Product::of(path, self.folder).map_err(unread)
        };
        let lists: Vec<PathBuf> = made.stems.iter().map(|folder| folder.join(MANIFEST)).collect();
        let files =
            made.files.iter().chain(&lists).map(PathBuf::as_path).chain(report).map(read).collect::<Result<_>>()?;
        let mut lines = Vec::new();
        for entry in made.stems.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten() {
            lines.extend((entry.file_name() != MANIFEST).then(|| read(&entry.path())).transpose()?);
        }
        Ok((files, lines))
    }
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
        early: sum(|s| s.early),
        hurried: sum(|s| s.hurried),
        overrun: sum(|s| s.overrun),
        warnings: report.notes.iter().filter(|note| note.level == Level::Warning).count(),
        speech_s: report.tracks.iter().map(|track| track.summary.speech_s).sum(),
        duration_s: report.tracks.iter().filter_map(|track| track.output.as_ref()).map(|o| o.duration_s).sum(),
    }
}
