//! In: the graph of a quantised Kokoro model. Out: the same computation in operators that rten 0.27 computes as ONNX
//! defines them. Changes no weight.

use super::{attribute, is};
use rten_onnx::onnx::{AttributeProto, AttributeType, DataType, GraphProto, NodeProto, TensorProto};

/// Rewrites a graph; returns how many nodes were not left as they were.
pub(super) fn mend(graph: &mut GraphProto) -> usize {
    let mut nodes = Vec::with_capacity(graph.node.len() + 128);
    let mut changed = 0;
    for node in std::mem::take(&mut graph.node) {
        let rewritten = unfuse_matmul(&node, changed).or_else(|| pad_before(&node, &mut graph.initializer));
        match rewritten {
            Some(pair) => {
                changed += 1;
                nodes.extend(pair);
            }
            None => nodes.push(node),
        }
    }
    graph.node = nodes;
    changed
}

/// `FusedMatMul`, an operator of ONNX Runtime's own, where it does no more than transpose the last two of its first
/// operand's three axes: a `Transpose` and a `MatMul`.
fn unfuse_matmul(node: &NodeProto, number: usize) -> Option<[NodeProto; 2]> {
    let int = |name| attribute(node, name).and_then(|a| a.i).unwrap_or(0);
    let plain = int("transA") == 1
        && ["transB", "transBatchA", "transBatchB"].iter().all(|name| int(name) == 0)
        && attribute(node, "alpha").and_then(|a| a.f).unwrap_or(1.0) == 1.0;
    if !is(node, "FusedMatMul") || !plain {
        return None;
    }
    let turned = format!("{}/transposed/{number}", node.input.first()?);
    let axes = ints("perm", vec![0, 2, 1]);
    let transpose = made("Transpose", vec![node.input.first()?.clone()], turned.clone(), vec![axes]);
    let mut multiply = node.clone();
    *multiply.input.first_mut()? = turned;
    multiply.op_type = Some("MatMul".into());
    multiply.domain = None;
    multiply.attribute.clear();
    Some([transpose, multiply])
}

/// `ConvInteger` with padding: a `Pad` with the zero point and the convolution without. rten pads with the number 0,
/// which is not what stands for zero, and the error at both ends of an utterance grows from layer to layer.
fn pad_before(node: &NodeProto, initializers: &mut Vec<TensorProto>) -> Option<[NodeProto; 2]> {
    if !is(node, "ConvInteger") {
        return None;
    }
    let pads = attribute(node, "pads").map(|a| a.ints.clone()).filter(|pads| pads.iter().any(|p| *p != 0))?;
    let [before, after] = pads.as_slice() else { return None };
    let (input, zero_point) = (node.input.first()?.clone(), node.input.get(2).filter(|z| !z.is_empty())?.clone());
    let widths = constant(format!("pads/{before}/{after}"), vec![0, 0, *before, 0, 0, *after], initializers);
    let padded = format!("{}/padded", node.output.first()?);
    let pad = made("Pad", vec![input, widths, zero_point], padded.clone(), Vec::new());
    let mut convolve = node.clone();
    *convolve.input.first_mut()? = padded;
    for attribute in convolve.attribute.iter_mut().filter(|a| a.name.as_deref() == Some("pads")) {
        attribute.ints = vec![0, 0];
    }
    Some([pad, convolve])
}

/// A list of whole numbers as a constant of the graph, once for each name.
fn constant(name: String, values: Vec<i64>, initializers: &mut Vec<TensorProto>) -> String {
    if !initializers.iter().any(|t| t.name.as_deref() == Some(&name)) {
        initializers.push(TensorProto {
            name: Some(name.clone()),
            dims: vec![values.len() as i64],
            data_type: Some(DataType::INT64),
            int64_data: values,
            ..TensorProto::default()
        });
    }
    name
}

fn ints(name: &str, ints: Vec<i64>) -> AttributeProto {
    AttributeProto { name: Some(name.into()), ints, r#type: Some(AttributeType::INTS), ..AttributeProto::default() }
}

fn made(op: &str, input: Vec<String>, output: String, attribute: Vec<AttributeProto>) -> NodeProto {
    NodeProto {
        name: Some(format!("{output}/{op}")),
        op_type: Some(op.into()),
        input,
        output: vec![output],
        attribute,
        domain: None,
    }
}
