//! In: a transcript, and what was typed about configuration files. Out: the file whose options are
//! for it, and these. Reads files and knows where they are looked for; what they say, the options
//! know.

use super::TrackOptions;
use super::reader::{Holder, Reader};
use crate::cli::names;
use clap::Args;
use cuevox::error::{Error, Kind, Result};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// What a configuration file is called where it is found by itself.
const NAME: &str = "cuevox.toml";

/// Which configuration file is read.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ConfigOptions {
    /// Options from this file, as TOML [default: the nearest cuevox.toml in the transcript's folder
    /// or one above it]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long)]
    no_config: bool,
}

/// The configuration files of transcripts, each read once.
pub(super) struct ConfigFiles {
    search: Search,
    /// By the folder of a transcript.
    nearest: HashMap<PathBuf, Option<PathBuf>>,
    read: BTreeMap<PathBuf, TrackOptions>,
}

/// Where files are looked for.
enum Search {
    /// Nowhere.
    Off,
    /// This one is for every transcript.
    Fixed(PathBuf),
    /// In the folder of each transcript, and in those above it.
    Nearest,
}

impl ConfigFiles {
    /// As it was typed; a file that was named is read.
    ///
    /// # Errors
    /// Of kind `Usage` when that cannot be.
    pub(super) fn new(options: &ConfigOptions) -> Result<ConfigFiles> {
        let mut files = ConfigFiles { search: Search::Nearest, nearest: HashMap::new(), read: BTreeMap::new() };
        if options.no_config {
            files.search = Search::Off;
        } else if let Some(file) = &options.config {
            files.read.insert(file.clone(), read(file)?);
            files.search = Search::Fixed(file.clone());
        }
        Ok(files)
    }

    /// The file for all transcripts, whichever they are.
    pub(super) fn fixed(&self) -> Option<&TrackOptions> {
        match &self.search {
            Search::Fixed(file) => self.read.get(file),
            Search::Off | Search::Nearest => None,
        }
    }

    /// The file that is nearest to a transcript, and what it says. There is none where a file is
    /// for all of them.
    ///
    /// # Errors
    /// Of kind `Usage` when it cannot be read.
    pub(super) fn nearest(&mut self, input: &Path) -> Result<Option<(&Path, &TrackOptions)>> {
        if !matches!(self.search, Search::Nearest) {
            return Ok(None);
        }
        let folder = if names::is_stream(input) { Path::new("") } else { input.parent().unwrap_or(Path::new("")) };
        let found = self.nearest.entry(folder.to_owned()).or_insert_with(|| search(folder)).clone();
        let Some(file) = found else { return Ok(None) };
        if !self.read.contains_key(&file) {
            self.read.insert(file.clone(), read(&file)?);
        }
        Ok(self.read.get_key_value(&file).map(|(file, options)| (file.as_path(), options)))
    }

    /// The files that were read, in the order of their names.
    pub(super) fn used(&self) -> impl Iterator<Item = &Path> {
        self.read.keys().map(PathBuf::as_path)
    }
}

/// The file that is nearest to what lies in this folder, called from the current one where it lies
/// there.
fn search(folder: &Path) -> Option<PathBuf> {
    let here = names::whole_path(Path::new("."));
    let whole = if folder.as_os_str().is_empty() { here.clone() } else { names::whole_path(folder) };
    let file = whole.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())?;
    Some(file.strip_prefix(&here).map(Path::to_owned).unwrap_or(file))
}

