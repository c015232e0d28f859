//! In: a number, and what a network says of a spline. Out: where the spline takes it. Knows no network.
//!
//! Monotonic rational-quadratic splines on -5 to 5 with 10 bins, backwards, and the identity beyond, as in "Neural Spline
//! Flows" (Durkan et al. 2019) and in the duration predictor of VITS (Kim et al. 2021), with the bounds used there.

use super::exp::exp;
use super::lanes::LANES;

/// Bins of a spline.
const BINS: usize = 10;
/// How many numbers say what a spline is like: widths, heights, and slopes at the knots between bins.
pub const NUMBERS: usize = 3 * BINS - 1;
/// How far from 0 it reaches.
const BOUND: f32 = 5.0;
/// The least share of a width or a height, and the least slope.
const LEAST: f32 = 1e-3;

/// Takes `x` back through the spline that the numbers make; widths and heights are multiplied by `scale` first.
pub fn backwards(x: f32, numbers: &[f32; NUMBERS], scale: f32) -> f32 {
    if !(-BOUND..=BOUND).contains(&x) {
        return x;
    }
    let across = knots(&numbers[..BINS], scale);
    let up = knots(&numbers[BINS..2 * BINS], scale);
    let bin = (1..BINS).rev().find(|bin| x >= up[*bin]).unwrap_or(0);
    let (width, height) = (across[bin + 1] - across[bin], up[bin + 1] - up[bin]);
    // Between two bins a knot has the slope it is given, at both ends 1.
    let slope = |knot: usize| match knot {
        0 | BINS => 1.0,
        _ => LEAST + softplus(numbers[2 * BINS + knot - 1]),
    };
    let (steep, left, right) = (height / width, slope(bin), slope(bin + 1));
    let above = x - up[bin];
    let bow = above * (left + right - 2.0 * steep);
    let (a, b, c) = (bow + height * (steep - left), height * left - bow, -steep * above);
    let root = 2.0 * c / (-b - (b * b - 4.0 * a * c).max(0.0).sqrt());
    root * width + across[bin]
}

/// Where the bins begin and end, of numbers whose powers of e are like their sizes.
fn knots(sizes: &[f32], scale: f32) -> [f32; BINS + 1] {
    let most = sizes.iter().fold(f32::MIN, |most, size| most.max(*size));
    let mut powers = [f32::MIN; LANES];
    powers.iter_mut().zip(sizes).for_each(|(power, size)| *power = (size - most) * scale);
    let powers = exp(powers);
    let sum: f32 = powers[..BINS].iter().sum();
    let mut knots = [-BOUND; BINS + 1];
    let mut share = 0.0;
    for (knot, power) in knots[1..].iter_mut().zip(powers) {
        share += LEAST + (1.0 - LEAST * BINS as f32) * power / sum;
        *knot = 2.0 * BOUND * share - BOUND;
    }
    knots[BINS] = BOUND;
    knots
}

/// The logarithm of 1 + e^x.
fn softplus(x: f32) -> f32 {
    let power = exp([-x.abs(); LANES])[0];
    // ln(1 + p) = 2 artanh(p / (2 + p)), where the argument is at most a third.
    let s = power / (2.0 + power);
    let terms = [17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0];
    let sum = terms.iter().fold(0.0, |sum, n| sum * s * s + 1.0 / n);
    x.max(0.0) + 2.0 * s * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The spline forwards, by its definition (Durkan et al. 2019, equation 4), in f64.
    fn forwards(x: f64, numbers: &[f32; NUMBERS], scale: f64) -> f64 {
        if !(-5.0..=5.0).contains(&x) {
            return x;
        }
        let knots = |sizes: &[f32]| {
            let powers: Vec<f64> = sizes.iter().map(|size| (f64::from(*size) * scale).exp()).collect();
            let sum: f64 = powers.iter().sum();
            let mut knots = vec![-5.0];
            powers.iter().for_each(|power| knots.push(knots[knots.len() - 1] + 10.0 * (0.001 + 0.99 * power / sum)));
            knots
        };
        let (across, up) = (knots(&numbers[..10]), knots(&numbers[10..20]));
        let bin = (0..10).rev().find(|bin| x >= across[*bin]).unwrap_or(0);
        let slope = |knot: usize| match knot {
            0 | 10 => 1.0,
            _ => 0.001 + f64::from(numbers[19 + knot]).exp().ln_1p(),
        };
        let (width, height) = (across[bin + 1] - across[bin], up[bin + 1] - up[bin]);
        let (steep, at) = (height / width, (x - across[bin]) / width);
        let over = height * (steep * at * at + slope(bin) * at * (1.0 - at));
        up[bin] + over / (steep + (slope(bin) + slope(bin + 1) - 2.0 * steep) * at * (1.0 - at))
    }

    #[test]
    fn what_was_taken_forwards_comes_back() {
        for seed in 0..50_usize {
            let numbers: [f32; NUMBERS] = std::array::from_fn(|i| ((seed * 31 + i * 17) % 41) as f32 / 8.0 - 2.5);
            for i in -120..=120 {
                let x = f64::from(i) / 20.0;
                let back = backwards(forwards(x, &numbers, 0.4) as f32, &numbers, 0.4);
                assert!((f64::from(back) - x).abs() < 2e-4, "{x} comes back as {back} ({seed})");
            }
        }
    }

    #[test]
    fn the_softplus_is_right_everywhere() {
        for i in -4000..4000 {
            let x = i as f32 / 100.0;
            let wanted = f64::from(x).exp().ln_1p();
            assert!((f64::from(softplus(x)) - wanted).abs() < 4e-7 * wanted.max(1.0), "{x}");
        }
    }
}
