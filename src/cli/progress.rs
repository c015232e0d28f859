//! In: what the library says is happening. Out: bars and lines on a terminal, lines in a pipe, nothing when quiet. Also
//! where Ctrl-C is heard.

use cuevox::progress::{Event, Observer};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

static STOP: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicU8 = AtomicU8::new(0);

/// From now on a first Ctrl-C asks to stop, and a second one stops at once.
pub(super) fn listen_for_interrupts() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let heard = ctrlc::set_handler(|| {
            STOP.store(true, Ordering::Relaxed);
            if ASKED.fetch_add(1, Ordering::Relaxed) > 0 {
                std::process::exit(130);
            }
        });
        if heard.is_err() {
            eprintln!("warning: Ctrl-C cannot be caught here; unfinished files may stay behind");
        }
    });
}

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Say {
    /// Errors only.
    Errors,
    /// What happens.
    Enough,
    /// Every note.
    Everything,
}

impl Say {
    pub(super) fn new(quiet: bool, verbose: bool) -> Say {
        match (quiet, verbose) {
            (true, _) => Say::Errors,
            (_, true) => Say::Everything,
            _ => Say::Enough,
        }
    }

    /// Says a line about what happens.
    pub(super) fn line(self, text: &str) {
        if self != Say::Errors {
            eprintln!("{text}");
        }
    }
}

/// Shows on standard error what is happening.
pub(super) struct Watcher {
    say: Say,
    terminal: bool,
    bar: Mutex<Option<Bar>>,
}

struct Bar {
    bar: ProgressBar,
    started: Instant,
    seconds: f64,
    spoken: f64,
}

impl Watcher {
    pub(super) fn new(say: Say) -> Watcher {
        listen_for_interrupts();
        Watcher { say, terminal: std::io::stderr().is_terminal() && say != Say::Errors, bar: Mutex::new(None) }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Some(old) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            old.bar.finish_and_clear();
        }
    }

    fn begin(&self, length: u64, template: &str, seconds: f64) {
        self.clear();
        if !self.terminal {
            return;
        }
        let bar = ProgressBar::new(length);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Bar { bar, started: Instant::now(), seconds, spoken: 0.0 });
    }

    fn with_bar(&self, act: impl FnOnce(&mut Bar)) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            act(bar);
        }
    }

    fn say(&self, text: &str) {
        match self.bar.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(bar) => bar.bar.suspend(|| self.say.line(text)),
            None => self.say.line(text),
        }
    }
}

impl Observer for Watcher {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Installing { id, bytes, licence } => {
                self.say(&format!("installing the voice {id}: {}, licence: {licence}", HumanBytes(bytes)));
                self.begin(bytes, "  {bar:32} {bytes}/{total_bytes} {bytes_per_sec} {msg}", 0.0);
            }
            Event::Source(source) => self.say(&format!("  from {source}")),
            Event::Bytes { done, total } => self.with_bar(|b| {
                if let Some(total) = total {
                    b.bar.set_length(total);
                }
                b.bar.set_position(done);
            }),
            Event::Installed(id) => {
                self.clear();
                self.say(&format!("  installed {id}, every file checked by its SHA-256"));
            }
            Event::Speaking { utterances, seconds } => {
                let template = "  speaking {bar:32} {pos}/{len} utterances, {eta} left, {msg}";
                self.begin(utterances as u64, template, seconds);
            }
            Event::Spoken(seconds) => self.with_bar(|b| {
                b.spoken += seconds;
                b.bar.inc(1);
                let speed = b.spoken / b.started.elapsed().as_secs_f64().max(0.001);
                b.bar.set_message(format!(
                    "{speed:.1} times as fast as real time, {:.0} of {:.0} s",
                    b.spoken, b.seconds
                ));
            }),
        }
    }

    fn interrupted(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}
