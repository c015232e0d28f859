//! stub
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class { Pause, Vowel, Consonant, Mark }
