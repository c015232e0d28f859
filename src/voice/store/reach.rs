//! In: the environment. Out: which hub, which programs and which limits an installation uses. Asks nothing itself.

use std::ffi::OsString;
use std::time::Duration;

/// The hub that is asked when the environment names no other.
pub const HUB: &str = "https://huggingface.co";

/// What an installation can reach, and how long it waits.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Where files of the Hugging Face hub are asked for, without a `/` at the end.
    pub hub: String,
    /// Programs that may be a Python with pip, with their first arguments; tried in order.
    pub pythons: Vec<Vec<OsString>>,
    /// Programs that may be npm, with their first arguments; tried in order.
    pub npms: Vec<Vec<OsString>>,
    /// Whether the proxies named by the environment are used.
    pub proxies: bool,
    /// How long finding a host may take, and again connecting to it.
    pub connect: Duration,
    /// How long a server may be silent.
    pub stall: Duration,
    /// How long pip or npm may bring nothing at all. They have limits of their own, which people set in their
    /// configuration, so this one is wide.
    pub package_stall: Duration,
}

impl Reach {
    /// What the environment says: `HF_ENDPOINT` names the hub, the usual variables the proxies.
    pub fn from_env() -> Reach {
        Reach::with_hub(std::env::var("HF_ENDPOINT").ok().as_deref())
    }

    /// The usual reach, with this hub instead of the public one where one is given.
    pub fn with_hub(hub: Option<&str>) -> Reach {
        let hub = hub.map(|hub| hub.trim().trim_end_matches('/')).filter(|hub| !hub.is_empty()).unwrap_or(HUB);
        // A bare host, as some people write it, means HTTPS.
        let hub = if hub.contains("://") { hub.to_owned() } else { format!("https://{hub}") };
        let program = |words: &[&str]| words.iter().map(OsString::from).collect();
        let npm: &[&str] = if cfg!(windows) { &["npm.cmd"] } else { &["npm"] };
        Reach {
            hub,
            pythons: vec![program(&["python3"]), program(&["python"]), program(&["py", "-3"])],
            npms: vec![program(npm)],
            proxies: true,
            connect: Duration::from_secs(4),
            stall: Duration::from_secs(10),
            package_stall: Duration::from_secs(300),
        }
    }
}
