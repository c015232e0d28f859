//! In: inputs as they were named. Out: what to read and where tracks and reports go. Reads and writes nothing but
//! standard input.

use super::options::is_beside_track;
use super::progress::ends_at_once;
use cuevox::error::{Error, Kind, Result};
use cuevox::render::TrackKind;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the tool writes by default.
const OUTPUT: &str = "output";

/// The most bytes of a transcript: years of speech. What goes on for ever ends here.
const MOST_BYTES: u64 = 256_000_000;

/// One input and where its results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    /// What to read.
    pub(super) input: PathBuf,
    /// The main track.
    pub(super) track: PathBuf,
    /// The report, where one is wanted.
    pub(super) report: Option<PathBuf>,
    /// The folder for each line as a file, where that is wanted.
    pub(super) stems: Option<PathBuf>,
    /// The captions of the main track, where they are wanted.
    pub(super) captions: Option<PathBuf>,
    /// The page of the main track, where one is wanted.
    pub(super) html: Option<PathBuf>,
}

/// Where results go, as it was typed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places<'a> {
    /// Tracks.
    pub(super) output: Option<&'a Path>,
    /// Reports.
    pub(super) report: Option<&'a Path>,
    /// Lines as files.
    pub(super) stems: Option<&'a Path>,
    /// Captions; just `vtt` or `srt` is beside the track.
    pub(super) captions: Option<&'a Path>,
    /// Pages.
    pub(super) html: Option<&'a Path>,
    /// Whether lines as files go into a folder for each input, however many there are.
    pub(super) stems_apart: bool,
    /// Whether tracks are parts of tracks, which do not replace whole ones by themselves.
    pub(super) part: bool,
}

impl Job {
    /// The file of a track; `alone` when it is the only one of its input.
    pub(super) fn target(&self, kind: TrackKind, alone: bool) -> PathBuf {
        Job::of_kind(&self.track, kind, alone)
    }

    /// The file of a track that is called so where it is the only one, or the stamped one.
    pub(super) fn of_kind(path: &Path, kind: TrackKind, alone: bool) -> PathBuf {
        match kind {
            TrackKind::Narration if !alone => with_suffix(path, "narration"),
            _ => path.to_owned(),
        }
    }

    /// Every file that may come of it, the main track first.
    pub(super) fn results(&self) -> Vec<PathBuf> {
        let alone = self.report.iter().filter(|report| !is_stream(report)).cloned();
        let shown = [Some(&self.track), self.captions.as_ref(), self.html.as_ref()];
        let twofold = shown.into_iter().flatten().flat_map(|path| [path.clone(), with_suffix(path, "narration")]);
        twofold.chain(alone).collect()
    }

    /// The folder for the lines of a track.
    pub(super) fn stems(&self, kind: TrackKind, alone: bool) -> Option<PathBuf> {
        let folder = self.stems.as_deref()?;
        match kind {
            TrackKind::Narration if !alone => {
                let mut name = folder.file_name().map_or_else(OsString::new, OsString::from);
                name.push(".narration");
                Some(folder.with_file_name(name))
            }
            _ => Some(folder.to_owned()),
        }
    }
}

/// `a/b.wav` with `narration`: `a/b.narration.wav`.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_stem().map_or_else(OsString::new, OsString::from);
    name.push(".");
    name.push(suffix);
    name.push(".");
    name.push(path.extension().unwrap_or("wav".as_ref()));
    path.with_file_name(name)
}

/// The name of an input without folder and ending.
fn stem(input: &Path) -> OsString {
    if is_stream(input) {
        return "stdin".into();
    }
    input.file_stem().map_or_else(|| "track".into(), OsString::from)
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\'])
}

/// Standard input or output as it is named on a command line.
pub(super) fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

