//! The store, against a server and packages of this machine only.

mod fixture;
mod packages;

use super::paths::{PREFIX, choose_dir, sweep};
use super::*;
use crate::progress::Unwatched;
use crate::voice::catalog::Role;
use fixture::{Answer, Ground, Server, Watcher, catalog, content, hub};
use serde_json::json;
use std::fs;
use std::time::{Duration, Instant, SystemTime};

/// A catalogue whose files are on the hub only.
fn on_the_hub() -> Catalog {
    catalog(|name| json!([hub(name)]))
}

#[test]
fn a_voice_is_installed_once_and_found_afterwards() {
    let server =
        Server::start(&[("p/model.onnx", Answer::Redirect("/cdn")), ("/cdn", Answer::Whole(content("p/model.onnx")))]);
    let (ground, catalog, watcher) = (Ground::new(&server.address), on_the_hub(), Watcher::default());
    let (store, voice) = (ground.store(), catalog.find("p").expect("known"));
    assert_eq!((store.status(voice), store.missing_bytes(voice)), (Status::Missing, 200_040));
    let files = store.ensure(voice, &watcher).expect("served");
    assert_eq!(fs::read(&files.files[&Role::Model]).expect("there"), content("p/model.onnx"));
    assert_eq!((files.family.name, files.files.get(&Role::Style)), ("piper", None));
    assert_eq!(ground.everything(), ["p", "p/model.onnx", "p/model.onnx.json"]);
    let notes = watcher.notes();
    assert_eq!(notes.first().map(String::as_str), Some("installing p 200040 CC0 1.0"));
    assert_eq!(notes[1], format!("source {}, some/voices", server.address));
    assert!(notes.contains(&"bytes 200000 of Some(200000)".to_owned()));
    assert_eq!(notes.last().map(String::as_str), Some("installed p"));

    let asked = server.asked();
    assert_eq!(store.status(voice), Status::Installed);
    assert!(store.ensure(voice, &Unwatched).is_ok() && ground.offline().ensure(voice, &Unwatched).is_ok());
    let again = store.install(voice, &Unwatched).expect("all there");
    assert!(again.bytes == 0 && again.files.iter().all(|(_, served)| *served == Served::AlreadyThere));
    assert_eq!(server.asked(), asked, "what is there is not fetched again");
}

#[test]
fn a_file_that_is_not_the_right_one_never_counts_and_the_next_source_serves() {
    let model = content("p/model.onnx");
    let other: Vec<u8> = model.iter().map(|b| b ^ 1).collect();
    let part = model[..100_000].to_vec();
    let rows = [
        ("wrong content", Answer::Whole(other), "SHA-256"),
        ("wrong length", Answer::Whole(part.clone()), "it has 100000 bytes there, not 200000"),
        ("broken off", Answer::Short(part.clone(), model.len()), "breaks off"),
        ("silent", Answer::Stall(part, model.len()), "breaks off"),
        ("not there", Answer::Status(404), "status 404"),
        ("refused", Answer::Status(503), "status 503"),
    ];
    for (what, answer, reason) in rows {
        let server = Server::start(&[("p/model.onnx", answer)]);
        let ground = Ground::new(&server.address);
        let only = on_the_hub();
        let error = ground.store().install(only.find("p").expect("known"), &Unwatched).expect_err(what);
        assert_eq!(error.kind(), Kind::Network, "{what}");
        let said = error.to_string();
        for part in ["p/model.onnx", "200000 bytes", reason, &server.address, "HF_ENDPOINT"] {
            assert!(said.contains(part), "{what}: {said}");
        }
        assert!(!ground.dir().exists(), "{what}: nothing is left behind");

        let good = Server::start(&[]);
        let two = catalog(
            |name| json!([hub(name), {"release": format!("{}/{name}", good.address).replace("/p/", "/some/voices/resolve/main/p/")}]),
        );
        let installed = ground.store().install(two.find("p").expect("known"), &Unwatched).expect(what);
        let from = |served: &Served| matches!(served, Served::By(words) if words.starts_with(&good.address));
        assert!(from(&installed.files[0].1) && !from(&installed.files[1].1), "{what}: {installed:?}");
    }
}

