//! In: where somebody speaks. Out: the gain of what lies under the speech, sample by sample: down before the first sound,
//! up again some time after the last. Knows no samples but their positions.
//!
//! No detector is needed: the plan says where speech is, so the gain can begin to fall before it. It moves along half a
//! cosine in decibels, which the ear takes for even. Between lines too close for it to come back and fall again, it stays
//! down.

use crate::time::Ticks;
use std::ops::Range;

/// How what lies under the speech makes room for it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Duck {
    /// By how much, in decibels.
    pub depth_db: f64,
    /// How long the way down takes; it ends where the speech begins.
    pub attack: Ticks,
    /// How long it stays down after the speech.
    pub hold: Ticks,
    /// How long the way up takes.
    pub release: Ticks,
}

impl Default for Duck {
    /// 20 dB: from there on speech over a background is easy to follow for those hard of hearing too (WCAG 2.2, 1.4.7).
    fn default() -> Duck {
        Duck {
            depth_db: 20.0,
            attack: Ticks::from_millis(300),
            hold: Ticks::from_millis(400),
            release: Ticks::from_millis(900),
        }
    }
}

/// The gain along a track.
#[derive(Clone, Debug)]
pub struct Ducker {
    depth_db: f64,
    attack: u64,
    release: u64,
    /// Where the gain is all the way down; in order, apart by attack and release at least.
    down: Vec<Range<u64>>,
    at: u64,
    next: usize,
}

impl Ducker {
    /// For speech in these stretches of samples at `rate` Hz, in any order; they may overlap.
    pub fn new(duck: Duck, rate: u32, speech: impl IntoIterator<Item = Range<u64>>) -> Ducker {
        let [attack, hold, release] = [duck.attack, duck.hold, duck.release].map(|t| t.to_samples(rate));
        let mut speech: Vec<Range<u64>> = speech.into_iter().collect();
        speech.sort_by_key(|span| span.start);
        let mut down: Vec<Range<u64>> = Vec::new();
        for span in speech {
            let end = span.end.max(span.start) + hold;
            match down.last_mut() {
                Some(last) if span.start < last.end + attack + release => last.end = last.end.max(end),
                _ => down.push(span.start..end),
            }
        }
        Ducker { depth_db: duck.depth_db.max(0.0), attack, release, down, at: 0, next: 0 }
    }

    /// The same, with the gain of sample `at` as the next.
    pub fn from(self, at: u64) -> Ducker {
        Ducker { at, ..self }
    }

    /// The gains of the next samples.
    pub fn fill(&mut self, gains: &mut [f32]) {
        for gain in gains {
            while self.down.get(self.next).is_some_and(|span| span.end + self.release <= self.at) {
                self.next += 1;
            }
            *gain = self.down.get(self.next).map_or(1.0, |span| self.gain(span));
            self.at += 1;
        }
    }

    fn gain(&self, down: &Range<u64>) -> f32 {
        let at = self.at;
        // How far down, from 0 to 1.
        let part = if at < down.start {
            let ahead = down.start - at;
            if ahead >= self.attack { 0.0 } else { 1.0 - ahead as f64 / self.attack as f64 }
        } else if at < down.end {
            1.0
        } else {
            1.0 - (at - down.end) as f64 / self.release as f64
        };
        if part <= 0.0 {
            return 1.0;
        }
        let eased = 0.5 - 0.5 * (std::f64::consts::PI * part).cos();
        10f64.powf(-self.depth_db * eased / 20.0) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 1000;

    fn gains(duck: Duck, speech: &[Range<u64>], count: usize, part: usize) -> Vec<f32> {
        let mut ducker = Ducker::new(duck, RATE, speech.iter().cloned());
        let mut gains = vec![0.0; count];
        gains.chunks_mut(part).for_each(|part| ducker.fill(part));
        gains
    }

    fn decibels(gain: f32) -> f32 {
        20.0 * gain.log10()
    }

    #[test]
    fn all_the_way_down_from_the_first_sound_to_the_last_and_up_again_after() {
        let duck = Duck::default();
        let gains = gains(duck, &[1000..1500, 6000..6001], 8000, 37);
        let down = |i: usize| (decibels(gains[i]) + 20.0).abs() < 0.01;
        assert!((1000..1900).all(down) && (6000..6401).all(down));
        assert!(gains[..=700].iter().chain(&gains[2800..5700]).chain(&gains[7301..]).all(|g| *g == 1.0));
        assert!(gains[701..1000].windows(2).all(|pair| pair[1] < pair[0]));
        assert!(gains[1900..2800].windows(2).all(|pair| pair[1] > pair[0]));
        // Half the way at half the time, in decibels; nowhere a jump.
        assert!((decibels(gains[850]) + 10.0).abs() < 0.1, "{}", decibels(gains[850]));
        let step = gains.windows(2).map(|pair| (decibels(pair[0]) - decibels(pair[1])).abs()).fold(0.0, f32::max);
        assert!(step < 0.11, "{step}");
    }

    #[test]
    fn it_stays_down_between_lines_that_are_close() {
        // 400 to hold, 900 up and 300 down: less room than that, and it does not move.
        let near = gains(Duck::default(), &[1000..1500, 3000..3500], 4000, 4000);
        assert!(near[1000..3500].iter().all(|g| (decibels(*g) + 20.0).abs() < 0.01));
        let apart = gains(Duck::default(), &[1000..1500, 3200..3500], 4000, 4000);
        assert!(apart[1000..3200].contains(&1.0));
    }

    #[test]
    fn people_who_talk_at_once_are_made_room_for_once() {
        let one = gains(Duck::default(), std::slice::from_ref(&(1000..3000)), 5000, 300);
        let rows: [&[Range<u64>]; 3] =
            [&[1000..3000, 1500..2000], &[1500..2000, 1000..3000], &[2500..3000, 1000..2600, 1000..1001]];
        for speech in rows {
            assert!(gains(Duck::default(), speech, 5000, 300) == one, "{speech:?}");
        }
    }

    #[test]
    fn nothing_to_speak_no_depth_and_no_time_are_all_right() {
        assert!(gains(Duck::default(), &[], 100, 100).iter().all(|g| *g == 1.0));
        let none = Duck { depth_db: 0.0, ..Duck::default() };
        assert!(gains(none, &[0..50, 20..40], 100, 7).iter().all(|g| *g == 1.0));
        let zero = Ticks::ZERO;
        let sudden = Duck { depth_db: 6.0, attack: zero, hold: zero, release: zero };
        let gains = gains(sudden, &[10..15, 15..20], 30, 30);
        assert!(gains[..10].iter().chain(&gains[20..]).all(|g| *g == 1.0) && gains[10..20].iter().all(|g| *g < 0.51));
    }
}
