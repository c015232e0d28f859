//! The real voice, installed by the program's own means, against its graph as rten runs it (in floats, as our layers are),
//! and its sound against the vocoder's formula, written out.

use super::pulses::HOP;
use super::vocoder::{BINS, Vocoder};
use super::*;
use crate::progress::Unwatched;
use crate::voice::catalog::Catalog;
use crate::voice::inference::{Network, elements, floats, whole};
use crate::voice::store::Store;
use cuevox_kernels::lanes::{Block, LANES};
use cuevox_kernels::rows::Rows;
use std::f64::consts::{PI, TAU};

/// The model of the voice, installed where the tests of the whole program install theirs.
fn heart() -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tmp/voices");
    let folder = std::env::var_os("CUEVOX_VOICES_DIR").unwrap_or_else(|| folder.into());
    let catalog = Catalog::built_in().expect("the catalogue");
    let entry = catalog.find("hibari-heart").expect("it is of the catalogue");
    let files = Store::open(folder.into(), false).ensure(entry, &Unwatched).expect("installed");
    files.bytes(Role::Model).expect("a model")
}

fn loaded(bytes: &[u8], machine: Machine, window: usize) -> Hibari {
    let graph = Graph::read(bytes).expect("a graph");
    let mut model = Hibari::load_for(&graph, 24_000, machine).expect("understood");
    model.sounding.window(window);
    model
}

fn sound(model: &Hibari, ids: &[i32], frames: &[u32]) -> Vec<f32> {
    let mut samples = Vec::new();
    let mut take = |more: &[f32]| {
        samples.extend_from_slice(more);
        Ok(())
    };
    model.speak((ids, frames), Seed::of(0, "heart", 0, ids), &mut take).expect("spoken");
    samples
}

/// "The quick brown fox jumps over the lazy dog." and the like: ids that belong together more or less.
fn some_ids(count: i32) -> Vec<i32> {
    let inner = (0..count).map(|i| [81, 83, 16, 53, 65, 156, 102, 53, 16, 44, 123, 156, 39, 56][i as usize % 14]);
    std::iter::once(0).chain(inner).chain([4, 0]).collect()
}

/// The graph in floats, run by rten.
struct Twin {
    network: Network,
    given: rten::NodeId,
    before_rounding: rten::NodeId,
}

impl Twin {
    fn of(bytes: &[u8]) -> Twin {
        let mut graph = Graph::read(bytes).expect("a graph");
        let clipped = anatomy::durations(&graph).expect("durations");
        let units = {
            let walk = graph.walk().expect("a graph");
            walk.through(&clipped, &["Clip", "Round"]).expect("rounded").to_owned()
        };
        assert!(graph.unquantise() > 40);
        let network = Network::load(graph.write().expect("written")).expect("loaded");
        let (given, before_rounding) = (network.value(&clipped).expect("known"), network.value(&units).expect("known"));
        Twin { network, given, before_rounding }
    }

    fn inputs(&self, ids: &[i32]) -> Vec<(rten::NodeId, rten::ValueOrView<'static>)> {
        let value = |name: &str| self.network.value(name).expect("an input");
        vec![
            (value("ids"), whole(&[1, ids.len()], ids.to_vec()).expect("ids").into()),
            (value("speed"), floats(&[1], vec![1.0]).expect("speed").into()),
        ]
    }

    /// Units of each id, not yet rounded.
    fn units(&self, ids: &[i32]) -> Vec<f32> {
        let [units] = self.network.run(self.inputs(ids), [self.before_rounding]).expect("run");
        elements(units).expect("floats")
    }

    /// The five spectra and the pitch, for so many units of each id.
    fn spectra(&self, ids: &[i32], units: &[u32]) -> [Vec<f32>; 6] {
        let mut inputs = self.inputs(ids);
        inputs
            .push((self.given, floats(&[ids.len()], units.iter().map(|u| *u as f32).collect()).expect("units").into()));
        let names = ["lh", "theta", "ln", "lr", "phi", "f0"].map(|name| self.network.value(name).expect("an output"));
        self.network.run(inputs, names).expect("run").map(|value| elements(value).expect("floats"))
    }
}