/// What to do for these inputs; `places` are those of each, by its number.
///
/// # Errors
/// Of kind `Usage` when two results would have one name, or one would replace a transcript.
pub(super) fn jobs<'a>(inputs: &[PathBuf], places: impl Fn(usize) -> Places<'a>) -> Result<Vec<Job>> {
    let many = inputs.len() > 1;
    for at in 0..inputs.len() {
        check_places(many, &places(at))?;
    }
    let place = |chosen: Option<&Path>, input: &Path, ending: &str, default: Option<&str>| -> Option<PathBuf> {
        let mut name = stem(input);
        name.push(ending);
        match chosen {
            None => default.map(|folder| Path::new(folder).join(name)),
            Some(path) if is_stream(path) => Some(path.to_owned()),
            Some(path) if many || is_folder(path) => Some(path.join(name)),
            Some(path) => Some(path.to_owned()),
        }
    };
    let transcripts = transcripts(inputs)?;
    let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
    let mut jobs = Vec::with_capacity(inputs.len());
    for (at, input) in inputs.iter().enumerate() {
        let places = places(at);
        let ending = if places.part { ".part.wav" } else { ".wav" };
        let track = place(places.output, input, ending, Some(OUTPUT)).unwrap_or_default();
        let report = place(places.report, input, ".json", None);
        let captions = match places.captions.filter(|captions| is_beside_track(captions)) {
            Some(ending) => Some(track.with_extension(ending)),
            None => place(places.captions, input, ".vtt", None),
        };
        let html = place(places.html, input, ".html", None);
        let apart = many || places.stems_apart;
        let stems = places.stems.map(|folder| if apart { folder.join(stem(input)) } else { folder.to_owned() });
        let job = Job { input: input.clone(), track, report, stems, captions, html };
        for file in job.results() {
            claim(file, input, &transcripts, &mut taken)?;
        }
        jobs.push(job);
    }
    Ok(jobs)
}

/// Notes that a result of `input` becomes `file`.
fn claim<'a>(
    file: PathBuf,
    input: &'a Path,
    transcripts: &HashSet<PathBuf>,
    taken: &mut HashMap<PathBuf, &'a Path>,
) -> Result<()> {
    const OTHER: &str = "choose another name with -o, --report, --captions or --html";
    let whole = whole_path(&file);
    let refused = |why: &str, help: &str| Err(Error::new(Kind::Usage, why).in_file(&file).help(help));
    if transcripts.contains(&whole) {
        return refused("this would replace the transcript itself", OTHER);
    }
    match taken.insert(whole, input) {
        None => Ok(()),
        Some(other) if other == input => {
            refused("two results, as the track and the report, would become this file", OTHER)
        }
        Some(other) => {
            let both = format!("'{}' and '{}' would both become this file", other.display(), input.display());
            refused(&both, "render them one by one, with -o")
        }
    }
}

/// Refuses tracks that would replace a media file they are made with.
pub(super) fn spare(media: &[&Path], jobs: &[Job]) -> Result<()> {
    let media: HashSet<PathBuf> = media.iter().map(|path| whole_path(path)).collect();
    let tracks = jobs.iter().flat_map(|job| [job.track.clone(), with_suffix(&job.track, "narration")]);
    match tracks.into_iter().find(|track| media.contains(&whole_path(track))) {
        Some(track) => Err(Error::new(Kind::Usage, "this would replace a media file that is needed for it")
            .in_file(track)
            .help("choose another name with -o")),
        None => Ok(()),
    }
}

/// Refuses places that no track and no report can go to.
fn check_places(many: bool, places: &Places<'_>) -> Result<()> {
    if places.output.is_some_and(is_stream) {
        return Err(Error::new(Kind::Usage, "a track cannot go to standard output: its head is written last")
            .help("name a file with -o"));
    }
    for (option, place) in [("--captions", places.captions), ("--html", places.html)] {
        if place.is_some_and(is_stream) {
            let what = format!("{option} cannot go to standard output: with a narration there are two of them");
            return Err(Error::new(Kind::Usage, what).help("name a file"));
        }
    }
    let named =
        [("-o", places.output), ("--report", places.report), ("--captions", places.captions), ("--html", places.html)];
    for (option, place) in named {
        if let Some(file) = place.filter(|place| many && place.is_file()) {
            return Err(Error::new(Kind::Usage, "this is a file, and several inputs need a folder")
                .in_file(file)
                .help(format!("name a folder with {option}, or render them one by one")));
        }
    }
    Ok(())
}

/// The files that are read, each once.
fn transcripts(inputs: &[PathBuf]) -> Result<HashSet<PathBuf>> {
    let mut found = HashSet::new();
    for input in inputs {
        if !found.insert(if is_stream(input) { input.clone() } else { whole_path(input) }) {
            return Err(Error::new(Kind::Usage, "this input is named twice").in_file(input).help("name it once"));
        }
    }
    Ok(found)
}

