//! In: the catalogue and what is installed. Out: a table of voices for people, or a list as JSON.

use super::{Office, printed, status};
use crate::cli::exit::Exit;
use crate::cli::print_out;
use crate::cli::table::Table;
use cuevox::error::Result;
use cuevox::lang::Lang;
use cuevox::voice::catalog::Entry;
use cuevox::voice::store::Status;
use indicatif::HumanBytes;
use serde_json::json;
use std::cmp::Reverse;

/// Which voices are listed, and how.
pub(super) struct Wanted {
    pub(super) lang: Option<Lang>,
    pub(super) installed: bool,
    pub(super) json: bool,
}

const HEADINGS: [&str; 9] = ["id", "language", "accent", "speakers", "sounds", "costs", "size", "", "licence"];

pub(super) fn run(wanted: &Wanted, office: &Office) -> Result<Exit> {
    let mut entries: Vec<&Entry> = Vec::new();
    for entry in office.catalog.entries() {
        let is_wanted = wanted.lang.is_none_or(|lang| entry.lang() == lang);
        if is_wanted && (!wanted.installed || office.store.status(entry) == Status::Installed) {
            entries.push(entry);
        }
    }
    entries.sort_by_key(|entry| rank(entry));
    if wanted.json {
        let list: Vec<_> = entries.iter().map(|e| office.about(e)).collect();
        print_out(&printed(&json!(list))?)?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&HEADINGS);
    for entry in &entries {
        table.row(&cells(entry, office));
    }
    print_out(&table.text())?;
    if entries.iter().any(|entry| entry.measured.is_some()) {
        office.say.line(&office.catalog.measurements().method());
    }
    office.say.line(&format!("{} voices; they are kept in {}", entries.len(), office.store.dir().display()));
    Ok(Exit::Done)
}

/// By language, what sounds best first, what was not measured last.
fn rank(entry: &Entry) -> (Lang, Reverse<i64>) {
    let opinion = entry.measured.map_or(0, |measured| (measured.opinion * 1000.0).round() as i64);
    (entry.lang(), Reverse(opinion))
}

fn cells(entry: &Entry, office: &Office) -> [String; HEADINGS.len()] {
    let installed = status(office.store.status(entry));
    let state = match (office.is_default(entry), installed) {
        (true, "") => "default".to_owned(),
        (true, state) => format!("default, {state}"),
        (false, state) => state.to_owned(),
    };
    [
        entry.id.clone(),
        entry.language.clone(),
        entry.accent.clone(),
        speakers(entry),
        entry.measured.map_or_else(String::new, |measured| format!("{:.1}", measured.opinion)),
        entry.measured.map_or_else(String::new, |measured| format!("{:.3}", measured.cost)),
        HumanBytes(entry.bytes()).to_string(),
        state,
        licence(entry),
    ]
}

/// How many speakers it holds, or who the only one is.
pub(super) fn speakers(entry: &Entry) -> String {
    match (entry.speakers, &entry.gender) {
        (1, Some(gender)) => gender.clone(),
        (count, _) => count.to_string(),
    }
}

/// Its licence, with a word where that forbids commercial use.
pub(super) fn licence(entry: &Entry) -> String {
    match entry.forbids_commerce() {
        true => format!("{}, not for commercial use", entry.licence),
        false => entry.licence.clone(),
    }
}
