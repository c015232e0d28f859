//! In: voices, a text. Out: the text spoken by each, a file for each voice, and a page to hear several side by side. One
//! voice that fails does not keep the others from being heard.

use super::page::{Sample, page};
use super::{Office, list};
use crate::cli::args::{SampleArgs, VoicesArgs};
use crate::cli::complain;
use crate::cli::exit::Exit;
use crate::cli::render::store;
use cuevox::error::{Error, Kind, Result};
use cuevox::files::{Artifact, NewFolders, SmallFile};
use cuevox::lang::Lang;
use cuevox::progress::Observer;
use cuevox::render::{Options, Studio};
use cuevox::text::sayable;
use cuevox::voice::cast::{Cast, Choice, Key};
use cuevox::voice::catalog::Catalog;
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;

/// What is said when nothing else is asked for.
fn sentence(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "The tide came in at half past six, and by then the whole harbour was awake.",
        Lang::Fr => "La marée est montée à six heures et demie, et tout le port était déjà réveillé.",
    }
}

pub(super) fn run(args: &SampleArgs, all: &VoicesArgs, office: &Office) -> Result<Exit> {
    let files = file_names(&args.voices)?;
    if args.text.as_deref().is_some_and(|text| !sayable(text)) {
        return Err(nothing_to_say());
    }
    let _made = made(&args.output)?;
    let store = store(all.common.voices_dir.as_deref(), all.common.offline)?;
    let data = store.dir().to_owned();
    let cast = Cast::new(Vec::new(), Catalog::built_in()?, store);
    let studio = Studio::open(Options::default(), cast, &data)?;
    let (mut samples, mut exit) = (Vec::new(), Exit::Done);
    for (voice, file) in args.voices.iter().zip(files) {
        let spoken = sample(voice, file, args, (&studio, office));
        office.watcher.clear();
        match spoken {
            Ok(sample) => samples.push(sample),
            Err(error) => exit = exit.or(complain(&error)),
        }
        if office.watcher.interrupted() {
            exit = Exit::Interrupted;
            break;
        }
    }
    if samples.len() > 1 {
        let target = args.output.join("voices.html");
        let page = page(&samples, &office.catalog.measurements().method());
        SmallFile::create(&target, Artifact::Page)?.finish(page.as_bytes())?;
        office.say.line(&format!("{}: {} voices side by side", target.display(), samples.len()));
    }
    Ok(exit)
}

/// Makes the folder for samples, where it is missing. It is gone again with what this returns if it
/// is still empty then.
fn made(folder: &Path) -> Result<NewFolders> {
    let made = NewFolders::only(folder);
    let failed = |e| Error::new(Kind::Output, "this folder cannot be made").because(e);
    std::fs::create_dir_all(folder).map_err(|e| failed(e).in_file(folder).help("check -o"))?;
    Ok(made)
}

/// A name for each voice's file; names that would be the same are an error.
fn file_names(voices: &[String]) -> Result<Vec<String>> {
    let mut known: HashMap<String, &str> = HashMap::new();
    let mut names = Vec::with_capacity(voices.len());
    for voice in voices {
        let name = file_name(voice);
        // Some file systems take upper and lower case for the same.
        if let Some(other) = known.insert(name.to_lowercase(), voice) {
            let what = match other == voice {
                true => format!("the voice '{voice}' is named twice"),
                false => format!("the voices '{other}' and '{voice}' would both be heard in '{name}'"),
            };
            return Err(Error::new(Kind::Usage, what).help("name each once; sample one of them into another folder"));
        }
        names.push(name);
    }
    Ok(names)
}

/// The file of a voice: what could mean something in a path or an address becomes a line.
fn file_name(voice: &str) -> String {
    let is_path = voice.to_ascii_lowercase().contains(".onnx") || voice.contains(['/', '\\']);
    let last = if is_path { voice.rsplit(['/', '\\']).next().unwrap_or(voice) } else { voice };
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let name: String = last.replacen(".onnx", "", 1).chars().map(plain).collect();
    name.trim_start_matches('.').to_owned() + ".wav"
}

/// Speaks one sample, and says so.
fn sample(voice: &str, file: String, args: &SampleArgs, (studio, office): (&Studio, &Office)) -> Result<Sample> {
    let id = voice.split('#').next().unwrap_or(voice);
    let entry = office.catalog.find(id).ok();
    let lang = entry.map(|entry| entry.lang());
    let text = args.text.as_deref().unwrap_or_else(|| sentence(lang.unwrap_or(Lang::En)));
    let options = Options { lang: lang.map(Into::into), ..studio.options().clone() };
    let choice = Choice { key: Key::Everyone, voice: voice.to_owned() };
    let studio = studio.like(options, vec![choice])?;
    let target = args.output.join(&file);
    let seconds = speak(&studio, text, &target, office)?;
    office.watcher.clear();
    office.say.line(&format!("{}: {seconds:.1} s by {voice}", target.display()));
    let measured = |value: fn(&cuevox::voice::catalog::Measured) -> String| {
        entry.and_then(|entry| entry.measured.as_ref()).map_or_else(String::new, value)
    };
    let of_entry = |value: fn(&cuevox::voice::catalog::Entry) -> String| entry.map_or_else(String::new, value);
    Ok(Sample {
        voice: voice.to_owned(),
        file,
        text: text.to_owned(),
        lang: lang.map(|lang| lang.tag()),
        facts: [
            of_entry(|entry| format!("{}, {}", entry.language, entry.accent)),
            of_entry(list::speakers),
            measured(|measured| format!("{:.1}", measured.opinion)),
            measured(|measured| format!("{:.3}", measured.cost)),
            of_entry(list::licence),
        ],
    })
}

fn nothing_to_say() -> Error {
    Error::new(Kind::Usage, "there is nothing in --text that can be said").help("write some words")
}

/// Speaks a text at the voice's own pace; says how many seconds it takes.
fn speak(studio: &Studio, text: &str, target: &Path, office: &Office) -> Result<f64> {
    // Nothing in it is taken for a stamp or a mark of another format.
    let transcript = json!([{ "text": text }]).to_string();
    let planned = studio.plan(transcript.as_bytes(), &office.watcher);
    let planned = planned.map_err(|error| if error.kind() == Kind::Input { nothing_to_say() } else { error })?;
    let track = planned.tracks.first().ok_or_else(nothing_to_say)?;
    let finished = studio.speak(track, target, &office.watcher)?;
    Ok(finished.frames as f64 / f64::from(studio.options().layout.sample_rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_has_a_file_of_a_plain_name_and_no_two_have_the_same() {
        let rows = [
            ("ff_siwis", "ff_siwis.wav"),
            ("en_GB-vctk-medium#p225", "en_GB-vctk-medium-p225.wav"),
            ("../mine/Été 2.onnx", "Été-2.wav"),
            ("C:\\voices\\mine.onnx#3", "mine-3.wav"),
        ];
        for (voice, file) in rows {
            assert_eq!(file_name(voice), file);
        }
        let of = |voices: [&str; 2]| file_names(&voices.map(str::to_owned));
        assert!(of(["a", "b"]).is_ok());
        for (voices, what) in [(["a", "a"], "twice"), (["x/a.onnx", "y/A.onnx"], "would both be heard")] {
            let error = of(voices).expect_err("the same name");
            assert!(error.to_string().contains(what), "{error}");
        }
    }
}
