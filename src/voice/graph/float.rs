//! In: a graph that is quantised at run time. Out: the same layers in floats, of the weights that
//! its bytes stand for: what own layers are held against. For tests alone, since it takes four
//! times the memory.

use super::quantised::Bytes;
use super::recurrent::Direction;
use super::{Walk, attribute};
use rten_onnx::onnx::{DataType, GraphProto, NodeProto, TensorProto};
use std::cell::RefCell;
use std::collections::HashMap;

/// Replaces convolutions and products of whole numbers, and layers that remember; returns how many.
pub(super) fn unquantise(graph: &mut GraphProto) -> usize {
    let mut replaced: HashMap<String, (NodeProto, Vec<TensorProto>)> = HashMap::new();
    let walk = Walk::new(graph);
    for value in graph.node.iter().filter_map(|node| node.output.first()) {
        let made = replacement(&walk, value).or_else(|| remembering(&walk, value));
        replaced.extend(made.map(|made| (value.clone(), made)));
    }
    let count = replaced.len();
    for node in &mut graph.node {
        if let Some((made, tensors)) = node.output.first().and_then(|name| replaced.remove(name)) {
            *node = made;
            graph.initializer.extend(tensors);
        }
    }
    count
}

fn replacement(walk: &Walk<'_>, value: &str) -> Option<(NodeProto, Vec<TensorProto>)> {
    // The sum with a bias is left as it is: only the product is replaced.
    let node = walk.maker(value).filter(|node| node.op_type.as_deref() == Some("Mul"))?;
    let value = node.output.first()?;
    let is_conv = walk.quantised(value, "ConvInteger");
    let (layer, input) = is_conv.or_else(|| walk.quantised(value, "MatMulInteger"))?;
    let conv = layer.conv_sizes().filter(|_| is_conv.is_some());
    let sizes = layer.sizes()?;
    let mut tensors = vec![tensor(format!("{value}/weights"), &sizes, layer.floats(conv.is_none())?)];
    let mut attributes = Vec::new();
    if let Some([outputs, _, _]) = conv {
        tensors.push(tensor(format!("{value}/bias"), &[outputs], layer.bias(outputs)?));
        attributes.clone_from(&layer.node().attribute);
    }
    let inputs = tensors.iter().filter_map(|tensor| tensor.name.clone());
    let made = NodeProto {
        name: node.name.clone(),
        op_type: Some(if conv.is_some() { "Conv" } else { "MatMul" }.into()),
        input: std::iter::once(input.to_owned()).chain(inputs).collect(),
        output: vec![value.clone()],
        attribute: attributes,
        domain: None,
    };
    debug_assert!(attribute(&made, "kernel_shape").is_none_or(|a| a.ints.len() == 1));
    Some((made, tensors))
}

/// The layer in floats that stands for one of bytes that remembers.
fn remembering(walk: &Walk<'_>, value: &str) -> Option<(NodeProto, Vec<TensorProto>)> {
    let (layer, input) = walk.recurrent(value)?;
    let (node, outputs) = (walk.maker(value)?, 4 * layer.channels);
    // Of bytes that stand input by input those of each output.
    let turned = |inputs: usize, part: &dyn Fn(&Direction) -> &Bytes| -> Vec<f32> {
        let all = layer.sides.iter().flat_map(|side| {
            let Bytes { bytes, zeros, scales } = part(side);
            let at = move |i: usize| bytes[i % inputs * outputs + i / inputs];
            (0..bytes.len()).map(move |i| (f32::from(at(i)) - f32::from(zeros[0])) * scales[0])
        });
        all.collect()
    };
    let (inputs, channels) = (layer.inputs, layer.channels);
    let tensors = vec![
        tensor(format!("{value}/input"), &[2, outputs, inputs], turned(inputs, &|side| &side.input)),
        tensor(format!("{value}/recurrent"), &[2, outputs, channels], turned(channels, &|side| &side.recurrent)),
        tensor(
            format!("{value}/bias"),
            &[2, 2 * outputs],
            layer.sides.iter().flat_map(|side| side.bias.iter().copied().chain(vec![0.0; outputs])).collect(),
        ),
    ];
    let inputs = tensors.iter().filter_map(|tensor| tensor.name.clone());
    let made = NodeProto {
        op_type: Some("LSTM".into()),
        input: std::iter::once(input.to_owned()).chain(inputs).collect(),
        domain: None,
        ..node.clone()
    };
    Some((made, tensors))
}

fn tensor(name: String, sizes: &[usize], values: Vec<f32>) -> TensorProto {
    TensorProto {
        name: Some(name),
        dims: sizes.iter().map(|size| *size as i64).collect(),
        data_type: Some(DataType::FLOAT),
        raw_data: Some(RefCell::new(values.iter().flat_map(|x| x.to_le_bytes()).collect())),
        ..TensorProto::default()
    }
}
