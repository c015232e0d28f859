//! In: rows of channels, one for each moment. Out: the same, moment by moment, a window at a time. Knows no layer.
//!
//! Channels stand in blocks of 16, and each block of channels in a plane of its own, one block for each moment; so
//! neighbouring moments of a channel are always 16 floats apart. Rows are added at the end and dropped at the front.

use super::lanes::{Block, LANES};

/// A window of rows of channels.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    planes: usize,
    room: usize,
    first: isize,
    len: usize,
    blocks: Vec<Block>,
}

/// Some moments of rows, to be written while others write other moments of the same.
#[derive(Debug)]
pub struct Part<'a> {
    first: isize,
    planes: Vec<&'a mut [Block]>,
}

impl Part<'_> {
    /// The first moment of it.
    pub fn first(&self) -> isize {
        self.first
    }

    /// The moment after its last.
    pub fn end(&self) -> isize {
        self.first + self.planes.first().map_or(0, |plane| plane.len()) as isize
    }

    /// Blocks of channels.
    pub fn planes(&self) -> usize {
        self.planes.len()
    }

    /// Its moments of a block of channels.
    #[inline(always)]
    pub fn plane(&self, plane: usize) -> &[Block] {
        self.planes[plane]
    }

    /// Its moments of a block of channels, to be written.
    #[inline(always)]
    pub fn plane_mut(&mut self, plane: usize) -> &mut [Block] {
        self.planes[plane]
    }
}

/// How many blocks hold so many channels.
pub fn blocks_of(channels: usize) -> usize {
    channels.div_ceil(LANES)
}

impl Rows {
    /// For so many blocks of channels, from moment `first` on; there are none yet.
    pub fn new(planes: usize, first: isize) -> Rows {
        Rows { planes, first, ..Rows::default() }
    }

    /// Blocks of channels.
    pub fn planes(&self) -> usize {
        self.planes
    }

    /// The first moment that is there.
    pub fn first(&self) -> isize {
        self.first
    }

    /// The moment after the last that is there.
    pub fn end(&self) -> isize {
        self.first + self.len as isize
    }

