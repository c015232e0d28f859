//! In: a value of a graph that is quantised. Out: the recurrent layer that makes it, or the table
//! that its rows stand in, in bytes and what they stand for. Runs nothing.

use super::Walk;
use super::quantised::{Bytes, codes};

/// A layer of ONNX Runtime's kind `DynamicQuantizeLSTM`, in both directions
/// (<https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md>): like `LSTM` of
/// ONNX, with weights transposed, in bytes.
pub(in crate::voice) struct Recurrent {
    /// How many numbers it reads at a moment.
    pub(in crate::voice) inputs: usize,
    /// How many numbers each direction makes of them.
    pub(in crate::voice) channels: usize,
    /// Forwards, and backwards.
    pub(in crate::voice) sides: [Direction; 2],
}

/// One direction: weights for the gates input, output, forget and cell.
pub(in crate::voice) struct Direction {
    /// `[inputs, 4 * channels]`
    pub(in crate::voice) input: Bytes,
    /// `[channels, 4 * channels]`
    pub(in crate::voice) recurrent: Bytes,
    /// What is added to the gates.
    pub(in crate::voice) bias: Vec<f32>,
}

impl<'a> Walk<'a> {
    /// The recurrent layer that makes a value, `[moments, 2, 1, channels]`, and what it reads,
    /// `[moments, 1, inputs]`. It begins with zeros.
    pub(in crate::voice) fn recurrent(&self, value: &str) -> Option<(Recurrent, &'a str)> {
        let node = self.maker(value).filter(|node| node.output.first().is_some_and(|first| first == value))?;
        let [input, w, r, b, lengths, hidden, cell, peepholes, ws, wz, rs, rz] =
            self.made_by(value, "DynamicQuantizeLSTM")?
        else {
            return None;
        };
        let [2, inputs, outputs] = self.sizes(w)?[..] else { return None };
        let [2, channels, same] = self.sizes(r)?[..] else { return None };
        let known = ["direction", "hidden_size", "input_forget"];
        let zero = |name: &str| {
            let constant = || self.floats(name).is_some_and(|values| values.iter().all(|x| *x == 0.0));
            let filled = || self.made_by(name, "ConstantOfShape").and_then(|_| self.fills_with(name)) == Some(0.0);
            filled() || constant()
        };
        let fits = node.attribute.iter().all(|a| a.name.as_deref().is_some_and(|name| known.contains(&name)))
            && self.text(value, "direction") == Some("bidirectional")
            && self.int(value, "input_forget").unwrap_or(0) == 0
            && [lengths, peepholes].iter().all(|name| name.is_empty())
            && [hidden, cell].iter().all(|name| zero(name))
            && outputs == same
            && outputs == 4 * channels;
        let bias = self.floats(b).filter(|bias| fits && bias.len() == 4 * outputs)?;
        let (w, r) = (self.halves((w, ws, wz))?, self.halves((r, rs, rz))?);
        // Those of the inputs and those of what was made before are added alike.
        let summed = |side: usize| {
            let (a, b) = bias[side * 2 * outputs..(side + 1) * 2 * outputs].split_at(outputs);
            a.iter().zip(b).map(|(a, b)| a + b).collect()
        };
        let ([w0, w1], [r0, r1]) = (w, r);
        let sides = [
            Direction { input: w0, recurrent: r0, bias: summed(0) },
            Direction { input: w1, recurrent: r1, bias: summed(1) },
        ];
        let whole = |side: &Direction| {
            (side.input.bytes.len(), side.recurrent.bytes.len()) == (inputs * outputs, channels * outputs)
        };
        sides.iter().all(whole).then_some((Recurrent { inputs, channels, sides }, input))
    }

    /// The two halves of a constant in bytes, with a scale and a zero for each.
    fn halves(&self, (values, scales, zeros): (&str, &str, &str)) -> Option<[Bytes; 2]> {
        let (values, zeros) = (self.constant(values)?, self.constant(zeros)?);
        let same = values.data_type == zeros.data_type;
        let (mut bytes, scales) = (codes(values)?, self.floats(scales)?);
        let ([first, second], [one, other]) = (codes(zeros)?.try_into().ok()?, scales.try_into().ok()?);
        let last = bytes.split_off(bytes.len() / 2);
        let half = |bytes: Vec<u8>, zero: u8, scale: f32| Bytes { bytes, zeros: vec![zero], scales: vec![scale] };
        same.then(|| [half(bytes, first, one), half(last, second, other)])
    }

    /// The table in bytes that a value has a row of for each of some numbers: all of it as floats,
    /// how long a row is, and the value of the numbers.
    pub(in crate::voice) fn table(&self, value: &str) -> Option<(Vec<f32>, usize, &'a str)> {
        let [rows, scale, zero] = self.made_by(value, "DequantizeLinear")? else { return None };
        let [table, numbers] = self.made_by(rows, "Gather")? else { return None };
        let [_, width] = self.sizes(table)?[..] else { return None };
        let (table, zero) = (self.constant(table)?, self.constant(zero)?);
        let [zero] = codes(zero).filter(|_| table.data_type == zero.data_type)?[..] else { return None };
        let scale = self.number(scale)?;
        let values = codes(table)?.into_iter().map(|byte| (f32::from(byte) - f32::from(zero)) * scale);
        let by_rows = self.int(rows, "axis").unwrap_or(0) == 0 && width > 0;
        by_rows.then_some((values.collect(), width, numbers))
    }
}
