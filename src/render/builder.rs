//! In: what a program wants of its tracks, as far as it has a wish. Out: a [`Studio`], with the catalogue, the folder of
//! voices and the folder of data that the program `cuevox` has, too. Reads no transcript.

use super::{Options, Studio};
use crate::cache::Cache;
use crate::error::Result;
use crate::voice::cast::{Cast, Choice};
use crate::voice::catalog::Catalog;
use crate::voice::store::Store;
use crate::voice::{Backend, Voice};
use std::path::PathBuf;
use std::sync::Arc;

/// Makes a [`Studio`].
///
/// ```
/// use cuevox::Studio;
/// use cuevox::progress::Unwatched;
///
/// # fn main() -> cuevox::Result<()> {
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let data = folder.path();
/// let studio = Studio::builder().voice("tone").data_dir(data).build()?;
/// let planned = studio.plan(b"00:01 The tide comes in.\n00:04 The tide goes out.\n", &Unwatched)?;
/// let audio = studio.render(&planned.tracks[0], &Unwatched)?;
/// assert_eq!((audio.sample_rate, audio.channels), (48_000, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use]
pub struct StudioBuilder {
    options: Options,
    voices: Vec<String>,
    brought: Vec<Arc<dyn Voice>>,
    voices_dir: Option<PathBuf>,
    data_dir: Option<PathBuf>,
    offline: bool,
    backend: Backend,
    cache: Option<Arc<Cache>>,
}

impl Studio {
    /// Begins to make a studio: the voices of the catalogue from the folder where the program keeps them, installed when
    /// they are needed, and the usual options.
    pub fn builder() -> StudioBuilder {
        StudioBuilder::default()
    }
}

impl StudioBuilder {
    /// A voice by its id, for all lines; `fr=ID` is for those of a language, `NAME=ID` for those of a speaker, as
    /// [`Choice`] has it. The later of two that are for the same lines counts.
    pub fn voice(mut self, choice: impl Into<String>) -> StudioBuilder {
        self.voices.push(choice.into());
        self
    }

    /// A voice of the program's own, that [`StudioBuilder::voice`] may then name by its id.
    pub fn bring(mut self, voice: Arc<dyn Voice>) -> StudioBuilder {
        self.brought.push(voice);
        self
    }

    /// What is wanted of every track.
    pub fn options(mut self, options: Options) -> StudioBuilder {
        self.options = options;
        self
    }

    /// The folder of voices; without it, that of [`Store::default_dir`].
    pub fn voices_dir(mut self, folder: impl Into<PathBuf>) -> StudioBuilder {
        self.voices_dir = Some(folder.into());
        self
    }

    /// The folder for pronunciation data and for the levels of voices; without it, the folder of voices.
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> StudioBuilder {
        self.data_dir = Some(folder.into());
        self
    }

    /// Whether nothing is ever fetched.
    pub fn offline(mut self, offline: bool) -> StudioBuilder {
        self.offline = offline;
        self
    }

    /// What computes the voices of a family that has several back ends.
    pub fn backend(mut self, backend: Backend) -> StudioBuilder {
        self.backend = backend;
        self
    }

    /// Where utterances are looked up before they are spoken, and kept.
    pub fn cache(mut self, cache: Arc<Cache>) -> StudioBuilder {
        self.cache = Some(cache);
        self
    }

    /// The studio.
    ///
    /// # Errors
    /// When a voice is named in a way that names none, when there is no folder to keep voices in, and as
    /// [`Studio::open`]. Whether a voice exists is found out when it is needed first.
    pub fn build(self) -> Result<Studio> {
        let choices = self.voices.iter().map(|choice| choice.parse()).collect::<Result<Vec<Choice>>>()?;
        let voices = self.voices_dir.map_or_else(Store::default_dir, Ok)?;
        let data = self.data_dir.unwrap_or_else(|| voices.clone());
        let store = Store::open(voices, self.offline);
        let mut cast = Cast::new(choices, Catalog::built_in()?, store).spoken_by(self.backend);
        for voice in self.brought {
            cast = cast.with(voice);
        }
        let studio = Studio::open(self.options, cast, &data)?;
        Ok(match self.cache {
            Some(cache) => studio.with_cache(cache),
            None => studio,
        })
    }
}
