//! In: `render` and its options. Out: tracks and reports, and a line about each. Decides nothing about sound.

use super::args::RenderArgs;
use super::cost::Clock;
use super::exit::Exit;
use super::make::Begun;
use super::manner::Manner;
use super::names::{self, Job, Places};
use super::options::{Layers, TrackOptions};
use super::progress::{Say, Watcher};
use super::views;
use cuevox::error::{Error, Kind, Result};
use cuevox::progress::Observer;
use cuevox::render::{Options, Studio};
use cuevox::report::{Report, TrackReport};
use cuevox::time::Ticks;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::Catalog;
use cuevox::voice::store::Store;
use cuevox::words::lexicon::Lexicon;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// These options for the library; lexicons are read.
pub(super) fn options(track: &TrackOptions, manner: &Manner) -> Result<Options> {
    track.options(lexicon(&track.plan.lexicons)?, manner.jobs)
}

/// Opens a studio for these options.
pub(super) fn studio(track: &TrackOptions, manner: &Manner) -> Result<Studio> {
    let store = store(manner.common.voices_dir.as_deref(), manner.common.offline)?;
    let data = store.dir().to_owned();
    let cast = Cast::new(track.lines.voices.clone(), Catalog::built_in()?, store).spoken_by(manner.engine);
    Studio::open(options(track, manner)?, cast, &data)
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

pub(super) fn run(args: &RenderArgs) -> Result<Exit> {
    let say = Say::new(args.manner.common.quiet, args.manner.verbose);
    let mut layers = Layers::new(&args.track, &args.config)?;
    let numbers = args.inputs.iter().map(|input| layers.of(input, None)).collect::<Result<Vec<usize>>>()?;
    let jobs = jobs(args, &numbers, layers.sets())?;
    layers.told().iter().for_each(|line| say.line(line));
    let watcher = Watcher::new(say);
    let studios = studios(&numbers, layers.sets(), &args.manner)?;
    let mut exit = Exit::Done;
    for (job, number) in jobs.iter().zip(&numbers) {
        let words = layers.sets()[*number].beside.caption_words;
        let done = one(job, &studios[number], words, &watcher, say);
        watcher.clear();
        exit = exit.or(match done {
            Ok(report) if args.manner.strict && missed(&report.tracks) => Exit::Missed,
            Ok(_) => Exit::Done,
            Err(error) => super::complain(&placed(error, &job.input)),
        });
        if watcher.interrupted() {
            return Ok(Exit::Interrupted);
        }
    }
    Ok(exit)
}

/// What to read and where the results go; `numbers` says for each input which of the sets of options it has.
fn jobs(args: &RenderArgs, numbers: &[usize], sets: &[TrackOptions]) -> Result<Vec<Job>> {
    let parts = sets.iter().map(|set| Ok(set.place.excerpt()?.is_some())).collect::<Result<Vec<bool>>>()?;
    let jobs = names::jobs(&args.inputs, |at| {
        let beside = &sets[numbers[at]].beside;
        Places {
            output: args.output.as_deref(),
            report: beside.report.as_deref(),
            stems: beside.stems.as_deref(),
            captions: beside.captions.as_deref(),
            html: beside.html.as_deref(),
            // A folder in a configuration file is for any number of transcripts.
            stems_apart: args.track.beside.stems.is_none(),
            part: parts[numbers[at]],
        }
    })?;
    for (job, number) in jobs.iter().zip(numbers) {
        let beside = &sets[*number].beside;
        beside.check_words()?;
        job.captions.as_deref().map_or(Ok(()), |path| views::style(path, beside.caption_words).map(drop))?;
        job.html.as_deref().map_or(Ok(()), views::check_page)?;
    }
    let media: Vec<&Path> = numbers.iter().flat_map(|number| sets[*number].media()).map(PathBuf::as_path).collect();
    names::spare(&media, &jobs)?;
    Ok(jobs)
}

/// A studio for each set of options that an input has, by its number. They share what they load.
fn studios(numbers: &[usize], sets: &[TrackOptions], manner: &Manner) -> Result<BTreeMap<usize, Studio>> {
    let mut studios: BTreeMap<usize, Studio> = BTreeMap::new();
    for number in numbers {
        if studios.contains_key(number) {
            continue;
        }
        let set = &sets[*number];
        let opened = match studios.values().next() {
            Some(other) => other.like(options(set, manner)?, set.lines.voices.clone())?,
            None => studio(set, manner)?,
        };
        studios.insert(*number, opened);
    }
    Ok(studios)
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
    tracks.iter().any(|t| t.summary.late + t.summary.early + t.summary.overrun > 0)
}

fn one(job: &Job, studio: &Studio, words: bool, watcher: &Watcher, say: Say) -> Result<Report> {
    let clock = Clock::start();
    let bytes = names::read(&job.input)?;
    let begun = Begun::new(job, studio)?;
    let mut report = begun.make(&bytes, words, watcher)?.report;
    watcher.clear();
    super::notes::tell(&report.notes, names::called(&job.input), say);
    let stages = watcher.stages();
    let cost = clock.cost(report.tracks.iter().map(|t| t.summary.speech_s).sum(), stages);
    if say == Say::Everything {
        say.line(&stages.text());
    }
    for track in &report.tracks {
        let digits = if cost.realtime_factor < 0.1 { 3 } else { 2 };
        say.line(&format!("{}, real-time factor {:.digits$}", closing_line(track), cost.realtime_factor));
    }
    report.cost = Some(cost);
    begun.finish(&report)?;
    Ok(report)
}

/// Where the track is and how it went.
pub(super) fn closing_line(track: &TrackReport) -> String {
    let summary = &track.summary;
    let (path, seconds) = track.output.as_ref().map_or(("", 0.0), |o| (o.path.as_str(), o.duration_s));
    let from = track.part.map_or_else(String::new, |part| format!(" from {}", Ticks::from_secs(part.offset_s)));
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
    format!(
        "{path}: {seconds:.1} s{from}, {} {unit} spoken{}{}{}{}{}{}{delay}",
        summary.spoken,
        counted(summary.skipped, "skipped"),
        counted(summary.late, "late"),
        counted(summary.early, "early"),
        counted(summary.hurried, "hurried"),
        counted(summary.overrun - summary.cut, "past their window"),
        counted(summary.cut, "cut"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use cuevox::report::{self, Output, Summary};
    use cuevox::track::Finished;
    use cuevox::wav::Layout;

    fn track(kind: &'static str, summary: Summary) -> TrackReport {
        let level = cuevox::audio::meter::Level { lufs: None, true_peak_db: None };
        let finished = Finished { frames: 96_000, level, gain_db: 0.0, limited_db: 0.0, clipped: 0, notes: Vec::new() };
        let output: Output = report::output(Path::new("o/talk.wav"), Layout::default(), &finished);
        TrackReport { kind, output: Some(output), part: None, cues: Vec::new(), summary }
    }

    #[test]
    fn the_closing_line_says_where_the_track_is_and_how_it_went() {
        let all_well = Summary { spoken: 40, ..Summary::default() };
        let not_well = Summary { spoken: 1, skipped: 2, late: 3, hurried: 4, overrun: 5, ..Summary::default() };
        let rows = [
            ("stamped", all_well, "40 lines spoken, longest delay 0.00 s"),
            ("narration", all_well, "40 sentences spoken"),
            ("narration", Summary { spoken: 1, ..all_well }, "1 sentence spoken"),
            (
                "stamped",
                not_well,
                "1 line spoken, 2 skipped, 3 late, 4 hurried, 5 past their window, longest delay 0.00 s",
            ),
        ];
        for (kind, summary, rest) in rows {
            assert_eq!(closing_line(&track(kind, summary)), format!("o/talk.wav: 2.0 s, {rest}"));
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
