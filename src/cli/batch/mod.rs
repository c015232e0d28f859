//! In: `batch` and its options. Out: tracks of many transcripts, `batch.jsonl` and a summary. What is finished already is
//! left alone; what is wrong with one transcript stops no other.

mod args;
mod board;
mod desk;
mod inputs;
mod places;
mod stamp;
mod work;

pub(crate) use args::BatchArgs;

use super::exit::Exit;
use super::names;
use super::options::Layers;
use super::print_out;
use super::progress::{Say, ends_at_once, listen_for_interrupts, span, stop_asked};
use super::render::studio;
use super::table::Table;
use board::Board;
use cuevox::cache::Cache;
use cuevox::error::{Error, Kind, Result};
use cuevox::files::{Artifact, NewFolders, SmallFile, sweep_stale};
use desk::Desks;
use inputs::Item;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use work::{Batch, Done, Status};

/// How many failures the summary names; the list has them all.
const NAMED: usize = 20;

pub(super) fn run(args: &BatchArgs) -> Result<Exit> {
    listen_for_interrupts();
    let mut layers = Layers::new(&args.track, &args.config)?;
    args.track.beside.check_folders()?;
    let mut items = inputs::gather(args, &mut layers, || ends_at_once(|| names::read(Path::new("-"))))?;
    if let Some(shard) = args.shard {
        items.retain(|item| item.is_of(shard, &args.output));
    }
    let say = Say::new(args.manner.common.quiet, args.manner.verbose);
    layers.told().iter().for_each(|line| say.line(line));
    let studio = studio(&layers.sets()[Layers::USUAL], &args.manner)?;
    let cache = cache(args)?;
    let studio = match &cache {
        Some(cache) => studio.with_cache(Arc::clone(cache)),
        None => studio,
    };
    let under_way = studio.threads() + 1;
    let desks = Desks::new(layers.sets(), &args.manner, &studio);
    if let Some(usual) = items.iter().find(|item| item.wrong.is_none() && item.options == Layers::USUAL) {
        // What is wrong with all of them is said once.
        desks.of(usual).identity()?;
    }
    let made = make_folders(&items, &args.output)?;
    let bytes = items.iter().filter_map(|item| std::fs::metadata(&item.job.input).ok()).map(|meta| meta.len()).sum();
    let board = Board::new(say, items.len(), bytes);
    let tell = |done: &Done| {
        if args.json {
            // Whoever does not listen any more has the list.
            board.above(|| drop(print_out(&line_of(done))));
        }
    };
    let batch =
        Batch { items: &items, desks: &desks, folder: &args.output, force: args.force, board: &board, tell: &tell };
    let all = batch.run(under_way);
    board.clear();
    if let Some(cache) = &cache {
        cache.trim();
    }
    let listed = list(args, &all);
    tidy(made, &args.output);
    summary(args, &all, &board, cache.as_deref(), say)?;
    listed?;
    Ok(exit(&all, args.manner.strict))
}

fn exit(all: &[Done], strict: bool) -> Exit {
    let one = |done: &Done| match done.status {
        Status::Failed => Exit::Failed,
        Status::Interrupted => Exit::Interrupted,
        _ if strict && done.numbers.late + done.numbers.early + done.numbers.overrun > 0 => Exit::Missed,
        _ => Exit::Done,
    };
    let none = if stop_asked() { Exit::Interrupted } else { Exit::Done };
    all.iter().map(one).fold(none, Exit::or)
}

/// The cache of utterances, unless none is wanted.
fn cache(args: &BatchArgs) -> Result<Option<Arc<Cache>>> {
    let folder = match &args.cache {
        Some(folder) if folder == Path::new("off") => return Ok(None),
        Some(folder) => folder.clone(),
        None => match directories::ProjectDirs::from("", "", "cuevox") {
            Some(dirs) => dirs.cache_dir().join("utterances"),
            None => return Ok(None),
        },
    };
    match Cache::open(&folder, args.cache_size) {
        // A cache nobody asked for may be missing.
        Err(_) if args.cache.is_none() => Ok(None),
        opened => opened.map(|cache| Some(Arc::new(cache))),
    }
}

