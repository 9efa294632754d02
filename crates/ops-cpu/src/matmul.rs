//! Matrix products: floats on the `gemm` crate, whose micro-kernels use AVX-512 where it is there; whole numbers by a plain
//! loop over rows. Half types convert to `f32` and back, so that sums accumulate in `f32`.

use crate::cast::cast;
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use crate::team;
use gemm::Parallelism;
use tensor_core::op::Matmul;
use tensor_core::{DType, Result};

/// One operand: a stack of matrices with strides in elements.
#[derive(Clone, Copy)]
struct Stack {
    start: *const u8,
    batch: usize,
    row: usize,
    column: usize,
}

/// Products of `batch` pairs of matrices, [n, k] · [k, m], row-major result.
#[derive(Clone, Copy)]
struct Product {
    batch: usize,
    n: usize,
    k: usize,
    m: usize,
}

/// Multiplications below which the product runs on one thread.
const SERIAL: usize = 48 * 48 * 256;

/// Computes a product.
pub fn run(op: Matmul, compute: DType, a: Read<'_>, b: Read<'_>, out: &Write<'_>) -> Result<()> {
    let (s, t) = (a.layout.shape(), b.layout.shape());
    let product = match op {
        Matmul::Mm => Product { batch: 1, n: s[0], k: s[1], m: t[1] },
        Matmul::Bmm => Product { batch: s[0], n: s[1], k: s[2], m: t[2] },
        Matmul::Mv => Product { batch: 1, n: s[0], k: s[1], m: 1 },
        Matmul::Dot => Product { batch: 1, n: 1, k: s[0], m: 1 },
    };
    let (mut a_buffer, mut b_buffer) = (vec![], vec![]);
    let compute = compute_dtype(compute);
    let a_stack = stack(op, true, &a, compute, &mut a_buffer);
    let b_stack = stack(op, false, &b, compute, &mut b_buffer);
    let numel = out.layout.numel();
    let direct = out.dtype == compute && out.layout.is_contiguous();
    let mut result = vec![0u64; if direct { 0 } else { numel }];
    let y = if direct { out.at(out.layout.offset()) } else { result.as_mut_ptr().cast() };
    match compute {
        DType::F32 => float::<f32>(product, a_stack, b_stack, y.cast()),
        DType::F64 => float::<f64>(product, a_stack, b_stack, y.cast()),
        DType::U8 => whole::<u8>(product, a_stack, b_stack, y.cast()),
        DType::I8 => whole::<i8>(product, a_stack, b_stack, y.cast()),
        DType::I16 => whole::<i16>(product, a_stack, b_stack, y.cast()),
        DType::I32 => whole::<i32>(product, a_stack, b_stack, y.cast()),
        DType::I64 => whole::<i64>(product, a_stack, b_stack, y.cast()),
        DType::Bool | DType::F16 | DType::BF16 => unreachable!("refused by the plan, or computed in float32"),
    }
    if !direct {
        let dense = tensor_core::Layout::contiguous(out.layout.shape().clone());
        crate::convert::copy(Read::dense(y.cast_const(), &dense, compute), out);
    }
    Ok(())
}

