//! In: what happens to each file of a batch, from several threads. Out: one line of progress for them all, and lines above
//! it. Knows no file.

use crate::cli::progress::{Say, listen_for_interrupts, span, stop_asked};
use crate::cli::{notes, print_err, printable};
use cuevox::notes::Note;
use cuevox::progress::{Event, Observer};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Where a batch stands.
pub(super) struct Board {
    say: Say,
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    files: usize,
    done: usize,
    lines: usize,
    /// Seconds of speech that were spoken.
    spoken: f64,
    /// How much there is to do, in bytes of transcripts, and how much of it is done; what was found finished is neither.
    work: f64,
    worked: f64,
}

impl State {
    fn text(&self) -> String {
        let elapsed = self.started.elapsed().as_secs_f64().max(0.001);
        let mut text = format!("{} of {} files, {} lines", self.done, self.files, self.lines);
        if self.spoken > 0.0 {
            text += &format!(", {:.1}x real time", self.spoken / elapsed);
        }
        if self.worked > 0.0 && self.worked < self.work {
            text += &format!(", {} left", span(elapsed * (self.work - self.worked) / self.worked));
        }
        text
    }
}

impl Board {
    /// For so many files with so many bytes in all.
    pub(super) fn new(say: Say, files: usize, bytes: u64) -> Board {
        listen_for_interrupts();
        let bar = (say != Say::Errors && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(files as u64);
            if let Ok(style) = ProgressStyle::with_template("  {bar:16} {msg}") {
                bar.set_style(style.progress_chars("━╸─"));
            }
            bar
        });
        let state =
            State { started: Instant::now(), files, done: 0, lines: 0, spoken: 0.0, work: bytes as f64, worked: 0.0 };
        Board { say, bar, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, state: &State) {
        if let Some(bar) = &self.bar {
            bar.set_position(state.done as u64);
            bar.set_message(state.text());
        }
    }

    /// Prints above the progress.
    pub(super) fn above(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// A line about a file: on a terminal only where everything is to be said, as the progress says enough.
    pub(super) fn line(&self, text: &str) {
        if self.say == Say::Everything || self.bar.is_none() {
            self.above(|| self.say.line(text));
        }
    }

    /// What was odd in a file: everything where that was asked for, else what was cut off, which nobody may miss.
    pub(super) fn odd(&self, notes: &[Note], input: &Path) {
        let told = notes.iter().filter(|note| self.say == Say::Everything || note.code == "cut");
        let told: Vec<Note> = told.cloned().collect();
        if !told.is_empty() {
            self.above(|| notes::tell(&told, input, self.say));
        }
    }

    /// A file is done, with so many lines; returns which that is of how many.
    pub(super) fn done(&self, lines: usize) -> (usize, usize) {
        let mut state = self.state();
        state.done += 1;
        state.lines += lines;
        self.show(&state);
        (state.done, state.files)
    }

    /// Takes the progress away.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Seconds since the beginning.
    pub(super) fn elapsed(&self) -> f64 {
        self.state().started.elapsed().as_secs_f64()
    }

    /// Seconds of speech that were spoken.
    pub(super) fn spoken(&self) -> f64 {
        self.state().spoken
    }
}

/// Whoever watches one file of a batch.
pub(super) struct Watch<'a> {
    board: &'a Board,
    bytes: f64,
    utterances: AtomicUsize,
    credited: Mutex<f64>,
}

impl<'a> Watch<'a> {
    /// For a file of so many bytes.
    pub(super) fn new(board: &'a Board, bytes: u64) -> Watch<'a> {
        Watch { board, bytes: bytes as f64, utterances: AtomicUsize::new(0), credited: Mutex::default() }
    }

    fn credit(&self, bytes: f64) {
        let mut credited = self.credited.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = bytes.clamp(0.0, (self.bytes - *credited).max(0.0));
        *credited += bytes;
        self.board.state().worked += bytes;
    }

    /// It is done and was rendered, or failed.
    pub(super) fn rendered(&self) {
        self.credit(self.bytes);
    }

    /// It was found finished: no work was done, and none is left.
    pub(super) fn unchanged(&self) {
        self.board.state().work -= self.bytes;
    }
}

impl Observer for Watch<'_> {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Installing { id, licence, .. } => {
                self.board.above(|| self.board.say.line(&format!("installing the voice {id}, licence: {licence}")));
            }
            Event::Installed(id) => self.board.above(|| self.board.say.line(&format!("  installed {id}"))),
            Event::Speaking { utterances, .. } => self.utterances.store(utterances, Ordering::Relaxed),
            Event::Spoken(seconds) => {
                self.credit(self.bytes / self.utterances.load(Ordering::Relaxed).max(1) as f64);
                let mut state = self.board.state();
                state.spoken += seconds;
                self.board.show(&state);
            }
            _ => {}
        }
    }

    fn interrupted(&self) -> bool {
        stop_asked()
    }
}

/// Tells an error without disturbing the progress.
pub(super) fn complain(board: &Board, text: &str) {
    board.above(|| print_err(&printable(&format!("error: {text}"))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_goes_by_what_was_really_done() {
        let board = Board::new(Say::Errors, 4, 400);
        let (first, second) = (Watch::new(&board, 100), Watch::new(&board, 100));
        first.unchanged();
        assert!(!board.state().text().contains("left"), "{}", board.state().text());
        second.event(Event::Speaking { utterances: 4, seconds: 8.0 });
        second.event(Event::Spoken(2.0));
        // One lock at a time: two in a statement would wait for each other.
        let amounts = || {
            let state = board.state();
            (state.work, state.worked)
        };
        assert_eq!(amounts(), (300.0, 25.0));
        assert!(board.state().text().contains(" left"));
        second.rendered();
        second.event(Event::Spoken(2.0));
        assert_eq!(amounts(), (300.0, 100.0));
        assert_eq!(board.done(7), (1, 4));
        assert!(board.state().text().starts_with("1 of 4 files, 7 lines, "));
    }
}
