//! Instructions that multiply pairs of `bfloat16` and add both products to a `float32`, and the tile of sums that they keep in
//! registers. It does not know where operands come from.

use std::ops::Range;

/// Rows of a tile.
pub const ROWS: usize = 8;

/// Columns of a register.
pub const LANES: usize = 16;

/// Registers of columns of the widest tile: eight rows of three sums, the three they share and a row's number are 28 of the 32
/// registers.
pub const REGISTERS: usize = 3;

/// What multiplies pairs. A pair is a `u32`, the first of its numbers in the lower half.
///
/// Everything is always inlined: a call runs with the instructions of its caller, which must be those of the implementation.
pub trait Pairs: 'static {
    /// [`LANES`] sums.
    type Sums: Copy;
    /// [`LANES`] pairs.
    type Register: Copy;
    /// All sums zero.
    fn zeros() -> Self::Sums;
    /// The same pair in all lanes.
    fn splat(pair: u32) -> Self::Register;
    /// The pairs at `from`.
    ///
    /// # Safety
    /// [`LANES`] pairs can be read there.
    unsafe fn load(from: *const u32) -> Self::Register;
    /// Each sum with both products of its lane's pairs added.
    fn add_products(sums: Self::Sums, a: Self::Register, b: Self::Register) -> Self::Sums;
    /// Writes the sums to `to`.
    ///
    /// # Safety
    /// [`LANES`] numbers can be written there.
    unsafe fn store(sums: Self::Sums, to: *mut f32);
    /// Computes a block; the one place that enables the instructions.
    ///
    /// # Safety
    /// The processor has the instructions, and the block's pointers are valid for what its sizes say.
    unsafe fn run(block: &Block);
}

/// Results in some rows and columns of a matrix, and the panels that they are products of.
pub struct Block {
    /// The left operand's panels of [`ROWS`] rows: for each pair of the summed index, the pairs of all rows.
    pub left: *const u32,
    /// The right operand's panels of [`REGISTERS`] registers of columns, the last one of as many as it needs.
    pub right: *const u32,
    /// Pairs of the summed index.
    pub pairs: usize,
    /// The result's first element.
    pub to: *mut f32,
    /// Elements from one row of the result to the next, which is how many columns it has.
    pub columns: usize,
    /// The block's rows, from a multiple of [`ROWS`] on.
    pub rows: Range<usize>,
    /// The block's columns, from the first one of a panel on.
    pub places: Range<usize>,
    /// Whether the products are added to what is there.
    pub adds: bool,
}

/// Pairs that pass before the sums go to memory: panels of so many stay in the first-level cache while all rows of a block meet
/// them.
const DEPTH: usize = 128;

/// A block in tiles.
///
/// # Safety
/// As [`Pairs::run`]; the caller has the instructions of `P` enabled.
#[inline(always)]
unsafe fn tiles<P: Pairs>(block: &Block) {
    const WIDTH: usize = REGISTERS * LANES;
    // Also sums of nothing are written.
    for depth in (0..block.pairs.max(1)).step_by(DEPTH) {
        let pairs = DEPTH.min(block.pairs - depth);
        for column in block.places.clone().step_by(WIDTH) {
            let registers = (block.columns - column).div_ceil(LANES).min(REGISTERS);
            for row in block.rows.clone().step_by(ROWS) {
                let left = block.left.wrapping_add(row * block.pairs + depth * ROWS);
                let right = block.right.wrapping_add(column * block.pairs + depth * registers * LANES);
                let tile = Tile {
                    left,
                    right,
                    pairs,
                    to: block.to.wrapping_add(row * block.columns + column),
                    row: block.columns,
                    rows: ROWS.min(block.rows.end - row),
                    columns: WIDTH.min(block.places.end - column),
                    adds: block.adds || depth > 0,
                };
                // SAFETY: the caller's; tiles lie within the block.
                unsafe {
                    match registers {
                        1 => tile.run::<P, 1>(),
                        2 => tile.run::<P, 2>(),
                        _ => tile.run::<P, REGISTERS>(),
                    }
                }
            }
        }
    }
}

/// At most [`ROWS`] rows of at most [`REGISTERS`] registers of results.
struct Tile {
    left: *const u32,
    right: *const u32,
    pairs: usize,
    to: *mut f32,
    row: usize,
    rows: usize,
    columns: usize,
    adds: bool,
}

