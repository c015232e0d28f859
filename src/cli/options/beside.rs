//! In: what options say about the files beside a track. Out: the same, or why it cannot be. Writes
//! nothing.

use super::text;
use clap::Args;
use cuevox::error::{Error, Kind, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// What is written beside a track. In a batch these are folders, which keep the tree as the folder
/// of tracks does.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct BesideOptions {
    /// A folder for every line as a file of its own, with a list of them; with several inputs, one
    /// below it for each
    #[arg(long, value_name = "DIR")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) stems: Option<PathBuf>,

    /// Write what was spoken when, as JSON; - is standard output; with several inputs, a folder
    #[arg(long, value_name = "FILE|DIR")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) report: Option<PathBuf>,

    /// Write captions of what is really spoken, when it is really spoken: .vtt or .srt; just vtt or
    /// srt puts them beside the track, a folder holds STEM.vtt
    #[arg(long, value_name = "FILE.vtt|.srt|DIR")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) captions: Option<PathBuf>,

    /// Give each word in the captions its time; .vtt only
    #[arg(long)]
    pub(crate) caption_words: bool,

    /// Write a page that shows the track, to look at and listen to in a browser; with several
    /// inputs, a folder
    #[arg(long, value_name = "FILE.html|DIR")]
    #[serde(deserialize_with = "text::one")]
    pub(crate) html: Option<PathBuf>,
}

/// Whether this asks for captions beside the track.
pub(crate) fn is_beside_track(captions: &Path) -> bool {
    captions == Path::new("vtt") || captions == Path::new("srt")
}

impl BesideOptions {
    /// These, and those of `base` where these say nothing.
    pub(super) fn over(self, base: &BesideOptions) -> BesideOptions {
        let captions = self.captions.or_else(|| base.captions.clone());
        BesideOptions {
            stems: self.stems.or_else(|| base.stems.clone()),
            report: self.report.or_else(|| base.report.clone()),
            // Times of words say how captions are written, and ask for none.
            caption_words: self.caption_words || base.caption_words && captions.is_some(),
            captions,
            html: self.html.or_else(|| base.html.clone()),
        }
    }

    /// Refuses times of words where there are no captions.
    ///
    /// # Errors
    /// Of kind `Usage`.
    pub(crate) fn check_words(&self) -> Result<()> {
        if self.caption_words && self.captions.is_none() {
            return Err(Error::new(Kind::Usage, "--caption-words is about captions, and none are asked for")
                .help("add --captions vtt"));
        }
        Ok(())
    }

    /// Refuses names of files where folders are needed, and times of words where there are none.
    ///
    /// # Errors
    /// Of kind `Usage`.
    pub(crate) fn check_folders(&self) -> Result<()> {
        let named = [("report", &self.report), ("captions", &self.captions), ("html", &self.html)];
        for (option, place) in named {
            let Some(place) = place else { continue };
            if is_file_name(place) {
                let folder = place.with_extension("");
                return Err(Error::new(Kind::Usage, format!("in a batch --{option} names a folder, not a file"))
                    .in_file(place)
                    .help(format!("did you mean '{}'?", folder.display())));
            }
        }
        self.check_words()?;
        if self.caption_words && self.captions.as_deref() == Some("srt".as_ref()) {
            return Err(Error::new(Kind::Usage, "SubRip has no times for words")
                .help("use --captions vtt, or leave out --caption-words"));
        }
        Ok(())
    }

    /// Names places from `base`, as folders: what a configuration file says is for any number of
    /// transcripts.
    ///
    /// # Errors
    /// What is wrong with a name, and what to write.
    pub(super) fn folders_from(&mut self, base: &Path) -> std::result::Result<(), String> {
        let places = [
            ("report", &mut self.report),
            ("captions", &mut self.captions),
            ("html", &mut self.html),
            ("stems", &mut self.stems),
        ];
        for (option, place) in places {
            let Some(place) = place.as_mut() else { continue };
            if option == "captions" && is_beside_track(place) {
                continue;
            }
            let is_stream = *place == Path::new("-");
            *place = base.join(&*place);
            if is_stream || is_file_name(place) {
                return Err(format!("'{option}' names a folder, and this looks like a file"));
            }
            // A name that ends like this is a folder wherever it is used.
            place.push("");
        }
        Ok(())
    }
}

/// Whether it is called as a file of those that stand beside a track, and no folder that is there.
fn is_file_name(place: &Path) -> bool {
    let ending = place.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    ["json", "vtt", "srt", "html", "htm"].contains(&ending.as_str()) && !place.is_dir()
}
