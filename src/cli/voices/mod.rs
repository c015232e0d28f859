//! In: `voices` and what follows. Out: lists, samples, and voices installed, checked or removed. Knows no transcript.

mod list;
mod page;
mod sample;

use super::args::{VoicesArgs, VoicesCommand};
use super::exit::Exit;
use super::progress::{Say, Watcher};
use super::render::store;
use super::{complain, print_out};
use cuevox::error::{Error, Kind, Result};
use cuevox::voice::catalog::{Catalog, Entry, Role};
use cuevox::voice::engines;
use cuevox::voice::store::{Found, Status, Store};
use indicatif::HumanBytes;
use serde_json::json;

/// What a command on voices works with.
struct Office {
    catalog: Catalog,
    store: Store,
    say: Say,
    watcher: Watcher,
}

pub(super) fn run(args: &VoicesArgs) -> Result<Exit> {
    let say = Say::new(args.common.quiet, false);
    let office = Office {
        catalog: Catalog::built_in()?,
        store: store(args.common.voices_dir.as_deref(), args.common.offline)?,
        say,
        watcher: Watcher::new(say),
    };
    match &args.command {
        VoicesCommand::List { lang, installed, json } => {
            list::run(&list::Wanted { lang: *lang, installed: *installed, json: *json }, &office)
        }
        VoicesCommand::Show { id, json } => office.show(id, *json),
        VoicesCommand::Sample(wanted) => sample::run(wanted, args, &office),
        VoicesCommand::Install { ids } => office.each(ids, |office, entry| office.install(entry)),
        VoicesCommand::Remove { ids } => office.each(ids, |office, entry| office.remove(entry)),
        VoicesCommand::Verify { ids } if ids.is_empty() => office.verify_all(),
        VoicesCommand::Verify { ids } => office.each(ids, |office, entry| office.verify(entry)),
    }
}

/// The voice that has no files.
const TONE: &str = "tone";

/// Why there is nothing to show of it.
fn built_in() -> Error {
    let what =
        format!("'{TONE}' is built in: a hum of one tone for each sound, without files, for trying out the timing");
    Error::new(Kind::Usage, what)
        .help("`--voice tone` speaks with it; `cuevox voices list` shows the voices with files")
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Missing => "",
        Status::Partial => "partly",
        Status::Damaged => "damaged",
        Status::Installed => "installed",
    }
}

fn printed(value: &serde_json::Value) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|e| Error::new(Kind::Output, "this cannot be printed as JSON").because(e))
}

impl Office {
    /// Does the same for each voice named; one that fails does not keep the others from it.
    fn each(&self, ids: &[String], act: impl Fn(&Office, &Entry) -> Result<Exit>) -> Result<Exit> {
        let mut exit = Exit::Done;
        for id in ids {
            let done = self.catalog.find(id).and_then(|entry| act(self, entry));
            self.watcher.clear();
            exit = exit.or(done.unwrap_or_else(|error| complain(&error)));
            if exit == Exit::Interrupted {
                break;
            }
        }
        Ok(exit)
    }

    /// Whether it speaks lines of its language for which no voice is chosen.
    fn is_default(&self, entry: &Entry) -> bool {
        self.catalog.default_for(entry.lang()).is_ok_and(|default| default.id == entry.id)
    }

