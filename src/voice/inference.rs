//! In: a model file's bytes, named inputs, wanted outputs. Out: their values, computed on one thread. Knows no voice.
//!
//! rten runs a model on a rayon pool. Called from a worker of another rayon pool, rayon would fill the waiting time
//! with that pool's next job and nest one utterance in another; so a run is handed to a plain thread that enters a
//! pool of a single thread, and the caller really waits. One inference, one thread: the sums do not depend on how many
//! run beside it.

use crate::error::{Error, Kind, Result};
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use std::sync::{Arc, Mutex, PoisonError};

/// A loaded network.
pub(super) struct Network {
    model: Model,
    idle: Mutex<Vec<Arc<ThreadPool>>>,
}

fn failed(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Voice, "the voice's network cannot be run").because(cause.to_string())
}

impl Network {
    /// Loads an ONNX model.
    pub(super) fn load(bytes: Vec<u8>) -> Result<Network> {
        let model = ModelOptions::with_all_ops()
            .load(bytes)
            .map_err(|e| Error::new(Kind::Voice, "the voice's network cannot be loaded").because(e.to_string()))?;
        Ok(Network { model, idle: Mutex::default() })
    }

    /// The value of this name, whether input, output or in between.
    pub(super) fn value(&self, name: &str) -> Result<NodeId> {
        self.model.node_id(name).map_err(failed)
    }

    /// Computes `outputs` from `inputs` on one thread.
    pub(super) fn run<const N: usize>(
        &self,
        inputs: Vec<(NodeId, ValueOrView<'_>)>,
        outputs: [NodeId; N],
    ) -> Result<[Value; N]> {
        let values = self.run_all(inputs, &outputs)?;
        values.try_into().map_err(|_| failed("it does not give what it was asked for"))
    }

    /// The same, for any number of outputs.
    pub(super) fn run_all(&self, inputs: Vec<(NodeId, ValueOrView<'_>)>, outputs: &[NodeId]) -> Result<Vec<Value>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let lane = idle.unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&lane)));
        let result = std::thread::scope(|scope| scope.spawn(|| self.model.run(inputs, outputs, Some(options))).join());
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(lane);
        result.map_err(|_| failed("it gave up on this input"))?.map_err(failed)
    }
}

/// A tensor of floats of this shape.
pub(super) fn floats(shape: &[usize], data: Vec<f32>) -> Result<Value> {
    Value::from_shape(shape, data).map_err(failed)
}

/// A tensor of whole numbers of this shape.
pub(super) fn whole(shape: &[usize], data: Vec<i32>) -> Result<Value> {
    Value::from_shape(shape, data).map_err(failed)
}

/// The elements of a tensor of floats, whatever its shape.
pub(super) fn elements(value: Value) -> Result<Vec<f32>> {
    let tensor = value.into_tensor::<f32>().ok_or_else(|| failed("a value is not of floats"))?;
    Ok(tensor.into_data())
}
