//! Functions of two elements, or of an element and a number. A function is one line of the tables below.

use crate::elementwise::{Block, Elementwise};
use crate::isa::{Kernel, Level, dispatch};
use crate::math::Float;
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use std::cmp::Ordering;
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
    // 32 bytes hold many elements of one or two bytes already.
    const WIDEST: bool = size_of::<Z::In>() >= 4;
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
    Fmax => |a, b| if (a >= b) | b.is_nan() { a } else { b };
    Fmin => |a, b| if (a <= b) | b.is_nan() { a } else { b };
    Fmod => |a, b| a.fmod(b);
    Heaviside => |a, b| if a == T::ZERO { b } else if a > T::ZERO { T::ONE } else { T::ZERO };
    Maximum => |a, b| a.larger(b);
    Minimum => |a, b| a.smaller(b);
    Mul => |a, b| a.times(b);
    Pow => |a, b| a.power::<L>(b);
    Remainder => |a, b| a.remainder(b);
    Sub => |a, b| a.minus(b);
} none { BitwiseAnd BitwiseLeftShift BitwiseOr BitwiseRightShift BitwiseXor Copysign Eq Gcd Ge Gt Hypot Lcm Le LogAddExp LogAddExp2
    LogicalAnd LogicalOr LogicalXor Lt Ne Nextafter SpecialZeta Xlogy } }

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
} none { Add Atan2 BitwiseAnd BitwiseLeftShift BitwiseOr BitwiseRightShift BitwiseXor Copysign Div FloorDivide Fmax Fmin Fmod Gcd
    Heaviside Hypot Lcm LogAddExp LogAddExp2 Maximum Minimum Mul Nextafter Pow Remainder SpecialZeta Sub Xlogy } }

/// What the functions of floats alone need beyond [`Float`].
trait Real: Float + Number {
    /// The size with another's sign.
    fn with_sign(self, other: Self) -> Self;
    /// √(a² + b²).
    fn hypot(self, other: Self) -> Self;
    /// The next number towards another.
    fn next_towards(self, other: Self) -> Self;
}

impl Real for f32 {
    #[inline(always)]
    fn with_sign(self, other: f32) -> f32 {
        self.copysign(other)
    }
    #[inline(always)]
    fn hypot(self, other: f32) -> f32 {
        // Squares of single precision fit into double precision.
        let (a, b) = (self as f64, other as f64);
        if (self.abs() == f32::INFINITY) | (other.abs() == f32::INFINITY) {
            f32::INFINITY
        } else {
            (a * a + b * b).sqrt() as f32
        }
    }
    #[inline(always)]
    fn next_towards(self, other: f32) -> f32 {
        let bits = neighbour(self.to_bits() as u64, other.to_bits() as u64, 31, self.partial_cmp(&other));
        bits.map_or(f32::NAN, |bits| f32::from_bits(bits as u32))
    }
}

impl Real for f64 {
    #[inline(always)]
    fn with_sign(self, other: f64) -> f64 {
        self.copysign(other)
    }
    #[inline(always)]
    fn hypot(self, other: f64) -> f64 {
        self.hypot(other)
    }
    #[inline(always)]
    fn next_towards(self, other: f64) -> f64 {
        let bits = neighbour(self.to_bits(), other.to_bits(), 63, self.partial_cmp(&other));
        bits.map_or(f64::NAN, f64::from_bits)
    }
}

/// The bits of the next number from that with bits `a` to that with bits `b`, of a format whose sign is bit `sign`. `order` is
/// how the two numbers compare; `None` if they do not.
#[inline(always)]
fn neighbour(a: u64, b: u64, sign: u32, order: Option<Ordering>) -> Option<u64> {
    let negative = a >> sign != 0;
    Some(match order? {
        Ordering::Equal => b,
        _ if a << (63 - sign) << 1 == 0 => (b >> sign << sign) | 1,
        Ordering::Less if negative => a - 1,
        Ordering::Less => a + 1,
        Ordering::Greater if negative => a + 1,
        Ordering::Greater => a - 1,
    })
}

/// The half types have neighbours of their own, which single precision would not find.
unsafe fn half_neighbours<H: Half>([a, b]: [*const u8; 2], [s, t]: [usize; 2], y: *mut u8, n: usize) {
    for i in 0..n {
        // SAFETY: the contract of `Block`; each element is read before its place is written.
        unsafe {
            let (a, b) = (*a.cast::<H>().add(i * s), *b.cast::<H>().add(i * t));
            y.cast::<H>().add(i).write(a.next_towards(b));
        }
    }
}

/// A half type.
trait Half: Copy {
    /// The next number towards another.
    fn next_towards(self, other: Self) -> Self;
}

macro_rules! half {
    ($($t:ty)*) => { $(
        impl Half for $t {
            fn next_towards(self, other: $t) -> $t {
                let bits = neighbour(self.to_bits() as u64, other.to_bits() as u64, 15, self.partial_cmp(&other));
                bits.map_or(<$t>::NAN, |bits| <$t>::from_bits(bits as u16))
            }
        }
    )* };
}
half! { storage::f16 storage::bf16 }

/// max(a, b) + `tail`(|a − b|); where both are the same infinity, that.
#[inline(always)]
fn over_larger<T: Real>(a: T, b: T, tail: impl Fn(T) -> T) -> T {
    let larger = a.larger(b);
    let distance = if a > b { b.minus(a) } else { a.minus(b) };
    if a == b && a.minus(b) != T::ZERO { a } else { larger.plus(tail(distance)) }
}

