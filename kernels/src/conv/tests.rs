//! Tests of the convolutions, on all machines, against sums written out.

use super::*;

/// Numbers between -1 and 1 that look like none in particular.
fn noise(seed: usize) -> impl Fn(usize) -> f32 {
    move |i| {
        let mixed = (i as u64 + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add((seed as u64).wrapping_mul(0xd1b5_4a32_d192_ed03));
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }
}

fn filled(channels: usize, (first, end): (isize, isize), seed: usize) -> Rows {
    let mut rows = Rows::new(blocks_of(channels), first);
    rows.extend_to(end);
    for channel in 0..channels {
        let value = noise(seed + channel);
        for (i, block) in rows.plane_mut(channel / LANES).iter_mut().enumerate() {
            block.0[channel % LANES] = value((first + i as isize + 1000) as usize);
        }
    }
    rows
}

fn at(rows: &Rows, channel: usize, moment: isize) -> f64 {
    let row = usize::try_from(moment - rows.first()).ok().and_then(|i| rows.plane(channel / LANES).get(i));
    row.map_or(0.0, |block| f64::from(block.0[channel % LANES]))
}

/// The sums of a convolution at output `o` of moment `moment`, written out.
fn sum(shape: Shape, rows: &Rows, weight: &dyn Fn(usize, usize, usize) -> f32, o: usize, moment: isize) -> f64 {
    let taps = (0..shape.taps).map(|tap| (tap, moment + (tap * shape.dilation) as isize - shape.before as isize));
    taps.map(|(tap, from)| (0..shape.inputs).map(|i| f64::from(weight(o, i, tap)) * at(rows, i, from)).sum::<f64>())
        .sum()
}

fn weight(shape: Shape) -> impl Fn(usize, usize, usize) -> f32 {
    let value = noise(7);
    let scale = 1.0 / ((shape.inputs * shape.taps) as f32).sqrt();
    move |o, i, tap| scale * value((o * shape.inputs + i) * shape.taps + tap)
}

const LENGTH: isize = 150;

#[test]
fn convolutions_of_every_shape_are_the_sums_they_stand_for_on_every_machine() {
    let rows = [
        (Shape::same(32, 32, 3, 1), 8),
        (Shape::same(32, 32, 7, 12), 8),
        (Shape::same(64, 48, 5, 6), 8),
        (Shape::same(20, 33, 5, 2), 6),
        (Shape::same(16, 16, 11, 1), 4),
        (Shape::same(48, 96, 1, 1), 1),
        (Shape::same(40, 24, 3, 5), 1),
        (Shape { inputs: 64, outputs: 32, taps: 2, dilation: 1, before: 1, stride: 4, shift: 2 }, 5),
        (Shape { inputs: 32, outputs: 20, taps: 2, dilation: 1, before: 1, stride: 8, shift: 4 }, 1),
        (Shape { inputs: 16, outputs: 16, taps: 4, dilation: 1, before: 3, stride: 2, shift: 3 }, 5),
    ];
    for (shape, tile) in rows {
        let weight = weight(shape);
        let source = filled(shape.inputs, (-2, LENGTH), 100);
        let bias: Vec<f32> = (0..shape.outputs).map(noise(3)).collect();
        let conv = Conv::new(shape, tile, &bias, &weight);
        for machine in Machine::all() {
            let mut target = Rows::new(blocks_of(shape.outputs), 0);
            target.extend_to(LENGTH * shape.stride as isize);
            let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };
            let mut scratch = Scratch::default();
            let bias_of = (conv.bias(), finish);
            conv.run(machine, (&source, &mut target), (0, LENGTH + 4), bias_of, &mut scratch);
            let mut worst: f64 = 0.0;
            for moment in 0..LENGTH * shape.stride as isize {
                let shifted = moment + shape.shift as isize;
                let (q, phase) = (shifted / shape.stride as isize, shifted as usize % shape.stride);
                for (o, bias) in bias.iter().enumerate() {
                    let wanted = sum(shape, &source, &weight, phase * shape.outputs + o, q) + f64::from(*bias);
                    worst = worst.max((at(&target, o, moment) - wanted).abs());
                }
            }
            assert!(worst < 6e-5, "{shape:?} by {tile} on {}: off by {worst}", machine.name());
        }
    }
}

