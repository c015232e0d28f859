//! In: inputs as they were named. Out: what to read and where tracks and reports go. Reads and writes nothing but
//! standard input.

use cuevox::error::{Error, Kind, Result};
use cuevox::render::TrackKind;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the tool writes by default.
const OUTPUT: &str = "output";

/// One input and where its results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    /// What to read.
    pub(super) input: PathBuf,
    /// The main track.
    pub(super) track: PathBuf,
    /// The report, where one is wanted.
    pub(super) report: Option<PathBuf>,
}

impl Job {
    /// The file of a track; `alone` when it is the only one of its input.
    pub(super) fn target(&self, kind: TrackKind, alone: bool) -> PathBuf {
        match kind {
            TrackKind::Narration if !alone => with_suffix(&self.track, "narration"),
            _ => self.track.clone(),
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
    if input == Path::new("-") {
        return "stdin".into();
    }
    input.file_stem().map_or_else(|| "track".into(), OsString::from)
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\'])
}

/// What to do for these inputs.
///
/// # Errors
/// Of kind `Usage` when two inputs would give one file, or a track would replace its own transcript.
pub(super) fn jobs(inputs: &[PathBuf], output: Option<&Path>, report: Option<&Path>) -> Result<Vec<Job>> {
    let many = inputs.len() > 1;
    let place = |chosen: Option<&Path>, input: &Path, ending: &str, default: Option<&str>| -> Option<PathBuf> {
        let mut name = stem(input);
        name.push(ending);
        match chosen {
            None => default.map(|folder| Path::new(folder).join(name)),
            Some(path) if many || is_folder(path) => Some(path.join(name)),
            Some(path) => Some(path.to_owned()),
        }
    };
    let mut seen: HashMap<PathBuf, &Path> = HashMap::new();
    let mut jobs = Vec::with_capacity(inputs.len());
    for input in inputs {
        let track = place(output, input, ".wav", Some(OUTPUT)).unwrap_or_default();
        let report = place(report, input, ".json", None);
        for file in [Some(&track), report.as_ref()].into_iter().flatten() {
            if let Some(other) = seen.insert(file.clone(), input) {
                let message = format!("'{}' and '{}' would both become this file", other.display(), input.display());
                return Err(Error::new(Kind::Usage, message).in_file(file).help("render them one by one, with -o"));
            }
            if same_file(file, input) {
                return Err(Error::new(Kind::Usage, "this would replace the transcript itself")
                    .in_file(file)
                    .help("choose another name with -o or --report"));
            }
        }
        jobs.push(Job { input: input.clone(), track, report });
    }
    Ok(jobs)
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}

/// The bytes of an input.
///
/// # Errors
/// Of kind `Input` when it cannot be read.
pub(super) fn read(input: &Path) -> Result<Vec<u8>> {
    if input == Path::new("-") {
        let mut bytes = Vec::new();
        return match std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes) {
            Ok(_) => Ok(bytes),
            Err(e) => Err(Error::new(Kind::Input, "standard input cannot be read").because(e)),
        };
    }
    let error = |what: &str| Error::new(Kind::Input, what).in_file(input);
    if input.is_dir() {
        return Err(error("this is a folder, not a transcript").help("name the files in it"));
    }
    std::fs::read(input).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => error("there is no such file").help("check the path"),
        _ => error("the file cannot be read").because(e),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracks(inputs: &[&str], output: Option<&str>) -> Vec<String> {
        let inputs: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
        let jobs = jobs(&inputs, output.map(Path::new), None).expect("names that do not clash");
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
        let job = Job { input: "t".into(), track: "o/talk.v2.wav".into(), report: None };
        assert_eq!(job.target(TrackKind::Narration, false), Path::new("o/talk.v2.narration.wav"));
        assert_eq!(job.target(TrackKind::Narration, true), Path::new("o/talk.v2.wav"));
        assert_eq!(job.target(TrackKind::Stamped, false), Path::new("o/talk.v2.wav"));
    }

    #[test]
    fn names_that_clash_are_refused() {
        let inputs = [PathBuf::from("a/talk.txt"), PathBuf::from("b/talk.srt")];
        assert_eq!(jobs(&inputs, None, None).err().map(|e| e.kind()), Some(Kind::Usage));
        let here = [PathBuf::from("talk.txt")];
        assert!(jobs(&here, Some(Path::new("talk.txt")), None).is_err());
        assert!(jobs(&here, None, Some(Path::new("talk.txt"))).is_err());
    }
}
