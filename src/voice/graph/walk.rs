//! In: a model. Out: a way through it against its flow: which node makes a value, which numbers a weight holds. Knows no
//! kind of network.

use super::{attribute, is};
use rten_onnx::onnx::{DataType, GraphProto, NodeProto, TensorProto};
use std::collections::HashMap;

/// The values of a graph by name.
pub(in crate::voice) struct Walk<'a> {
    makers: HashMap<&'a str, &'a NodeProto>,
    constants: HashMap<&'a str, &'a TensorProto>,
}

/// A convolution of the graph, its weights not yet read.
#[derive(Clone, Copy)]
pub(in crate::voice) struct Convolution<'a> {
    node: &'a NodeProto,
    weights: &'a TensorProto,
    bias: Option<&'a TensorProto>,
    /// The three sizes of its weights.
    pub(in crate::voice) sizes: [usize; 3],
    /// How far apart its taps are.
    pub(in crate::voice) dilation: usize,
    /// Its stride.
    pub(in crate::voice) stride: usize,
    /// How many zeros stand before the first input and after the last.
    pub(in crate::voice) pads: [usize; 2],
}

impl<'a> Walk<'a> {
    pub(super) fn new(graph: &'a GraphProto) -> Walk<'a> {
        let made = graph.node.iter().flat_map(|node| node.output.iter().map(move |name| (name.as_str(), node)));
        let mut constants: HashMap<&str, &TensorProto> =
            graph.initializer.iter().filter_map(|t| Some((t.name.as_deref()?, t))).collect();
        for node in graph.node.iter().filter(|node| is(node, "Constant")) {
            if let (Some(name), Some(tensor)) =
                (node.output.first(), attribute(node, "value").and_then(|a| a.t.as_ref()))
            {
                constants.insert(name, tensor);
            }
        }
        Walk { makers: made.collect(), constants }
    }

    /// The node that makes a value.
    pub(in crate::voice) fn maker(&self, value: &str) -> Option<&'a NodeProto> {
        self.makers.get(value).copied()
    }

