//! In: who speaks in a track, in which language. Out: the voice for each of them, and notes on who got which. Loads and
//! installs nothing.
//!
//! A speaker for whom no voice was chosen (by name, by language or for everyone) gets one of the installed voices of the
//! language, a different one for each as far as they reach: the default first, then in the order of the catalogue, then
//! the other speakers of models that have several; a second voice of the same person only after everybody else's. Speakers come in the order they first speak in. Lines without a
//! speaker have the default to themselves where there are other voices.

use super::cast::{Cast, Key};
use crate::error::Result;
use crate::lang::Lang;
use crate::notes::{Note, Noted};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many speakers a note names.
const NAMED: usize = 8;

/// The voices of the speakers of a track.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    given: BTreeMap<Lang, HashMap<String, String>>,
}

impl Roles {
    /// The name of the voice for a line.
    ///
    /// # Errors
    /// When the catalogue has no default for the language.
    pub fn name(&self, cast: &Cast, lang: Lang, speaker: Option<&str>) -> Result<String> {
        match speaker.and_then(|speaker| self.given.get(&lang)?.get(speaker)) {
            Some(name) => Ok(name.clone()),
            None => cast.role(lang, speaker),
        }
    }
}

/// The roles of a track whose lines are in these languages and by these speakers, in order.
///
/// # Errors
/// When the catalogue has no default for a language.
pub fn roles<'a>(cast: &Cast, lines: impl Iterator<Item = (Lang, Option<&'a str>)>) -> Result<Noted<Roles>> {
    let mut speakers: BTreeMap<Lang, (Vec<&str>, bool)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (lang, speaker) in lines.filter(|line| seen.insert(*line)) {
        let (names, unnamed) = speakers.entry(lang).or_default();
        match speaker {
            Some(name) if cast.chosen(lang, Some(name)).is_none() => names.push(name),
            Some(_) => {}
            None => *unnamed |= cast.chosen(lang, None).is_none(),
        }
    }
    let (mut roles, mut notes) = (Roles::default(), Vec::new());
    for (lang, (names, unnamed)) in speakers.into_iter().filter(|(_, (names, _))| !names.is_empty()) {
        let people = names.len() + usize::from(unnamed);
        let voices = candidates(cast, lang, people)?;
        let rest = voices.get(usize::from(unnamed)..).filter(|rest| !rest.is_empty()).unwrap_or(&voices);
        let given: Vec<(&str, &String)> = names.iter().copied().zip(rest.iter().cycle()).collect();
        notes.extend(tell(lang, people, &given, voices.len()));
        roles.given.insert(lang, given.into_iter().map(|(name, voice)| (name.to_owned(), voice.clone())).collect());
    }
    Ok(Noted::new(roles, notes))
}

/// At most `wanted` voices of a language that are installed, and that nobody was given by name; where there are none, its
/// default.
fn candidates(cast: &Cast, lang: Lang, wanted: usize) -> Result<Vec<String>> {
    let default = cast.catalog().default_for(lang)?;
    let taken: BTreeSet<&str> = cast.by_name().collect();
    let of_lang = cast.catalog().entries().iter().filter(|entry| entry.lang() == lang && cast.is_installed(entry));
    let mut there: Vec<_> = of_lang.collect();
    there.sort_by_key(|entry| entry.id != default.id);
    let mut heard = BTreeSet::new();
    let (others, again): (Vec<_>, Vec<_>) = there.into_iter().partition(|entry| heard.insert(entry.person()));
    let there = [others, again].concat();
    let most = there.iter().map(|entry| entry.speakers.max(1)).max().unwrap_or(0);
    let mut found = Vec::new();
    for number in 0..most {
        for entry in there.iter().filter(|entry| number < entry.speakers.max(1)) {
            let name = if entry.speakers > 1 { format!("{}#{number}", entry.id) } else { entry.id.clone() };
            if !taken.contains(name.as_str()) && found.len() < wanted {
                found.push(name);
            }
        }
        if found.len() == wanted {
            break;
        }
    }
    if found.is_empty() {
        found.push(there.first().map_or(&default.id, |entry| &entry.id).clone());
    }
    Ok(found)
}

/// Who got which voice, and whether some have to share.
fn tell(lang: Lang, people: usize, given: &[(&str, &String)], voices: usize) -> Vec<Note> {
    let list: Vec<String> = given.iter().take(NAMED).map(|(name, voice)| format!("{name} by {voice}")).collect();
    let more = match given.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let who = format!(
        "in '{lang}' lines, speakers are spoken thus: {}{more}; --voice NAME=ID chooses another",
        list.join(", ")
    );
    let mut notes = vec![Note::info(None, "cast", who)];
    if people > voices {
        let voices = if voices == 1 { "one voice".to_owned() } else { format!("{voices} voices") };
        let message = format!(
            "{people} people speak in '{lang}' lines and share {voices}, as no more are installed; \
             `cuevox voices list --lang {lang}` shows others, `cuevox voices install ID` adds one"
        );
        notes.push(Note::warning(None, "shared-voice", message));
    }
    notes
}

