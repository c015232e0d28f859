//! Any text, read as a lexicon of whichever format it looks like; what it holds is looked for in the text itself.
#![no_main]

use cuevox::lang::{Lang, Tongue};
use cuevox::words::lexicon::Lexicon;
use std::collections::BTreeSet;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut lexicon = Lexicon::default();
    if let Err(error) = lexicon.add("lexicon", text) {
        assert!(error.way_out().is_some(), "{error}");
        return;
    }
    let mut used = BTreeSet::new();
    for lang in Lang::ALL {
        let given = lexicon.given(text, Tongue::of(lang), &mut used, str::to_owned);
        let mut end = 0;
        for one in given {
            assert!(one.place.start >= end && text.get(one.place.clone()).is_some(), "{one:?}");
            end = one.place.end;
        }
    }
    let _ = lexicon.unused(&used);
});
