//! In: ids; frames for them; a style. Out: frames, level and samples, by the network as it stands in
//! the file. What speaks a model that is not understood, and what own layers are held against.

use super::{SOUND, STYLE_WIDTH, StyleRow};
use crate::error::Result;
use crate::voice::graph::Graph;
use crate::voice::inference::{Network, elements, floats, whole};
use rten::{NodeId, ValueOrView};

/// The whole network, and where its values are.
pub(super) struct Whole {
    network: Network,
    tokens: NodeId,
    style: NodeId,
    speed: NodeId,
    durations: NodeId,
    /// The level of the speech, foretold point by point; none where the graph does not have it
    /// where it is looked for.
    level: Option<NodeId>,
    sound: NodeId,
}

/// What goes in.
type Inputs = Vec<(NodeId, ValueOrView<'static>)>;

impl Whole {
    /// Loads a graph; `durations` is the value of the frames of each id.
    pub(super) fn load(mut graph: Graph, durations: &str) -> Result<Whole> {
        let level = graph.made_by_part("/N_proj/");
        graph.mend();
        let bytes = graph.write()?;
        drop(graph);
        let network = Network::load(bytes)?;
        Ok(Whole {
            tokens: network.value("tokens")?,
            style: network.value("style")?,
            speed: network.value("speed")?,
            durations: network.value(durations)?,
            level: level.map(|name| network.value(&name)).transpose()?,
            sound: network.value(SOUND)?,
            network,
        })
    }

    fn inputs(&self, ids: &[i32], style: &StyleRow) -> Result<Inputs> {
        Ok(vec![
            (self.tokens, whole(&[1, ids.len()], ids.to_vec())?.into()),
            (self.style, floats(&[1, STYLE_WIDTH], style.to_vec())?.into()),
            (self.speed, floats(&[1], vec![1.0])?.into()),
        ])
    }

    /// What goes in with these frames for each id.
    pub(super) fn planned(&self, ids: &[i32], frames: &[u32], style: &StyleRow) -> Result<Inputs> {
        let mut inputs = self.inputs(ids, style)?;
        let planned = floats(&[1, ids.len()], frames.iter().map(|f| *f as f32).collect())?;
        inputs.push((self.durations, planned.into()));
        Ok(inputs)
    }

    /// Frames of each id, as the voice would speak them by itself.
    pub(super) fn predict(&self, ids: &[i32], style: &StyleRow) -> Result<Vec<f32>> {
        let [frames] = self.network.run(self.inputs(ids, style)?, [self.durations])?;
        elements(frames)
    }

    /// The logarithm of the level at each point, where it is known.
    pub(super) fn level(&self, ids: &[i32], frames: &[u32], style: &StyleRow) -> Result<Option<Vec<f32>>> {
        let Some(level) = self.level else { return Ok(None) };
        let [curve] = self.network.run(self.planned(ids, frames, style)?, [level])?;
        elements(curve).map(Some)
    }

    /// Samples of these frames.
    pub(super) fn speak(&self, ids: &[i32], frames: &[u32], style: &StyleRow) -> Result<Vec<f32>> {
        let [audio] = self.network.run(self.planned(ids, frames, style)?, [self.sound])?;
        elements(audio)
    }

    /// The network.
    #[cfg(test)]
    pub(super) fn network(&self) -> &Network {
        &self.network
    }
}
