//! In: the voice `hibari-heart`, installed first where it is missing; optionally a Python that has onnxruntime. Out: the
//! processor time that the voice takes for a second of speech: for what precedes a plan, for what follows it, and for
//! both; and beside it what ONNX Runtime takes on one thread for the same ids, in turns, for its network alone (pulses, noise and the transforms,
//! which are part of ours, are not in its graph).
//!
//! `CUEVOX_PYTHON=.../bin/python cargo bench --bench voice_alone`; `CUEVOX_ROUNDS` says how many turns (15),
//! `CUEVOX_VOICES_DIR` where voices are.

use cuevox::phonemes::Phonemizer;
use cuevox::progress::Unwatched;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::Catalog;
use cuevox::voice::store::Store;
use cuevox::voice::{Voice, predict, speak};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

const VOICE: &str = "hibari-heart";

/// Processor seconds of this process so far.
#[cfg(unix)]
fn used() -> Any<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

#[cfg(not(unix))]
fn used() -> Any<f64> {
    Ok(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs_f64())
}

/// The voice, what it says, and how long it speaks.
struct Speaker {
    voice: Arc<dyn Voice>,
    lines: Vec<(Vec<i32>, Vec<u32>)>,
    seconds: f64,
}

impl Speaker {
    fn new(folder: &Path) -> Any<Speaker> {
        let store = Store::open(folder.to_owned(), false);
        let voice = Cast::new(Vec::new(), Catalog::built_in()?, store).voice(VOICE, &Unwatched)?;
        let phonemizer = Phonemizer::open(folder)?;
        let (mut lines, mut frames_in_all) = (Vec::new(), 0);
        let stamped = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
        for line in include_str!("../examples/harbour.txt").lines().filter(stamped) {
            let words: Vec<&str> = line.split(' ').skip(1).collect();
            let ids = voice.encode(&phonemizer.phonemize(voice.source(), &words)?).ids;
            let frames = predict(voice.as_ref(), &ids, 0)?;
            frames_in_all += frames.iter().sum::<u32>();
            lines.push((ids, frames));
        }
        let clock = voice.clock();
        let seconds = f64::from(frames_in_all) * f64::from(clock.hop) / f64::from(clock.rate);
        Ok(Speaker { voice, lines, seconds })
    }

    /// Processor seconds for a second of speech: before the plan, and after it.
    fn turn(&self) -> Any<[f64; 2]> {
        let mut took = [0.0; 2];
        for (ids, frames) in &self.lines {
            let start = used()?;
            predict(self.voice.as_ref(), ids, 0)?;
            let planned = used()?;
            std::hint::black_box(speak(self.voice.as_ref(), ids, frames, 0)?);
            took[0] += planned - start;
            took[1] += used()? - planned;
        }
        Ok(took.map(|seconds| seconds / self.seconds))
    }
}

/// ONNX Runtime in a process of its own, which runs all lines once for each line it reads.
struct Other {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Other {
    fn new(python: &Path, model: &Path, lines: &[(Vec<i32>, Vec<u32>)]) -> Any<Other> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/voice_alone.py");
        let mut command = Command::new(python);
        command.arg(script).arg(model).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let (to, from) = child.stdin.take().zip(child.stdout.take()).ok_or("no pipes")?;
        let mut other = Other { child, to, from: BufReader::new(from) };
        let ids: Vec<&Vec<i32>> = lines.iter().map(|(ids, _)| ids).collect();
        println!("  beside {}", other.ask(&serde_json::to_string(&ids)?)?);
        Ok(other)
    }

    fn ask(&mut self, line: &str) -> Any<String> {
        writeln!(self.to, "{line}")?;
        let mut answer = String::new();
        self.from.read_line(&mut answer)?;
        Ok(answer.trim().to_owned())
    }
}

fn row(name: &str, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let Some(least) = values.first() else { return };
    println!("  {name:<28} {:.5} ({least:.5} at least)", values[values.len() / 2]);
}

fn main() -> Any<()> {
    let below_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).join("voices");
    let folder = std::env::var_os("CUEVOX_VOICES_DIR").map_or_else(below_target, PathBuf::from);
    let speaker = Speaker::new(&folder)?;
    println!("{VOICE}, {:.1} s of speech; processor seconds for a second of it, medians", speaker.seconds);
    let python = std::env::var_os("CUEVOX_PYTHON").map(PathBuf::from);
    let model = folder.join("hibari").join("hibari.onnx");
    let mut other = python.map(|python| Other::new(&python, &model, &speaker.lines)).transpose()?;
    let rounds = std::env::var("CUEVOX_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(15);
    let (mut before, mut after, mut both, mut theirs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let [planned, spoken] = speaker.turn()?;
        before.push(planned);
        after.push(spoken);
        both.push(planned + spoken);
        if let Some(other) = &mut other {
            theirs.push(other.ask("again")?.parse()?);
        }
    }
    row("before the plan", before);
    row("after it, to samples", after);
    row("voice alone", both);
    row("ONNX Runtime, network only", theirs);
    if let Some(Other { mut child, to, from }) = other {
        drop((to, from));
        child.wait()?;
    }
    Ok(())
}
