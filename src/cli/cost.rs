//! In: the process. Out: what it has cost so far. Knows nothing of what it did.

use cuevox::progress::Event;
use cuevox::report::Cost;
use std::time::{Duration, Instant};

/// How long the stages of planning took, as far as the library tells when each begins.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stages {
    /// Asking the voices how long they would speak.
    measuring: Duration,
    /// Choosing starts and rates.
    solving: Duration,
    since: Option<Instant>,
}

impl Stages {
    /// Takes note of the time.
    pub(super) fn hear(&mut self, event: &Event<'_>) {
        let passed = |since: Option<Instant>| since.map_or(Duration::ZERO, |since| since.elapsed());
        match event {
            // Measured once more where the stamps cut an utterance: it all counts.
            Event::Measuring { .. } | Event::Planning { .. } => {
                self.measuring += passed(self.since);
                self.since = Some(Instant::now());
            }
            Event::Planned => {
                self.solving += passed(self.since);
                self.since = None;
            }
            _ => {}
        }
    }

    /// The same for a person.
    pub(super) fn text(&self) -> String {
        format!(
            "planned: the voice's durations took {:.2} s, starts and rates {:.2} s",
            self.measuring.as_secs_f64(),
            self.solving.as_secs_f64()
        )
    }
}

/// A clock that runs.
pub(super) struct Clock {
    started: Instant,
    cpu: f64,
}

impl Clock {
    pub(super) fn start() -> Clock {
        Clock { started: Instant::now(), cpu: usage().0 }
    }

    /// What it took since the start, for so many seconds of speech. The peak is that of the whole process.
    pub(super) fn cost(&self, speech: f64, stages: Stages) -> Cost {
        let wall_s = self.started.elapsed().as_secs_f64();
        let (cpu, peak_bytes) = usage();
        let realtime_factor = if speech > 0.0 { wall_s / speech } else { 0.0 };
        let (measure_s, solve_s) = (stages.measuring.as_secs_f64(), stages.solving.as_secs_f64());
        Cost { wall_s, cpu_s: cpu - self.cpu, measure_s, solve_s, realtime_factor, peak_bytes }
    }
}

/// Seconds of all cores and the most bytes held, as far as the system says.
#[cfg(unix)]
fn usage() -> (f64, u64) {
    use nix::sys::resource::{UsageWho, getrusage};
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else { return (0.0, 0) };
    let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
    // Kilobytes everywhere but on Apple's systems, where it is bytes.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    (seconds(usage.user_time()) + seconds(usage.system_time()), usage.max_rss().max(0) as u64 * unit)
}

#[cfg(not(unix))]
fn usage() -> (f64, u64) {
    (0.0, 0)
}
