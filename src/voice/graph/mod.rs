//! In: the bytes of an ONNX file. Out: where its interesting nodes are, by kind of node rather than by name (names
//! differ between exports), and a form of it that rten reads. Runs nothing.

mod checked;
mod cut;
#[cfg(test)]
mod float;
mod mend;
mod pattern;
mod quantised;
mod recurrent;
mod walk;

use crate::error::{Error, Kind, Result};
use checked::Checked;
pub(super) use pattern::{Normal, TURNED};
pub(super) use quantised::{Bytes, Quantised};
pub(super) use recurrent::Recurrent;
use rten_onnx::onnx::{AttributeProto, GraphProto, ModelProto, NodeProto};
use rten_onnx::protobuf::DecodeMessage;
pub(super) use walk::{Convolution, Walk};

/// The nodes of a model.
pub(super) struct Graph {
    model: ModelProto,
}

fn is(node: &NodeProto, op: &str) -> bool {
    node.op_type.as_deref() == Some(op)
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|a| a.name.as_deref() == Some(name))
}

impl Graph {
    /// Reads an ONNX model; anything else is an error.
    pub(super) fn read(bytes: &[u8]) -> Result<Graph> {
        if bytes.is_empty() {
            return Err(Error::new(Kind::Voice, "the model is an empty file"));
        }
        let model = ModelProto::decode(Checked::new(bytes))
            .map_err(|e| Error::new(Kind::Voice, "the model is damaged or no ONNX file").because(e.to_string()))?;
        match model.graph.as_ref().is_some_and(|g| !g.node.is_empty()) {
            true => Ok(Graph { model }),
            false => Err(Error::new(Kind::Voice, "the model holds no network")),
        }
    }

    fn graph(&self) -> Result<&GraphProto> {
        self.model.graph.as_ref().ok_or_else(|| Error::new(Kind::Voice, "the model holds no network"))
    }

    fn nodes<'a>(&'a self, op: &'a str) -> impl Iterator<Item = &'a NodeProto> {
        self.model.graph.iter().flat_map(|g| &g.node).filter(move |n| is(n, op))
    }

    /// The output of the one node of kind `op`.
    pub(super) fn only_output(&self, op: &str) -> Result<String> {
        let all: Vec<_> = self.nodes(op).filter_map(|n| n.output.first()).collect();
        match all.as_slice() {
            [one] => Ok((*one).clone()),
            _ => Err(Error::new(
                Kind::Voice,
                format!(
                    "this is a network, but no voice of the kind expected here: it has {} '{op}', not one",
                    all.len()
                ),
            )),
        }
    }

    /// Outputs of all nodes of kind `op`, in the file's order, which is the order of computation.
    pub(super) fn outputs(&self, op: &str) -> Vec<String> {
        self.nodes(op).filter_map(|n| n.output.first()).cloned().collect()
    }

    /// What the last of the nodes makes whose name contains `part`; none where there is no such node.
    pub(super) fn made_by_part(&self, part: &str) -> Option<String> {
        let nodes = &self.model.graph.as_ref()?.node;
        let named = |node: &&NodeProto| node.name.as_deref().is_some_and(|name| name.contains(part));
        nodes.iter().rev().find(named)?.output.first().cloned()
    }

    /// Whether the model takes an input of this name.
    pub(super) fn has_input(&self, name: &str) -> bool {
        self.model.graph.iter().flat_map(|g| &g.input).any(|i| i.name.as_deref() == Some(name))
    }

    /// The product of the strides of the transposed convolutions whose node name contains `part`: how many samples
    /// the decoder makes of one frame.
    pub(super) fn upsampling(&self, part: &str) -> Result<u32> {
        let product = self
            .nodes("ConvTranspose")
            .filter(|n| n.name.as_deref().is_some_and(|name| name.contains(part)))
            .filter_map(|n| attribute(n, "strides")?.ints.first().copied())
            .try_fold(1u32, |product, stride| product.checked_mul(u32::try_from(stride).ok()?));
        match product {
            Some(hop) if hop > 1 => Ok(hop),
            _ => Err(Error::new(Kind::Voice, "the model has no decoder that is known here")),
        }
    }

    /// The number of input channels of the first convolution whose node name contains `part`.
    pub(super) fn conv_channels(&self, part: &str) -> Result<usize> {
        let graph = self.graph()?;
        let weight = self
            .nodes("Conv")
            .find(|n| n.name.as_deref().is_some_and(|name| name.contains(part)))
            .and_then(|n| n.input.get(1));
        weight
            .and_then(|name| graph.initializer.iter().find(|t| t.name.as_deref() == Some(name)))
            .and_then(|tensor| usize::try_from(*tensor.dims.get(1)?).ok())
            .ok_or_else(|| Error::new(Kind::Voice, "the model has no decoder that is known here"))
    }

    /// How many different numbers the input of this name may hold, where the model looks them up in a table.
    pub(super) fn table_len(&self, input: &str) -> Option<i64> {
        let lookup = self.nodes("Gather").find(|n| n.input.get(1).is_some_and(|name| name == input))?;
        let table = lookup.input.first()?;
        let initializers = &self.model.graph.as_ref()?.initializer;
        initializers.iter().find(|t| t.name.as_ref() == Some(table))?.dims.first().copied()
    }

    /// A way through it.
    pub(super) fn walk(&self) -> Result<Walk<'_>> {
        self.graph().map(Walk::new)
    }

    /// Leaves only what is needed to compute `outputs`, which become the model's own, where `given` are inputs beside
    /// those of the model.
    pub(super) fn cut(&mut self, given: &[&str], outputs: &[&str]) {
        if let Some(graph) = &mut self.model.graph {
            cut::cut(graph, given, outputs);
        }
    }

    /// Rewrites what rten does not read, or reads otherwise than ONNX Runtime, and says how much that was.
    pub(super) fn mend(&mut self) -> usize {
        self.model.graph.as_mut().map_or(0, mend::mend)
    }

    /// Makes layers of floats of those of whole numbers, and says how many those were.
    #[cfg(test)]
    pub(super) fn unquantise(&mut self) -> usize {
        self.model.graph.as_mut().map_or(0, float::unquantise)
    }

    /// The model as an ONNX file.
    pub(super) fn write(&self) -> Result<Vec<u8>> {
        self.model
            .write_buf()
            .map_err(|e| Error::new(Kind::Voice, "the model cannot be prepared").because(e.to_string()))
    }
}
