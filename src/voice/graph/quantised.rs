//! In: a value of a graph that is quantised at run time. Out: the convolution or the product that
//! makes it, its weights in bytes and what they stand for. Runs nothing.
//!
//! Quantised "dynamically"
//! (<https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html>), a layer
//! brings what it reads to bytes by its range, multiplies whole numbers and makes floats of the
//! sums again: `Mul(Cast(ConvInteger(..) + bias), scales)` or `Mul(Cast(MatMulInteger(..)), scales)
//! + bias`.

use super::walk::floats;
use super::{Walk, attribute};
use rten_onnx::onnx::{DataType, NodeProto, TensorProto};

/// A layer whose weights are bytes: each stands for (byte - zero) · scale.
#[derive(Clone, Copy)]
pub(in crate::voice) struct Quantised<'a> {
    node: &'a NodeProto,
    weights: &'a TensorProto,
    zeros: Option<&'a TensorProto>,
    scales: &'a TensorProto,
    bias: Option<&'a TensorProto>,
}

/// Weights in bytes, in the order of the file, and what they stand for.
pub(in crate::voice) struct Bytes {
    pub(in crate::voice) bytes: Vec<u8>,
    /// The byte that stands for zero, for all outputs or for each.
    pub(in crate::voice) zeros: Vec<u8>,
    /// What a difference of 1 stands for, for all outputs or for each.
    pub(in crate::voice) scales: Vec<f32>,
}

impl<'a> Walk<'a> {
    /// The layer of kind `op`, `ConvInteger` or `MatMulInteger`, that makes a value of floats, and
    /// what it reads.
    pub(in crate::voice) fn quantised(&self, value: &'a str, op: &str) -> Option<(Quantised<'a>, &'a str)> {
        let (value, added) = match self.parted(value, "Add", |name| self.is_constant(name)) {
            Some((bias, product)) if op == "MatMulInteger" => (product, Some(bias)),
            _ => (value, None),
        };
        let (cast, scales) = self.parted(value, "Mul", |name| self.made_by(name, "Cast").is_some())?;
        let sum = self.before(cast, "Cast")?;
        let (whole, rounded) = match self.parted(sum, "Add", |name| self.made_by(name, op).is_some()) {
            Some((whole, bias)) => {
                let quotient = self.through(bias, &["Reshape", "Cast", "Floor"])?;
                (whole, Some(self.before(quotient, "Div")?))
            }
            None => (sum, None),
        };
        let inputs = self.made_by(whole, op)?;
        let node = self.maker(whole)?;
        let (own, at_run_time) = self.parted(scales, "Mul", |name| self.is_constant(name))?;
        // The scale and the bytes have to be of the same quantisation.
        let quantiser = self.maker(inputs.first()?)?;
        let fits = quantiser.op_type.as_deref() == Some("DynamicQuantizeLinear")
            && quantiser.output.get(1).is_some_and(|name| name == at_run_time)
            && quantiser.output.get(2) == inputs.get(2);
        let bias = match added.or(rounded) {
            Some(name) => Some(self.constant(name)?),
            None => None,
        };
        let zeros = match inputs.get(3).filter(|name| !name.is_empty()) {
            Some(name) => Some(self.constant(name)?),
            None => None,
        };
        let weights = self.constant(inputs.get(1)?)?;
        let layer = Quantised { node, weights, zeros, scales: self.constant(own)?, bias };
        fits.then_some((layer, quantiser.input.first()?.as_str()))
    }
}

impl<'a> Quantised<'a> {
    /// Whether both have the same weights, of the same scale.
    pub(in crate::voice) fn shares(&self, other: &Quantised<'_>) -> bool {
        let same = |a: Option<&TensorProto>, b: Option<&TensorProto>| match (a, b) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same(Some(self.weights), Some(other.weights))
            && same(self.zeros, other.zeros)
            && same(Some(self.scales), Some(other.scales))
            && same(self.bias, other.bias)
    }

