//! Any text, read as words of either language and of every region.
#![no_main]

use cuevox::lang::Tongue;
use cuevox::words::words;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for tag in ["en-US", "en-GB", "fr-FR", "fr-BE", "fr-CH"] {
        let Ok(tongue) = tag.parse::<Tongue>() else { continue };
        let mut end = 0;
        for word in words(text, tongue) {
            assert!(word.text.start >= end && text.get(word.text.clone()).is_some(), "{word:?}");
            assert!(word.spoken.contains(char::is_alphanumeric), "{word:?}");
            end = word.text.end;
        }
    }
});
