//! In: a rate. Out: the taps with which the values between two samples are found, as meters of true peaks look for them and
//! more closely. Hears nothing.

/// Taps of an interpolator on either side of a sample.
pub(super) const HALF: usize = 12;

/// The rates from which on meters look for peaks at twice the rate only, and at none but the samples (libebur128).
const TWICE: u32 = 96_000;
const ONCE: u32 = 192_000;

/// The taps of an interpolator for one point between two samples: `HALF - 1` of them are for samples before the one that
/// the point follows.
pub(super) type Taps = [f32; 2 * HALF];

/// The most points between two samples at which a meter looks.
pub(super) const POINTS: usize = 3;

/// Where and how a meter looks (ITU-R BS.1770, annex 2, as libebur128: 49 taps under a Hann window, at four times the rate or
/// twice). Where there are fewer points, the taps of the others are zero.
pub(super) fn of_meters(rate: u32) -> [Taps; POINTS] {
    let hann = |x: f64| 0.5 + 0.5 * (x * std::f64::consts::PI).cos();
    let mut all = [[0.0; 2 * HALF]; POINTS];
    match rate {
        0..TWICE => all = [0.25, 0.5, 0.75].map(|phase| interpolator(phase, 6.0, hann)),
        TWICE..ONCE => all[0] = interpolator(0.5, 12.0, hann),
        _ => {}
    }
    all
}

/// Every quarter of a sample, under a Blackman window: closer than a meter's.
pub(super) fn close() -> [Taps; POINTS] {
    let blackman =
        |x: f64| 0.42 + 0.5 * (x * std::f64::consts::PI).cos() + 0.08 * (2.0 * x * std::f64::consts::PI).cos();
    [0.25, 0.5, 0.75].map(|phase| interpolator(phase, HALF as f64, blackman))
}

/// How many times as large as the samples around it a value between them can be at most; 1 at least.
pub(super) fn most(taps: &[Taps]) -> f32 {
    taps.iter().map(|taps| taps.iter().map(|tap| tap.abs()).sum::<f32>()).fold(1.0, f32::max)
}

/// A sinc under a window that reaches `half` samples to either side, for the point `phase` after the sample in the middle.
fn interpolator(phase: f64, half: f64, window: impl Fn(f64) -> f64) -> Taps {
    let mut taps = [0.0; 2 * HALF];
    for (i, tap) in taps.iter_mut().enumerate() {
        let x = i as f64 - (HALF - 1) as f64 - phase;
        let angle = std::f64::consts::PI * x;
        if x.abs() < half {
            *tap = (angle.sin() / angle * window(x / half)) as f32;
        }
    }
    taps
}
