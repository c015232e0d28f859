//! In: `render` and its options. Out: tracks and reports, and a line about each. Decides nothing about sound.

use super::args::{Manner, PlanOptions, RenderArgs};
use super::cost::Clock;
use super::exit::Exit;
use super::names::{self, Job, Places};
use super::progress::{Say, Watcher};
use super::views::{self, Views};
use cuevox::error::{Error, Kind, Result};
use cuevox::progress::Observer;
use cuevox::render::{Delivery, Options, Planned, Studio};
use cuevox::report::{self, Input, Report, TrackReport};
use cuevox::time::Ticks;
use cuevox::timing::Bounds;
use cuevox::track::stems::check_folder;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::Catalog;
use cuevox::voice::store::Store;
use cuevox::wav::{Layout, SmallFile, check_place};
use cuevox::words::lexicon::Lexicon;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// These options for the library; lexicons are read.
pub(super) fn options(plan: &PlanOptions, manner: &Manner, layout: Layout, delivery: Delivery) -> Result<Options> {
    let usual = Bounds::of(plan.fit.into(), plan.overflow.into());
    let bounds = Bounds {
        min_rate: plan.min_rate.unwrap_or(usual.min_rate),
        max_rate: plan.max_rate.unwrap_or(usual.max_rate),
        lead: plan.lead.map_or(usual.lead, Ticks::from_secs),
        lag: plan.lag.map_or(usual.lag, Ticks::from_secs),
        ..usual
    };
    Ok(Options {
        lang: plan.lang,
        encoding: plan.encoding,
        sounds: plan.sounds.into(),
        lexicon: Arc::new(lexicon(&plan.lexicons)?),
        bounds,
        layout,
        seed: plan.seed,
        jobs: manner.jobs,
        delivery,
    })
}

/// Opens a studio for these options.
pub(super) fn studio(plan: &PlanOptions, manner: &Manner, layout: Layout, delivery: Delivery) -> Result<Studio> {
    let store = store(manner.voices_dir.as_deref(), manner.offline)?;
    let data = store.dir().to_owned();
    let cast = Cast::new(plan.voices.clone(), Catalog::built_in()?, store).spoken_by(manner.engine);
    Studio::open(options(plan, manner, layout, delivery)?, cast, &data)
}

/// What these files say about pronunciations.
fn lexicon(paths: &[PathBuf]) -> Result<Lexicon> {
    let mut all = Lexicon::default();
    for path in paths {
        let wrong = |what: &str| Error::new(Kind::Usage, what).in_file(path);
        let bytes = std::fs::read(path)
            .map_err(|e| wrong("this lexicon cannot be read").because(e).help("check the name after --lexicon"))?;
        let text = String::from_utf8(bytes)
            .map_err(|e| wrong("this lexicon is no UTF-8").because(e).help("save it as UTF-8"))?;
        all.add(&path.to_string_lossy(), &text)?;
    }
    Ok(all)
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
    let layout = args.layout.layout();
    let jobs = names::jobs(
        &args.inputs,
        Places {
            output: args.output.as_deref(),
            report: args.report.as_deref(),
            stems: args.stems.as_deref(),
            captions: args.views.captions.as_deref(),
            html: args.views.html.as_deref(),
        },
    )?;
    for job in &jobs {
        job.captions.as_deref().map_or(Ok(()), |path| views::style(path, args.views.caption_words).map(drop))?;
        job.html.as_deref().map_or(Ok(()), views::check_page)?;
    }
    let media: Vec<&Path> = args.sound.background.iter().chain(&args.sound.match_media).map(PathBuf::as_path).collect();
    names::spare(&media, &jobs)?;
    let say = Say::new(args.manner.quiet, args.manner.verbose);
    let watcher = Watcher::new(say);
    let studio = studio(&args.plan, &args.manner, layout, args.sound.delivery())?;
    let mut exit = Exit::Done;
    for job in &jobs {
        let done = one(job, (&studio, layout, args.views.caption_words), &watcher, say);
        watcher.clear();
        exit = exit.or(match done {
            Ok(report) if args.strict && missed(&report.tracks) => Exit::Missed,
            Ok(_) => Exit::Done,
            Err(error) => super::complain(&placed(error, &job.input)),
        });
        if watcher.interrupted() {
            return Ok(Exit::Interrupted);
        }
    }
    Ok(exit)
}

/// The same error; one about the transcript names it.
pub(super) fn placed(error: Error, input: &Path) -> Error {
    match error.line().is_some() || error.kind() == Kind::Input {
        true => error.in_file(names::called(input)),
        false => error,
    }
}

/// Whether a line missed its window.
pub(super) fn missed(tracks: &[TrackReport]) -> bool {
    tracks.iter().any(|t| t.summary.late + t.summary.overrun > 0)
}

