//! In: where captions and a page are wanted; a track that is written, and its report. Out: the captions and the page, in
//! files that are there whole or not at all. Decides nothing that is shown in them.

use super::names::{Job, is_stream};
use cuevox::audio::media::Sound;
use cuevox::audio::peaks::Peaks;
use cuevox::error::{Error, Kind, Result};
use cuevox::files::{Artifact, SmallFile};
use cuevox::render::{PlannedTrack, TrackKind};
use cuevox::report::captions::{CaptionFormat, CaptionStyle, captions};
use cuevox::report::html::{self, SoundSource};
use cuevox::report::{Report, TrackReport};
use cuevox::wav::Layout;
use std::path::{Component, Path, PathBuf};

/// A track's file is part of its page up to this size, three minutes of a WAV file at the usual rate; larger ones stay
/// beside it.
const EMBEDDED: u64 = 20_000_000;

/// What is shown of one track, begun.
pub(super) struct Views {
    captions: Option<(SmallFile, CaptionStyle, PathBuf)>,
    page: Option<(SmallFile, PathBuf)>,
}

/// What kind of captions the file of this name holds.
///
/// # Errors
/// Of kind `Usage` when its ending is neither `.vtt` nor `.srt`, or when words are to have times in SubRip.
pub(super) fn style(path: &Path, words: bool) -> Result<CaptionStyle> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let wrong = |what: &str| Error::new(Kind::Usage, what).in_file(path);
    let format = match ending.as_str() {
        "vtt" => CaptionFormat::Vtt,
        "srt" => CaptionFormat::Srt,
        _ => {
            let likely = if ending.starts_with('s') { "srt" } else { "vtt" };
            let help = format!("did you mean '{}'?", path.with_extension(likely).display());
            return Err(wrong("captions are .vtt or .srt, and this name ends in neither").help(help));
        }
    };
    if words && format == CaptionFormat::Srt {
        let help = format!("use '{}', or leave out --caption-words", path.with_extension("vtt").display());
        return Err(wrong("SubRip has no times for words").help(help));
    }
    Ok(CaptionStyle { format, words })
}

/// Refuses names that no page can have.
pub(super) fn check_page(path: &Path) -> Result<()> {
    match path.extension().is_some_and(|e| e.eq_ignore_ascii_case("html") || e.eq_ignore_ascii_case("htm")) {
        true if !is_stream(path) => Ok(()),
        _ => Err(Error::new(Kind::Usage, "a page is .html, and this name does not end so")
            .in_file(path)
            .help(format!("did you mean '{}'?", path.with_extension("html").display()))),
    }
}

impl Views {
    /// Begins the files for a track, before the long work.
    pub(super) fn begin(job: &Job, words: bool, track: &PlannedTrack, alone: bool) -> Result<Views> {
        let of = |path: &Option<PathBuf>| path.as_deref().map(|path| Job::of_kind(path, track.kind, alone));
        let captions = match of(&job.captions) {
            Some(path) => {
                let file = SmallFile::create(&path, Artifact::Captions)?;
                Some((file, style(&path, words)?, path))
            }
            None => None,
        };
        let page = match of(&job.html) {
            Some(path) => Some((SmallFile::create(&path, Artifact::Page)?, path)),
            None => None,
        };
        Ok(Views { captions, page })
    }

    /// Writes them, and says where they are.
    pub(super) fn finish(
        self,
        report: &Report,
        track: &TrackReport,
        target: &Path,
        layout: Layout,
    ) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        if let Some((file, style, path)) = self.captions {
            file.finish(captions(track, style).as_bytes())?;
            written.push(path);
        }
        if let Some((file, path)) = self.page {
            let frames = track.output.as_ref().map_or(0, |output| output.frames);
            let mut peaks = Peaks::new(frames, layout.sample_rate);
            let mut sound = Sound::open(target, 1)?;
            while let Some(part) = sound.part()? {
                peaks.hear(part);
            }
            let source = source(target, &path)?;
            file.finish(html::page(report, track, &peaks, &source).as_bytes())?;
            written.push(path);
        }
        Ok(written)
    }
}

/// The sound for a page: inside it, or beside it.
fn source(track: &Path, page: &Path) -> Result<SoundSource> {
    let unreadable = |e: std::io::Error| {
        Error::new(Kind::Output, "the finished track cannot be read again for its page").because(e).in_file(track)
    };
    if std::fs::metadata(track).map_err(unreadable)?.len() <= EMBEDDED {
        return Ok(SoundSource::Embedded(std::fs::read(track).map_err(unreadable)?));
    }
    let whole = |path: &Path| std::path::absolute(path).map_err(unreadable);
    let (track, page) = (whole(track)?, whole(page)?);
    Ok(SoundSource::Beside(way(&track, page.parent().unwrap_or(&page))))
}

/// The way to a file from a folder, in parts; both from the root on.
fn way(file: &Path, folder: &Path) -> Vec<String> {
    let (file, folder): (Vec<Component<'_>>, Vec<_>) = (file.components().collect(), folder.components().collect());
    let common = file.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = folder[common..].iter().map(|_| "..".to_owned());
    up.chain(file[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned())).collect()
}

/// The kind of a track by its report.
pub(super) fn kind(track: &TrackReport) -> TrackKind {
    if track.kind == TrackKind::Narration.name() { TrackKind::Narration } else { TrackKind::Stamped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_kind_of_captions_there_are() {
        let says = |path: &str, words: bool| style(Path::new(path), words).map_err(|e| e.to_string());
        assert_eq!(says("a.SRT", false), Ok(CaptionStyle { format: CaptionFormat::Srt, words: false }));
        assert_eq!(says("a.b.vtt", true), Ok(CaptionStyle { format: CaptionFormat::Vtt, words: true }));
        let rows = [
            ("a.sub", false, "'a.srt'"),
            ("a.txt", false, "'a.vtt'"),
            ("-", false, ".vtt"),
            ("a.srt", true, "'a.vtt'"),
        ];
        for (path, words, part) in rows {
            assert!(says(path, words).is_err_and(|error| error.contains(part)), "{path}");
        }
        assert!(check_page(Path::new("a.html")).is_ok() && check_page(Path::new("a.HTM")).is_ok());
        let wrong = check_page(Path::new("a.htlm")).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(wrong.contains("did you mean 'a.html'?"), "{wrong}");
    }

    #[test]
    fn the_way_from_a_page_to_its_sound() {
        let rows = [
            ("/a/b/t.wav", "/a/b", "t.wav"),
            ("/a/b/t.wav", "/a/c/d", "../../b/t.wav"),
            ("/a/b/c/t.wav", "/a", "b/c/t.wav"),
        ];
        for (file, folder, wanted) in rows {
            assert_eq!(way(Path::new(file), Path::new(folder)).join("/"), wanted);
        }
    }
}
