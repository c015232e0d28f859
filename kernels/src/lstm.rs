//! In: rows of channels. Out: what a network that remembers makes of them, forwards and backwards in
//! time. Knows no network around it.
//!
//! Long short-term memory (Hochreiter and Schmidhuber 1997, with the gate that forgets of Gers,
//! Schmidhuber and Cummins 2000), as the ONNX operator `LSTM` defines it: gates for input, output,
//! forgetting and the cell's new content, in this order, of inputs and of what was made a moment
//! before.

use super::conv::{Code, Coded, Finish, Scratch, Shape};
use super::lanes::{Block, LANES, Lanes, Machine, Task};
use super::rows::Rows;
use super::tanh::{sigmoid, tanh};

const GATES: usize = 4;

/// Both directions, with weights in bytes.
pub struct Lstm {
    sides: [Side; 2],
    /// Blocks of channels that each makes.
    depth: usize,
}

/// One direction.
struct Side {
    input: Coded,
    /// For each block of channels, for each channel a moment before, the four gates.
    recurrent: Vec<u8>,
    zero: f32,
    scale: f32,
}

/// The weights of one direction: each input's, and each channel's of a moment before, are for the
/// four gates of all channels, one gate after another.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Those of the inputs.
    pub input: Code<'a>,
    /// Those of what was made a moment before, with one scale for all.
    pub recurrent: Code<'a>,
    /// What is added to the gates.
    pub bias: &'a [f32],
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub struct Room {
    gates: Rows,
    weights: Vec<Block>,
    before: Vec<Block>,
    made: Vec<Block>,
    cells: Vec<Block>,
}

impl Lstm {
    /// For so many inputs and so many channels in each direction: forwards, backwards. `None` where
    /// weights are missing, or the channels are no whole blocks.
    pub fn new(inputs: usize, channels: usize, given: [Given<'_>; 2]) -> Option<Lstm> {
        let outputs = GATES * channels;
        let fits = |given: &Given<'_>| {
            let bytes = [given.input.bytes, given.recurrent.bytes].map(<[u8]>::len);
            bytes == [inputs * outputs, channels * outputs]
                && given.bias.len() == outputs
                && (given.recurrent.zeros.len(), given.recurrent.scales.len()) == (1, 1)
        };
        if channels == 0 || !channels.is_multiple_of(LANES) || !given.iter().all(fits) {
            return None;
        }
        let side = |given: Given<'_>| {
            let at = |o: usize, i: usize, _: usize| Some(i * outputs + o);
            let input = Coded::new(Shape::same(inputs, outputs, 1, 1), 1, given.bias, (given.input, at));
            let mut recurrent = Vec::with_capacity(channels * outputs);
            for (block, before) in (0..channels / LANES).flat_map(|b| (0..channels).map(move |c| (b, c))) {
                for gate in 0..GATES {
                    let from = before * outputs + gate * channels + block * LANES;
                    recurrent.extend_from_slice(&given.recurrent.bytes[from..from + LANES]);
                }
            }
            let [zero, scale] = [f32::from(given.recurrent.zeros[0]), given.recurrent.scales[0]];
            Side { input, recurrent, zero, scale }
        };
        Some(Lstm { sides: given.map(side), depth: channels / LANES })
    }

    /// Channels that come in.
    pub fn inputs(&self) -> usize {
        self.sides[0].input.shape().inputs
    }

    /// Channels that go out, of both directions.
    pub fn outputs(&self) -> usize {
        2 * self.depth * LANES
    }

    /// Multiplications and additions for each moment.
    pub fn operations(&self) -> usize {
        2 * self.sides[0].input.operations() + 4 * self.sides[0].recurrent.len()
    }

    /// Makes a row of `target` for each of `moments`, which says which row of `source` is read then:
    /// the channels of the direction forwards, and then those backwards.
    pub fn run(
        &self,
        machine: Machine,
        (source, moments): (&Rows, &[u32]),
        target: &mut Rows,
        room: &mut Room,
        scratch: &mut Scratch,
    ) {
        target.remake(2 * self.depth, moments.len());
        for (number, side) in self.sides.iter().enumerate() {
            room.gates.remake(GATES * self.depth, source.end() as usize);
            let finish = Finish::Store { residual: None, accumulate: false, scale: 1.0, slope: 1.0 };
            side.input.run(machine, (source, &mut room.gates), finish, scratch);
            machine.run(Run { side, moments, target, first: number * self.depth, room });
        }
    }
}

