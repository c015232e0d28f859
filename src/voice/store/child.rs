//! In: a program to run. Out: whether it did its work, and what it said. It is watched, and killed with all it started
//! when somebody wants to stop. Knows no package.

use super::check::{Got, unwritable};
use super::paths::bytes_in;
use crate::progress::{Event, Observer};
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often the program is looked at.
const TICK: Duration = Duration::from_millis(50);

/// So much of what a program said is quoted, in characters.
const QUOTED: usize = 400;

/// How a program ended.
pub(super) enum Ended {
    /// It did its work.
    Well,
    /// It did not; the last things it said.
    Badly(String),
    /// There is no such program.
    NotThere,
}

/// A running program, killed when this value goes before its end.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            kill_tree(&mut self.0);
        }
    }
}

/// Kills the program and what it started: npm is often a script around another program.
fn kill_tree(child: &mut Child) {
    let id = child.id().to_string();
    let mut all = if cfg!(windows) {
        let mut taskkill = Command::new("taskkill");
        taskkill.args(["/T", "/F", "/PID", &id]);
        taskkill
    } else {
        let mut kill = Command::new("kill");
        kill.args(["-s", "KILL", "--", &format!("-{id}")]);
        kill
    };
    // Where that fails, the program itself at least.
    let _ = all.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// Runs `command`, which writes only below `work`, and tells how many bytes are there. What it says goes to a file
/// in `work`. Given up when nothing happens there for `stall`.
pub(super) fn run(mut command: Command, work: &Path, stall: Duration, observer: &dyn Observer) -> Got<Ended> {
    let log = work.join("said.txt");
    let said = File::create(&log).map_err(|e| unwritable(&log, e))?;
    let also = said.try_clone().map_err(|e| unwritable(&log, e))?;
    command.stdin(Stdio::null()).stdout(said).stderr(also);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut running = match command.spawn() {
        Ok(child) => Running(child),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Ended::NotThere),
        Err(e) => return Ok(Ended::Badly(format!("it cannot be started: {e}"))),
    };
    let (mut last, mut most) = (Instant::now(), 0);
    loop {
        observer.keep_going()?;
        match running.0.try_wait() {
            Ok(Some(status)) if status.success() => {
                observer.event(Event::Bytes { done: bytes_in(work), total: None });
                return Ok(Ended::Well);
            }
            Ok(Some(status)) => return Ok(Ended::Badly(format!("{status}: {}", last_words(&log)))),
            Ok(None) => {}
            Err(e) => return Ok(Ended::Badly(format!("it cannot be watched: {e}"))),
        }
        let bytes = bytes_in(work);
        if bytes > most {
            (last, most) = (Instant::now(), bytes);
            observer.event(Event::Bytes { done: bytes, total: None });
        } else if last.elapsed() > stall {
            return Ok(Ended::Badly(format!("nothing came for {} s", stall.as_secs())));
        }
        std::thread::sleep(TICK);
    }
}

/// The end of what a program said, in one line.
fn last_words(log: &Path) -> String {
    let said = std::fs::read(log).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let text = lines.join(" / ");
    let skip = text.chars().count().saturating_sub(QUOTED);
    match (text.is_empty(), skip) {
        (true, _) => "it said nothing".to_owned(),
        (false, 0) => text,
        (false, skip) => format!("…{}", text.chars().skip(skip).collect::<String>()),
    }
}
