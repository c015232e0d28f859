//! In: ids. Out: what a Piper voice's text encoder makes of them, computed by the layers of [`cuevox_kernels`]. Knows neither
//! durations nor sound.

use super::anatomy::{self, Normal};
use crate::voice::graph::Walk;
use crate::voice::kept::Floats;
use crate::voice::layers::{NO_FLOATS, Reason, add, conv, convolve, values};
use crate::voice::noise::Seed;
use cuevox_kernels::attention::{self, Attention};
use cuevox_kernels::conv::{Conv, Scratch, Shape};
use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::norm::{Bend, Norm};
use cuevox_kernels::rows::Rows;

/// What the text encoder makes of an utterance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Encoded {
    /// For each channel the mean of each id.
    pub(super) means: Vec<f32>,
    /// For each channel the logarithm of the deviation of each id.
    pub(super) deviations: Vec<f32>,
    /// The speaker's features.
    pub(super) speaker: Vec<f32>,
    /// Frames of each id as the voice would speak it by itself, where they are known, and what their noise grew from.
    pub(super) own: Option<(Seed, Vec<f32>)>,
}

impl Floats for Encoded {
    fn floats(&self) -> usize {
        let own = self.own.as_ref().map_or(0, |(_, frames)| frames.len());
        self.means.len() + self.deviations.len() + self.speaker.len() + own
    }
}

/// The text encoder of a voice.
pub(super) struct TextEncoder {
    width: usize,
    /// A row of `width` numbers for each id.
    table: Vec<f32>,
    layers: Vec<Layer>,
    last: Conv,
}

struct Layer {
    /// Queries, keys and values, one behind the other.
    attended: Conv,
    attention: Attention,
    onward: Conv,
    norm: Norm,
    wide: Conv,
    narrow: Conv,
    norm_after: Norm,
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub(super) struct Room {
    /// What the text encoder has made, one row for each id.
    pub(super) hidden: Rows,
    pub(super) between: [Rows; 3],
    pub(super) scratch: Scratch,
    attention: attention::Room,
}

/// A normalisation, packed.
pub(super) fn norm(walk: &Walk<'_>, given: &Normal<'_>) -> Result<Norm, Reason> {
    let (gain, shift) = walk.floats(given.gain).zip(walk.floats(given.shift)).ok_or(NO_FLOATS)?;
    Ok(Norm::new(&gain, &shift, given.epsilon))
}

impl TextEncoder {
    /// Reads and packs it.
    pub(super) fn read(walk: &Walk<'_>, text: &anatomy::Text<'_>) -> Result<TextEncoder, Reason> {
        let width = text.last.sizes[1];
        if !width.is_multiple_of(LANES) {
            return Err("the text encoder's channels are no whole blocks");
        }
        let (table, scale) = text.table;
        let mut table = walk.floats(table).ok_or(NO_FLOATS)?;
        table.iter_mut().for_each(|number| *number *= scale);
        let layers = text.layers.iter().map(|layer| Layer::read(walk, layer, width)).collect::<Result<_, _>>()?;
        Ok(TextEncoder { width, table, layers, last: conv(&text.last)? })
    }

    /// Channels of what it makes for each id.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// How many ids there are.
    pub(super) fn ids(&self) -> usize {
        self.table.len() / self.width
    }

    /// Encodes `ids`, each below [`TextEncoder::ids`]; leaves in `room` what the durations are made of.
    pub(super) fn encode(&self, machine: Machine, ids: &[i32], room: &mut Room) -> Encoded {
        let count = ids.len();
        let Room { hidden, between: [one, two, _], scratch, attention } = room;
        hidden.reshape(self.width / LANES, 0);
        hidden.lengthen_to(count as isize);
        for plane in 0..hidden.planes() {
            for (block, id) in hidden.plane_mut(plane).iter_mut().zip(ids) {
                let row = usize::try_from(*id).unwrap_or(0) * self.width + plane * LANES;
                block.0.copy_from_slice(&self.table[row..row + LANES]);
            }
        }
        for layer in &self.layers {
            layer.run(machine, hidden, [one, two], (scratch, attention));
        }
        convolve(machine, &self.last, hidden, 1.0, one, scratch);
        let channels = self.last.shape().outputs / 2;
        let part = |from: usize| {
            let of_channel = |c: usize| one.plane(c / LANES).iter().map(move |block| block.0[c % LANES]);
            (from..from + channels).flat_map(of_channel).collect()
        };
        Encoded { means: part(0), deviations: part(channels), speaker: Vec::new(), own: None }
    }
}

impl Layer {
    fn read(walk: &Walk<'_>, layer: &anatomy::Layer<'_>, width: usize) -> Result<Layer, Reason> {
        let [keys, of_values] = layer.distances.map(|name| walk.floats(name));
        let (keys, of_values) = keys.zip(of_values).ok_or(NO_FLOATS)?;
        let attention = Attention::new(layer.heads, width / layer.heads, &keys, &of_values);
        let mut weights = Vec::new();
        let mut bias = Vec::new();
        for conv in &layer.attended {
            let (w, b) = values(conv, width)?;
            weights.extend(w);
            bias.extend(b);
        }
        let shape = Shape::same(width, 3 * width, 1, 1);
        Ok(Layer {
            attended: Conv::new(shape, 1, &bias, |o, i, _| weights[o * width + i]),
            attention: attention.ok_or("the attention of the text encoder is too wide or too narrow")?,
            onward: conv(&layer.onward)?,
            norm: norm(walk, &layer.norm)?,
            wide: conv(&layer.wide)?,
            narrow: conv(&layer.narrow)?,
            norm_after: norm(walk, &layer.norm_after)?,
        })
    }

    /// Changes `rows` into what the layer makes of them.
    fn run(
        &self,
        machine: Machine,
        rows: &mut Rows,
        [one, two]: [&mut Rows; 2],
        (scratch, room): (&mut Scratch, &mut attention::Room),
    ) {
        convolve(machine, &self.attended, rows, 1.0, one, scratch);
        self.attention.run(machine, one, two, room);
        add(machine, &self.onward, two, rows, scratch);
        self.norm.run(machine, rows, Bend::None);
        convolve(machine, &self.wide, rows, 0.0, one, scratch);
        add(machine, &self.narrow, one, rows, scratch);
        self.norm_after.run(machine, rows, Bend::None);
    }
}
