//! In: cues on the transcript's clock, and how the track's clock differs from it. Out: the same cues on the track's clock,
//! and notes on those that would begin before its beginning. Knows no format.

use super::Cue;
use crate::error::{Error, Kind, Result};
use crate::notes::Note;
use crate::time::Ticks;
use std::fmt;
use std::str::FromStr;

/// How the times of a transcript become those of a track: they are multiplied by a ratio of frame rates, then moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Shift {
    /// The ratio.
    pub scale: Scale,
    /// How far they are moved; earlier where it is negative.
    pub offset: Ticks,
}

/// The frame rate that times were made for, and the one that they are wanted for: they are multiplied by the first over
/// the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Scale {
    from: FrameRate,
    to: FrameRate,
}

/// Frames a second, as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
struct FrameRate {
    frames: u32,
    seconds: u32,
}

/// How near a rate with a decimal point has to be to a whole one times 1000/1001 to be taken for that: 23.976 and 29.97
/// are short for 24000/1001 and 30000/1001 (SMPTE ST 12-1).
const NTSC: f64 = 0.005;

impl FromStr for FrameRate {
    type Err = ();

    /// `25`, `23.976`, `24000/1001`.
    fn from_str(text: &str) -> std::result::Result<FrameRate, ()> {
        let number = |digits: &str| {
            let sound = (1..=7).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse::<u32>().ok().filter(|_| sound).ok_or(())
        };
        let rate = match (text.split_once('/'), text.split_once('.')) {
            (Some((frames, seconds)), _) => FrameRate { frames: number(frames)?, seconds: number(seconds)? },
            (None, Some((_, places))) if places.len() <= 4 => {
                let frames = number(&text.replacen('.', "", 1))?;
                FrameRate { frames, seconds: 10u32.pow(places.len() as u32) }.or_ntsc()
            }
            _ => FrameRate { frames: number(text)?, seconds: 1 },
        };
        let sane = rate.seconds > 0 && (1.0..=1000.0).contains(&rate.a_second());
        sane.then_some(rate).ok_or(())
    }
}

impl FrameRate {
    fn a_second(self) -> f64 {
        f64::from(self.frames) / f64::from(self.seconds)
    }

    /// The rate that this one is short for.
    fn or_ntsc(self) -> FrameRate {
        let whole = self.a_second().ceil();
        let exact = FrameRate { frames: whole as u32 * 1000, seconds: 1001 };
        let is_short = whole > self.a_second() && (exact.a_second() - self.a_second()).abs() < NTSC;
        if is_short { exact } else { self }
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds {
            1 => write!(f, "{}", self.frames),
            seconds => write!(f, "{}/{seconds}", self.frames),
        }
    }
}

impl FromStr for Scale {
    type Err = Error;

    /// `FROM:TO`, each as `25`, `23.976` or `24000/1001`.
    fn from_str(text: &str) -> Result<Scale> {
        let rates = text.split_once(':').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let scale = rates.map(|(from, to): (FrameRate, FrameRate)| Scale { from, to });
        scale.filter(|scale| (0.1..=10.0).contains(&(scale.from.a_second() / scale.to.a_second()))).ok_or_else(|| {
            Error::new(Kind::Usage, "that is FROM:TO, two frame rates, as 25:23.976 or 25:24000/1001")
                .help("times are multiplied by FROM/TO, which is from 0.1 to 10")
        })
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.from, self.to)
    }
}

impl Default for Scale {
    fn default() -> Scale {
        let one = FrameRate { frames: 1, seconds: 1 };
        Scale { from: one, to: one }
    }
}

impl Scale {
    /// A time, multiplied; to the nearest tick.
    fn of(self, time: Ticks) -> Ticks {
        let up = i128::from(self.from.frames) * i128::from(self.to.seconds);
        let down = i128::from(self.from.seconds) * i128::from(self.to.frames);
        let doubled = (2 * i128::from(time.0) * up + down).div_euclid(2 * down);
        Ticks(doubled.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }
}

impl Shift {
    /// Whether times stay what they are.
    pub fn is_none(&self) -> bool {
        self.offset == Ticks::ZERO && self.scale.of(Ticks::from_millis(1000)) == Ticks::from_millis(1000)
    }

    /// A time of the transcript, on the track's clock.
    pub fn time(&self, time: Ticks) -> Ticks {
        Ticks(self.scale.of(time).0.saturating_add(self.offset.0))
    }

