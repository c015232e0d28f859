//! In: sizes. Out: an ONNX model built like Piper's export, with weights that look like none in particular. Its front is
//! a table instead of a text encoder; what is behind it has all the parts.

use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    ValueInfoProto,
};

/// What the voice is like.
#[derive(Clone)]
pub struct Sizes {
    /// Channels of the flow; half of them is changed at a time.
    pub channels: usize,
    /// Channels within a coupling.
    pub hidden: usize,
    /// Layers of a coupling.
    pub layers: usize,
    /// Couplings.
    pub couplings: usize,
    /// Features of a speaker, and how many speakers there are; none where it is zero.
    pub speakers: usize,
    /// Channels of the decoder's first layer.
    pub first: usize,
    /// Stride and width of each transposed convolution.
    pub ups: Vec<(usize, usize)>,
    /// Taps and dilations of each block.
    pub blocks: Vec<(usize, Vec<usize>)>,
    /// Whether each step of a block has two convolutions.
    pub two: bool,
    /// Whether the flow's channels are turned round between couplings.
    pub flips: bool,
}

const FEATURES: usize = 5;
pub const IDS: usize = 9;

#[derive(Default)]
struct Made {
    graph: GraphProto,
    count: usize,
}

fn attribute(name: &str) -> AttributeProto {
    AttributeProto { name: Some(name.into()), ..AttributeProto::default() }
}

