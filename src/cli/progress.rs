//! In: what the library says is happening. Out: bars and lines on a terminal, lines in a pipe, nothing when quiet. Also
//! where Ctrl-C is heard.

use super::cost::Stages;
use super::table::columns_of;
use super::{print_err, printable};
use cuevox::files::unfinished;
use cuevox::progress::{Event, Observer};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

static STOP: AtomicBool = AtomicBool::new(false);
static AT_ONCE: AtomicBool = AtomicBool::new(false);

/// From now on a first Ctrl-C asks to stop, and a second one stops at once. Either way nothing unfinished stays.
pub(super) fn listen_for_interrupts() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let heard = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) || AT_ONCE.load(Ordering::Relaxed) {
                unfinished::sweep();
                print_err("\nerror: interrupted");
                std::process::exit(130);
            }
        });
        if heard.is_err() {
            print_err("warning: Ctrl-C cannot be caught here; unfinished files may stay behind");
        }
    });
}

/// Does what may wait for ever; a Ctrl-C meanwhile ends the program without asking.
pub(super) fn ends_at_once<T>(work: impl FnOnce() -> T) -> T {
    AT_ONCE.store(true, Ordering::Relaxed);
    let done = work();
    AT_ONCE.store(false, Ordering::Relaxed);
    done
}

/// Whether somebody has asked to stop.
pub(super) fn stop_asked() -> bool {
    STOP.load(Ordering::Relaxed)
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
            print_err(&printable(text));
        }
    }
}

/// Shows on standard error what is happening.
pub(super) struct Watcher {
    say: Say,
    terminal: bool,
    bar: Mutex<Option<Bar>>,
    stages: Mutex<Stages>,
}

struct Bar {
    bar: ProgressBar,
    started: Instant,
    /// Columns of the terminal when it began.
    columns: usize,
    /// Seconds of speech in all, and so far.
    seconds: f64,
    spoken: f64,
}

/// How much text stands beside a bar; what is left of the terminal's width is the bar's.
const BESIDE: usize = 64;

/// A line with a bar as wide as the terminal lets it be, or without one.
fn template(columns: usize, what: &str, numbers: &str) -> String {
    match columns.saturating_sub(BESIDE).min(32) {
        0..8 => format!("  {numbers}"),
        _ if what.is_empty() => format!("  {numbers}"),
        width => format!("  {what} {{bar:{width}}} {numbers}"),
    }
}

/// What the line says about speech: how much is done of how much, how fast, and how long it will take from here.
fn spoken_so_far(spoken: f64, seconds: f64, elapsed: f64, columns: usize) -> String {
    let speed = spoken / elapsed.max(0.001);
    let left =
        if spoken > 0.0 { format!(", {} left", span((seconds - spoken).max(0.0) / speed)) } else { String::new() };
    match columns {
        0..62 => format!("{spoken:.0}/{seconds:.0} s, {speed:.1}x{left}"),
        _ => format!("{spoken:.0} of {seconds:.0} s, {speed:.1}x real time{left}"),
    }
}

/// A length of time for a person who waits.
pub(super) fn span(seconds: f64) -> String {
    let whole = seconds.ceil() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, m, _) => format!("{h} h {m:02} min"),
    }
}

impl Watcher {
    pub(super) fn new(say: Say) -> Watcher {
        listen_for_interrupts();
        let terminal = std::io::stderr().is_terminal() && say != Say::Errors;
        Watcher { say, terminal, bar: Mutex::default(), stages: Mutex::default() }
    }

    /// How long the stages have taken since this was last asked.
    pub(super) fn stages(&self) -> Stages {
        std::mem::take(&mut self.stages.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Some(old) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            old.bar.finish_and_clear();
        }
    }

    fn begin(&self, length: u64, what: &str, numbers: &str, seconds: f64) {
        self.clear();
        if !self.terminal {
            return;
        }
        let columns = columns_of(std::io::stderr());
        let bar = ProgressBar::new(length);
        if let Ok(style) = ProgressStyle::with_template(&template(columns, what, numbers)) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Bar { bar, started: Instant::now(), columns, seconds, spoken: 0.0 });
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
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).hear(&event);
        match event {
            Event::Installing { id, bytes, licence } => {
                self.say(&format!("installing the voice {id}: {}, licence: {licence}", HumanBytes(bytes)));
                self.begin(bytes, "fetching", "{bytes}/{total_bytes} {bytes_per_sec}", 0.0);
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
            Event::Measuring { utterances } => {
                self.begin(utterances as u64, "planning", "{pos} of {len} sentences measured", 0.0);
            }
            Event::Measured => self.with_bar(|b| b.bar.inc(1)),
            Event::Planning { pieces } => self.begin(pieces as u64, "planning", "{len} lines: starts and rates", 0.0),
            Event::Planned => self.clear(),
            Event::Speaking { seconds, .. } => {
                self.begin((seconds * 1000.0) as u64, "speaking", "{msg}", seconds);
                self.with_bar(|b| b.bar.set_message(format!("0 of {seconds:.0} s")));
            }
            Event::Spoken(seconds) => self.with_bar(|b| {
                b.spoken += seconds;
                b.bar.set_position((b.spoken * 1000.0) as u64);
                let elapsed = b.started.elapsed().as_secs_f64();
                b.bar.set_message(spoken_so_far(b.spoken, b.seconds, elapsed, b.columns));
            }),
            Event::Mixing { seconds } => {
                self.begin(0, "", "{msg}", 0.0);
                self.with_bar(|b| b.bar.set_message(format!("levelling and writing {seconds:.0} s")));
            }
        }
    }

    fn interrupted(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters the line needs: the bar, and the longest message.
    fn width(columns: usize, spoken: f64, seconds: f64, elapsed: f64) -> usize {
        let bar = columns.saturating_sub(BESIDE).min(32);
        let bar = if bar < 8 { 0 } else { bar + " speaking".len() };
        2 + bar + 1 + spoken_so_far(spoken, seconds, elapsed, columns).chars().count()
    }

    #[test]
    fn the_line_fits_the_terminal() {
        for columns in [40, 55, 61, 62, 80, 100, 250] {
            for (spoken, seconds, elapsed) in [(3.0, 216.0, 1.0), (59.0, 14_400.0, 10.0), (9999.0, 99_999.0, 500.0)] {
                let wide = width(columns, spoken, seconds, elapsed);
                assert!(wide < columns, "{columns}: {wide}");
            }
        }
    }

    #[test]
    fn what_is_left_is_said_as_people_say_it() {
        let rows = [(0.2, "1 s"), (59.0, "59 s"), (61.0, "1 min 01 s"), (3725.0, "1 h 02 min")];
        for (seconds, text) in rows {
            assert_eq!(span(seconds), text);
        }
        assert_eq!(spoken_so_far(20.0, 60.0, 4.0, 80), "20 of 60 s, 5.0x real time, 8 s left");
        assert_eq!(spoken_so_far(20.0, 60.0, 4.0, 40), "20/60 s, 5.0x, 8 s left");
    }
}
