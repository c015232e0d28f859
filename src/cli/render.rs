//! In: `render` and its options. Out: tracks and reports, and a line about each. Decides nothing about sound.

use super::args::{Manner, PlanOptions, RenderArgs};
use super::cost::Clock;
use super::exit::Exit;
use super::names::{self, Job};
use super::progress::{Say, Watcher};
use cuevox::error::{Error, Kind, Result};
use cuevox::notes::Level;
use cuevox::progress::Observer;
use cuevox::render::{Options, Planned, Studio};
use cuevox::report::{self, Input, Report, TrackReport};
use cuevox::time::Ticks;
use cuevox::timing::Bounds;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::Catalog;
use cuevox::voice::store::Store;
use cuevox::wav::{Layout, write_whole};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Opens a studio for these options.
pub(super) fn studio(plan: &PlanOptions, manner: &Manner, layout: Layout) -> Result<Studio> {
    let bounds = Bounds {
        min_rate: plan.min_rate,
        max_rate: plan.max_rate,
        lead: Ticks::from_secs(plan.lead),
        lag: Ticks::from_secs(plan.lag),
        ..Bounds::default()
    };
    let store = store(manner.voices_dir.as_deref(), manner.offline)?;
    let data = store.dir().to_owned();
    let cast = Cast::new(plan.voices.clone(), Catalog::built_in()?, store);
    let options = Options { lang: plan.lang, bounds, layout, seed: plan.seed, jobs: manner.jobs };
    Studio::open(options, cast, &data)
}

/// The store of voices at this place or at its default one.
pub(super) fn store(dir: Option<&Path>, offline: bool) -> Result<Store> {
    let dir = dir.map_or_else(Store::default_dir, |d| Ok(PathBuf::from(d)))?;
    Ok(Store::open(dir, offline))
}

/// What the report says about an input.
pub(super) fn input_of(path: &Path, bytes: &[u8], planned: &Planned) -> Input {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    Input {
        path: path.to_string_lossy().into_owned(),
        format: planned.format.name().to_owned(),
        encoding: planned.encoding.to_owned(),
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

pub(super) fn run(args: &RenderArgs) -> Result<Exit> {
    let layout = Layout { sample_rate: args.sample_rate, bits: args.bits, channels: args.channels };
    let jobs = names::jobs(&args.inputs, args.output.as_deref(), args.report.as_deref())?;
    let say = Say::new(args.manner.quiet, args.manner.verbose);
    let watcher = Watcher::new(say);
    let studio = studio(&args.plan, &args.manner, layout)?;
    let mut exit = Exit::Done;
    for job in &jobs {
        let done = one(job, &studio, layout, &watcher, say);
        watcher.clear();
        exit = exit.or(match done {
            Ok(report) if args.strict && missed(&report.tracks) => Exit::Missed,
            Ok(_) => Exit::Done,
            Err(error) => {
                let place = if error.line().is_some() || error.kind() == Kind::Input { Some(&job.input) } else { None };
                super::complain(&match place {
                    Some(input) => error.in_file(input),
                    None => error,
                })
            }
        });
        if watcher.interrupted() {
            return Ok(Exit::Interrupted);
        }
    }
    Ok(exit)
}

/// Whether a line missed its window.
pub(super) fn missed(tracks: &[TrackReport]) -> bool {
    tracks.iter().any(|t| t.summary.late + t.summary.overrun > 0)
}

fn one(job: &Job, studio: &Studio, layout: Layout, watcher: &Watcher, say: Say) -> Result<Report> {
    let clock = Clock::start();
    let bytes = names::read(&job.input)?;
    let planned = studio.plan(&bytes, watcher)?;
    let alone = planned.tracks.len() == 1;
    let mut tracks = Vec::new();
    for track in &planned.tracks {
        let target = job.target(track.kind, alone);
        let finished = studio.speak(track, &target, watcher)?;
        tracks.push(report::track(track, layout.sample_rate, Some(report::output(&target, layout, &finished))));
    }
    watcher.clear();
    let mut report = report::report(input_of(&job.input, &bytes, &planned), &planned, tracks);
    tell_notes(&report, &job.input, say);
    let cost = clock.cost(report.tracks.iter().map(|t| t.summary.speech_s).sum());
    report.cost = Some(cost);
    for track in &report.tracks {
        say.line(&closing_line(track, cost.realtime_factor));
    }
    if let Some(path) = &job.report {
        let json = serde_json::to_vec_pretty(&report)
            .map_err(|e| Error::new(Kind::Output, "the report cannot be written").because(e).in_file(path))?;
        write_whole(path, &json)?;
    }
    Ok(report)
}

/// Notes on standard error: warnings about the input always, the rest when everything is to be said.
pub(super) fn tell_notes(report: &Report, input: &Path, say: Say) {
    for note in &report.notes {
        let about_windows = matches!(note.code, "late-start" | "hurried" | "overrun");
        if say == Say::Everything || (note.level == Level::Warning && !about_windows) {
            let line = note.line.map_or_else(String::new, |line| format!("{line}:"));
            let level = if note.level == Level::Warning { "warning" } else { "note" };
            say.line(&format!("{}:{line} {level}: {}", input.display(), note.message));
        }
    }
}

fn closing_line(track: &TrackReport, realtime_factor: f64) -> String {
    let summary = &track.summary;
    let (path, seconds) = track.output.as_ref().map_or(("", 0.0), |o| (o.path.as_str(), o.duration_s));
    let kind = if track.kind == "stamped" { "lines" } else { "sentences" };
    let counted = |count: usize, what: &str| if count == 0 { String::new() } else { format!(", {count} {what}") };
    let delay = if track.kind == "stamped" {
        format!(", longest delay {:.2} s", track.cues.iter().map(|c| c.start_error_s).fold(0.0, f64::max))
    } else {
        String::new()
    };
    format!(
        "{path}: {seconds:.1} s, {} {kind}{}{}{}{}{delay}, real-time factor {realtime_factor:.2}",
        summary.spoken,
        counted(summary.skipped, "skipped"),
        counted(summary.late, "late"),
        counted(summary.hurried, "hurried"),
        counted(summary.overrun, "past their window"),
    )
}