    /// The inputs of the node that makes a value, where it is of kind `op`.
    pub(in crate::voice) fn made_by(&self, value: &str, op: &str) -> Option<&'a [String]> {
        self.maker(value).filter(|node| is(node, op)).map(|node| node.input.as_slice())
    }

    /// The one input of the node that makes a value, where it is of kind `op` and its other inputs are constants.
    pub(in crate::voice) fn before(&self, value: &str, op: &str) -> Option<&'a str> {
        self.made_by(value, op)?.first().map(String::as_str)
    }

    /// A number that belongs to the node that makes a value.
    pub(in crate::voice) fn float(&self, value: &str, name: &str) -> Option<f32> {
        attribute(self.maker(value)?, name)?.f
    }

    /// A whole number that belongs to the node that makes a value.
    pub(in crate::voice) fn int(&self, value: &str, name: &str) -> Option<i64> {
        attribute(self.maker(value)?, name)?.i
    }

    /// A text that belongs to the node that makes a value.
    pub(in crate::voice) fn text(&self, value: &str, name: &str) -> Option<&'a str> {
        attribute(self.maker(value)?, name)?.s.as_deref()
    }

    /// A list of whole numbers that belongs to the node that makes a value.
    pub(in crate::voice) fn list(&self, value: &str, name: &str) -> Option<&'a [i64]> {
        attribute(self.maker(value)?, name).map(|a| a.ints.as_slice())
    }

    /// What the first inputs lead to, through nodes of these kinds, from the value backwards.
    pub(in crate::voice) fn through(&self, value: &'a str, ops: &[&str]) -> Option<&'a str> {
        ops.iter().try_fold(value, |value, op| self.before(value, op))
    }

    /// The one input of a node with two that `is` holds for, and the other.
    pub(in crate::voice) fn parted(
        &self,
        value: &str,
        op: &str,
        is: impl Fn(&str) -> bool,
    ) -> Option<(&'a str, &'a str)> {
        let [a, b] = self.made_by(value, op)? else { return None };
        match (is(a), is(b)) {
            (true, false) => Some((a, b)),
            (false, true) => Some((b, a)),
            _ => None,
        }
    }

    /// Whether a value is a constant.
    pub(in crate::voice) fn is_constant(&self, value: &str) -> bool {
        self.constants.contains_key(value)
    }

    /// A constant.
    pub(super) fn constant(&self, name: &str) -> Option<&'a TensorProto> {
        self.constants.get(name).copied()
    }

    /// The one number of a constant.
    pub(in crate::voice) fn number(&self, constant: &str) -> Option<f32> {
        match self.floats(constant)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The sizes of a constant.
    pub(in crate::voice) fn sizes(&self, constant: &str) -> Option<Vec<usize>> {
        self.constants.get(constant)?.dims.iter().map(|d| usize::try_from(*d).ok()).collect()
    }

    /// What a ConstantOfShape fills its value with.
    pub(in crate::voice) fn fills_with(&self, value: &str) -> Option<f32> {
        match attribute(self.maker(value)?, "value") {
            None => Some(0.0),
            Some(a) => floats(a.t.as_ref()?)?.first().copied(),
        }
    }

    /// The numbers of a constant.
    pub(in crate::voice) fn floats(&self, constant: &str) -> Option<Vec<f32>> {
        floats(self.constants.get(constant)?)
    }

    /// The one whole number of a constant, of 32 or 64 bits.
    pub(in crate::voice) fn whole(&self, constant: &str) -> Option<i64> {
        let tensor = self.constants.get(constant)?;
        let four = |raw: &[u8]| raw.try_into().ok().map(|four| i64::from(i32::from_le_bytes(four)));
        match (tensor.data_type, &tensor.raw_data, tensor.int32_data.as_slice()) {
            (Some(DataType::INT32), Some(raw), _) => four(&raw.borrow()),
            (Some(DataType::INT32), None, [one]) => Some(i64::from(*one)),
            _ => self.ints(constant).and_then(|all| <[i64; 1]>::try_from(all).ok()).map(|[one]| one),
        }
    }

    /// The whole numbers of a constant.
    pub(in crate::voice) fn ints(&self, constant: &str) -> Option<Vec<i64>> {
        let tensor = self.constants.get(constant)?;
        if tensor.data_type != Some(DataType::INT64) {
            return None;
        }
        match &tensor.raw_data {
            Some(raw) => Some(raw.borrow().as_chunks().0.iter().map(|eight| i64::from_le_bytes(*eight)).collect()),
            None => Some(tensor.int64_data.clone()),
        }
    }

    /// The convolution, of kind `op`, that makes a value, and what it reads; `None` where it is none in one dimension,
    /// or a grouped one.
    pub(in crate::voice) fn convolution(&self, value: &str, op: &str) -> Option<(Convolution<'a>, &'a str)> {
        self.grouped(value, op).filter(|(_, _, group)| *group == 1).map(|(conv, input, _)| (conv, input))
    }

    /// The convolution that makes a value, each channel from itself alone, and what it reads.
    pub(in crate::voice) fn depthwise(&self, value: &str) -> Option<(Convolution<'a>, &'a str)> {
        let (conv, input, group) = self.grouped(value, "Conv")?;
        (conv.sizes[0] as i64 == group && conv.sizes[1] == 1).then_some((conv, input))
    }

    /// The transposed convolution that makes two moments of each, each channel by itself, of three taps: its weights and
    /// its bias, channel by channel, and what it reads.
    pub(in crate::voice) fn doubling(&self, value: &str) -> Option<(Vec<f32>, Vec<f32>, &'a str)> {
        let [input, weights, bias] = self.made_by(value, "ConvTranspose")? else { return None };
        let [channels, 1, 3] = self.sizes(weights)?[..] else { return None };
        let (weights, bias) = (self.floats(weights)?, self.floats(bias)?);
        let list = |name: &str| self.list(value, name);
        let fits = list("strides") == Some(&[2])
            && list("pads") == Some(&[1, 1])
            && list("output_padding") == Some(&[1])
            && list("dilations").is_none_or(|list| list == [1])
            && self.text(value, "auto_pad").is_none_or(|pad| pad == "NOTSET")
            && self.int(value, "group") == Some(channels as i64)
            && (weights.len(), bias.len()) == (3 * channels, channels);
        fits.then_some((weights, bias, input))
    }

    /// How many times as long the nearest value makes a value in time, and of what: each moment stands for those after it.
    pub(in crate::voice) fn lengthened(&self, value: &str) -> Option<(f32, &'a str)> {
        let [input, _, scales, ..] = self.made_by(value, "Resize")? else { return None };
        let fits = self.text(value, "mode") == Some("nearest")
            && self.text(value, "nearest_mode") == Some("floor")
            && self.text(value, "coordinate_transformation_mode") == Some("asymmetric");
        match self.floats(scales)?.as_slice() {
            [1.0, 1.0, times] if fits => Some((*times, input)),
            _ => None,
        }
    }

    fn grouped(&self, value: &str, op: &str) -> Option<(Convolution<'a>, &'a str, i64)> {
        let inputs = self.made_by(value, op)?;
        let node = self.maker(value)?;
        let constant = |i: usize| inputs.get(i).filter(|name| !name.is_empty());
        let weights = *self.constants.get(constant(1)?.as_str())?;
        let bias = match constant(2) {
            Some(name) => Some(*self.constants.get(name.as_str())?),
            None => None,
        };
        let list = |name: &str, default: &[usize]| match attribute(node, name) {
            None => Some(default.to_vec()),
            Some(a) => a.ints.iter().map(|i| usize::try_from(*i).ok()).collect(),
        };
        let one = |name: &str| match list(name, &[1])?.as_slice() {
            [one @ 1..=4096] => Some(*one),
            _ => None,
        };
        let group = attribute(node, "group").and_then(|a| a.i).unwrap_or(1);
        let plain = list("output_padding", &[0])?.iter().all(|p| *p == 0)
            && attribute(node, "auto_pad").is_none_or(|a| a.s.as_deref() == Some("NOTSET"));
        let sizes: Vec<usize> = weights.dims.iter().map(|d| usize::try_from(*d).ok()).collect::<Option<_>>()?;
        let sizes: [usize; 3] = sizes.try_into().ok()?;
        let pads = list("pads", &[0, 0])?.try_into().ok()?;
        let found =
            Convolution { node, weights, bias, sizes, dilation: one("dilations")?, stride: one("strides")?, pads };
        let sane = plain && sizes.iter().all(|size| (1..=65_536).contains(size));
        sane.then_some((found, inputs.first()?.as_str(), group))
    }
}

