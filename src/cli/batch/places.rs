//! In: what is called how in the folder of tracks, and what is wanted beside it. Out: where
//! everything goes. Touches no file.

use crate::cli::names::Job;
use crate::cli::options::{BesideOptions, is_beside_track};
use std::path::{Component, Path, PathBuf};

/// Where everything goes for a transcript whose track is called `track` below the folder `output`.
pub(super) fn job(beside: &BesideOptions, input: PathBuf, output: &Path, track: &Path) -> Job {
    let inside: PathBuf = track.components().filter(|part| matches!(part, Component::Normal(_))).collect();
    let below = |folder: &Option<PathBuf>, ending: &str| {
        let folder = folder.as_ref()?;
        Some(folder.join(&inside).with_extension(ending))
    };
    let whole = output.join(track);
    let captions = match beside.captions.as_deref() {
        Some(ending) if is_beside_track(ending) => Some(whole.with_extension(ending)),
        _ => below(&beside.captions, "vtt"),
    };
    Job {
        input,
        report: below(&beside.report, "json"),
        stems: below(&beside.stems, ""),
        captions,
        html: below(&beside.html, "html"),
        track: whole,
    }
}