/// What a file says; the files and folders in it are named from where it lies.
fn read(file: &Path) -> Result<TrackOptions> {
    let wrong = |what: &str| Error::new(Kind::Usage, what).in_file(file);
    let bytes = std::fs::read(file).map_err(|e| {
        let error = wrong("this configuration file cannot be read").because(e);
        error.help("check the name after --config")
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|e| wrong("this configuration file is no UTF-8").because(e).help("save it as UTF-8"))?;
    let mut options = parsed(&text).map_err(|error| error.in_file(file))?;
    let base = file.parent().unwrap_or(Path::new(""));
    options.read_from(base);
    options.beside.folders_from(base).map_err(|what| wrong(&what).help("name a folder, which is made"))?;
    options.layout().check().map_err(|error| error.in_file(file))?;
    options.place.excerpt().map_err(|error| error.in_file(file))?;
    Ok(options)
}

/// What a text in TOML says.
fn parsed(text: &str) -> Result<TrackOptions> {
    let line_of = |at: usize| 1 + text.get(..at).map_or(0, |before| before.matches('\n').count());
    let text = text.trim_start_matches('\u{feff}');
    let table = DeTable::parse(text).map_err(|e| {
        let line = e.span().map_or(1, |span| line_of(span.start));
        let what = format!("this is no TOML: {}", e.message());
        Error::new(Kind::Usage, what).at_line(line).help("write lines such as lang = \"fr\" or max_rate = 1.2")
    })?;
    // In their order in the file, which is not that of the table.
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    let mut reader = Reader::new(Holder::File);
    for (name, value) in entries {
        let line = line_of(name.span().start);
        reader.take(name.get_ref(), &json(value.get_ref())).map_err(|error| error.at_line(line))?;
    }
    Ok(reader.finish())
}

/// A value of TOML as one of JSON. Numbers, and times such as 00:01:30, become what is written.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => Value::String(number.to_string()),
        DeValue::Float(number) => Value::String(number.to_string()),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Array(values) => Value::Array(values.iter().map(|value| json(value.get_ref())).collect()),
        DeValue::Table(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cuevox::render::Options;
    use cuevox::words::lexicon::Lexicon;

    fn options(text: &str) -> Options {
        let options = parsed(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        options.options(Lexicon::default(), None).expect("they make sense")
    }

    #[test]
    fn values_are_written_as_toml_has_them() {
        let all = options(
            "# A comment.\nmax_rate = 1.25\n\"lag\" = 3\nloudness = -20 # quiet\nsample-rate = 44_100\ntotal = 00:01:30\n\
             fit = \"relaxed\"\nlang = 'fr-BE'\nseed = 7\n",
        );
        assert_eq!((all.bounds.max_rate, all.bounds.min_rate), (1250, 900));
        assert_eq!((all.delivery.loudness, all.layout.sample_rate, all.seed), (Some(-20.0), 44_100, 7));
        assert_eq!(all.delivery.extent, cuevox::render::Extent::Total(cuevox::time::Ticks::from_millis(90_000)));
        assert_eq!(options("loudness = \"off\"\n").delivery.loudness, None);
        let voices = parsed("voice = [\"ff_siwis\", \"en=tone\"]\n").expect("options").lines.voices;
        assert_eq!(voices.len(), 2);
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_line() {
        let rows = [
            ("\nloudnes = -3\n", "line 2: 'loudnes' is no option of a configuration file; did you mean 'loudness'?"),
            ("jobs = 2\n", "line 1: 'jobs' is no option of a configuration file"),
            ("lang = \"fr\"\nmax_rate = \"fast\"\n", "line 2: invalid value 'fast' for 'max-rate': a rate is a number"),
            ("fit = \"relaxd\"\n", "line 1: invalid value 'relaxd' for 'fit': did you mean 'relaxed'?"),
            ("caption_words = false\n", "line 1: 'caption-words' is either true or left out"),
            ("[voice]\nen = \"tone\"\n", "line 1: the value of 'voice' is neither text nor a number"),
            ("total = 9\nmatch = \"a.wav\"\n", "line 2: 'total' and 'match' exclude each other"),
            ("lang = fr\n", "line 1: this is no TOML"),
        ];
        for (text, wanted) in rows {
            let error = parsed(text).map(drop).expect_err(text).to_string();
            assert!(error.starts_with(wanted), "{error}");
        }
    }
}