    fn about(&self, entry: &Entry) -> serde_json::Value {
        json!({
            "id": entry.id, "language": entry.language, "engine": entry.family, "sample_rate": entry.sample_rate,
            "speakers": entry.speakers, "quality": entry.quality, "gender": entry.gender, "accent": entry.accent,
            "licence": entry.licence, "commercial_use_forbidden": entry.forbids_commerce(), "about": entry.about,
            "measured": entry.measured, "bytes": entry.bytes(), "default": self.is_default(entry),
            "installed": self.store.status(entry) == Status::Installed,
            "files": entry.files.iter().map(|(role, file)| json!({
                "role": role, "path": self.store.path(file), "size": file.size, "sha256": file.sha256,
                "sources": file.sources.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })
    }

    fn show(&self, id: &str, json: bool) -> Result<Exit> {
        let entry = self.catalog.find(id).map_err(|error| if id == TONE { built_in() } else { error })?;
        if json {
            print_out(&printed(&self.about(entry))?)?;
            return Ok(Exit::Done);
        }
        let mut text = format!("{}\n", entry.id);
        let mut line = |name: &str, value: String| text.push_str(&format!("  {name:<12} {value}\n"));
        line("language", format!("{}, {}", entry.language, entry.accent));
        line("engine", entry.family.to_string());
        line("speakers", list::speakers(entry));
        line("size", entry.quality.clone().unwrap_or_else(|| "-".into()));
        if let Some(measured) = entry.measured {
            line("sounds", format!("{:.2} \u{b1} {:.2}", measured.opinion, measured.opinion_within));
            line("costs", format!("{:.3} s a second", measured.cost));
        }
        line("sample rate", format!("{} Hz", entry.sample_rate));
        line("licence", list::licence(entry));
        line("about", entry.about.clone().unwrap_or_else(|| "-".into()));
        let state = status(self.store.status(entry));
        line("state", if state.is_empty() { "not installed".into() } else { state.into() });
        if let Some(path) = self.computes(entry)? {
            line("computed by", path);
        }
        for (role, file) in &entry.files {
            line("file", format!("{} ({role:?}, {})", self.store.path(file).display(), HumanBytes(file.size)));
            line("  sha-256", file.sha256.clone());
            for source in &file.sources {
                line("  from", source.to_string());
            }
        }
        print_out(&text)?;
        if entry.measured.is_some() {
            self.say.line(&self.catalog.measurements().method());
        }
        Ok(Exit::Done)
    }

    /// What computes an installed voice, and why.
    fn computes(&self, entry: &Entry) -> Result<Option<String>> {
        let installed = self.store.status(entry) == Status::Installed;
        let Some(file) = entry.files.get(&Role::Model).filter(|_| installed) else { return Ok(None) };
        let path = self.store.path(file);
        let model = std::fs::read(&path).map_err(|e| {
            Error::new(Kind::Voice, "the voice cannot be read").because(e).in_file(&path).help("check this file")
        })?;
        engines::usual(entry.family)?.computed_by(&model).map(Some).map_err(|e| e.in_file(&path))
    }

    fn install(&self, entry: &Entry) -> Result<Exit> {
        let installed = self.store.install(entry, &self.watcher)?;
        self.watcher.clear();
        if installed.bytes == 0 {
            self.say.line(&format!("{} is installed already, and whole", entry.id));
        }
        Ok(Exit::Done)
    }

    fn remove(&self, entry: &Entry) -> Result<Exit> {
        let removed = self.store.remove(entry, &self.catalog)?;
        self.say.line(&format!("removed {}: {}", entry.id, HumanBytes(removed.bytes)));
        for (path, users) in &removed.kept {
            self.say.line(&format!("  {} stays for {}", path.display(), users.join(", ")));
        }
        Ok(Exit::Done)
    }

    fn verify_all(&self) -> Result<Exit> {
        let there = |e: &&Entry| self.store.status(e) != Status::Missing;
        let entries: Vec<&Entry> = self.catalog.entries().iter().filter(there).collect();
        if entries.is_empty() {
            self.say.line(&format!("no voice is installed in {}", self.store.dir().display()));
        }
        entries.iter().try_fold(Exit::Done, |exit, entry| Ok(exit.or(self.verify(entry)?)))
    }

    fn verify(&self, entry: &Entry) -> Result<Exit> {
        let mut exit = Exit::Done;
        for check in self.store.verify(entry, &self.watcher)? {
            let path = check.path.display();
            let wrong = match &check.found {
                Found::Right => None,
                Found::Nothing => Some("is missing".to_owned()),
                Found::OtherSize(size) => Some(format!("has {size} bytes where it should have {}", check.size)),
                Found::OtherContent(sum) => Some(format!("has the SHA-256 {sum}, which is not its own")),
            };
            match wrong {
                None => self.say.line(&format!("{}: {path} is whole", entry.id)),
                Some(how) => {
                    let error = Error::new(Kind::Voice, format!("the voice '{}' is not whole: it {how}", entry.id));
                    let mend = format!("'cuevox voices install {}' mends it", entry.id);
                    exit = exit.or(complain(&error.in_file(&check.path).help(mend)));
                }
            }
        }
        Ok(exit)
    }
}