#[test]
fn sums_are_finished_as_asked() {
    let shape = Shape::same(32, 32, 3, 2);
    let weight = weight(shape);
    let source = filled(32, (0, LENGTH), 5);
    let other = filled(32, (-3, LENGTH), 9);
    let conv = Conv::new(shape, 8, &[], &weight);
    let rows = [(None, false, 1.0, 0.1), (Some(10.0), false, 0.5, 1.0), (Some(1.0), true, 1.0 / 3.0, 0.01)];
    for machine in Machine::all() {
        for (residual, accumulate, scale, slope) in rows {
            let mut target = filled(32, (-1, LENGTH), 77);
            let before = target.clone();
            let finish = Finish::Store { residual: residual.map(|r| (&other, r)), accumulate, scale, slope };
            let bias = (conv.bias(), finish);
            conv.run(machine, (&source, &mut target), (0, LENGTH), bias, &mut Scratch::default());
            for (moment, o) in (0..LENGTH).flat_map(|moment| (0..32).map(move |o| (moment, o))) {
                let mut wanted = sum(shape, &source, &weight, o, moment);
                wanted += residual.map_or(0.0, |times| {
                    let there = at(&other, o, moment);
                    there.min(there * f64::from(times))
                });
                wanted += if accumulate { at(&before, o, moment) } else { 0.0 };
                wanted *= f64::from(scale);
                wanted = wanted.max(wanted * f64::from(slope));
                let got = at(&target, o, moment);
                assert!((got - wanted).abs() < 3e-5, "{} {moment} {o}: {got} {wanted}", machine.name());
            }
            assert_eq!(at(&target, 4, -1), at(&before, 4, -1), "what lies before was written");
        }
    }
}

#[test]
fn a_gate_is_the_tangent_of_the_first_half_times_the_logistic_function_of_the_second() {
    let shape = Shape::same(48, 96, 5, 1);
    let weight = weight(shape);
    let source = filled(48, (0, LENGTH), 5);
    let bias: Vec<f32> = (0..96).map(noise(11)).collect();
    let conv = Conv::new(shape, 6, &bias, &weight);
    for machine in Machine::all() {
        let mut target = Rows::new(3, 0);
        target.extend_to(LENGTH);
        conv.run(machine, (&source, &mut target), (0, LENGTH), (conv.bias(), Finish::Gate), &mut Scratch::default());
        for (moment, o) in (0..LENGTH).flat_map(|moment| (0..48).map(move |o| (moment, o))) {
            let value = |o: usize| sum(shape, &source, &weight, o, moment) + f64::from(bias[o]);
            let wanted = value(o).tanh() / (1.0 + (-value(o + 48)).exp());
            assert!((at(&target, o, moment) - wanted).abs() < 3e-6, "{} {moment} {o}", machine.name());
        }
    }
}

#[test]
fn the_same_moment_is_the_same_wherever_a_call_begins_and_ends() {
    for (shape, tile) in
        [(Shape::same(32, 32, 7, 3), 8), (Shape::same(32, 64, 5, 1), 6), (Shape::same(64, 32, 1, 1), 1)]
    {
        let conv = Conv::new(shape, tile, &[], weight(shape));
        let source = filled(shape.inputs, (0, LENGTH), 1);
        let grain = conv.grain() as isize;
        for machine in Machine::all() {
            let made = |step: isize| {
                let mut target = Rows::new(blocks_of(shape.outputs), 0);
                target.extend_to(LENGTH);
                let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 0.1 };
                let mut scratch = Scratch::default();
                for from in (0..LENGTH).step_by((step * grain) as usize) {
                    let to = (from + step * grain).min(LENGTH);
                    conv.run(machine, (&source, &mut target), (from, to), (conv.bias(), finish), &mut scratch);
                }
                (0..target.planes()).flat_map(|p| target.plane(p).iter().flat_map(|b| b.0)).collect::<Vec<f32>>()
            };
            let whole = made(1000);
            assert!([1, 2, 3].iter().all(|step| made(*step) == whole), "{shape:?} on {}", machine.name());
        }
    }
}
