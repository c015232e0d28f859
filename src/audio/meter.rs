//! In: the samples of a track, part by part. Out: its integrated loudness and its true peak by EBU R 128. Changes
//! nothing.
//!
//! Loudness is that of ITU-R BS.1770-5, annex 1: what is heard goes through two filters, its energy is taken over blocks of
//! 400 ms that begin every 100 ms, and blocks that are too quiet do not count. Peaks between samples are those of its annex 2,
//! looked for only where there can be one larger than all before. Nothing depends on how the samples are parted.

use super::between::{self, HALF, Taps};
use crate::kernels::lanes::Machine;
use crate::kernels::peaks::{highest, largest};
use crate::kernels::recursion::{AT_ONCE, Recursion, STATE, Section};

/// Rates that are measured, in Hz: below, the filters cannot be had, above, nobody says what they are.
const RATES: std::ops::RangeInclusive<u32> = 4000..=2_822_400;

/// Steps of 100 ms in a block.
const STEPS: usize = 4;

/// Blocks below this do not count, in LUFS; and those so many LU below the mean of the others.
const GATE: f64 = -70.0;
const BELOW: f64 = 10.0;

/// Added to the energy's decibels: a tone of 997 Hz has as many LUFS as decibels then.
const OFFSET: f64 = -0.691;

/// Energy of what comes from the side and from behind counts more.
const SURROUND: f64 = 1.41;

/// A filter's state that is smaller than this in all its numbers is none.
const NOTHING: f64 = 1e-20;

/// Samples in which peaks are looked for at once.
const PART: usize = 1024;

/// Listens to a signal of one or more channels.
pub struct Meter {
    /// None where the rate is none that is measured.
    filter: Option<Recursion>,
    machine: Machine,
    channels: Vec<Channel>,
    /// Samples of a step.
    step: usize,
    /// The energy of each step, of all channels.
    energies: Vec<f64>,
    /// None where peaks are not asked for.
    peaks: Option<Between>,
}

/// What a meter has heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Integrated loudness in LUFS; `None` for silence.
    pub lufs: Option<f64>,
    /// True peak in dBTP; `None` for silence, and where it was not asked for.
    pub true_peak_db: Option<f64>,
}

impl Level {
    /// The level of the same mono signal in `copies` channels: each channel adds its power (ITU-R BS.1770).
    pub fn copied(self, copies: u16) -> Level {
        let more = 10.0 * f64::from(copies.max(1)).log10();
        Level { lufs: self.lufs.map(|lufs| lufs + more), ..self }
    }
}

impl Meter {
    /// For a mono signal of `rate` Hz; rates the standard does not cover are not measured.
    pub fn new(rate: u32) -> Meter {
        Meter::of_channels(rate, 1)
    }

    /// For an interleaved signal of so many channels: left, right, and others as the standard has them.
    pub fn of_channels(rate: u32, channels: u16) -> Meter {
        Meter { peaks: Some(Between::new(rate, channels)), ..Meter::of_loudness(rate, channels) }
    }

    /// The same, for the loudness alone, which is cheaper.
    pub fn of_loudness(rate: u32, channels: u16) -> Meter {
        let channels = channels.max(1);
        Meter {
            filter: RATES.contains(&rate).then(|| Recursion::new(weighting(rate))),
            machine: Machine::best(),
            channels: (0..channels).map(|number| Channel::new(weight(number, channels))).collect(),
            step: (rate as usize + 5) / 10,
            energies: Vec::new(),
            peaks: None,
        }
    }

    /// Hears the next samples, interleaved, of whole frames.
    pub fn hear(&mut self, samples: &[f32]) {
        let Meter { filter: Some(filter), machine, channels, step, energies, peaks } = self else { return };
        let width = channels.len();
        let known = energies.len();
        for (number, channel) in channels.iter_mut().enumerate() {
            match width {
                1 => channel.waiting.extend_from_slice(samples),
                _ => channel.waiting.extend(samples.iter().skip(number).step_by(width)),
            }
            channel.hear((filter, *machine), *step, (energies, known));
        }
        if let Some(peaks) = peaks {
            peaks.hear(*machine, samples);
        }
    }

