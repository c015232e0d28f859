//! In: inputs as they were named. Out: what to read and where tracks and reports go. Reads and writes nothing but
//! standard input.

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
}

impl Job {
    /// The file of a track; `alone` when it is the only one of its input.
    pub(super) fn target(&self, kind: TrackKind, alone: bool) -> PathBuf {
        match kind {
            TrackKind::Narration if !alone => with_suffix(&self.track, "narration"),
            _ => self.track.clone(),
        }
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
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
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

/// What to do for these inputs.
///
/// # Errors
/// Of kind `Usage` when two results would have one name, or one would replace a transcript.
pub(super) fn jobs(
    inputs: &[PathBuf],
    output: Option<&Path>,
    report: Option<&Path>,
    stems: Option<&Path>,
) -> Result<Vec<Job>> {
    let many = inputs.len() > 1;
    check_places(many, output, report)?;
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
    for input in inputs {
        let track = place(output, input, ".wav", Some(OUTPUT)).unwrap_or_default();
        let report = place(report, input, ".json", None);
        let narration = with_suffix(&track, "narration");
        for file in [Some(&track), Some(&narration), report.as_ref().filter(|r| !is_stream(r))].into_iter().flatten() {
            if transcripts.contains(&whole_path(file)) {
                return Err(Error::new(Kind::Usage, "this would replace the transcript itself")
                    .in_file(file)
                    .help("choose another name with -o or --report"));
            }
            match taken.insert(whole_path(file), input) {
                None => {}
                Some(other) if other == input => {
                    return Err(Error::new(Kind::Usage, "the track and the report would both become this file")
                        .in_file(file)
                        .help("choose another name with -o or --report"));
                }
                Some(other) => {
                    let both = format!("'{}' and '{}' would both become this file", other.display(), input.display());
                    return Err(Error::new(Kind::Usage, both).in_file(file).help("render them one by one, with -o"));
                }
            }
        }
        let stems = stems.map(|folder| if many { folder.join(stem(input)) } else { folder.to_owned() });
        jobs.push(Job { input: input.clone(), track, report, stems });
    }
    Ok(jobs)
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
fn check_places(many: bool, output: Option<&Path>, report: Option<&Path>) -> Result<()> {
    if output.is_some_and(is_stream) {
        return Err(Error::new(Kind::Usage, "a track cannot go to standard output: its head is written last")
            .help("name a file with -o"));
    }
    for (option, place) in [("-o", output), ("--report", report)] {
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
fn whole_path(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
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
    let error = |what: &str| Error::new(Kind::Input, what).in_file(input);
    if input.is_dir() {
        return Err(error("this is a folder, not a transcript").help("name the files in it"));
    }
    ends_at_once(|| std::fs::File::open(input).and_then(read_all)).map_err(|e| match e.kind() {
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
        let jobs = jobs(&inputs, output.map(Path::new), None, None).expect("names that do not clash");
        jobs.iter().map(|j| j.track.to_string_lossy().into_owned()).collect()
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
        let job = Job { input: "t".into(), track: "o/talk.v2.wav".into(), report: None, stems: Some("s".into()) };
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
            (&["a.txt"], Some("x"), Some("x"), "the track and the report"),
            (&["a.txt", "./a.txt"], Some("x"), None, "named twice"),
            (&["a.txt", "b.txt"], Some(&there), None, "several inputs need a folder"),
            (&["a.txt"], Some("-"), None, "standard output"),
        ];
        for (inputs, output, report, reason) in rows {
            let paths: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
            match jobs(&paths, output.map(Path::new), report.map(Path::new), None) {
                Ok(_) => assert_eq!(reason, "", "{inputs:?} {output:?}"),
                Err(error) => {
                    assert_eq!(error.kind(), Kind::Usage);
                    assert!(!reason.is_empty() && error.to_string().contains(reason), "{inputs:?}: {error}");
                }
            }
        }
    }

    #[test]
    fn a_report_may_go_to_standard_output() {
        let inputs = [PathBuf::from("a.txt"), PathBuf::from("b.txt")];
        let jobs = jobs(&inputs, None, Some(Path::new("-")), None).expect("they do not clash");
        assert!(jobs.iter().all(|job| job.report.as_deref().is_some_and(is_stream)));
    }
}
