//! In: queries, keys and values of all moments. Out: for each moment the mean of the values, weighed by how well its query
//! fits each key and by how far apart the two are. Knows no network.
//!
//! As in "Self-Attention with Relative Position Representations" (Shaw et al. 2018): each head adds to a query's
//! product with a key its product with what is learnt for their distance, and to the values what is learnt for it, up
//! to a distance of `reach`; farther apart, nothing is added.

use super::exp::exp;
use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::norm::total;
use super::product::Job;
use super::rows::Rows;

/// Attention in several heads.
pub struct Attention {
    heads: usize,
    /// Blocks of channels of a head.
    depth: usize,
    reach: usize,
    scale: f32,
    /// What is learnt for the distances, packed: one block of columns for the keys, blocks of columns for the values.
    keys: Vec<Block>,
    values: Vec<Block>,
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub struct Room {
    queries: Vec<Block>,
    keys: Vec<Block>,
    scores: Vec<Block>,
    near: Vec<Block>,
    shares: Vec<Block>,
    values: Vec<Block>,
    made: [Vec<Block>; 2],
}

impl Attention {
    /// For `heads` heads of `width` channels. `keys` and `values` have a row of `width` numbers for each distance from
    /// -`reach` to `reach`, the same for all heads. `None` where it cannot be computed here: `width` has to be a multiple
    /// of 16 and `reach` at most 7.
    pub fn new(heads: usize, width: usize, keys: &[f32], values: &[f32]) -> Option<Attention> {
        let distances = keys.len().checked_div(width)?;
        let fit = width.is_multiple_of(LANES) && distances % 2 == 1 && distances <= LANES;
        if !fit || keys.len() != distances * width || values.len() != keys.len() {
            return None;
        }
        let depth = width / LANES;
        let mut packed = [vec![Block::default(); width], vec![Block::default(); width]];
        for (distance, channel) in (0..distances).flat_map(|d| (0..width).map(move |c| (d, c))) {
            packed[0][channel].0[distance] = keys[distance * width + channel];
            packed[1][channel / LANES * LANES + distance].0[channel % LANES] = values[distance * width + channel];
        }
        let [keys, values] = packed;
        Some(Attention { heads, depth, reach: distances / 2, scale: 1.0 / (width as f32).sqrt(), keys, values })
    }

    /// Reads queries, keys and values, one after the other in `source`'s blocks of channels, and writes the weighed
    /// means to `target`, which gets as many rows.
    pub fn run(&self, machine: Machine, source: &Rows, target: &mut Rows, room: &mut Room) {
        target.reshape(self.heads * self.depth, source.first());
        target.lengthen_to(source.end());
        machine.run(Run { attention: self, source, target, room });
    }
}

/// Gives `memory` this length; what is new in it is zeros, what was there stays.
fn sized(memory: &mut Vec<Block>, len: usize) -> &mut [Block] {
    memory.resize(len, Block::default());
    memory
}

struct Run<'a> {
    attention: &'a Attention,
    source: &'a Rows,
    target: &'a mut Rows,
    room: &'a mut Room,
}

impl Task for Run<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Run { attention, source, target, room } = self;
        let moments = source.plane(0).len();
        for head in 0..attention.heads {
            attention.head(l, (source, head, moments), target, room);
        }
    }
}

impl Attention {
    #[inline(always)]
    fn head<L: Lanes>(&self, l: L, (source, head, moments): (&Rows, usize, usize), target: &mut Rows, room: &mut Room) {
        let (depth, planes) = (self.depth, self.heads * self.depth);
        let (groups, columns) = (moments.div_ceil(L::ROWS), moments.div_ceil(LANES));
        let plane = |kind: usize, d: usize| source.plane(kind * planes + head * depth + d);
        let queries = sized(&mut room.queries, groups * depth * L::ROWS);
        let keys = sized(&mut room.keys, columns * depth * LANES);
        let values = sized(&mut room.values, columns * depth * LANES);
        for d in 0..depth {
            for row in 0..groups * L::ROWS {
                let block = plane(0, d).get(row).copied().unwrap_or_default();
                let to = &mut queries[(row / L::ROWS * depth + d) * L::ROWS + row % L::ROWS];
                l.store(l.mul(l.load(&block), l.splat(self.scale)), to);
            }
            for column in 0..columns {
                let tile: [Block; LANES] =
                    std::array::from_fn(|i| plane(1, d).get(column * LANES + i).copied().unwrap_or_default());
                for (lane, to) in keys[(column * depth + d) * LANES..][..LANES].iter_mut().enumerate() {
                    *to = Block(std::array::from_fn(|i| tile[i].0[lane]));
                }
            }
            let values = &mut values[d * columns * LANES..][..columns * LANES];
            values[..moments].copy_from_slice(plane(2, d));
            values[moments..].fill(Block::default());
        }
        let scores = sized(&mut room.scores, columns * groups * L::ROWS);
        let near = sized(&mut room.near, groups * L::ROWS);
        l.multiply(&Job { rows: queries, weights: keys, depth }, scores);
        l.multiply(&Job { rows: queries, weights: &self.keys, depth }, near);
        let shares = sized(&mut room.shares, groups * columns * L::ROWS);
        self.share::<L>(l, moments, (scores, near), shares);
        let [far, close] = &mut room.made;
        let (far, close) = (sized(far, depth * groups * L::ROWS), sized(close, depth * groups * L::ROWS));
        l.multiply(&Job { rows: shares, weights: values, depth: columns }, far);
        l.multiply(&Job { rows: near, weights: &self.values, depth: 1 }, close);
        for d in 0..depth {
            let (far, close) = (&far[d * groups * L::ROWS..], &close[d * groups * L::ROWS..]);
            for (to, (far, close)) in target.plane_mut(head * depth + d).iter_mut().zip(far.iter().zip(close)) {
                l.store(l.add(l.load(far), l.load(close)), to);
            }
        }
    }