struct Run<'a> {
    side: &'a Side,
    moments: &'a [u32],
    target: &'a mut Rows,
    /// The first plane to write to; that of the direction forwards is the first of all.
    first: usize,
    room: &'a mut Room,
}

impl Task for Run<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Run { side, moments, target, first, room } = self;
        let Room { gates, weights, before, made, cells } = room;
        let depth = gates.planes() / GATES;
        side.unpack(l, weights);
        for state in [&mut *before, &mut *made, &mut *cells] {
            state.clear();
            state.resize(depth, Block::default());
        }
        let panel = depth * LANES * GATES;
        for step in 0..moments.len() {
            let moment = if first == 0 { step } else { moments.len() - 1 - step };
            let row = moments[moment] as usize;
            for block in 0..depth {
                let mut sums = [l.splat(0.0); GATES];
                for gate in 0..GATES {
                    sums[gate] = l.load(&gates.plane(gate * depth + block)[row]);
                }
                let weights = weights[block * panel..(block + 1) * panel].as_chunks::<GATES>().0;
                for (lanes, weights) in before.iter().zip(weights.as_chunks::<LANES>().0) {
                    for lane in 0..LANES {
                        let x = l.splat(lanes.0[lane]);
                        for gate in 0..GATES {
                            sums[gate] = l.fma(x, l.load(&weights[lane][gate]), sums[gate]);
                        }
                    }
                }
                let [input, output, forget, content] = sums;
                let kept = l.mul(sigmoid(l, forget), l.load(&cells[block]));
                let cell = l.fma(sigmoid(l, input), tanh(l, content), kept);
                l.store(cell, &mut cells[block]);
                l.store(l.mul(sigmoid(l, output), tanh(l, cell)), &mut made[block]);
            }
            for (plane, block) in made.iter().enumerate() {
                target.plane_mut(first + plane)[moment] = *block;
            }
            std::mem::swap(before, made);
        }
    }
}