impl Convolution<'_> {
    /// Its weights, in the order of the file.
    pub(in crate::voice) fn weights(&self) -> Option<Vec<f32>> {
        floats(self.weights).filter(|values| Some(values.len()) == self.len())
    }

    fn len(&self) -> Option<usize> {
        let [a, b, c] = self.sizes;
        a.checked_mul(b)?.checked_mul(c)
    }

    /// Its bias for so many outputs; zeros where it has none.
    pub(in crate::voice) fn bias(&self, outputs: usize) -> Option<Vec<f32>> {
        match self.bias {
            None => Some(vec![0.0; outputs]),
            Some(tensor) => floats(tensor).filter(|values| values.len() == outputs),
        }
    }

    /// Its taps reach as far before a moment as after it, and there is an output for each input.
    pub(in crate::voice) fn keeps_length(&self) -> bool {
        let reach = (self.sizes[2] - 1) * self.dilation;
        self.stride == 1 && reach.is_multiple_of(2) && self.pads == [reach / 2; 2]
    }

    /// Whether both are the same node.
    pub(in crate::voice) fn is(&self, other: &Convolution<'_>) -> bool {
        std::ptr::eq(self.node, other.node)
    }
}

/// The numbers of a tensor of f32.
pub(super) fn floats(tensor: &TensorProto) -> Option<Vec<f32>> {
    if tensor.data_type != Some(DataType::FLOAT) {
        return None;
    }
    let values: Vec<f32> = match &tensor.raw_data {
        Some(raw) => raw.borrow().as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect(),
        None => tensor.float_data.clone(),
    };
    values.iter().all(|x| x.is_finite()).then_some(values)
}
