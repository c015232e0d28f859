//! In: what was typed, configuration files, lines of a manifest. Out: the options of every
//! transcript, each set of them once and known by its number.

use super::TrackOptions;
use super::config::{ConfigFiles, ConfigOptions};
use cuevox::error::Result;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How many configuration files are told.
const TOLD: usize = 5;

/// The options that a line of a manifest has.
#[derive(Clone, Debug)]
pub(crate) struct LineOfManifest {
    /// What tells them from those of other lines.
    pub(crate) key: String,
    /// The options.
    pub(crate) options: TrackOptions,
}

/// What tells a set of options from others of the same command line.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    file: Option<PathBuf>,
    line: Option<String>,
}

/// The options of transcripts.
pub(crate) struct Layers<'a> {
    typed: &'a TrackOptions,
    files: ConfigFiles,
    sets: Vec<TrackOptions>,
    numbers: HashMap<Key, usize>,
}

impl<'a> Layers<'a> {
    /// The number of the set that every transcript has for which nothing else is said.
    pub(crate) const USUAL: usize = 0;

    /// For a command line.
    ///
    /// # Errors
    /// Of kind `Usage` when the configuration file that it names cannot be read.
    pub(crate) fn new(typed: &'a TrackOptions, config: &ConfigOptions) -> Result<Layers<'a>> {
        let files = ConfigFiles::new(config)?;
        let usual = match files.fixed() {
            Some(fixed) => typed.clone().over(fixed),
            None => typed.clone(),
        };
        let numbers = HashMap::from([(Key { file: None, line: None }, Self::USUAL)]);
        Ok(Layers { typed, files, sets: vec![usual], numbers })
    }

    /// The number of the set for a transcript, which a line of a manifest may name.
    ///
    /// # Errors
    /// Of kind `Usage` when its configuration file cannot be read.
    pub(crate) fn of(&mut self, input: &Path, line: Option<&LineOfManifest>) -> Result<usize> {
        let nearest = self.files.nearest(input)?;
        let key = Key { file: nearest.map(|(file, _)| file.to_owned()), line: line.map(|line| line.key.clone()) };
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let near = nearest.map(|(_, options)| options.clone());
        let mut set = match line {
            Some(line) => line.options.clone().over(self.typed),
            None => self.typed.clone(),
        };
        if let Some(base) = near.as_ref().or(self.files.fixed()) {
            set = set.over(base);
        }
        let number = self.sets.len();
        self.sets.push(set);
        self.numbers.insert(key, number);
        Ok(number)
    }

    /// Every set by its number.
    pub(crate) fn sets(&self) -> &[TrackOptions] {
        &self.sets
    }

    /// Which configuration files were read, a line for each of the first few.
    pub(crate) fn told(&self) -> Vec<String> {
        let mut files: Vec<String> =
            self.files.used().map(|file| format!("configuration: {}", file.display())).collect();
        if files.len() > TOLD {
            let more = format!("configuration: {} more files", files.len() - TOLD);
            files.truncate(TOLD);
            files.push(more);
        }
        files
    }
}