    /// Turns the scores of each moment into shares of 1, and leaves in `near` those of its neighbours by distance.
    #[inline(always)]
    fn share<L: Lanes>(
        &self,
        l: L,
        moments: usize,
        (scores, near): (&mut [Block], &mut [Block]),
        shares: &mut [Block],
    ) {
        let (rows, columns) = (near.len(), moments.div_ceil(LANES));
        shares.fill(Block::default());
        for moment in 0..moments {
            let at = |key: usize| (key / LANES * rows + moment, key % LANES);
            let neighbours = moment.saturating_sub(self.reach)..(moment + self.reach + 1).min(moments);
            for key in neighbours.clone() {
                let (block, lane) = at(key);
                scores[block].0[lane] += near[moment].0[key + self.reach - moment];
            }
            // What is beyond the last moment weighs nothing.
            let (last, used) = at(moments - 1);
            scores[last].0[used + 1..].fill(f32::MIN);
            let mut most = l.splat(f32::MIN);
            for column in 0..columns {
                most = l.max(most, l.load(&scores[column * rows + moment]));
            }
            let mut lanes = Block::default();
            l.store(most, &mut lanes);
            let most = l.splat(lanes.0.into_iter().fold(f32::MIN, f32::max));
            let mut sum = l.splat(0.0);
            for column in 0..columns {
                let score = &mut scores[column * rows + moment];
                l.store(l.sub(l.load(score), most), score);
                score.0 = exp(score.0);
                if column + 1 == columns {
                    score.0[used + 1..].fill(0.0);
                }
                sum = l.add(sum, l.load(score));
            }
            let scale = l.splat(1.0 / total(l, sum));
            for column in 0..columns {
                let to = &mut shares[(moment / L::ROWS * columns + column) * L::ROWS + moment % L::ROWS];
                l.store(l.mul(l.load(&scores[column * rows + moment]), scale), to);
            }
            near[moment] = Block::default();
            for key in neighbours {
                let share = (moment / L::ROWS * columns + key / LANES) * L::ROWS + moment % L::ROWS;
                near[moment].0[key + self.reach - moment] = shares[share].0[key % LANES];
            }
        }
        near[moments..].fill(Block::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 32;
    const HEADS: usize = 2;

    fn noise(i: usize) -> f32 {
        let mixed = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    /// Channel `c` of what moment `t` attends to, written out.
    fn wanted(
        value: &dyn Fn(usize, usize, usize) -> f64,
        learnt: [&[f32]; 2],
        count: usize,
        t: usize,
        c: usize,
    ) -> f64 {
        let (reach, head) = (learnt[0].len() / WIDTH / 2, c / WIDTH);
        let of_distance = |kind: usize, key: usize, i: usize| match (key + reach).checked_sub(t) {
            Some(distance) if distance <= 2 * reach => f64::from(learnt[kind][distance * WIDTH + i]),
            _ => 0.0,
        };
        let score = |key: usize| {
            let product = |i: usize| {
                let c = head * WIDTH + i;
                value(0, c, t) * (value(1, c, key) + of_distance(0, key, i))
            };
            ((0..WIDTH).map(product).sum::<f64>() / (WIDTH as f64).sqrt()).exp()
        };
        let sum: f64 = (0..count).map(score).sum();
        (0..count).map(|key| score(key) / sum * (value(2, c, key) + of_distance(1, key, c % WIDTH))).sum()
    }

    #[test]
    fn every_moment_attends_to_all_others_as_the_formula_says_on_every_machine() {
        let learnt: [Vec<f32>; 2] =
            [1000, 5000].map(|salt| (0..9 * WIDTH).map(|i| noise(salt + i)).collect::<Vec<f32>>());
        let attention = Attention::new(HEADS, WIDTH, &learnt[0], &learnt[1]).expect("it can be computed");
        let mut room = Room::default();
        for count in [50, 1, 3, 16, 33] {
            let value = |kind: usize, c: usize, t: usize| f64::from(noise((kind * 100 + c) * 1000 + t));
            let mut source = Rows::new(3 * HEADS * WIDTH / LANES, 0);
            source.extend_to(count as isize);
            for (kind, c) in (0..3).flat_map(|kind| (0..HEADS * WIDTH).map(move |c| (kind, c))) {
                let plane = (kind * HEADS * WIDTH + c) / LANES;
                let blocks = source.plane_mut(plane).iter_mut().enumerate();
                blocks.for_each(|(t, block)| block.0[c % LANES] = value(kind, c, t) as f32);
            }
            for machine in Machine::all() {
                let mut target = Rows::new(HEADS * WIDTH / LANES, 0);
                attention.run(machine, &source, &mut target, &mut room);
                for (t, c) in (0..count).flat_map(|t| (0..HEADS * WIDTH).map(move |c| (t, c))) {
                    let got = f64::from(target.plane(c / LANES)[t].0[c % LANES]);
                    let wanted = wanted(&value, [&learnt[0], &learnt[1]], count, t, c);
                    assert!((got - wanted).abs() < 2e-6, "{}, {count}: {got}, not {wanted}", machine.name());
                }
            }
        }
    }

    #[test]
    fn shapes_that_cannot_be_computed_are_refused() {
        for (width, distances) in [(24, 9), (32, 8), (32, 17)] {
            let learnt = vec![0.0; width * distances];
            assert!(Attention::new(2, width, &learnt, &learnt).is_none(), "{width} {distances}");
        }
        assert!(Attention::new(2, 32, &[0.0; 96], &[0.0; 64]).is_none());
    }
}
