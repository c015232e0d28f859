//! In: the spectra and the pitch of frames, one after another, and a seed. Out: samples, as soon as they can be made. Knows
//! no text.
//!
//! The short-time spectrum of a train of pulses is shaped, noise and what is free of both are added (see
//! [`cuevox_kernels::spectrum`]), and the inverse transforms are overlapped and added: windows of Hann of 1200 samples,
//! every 300, centred (the Python package hibari-tts 0.2.1, `dsp.py`; as `torch.stft` and `torch.istft`).

use super::pulses::{HOP, Pulses};
use crate::voice::noise::{Lots, Seed};
use cuevox_kernels::lanes::{Block, LANES, Machine};
use cuevox_kernels::peaks::highest;
use cuevox_kernels::rows::{Rows, blocks_of};
use cuevox_kernels::spectrum::Spectrum;
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Samples of a window.
const WINDOW: usize = 1200;
/// Windows that overlap.
const OVERLAP: usize = WINDOW / HOP;
/// Bins of a spectrum.
pub(super) const BINS: usize = WINDOW / 2 + 1;
/// The stream of the noise, among those of an utterance's seed.
const STREAM: u64 = 0;

/// What is needed to make sound of spectra.
pub(super) struct Vocoder {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
    /// The window, over the samples of a frame.
    scaled: Vec<f32>,
    /// What each sample of the overlapping windows is divided by, where all windows are there.
    whole: Vec<f32>,
    machine: Machine,
}

/// One utterance so far.
pub(super) struct Sound {
    total: usize,
    lots: Lots,
    pulses: Pulses,
    /// The samples of the train from `first` on.
    train: Vec<f32>,
    first: usize,
    /// Frames of the train that are made.
    trained: usize,
    /// Frames whose spectra are made.
    done: usize,
    /// Sums of the windows so far, from two frames before frame `done` on.
    sums: Vec<f32>,
    parts: [Vec<Block>; 4],
    drawn: Vec<[u32; LANES]>,
    spectrum: Vec<Complex<f32>>,
    frame: Vec<f32>,
    scratch: Vec<Complex<f32>>,
}

impl Vocoder {
    /// Readies the transforms.
    pub(super) fn new(machine: Machine) -> Vocoder {
        let mut planner = RealFftPlanner::new();
        let turn = std::f64::consts::TAU / WINDOW as f64;
        let window: Vec<f32> = (0..WINDOW).map(|i| (0.5 - 0.5 * (turn * i as f64).cos()) as f32).collect();
        let all = |at: usize| (0..OVERLAP).map(|part| window[part * HOP + at].powi(2)).sum::<f32>();
        let whole = (0..HOP).map(|at| all(at) * WINDOW as f32).collect();
        let (forward, inverse) = (planner.plan_fft_forward(WINDOW), planner.plan_fft_inverse(WINDOW));
        let scaled = window.iter().map(|by| by * (1.0 / HOP as f32)).collect();
        Vocoder { forward, inverse, window, scaled, whole, machine }
    }

    /// Begins an utterance of `total` frames.
    pub(super) fn begin(&self, total: usize, seed: Seed) -> Sound {
        let scratch = self.forward.get_scratch_len().max(self.inverse.get_scratch_len());
        Sound {
            total,
            lots: seed.lots(STREAM),
            pulses: Pulses::default(),
            train: Vec::new(),
            first: 0,
            trained: 0,
            done: 0,
            sums: vec![0.0; WINDOW],
            parts: std::array::from_fn(|_| vec![Block::default(); blocks_of(BINS)]),
            drawn: vec![[0; LANES]; blocks_of(BINS)],
            spectrum: vec![Complex::default(); BINS],
            frame: vec![0.0; WINDOW],
            scratch: vec![Complex::default(); scratch],
        }
    }

    /// Makes the frames whose spectra are in `rows`, from the first not yet made up to frame `to`, and adds the samples
    /// that nothing more is added to. `pitch` says the pitch of a frame, up to two beyond.
    pub(super) fn advance(
        &self,
        sound: &mut Sound,
        rows: &Rows,
        to: usize,
        pitch: &dyn Fn(usize) -> f32,
        samples: &mut Vec<f32>,
    ) {
        for frame in sound.done..to {
            let last = sound.total - 1;
            while sound.trained < (frame + 2).min(sound.total) {
                let at = sound.trained;
                sound.pulses.frame(self.machine, pitch(at), pitch((at + 1).min(last)), &mut sound.train);
                sound.trained += 1;
            }
            self.frame(sound, rows, frame);
            sound.done = frame + 1;
            // Two frames before it begins a frame's window, whose first quarter is whole now; after the last frame all is.
            let whole = if sound.done == sound.total { frame..frame + OVERLAP / 2 + 1 } else { frame..frame + 1 };
            for quarter in whole {
                if let Some(out) = quarter.checked_sub(OVERLAP / 2).filter(|out| *out < sound.total) {
                    self.give(sound, out, samples);
                }
                sound.sums.copy_within(HOP.., 0);
                sound.sums[WINDOW - HOP..].fill(0.0);
            }
        }
    }

