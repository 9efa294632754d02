//! Elements from one dtype to another, with any distance between them on either side.

use crate::copy;
use crate::half;
use crate::isa::{Kernel, Level, dispatch};
use storage::{Bool, bf16, f16};
use tensor_core::DType;

/// Converts `n` elements that lie `xs` apart to `n` that lie `ys` apart (both in elements).
///
/// # Safety
/// The pointers are valid for that; the two runs are either apart or the same.
pub type Cast = unsafe fn(x: *const u8, xs: usize, y: *mut u8, ys: usize, n: usize);

/// Conversion of one number: reals lose their fraction towards zero and then wrap like whole numbers; `bool` is "not zero".
pub trait To<U>: Copy {
    /// The converted number.
    fn to(self) -> U;
}

macro_rules! between {
    ($($from:ty => $($to:ty)*;)*) => { $($(
        impl To<$to> for $from {
            #[inline(always)]
            fn to(self) -> $to { self as $to }
        }
    )*)* };
}
between! {
    u8 => u8 i8 i16 i32 i64 f32 f64;
    i8 => u8 i8 i16 i32 i64 f32 f64;
    i16 => u8 i8 i16 i32 i64 f32 f64;
    i32 => u8 i8 i16 i32 i64 f32 f64;
    i64 => u8 i8 i16 i32 i64 f32 f64;
    f32 => i32 i64 f32 f64;
    f64 => i32 i64 f32 f64;
}

macro_rules! narrow_reals {
    ($($from:ty)*) => { $(
        narrow_reals! { @ $from: u8 i8 i16 }
    )* };
    (@ $from:ty: $($to:ty)*) => { $(
        impl To<$to> for $from {
            /// Through 32 bits, so that −1.0 becomes 255 in a byte, as on every processor's own conversion.
            #[inline(always)]
            fn to(self) -> $to { self as i32 as $to }
        }
    )* };
}
narrow_reals! { f32 f64 }

macro_rules! halves {
    ($($half:ty: $widen:ident $narrow:ident;)*) => { $(
        halves! { @ $half: $widen $narrow; u8 i8 i16 i32 i64 f64 }
        impl To<f32> for $half {
            #[inline(always)]
            fn to(self) -> f32 { half::$widen(self) }
        }
        impl To<$half> for f32 {
            #[inline(always)]
            fn to(self) -> $half { half::$narrow(self) }
        }
        impl To<Bool> for $half {
            #[inline(always)]
            fn to(self) -> Bool { Bool((half::$widen(self) != 0.0) as u8) }
        }
        impl To<$half> for Bool {
            #[inline(always)]
            fn to(self) -> $half { half::$narrow((self.0 != 0) as u8 as f32) }
        }
        impl To<$half> for $half {
            #[inline(always)]
            fn to(self) -> $half { self }
        }
    )* };
    (@ $half:ty: $widen:ident $narrow:ident; $($other:ty)*) => { $(
        impl To<$other> for $half {
            #[inline(always)]
            fn to(self) -> $other { <f32 as To<$other>>::to(half::$widen(self)) }
        }
        impl To<$half> for $other {
            /// Two roundings, as in PyTorch.
            #[inline(always)]
            fn to(self) -> $half { half::$narrow(self as f32) }
        }
    )* };
}
halves! { f16: widen_f16 narrow_f16; bf16: widen_bf16 narrow_bf16; }

impl To<bf16> for f16 {
    #[inline(always)]
    fn to(self) -> bf16 {
        half::narrow_bf16(half::widen_f16(self))
    }
}
impl To<f16> for bf16 {
    #[inline(always)]
    fn to(self) -> f16 {
        half::narrow_f16(half::widen_bf16(self))
    }
}

macro_rules! bools {
    ($($t:ty)*) => { $(
        impl To<Bool> for $t {
            #[inline(always)]
            fn to(self) -> Bool { Bool((self != 0 as $t) as u8) }
        }
        impl To<$t> for Bool {
            #[inline(always)]
            fn to(self) -> $t { (self.0 != 0) as u8 as $t }
        }
    )* };
}
bools! { u8 i8 i16 i32 i64 f32 f64 }
impl To<Bool> for Bool {
    #[inline(always)]
    fn to(self) -> Bool {
        self
    }
}

struct Run<T, U> {
    x: *const T,
    xs: usize,
    y: *mut U,
    ys: usize,
    n: usize,
}

impl<T: To<U>, U: Copy> Kernel for Run<T, U> {
    type Output = ();
    // Most conversions wait for memory.
    const WIDEST: bool = size_of::<T>() + size_of::<U>() == 6;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Run { x, xs, y, ys, n } = self;
        // SAFETY: the caller of the `Cast` vouches for both runs.
        unsafe {
            if xs == 1 && ys == 1 {
                for i in 0..n {
                    y.add(i).write((*x.add(i)).to());
                }
            } else {
                for i in 0..n {
                    y.add(i * ys).write((*x.add(i * xs)).to());
                }
            }
        }
    }
}