#[test]
fn durations_and_spectra_are_those_of_the_graph_in_floats_on_every_machine() {
    let bytes = heart();
    let twin = Twin::of(&bytes);
    for (count, machines) in [(12, Machine::all()), (1, Machine::all()), (90, vec![Machine::best()])] {
        let ids = some_ids(count);
        let units: Vec<u32> = (0..ids.len() as u32).map(|i| 1 + i * 7 % 5).collect();
        let wanted = twin.spectra(&ids, &units);
        let rounded = |units: &f32| (2.0 * units).round_ties_even().max(2.0) as u32;
        let natural: Vec<u32> = twin.units(&ids).iter().map(rounded).collect();
        for machine in machines {
            let model = loaded(&bytes, machine, 40);
            assert_eq!(model.predict(&ids).expect("predicted"), natural, "{}", machine.name());
            let encoded = model.encoded(&ids);
            let frames: Vec<u32> = units.iter().map(|units| 2 * units).collect();
            let total = sounding::total(&frames);
            let (mut made, mut worst) = (0, [0.0_f32; 6]);
            let heard: Vec<f32> = (0..total).map(|frame| frame as f32).collect();
            let source = Source { encoded: &encoded, frames: &frames, heard: &heard };
            let taken: std::result::Result<(), ()> = model.sounding.frames(&source, |rows, to, pitch| {
                for frame in made..to {
                    let at = (frame as isize - rows.first()) as usize;
                    for (which, bin) in (0..5).flat_map(|which| (0..BINS).map(move |bin| (which, bin))) {
                        let plane = which * BINS.div_ceil(LANES) + bin / LANES;
                        let off = rows.plane(plane)[at].0[bin % LANES] - wanted[which][bin * total + frame];
                        worst[which] = worst[which].max(off.abs());
                    }
                    worst[5] = worst[5].max((pitch(frame) - wanted[5][frame]).abs());
                }
                made = to;
                Ok(())
            });
            assert_eq!((taken, made), (Ok(()), total));
            // What pitches are off by is in Hz. Products are made of numbers of 16 bits.
            let most = [1e-2, 1e-2, 1e-2, 1e-2, 2e-2, 0.1];
            let near = worst.iter().zip(most).all(|(off, most)| *off < most);
            assert!(near, "{}, {count}: off by {worst:?}", machine.name());
        }
    }
}

#[test]
fn windows_of_every_length_give_the_same_samples_and_an_odd_frame_is_one() {
    let bytes = heart();
    let ids = some_ids(25);
    let frames: Vec<u32> = (0..ids.len() as u32).map(|i| 1 + i * 5 % 8).collect();
    let whole = sound(&loaded(&bytes, Machine::best(), 100_000), &ids, &frames);
    assert_eq!(whole.len(), sounding::total(&frames) * HOP);
    let loudest = whole.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    assert!((0.05..1.0).contains(&loudest), "{loudest}");
    for window in [1, 2, 7, 50] {
        assert!(sound(&loaded(&bytes, Machine::best(), window), &ids, &frames) == whole, "{window} units at a time");
    }
    let model = loaded(&bytes, Machine::best(), 120);
    assert!(sound(&model, &ids, &frames) == whole, "and again");
    for frames in [vec![1], vec![1, 0], vec![1, 1], vec![2, 1], vec![0, 3, 1]] {
        let ids = &ids[..frames.len()];
        let samples = sound(&model, ids, &frames);
        assert_eq!(samples.len(), sounding::total(&frames) * HOP, "{frames:?}");
        assert!(samples.iter().all(|sample| sample.is_finite()), "{frames:?}");
    }
}

#[test]
fn only_hurried_speech_is_articulated_at_leisure_and_played_faster() {
    let bytes = heart();
    let ids = some_ids(25);
    let mut model = loaded(&bytes, Machine::best(), 120);
    let natural = model.predict(&ids).expect("predicted");
    let hurried: Vec<u32> = natural.iter().map(|frames| frames * 2 / 3).collect();
    let ours = [&natural, &hurried].map(|frames| sound(&model, &ids, frames));
    model.fastest = [f32::MAX; 2];
    let told = [&natural, &hurried].map(|frames| sound(&model, &ids, frames));
    assert!(ours[0] == told[0] && ours[1] != told[1]);
    assert_eq!(ours[1].len(), sounding::total(&hurried) * HOP);
    // As loud, for the same sounds are heard.
    let energy = |samples: &[f32]| samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32;
    let louder = energy(&ours[1]) / energy(&ours[0]);
    assert!((0.5..2.0).contains(&louder), "{louder}");
}

