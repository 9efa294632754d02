//! Square tiles of a loop nest, for operands that lie across the output: where one walks along rows and another along columns, each
//! step of one of them touches another line of the cache. A tile is read along its neighbours into a local array and used
//! from there, so that every line is touched once. It knows strides, not bytes or operations.

use crate::nest::{Loop, Nest};
use smallvec::SmallVec;
use std::ops::Range;

/// Elements along each side: a tile of the widest type fits into the first-level cache beside the output's rows.
pub const SIDE: usize = 64;
/// Sides from which tiles pay.
const LEAST: usize = 16;
/// Rows of tiles that are visited together, column by column: what an operand across reads of a page of memory is then a good part
/// of it, and the pages in use stay few enough for the processor to keep their addresses.
const BAND: usize = 8;

/// A tile: `rows` rows of `len` elements.
pub struct Tile<const N: usize> {
    /// Positions of the first elements.
    pub at: [usize; N],
    /// Distances between the elements of a row.
    pub along: [usize; N],
    /// Distances between rows.
    pub across: [usize; N],
    /// Rows.
    pub rows: usize,
    /// Elements of a row.
    pub len: usize,
}

/// The tiles of a nest.
pub struct Tiles<const N: usize> {
    inner: Loop<N>,
    cross: Loop<N>,
    others: SmallVec<[Loop<N>; 4]>,
    offsets: [usize; N],
}

impl<const N: usize> Tiles<N> {
    /// The tiles, if an input has its neighbours along another loop than the innermost.
    pub fn of(nest: &Nest<N>) -> Option<Tiles<N>> {
        let (inner, others) = nest.loops.split_last()?;
        let lies_across = |at: &Loop<N>, k: usize| at.strides[k] == 1 && inner.strides[k] > 1;
        let cross = others.iter().position(|other| other.size >= LEAST && (1..N).any(|k| lies_across(other, k)))?;
        if inner.size < LEAST {
            return None;
        }
        let mut others: SmallVec<[Loop<N>; 4]> = SmallVec::from_slice(others);
        let cross = others.remove(cross);
        Some(Tiles { inner: *inner, cross, others, offsets: nest.offsets })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        let outer: usize = self.others.iter().map(|other| other.size).product();
        outer * self.cross.size.div_ceil(SIDE) * self.inner.size.div_ceil(SIDE)
    }

    /// Visits the tiles numbered `range`.
    pub fn visit(&self, range: Range<usize>, mut visit: impl FnMut(Tile<N>)) {
        let (down, right) = (self.cross.size.div_ceil(SIDE), self.inner.size.div_ceil(SIDE));
        for number in range {
            let (within, mut rest) = (number % (right * down), number / (right * down));
            let band = within / (right * BAND) * BAND;
            let height = BAND.min(down - band);
            let (column, row) =
                (within % (right * BAND) / height * SIDE, (band + within % (right * BAND) % height) * SIDE);
            let mut at = self.offsets;
            let mut advance = |by: &Loop<N>, steps: usize| (0..N).for_each(|k| at[k] += steps * by.strides[k]);
            for other in self.others.iter().rev() {
                advance(other, rest % other.size);
                rest /= other.size;
            }
            advance(&self.cross, row);
            advance(&self.inner, column);
            visit(Tile {
                at,
                along: self.inner.strides,
                across: self.cross.strides,
                rows: SIDE.min(self.cross.size - row),
                len: SIDE.min(self.inner.size - column),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor_core::{Dims, Layout};

    #[test]
    fn tiles_cover_every_element_once() {
        let output = Layout::contiguous(Dims::from(&[3, 670, 100][..]));
        let input = Layout::contiguous(Dims::from(&[3, 100, 670][..])).permuted(&[0, 2, 1]);
        let nest = Nest::new([&output, &input]);
        let tiles = Tiles::of(&nest).expect("the input lies across");
        let mut seen = vec![None; output.numel()];
        tiles.visit(0..tiles.count(), |tile| {
            assert!(tile.rows <= SIDE && tile.len <= SIDE);
            for (row, i) in (0..tile.rows).flat_map(|row| (0..tile.len).map(move |i| (row, i))) {
                let place = |k: usize| tile.at[k] + row * tile.across[k] + i * tile.along[k];
                assert_eq!(seen[place(0)].replace(place(1)), None);
            }
        });
        for (i, place) in seen.into_iter().enumerate() {
            let (batch, row, column) = (i / 67000, i / 100 % 670, i % 100);
            assert_eq!(place, Some(batch * 67000 + column * 670 + row));
        }
    }

    #[test]
    fn what_lies_alike_or_is_small_has_no_tiles() {
        let output = Layout::contiguous(Dims::from(&[70, 100][..]));
        assert!(Tiles::of(&Nest::new([&output, &output])).is_none());
        let small = Layout::contiguous(Dims::from(&[8, 8][..]));
        assert!(Tiles::of(&Nest::new([&small, &small.permuted(&[1, 0])])).is_none());
    }
}
