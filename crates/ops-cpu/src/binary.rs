//! Functions of two elements, or of an element and a number. A function is one line of the tables below.

use crate::elementwise::{Block, Elementwise};
use crate::isa::{Kernel, Level, dispatch};
use crate::math::Float;
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use storage::{Bool, Scalar};
use tensor_core::op::Binary;
use tensor_core::{DType, Layout, Result, bail};

/// One function at one pair of types.
trait Zip {
    type In: Copy;
    type Out: Copy;
    fn zip<L: Level>(a: Self::In, b: Self::In) -> Self::Out;
}

struct Run<Z: Zip> {
    a: *const Z::In,
    b: *const Z::In,
    steps: [usize; 2],
    y: *mut Z::Out,
    n: usize,
}

impl<Z: Zip> Kernel for Run<Z> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Run { a, b, steps, y, n } = self;
        if n == 0 {
            return;
        }
        // SAFETY: the contract of `Block`: `n` elements (one where the step is 0) of each operand; the output is apart from
        // both or exactly the first, whose elements are then read before they are written.
        unsafe {
            let in_place = a.cast::<u8>() == y.cast::<u8>();
            match steps {
                [1, 1] if in_place => {
                    let b = std::slice::from_raw_parts(b, n);
                    for i in 0..n {
                        y.add(i).write(Z::zip::<L>(*y.cast::<Z::In>().add(i), b[i]));
                    }
                }
                [1, 0] if in_place => {
                    let b = *b;
                    for i in 0..n {
                        y.add(i).write(Z::zip::<L>(*y.cast::<Z::In>().add(i), b));
                    }
                }
                [0, _] if in_place => {
                    // One element of output cannot be broadcast from itself; `n` is 1.
                    y.write(Z::zip::<L>(*a, *b));
                }
                [1, 1] => {
                    let (a, b) = (std::slice::from_raw_parts(a, n), std::slice::from_raw_parts(b, n));
                    let y = std::slice::from_raw_parts_mut(y, n);
                    for i in 0..n {
                        y[i] = Z::zip::<L>(a[i], b[i]);
                    }
                }
                [1, _] => {
                    let (a, b) = (std::slice::from_raw_parts(a, n), *b);
                    let y = std::slice::from_raw_parts_mut(y, n);
                    for i in 0..n {
                        y[i] = Z::zip::<L>(a[i], b);
                    }
                }
                [_, 1] => {
                    let (a, b) = (*a, std::slice::from_raw_parts(b, n));
                    let y = std::slice::from_raw_parts_mut(y, n);
                    for i in 0..n {
                        y[i] = Z::zip::<L>(a, b[i]);
                    }
                }
                _ => std::slice::from_raw_parts_mut(y, n).fill(Z::zip::<L>(*a, *b)),
            }
        }
    }
}

unsafe fn block<Z: Zip>([a, b]: [*const u8; 2], steps: [usize; 2], y: *mut u8, n: usize) {
    dispatch(Run::<Z> { a: a.cast(), b: b.cast(), steps, y: y.cast(), n });
}

/// `$name::<T>(op)`: the kernel for `op` on two `T`, where there is one. `L` in an expression is the vector level.
macro_rules! table {
    ($name:ident<$t:ident: $bound:path> -> $out:ty { $($op:ident => |$a:ident, $b:ident| $y:expr;)* } none { $($none:ident)* }) => {
        fn $name<$t: $bound + Number>(op: Binary) -> Option<Block<2>> {
            match op {
                $(Binary::$op => {
                    struct Function<$t>(std::marker::PhantomData<$t>);
                    impl<$t: $bound + Number> Zip for Function<$t> {
                        type In = $t;
                        type Out = $out;
                        #[inline(always)]
                        fn zip<L: Level>($a: $t, $b: $t) -> $out { $y }
                    }
                    Some(block::<Function<$t>>)
                })*
                $(Binary::$none)|* => None,
            }
        }
    };
}

