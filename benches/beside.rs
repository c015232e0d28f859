//! In: a Piper voice, installed first where it is missing. Out: how fast it is spoken here beside rten and, with the
//! feature, beside piper-rs with ONNX Backend: whole utterances, their sound alone, and the example document from the
//! start of the process to the finished file. What is compared runs in turns; the ratios are medians of the turns. And
//! how fast each part of a Kokoro voice is computed, beside what the processor can multiply at most.
//!
//! `cargo bench --bench beside`, and with piper-rs `ORT_DYLIB_PATH=... cargo bench --bench beside --features piper-rs`;
//! `CUEVOX_ROUNDS` says how many turns (15), `CUEVOX_VOICES_DIR` where voices are.

use cuevox::phonemes::Phonemizer;
use cuevox::progress::Unwatched;
use cuevox::voice::cast::Cast;
use cuevox::voice::catalog::{Catalog, Role};
use cuevox::voice::kokoro::stages;
use cuevox::voice::store::Store;
use cuevox::voice::{Backend, Voice, predict, speak};
use cuevox_kernels::lanes::{Block, Lanes, Machine, Task};
use cuevox_kernels::product::Job;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

const VOICE: &str = "en_US-joe-medium";
const KOKORO: &str = "ff_siwis";
/// About five seconds.
const SENTENCE: &str = "Le vieux pont relie les deux rives du fleuve, et chaque hiver les oiseaux partent vers le sud.";

/// The stamped lines of the example.
fn lines() -> Vec<&'static str> {
    let all = include_str!("../examples/harbour.txt").lines();
    all.filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect()
}

/// The runtimes of this build, ours first, with their names.
fn backends() -> Vec<(&'static str, Backend)> {
    let all = ["own", "rten", "piper-rs"];
    all.into_iter().filter_map(|name| Some((name, name.parse().ok()?))).collect()
}

fn seconds(work: impl FnOnce() -> Any<()>) -> Any<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

fn rounds() -> usize {
    std::env::var("CUEVOX_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(15)
}

/// Runs all in turns and tells how long each took against the first. `heard` is the seconds of speech in a turn.
fn compare(what: &str, heard: f64, names: &[&str], mut turn: impl FnMut(usize) -> Any<f64>) -> Any<()> {
    for one in 0..names.len() {
        turn(one)?;
    }
    let rounds: Vec<Vec<f64>> = (0..rounds()).map(|_| (0..names.len()).map(&mut turn).collect()).collect::<Any<_>>()?;
    println!("{what}");
    for (one, name) in names.iter().enumerate() {
        let took = median(rounds.iter().map(|round| round[one]));
        let ratio = median(rounds.iter().map(|round| round[one] / round[0]));
        println!("  {name:<10} {took:>8.3} s, {:.4} of real time, {ratio:.2} times the first", took / heard);
    }
    Ok(())
}

/// A voice, and what it is to say: ids and frames of each line.
struct Speaker {
    voice: Arc<dyn Voice>,
    lines: Vec<(Vec<i32>, Vec<u32>)>,
}

impl Speaker {
    fn new(backend: Backend, folder: &Path) -> Any<Speaker> {
        let store = Store::open(folder.to_owned(), false);
        let cast = Cast::new(Vec::new(), Catalog::built_in()?, store).spoken_by(backend);
        let voice = cast.voice(VOICE, &Unwatched)?;
        let phonemizer = Phonemizer::open(folder)?;
        let mut all = Vec::new();
        for line in lines() {
            let words: Vec<&str> = line.split(' ').skip(1).collect();
            let ids = voice.encode(&phonemizer.phonemize(voice.source(), &words)?).ids;
            let frames = predict(voice.as_ref(), &ids, 0)?;
            all.push((ids, frames));
        }
        Ok(Speaker { voice, lines: all })
    }

    /// Seconds of speech in all lines.
    fn heard(&self) -> f64 {
        let frames: u32 = self.lines.iter().flat_map(|(_, frames)| frames).sum();
        f64::from(frames) * f64::from(self.voice.clock().hop) / f64::from(self.voice.clock().rate)
    }

    /// Predicts and speaks each line that `mine` takes.
    fn whole(&self, mine: impl Fn(usize) -> bool) -> Any<()> {
        for (_, (ids, frames)) in self.lines.iter().enumerate().filter(|(i, _)| mine(*i)) {
            predict(self.voice.as_ref(), ids, 0)?;
            std::hint::black_box(speak(self.voice.as_ref(), ids, frames, 0)?);
        }
        Ok(())
    }

    /// How long it takes to speak all lines whose durations were just predicted.
    fn sound(&self) -> Any<f64> {
        let mut took = 0.0;
        for (ids, frames) in &self.lines {
            predict(self.voice.as_ref(), ids, 0)?;
            let mut samples = Vec::new();
            took += seconds(|| {
                samples = speak(self.voice.as_ref(), ids, frames, 0)?;
                Ok(())
            })?;
            std::hint::black_box(samples);
        }
        Ok(took)
    }

    /// All lines, shared by so many threads.
    fn threads(&self, count: usize) -> Any<f64> {
        seconds(|| {
            std::thread::scope(|scope| {
                let work = |one: usize| move || self.whole(|line| line % count == one).map_err(|e| e.to_string());
                let workers: Vec<_> = (0..count).map(|one| scope.spawn(work(one))).collect();
                workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("it panicked".into())))
            })?;
            Ok(())
        })
    }
}