/// The path from the root on, links followed as far as the file exists.
pub(super) fn whole_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| absolute(path))
}

/// The path from the root on, links and all.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A path as it is called from a folder, with the same separators everywhere; the whole path where it is not in it.
pub(super) fn below(path: &Path, folder: &Path) -> String {
    let inside = path.strip_prefix(folder).map_or_else(|_| absolute(path), Path::to_owned);
    inside.to_string_lossy().replace('\\', "/")
}

/// An input as it is called in messages.
pub(super) fn called(input: &Path) -> &Path {
    if is_stream(input) { Path::new("standard input") } else { input }
}

/// All there is, unless it is more than any transcript.
fn read_all(from: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut from.take(MOST_BYTES + 1), &mut bytes)?;
    match bytes.len() as u64 > MOST_BYTES {
        true => {
            Err(std::io::Error::other(format!("it is larger than {} MB, and no transcript is", MOST_BYTES / 1_000_000)))
        }
        false => Ok(bytes),
    }
}

/// The bytes of an input.
///
/// # Errors
/// Of kind `Input` when it cannot be read.
pub(super) fn read(input: &Path) -> Result<Vec<u8>> {
    if is_stream(input) {
        // Whoever waits here may wait for ever: nothing is begun yet, so an interrupt need not be polite.
        return match ends_at_once(|| read_all(std::io::stdin().lock())) {
            Ok(bytes) => Ok(bytes),
            Err(e) => Err(Error::new(Kind::Input, "it cannot be read").because(e).in_file(called(input))),
        };
    }
    ends_at_once(|| read_file(input))
}

