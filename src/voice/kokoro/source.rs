//! In: a pitch. Out: the spectrum of harmonics of it, which the generator begins with. Knows no
//! other part of the voice.

use super::anatomy::{self, Reason};
use cuevox_kernels::lanes::Machine;
use cuevox_kernels::rows::Rows;
use cuevox_kernels::source::{Harmonics, Pieces};

/// The source, ready.
pub(super) struct Source {
    harmonics: Harmonics,
    pieces: Pieces,
    step: usize,
}

impl Source {
    pub(super) fn of(source: &anatomy::Source<'_>) -> Result<Source, Reason> {
        let each =
            source.harmonics.iter().zip(&source.weights).map(|(number, weight)| (*number, weight * source.level));
        let harmonics = Harmonics {
            hop: source.hop,
            rate: source.rate,
            each: each.collect(),
            bias: source.bias,
            silent: source.silent,
        };
        let pieces = Pieces::new(&source.window, source.step).ok_or("its source has more waves than are known")?;
        Ok(Source { harmonics, pieces, step: source.step })
    }

    /// Samples for each point.
    pub(super) fn hop(&self) -> usize {
        self.harmonics.hop
    }

    /// Channels of its spectrum: magnitudes, and as many phases.
    pub(super) fn channels(&self) -> usize {
        self.pieces.channels()
    }

    /// Moments of its spectrum for so many points.
    pub(super) fn moments(&self, points: usize) -> usize {
        points * self.hop() / self.step + 1
    }

    /// Samples of the harmonics of a pitch in Hz.
    pub(super) fn sound(&self, machine: Machine, pitch: &[f32]) -> Vec<f32> {
        self.harmonics.sound(machine, pitch)
    }

    /// The spectrum of these samples.
    pub(super) fn spectrum(&self, machine: Machine, samples: &[f32], rows: &mut Rows) {
        self.pieces.spectrum(machine, samples, rows);
    }
}
