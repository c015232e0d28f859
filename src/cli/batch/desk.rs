//! In: the sets of options that the transcripts of a batch have. Out: for each of them a studio,
//! and what tells its tracks from those of another. Reads media and lexicons when they are first
//! needed. Renders nothing.

use super::inputs::Item;
use super::stamp::{sum, sum_of_file};
use crate::cli::manner::Manner;
use crate::cli::options::{Layers, TrackOptions};
use crate::cli::remedy::told as said;
use crate::cli::render::options;
use cuevox::error::{Error, Kind, Result};
use cuevox::render::{Extent, Options, REVISION, Studio};
use cuevox::voice::cast::Cast;
use std::path::Path;
use std::sync::OnceLock;

/// What becomes of several transcripts: an error of one is an error of each.
type Shared<T> = std::result::Result<T, (Kind, String)>;

/// A studio for each set of options. The models are loaded once for all.
pub(super) struct Desks<'a>(Vec<Desk<'a>>);

/// One set of options.
pub(super) struct Desk<'a> {
    set: &'a TrackOptions,
    manner: &'a Manner,
    base: &'a Studio,
    cast: Cast,
    options: OnceLock<Shared<Options>>,
    identity: OnceLock<Shared<String>>,
    studio: OnceLock<Shared<Studio>>,
    is_base: bool,
}

impl<'a> Desks<'a> {
    /// For these sets of options; `base` is the studio of the usual one.
    pub(super) fn new(sets: &'a [TrackOptions], manner: &'a Manner, base: &'a Studio) -> Desks<'a> {
        let desk = |(number, set): (usize, &'a TrackOptions)| {
            let cast = base.cast().like(set.lines.voices.clone());
            let (options, identity, studio) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
            Desk { set, manner, base, cast, options, identity, studio, is_base: number == Layers::USUAL }
        };
        Desks(sets.iter().enumerate().map(desk).collect())
    }

    /// The one of a transcript.
    pub(super) fn of(&self, item: &Item) -> &Desk<'a> {
        &self.0[item.options]
    }
}

impl Desk<'_> {
    /// Whether each word in captions has its time.
    pub(super) fn caption_words(&self) -> bool {
        self.set.beside.caption_words
    }

    /// The voices.
    pub(super) fn cast(&self) -> &Cast {
        &self.cast
    }

    /// A SHA-256 over options, voices, media files, lexicons and the revision of what tracks hold.
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
        let made = || self.base.like(self.options()?.clone(), self.set.lines.voices.clone());
        told(self.studio.get_or_init(|| shared(made())))
    }

    fn options(&self) -> Result<&Options> {
        if self.is_base {
            return Ok(self.base.options());
        }
        told(self.options.get_or_init(|| shared(options(self.set, self.manner))))
    }

    fn identified(&self) -> Result<String> {
        let options = self.options()?;
        let read = |what: &str, path: &Path| {
            let failed = |e| Error::new(Kind::Input, "the file cannot be read").because(e).in_file(path);
            sum_of_file(path).map(|sum| format!("{what} {sum}")).map_err(failed)
        };
        let mut known = vec![REVISION.to_string(), self.cast.identity()?];
        known.extend(
            options.delivery.background.iter().map(|path| read("background", path)).collect::<Result<Vec<_>>>()?,
        );
        if let Extent::Match(path) = &options.delivery.extent {
            known.push(read("match", path)?);
        }
        known.extend(self.set.plan.lexicons.iter().map(|path| read("lexicon", path)).collect::<Result<Vec<_>>>()?);
        // Media are known by their content, not by their names; what options leave out as JSON is known, too.
        let mut rest = options.clone();
        rest.delivery.background = None;
        if let Extent::Match(_) = rest.delivery.extent {
            rest.delivery.extent = Extent::Own;
        }
        let rest = serde_json::to_string(&rest);
        known.push(rest.map_err(|e| Error::new(Kind::Usage, "the options have no form to be known by").because(e))?);
        Ok(sum(known.join("\n").as_bytes()))
    }
}

fn shared<T>(result: Result<T>) -> Shared<T> {
    result.map_err(|error| (error.kind(), said(&error)))
}

fn told<T>(shared: &Shared<T>) -> Result<&T> {
    shared.as_ref().map_err(|(kind, error)| Error::new(*kind, error.clone()))
}