    /// The node that multiplies whole numbers.
    #[cfg(test)]
    pub(super) fn node(&self) -> &'a NodeProto {
        self.node
    }

    /// The sizes of its weights.
    pub(in crate::voice) fn sizes(&self) -> Option<Vec<usize>> {
        self.weights.dims.iter().map(|d| usize::try_from(*d).ok().filter(|d| (1..=65_536).contains(d))).collect()
    }

    /// Outputs, inputs and taps of a convolution in one dimension that is not grouped.
    pub(in crate::voice) fn conv_sizes(&self) -> Option<[usize; 3]> {
        let plain = attribute(self.node, "group").and_then(|a| a.i).unwrap_or(1) == 1
            && attribute(self.node, "auto_pad").is_none_or(|a| a.s.as_deref().is_none_or(|s| s == "NOTSET"));
        self.sizes()?.try_into().ok().filter(|_| plain)
    }

    fn list(&self, name: &str, default: &[usize]) -> Option<Vec<usize>> {
        match attribute(self.node, name) {
            None => Some(default.to_vec()),
            Some(a) => a.ints.iter().map(|i| usize::try_from(*i).ok().filter(|i| *i <= 4096)).collect(),
        }
    }

    /// How far apart the taps of a convolution are.
    pub(in crate::voice) fn dilation(&self) -> Option<usize> {
        self.list("dilations", &[1])?.first().copied().filter(|d| *d > 0)
    }

    /// The stride of a convolution.
    pub(in crate::voice) fn stride(&self) -> Option<usize> {
        self.list("strides", &[1])?.first().copied().filter(|s| *s > 0)
    }

    /// How many zeros stand before the first input of a convolution and after the last.
    pub(in crate::voice) fn pads(&self) -> Option<[usize; 2]> {
        self.list("pads", &[0, 0])?.try_into().ok()
    }

    /// Whether the taps reach as far before a moment as after it, and there is an output for each
    /// input.
    pub(in crate::voice) fn keeps_length(&self) -> bool {
        let Some((([_, _, taps], dilation), (stride, pads))) =
            self.conv_sizes().zip(self.dilation()).zip(self.stride().zip(self.pads()))
        else {
            return false;
        };
        let reach = (taps - 1) * dilation;
        stride == 1 && reach.is_multiple_of(2) && pads == [reach / 2; 2]
    }

    /// Its weights, for so many outputs.
    pub(in crate::voice) fn bytes(&self, outputs: usize) -> Option<Bytes> {
        let zeros = match self.zeros {
            Some(zeros) => codes(zeros)?,
            None => vec![if self.weights.data_type == Some(DataType::INT8) { 128 } else { 0 }],
        };
        let same = self.zeros.is_none_or(|zeros| zeros.data_type == self.weights.data_type);
        let (bytes, scales) = (codes(self.weights)?, floats(self.scales)?);
        let whole = self.sizes()?.iter().try_fold(1usize, |all, size| all.checked_mul(*size)) == Some(bytes.len());
        let counts = [zeros.len(), scales.len()].iter().all(|len| [1, outputs].contains(len));
        (same && whole && counts).then_some(Bytes { bytes, zeros, scales })
    }

    /// Its weights as floats, in the order of the file, where outputs are the last size or the
    /// first.
    pub(in crate::voice) fn floats(&self, outputs_last: bool) -> Option<Vec<f32>> {
        let sizes = self.sizes()?;
        let outputs = *if outputs_last { sizes.last() } else { sizes.first() }?;
        let Bytes { bytes, zeros, scales } = self.bytes(outputs)?;
        let each = bytes.len() / outputs;
        let number = |at: usize| if outputs_last { at % outputs } else { at / each };
        let one = |len: usize, at: usize| if len == 1 { 0 } else { number(at) };
        let value = |(at, byte): (usize, &u8)| {
            let zero = zeros[one(zeros.len(), at)];
            (f32::from(*byte) - f32::from(zero)) * scales[one(scales.len(), at)]
        };
        Some(bytes.iter().enumerate().map(value).collect())
    }

    /// Its bias for so many outputs; zeros where it has none.
    pub(in crate::voice) fn bias(&self, outputs: usize) -> Option<Vec<f32>> {
        match self.bias {
            None => Some(vec![0.0; outputs]),
            Some(tensor) => floats(tensor).filter(|values| values.len() == outputs),
        }
    }
}

