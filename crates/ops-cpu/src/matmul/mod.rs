//! Matrix products: floats in panels and tiles of registers, whole numbers by a plain loop over rows. Half types convert to `f32`
//! and back, so that sums accumulate in `f32`, but for `bfloat16` where the processor multiplies it into such sums.

// Other processors and systems have no such instructions, or none that are known here; only tests' models use the rest.
#[cfg_attr(not(all(target_arch = "x86_64", target_os = "linux")), allow(unused))]
mod amx;
#[cfg_attr(not(target_arch = "x86_64"), allow(unused))]
mod pairs;
pub mod panels;
pub mod product;
#[cfg(test)]
mod tests;
#[cfg_attr(not(target_arch = "x86_64"), allow(unused))]
mod tile;
mod vector;

use crate::convert;
use crate::dense::Shared;
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use crate::team;
use crate::vector::Lanes;
use amx::Amx;
use pairs::Pairs;
use panels::Place;
use product::{Floats, Matrix, Method, Target};
use storage::Storage;
use tensor_core::op::Matmul;
use tensor_core::{DType, Layout, Result};
use vector::Real;

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

impl Stack {
    /// Its first matrix, of numbers of a type.
    fn matrix<N>(&self) -> Matrix<N> {
        Matrix { start: self.start.cast(), row: self.row, column: self.column }
    }
}

/// Computes a product.
pub fn run(op: Matmul, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let (base, a, b) = match *inputs {
        [base, a, b] => (Some(base), a, b),
        [a, b] => (None, a, b),
        _ => unreachable!("two operands, or three"),
    };
    let (s, t) = (a.layout.shape(), b.layout.shape());
    let product = match op {
        Matmul::Mm | Matmul::Addmm => Product { batch: 1, n: s[0], k: s[1], m: t[1] },
        Matmul::Bmm => Product { batch: s[0], n: s[1], k: s[2], m: t[2] },
        Matmul::Mv => Product { batch: 1, n: s[0], k: s[1], m: 1 },
        Matmul::Dot => Product { batch: 1, n: 1, k: s[0], m: 1 },
    };
    let compute = compute_dtype(compute);
    let dense =
        [Layout::contiguous(s.clone()), Layout::contiguous(t.clone()), Layout::contiguous(out.layout.shape().clone())];
    // Products with vectors wait for memory, whatever multiplies.
    let in_pairs = [a.dtype, b.dtype] == [DType::BF16; 2]
        && product.n > 1
        && product.m > 1
        && (Amx::is_native() || Pairs::are_native());
    let (a_copy, b_copy) = match in_pairs {
        true => (None, None),
        false => (converted(&a, compute, &dense[0])?, converted(&b, compute, &dense[1])?),
    };
    let a = a_copy.as_ref().map_or(a, |copy| copy.read(&dense[0], compute));
    let b = b_copy.as_ref().map_or(b, |copy| copy.read(&dense[1], compute));
    let (a_stack, b_stack) = (stack(op, true, &a), stack(op, false, &b));
    let direct = out.dtype == compute && out.layout.is_contiguous();
    let mut result = if direct { None } else { Some(Scratch::new(out.layout.numel() * compute.size())?) };
    let y = match &mut result {
        Some(result) => result.write(&dense[2], compute),
        None => out.with_layout(&dense[2]),
    };
    let target = if direct { out.at(out.layout.offset()) } else { y.at(0) };
    if let Some(base) = base {
        // The product is added to what is there.
        let layout = base.layout.expanded(out.layout.shape())?;
        convert::copy(base.with_layout(&layout), if direct { out } else { &y });
    }
    let adds = base.is_some();
    match compute {
        DType::F32 if in_pairs => {
            // SAFETY: the processor has the instructions, and the plan has checked the sizes.
            unsafe { of_bfloat16(product, a_stack, b_stack, target.cast(), adds) }?
        }
        DType::F32 => float::<f32>(product, a_stack, b_stack, target.cast(), adds)?,
        DType::F64 => float::<f64>(product, a_stack, b_stack, target.cast(), adds)?,
        DType::U8 => whole::<u8>(product, a_stack, b_stack, target.cast(), adds),
        DType::I8 => whole::<i8>(product, a_stack, b_stack, target.cast(), adds),
        DType::I16 => whole::<i16>(product, a_stack, b_stack, target.cast(), adds),
        DType::I32 => whole::<i32>(product, a_stack, b_stack, target.cast(), adds),
        DType::I64 => whole::<i64>(product, a_stack, b_stack, target.cast(), adds),
        DType::Bool | DType::F16 | DType::BF16 => unreachable!("refused by the plan, or computed in float32"),
    }
    if let Some(result) = &result {
        convert::copy(result.read(&dense[2], compute), out);
    }
    Ok(())
}

/// Memory for a converted operand or result, from the pool.
struct Scratch(Storage);

impl Scratch {
    fn new(bytes: usize) -> Result<Scratch> {
        Ok(Scratch(Storage::host(bytes)?))
    }

    fn write<'a>(&mut self, layout: &'a Layout, dtype: DType) -> Write<'a> {
        Write::dense(self.pointer(), layout, dtype)
    }

    fn pointer(&mut self) -> *mut u8 {
        self.0.exclusive().expect("memory of the host").as_mut_ptr()
    }

    fn read<'a>(&self, layout: &'a Layout, dtype: DType) -> Read<'a> {
        Read::dense(self.0.address() as *const u8, layout, dtype)
    }
}

