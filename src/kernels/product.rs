//! In: rows and packed weights, both in blocks. Out: their products, a register tile at a time. Knows no convolution.
//!
//! A tile is [`Lanes::ROWS`] rows by one or two blocks of columns and stays in registers over the whole sum, so each
//! element is summed in the order of its terms, wherever in the tile it is and however many rows there are.

use super::lanes::{Block, LANES, Lanes};

/// Products of rows and packed columns.
///
/// Rows stand in groups: `rows[(group * depth + d) * ROWS + row]` is block `d` of a row. Weights stand in blocks of
/// columns: `weights[(column * depth + d) * 16 + lane]` is what lane `lane` of block `d` of a row is multiplied by.
pub struct Job<'a> {
    /// Groups of rows.
    pub rows: &'a [Block],
    /// Packed columns.
    pub weights: &'a [Block],
    /// Blocks of a row.
    pub depth: usize,
}

/// Writes the product of group `g` and block of columns `c` to `out[(c * groups + g) * ROWS + row]`.
#[inline(always)]
pub(super) fn multiply<L: Lanes, const ROWS: usize, const COLS: usize>(l: L, job: &Job<'_>, out: &mut [Block]) {
    let (rows, rest) = job.rows.as_chunks::<ROWS>();
    debug_assert!(rest.is_empty());
    let panel = job.depth * LANES;
    let groups = rows.len() / job.depth;
    let (tiles, _) = out.as_chunks_mut::<ROWS>();
    let mut columns = job.weights.chunks_exact(panel * COLS);
    for (weights, tiles) in (&mut columns).zip(tiles.chunks_exact_mut(COLS * groups)) {
        for (group, rows) in rows.chunks_exact(job.depth).enumerate() {
            let mut panels = [weights; COLS];
            for (c, part) in panels.iter_mut().enumerate() {
                *part = &weights[c * panel..(c + 1) * panel];
            }
            let sums = tile::<L, ROWS, COLS>(l, rows, panels);
            for (c, sums) in sums.iter().enumerate() {
                let tile = &mut tiles[c * groups + group];
                for (row, sum) in tile.iter_mut().zip(sums) {
                    l.store(*sum, row);
                }
            }
        }
    }
    if COLS > 1 {
        let last = columns.remainder();
        let done = job.weights.len() / (panel * COLS) * COLS * groups;
        for (weights, tiles) in last.chunks_exact(panel).zip(tiles[done..].chunks_exact_mut(groups)) {
            for (rows, tile_out) in rows.chunks_exact(job.depth).zip(tiles) {
                let [sums] = tile::<L, ROWS, 1>(l, rows, [weights]);
                for (row, sum) in tile_out.iter_mut().zip(sums) {
                    l.store(sum, row);
                }
            }
        }
    }
}

#[inline(always)]
fn tile<L: Lanes, const ROWS: usize, const COLS: usize>(
    l: L,
    rows: &[[Block; ROWS]],
    panels: [&[Block]; COLS],
) -> [[L::V; ROWS]; COLS] {
    let mut sums = [[l.splat(0.0); ROWS]; COLS];
    let panels = panels.map(|panel| panel.as_chunks::<LANES>().0);
    for (d, rows) in rows.iter().enumerate() {
        let weights = panels.map(|panel| &panel[d]);
        for lane in 0..LANES {
            let columns = weights.map(
                #[inline(always)]
                |block| l.load(&block[lane]),
            );
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
