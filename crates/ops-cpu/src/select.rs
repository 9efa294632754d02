//! Choices between values: `where`, `masked_fill`, `clamp`, `nan_to_num`.

use crate::cast::cast;
use crate::elementwise::{Block, Elementwise};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use crate::team;
use storage::{Bool, Scalar};
use tensor_core::op::Select;
use tensor_core::{DType, Dims, Layout, Result};

/// Elements as bits, chosen without a branch: conditions are data, and no processor guesses data.
trait Bits: Copy {
    /// All bits, or none.
    fn all_if(condition: Bool) -> Self;
    /// The bits of `a` where `mask` has ones, else those of `b`.
    fn choose(mask: Self, a: Self, b: Self) -> Self;
}

macro_rules! bits {
    ($($t:ty)*) => { $(
        impl Bits for $t {
            #[inline(always)]
            fn all_if(condition: Bool) -> $t { ((condition.0 != 0) as $t).wrapping_neg() }
            #[inline(always)]
            fn choose(mask: $t, a: $t, b: $t) -> $t { b ^ ((a ^ b) & mask) }
        }
    )* };
}
bits! { u8 u16 u32 u64 }

struct Choose<T> {
    condition: *const Bool,
    a: *const T,
    b: *const T,
    steps: [usize; 3],
    y: *mut T,
    n: usize,
}

impl<T: Bits> Kernel for Choose<T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Choose { condition, a, b, steps, y, n } = self;
        if n == 0 {
            return;
        }
        // SAFETY: the contract of `Block`; each output element is written after its operands are read.
        unsafe {
            let pick = |i: usize, a: T, b: T| T::choose(T::all_if(*condition.add(i)), a, b);
            match steps {
                [1, 1, 1] => (0..n).for_each(|i| y.add(i).write(pick(i, *a.add(i), *b.add(i)))),
                [1, 0, 1] => {
                    let a = *a;
                    (0..n).for_each(|i| y.add(i).write(pick(i, a, *b.add(i))));
                }
                [1, 1, 0] => {
                    let b = *b;
                    (0..n).for_each(|i| y.add(i).write(pick(i, *a.add(i), b)));
                }
                [s, t, u] => {
                    for i in 0..n {
                        let mask = T::all_if(*condition.add(i * s));
                        y.add(i).write(T::choose(mask, *a.add(i * t), *b.add(i * u)));
                    }
                }
            }
        }
    }
}

unsafe fn choose<T: Bits>([condition, a, b]: [*const u8; 3], steps: [usize; 3], y: *mut u8, n: usize) {
    dispatch(Choose::<T> { condition: condition.cast(), a: a.cast(), b: b.cast(), steps, y: y.cast(), n });
}

/// Choosing copies bits, so that only the size of elements matters.
fn choose_block(dtype: DType) -> Block<3> {
    match dtype.size() {
        1 => choose::<u8>,
        2 => choose::<u16>,
        4 => choose::<u32>,
        _ => choose::<u64>,
    }
}

struct Limit<T> {
    x: [*const T; 3],
    steps: [usize; 3],
    y: *mut T,
    n: usize,
}

impl<T: Number> Kernel for Limit<T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Limit { x: [x, low, high], steps: [step, ..], y, n } = self;
        if n == 0 {
            return;
        }
        // SAFETY: the contract of `Block`; the bounds are single numbers.
        unsafe {
            let (low, high) = (*low, *high);
            for i in 0..n {
                let value = *x.add(i * step);
                let value = if value < low { low } else { value };
                y.add(i).write(if value > high { high } else { value });
            }
        }
    }
}

unsafe fn limit<T: Number>(x: [*const u8; 3], steps: [usize; 3], y: *mut u8, n: usize) {
    dispatch(Limit::<T> { x: x.map(<*const u8>::cast), steps, y: y.cast(), n });
}

/// Numbers instead of NaN, plus and minus infinity, which lie one after the other.
struct Replace<T> {
    x: *const T,
    step: usize,
    instead: *const [T; 3],
    y: *mut T,
    n: usize,
}

impl<T: Number> Kernel for Replace<T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Replace { x, step, instead, y, n } = self;
        let infinity = T::from_scalar(Scalar::Float(f64::INFINITY));
        // SAFETY: the contract of `Block`; the last operand was made by `run` of three numbers.
        unsafe {
            let [nan, above, below] = instead.read_unaligned();
            for i in 0..n {
                let value = *x.add(i * step);
                let value = if value == infinity { above } else { value };
                let value = if value == T::ZERO.minus(infinity) { below } else { value };
                y.add(i).write(if (*x.add(i * step)).is_nan() { nan } else { value });
            }
        }
    }
}

unsafe fn replace<T: Number>([x, instead]: [*const u8; 2], [step, _]: [usize; 2], y: *mut u8, n: usize) {
    dispatch(Replace { x: x.cast::<T>(), step, instead: instead.cast(), y: y.cast(), n });
}

/// A bound as `T`, infinite bounds of whole numbers being the type's own.
pub(crate) fn bound<T: Number>(bound: f64) -> T {
    // A cast from a real saturates at 64 bits; going through it, infinities would wrap in narrower types.
    let widest = with_limits::<T>();
    T::from_scalar(match widest {
        Some((least, _)) if bound <= least as f64 => Scalar::Int(least),
        Some((_, most)) if bound >= most as f64 => Scalar::Int(most),
        _ => Scalar::Float(bound),
    })
}