/// The stamped lines of the example as a file to a finished track, by the built program.
fn job(folder: &Path, scratch: &Path, engine: &str, threads: usize) -> Any<f64> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cuevox"));
    command.current_dir(scratch).args(["render", "lines.txt", "-q", "--voice", VOICE, "--offline"]);
    command.args(["--engine", engine, "--jobs", &threads.to_string()]).arg("--voices-dir").arg(folder);
    seconds(|| match command.status()?.success() {
        true => Ok(()),
        false => Err("the program failed".into()),
    })
}

/// How fast matrices are multiplied whose numbers are all in the first cache, in operations a second.
struct Peak;

impl Task for Peak {
    type Out = f64;

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> f64 {
        const DEPTH: usize = 8;
        let rows = vec![Block([0.5; 16]); L::ROWS * DEPTH];
        let weights = vec![Block([0.25; 16]); 2 * 16 * DEPTH];
        let mut out = vec![Block::default(); 2 * L::ROWS];
        let mut best = 0.0_f64;
        for _ in 0..50 {
            let start = Instant::now();
            for _ in 0..2000 {
                l.multiply(&Job { rows: std::hint::black_box(&rows), weights: &weights, depth: DEPTH }, &mut out);
            }
            let operations = 2000 * 2 * (L::ROWS * 32 * DEPTH * 16);
            best = best.max(operations as f64 / start.elapsed().as_secs_f64());
        }
        std::hint::black_box(out);
        best
    }
}

/// How fast each part of a Kokoro voice is computed, on one thread.
fn parts(folder: &Path) -> Any<()> {
    let (store, catalog) = (Store::open(folder.to_owned(), false), Catalog::built_in()?);
    let files = store.ensure(catalog.find(KOKORO)?, &Unwatched)?;
    let voice = Cast::new(Vec::new(), catalog, store).voice(KOKORO, &Unwatched)?;
    let words: Vec<&str> = SENTENCE.split(' ').collect();
    let ids = voice.encode(&Phonemizer::open(folder)?.phonemize(voice.source(), &words)?).ids;
    let (model, style) = (std::fs::read(files.path(Role::Model)?)?, std::fs::read(files.path(Role::Style)?)?);
    let (samples, stages) = stages((model, &style), &ids, rounds())?;
    let (heard, machine) = (samples as f64 / f64::from(voice.clock().rate), Machine::best());
    let whole: f64 = stages.iter().map(|stage| stage.seconds).sum();
    let peak = machine.run(Peak) / 1e9;
    println!("{KOKORO} by parts, one thread, {heard:.1} s of speech, {}, at most {peak:.0} GFLOP/s", machine.name());
    for stage in &stages {
        let rate = stage.operations as f64 / 1e9 / stage.seconds;
        let share = 100.0 * stage.seconds / whole;
        println!("  {:<20} {:.4} of real time, {share:>4.1} %, {rate:>4.0} GFLOP/s", stage.name, stage.seconds / heard);
    }
    println!("  {:<20} {:.4} of real time", "all", whole / heard);
    Ok(())
}

fn main() -> Any<()> {
    let below_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).join("voices");
    let folder = std::env::var_os("CUEVOX_VOICES_DIR").map_or_else(below_target, PathBuf::from);
    let folder = std::path::absolute(folder)?;
    parts(&folder)?;
    let start = Instant::now();
    let ours = Speaker::new(Backend::Own, &folder)?;
    println!("{VOICE}, {:.1} s of speech in {} lines", ours.heard(), ours.lines.len());
    println!("  first ready after {:.0} ms, its installation included", start.elapsed().as_secs_f64() * 1e3);
    let runtimes = backends();
    let names: Vec<&str> = runtimes.iter().map(|(name, _)| *name).collect();
    let speakers: Vec<Speaker> =
        runtimes.iter().map(|(_, backend)| Speaker::new(*backend, &folder)).collect::<Any<_>>()?;
    let heard = ours.heard();
    // Lengths of the lines differ by a few frames, as each predicts from what it draws itself: counted per second.
    let fair = |one: usize, took: f64| took * heard / speakers[one].heard();
    compare("whole voice, one thread", heard, &names, |one| Ok(fair(one, speakers[one].threads(1)?)))?;
    compare("flow and decoder, or all that follows the plan", heard, &names, |one| {
        Ok(fair(one, speakers[one].sound()?))
    })?;
    compare("whole voice, a thread for each utterance", heard, &["2 threads", "1 thread"], |one| {
        ours.threads(2 - one)
    })?;
    let scratch = tempfile::tempdir()?;
    std::fs::write(scratch.path().join("lines.txt"), lines().join("\n"))?;
    for threads in [1, 2] {
        let what = format!("whole job, process start to finished file, --jobs {threads}");
        compare(&what, heard, &names, |one| job(&folder, scratch.path(), names[one], threads))?;
    }
    Ok(())
}
