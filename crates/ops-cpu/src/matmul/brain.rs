//! Products of `bfloat16` where the processor multiplies pairs of them: both operands are brought into panels in which neighbours
//! along the summed index are pairs, and blocks of the result pass over the panels on the team. It does not know the
//! instructions.

use super::pairs::{Block, LANES, Pairs, REGISTERS, ROWS};
use super::{Product, Scratch, Stack};
use crate::dense::Shared;
use crate::isa::{Kernel, Level, dispatch};
use crate::team;
use tensor_core::Result;

/// Columns of a full panel of the right operand.
const WIDTH: usize = REGISTERS * LANES;

/// Rows and columns of a block, of whole panels: what it reads of both operands stays in the second-level cache. The cut depends
/// on the shape alone.
const BLOCK: [usize; 2] = [12 * ROWS, 4 * WIDTH];

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 32 * 1024;

/// Whether the processor has the instructions, and `SCONCE_ISA` does not forbid them.
pub fn is_native() -> bool {
    #[cfg(target_arch = "x86_64")]
    return crate::isa::isa() == crate::isa::Isa::Avx512 && is_x86_feature_detected!("avx512bf16");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

/// Computes `product` of stacks of `bfloat16` in `float32`; `adds` it to what is there.
///
/// # Safety
/// [`is_native`] says so; operands and result have the product's sizes, and the result's matrices follow each other.
#[cfg(target_arch = "x86_64")]
pub unsafe fn run(product: Product, a: Stack, b: Stack, y: *mut f32, adds: bool) -> Result<()> {
    // SAFETY: the caller's.
    unsafe { with::<super::pairs::Native>(product, a, b, y, adds) }
}

/// Nothing else has such instructions yet.
#[cfg(not(target_arch = "x86_64"))]
pub unsafe fn run(_: Product, _: Stack, _: Stack, _: *mut f32, _: bool) -> Result<()> {
    unreachable!("no such instructions")
}

/// As [`run`], on any implementation.
unsafe fn with<P: Pairs>(product: Product, a: Stack, b: Stack, y: *mut f32, adds: bool) -> Result<()> {
    let Product { batch, n, k, m } = product;
    let pairs = k.div_ceil(2);
    let left = Side { count: n, along: a.row, depth: a.column, stack: a, panel: ROWS, unit: ROWS };
    let right = Side { count: m, along: b.column, depth: b.row, stack: b, panel: WIDTH, unit: LANES };
    // SAFETY: the caller vouches for the operands.
    let (left, right) = unsafe { (left.packed(batch, k)?, right.packed(batch, k)?) };
    let [rows, columns] = [n.div_ceil(BLOCK[0]), m.div_ceil(BLOCK[1])];
    let shared = Shared((left.0.address() as *const u32, right.0.address() as *const u32, y));
    let work = BLOCK[0].min(n) * BLOCK[1].min(m) * k;
    team::split(batch * rows * columns, (48 * GRAIN / work.max(1)).max(1), |blocks| {
        let (left, right, y) = shared.get();
        for i in blocks {
            let (rest, column) = (i / columns, i % columns * BLOCK[1]);
            let (item, row) = (rest / rows, rest % rows * BLOCK[0]);
            let block = Block {
                left: left.wrapping_add(item * n.next_multiple_of(ROWS) * pairs),
                right: right.wrapping_add(item * m.next_multiple_of(LANES) * pairs),
                pairs,
                to: y.wrapping_add(item * n * m),
                columns: m,
                rows: row..n.min(row + BLOCK[0]),
                places: column..m.min(column + BLOCK[1]),
                adds,
            };
            // SAFETY: the caller vouches for the instructions and the result, of which each block is one call's alone.
            unsafe { P::run(&block) };
        }
    });
    Ok(())
}

/// An operand as its panels see it: rows of the left one, columns of the right one.
struct Side {
    stack: Stack,
    /// How many.
    count: usize,
    /// Elements from one to the next.
    along: usize,
    /// Elements from one place of the summed index to the next.
    depth: usize,
    /// How many a panel has.
    panel: usize,
    /// What the last panel is filled up to a multiple of, with zeros.
    unit: usize,
}

impl Side {
    /// The panels of all matrices of the stack.
    ///
    /// # Safety
    /// The stack has `batch` matrices of `count` by `k`.
    unsafe fn packed(&self, batch: usize, k: usize) -> Result<Scratch> {
        let (pairs, whole) = (k.div_ceil(2), self.count.next_multiple_of(self.unit));
        let mut scratch = Scratch::new(batch * whole * pairs * size_of::<u32>())?;
        let shared = Shared((self.stack.start.cast::<u16>(), scratch.pointer().cast::<u32>()));
        let panels = self.count.div_ceil(self.panel);
        let Side { stack: Stack { batch: matrix, .. }, count, along, depth, panel, unit } = *self;
        team::split(batch * panels, (GRAIN / (panel * k).max(1)).max(1), |range| {
            let (from, to) = shared.get();
            for i in range {
                let (item, first) = (i / panels, i % panels * panel);
                let there = panel.min(count - first);
                dispatch(Panel {
                    from: from.wrapping_add(item * matrix + first * along),
                    to: to.wrapping_add((item * whole + first) * pairs),
                    there,
                    width: there.next_multiple_of(unit),
                    k,
                    along,
                    depth,
                });
            }
        });
        Ok(scratch)
    }
}

/// Brings one panel into pairs.
struct Panel {
    from: *const u16,
    to: *mut u32,
    /// Rows or columns that there are, and as many as the panel has.
    there: usize,
    width: usize,
    k: usize,
    along: usize,
    depth: usize,
}

impl Kernel for Panel {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Panel { from, to, there, width, k, along, depth } = self;
        let whole = k / 2;
        // SAFETY: `from` has `there` by `k` numbers at these strides, and `to` room for `width` pairs of each two of them.
        unsafe {
            if depth == 1 {
                for i in 0..there {
                    let line = from.add(i * along).cast::<u32>();
                    for pair in 0..whole {
                        to.add(pair * width + i).write(line.add(pair).read_unaligned().to_le());
                    }
                }
            } else {
                for pair in 0..whole {
                    let (low, high) = (from.add(2 * pair * depth), from.add((2 * pair + 1) * depth));
                    let to = to.add(pair * width);
                    if along == 1 {
                        for i in 0..there {
                            to.add(i).write(*low.add(i) as u32 | (*high.add(i) as u32) << 16);
                        }
                    } else {
                        for i in 0..there {
                            to.add(i).write(*low.add(i * along) as u32 | (*high.add(i * along) as u32) << 16);
                        }
                    }
                }
            }
            if whole < k.div_ceil(2) {
                // The last number of an odd depth pairs with zero.
                for i in 0..there {
                    to.add(whole * width + i).write(*from.add(i * along + (k - 1) * depth) as u32);
                }
            }
            for pair in 0..k.div_ceil(2) {
                std::slice::from_raw_parts_mut(to.add(pair * width + there), width - there).fill(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pairs::Model;
    use super::*;
    use storage::bf16;

    /// A matrix in memory whose numbers are small fractions, by rows or by columns.
    struct Operand {
        numbers: Vec<bf16>,
        stack: Stack,
    }

    fn operand(batch: usize, rows: usize, columns: usize, by_rows: bool, step: usize, seed: u32) -> Operand {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            bf16::from_f32((state >> 16) as f32 / 32768.0 - 1.0)
        };
        let numbers: Vec<bf16> = (0..batch * rows * columns * step).map(|_| next()).collect();
        let start = numbers.as_ptr().cast();
        let (row, column) = if by_rows { (columns * step, step) } else { (step, rows * step) };
        Operand { numbers, stack: Stack { start, batch: rows * columns * step, row, column } }
    }

    impl Operand {
        fn at(&self, item: usize, row: usize, column: usize) -> f64 {
            self.numbers[item * self.stack.batch + row * self.stack.row + column * self.stack.column].to_f64()
        }
    }

    /// Products of all forms of operands, beside sums in double precision.
    fn follows<P: Pairs>() {
        let shapes = [
            (1, 2, 2, 2),
            (1, 8, 16, 48),
            (2, 7, 5, 50),
            (1, 100, 259, 33),
            (1, 17, 1, 16),
            (3, 9, 300, 200),
            (1, 3, 0, 5),
        ];
        for (batch, n, k, m) in shapes {
            for (a_rows, b_rows, step) in
                [(true, true, 1), (false, true, 1), (true, false, 1), (false, false, 1), (true, false, 3)]
            {
                for adds in [false, true] {
                    let (a, b) = (operand(batch, n, k, a_rows, step, 1), operand(batch, k, m, b_rows, step, 2));
                    let mut y = vec![if adds { 0.5f32 } else { f32::NAN }; batch * n * m];
                    // SAFETY: the operands and the result have these sizes; whoever names `P` vouches for its instructions.
                    unsafe { with::<P>(Product { batch, n, k, m }, a.stack, b.stack, y.as_mut_ptr(), adds) }.unwrap();
                    for (i, y) in y.iter().enumerate() {
                        let (item, row, column) = (i / (n * m), i / m % n, i % m);
                        let exact: f64 = (0..k).map(|l| a.at(item, row, l) * b.at(item, l, column)).sum();
                        let exact = exact + if adds { 0.5 } else { 0.0 };
                        let case = format!("{batch} {n} {k} {m} {a_rows} {b_rows} {step} {adds}");
                        assert!((*y as f64 - exact).abs() <= 1e-6 * (k as f64 + 1.0), "{case}: {y} for {exact}");
                    }
                }
            }
        }
    }

    #[test]
    fn panels_and_blocks_make_the_product() {
        follows::<Model>();
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn instructions_make_the_product() {
        if is_native() {
            follows::<super::super::pairs::Native>();
        } else {
            eprintln!("skipped: this processor does not multiply bfloat16");
        }
    }
}