    /// The level of all that was heard.
    pub fn level(&self) -> Level {
        let peak = self.peaks.as_ref().filter(|_| self.filter.is_some()).map_or(0.0, |peaks| peaks.peak(self.machine));
        Level { lufs: self.lufs(), true_peak_db: (peak > 0.0).then(|| 20.0 * f64::from(peak).log10()) }
    }

    fn lufs(&self) -> Option<f64> {
        let samples = (STEPS * self.step) as f64;
        let blocks: Vec<f64> = self.energies.windows(STEPS).map(|steps| steps.iter().sum::<f64>() / samples).collect();
        let above = |gate: f64| {
            let (mut sum, mut count) = (0.0, 0u32);
            for block in blocks.iter().filter(|block| **block >= gate) {
                (sum, count) = (sum + block, count + 1);
            }
            (count > 0).then(|| sum / f64::from(count))
        };
        let power = |decibels: f64| 10f64.powf(decibels / 10.0);
        let gate = power(GATE - OFFSET);
        let loud = above(gate)?;
        above(gate.max(loud * power(-BELOW))).map(|mean| OFFSET + 10.0 * mean.log10())
    }
}

/// How much the energy of a channel counts: left, right, centre, low frequencies, both sides; or without a centre of five, or
/// without what is low.
fn weight(number: u16, channels: u16) -> f64 {
    match (channels, number) {
        (4, 2 | 3) | (5, 3 | 4) => SURROUND,
        (_, 0..=2) => 1.0,
        (6.., 4 | 5) => SURROUND,
        _ => 0.0,
    }
}

/// The filters of the standard, for any rate: those it states for 48 kHz as analogue ones, a shelf and a high-pass, by the
/// bilinear transform (their frequencies, gain and qualities as in libebur128, which found them from the stated factors).
fn weighting(rate: u32) -> [Section; 2] {
    let bent = |hertz: f64| (std::f64::consts::PI * hertz / f64::from(rate)).tan();
    let section = |k: f64, quality: f64, [high, middle, low]: [f64; 3]| {
        let whole = 1.0 + k / quality + k * k;
        [
            (high + middle * k / quality + low * k * k) / whole,
            2.0 * (low * k * k - high) / whole,
            (high - middle * k / quality + low * k * k) / whole,
            2.0 * (k * k - 1.0) / whole,
            (1.0 - k / quality + k * k) / whole,
        ]
    };
    let high = 10f64.powf(3.999_843_853_973_347 / 20.0);
    let shelf =
        section(bent(1_681.974_450_955_533), 0.707_175_236_955_419_6, [high, high.powf(0.499_666_774_154_541_6), 1.0]);
    let [_, _, _, a1, a2] = section(bent(38.135_470_876_024_44), 0.500_327_037_323_877_3, [1.0, 0.0, 0.0]);
    [shelf, [1.0, -2.0, 1.0, a1, a2]]
}

/// One channel on its way through the filters.
struct Channel {
    weight: f64,
    state: [f64; STATE],
    sums: [f64; AT_ONCE],
    /// Samples of the step at hand whose energy is in the sums, and how many steps are over.
    count: usize,
    steps: usize,
    waiting: Vec<f32>,
}

impl Channel {
    fn new(weight: f64) -> Channel {
        Channel { weight, state: [0.0; STATE], sums: [0.0; AT_ONCE], count: 0, steps: 0, waiting: Vec::new() }
    }