fn ints(name: &str, ints: &[usize]) -> AttributeProto {
    let ints = ints.iter().map(|i| *i as i64).collect();
    AttributeProto { ints, r#type: Some(AttributeType::INTS), ..attribute(name) }
}

fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto { i: Some(i), r#type: Some(AttributeType::INT), ..attribute(name) }
}

fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto { f: Some(f), r#type: Some(AttributeType::FLOAT), ..attribute(name) }
}

impl Made {
    fn name(&mut self) -> String {
        self.count += 1;
        format!("v{}", self.count)
    }

    fn tensor(&mut self, dims: &[usize], kind: DataType, fill: impl FnOnce(&mut TensorProto)) -> String {
        let name = self.name();
        let dims = dims.iter().map(|d| *d as i64).collect();
        let mut tensor =
            TensorProto { name: Some(name.clone()), dims, data_type: Some(kind), ..TensorProto::default() };
        fill(&mut tensor);
        self.graph.initializer.push(tensor);
        name
    }

    fn whole(&mut self, values: &[i64]) -> String {
        self.tensor(&[values.len()], DataType::INT64, |t| t.int64_data = values.to_vec())
    }

    fn scalar(&mut self, value: f32) -> String {
        self.tensor(&[], DataType::FLOAT, |t| t.float_data = vec![value])
    }

    /// Weights between -scale and scale, about a middle.
    fn weights(&mut self, dims: &[usize], (middle, scale): (f32, f32)) -> String {
        let salt = self.count as u64;
        let value = |i: u64| {
            let mixed =
                (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt.wrapping_mul(0xd1b5_4a32_d192_ed03));
            ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        };
        let count: usize = dims.iter().product();
        let values = (0..count as u64).map(|i| middle + scale * value(i)).collect();
        self.tensor(dims, DataType::FLOAT, |t| t.float_data = values)
    }

    fn op(&mut self, op: &str, inputs: &[&str], attribute: Vec<AttributeProto>) -> String {
        self.outputs(op, inputs, attribute, 1).remove(0)
    }

    fn outputs(&mut self, op: &str, inputs: &[&str], attribute: Vec<AttributeProto>, count: usize) -> Vec<String> {
        let output: Vec<String> = (0..count).map(|_| self.name()).collect();
        self.graph.node.push(NodeProto {
            name: Some(format!("n{}", self.count)),
            op_type: Some(op.into()),
            input: inputs.iter().map(|name| (*name).to_owned()).collect(),
            output: output.clone(),
            attribute,
            ..NodeProto::default()
        });
        output
    }

    /// Calls the last node so.
    fn call(&mut self, name: &str) {
        self.graph.node.last_mut().expect("a node").name = Some(name.into());
    }

    fn conv(&mut self, input: &str, (outputs, inputs, taps): (usize, usize, usize), dilation: usize) -> String {
        let scale = 1.5 / ((inputs * taps) as f32).sqrt();
        let weights = self.weights(&[outputs, inputs, taps], (0.0, scale));
        let bias = self.weights(&[outputs], (0.0, 0.1));
        let pad = (taps - 1) * dilation / 2;
        let attributes = vec![
            ints("dilations", &[dilation]),
            int("group", 1),
            ints("kernel_shape", &[taps]),
            ints("pads", &[pad, pad]),
            ints("strides", &[1]),
        ];
        self.op("Conv", &[input, &weights, &bias], attributes)
    }

    fn unsqueezed(&mut self, value: &str, axis: i64) -> String {
        let axes = self.whole(&[axis]);
        self.op("Unsqueeze", &[value, &axes], vec![])
    }

    fn part(&mut self, value: &str, from: usize, to: usize) -> String {
        let (from, to) = (self.whole(&[from as i64]), self.whole(&[to as i64]));
        let one = self.whole(&[1]);
        self.op("Slice", &[value, &from, &to, &one, &one], vec![])
    }

    fn turned(&mut self, value: &str) -> String {
        self.op("Transpose", &[value], vec![ints("perm", &[0, 2, 1])])
    }

    fn zeros_like(&mut self, value: &str) -> String {
        let shape = self.op("Shape", &[value], vec![]);
        let zero = TensorProto {
            dims: vec![1],
            data_type: Some(DataType::FLOAT),
            float_data: vec![0.0],
            ..TensorProto::default()
        };
        let fill = AttributeProto { t: Some(zero), r#type: Some(AttributeType::TENSOR), ..attribute("value") };
        self.op("ConstantOfShape", &[&shape], vec![fill])
    }

    fn leaky(&mut self, value: &str, slope: f32) -> String {
        self.op("LeakyRelu", &[value], vec![float("alpha", slope)])
    }

    /// Noise around the means, the mask, and the speaker's features.
    fn front(&mut self, sizes: &Sizes) -> (String, String, Option<String>) {
        let c = sizes.channels;
        let table = self.weights(&[IDS, 2 * c], (-0.5, 0.5));
        let lengths = self.weights(&[IDS, 1], (2.0, 1.9));
        let found = self.op("Gather", &[&table, "input"], vec![]);
        let found = self.turned(&found);
        let halves = self.whole(&[c as i64, c as i64]);
        let both = self.outputs("Split", &[&found, &halves], vec![int("axis", 1)], 2);
        let length = self.op("Gather", &[&lengths, "input"], vec![]);
        let length = self.turned(&length);
        let frames = self.op("Ceil", &[&length], vec![]);
        let axis = self.tensor(&[], DataType::INT64, |t| t.int64_data = vec![2]);
        let ends = self.op("CumSum", &[&frames, &axis], vec![]);
        let begins = self.op("Sub", &[&ends, &frames], vec![]);
        let total = self.op("ReduceMax", &[&ends], vec![int("keepdims", 0)]);
        let (zero, one) = (self.scalar(0.0), self.scalar(1.0));
        let range = self.op("Range", &[&zero, &total, &one], vec![]);
        let row = self.unsqueezed(&range, 0);
        let column = self.unsqueezed(&row, 2);
        let cast = |made: &mut Made, a: &str, b: &str| {
            let less = made.op("Less", &[a, b], vec![]);
            made.op("Cast", &[&less], vec![int("to", 1)])
        };
        let (before_end, before_begin) = (cast(self, &column, &ends), cast(self, &column, &begins));
        let path = self.op("Sub", &[&before_end, &before_begin], vec![]);
        let spread: Vec<String> = both
            .iter()
            .map(|value| {
                let value = self.turned(value);
                let spread = self.op("MatMul", &[&path, &value], vec![]);
                self.turned(&spread)
            })
            .collect();
        let less = self.op("Less", &[&row, &total], vec![]);
        let less = self.unsqueezed(&less, 1);
        let mask = self.op("Cast", &[&less], vec![int("to", 1)]);
        let noise = self.op("RandomNormalLike", &[&spread[0]], vec![int("dtype", 1)]);
        let deviations = self.op("Exp", &[&spread[1]], vec![]);
        let noise = self.op("Mul", &[&noise, &deviations], vec![]);
        let first = self.tensor(&[], DataType::INT64, |t| t.int64_data = vec![0]);
        let scale = self.op("Gather", &["scales", &first], vec![int("axis", 0)]);
        let noise = self.op("Mul", &[&noise, &scale], vec![]);
        let prior = self.op("Add", &[&spread[0], &noise], vec![]);
        let features = (sizes.speakers > 0).then(|| {
            let table = self.weights(&[sizes.speakers, FEATURES], (0.0, 1.0));
            let found = self.op("Gather", &[&table, "sid"], vec![]);
            self.unsqueezed(&found, -1)
        });
        (prior, mask, features)
    }

    fn coupling(&mut self, sizes: &Sizes, value: &str, mask: &str, features: Option<&str>) -> String {
        let (half, width) = (sizes.channels / 2, sizes.hidden);
        let halves = self.whole(&[half as i64; 2]);
        let parts = self.outputs("Split", &[value, &halves], vec![int("axis", 1)], 2);
        let masked = |made: &mut Made, value: &str| made.op("Mul", &[value, mask], vec![]);
        let x = self.conv(&parts[0], (width, half, 1), 1);
        let mut x = masked(self, &x);
        let mut skipped = self.zeros_like(&x);
        let of_speaker = features.map(|f| self.conv(f, (2 * width * sizes.layers, FEATURES, 1), 1));
        for layer in 0..sizes.layers {
            let made = self.conv(&x, (2 * width, width, 5), 1 + layer % 2);
            let added = match &of_speaker {
                Some(value) => self.part(value, 2 * width * layer, 2 * width * (layer + 1)),
                None => self.zeros_like(&made),
            };
            let sum = self.op("Add", &[&made, &added], vec![]);
            let (a, b) = (self.part(&sum, 0, width), self.part(&sum, width, 2 * width));
            let (a, b) = (self.op("Tanh", &[&a], vec![]), self.op("Sigmoid", &[&b], vec![]));
            let gated = self.op("Mul", &[&a, &b], vec![]);
            if layer + 1 == sizes.layers {
                let last = self.conv(&gated, (width, width, 1), 1);
                skipped = self.op("Add", &[&skipped, &last], vec![]);
            } else {
                let onward = self.conv(&gated, (2 * width, width, 1), 1);
                let stays = self.part(&onward, 0, width);
                let sum = self.op("Add", &[&x, &stays], vec![]);
                x = masked(self, &sum);
                let skips = self.part(&onward, width, 2 * width);
                skipped = self.op("Add", &[&skipped, &skips], vec![]);
            }
        }
        let skipped = masked(self, &skipped);
        let taken = self.conv(&skipped, (half, width, 1), 1);
        let taken = masked(self, &taken);
        let zeros = self.zeros_like(&taken);
        let changed = self.op("Sub", &[&parts[1], &taken], vec![]);
        let minus = self.op("Neg", &[&zeros], vec![]);
        let one = self.op("Exp", &[&minus], vec![]);
        let changed = self.op("Mul", &[&changed, &one], vec![]);
        let changed = masked(self, &changed);
        self.op("Concat", &[&parts[0], &changed], vec![int("axis", 1)])
    }

    fn flip(&mut self, value: &str) -> String {
        let (from, to) = (self.whole(&[-1]), self.whole(&[-i64::MAX]));
        let (axis, step) = (self.whole(&[1]), self.whole(&[-1]));
        self.op("Slice", &[value, &from, &to, &axis, &step], vec![])
    }

    fn block(
        &mut self,
        sizes: &Sizes,
        value: &str,
        channels: usize,
        (taps, dilations): &(usize, Vec<usize>),
    ) -> String {
        let mut x = value.to_owned();
        for dilation in dilations {
            let input = self.leaky(&x, 0.1);
            let mut made = self.conv(&input, (channels, channels, *taps), *dilation);
            if sizes.two {
                let input = self.leaky(&made, 0.1);
                made = self.conv(&input, (channels, channels, *taps), 1);
            }
            x = self.op("Add", &[&made, &x], vec![]);
        }
        x
    }

    fn decoder(&mut self, sizes: &Sizes, value: &str, features: Option<&str>) -> String {
        let mut x = self.conv(value, (sizes.first, sizes.channels, 7), 1);
        self.call("/dec/conv_pre/Conv");
        if let Some(features) = features {
            let added = self.conv(features, (sizes.first, FEATURES, 1), 1);
            x = self.op("Add", &[&x, &added], vec![]);
        }
        let mut channels = sizes.first;
        for (stride, width) in &sizes.ups {
            let input = self.leaky(&x, 0.1);
            let weights = self.weights(&[channels, channels / 2, *width], (0.0, 2.0 / (2.0 * channels as f32).sqrt()));
            channels /= 2;
            let bias = self.weights(&[channels], (0.0, 0.1));
            let pad = (width - stride) / 2;
            let attributes =
                vec![ints("kernel_shape", &[*width]), ints("pads", &[pad, pad]), ints("strides", &[*stride])];
            let raised = self.op("ConvTranspose", &[&input, &weights, &bias], attributes);
            self.call("/dec/ups/ConvTranspose");
            let mut blocks: Vec<String> =
                sizes.blocks.iter().map(|block| self.block(sizes, &raised, channels, block)).collect();
            let mut sum = blocks.remove(0);
            for block in blocks {
                sum = self.op("Add", &[&sum, &block], vec![]);
            }
            let count = self.scalar(sizes.blocks.len() as f32);
            x = self.op("Div", &[&sum, &count], vec![]);
        }
        let input = self.leaky(&x, 0.01);
        let last = self.conv(&input, (1, channels, 7), 1);
        let squashed = self.op("Tanh", &[&last], vec![]);
        self.unsqueezed(&squashed, 1)
    }
}

/// A model of these sizes, as an ONNX file.
pub fn voice(sizes: &Sizes) -> Vec<u8> {
    let mut made = Made::default();
    let (prior, mask, features) = made.front(sizes);
    let mut value = prior;
    for _ in 0..sizes.couplings {
        if sizes.flips {
            value = made.flip(&value);
        }
        value = made.coupling(sizes, &value, &mask, features.as_deref());
    }
    let value = made.op("Mul", &[&value, &mask], vec![]);
    let sound = made.decoder(sizes, &value, features.as_deref());
    let last = made.graph.node.last_mut().expect("nodes");
    assert_eq!(last.output, [sound]);
    last.output = vec!["output".into()];
    let info = |name: &&str| ValueInfoProto { name: Some((*name).into()), ..ValueInfoProto::default() };
    let inputs = ["input", "input_lengths", "scales", "sid"];
    made.graph.input = inputs[..3 + usize::from(sizes.speakers > 0)].iter().map(info).collect();
    made.graph.output = [info(&"output")].into();
    let opset = OperatorSetIdProto { version: Some(15), ..OperatorSetIdProto::default() };
    let model =
        ModelProto { ir_version: Some(8), graph: Some(made.graph), opset_import: vec![opset], ..ModelProto::default() };
    model.write_buf().expect("written")
}