impl Cast {
    /// The voice that was chosen for a line: by its speaker, else by its language, else for everyone.
    pub fn chosen(&self, lang: Lang, speaker: Option<&str>) -> Option<&str> {
        let by = |key: &Key| self.choices().iter().rev().find(|c| c.key == *key).map(|c| c.voice.as_str());
        let by_speaker = speaker.and_then(|name| by(&Key::Speaker(name.to_owned())));
        by_speaker.or_else(|| by(&Key::Lang(lang))).or_else(|| by(&Key::Everyone))
    }

    /// The voices that were chosen for speakers by their names.
    fn by_name(&self) -> impl Iterator<Item = &str> {
        self.choices().iter().filter(|c| matches!(c.key, Key::Speaker(_))).map(|c| c.voice.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalog::Catalog;
    use super::super::store::Store;
    use super::*;
    use std::fs;
    use std::path::Path;

    /// A store that looks as if it held these voices: files of the right names and sizes.
    fn cast(dir: &Path, choices: &[&str], installed: &[&str]) -> Cast {
        let catalog = Catalog::built_in().expect("whole");
        let store = Store::open(dir.to_owned(), true);
        for id in installed {
            for file in catalog.find(id).expect("known").files.values() {
                let path = store.path(file);
                fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                fs::File::create(path).and_then(|f| f.set_len(file.size)).expect("a sparse file");
            }
        }
        Cast::new(choices.iter().map(|c| c.parse().expect("a choice")).collect(), catalog, store)
    }

    type Line = (Lang, Option<&'static str>);

    /// The voices of these lines, and the codes of the notes.
    fn given(choices: &[&str], installed: &[&str], lines: &[Line]) -> (Vec<String>, Vec<&'static str>) {
        let dir = tempfile::tempdir().expect("a folder");
        let cast = cast(dir.path(), choices, installed);
        let Noted { value: roles, notes } = roles(&cast, lines.iter().copied()).expect("roles");
        let names = lines.iter().map(|(lang, who)| roles.name(&cast, *lang, *who).expect("a name")).collect();
        (names, notes.iter().map(|note| note.code).collect())
    }

    #[test]
    fn speakers_get_voices_of_their_own_as_far_as_they_reach() {
        use Lang::{En, Fr};
        const HEART: &str = "hibari-heart";
        const JOE: &str = "en_US-joe-medium";
        let (anna, ben, carl, nobody) = ((En, Some("Anna")), (En, Some("Ben")), (En, Some("Carl")), (En, None));
        type Row<'a> = (&'a [&'a str], &'a [&'a str], &'a [Line], &'a [&'a str], &'a [&'a str]);
        let rows: [Row<'_>; 11] = [
            (&[], &[HEART], &[nobody], &[HEART], &[]),
            (&[], &[], &[anna, ben], &[HEART, HEART], &["cast", "shared-voice"]),
            (&[], &[HEART, "bf_emma"], &[anna, ben, anna], &[HEART, "bf_emma", HEART], &["cast"]),
            (&[], &[HEART, "bf_emma"], &[ben, anna], &[HEART, "bf_emma"], &["cast"]),
            (&[], &[HEART, "bf_emma"], &[nobody, anna], &[HEART, "bf_emma"], &["cast"]),
            (&[], &[HEART, "bf_emma"], &[anna, ben, carl], &[HEART, "bf_emma", HEART], &["cast", "shared-voice"]),
            (&["Anna=bf_emma"], &[HEART, "bf_emma"], &[anna, ben], &["bf_emma", HEART], &["cast"]),
            (&["af_sky"], &[HEART, "bf_emma"], &[anna, ben], &["af_sky", "af_sky"], &[]),
            (&[], &["af_heart", HEART, JOE], &[anna, ben, carl], &[HEART, JOE, "af_heart"], &["cast"]),
            (
                &[],
                &["en_GB-semaine-medium"],
                &[anna, ben, carl],
                &["en_GB-semaine-medium#0", "en_GB-semaine-medium#1", "en_GB-semaine-medium#2"],
                &["cast"],
            ),
            (
                &[],
                &[HEART, "ff_siwis", "bf_emma"],
                &[anna, (Fr, Some("Anna")), ben],
                &[HEART, "ff_siwis", "bf_emma"],
                &["cast", "cast"],
            ),
        ];
        for (choices, installed, lines, voices, notes) in rows {
            let (names, codes) = given(choices, installed, lines);
            assert_eq!(
                (names.as_slice(), codes.as_slice()),
                (&voices.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>()[..], notes)
            );
        }
    }

    #[test]
    fn a_note_says_who_got_which_and_how_to_change_it() {
        let names: Vec<String> = (0..12).map(|i| format!("P{i}")).collect();
        let dir = tempfile::tempdir().expect("a folder");
        let cast = cast(dir.path(), &[], &["en_US-joe-medium"]);
        let notes = roles(&cast, names.iter().map(|n| (Lang::En, Some(n.as_str())))).expect("roles").notes;
        assert!(
            notes[0].message.contains("P0 by en_US-joe-medium") && notes[0].message.contains("and 4 more"),
            "{notes:?}"
        );
        assert!(notes[1].message.starts_with("12 people speak in 'en' lines and share one voice"), "{notes:?}");
    }
}
