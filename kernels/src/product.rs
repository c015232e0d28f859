//! In: rows and packed weights, both in blocks. Out: their products, a register tile at a time. Knows no convolution.
//!
//! A tile is [`Lanes::ROWS`] rows by one or two blocks of columns and stays in registers over the whole sum, so each
//! element is summed in the order of its terms, wherever in the tile it is and however many rows there are.

use super::lanes::{Block, LANES, Lanes};

/// Products of rows and packed columns.
///
/// Rows stand in groups of [`Lanes::ROWS`], the last of which may be one of [`Lanes::HALF`]: block `d` of the rows of a group
/// of `n` stands at `d * n` from its beginning, one row after the other. Weights stand in blocks of columns:
/// `weights[(column * depth + d) * 16 + lane]` is what lane `lane` of block `d` of a row is multiplied by.
pub struct Job<'a> {
    /// Groups of rows.
    pub rows: &'a [Block],
    /// Packed columns.
    pub weights: &'a [Block],
    /// Blocks of a row.
    pub depth: usize,
}

/// Writes the product of row `r` of `n` and block of columns `c` to `out[c * n + r]`.
#[inline(always)]
pub(crate) fn multiply<L: Lanes, const ROWS: usize, const HALF: usize, const COLS: usize>(
    l: L,
    job: &Job<'_>,
    out: &mut [Block],
) {
    let panel = job.depth * LANES;
    let mut columns = job.weights.chunks_exact(panel * COLS);
    let each = job.rows.len() / job.depth * COLS;
    let mut outs = out.chunks_mut(each);
    for (weights, out) in (&mut columns).zip(&mut outs) {
        let mut panels = [weights; COLS];
        for (c, part) in panels.iter_mut().enumerate() {
            *part = &weights[c * panel..(c + 1) * panel];
        }
        groups::<L, ROWS, HALF, COLS>(l, job, panels, out);
    }
    if COLS > 1 {
        for (weights, out) in columns.remainder().chunks_exact(panel).zip(outs) {
            groups::<L, ROWS, HALF, 1>(l, job, [weights], out);
        }
    }
}

/// The products of all rows and some blocks of columns.
#[inline(always)]
fn groups<L: Lanes, const ROWS: usize, const HALF: usize, const COLS: usize>(
    l: L,
    job: &Job<'_>,
    panels: [&[Block]; COLS],
    out: &mut [Block],
) {
    let height = job.rows.len() / job.depth;
    let mut groups = job.rows.chunks_exact(ROWS * job.depth);
    for (group, rows) in (&mut groups).enumerate() {
        store(l, tile::<L, ROWS, COLS>(l, rows.as_chunks().0, panels), height, &mut out[group * ROWS..]);
    }
    let half = groups.remainder();
    if !half.is_empty() {
        store(l, tile::<L, HALF, COLS>(l, half.as_chunks().0, panels), height, &mut out[height / ROWS * ROWS..]);
    }
}

#[inline(always)]
fn store<L: Lanes, const ROWS: usize, const COLS: usize>(
    l: L,
    sums: [[L::V; ROWS]; COLS],
    height: usize,
    out: &mut [Block],
) {
    for c in 0..COLS {
        let out = &mut out[c * height..c * height + ROWS];
        for row in 0..ROWS {
            l.store(sums[c][row], &mut out[row]);
        }
    }
}

#[inline(always)]
fn tile<L: Lanes, const ROWS: usize, const COLS: usize>(
    l: L,
    rows: &[[Block; ROWS]],
    panels: [&[Block]; COLS],
) -> [[L::V; ROWS]; COLS] {
    // No closures and no iterators of arrays: they are not compiled for the machine with certainty.
    let mut sums = [[l.splat(0.0); ROWS]; COLS];
    for (d, rows) in rows.iter().enumerate() {
        let mut weights = [&[][..]; COLS];
        for c in 0..COLS {
            weights[c] = &panels[c][d * LANES..(d + 1) * LANES];
        }
        for lane in 0..LANES {
            let mut columns = [l.splat(0.0); COLS];
            for c in 0..COLS {
                columns[c] = l.load(&weights[c][lane]);
            }
            for row in 0..ROWS {
                let x = l.splat(rows[row].0[lane]);
                for c in 0..COLS {
                    sums[c][row] = l.fma(x, columns[c], sums[c][row]);
                }
            }
        }
    }
    sums
}