table! { numbers<T: Number> -> T {
    Add => |a, b| a.plus(b);
    Atan2 => |a, b| a.angle::<L>(b);
    Div => |a, b| a.over(b);
    FloorDivide => |a, b| a.floor_over(b);
    Fmod => |a, b| a.fmod(b);
    Maximum => |a, b| a.larger(b);
    Minimum => |a, b| a.smaller(b);
    Mul => |a, b| a.times(b);
    Pow => |a, b| a.power::<L>(b);
    Remainder => |a, b| a.remainder(b);
    Sub => |a, b| a.minus(b);
} none { BitwiseAnd BitwiseOr BitwiseXor Eq Ge Gt Le LogicalAnd LogicalOr LogicalXor Lt Ne } }

table! { tests<T: Number> -> Bool {
    Eq => |a, b| Bool((a == b) as u8);
    Ge => |a, b| Bool((a >= b) as u8);
    Gt => |a, b| Bool((a > b) as u8);
    Le => |a, b| Bool((a <= b) as u8);
    LogicalAnd => |a, b| Bool((a.truth() & b.truth()) as u8);
    LogicalOr => |a, b| Bool((a.truth() | b.truth()) as u8);
    LogicalXor => |a, b| Bool((a.truth() ^ b.truth()) as u8);
    Lt => |a, b| Bool((a < b) as u8);
    Ne => |a, b| Bool((a != b) as u8);
} none { Add Atan2 BitwiseAnd BitwiseOr BitwiseXor Div FloorDivide Fmod Maximum Minimum Mul Pow Remainder Sub } }

/// Numbers with bits.
trait Bits:
    Number + std::ops::BitAnd<Output = Self> + std::ops::BitOr<Output = Self> + std::ops::BitXor<Output = Self>
{
}
impl Bits for u8 {}
impl Bits for i8 {}
impl Bits for i16 {}
impl Bits for i32 {}
impl Bits for i64 {}

table! { bits<T: Bits> -> T {
    BitwiseAnd => |a, b| a & b;
    BitwiseOr => |a, b| a | b;
    BitwiseXor => |a, b| a ^ b;
} none { Add Atan2 Div Eq FloorDivide Fmod Ge Gt Le LogicalAnd LogicalOr LogicalXor Lt Maximum Minimum Mul Ne Pow Remainder Sub } }

/// The kernel for `op` in `compute`, and the dtype of its results.
fn kernel(op: Binary, compute: DType) -> Result<(Block<2>, DType)> {
    if let Some(block) = with_number!(compute, T => numbers::<T>(op)) {
        return Ok((block, compute));
    }
    if let Some(block) = with_number!(compute, T => tests::<T>(op)) {
        return Ok((block, DType::Bool));
    }
    let block = match (compute, op) {
        // Bits of truth values are logic.
        (DType::Bool, Binary::BitwiseAnd) => tests::<Bool>(Binary::LogicalAnd),
        (DType::Bool, Binary::BitwiseOr) => tests::<Bool>(Binary::LogicalOr),
        (DType::Bool, _) => tests::<Bool>(Binary::LogicalXor),
        (DType::U8, _) => bits::<u8>(op),
        (DType::I8, _) => bits::<i8>(op),
        (DType::I16, _) => bits::<i16>(op),
        (DType::I32, _) => bits::<i32>(op),
        (DType::I64, _) => bits::<i64>(op),
        (DType::F16 | DType::BF16 | DType::F32 | DType::F64, _) => None,
    };
    match block {
        Some(block) => Ok((block, compute)),
        None => bail!(Unsupported, "\"{}_cpu\" not implemented for '{}'", op.name(), compute.type_name()),
    }
}