/// The operand as a stack, converted into `buffer` if its dtype is not the computation's.
fn stack(op: Matmul, left: bool, x: &Read<'_>, compute: DType, buffer: &mut Vec<u64>) -> Stack {
    let dense = tensor_core::Layout::contiguous(x.layout.shape().clone());
    let (start, layout) = if x.dtype == compute {
        (x.at(x.layout.offset()), x.layout)
    } else {
        buffer.resize((x.layout.numel() * compute.size()).div_ceil(8), 0);
        let nest = crate::nest::Nest::new([&dense, x.layout]);
        let convert = cast(x.dtype, compute);
        let to = buffer.as_mut_ptr().cast::<u8>();
        nest.rows(0..x.layout.numel(), |row| {
            // SAFETY: a row of the operand into its places in the buffer, which has room for all elements.
            unsafe {
                let to = to.add(row.at[0] * compute.size());
                convert(x.at(row.at[1]), row.strides[1], to, row.strides[0], row.len);
            }
        });
        (to.cast_const(), &dense)
    };
    let stride = |dim: usize| layout.strides()[dim];
    match (op, left) {
        (Matmul::Mm, _) | (Matmul::Mv, true) => Stack { start, batch: 0, row: stride(0), column: stride(1) },
        (Matmul::Bmm, _) => Stack { start, batch: stride(0), row: stride(1), column: stride(2) },
        (Matmul::Dot, true) => Stack { start, batch: 0, row: 0, column: stride(0) },
        (Matmul::Mv | Matmul::Dot, false) => Stack { start, batch: 0, row: stride(0), column: 1 },
    }
}

/// A pointer that the team's threads may share; each writes its own rows.
#[derive(Clone, Copy)]
struct Shared<T>(T);
// SAFETY: operands are only read, and products are cut so that no two threads write the same element.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

impl<T: Copy> Shared<T> {
    /// The pointer, through a method: a closure that named the field would capture the bare pointer.
    fn get(self) -> T {
        self.0
    }
}

fn float<T: Number>(product: Product, a: Stack, b: Stack, y: *mut T) {
    let Product { batch, n, k, m } = product;
    let shared = Shared((a, b, y));
    let block = |item: usize, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>| {
        let (a, b, y) = shared.get();
        // SAFETY: the operands' matrices lie within their storages; the result's rows and columns are this call's alone.
        unsafe {
            gemm::gemm(
                rows.len(),
                columns.len(),
                k,
                y.add((item * n + rows.start) * m + columns.start),
                1,
                m as isize,
                false,
                a.start.cast::<T>().add(item * a.batch + rows.start * a.row),
                a.column as isize,
                a.row as isize,
                b.start.cast::<T>().add(item * b.batch + columns.start * b.column),
                b.column as isize,
                b.row as isize,
                T::ZERO,
                T::ONE,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
    };
    let work = n.saturating_mul(m).saturating_mul(k);
    if batch > 1 && work.saturating_mul(batch) > SERIAL {
        team::parallel(batch, &|item| block(item, 0..n, 0..m));
    } else if batch == 1 && work > SERIAL {
        // The cut depends on the shape alone, so that results do not depend on the number of threads.
        if n >= m {
            let piece = n.div_ceil(8).next_multiple_of(16).max(64);
            team::parallel(n.div_ceil(piece), &|i| block(0, i * piece..n.min((i + 1) * piece), 0..m));
        } else {
            let piece = m.div_ceil(8).next_multiple_of(16).max(64);
            team::parallel(m.div_ceil(piece), &|i| block(0, 0..n, i * piece..m.min((i + 1) * piece)));
        }
    } else {
        (0..batch).for_each(|item| block(item, 0..n, 0..m));
    }
}

fn whole<T: Number>(product: Product, a: Stack, b: Stack, y: *mut T) {
    let Product { batch, n, k, m } = product;
    let shared = Shared((a, b, y));
    let grain = (64 * 1024 / (k * m).max(1)).max(1);
    team::split(batch * n, grain, |rows| {
        let (a, b, y) = shared.get();
        for row in rows {
            let (item, i) = (row / n, row % n);
            // SAFETY: row `i` of matrix `item` of the result, this call's alone; operands lie within their storages.
            unsafe {
                let line = std::slice::from_raw_parts_mut(y.add(row * m), m);
                line.fill(T::ZERO);
                for l in 0..k {
                    let factor = *a.start.cast::<T>().add(item * a.batch + i * a.row + l * a.column);
                    let from = b.start.cast::<T>().add(item * b.batch + l * b.row);
                    for (j, sum) in line.iter_mut().enumerate() {
                        *sum = sum.plus(factor.times(*from.add(j * b.column)));
                    }
                }
            }
        }
    });
}
