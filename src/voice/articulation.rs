//! In: the frames a voice would give each id by itself, and those that are asked of it. Out: the frames it articulates
//! each id in, and which of these is heard in each frame that was asked. Knows no network.
//!
//! A network that is told to speak fast swallows sounds: consonants of two frames become one, and what comes of them is
//! understood worse than a natural recording played faster. Played faster as samples, a voice sounds rough. In between
//! lies what a network's decoder reads: features at natural durations hold every sound, of hurried speech some of them
//! are left out evenly, and the decoder makes smooth speech of what is left. How fast a voice articulates well by
//! itself depends on the voice; from there on it is hurried in this way.

use std::ops::Range;

/// How many times as fast as it was articulated an id is played at most. Beyond it (a pause that is closed) what was
/// articulated would be skipped rather than hurried.
const FASTEST_PLAYED: u32 = 2;

/// How an utterance is articulated, and what is heard of that.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Articulation {
    /// Frames of each id that are made.
    pub(super) frames: Vec<u32>,
    /// For each point that is heard, which point it is of those that are made, in order.
    pub(super) heard: Vec<u32>,
}

impl Articulation {
    /// All that is made is heard; with so many points for each frame.
    pub(super) fn plain(frames: &[u32], points: u32) -> Articulation {
        let total: u32 = frames.iter().sum();
        Articulation { frames: frames.to_vec(), heard: (0..total * points).collect() }
    }

    /// For a voice that by itself would give each id the frames of `own`, and articulates up to `fastest` times as fast
    /// as that; `asked` are the frames that it has, and each frame has so many points.
    pub(super) fn of(own: &[f32], asked: &[u32], fastest: f32, points: u32) -> Articulation {
        let mut made = 0;
        let (mut frames, mut heard) = (Vec::with_capacity(asked.len()), Vec::new());
        for (own, asked) in own.iter().zip(asked) {
            let wanted = (own / fastest).round() as u32;
            let articulated = wanted.clamp(*asked, asked.saturating_mul(FASTEST_PLAYED));
            // The middle of a point that is heard lies in the point of what is made that it is taken from.
            for point in 0..asked * points {
                let middle = u64::from(2 * point + 1) * u64::from(articulated);
                heard.push(made * points + (middle / u64::from(2 * asked)) as u32);
            }
            made += articulated;
            frames.push(articulated);
        }
        Articulation { frames, heard }
    }

    /// Where the middle of each frame that is heard lies among the middles of those that are made, for one point a frame:
    /// 1.5 is half way from the second to the third. `asked` are the frames it was made for.
    pub(super) fn places(&self, asked: &[u32]) -> Vec<f32> {
        let (mut first, mut places) = (0, Vec::with_capacity(self.heard.len()));
        for (made, asked) in self.frames.iter().zip(asked) {
            for point in 0..*asked {
                let within = (2 * point + 1) as f32 * *made as f32 / (2 * asked) as f32;
                places.push(first as f32 + within - 0.5);
            }
            first += made;
        }
        places
    }

    /// A part of what is heard, as an articulation of its own, and the first frame of the whole that is made for it. For
    /// one point a frame.
    pub(super) fn part(&self, heard: Range<u64>) -> (Articulation, u64) {
        let heard = &self.heard[heard.start as usize..heard.end as usize];
        let (Some(first), Some(last)) = (heard.first(), heard.last()) else {
            return (Articulation { frames: vec![0; self.frames.len()], heard: Vec::new() }, 0);
        };
        let mut frames = Vec::with_capacity(self.frames.len());
        let mut at = 0;
        for count in &self.frames {
            let next = at + count;
            frames.push(next.min(last + 1).saturating_sub(at.max(*first)));
            at = next;
        }
        (Articulation { frames, heard: heard.iter().map(|point| point - first).collect() }, u64::from(*first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_hurried_beyond_a_voices_own_haste_is_played_faster() {
        struct Row<'a> {
            own: &'a [f32],
            asked: &'a [u32],
            fastest: f32,
            points: u32,
            frames: &'a [u32],
            heard: &'a [u32],
        }
        let rows = [
            // Nothing is hurried, or no more than the voice does well by itself.
            Row {
                own: &[2.0, 3.0],
                asked: &[2, 4],
                fastest: 1.0,
                points: 1,
                frames: &[2, 4],
                heard: &[0, 1, 2, 3, 4, 5],
            },
            Row {
                own: &[4.0, 4.0],
                asked: &[3, 3],
                fastest: 1.3,
                points: 1,
                frames: &[3, 3],
                heard: &[0, 1, 2, 3, 4, 5],
            },
            // Three frames are made and every other is heard, the middle of those that stand for it.
            Row { own: &[3.0, 4.0], asked: &[2, 2], fastest: 1.0, points: 1, frames: &[3, 4], heard: &[0, 2, 4, 6] },
            Row { own: &[3.0], asked: &[2], fastest: 1.0, points: 2, frames: &[3], heard: &[0, 2, 3, 5] },
            // A pause that is closed is not skipped through.
            Row { own: &[20.0, 1.0], asked: &[2, 1], fastest: 1.0, points: 1, frames: &[4, 1], heard: &[1, 3, 4] },
            Row { own: &[5.0, 2.0], asked: &[0, 2], fastest: 1.0, points: 1, frames: &[0, 2], heard: &[0, 1] },
        ];
        for row in rows {
            let found = Articulation::of(row.own, row.asked, row.fastest, row.points);
            let wanted = Articulation { frames: row.frames.to_vec(), heard: row.heard.to_vec() };
            assert_eq!(found, wanted, "{:?} {:?}", row.own, row.asked);
        }
    }

    #[test]
    fn frames_that_are_heard_lie_evenly_among_those_that_are_made() {
        let places = |own: &[f32], asked: &[u32]| Articulation::of(own, asked, 1.0, 1).places(asked);
        assert_eq!(places(&[2.0, 3.0], &[2, 4]), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(places(&[3.0, 4.0, 2.0], &[2, 2, 0]), [0.25, 1.75, 3.5, 5.5]);
    }

    #[test]
    fn a_part_makes_no_more_than_is_heard_of_it() {
        let whole = Articulation::of(&[4.0, 4.0, 3.0], &[2, 4, 2], 1.0, 1);
        assert_eq!(whole.heard, [1, 3, 4, 5, 6, 7, 8, 10]);
        assert_eq!(whole.part(0..8), (Articulation { frames: vec![3, 4, 3], heard: vec![0, 2, 3, 4, 5, 6, 7, 9] }, 1));
        assert_eq!(whole.part(1..4), (Articulation { frames: vec![1, 2, 0], heard: vec![0, 1, 2] }, 3));
        assert_eq!(whole.part(3..3), (Articulation { frames: vec![0; 3], heard: vec![] }, 0));
        assert_eq!(Articulation::plain(&[1, 2], 2).heard, [0, 1, 2, 3, 4, 5]);
    }
}
