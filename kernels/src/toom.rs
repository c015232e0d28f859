//! In: a number of taps and of outputs. Out: how to make that many neighbouring outputs of a convolution with fewer
//! products, and how to turn weights, inputs and products into one another for it. Knows no layer.
//!
//! Toom and Cook's way, known as Winograd's in networks: `outputs + taps - 1` inputs are read as coefficients of a
//! polynomial and valued at as many points; products there are those of the convolution, transposed. The points are 0,
//! infinity and pairs a, -a, chosen by trial for the least error of f32 (0.3 to 8 millionths of the result, growing with
//! the number of points). Rows and columns of the three matrices are scaled by powers of 2 to be of like size.

use super::lanes::{Block, LANES, Lanes};

/// The most pairs of points.
pub(crate) const PAIRS: usize = 6;
/// The most outputs of a tile.
pub(crate) const TILE: usize = 8;

const POINTS: [&[f64]; PAIRS] = [
    &[1.0],
    &[0.6, 1.5],
    &[0.5, 1.0, 2.0],
    &[0.5, 0.8, 4.0 / 3.0, 2.5],
    &[1.0 / 3.0, 0.75, 1.0, 1.5, 3.0],
    &[0.25, 0.6, 0.8, 1.2, 5.0 / 3.0, 4.0],
];

/// The matrices for one pair of taps and outputs. Point 0 is first, then each pair, then infinity.
#[derive(Clone, Debug)]
pub(crate) struct Toom {
    /// Outputs of a tile.
    pub(crate) tile: usize,
    /// Pairs of points, beside 0 and infinity.
    pub(crate) pairs: usize,
    /// Of the inputs 0, 2, 4, ... for the point 0, and of 1, 3, 5, ... for infinity.
    ends: [f32; PAIRS + 1],
    /// Of the inputs 2, 4, ... for each pair, the same at both points.
    even: [[f32; PAIRS]; PAIRS],
    /// Of the inputs 1, 3, ... for each pair, opposite at both.
    odd: [[f32; PAIRS]; PAIRS],
    /// Of each pair's products, for each output.
    powers: [[f32; PAIRS]; TILE],
    /// What the weights at each point are divided by, for all else to be of like size.
    shares: [f64; 2 * PAIRS + 2],
    /// One over each of these.
    gains: [f32; 2 * PAIRS + 2],
    /// The first point of each pair.
    bases: [f32; PAIRS],
}

/// The power of 2 nearest to the length of a vector.
fn size(of: impl Iterator<Item = f64>) -> f64 {
    of.map(|x| x * x).sum::<f64>().sqrt().log2().round().exp2()
}

/// The coefficients of the product of (x² - a²) over all `points` but the one numbered `but`, of 1, x², x⁴, ...
fn product(points: &[f64], but: Option<usize>) -> [f64; PAIRS + 1] {
    let mut product = [0.0; PAIRS + 1];
    product[0] = 1.0;
    for (_, a) in points.iter().enumerate().filter(|(i, _)| Some(*i) != but) {
        for i in (0..=PAIRS).rev() {
            product[i] = if i > 0 { product[i - 1] } else { 0.0 } - a * a * product[i];
        }
    }
    product
}

/// Calls a macro with all tiles that are compiled: outputs and points. (The numbers have to be known then for all that a
/// tile holds to stay in registers.)
macro_rules! tiles {
    ($with:ident) => {
        $with!((3, 4)(4, 6)(5, 6)(6, 10)(8, 10)(8, 12)(4, 14)(8, 14))
    };
}
pub(crate) use tiles;