    /// The memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>()
    }

    /// All moments of a block of channels, from [`Rows::first`] on.
    #[inline(always)]
    pub fn plane(&self, plane: usize) -> &[Block] {
        let from = plane * self.room;
        &self.blocks[from..from + self.len]
    }

    /// All moments of a block of channels, to be written.
    #[inline(always)]
    pub fn plane_mut(&mut self, plane: usize) -> &mut [Block] {
        let from = plane * self.room;
        &mut self.blocks[from..from + self.len]
    }

    /// All moments, as one part.
    pub fn whole(&mut self) -> Part<'_> {
        let (mut planes, mut rest) = (Vec::with_capacity(self.planes), &mut self.blocks[..]);
        for _ in 0..self.planes {
            let (plane, after) = rest.split_at_mut(self.room);
            planes.push(&mut plane[..self.len]);
            rest = after;
        }
        Part { first: self.first, planes }
    }

    /// All moments in parts of `length`, one after the other; the first is shorter by `less`, which is less than that, and
    /// the last has what is left.
    pub fn parts(&mut self, length: usize, less: usize) -> Vec<Part<'_>> {
        let Part { first, planes } = self.whole();
        let mut parts: Vec<Part<'_>> = Vec::new();
        for mut plane in planes {
            let (mut from, mut len) = (first, length - less);
            for number in 0.. {
                if plane.is_empty() {
                    break;
                }
                let at = len.min(plane.len());
                let (part, rest) = std::mem::take(&mut plane).split_at_mut(at);
                if number == parts.len() {
                    parts.push(Part { first: from, planes: Vec::new() });
                }
                parts[number].planes.push(part);
                (plane, from, len) = (rest, from + at as isize, length);
            }
        }
        parts
    }

    /// Adds rows of zeros until moment `end` is the first not there.
    pub fn extend_to(&mut self, end: isize) {
        let before = self.len;
        self.lengthen_to(end);
        for plane in 0..self.planes {
            self.plane_mut(plane)[before..].fill(Block::default());
        }
    }

    /// Adds rows, which hold whatever numbers were there before, until moment `end` is the first not there.
    pub fn lengthen_to(&mut self, end: isize) {
        let Ok(len) = usize::try_from(end - self.first) else { return };
        if len <= self.len {
            return;
        }
        if len > self.room {
            let room = len.max(self.room + self.room / 2);
            let mut blocks = vec![Block::default(); room * self.planes];
            for plane in 0..self.planes {
                blocks[plane * room..plane * room + self.len].copy_from_slice(self.plane(plane));
            }
            (self.blocks, self.room) = (blocks, room);
        }
        self.len = len;
    }

    /// Drops all rows before `moment`.
    pub fn drop_before(&mut self, moment: isize) {
        let Ok(count) = usize::try_from(moment - self.first) else { return };
        let count = count.min(self.len);
        if count == 0 {
            return;
        }
        for plane in 0..self.planes {
            let from = plane * self.room;
            self.blocks.copy_within(from + count..from + self.len, from);
        }
        self.first += count as isize;
        self.len -= count;
    }

    /// Begins anew with so many blocks of channels, without rows, in the same memory.
    pub fn reshape(&mut self, planes: usize, first: isize) {
        (self.planes, self.room) = (planes, self.blocks.len() / planes.max(1));
        self.clear(first);
    }

    /// Begins anew with so many blocks of channels and so many rows from moment 0 on, which hold whatever numbers; in the same
    /// memory where there is enough, and otherwise in no more than they need.
    pub fn remake(&mut self, planes: usize, len: usize) {
        self.reshape(planes, 0);
        if self.room < len {
            *self = Rows::new(planes, 0);
        }
        self.lengthen_to(len as isize);
    }

    /// Begins anew from moment `first` on, without rows.
    pub fn clear(&mut self, first: isize) {
        (self.first, self.len) = (first, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_another_width_use_the_same_memory() {
        let mut rows = Rows::new(2, 0);
        rows.extend_to(30);
        let bytes = rows.bytes();
        for (planes, end) in [(3, 20), (1, 60), (4, 15), (2, 30)] {
            rows.reshape(planes, 0);
            assert_eq!((rows.planes(), rows.end()), (planes, 0));
            rows.extend_to(end);
            assert!((0..planes).all(|plane| rows.plane(plane).iter().all(|row| *row == Block::default())));
            assert_eq!((rows.end(), rows.bytes()), (end, bytes));
        }
    }

    #[test]
    fn parts_are_all_moments_one_after_the_other() {
        for (len, length, less) in [(50, 12, 0), (48, 12, 5), (3, 12, 4), (0, 5, 0), (9, 12, 2)] {
            let mut rows = Rows::new(2, -4);
            rows.extend_to(len - 4);
            let mut at = -4;
            for (number, mut part) in rows.parts(length, less).into_iter().enumerate() {
                let (from, end) = (part.first(), part.end());
                assert_eq!((part.planes(), from), (2, at));
                assert!((end - from) as usize == length - if number == 0 { less } else { 0 } || end == len - 4);
                for plane in 0..2 {
                    for (row, block) in part.plane_mut(plane).iter_mut().enumerate() {
                        block.0[3] = (10 * (from + row as isize) + plane as isize) as f32;
                    }
                }
                at = end;
            }
            assert_eq!(at, len - 4);
            for plane in 0..2 {
                let all = rows.plane(plane).to_vec();
                assert_eq!(rows.whole().plane(plane), all);
                for (row, block) in rows.plane(plane).iter().enumerate() {
                    assert_eq!(block.0[3], (10 * (row as isize - 4) + plane as isize) as f32);
                }
            }
        }
    }

    #[test]
    fn rows_stay_at_their_moments_while_the_window_moves() {
        let mut rows = Rows::new(2, -3);
        for step in 0..20 {
            let from = rows.end();
            rows.extend_to(from + 7);
            for plane in 0..2 {
                let first = rows.first();
                let rows = rows.plane_mut(plane);
                for (i, row) in rows.iter_mut().enumerate().skip((from - first) as usize) {
                    assert_eq!(row.0, [0.0; LANES]);
                    row.0 = [(first + i as isize) as f32 + 1000.0 * plane as f32; LANES];
                }
            }
            rows.drop_before(rows.end() - 4 - step % 3);
            rows.drop_before(-100);
            for plane in 0..2 {
                for (i, row) in rows.plane(plane).iter().enumerate() {
                    assert_eq!(row.0[5], (rows.first() + i as isize) as f32 + 1000.0 * plane as f32);
                }
            }
        }
        assert!(rows.bytes() < 100 * 2 * 64, "{}", rows.bytes());
        rows.drop_before(isize::MAX - 1);
        assert_eq!((rows.plane(1).len(), rows.first()), (0, rows.end()));
    }
}