    /// Hears what waits, in whole groups, and adds the energy of each step that is over by that; `known` steps were over
    /// before.
    fn hear(
        &mut self,
        (filter, machine): (&Recursion, Machine),
        step: usize,
        (energies, known): (&mut Vec<f64>, usize),
    ) {
        self.steps = known;
        let waiting = std::mem::take(&mut self.waiting);
        let groups = waiting.as_chunks::<AT_ONCE>().0;
        let (done, mut rest) = (groups.len() * AT_ONCE, groups);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(((step - self.count) / AT_ONCE).min(rest.len()));
            // Silence after silence makes none.
            if self.state != [0.0; STATE] || now.as_flattened().iter().any(|sample| *sample != 0.0) {
                filter.energies(machine, now, &mut self.state, &mut self.sums);
            }
            self.count += now.len() * AT_ONCE;
            rest = later;
            if self.count == step {
                self.end_step([0.0; AT_ONCE], energies);
            } else if let Some((first, later)) = rest.split_first() {
                self.across(filter, machine, (first, step), energies);
                rest = later;
            }
        }
        self.waiting = waiting;
        self.waiting.drain(..done);
    }

    /// Hears a group that begins in one step and ends in the next.
    fn across(
        &mut self,
        filter: &Recursion,
        machine: Machine,
        (group, step): (&[f32; AT_ONCE], usize),
        energies: &mut Vec<f64>,
    ) {
        let mut squares = [0.0; AT_ONCE];
        filter.energies(machine, &[*group], &mut self.state, &mut squares);
        let (before, mut after) = (step - self.count, squares);
        for lane in 0..before {
            self.sums[lane] += squares[lane];
            after[lane] = 0.0;
        }
        self.end_step(after, energies);
        self.count = AT_ONCE - before;
    }

    /// Adds the energy of the step at hand to the steps' energies, and begins the next with `sums`.
    fn end_step(&mut self, sums: [f64; AT_ONCE], energies: &mut Vec<f64>) {
        let energy = self.weight * std::mem::replace(&mut self.sums, sums).iter().sum::<f64>();
        match energies.get_mut(self.steps) {
            Some(all) => *all += energy,
            None => energies.push(energy),
        }
        (self.count, self.steps) = (0, self.steps + 1);
        if self.state.iter().all(|number| number.abs() < NOTHING) {
            self.state = [0.0; STATE];
        }
    }
}

/// The largest peak between samples so far.
struct Between {
    taps: [Taps; between::POINTS],
    /// How many times as large as the samples around it a peak can be.
    most: f32,
    /// Samples of each channel, from `HALF - 1` before the first whose peak is not known yet.
    recent: Vec<Vec<f32>>,
    peak: f32,
}

impl Between {
    fn new(rate: u32, channels: u16) -> Between {
        let taps = between::of_meters(rate);
        let recent = vec![vec![0.0; HALF - 1]; usize::from(channels.max(1))];
        Between { taps, most: between::most(&taps), recent, peak: 0.0 }
    }

    fn hear(&mut self, machine: Machine, samples: &[f32]) {
        let width = self.recent.len();
        let Between { taps, most, recent, peak } = self;
        for part in samples.chunks(PART * width) {
            for (number, channel) in recent.iter_mut().enumerate() {
                channel.extend(part.iter().skip(number).step_by(width));
                *peak = peak.max(highest_between(machine, taps, channel, *peak / *most));
                channel.drain(..(channel.len() + 1).saturating_sub(2 * HALF));
            }
        }
    }

    /// The largest of all, with what silence after it would show.
    fn peak(&self, machine: Machine) -> f32 {
        let mut peak = self.peak;
        for channel in &self.recent {
            let mut rest = channel.clone();
            rest.resize(rest.len() + 2 * HALF, 0.0);
            peak = peak.max(highest_between(machine, &self.taps, &rest, peak / self.most));
        }
        peak
    }
}

