//! In: lines with their times and how long each would take to say. Out: findings about windows. The estimates are given;
//! the words for what is found are here.

use super::Limits;
use crate::notes::{Note, Notes};
use crate::time::Ticks;
use crate::transcript::Cue;

/// From this rate on a line counts as hurried: up to 1.15 nobody minds (Perez 2019).
const HURRIED: f64 = 1.15;

/// A first line later than this stands in a file whose clock did not begin at nought.
const HOUR: Ticks = Ticks::from_millis(3_600_000);

/// Adds what there is to say about the windows of `cues`, which are in order of their starts; gives how many seconds all
/// of them take, each as `seconds` says by its place.
pub(super) fn judge(cues: &[Cue], seconds: impl Fn(usize) -> f64, limits: &Limits, findings: &mut Notes) -> f64 {
    let mut all = 0.0;
    // The first line that starts later than this one.
    let mut later = 0;
    for (at, cue) in cues.iter().enumerate() {
        let seconds = seconds(at);
        all += seconds;
        let Some(start) = cue.start() else { continue };
        later = later.max(at);
        while cues.get(later).is_some_and(|other| other.start() <= Some(start)) {
            later += 1;
        }
        if seconds > 0.0 {
            findings.extend(window(cue, start, cues.get(later).and_then(|cue| cue.start()), seconds, limits));
        }
    }
    ends(cues, findings);
    if let Some((cue, start)) =
        cues.first().and_then(|cue| Some((cue, cue.start()?))).filter(|(_, start)| *start >= HOUR)
    {
        let message = format!(
            "the first line begins at {start}, and the track is silent until then; broadcasters' clocks often begin at \
             1:00:00 or 10:00:00"
        );
        findings.push(Note::info(cue.line(), "late-beginning", message));
    }
    all
}

/// What there is to say about one window; `next` is where the next line starts.
fn window(cue: &Cue, start: Ticks, next: Option<Ticks>, seconds: f64, limits: &Limits) -> Option<Note> {
    let end = cue.end().or(next)?;
    // A stamp of whole seconds names a moment within its second: so much more there may be.
    let slack = cue.grain().secs().min(1.0);
    let window = (end - start).secs();
    let rate = seconds / (window + slack);
    if rate <= HURRIED {
        return None;
    }
    let needed = format!("this takes about {seconds:.1} s to say and has {window:.1} s");
    let free = next.map_or(f64::INFINITY, |next| (next - start).secs());
    let ends_late = seconds / limits.max_rate - window;
    Some(if rate <= limits.max_rate {
        Note::info(cue.line(), "tight", format!("{needed}: it will be hurried ({rate:.2} times the voice's pace)"))
    } else if window + ends_late <= free + slack {
        let message = format!("{needed}: it will end about {ends_late:.1} s after its end, before the next line");
        Note::info(cue.line(), "tight", message)
    } else {
        let allowed = limits.max_rate;
        let message =
            format!("{needed}: it would have to be spoken at {rate:.2} times the voice's pace ({allowed} is allowed)");
        Note::warning(cue.line(), "too-short", message)
    })
}

/// A hint for each line without an end, where most have one.
fn ends(cues: &[Cue], findings: &mut Notes) {
    let with = cues.iter().filter(|cue| cue.end().is_some()).count();
    let without = cues.iter().filter(|cue| cue.end().is_none() && cue.start().is_some());
    if with * 2 > cues.len() {
        let message = "this line has no end; its window lasts until the next line";
        findings.extend(without.map(|cue| Note::info(cue.line(), "no-end", message)));
    }
}
