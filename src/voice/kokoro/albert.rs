//! In: ids. Out: rows that tell the sense of each among the others. The first part of what reads
//! ids; knows nothing of what comes of it.

use super::anatomy::{self, Reason};
use super::styled::{ADDED, NO_BYTES, convolve, product};
use crate::voice::layers::normal;
use cuevox_kernels::attention::{self, Attention};
use cuevox_kernels::bend::tanh_gelus;
use cuevox_kernels::conv::{Code, Coded, Scratch, Shape};
use cuevox_kernels::lanes::{LANES, Machine};
use cuevox_kernels::norm::{Bend, Norm};
use cuevox_kernels::rows::{Rows, blocks_of};

/// An embedding, and a layer of attention that is passed several times, packed.
pub(super) struct Albert {
    /// A row for each id.
    table: Vec<f32>,
    /// A row for each place.
    places: Vec<f32>,
    /// How long a row is.
    width: usize,
    normal: Norm,
    first: Coded,
    turn: Turn,
    turns: usize,
}

struct Turn {
    /// Queries, keys and values, one behind the other.
    attended: Coded,
    attention: Attention,
    onward: Coded,
    normal: Norm,
    wide: Coded,
    narrow: Coded,
    normal_after: Norm,
}

/// Memory of a worker, used again from one call to the next.
#[derive(Default)]
pub(super) struct Room {
    between: [Rows; 2],
    attention: attention::Room,
}

impl Albert {
    pub(super) fn of(albert: anatomy::Albert<'_>) -> Result<Albert, Reason> {
        let width = albert.normal.gain.len();
        if !width.is_multiple_of(LANES) {
            return Err("the embedding of ids has no whole blocks");
        }
        Ok(Albert {
            width,
            normal: normal(&albert.normal),
            first: product(&albert.first, None)?,
            turn: Turn::of(&albert.turn)?,
            turns: albert.turns,
            table: albert.table,
            places: albert.places,
        })
    }

    /// Whether it knows all of these ids, and has a place for each.
    pub(super) fn knows(&self, ids: &[i32]) -> bool {
        let rows = self.table.len() / self.width;
        let known = |id: &i32| usize::try_from(*id).is_ok_and(|id| id < rows);
        ids.iter().all(known) && ids.len() <= self.places.len() / self.width
    }

    /// Multiplications and additions for each id, those of the attention's own products left out.
    pub(super) fn operations(&self) -> usize {
        let Turn { attended, onward, wide, narrow, .. } = &self.turn;
        let turn: usize = [attended, onward, wide, narrow].iter().map(|coded| coded.operations()).sum();
        self.turns * turn + self.first.operations()
    }

    /// Makes a row of `target` for each id, all of them known.
    pub(super) fn run(&self, machine: Machine, ids: &[i32], target: &mut Rows, room: &mut Room, scratch: &mut Scratch) {
        let Room { between: [one, two], attention } = room;
        one.remake(blocks_of(self.width), ids.len());
        for plane in 0..one.planes() {
            for (place, (block, id)) in one.plane_mut(plane).iter_mut().zip(ids).enumerate() {
                let at = |row: usize| row * self.width + plane * LANES;
                let (own, place) = (at(usize::try_from(*id).unwrap_or(0)), at(place));
                let rows = self.table[own..own + LANES].iter().zip(&self.places[place..place + LANES]);
                block.0.iter_mut().zip(rows).for_each(|(sum, (own, place))| *sum = own + place);
            }
        }
        self.normal.run(machine, one, Bend::None);
        convolve(machine, &self.first, one, target, scratch);
        for _ in 0..self.turns {
            self.turn.run(machine, target, [one, two], (scratch, attention));
        }
    }
}

impl Turn {
    fn of(turn: &anatomy::Turn<'_>) -> Result<Turn, Reason> {
        let width = turn.normal.gain.len();
        // Nothing is learnt for distances.
        let none = vec![0.0; width / turn.heads];
        let attention = Attention::new(turn.heads, width / turn.heads, &none, &none);
        let (mut bytes, mut zeros, mut scales, mut bias) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for part in &turn.attended {
            let found = part.bytes(width).ok_or(NO_BYTES)?;
            zeros.extend((0..width).map(|o| found.zeros[o % found.zeros.len()]));
            scales.extend((0..width).map(|o| found.scales[o % found.scales.len()]));
            bytes.extend(found.bytes);
            bias.extend(part.bias(width).ok_or(NO_BYTES)?);
        }
        let at = |o: usize, i: usize, _: usize| Some((o / width * width + i) * width + o % width);
        let code = Code { bytes: &bytes, zeros: &zeros, scales: &scales };
        Ok(Turn {
            attended: Coded::new(Shape::same(width, 3 * width, 1, 1), 1, &bias, (code, at)),
            attention: attention.ok_or("the attention of the network is too wide or too narrow")?,
            onward: product(&turn.onward, None)?,
            normal: normal(&turn.normal),
            wide: product(&turn.wide, Some(&turn.bias))?,
            narrow: product(&turn.narrow, None)?,
            normal_after: normal(&turn.normal_after),
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
        convolve(machine, &self.attended, rows, one, scratch);
        self.attention.run(machine, one, two, room);
        self.onward.run(machine, (two, rows), ADDED, scratch);
        self.normal.run(machine, rows, Bend::None);
        convolve(machine, &self.wide, rows, one, scratch);
        tanh_gelus(machine, one);
        self.narrow.run(machine, (one, rows), ADDED, scratch);
        self.normal_after.run(machine, rows, Bend::None);
    }
}