#[test]
fn memory_does_not_grow_with_the_utterance_and_who_takes_samples_can_end_it() {
    let model = loaded(&heart(), Machine::best(), 30);
    let memory = |frames: u32| {
        assert_eq!(sound(&model, &[0, 43, 0], &[2, frames, 2]).len(), (frames as usize + 4) * HOP);
        model.sounding.run_bytes()
    };
    let (short, long) = (memory(400), memory(3000));
    assert!(long <= short + short / 10, "{short} bytes for 400 frames, {long} for 3000");
    let mut calls = 0;
    let mut take = |_: &[f32]| {
        calls += 1;
        Err(Error::new(Kind::Interrupted, "enough"))
    };
    let ended = model.speak((&[0, 43, 0], &[2, 900, 2]), Seed::of(0, "heart", 0, &[]), &mut take);
    assert!(ended.is_err_and(|e| e.kind() == Kind::Interrupted));
    assert_eq!(calls, 1);
}

#[test]
fn what_is_no_such_voice_is_refused_with_the_reason() {
    let bytes = heart();
    for (from, to, reason) in [
        (&b"Softmax"[..], &b"Sigmoid"[..], "text encoder"),
        (b"Split", b"Splat", "decoder"),
        (b"CumSum", b"CumSun", ""),
        (b"Erf", b"Abs", "text encoder"),
    ] {
        let mut bytes = bytes.clone();
        let places: Vec<usize> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
        assert!(!places.is_empty());
        places.iter().for_each(|at| bytes[*at..*at + from.len()].copy_from_slice(to));
        let found = Hibari::load(&Graph::read(&bytes).expect("read"), 24_000).err().map(|e| e.to_string());
        assert!(
            found.is_none_or(|found| !reason.is_empty() && found.contains("voice of the kind expected")),
            "{reason}"
        );
    }
    let graph = Graph::read(&bytes).expect("read");
    assert!(Hibari::load(&graph, 22_050).is_err());
    let model = Hibari::load(&graph, 24_000).expect("understood");
    assert!(model.predict(&[0, 178, 0]).is_err() && model.predict(&[0, -1]).is_err() && model.predict(&[]).is_err());
}

/// Spectra of a few frames that hold no noise, and their pitch.
fn spectra(frames: usize) -> (Rows, Vec<f32>) {
    let planes = BINS.div_ceil(LANES);
    let mut rows = Rows::new(5 * planes, 0);
    rows.extend_to(frames as isize);
    for (frame, bin) in (0..frames).flat_map(|frame| (0..BINS).map(move |bin| (frame, bin))) {
        let wave = |by: f32| (bin as f32 / 40.0 + frame as f32 * by).sin();
        let values = [wave(0.3) - 3.0, wave(0.5), -80.0, wave(0.7) - 5.0, 9.0 * wave(0.2)];
        for (which, value) in values.into_iter().enumerate() {
            rows.plane_mut(which * planes + bin / LANES)[frame].0[bin % LANES] = value;
        }
    }
    let pitch = (0..frames).map(|frame| if frame % 9 < 6 { 110.0 + 9.0 * frame as f32 } else { 0.0 }).collect();
    (rows, pitch)
}