impl Side {
    #[inline(always)]
    fn unpack<L: Lanes>(&self, l: L, weights: &mut Vec<Block>) {
        let bytes = self.recurrent.as_chunks::<LANES>().0;
        weights.resize(bytes.len(), Block::default());
        let (zero, scale) = (l.splat(self.zero), l.splat(self.scale));
        for (bytes, to) in bytes.iter().zip(weights) {
            let mut block = Block::default();
            for lane in 0..LANES {
                block.0[lane] = f32::from(bytes[lane]);
            }
            l.store(l.mul(l.sub(l.load(&block), zero), scale), to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::blocks_of;

    const INPUTS: usize = 20;
    const CHANNELS: usize = 32;
    const OUTPUTS: usize = GATES * CHANNELS;

    fn bytes(salt: usize, len: usize) -> Vec<u8> {
        (0..len).map(|i| ((i + salt) as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
    }

    fn value(c: usize, row: usize) -> f32 {
        ((c * 7 + row * 5) % 19) as f32 / 6.0 - 1.5
    }

    /// What one direction makes of these rows, written out.
    fn wanted(given: &Given<'_>, rows: &[usize]) -> Vec<Vec<f64>> {
        let weight = |code: &Code<'_>, i: usize, o: usize| {
            let byte = f64::from(code.bytes[i * OUTPUTS + o]) - f64::from(code.zeros[0]);
            byte * f64::from(code.scales[0])
        };
        let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
        let (mut made, mut cells) = (vec![0.0; CHANNELS], vec![0.0; CHANNELS]);
        let mut all = Vec::new();
        for row in rows {
            let gate = |o: usize| {
                let of_inputs = (0..INPUTS).map(|i| weight(&given.input, i, o) * f64::from(value(i, *row)));
                let of_made = made.iter().enumerate().map(|(c, x)| weight(&given.recurrent, c, o) * x);
                f64::from(given.bias[o]) + of_inputs.chain(of_made).sum::<f64>()
            };
            let gates: Vec<f64> = (0..OUTPUTS).map(gate).collect();
            for c in 0..CHANNELS {
                let [input, output, forget, content] = [0, 1, 2, 3].map(|g| gates[g * CHANNELS + c]);
                cells[c] = logistic(forget) * cells[c] + logistic(input) * content.tanh();
                made[c] = logistic(output) * cells[c].tanh();
            }
            all.push(made.clone());
        }
        all
    }

    #[test]
    fn both_directions_remember_as_the_formula_says_on_every_machine() {
        let all = [1, 2].map(|side| [bytes(side * 97, INPUTS * OUTPUTS), bytes(side * 31, CHANNELS * OUTPUTS)]);
        let bias: Vec<f32> = (0..OUTPUTS).map(|o| (o % 9) as f32 / 9.0 - 0.4).collect();
        let given = all.each_ref().map(|[input, recurrent]| Given {
            input: Code { bytes: input, zeros: &[120], scales: &[0.002] },
            recurrent: Code { bytes: recurrent, zeros: &[131], scales: &[0.003] },
            bias: &bias,
        });
        let lstm = Lstm::new(INPUTS, CHANNELS, given).expect("it can be computed");
        assert_eq!((lstm.inputs(), lstm.outputs()), (INPUTS, 2 * CHANNELS));
        let mut source = Rows::new(blocks_of(INPUTS), 0);
        source.extend_to(5);
        for (c, row) in (0..INPUTS).flat_map(|c| (0..5).map(move |row| (c, row))) {
            source.plane_mut(c / LANES)[row].0[c % LANES] = value(c, row);
        }
        let moments: Vec<u32> = vec![0, 0, 1, 2, 2, 2, 4, 3, 3];
        let rows: Vec<usize> = moments.iter().map(|row| *row as usize).collect();
        let back: Vec<usize> = rows.iter().rev().copied().collect();
        let (forth, mut back) = (wanted(&given[0], &rows), wanted(&given[1], &back));
        back.reverse();
        let (mut target, mut room) = (Rows::default(), Room::default());
        for machine in Machine::all() {
            lstm.run(machine, (&source, &moments), &mut target, &mut room, &mut Scratch::default());
            for (t, (forth, back)) in forth.iter().zip(&back).enumerate() {
                for (c, wanted) in forth.iter().chain(back).enumerate() {
                    let got = f64::from(target.plane(c / LANES)[t].0[c % LANES]);
                    assert!((got - wanted).abs() < 3e-6, "{}, {c}, {t}: {got}, not {wanted}", machine.name());
                }
            }
        }
    }

    #[test]
    fn weights_that_do_not_fit_are_refused() {
        let some = bytes(0, 64 * 64);
        let code = |len: usize, scales: &'static [f32]| Code { bytes: &some[..len], zeros: &[0], scales };
        for (inputs, channels, recurrent, scales) in [
            (8, 16, 16 * 64, &[1.0][..]),
            (8, 16, 15 * 64, &[1.0]),
            (8, 16, 16 * 64, &[1.0; 64]),
            (8, 8, 8 * 32, &[1.0]),
        ] {
            let outputs = GATES * channels;
            let (input, recurrent) = (code(inputs * outputs, &[1.0]), code(recurrent, scales));
            let bias = vec![0.0; outputs];
            let given = Given { input, recurrent, bias: &bias };
            let fits = channels == 16 && recurrent.bytes.len() == 16 * 64 && scales.len() == 1;
            assert_eq!(Lstm::new(inputs, channels, [given; 2]).is_some(), fits);
        }
    }
}