#[test]
fn a_host_that_refuses_or_is_mute_is_asked_once_for_all_files() {
    let refusing = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let mute = Server::start(&[("p/model.onnx", Answer::Mute)]);
    for hub_address in [format!("http://{refusing}"), mute.address.clone()] {
        let good = Server::start(&[]);
        let ground = Ground::new(&hub_address);
        let release = |name: &str| format!("{}/some/voices/resolve/main/{name}", good.address);
        let two = catalog(|name| json!([hub(name), {"release": release(name)}]));
        let all: Vec<&Entry> = two.entries().iter().collect();
        let begun = Instant::now();
        let installed = ground.store().install_all(&all, &Unwatched).expect("the second source serves");
        assert!(begun.elapsed() < Duration::from_secs(4), "{hub_address}");
        assert_eq!(installed.iter().map(|one| one.bytes).collect::<Vec<_>>(), [200_040, 200_040, 40]);
        assert_eq!(good.asked(), 5, "the shared model is fetched once");
    }
    assert_eq!(mute.asked(), 1);
}

#[test]
fn offline_says_what_to_install_and_asks_nobody() {
    let server = Server::start(&[]);
    let (ground, catalog) = (Ground::new(&server.address), on_the_hub());
    let (store, voice) = (ground.offline(), catalog.find("k1").expect("known"));
    for error in [store.ensure(voice, &Unwatched).err(), store.install(voice, &Unwatched).err()] {
        let error = error.expect("it is not there");
        assert_eq!(error.kind(), Kind::Voice);
        let said = error.to_string();
        for part in [
            "'k1' is not installed",
            "an installation of 'k1'",
            "without being offline",
            "0.2 MB",
            "k/model.onnx and k/k1.bin",
        ] {
            assert!(said.contains(part), "{said}");
        }
    }
    assert!(server.asked() == 0 && !ground.dir().exists());
}

#[test]
fn an_interruption_is_heard_at_once_and_leaves_nothing() {
    let stall = || Answer::Stall(content("p/model.onnx")[..70_000].to_vec(), 200_000);
    // At the first source; in the middle of a file; while the server is silent; between two files.
    let rows = [
        ("source", stall()),
        ("bytes 6", stall()),
        ("bytes 70000", stall()),
        ("bytes 200000", Answer::Whole(content("p/model.onnx"))),
    ];
    for (moment, answer) in rows {
        let server = Server::start(&[("p/model.onnx", answer)]);
        let (mut ground, catalog) = (Ground::new(&server.address), on_the_hub());
        ground.reach.stall = Duration::from_secs(15);
        let begun = Instant::now();
        let stopped = ground.store().install(catalog.find("p").expect("known"), &Watcher::stopping_at(moment));
        assert_eq!(stopped.map_err(|e| e.kind()).err(), Some(Kind::Interrupted), "{moment}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{moment}: {:?}", begun.elapsed());
        assert!(!ground.dir().exists(), "{moment}: {:?}", ground.everything());
    }
}

#[test]
fn two_installations_at_once_do_not_spoil_each_other() {
    let server = Server::start(&[]);
    let (ground, catalog) = (Ground::new(&server.address), on_the_hub());
    let voice = catalog.find("k1").expect("known");
    let store = ground.store();
    let both: Vec<bool> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| store.install(voice, &Unwatched).is_ok())).collect();
        runs.into_iter().map(|run| run.join().expect("no panic")).collect()
    });
    assert_eq!(both, [true; 4]);
    assert!(store.verify(voice, &Unwatched).expect("read").iter().all(|check| check.found == Found::Right));
    assert_eq!(ground.everything(), ["k", "k/k1.bin", "k/model.onnx"]);
}

#[test]
fn damage_is_found_named_and_repaired() {
    let server = Server::start(&[]);
    let (ground, catalog) = (Ground::new(&server.address), on_the_hub());
    let (store, voice) = (ground.store(), catalog.find("p").expect("known"));
    store.install(voice, &Unwatched).expect("served");
    let found = |at: usize| store.verify(voice, &Unwatched).expect("read")[at].found.clone();
    let (model, config) = (ground.dir().join("p/model.onnx"), ground.dir().join("p/model.onnx.json"));

    let mut bytes = content("p/model.onnx");
    bytes[100_001] ^= 1;
    fs::write(&model, &bytes).expect("written");
    assert_eq!(store.status(voice), Status::Installed, "the cheap look sees sizes only");
    assert!(matches!(found(0), Found::OtherContent(_)) && found(1) == Found::Right);
    assert_eq!(store.install(voice, &Unwatched).expect("repaired").bytes, 200_000);
    assert_eq!(found(0), Found::Right);

    fs::write(&config, "{}").expect("written");
    assert_eq!((store.status(voice), found(1)), (Status::Damaged, Found::OtherSize(2)));
    let said = store.files(voice).expect_err("damaged").to_string();
    assert!(
        said.contains("2 bytes, not 40") && said.contains("an installation of 'p'") && said.contains("a check of 'p'")
    );
    assert!(store.ensure(voice, &Unwatched).is_ok(), "ensure repairs it");

    fs::remove_file(&config).expect("removed");
    assert_eq!((store.status(voice), found(1)), (Status::Partial, Found::Nothing));
    assert_eq!(store.missing_bytes(voice), 40);
}