/// The bytes of a file.
///
/// # Errors
/// Of kind `Input` when it cannot be read.
pub(super) fn read_file(input: &Path) -> Result<Vec<u8>> {
    let error = |what: &str| Error::new(Kind::Input, what).in_file(input);
    if input.is_dir() {
        return Err(error("this is a folder, not a transcript").help("name the files in it"));
    }
    std::fs::File::open(input).and_then(read_all).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => error("there is no such file").help("check the path"),
        std::io::ErrorKind::NotADirectory => error("there is no such file: a folder in its path is a file"),
        _ => error("the file cannot be read").because(e),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracks(inputs: &[&str], output: Option<&str>) -> Vec<String> {
        let inputs: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
        let jobs = jobs(&inputs, |_| Places { output: output.map(Path::new), ..Places::default() })
            .expect("names that do not clash");
        jobs.iter().map(|j| j.track.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_part_has_a_name_of_its_own_where_none_is_given() {
        let inputs = [PathBuf::from("a/talk.txt")];
        for (output, wanted) in
            [(None, "output/talk.part.wav"), (Some("new/"), "new/talk.part.wav"), (Some("x.wav"), "x.wav")]
        {
            let places = Places { output: output.map(Path::new), part: true, ..Places::default() };
            assert_eq!(jobs(&inputs, |_| places).expect("names")[0].track, Path::new(wanted));
        }
    }

    #[test]
    fn tracks_are_named_after_their_inputs() {
        assert_eq!(tracks(&["a/talk.txt"], None), ["output/talk.wav"]);
        assert_eq!(tracks(&["talk.v2.srt"], None), ["output/talk.v2.wav"]);
        assert_eq!(tracks(&["-"], None), ["output/stdin.wav"]);
        assert_eq!(tracks(&["a/talk.txt"], Some("x.wav")), ["x.wav"]);
        assert_eq!(tracks(&["a/talk.txt"], Some("new/")), ["new/talk.wav"]);
        assert_eq!(tracks(&["a.txt", "b.txt"], Some("new")), ["new/a.wav", "new/b.wav"]);
    }

    #[test]
    fn a_narration_beside_stamped_lines_has_a_name_of_its_own() {
        let job = Job {
            input: "t".into(),
            track: "o/talk.v2.wav".into(),
            report: None,
            stems: Some("s".into()),
            captions: None,
            html: None,
        };
        assert_eq!(job.stems(TrackKind::Narration, false).as_deref(), Some(Path::new("s.narration")));
        assert_eq!(job.stems(TrackKind::Stamped, false).as_deref(), Some(Path::new("s")));
        assert_eq!(job.target(TrackKind::Narration, false), Path::new("o/talk.v2.narration.wav"));
        assert_eq!(job.target(TrackKind::Narration, true), Path::new("o/talk.v2.wav"));
        assert_eq!(job.target(TrackKind::Stamped, false), Path::new("o/talk.v2.wav"));
    }

    #[test]
    fn names_that_clash_are_refused_with_the_reason() {
        let dir = tempfile::tempdir().expect("a folder");
        let there = dir.path().join("there.wav");
        std::fs::write(&there, "x").expect("written");
        let there = there.to_string_lossy().into_owned();
        type Row<'a> = (&'a [&'a str], Option<&'a str>, Option<&'a str>, &'a str);
        let rows: [Row<'_>; 9] = [
            (&["a/talk.txt", "b/talk.srt"], None, None, "would both become this file"),
            (&["talk.txt", "talk.narration.txt"], None, None, "would both become this file"),
            (&["talk.txt"], Some("talk.txt"), None, "replace the transcript"),
            (&["talk.txt"], None, Some("talk.txt"), "replace the transcript"),
            (&["a.txt", "b.wav"], Some("."), None, "replace the transcript"),
            (&["a.txt"], Some("x"), Some("x"), "two results, as the track and the report"),
            (&["a.txt", "./a.txt"], Some("x"), None, "named twice"),
            (&["a.txt", "b.txt"], Some(&there), None, "several inputs need a folder"),
            (&["a.txt"], Some("-"), None, "standard output"),
        ];
        for (inputs, output, report, reason) in rows {
            let paths: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
            let places = Places { output: output.map(Path::new), report: report.map(Path::new), ..Places::default() };
            match jobs(&paths, |_| places) {
                Ok(_) => assert_eq!(reason, "", "{inputs:?} {output:?}"),
                Err(error) => {
                    assert_eq!(error.kind(), Kind::Usage);
                    assert!(!reason.is_empty() && error.to_string().contains(reason), "{inputs:?}: {error}");
                }
            }
        }
    }

    #[test]
    fn captions_and_pages_are_beside_the_track_or_where_they_are_wanted() {
        let of = |inputs: &[&str], captions: &str, html: &str| {
            let inputs: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
            let (captions, html) = (Some(Path::new(captions)), Some(Path::new(html)));
            let output = Some(Path::new("o/"));
            jobs(&inputs, |_| Places { output, captions, html, ..Places::default() }).map_err(|e| e.to_string())
        };
        let paths = |inputs: &[&str], captions: &str, html: &str| {
            let job = of(inputs, captions, html).expect("no clash").swap_remove(0);
            [job.captions, job.html].map(|path| path.unwrap_or_default().to_string_lossy().into_owned())
        };
        assert_eq!(paths(&["a/talk.txt"], "c.srt", "p.html"), ["c.srt", "p.html"]);
        assert_eq!(paths(&["a/talk.txt"], "srt", "p/"), ["o/talk.srt", "p/talk.html"]);
        assert_eq!(paths(&["a/talk.txt", "b.txt"], "vtt", "p"), ["o/talk.vtt", "p/talk.html"]);
        assert_eq!(paths(&["a/talk.txt", "b.txt"], "subs", "p"), ["subs/talk.vtt", "p/talk.html"]);
        let rows = [
            (&["talk.srt"][..], "talk.srt", "p.html", "replace the transcript"),
            (&["talk.txt"], "x", "x", "two results"),
            (&["talk.txt"], "-", "x", "--captions cannot go to standard output"),
            (&["talk.txt"], "x.vtt", "-", "--html cannot go to standard output"),
        ];
        for (inputs, captions, html, reason) in rows {
            assert!(of(inputs, captions, html).is_err_and(|e| e.contains(reason)), "{captions} {html}");
        }
    }

    #[test]
    fn a_report_may_go_to_standard_output() {
        let inputs = [PathBuf::from("a.txt"), PathBuf::from("b.txt")];
        let report = Some(Path::new("-"));
        let jobs = jobs(&inputs, |_| Places { report, ..Places::default() }).expect("no clash");
        assert!(jobs.iter().all(|job| job.report.as_deref().is_some_and(is_stream)));
    }
}
