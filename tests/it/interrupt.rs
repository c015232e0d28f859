//! Ctrl-C in the middle of the work: the exit code, and that nothing is left.

use crate::support::{Place, kept};
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take here before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// An hour and more of tones, from prose, which is planned quickly.
fn long_document() -> String {
    let sentences = ["The tide comes in and the tide goes out again, twice a day.", "Nobody on the quay looks up."];
    (0..4000).map(|i| format!("{}{}", sentences[i % 2], if i % 10 == 9 { "\n\n" } else { " " })).collect()
}

/// A run of the program, ended with this value at the latest.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn started(place: &Place, args: &[&str]) -> Running {
    let mut command = place.command(args);
    command.args(["--voice", "tone", "--voices-dir"]).arg(kept("tone"));
    Running(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started"))
}

#[track_caller]
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < PATIENCE, "{what}: not after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn interrupt(child: &Running) {
    let sent = Command::new("kill").args(["-INT", &child.0.id().to_string()]).status();
    assert!(sent.expect("kill is there").success());
}

#[track_caller]
fn ends_with(child: &mut Running, code: i32) -> Duration {
    let since = Instant::now();
    wait_until("the program ends", || child.0.try_wait().expect("it is a child").is_some());
    assert_eq!(child.0.wait().expect("it has ended").code(), Some(code));
    since.elapsed()
}

#[test]
fn an_interrupted_render_stops_soon_with_130_and_leaves_nothing() {
    let place = Place::with(&[("long.txt", &long_document())]);
    let mut child = started(&place, &["render", "long.txt", "--sample-rate", "96000", "--jobs", "2"]);
    let unfinished = |files: &[String]| files.iter().any(|f| f.ends_with(".part"));
    wait_until("a track is begun", || {
        assert!(child.0.try_wait().expect("it is a child").is_none(), "it ended before it could be interrupted");
        unfinished(&place.files())
    });
    interrupt(&child);
    let took = ends_with(&mut child, 130);
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(place.files(), ["long.txt"]);
}

#[test]
fn an_interrupt_while_planning_leaves_nothing_either() {
    let place = Place::with(&[]);
    let mut child = started(&place, &["render", "-", "-q"]);
    // More than a pipe holds: when all of it is written, the program is reading, and listens for signals since before.
    let text = long_document();
    assert!(text.len() > 2 << 16);
    child.0.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
    interrupt(&child);
    ends_with(&mut child, 130);
    assert_eq!(place.files(), [""; 0]);
}
