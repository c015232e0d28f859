//! In: rows of channels, some at a time. Out: what a stack of blocks makes of them, as soon as it can be made. Knows neither
//! text nor sound.
//!
//! Every row is made of the same rows by the same sums wherever a window ends, so windows change no number, and what is
//! needed no more is dropped, so memory does not grow with the number of rows.

use super::product::{Product, Scratch};
use super::reader::Block;
use crate::voice::layers::normal;
use cuevox_kernels::depthwise::Depthwise;
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::norm::{Bend, Norm};
use cuevox_kernels::rows::{Rows, blocks_of};
use cuevox_kernels::whole::Then;

/// Rows that go through a block at once: few enough for all that lies between its layers to stay in the cache beside its
/// weights, and whole groups of rows for every kind of processor.
const AT_ONCE: usize = 96;

/// Blocks, packed.
pub(super) struct Stack {
    width: usize,
    blocks: Vec<Packed>,
}

struct Packed {
    apart: Depthwise,
    norm: Norm,
    wide: Product,
    narrow: Product,
}

/// One passage through a stack, and its memory.
#[derive(Default)]
pub(super) struct Passage {
    /// What goes into each block, and what comes out of the last.
    rows: Vec<Rows>,
    between: Rows,
    hidden: Rows,
}

impl Stack {
    /// Packs blocks of `width` channels.
    pub(super) fn new(blocks: &[Block], width: usize) -> Stack {
        let packed = blocks.iter().map(|block| {
            // The factors are those of what is made before them.
            let factored = |o: usize| Some((o, block.factors[o]));
            Packed {
                apart: Depthwise::new(block.taps, block.dilation, &block.apart, &block.bias),
                norm: normal(&block.norm),
                wide: Product::new(&block.wide),
                narrow: Product::laid_out(&block.narrow, width, factored),
            }
        });
        Stack { width, blocks: packed.collect() }
    }

    /// Readies `passage`, with no rows in it.
    pub(super) fn begin(&self, passage: &mut Passage) {
        passage.rows.resize_with(self.blocks.len() + 1, Rows::default);
        for rows in &mut passage.rows {
            rows.reshape(blocks_of(self.width), 0);
        }
    }

    /// Makes all that can be made of the rows that are there, of `total` that will be.
    pub(super) fn advance(&self, machine: Machine, passage: &mut Passage, total: isize, scratch: &mut Scratch) {
        let Passage { rows, between, hidden } = passage;
        for (number, block) in self.blocks.iter().enumerate() {
            let [source, target] = &mut rows[number..number + 2] else { return };
            let reach = block.apart.reach();
            let from = target.end();
            let to = if source.end() >= total { total } else { source.end() - reach };
            if to <= from {
                continue;
            }
            target.lengthen_to(to);
            for from in (from..to).step_by(AT_ONCE) {
                let part = (from, to.min(from + AT_ONCE as isize));
                block.apart.run_part(machine, source, between, part);
                block.norm.run(machine, between, Bend::None);
                block.wide.all(machine, between, Bend::Gelu, hidden, scratch);
                block.narrow.run(machine, (hidden, target), part, Then::With(source), scratch);
            }
            source.drop_before(to - reach);
        }
    }
}

impl Passage {
    /// What goes in: rows are added to it.
    pub(super) fn input(&mut self) -> &mut Rows {
        &mut self.rows[0]
    }

    /// What has come out: rows that are done with are dropped from it.
    pub(super) fn output(&mut self) -> &mut Rows {
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    /// The memory it takes, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.rows.iter().chain([&self.between, &self.hidden]).map(Rows::bytes).sum()
    }
}