#[test]
fn a_removal_keeps_what_other_voices_need() {
    let server = Server::start(&[]);
    let (ground, catalog) = (Ground::new(&server.address), on_the_hub());
    let store = ground.store();
    let voice = |id| catalog.find(id).expect("known");
    store.install_all(&[voice("k1"), voice("k2")], &Unwatched).expect("served");
    let first = store.remove(voice("k1"), &catalog).expect("removed");
    assert_eq!(first.files, [store.path(&voice("k1").files[&Role::Style])]);
    assert_eq!(first.kept, [(store.path(&voice("k1").files[&Role::Model]), vec!["k2".to_owned()])]);
    assert_eq!((store.status(voice("k1")), store.status(voice("k2"))), (Status::Missing, Status::Installed));
    assert!(store.remove(voice("k1"), &catalog).is_err_and(|e| e.kind() == Kind::Voice));
    let second = store.remove(voice("k2"), &catalog).expect("removed");
    assert_eq!((second.files.len(), second.bytes, second.kept.len()), (2, 200_040, 0));
    assert!(ground.everything().is_empty(), "{:?}", ground.everything());
}

#[test]
fn what_dead_runs_left_is_swept_out_after_a_day() {
    let ground = Ground::new("http://127.0.0.1:9");
    let left = ground.dir().join(format!("{PREFIX}x/1"));
    let kept = ground.dir().join("p");
    fs::create_dir_all(&left).expect("made");
    fs::create_dir_all(&kept).expect("made");
    fs::write(left.join("half"), "…").expect("written");
    let hours = |n: u64| SystemTime::now() + Duration::from_secs(n * 3600);
    sweep(&ground.dir(), hours(23));
    assert!(left.exists(), "it may still be running");
    sweep(&ground.dir(), hours(25));
    assert!(kept.exists() && ground.everything() == ["p"], "{:?}", ground.everything());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let server = Server::start(&[]);
    let (ground, catalog) = (Ground::new(&server.address), on_the_hub());
    fs::write(ground.dir(), "a file, not a folder").expect("written");
    let error = ground.store().install(catalog.find("p").expect("known"), &Unwatched).expect_err("no folder");
    assert_eq!(error.kind(), Kind::Output);
    assert!(error.to_string().contains("folder of voices"), "{error}");
}

#[test]
fn the_folder_of_voices_is_what_was_asked_for_else_the_checkout_else_the_platforms() {
    let base = tempfile::tempdir().expect("a folder");
    let at = |path: &str| base.path().join(path);
    fs::create_dir_all(at("checkout/voices")).expect("made");
    fs::create_dir_all(at("elsewhere/voices")).expect("made");
    for file in ["checkout/Cargo.toml", "checkout/voices/catalog.json", "elsewhere/voices/catalog.json"] {
        fs::write(at(file), "").expect("written");
    }
    let (data, asked) = (Some(at("data")), Some("asked".into()));
    let rows = [
        (asked, Some(at("checkout")), data.clone(), Some(PathBuf::from("asked"))),
        (Some("".into()), Some(at("checkout")), data.clone(), Some(at("checkout/voices"))),
        (None, Some(at("elsewhere")), data.clone(), Some(at("data/voices"))),
        (None, None, data, Some(at("data/voices"))),
        (None, Some(at("elsewhere")), None, None),
    ];
    for (asked, current, data, chosen) in rows {
        assert_eq!(choose_dir(asked, current, data).ok(), chosen);
    }
}

#[test]
fn the_hub_is_the_environments_where_it_names_one() {
    let rows = [
        (None, "https://huggingface.co"),
        (Some(" "), "https://huggingface.co"),
        (Some("https://mirror.example/"), "https://mirror.example"),
        (Some("mirror.example/hf"), "https://mirror.example/hf"),
        (Some("http://10.0.0.1:8080"), "http://10.0.0.1:8080"),
    ];
    for (said, hub) in rows {
        assert_eq!(Reach::with_hub(said).hub, hub, "{said:?}");
    }
}
