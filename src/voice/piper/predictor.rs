//! In: what the text encoder has made of ids, and noise. Out: how many frames each takes, computed by the layers of
//! [`cuevox_kernels`]. Knows no sound.

use super::anatomy::{self, Reason};
use super::build::OfSpeaker;
use super::text::{Room, norm};
use crate::voice::graph::Walk;
use crate::voice::layers::{conv, convolve, values};
use cuevox_kernels::conv::{Conv, Scratch};
use cuevox_kernels::depthwise::Depthwise;
use cuevox_kernels::lanes::{Block, LANES, Machine};
use cuevox_kernels::norm::{Bend, Norm};
use cuevox_kernels::rows::{Rows, blocks_of};
use cuevox_kernels::spline::{NUMBERS, backwards};

/// The duration predictor of a voice.
pub(super) struct Predictor {
    first: Conv,
    speaker: Option<OfSpeaker>,
    layers: Vec<Separable>,
    last: Conv,
    couplings: Vec<Coupling>,
    /// What is taken from the logarithms of the durations at the end, and what the rest is multiplied by.
    affine: [f32; 2],
    /// What a spline's widths and heights are multiplied by.
    scale: f32,
}

struct Separable {
    apart: Depthwise,
    norm: Norm,
    together: Conv,
    norm_after: Norm,
}

struct Coupling {
    /// What one channel is multiplied by to become all, and what is added.
    weights: Vec<Block>,
    bias: Vec<Block>,
    layers: Vec<Separable>,
    last: Conv,
}

impl Separable {
    fn read_all(walk: &Walk<'_>, layers: &[anatomy::Separable<'_>]) -> Result<Vec<Separable>, Reason> {
        let read = |layer: &anatomy::Separable<'_>| {
            let (weights, bias) = values(&layer.apart, layer.apart.sizes[0])?;
            Ok(Separable {
                apart: Depthwise::new(layer.apart.sizes[2], layer.apart.dilation, &weights, &bias),
                norm: norm(walk, &layer.norm)?,
                together: conv(&layer.together)?,
                norm_after: norm(walk, &layer.norm_after)?,
            })
        };
        layers.iter().map(read).collect()
    }

    /// Adds to `rows` what the layer makes of them.
    fn run(&self, machine: Machine, rows: &mut Rows, [one, two]: [&mut Rows; 2], scratch: &mut Scratch) {
        self.apart.run(machine, rows, one);
        self.norm.run(machine, one, Bend::Gelu);
        convolve(machine, &self.together, one, 1.0, two, scratch);
        self.norm_after.run_onto(machine, two, Bend::Gelu, rows);
    }
}

impl Coupling {
    fn read(walk: &Walk<'_>, spline: &anatomy::Spline<'_>) -> Result<Coupling, Reason> {
        let (weights, bias) = values(&spline.first, spline.first.sizes[0])?;
        let packed = |values: &[f32]| {
            let mut blocks = vec![Block::default(); blocks_of(values.len())];
            values.iter().enumerate().for_each(|(i, value)| blocks[i / LANES].0[i % LANES] = *value);
            blocks
        };
        let layers = Separable::read_all(walk, &spline.layers)?;
        Ok(Coupling { weights: packed(&weights), bias: packed(&bias), layers, last: conv(&spline.last)? })
    }

    /// Sets `rows` to what is made of one channel, with `added` added.
    fn begin(&self, channel: &[f32], added: &Rows, rows: &mut Rows) {
        for (plane, (weights, bias)) in self.weights.iter().zip(&self.bias).enumerate() {
            let blocks = rows.plane_mut(plane).iter_mut().zip(added.plane(plane)).zip(channel);
            for ((block, added), x) in blocks {
                block.0 = std::array::from_fn(|lane| weights.0[lane] * x + bias.0[lane] + added.0[lane]);
            }
        }
    }
}

impl Predictor {
    /// Reads and packs it.
    pub(super) fn read(walk: &Walk<'_>, durations: &anatomy::Durations<'_>) -> Result<Predictor, Reason> {
        let [taken, times] = durations.affine.map(|name| walk.floats(name).and_then(|both| both.first().copied()));
        let affine = taken.zip(times).ok_or("the durations' scale is no finite f32")?;
        let couplings = durations.splines.iter().map(|spline| Coupling::read(walk, spline));
        Ok(Predictor {
            first: conv(&durations.first)?,
            speaker: durations.speaker.as_ref().map(|conv| OfSpeaker::read(0, conv)).transpose()?,
            layers: Separable::read_all(walk, &durations.layers)?,
            last: conv(&durations.last)?,
            couplings: couplings.collect::<Result<_, _>>()?,
            affine: affine.into(),
            scale: 1.0 / (durations.first.sizes[1] as f32).sqrt(),
        })
    }

    /// Frames of each id, of what the text encoder has left in `room` and the speaker's features. `noise` has as many numbers
    /// for the first of two channels as there are ids, and then for the second.
    pub(super) fn predict(
        &self,
        machine: Machine,
        (speaker, noise): (&[f32], &[f32]),
        length_scale: f32,
        room: &mut Room,
    ) -> Vec<f32> {
        let Room { hidden, between: [one, two, rows], scratch, .. } = room;
        convolve(machine, &self.first, hidden, 1.0, rows, scratch);
        if let Some(of_speaker) = &self.speaker {
            for (plane, added) in of_speaker.added(speaker).1.iter().enumerate() {
                for block in rows.plane_mut(plane) {
                    block.0.iter_mut().zip(added.0).for_each(|(x, added)| *x += added);
                }
            }
        }
        for layer in &self.layers {
            layer.run(machine, rows, [one, two], scratch);
        }
        let mut features = Rows::default();
        convolve(machine, &self.last, rows, 1.0, &mut features, scratch);
        let (first, second) = noise.split_at(noise.len() / 2);
        let (mut fixed, mut moved) = (second.to_vec(), first.to_vec());
        for coupling in &self.couplings {
            coupling.begin(&fixed, &features, rows);
            for layer in &coupling.layers {
                layer.run(machine, rows, [one, two], scratch);
            }
            convolve(machine, &coupling.last, rows, 1.0, one, scratch);
            for (id, x) in moved.iter_mut().enumerate() {
                let numbers: [f32; NUMBERS] = std::array::from_fn(|i| one.plane(i / LANES)[id].0[i % LANES]);
                *x = backwards(*x, &numbers, self.scale);
            }
            std::mem::swap(&mut fixed, &mut moved);
        }
        let [taken, times] = self.affine;
        fixed.iter().map(|x| (((x - taken) * times).exp() * length_scale).ceil()).collect()
    }
}
