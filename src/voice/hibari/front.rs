//! In: ids. Out: how many frames each takes, and what sound is made of, for each of them. Knows no sound.
//!
//! The network counts in units of two frames. The number of units is the exponential of what it makes, less 1, and is
//! rounded there; here the frames are rounded.

use super::anatomy::{Anatomy, Durations};
use super::text::{Room, TextEncoder};
use crate::voice::graph::Convolution;
use crate::voice::kept::Floats;
use crate::voice::layers::{Reason, conv, convolve};
use cuevox_kernels::bend::gelus;
use cuevox_kernels::conv::Conv;
use cuevox_kernels::lanes::{Block, LANES, Machine};
use cuevox_kernels::rows::Rows;
use std::sync::{Mutex, PoisonError};

/// No id takes fewer frames than a unit by itself: the network was trained with none shorter.
const LEAST: f32 = 2.0;
/// No id takes more frames than this by itself: a minute.
const MOST: f32 = 4800.0;

/// What sound is made of: for each id some blocks of channels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Encoded {
    /// What the spectra are made of.
    pub(super) text: Vec<Block>,
    /// What the prosody is made of.
    pub(super) melody: Vec<Block>,
    /// How many frames each id takes by itself, all of them whole.
    pub(super) frames: Vec<f32>,
}

impl Floats for Encoded {
    fn floats(&self) -> usize {
        (self.text.len() + self.melody.len()) * LANES + self.frames.len()
    }
}

/// Both text encoders, and what stands directly behind them.
pub(super) struct Front {
    text: TextEncoder,
    melody: TextEncoder,
    first: Conv,
    last: Conv,
    /// The first layer of the prosody, which makes each unit of one id.
    prosody: Conv,
    idle: Mutex<Vec<Room>>,
}

impl Front {
    /// Packs it.
    pub(super) fn new(anatomy: &Anatomy<'_>) -> Result<Front, Reason> {
        let Durations { first, last } = &anatomy.durations;
        let one = |given: &Convolution<'_>| conv(given);
        Ok(Front {
            text: TextEncoder::new(&anatomy.text)?,
            melody: TextEncoder::new(&anatomy.melody)?,
            first: one(first)?,
            last: one(last)?,
            prosody: one(&anatomy.prosody.first)?,
            idle: Mutex::default(),
        })
    }

    /// Whether it knows all of these ids.
    pub(super) fn knows(&self, ids: &[i32]) -> bool {
        let known = self.text.ids().min(self.melody.ids());
        ids.iter().all(|id| usize::try_from(*id).is_ok_and(|id| id < known))
    }

    /// Encodes ids, all of them known.
    pub(super) fn run(&self, machine: Machine, ids: &[i32]) -> Encoded {
        let mut room = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        self.text.encode(machine, ids, &mut room);
        let text = gathered(&room.made, ids.len());
        self.melody.encode(machine, ids, &mut room);
        let Room { made, between: [one, two], scratch, .. } = &mut room;
        convolve(machine, &self.first, made, 1.0, one, &mut scratch.conv);
        gelus(machine, one);
        convolve(machine, &self.last, one, 1.0, two, &mut scratch.conv);
        let units = two.plane(0).iter().map(|block| block.0[0].exp() - 1.0);
        let frames = units.map(|units| (2.0 * units).round_ties_even().clamp(LEAST, MOST)).collect();
        convolve(machine, &self.prosody, made, 1.0, one, &mut scratch.conv);
        let melody = gathered(one, ids.len());
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        Encoded { text, melody, frames }
    }
}

/// The rows of all ids, one after another.
fn gathered(rows: &Rows, count: usize) -> Vec<Block> {
    (0..count).flat_map(|id| (0..rows.planes()).map(move |plane| rows.plane(plane)[id])).collect()
}
