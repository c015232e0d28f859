//! In: an address. Out: its bytes, into a file that is checked. Knows no voice; asks nothing when it is not called.
//!
//! The reading is done by a thread of its own, so that a wish to stop is heard while the network is silent.

use super::check::{CHUNK, Got, Sink, Trouble};
use super::reach::Reach;
use crate::progress::Observer;
use std::io::Read;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often the wish to stop is asked for.
const TICK: Duration = Duration::from_millis(50);

/// Chunks that may wait between the network and the disk.
const WAITING: usize = 16;

/// What the reading thread tells.
enum Piece {
    /// The answer begins; its length, where the server says it.
    Head(Option<u64>),
    Body(Vec<u8>),
    End,
    Failed(Trouble),
}

/// Reads `url` into `sink`.
pub(super) fn fetch(url: &str, reach: &Reach, sink: &mut Sink<'_>, observer: &dyn Observer) -> Got<()> {
    let (tell, told) = sync_channel(WAITING);
    let agent = agent(reach);
    let address = url.to_owned();
    thread::Builder::new()
        .name("download".to_owned())
        .spawn(move || read(&agent, &address, &tell))
        .map_err(|e| Trouble::Failed(format!("no thread can be started: {e}")))?;
    receive(&told, reach, sink, observer)
}

fn agent(reach: &Reach) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_resolve(Some(reach.connect))
        .timeout_connect(Some(reach.connect))
        .timeout_recv_response(Some(reach.stall))
        .timeout_per_read(Some(reach.stall))
        .user_agent(concat!("cuevox/", env!("CARGO_PKG_VERSION")));
    let config = if reach.proxies { config } else { config.proxy(None) };
    config.build().new_agent()
}

/// The reading thread: ends when all is read, when something fails, or when nobody listens any more.
fn read(agent: &ureq::Agent, url: &str, tell: &SyncSender<Piece>) {
    let end = match agent.get(url).call() {
        Ok(answer) => {
            let body = answer.into_body();
            let head = Piece::Head(body.content_length());
            if tell.send(head).is_err() { None } else { pump(body.into_reader(), tell) }
        }
        Err(ureq::Error::StatusCode(code)) => {
            Some(Piece::Failed(Trouble::Failed(format!("the server answers with status {code}"))))
        }
        Err(e) => Some(Piece::Failed(Trouble::Unreachable(format!("it cannot be reached: {e}")))),
    };
    if let Some(end) = end {
        // Nobody listening is no fault.
        let _ = tell.send(end);
    }
}

/// Hands over a body chunk by chunk; what to say at its end, unless nobody listens.
fn pump(mut body: impl Read, tell: &SyncSender<Piece>) -> Option<Piece> {
    loop {
        let mut chunk = vec![0; CHUNK];
        match body.read(&mut chunk) {
            Ok(0) => return Some(Piece::End),
            Ok(n) => {
                chunk.truncate(n);
                tell.send(Piece::Body(chunk)).ok()?;
            }
            Err(e) => return Some(Piece::Failed(Trouble::Failed(format!("it breaks off: {e}")))),
        }
    }
}

fn receive(told: &Receiver<Piece>, reach: &Reach, sink: &mut Sink<'_>, observer: &dyn Observer) -> Got<()> {
    // The reading thread keeps these limits itself; this is for what it cannot interrupt, such as a slow resolver.
    let mut limit = reach.connect * 2 + reach.stall + TICK;
    let mut last = Instant::now();
    loop {
        observer.keep_going()?;
        match told.recv_timeout(TICK) {
            Ok(Piece::Head(Some(length))) if length != sink.size() => {
                return Err(Trouble::Failed(format!("it has {length} bytes there, not {}", sink.size())));
            }
            Ok(Piece::Head(_)) => limit = reach.stall + TICK,
            Ok(Piece::Body(bytes)) => sink.add(&bytes, observer)?,
            Ok(Piece::End) => return Ok(()),
            Ok(Piece::Failed(trouble)) => return Err(trouble),
            Err(RecvTimeoutError::Timeout) if last.elapsed() > limit => {
                return Err(Trouble::Unreachable(format!("nothing came for {:.0} s", limit.as_secs_f64())));
            }
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Trouble::Failed("the download ended without a word".to_owned()));
            }
        }
        last = Instant::now();
    }
}
