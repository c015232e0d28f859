//! In: ids. Out: what a text encoder of a hibari voice makes of them, a row for each. Knows neither durations nor sound.

use super::anatomy::{Attentive, Encoder};
use super::product::{Product, Scratch};
use super::stack::{Passage, Stack};
use crate::voice::layers::{Reason, copy, normal};
use cuevox_kernels::attention::{self, Attention};
use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::norm::{Bend, Norm};
use cuevox_kernels::rows::Rows;

/// A text encoder, packed.
pub(super) struct TextEncoder {
    width: usize,
    /// A row of `width` numbers for each id.
    table: Vec<f32>,
    blocks: Stack,
    /// Layers of attention, and how often each is passed.
    layers: Vec<(Layer, usize)>,
    norm: Norm,
}

struct Layer {
    norm: Norm,
    attended: Product,
    attention: Attention,
    onward: Product,
    norm_after: Norm,
    wide: Product,
    narrow: Product,
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub(super) struct Room {
    pub(super) passage: Passage,
    /// What the text encoder has made, one row for each id.
    pub(super) made: Rows,
    pub(super) between: [Rows; 2],
    pub(super) scratch: Scratch,
    attention: attention::Room,
}

impl TextEncoder {
    /// Packs it.
    pub(super) fn new(encoder: &Encoder) -> Result<TextEncoder, Reason> {
        let width = encoder.width;
        if !width.is_multiple_of(LANES) {
            return Err("a text encoder's channels are no whole blocks");
        }
        let mut layers = Vec::with_capacity(encoder.layers.len());
        for (layer, times) in &encoder.layers {
            layers.push((Layer::new(layer, width)?, *times));
        }
        let (table, norm) = (encoder.table.clone(), normal(&encoder.norm));
        Ok(TextEncoder { width, table, blocks: Stack::new(&encoder.blocks, width), layers, norm })
    }

    /// How many ids there are.
    pub(super) fn ids(&self) -> usize {
        self.table.len() / self.width
    }

    /// Leaves in `room.made` what it makes of `ids`, each below [`TextEncoder::ids`].
    pub(super) fn encode(&self, machine: Machine, ids: &[i32], room: &mut Room) {
        let count = ids.len() as isize;
        let Room { passage, made, between: [one, two], scratch, attention } = room;
        self.blocks.begin(passage);
        let rows = passage.input();
        rows.lengthen_to(count);
        for plane in 0..rows.planes() {
            for (block, id) in rows.plane_mut(plane).iter_mut().zip(ids) {
                let row = usize::try_from(*id).unwrap_or(0) * self.width + plane * LANES;
                block.0.copy_from_slice(&self.table[row..row + LANES]);
            }
        }
        self.blocks.advance(machine, passage, count, scratch);
        std::mem::swap(made, passage.output());
        for (layer, times) in &self.layers {
            for _ in 0..*times {
                layer.run(machine, made, [one, two], (scratch, attention));
            }
        }
        self.norm.run(machine, made, Bend::None);
    }
}

impl Layer {
    fn new(layer: &Attentive, width: usize) -> Result<Layer, Reason> {
        // Nothing is learnt for distances.
        let none = vec![0.0; width / layer.heads];
        let attention = Attention::new(layer.heads, width / layer.heads, &none, &none);
        Ok(Layer {
            norm: normal(&layer.norm),
            attended: Product::new(&layer.attended),
            attention: attention.ok_or("the attention of a text encoder is too wide or too narrow")?,
            onward: Product::new(&layer.onward),
            norm_after: normal(&layer.norm_after),
            wide: Product::new(&layer.wide),
            narrow: Product::new(&layer.narrow),
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
        copy(rows, one);
        self.norm.run(machine, one, Bend::None);
        self.attended.all(machine, one, Bend::None, two, scratch);
        self.attention.run(machine, two, one, room);
        self.onward.add(machine, one, rows, scratch);
        copy(rows, one);
        self.norm_after.run(machine, one, Bend::None);
        self.wide.all(machine, one, Bend::Gelu, two, scratch);
        self.narrow.add(machine, two, rows, scratch);
    }
}
