//! In: ids. Out: how many frames each takes, and what the flow reads. The part of a Piper voice before its flow: layers of
//! our own as far as the graph is understood, and the network as it stands in the file for the rest.

use super::anatomy::{self, Anatomy, Reason};
use super::predictor::Predictor;
use super::text::{Encoded, Room, TextEncoder};
use crate::error::{Error, Kind, Result};
use crate::voice::graph::{Graph, Walk};
use crate::voice::inference::{Network, elements, floats, whole};
use cuevox_kernels::lanes::{LANES, Machine};
use rten::{NodeId, ValueOrView};
use std::sync::{Mutex, PoisonError};

/// What is asked of the part before the flow.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) ids: &'a [i32],
    pub(super) speaker: i32,
    /// How much noise there is, how long everything takes, how much the durations vary.
    pub(super) scales: [f32; 3],
}

/// The part before the flow.
pub(super) enum Front {
    /// By our own layers, the durations perhaps by the network.
    Own(Box<Own>),
    /// By the network.
    Network(Box<Inputs>, Wanted<NodeId>),
}

/// Values of the network that are wanted of it.
pub(super) struct Wanted<T> {
    durations: T,
    means: T,
    deviations: T,
    speaker: Option<T>,
}

/// A network, and where its inputs go.
pub(super) struct Inputs {
    network: Network,
    ids: NodeId,
    lengths: NodeId,
    scales: NodeId,
    speaker: Option<NodeId>,
    /// The noise of the durations, where there is any.
    noise: Option<NodeId>,
}

pub(super) struct Own {
    text: TextEncoder,
    durations: Durations,
    /// For each speaker its features.
    speakers: Option<(Vec<f32>, usize)>,
    machine: Machine,
    idle: Mutex<Vec<Room>>,
}

enum Durations {
    Own(Box<Predictor>),
    Network { inputs: Box<Inputs>, hidden: NodeId, mask: NodeId, durations: NodeId },
}

/// What of the part before the flow is understood, read and packed, or why not.
pub(super) struct Plan {
    wanted: Wanted<String>,
    text: std::result::Result<Understood, Reason>,
}

struct Understood {
    text: TextEncoder,
    hidden: String,
    mask: String,
    durations: std::result::Result<Predictor, Reason>,
    speakers: Option<(Vec<f32>, usize)>,
}

impl Plan {
    /// Reads and packs what is understood of the part before the flow.
    pub(super) fn read(walk: &Walk<'_>, anatomy: &Anatomy<'_>, durations: &str) -> Plan {
        let wanted = Wanted {
            durations: durations.to_owned(),
            means: anatomy.means.to_owned(),
            deviations: anatomy.deviations.to_owned(),
            speaker: anatomy.speaker.map(str::to_owned),
        };
        let text = anatomy::text(walk, anatomy).and_then(|text| {
            let speakers = match anatomy.speaker {
                None => None,
                Some(features) => Some(table_of(walk, features).ok_or("the speakers' features stand in no table")?),
            };
            let width = speakers.as_ref().map_or(0, |(_, width)| *width);
            let parts = anatomy::durations(walk, durations, (&text, anatomy.speaker));
            let predictor = parts.and_then(|parts| match parts.speaker.is_none_or(|conv| conv.sizes[1] == width) {
                true => Predictor::read(walk, &parts),
                false => Err("the durations' speaker is of another width"),
            });
            let (hidden, mask) = (text.hidden.to_owned(), text.mask.to_owned());
            Ok(Understood { text: TextEncoder::read(walk, &text)?, hidden, mask, durations: predictor, speakers })
        });
        Plan { wanted, text }
    }

    /// What is computed by rten, and why; nothing where all is understood.
    pub(super) fn left(&self) -> Option<(&'static str, Reason)> {
        match &self.text {
            Err(reason) => Some(("text encoder", reason)),
            Ok(Understood { durations: Err(reason), .. }) => Some(("durations", reason)),
            Ok(_) => None,
        }
    }

    /// Makes it ready to run; what is not understood stays in `graph`. `noise` is the value of the durations' noise.
    pub(super) fn load(self, mut graph: Graph, noise: Option<&str>, machine: Machine) -> Result<Front> {
        let Plan { wanted, text } = self;
        let Understood { text, hidden, mask, durations, speakers } = match text {
            Ok(understood) => understood,
            Err(_) => {
                let names = [&wanted.durations, &wanted.means, &wanted.deviations];
                let names: Vec<&str> = names.into_iter().chain(&wanted.speaker).map(String::as_str).collect();
                graph.cut(&[], &names);
                let inputs = Inputs::load(graph, noise)?;
                let node = |name: &String| inputs.network.value(name);
                let wanted = Wanted {
                    durations: node(&wanted.durations)?,
                    means: node(&wanted.means)?,
                    deviations: node(&wanted.deviations)?,
                    speaker: wanted.speaker.as_ref().map(node).transpose()?,
                };
                return Ok(Front::Network(Box::new(inputs), wanted));
            }
        };
        let durations = match durations {
            Ok(predictor) => Durations::Own(Box::new(predictor)),
            Err(_) => {
                graph.cut(&[&hidden, &mask], &[&wanted.durations]);
                let inputs = Box::new(Inputs::load(graph, noise)?);
                let node = |name: &str| inputs.network.value(name);
                let (hidden, mask, durations) = (node(&hidden)?, node(&mask)?, node(&wanted.durations)?);
                Durations::Network { hidden, mask, durations, inputs }
            }
        };
        Ok(Front::Own(Box::new(Own { text, durations, speakers, machine, idle: Mutex::default() })))
    }
}

