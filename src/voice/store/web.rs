//! In: an address. Out: its bytes, into a file that is checked, where this build can fetch any. Knows no voice.

#[cfg(not(feature = "download"))]
use super::check::{Got, Sink, Trouble};
#[cfg(feature = "download")]
pub(super) use super::http::fetch;
#[cfg(not(feature = "download"))]
use super::reach::Reach;
#[cfg(not(feature = "download"))]
use crate::progress::Observer;

/// The scheme and host of an address: what is unreachable when it is.
pub(super) fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}

/// Says that this build fetches nothing.
#[cfg(not(feature = "download"))]
pub(super) fn fetch(_: &str, _: &Reach, _: &mut Sink<'_>, _: &dyn Observer) -> Got<()> {
    Err(Trouble::Failed("this build fetches nothing: it lacks the feature `download`".to_owned()))
}
