//! In: a transcript, where its results go, and a studio. Out: its tracks, with lines as files, captions, pages and a report
//! beside them. Knows neither command nor progress.

use super::names::{self, Job};
use super::views::{self, Views};
use cuevox::error::{Error, Kind, Result};
use cuevox::files::{Artifact, SmallFile};
use cuevox::progress::Observer;
use cuevox::render::{Planned, Studio};
use cuevox::report::{self, Input, Report};
use cuevox::track::stems::check_folder;
use cuevox::wav::check_place;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A transcript whose results are begun: places that cannot be written to are known before the long work.
pub(super) struct Begun<'a> {
    job: &'a Job,
    studio: &'a Studio,
    report: Option<SmallFile>,
}

/// What came of a transcript.
pub(super) struct Made {
    /// What is known of it.
    pub(super) report: Report,
    /// Tracks, captions and pages.
    pub(super) files: Vec<PathBuf>,
    /// Folders with lines as files.
    pub(super) stems: Vec<PathBuf>,
}

impl<'a> Begun<'a> {
    /// Begins what is wanted of it.
    ///
    /// # Errors
    /// Of kind `Output` where a place cannot be written to.
    pub(super) fn new(job: &'a Job, studio: &'a Studio) -> Result<Begun<'a>> {
        check_place(&job.track, studio.options().layout)?;
        job.stems.as_deref().map_or(Ok(()), check_folder)?;
        let report = match job.report.as_deref().filter(|path| !names::is_stream(path)) {
            Some(path) => Some(SmallFile::create(path, Artifact::Report)?),
            None => None,
        };
        Ok(Begun { job, studio, report })
    }

    /// Plans and speaks it, and writes everything but the report. With `words`, each word in captions has its time.
    ///
    /// # Errors
    /// As [`Studio::plan`] and [`Studio::speak_with_stems`], and when a file cannot be written.
    pub(super) fn make(&self, bytes: &[u8], words: bool, observer: &dyn Observer) -> Result<Made> {
        let (job, layout) = (self.job, self.studio.options().layout);
        let mut planned = self.studio.plan(bytes, observer)?;
        let alone = planned.tracks.len() == 1;
        let begin = |track| Views::begin(job, words, track, alone);
        let views = planned.tracks.iter().map(begin).collect::<Result<Vec<Views>>>()?;
        let (mut tracks, mut notes, mut files, mut stems) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for track in &planned.tracks {
            let (target, folder) = (job.target(track.kind, alone), job.stems(track.kind, alone));
            let finished = self.studio.speak_with_stems(track, &target, folder.as_deref(), observer)?;
            notes.extend(finished.notes.iter().cloned());
            tracks.push(report::track(track, layout.sample_rate, Some(report::output(&target, layout, &finished))));
            files.push(target);
            stems.extend(folder);
        }
        planned.notes.append(&mut notes);
        let report = report::report(input_of(&job.input, bytes, &planned), &planned, tracks);
        for (views, track) in views.into_iter().zip(&report.tracks) {
            files.extend(views.finish(&report, track, &job.target(views::kind(track), alone), layout)?);
        }
        Ok(Made { report, files, stems })
    }

    /// Writes the report, where one is wanted.
    ///
    /// # Errors
    /// Of kind `Output` when it cannot be written.
    pub(super) fn finish(self, report: &Report) -> Result<()> {
        let Some(path) = &self.job.report else { return Ok(()) };
        let json = serde_json::to_vec_pretty(report)
            .map_err(|e| Error::new(Kind::Output, "the report cannot be written").because(e).in_file(path))?;
        match self.report {
            Some(file) => file.finish(&json),
            None => super::print_out(&(String::from_utf8_lossy(&json) + "\n")),
        }
    }
}

/// What the report says about an input.
pub(super) fn input_of(path: &Path, bytes: &[u8], planned: &Planned) -> Input {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    Input {
        path: path.to_string_lossy().into_owned(),
        format: planned.format.name().to_owned(),
        encoding: planned.encoding.to_owned(),
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        moved: report::moved(planned.shift),
    }
}