table! { reals<T: Real> -> T {
    Copysign => |a, b| a.with_sign(b);
    Hypot => |a, b| a.hypot(b);
    LogAddExp => |a, b| over_larger(a, b, |x| x.exp::<L>().log1p::<L>());
    LogAddExp2 => |a, b| over_larger(a, b, |x| {
        x.exp2::<L>().log1p::<L>().times(T::from_scalar(Scalar::Float(std::f64::consts::LOG2_E)))
    });
    Nextafter => |a, b| a.next_towards(b);
    SpecialZeta => |a, b| T::from_scalar(Scalar::Float(crate::math::gamma::zeta(a.to_f64(), b.to_f64())));
    Xlogy => |a, b| if (a == T::ZERO) & !b.is_nan() { T::ZERO } else { a.times(b.log::<L>()) };
} none { Add Atan2 BitwiseAnd BitwiseLeftShift BitwiseOr BitwiseRightShift BitwiseXor Div Eq FloorDivide Fmax Fmin Fmod Gcd Ge Gt
    Heaviside Lcm Le LogicalAnd LogicalOr LogicalXor Lt Maximum Minimum Mul Ne Pow Remainder Sub } }

/// Numbers with bits.
trait Bits:
    Number + std::ops::BitAnd<Output = Self> + std::ops::BitOr<Output = Self> + std::ops::BitXor<Output = Self>
{
    /// The bits moved up; nothing is left of them beyond the width.
    fn up(self, by: Self) -> Self;
    /// The bits moved down; beyond the width there is only the sign.
    fn down(self, by: Self) -> Self;
    /// The size, wrapping.
    fn size(self) -> Self;
    /// The size of self / divisor · other; what is narrower than 32 bits wraps only at the end.
    fn multiple(self, divisor: Self, other: Self) -> Self;
}

macro_rules! bits {
    ($($t:ty as $wide:ty: |$x:ident| $size:expr;)*) => { $(
        impl Bits for $t {
            #[inline(always)]
            fn up(self, by: $t) -> $t {
                if (0..<$t>::BITS as i64).contains(&(by as i64)) { self << by } else { 0 }
            }
            #[inline(always)]
            fn down(self, by: $t) -> $t {
                // Two steps, so that the width itself is not beyond what the processor shifts.
                let most = <$t>::BITS as i64 - 1;
                if (0..=most).contains(&(by as i64)) { self >> by } else { self >> most >> 1 }
            }
            #[inline(always)]
            fn size(self) -> $t { let $x = self; $size }
            #[inline(always)]
            fn multiple(self, divisor: $t, other: $t) -> $t {
                (self as $wide).wrapping_div(divisor as $wide).wrapping_mul(other as $wide).wrapping_abs() as $t
            }
        }
    )* };
}
bits! {
    u8 as i32: |x| x;
    i8 as i32: |x| x.wrapping_abs();
    i16 as i32: |x| x.wrapping_abs();
    i32 as i32: |x| x.wrapping_abs();
    i64 as i64: |x| x.wrapping_abs();
}

/// Euclid's algorithm.
#[inline(always)]
fn greatest_divisor<T: Bits>(a: T, b: T) -> T {
    let (mut a, mut b) = (a.size(), b.size());
    while a.truth() {
        (a, b) = (b.fmod(a), a);
    }
    b
}

table! { bits<T: Bits> -> T {
    BitwiseAnd => |a, b| a & b;
    BitwiseLeftShift => |a, b| a.up(b);
    BitwiseOr => |a, b| a | b;
    BitwiseRightShift => |a, b| a.down(b);
    BitwiseXor => |a, b| a ^ b;
    Gcd => |a, b| greatest_divisor(a, b);
    Lcm => |a, b| {
        let divisor = greatest_divisor(a, b);
        if divisor.truth() { a.multiple(divisor, b) } else { T::ZERO }
    };
} none { Add Atan2 Copysign Div Eq FloorDivide Fmax Fmin Fmod Ge Gt Heaviside Hypot Le LogAddExp LogAddExp2 LogicalAnd LogicalOr
    LogicalXor Lt Maximum Minimum Mul Ne Nextafter Pow Remainder SpecialZeta Sub Xlogy } }

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
        (DType::F16, Binary::Nextafter) => Some(half_neighbours::<storage::f16> as Block<2>),
        (DType::BF16, Binary::Nextafter) => Some(half_neighbours::<storage::bf16> as Block<2>),
        (DType::F16 | DType::BF16 | DType::F32, _) => reals::<f32>(op),
        (DType::F64, _) => reals::<f64>(op),
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

/// The type that the kernel of `op` works in.
fn kernel_dtype(op: Binary, compute: DType) -> DType {
    if op == Binary::Nextafter { compute } else { compute_dtype(compute) }
}

/// Whether a whole-number division by zero is among the quotients; PyTorch raises an error then.
fn divides_by_zero(op: Binary, compute: DType, b: &Read<'_>) -> bool {
    let divides = matches!(op, Binary::FloorDivide | Binary::Remainder | Binary::Fmod);
    divides && compute.is_integer() && crate::reduce::any_zero(b)
}

/// Computes `op` of the elements of `a` and `b`.
#[inline]
pub fn run(op: Binary, compute: DType, a: Read<'_>, b: Read<'_>, out: &Write<'_>) -> Result<()> {
    let compute = kernel_dtype(op, compute);
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
    let compute = kernel_dtype(op, compute);
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
    crate::select::write_number(&mut word, compute, number);
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