/// The bytes of a tensor of them; those with a sign are moved by 128, so that order and distance
/// stay.
pub(super) fn codes(tensor: &TensorProto) -> Option<Vec<u8>> {
    let moved = match tensor.data_type {
        Some(DataType::UINT8) => 0,
        Some(DataType::INT8) => 128,
        _ => return None,
    };
    match &tensor.raw_data {
        Some(raw) => Some(raw.borrow().iter().map(|byte| byte ^ moved).collect()),
        None => tensor.int32_data.iter().map(|i| u8::try_from(i + i32::from(moved)).ok()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_onnx::onnx::{DataType, GraphProto, NodeProto, TensorProto};

    fn node(op: &str, input: &[&str], output: &[&str]) -> NodeProto {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        NodeProto { op_type: Some(op.into()), input: names(input), output: names(output), ..NodeProto::default() }
    }

    fn tensor(name: &str, dims: &[i64], data_type: DataType) -> TensorProto {
        let dims = dims.to_vec();
        TensorProto { name: Some(name.into()), dims, data_type: Some(data_type), ..TensorProto::default() }
    }

    fn bytes(name: &str, dims: &[i64], data_type: DataType, values: &[i32]) -> TensorProto {
        TensorProto { int32_data: values.to_vec(), ..tensor(name, dims, data_type) }
    }

    fn floats(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
        TensorProto { float_data: values.to_vec(), ..tensor(name, dims, DataType::FLOAT) }
    }

    fn graph(op: &str, initializer: Vec<TensorProto>) -> GraphProto {
        let node = vec![
            node("DynamicQuantizeLinear", &["x"], &["q", "qs", "qz"]),
            node("Mul", &["qs", "ws"], &["scales"]),
            node(op, &["q", "w", "qz", "wz"], &["whole"]),
            node("Cast", &["whole"], &["cast"]),
            node("Mul", &["cast", "scales"], &["y"]),
        ];
        GraphProto { node, initializer, ..GraphProto::default() }
    }

    #[test]
    fn a_product_of_whole_numbers_is_read_as_one_of_floats() {
        type Row<'a> = (&'a str, Vec<TensorProto>, Option<Vec<f32>>);
        let signed = |zero: &[i32]| {
            let count = zero.len() as i64;
            vec![
                bytes("w", &[2, 3], DataType::INT8, &[-128, 0, 1, 2, 3, 127]),
                bytes("wz", &[count][..usize::from(count > 1)], DataType::INT8, zero),
            ]
        };
        let with = |mut all: Vec<TensorProto>, scale: TensorProto| {
            all.push(scale);
            all
        };
        let one = floats("ws", &[], &[0.5]);
        let three = floats("ws", &[3], &[0.5, 1.0, 2.0]);
        let unsigned = vec![
            bytes("w", &[2, 1, 2], DataType::UINT8, &[0, 128, 130, 255]),
            bytes("wz", &[2], DataType::UINT8, &[128, 130]),
            floats("ws", &[2], &[1.0, 0.5]),
        ];
        let rows: [Row<'_>; 6] = [
            ("MatMulInteger", with(signed(&[0]), one.clone()), Some(vec![-64.0, 0.0, 0.5, 1.0, 1.5, 63.5])),
            ("MatMulInteger", with(signed(&[1, 2, 3]), three), Some(vec![-64.5, -2.0, -4.0, 0.5, 1.0, 248.0])),
            ("ConvInteger", unsigned, Some(vec![-128.0, 0.0, 0.0, 62.5])),
            ("MatMulInteger", with(signed(&[0, 0]), one), None),
            ("MatMulInteger", with(signed(&[0]), floats("ws", &[2], &[1.0; 2])), None),
            ("MatMulInteger", signed(&[0]), None),
        ];
        for (op, initializer, wanted) in rows {
            let graph = graph(op, initializer);
            let walk = Walk::new(&graph);
            let found = walk.quantised("y", op);
            let floats = found.and_then(|(layer, _)| layer.floats(op == "MatMulInteger"));
            assert_eq!(floats, wanted, "{op}");
            assert!(found.is_none_or(|(_, input)| input == "x"), "{op}");
            assert!(walk.quantised("cast", op).is_none() && walk.quantised("x", op).is_none());
        }
    }
}
