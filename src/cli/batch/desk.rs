//! In: the options of a batch, and those that lines of its manifest have. Out: for each set of them a studio, and what tells its
//! tracks from those of another. Reads media and lexicons when they are first needed. Renders nothing.

use super::args::BatchArgs;
use super::inputs::Item;
use super::stamp::{sum, sum_of_file};
use crate::cli::remedy::told as said;
use crate::cli::render::options;
use cuevox::error::{Error, Kind, Result};
use cuevox::render::{Extent, Options, Studio};
use cuevox::voice::cast::Cast;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What becomes of several transcripts: an error of one is an error of each.
type Shared<T> = std::result::Result<T, (Kind, String)>;

/// A studio for each set of options. The models are loaded once for all.
pub(super) struct Desks<'a> {
    usual: Desk<'a>,
    own: HashMap<&'a [String], Desk<'a>>,
}

/// One set of options.
pub(super) struct Desk<'a> {
    args: &'a BatchArgs,
    base: &'a Studio,
    cast: Cast,
    options: OnceLock<Shared<Options>>,
    identity: OnceLock<Shared<String>>,
    studio: OnceLock<Shared<Studio>>,
    is_base: bool,
}

impl<'a> Desks<'a> {
    /// For these transcripts; `base` is the studio of the command line's own options, which are `args`.
    pub(super) fn new(items: &'a [Item], args: &'a BatchArgs, base: &'a Studio) -> Desks<'a> {
        let mut own = HashMap::new();
        for item in items {
            if let Some(args) = &item.own {
                own.entry(item.options.as_slice()).or_insert_with(|| Desk::new(args, base, false));
            }
        }
        Desks { usual: Desk::new(args, base, true), own }
    }

    /// The one of a transcript.
    pub(super) fn of(&self, item: &Item) -> &Desk<'a> {
        self.own.get(item.options.as_slice()).filter(|_| item.own.is_some()).unwrap_or(&self.usual)
    }
}

impl<'a> Desk<'a> {
    fn new(args: &'a BatchArgs, base: &'a Studio, is_base: bool) -> Desk<'a> {
        let cast = base.cast().like(args.plan.voices.clone());
        let (options, identity, studio) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Desk { args, base, cast, options, identity, studio, is_base }
    }

    /// What was typed.
    pub(super) fn args(&self) -> &BatchArgs {
        self.args
    }

    /// The voices.
    pub(super) fn cast(&self) -> &Cast {
        &self.cast
    }

    /// A SHA-256 over options, voices, media files, lexicons and this program's version.
    ///
    /// # Errors
    /// When a voice or a file is not there.
    pub(super) fn identity(&self) -> Result<&str> {
        told(self.identity.get_or_init(|| shared(self.identified()))).map(String::as_str)
    }

    /// The studio.
    ///
    /// # Errors
    /// When a media file or a lexicon cannot be read.
    pub(super) fn studio(&self) -> Result<&Studio> {
        if self.is_base {
            return Ok(self.base);
        }
        let made = || self.base.like(self.options()?.clone(), self.args.plan.voices.clone());
        told(self.studio.get_or_init(|| shared(made())))
    }

    fn options(&self) -> Result<&Options> {
        if self.is_base {
            return Ok(self.base.options());
        }
        let BatchArgs { plan, manner, layout, sound, .. } = self.args;
        told(self.options.get_or_init(|| shared(options(plan, manner, layout.layout(), sound.delivery()))))
    }

    fn identified(&self) -> Result<String> {
        let options = self.options()?;
        let read = |what: &str, path: &Path| {
            let failed = |e| Error::new(Kind::Input, "the file cannot be read").because(e).in_file(path);
            sum_of_file(path).map(|sum| format!("{what} {sum}")).map_err(failed)
        };
        let mut known = vec![env!("CARGO_PKG_VERSION").to_owned(), self.cast.identity()?];
        known.extend(
            options.delivery.background.iter().map(|path| read("background", path)).collect::<Result<Vec<_>>>()?,
        );
        if let Extent::Match(path) = &options.delivery.extent {
            known.push(read("match", path)?);
        }
        known.extend(self.args.plan.lexicons.iter().map(|path| read("lexicon", path)).collect::<Result<Vec<_>>>()?);
        // The result depends neither on the number of threads nor on the names of files, which are known by their content.
        let mut rest = Options { jobs: None, lexicon: Arc::default(), ..options.clone() };
        rest.delivery.background = None;
        if let Extent::Match(_) = rest.delivery.extent {
            rest.delivery.extent = Extent::Own;
        }
        known.push(format!("{rest:?}"));
        Ok(sum(known.join("\n").as_bytes()))
    }
}

fn shared<T>(result: Result<T>) -> Shared<T> {
    result.map_err(|error| (error.kind(), said(&error)))
}

fn told<T>(shared: &Shared<T>) -> Result<&T> {
    shared.as_ref().map_err(|(kind, error)| Error::new(*kind, error.clone()))
}
