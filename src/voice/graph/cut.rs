//! In: a graph and values of it. Out: the same graph with nothing in it that those values do not need. Changes no weight.

use rten_onnx::onnx::{GraphProto, NodeProto, ValueInfoProto};
use std::collections::HashSet;

/// Drops nodes and weights that `outputs` do not need where `given` are known, and makes those the inputs and the outputs.
pub(super) fn cut(graph: &mut GraphProto, given: &[&str], outputs: &[&str]) {
    let mut needed: HashSet<String> = outputs.iter().map(|name| (*name).to_owned()).collect();
    let makes_needed = |node: &NodeProto, needed: &HashSet<String>| {
        node.output.iter().any(|o| needed.contains(o) && !given.contains(&o.as_str()))
    };
    // Nodes stand in the order of computation, so one pass from the end finds all.
    let mut kept: Vec<NodeProto> = Vec::new();
    for node in std::mem::take(&mut graph.node).into_iter().rev() {
        if makes_needed(&node, &needed) {
            needed.extend(node.input.iter().cloned());
            kept.push(node);
        }
    }
    kept.reverse();
    graph.node = kept;
    graph.initializer.retain(|tensor| tensor.name.as_ref().is_some_and(|name| needed.contains(name)));
    let value = |name: &&str| ValueInfoProto { name: Some((*name).to_owned()), ..ValueInfoProto::default() };
    graph.input.extend(given.iter().map(value));
    graph.output = outputs.iter().map(value).collect();
}
