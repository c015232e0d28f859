//! In: what each id sounds like, how many frames it takes, a seed. Out: samples, window by window. Knows no text.
//!
//! Pitch and level are made in units of two frames, of the mean of what both are of; spectra are made frame by frame. A
//! frame depends on the frames near it alone, so memory does not grow with the utterance.

use super::anatomy::{Anatomy, Prosody};
use super::front::Encoded;
use super::product::{Product, Scratch};
use super::pulses::HOP;
use super::stack::{Passage, Stack};
use super::vocoder::{BINS, Vocoder};
use crate::voice::layers::{Reason, conv, convolve, normal};
use crate::voice::noise::Seed;
use cuevox_kernels::conv::{Conv, Finish};
use cuevox_kernels::lanes::{Block, LANES, Machine};
use cuevox_kernels::norm::{Bend, Norm};
use cuevox_kernels::rows::{Rows, blocks_of};
use std::sync::{Mutex, PoisonError};

/// How many units go in at a time, at most: so many that weights are not read for little, and no more.
const WINDOW: usize = 120;

/// How many frames' spectra are made at a time.
const SPECTRA: usize = 48;

/// How many blocks of the decoder are given every frame that is made, not only those that are heard. With all eight the
/// spectra are blended, and hurried speech sounds rough (DistillMOS 3.2 at 1.5 times the pace, 3.8 with four); with none
/// its short sounds are swallowed (words misheard 1.9 %, 1.2 with four).
const AT_LEISURE: usize = 4;

/// What makes sound of encoded ids.
pub(super) struct Sounding {
    melody: Stack,
    raised: Conv,
    scales: [f32; 2],
    divisors: [f32; 2],
    /// Makes the first rows of the decoder of text, pitch and level.
    joined: Conv,
    /// The blocks of the decoder that are given every frame that is made.
    decoder: Stack,
    /// Those that are given the frames that are heard.
    smoother: Stack,
    norm: Norm,
    spectra: Product,
    vocoder: Vocoder,
    machine: Machine,
    window: usize,
    idle: Mutex<Vec<Run>>,
}

/// What is to be spoken.
pub(super) struct Source<'a> {
    pub(super) encoded: &'a Encoded,
    /// How many frames of each id are made.
    pub(super) frames: &'a [u32],
    /// Where each frame that is heard lies among those that are made, in order.
    pub(super) heard: &'a [f32],
}

/// One run, and its memory, to be used again for the next.
#[derive(Default)]
pub(super) struct Run {
    melody: Passage,
    decoder: Passage,
    smoother: Passage,
    raised: Rows,
    joined: Rows,
    normal: Rows,
    spectra: Rows,
    scratch: Scratch,
    /// What is made of the units of the window.
    halves: Vec<Half>,
    /// The pitch of each frame that is made, in Hz.
    pitch: Vec<f32>,
}

/// Half of a unit, which is a frame.
struct Half {
    /// In Hz; 0 or below where nothing is voiced.
    pitch: f32,
    level: f32,
}

impl Sounding {
    /// Packs it.
    pub(super) fn new(anatomy: &Anatomy<'_>, machine: Machine) -> Result<Sounding, Reason> {
        let Prosody { blocks, last, scales, divisors, .. } = &anatomy.prosody;
        let decoder = &anatomy.decoder;
        let [width, ..] = decoder.first.sizes;
        if decoder.last.sizes[1] != 5 * BINS || !anatomy.text.width.is_multiple_of(LANES) {
            return Err("its spectra are not of the known size");
        }
        let (at_leisure, smoothing) = decoder.blocks.split_at(decoder.blocks.len().min(AT_LEISURE));
        // Each spectrum begins with a block of its own.
        let each = blocks_of(BINS) * LANES;
        let place = |o: usize| (o % each < BINS).then_some((o / each * BINS + o % each, 1.0));
        Ok(Sounding {
            melody: Stack::new(blocks, anatomy.prosody.first.sizes[0]),
            raised: conv(last)?,
            scales: *scales,
            divisors: *divisors,
            joined: conv(&decoder.first)?,
            decoder: Stack::new(at_leisure, width),
            smoother: Stack::new(smoothing, width),
            norm: normal(&decoder.norm),
            spectra: Product::laid_out(&decoder.last, 5 * each, place),
            vocoder: Vocoder::new(machine),
            machine,
            window: WINDOW,
            idle: Mutex::default(),
        })
    }

    /// The instructions it computes with.
    pub(super) fn machine(&self) -> Machine {
        self.machine
    }

    /// Computes so many units at a time.
    #[cfg(test)]
    pub(super) fn window(&mut self, units: usize) {
        self.window = units;
    }

