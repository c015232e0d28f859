//! In: the sums of tiles. Out: rows, after all that is to be added is added. Knows nothing of how the sums were made.

use super::{Call, Finish, Shape, there};
use crate::lanes::{Block, Lanes};
use crate::rows::Part;
use crate::tanh::{sigmoid, tanh};
use crate::toom::Toom;
use std::ops::Range;

/// The sums of a batch of tiles. (No closure: one would not be compiled for the machine with certainty.)
pub(super) trait Sums<const T: usize> {
    /// Those of a block of outputs in a tile, as many as it has moments.
    fn of<L: Lanes>(&self, l: L, column: usize, tile: usize) -> [L::V; T];
}

pub(super) struct Tiled<'a, const P: usize> {
    pub(super) toom: &'a Toom,
    pub(super) products: &'a [Block],
    /// Products at a point.
    pub(super) each: usize,
    pub(super) rows: usize,
}

impl<const P: usize, const T: usize> Sums<T> for Tiled<'_, P> {
    #[inline(always)]
    fn of<L: Lanes>(&self, l: L, column: usize, tile: usize) -> [L::V; T] {
        let mut all = [l.splat(0.0); P];
        for p in 0..P {
            all[p] = l.load(&self.products[p * self.each + column * self.rows + tile]);
        }
        self.toom.outputs::<L, P, T>(l, all)
    }
}

pub(super) struct Direct<'a> {
    pub(super) products: &'a [Block],
    pub(super) rows: usize,
}

impl Sums<1> for Direct<'_> {
    #[inline(always)]
    fn of<L: Lanes>(&self, l: L, column: usize, tile: usize) -> [L::V; 1] {
        [l.load(&self.products[column * self.rows + tile])]
    }
}

impl Call<'_> {
    /// Adds what is to be added to the sums of tiles and stores them; `made` has those of the blocks of outputs
    /// `columns`, and of the tile that begins at `moments[t]` as tile `t`.
    #[inline(always)]
    pub(super) fn finish<L: Lanes, const T: usize>(
        &self,
        l: L,
        (moments, columns): (&[isize], Range<usize>),
        made: impl Sums<T>,
        target: &mut Part<'_>,
    ) {
        match self.finish {
            Finish::Store { residual: None, accumulate: false, .. } => {
                self.store::<L, T, false, false>(l, (moments, columns), made, target);
            }
            Finish::Store { residual: None, accumulate: true, .. } => {
                self.store::<L, T, false, true>(l, (moments, columns), made, target);
            }
            Finish::Store { residual: Some(_), accumulate: false, .. } => {
                self.store::<L, T, true, false>(l, (moments, columns), made, target);
            }
            Finish::Store { residual: Some(_), accumulate: true, .. } => {
                self.store::<L, T, true, true>(l, (moments, columns), made, target);
            }
            Finish::Gate => self.gate::<L, T>(l, (moments, columns), made, target),
        }
    }

    #[inline(always)]
    fn store<L: Lanes, const T: usize, const RESIDUAL: bool, const ACCUMULATE: bool>(
        &self,
        l: L,
        (moments, columns): (&[isize], Range<usize>),
        made: impl Sums<T>,
        target: &mut Part<'_>,
    ) {
        let Finish::Store { residual, scale, slope, .. } = self.finish else { return };
        let Shape { stride, shift, .. } = self.conv.shape;
        let (step, planes, first) = (self.conv.phases() * stride, self.conv.bias.len(), target.first());
        let (scale, slope) = (l.splat(scale), l.splat(slope));
        for (i, c) in columns.enumerate() {
            let (offset, plane) = ((c / planes) as isize - shift as isize - first, c % planes);
            let bias = l.load(&self.bias[plane]);
            let (rows, ahead, by) = match residual {
                Some((rows, by)) => (rows.plane(plane), first - rows.first(), by),
                None => (&[][..], 0, 1.0),
            };
            let by = l.splat(by);
            let target = target.plane_mut(plane);
            for (t, moment) in moments.iter().enumerate() {
                let sums = made.of(l, i, t);
                let at = moment * stride as isize + offset;
                for n in 0..T {
                    let at = at + (n * step) as isize;
                    let Some(block) = target.get_mut(at as usize) else { continue };
                    let mut sum = l.add(sums[n], bias);
                    if RESIDUAL {
                        let value = l.load(there(rows, at + ahead));
                        sum = l.add(sum, l.min(value, l.mul(value, by)));
                    }
                    if ACCUMULATE {
                        sum = l.add(sum, l.load(block));
                    }
                    sum = l.mul(sum, scale);
                    l.store(l.max(sum, l.mul(sum, slope)), block);
                }
            }
        }
    }

    #[inline(always)]
    fn gate<L: Lanes, const T: usize>(
        &self,
        l: L,
        (moments, columns): (&[isize], Range<usize>),
        made: impl Sums<T>,
        target: &mut Part<'_>,
    ) {
        let half = self.conv.outputs / 2;
        let (step, first, count) = (self.conv.phases() * self.conv.shape.stride, target.first(), columns.len());
        for (i, c) in columns.enumerate() {
            let (bias, bias_of_gate) = (l.load(&self.bias[c]), l.load(&self.bias[c + half]));
            let target = target.plane_mut(c);
            for (t, moment) in moments.iter().enumerate() {
                let (sums, gates) = (made.of(l, i, t), made.of(l, count + i, t));
                for n in 0..T {
                    if let Some(block) = target.get_mut((moment - first + (n * step) as isize) as usize) {
                        let open = sigmoid(l, l.add(gates[n], bias_of_gate));
                        l.store(l.mul(tanh(l, l.add(sums[n], bias)), open), block);
                    }
                }
            }
        }
    }
}
