//! In: a graph with products of whole numbers. Out: the same graph with products of floats in their place: the twin that
//! layers of our own, which compute with floats, are held to.

use super::walk::Walk;
use rten_onnx::onnx::{DataType, GraphProto, TensorProto};

/// Rewrites products of 8-bit matrices, and says how many there were.
pub(super) fn unquantise(graph: &mut GraphProto) -> usize {
    let walk = Walk::new(graph);
    let mut found = Vec::new();
    for (at, node) in graph.node.iter().enumerate() {
        let product = node.output.first().and_then(|value| walk.quantised_product(value, "MatMulInteger"));
        if let Some(product) = product {
            found.push((at, product.input.to_owned(), product.weights));
        }
    }
    let count = found.len();
    for (at, input, weights) in found {
        let node = &mut graph.node[at];
        let name = format!("{}/weights", node.output[0]);
        node.op_type = Some("MatMul".into());
        node.input = vec![input, name.clone()];
        graph.initializer.push(TensorProto {
            name: Some(name),
            dims: weights.sizes.iter().map(|size| *size as i64).collect(),
            data_type: Some(DataType::FLOAT),
            float_data: weights.floats(),
            ..TensorProto::default()
        });
    }
    count
}