unsafe fn cast_run<T: To<U>, U: Copy>(x: *const u8, xs: usize, y: *mut u8, ys: usize, n: usize) {
    dispatch(Run::<T, U> { x: x.cast(), xs, y: y.cast(), ys, n });
}

unsafe fn widen_run(x: *const u8, xs: usize, y: *mut u8, ys: usize, n: usize) {
    // SAFETY: the caller vouches for both runs.
    unsafe {
        match (xs, ys) {
            (1, 1) => half::widen_f16_run(x.cast(), y.cast(), n),
            _ => cast_run::<f16, f32>(x, xs, y, ys, n),
        }
    }
}

unsafe fn narrow_run(x: *const u8, xs: usize, y: *mut u8, ys: usize, n: usize) {
    // SAFETY: the caller vouches for both runs.
    unsafe {
        match (xs, ys) {
            (1, 1) => half::narrow_f16_run(x.cast(), y.cast(), n),
            _ => cast_run::<f32, f16>(x, xs, y, ys, n),
        }
    }
}

/// Singles to whole numbers of 64 bits. Few processors convert these by vectors; through 32 bits all do, which is the same for
/// numbers that fit, as nearly all do.
struct Whole {
    x: *const f32,
    y: *mut i64,
    n: usize,
}

impl Kernel for Whole {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        /// Numbers that are looked at together.
        const BLOCK: usize = 64;
        let Whole { x, y, n } = self;
        let whole = n / BLOCK * BLOCK;
        // SAFETY: the caller of the `Cast` vouches for both runs; numbers are converted unchecked where all fit, NaN not among them.
        unsafe {
            for at in (0..whole).step_by(BLOCK) {
                let (x, y) = (x.add(at), y.add(at));
                let fit = (0..BLOCK).fold(true, |fit, i| fit & ((*x.add(i)).abs() < 2_147_483_648.0));
                if fit {
                    (0..BLOCK).for_each(|i| y.add(i).write((*x.add(i)).to_int_unchecked::<i32>() as i64));
                } else {
                    (0..BLOCK).for_each(|i| y.add(i).write((*x.add(i)).to()));
                }
            }
            (whole..n).for_each(|i| y.add(i).write((*x.add(i)).to()));
        }
    }
}

unsafe fn whole_run(x: *const u8, xs: usize, y: *mut u8, ys: usize, n: usize) {
    match (xs, ys) {
        (1, 1) => dispatch(Whole { x: x.cast(), y: y.cast(), n }),
        // SAFETY: the caller vouches for both runs.
        _ => unsafe { cast_run::<f32, i64>(x, xs, y, ys, n) },
    }
}

unsafe fn copy_run<T: Copy>(x: *const u8, xs: usize, y: *mut u8, ys: usize, n: usize) {
    let (x, y) = (x.cast::<T>(), y.cast::<T>());
    // SAFETY: the caller vouches for both runs.
    unsafe {
        if xs == 1 && ys == 1 {
            copy::bytes(x.cast(), y.cast(), n * size_of::<T>());
        } else {
            for i in 0..n {
                y.add(i * ys).write(*x.add(i * xs));
            }
        }
    }
}

/// Calls `$body` with `$t` standing for the stored type of `$dtype`.
macro_rules! with_type {
    ($dtype:expr, $t:ident => $body:expr) => {
        match $dtype {
            tensor_core::DType::Bool => {
                type $t = storage::Bool;
                $body
            }
            tensor_core::DType::U8 => {
                type $t = u8;
                $body
            }
            tensor_core::DType::I8 => {
                type $t = i8;
                $body
            }
            tensor_core::DType::I16 => {
                type $t = i16;
                $body
            }
            tensor_core::DType::I32 => {
                type $t = i32;
                $body
            }
            tensor_core::DType::I64 => {
                type $t = i64;
                $body
            }
            tensor_core::DType::F16 => {
                type $t = storage::f16;
                $body
            }
            tensor_core::DType::BF16 => {
                type $t = storage::bf16;
                $body
            }
            tensor_core::DType::F32 => {
                type $t = f32;
                $body
            }
            tensor_core::DType::F64 => {
                type $t = f64;
                $body
            }
        }
    };
}
pub(crate) use with_type;

/// The conversion from one dtype to another; a copy if they are the same.
pub fn cast(from: DType, to: DType) -> Cast {
    if from == to {
        return match from.size() {
            1 => copy_run::<u8>,
            2 => copy_run::<u16>,
            4 => copy_run::<u32>,
            _ => copy_run::<u64>,
        };
    }
    match (from, to) {
        (DType::F16, DType::F32) => widen_run,
        (DType::F32, DType::F16) => narrow_run,
        (DType::F32, DType::I64) => whole_run,
        _ => with_type!(from, T => with_type!(to, U => cast_run::<T, U>)),
    }
}
