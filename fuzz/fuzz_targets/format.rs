//! Any bytes, read as the format that `FORMAT` names whatever they look like; as one after the
//! other where it is not set.
#![no_main]

mod common;

use cuevox::transcript::Format;
use std::sync::LazyLock;

static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
    let Ok(name) = std::env::var("FORMAT") else { return Format::ALL.to_vec() };
    let format = Format::ALL.iter().find(|format| format.name() == name);
    let names = Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    vec![*format.unwrap_or_else(|| panic!("'{name}' is no format; there are {names}"))]
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for format in FORMATS.iter() {
        common::check(bytes, Some(*format));
    }
});
