//! In: paths as they were named. Out: the transcripts they stand for, each with where its track goes and which options
//! it has. Reads folders, manifests and names on standard input; what is wrong with one of them stands beside it and
//! keeps the rest from nothing.

use super::args::{BatchArgs, Shard};
use super::places::job;
use super::stamp;
use crate::cli::names::{self, Job, below};
use crate::cli::options::{Holder, Layers, LineOfManifest, Reader, TrackOptions};
use cuevox::error::{Error, Kind, Result};
use cuevox::render::TrackKind;
use cuevox::transcript::Format;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// One transcript of a batch.
#[derive(Debug)]
pub(super) struct Item {
    /// What to read, and where everything goes.
    pub(super) job: Job,
    /// The number of its set of options.
    pub(super) options: usize,
    /// What is wrong with it already.
    pub(super) wrong: Option<Error>,
}

impl Item {
    /// What its track is known by in the folder of tracks, wherever that lies.
    pub(super) fn id(&self, folder: &Path) -> String {
        let digest: [u8; 32] = Sha256::digest(below(&self.job.track, folder)).into();
        digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The files it is made from.
    fn reads<'a>(&'a self, sets: &'a [TrackOptions]) -> impl Iterator<Item = &'a Path> {
        let set = &sets[self.options];
        [&self.job.input].into_iter().chain(set.media()).chain(&set.plan.lexicons).map(PathBuf::as_path)
    }

    /// The folders for its lines, each with `at`.
    fn folders(&self, at: usize) -> Vec<(PathBuf, usize)> {
        let stems = |alone| self.job.stems(TrackKind::Narration, alone);
        let both = [stems(true), stems(false)].into_iter().flatten();
        both.filter(|_| self.wrong.is_none()).map(|folder| (names::absolute(&folder), at)).collect()
    }

    /// Whether it is of this part. That depends on nothing but its own name.
    pub(super) fn is_of(&self, shard: Shard, folder: &Path) -> bool {
        let number = self.id(folder).get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
        number % shard.of == shard.part - 1
    }
}

/// A transcript as it was found.
struct Found {
    input: PathBuf,
    /// What its track is called below the folder of tracks.
    track: PathBuf,
    /// The options that a manifest has for it.
    line: Option<LineOfManifest>,
    /// What is wrong with it.
    wrong: Option<Error>,
}

struct Gathering<'a> {
    args: &'a BatchArgs,
    found: Vec<Found>,
    /// What earlier runs have made, once that is asked.
    made: Option<HashSet<PathBuf>>,
}