    /// Adds a frame to the sums.
    fn frame(&self, sound: &mut Sound, rows: &Rows, frame: usize) {
        let voiced = self.analyse(sound, frame);
        sound.lots.draw(frame as u64, &mut sound.drawn);
        let [a, b, re, im] = &mut sound.parts;
        let pulses: [&[Block]; 2] = if voiced { [a, b] } else { [&[], &[]] };
        let given = Spectrum { rows, moment: frame as isize, pulses, lots: &sound.drawn };
        given.run(self.machine, re, im);
        for (to, (re, im)) in sound.spectrum.chunks_mut(LANES).zip(re.iter().zip(im.iter())) {
            for ((to, re), im) in to.iter_mut().zip(re.0).zip(im.0) {
                *to = Complex::new(re, im);
            }
        }
        // Of a real signal both are real; what is not is left out.
        (sound.spectrum[0].im, sound.spectrum[BINS - 1].im) = (0.0, 0.0);
        let Sound { spectrum, frame: samples, scratch, .. } = sound;
        let scratch = &mut scratch[..self.inverse.get_scratch_len()];
        // It fails for buffers of other lengths only.
        if self.inverse.process_with_scratch(spectrum, samples, scratch).is_ok() {
            for ((sum, sample), by) in sound.sums.iter_mut().zip(&sound.frame).zip(&self.window) {
                *sum += sample * by;
            }
        }
    }

    /// Leaves the spectrum of the train around a frame in the first two parts; whether there is any.
    fn analyse(&self, sound: &mut Sound, frame: usize) -> bool {
        let end = sound.total * HOP;
        let from = (frame * HOP) as isize - (WINDOW / 2) as isize;
        sound.train.drain(..usize::try_from(from).unwrap_or(0).min(end).saturating_sub(sound.first));
        sound.first = sound.first.max(usize::try_from(from).unwrap_or(0).min(end));
        let inside = usize::try_from(from).ok().and_then(|from| from.checked_sub(sound.first));
        match inside.and_then(|from| sound.train.get(from..from + WINDOW)).filter(|_| from as usize + WINDOW <= end) {
            Some(train) => sound.frame.copy_from_slice(train),
            None => {
                for (at, to) in sound.frame.iter_mut().enumerate() {
                    let at = reflected(from + at as isize, end).wrapping_sub(sound.first);
                    *to = sound.train.get(at).copied().unwrap_or(0.0);
                }
            }
        }
        let sounds = highest(self.machine, &sound.frame) > 0.0;
        for (sample, by) in sound.frame.iter_mut().zip(&self.scaled) {
            *sample *= by;
        }
        let Sound { spectrum, frame, scratch, parts: [a, b, ..], .. } = sound;
        let scratch = &mut scratch[..self.forward.get_scratch_len()];
        if !sounds || self.forward.process_with_scratch(frame, spectrum, scratch).is_err() {
            return false;
        }
        for (values, (a, b)) in spectrum.chunks(LANES).zip(a.iter_mut().zip(b.iter_mut())) {
            for ((value, a), b) in values.iter().zip(&mut a.0).zip(&mut b.0) {
                (*a, *b) = (value.re, value.im);
            }
        }
        true
    }

    /// Gives the samples of frame `out`, the first of the sums, to which nothing more is added.
    fn give(&self, sound: &Sound, out: usize, samples: &mut Vec<f32>) {
        // The windows over it: of the frame before it to that of the one two after it.
        let there = |part: usize| (out + OVERLAP / 2).checked_sub(part).is_some_and(|frame| frame < sound.total);
        if (0..OVERLAP).all(there) {
            samples.extend(sound.sums.iter().zip(&self.whole).map(|(sum, by)| sum / by));
            return;
        }
        for at in 0..HOP {
            let parts = (0..OVERLAP).filter(|part| there(*part));
            let squares = parts.map(|part| self.window[part * HOP + at].powi(2)).sum::<f32>();
            samples.push(sound.sums[at] / (squares.max(1e-11) * WINDOW as f32));
        }
    }
}

/// Where a sample is that lies beyond the ends of `end` samples, whose ends are mirrors.
fn reflected(at: isize, end: usize) -> usize {
    let last = end as isize - 1;
    let mut at = at;
    while at < 0 || at > last {
        at = if at < 0 { -at } else { 2 * last - at };
    }
    at as usize
}
