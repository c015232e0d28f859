//! Every option in each of its three forms, and one set of options over another.

use super::*;
use crate::cli::args::{Args, Command};
use clap::Parser;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A value for each option that needs one, other than its default.
fn samples() -> Vec<(&'static str, Value)> {
    vec![
        ("voice", json!("fr=ff_siwis")),
        ("lang", json!("en-GB")),
        ("encoding", json!("utf-8")),
        ("sounds", json!("speak")),
        ("max-rate", json!(1.2)),
        ("offset", json!(-2.5)),
        ("scale", json!("25:24")),
        ("from", json!(1)),
        ("to", json!("0:09")),
        ("line", json!("2-3")),
        ("lexicon", json!("words.tsv")),
        ("fit", json!("relaxed")),
        ("overflow", json!("trim")),
        ("overlap", json!("never")),
        ("min-rate", json!(0.9)),
        ("rush", json!(2)),
        ("lead", json!("0.5s")),
        ("lag", json!(3)),
        ("seed", json!(7)),
        ("total", json!("1:30")),
        ("match", json!("film.mp4")),
        ("sample-rate", json!(44100)),
        ("bits", json!("24")),
        ("channels", json!(2)),
        ("background", json!("film.mp4")),
        ("duck", json!(12)),
        ("duck-attack", json!(0.1)),
        ("duck-hold", json!(0.1)),
        ("duck-release", json!(0.1)),
        ("loudness", json!("off")),
        ("stems", json!("lines")),
        ("report", json!("reports")),
        ("captions", json!("vtt")),
        ("caption-words", json!(true)),
        ("html", json!("pages")),
    ]
}

fn typed(words: &[String]) -> TrackOptions {
    let words = ["cuevox", "render", "x"].map(str::to_owned).into_iter().chain(words.iter().cloned());
    match Args::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).command {
        Command::Render(args) => args.track,
        other => panic!("{other:?}"),
    }
}

fn read(entries: &[(&str, Value)]) -> Result<TrackOptions> {
    let mut reader = Reader::new(Holder::Line);
    for (name, value) in entries {
        reader.take(name, value)?;
    }
    Ok(reader.finish())
}

#[test]
fn every_option_means_the_same_typed_and_written() {
    let names: BTreeSet<&str> = samples().into_iter().map(|(name, _)| name).collect();
    assert_eq!(Reader::new(Holder::File).known().collect::<BTreeSet<_>>(), names);
    for (name, value) in samples() {
        let word = match &value {
            Value::Bool(_) => format!("--{name}"),
            Value::String(text) => format!("--{name}={text}"),
            other => format!("--{name}={other}"),
        };
        let wanted = typed(&[word]);
        assert_ne!(wanted, TrackOptions::default(), "{name}");
        for spelling in [name.to_owned(), name.replace('-', "_"), format!("--{name}")] {
            assert_eq!(read(&[(&spelling, value.clone())]).ok().as_ref(), Some(&wanted), "{spelling}");
        }
        // Straight through serde, too, where a name has to be as it is.
        let object = json!({ name: value });
        assert_eq!(serde_json::from_value::<TrackOptions>(object).ok().as_ref(), Some(&wanted), "{name}");
        // Over nothing it stays, and nothing over it takes nothing away.
        assert_eq!(wanted.clone().over(&TrackOptions::default()), wanted, "{name}");
        if name != "caption-words" {
            assert_eq!(TrackOptions::default().over(&wanted), wanted, "{name}");
        }
    }
    let all = json!({"max-rate": 1.2, "seed": 7, "voice": ["tone", "fr=tone"]});
    let all: TrackOptions = serde_json::from_value(all).expect("options");
    assert_eq!((all.lines.voices.len(), all.plan.seed), (2, Some(7)));
    let unknown = serde_json::from_value::<TrackOptions>(json!({"max-rte": 1.2})).expect_err("no option");
    assert!(unknown.to_string().contains("max-rte"), "{unknown}");
}

#[test]
fn options_that_are_not_of_a_line_are_refused() {
    let rows = [
        ("jobs", json!(2), "'jobs' is no option of a line"),
        ("output", json!("x"), "'output' is no option of a line"),
        ("loudnes", json!(-3), "did you mean 'loudness'?"),
        ("voice", json!({"en": "x"}), "the value of 'voice' is neither text nor a number"),
        ("seed", json!(true), "the value of 'seed' is neither text nor a number"),
        ("caption_words", json!("yes"), "'caption-words' is either true or left out"),
        ("lang", json!("xx"), "the options of this line make no sense: invalid value 'xx' for 'lang'"),
        ("max_rate", json!("fast"), "invalid value 'fast' for 'max-rate': a rate is a number"),
    ];
    for (name, value, wanted) in rows {
        let error = read(&[(name, value)]).expect_err(name).to_string();
        assert!(error.contains(wanted), "{error}");
    }
    let both = read(&[("line", json!(3)), ("to", json!(5))]).expect_err("both").to_string();
    assert!(both.contains("'line' and 'to' exclude each other"), "{both}");
}

#[test]
fn a_line_of_a_manifest_overrides_the_command_line() {
    let base = typed(&["--max-rate=1.2", "--voice=tone", "--total=9", "--lag=1"].map(str::to_owned));
    let entries =
        [("max_rate", json!(1.5)), ("voice", json!(["fr=ff_siwis", "en=tone"])), ("match", json!("film.mp4"))];
    let mut line = read(&entries).expect("options");
    line.read_from(Path::new("m"));
    let all = line.over(&base);
    let options = all.options(Lexicon::default(), None).expect("they make sense");
    assert_eq!((options.bounds.max_rate, options.bounds.lag.secs()), (1500, 1.0));
    assert_eq!(all.lines.voices.len(), 3);
    assert_eq!(options.delivery.extent, cuevox::render::Extent::Match("m/film.mp4".into()));
}

#[test]
fn the_page_about_configuration_has_every_name_and_no_other() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let names: BTreeSet<String> = samples().into_iter().map(|(name, _)| name.replace('-', "_")).collect();
    assert_eq!(told, names.iter().map(String::as_str).collect());
}