    /// The memory that its runs take at present, in bytes.
    #[cfg(test)]
    pub(super) fn run_bytes(&self) -> usize {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Run::bytes).sum()
    }

    /// Blocks of each id, of the text and of the melody.
    pub(super) fn blocks(&self) -> [usize; 2] {
        [blocks_of(self.joined.shape().inputs - 2), blocks_of(self.raised.shape().inputs)]
    }

    /// Speaks; `take` gets the samples as they are made. What `take` returns ends it early where it is an error.
    pub(super) fn speak<E>(
        &self,
        source: &Source<'_>,
        seed: Seed,
        mut take: impl FnMut(&[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut sound = self.vocoder.begin(source.heard.len(), seed);
        let mut samples = Vec::with_capacity(SPECTRA * HOP);
        self.frames(source, |rows, to, pitch| {
            self.vocoder.advance(&mut sound, rows, to, pitch, &mut samples);
            let taken = if samples.is_empty() { Ok(()) } else { take(&samples) };
            samples.clear();
            taken
        })
    }

    /// Makes the spectra of all frames that are heard; `take` gets them as they are made, from those in the rows to frame
    /// `to`, with the pitch of each frame.
    pub(super) fn frames<E>(
        &self,
        source: &Source<'_>,
        mut take: impl FnMut(&Rows, usize, &dyn Fn(usize) -> f32) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut run = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let made = self.frames_with(&mut run, source, &mut take);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(run);
        made
    }

    fn frames_with<E>(
        &self,
        run: &mut Run,
        source: &Source<'_>,
        take: &mut impl FnMut(&Rows, usize, &dyn Fn(usize) -> f32) -> Result<(), E>,
    ) -> Result<(), E> {
        let &Source { frames, heard, .. } = source;
        let total = total(frames);
        let units = total.div_ceil(2);
        self.begin(run);
        let mut melody = Places::new(frames);
        let mut text = Places::new(frames);
        // Windows of like size: with few frames in the last, all weights would be read for little.
        let window = units.div_ceil(units.div_ceil(self.window).max(1)).max(1);
        for from in (0..units).step_by(window) {
            self.add_units(run, source, &mut melody, (from, (from + window).min(units)));
            self.melody.advance(self.machine, &mut run.melody, units as isize, &mut run.scratch);
            self.raise(run);
            self.add_frames(run, source, &mut text, total);
            self.join(run, total as isize);
            self.decoder.advance(self.machine, &mut run.decoder, total as isize, &mut run.scratch);
            blend(run.decoder.output(), heard, total as isize, run.smoother.input());
            self.smoother.advance(self.machine, &mut run.smoother, heard.len() as isize, &mut run.scratch);
            let (first, end) = (run.smoother.output().first(), run.smoother.output().end());
            for from in (first..end).step_by(SPECTRA) {
                let to = (from + SPECTRA as isize).min(end);
                self.spectra(run, (from, to));
                let made = |at: usize| run.pitch.get(nearest(*heard.get(at)?));
                take(&run.spectra, to as usize, &|at| made(at).copied().unwrap_or(0.0))?;
            }
            run.smoother.output().drop_before(end);
        }
        Ok(())
    }

    fn begin(&self, run: &mut Run) {
        self.melody.begin(&mut run.melody);
        self.decoder.begin(&mut run.decoder);
        self.smoother.begin(&mut run.smoother);
        run.joined.reshape(blocks_of(self.joined.shape().inputs), 0);
        run.pitch.clear();
    }

    /// Adds what goes into the prosody for some units.
    fn add_units(&self, run: &mut Run, source: &Source<'_>, ids: &mut Places<'_>, (from, to): (usize, usize)) {
        let [_, planes] = self.blocks();
        let rows = run.melody.input();
        rows.lengthen_to(to as isize);
        let melody = |id: usize, plane: usize| &source.encoded.melody[id * planes + plane].0;
        for unit in from..to {
            let first = ids.next().unwrap_or(0);
            let second = ids.next().unwrap_or(first);
            let at = (unit as isize - rows.first()) as usize;
            for plane in 0..planes {
                let (a, b) = (melody(first, plane), melody(second, plane));
                let to = &mut rows.plane_mut(plane)[at].0;
                for lane in 0..LANES {
                    to[lane] = (a[lane] + b[lane]) * 0.5;
                }
            }
        }
    }

    /// Pitch and level of both halves of the units whose prosody is made, unit by unit.
    fn raise(&self, run: &mut Run) {
        let made = run.melody.output();
        convolve(self.machine, &self.raised, made, 1.0, &mut run.raised, &mut run.scratch.conv);
        let end = made.end();
        made.drop_before(end);
        run.halves.clear();
        for unit in run.raised.plane(0) {
            let [pitch, next, level, then, ..] = unit.0;
            run.halves.extend(
                [(pitch, level), (next, then)]
                    .map(|(pitch, level)| Half { pitch: pitch * self.scales[0], level: level * self.scales[1] }),
            );
        }
    }

    /// Adds what goes into the decoder for the frames whose prosody is made.
    fn add_frames(&self, run: &mut Run, source: &Source<'_>, ids: &mut Places<'_>, total: usize) {
        let [planes, _] = self.blocks();
        let Run { halves, joined, pitch, .. } = run;
        for half in halves.iter().take(total - pitch.len()) {
            joined.lengthen_to(pitch.len() as isize + 1);
            let at = (pitch.len() as isize - joined.first()) as usize;
            let id = ids.next().unwrap_or(0);
            for plane in 0..planes {
                joined.plane_mut(plane)[at] = source.encoded.text[id * planes + plane];
            }
            let mut both = Block::default();
            both.0[0] = (1.0 + half.pitch.max(0.0)).ln() / self.divisors[0];
            both.0[1] = half.level / self.divisors[1];
            joined.plane_mut(planes)[at] = both;
            pitch.push(half.pitch);
        }
    }

    /// The level of each frame that is heard, in nats, as it is predicted before there is any sound.
    pub(super) fn levels(&self, source: &Source<'_>) -> Vec<f32> {
        let &Source { frames, heard, .. } = source;
        let total = total(frames);
        let units = total.div_ceil(2);
        let mut run = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        self.begin(&mut run);
        let mut ids = Places::new(frames);
        let mut levels = Vec::with_capacity(total);
        for from in (0..units).step_by(self.window) {
            self.add_units(&mut run, source, &mut ids, (from, (from + self.window).min(units)));
            self.melody.advance(self.machine, &mut run.melody, units as isize, &mut run.scratch);
            self.raise(&mut run);
            levels.extend(run.halves.iter().map(|half| half.level));
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(run);
        heard.iter().map(|place| levels[nearest(*place)]).collect()
    }

    /// Makes the first rows of the decoder, as far as they can be made.
    fn join(&self, run: &mut Run, total: isize) {
        let there = run.joined.end();
        let to = if there >= total { total } else { there - self.joined.after() };
        let target = run.decoder.input();
        let from = target.end();
        if to <= from {
            return;
        }
        target.lengthen_to(to);
        let plain = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };
        let Run { joined, scratch, .. } = run;
        self.joined.run(self.machine, (joined, target), (from, to), (self.joined.bias(), plain), &mut scratch.conv);
        run.joined.drop_before(to - self.joined.shape().before as isize);
    }

    /// Makes the spectra of some frames.
    fn spectra(&self, run: &mut Run, (from, to): (isize, isize)) {
        let Run { smoother, normal, spectra, scratch, .. } = run;
        let made = smoother.output();
        normal.reshape(made.planes(), from);
        normal.lengthen_to(to);
        let skip = (from - made.first()) as usize;
        for plane in 0..made.planes() {
            let count = normal.plane(plane).len();
            normal.plane_mut(plane).copy_from_slice(&made.plane(plane)[skip..skip + count]);
        }
        self.norm.run(self.machine, normal, Bend::None);
        self.spectra.all(self.machine, normal, Bend::None, spectra, scratch);
    }
}

/// Makes rows of the frames that are heard, as far as those they lie between are there, of `total` in the end, and puts them
/// behind those that there are already.
fn blend(made: &mut Rows, heard: &[f32], total: isize, blended: &mut Rows) {
    let (first, end, done) = (made.first(), made.end(), blended.end() as usize);
    let there = |place: &f32| end == total || before(*place) + 1 < end;
    let now = &heard[done..done + heard[done..].partition_point(there)];
    blended.lengthen_to((done + now.len()) as isize);
    let at = (done as isize - blended.first()) as usize;
    for plane in 0..made.planes() {
        let from = made.plane(plane);
        for (to, place) in blended.plane_mut(plane)[at..].iter_mut().zip(now) {
            let frame = before(*place);
            let next = (frame + 1).min(end - 1);
            let (a, b) = (&from[(frame - first) as usize].0, &from[(next - first) as usize].0);
            let share = (place - frame as f32).max(0.0);
            for lane in 0..LANES {
                to.0[lane] = a[lane] + (b[lane] - a[lane]) * share;
            }
        }
    }
    made.drop_before(heard.get(done + now.len()).map_or(end, |place| before(*place).min(end)));
}

/// The frame that a place lies in or behind the middle of.
fn before(place: f32) -> isize {
    place.max(0.0) as isize
}

/// The frame whose middle a place is nearest to.
fn nearest(place: f32) -> usize {
    (place + 0.5) as usize
}

/// How many frames there are.
pub(super) fn total(frames: &[u32]) -> usize {
    frames.iter().map(|f| *f as usize).sum()
}

/// The id of each frame, one after another.
struct Places<'a> {
    frames: &'a [u32],
    id: usize,
    spoken: u32,
}

impl<'a> Places<'a> {
    fn new(frames: &'a [u32]) -> Places<'a> {
        Places { frames, id: 0, spoken: 0 }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.spoken == *self.frames.get(self.id)? {
            (self.id, self.spoken) = (self.id + 1, 0);
        }
        self.spoken += 1;
        Some(self.id)
    }
}

impl Run {
    /// The memory it takes, in bytes.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        let rows = [&self.raised, &self.joined, &self.normal, &self.spectra];
        let rows: usize = rows.into_iter().map(Rows::bytes).sum();
        rows + self.melody.bytes() + self.decoder.bytes() + self.smoother.bytes() + self.scratch.bytes()
    }
}