/// Makes the folders that tracks go to, and removes from them what killed runs have left. Returns
/// those that were made.
fn make_folders(items: &[Item], output: &Path) -> Result<NewFolders> {
    let stamps = output.join(stamp::FOLDER);
    let mut made = NewFolders::default();
    for folder in inputs::folders(items).into_iter().chain([output, stamps.as_path()]) {
        let failed = |e| Error::new(Kind::Output, "the folder cannot be made").because(e).in_file(folder);
        match made.make(folder).map_err(failed) {
            Err(error) if folder == output => return Err(error.help("choose another place with -o")),
            // Whoever needs it will say so.
            _ => sweep_stale(folder),
        };
    }
    Ok(made)
}

/// Removes the folders that were made for nothing.
fn tidy(made: NewFolders, output: &Path) {
    // A folder that holds anything stays.
    let _ = std::fs::remove_dir(output.join(stamp::FOLDER));
    drop(made);
}

/// Where the list of all transcripts is.
fn list_of(args: &BatchArgs) -> PathBuf {
    args.output.join(match args.shard {
        None => "batch.jsonl".to_owned(),
        Some(shard) => format!("batch.{}-of-{}.jsonl", shard.part, shard.of),
    })
}

/// A line about a transcript.
fn line_of(done: &Done) -> String {
    serde_json::to_string(done).unwrap_or_default() + "\n"
}

/// Writes the list.
fn list(args: &BatchArgs, all: &[Done]) -> Result<()> {
    let lines: String = all.iter().map(line_of).collect();
    SmallFile::create(&list_of(args), Artifact::Report)?.finish(lines.as_bytes())
}

/// How it went, for a person and for a machine.
fn summary(args: &BatchArgs, all: &[Done], board: &Board, cache: Option<&Cache>, say: Say) -> Result<()> {
    let (wall, spoken) = (board.elapsed(), board.spoken());
    let (found, missed) = cache.map_or((0, 0), Cache::tally);
    let of = |status: Status| all.iter().filter(move |done| done.status == status);
    let sum = |of: fn(&Done) -> usize| all.iter().map(of).sum::<usize>();
    let (late, early) = (sum(|d| d.numbers.late), sum(|d| d.numbers.early));
    let (hurried, overrun) = (sum(|d| d.numbers.hurried), sum(|d| d.numbers.overrun));
    let speed = if wall > 0.0 { spoken / wall } else { 0.0 };
    if args.json {
        let count = |status| of(status).count();
        print_out(&format!(
            "{}\n",
            json!({ "summary": {
                "files": all.len(), "done": count(Status::Done), "unchanged": count(Status::Unchanged),
                "failed": count(Status::Failed), "interrupted": count(Status::Interrupted),
                "lines": sum(|d| d.numbers.lines), "late": late, "early": early, "hurried": hurried, "overrun": overrun,
                "speech_s": all.iter().map(|d| d.numbers.speech_s).sum::<f64>(), "spoken_s": spoken, "wall_s": wall, "speed": speed,
                "cache_found": found, "cache_missed": missed, "list": list_of(args).to_string_lossy(),
            }})
        ))?;
    }
    let mut table = Table::new(&["", "files", "lines", "late", "early", "hurried", "past", "warnings", "speech"]);
    let rows = [
        ("rendered", Status::Done),
        ("unchanged", Status::Unchanged),
        ("failed", Status::Failed),
        ("interrupted", Status::Interrupted),
    ];
    for (name, status) in rows {
        let total = |value: fn(&Done) -> usize| of(status).map(value).sum::<usize>().to_string();
        if of(status).next().is_some() {
            let speech = span(of(status).map(|done| done.numbers.speech_s).sum());
            table.row(&[
                name.to_owned(),
                total(|_| 1),
                total(|d| d.numbers.lines),
                total(|d| d.numbers.late),
                total(|d| d.numbers.early),
                total(|d| d.numbers.hurried),
                total(|d| d.numbers.overrun),
                total(|d| d.numbers.warnings),
                speech,
            ]);
        }
    }
    table.text().lines().for_each(|line| say.line(line));
    for done in of(Status::Failed).take(NAMED) {
        say.line(&format!("failed: {}", done.input));
    }
    let more = of(Status::Failed).count().saturating_sub(NAMED);
    if more > 0 {
        say.line(&format!("failed: {more} more"));
    }
    let known = if found > 0 { format!(", {found} utterances and durations known from before") } else { String::new() };
    say.line(&format!(
        "{} in {wall:.1} s, {speed:.1}x real time{known}; list: {}",
        span(spoken),
        list_of(args).display()
    ));
    Ok(())
}