/// Every transcript, in order, each once. `names` is what standard input says, where it is asked.
///
/// # Errors
/// Of kind `Usage` when a configuration file cannot be read.
pub(super) fn gather(
    args: &BatchArgs,
    layers: &mut Layers<'_>,
    names: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Vec<Item>> {
    let mut gathering = Gathering { args, found: Vec::new(), made: None };
    let mut names = Some(names);
    for path in &args.paths {
        match names.take() {
            Some(ask) if names::is_stream(path) => gathering.lines(&ask()?, Path::new("standard input"), Path::new("")),
            kept => {
                names = kept;
                gathering.path(path);
            }
        }
    }
    let items = gathering.found.into_iter().map(|found| item(found, args, layers)).collect::<Result<Vec<Item>>>()?;
    Ok(settled(items, layers.sets()))
}

/// A transcript with its options, and with where everything goes.
fn item(found: Found, args: &BatchArgs, layers: &mut Layers<'_>) -> Result<Item> {
    let Found { input, track, line, mut wrong } = found;
    let options = match &wrong {
        None => layers.of(&input, line.as_ref())?,
        Some(_) => Layers::USUAL,
    };
    let beside = &layers.sets()[options].beside;
    if let Err(error) = beside.check_folders() {
        wrong.get_or_insert(error);
    }
    Ok(Item { job: job(beside, input, &args.output, &track), options, wrong })
}

impl Gathering<'_> {
    fn path(&mut self, path: &Path) {
        let text = path.to_string_lossy();
        if path.is_dir() {
            self.folder(path);
        } else if !path.exists() && text.contains(['*', '?', '[']) {
            self.glob(&text);
        } else if let Some(bytes) = manifest(path) {
            self.lines(&bytes, path, path.parent().unwrap_or(Path::new("")));
        } else {
            self.file(path.to_owned(), Path::new(path.file_name().unwrap_or(path.as_os_str())));
        }
    }

    /// A transcript that is called `name` in the tree.
    fn file(&mut self, input: PathBuf, name: &Path) {
        let track = name.with_extension(self.args.format.ending());
        self.found.push(Found { input, track, line: None, wrong: None });
    }

    fn wrong(&mut self, input: &Path, error: Error) {
        let (input, track) = (input.to_owned(), input.with_extension("wrong"));
        self.found.push(Found { input, track, line: None, wrong: Some(error) });
    }

    fn folder(&mut self, root: &Path) {
        let before = self.found.len();
        let output = names::whole_path(&self.args.output);
        let mut folders = vec![root.to_owned()];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(e) => {
                    let error = Error::new(Kind::Input, "the folder cannot be read").because(e).in_file(&folder);
                    self.wrong(&folder, error);
                    continue;
                }
            };
            for entry in entries.flatten() {
                let (path, hidden) = (entry.path(), entry.file_name().to_string_lossy().starts_with('.'));
                match entry.file_type() {
                    _ if hidden => {}
                    // What a batch makes is no transcript.
                    Ok(kind) if kind.is_dir() && self.args.recursive && names::whole_path(&path) != output => {
                        folders.push(path);
                    }
                    Ok(kind) if !kind.is_dir() && is_likely(&path) && !self.is_made(&path) => {
                        found.push(path);
                    }
                    _ => {}
                }
            }
        }
        found.sort();
        for path in found {
            let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
            self.file(path, &name);
        }
        if self.found.len() == before {
            let error = Error::new(Kind::Input, "there is no transcript in this folder").in_file(root);
            let help = if self.args.recursive { "name another" } else { "-r takes the folders in it as well" };
            self.wrong(root, error.help(help));
        }
    }

    /// Whether an earlier run has made this file.
    fn is_made(&mut self, path: &Path) -> bool {
        let output = &self.args.output;
        let made = self.made.get_or_insert_with(|| stamp::made(output).iter().map(|p| names::whole_path(p)).collect());
        made.contains(&names::whole_path(path))
    }

    fn glob(&mut self, pattern: &str) {
        let shown = Path::new(pattern);
        // As in a shell, what is hidden has to be named.
        let manner = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let paths = match glob::glob_with(pattern, manner) {
            Ok(paths) => paths,
            Err(e) => {
                let error = Error::new(Kind::Input, "this is no glob").because(e.msg).in_file(shown);
                return self.wrong(shown, error.help("*, ?, [abc] and ** stand for parts of names"));
            }
        };
        let plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
        let root: PathBuf = shown.components().take_while(plain).collect();
        let before = self.found.len();
        for path in paths.flatten().filter(|path| path.is_file()) {
            let name = path.strip_prefix(&root).unwrap_or(&path).to_owned();
            self.file(path, &name);
        }
        if self.found.len() == before {
            self.wrong(
                shown,
                Error::new(Kind::Input, "no file has such a name").in_file(shown).help("check the pattern"),
            );
        }
    }

    /// Lines of a manifest, or names. What they name is below `base`.
    fn lines(&mut self, bytes: &[u8], file: &Path, base: &Path) {
        let text = String::from_utf8_lossy(bytes);
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_start_matches('\u{feff}').trim_end_matches('\r');
            if line.trim().is_empty() {
                continue;
            }
            if line.trim_start().starts_with('{') {
                if let Err(error) = self.line(line, base) {
                    self.wrong(&file.with_added_extension((at + 1).to_string()), error.in_file(file).at_line(at + 1));
                }
            } else {
                self.path(&base.join(line));
            }
        }
    }

    fn line(&mut self, line: &str, base: &Path) -> Result<()> {
        let wrong = |what: String| Error::new(Kind::Input, what);
        let form = r#"write {"input": "talk.srt", "output": "talk.wav", "options": {"lang": "en"}}, one a line"#;
        let object: Map<String, Value> = serde_json::from_str(line)
            .map_err(|e| wrong("this is no line of a manifest".to_owned()).because(e).help(form))?;
        if let Some(name) = object.keys().find(|name| !["input", "output", "options"].contains(&name.as_str())) {
            return Err(wrong(format!("'{name}' means nothing in a manifest")).help(form));
        }
        let text = |name: &str| match object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.as_str())),
            Some(_) => Err(wrong(format!("'{name}' is not the name of a file")).help(form)),
        };
        let input = text("input")?.ok_or_else(|| wrong("it names no input".to_owned()).help(form))?;
        let ending = self.args.format.ending();
        let name = Path::new(Path::new(input).file_name().unwrap_or(input.as_ref())).with_extension(ending);
        let track = match text("output")? {
            None => name,
            Some(folder) if folder.ends_with(['/', '\\']) => Path::new(folder).join(name),
            Some(file) if Path::new(file).extension().is_none() => Path::new(file).with_extension(ending),
            Some(file) => PathBuf::from(file),
        };
        let line = match object.get("options") {
            None | Some(Value::Null) => None,
            Some(Value::Object(options)) if options.is_empty() => None,
            Some(Value::Object(options)) => Some(options_of_line(options, base)?),
            Some(_) => return Err(wrong("'options' is no object of names and values".to_owned()).help(form)),
        };
        self.found.push(Found { input: base.join(input), track, line, wrong: None });
        Ok(())
    }
}

