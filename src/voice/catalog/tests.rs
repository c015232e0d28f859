//! The catalogue that ships, and catalogues that are wrong.

use super::*;

fn catalog() -> Catalog {
    Catalog::built_in().expect("the tracked catalogue is whole")
}

#[test]
fn the_tracked_catalogue_holds_every_voice_we_promise() {
    let catalog = catalog();
    let count = |engine, lang| catalog.entries().iter().filter(|e| e.family.name == engine && e.lang() == lang).count();
    assert_eq!(count("piper", Lang::En) + count("piper", Lang::Fr), 42);
    assert_eq!((count("kokoro", Lang::En), count("kokoro", Lang::Fr)), (28, 1));
    assert_eq!((count("hibari", Lang::En), count("hibari", Lang::Fr)), (5, 0));
    assert_eq!(catalog.default_for(Lang::En).map(|e| e.id.as_str()).ok(), Some("hibari-heart"));
    assert_eq!(catalog.default_for(Lang::Fr).map(|e| e.id.as_str()).ok(), Some("ff_siwis"));
    for entry in catalog.entries() {
        let licence = &entry.licence;
        assert!(!licence.is_empty() && !licence.to_lowercase().contains("see url"), "{}: {licence}", entry.id);
        assert!(!licence.starts_with("see ") || licence.starts_with("see http"), "{}: {licence}", entry.id);
        assert!(entry.files.values().all(|f| f.size > 0 && !f.sources.is_empty()), "{}", entry.id);
    }
}

#[test]
fn a_person_is_known_under_every_id_and_a_licence_without_commerce_is_marked() {
    let catalog = catalog();
    let entry = |id: &str| catalog.find(id).expect(id);
    let rows = [
        (["af_heart", "hibari-heart"], true),
        (["ff_siwis", "fr_FR-siwis-low"], true),
        (["en_US-lessac-low", "en_US-lessac-high"], true),
        (["af_heart", "af_sky"], false),
        (["en_US-joe-medium", "en_US-john-medium"], false),
    ];
    for ([one, other], same) in rows {
        assert_eq!(entry(one).person() == entry(other).person(), same, "{one}, {other}");
    }
    for (id, forbids) in [("en_US-ryan-low", true), ("en_US-l2arctic-medium", true), ("af_heart", false)] {
        assert_eq!(entry(id).forbids_commerce(), forbids, "{id}");
    }
    assert_eq!(entry("en_GB-alba-medium").accent, "Scottish");
}

#[test]
fn what_was_measured_is_of_voices_there_are_and_of_every_default() {
    let catalog = catalog();
    for (id, measured) in &catalog.measurements().voices {
        assert_eq!(catalog.find(id).expect(id).measured, Some(*measured));
        assert!((1.0..=5.0).contains(&measured.opinion) && measured.cost > 0.0, "{id}: {measured:?}");
    }
    for lang in Lang::ALL {
        assert!(catalog.default_for(lang).is_ok_and(|entry| entry.measured.is_some()), "{lang}");
    }
}

#[test]
fn kokoro_voices_share_one_model_students_their_licence_and_nothing_else_is_shared() {
    for entry in catalog().entries() {
        for (role, file) in &entry.files {
            let shared = match entry.family.name {
                "piper" => false,
                "kokoro" => *role == Role::Model,
                _ => matches!(role, Role::Licence | Role::Notice),
            };
            assert_eq!(file.shared, shared, "{} {}", entry.id, file.name);
        }
    }
}

#[test]
fn every_web_address_is_https_and_every_default_can_come_from_a_package() {
    let catalog = catalog();
    for file in catalog.entries().iter().flat_map(|e| e.files.values()) {
        for source in &file.sources {
            assert!(!matches!(source, Source::Release(url) if !url.starts_with("https://")), "{}", file.name);
        }
    }
    for lang in Lang::ALL {
        for file in catalog.default_for(lang).expect("there is one").files.values() {
            let package = |s: &Source| matches!(s, Source::Pypi(_) | Source::PypiParts(_) | Source::Npm(_));
            assert!(file.sources.iter().any(package), "{}", file.name);
        }
    }
}

#[test]
fn a_voice_is_found_in_any_case() {
    assert_eq!(catalog().find("EN_us-JOE-medium").map(|e| e.id.clone()).ok().as_deref(), Some("en_US-joe-medium"));
}

#[test]
fn a_mistyped_id_brings_the_nearest() {
    let rows = [
        ("en_US-jo-medium", "en_US-joe-medium"),
        ("FF_SIWI", "ff_siwis"),
        ("af_hart", "af_heart"),
        ("siwis", "fr_FR-siwis-medium"),
        ("EN_GB-ALAN", "en_GB-alan-low"),
    ];
    for (typed, meant) in rows {
        let error = catalog().find(typed).expect_err(typed);
        assert_eq!(error.kind(), Kind::Voice);
        assert!(error.way_out().is_some_and(|help| help.contains(meant)), "{typed}: {error}");
    }
    let error = catalog().find("0000000").expect_err("nothing is like it");
    assert_eq!(error.way_out(), Some("the list of voices shows every voice"));
}

#[test]
fn catalogues_that_are_wrong_are_refused() {
    let sha = "0".repeat(64);
    let voice = |id: &str, model: &str| {
        format!(
            r#"{{"id":"{id}","language":"en-US","engine":"piper","espeak":"en-us","sample_rate":22050,"speakers":1,
            "licence":"CC0","files":{{"model":"{model}","config":"v/c"}}}}"#
        )
    };
    let whole = |version: u32, default: &str, voices: &str, name: &str, sha: &str| {
        format!(
            r#"{{"version":{version},"defaults":{{"en":"{default}"}},"voices":[{voices}],"files":{{
            "v/c":{{"size":1,"sha256":"{sha}","sources":[]}},"{name}":{{"size":1,"sha256":"{sha}","sources":[]}}}}}}"#
        )
    };
    let one = voice("v", "v/m");
    assert!(Catalog::parse(&whole(1, "v", &one, "v/m", &sha)).is_ok());
    let rows = [
        ("version is 2", whole(2, "v", &one, "v/m", &sha)),
        ("default voice 'w'", whole(1, "w", &one, "v/m", &sha)),
        ("stands twice", whole(1, "v", &format!("{one},{}", voice("V", "v/m")), "v/m", &sha)),
        ("nothing is known of the file 'v/n'", whole(1, "v", &voice("v", "v/n"), "v/m", &sha)),
        ("leaves the folder", whole(1, "v", &voice("v", "../m"), "../m", &sha)),
        ("leaves the folder", whole(1, "v", &voice("v", "/m"), "/m", &sha)),
        ("leaves the folder", whole(1, "v", &voice("v", "c:m"), "c:m", &sha)),
        ("64 hexadecimal digits", whole(1, "v", &one, "v/m", "abc")),
        ("cannot be read", "{".to_owned()),
    ];
    for (why, json) in rows {
        let error = Catalog::parse(&json).expect_err(why).to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
}