    /// Cues in order of their starts, on the track's clock. One whose window, which ends where it says or where the next one
    /// begins, is over before the track begins is left out; one that has begun by then begins with the track.
    pub fn apply(&self, cues: Vec<Cue>, notes: &mut Vec<Note>) -> Vec<Cue> {
        if self.is_none() {
            return cues;
        }
        let over = before_the_beginning(&cues, |time| self.time(time) <= Ticks::ZERO);
        let (mut kept, mut out) = (Vec::with_capacity(cues.len()), Vec::new());
        for (mut cue, over) in cues.into_iter().zip(over) {
            let Some(start) = cue.start().map(|start| self.time(start)) else {
                kept.push(cue);
                continue;
            };
            if over {
                out.push(cue.line());
                continue;
            }
            if start < Ticks::ZERO {
                let message = format!("moved to {start}, this begins before the track, and is begun with it");
                notes.push(Note::warning(cue.line(), "before-beginning", message));
            }
            let grain = self.scale.of(cue.grain());
            cue.set_end(cue.end().map(|end| self.time(end)));
            cue.set_start(start.max(Ticks::ZERO), grain);
            kept.push(cue);
        }
        if let Some(first) = out.first() {
            let which = match out.len() {
                1 => "this line is over before the track begins, and is left out".to_owned(),
                count => format!("{count} lines from here on are over before the track begins, and are left out"),
            };
            notes.push(Note::warning(*first, "before-beginning", format!("moved by {}, {which}", self.offset)));
        }
        kept
    }
}

/// Which of these cues, in order of their starts, are over by a time for which `past` holds.
fn before_the_beginning(cues: &[Cue], past: impl Fn(Ticks) -> bool) -> Vec<bool> {
    let mut over = vec![false; cues.len()];
    // The next start that is later, and that of the cue after.
    let (mut later, mut next): (Option<Ticks>, Option<Ticks>) = (None, None);
    for (over, cue) in over.iter_mut().zip(cues).rev() {
        if next.is_some_and(|next| cue.start().is_some_and(|start| start < next)) {
            later = next;
        }
        next = cue.start().or(next);
        *over = cue.start().is_some() && cue.end().or(later).is_some_and(&past);
    }
    over
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::read;

    #[test]
    fn frame_rates_are_what_they_are_short_for() {
        let rows = [
            ("25:23.976", "25:24000/1001"),
            ("23.98:25", "24000/1001:25"),
            ("29.97:30", "30000/1001:30"),
            ("25:24000/1001", "25:24000/1001"),
            ("12.5:25", "125/10:25"),
            ("25.000:24", "25000/1000:24"),
        ];
        for (text, wanted) in rows {
            let scale: Scale = text.parse().expect("a scale");
            assert_eq!(scale.to_string(), wanted);
            assert_eq!(scale.to_string().parse::<Scale>().ok(), Some(scale));
        }
        for wrong in
            ["", "25", "25:", ":25", "25:0", "0:25", "25:24:23", "-25:24", "25/0:24", "1:1000", "x:25", "nan:25"]
        {
            assert!(wrong.parse::<Scale>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_multiplied_and_then_moved_to_the_tick() {
        let shift =
            |scale: &str, ms: i64| Shift { scale: scale.parse().expect("a scale"), offset: Ticks::from_millis(ms) };
        // An hour at 25 frames a second is 90000 frames: at 24000/1001 they last 3753.75 s.
        assert_eq!(shift("25:23.976", 0).time(Ticks::from_millis(3_600_000)), Ticks::from_millis(3_753_750));
        assert_eq!(shift("25:23.976", -750).time(Ticks::from_millis(3_600_000)), Ticks::from_millis(3_753_000));
        assert_eq!(shift("24:25", 0).time(Ticks::from_millis(-25)), Ticks::from_millis(-24));
        assert!(shift("25:25", 0).is_none() && !shift("25:24", 0).is_none() && !shift("1:1", 1).is_none());
        let far = shift("10:1", i64::MAX / 1_000_000);
        assert_eq!(far.time(Ticks(i64::MAX)), Ticks(i64::MAX));
    }

    /// Texts, starts, ends and grains in milliseconds; lines of the notes.
    type Moved = (Vec<(String, i64, Option<i64>, i64)>, Vec<Option<usize>>);

    fn moved(text: &str, scale: &str, ms: i64) -> Moved {
        let shift = Shift { scale: scale.parse().expect("a scale"), offset: Ticks::from_millis(ms) };
        let (cues, mut notes) = (read(text.as_bytes()).expect("a transcript").stamped, Vec::new());
        let ms = |time: Ticks| (time.secs() * 1000.0).round() as i64;
        let row = |cue: &Cue| (cue.text().to_owned(), cue.start().map_or(-1, ms), cue.end().map(ms), ms(cue.grain()));
        let rows = shift.apply(cues, &mut notes).iter().map(row).collect();
        (rows, notes.iter().map(|note| note.line).collect())
    }

    #[test]
    fn what_is_over_before_the_track_is_left_out_and_what_has_begun_begins_with_it() {
        let text = "0:01 One.\n0:03 Two.\n0:03 Three.\n0:06 Four.\n";
        let row = |text: &str, start: i64, end: Option<i64>, grain: i64| (text.to_owned(), start, end, grain);
        let (one, four) = (row("One.", 0, None, 1000), row("Four.", 3500, None, 1000));
        let both = [row("Two.", 500, None, 1000), row("Three.", 500, None, 1000)];
        assert_eq!(moved(text, "1:1", -2500), (vec![one, both[0].clone(), both[1].clone(), four], vec![Some(1)]));
        let rest = [row("Two.", 0, None, 1000), row("Three.", 0, None, 1000), row("Four.", 1000, None, 1000)];
        assert_eq!(moved(text, "1:1", -5000), (rest.to_vec(), vec![Some(2), Some(3), Some(1)]));
        assert_eq!(moved(text, "1:1", -60_000), (vec![row("Four.", 0, None, 1000)], vec![Some(4), Some(1)]));
        let srt = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:03,000 --> 00:00:05,000\nTwo.\n";
        let two = row("Two.", 0, Some(1000), 1);
        assert_eq!(moved(srt, "1:1", -4000), (vec![two], vec![Some(7), Some(3)]));
        let slower = [row("One.", 2000, Some(4000), 2), row("Two.", 6000, Some(10_000), 2)];
        assert_eq!(moved(srt, "50:25", 0), (slower.to_vec(), vec![]));
    }
}
