//! In: the graph of a quantised Kokoro model. Out: the same computation in operators that rten 0.27 computes as ONNX
//! defines them, and without a decision that rounding noise makes. Changes no weight.

use super::{attribute, is};
use rten_onnx::onnx::{AttributeProto, AttributeType, DataType, GraphProto, NodeProto, TensorProto};

/// Rewrites a graph; returns how many nodes were not left as they were.
pub(super) fn mend(graph: &mut GraphProto) -> usize {
    let mut changed = close_phase(&mut graph.node);
    let mut nodes = Vec::with_capacity(graph.node.len() + 128);
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

/// An arc tangent of two numbers that is written out, `re < 0 ? (im > 0 ? atan + pi : atan - pi) : atan`: its inner
/// comparison becomes `im >= 0`. At 0 Hz and at half the sample rate the spectrum of a real signal has an imaginary part
/// of 0, so the phase of a negative real part, pi by the definition of atan2, would be decided by the rounding of the
/// transform: ONNX Runtime leaves a little above 0 mostly, rten's transform leaves 0. Returns how many were changed.
fn close_phase(nodes: &mut [NodeProto]) -> usize {
    let inner: Vec<usize> = (0..nodes.len()).filter(|at| decides_phase(nodes, *at)).collect();
    for at in &inner {
        nodes[*at].op_type = Some("GreaterOrEqual".into());
    }
    inner.len()
}

/// Whether the node at `at` is the comparison between the two turns of an arc tangent.
fn decides_phase(nodes: &[NodeProto], at: usize) -> bool {
    let maker = |value: Option<&String>| nodes.iter().find(|node| value.is_some_and(|v| node.output.contains(v)));
    let greater = &nodes[at];
    if !is(greater, "Greater") {
        return false;
    }
    let chosen = nodes.iter().find(|node| is(node, "Where") && node.input.first() == greater.output.first());
    let Some([_, above, below]) = chosen.map(|node| node.input.as_slice()) else { return false };
    let (Some(above), Some(below)) = (maker(Some(above)), maker(Some(below))) else { return false };
    let atan = maker(above.input.first()).filter(|_| above.input.first() == below.input.first());
    let quotient = atan.filter(|node| is(node, "Atan")).and_then(|node| maker(node.input.first()));
    let of_it = quotient.is_some_and(|node| is(node, "Div") && node.input.first() == greater.input.first());
    is(above, "Add") && is(below, "Sub") && of_it
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

#[cfg(test)]
mod tests {
    use super::*;

    fn node(op: &str, input: &[&str], output: &str) -> NodeProto {
        let input = input.iter().map(|name| (*name).to_owned()).collect();
        NodeProto { output: vec![output.into()], op_type: Some(op.into()), input, ..NodeProto::default() }
    }

    /// The phase of `re` and `im` as exporters write it, with one node replaced.
    fn phase(at: usize, other: NodeProto) -> GraphProto {
        let mut nodes = vec![
            node("Greater", &["im", "zero"], "above"),
            node("Less", &["re", "zero"], "behind"),
            node("Div", &["im", "re"], "slope"),
            node("Atan", &["slope"], "angle"),
            node("Add", &["angle", "pi"], "plus"),
            node("Sub", &["angle", "pi"], "minus"),
            node("Where", &["above", "plus", "minus"], "turned"),
            node("Where", &["behind", "turned", "angle"], "phase"),
        ];
        nodes[at] = other;
        GraphProto { node: nodes, ..GraphProto::default() }
    }

    #[test]
    fn the_phase_of_a_negative_number_is_pi() {
        let rows = [
            ("as exporters write it", 7, node("Where", &["behind", "turned", "angle"], "phase"), 1),
            ("another quotient", 2, node("Div", &["re", "im"], "slope"), 0),
            ("no arc tangent", 3, node("Sin", &["slope"], "angle"), 0),
            ("turned the same way", 5, node("Add", &["angle", "pi"], "minus"), 0),
            ("turns of two angles", 5, node("Sub", &["slope", "pi"], "minus"), 0),
            ("a comparison of its own", 6, node("Where", &["behind", "plus", "minus"], "turned"), 0),
        ];
        for (what, at, other, wanted) in rows {
            let mut graph = phase(at, other);
            assert_eq!(mend(&mut graph), wanted, "{what}");
            let op = graph.node[0].op_type.as_deref();
            assert_eq!(op, Some(if wanted == 1 { "GreaterOrEqual" } else { "Greater" }), "{what}");
            assert!(graph.node[1..].iter().all(|node| !is(node, "GreaterOrEqual")), "{what}");
        }
    }
}