/// The options of a line of a manifest; files to read are named from `base`.
fn options_of_line(options: &Map<String, Value>, base: &Path) -> Result<LineOfManifest> {
    let mut reader = Reader::new(Holder::Line);
    for (name, value) in options {
        reader.take(name, value)?;
    }
    let mut read = reader.finish();
    read.read_from(base);
    let key = Value::from(vec![Value::from(options.clone()), Value::from(base.to_string_lossy())]);
    Ok(LineOfManifest { key: key.to_string(), options: read })
}

/// Whether a file in a folder is taken for a transcript: by the ending of its name. What it is, its content says.
fn is_likely(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let known = Format::ALL.iter().any(|format| format.endings().contains(&ending.as_str()));
    known && path.is_file() && !is_ours(path)
}

/// Whether it is the list that a batch leaves behind.
fn is_ours(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        name == "batch.jsonl" || name.starts_with("batch.") && name.contains("-of-") && name.ends_with(".jsonl")
    })
}

/// The bytes of a file that is a manifest by its name and its first line.
fn manifest(path: &Path) -> Option<Vec<u8>> {
    if !path.extension()?.eq_ignore_ascii_case("jsonl") {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let first = text.lines().map(|line| line.trim_start_matches('\u{feff}').trim()).find(|line| !line.is_empty())?;
    let is_one = match serde_json::from_str::<Value>(first) {
        Ok(value) => value.get("input").is_some() && value.get("text").is_none(),
        // Lines that only name files.
        Err(_) => !first.starts_with('{'),
    };
    is_one.then_some(bytes)
}

/// Each transcript once; where two would become one file, or one would be replaced, the later is wrong.
fn settled(items: Vec<Item>, sets: &[TrackOptions]) -> Vec<Item> {
    let read: HashSet<PathBuf> = items.iter().flat_map(|item| item.reads(sets)).map(names::whole_path).collect();
    let stems: HashMap<PathBuf, usize> = items.iter().enumerate().flat_map(|(at, item)| item.folders(at)).collect();
    let mut taken: HashMap<PathBuf, usize> = HashMap::new();
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    for (at, mut item) in items.into_iter().enumerate() {
        let files: Vec<PathBuf> = item.job.results().iter().map(|file| names::absolute(file)).collect();
        let others = |file: &PathBuf| taken.get(file).map(|at| &kept[*at]);
        if item.wrong.is_none() {
            let same = |other: &Item| names::whole_path(&other.job.input) == names::whole_path(&item.job.input);
            if others(&files[0]).is_some_and(|other| same(other) && other.options == item.options) {
                continue;
            }
            let refused =
                |what: String, file: &Path, help: &str| Some(Error::new(Kind::Output, what).in_file(file).help(help));
            let own =
                |file: &&PathBuf| file.ancestors().any(|above| stems.get(above).is_some_and(|owner| *owner != at));
            item.wrong = if let Some(file) = files.iter().find(|file| read.contains(&names::whole_path(file))) {
                let help = "choose other folders with -o and the like";
                refused("this would replace a file that is read".to_owned(), file, help)
            } else if let Some(other) = files.iter().find_map(others) {
                let both = [&other.job.input, &item.job.input].map(|input| input.display());
                let help = "name one of them, with a glob as 'talks/*.srt', or give them names in a manifest";
                refused(format!("'{}' and '{}' would both become this file", both[0], both[1]), &item.job.track, help)
            } else if let Some(file) = files.iter().find(own) {
                let help = "choose another folder with --stems";
                refused("this is in the folder for the lines of another transcript".to_owned(), file, help)
            } else {
                None
            };
        }
        if item.wrong.is_none() {
            taken.extend(files.into_iter().map(|file| (file, kept.len())));
        }
        kept.push(item);
    }
    kept
}

/// The folders that results go to.
pub(super) fn folders(items: &[Item]) -> BTreeSet<&Path> {
    let sound = items.iter().filter(|item| item.wrong.is_none());
    let files = sound.flat_map(|Item { job, .. }| {
        [Some(&job.track), job.report.as_ref(), job.captions.as_ref(), job.html.as_ref(), job.stems.as_ref()]
    });
    files.flatten().filter_map(|file| file.parent()).collect()
}

#[cfg(test)]
mod tests;
