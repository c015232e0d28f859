//! What a file is to its voice. Knows no file.

use serde::{Deserialize, Serialize};

/// What a file is to its voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The network, an ONNX file.
    Model,
    /// Sample rate, phoneme ids and scales, a JSON file.
    Config,
    /// The style vectors of one Kokoro voice.
    Style,
    /// The text of its licence.
    Licence,
    /// What its makers say of whose work is in it.
    Notice,
}

impl Role {
    /// What a person calls it.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Role::Model => "model",
            Role::Config => "configuration",
            Role::Style => "style",
            Role::Licence => "licence",
            Role::Notice => "notice",
        }
    }
}
