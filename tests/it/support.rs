//! In: arguments and files. Out: what the built program makes of them, and its tracks and reports as numbers. Checks
//! nothing by itself.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder of its own in which the program is run, gone with this value.
pub struct Place {
    dir: TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// How long a run of the program may take: the installation of two voices, for one.
const PATIENCE: Duration = Duration::from_secs(600);

fn scratch() -> File {
    tempfile::tempfile().expect("a file")
}

fn read(file: &mut File) -> String {
    let mut text = String::new();
    file.rewind().expect("a file");
    file.read_to_string(&mut text).expect("what it says is UTF-8");
    text
}

/// A folder for voices that outlives the run of the tests; for tones it holds pronunciation data only.
pub fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

impl Place {
    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Place {
        let place = Place { dir: tempfile::tempdir().expect("a folder") };
        for (name, text) in files {
            place.write(name, text.as_bytes());
        }
        place
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("written");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The program with these arguments, to be run here.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cuevox"));
        command.args(args).current_dir(self.dir.path()).env_remove("CUEVOX_VOICES_DIR").stdin(Stdio::null());
        command
    }

    /// Runs the program here, to its end or to the end of all patience.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Ran {
        let (mut out, mut err) = (scratch(), scratch());
        let handle = |file: &File| file.try_clone().expect("a handle");
        let mut command = self.command(args);
        let mut child = command.stdout(handle(&out)).stderr(handle(&err)).spawn().expect("the program can be started");
        let since = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("it is a child") {
                break status;
            }
            if since.elapsed() > PATIENCE {
                let _ = child.kill();
                panic!("{args:?} is not done after {PATIENCE:?}: {}", read(&mut err));
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Ran { code: status.code(), out: read(&mut out), err: read(&mut err) }
    }

    /// Runs it here with the voice that makes tones.
    pub fn tone(&self, args: &[&str]) -> Ran {
        let folder = kept("tone");
        let mut all = args.to_vec();
        all.extend(["--voice", "tone", "--voices-dir", folder.to_str().expect("UTF-8")]);
        self.run(&all)
    }

    /// The files here, sorted, those in folders with their folder.
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.dir.path().to_owned()];
        while let Some(folder) = folders.pop() {
            // What a run is making may be gone between being listed and being read.
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let below = path.strip_prefix(self.dir.path()).expect("it is below");
                    found.push(below.to_string_lossy().replace('\\', "/"));
                }
            }
        }
        found.sort();
        found
    }

    pub fn json(&self, name: &str) -> Value {
        let bytes = std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        serde_json::from_slice(&bytes).expect("JSON")
    }

    pub fn sha256(&self, name: &str) -> String {
        let bytes = std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn wav(&self, name: &str) -> Wav {
        Wav::open(&self.path(name))
    }
}

impl Ran {
    /// The same, if the program ended with this code.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// The same, if it says all of this on standard error.
    #[track_caller]
    pub fn complains(self, of: &[&str]) -> Ran {
        for part in of {
            assert!(self.err.contains(part), "{part:?} is not in {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// A track: one list of samples for each channel, full scale -1 to 1.
pub struct Wav {
    pub spec: hound::WavSpec,
    pub channels: Vec<Vec<f32>>,
}

impl Wav {
    fn open(path: &Path) -> Wav {
        let mut reader = hound::WavReader::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let spec = reader.spec();
        let samples: Vec<f32> = match spec.sample_format {
            hound::SampleFormat::Float => reader.samples::<f32>().map(|s| s.expect("a sample")).collect(),
            hound::SampleFormat::Int => {
                let full = (1i64 << (spec.bits_per_sample - 1)) as f32;
                reader.samples::<i32>().map(|s| s.expect("a sample") as f32 / full).collect()
            }
        };
        let count = usize::from(spec.channels);
        let channels = (0..count).map(|c| samples.iter().copied().skip(c).step_by(count).collect()).collect();
        Wav { spec, channels }
    }

    /// The first channel.
    pub fn mono(&self) -> &[f32] {
        &self.channels[0]
    }

    /// The largest magnitude between two times in seconds.
    pub fn peak(&self, from: f64, to: f64) -> f32 {
        let at = |seconds: f64| {
            ((seconds * f64::from(self.spec.sample_rate)).round().max(0.0) as usize).min(self.mono().len())
        };
        let (from, to) = (at(from), at(to));
        self.mono()[from..to.max(from)].iter().fold(0.0, |most, s| most.max(s.abs()))
    }
}

/// The cues of a track in a report that were spoken.
pub fn spoken(track: &Value) -> Vec<&Value> {
    let cues = track["cues"].as_array().expect("cues");
    cues.iter().filter(|cue| !cue["speech_start"].is_null()).collect()
}

/// A number in a report.
#[track_caller]
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Times in the report that contradict each other: a voice that speaks twice at once, words outside their lines, a rate
/// that is not what it says.
#[track_caller]
pub fn check_times(track: &Value) {
    let mut free = HashMap::new();
    for cue in spoken(track) {
        let (start, end) = (number(&cue["speech_start"]), number(&cue["speech_end"]));
        let free_from = free.entry(cue["voice"].as_str()).or_insert(0.0);
        assert!(start >= *free_from && end > start, "{cue} begins before {free_from}");
        let (natural, spoken) = (number(&cue["natural_s"]), number(&cue["spoken_s"]));
        assert!((number(&cue["rate"]) - natural / spoken).abs() < 1e-4, "{cue}");
        let mut word_from = start;
        for word in cue["words"].as_array().expect("words") {
            let (from, to) = (number(&word["start"]), number(&word["end"]));
            assert!(from >= word_from && to > from && to <= end + 1e-6, "{word} in {cue}");
            word_from = to;
        }
        if let Some(stamp) = cue["start"].as_f64() {
            assert!((number(&cue["start_error_s"]) - (start - stamp)).abs() < 1e-4, "{cue}");
        }
        *free_from = end;
    }
}

/// Holds the silence in a track against its report: nothing louder than `most` where nobody speaks, but for `margin`
/// seconds beside the speech, in which a voice may begin and die away.
#[track_caller]
pub fn check_silence(wav: &Wav, track: &Value, margin: f64, most: f32) {
    let mut free_from = 0.0;
    let mut checked = 0.0;
    let length = wav.mono().len() as f64 / f64::from(wav.spec.sample_rate);
    let ends = spoken(track).into_iter().map(|cue| (number(&cue["speech_start"]), number(&cue["speech_end"])));
    let mut ends: Vec<(f64, f64)> = ends.chain([(length + margin, length)]).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (start, end) in ends {
        let (from, to) = (free_from, start - margin);
        if to > from {
            let peak = wav.peak(from, to);
            assert!(peak <= most, "a peak of {peak} between {from} s and {to} s, where nobody speaks");
            checked += to - from;
        }
        free_from = free_from.max(end + margin);
    }
    assert!(checked > 0.1, "only {checked} s of the track are silent: that proves nothing");
}
