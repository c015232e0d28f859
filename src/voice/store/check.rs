//! In: bytes as they arrive. Out: a file that is known to be the one the catalogue means, or why it is not. Knows no
//! source and no archive.

use crate::error::{Error, Kind, Result, Setting, advice};
use crate::progress::{Event, Observer};
use crate::voice::catalog::FileSpec;
use crate::voice::files::hex;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Bytes read at a time.
pub(super) const CHUNK: usize = 64 * 1024;

/// What a step towards a file gives: the step's result, or why there is none.
pub(super) type Got<T> = std::result::Result<T, Trouble>;

/// Why a file did not come from a source.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No source can help: interrupted, or the disk refuses.
    Stop(Error),
    /// This source cannot give this file.
    Failed(String),
    /// This source's host cannot be reached at all, so it need not be asked again soon.
    Unreachable(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Stop(error)
    }
}

/// An error about a file that cannot be written.
pub(super) fn unwritable(path: &Path, cause: std::io::Error) -> Error {
    Error::new(Kind::Output, "this cannot be written in the folder of voices")
        .in_file(path)
        .because(cause)
        .with_remedy(advice!["make room or give another folder with ", Setting::VoicesDir])
}

/// A file being written, hashed on the way.
pub(super) struct Sink<'a> {
    spec: &'a FileSpec,
    path: PathBuf,
    file: File,
    hash: Sha256,
    done: u64,
}

impl<'a> Sink<'a> {
    /// Begins the file at `path`; what was there is gone.
    pub(super) fn create(path: PathBuf, spec: &'a FileSpec) -> Result<Sink<'a>> {
        let file = File::create(&path).map_err(|e| unwritable(&path, e))?;
        Ok(Sink { spec, path, file, hash: Sha256::new(), done: 0 })
    }

    #[cfg(feature = "download")]
    /// Bytes the whole file must have.
    pub(super) fn size(&self) -> u64 {
        self.spec.size
    }

    /// Adds `bytes`, unless that makes the file longer than it must be; tells how far it is.
    pub(super) fn add(&mut self, bytes: &[u8], observer: &dyn Observer) -> Got<()> {
        self.done += bytes.len() as u64;
        if self.done > self.spec.size {
            return Err(Trouble::Failed(format!("it is longer there than the {} bytes it must have", self.spec.size)));
        }
        self.hash.update(bytes);
        self.file.write_all(bytes).map_err(|e| unwritable(&self.path, e))?;
        observer.event(Event::Bytes { done: self.done, total: Some(self.spec.size) });
        Ok(())
    }

    /// Adds all of `from`; `what` names it in words.
    pub(super) fn add_all(&mut self, mut from: impl Read, what: &str, observer: &dyn Observer) -> Got<()> {
        let mut buffer = vec![0; CHUNK];
        loop {
            observer.keep_going()?;
            match from.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(n) => self.add(&buffer[..n], observer)?,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Trouble::Failed(format!("{what} cannot be read: {e}"))),
            }
        }
    }

    /// Ends the file: it is on the disk, and is what it must be.
    pub(super) fn finish(self) -> Got<PathBuf> {
        if self.done != self.spec.size {
            return Err(Trouble::Failed(format!("it ends after {} of {} bytes", self.done, self.spec.size)));
        }
        let found = hex(&self.hash.finalize());
        if found != self.spec.sha256 {
            return Err(Trouble::Failed(format!("its SHA-256 is {found}, not {}", self.spec.sha256)));
        }
        self.file.sync_all().map_err(|e| unwritable(&self.path, e))?;
        Ok(self.path)
    }
}

/// The SHA-256 of the file at `path`, in lower-case hexadecimal digits.
pub(super) fn sha256_of(path: &Path, observer: &dyn Observer) -> Result<String> {
    let unreadable = |e| Error::new(Kind::Voice, "this cannot be read").in_file(path).because(e);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        observer.keep_going()?;
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hash.finalize())),
            Ok(n) => hash.update(&buffer[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unreadable(e)),
        }
    }
}