impl Toom {
    /// For `taps` taps and `tile` outputs; `None` where such a tile is not among [`tiles`].
    pub(crate) fn new(taps: usize, tile: usize) -> Option<Toom> {
        macro_rules! all {
            ($($tile:tt)+) => { [$($tile),+] };
        }
        let compiled: [(usize, usize); _] = tiles!(all);
        let pairs = (taps + tile).checked_sub(3)? / 2;
        let points = compiled.contains(&(tile, taps + tile - 1)).then(|| POINTS[pairs - 1])?;
        let mut toom = Toom {
            tile,
            pairs,
            ends: [0.0; PAIRS + 1],
            even: [[0.0; PAIRS]; PAIRS],
            odd: [[0.0; PAIRS]; PAIRS],
            powers: [[0.0; PAIRS]; TILE],
            shares: [1.0; 2 * PAIRS + 2],
            gains: [1.0; 2 * PAIRS + 2],
            bases: [0.0; PAIRS],
        };
        let ends = product(points, None);
        let scale = size(ends.into_iter());
        toom.ends = ends.map(|c| (c / scale) as f32);
        // At 0 the weights are divided by the product of (0 - q) over all other points q, which is the same one.
        toom.shares[0] = ends[0] / scale;
        toom.shares[2 * pairs + 1] = 1.0 / scale;
        for (i, a) in points.iter().enumerate() {
            let rest = product(points, Some(i));
            let scale = size(rest.iter().flat_map(|c| [*c, a * c]));
            let power = |n: usize| a.powi(n as i32);
            let size = size((0..tile).map(power));
            toom.even[i] = std::array::from_fn(|j| (rest[j] / scale) as f32);
            toom.odd[i] = std::array::from_fn(|j| (a * rest[j] / scale) as f32);
            for (n, powers) in toom.powers.iter_mut().enumerate().take(tile) {
                powers[i] = (power(n) / size) as f32;
            }
            // The product of (a - q) over all other points q: 0, -a, and both of each other pair.
            let others = points.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, b)| a * a - b * b);
            let share = 2.0 * a * a * others.product::<f64>() / (scale * size);
            (toom.shares[2 * i + 1], toom.shares[2 * i + 2]) = (share, share);
            toom.bases[i] = *a as f32;
        }
        toom.gains = toom.shares.map(|share| (1.0 / share) as f32);
        Some(toom)
    }

    /// How many points there are.
    pub(crate) fn points(&self) -> usize {
        2 * self.pairs + 2
    }

    /// The weights of sixteen outputs at a point, of those of all taps.
    pub(crate) fn weights(&self, taps: &[Block], point: usize) -> Block {
        let points = POINTS[self.pairs - 1];
        let (a, taps) = match point {
            0 => (0.0, &taps[..1]),
            _ if point + 1 == self.points() => (0.0, &taps[taps.len() - 1..]),
            _ => (points[(point - 1) / 2] * if point % 2 == 1 { 1.0 } else { -1.0 }, taps),
        };
        let mut sums = [0.0; LANES];
        for tap in taps.iter().rev() {
            for lane in 0..LANES {
                sums[lane] = sums[lane] * a + f64::from(tap.0[lane]);
            }
        }
        let mut weights = Block::default();
        for lane in 0..LANES {
            weights.0[lane] = (sums[lane] / self.shares[point]) as f32;
        }
        weights
    }

    /// The numbers of the two points of a pair; the last pair is that of 0 and infinity.
    #[inline(always)]
    pub(crate) fn points_of_pair(&self, pair: usize) -> [usize; 2] {
        if pair < self.pairs { [2 * pair + 1, 2 * pair + 2] } else { [0, 2 * self.pairs + 1] }
    }

    /// The weights of sixteen outputs at the two points of a pair, of those of all `T` taps times `scale`.
    #[inline(always)]
    pub(crate) fn weights_of_pair<L: Lanes, const T: usize>(
        &self,
        l: L,
        taps: &[L::V; T],
        pair: usize,
        scale: L::V,
    ) -> [L::V; 2] {
        let [first, second] = self.points_of_pair(pair);
        let by = [l.mul(scale, l.splat(self.gains[first])), l.mul(scale, l.splat(self.gains[second]))];
        if pair == self.pairs {
            return [l.mul(taps[0], by[0]), l.mul(taps[T - 1], by[1])];
        }
        let a = l.splat(self.bases[pair]);
        let square = l.mul(a, a);
        let (mut even, mut odd) = (l.splat(0.0), l.splat(0.0));
        // Those of a and -a are the sum of the even terms and of the odd ones, and their difference.
        for number in (0..T).rev() {
            if number % 2 == 0 {
                even = l.fma(even, square, taps[number]);
            } else {
                odd = l.fma(odd, square, taps[number]);
            }
        }
        let odd = l.mul(odd, a);
        [l.mul(l.add(even, odd), by[0]), l.mul(l.sub(even, odd), by[1])]
    }

    /// Values the inputs of a tile at all `P` points.
    #[inline(always)]
    pub(crate) fn value<L: Lanes, const P: usize>(&self, l: L, inputs: [L::V; P]) -> [L::V; P] {
        let mut values = inputs;
        let pairs = P / 2 - 1;
        let (mut zero, mut far) = (l.splat(0.0), l.splat(0.0));
        for j in 0..=pairs {
            zero = l.fma(inputs[2 * j], l.splat(self.ends[j]), zero);
            far = l.fma(inputs[2 * j + 1], l.splat(self.ends[j]), far);
        }
        (values[0], values[P - 1]) = (zero, far);
        for i in 0..pairs {
            let mut same = l.mul(inputs[2], l.splat(self.even[i][0]));
            let mut opposite = l.mul(inputs[1], l.splat(self.odd[i][0]));
            for j in 1..pairs {
                same = l.fma(inputs[2 * j + 2], l.splat(self.even[i][j]), same);
                opposite = l.fma(inputs[2 * j + 1], l.splat(self.odd[i][j]), opposite);
            }
            values[2 * i + 1] = l.add(same, opposite);
            values[2 * i + 2] = l.sub(same, opposite);
        }
        values
    }

    /// The `T` outputs of a tile, of its products at all `P` points.
    #[inline(always)]
    pub(crate) fn outputs<L: Lanes, const P: usize, const T: usize>(&self, l: L, products: [L::V; P]) -> [L::V; T] {
        let pairs = P / 2 - 1;
        let mut same = products;
        let mut opposite = products;
        for i in 0..pairs {
            same[i] = l.add(products[2 * i + 1], products[2 * i + 2]);
            opposite[i] = l.sub(products[2 * i + 1], products[2 * i + 2]);
        }
        let mut outputs = [products[0]; T];
        for n in 0..T {
            let values = if n % 2 == 0 { &same } else { &opposite };
            let mut sum = if n == 0 {
                l.fma(values[0], l.splat(self.powers[n][0]), products[0])
            } else if n + 1 == T {
                l.fma(values[0], l.splat(self.powers[n][0]), products[P - 1])
            } else {
                l.mul(values[0], l.splat(self.powers[n][0]))
            };
            for i in 1..pairs {
                sum = l.fma(values[i], l.splat(self.powers[n][i]), sum);
            }
            outputs[n] = sum;
        }
        outputs
    }
}

