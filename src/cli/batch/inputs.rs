//! In: paths as they were named. Out: the transcripts they stand for, each with where its track goes. Reads folders,
//! manifests and names on standard input; what is wrong with one of them stands beside it and keeps the rest from
//! nothing.

use super::args::{BatchArgs, Shard, typed};
use crate::cli::names;
use cuevox::error::{Error, Kind, Result};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// Endings of files that are taken from a folder. What a file is, its content says.
const ENDINGS: &[&str] = &[
    "txt", "md", "markdown", "srt", "vtt", "sbv", "ass", "ssa", "lrc", "ttml", "dfxp", "xml", "json", "json3", "jsonl",
    "tsv",
];

/// One transcript of a batch.
#[derive(Debug)]
pub(super) struct Item {
    /// What to read.
    pub(super) input: PathBuf,
    /// The main track.
    pub(super) track: PathBuf,
    /// The report, where one is wanted.
    pub(super) report: Option<PathBuf>,
    /// Options of its own, as they would be typed.
    pub(super) options: Vec<String>,
    /// What is wrong with it already.
    pub(super) wrong: Option<Error>,
}

impl Item {
    /// What its track is known by in the folder of tracks, wherever that lies.
    pub(super) fn id(&self, folder: &Path) -> String {
        let digest: [u8; 32] = Sha256::digest(below(&self.track, folder)).into();
        digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it is of this part. That depends on nothing but its own name.
    pub(super) fn is_of(&self, shard: Shard, folder: &Path) -> bool {
        let number = self.id(folder).get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
        number % shard.of == shard.part - 1
    }
}

/// A path as it is called from a folder, with the same separators everywhere; the whole path where it is not in it.
pub(super) fn below(path: &Path, folder: &Path) -> String {
    let whole = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.strip_prefix(folder).map_or_else(|_| whole(), Path::to_owned).to_string_lossy().replace('\\', "/")
}

struct Gathering<'a> {
    args: &'a BatchArgs,
    items: Vec<Item>,
}

/// Every transcript, in order, each once. `names` is what standard input says, where it is asked.
pub(super) fn gather(args: &BatchArgs, names: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<Item>> {
    let mut gathering = Gathering { args, items: Vec::new() };
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
    Ok(settled(gathering.items))
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
        self.item(input, &track, Vec::new(), None);
    }

    fn item(&mut self, input: PathBuf, track: &Path, options: Vec<String>, wrong: Option<Error>) {
        let report = self.args.report.as_deref().map(|folder| {
            let inside = track.components().filter(|part| matches!(part, Component::Normal(_)));
            folder.join(inside.collect::<PathBuf>()).with_extension("json")
        });
        self.items.push(Item { input, track: self.args.output.join(track), report, options, wrong });
    }

    fn wrong(&mut self, input: &Path, error: Error) {
        self.item(input.to_owned(), &input.with_extension("wrong"), Vec::new(), Some(error));
    }

    fn folder(&mut self, root: &Path) {
        let out = self.args.output.canonicalize().ok();
        let before = self.items.len();
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
                    // Tracks and reports are no transcripts.
                    Ok(kind) if kind.is_dir() && self.args.recursive && path.canonicalize().ok() != out => {
                        folders.push(path);
                    }
                    Ok(kind) if !kind.is_dir() && has_ending(&path) && path.is_file() && !is_ours(&path) => {
                        found.push(path)
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
        if self.items.len() == before {
            let error = Error::new(Kind::Input, "there is no transcript in this folder").in_file(root);
            let help = if self.args.recursive { "name another" } else { "-r takes the folders in it as well" };
            self.wrong(root, error.help(help));
        }
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
        let before = self.items.len();
        for path in paths.flatten().filter(|path| path.is_file()) {
            let name = path.strip_prefix(&root).unwrap_or(&path).to_owned();
            self.file(path, &name);
        }
        if self.items.len() == before {
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
        let name = PathBuf::from(Path::new(input).file_name().unwrap_or(input.as_ref()));
        let own = name.with_extension(self.args.format.ending());
        let track = match text("output")? {
            None => own,
            Some(folder) if folder.ends_with(['/', '\\']) => Path::new(folder).join(own),
            Some(file) if Path::new(file).extension().is_none() => {
                Path::new(file).with_extension(self.args.format.ending())
            }
            Some(file) => PathBuf::from(file),
        };
        let options = match object.get("options") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Object(options)) => typed(options)?,
            Some(_) => return Err(wrong("'options' is no object of names and values".to_owned()).help(form)),
        };
        self.item(base.join(input), &track, options, None);
        Ok(())
    }
}

fn has_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.contains(&ending.to_string_lossy().to_lowercase().as_str()))
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
fn settled(items: Vec<Item>) -> Vec<Item> {
    let inputs: HashSet<PathBuf> = items.iter().map(|item| names::whole_path(&item.input)).collect();
    let mut taken: HashMap<PathBuf, (PathBuf, Vec<String>)> = HashMap::new();
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    for mut item in items {
        let whole = names::whole_path(&item.input);
        let track = std::path::absolute(&item.track).unwrap_or_else(|_| item.track.clone());
        let mine = (whole, item.options.clone());
        if item.wrong.is_none() && taken.get(&track) == Some(&mine) {
            continue;
        }
        let mut files = vec![track.clone(), names::with_suffix(&track, "narration")];
        files.extend(item.report.as_ref().map(|report| std::path::absolute(report).unwrap_or_else(|_| report.clone())));
        if let Some(file) = files.iter().find(|file| inputs.contains(&names::whole_path(file))) {
            let error = Error::new(Kind::Output, "this would replace a transcript").in_file(file);
            item.wrong.get_or_insert(error.help("choose another folder with -o or --report"));
        }
        if let Some((other, _)) = files.iter().find_map(|file| taken.get(file)) {
            let both = format!("'{}' and '{}' would both become this file", other.display(), item.input.display());
            let help = "name one of them, with a glob as 'talks/*.srt', or give them names in a manifest";
            item.wrong.get_or_insert(Error::new(Kind::Output, both).in_file(&item.track).help(help));
        }
        if item.wrong.is_none() {
            taken.extend(files.into_iter().map(|file| (file, mine.clone())));
        }
        kept.push(item);
    }
    kept
}

/// The folders that tracks go to.
pub(super) fn folders(items: &[Item]) -> Vec<&Path> {
    let of = items.iter().filter(|item| item.wrong.is_none()).flat_map(|item| {
        [Some(item.track.as_path()), item.report.as_deref()].into_iter().flatten().filter_map(Path::parent)
    });
    of.map(|folder| (folder, ())).collect::<BTreeMap<_, _>>().into_keys().collect()
}

#[cfg(test)]
mod tests;
