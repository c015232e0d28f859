//! In: a package and its version. Out: its archive, brought by the machine's own pip or npm, so that mirrors, proxies
//! and certificates set up there count. Nothing of a package is ever run or unpacked here.

use super::check::{Got, Trouble};
use super::child::{Ended, run};
use super::reach::Reach;
use crate::progress::Observer;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which registry a package is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Registry {
    Pypi,
    Npm,
}

/// Brings the archive of `package` in exactly this `version` into the empty folder `work`.
pub(super) fn download(
    registry: Registry,
    package: &str,
    version: &str,
    work: &Path,
    reach: &Reach,
    observer: &dyn Observer,
) -> Got<PathBuf> {
    let (programs, name, ending) = match registry {
        Registry::Pypi => (&reach.pythons, "Python with pip", "whl"),
        Registry::Npm => (&reach.npms, "npm", "tgz"),
    };
    let mut reason = format!("there is no {name} on this machine");
    for program in programs {
        let Some(command) = command(program, registry, package, version, work) else { continue };
        match run(command, work, reach.package_stall, observer)? {
            Ended::Well => return only_archive(work, ending),
            Ended::NotThere => {}
            Ended::Badly(said) => {
                let elsewhere = registry == Registry::Pypi && has_no_pip(&said);
                reason = format!("{} failed: {said}", program.join(OsStr::new(" ")).to_string_lossy());
                if !elsewhere {
                    break;
                }
            }
        }
    }
    Err(Trouble::Failed(reason))
}

/// Whether this Python is one without pip, or Windows' signpost to its shop.
fn has_no_pip(said: &str) -> bool {
    ["No module named pip", "No module named 'pip'", "Python was not found"].iter().any(|sign| said.contains(sign))
}

/// The call. Its folder is empty, so no file there can pass for a module of Python; everything it writes, caches
/// included, stays below `work`.
fn command(program: &[OsString], registry: Registry, package: &str, version: &str, work: &Path) -> Option<Command> {
    let (first, rest) = program.split_first()?;
    let mut command = Command::new(first);
    command.args(rest).current_dir(work);
    for variable in ["TMPDIR", "TEMP", "TMP"] {
        command.env(variable, work);
    }
    match registry {
        Registry::Pypi => {
            command.args(["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"]);
            command.args(["--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--dest"]);
            command.arg(work).arg(format!("{package}=={version}"));
        }
        Registry::Npm => {
            command.args(["pack", "--ignore-scripts", "--no-update-notifier", "--loglevel", "error", "--cache"]);
            command.arg(work.join("cache")).arg(format!("{package}@{version}"));
        }
    }
    Some(command)
}

/// The one file with this ending in `work`.
fn only_archive(work: &Path, ending: &str) -> Got<PathBuf> {
    let entries = fs::read_dir(work).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut archives = entries.filter(|path| path.extension() == Some(OsStr::new(ending)));
    match (archives.next(), archives.next()) {
        (Some(archive), None) => Ok(archive),
        (None, _) => Err(Trouble::Failed(format!("it was downloaded, but there is no .{ending} file"))),
        _ => Err(Trouble::Failed(format!("it was downloaded as more than one .{ending} file"))),
    }
}
