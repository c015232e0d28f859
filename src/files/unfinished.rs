//! In: paths of files and folders that exist only while something is unfinished. Out: all of them
//! gone when the program has to end at once, without any destructor. Knows nothing of what is in
//! them.
//!
//! This is global to the process, since whoever ends it from a signal has no other way to what is
//! unfinished.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What is unfinished now, and how often it was said to be.
static NOW: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

/// A path that must not outlive the work on it. Dropping this only says that somebody else has seen
/// to it.
#[derive(Debug)]
pub struct Unfinished(PathBuf);

impl Unfinished {
    /// From now on [`sweep`] removes this file, or this folder and all that is in it.
    pub fn at(path: &Path) -> Unfinished {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        *NOW.lock().unwrap_or_else(PoisonError::into_inner).entry(path.clone()).or_default() += 1;
        Unfinished(path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut now = NOW.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = now.get_mut(&self.0) {
            *count -= 1;
            if *count == 0 {
                now.remove(&self.0);
            }
        }
    }
}

/// Removes whatever is unfinished, as far as that can be done. For a process that ends right
/// afterwards.
pub fn sweep() {
    for path in NOW.lock().unwrap_or_else(PoisonError::into_inner).keys() {
        // What cannot be removed stays; nobody is left to be told.
        let _ = std::fs::remove_file(path).or_else(|_| std::fs::remove_dir_all(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unfinished_is_known_until_it_is_let_go() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("x");
        let known = || NOW.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&path);
        let (first, second) = (Unfinished::at(&path), Unfinished::at(&path));
        assert!(known());
        drop(first);
        assert!(known());
        drop(second);
        assert!(!known());
    }
}