/// The kernel for a power that PyTorch, and with it every user's expectation of bits, takes for products and roots: it differs
/// from `pow` in rounding, at −∞ (whose root is NaN) and at −0 (whose root is −0).
fn simple_power<F: Float + Number>(power: f64) -> Option<Block<2>> {
    macro_rules! forms {
        ($($power:literal: |$x:ident| $y:expr;)*) => {
            $(if power == $power {
                struct Function<F>(std::marker::PhantomData<F>);
                impl<F: Float + Number> Zip for Function<F> {
                    type In = F;
                    type Out = F;
                    #[inline(always)]
                    fn zip<L: Level>($x: F, _: F) -> F { $y }
                }
                return Some(block::<Function<F>>);
            })*
        };
    }
    forms! {
        0.5: |x| x.sqrt::<L>();
        2.0: |x| x.times(x);
        3.0: |x| x.times(x).times(x);
        -0.5: |x| F::ONE.over(x.sqrt::<L>());
        -1.0: |x| F::ONE.over(x);
        -2.0: |x| F::ONE.over(x.times(x));
    }
    None
}

/// Whether a whole-number division by zero is among the quotients; PyTorch raises an error then.
fn divides_by_zero(op: Binary, compute: DType, b: &Read<'_>) -> bool {
    let divides = matches!(op, Binary::FloorDivide | Binary::Remainder | Binary::Fmod);
    divides && compute.is_integer() && crate::reduce::any_zero(b)
}

/// Computes `op` of the elements of `a` and `b`.
#[inline]
pub fn run(op: Binary, compute: DType, a: Read<'_>, b: Read<'_>, out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    if divides_by_zero(op, compute, &b) {
        bail!(Value, "ZeroDivisionError");
    }
    let (block, output) = kernel(op, compute)?;
    Elementwise { block, inputs: [compute; 2], output }.run([a, b], out);
    Ok(())
}

/// Computes `op` of each element of `x` and a number, which stands on the left if `reversed`.
#[inline]
pub fn run_scalar(
    op: Binary,
    number: Scalar,
    reversed: bool,
    compute: DType,
    x: Read<'_>,
    out: &Write<'_>,
) -> Result<()> {
    let compute = compute_dtype(compute);
    if reversed && divides_by_zero(op, compute, &x) {
        bail!(Value, "ZeroDivisionError");
    }
    if !reversed
        && compute.is_integer()
        && matches!(op, Binary::FloorDivide | Binary::Remainder | Binary::Fmod)
        && number.to_i64() == 0
    {
        bail!(Value, "ZeroDivisionError");
    }
    let (block, output) = kernel(op, compute)?;
    let simple = match compute {
        DType::F32 if op == Binary::Pow && !reversed => simple_power::<f32>(number.to_f64()),
        DType::F64 if op == Binary::Pow && !reversed => simple_power::<f64>(number.to_f64()),
        _ => None,
    };
    let block = simple.unwrap_or(block);
    let mut word = [0u64; 1];
    with_number!(compute, T => bytemuck::bytes_of_mut(&mut word)[..size_of::<T>()]
        .copy_from_slice(bytemuck::bytes_of(&T::from_scalar(number))));
    let number = word.as_ptr().cast::<u8>();
    let straight = x.dtype == compute
        && out.dtype == output
        && x.layout.is_contiguous()
        && out.layout.is_contiguous()
        && x.layout.numel() <= 4096;
    if straight {
        let x = x.at(x.layout.offset());
        let (operands, steps) = if reversed { ([number, x], [0, 1]) } else { ([x, number], [1, 0]) };
        // SAFETY: contiguous elements of the kernel's types within their storages, and one number.
        unsafe { block(operands, steps, out.at(out.layout.offset()), out.layout.numel()) };
        return Ok(());
    }
    let layout = Layout::contiguous(tensor_core::Dims::scalar());
    let number = Read::number(number, &layout, compute);
    let operands = if reversed { [number, x] } else { [x, number] };
    Elementwise { block, inputs: [compute; 2], output }.run(operands, out);
    Ok(())
}