/// The operand row-major in the computing dtype, where it is of another one; on the team.
fn converted(x: &Read<'_>, compute: DType, dense: &Layout) -> Result<Option<Scratch>> {
    if x.dtype == compute {
        return Ok(None);
    }
    let mut copy = Scratch::new(dense.numel() * compute.size())?;
    convert::copy(*x, &copy.write(dense, compute));
    Ok(Some(copy))
}

/// The operand as a stack of matrices.
fn stack(op: Matmul, left: bool, x: &Read<'_>) -> Stack {
    let start = x.at(x.layout.offset());
    let stride = |dim: usize| x.layout.strides()[dim];
    match (op, left) {
        (Matmul::Mm | Matmul::Addmm, _) | (Matmul::Mv, true) => {
            Stack { start, batch: 0, row: stride(0), column: stride(1) }
        }
        (Matmul::Bmm, _) => Stack { start, batch: stride(0), row: stride(1), column: stride(2) },
        (Matmul::Dot, true) => Stack { start, batch: 0, row: 0, column: stride(0) },
        (Matmul::Mv | Matmul::Dot, false) => Stack { start, batch: 0, row: stride(0), column: 1 },
    }
}

/// Products of floats; `adds`: to what is in the result.
fn float<T: Real + Lanes + Place<Number = T>>(
    product: Product,
    a: Stack,
    b: Stack,
    y: *mut T,
    adds: bool,
) -> Result<()> {
    let Product { n, k, m, .. } = product;
    if !adds && (n == 1 || m == 1) && k > 0 && by_vector(product, a, b, y) {
        return Ok(());
    }
    // SAFETY: the plan has checked the sizes, and every processor has what floats need.
    unsafe { by::<Floats<T>>(product, a, b, y, adds) }
}

/// Products of `bfloat16` by the fastest instructions for them.
///
/// # Safety
/// The processor has some; otherwise as [`by`].
unsafe fn of_bfloat16(product: Product, a: Stack, b: Stack, y: *mut f32, adds: bool) -> Result<()> {
    // SAFETY: the caller's.
    unsafe {
        match Amx::is_native() {
            true => by::<Amx>(product, a, b, y, adds),
            false => by::<Pairs>(product, a, b, y, adds),
        }
    }
}

/// Products by a method.
///
/// # Safety
/// The processor has the method's instructions; operands and result have the product's sizes, and the result's matrices follow each
/// other.
unsafe fn by<M: Method>(product: Product, a: Stack, b: Stack, y: *mut M::Sum, adds: bool) -> Result<()> {
    let Product { batch, n, k, m } = product;
    let to = Target { start: y, row: m, factor: M::Sum::ONE, adds };
    // SAFETY: the caller's.
    unsafe { product::all::<M>(batch, [n, k, m], a.matrix(), b.matrix(), to, [a.batch, b.batch, n * m]) }
}

/// Products in which an operand is a vector; false if they lie so that matrices serve them better.
fn by_vector<T: Real>(product: Product, a: Stack, b: Stack, y: *mut T) -> bool {
    let Product { batch, n, k, m } = product;
    // The vector, the distance of its elements, the other operand with its sums along rows, and how many rows it has.
    let (vector, step, matrix, count) = match m {
        1 => (b, b.row, a, n),
        _ => (a, a.column, Stack { row: b.column, column: b.row, ..b }, m),
    };
    let neighbours = matrix.column == 1 || matrix.row == 1;
    if !neighbours && k != 1 && (count != 1 || batch != 1) {
        return false;
    }
    let shared = Shared((vector.start.cast::<T>(), matrix.start.cast::<T>(), y));
    team::split(batch, (vector::PIECE / (k * count).max(1)).max(1), |items| {
        let (x, start, y) = shared.get();
        let (mut x_copy, mut row_copy) = (vec![], vec![]);
        for item in items {
            // SAFETY: the operands' elements lie within their storages, and the result has `count` elements for each item,
            // which are this call's alone.
            unsafe {
                let x = run_of(x.add(item * vector.batch), step, k, &mut x_copy);
                let (start, to) = (start.add(item * matrix.batch), y.add(item * count));
                match count {
                    1 => to.write(vector::dot(run_of(start, matrix.column, k, &mut row_copy), x)),
                    _ => {
                        vector::matrix_by_vector(Matrix { start, row: matrix.row, column: matrix.column }, count, x, to)
                    }
                }
            }
        }
    });
    true
}

/// `len` elements that lie `step` apart as neighbours, copied if they are none.
///
/// # Safety
/// The elements lie within one storage, which outlives the result.
unsafe fn run_of<T: Copy>(start: *const T, step: usize, len: usize, copy: &mut Vec<T>) -> &[T] {
    // SAFETY: the caller's promise.
    unsafe {
        if step == 1 {
            return std::slice::from_raw_parts(start, len);
        }
        copy.clear();
        copy.extend((0..len).map(|i| *start.add(i * step)));
        copy
    }
}

fn whole<T: Number>(product: Product, a: Stack, b: Stack, y: *mut T, adds: bool) {
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
                if !adds {
                    line.fill(T::ZERO);
                }
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