fn one(
    job: &Job,
    (studio, layout, caption_words): (&Studio, Layout, bool),
    watcher: &Watcher,
    say: Say,
) -> Result<Report> {
    let clock = Clock::start();
    let bytes = names::read(&job.input)?;
    // Before the long work, so that a place that cannot be written to is known now.
    check_place(&job.track, layout)?;
    job.stems.as_deref().map_or(Ok(()), check_folder)?;
    let file = job.report.as_deref().filter(|path| !names::is_stream(path)).map(SmallFile::create).transpose()?;
    let mut planned = studio.plan(&bytes, watcher)?;
    let alone = planned.tracks.len() == 1;
    let begin = |track| Views::begin(job, caption_words, track, alone);
    let views = planned.tracks.iter().map(begin).collect::<Result<Vec<Views>>>()?;
    let (mut tracks, mut notes) = (Vec::new(), Vec::new());
    for track in &planned.tracks {
        let target = job.target(track.kind, alone);
        let stems = job.stems(track.kind, alone);
        let finished = studio.speak_with_stems(track, &target, stems.as_deref(), watcher)?;
        notes.extend(finished.notes.iter().cloned());
        tracks.push(report::track(track, layout.sample_rate, Some(report::output(&target, layout, &finished))));
    }
    watcher.clear();
    planned.notes.append(&mut notes);
    let mut report = report::report(input_of(&job.input, &bytes, &planned), &planned, tracks);
    super::notes::tell(&report.notes, names::called(&job.input), say);
    let stages = watcher.stages();
    let cost = clock.cost(report.tracks.iter().map(|t| t.summary.speech_s).sum(), stages);
    if say == Say::Everything {
        say.line(&stages.text());
    }
    report.cost = Some(cost);
    for track in &report.tracks {
        say.line(&closing_line(track, cost.realtime_factor));
    }
    for (views, track) in views.into_iter().zip(&report.tracks) {
        views.finish(&report, track, &job.target(views::kind(track), alone), layout)?;
    }
    if let Some(path) = &job.report {
        let json = serde_json::to_vec_pretty(&report)
            .map_err(|e| Error::new(Kind::Output, "the report cannot be written").because(e).in_file(path))?;
        match file {
            Some(file) => file.finish(&json)?,
            None => super::print_out(&(String::from_utf8_lossy(&json) + "\n"))?,
        }
    }
    Ok(report)
}

/// Where the track is and how it went.
pub(super) fn closing_line(track: &TrackReport, realtime_factor: f64) -> String {
    let summary = &track.summary;
    let (path, seconds) = track.output.as_ref().map_or(("", 0.0), |o| (o.path.as_str(), o.duration_s));
    let unit = match (track.kind, summary.spoken) {
        ("stamped", 1) => "line",
        ("stamped", _) => "lines",
        (_, 1) => "sentence",
        _ => "sentences",
    };
    let counted = |count: usize, what: &str| if count == 0 { String::new() } else { format!(", {count} {what}") };
    let delay = if track.kind == "stamped" {
        format!(", longest delay {:.2} s", track.cues.iter().map(|c| c.start_error_s).fold(0.0, f64::max))
    } else {
        String::new()
    };
    let digits = if realtime_factor < 0.1 { 3 } else { 2 };
    format!(
        "{path}: {seconds:.1} s, {} {unit} spoken{}{}{}{}{}{delay}, real-time factor {realtime_factor:.digits$}",
        summary.spoken,
        counted(summary.skipped, "skipped"),
        counted(summary.late, "late"),
        counted(summary.hurried, "hurried"),
        counted(summary.overrun - summary.cut, "past their window"),
        counted(summary.cut, "cut"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use cuevox::report::{Output, Summary};
    use cuevox::track::Finished;

    fn track(kind: &'static str, summary: Summary) -> TrackReport {
        let level = cuevox::audio::meter::Level { lufs: None, true_peak_db: None };
        let finished = Finished { frames: 96_000, level, gain_db: 0.0, limited_db: 0.0, clipped: 0, notes: Vec::new() };
        let output: Output = report::output(Path::new("o/talk.wav"), Layout::default(), &finished);
        TrackReport { kind, output: Some(output), cues: Vec::new(), summary }
    }

    #[test]
    fn the_closing_line_says_where_the_track_is_and_how_it_went() {
        let all_well = Summary { spoken: 40, ..Summary::default() };
        let not_well = Summary { spoken: 1, skipped: 2, late: 3, hurried: 4, overrun: 5, ..Summary::default() };
        let rows = [
            ("stamped", all_well, 0.21, "40 lines spoken, longest delay 0.00 s, real-time factor 0.21"),
            ("narration", all_well, 0.0042, "40 sentences spoken, real-time factor 0.004"),
            ("narration", Summary { spoken: 1, ..all_well }, 1.0, "1 sentence spoken, real-time factor 1.00"),
            (
                "stamped",
                not_well,
                1.0,
                "1 line spoken, 2 skipped, 3 late, 4 hurried, 5 past their window, longest delay 0.00 s, real-time factor 1.00",
            ),
        ];
        for (kind, summary, factor, rest) in rows {
            assert_eq!(closing_line(&track(kind, summary), factor), format!("o/talk.wav: 2.0 s, {rest}"));
        }
    }

    #[test]
    fn errors_about_the_transcript_name_it_and_others_do_not() {
        let says = |error: Error, input: &str| placed(error, Path::new(input)).to_string();
        assert_eq!(says(Error::new(Kind::Input, "bad"), "t.txt"), "t.txt: bad");
        assert_eq!(says(Error::new(Kind::Input, "bad"), "-"), "standard input: bad");
        assert_eq!(says(Error::new(Kind::Voice, "bad").at_line(3), "t.txt"), "t.txt:3: bad");
        assert_eq!(says(Error::new(Kind::Voice, "bad"), "t.txt"), "bad");
        assert_eq!(says(Error::new(Kind::Voice, "bad").in_file("v.onnx"), "t.txt"), "v.onnx: bad");
    }
}