/// The least and the greatest of a whole-number type.
fn with_limits<T: Number>() -> Option<(i64, i64)> {
    let is_real = T::from_scalar(Scalar::Float(0.5)) != T::ZERO && T::from_scalar(Scalar::Float(0.5)) != T::ONE;
    if is_real {
        return None;
    }
    let bits = 8 * size_of::<T>() as u32;
    let signed = T::ZERO.minus(T::ONE) < T::ZERO;
    Some(match (signed, bits) {
        (true, 64) => (i64::MIN, i64::MAX),
        (true, bits) => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
        (false, bits) => (0, (1 << bits.min(62)) - 1),
    })
}

/// Computes a choice.
pub fn run(op: Select, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let scalar = Layout::contiguous(Dims::scalar());
    match op {
        Select::Where => {
            let block = choose_block(compute);
            let inputs = [inputs[0], inputs[1], inputs[2]];
            Elementwise { block, inputs: [DType::Bool, compute, compute], output: compute }.run(inputs, out);
        }
        Select::MaskedFill(number) => {
            let mut word = [0u64];
            write_number(&mut word, compute, number);
            let number = Read::number(word.as_ptr().cast(), &scalar, compute);
            let block = choose_block(compute);
            let inputs = [inputs[1], number, inputs[0]];
            Elementwise { block, inputs: [DType::Bool, compute, compute], output: compute }.run(inputs, out);
        }
        Select::Triangle { upper, diagonal } => triangle(upper, diagonal, inputs[0], out),
        Select::Clamp { min, max } => {
            let compute = compute_dtype(compute);
            let mut words = [[0u64]; 2];
            let block: Block<3> = with_number!(compute, T => {
                for (word, value) in words.iter_mut().zip([min, max]) {
                    bytemuck::bytes_of_mut(word)[..size_of::<T>()].copy_from_slice(bytemuck::bytes_of(&bound::<T>(value)));
                }
                limit::<T>
            });
            let [low, high] = [&words[0], &words[1]].map(|word| Read::number(word.as_ptr().cast(), &scalar, compute));
            Elementwise { block, inputs: [compute; 3], output: compute }.run([inputs[0], low, high], out);
        }
        Select::NanToNum { nan, posinf, neginf } => {
            let compute = compute_dtype(compute);
            let mut words = [0u64; 3];
            let block: Block<2> = with_number!(compute, T => {
                let instead = [nan, posinf, neginf].map(|number| T::from_scalar(Scalar::Float(number)));
                bytemuck::bytes_of_mut(&mut words)[..3 * size_of::<T>()].copy_from_slice(bytemuck::cast_slice(&instead));
                replace::<T>
            });
            let instead = Read::number(words.as_ptr().cast(), &scalar, compute);
            Elementwise { block, inputs: [compute; 2], output: compute }.run([inputs[0], instead], out);
        }
    }
    Ok(())
}

/// Copies one side of a diagonal and clears the other, row by row.
fn triangle(upper: bool, diagonal: i64, x: Read<'_>, out: &Write<'_>) {
    let shape = out.layout.shape();
    let (rows, columns) = (shape[shape.len() - 2], shape[shape.len() - 1]);
    let lead = &shape[..shape.len() - 1];
    let step = |layout: &Layout| layout.strides()[shape.len() - 1];
    let (from_step, to_step) = (step(x.layout), step(out.layout));
    let copy = cast(x.dtype, out.dtype);
    let zero = [0u64];
    team::split(lead.iter().product(), (16 * 1024 / columns.max(1)).max(1), |range| {
        for row in range {
            let (mut rest, mut from, mut to) = (row, x.layout.offset(), out.layout.offset());
            for dim in (0..lead.len()).rev() {
                from += rest % lead[dim] * x.layout.strides()[dim];
                to += rest % lead[dim] * out.layout.strides()[dim];
                rest /= lead[dim];
            }
            // Where the diagonal, or the element after it, crosses this row.
            let cross = (row % rows) as i64 + diagonal.saturating_add(!upper as i64).min(i64::MAX / 2);
            let cross = cross.clamp(0, columns as i64) as usize;
            let (kept, cleared) = if upper { (cross..columns, 0..cross) } else { (0..cross, cross..columns) };
            // SAFETY: parts of a row of both operands within their storages; zero is zero bytes in all types.
            unsafe {
                let places = (x.at(from + kept.start * from_step), out.at(to + kept.start * to_step));
                copy(places.0, from_step, places.1, to_step, kept.len());
                let place = out.at(to + cleared.start * to_step);
                match to_step {
                    1 => place.write_bytes(0, cleared.len() * out.dtype.size()),
                    _ => cast(out.dtype, out.dtype)(zero.as_ptr().cast(), 0, place, to_step, cleared.len()),
                }
            }
        }
    });
}

/// `number` as the stored type of `dtype`, at the start of `word`.
pub(crate) fn write_number(word: &mut [u64; 1], dtype: DType, number: Scalar) {
    use storage::Element;
    let bytes = bytemuck::bytes_of_mut(word);
    macro_rules! put {
        ($t:ty) => {
            bytes[..size_of::<$t>()].copy_from_slice(bytemuck::bytes_of(&<$t as Element>::from_scalar(number).store()))
        };
    }
    match dtype {
        DType::Bool => put!(bool),
        DType::U8 => put!(u8),
        DType::I8 => put!(i8),
        DType::I16 => put!(i16),
        DType::I32 => put!(i32),
        DType::I64 => put!(i64),
        DType::F16 => put!(storage::f16),
        DType::BF16 => put!(storage::bf16),
        DType::F32 => put!(f32),
        DType::F64 => put!(f64),
    }
}
