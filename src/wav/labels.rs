//! In: what is known of a track beside its samples. Out: the same, in a form that every kind of file can take what it
//! has room for from. Writes nothing.

/// What is written beside the samples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// What it is called; empty for a whole track.
    pub title: String,
    /// The ids of the voices that are heard.
    pub voices: Vec<String>,
    /// Its first sample on the clock of the whole track: 0 but for a part of one.
    pub time_reference: u64,
    /// Where its lines begin, in order.
    pub points: Vec<Point>,
}

/// Where a line is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The sample its first sound begins at.
    pub at: u64,
    /// How many samples it takes.
    pub frames: u64,
    /// What is said.
    pub text: String,
}

/// The program and its version.
pub(super) const PROGRAM: &str = concat!("cuevox ", env!("CARGO_PKG_VERSION"));