/// The samples that these frames stand for, by the definition of both transforms.
fn written_out(rows: &Rows, pitch: &[f32]) -> Vec<f64> {
    let (mut pulses, mut train) = (pulses::Pulses::default(), Vec::new());
    for (at, hertz) in pitch.iter().enumerate() {
        pulses.frame(Machine::best(), *hertz, *pitch.get(at + 1).unwrap_or(hertz), &mut train);
    }
    let (size, end) = (1200, train.len() as isize);
    let hann: Vec<f64> = (0..size).map(|i| 0.5 - 0.5 * (TAU * i as f64 / size as f64).cos()).collect();
    let turns: Vec<(f64, f64)> = (0..size).map(|i| (TAU * i as f64 / size as f64).sin_cos()).collect();
    let (mut sums, mut squares) = (vec![0.0; train.len()], vec![0.0; train.len()]);
    let planes = BINS.div_ceil(LANES);
    for frame in 0..pitch.len() {
        let from = (frame * HOP) as isize - 600;
        let sample = |i: usize| {
            let at = from + i as isize;
            let at = if at < 0 {
                -at
            } else if at >= end {
                2 * (end - 1) - at
            } else {
                at
            };
            f64::from(train[at as usize]) * hann[i] / 300.0
        };
        let mut frame_sum = vec![0.0; size];
        for bin in 0..BINS {
            let value = |which: usize| f64::from(rows.plane(which * planes + bin / LANES)[frame].0[bin % LANES]);
            let (mut re, mut im) = (0.0, 0.0);
            for i in 0..size {
                let (sin, cos) = turns[bin * i % size];
                re += sample(i) * cos;
                im -= sample(i) * sin;
            }
            let (level, angle) = (value(0).exp(), PI * value(1).tanh());
            let (free, phi) = (value(3).exp(), value(4));
            let real = level * (re * angle.cos() - im * angle.sin()) + free * phi.cos();
            let imaginary = level * (re * angle.sin() + im * angle.cos()) + free * phi.sin();
            let edge = bin == 0 || bin + 1 == BINS;
            for (i, sum) in frame_sum.iter_mut().enumerate() {
                let (sin, cos) = turns[bin * i % size];
                *sum += if edge { real * cos } else { 2.0 * (real * cos - imaginary * sin) } / size as f64;
            }
        }
        for i in 0..size {
            if let Ok(at) = usize::try_from(from + i as isize)
                && at < train.len()
            {
                sums[at] += frame_sum[i] * hann[i];
                squares[at] += hann[i] * hann[i];
            }
        }
    }
    sums.iter().zip(squares).map(|(sum, square)| sum / square).collect()
}

#[test]
fn spectra_become_the_samples_that_they_stand_for() {
    let (rows, pitch) = spectra(14);
    let wanted = written_out(&rows, &pitch);
    for machine in Machine::all() {
        let vocoder = Vocoder::new(machine);
        let mut found = Vec::new();
        for parts in [vec![14], vec![1, 2, 3, 9, 14]] {
            let mut sound = vocoder.begin(14, Seed::of(0, "x", 0, &[]));
            let mut samples = Vec::new();
            parts.iter().for_each(|to| vocoder.advance(&mut sound, &rows, *to, &|at| pitch[at], &mut samples));
            found.push(samples);
        }
        assert!(found[0] == found[1] && found[0].len() == wanted.len(), "{} samples", found[0].len());
        for (at, (got, wanted)) in found[0].iter().zip(&wanted).enumerate() {
            assert!((f64::from(*got) - wanted).abs() < 2e-5, "{}, {at}: {got}, not {wanted}", machine.name());
        }
    }
}

#[test]
fn noise_is_as_loud_as_it_is_said_to_be() {
    let frames = 60;
    let planes = BINS.div_ceil(LANES);
    let mut rows = Rows::new(5 * planes, 0);
    rows.extend_to(frames as isize);
    for plane in 0..5 * planes {
        rows.plane_mut(plane).fill(Block([if plane / planes == 2 { -1.0 } else { -80.0 }; LANES]));
    }
    let vocoder = Vocoder::new(Machine::best());
    let mut samples = Vec::new();
    let mut sound = vocoder.begin(frames, Seed::of(0, "x", 0, &[]));
    vocoder.advance(&mut sound, &rows, frames, &|_| 0.0, &mut samples);
    let power = samples[600..17_400].iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / 16_800.0;
    // Each frame's samples have the variance 2 e^2ln (600 bins of 2 parts, and both ends) / 1200; windows that overlap by
    // three quarters, divided by the sum of their squares, leave a share of 3 / 8 / 1.5 of it.
    let wanted = 2.0 * (-2.0_f64).exp() * 1199.0 / 1200.0 / 1200.0 * 2.0 / 3.0;
    assert!((power / wanted - 1.0).abs() < 0.05, "{power}, not {wanted}");
}