impl Tile {
    /// # Safety
    /// As [`tiles`]; panels have [`ROWS`] rows and `N` registers, those beyond the tile's being zeros.
    #[inline(always)]
    unsafe fn run<P: Pairs, const N: usize>(&self) {
        let mut sums = [[P::zeros(); N]; ROWS];
        let (mut left, mut right) = (self.left, self.right);
        // SAFETY: the caller vouches for panels of so many pairs, and for the tile's places of the result.
        unsafe {
            for _ in 0..self.pairs {
                let mut b = [P::splat(0); N];
                for v in 0..N {
                    b[v] = P::load(right.add(v * LANES));
                }
                for r in 0..ROWS {
                    let a = P::splat(*left.add(r));
                    for v in 0..N {
                        sums[r][v] = P::add_products(sums[r][v], a, b[v]);
                    }
                }
                (left, right) = (left.add(ROWS), right.add(N * LANES));
            }
            // The sums leave the registers once per depth, which costs little beside the products.
            let mut lines = [[[0f32; LANES]; N]; ROWS];
            for r in 0..ROWS {
                for v in 0..N {
                    P::store(sums[r][v], lines[r][v].as_mut_ptr());
                }
            }
            for r in 0..self.rows {
                let to = std::slice::from_raw_parts_mut(self.to.add(r * self.row), self.columns);
                for (to, sum) in to.iter_mut().zip(lines[r].as_flattened()) {
                    *to = if self.adds { *to + sum } else { *sum };
                }
            }
        }
    }
}

/// The instructions of AVX512-BF16.
#[cfg(target_arch = "x86_64")]
pub struct Native;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Block, Native, Pairs};
    use std::arch::x86_64::*;

    impl Pairs for Native {
        type Sums = __m512;
        type Register = __m512i;
        #[inline(always)]
        fn zeros() -> __m512 {
            // SAFETY: callers have AVX-512 enabled, as the trait says.
            unsafe { _mm512_setzero_ps() }
        }
        #[inline(always)]
        fn splat(pair: u32) -> __m512i {
            // SAFETY: as above.
            unsafe { _mm512_set1_epi32(pair as i32) }
        }
        #[inline(always)]
        unsafe fn load(from: *const u32) -> __m512i {
            // SAFETY: as above, and the caller vouches for the pairs.
            unsafe { _mm512_loadu_si512(from.cast()) }
        }
        #[inline(always)]
        fn add_products(sums: __m512, a: __m512i, b: __m512i) -> __m512 {
            // SAFETY: as above; registers of pairs and of halves have the same bits.
            unsafe {
                let [a, b] = std::mem::transmute::<[__m512i; 2], [__m512bh; 2]>([a, b]);
                _mm512_dpbf16_ps(sums, a, b)
            }
        }
        #[inline(always)]
        unsafe fn store(sums: __m512, to: *mut f32) {
            // SAFETY: as above, and the caller vouches for the places.
            unsafe { _mm512_storeu_ps(to, sums) }
        }
        unsafe fn run(block: &Block) {
            #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx512bf16,avx2,fma")]
            unsafe fn featured(block: &Block) {
                // SAFETY: the caller's.
                unsafe { super::tiles::<Native>(block) }
            }
            // SAFETY: the caller has found the instructions on the processor.
            unsafe { featured(block) }
        }
    }
}

/// The same in plain arithmetic: what [`Native`] is compared with, on any processor.
#[cfg(test)]
pub struct Model;

#[cfg(test)]
impl Pairs for Model {
    type Sums = [f32; LANES];
    type Register = [u32; LANES];
    fn zeros() -> [f32; LANES] {
        [0.0; LANES]
    }
    fn splat(pair: u32) -> [u32; LANES] {
        [pair; LANES]
    }
    unsafe fn load(from: *const u32) -> [u32; LANES] {
        // SAFETY: the caller vouches for the pairs.
        unsafe { from.cast::<[u32; LANES]>().read_unaligned() }
    }
    fn add_products(sums: [f32; LANES], a: [u32; LANES], b: [u32; LANES]) -> [f32; LANES] {
        let halves = |pair: u32| [f32::from_bits(pair << 16), f32::from_bits(pair & 0xFFFF_0000)];
        std::array::from_fn(|i| {
            let ([a0, a1], [b0, b1]) = (halves(a[i]), halves(b[i]));
            // The second numbers first, as the instruction.
            sums[i] + a1 * b1 + a0 * b0
        })
    }
    unsafe fn store(sums: [f32; LANES], to: *mut f32) {
        // SAFETY: the caller vouches for the places.
        unsafe { to.cast::<[f32; LANES]>().write_unaligned(sums) }
    }
    unsafe fn run(block: &Block) {
        // SAFETY: the caller's; no instructions are needed.
        unsafe { tiles::<Model>(block) }
    }
}
