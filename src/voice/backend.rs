//! In: the name of what should compute Piper voices. Out: the same as a choice, if this build has it. Runs nothing.

use crate::error::{Error, Kind, Result};
use std::str::FromStr;

/// What speaks Piper voices. Voices of other families do not ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Backend {
    /// This crate: exactly the frames that are planned, the same samples every time.
    #[default]
    Own,
    /// rten, the network as it stands in the file: what speaks a voice whose network this crate does not understand.
    Rten,
    /// The crate `piper-rs`, with ONNX Backend: each utterance as long as planned, its words nearly where they were
    /// planned, with noise of its own.
    PiperRs,
}

impl Backend {
    /// What it adds to the identity of a voice that it speaks.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Backend::Own => "",
            Backend::Rten => " by rten",
            Backend::PiperRs => " by piper-rs",
        }
    }

    /// The error that piper-rs is not in this build.
    pub(super) fn missing() -> Error {
        Error::new(Kind::Usage, "this cuevox was built without piper-rs")
            .help("build it with `cargo build --release --features piper-rs`; docs/voices.md says what that needs")
    }
}

impl FromStr for Backend {
    type Err = Error;

    /// `own`, `rten`, or `piper-rs` where it was built in.
    fn from_str(name: &str) -> Result<Backend> {
        match name {
            "own" => Ok(Backend::Own),
            "rten" => Ok(Backend::Rten),
            "piper-rs" if cfg!(feature = "piper-rs") => Ok(Backend::PiperRs),
            "piper-rs" => Err(Backend::missing()),
            _ => Err(Error::new(Kind::Usage, format!("nothing named '{name}' speaks Piper voices"))
                .help("use own, rten or piper-rs")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_built_in_says_how_to_have_it() {
        assert_eq!(["own", "rten"].map(|name| name.parse().ok()), [Some(Backend::Own), Some(Backend::Rten)]);
        let says = |name: &str| name.parse::<Backend>().map_err(|e| e.to_string());
        assert!(says("onnx").is_err_and(|e| e.contains("own, rten or piper-rs")));
        match cfg!(feature = "piper-rs") {
            true => assert_eq!(says("piper-rs"), Ok(Backend::PiperRs)),
            false => assert!(says("piper-rs").is_err_and(|e| e.contains("--features piper-rs"))),
        }
    }
}
