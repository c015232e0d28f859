//! In: a graph that is quantised at run time. Out: the same layers in floats, of the weights that
//! its bytes stand for: what own layers are held against. For tests alone, since it takes four
//! times the memory.

use super::{Walk, attribute};
use rten_onnx::onnx::{DataType, GraphProto, NodeProto, TensorProto};
use std::cell::RefCell;
use std::collections::HashMap;

/// Replaces convolutions and products of whole numbers; returns how many.
pub(super) fn unquantise(graph: &mut GraphProto) -> usize {
    let mut replaced: HashMap<String, (NodeProto, Vec<TensorProto>)> = HashMap::new();
    let walk = Walk::new(graph);
    for value in graph.node.iter().filter_map(|node| node.output.first()) {
        let made = replacement(&walk, value);
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

fn tensor(name: String, sizes: &[usize], values: Vec<f32>) -> TensorProto {
    TensorProto {
        name: Some(name),
        dims: sizes.iter().map(|size| *size as i64).collect(),
        data_type: Some(DataType::FLOAT),
        raw_data: Some(RefCell::new(values.iter().flat_map(|x| x.to_le_bytes()).collect())),
        ..TensorProto::default()
    }
}