/// The table out of which a value is a speaker's row, and how long a row is.
fn table_of(walk: &Walk<'_>, features: &str) -> Option<(Vec<f32>, usize)> {
    let [table, number] = walk.made_by(walk.before(features, "Unsqueeze")?, "Gather")? else { return None };
    let width = walk.sizes(table)?.last().copied().filter(|width| *width > 0 && number == "sid")?;
    Some((walk.floats(table)?, width))
}

impl Inputs {
    /// Loads a graph and finds its inputs; those that it does not need are left out.
    pub(super) fn load(graph: Graph, noise: Option<&str>) -> Result<Inputs> {
        let takes_speaker = graph.has_input("sid");
        let bytes = graph.write()?;
        drop(graph);
        let network = Network::load(bytes)?;
        Ok(Inputs {
            ids: network.value("input")?,
            lengths: network.value("input_lengths")?,
            scales: network.value("scales")?,
            speaker: takes_speaker.then(|| network.value("sid")).transpose()?,
            noise: noise.map(|name| network.value(name)).transpose()?,
            network,
        })
    }

    /// The network.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// What goes in. `noise` is that of the durations.
    pub(super) fn values(
        &self,
        asked: Asked<'_>,
        noise: Option<&[f32]>,
    ) -> Result<Vec<(NodeId, ValueOrView<'static>)>> {
        let count = asked.ids.len();
        let length = i32::try_from(count).map_err(|_| Error::new(Kind::Input, "an utterance is far too long"))?;
        let mut inputs: Vec<(NodeId, ValueOrView<'static>)> = vec![
            (self.ids, whole(&[1, count], asked.ids.to_vec())?.into()),
            (self.lengths, whole(&[1], vec![length])?.into()),
            (self.scales, floats(&[3], asked.scales.to_vec())?.into()),
        ];
        if let Some(node) = self.speaker {
            inputs.push((node, whole(&[1], vec![asked.speaker])?.into()));
        }
        if let Some((node, noise)) = self.noise.zip(noise) {
            inputs.push((node, floats(&[1, 2, count], noise.to_vec())?.into()));
        }
        Ok(inputs)
    }
}

impl Front {
    /// Frames of each id, with two numbers of noise for each, and what the flow reads.
    pub(super) fn predict(&self, asked: Asked<'_>, noise: &[f32]) -> Result<(Encoded, Vec<f32>)> {
        match self {
            Front::Own(own) => own.run(asked, noise),
            Front::Network(inputs, wanted) => wanted.of(inputs, asked, noise),
        }
    }

    /// Computes with other instructions.
    #[cfg(test)]
    pub(super) fn compute_with(&mut self, machine: Machine) {
        if let Front::Own(own) = self {
            own.machine = machine;
        }
    }
}

impl Wanted<NodeId> {
    fn of(&self, inputs: &Inputs, asked: Asked<'_>, noise: &[f32]) -> Result<(Encoded, Vec<f32>)> {
        let mut nodes = vec![self.means, self.deviations];
        nodes.extend(self.speaker);
        nodes.push(self.durations);
        let mut values = inputs.network.run_all(inputs.values(asked, Some(noise))?, &nodes)?.into_iter();
        let mut next = || values.next().map_or_else(|| Ok(Vec::new()), elements);
        let (means, deviations) = (next()?, next()?);
        let speaker = if self.speaker.is_some() { next()? } else { Vec::new() };
        Ok((Encoded { means, deviations, speaker, own: None }, next()?))
    }
}

impl Own {
    fn run(&self, asked: Asked<'_>, noise: &[f32]) -> Result<(Encoded, Vec<f32>)> {
        let broken = |what: &str| Error::new(Kind::Voice, what.to_owned());
        let known = |id: &i32| usize::try_from(*id).is_ok_and(|id| id < self.text.ids());
        if !asked.ids.iter().all(known) {
            return Err(broken("the model does not know all ids of its configuration"));
        }
        let mut room = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let mut encoded = self.text.encode(self.machine, asked.ids, &mut room);
        if let Some((table, width)) = &self.speakers {
            let from = usize::try_from(asked.speaker).unwrap_or(usize::MAX).saturating_mul(*width);
            let row = table.get(from..from.saturating_add(*width));
            encoded.speaker = row.ok_or_else(|| broken("the model has no such speaker"))?.to_vec();
        }
        let frames = self.frames(asked, (&encoded.speaker, noise), &mut room);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        Ok((encoded, frames?))
    }

    fn frames(&self, asked: Asked<'_>, (speaker, noise): (&[f32], &[f32]), room: &mut Room) -> Result<Vec<f32>> {
        let [_, length_scale, noise_w] = asked.scales;
        match &self.durations {
            Durations::Own(predictor) => {
                let noise: Vec<f32> = noise.iter().map(|x| x * noise_w).collect();
                Ok(predictor.predict(self.machine, (speaker, &noise), length_scale, room))
            }
            Durations::Network { inputs, hidden, mask, durations } => {
                let mut values = inputs.values(asked, Some(noise))?;
                let count = asked.ids.len();
                let channel = |c: usize| room.hidden.plane(c / LANES).iter().map(move |block| block.0[c % LANES]);
                let made: Vec<f32> = (0..self.text.width()).flat_map(channel).collect();
                values.push((*hidden, floats(&[1, self.text.width(), count], made)?.into()));
                values.push((*mask, floats(&[1, 1, count], vec![1.0; count])?.into()));
                let [frames] = inputs.network.run(values, [*durations])?;
                elements(frames)
            }
        }
    }
}