/// The largest value at and between samples; 0 where no sample is larger than `harmless`.
fn highest_between(machine: Machine, taps: &[Taps], samples: &[f32], harmless: f32) -> f32 {
    if highest(machine, samples) <= harmless {
        return 0.0;
    }
    let mut found = Vec::with_capacity(samples.len());
    if let Some(taps) = taps.first_chunk::<{ between::POINTS }>() {
        largest(machine, taps, (samples, HALF - 1), harmless, &mut found);
    }
    highest(machine, &found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(level: f32) -> Vec<f32> {
        (0..48_000 * 4).map(|i| level * (i as f32 * 997.0 / 48_000.0 * 6.283_185_5).sin()).collect()
    }

    #[test]
    fn a_tone_of_known_level() {
        let mut meter = Meter::new(48_000);
        meter.hear(&tone(0.1));
        let level = meter.level();
        // BS.1770: a 997 Hz sine of 0 dBFS in one channel is -3.01 LKFS, so one at -20 dBFS is -23.01.
        assert!((level.lufs.unwrap_or(0.0) + 23.01).abs() < 0.1, "{level:?}");
        assert!((level.true_peak_db.unwrap_or(0.0) + 20.0).abs() < 0.1, "{level:?}");
    }

    #[test]
    fn two_channels_with_the_same_sound_are_what_a_copy_is_said_to_be() {
        let mut stereo = Meter::of_channels(48_000, 2);
        let mut mono = Meter::of_loudness(48_000, 1);
        let tone = tone(0.1);
        mono.hear(&tone);
        stereo.hear(&tone.iter().flat_map(|s| [*s, *s]).collect::<Vec<_>>());
        let (one, two) = (mono.level().copied(2).lufs.unwrap_or(0.0), stereo.level().lufs.unwrap_or(0.0));
        assert!((one - two).abs() < 0.05 && (two + 20.0).abs() < 0.1, "{one} {two}");
        assert_eq!(mono.level().true_peak_db, None);
        assert_eq!(mono.level().copied(1), mono.level());
    }

    /// Something like speech: noise that swells, with pauses and a few peaks, for a different part in each channel.
    fn swelling(count: usize, width: usize) -> Vec<f32> {
        let mut state = 9u64;
        let mut made = Vec::with_capacity(count * width);
        for i in 0..count {
            for channel in 0..width {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let noise = (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0;
                let loud = if i / 20_000 % 3 == 2 { 0.0 } else { (i as f32 / 9000.0 + channel as f32).sin().powi(2) };
                made.push(noise * (0.002 + 0.2 * loud) * if i % 70_001 == 5 { 4.0 } else { 1.0 });
            }
        }
        made
    }

    #[test]
    fn levels_are_those_of_libebur128_at_all_rates_however_the_samples_are_parted() {
        for (rate, width) in
            [(48_000, 1), (44_100, 2), (22_050, 1), (24_000, 1), (96_000, 2), (192_000, 1), (48_000, 6)]
        {
            let samples = swelling(3 * rate as usize + 777, usize::from(width));
            let mode = ebur128::Mode::I | ebur128::Mode::TRUE_PEAK;
            let mut other = ebur128::EbuR128::new(u32::from(width), rate, mode).expect("a meter");
            other.add_frames_f32(&samples).expect("heard");
            let lufs = other.loudness_global().expect("a loudness");
            let peaks = (0..u32::from(width)).map(|c| other.true_peak(c).expect("a peak"));
            let peak = 20.0 * peaks.fold(0.0, f64::max).log10();
            let hear = |part: usize| {
                let mut meter = Meter::of_channels(rate, width);
                samples.chunks(part * usize::from(width)).for_each(|part| meter.hear(part));
                meter.level()
            };
            let level = hear(usize::MAX / 8);
            let [found_lufs, found_peak] = [level.lufs, level.true_peak_db].map(|value| value.unwrap_or(0.0));
            assert!((found_lufs - lufs).abs() < 1e-6, "{rate}, {width}: {found_lufs} LUFS, not {lufs}");
            assert!((found_peak - peak).abs() < 1e-3, "{rate}, {width}: {found_peak} dBTP, not {peak}");
            assert!([1, 13, 4096].map(hear) == [level; 3], "{rate}, {width}");
        }
        assert_eq!(Meter::new(200).level().lufs, None);
    }

    #[test]
    fn silence_has_no_level() {
        let mut meter = Meter::new(48_000);
        meter.hear(&[0.0; 96_000]);
        assert_eq!(meter.level(), Level { lufs: None, true_peak_db: None });
    }
}