/// A block of memory, for what is not there.
pub(crate) const NOTHING: Block = Block([0.0; 16]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Machine, Task};

    struct Convolve<'a>(&'a Toom, &'a [f32], &'a [f32]);

    impl Task for Convolve<'_> {
        type Out = Vec<f32>;

        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> Vec<f32> {
            let Convolve(toom, taps, inputs) = self;
            let taps: Vec<Block> = taps.iter().map(|tap| Block([*tap; LANES])).collect();
            let mut out = vec![0.0; toom.tile];
            macro_rules! with {
                ($(($tile:literal, $points:literal))+) => { match (toom.tile, toom.points()) { $(($tile, $points) => {
                    let mut products = toom.value(l, std::array::from_fn::<_, $points, _>(|i| l.splat(inputs[i])));
                    for (p, x) in products.iter_mut().enumerate() {
                        *x = l.mul(*x, l.load(&toom.weights(&taps, p)));
                    }
                    for (out, value) in out.iter_mut().zip(toom.outputs::<L, $points, $tile>(l, products)) {
                        let mut block = NOTHING;
                        l.store(value, &mut block);
                        *out = block.0[3];
                    }
                })+ _ => {} } };
            }
            tiles!(with);
            out
        }
    }

    #[test]
    fn outputs_are_those_of_the_convolution_for_all_taps_and_tiles() {
        let mut shapes = 0;
        for (taps, tile) in (0..=16).flat_map(|taps| (0..=16).map(move |tile| (taps, tile))) {
            let Some(toom) = Toom::new(taps, tile) else { continue };
            shapes += 1;
            let weights: Vec<f32> = (0..taps).map(|i| ((i * 7 + 3) % 11) as f32 / 5.0 - 1.0).collect();
            let inputs: Vec<f32> = (0..taps + tile - 1).map(|i| ((i * 5 + 1) % 13) as f32 / 6.0 - 1.0).collect();
            for machine in Machine::all() {
                let outputs = machine.run(Convolve(&toom, &weights, &inputs));
                for (n, output) in outputs.iter().enumerate() {
                    let wanted: f32 = weights.iter().zip(&inputs[n..]).map(|(w, x)| w * x).sum();
                    let error = (output - wanted).abs();
                    assert!(error < 1e-4, "{taps} taps, {tile} outputs, {}: {output} {wanted}", machine.name());
                }
            }
        }
        assert_eq!(shapes, 8);
        assert!(Toom::new(7, 7).is_none() && Toom::new(3, 16).is_none() && Toom::new(1, 4).is_none());
    }
}
