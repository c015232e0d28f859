//! In: rows of features, a style. Out: rows that a block of two convolutions makes of them. Knows no
//! other part of the network.

use super::anatomy::{self, Reason};
use super::styled::{Bench, NO_BYTES, PLAIN, Styled, convolve, gather, same};
use cuevox_kernels::adain::{Bend, Spread};
use cuevox_kernels::conv::{Coded, Finish};
use cuevox_kernels::double::{Doubling, repeat};
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::rows::{Rows, blocks_of};

/// Neighbouring outputs made at a time: there are too few moments for what more of them cost to
/// prepare.
fn tile(taps: usize) -> usize {
    if taps == 3 { 4 } else { 1 }
}

/// The block, packed.
pub(super) struct Residual {
    stylings: [Styled; 2],
    slopes: [f32; 2],
    convs: [Coded; 2],
    doubling: Option<Doubling>,
    shortcut: Option<Coded>,
    scale: f32,
}

/// Memory of a worker, used again from one block to the next.
#[derive(Default)]
pub(super) struct Tools {
    between: Rows,
    raised: Rows,
    spread: Spread,
    pub(super) bench: Bench,
}

impl Residual {
    pub(super) fn of(block: &anatomy::Residual<'_>) -> Result<Residual, Reason> {
        block.channels().ok_or(NO_BYTES)?;
        let [first, second] = &block.stylings;
        let shortcut = block.shortcut.as_ref().map(|conv| same(conv, tile));
        Ok(Residual {
            stylings: [Styled::of(first)?, Styled::of(second)?],
            slopes: block.slopes,
            convs: [same(&block.convs[0], tile)?, same(&block.convs[1], tile)?],
            doubling: block.doubling.as_ref().map(|(weights, bias)| Doubling::new(weights, bias)),
            shortcut: shortcut.transpose()?,
            scale: 1.0 / block.divisor,
        })
    }

    /// Packs several.
    pub(super) fn all(blocks: &[anatomy::Residual<'_>]) -> Result<Vec<Residual>, Reason> {
        blocks.iter().map(Residual::of).collect()
    }

    /// Channels that go out.
    pub(super) fn outputs(&self) -> usize {
        self.convs[1].shape().outputs
    }

    /// Moments for each that comes in.
    pub(super) fn stride(&self) -> usize {
        1 + usize::from(self.doubling.is_some())
    }

    /// How many numbers of a style it reads.
    pub(super) fn style(&self) -> usize {
        self.stylings[0].width()
    }

    /// Multiplications and additions for each moment that comes in, counted as in plain
    /// convolutions.
    pub(super) fn operations(&self) -> usize {
        let shortcut = self.shortcut.as_ref().map_or(0, Coded::operations);
        self.stride() * self.convs.iter().map(Coded::operations).sum::<usize>() + shortcut
    }

    /// Makes the first planes of `target`, which has as many rows as come of `source`. `spread` is
    /// that of `source`, and then that of all planes of `target`.
    pub(super) fn run(
        &self,
        machine: Machine,
        (source, style): (&Rows, &[f32]),
        target: &mut Rows,
        spread: &mut Spread,
        tools: &mut Tools,
    ) {
        let Tools { between, raised, spread: of_between, bench } = tools;
        let scaling = self.stylings[0].scaling(spread, style);
        scaling.apply(machine, (source, &mut bench.hand.bent), (0, source.end()), Bend::Leaky(self.slopes[0]));
        if let Some(doubling) = &self.doubling {
            doubling.run(machine, &bench.hand.bent, raised);
            std::mem::swap(&mut bench.hand.bent, raised);
        }
        convolve(machine, &self.convs[0], &bench.hand.bent, between, &mut bench.hand.scratch);
        gather(machine, between, of_between);
        let residual = match &self.shortcut {
            None => Some((source, 1.0)),
            Some(shortcut) if self.doubling.is_some() => {
                convolve(machine, shortcut, source, raised, &mut bench.hand.scratch);
                repeat((raised, blocks_of(self.outputs())), target);
                None
            }
            Some(shortcut) => {
                shortcut.run(machine, (source, target), PLAIN, &mut bench.hand.scratch);
                None
            }
        };
        let scaling = self.stylings[1].scaling(of_between, style);
        scaling.apply(machine, (between, &mut bench.hand.bent), (0, between.end()), Bend::Leaky(self.slopes[1]));
        let finish = Finish::Store { residual, accumulate: residual.is_none(), scale: self.scale, slope: 1.0 };
        self.convs[1].run(machine, (&bench.hand.bent, target), finish, &mut bench.hand.scratch);
        gather(machine, target, spread);
    }
}
